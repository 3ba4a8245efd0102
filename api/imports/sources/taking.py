"""The job that fetches tables: whatever lies ready is checked as by hand, and loaded."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from alerting.notify.repository import Messages
from api.audit import CENTRE
from api.imports import actions, wording
from api.imports.contents import Stored
from api.imports.forms import MOST_BYTES
from api.imports.loading.parts import Elsewhere, Parts, Waits
from api.imports.loading.worker import Worker
from api.imports.records import Load
from api.imports.sources.notices import Checked, Owners
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
    owners: Owners
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
            today = day_of(self.parts.now_ms())
            large = Checked(offer.name, f"{offer.name}|{today}", None, _too_large)
            self._note(source, offer, "refused", large)
            return way.settle(offer, "refused", _said(large, self.words))
        known = self.sources.taken(source, stored.sha256)
        if known is not None:
            if way.waits:
                self._note(source, offer, "known", _nothing(offer, known.id))
            return way.settle(offer, "known", "")
        outcome, found = self._loaded(source, offer, stored)
        self._note(source, offer, outcome, found)
        return way.settle(offer, outcome, _said(found, self.words))

    def _loaded(self, source: Source, offer: Offer, stored: Stored) -> tuple[Outcome, Checked]:
        """The outcome of a content, with its load and its faults, if it has any."""
        parts, kind = self.parts, self.parts.kinds[source.kind]
        load = actions.receive(parts, CENTRE, kind, source.name, offer.name, stored)
        try:
            done = actions.load_at_once(
                self.worker, parts, CENTRE, load, good_rows=source.terms.good_rows, dry_run=False
            )
        except FaultyInput as error:
            return "refused", Checked(offer.name, stored.sha256, None, no_table(str(error)))
        except (Waits, Elsewhere):
            left = parts.loads.one(load.id)
            if left is not None and left.state in actions.DROPPED:
                actions.drop(parts, left, CENTRE)
            raise
        return _outcome(done), Checked(offer.name, stored.sha256, done.id, faults_of(parts, done))

    def _note(self, source: Source, offer: Offer, outcome: Outcome, found: Checked) -> None:
        now_ms, said_first = self.parts.now_ms(), _said(found, self.words).partition("\n")[0]
        with self.parts.state.begin() as connection:
            self.sources.note(
                connection, source.id, offer.name, outcome, found.load, said_first, now_ms
            )
            if outcome in ("refused", "failed"):
                self.owners.tell(connection, source, found, now_ms)


def no_table(error: str) -> Callable[[Words], Sequence[str]]:
    """Why a file that holds no table of the kind was refused."""
    return lambda words: [words("imports.remedy-table"), *error.splitlines()]


def faults_of(parts: Parts, load: Load) -> Callable[[Words], Sequence[str]]:
    """Why a load did not come into force: it broke off, or its faults."""
    if load.state == "failed":
        return lambda words: [words(f"imports.problem-{load.problem or 'broke'}")]
    _, faults = parts.loads.report(load.id)
    return lambda words: [wording.sentence(words, of) for of in faults]


def _too_large(words: Words) -> Sequence[str]:
    return [words("sources.too-large", most=MOST_BYTES >> 20)]


def _nothing(offer: Offer, load: int) -> Checked:
    return Checked(offer.name, "", load, lambda _: [])


def _said(found: Checked, words: Words) -> str:
    return "\n".join(found.why(words))


def take_all(core: CoreServices) -> None:
    """The job of every minute: each source whose turn it is."""
    parts = actions.parts_of_core(core)
    owners = Owners(Messages(core.state), core.roles, core.words)
    taker = Taker(parts, core.imports, core.words, owners)
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
        case "unchanged" | "failed" as same:
            return same
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
