"""`qingyuan core`: the half of the centre that receives, judges and tells."""

from __future__ import annotations

from qingyuan.words import Parser, add_settings, configured, until_told


def run(argv: list[str]) -> int:
    """Until told to stop. A second one waits for the site; 3 when this one has lost it."""
    from qingyuan.house import core
    from qingyuan.waiting import Turn

    parser = Parser("qingyuan core", "the half that receives, judges and tells")
    add_settings(parser)
    settings = configured(parser.parse_args(argv))
    turn = Turn(until_told())
    with core(settings, turn.wait):
        print(f"core of {settings.catalogue.name}", flush=True)
        turn.stop.wait()
    return 0
