"""`qingyuan restore`: a backup into an empty centre, whatever store and state it is set to."""

from __future__ import annotations

import hmac
import os
import shutil
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from config.site_key import SiteKey
from config.vocabulary.errors import Refused
from qingyuan.maintenance.backup import (
    DEADLETTERS,
    FORMAT,
    LEDGER,
    MANIFEST,
    READINGS,
    SIGNATURE,
    STATE,
    Manifest,
    digest,
    signature,
)

if TYPE_CHECKING:
    from api.audit_chain.links import Head
    from ingest.journal.columns import Columns
    from ingest.journal.log import Journal
    from ingest.store.protocol import Store, Track
    from qingyuan.runtime.site import SharedResources

LOOK_S = 0.2


def checked_manifest(folder: Path, key: SiteKey | None) -> Manifest:
    """The manifest of a backup whose files are those that it names, and whole; signed with ``key``
    where one is given.

    Raises:
        Refused: it is no backup, or not as it was written.
    """
    try:
        described = (folder / MANIFEST).read_bytes()
        manifest = msgspec.json.decode(described, type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        remedy = "name a folder that qingyuan backup has finished"
        raise Refused(str(folder), f"is no backup ({error})", remedy) from error
    if manifest.format != FORMAT:
        what = f"has format {manifest.format}, this Qingyuan reads {FORMAT}"
        raise Refused(str(folder), what, "use the version that wrote it")
    if key is not None:
        _check_signature(folder, described, key)
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        plain = not path.is_symlink() and (path.is_dir() or path.is_file())
        if not plain or not (path.is_dir() or name in {MANIFEST, SIGNATURE, *manifest.files}):
            raise Refused(str(path), "is no part of the backup", "take it out, or use another")
    for name, known in manifest.files.items():
        if not (folder / name).is_file() or digest(folder / name) != known:
            raise Refused(str(folder / name), "is not as it was written", "use another backup")
    return manifest


def _check_signature(folder: Path, described: bytes, key: SiteKey) -> None:
    """Whoever changes a file must change the manifest too, and has not the key of the site."""
    remedy = "set key_file to the key of its site, use another backup, or add --unverified"
    try:
        found = (folder / SIGNATURE).read_bytes().strip()
    except OSError as error:
        raise Refused(str(folder), "is not signed", remedy) from error
    if not hmac.compare_digest(found, signature(described, key).encode("ascii")):
        raise Refused(str(folder), "was changed, or signed with another key", remedy)


def check_retention(store: Store, folder: Path, manifest: Manifest) -> None:
    """A backup of which the store would drop a part is refused as a whole."""
    from config.vocabulary.time import ZONE
    from ingest.store.parquet import first_ms
    from qingyuan.runtime.site import beyond, keeps_from_ms, now_ms

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
    """The earliest instant of each batch of a journal behind a number, UTC epoch ms. A journal
    that is opened may be mended, so it is a copy.
    """
    from ingest.journal.log import Journal

    with TemporaryDirectory() as folder:
        shutil.copytree(journal, folder, dirs_exist_ok=True)
        opened = Journal(Path(folder))
        try:
            return [int(of.t.min()) for of in _behind(opened, after) if len(of)]
        finally:
            opened.close()


def fill_centre(
    folder: Path,
    manifest: Manifest,
    shared: SharedResources,
    *,
    source: Path,
    unverified: bool,
) -> Head:
    """The state last, and in one transaction: until then nothing counts. Sessions of the backup
    end, for whoever had it in hands may have made one theirs.

    Returns:
        The head of its audit.

    Raises:
        Refused: that one is not as it was written, and is not taken ``unverified``.
    """
    from api import audit
    from api.accounts.repositories.sessions import Sessions
    from api.audit_chain import heads
    from api.audit_chain.links import followed
    from ingest.journal.log import Journal
    from ingest.state import export
    from qingyuan.runtime.site import MIGRATIONS, now_ms

    data = shared.settings.data_dir
    with shared.state.owned() as connection:
        export.load(connection, folder / STATE, MIGRATIONS)
        found = followed(connection, shared.site_key.of("audit"))
        if found.fault and not unverified:
            what = f"holds an audit that was changed, or chained with another key: {found.fault}"
            remedy = "set key_file to the key of its site, use another backup, or add --unverified"
            raise Refused(str(folder / STATE), what, remedy)
        head = found.head
        if found.fault:
            why = f"restored from {source}"
            head = heads.accept(connection, data, fault=found.fault, why=why, at_ms=now_ms())
        Sessions(shared.state).end_everybodys(connection)
        audit.record(
            connection,
            by=audit.OPERATOR,
            action="command.restore",
            subject=f"{manifest.site} {manifest.n}",
            detail=str(source),
            at_ms=now_ms(),
        )
        _bring_files(folder, manifest, shared)
        shutil.copytree(folder / "journal", data / "journal")
        for name in (LEDGER, DEADLETTERS):
            if (folder / name).exists():
                shutil.copy(folder / name, data / name)
        journal = Journal(data / "journal")
        try:
            _fill(shared.kept, folder / READINGS, journal, manifest)
        finally:
            journal.close()
        os.sync()
    return head


def _bring_files(folder: Path, manifest: Manifest, shared: SharedResources) -> None:
    """The contents that the manifest names; an older backup has fewer folders of them."""
    from qingyuan.maintenance import attachments
    from qingyuan.runtime.site import files_of

    source = attachments.beside(folder / "files")
    target = attachments.beside(files_of(shared.settings))
    for of in attachments.FOLDERS:
        hashes = [name.rpartition("/")[2] for name in manifest.files if name.startswith(f"{of}/")]
        attachments.copy(source[of], target[of], hashes)


def _fill(store: Store, folder: Path, journal: Journal, manifest: Manifest) -> None:
    """Readings without those that the store will take from the journal."""
    from ingest.journal.columns import Columns
    from ingest.store.parquet import read

    coming, begun = _instants(journal, manifest.kept), min(1, manifest.kept)
    store.append(begun, Columns.empty())
    for path in sorted(folder.iterdir()):
        for series, track in read(path):
            rest = track.where(~_among(track, coming.get(series, set())))
            if len(rest):
                store.put(_columns(series, rest))
    _check_room(store, begun)
    store.append(manifest.kept, Columns.empty())
    while store.firm() < manifest.kept:  # a server may still forget what it took
        _check_room(store, manifest.kept)
        threading.Event().wait(LOOK_S)


def _check_room(store: Store, n: int) -> None:
    """A server that was started again has lost the number, and perhaps readings with it."""
    if store.position() < n:
        what = "was started again meanwhile and may have forgotten readings"
        raise Refused("the store's server", what, "empty it and restore again")


def _instants(journal: Journal, after: int) -> dict[str, set[tuple[int, int]]]:
    """Instants of each series in the journal behind a number, taken and received: of one instant
    another reading may have been kept before.
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
    from ingest.journal.columns import Columns

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
