"""`qingyuan serve`: the centre in one process, on a broker that stands already."""

from __future__ import annotations

from qingyuan import logs
from qingyuan.arguments import Parser, add_settings, configured, until_stopped


def run(argv: list[str]) -> int:
    """Ingest, alerting and pages until told to stop; 3 when another core took the site."""
    from qingyuan.assembly import opened
    from qingyuan.runtime.page_server import served
    from qingyuan.runtime.standby import Turn

    parser = Parser("qingyuan serve", "the centre: ingest, alerting and pages")
    add_settings(parser)
    parser.add_argument("--port", type=int, help="of the pages")
    settings = configured(parser.parse_args(argv))
    logs.begin()
    turn = Turn(until_stopped())
    with (
        opened(settings, wait=turn.wait) as running,
        served(
            running.services,
            settings.http_host,
            settings.http_port,
            trusted_proxies=settings.trusted_proxies,
        ),
    ):
        print(f"http://{settings.http_host}:{settings.http_port}/", flush=True)
        turn.stop.wait()
    return 0
