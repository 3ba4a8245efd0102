"""Query options: read for a kind of entities, those within $expand too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from api.platforms.environment.sensorthings.records.expressions import Node, Path, parsed, path_of
from api.platforms.environment.sensorthings.records.kinds import KINDS, Kind
from api.platforms.environment.sensorthings.records.refusals import BadOption

LONGEST = 2000
DEEPEST = 4
TOP = 100
MOST_TOP = 10_000
"""Entities of an answer."""
_ITEM = re.compile(r"([A-Za-z/]+)(?:\((.*)\))?", re.DOTALL)
_NUMBER = re.compile(r"[0-9]{1,9}")
OFFERED = ("$filter", "$expand", "$select", "$orderby", "$top", "$skip", "$count")
OF_ONE = ("$expand", "$select")
"""Options of a single entity."""


@dataclass(slots=True)
class Options:
    """Asked of a collection, or of an entity."""

    filter: Node | None = None
    expand: dict[str, Options] = field(default_factory=dict)
    select: tuple[str, ...] = ()
    orderby: list[tuple[Path, bool]] = field(default_factory=list)
    """Each with whether the largest comes first."""
    top: int = TOP
    skip: int = 0
    count: bool = False
    after: str = ""
    """The id of the Observation behind which a page begins."""
    written: dict[str, str] = field(default_factory=dict)
    """As they were asked."""


def read(pairs: Iterable[tuple[str, str]], kind: Kind, depth: int = 0) -> Options:
    """The options of a request.

    Raises:
        BadOption, NotOffered
    """
    found = Options()
    for name, value in pairs:
        if not name.startswith("$"):
            raise BadOption(name or "?", f"is no option; use {', '.join(OFFERED)}")
        if name in found.written:
            raise BadOption(name, "stands twice; write it once")
        if len(value) > LONGEST:
            raise BadOption(name, f"is longer than {LONGEST} characters; ask in several requests")
        found.written[name] = value
        _take(found, name, value, kind, depth)
    return found


def _take(found: Options, name: str, value: str, kind: Kind, depth: int) -> None:
    match name:
        case "$filter":
            found.filter = parsed(value, kind)
        case "$expand":
            _expand_all(found, value, kind, depth)
        case "$select":
            found.select = tuple(_selected(one.strip(), kind) for one in value.split(","))
        case "$orderby":
            found.orderby = [_order(one.split(), kind) for one in value.split(",")]
        case "$top":
            found.top = min(_number(name, value), MOST_TOP)
        case "$skip":
            found.skip = _number(name, value)
        case "$count":
            found.count = _truth(name, value)
        case "$skiptoken":
            found.after = value
        case _:
            raise BadOption(name, f"is not known; use {', '.join(OFFERED)}")


def _expand_all(found: Options, value: str, kind: Kind, depth: int) -> None:
    for item in apart(value, ","):
        _expand(found, item.strip(), kind, depth)


def _expand(found: Options, item: str, kind: Kind, depth: int) -> None:
    match = _ITEM.fullmatch(item)
    if match is None:
        raise BadOption("$expand", f"{item!r} cannot be read; write Datastreams($top=1)")
    navigation, _, rest = match[1].partition("/")
    if navigation not in kind.related:
        known = ", ".join(kind.related)
        raise BadOption("$expand", f"a {kind.name} has no {navigation!r}; use one of {known}")
    if depth == DEEPEST:
        raise BadOption("$expand", f"it is nested deeper than {DEEPEST}; ask in several requests")
    other = KINDS[kind.related[navigation]]
    if rest:
        inner = found.expand.setdefault(navigation, Options())
        _expand(inner, item.partition("/")[2], other, depth + 1)
        return
    pairs = [part.strip().partition("=")[::2] for part in apart(match[2] or "", ";")]
    before = found.expand.get(navigation, Options()).expand
    found.expand[navigation] = read(pairs, other, depth + 1)
    found.expand[navigation].expand |= before


def apart(text: str, sign: str) -> Iterator[str]:
    """Parts between a sign, where it stands in no quotes and no parentheses."""
    begin = depth = 0
    quoted = False
    for at, one in enumerate(text):
        quoted ^= one == "'"
        if not quoted:
            depth += (one == "(") - (one == ")")
            if one == sign and not depth:
                yield text[begin:at]
                begin = at + 1
    if text[begin:].strip():
        yield text[begin:]


def _selected(name: str, kind: Kind) -> str:
    if name in ("id", "@iot.id"):
        return "id"
    if name not in (*kind.properties, *kind.related):
        known = ", ".join(["id", *kind.properties, *kind.related])
        raise BadOption("$select", f"a {kind.name} has no {name!r}; use one of {known}")
    return name


def _order(words: list[str], kind: Kind) -> tuple[Path, bool]:
    # FROST's client writes DESC.
    way = " ".join(words[1:]).lower()
    if not words or way not in ("", "asc", "desc"):
        raise BadOption("$orderby", "write a property, and asc or desc behind it")
    return path_of(words[0].split("/"), kind, "$orderby"), way == "desc"


def _number(name: str, value: str) -> int:
    if not _NUMBER.fullmatch(value):
        raise BadOption(name, "write a whole number from 0 on")
    return int(value)


def _truth(name: str, value: str) -> bool:
    if value not in ("true", "false"):
        raise BadOption(name, "write true or false")
    return value == "true"
