"""A platform whose one thing has a procedure."""

from __future__ import annotations

from pathlib import Path

from api.procedures.ports import item_kind, todos
from api.shape import Platform
from tests.api.letters import pages
from tests.api.letters.permission import LetterPermission
from tests.api.letters.procedure import MIGRATIONS, PROCEDURE

PLATFORM = Platform(
    slug="letters",
    folder=Path(__file__).parent,
    permissions=LetterPermission,
    pages=pages.PAGES,
    api=pages.API,
    words=Path(__file__).parent / "words",
    migrations=(MIGRATIONS,),
    by_unit=True,
    items=(item_kind(PROCEDURE, lambda _services, row: {"title": row["title"]}),),
    todos=lambda services, account: todos(services, account, PROCEDURE),
)
