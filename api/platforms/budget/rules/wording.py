"""Rules and their forms in words for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.platforms.budget.rulebook.repository import Version
from api.platforms.budget.rulebook.wording import said
from api.platforms.budget.rules.records.parts import (
    CENTS,
    EXCLUSIONS,
    ON,
    YUAN,
    Control,
    Field,
    Group,
    Part,
    Typed,
    leaves,
    parts,
)
from api.platforms.budget.rules.records.reading import YES, Wrong, written
from api.platforms.budget.rules.records.trials import SHOWN, Trial
from budget.detection.records import Finding, Input, RuleDocument
from budget.yuan import yuan
from config.catalogue.words import Words

COLUMNS: Mapping[str, str] = {"voucher": "number", "project": "project-code"}
"""Columns that the words of fields know under other names."""
FEN_OF_TEN_THOUSAND = 1_000_000
"""Sums of a comparison are in 10,000 yuan, so that three fit on a phone."""
MOST_ROWS = 8
"""Of a field for words; one scrolls for more."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field as a page asks for it: ``options`` with their words, ``rows`` of its lines."""

    path: str
    label: str
    control: Control
    unit: str
    hint: str
    values: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    rows: int

    @property
    def value(self) -> str:
        """The text in it."""
        return "".join(self.values)


@dataclass(frozen=True, slots=True)
class Together:
    """A group as a page asks for it; ``count`` is that of its rows, None where it has none."""

    path: str
    label: str
    parts: tuple[Asked | Together, ...]
    count: int | None
    row: bool
    open: bool


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version for a page: what it changed, in words, and whether it is in force."""

    version: Version
    lines: tuple[str, ...]
    in_force: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A finding of a trial."""

    sentence: str
    unit: str
    amount: str


def asked(
    words: Words, rule: RuleDocument, typed: Typed, wrong: Mapping[str, str]
) -> list[Asked | Together]:
    """The form of a rule with what was typed; groups with something wrong stand open."""
    return [_asked(words, rule.kind, of, typed, wrong) for of in parts(rule, typed)]


def values(words: Words, rule: RuleDocument) -> list[tuple[str, str]]:
    """The parameters of a rule by their names, without those that lie in groups."""
    typed = written(rule)
    return [
        (label(words, rule.kind, of), _value(words, of, typed))
        for of in parts(rule, typed)
        if isinstance(of, Field) and of.path != ON
    ]


def exclusions(words: Words, rule: RuleDocument) -> list[str]:
    """The payments that a rule leaves out, in words."""
    return [
        words(
            f"budget.rules.excluded-{'whole' if of.whole else 'part'}",
            column=column(words, of.column),
            text=of.text,
            reason=of.reason,
        )
        for of in rule.exclusions
    ]


def label(words: Words, kind: str, of: Part) -> str:
    """The name of a part."""
    if of.key:
        return key_name(words, of)
    return words(parameter(words, kind, of.name))


def parameter(words: Words, kind: str, name: str) -> str:
    """The key of the words of a parameter: its kind's own, or those that kinds share."""
    plain = name.replace("_", "-")
    own = f"budget.parameter.{kind}-{plain}"
    return own if own in words.texts else f"budget.parameter.{plain}"


def key_name(words: Words, of: Part) -> str:
    """The name of what stands under a key: as sentences have it, or that of the list."""
    return words.texts.get(f"budget.fact.matter.{of.key}") or words(f"budget.topic.{of.key}")


def column(words: Words, name: str) -> str:
    """The name of a column of payments."""
    plain = COLUMNS.get(name, name).replace("_", "-")
    return words(f"budget.field.{plain}")


def wrongs(words: Words, rule: RuleDocument, found: Sequence[Wrong]) -> dict[str, str]:
    """Of each field that does not hold, why, and what to do."""
    return {
        of.field.path: words(
            f"budget.rules.wrong-{of.key}",
            name=label(words, rule.kind, of.field),
            least=of.least,
            most=of.most,
        )
        for of in found
    }


def version_lines(
    words: Words, versions: Sequence[Version], current: RuleDocument
) -> list[VersionLine]:
    """Every version with what it changed, the newest first."""
    rows = []
    for at, version in enumerate(versions):
        comparable = at > 0 and version.holds and versions[at - 1].holds
        before = versions[at - 1].document if comparable else version.document
        lines = tuple(_changes(words, before, version.document)) if version.holds else ()
        rows.append(VersionLine(version, lines, version.document is current))
    return rows[::-1]


