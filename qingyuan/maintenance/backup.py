"""`qingyuan backup`: everything of a site into a folder, while the centre runs.

The cut is a journal number. State is dumped before it; readings are those received up to it; the
journal's end is copied from where store and record had come to, so that a restored centre reads on
from there and comes to the same.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
from collections.abc import Generator, Iterator, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from config.site_key import SiteKey
from config.vocabulary.errors import Refused

if TYPE_CHECKING:
    from qingyuan.runtime.site import SiteResources
    from qingyuan.runtime.tasks import Line

MANIFEST, SIGNATURE = "manifest.json", "manifest.hmac"
STATE, READINGS = "state.dump", "readings"
DEADLETTERS, LEDGER = "deadletters.sqlite", "ledger.snapshot"
FIRST_YEAR, MONTHS_A_PART = 2000, 3
FORMAT = 1


class Manifest(msgspec.Struct, frozen=True):
    """The description of a backup: ``n`` its journal number, ``kept`` the number that its readings
    hold whole; ``files`` are BLAKE2 digests by path.
    """

    format: int
    site: str
    n: int
    kept: int
    made_ms: int
    readings: int
    files: dict[str, str]


def backed_up(resources: SiteResources, options: Mapping[str, Any]) -> Iterator[Line]:
    """The admin task: copy the state, the journal and the store into a new folder; sealed where
    the settings name ``backup_recipients``.

    Raises:
        Refused: the folder is there already, or there is nobody to seal it for.
    """
    from ingest.state import export
    from qingyuan.maintenance import sealing
    from qingyuan.runtime.tasks import Line

    folder = Path(options["folder"])
    if folder.exists():
        raise Refused(str(folder), "is there already", "name a folder that is not")
    named = resources.shared.settings.backup_recipients
    recipients = sealing.recipients_of(Path(named)) if named else []
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    (part / "journal").mkdir()
    (part / READINGS).mkdir()
    shared = resources.shared
    _copy_files(resources, part)
    with resources.journal.whole():
        fed, _ = shared.repository.engine_snapshot()
        judged = min(fed, shared.findings.position())
        export.dump(shared.state, part / STATE)
        yield Line("state is written", passing=True)
        n, kept, cut_ms, segments = _cut(resources, part, judged, shared.kept.firm())
        for path, size in segments:
            _copy(path, size, part / "journal")
    _copy_files(resources, part)  # those of the dump that came meanwhile
    lost = yield from _unfound(resources)
    readings = yield from _write_readings(resources, part / READINGS, cut_ms)
    site = shared.catalogue.site.id
    manifest = Manifest(FORMAT, site, n, kept, cut_ms, readings, _digests(part))
    described = msgspec.json.format(msgspec.json.encode(manifest))
    (part / MANIFEST).write_bytes(described)
    (part / SIGNATURE).write_text(signature(described, shared.site_key), encoding="ascii")
    if recipients:
        sealing.seal(part, recipients)
    os.sync()
    part.rename(folder)
    said = f"{folder}: {readings} readings, up to journal number {n}"
    yield Line(said, status=1 if lost else 0)


def _copy_files(resources: SiteResources, part: Path) -> None:
    """The contents of files and imported tables that rows name now."""
    from qingyuan.maintenance import attachments
    from qingyuan.runtime.site import files_of

    files = files_of(resources.shared.settings)
    kept, copied = attachments.beside(files), attachments.beside(part / "files")
    for folder, hashes in attachments.named(resources.shared.state, files).items():
        attachments.copy(kept[folder], copied[folder], hashes)


def _unfound(resources: SiteResources) -> Generator[Line, None, int]:
    """Contents that the backup lacks, as they are not as they came; how many."""
    from qingyuan.maintenance import attachments
    from qingyuan.runtime.site import files_of
    from qingyuan.runtime.tasks import Line

    count = 0
    for fault in attachments.unfound(resources.shared.state, files_of(resources.shared.settings)):
        yield Line(f"not in the backup: {fault}")
        count += 1
    return count


def _cut(
    resources: SiteResources, part: Path, judged: int, firm: int
) -> tuple[int, int, int, list[tuple[Path, int]]]:
    """While nothing is settled: the number, the store's durable number, the instant, and the
    segments from which each reader can go on.
    """
    with resources.committer.still():
        n, cut_ms = resources.committer.keep_ledger(part / LEDGER), resources.committer.cut()
        kept = min(firm, n)
        segments = resources.journal.segments(min(kept, judged))
        resources.deadletters.copy_to(part / DEADLETTERS)
    return n, kept, cut_ms, segments


def _copy(path: Path, size: int, folder: Path) -> None:
    with path.open("rb") as source, (folder / path.name).open("wb") as target:
        while size and (piece := source.read(min(size, 1 << 20))):
            size -= target.write(piece)


def _write_readings(
    resources: SiteResources, folder: Path, cut_ms: int
) -> Generator[Line, None, int]:
    """The store's readings of that time, a file a year; the number of readings."""
    from ingest.store.parquet import Writer
    from qingyuan.runtime.tasks import Line

    series, count = resources.shared.kept.series(), 0
    last = datetime.fromtimestamp(cut_ms / 1000, UTC).year + 1
    for year in range(FIRST_YEAR, last + 1):
        with Writer(folder / f"{year}.parquet") as writer:
            for begin, end in _parts(year):
                for name in series:
                    track = resources.shared.kept.track(name, begin, end)
                    track = track.where(track.received <= cut_ms)
                    if len(track):
                        writer.add(name, track)
                        count += len(track)
            yield Line(f"readings of {year}, {count} so far", passing=True)
    return count


def _parts(year: int) -> Iterator[tuple[int, int]]:
    """Quarters of a year, UTC epoch ms, half open: no more of a series is held at once."""
    january = np.datetime64(f"{year}-01", "M")
    edges = january + np.arange(0, 13, MONTHS_A_PART)
    at = edges.astype("datetime64[ms]").astype(np.int64).tolist()
    yield from pairwise(at)


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def signature(manifest: bytes, key: SiteKey) -> str:
    """HMAC-SHA256 of a manifest, which names every file by its digest, in hexadecimal digits."""
    return hmac.new(key.of("backup"), manifest, hashlib.sha256).hexdigest()


def digest(path: Path) -> str:
    """BLAKE2 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32)).hexdigest()
