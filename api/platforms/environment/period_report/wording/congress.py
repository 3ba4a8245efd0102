"""The year's environment and its targets, for the congress (生态环境法典, art. 30)."""

from __future__ import annotations

from collections.abc import Iterator

from api.kinds.reports import Cell, Means, Paper, Section, Table
from api.platforms.environment.period_report.records.periods import ChosenYear
from api.platforms.environment.period_report.records.water import good
from api.platforms.environment.period_report.wording import air as air_wording
from api.platforms.environment.period_report.wording import water as water_wording
from api.platforms.environment.period_report.wording.parts import (
    Counted,
    alerts_section,
    change,
    columns,
    data_section,
    numbered,
    period_said,
    piece_cell,
    share,
    subtitle,
)
from config.catalogue.words import Words


def paper(means: Means, chosen: ChosenYear, water: Counted, air: Counted) -> Paper:
    """Its outline with all figures; what the office has to say stands where it belongs."""
    t = means.words
    sections = (
        _targets(t, chosen, water, air),
        *water_wording.sections(means, water),
        *air_wording.sections(means, air),
        alerts_section(means, water),
        alerts_section(means, air),
        data_section(t, water),
        data_section(t, air),
        _said(t, "problems", chosen.problems),
        _said(t, "advice", chosen.advice),
    )
    title = t("period.title-year", period=period_said(t, water.period))
    site = means.catalogue.site.name
    return Paper(title, subtitle(t, water.period), site, numbered(t, sections))


def _targets(t: Words, chosen: ChosenYear, water: Counted, air: Counted) -> Section:
    waters, airs = water_wording.pieces(water), air_wording.pieces(air)
    text = (
        t("period.year-basis"),
        *(water_wording.summary(t, of, alone=len(waters) == 1) for of in waters),
        *(air_wording.summary(t, of, alone=len(airs) == 1) for of in airs),
    )
    rows = [
        _target(
            t, "water", piece_cell(t, of.piece, alone=len(waters) == 1),
            share(good(of.classes), sum(of.classes.values())), chosen.water_target,
        )
        for of in waters
    ]  # fmt: skip
    rows += [
        _target(
            t, "air", piece_cell(t, of.piece, alone=len(airs) == 1),
            of.district.share, chosen.air_target,
        )
        for of in airs
    ]  # fmt: skip
    heads = columns(
        t, "goal", "standard", ("reached", "percent"), ("goal-share", "percent"),
        ("distance", "percent"), "goal-met",
    )  # fmt: skip
    asked = chosen.water_target and chosen.air_target
    note = "" if asked else t("period.no-target")
    table = Table("targets", t("period.table-targets"), heads, tuple(rows), note)
    return Section("targets", t("period.targets"), text, tables=(table,))


def _target(
    t: Words, name: str, standard: str, reached: float | None, target: str
) -> tuple[Cell, ...]:
    asked = float(target) / 100 if target else None
    distance = change(reached, asked)
    met = "" if distance is None else t(f"period.{'met' if distance >= 0 else 'missed'}")
    return (
        Cell(t(f"period.goal-{name}")),
        Cell(standard),
        Cell(reached),
        Cell(asked),
        Cell(distance),
        Cell(met),
    )


def _said(t: Words, name: str, text: str) -> Section:
    return Section(name, t(f"period.{name}"), tuple(_lines(text)) or (t("period.to-be-said"),))


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())
