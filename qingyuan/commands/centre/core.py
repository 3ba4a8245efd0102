"""`qingyuan core`: the half of the centre that receives, judges and tells."""

from __future__ import annotations

from qingyuan import logs
from qingyuan.arguments import Parser, add_settings, configured, until_stopped


def run(argv: list[str]) -> int:
    """Until told to stop. A second one waits for the site; 3 when this one has lost it."""
    from qingyuan.assembly import core
    from qingyuan.runtime.standby import Turn

    parser = Parser("qingyuan core", "the half that receives, judges and tells")
    add_settings(parser)
    settings = configured(parser.parse_args(argv))
    logs.begin()
    turn = Turn(until_stopped())
    with core(settings, turn.wait):
        print(f"core of {settings.catalogue.name}", flush=True)
        turn.stop.wait()
    return 0
