"""`qingyuan restore`: a backup into an empty centre, whatever store and state it is set to."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from config import site_key
from config.vocabulary.errors import Refused
from qingyuan.arguments import Parser, add_settings, configured
from qingyuan.maintenance.restore import check_retention, checked_manifest, fill_centre


def run(argv: list[str]) -> int:
    """Fill an empty data directory, state database and store."""
    from qingyuan.maintenance import attachments, sealing
    from qingyuan.maintenance.backup import MANIFEST
    from qingyuan.runtime.site import (
        MIGRATIONS,
        RESTORING,
        files_of,
        never,
        only_one,
        open_shared,
    )

    parser = Parser("qingyuan restore", "a backup into an empty centre")
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--unverified",
        action="store_true",
        help="also where it or its audit was changed, or the site's key lost",
    )
    parser.add_argument(
        "--identity", type=Path, help="file of the secret key that it is sealed for"
    )
    add_settings(parser)
    given = parser.parse_args(argv)
    settings = configured(given)
    data, folder = settings.data_dir, given.folder
    with ExitStack() as stack:
        stack.enter_context(only_one(data))
        if (data / "journal").exists():
            raise Refused(f"data_dir {data}", "is not empty", "name an empty one with --data")
        if sealing.is_sealed(folder, MANIFEST):
            if given.identity is None:
                remedy = "name the file of the secret key with --identity"
                raise Refused(str(folder), "is sealed", remedy)
            identities = sealing.identities_of(given.identity)
            folder = stack.enter_context(sealing.unsealed(folder, identities, data))
        key = None if given.unverified else site_key.load(settings)
        manifest = checked_manifest(folder, key)
        shared = stack.enter_context(open_shared(settings))
        site = shared.catalogue.site.id
        if manifest.site != site:
            what = f"is of {manifest.site}, the catalogue's site is {site}"
            raise Refused(str(given.folder), what, "name its catalogue in the settings")
        check_retention(shared.kept, folder, manifest)
        stack.enter_context(shared.state.serving(site, never))
        (data / RESTORING).touch()
        head = fill_centre(
            folder, manifest, shared, source=given.folder.absolute(), unverified=given.unverified
        )
        shared.state.migrate(MIGRATIONS)  # tables that were made anew are the owner's alone
        (data / RESTORING).unlink()
        for fault in attachments.unfound(shared.state, files_of(settings)):
            print(f"not in the backup: {fault}")
    print(f"{manifest.readings} readings, up to journal number {manifest.n}")
    print(f"audit head {head}")
    print("all sessions have ended: everybody signs in again")
    return 0