def questions(words: Words, found: Trial, findings: Sequence[Finding]) -> list[Question]:
    """The first findings of a difference."""
    return [
        Question(said(words, of), found.units.get(of.unit, of.unit), yuan(of.cents))
        for of in findings[:SHOWN]
    ]


def compared(words: Words, found: Trial) -> list[tuple[str, tuple[str, str, str]]]:
    """The rows of the comparison: now, by the draft, and how much more."""
    rows = []
    for name in ("findings", "units", "cents"):
        now, draft = (
            len(of.findings) if name == "findings" else getattr(of, name)
            for of in (found.now, found.draft)
        )
        figures = (now, draft, draft - now)
        texts = [
            f"{of / FEN_OF_TEN_THOUSAND:,.2f}" if name == "cents" else str(of) for of in figures
        ]
        more = f"+{texts[2]}" if draft > now else texts[2]
        rows.append((words(f"budget.rules.compared-{name}"), (texts[0], texts[1], more)))
    return rows


def missing(words: Words, inputs: Sequence[Input]) -> str:
    """The inputs without which a rule could not be asked."""
    return words.listed(words(f"budget.input.{of.replace('_', '-')}") for of in inputs)


def _asked(
    words: Words, kind: str, of: Part, typed: Typed, wrong: Mapping[str, str]
) -> Asked | Together:
    if isinstance(of, Group):
        return _together(words, kind, of, typed, wrong)
    texts = typed.get(of.path, ())
    return Asked(
        path=of.path,
        label=label(words, kind, of),
        control=of.control,
        unit=words("budget.yuan") if of.name.endswith((CENTS, YUAN)) else "",
        hint=_hint(words, of),
        values=texts,
        options=tuple((name, _option(words, of, name)) for name in of.options),
        rows=min(max("".join(texts).count("\n") + 1, 2), MOST_ROWS),
    )


def _together(
    words: Words, kind: str, of: Group, typed: Typed, wrong: Mapping[str, str]
) -> Together:
    inside = tuple(_asked(words, kind, part, typed, wrong) for part in of.parts)
    rows = sum(isinstance(part, Group) and part.row for part in of.parts)
    return Together(
        path=of.path,
        label=label(words, kind, of),
        parts=inside,
        count=rows or None,
        row=of.row,
        open=any(path.startswith(f"{of.path}.") for path in wrong),
    )


def _hint(words: Words, of: Field) -> str:
    if of.control == "words":
        return words("budget.rules.hint-words")
    if of.control == "figure" and not of.whole and of.most == 1:
        return words("budget.rules.hint-share")
    return ""


def _option(words: Words, of: Field, name: str) -> str:
    if of.name == "mark":
        return words(f"budget.rules.mark-{name}")
    if of.name == "column":
        return column(words, name)
    return key_name(words, Field(of.path, of.name, of.control, key=name))


def _value(words: Words, of: Field, typed: Typed) -> str:
    """A value in words."""
    texts = typed.get(of.path, ())
    if of.control == "words":
        texts = tuple("".join(texts).splitlines())
    if of.options:
        texts = tuple(_option(words, of, name) for name in texts)
    if of.control == "yes":
        return words(f"budget.rules.value-{YES if texts else 'no'}")
    unit = words("budget.yuan") if of.name.endswith((CENTS, YUAN)) else ""
    return f"{words.listed(texts)} {unit}".strip() or "—"


def _changes(words: Words, before: RuleDocument, after: RuleDocument) -> Iterator[str]:
    was, becomes = written(before), written(after)
    named = {of.path: of for rule in (before, after) for of in leaves(parts(rule, written(rule)))}
    for path, field in named.items():
        if path.startswith(f"{EXCLUSIONS}.") or was.get(path) == becomes.get(path):
            continue
        name = label(words, after.kind, field)
        if field.control == "words":
            yield from _of_lists(words, name, _lines(was, path), _lines(becomes, path))
        else:
            old, new = (_value(words, field, typed) for typed in (was, becomes))
            yield words("tuning.changed-look", name=name, old=old, new=new)
    name = words("budget.parameter.exclusions")
    yield from _of_lists(words, name, exclusions(words, before), exclusions(words, after))


def _lines(typed: Typed, path: str) -> list[str]:
    return "".join(typed.get(path, ())).splitlines()


def _of_lists(
    words: Words, name: str, before: Sequence[str], after: Sequence[str]
) -> Iterator[str]:
    """The words that a version added to a list, and those that it took from it."""
    added = [of for of in after if of not in before]
    removed = [of for of in before if of not in after]
    if added:
        yield words("budget.rules.added", name=name, what=words.listed(added))
    if removed:
        yield words("budget.rules.removed", name=name, what=words.listed(removed))
