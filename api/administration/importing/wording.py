"""Tables of an import: the template, and the first passwords."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from api.accounts.enrolment.people_sheet import COLUMNS
from api.administration.importing.records import Made
from api.web import tables
from config.catalogue.words import Words


def template(words: Words) -> list[list[str]]:
    """The heads of the columns."""
    last = words.language != "zh-CN"
    return [[next(of for of in heads if of.isascii() is last) for heads in COLUMNS.values()]]


def passwords_address(words: Words, made: Iterable[Made]) -> str:
    """The list as an address that holds it whole: nothing is kept to be asked for again."""
    heads = ["username", "name"]
    rows = [
        [
            *(words(f"administration.people.column-{head}") for head in heads),
            words("administration.importing.password"),
        ],
        *([of.username, of.name, of.password] for of in made),
    ]
    return "data:text/csv;charset=utf-8," + quote("".join(tables.csv(rows)))
