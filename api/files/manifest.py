"""The declaration of files, which has the shape of a platform."""

from __future__ import annotations

from pathlib import Path

from api.files import jobs, pages
from api.files.permission import FilePermission
from api.files.tables import MIGRATIONS
from api.shape import CoreServices, Job, Platform


def _sweep(core: CoreServices) -> None:
    jobs.sweep(core)


PLATFORM = Platform(
    slug="files",
    folder=Path(__file__).parent,
    beside=True,
    permissions=FilePermission,
    pages=(pages.router,),
    api=(pages.api,),
    migrations=(MIGRATIONS,),
    jobs=(
        Job("scan", jobs.scan, every_minutes=5),
        Job("sweep", _sweep, hour=3, minute=40),
    ),
)
