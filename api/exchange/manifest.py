"""The declaration of the exchange, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.exchange import pages, routes
from api.exchange.permission import ExchangePermission
from api.shape import Entry, Platform

PLATFORM = Platform(
    slug="exchange",
    folder=Path(__file__).parent,
    beside=True,
    permissions=ExchangePermission,
    menu=(
        Entry("exchange.title", "/", "scroll", ExchangePermission.SEE),
        Entry("exchange.sent", "/sent", "envelope", ExchangePermission.SEE, below=("/receipts",)),
    ),
    pages=(pages.router,),
    api=(routes.router,),
    words=Path(__file__).parent / "words",
    by_unit=True,
)
