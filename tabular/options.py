"""The options by which a person says what a file of readings holds, the same for each command."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from config.vocabulary.time import SHANGHAI
from tabular.instants import Order

FILE = "csv, txt, xlsx or xls with a header, also in a gzip or a zip of one"
Stamps = Literal["begin", "end"]
_MISSING = "--missing"


@dataclass(frozen=True, slots=True)
class Choice:
    """A person's word on a file. ``time`` is a column, or several with commas between them;
    ``maps`` are ``column=code[:unit]``, in a file with an ``item`` column ``item=code[:unit]`` and
    the value in column ``value``. ``stamps`` may be those of the ``end`` of what was measured.
    """

    time: str
    maps: tuple[str, ...]
    zone: str = SHANGHAI
    missing: tuple[str, ...] = ()
    decimal: str = ""
    stamps: Stamps = "begin"
    dates: Order = "ymd"
    item: str = ""
    value: str = ""
    sheet: str = ""

    @classmethod
    def of(cls, given: Namespace) -> Self:
        """The options behind a command."""
        return cls.out_of(vars(given) | {"time": given.time or "", "maps": given.map})

    @classmethod
    def out_of(cls, options: Mapping[str, Any]) -> Self:
        """Out of options that were sent to another process; others are passed over."""
        known = {name: options[name] for name in cls.__dataclass_fields__ if name in options}
        lists = {name: tuple(known[name]) for name in ("maps", "missing")}
        return cls(**known | lists)

    def sent(self) -> dict[str, Any]:
        """As options for another process."""
        return asdict(self)


def add_columns(parser: ArgumentParser, *, required: bool) -> None:
    """Options that name the columns of a file, and how it is written."""
    parser.add_argument(
        "--time",
        required=required,
        metavar="COLUMN[,COLUMN]",
        help="when it was measured; date and hour may stand in columns of their own",
    )
    parser.add_argument(
        "--map",
        required=required,
        nargs="+",
        action="extend",
        default=[],
        metavar="COLUMN=CODE[:UNIT]",
        help="what was measured; a unit that is not the indicator's own is converted",
    )
    parser.add_argument("--zone", default=SHANGHAI, help="of times without offset")
    parser.add_argument(
        _MISSING,
        nargs="+",
        action="extend",
        default=[],
        metavar="TEXT",
        help="what stands for no value besides an empty cell, --, NA, NULL, -9999 and the like",
    )
    parser.add_argument(
        "--stamps",
        choices=("begin", "end"),
        default="begin",
        help="which end of what was measured a time is; default begin",
    )
    parser.add_argument(
        "--dates",
        choices=("ymd", "dmy", "mdy"),
        default="ymd",
        help="the order of day and month where the year comes last; default: it does not",
    )
    parser.add_argument(
        "--decimal", choices=(".", ","), default="", help="the sign before decimals; default ."
    )
    parser.add_argument(
        "--item", default="", metavar="COLUMN", help="which names what a line holds; map its words"
    )
    parser.add_argument(
        "--value", default="", metavar="COLUMN", help="of the values, beside --item"
    )
    parser.add_argument("--sheet", default="", metavar="NAME", help="of a workbook")


def shielded(argv: Sequence[str]) -> list[str]:
    """Arguments in which what stands behind ``--missing`` does not look like options: ``--`` and
    ``---`` are what many a file has for no value.
    """
    return list(_shielded(argv))


def _shielded(argv: Sequence[str]) -> Iterator[str]:
    within = False
    for text in argv:
        name, equals, mark = text.partition("=")
        if name == _MISSING and equals:
            yield from (_MISSING, f" {mark}")
            within = False
        elif text == _MISSING:
            yield text
            within = True
        elif text.startswith("--") and text[2:3].isalpha():
            yield text
            within = False
        else:
            yield f" {text}" if within else text
