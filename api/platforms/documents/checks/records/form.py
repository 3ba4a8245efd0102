"""A check as its form shows it, and read back: every fault at once, by its field. Pure.

Names of fields are paths: ``parameters.years``, ``parameters.words.0.lines``,
``exclusions.2.reason``. A list of words has a line each.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import msgspec
from msgspec import inspect

from api.platforms.documents.rulebook.records import complete, content_of
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault, FaultyInput
from documents.checks.documents import parameters_of
from documents.checks.kinds import KINDS
from documents.checks.phrases import LONGEST, FaultKey, PhraseFault, compiled
from documents.checks.records import CheckDocument, Exclusion, Within

Typed = Mapping[str, str]
"""A form as it was sent."""
Control = Literal["whole", "share", "lines", "yes", "text", "choice"]
WrongKey = Literal["number", "whole", "between", "missing", "long", "many", "name", "choice"]
WITHIN: tuple[Within, ...] = get_args(Within)
YES = "yes"
MOST_ROWS, MOST_LINES, LONGEST_REASON, LONGEST_NAME = 60, 500, 200, 30
LIMITS: Mapping[str, tuple[float, float]] = {
    "years": (1, 50),
    "trial_years": (1, 50),
    "grace_days": (0, 366),
    "printed_days": (0, 366),
    "days": (0, 366),
    "signs": (2, 500),
    "at_least": (0.3, 1),
}
"""The least and the most of each figure."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a form; ``name`` is that of its words."""

    path: str
    name: str
    control: Control


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: of exclusions, or of words that phrases name in ``{}``. The last one is
    empty.
    """

    path: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """Fields of a check: its figures and lists, rows of named words, and rows of exclusions."""

    fields: tuple[Field, ...]
    words: tuple[Row, ...]
    exclusions: tuple[Row, ...]
    excusing: bool
    """Whether exclusions mean anything to its kind."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A value that does not hold, and the limits or the phrase that its words name."""

    path: str
    key: WrongKey | FaultKey
    values: Mapping[str, object] = field(default_factory=dict)


class Unfit(FaultyInput):
    """A check that does not hold, with every value that is wrong."""

    def __init__(self, wrongs: Sequence[Wrong]) -> None:
        self.wrongs = tuple(wrongs)
        super().__init__([Fault(of.path, "does not hold", _remedy(of)) for of in wrongs])


def form(check: CheckDocument, typed: Typed) -> Form:
    """The fields of a check, with as many rows as were sent."""
    shape = inspect.type_info(KINDS[check.kind].parameters)
    assert isinstance(shape, inspect.StructType)
    names = {of.name for of in shape.fields}
    fields = [Field("on", "on", "yes")]
    for of in shape.fields:
        control = _control(of.type)
        if control is not None:
            fields.append(Field(f"parameters.{of.name}", of.name, control))
    fields.append(Field("false_alarms", "false_alarms", "lines"))
    worded = "phrases" in names
    return Form(
        tuple(fields),
        _rows(typed, "parameters.words", _WORDS) if worded else (),
        _rows(typed, "exclusions", _EXCLUSION) if worded else (),
        worded,
    )


def written(check: CheckDocument) -> Typed:
    """The form of a check as it is sent when nobody changes anything."""
    return _written(check, complete(check))


def _written(check: CheckDocument, values: Mapping[str, Any]) -> Typed:
    found: dict[str, str] = {YES_PATH: YES if check.on else ""}
    found["false_alarms"] = "\n".join(check.false_alarms)
    for name, value in values.items():
        if isinstance(value, Mapping):
            found |= _words(value)
        elif isinstance(value, list | tuple):
            found[f"parameters.{name}"] = "\n".join(value)
        else:
            found[f"parameters.{name}"] = f"{value:g}"
    for at, one in enumerate(check.exclusions):
        found |= _exclusion(f"exclusions.{at}", one)
    found["exclusions.rows"] = str(len(check.exclusions))
    return found


