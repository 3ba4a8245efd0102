"""Projects in words: the sentence that says the most, and what else a page and a copy show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from alerting.formats import water_class
from api.platforms.budget.ledger.records import Sum
from api.platforms.budget.payments.records import PERSONS
from api.platforms.budget.payments.wording import value_name
from api.platforms.budget.projects.records import (
    Compared,
    Line,
    Project,
    Reading,
    Year,
    percent,
)
from api.ports import Json, Said
from api.services import Services
from api.web.tables import Heads, Sheet
from budget.yuan import yuan
from config.catalogue.words import Words

COLUMNS = (
    *("code", "project", "unit", "begins", "ends", "environmental"),
    *("approved", "adjusted", "paid", "done"),
)
YEARS_OF_A_COPY, PAYEES_OF_A_COPY = 3, 5
HEADS = Heads(
    "budget.projects.column",
    COLUMNS,
    {
        "done": "count",
        "approved": "number",
        "adjusted": "number",
        "paid": "number",
    },
)
_WAN = 1_000_000
"""Fen of ten thousand yuan."""
MOST_PAYEES = 20
PAYEES_SAID = 3


@dataclass(frozen=True, slots=True)
class Payee:
    """One who was paid: ``share`` of all payments in words; ``query`` finds the payments, empty
    where nobody may find them by the name.
    """

    name: str
    amount: str
    payments: int
    share: str
    query: str


def money(services: Services, fen: int) -> str:
    """In units of ten thousand yuan with two decimals at most; below that in yuan."""
    if abs(fen) < _WAN:
        return services.words("budget.projects.yuan", n=yuan(fen))
    wan = (Decimal(fen) / _WAN).quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = f"{wan:,}".rstrip("0").rstrip(".")
    return services.words("budget.projects.wan", wan=text)


def said(services: Services, of: Project) -> str:
    """Budget, payments and progress of the year, beside the year before at the same day."""
    t, now = services.words, of.now
    if now is None:
        return t("budget.projects.said-nothing")
    values: dict[str, object] = {"year": now.year, "paid": money(services, now.paid.to_day)}
    values["until"] = _until(services, of, now.year)
    if now.budget is None:
        return t("budget.projects.said-no-budget", **values)
    values["budget"] = money(services, now.budget.adjusted)
    if now.done is None:
        return t("budget.projects.said-no-share", **values)
    return t("budget.projects.said", **values, share=now.done, before=_year_before(services, of))


def _until(services: Services, of: Project, year: int) -> str:
    if of.until is None or of.as_of is None or of.as_of.year > year:
        return services.words("budget.projects.until-end")
    return services.words("budget.projects.until", day=of.as_of.isoformat())


def _year_before(services: Services, of: Project) -> str:
    now = of.now
    assert now is not None
    last = _share(of.years, now.year - 1)
    if last is not None:
        return services.words("budget.projects.before", share=last)
    unit = _share(of.unit_years, now.year - 1)
    if unit is not None:
        return services.words("budget.projects.before-unit", share=unit)
    return services.words("budget.projects.before-unknown")


def _share(years: Iterable[Year], year: int) -> int | None:
    return next((of.done for of in years if of.year == year), None)


def beside(services: Services, of: Project) -> str:
    """The own earlier years and the unit's at the same day; empty where none is known."""
    now = of.now
    if now is None:
        return ""
    own = [year for year in of.earlier if year.done is not None]
    unit = [year for year in of.unit_years if year.year <= now.year and year.done is not None]
    parts = []
    if own:
        parts.append(services.words("budget.projects.own-years", years=_shares(services, own)))
    if unit:
        name = of.registered.unit_name
        years = _shares(services, unit)
        parts.append(services.words("budget.projects.unit-years", unit=name, years=years))
    if not parts:
        return ""
    return services.words("budget.projects.beside", parts=services.words.clauses(parts))


def _shares(services: Services, years: Sequence[Year]) -> str:
    return services.words.listed(
        services.words("budget.projects.year-share", year=of.year, share=of.done) for of in years
    )


def rested_on(services: Services, of: Project) -> str:
    """Until when payments are known, and the loads that the figures are of."""
    loads = services.words.listed(str(one.load) for one in of.origins)
    if of.as_of is None:
        return services.words("budget.projects.rested-on-budget", loads=loads)
    return services.words("budget.projects.rested-on", day=of.as_of.isoformat(), loads=loads)


def payees(services: Services, of: Project) -> list[Payee]:
    """Those who were paid the most; natural persons are one line without a name."""
    return [_payee(services, of, one) for one in of.payees[:MOST_PAYEES]]


def _payee(services: Services, of: Project, one: Sum) -> Payee:
    shown = bool(one.value) and one.value != PERSONS
    share = _part(services, one.amount, of.paid.amount)
    name = value_name(services, one.value, str)
    return Payee(name, yuan(one.amount), one.payments, share, one.value if shown else "")


def _part(services: Services, part: int, whole: int) -> str:
    """Percent of a whole; a part is rounded neither to nothing nor to all."""
    share = percent(part, whole)
    if share is None:
        return ""
    if share == 0 and part > 0:
        return services.words("budget.projects.little")
    if share == 100 and part < whole:
        return services.words("budget.projects.nearly-all")
    return f"{share}%"


