"""Work of the core on files: scan what nobody scanned yet, and sweep what nobody names."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from api import audit
from api.files import indexing
from api.files.contents import Contents
from api.files.inspection import clamd
from api.files.notices import Notices
from api.files.receiving import Receiver
from api.files.repository import Files, Verdict
from api.shape import CoreServices
from config.vocabulary.time import DAY_MS

log = logging.getLogger(__name__)
AT_ONCE = 200
A_SLICE = 50
"""Contents that one transaction drops."""
GRACE_MS = DAY_MS
"""A content that nobody names yet may still be attached."""


@dataclass(frozen=True, slots=True)
class Swept:
    """The outcome of a sweep: files that were never kept, and contents that nobody names."""

    coming: int
    contents: int


def scan(core: CoreServices) -> None:
    """Ask about contents that no scan has answered for, until the daemon is away."""
    if not core.attachments.clamd:
        return
    files, contents = _parts(core)
    for sha256 in files.unscanned(AT_ONCE):
        try:
            with contents.path(sha256).open("rb") as file:
                found, virus = clamd.scanned(core.attachments.clamd, file)
        except FileNotFoundError:
            continue  # `qingyuan files check` names it
        except clamd.ScannerAway as error:
            log.warning("files wait to be scanned: %s", error)
            return
        except clamd.NotScanned as error:
            log.warning("file %s is still not scanned: %s", sha256, error)
            found, virus = "unscanned", ""
        _keep(core, files, sha256, Verdict(found, virus, core.now_ms()))


def _keep(core: CoreServices, files: Files, sha256: str, verdict: Verdict) -> None:
    """The answer; of a virus people hear."""
    notices = Notices(core.state, core.roles, core.words, core.now_ms)
    with core.state.read() as connection:
        attached = files.of_content(connection, sha256)
    infected = verdict.scan == "infected"
    readers = {of.id: notices.readers(of) for of in attached} if infected else {}
    receiver = Receiver(Contents(core.files), core.attachments, core.now_ms)
    found = {of.id: indexing.count(receiver, of) for of in attached} if infected else {}
    with core.state.begin() as connection:
        files.scanned(connection, sha256, verdict)
        for attachment in files.of_content(connection, sha256) if infected else ():
            notices.infected(connection, attachment, readers.get(attachment.id, {}))
            indexing.remove(connection, core.state, attachment, found.get(attachment.id, 0))
        if infected:
            audit.record(
                connection,
                by=audit.CENTRE,
                action="files.virus-found",
                subject=sha256,
                detail=verdict.virus,
                at_ms=core.now_ms(),
            )


def sweep(core: CoreServices) -> Swept:
    """Drop what came and was never kept, and contents that nobody names, or none any more."""
    files, contents = _parts(core)
    now_ms = core.now_ms()
    before_ms = now_ms - core.attachments.keep_removed_days * DAY_MS
    while nameless := files.forgotten(before_ms, A_SLICE):
        with core.state.begin() as connection:
            files.let_go(connection, nameless, before_ms, now_ms)
    coming = contents.sweep_coming(now_ms - GRACE_MS)
    dropped = sum(
        _drop(core, files, contents, some, now_ms - GRACE_MS)
        for some in _slices(contents.hashes())
    )
    return Swept(coming, dropped)


def _drop(
    core: CoreServices, files: Files, contents: Contents, some: Sequence[str], before_ms: int
) -> int:
    """While nobody attaches: a content that a row names is never dropped."""
    with core.state.read() as connection:
        unnamed = set(some) - files.known(connection, some)
    if not any(contents.older(of, before_ms) for of in unnamed):
        return 0
    with core.state.begin() as connection:
        unnamed -= files.known(connection, unnamed)
        old = [of for of in unnamed if contents.older(of, before_ms)]
        for sha256 in old:
            contents.drop(sha256)
    return len(old)


def _slices(hashes: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(hashes)
    while some := list(islice(rest, A_SLICE)):
        yield some


def _parts(core: CoreServices) -> tuple[Files, Contents]:
    contents = Contents(core.files)
    return Files(core.state, contents), contents