def read(check: CheckDocument, typed: Typed) -> CheckDocument:
    """The check that a form gives, made of the one that it showed.

    Raises:
        Unfit: values do not hold; every one is named.
    """
    wrongs: list[Wrong] = []
    asked = form(check, typed)
    parameters: dict[str, Any] = {}
    found: dict[str, Any] = {}
    for of in asked.fields:
        where = parameters if of.path.startswith("parameters.") else found
        where[of.name] = _value(of, typed, wrongs)
    if asked.excusing:
        parameters["words"] = _named(asked.words, typed, wrongs)
        found["exclusions"] = tuple(_excuses(asked.exclusions, typed, parameters["words"], wrongs))
        wrongs += _phrases("parameters.phrases", parameters["phrases"], parameters["words"])
        if not parameters["phrases"]:
            wrongs.append(Wrong("parameters.phrases", "missing"))
    if wrongs:
        raise Unfit(wrongs)
    draft = msgspec.structs.replace(check, parameters=parameters, **found)
    parameters_of(draft)
    return draft


def wished(check: CheckDocument, wish: Mapping[str, Any]) -> CheckDocument:
    """The check with other values, as a document has them; what is left out, of parameters too,
    stays as it is.

    Raises:
        NotAccepted: something is none of its fields, or of another type.
        Unfit: values do not hold.
    """
    plain = msgspec.to_builtins(check) | dict(wish)
    plain["parameters"] = {**complete(check), **wish.get("parameters", {})}
    within = ""
    try:
        draft = msgspec.convert(plain, CheckDocument)
        within = "parameters."
        msgspec.convert(draft.parameters, KINDS[check.kind].parameters)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$.")
        path = within + where.rstrip("`") if where else "parameters"
        raise NotAccepted(
            Fault(path, what, "give it as the check has it"), "shape", path=path
        ) from error
    return read(draft, _written(draft, _plain(draft)))


def same(one: CheckDocument, other: CheckDocument) -> bool:
    """Whether two versions say the same."""
    return hash_of(one) == hash_of(other)


def hash_of(check: CheckDocument) -> str:
    """The same for two drafts of a check that say the same, whoever saves them why."""
    known = "\n".join(check.false_alarms)
    return hashlib.sha256(content_of(check) + known.encode()).hexdigest()


YES_PATH = "on"
_WORDS: tuple[tuple[str, Control], ...] = (("name", "text"), ("lines", "lines"))
_EXCLUSION: tuple[tuple[str, Control], ...] = (
    ("phrases", "lines"),
    ("within", "choice"),
    ("unless", "lines"),
    ("reason", "text"),
)


def _plain(check: CheckDocument) -> dict[str, Any]:
    """Parameters whose phrases nobody has verified yet."""
    shape = KINDS[check.kind].parameters
    found: dict[str, Any] = msgspec.to_builtins(msgspec.convert(check.parameters, shape))
    return found


def _control(of: inspect.Type) -> Control | None:
    match of:
        case inspect.IntType():
            return "whole"
        case inspect.FloatType():
            return "share"
        case inspect.VarTupleType(item_type=inspect.StrType()):
            return "lines"
    return None


def _rows(typed: Typed, path: str, parts: Sequence[tuple[str, Control]]) -> tuple[Row, ...]:
    sent = typed.get(f"{path}.rows", "")[:4]
    rows = int(sent) if sent.isascii() and sent.isdecimal() else 0
    full = [at for at in range(min(rows, MOST_ROWS)) if not _is_empty(typed, f"{path}.{at}")]
    last = max(full, default=-1) + 1
    return tuple(
        Row(f"{path}.{at}", tuple(Field(f"{path}.{at}.{name}", name, how) for name, how in parts))
        for at in range(min(last + 1, MOST_ROWS))
    )


def _is_empty(typed: Typed, path: str) -> bool:
    texts = ("name", "lines", "phrases", "unless", "reason")
    return not any(typed.get(f"{path}.{of}", "").strip() for of in texts)


def _words(named: Mapping[str, Sequence[str]]) -> dict[str, str]:
    found = {"parameters.words.rows": str(len(named))}
    for at, (name, lines) in enumerate(named.items()):
        found[f"parameters.words.{at}.name"] = name
        found[f"parameters.words.{at}.lines"] = "\n".join(lines)
    return found


def _exclusion(path: str, of: Exclusion) -> dict[str, str]:
    return {
        f"{path}.phrases": "\n".join(of.phrases),
        f"{path}.within": of.within,
        f"{path}.unless": "\n".join(of.unless),
        f"{path}.reason": of.reason,
    }


def _value(of: Field, typed: Typed, wrongs: list[Wrong]) -> Any:
    text = typed.get(of.path, "")
    match of.control:
        case "yes":
            return text == YES
        case "lines":
            return _lines(of.path, text, wrongs)
        case "whole" | "share":
            return _figure(of, text, wrongs)
    return " ".join(text.split())


