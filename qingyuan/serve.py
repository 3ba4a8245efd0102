"""`qingyuan serve`: the centre in one process, on a broker that stands already."""

from __future__ import annotations

from qingyuan.words import Parser, add_settings, configured, until_told


def run(argv: list[str]) -> int:
    """Ingest, alerting and pages until told to stop; 3 when another core took the site."""
    from qingyuan.house import opened
    from qingyuan.pages import served
    from qingyuan.waiting import Turn

    parser = Parser("qingyuan serve", "the centre: ingest, alerting and pages")
    add_settings(parser)
    parser.add_argument("--port", type=int, help="of the pages")
    settings = configured(parser.parse_args(argv))
    turn = Turn(until_told())
    with (
        opened(settings, wait=turn.wait) as house,
        served(house.parts, settings.http_host, settings.http_port),
    ):
        print(f"http://{settings.http_host}:{settings.http_port}/", flush=True)
        turn.stop.wait()
    return 0
