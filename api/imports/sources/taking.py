"""The job that fetches tables: whatever lies ready is checked as by hand, and loaded."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from api.audit import CENTRE
from api.imports import actions, wording
from api.imports.contents import Stored
from api.imports.forms import MOST_BYTES
from api.imports.loading.parts import Elsewhere, Parts, Waits
from api.imports.loading.worker import Worker
from api.imports.records import Load
from api.imports.sources.records import Outcome, Seen, Source, Way
from api.imports.sources.repository import Sources
from api.imports.sources.ways.offers import Offer, Unreached, ready
from api.imports.sources.ways.offers import Way as Opened
from api.imports.sources.ways.opening import FETCHED, way_of
from api.shape import CoreServices
from config.catalogue.words import Words
from config.settings import ImportSettings
from config.vocabulary.errors import FaultyInput
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS, day_of, midnight_ms

MOST_A_TURN = 20
"""Files of a source; the rest waits a minute."""
KEPT_MS = 400 * DAY_MS
"""Of attempts."""
EACH_MS: dict[Way, int] = {"folder": 0, "sftp": 10 * MINUTE_MS}

log = logging.getLogger(__name__)


class _Large(Exception):
    """A content is larger than any that is taken."""


@dataclass(frozen=True, slots=True)
class Taker:
    """Takes what lies where sources put their tables."""

    parts: Parts
    settings: ImportSettings
    words: Words
    worker: Worker = field(default_factory=Worker)

    @property
    def sources(self) -> Sources:
        """The register."""
        return Sources(self.parts.state)

    def take(self, source: Source) -> None:
        """One turn of a source that nobody else has in hand."""
        if not self.sources.claim(source.id, self.parts.now_ms()):
            return
        problem, seen = "", dict(source.seen)
        try:
            with way_of(self.settings, source.terms) as way:
                problem, seen = self._turn(source, way)
        except Unreached as error:
            problem = said(self.words, error)
        except Exception:
            log.exception("source %d broke off", source.id)
            problem = self.words("sources.broke")
        self.sources.release(source, problem, self.parts.now_ms(), seen)

    def _turn(self, source: Source, way: Opened) -> tuple[str, dict[str, Seen]]:
        """Take each offer that is ready; the last problem, and all as it lies now."""
        offers, problem = way.offers(), ""
        found, seen = ready(offers, source.seen) if way.waits else (offers, dict(source.seen))
        for offer in found[:MOST_A_TURN]:
            try:
                gone = self._offer(source, way, offer)
            except Unreached as error:
                problem = said(self.words, error)
                continue
            except (Waits, Elsewhere):
                # Another load of the kind is being written; a file still lies there the next turn.
                problem = problem if way.waits else self.words("imports.waits")
                continue
            if gone:
                seen.pop(offer.name, None)
            elif way.waits:
                seen[offer.name] = msgspec.structs.replace(seen[offer.name], taken=True)
        return problem, seen

    def _offer(self, source: Source, way: Opened, offer: Offer) -> bool:
        """Take an offer; whether it is gone from where it lay.

        Raises:
            Unreached, Waits, Elsewhere
        """
        try:
            stored = self.parts.contents.kept(_bounded(offer, way))
        except _Large:
            why = self.words("sources.too-large", most=MOST_BYTES >> 20)
            self._note(source, offer, "refused", None, why)
            return way.settle(offer, "refused", why)
        known = self.sources.taken(source, stored.sha256)
        if known is not None:
            if way.waits:
                self._note(source, offer, "known", known.id, "")
            return way.settle(offer, "known", "")
        outcome, load, faults = self._loaded(source, offer, stored)
        self._note(source, offer, outcome, load, faults)
        return way.settle(offer, outcome, faults)

    def _loaded(
        self, source: Source, offer: Offer, stored: Stored
    ) -> tuple[Outcome, int | None, str]:
        """The outcome of a content, its load, and its faults in words."""
        parts, kind = self.parts, self.parts.kinds[source.kind]
        load = actions.receive(parts, CENTRE, kind, source.name, offer.name, stored)
        try:
            done = actions.load_at_once(
                self.worker, parts, CENTRE, load, good_rows=source.terms.good_rows, dry_run=False
            )
        except FaultyInput as error:
            return "refused", None, f"{self.words('imports.remedy-table')}\n{error}"
        except (Waits, Elsewhere):
            left = parts.loads.one(load.id)
            if left is not None and left.state in actions.DROPPED:
                actions.drop(parts, left, CENTRE)
            raise
        if done.state == "failed":
            return "failed", done.id, self.words(f"imports.problem-{done.problem or 'broke'}")
        return _outcome(done), done.id, self._faults(done)

    def _faults(self, load: Load) -> str:
        _, faults = self.parts.loads.report(load.id)
        return "\n".join(wording.sentence(self.words, of) for of in faults)

    def _note(
        self, source: Source, offer: Offer, outcome: Outcome, load: int | None, why: str
    ) -> None:
        with self.parts.state.begin() as connection:
            now_ms, said_first = self.parts.now_ms(), why.partition("\n")[0]
            self.sources.note(connection, source.id, offer.name, outcome, load, said_first, now_ms)


def take_all(core: CoreServices) -> None:
    """The job of every minute: each source whose turn it is."""
    parts = actions.parts_of_core(core)
    taker = Taker(parts, core.imports, core.words)
    for source in taker.sources.all(list(parts.kinds)):
        if is_due(source, core.now_ms()):
            taker.take(source)


def forget_attempts(core: CoreServices) -> None:
    """The job of every night: attempts of long ago go."""
    Sources(core.state).forget_attempts(core.now_ms() - KEPT_MS)


def is_due(source: Source, now_ms: int) -> bool:
    """Whether it is its turn: a folder each minute, a server every ten, a view at its hour of each
    day; at once where somebody asked for it.
    """
    way, tried_ms = source.terms.way, source.tried_ms
    if not source.active or way not in FETCHED:
        return False
    if tried_ms is None:
        return True
    if way == "view":
        failed = bool(source.problem) and now_ms - tried_ms >= HOUR_MS
        hour_ms = source.terms.hour * HOUR_MS
        fresh = day_of(tried_ms) < day_of(now_ms)
        return (fresh or failed) and now_ms - midnight_ms(now_ms) >= hour_ms
    return now_ms - tried_ms >= EACH_MS[way]


def said(words: Words, error: Unreached) -> str:
    """Why a source was not reached, and the way out."""
    return words(f"sources.unreached-{error.key}", **error.values)


def _outcome(load: Load) -> Outcome:
    match load.state:
        case "in-force":
            return "loaded"
        case "unchanged":
            return "unchanged"
        case _:
            return "refused"


def _bounded(offer: Offer, way: Opened) -> Iterator[bytes]:
    size = offer.size
    if size > MOST_BYTES:
        raise _Large
    size = 0
    for part in way.content(offer):
        size += len(part)
        if size > MOST_BYTES:
            raise _Large
        yield part
