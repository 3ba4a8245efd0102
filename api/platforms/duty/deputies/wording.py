"""A spreadsheet of deputies: the heads of its columns, its rows, and first passwords."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import msgspec

from api.accounts.records import Unit
from api.platforms.duty.deputies.records import MOST, Entered, FaultySheet, Made, Mistake
from api.web import tables
from config.catalogue.words import Words
from config.vocabulary.errors import FaultyInput
from tabular import layout, sheets
from tabular.sheets import Cell

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "username": ("用户名", "账号", "username"),
    "name": ("姓名", "名字", "name"),
    "delegation": ("代表团", "单位", "delegation"),
    "constituency": ("选区", "constituency"),
    "certificate": ("代表证号", "证号", "certificate"),
    "sector": ("界别", "职业构成", "sector"),
    "gender": ("性别", "gender"),
    "education": ("学历", "文化程度", "education"),
}
"""By field the names that its column may have."""
NEEDED = ("username", "name", "delegation")
"""Columns without which there is no list."""
_GENDERS = {"女": "female", "男": "male", "female": "female", "male": "male", "": ""}
_SOME = 8
"""Delegations in a remedy."""


def template(words: Words) -> list[list[str]]:
    """The heads of the columns."""
    last = words.language != "zh-CN"
    return [[next(of for of in heads if of.isascii() is last) for heads in COLUMNS.values()]]


def read(file: str, content: bytes, units: Sequence[Unit]) -> list[tuple[int, Entered]]:
    """The rows of a spreadsheet (xlsx, xls or csv), each with its number.

    Args:
        file: its name.
        content: its bytes.
        units: every unit; only delegations count.

    Raises:
        FaultySheet: with every mistake at once.
    """
    try:
        found = layout.layout(sheets.parsed(Path(file), content))
    except FaultyInput as error:
        raise FaultySheet([Mistake("unreadable")]) from error
    names = [column.name.lower() for column in found.columns]
    at = {
        key: names.index(next(head for head in heads if head in names))
        for key, heads in COLUMNS.items()
        if any(head in names for head in heads)
    }
    if missing := [COLUMNS[of][0] for of in NEEDED if of not in at]:
        raise FaultySheet([Mistake("no-column", values={"head": of}) for of in missing])
    rows = list(found.data())
    if len(rows) > MOST:
        raise FaultySheet([Mistake("too-many", values={"most": MOST})])
    heads = {key: found.columns[index].name for key, index in at.items()}
    texts = [(row, {key: _text(cells[of]) for key, of in at.items()}) for row, cells in rows]
    return _entered(texts, heads, units)


def passwords_address(words: Words, made: Iterable[Made]) -> str:
    """First passwords as an address that holds the table whole: nothing is kept."""
    heads = [words(f"duty.deputies.column-{head}") for head in ("username", "name", "password")]
    rows = [heads, *([of.username, of.name, of.password] for of in made)]
    return "data:text/csv;charset=utf-8," + quote("".join(tables.csv(rows)))


def _entered(
    texts: Sequence[tuple[int, Mapping[str, str]]],
    heads: Mapping[str, str],
    units: Sequence[Unit],
) -> list[tuple[int, Entered]]:
    delegations = [of for of in units if of.kind == "delegation"]
    ids = {of.id: of.id for of in delegations} | {of.name: of.id for of in delegations}
    some = " / ".join(of.name for of in delegations[:_SOME])
    mistakes: list[Mistake] = []
    good: list[tuple[int, Entered]] = []
    usernames: set[str] = set()
    certificates: set[str] = set()
    for row, said in texts:
        wrong = list(_wrong(said, ids, some, usernames, certificates))
        mistakes += [Mistake(kind, row, heads[key], values) for key, kind, values in wrong]
        usernames.add(said["username"])
        certificates.add(said.get("certificate", ""))
        if not wrong:
            gender = _GENDERS[said.get("gender", "").lower()]
            delegation = ids[said["delegation"]]
            values = {**said, "delegation": delegation, "gender": gender}
            good.append((row, msgspec.convert(values, Entered)))
    if mistakes:
        raise FaultySheet(mistakes)
    return good


def _wrong(
    said: Mapping[str, str],
    ids: Mapping[str, str],
    some: str,
    usernames: Collection[str],
    certificates: Collection[str],
) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Fields of a row that do not hold, each with the kind of mistake and its values."""
    if said["username"] in usernames:
        yield "username", "twice", {"given": said["username"]}
    if said.get("certificate") and said["certificate"] in certificates:
        yield "certificate", "twice", {"given": said["certificate"]}
    if said["delegation"] not in ids:
        yield "delegation", "delegation", {"given": said["delegation"], "known": some}
    if said.get("gender", "").lower() not in _GENDERS:
        yield "gender", "gender", {"given": said["gender"]}
    fine = {"username": "nobody", "name": "-", "delegation": "-"}
    for key in said.keys() - {"delegation", "gender"}:
        try:
            msgspec.convert(fine | {key: said[key]}, Entered)
        except msgspec.ValidationError:
            kind = key if key in ("username", "name") else "long"
            yield key, kind, {"given": said[key][:40]}


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell).strip()
