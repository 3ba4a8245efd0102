"""`qingyuan api`: the half of the centre that people see; any number of it may run."""

from __future__ import annotations

from qingyuan import logs
from qingyuan.arguments import Parser, add_settings, configured, until_stopped


def run(argv: list[str]) -> int:
    """Pages and API until told to stop."""
    from qingyuan.assembly import pages
    from qingyuan.runtime.page_server import served

    parser = Parser("qingyuan api", "the half that people see: pages and API")
    add_settings(parser)
    parser.add_argument("--port", type=int, help="of the pages")
    settings = configured(parser.parse_args(argv))
    logs.begin()
    stop = until_stopped()
    with (
        pages(settings) as services,
        served(
            services,
            settings.http_host,
            settings.http_port,
            trusted_proxies=settings.trusted_proxies,
        ),
    ):
        print(f"http://{settings.http_host}:{settings.http_port}/", flush=True)
        stop.wait()
    return 0
