"""Checks, their forms and trials in words for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.platforms.documents.checks.records.form import (
    WITHIN,
    YES_PATH,
    Control,
    Field,
    Typed,
    Wrong,
    form,
    written,
)
from api.platforms.documents.checks.records.trials import CHANGES, SHOWN, Change, Line, Trial
from api.platforms.documents.rulebook.records import Version
from api.web.tables import Heads, Sheet
from config.catalogue.words import Words
from documents.checks.records import CheckDocument, Exclusion

COLUMNS = ("change", "title", "article", "words", "why", "excluded")
_HEADS = Heads("documents.checks.column", COLUMNS, {})
MOST_ROWS = 12
"""Of a field for lines; one scrolls for more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field as a page asks for it: ``options`` with their words, ``rows`` of its lines."""

    path: str
    label: str
    control: Control
    hint: str
    value: str
    options: tuple[tuple[str, str], ...]
    rows: int


@dataclass(frozen=True, slots=True)
class List:
    """Rows of fields as a page asks for them, the last one empty."""

    path: str
    label: str
    rows: tuple[tuple[Asked, ...], ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """A form: single fields, and lists of rows."""

    fields: tuple[Asked, ...]
    lists: tuple[List, ...]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version for a page: what it changed, in words, and whether it is in force."""

    version: Version
    lines: tuple[str, ...]
    in_force: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A line of a trial."""

    text: int
    title: str
    label: str
    words: str
    why: str
    excluded: str


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of one change of a trial, the first of ``count``."""

    change: Change
    title: str
    lines: tuple[Found, ...]
    count: int


def asked(t: Words, check: CheckDocument, typed: Typed, wrong: Mapping[str, str]) -> Sides:
    """The form of a check with what was typed; lists with something wrong stand open."""
    of = form(check, typed)
    found = []
    for name, rows in (("words", of.words), ("exclusions", of.exclusions)):
        if rows:
            path = rows[0].path.rpartition(".")[0]
            inside = tuple(tuple(_asked(t, one, typed) for one in row.fields) for row in rows)
            opened = any(key.startswith(f"{path}.") for key in wrong)
            found.append(List(path, t(f"documents.checks.list-{name}"), inside, opened))
    return Sides(tuple(_asked(t, one, typed) for one in of.fields), tuple(found))


def values(t: Words, check: CheckDocument) -> list[tuple[str, str]]:
    """The parameters of a check by their names; of lists how many lines they have."""
    typed = written(check)
    return [
        (label(t, of), _value(t, of, typed))
        for of in form(check, typed).fields
        if of.path.startswith("parameters.")
    ]


def exclusions(t: Words, check: CheckDocument) -> list[str]:
    """Words that excuse, each with its reason."""
    return [_excuse(t, of) for of in check.exclusions]


def rule(check: CheckDocument) -> str:
    """The law and the clause that a check holds against texts."""
    return f"{check.law}{check.clause}"


def label(t: Words, of: Field) -> str:
    """The name of a field."""
    return t(f"documents.checks.field-{of.name.replace('_', '-')}")


def wrongs(t: Words, found: Sequence[Wrong]) -> dict[str, str]:
    """Of each field that does not hold, why, and what to do."""
    return {
        of.path: t(
            f"documents.checks.wrong-{of.key}",
            **{"field": _named(t, of.path), "least": "", "most": "", "phrase": "", "name": ""}
            | dict(of.values),
        )
        for of in found
    }


def version_lines(
    t: Words, versions: Sequence[Version], current: CheckDocument
) -> list[VersionLine]:
    """Every version with what it changed, the newest first."""
    rows = []
    for at, version in enumerate(versions):
        comparable = at > 0 and version.holds and versions[at - 1].holds
        before = versions[at - 1].document if comparable else version.document
        lines = tuple(_changes(t, before, version.document)) if version.holds else ()
        rows.append(VersionLine(version, lines, version.document is current))
    return rows[::-1]


def compared(t: Words, trial: Trial) -> list[tuple[str, tuple[str, str, str]]]:
    """The row of the comparison: now, by the draft, and how much more."""
    more = trial.then - trial.now
    figures = (str(trial.now), str(trial.then), f"+{more}" if more > 0 else str(more))
    return [(t("documents.checks.compared-asked"), figures)]


