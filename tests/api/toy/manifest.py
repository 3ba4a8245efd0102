"""A second platform: all that it is lies in this folder."""

from __future__ import annotations

from pathlib import Path

from api.shape import Entry, Job, Platform
from tests.api.toy import attached, notes, pages
from tests.api.toy.payments import PAYMENTS
from tests.api.toy.permission import ToyPermission

PLATFORM = Platform(
    slug="toy",
    folder=Path(__file__).parent,
    menu=(Entry("toy.notes", "/", "check", ToyPermission.READ),),
    pages=(pages.pages, attached.router),
    permissions=ToyPermission,
    api=(pages.api,),
    frame=lambda services, account: {"counts": {"/": notes.count(services, account)}},
    caches=(notes.Visits,),
    words=Path(__file__).parent / "words",
    migrations=(notes.MIGRATIONS,),
    jobs=(Job("forget", notes.forget, hour=4),),
    live=(notes.WRITTEN,),
    items=notes.ITEMS,
    drafts=notes.DRAFTS,
    by_unit=True,
    tables=(PAYMENTS,),
)
