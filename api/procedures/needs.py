"""The values that somebody gives with a step, held against its needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from api.accounts.records import successors
from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.files import actions as files
from api.ports import Reference
from api.procedures.procedure import Given, Need, Procedure, Step, cents, instant_ms
from api.procedures.refusals import Incomplete, Lack
from api.services import Services
from api.web.forms import FIRST_DAY, LAST_DAY
from config.vocabulary.time import day_of


def checked(
    services: Services,
    procedure: Procedure,
    step: Step,
    given: Given,
    at_ms: int,
    subject: Reference | None = None,
) -> Mapping[str, str]:
    """The values that were given, without blanks at the ends and without empty ones. ``subject``
    is the thing, None where it begins.

    Raises:
        Incomplete: something is missing or does not hold, or nobody asked for it.
    """
    said = {name: of.strip() for name, of in given.items()}
    lacks = [
        Lack(name[:40], "is not asked for", "leave it out", "unknown", {})
        for name in said.keys() - {need.name for need in step.needs}
    ]
    for need in step.needs:
        happened = need.name == step.happened
        today = day_of(at_ms) if happened else LAST_DAY
        lacks += _lacks(services, need, said.get(need.name, ""), today, subject)
    if lacks:
        raise Incomplete(procedure, step, lacks)
    return {name: of for name, of in said.items() if of}


def _lacks(
    services: Services, need: Need, said: str, latest: str, subject: Reference | None
) -> Iterator[Lack]:
    if not said:
        if need.required:
            yield Lack(need.name, "is missing", "give it", "missing", {})
        return
    if len(said) > need.longest:
        most = {"most": need.longest}
        yield Lack(need.name, "is too long", f"give {need.longest} signs at most", "long", most)
    elif "\0" in said:
        yield Lack(need.name, "holds a sign of no script", "leave it out", "sign", {})
    elif need.kind == "choice" and said not in need.choices:
        yield Lack(need.name, "is no choice", f"give one of {need.choices}", "choice", {})
    elif need.kind == "date" and not _is_day(said, latest):
        remedy = f"give one of {FIRST_DAY} to {latest}"
        yield Lack(need.name, "is no day", remedy, "day" if latest == LAST_DAY else "happened", {})
    else:
        yield from _unknown(services, need, said, subject)


def _unknown(
    services: Services, need: Need, said: str, subject: Reference | None
) -> Iterator[Lack]:
    if need.kind == "instant" and not _is_instant(said):
        remedy = "give a time of the district's clock, as 2026-12-01T09:00"
        yield Lack(need.name, "is no time", remedy, "instant", {})
    elif need.kind == "money" and not _is_money(said):
        yield Lack(need.name, "is no sum", "give yuan, as 1234.50", "money", {})
    elif need.kind == "unit":
        yield from _no_unit(services, need, said)
    elif need.kind == "row" and need.offered and said not in need.offered(services):
        known = list(need.offered(services))
        yield Lack(need.name, "is no choice", f"give one of {known}", "choice", {})
    elif need.kind == "account" and not People(services.state).exists(said):
        yield Lack(need.name, "is no account", "give a username", "account", {})
    elif need.kind == "file" and not _is_file(services, said, subject):
        remedy = "attach it to the thing, and give the id of the attachment"
        yield Lack(need.name, "is no file at the thing", remedy, "file", {})


def _is_day(said: str, latest: str) -> bool:
    try:
        return FIRST_DAY <= date.fromisoformat(said).isoformat() == said <= latest
    except ValueError:
        return False


def _is_instant(said: str) -> bool:
    try:
        return FIRST_DAY <= day_of(instant_ms(said)) <= LAST_DAY
    except (ValueError, OverflowError):
        return False


def _is_money(said: str) -> bool:
    try:
        return cents(said) >= 0
    except ValueError:
        return False


def _is_file(services: Services, said: str, subject: Reference | None) -> bool:
    attached = files.of_subject(services, subject) if subject else []
    return any(str(one.id) == said and files.is_served(services, one) for one in attached)


def _no_unit(services: Services, need: Need, said: str) -> Iterator[Lack]:
    """Faults of a unit that is there no more, or never was."""
    today = day_of(services.now_ms())
    every = {of.id: of for of in Units(services.state).all()}
    found = every.get(said)
    if found is None:
        yield Lack(need.name, "is no unit", "give the id of one", "unit", {})
    elif (heir := successors(every.values(), today).get(said)) is not None:
        names = {"unit": services.words.name(every[heir].name)}
        yield Lack(need.name, "is a former unit", f"give {heir}", "unit-succeeded", names)
    elif not found.span.holds(today):
        yield Lack(need.name, "is not there today", "give another", "unit-former", {})