def parts(t: Words, trial: Trial, lines: Sequence[Line]) -> list[Part]:
    """Lines of a trial by their change."""
    return [
        Part(
            change,
            t(f"documents.checks.change-{change}"),
            tuple(found(of) for of in lines if of.change == change)[:SHOWN],
            trial.counts.get(change, 0),
        )
        for change in CHANGES
    ]


def found(of: Line) -> Found:
    """A line with its text and article."""
    hit = of.hit
    return Found(of.text, of.title, hit.label, hit.words, hit.why, hit.excluded or "")


def table(t: Words, lines: Sequence[Line]) -> Sheet:
    """Lines of a trial as a table for a spreadsheet."""
    rows = (
        (t(f"documents.checks.change-{of.change}"), of.title, of.hit.label, of.hit.words,
         of.hit.why, of.hit.excluded or "")
        for of in lines
    )  # fmt: skip
    return _HEADS.sheet(t, t("documents.checks.trial"), rows)


def _asked(t: Words, of: Field, typed: Typed) -> Asked:
    text = typed.get(of.path, "")
    options = tuple((one, t(f"documents.checks.within-{one}")) for one in WITHIN)
    hints = {"phrases": "phrases", "unless": "unless", "share": "share", "name": "name"}
    key = hints.get(of.name) or hints.get(of.control)
    return Asked(
        path=of.path,
        label=label(t, of),
        control=of.control,
        hint=t(f"documents.checks.hint-{key}") if key else "",
        value=text or ("clause" if of.control == "choice" else ""),
        options=options if of.control == "choice" else (),
        rows=min(max(text.count("\n") + 1, 2), MOST_ROWS),
    )


def _value(t: Words, of: Field, typed: Typed) -> str:
    text = typed.get(of.path, "")
    if of.control == "lines":
        return t("documents.checks.lines", n=len(text.splitlines()))
    return text


def _named(t: Words, path: str) -> str:
    """The name of a field by its path, with the number of its row."""
    *way, name = path.split(".")
    said = t(f"documents.checks.field-{name.replace('_', '-')}")
    row = way[-1] if way and way[-1].isdecimal() else ""
    return t("documents.checks.in-row", n=int(row) + 1, field=said) if row else said


def _excuse(t: Words, of: Exclusion) -> str:
    where = t(f"documents.checks.within-{of.within}")
    return t("documents.checks.excuse", reason=of.reason, where=where, n=len(of.phrases))


def _changes(t: Words, before: CheckDocument, after: CheckDocument) -> Iterator[str]:
    if before.on != after.on:
        yield t(f"documents.checks.turned-{'on' if after.on else 'off'}")
    was, becomes = written(before), written(after)
    for of in form(after, becomes).fields:
        old, new = was.get(of.path, ""), becomes.get(of.path, "")
        if of.path == YES_PATH or old == new:
            continue
        if of.control == "lines":
            yield from _of_lists(t, label(t, of), old.splitlines(), new.splitlines())
        else:
            yield t("tuning.changed-look", name=label(t, of), old=old, new=new)
    for name, lists in (("words", _named_words), ("exclusions", _excuses)):
        title = t(f"documents.checks.list-{name}")
        yield from _of_lists(t, title, lists(was), lists(becomes))


def _named_words(typed: Typed) -> list[str]:
    return [
        f"{typed[path]}：{'、'.join(typed[path.replace('.name', '.lines')].splitlines())}"
        for path in typed
        if path.startswith("parameters.words.") and path.endswith(".name")
    ]


def _excuses(typed: Typed) -> list[str]:
    found = [path for path in typed if path.startswith("exclusions.") and path.endswith(".reason")]
    return [_excuse_line(typed, path.removesuffix(".reason")) for path in found]


def _excuse_line(typed: Typed, path: str) -> str:
    """An exclusion with all of its words, that any change of it is seen."""
    phrases, unless = (
        "、".join(typed[f"{path}.{name}"].splitlines()) for name in ("phrases", "unless")
    )
    inside = "；".join(filter(None, (typed[f"{path}.within"], phrases, unless)))
    return f"{typed[f'{path}.reason']}（{inside}）"


def _of_lists(t: Words, name: str, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    """Lines that a version added to a list, and those that it took from it."""
    added = [of for of in after if of not in before]
    removed = [of for of in before if of not in after]
    if added:
        yield t("documents.checks.added", name=name, what=t.listed(added))
    if removed:
        yield t("documents.checks.removed", name=name, what=t.listed(removed))