def summary(services: Services, of: Project) -> str:
    """The beginning of a question about a project: its figures, and what they rest on."""
    t = services.words
    parts = [said(services, of), beside(services, of)]
    if of.paid.payments:
        most = [one for one in payees(services, of) if one.share][:PAYEES_SAID]
        shares = [t("budget.projects.payee-share", name=one.name, share=one.share) for one in most]
        whole = money(services, of.paid.amount)
        parts.append(
            t("budget.projects.all-years", paid=whole, n=of.paid.payments, payees=t.listed(shares))
        )
    parts.append(rested_on(services, of))
    return t("list.sentence").join(part for part in parts if part)


def content(services: Services, of: Project) -> Json:
    """A project as it is copied: fen, days as ISO text, and the loads that figures are of."""
    known = of.registered
    return {
        "code": known.code,
        "name": known.name,
        "unit": known.unit,
        "unit_name": known.unit_name,
        "begins": known.begins,
        "ends": known.ends,
        "environmental": known.environmental,
        "stations": list(known.stations),
        "summary": summary(services, of),
        "money_unit": "fen",
        "as_of": _iso(of.as_of),
        "years": [_year(one) for one in of.years],
        "unit_years": [_year(one) for one in of.unit_years],
        "paid_fen": of.paid.amount,
        "payments": of.paid.payments,
        "first_paid": _iso(of.first_paid),
        "payees": [
            {
                "name": value_name(services, one.value, str),
                "paid_fen": one.amount,
                "payments": one.payments,
            }
            for one in of.payees[:MOST_PAYEES]
        ],
        "sources": [
            {
                "year": one.year,
                "source": one.source,
                "amount_fen": one.amount,
                "indicators": one.indicators,
            }
            for one in of.sources
        ],
        "adjustments": [
            {
                "day": one.day,
                "change": one.change,
                "amount_fen": one.amount,
                "document": one.document,
            }
            for one in of.adjustments
        ],
        "loads": [{"load": one.load, "kind": one.kind} for one in of.origins],
    }


def copy_said(words: Words, content: Json) -> Said:
    """The figures of a copy of a project, in yuan."""
    found = []
    for of in content["years"][:YEARS_OF_A_COPY]:
        if of["adjusted_fen"] is not None:
            name = words("budget.projects.copy-budget", year=of["year"])
            found.append((name, yuan(of["adjusted_fen"])))
        name = words("budget.projects.copy-paid", year=of["year"])
        found.append((name, yuan(of["paid_fen"])))
    found.append((words("budget.projects.copy-paid-in-all"), yuan(content["paid_fen"])))
    if content["as_of"]:
        found.append((words("budget.projects.copy-as-of"), content["as_of"]))
    for of in content["payees"][:PAYEES_OF_A_COPY]:
        name = words("budget.projects.copy-payee", name=of["name"])
        found.append((name, yuan(of["paid_fen"])))
    loads = words.listed(str(of["load"]) for of in content["loads"])
    return [*found, (words("budget.projects.copy-loads"), loads)]


def _year(of: Year) -> Json:
    return {
        "year": of.year,
        "approved_fen": of.budget.approved if of.budget else None,
        "adjusted_fen": of.budget.adjusted if of.budget else None,
        "final_fen": of.budget.final if of.budget else None,
        "paid_fen": of.paid.whole,
        "paid_to_day_fen": of.paid.to_day,
        "done_percent": of.done,
        "payments": of.paid.payments,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def water(services: Services, of: Compared) -> str:
    """A station's worst indicator before and after, or why there is none."""
    t = services.words
    if of.before is None or of.after is None:
        return t(f"budget.projects.water-{of.lacking}", station=of.name)
    indicator = services.catalogue.known[of.indicator]
    text = t(
        "budget.projects.water",
        station=of.name,
        indicator=indicator.name,
        before=_reading(services, of.before, indicator.unit),
        after=_reading(services, of.after, indicator.unit),
    )
    return text if of.season else text + t("budget.projects.water-season")


def _reading(services: Services, of: Reading, unit: str) -> str:
    t = services.words
    month = t("budget.projects.month", year=of.month.year, month=t(f"month.{of.month.month}"))
    value = f"{of.value:.3g} {unit}".strip()
    if not of.water_class:
        return t("budget.projects.reading-no-class", month=month, value=value)
    name = water_class(t, of.water_class)
    return t("budget.projects.reading", month=month, value=value, name=name)


def table(services: Services, lines: Iterable[Line]) -> Sheet:
    """Projects for a spreadsheet, in yuan."""
    title = services.words("budget.projects.title")
    return HEADS.sheet(services.words, title, _rows(services, lines))


def _rows(services: Services, lines: Iterable[Line]) -> Iterator[list[Any]]:
    for of in lines:
        known = of.registered
        yield [
            known.code,
            known.name,
            known.unit_name,
            str(known.begins or ""),
            str(known.ends or ""),
            services.words("budget.projects.environmental") if known.environmental else "",
            of.budget.approved / 100 if of.budget else None,
            of.budget.adjusted / 100 if of.budget else None,
            of.paid / 100,
            of.done,
        ]
