"""Expressions of $filter (OData 4 as SensorThings takes it over): read, and evaluated.

The parser is our own: the one of PyPI that is kept (odata-query) holds python-dateutil below 3.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from api.platforms.environment.sensorthings.records.kinds import (
    DATASTREAM,
    KINDS,
    OBSERVATION,
    Entity,
    Kind,
)
from api.platforms.environment.sensorthings.records.refusals import BadOption, NotOffered

MOST_NODES = 100
DEEPEST = 20
FILTER = "$filter"
Reach = Callable[[Entity, str], Sequence[Entity]]
"""The entities to which a navigation leads."""
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')"
    r"|(?P<time>\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?)"
    r"|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)"
    r"|(?P<name>[@A-Za-z_][\w.@-]*)"
    r"|(?P<sign>[(),/])|(?P<other>\S))"
)
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_SUMS: Mapping[str, Callable[[Any, Any], Any]] = {"add": operator.add, "sub": operator.sub}
_PRODUCTS: Mapping[str, Callable[[Any, Any], Any]] = {
    "mul": operator.mul,
    "div": operator.truediv,
    "mod": math.fmod,
}
_FUNCTIONS: Mapping[str, tuple[int, int, Callable[..., Any]]] = {
    "startswith": (2, 2, str.startswith),
    "endswith": (2, 2, str.endswith),
    "contains": (2, 2, lambda text, part: part in text),
    "substringof": (2, 2, lambda part, text: part in text),
    "length": (1, 1, len),
    "indexof": (2, 2, str.find),
    "substring": (2, 3, lambda text, at, n=None: text[at:] if n is None else text[at : at + n]),
    "tolower": (1, 1, str.lower),
    "toupper": (1, 1, str.upper),
    "trim": (1, 1, str.strip),
    "concat": (2, 2, lambda one, other: one + other),
    "year": (1, 1, lambda at: int(at[:4])),
    "month": (1, 1, lambda at: int(at[5:7])),
    "day": (1, 1, lambda at: int(at[8:10])),
    "hour": (1, 1, lambda at: int(at[11:13])),
    "minute": (1, 1, lambda at: int(at[14:16])),
    "second": (1, 1, lambda at: int(at[17:19])),
    "round": (1, 1, lambda value: math.floor(value + 0.5)),
    "floor": (1, 1, math.floor),
    "ceiling": (1, 1, math.ceil),
}
"""Name -> fewest and most arguments, and how it is answered. Parts of instants are in UTC."""
_SAID = "use comparisons, and, or, not, add, sub, mul, div, mod and " + ", ".join(_FUNCTIONS)


class Many(tuple[Any, ...]):
    """Values of several entities: a comparison holds where it does for one of them."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, an instant, true, false or null."""

    value: Any


