"""The register of assets beside what was paid for equipment."""

from __future__ import annotations

from collections.abc import Sequence

from api.platforms.budget.assets import repository
from api.platforms.budget.assets.records import Asked, Asset, Found, bought, growth
from api.platforms.budget.books import repository as books
from api.platforms.budget.ledger.actions import Ledgers, up_to_date
from api.platforms.budget.ledger.records import Narrowing, narrowed, sums
from api.platforms.budget.ledger.records import names as ledger_names
from api.platforms.budget.rulebook import repository as rulebook
from api.services import Services
from budget.detection.budgets.assets import ASSET_NOT_RECORDED
from budget.ledger import Ledger, Mask, holding
from config.vocabulary.time import day_of


def found(services: Services, ledgers: Ledgers, asked: Asked) -> Found:
    """The register as it was asked for. Growth and purchases are of the unit that was asked for,
    whatever else was: payments know no category.
    """
    ledger, codes = ledgers.now(services.state), equipment(services)
    known, of_unit = names(services, ledgers), Asked(unit=asked.unit)
    with services.state.read() as connection:
        by_year = repository.sums(connection, "year", of_unit)
        mask = _bought(ledger, codes, asked.unit)
        paid = _by_year(ledger, mask)
        year = asked.year or _newest(services, (*paid, *(of.value for of in by_year)))
        in_year = mask & narrowed(ledger, Narrowing(period=year)) if year else mask
        recorded = repository.sums(connection, "unit", Asked(unit=asked.unit, year=year))
        paid_by_unit = (
            {of.value: of.amount for of in sums(ledger, in_year, "unit")} if year else {}
        )
        return Found(
            rows=repository.rows(connection, asked),
            whole=repository.whole(connection, asked),
            by_unit=repository.sums(connection, "unit", asked),
            by_category=repository.sums(connection, "category", asked),
            growth=growth(by_year, paid),
            year=year,
            bought=bought(recorded if year else (), paid_by_unit, known),
            codes=codes,
            names=known,
            up_to_date=up_to_date(services.state),
        )


def every(services: Services, asked: Asked, most: int) -> tuple[list[Asset], int]:
    """All pages of a question, ``most`` rows at most, and how many there are."""
    with services.state.read() as connection:
        return (
            repository.every(connection, asked, most),
            repository.whole(connection, asked).count,
        )


def names(services: Services, ledgers: Ledgers) -> dict[str, str]:
    """Names of units by their codes."""
    of_payments = ledger_names(ledgers.now(services.state), "unit")
    with services.state.read() as connection:
        return of_payments | books.names_of_units(connection)


def equipment(services: Services) -> tuple[str, ...]:
    """Codes of economic items that must lead to an asset, as the rule in force has them."""
    with services.state.read() as connection:
        return rulebook.parameters(connection, ASSET_NOT_RECORDED).codes


def _bought(ledger: Ledger, codes: tuple[str, ...], unit: str) -> Mask:
    mask = holding(ledger.texts["economic"], lambda text: text.strip().startswith(codes))
    return mask & narrowed(ledger, Narrowing(unit=unit)) if unit else mask


def _by_year(ledger: Ledger, mask: Mask) -> dict[str, int]:
    found: dict[str, int] = {}
    for of in sums(ledger, mask, "month"):
        found[of.value[:4]] = found.get(of.value[:4], 0) + of.amount
    return found


def _newest(services: Services, years: Sequence[str]) -> str:
    """The newest year that has begun: a day to come is a wrong one."""
    this = day_of(services.now_ms())[:4]
    return max((of for of in years if of and of <= this), default="")
