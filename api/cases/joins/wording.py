"""Proposals in words: what both things share, and how each of them names it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from api.accounts.repositories.units import Units
from api.cases.joins.actions import Proposed
from api.cases.joins.records import LONGEST_WHY, Proposal, Reason
from api.ports import Reference
from api.services import Services
from api.traces.records import reach_of


@dataclass(frozen=True, slots=True)
class Line:
    """A proposal on a page: ``source`` is the title of the thing that it may belong to, ``path``
    the whole one of its own page, ``why`` all reasons as one text for the join.
    """

    reference: Reference
    platform: str
    title: str
    path: str
    source: str
    reasons: tuple[str, ...]
    why: str

    @property
    def written(self) -> str:
        """The reference as addresses write it."""
        return f"{self.reference.platform}/{self.reference.kind}/{self.reference.id}"


def lines(services: Services, found: Iterable[Proposed]) -> list[Line]:
    """Proposals as a page shows them."""
    name = _namer(services)
    return [_line(services, of, name) for of in found]


def ordered(of: Proposal) -> tuple[Reason, ...]:
    """The reasons as people read them: time, which says nothing by itself, stands last."""
    return tuple(sorted(of.reasons, key=lambda reason: reason.why == "time"))


def _line(services: Services, of: Proposed, name: Callable[[Reason], str]) -> Line:
    words, reference = services.words, of.proposal.reference
    reasons = tuple(_said(services, reason, name) for reason in ordered(of.proposal))
    why = words("cases.joins.why", source=of.source.title, reasons=words.clauses(reasons))
    return Line(
        reference,
        words(f"{reference.platform}.title"),
        of.item.title,
        f"/{reference.platform}{of.item.path}",
        of.source.title,
        reasons,
        why[:LONGEST_WHY],
    )


def _said(services: Services, of: Reason, name: Callable[[Reason], str]) -> str:
    words = services.words
    if of.why == "time" and not of.days:
        return words("cases.joins.same-time")
    if of.why == "time":
        return words("cases.joins.both-time", n=of.days)
    both = words(f"cases.joins.both-{of.why}", name=name(of))
    return words("cases.joins.both", both=both, ours=of.ours, theirs=of.theirs)


def _namer(services: Services) -> Callable[[Reason], str]:
    """The name of what two things share."""
    catalogue, words = services.catalogue, services.words
    units = {of.id: words.name(of.name) for of in Units(services.state).all()}
    stations = {of.id: of.name for of in catalogue.stations.values()}
    rivers = {of.id: of.name for of in catalogue.rivers.values()}
    reaches = rivers | {
        reach_of(of.id): words("cases.joins.reach", station=of.name)
        for of in catalogue.stations.values()
    }
    known: Mapping[str, Mapping[str, str]] = {
        "town": units,
        "unit": units,
        "station": stations,
        "reach": reaches,
    }

    def named(of: Reason) -> str:
        if of.why == "topic":
            return words(f"traces.topic-{of.key}")
        return known.get(of.why, {}).get(of.key, of.key)

    return named
