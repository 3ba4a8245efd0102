"""A project of the demonstration that names a monitoring station: what the water bureau paid in
2025 for services and hands out of another project is its money, so that no sum changes.
"""

from __future__ import annotations

from dataclasses import replace

from simulators.treasury.records import Project, Treasury

NAME, STATION = "通吕运河平潮段入河排口排查", "通吕运河平潮断面"
_CODE, _FROM = "320612106001250002", "320612106001210001"
_YEAR, _ITEMS = 2025, ("30226", "30227")


def with_works(made: Treasury) -> Treasury:
    """The same treasury with the project and its money: indicators, lines, payments."""
    (source,) = (of for of in made.projects if of.code == _FROM)
    project = Project(_CODE, NAME, source.unit, source.unit_name, _YEAR, _YEAR, False, (STATION,))
    return replace(
        made,
        projects=(*made.projects, project),
        payments=tuple(
            replace(of, project=_CODE, project_name=NAME)
            if _is_of_it(of.project, of.paid_on.year, of.item)
            else of
            for of in made.payments
        ),
        indicators=tuple(
            replace(of, project=_CODE, project_name=NAME)
            if _is_of_it(of.project, of.year, of.item)
            else of
            for of in made.indicators
        ),
        budget_lines=tuple(
            replace(of, project=_CODE, project_name=NAME)
            if _is_of_it(of.project, of.year, of.item)
            else of
            for of in made.budget_lines
        ),
    )


def _is_of_it(project: str, year: int, item: str) -> bool:
    return project == _FROM and year == _YEAR and item.startswith(_ITEMS)