@dataclass(frozen=True, slots=True)
class Path:
    """A property of the entity, or of one to which navigations lead."""

    navigations: tuple[str, ...]
    name: str
    inner: tuple[str, ...]
    many: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A function, an operation or a comparison of values; none where they do not fit."""

    name: str
    function: Callable[..., Any]
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """Two conditions joined by ``and`` or ``or``."""

    joined: str
    left: Node
    right: Node


Node = Literal | Path | Call | Both


def instant(ms: int) -> str:
    """An instant as it stands in answers, so that their order is that of the texts."""
    return f"{datetime.fromtimestamp(ms / 1000, UTC):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}Z"


def path_of(names: Sequence[str], kind: Kind, option: str) -> Path:
    """A path of names as seen from a kind.

    Raises:
        BadOption, NotOffered
    """
    many = False
    for n, name in enumerate(names):
        if name in ("id", "@iot.id", *kind.properties):
            if kind is DATASTREAM and name in ("phenomenonTime", "resultTime"):
                said = "the span of a Datastream is not searched; ask its Observations"
                raise NotOffered(option, said)
            return Path(tuple(names[:n]), name.removeprefix("@iot."), tuple(names[n + 1 :]), many)
        if name not in kind.related:
            known = ", ".join(["id", *kind.properties, *kind.related])
            raise BadOption(option, f"a {kind.name} has no {name!r}; use one of {known}")
        if many and name in kind.many:
            raise NotOffered(option, f"{name} is the second collection in a path; ask it itself")
        many |= name in kind.many
        if (kind := KINDS[kind.related[name]]) is OBSERVATION:
            raise NotOffered(option, "Observations are searched themselves, see /Observations")
    raise BadOption(
        option, f"{'/'.join(names)} is no property; end with one, as in {names[-1]}/id"
    )


def conjuncts(node: Node | None) -> Iterator[Node]:
    """The conditions that all must hold."""
    if isinstance(node, Both) and node.joined == "and":
        yield from conjuncts(node.left)
        yield from conjuncts(node.right)
    elif node is not None:
        yield node


def paths(node: Node) -> Iterator[Path]:
    """Every property that is asked for."""
    if isinstance(node, Path):
        yield node
    for part in (
        (node.left, node.right) if isinstance(node, Both) else getattr(node, "arguments", ())
    ):
        yield from paths(part)


def value_of(node: Node, entity: Entity, reach: Reach) -> Any:
    """The value of an expression."""
    match node:
        case Literal(value):
            return value
        case Path():
            found = [_inside(node, one) for one in _led(node, entity, reach)]
            return Many(found) if node.many else next(iter(found), None)
        case Both(joined, left, right):
            first = value_of(left, entity, reach) is True
            if first is (joined == "or"):
                return first
            return value_of(right, entity, reach) is True
        case Call(_, function, arguments):
            return _applied(function, [value_of(part, entity, reach) for part in arguments])


def _led(path: Path, entity: Entity, reach: Reach) -> Sequence[Entity]:
    found: Sequence[Entity] = (entity,)
    for name in path.navigations:
        found = [other for one in found for other in reach(one, name)]
    return found


def _inside(path: Path, entity: Entity) -> Any:
    value: Any = entity.id if path.name == "id" else entity.properties.get(path.name)
    for name in path.inner:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _applied(function: Callable[..., Any], values: Sequence[Any]) -> Any:
    for n, value in enumerate(values):
        if isinstance(value, Many):
            rest = values[n + 1 :]
            return any(_applied(function, [*values[:n], one, *rest]) is True for one in value)
    try:
        return function(*values)
    except (TypeError, ValueError, ArithmeticError):
        return None


def _compared(name: str) -> Callable[[Any, Any], bool]:
    compare = COMPARISONS[name]
    if name in ("eq", "ne"):
        return compare
    return lambda left, right: left is not None and right is not None and compare(left, right)


def parsed(text: str, kind: Kind) -> Node:
    """A filter of entities of a kind.

    Raises:
        BadOption, NotOffered
    """
    return _Parser(text, kind).whole()


class _Parser:
    def __init__(self, text: str, kind: Kind) -> None:
        self._kind, self._nodes, self._depth = kind, 0, 0
        self._tokens = [
            (str(found.lastgroup), found[str(found.lastgroup)], found.start(str(found.lastgroup)))
            for found in _TOKEN.finditer(text)
        ]
        self._tokens.append(("end", "its end", len(text)))
        self._at = 0

    def whole(self) -> Node:
        found = self._either()
        if self._tokens[self._at][0] != "end":
            self._wrong("an operator")
        return found

    def _wrong(self, wanted: str) -> NoReturn:
        _, text, at = self._tokens[self._at]
        raise BadOption(FILTER, f"{wanted} is wanted at {at + 1}, where {text} stands; {_SAID}")

    def _taken(self, *words: str) -> str:
        """The next token, where it is one of these."""
        _, text, _ = self._tokens[self._at]
        if text not in words:
            return ""
        self._at += 1
        return text

    def _counted(self, node: Node) -> Node:
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise BadOption(
                FILTER, f"it has more than {MOST_NODES} parts; ask in several requests"
            )
        return node

    def _either(self) -> Node:
        left = self._all()
        while self._taken("or"):
            left = self._counted(Both("or", left, self._all()))
        return left

    def _all(self) -> Node:
        left = self._comparison()
        while self._taken("and"):
            left = self._counted(Both("and", left, self._comparison()))
        return left

    def _comparison(self) -> Node:
        left = self._sum()
        while name := self._taken(*COMPARISONS):
            left = self._counted(Call(name, _compared(name), (left, self._sum())))
        return left

    def _sum(self) -> Node:
        left = self._product()
        while name := self._taken(*_SUMS):
            left = self._counted(Call(name, _SUMS[name], (left, self._product())))
        return left

    def _product(self) -> Node:
        left = self._one()
        while name := self._taken(*_PRODUCTS):
            left = self._counted(Call(name, _PRODUCTS[name], (left, self._one())))
        return left

    def _one(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadOption(FILTER, f"it is nested deeper than {DEEPEST}; write it flatter")
        found = self._counted(self._value())
        self._depth -= 1
        return found

    def _value(self) -> Node:
        kind, text, _ = self._tokens[self._at]
        if self._taken("("):
            found = self._either()
            if not self._taken(")"):
                self._wrong("a closing parenthesis")
            return found
        if self._taken("not"):
            return Call("not", lambda value: value is not True, (self._one(),))
        if kind in _LITERALS or text in _WORDS:
            self._at += 1
            return Literal(_LITERALS[kind](text) if kind in _LITERALS else _WORDS[text])
        if kind != "name":
            self._wrong("a value")
        self._at += 1
        return self._call(text) if self._tokens[self._at][1] == "(" else self._path(text)

    def _path(self, name: str) -> Node:
        names = [name]
        while self._taken("/"):
            if self._tokens[self._at][0] != "name":
                self._wrong("a name")
            names.append(self._tokens[self._at][1])
            self._at += 1
        return path_of(names, self._kind, FILTER)

    def _call(self, name: str) -> Node:
        if name not in _FUNCTIONS:
            raise NotOffered(FILTER, f"the function {name} is not offered; {_SAID}")
        self._at += 1
        arguments = [self._either()]
        while self._taken(","):
            arguments.append(self._either())
        if not self._taken(")"):
            self._wrong("a closing parenthesis")
        least, most, function = _FUNCTIONS[name]
        if not least <= len(arguments) <= most:
            wanted = least if least == most else f"{least} or {most}"
            raise BadOption(FILTER, f"{name} wants {wanted} values, not {len(arguments)}")
        return Call(name, function, tuple(arguments))


def _instant(text: str) -> str:
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return instant(round(found.timestamp() * 1000))
    except (ValueError, OverflowError):
        pass
    raise BadOption(
        FILTER, f"{text} is no instant; write 2026-11-24T04:00:00Z, or an offset (+ as %2B)"
    )


_LITERALS: Mapping[str, Callable[[str], Any]] = {
    "text": lambda text: text[1:-1].replace("''", "'"),
    "number": lambda text: int(text) if text.lstrip("-").isdigit() else float(text),
    "time": _instant,
}
_WORDS = {"true": True, "false": False, "null": None}
