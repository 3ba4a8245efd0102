"""`qingyuan restore`: a backup into an empty centre, whatever store and state it is set to."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from config.vocabulary.errors import Refused
from qingyuan.backup import (
    FORMAT,
    LEDGER,
    LETTERS,
    MANIFEST,
    PASSWORDS,
    READINGS,
    STATE,
    Manifest,
    digest,
)
from qingyuan.words import Parser, add_settings, configured

if TYPE_CHECKING:
    from ingest.journal import Columns, Journal
    from ingest.store.protocol import Store, Track
    from qingyuan.desk import Ground

LOOK_S = 0.2


def run(argv: list[str]) -> int:
    """Fill an empty data directory, state database and store."""
    from qingyuan.desk import RESTORING, grounded, never, only_one

    parser = Parser("qingyuan restore", "a backup into an empty centre")
    parser.add_argument("folder", type=Path)
    add_settings(parser)
    given = parser.parse_args(argv)
    settings = configured(given)
    manifest = _checked(given.folder)
    data = settings.data_dir
    with ExitStack() as stack:
        stack.enter_context(only_one(data))
        if (data / "journal").exists():
            raise Refused(f"data_dir {data}", "is not empty", "name an empty one with --data")
        ground = stack.enter_context(grounded(settings))
        site = ground.catalogue.site.id
        if manifest.site != site:
            what = f"is of {manifest.site}, the catalogue's site is {site}"
            raise Refused(str(given.folder), what, "name its catalogue in the settings")
        _look_at_retention(ground.kept, given.folder, manifest)
        stack.enter_context(ground.state.serving(site, never))
        (data / RESTORING).touch()
        _restore(given.folder, manifest, ground)
        (data / RESTORING).unlink()
    print(f"{manifest.readings} readings, up to journal number {manifest.n}")
    return 0


def _checked(folder: Path) -> Manifest:
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        remedy = "name a folder that qingyuan backup has finished"
        raise Refused(str(folder), f"is no backup ({error})", remedy) from error
    if manifest.format != FORMAT:
        what = f"has format {manifest.format}, this Qingyuan reads {FORMAT}"
        raise Refused(str(folder), what, "use the version that wrote it")
    for name, known in manifest.files.items():
        if not (folder / name).is_file() or digest(folder / name) != known:
            raise Refused(str(folder / name), "is not as it was written", "use another backup")
    return manifest


def _look_at_retention(store: Store, folder: Path, manifest: Manifest) -> None:
    """A backup of which the store would drop a part is refused as a whole."""
    from ingest.archive import first_ms
    from qingyuan.desk import ZONE, beyond, keeps_from_ms, now_ms

    now = now_ms()
    keeps_from = keeps_from_ms(store, now)
    if not keeps_from:
        return
    found = [at for path in (folder / READINGS).iterdir() if (at := first_ms(path))]
    found += _firsts(folder / "journal", manifest.kept)
    too_old = [
        f"{datetime.fromtimestamp(at / 1000, ZONE):%Y-%m-%d %H:%M}"
        for at in sorted(found)
        if at < keeps_from
    ]
    if too_old:
        raise beyond(store, str(folder), too_old, now)


def _firsts(journal: Path, after: int) -> list[int]:
    """Of each batch of a journal behind a number the earliest instant, ms. A journal that is
    opened may be mended, so it is a copy.
    """
    from ingest.journal import Journal

    with TemporaryDirectory() as folder:
        shutil.copytree(journal, folder, dirs_exist_ok=True)
        opened = Journal(Path(folder))
        try:
            return [int(of.t.min()) for of in _behind(opened, after) if len(of)]
        finally:
            opened.close()


def _restore(folder: Path, manifest: Manifest, ground: Ground) -> None:
    """The state last, and in one transaction: until then nothing counts."""
    from ingest import dumping
    from ingest.journal import Journal

    data = ground.settings.data_dir
    with ground.state.begin() as connection:
        dumping.load(connection, folder / STATE)
        shutil.copytree(folder / "journal", data / "journal")
        for name in (LEDGER, LETTERS, PASSWORDS):
            if (folder / name).exists():
                shutil.copy(folder / name, data / name)
        journal = Journal(data / "journal")
        try:
            _fill(ground.kept, folder / READINGS, journal, manifest)
        finally:
            journal.close()
        os.sync()


def _fill(store: Store, folder: Path, journal: Journal, manifest: Manifest) -> None:
    """Readings without those that the store will take from the journal."""
    from ingest.archive import read
    from ingest.journal import Columns

    coming, begun = _instants(journal, manifest.kept), min(1, manifest.kept)
    store.append(begun, Columns.empty())
    for path in sorted(folder.iterdir()):
        for series, track in read(path):
            rest = track.where(~_among(track, coming.get(series, set())))
            if len(rest):
                store.put(_columns(series, rest))
    _look_at(store, begun)
    store.append(manifest.kept, Columns.empty())
    while store.firm() < manifest.kept:  # a server may still forget what it took
        _look_at(store, manifest.kept)
        threading.Event().wait(LOOK_S)


def _look_at(store: Store, n: int) -> None:
    """A server that was started again has lost the number, and perhaps readings with it."""
    if store.position() < n:
        what = "was started again meanwhile and may have forgotten readings"
        raise Refused("the store's server", what, "empty it and restore again")


def _instants(journal: Journal, after: int) -> dict[str, set[tuple[int, int]]]:
    """Of each series when what stands in the journal behind a number was taken and received: of
    one instant another reading may have been kept before.
    """
    found: dict[str, set[tuple[int, int]]] = {}
    for columns in _behind(journal, after):
        for place, name in enumerate(columns.names):
            rows = columns.series == place
            pairs = zip(columns.t[rows].tolist(), columns.received[rows].tolist(), strict=True)
            found.setdefault(name, set()).update(pairs)
    return found


def _among(track: Track, known: set[tuple[int, int]]) -> np.ndarray:
    pairs = zip(track.t.tolist(), track.received.tolist(), strict=True)
    return np.fromiter((pair in known for pair in pairs), bool, len(track))


def _behind(journal: Journal, after: int) -> Iterator[Columns]:
    while entries := journal.read(after):
        yield from (entry.columns for entry in entries)
        after = entries[-1].n


def _columns(series: str, track: Track) -> Columns:
    from ingest.journal import Columns

    count = len(track)
    return Columns(
        names=(series,),
        series=np.zeros(count, np.uint32),
        t=track.t,
        value=track.value,
        quality=track.quality,
        cause=track.cause,
        received=track.received,
        boots=("0" * 32,),
        boot=np.zeros(count, np.uint16),
        seq=np.zeros(count, np.int64),
    )