def _figure(of: Field, text: str, wrongs: list[Wrong]) -> float:
    least, most = LIMITS[of.name]
    plain = text.strip()[:20]
    try:
        value = float(plain)
    except ValueError:
        wrongs.append(Wrong(of.path, "number"))
        return least
    if not least <= value <= most:
        wrongs.append(Wrong(of.path, "between", {"least": f"{least:g}", "most": f"{most:g}"}))
    elif of.control == "whole" and value % 1:
        wrongs.append(Wrong(of.path, "whole"))
    return int(value) if of.control == "whole" and least <= value <= most else value


def _lines(path: str, text: str, wrongs: list[Wrong]) -> tuple[str, ...]:
    """The lines, each once."""
    found = tuple(dict.fromkeys(of.strip() for of in text.splitlines() if of.strip()))
    if any(len(of) > LONGEST or "\0" in of for of in found):
        wrongs.append(Wrong(path, "long", {"most": LONGEST}))
    if len(found) > MOST_LINES:
        wrongs.append(Wrong(path, "many", {"most": MOST_LINES}))
    return found


def _named(rows: Sequence[Row], typed: Typed, wrongs: list[Wrong]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if _left_out(row, typed):
            continue
        name = typed.get(f"{row.path}.name", "").strip()
        lines = _lines(f"{row.path}.lines", typed.get(f"{row.path}.lines", ""), wrongs)
        if not name or len(name) > LONGEST_NAME or set(name) & set("{}()|") or name in found:
            wrongs.append(Wrong(f"{row.path}.name", "name", {"most": LONGEST_NAME}))
        if not lines:
            wrongs.append(Wrong(f"{row.path}.lines", "missing"))
        found[name] = lines
    return found


def _excuses(
    rows: Sequence[Row], typed: Typed, words: Mapping[str, Sequence[str]], wrongs: list[Wrong]
) -> Iterator[Exclusion]:
    for row in rows:
        if _left_out(row, typed):
            continue
        at = {of.name: of.path for of in row.fields}
        phrases = _lines(at["phrases"], typed.get(at["phrases"], ""), wrongs)
        unless = _lines(at["unless"], typed.get(at["unless"], ""), wrongs)
        reason = " ".join(typed.get(at["reason"], "").split())
        within = next((of for of in WITHIN if of == typed.get(at["within"], "clause")), None)
        if not phrases:
            wrongs.append(Wrong(at["phrases"], "missing"))
        if not reason:
            wrongs.append(Wrong(at["reason"], "missing"))
        elif len(reason) > LONGEST_REASON:
            wrongs.append(Wrong(at["reason"], "long", {"most": LONGEST_REASON}))
        if within is None:
            wrongs.append(Wrong(at["within"], "choice"))
        wrongs += [
            *_phrases(at["phrases"], phrases, words),
            *_phrases(at["unless"], unless, words),
        ]
        yield Exclusion(phrases, reason, within or "clause", unless)


def _left_out(row: Row, typed: Typed) -> bool:
    """Whether a row was ticked to go, or nothing stands in it."""
    return bool(typed.get(f"{row.path}.remove")) or _is_empty(typed, row.path)


def _phrases(
    path: str, phrases: Sequence[str], words: Mapping[str, Sequence[str]]
) -> Iterator[Wrong]:
    """The first phrase of a field that does not hold; a field has room for one complaint."""
    for phrase in phrases:
        try:
            compiled([phrase], words)
        except PhraseFault as fault:
            values = {"phrase": phrase[:60], "name": fault.name, "most": LONGEST}
            yield Wrong(path, fault.key, values)
            return


def _remedy(of: Wrong) -> str:
    remedies: Mapping[str, str] = {
        "number": "give a number",
        "whole": "give a whole number",
        "between": "give {least} to {most}",
        "missing": "write something, or tick that the row goes",
        "long": "write {most} characters a line at most",
        "many": "write {most} lines at most",
        "name": "give a name of its own, of {most} characters at most, without brackets",
        "choice": f"take one of {', '.join(WITHIN)}",
        "words": "write words in {phrase}",
        "gaps": "leave fewer gaps in {phrase}",
        "bracket": "close the bracket in {phrase}",
        "unreadable": "mend the brackets in {phrase}",
        "no-words": "add words of {name}, which {phrase} names",
    }
    return remedies[of.key].format(**of.values)
