"""Government debt out of the loads in force."""

from __future__ import annotations

from api.platforms.budget.books import repository as books
from api.platforms.budget.debt import repository
from api.platforms.budget.debt.records import Asked, Found, balances
from api.platforms.budget.rulebook import repository as rulebook
from api.services import Services
from budget.detection.budgets import debts


def found(services: Services, asked: Asked) -> Found:
    """Balances of all years and rows of one, with what does not add up by the rule in force."""
    every = books.debts(services.state)
    years = sorted({of.year for of in every}, reverse=True)
    year = int(asked.year) if asked.year else next(iter(years), None)
    rows = sorted(
        (of for of in every if of.year == year), key=lambda of: (of.kind, of.project, of.name)
    )
    with services.state.read() as connection:
        tolerance = rulebook.parameters(connection, debts.BROKEN)
        projects = repository.known_projects(connection, {of.project for of in rows if of.project})
    broken = tuple(debts.breaks(every, tolerance))
    return Found(year, years, balances(every), rows, broken, projects)
