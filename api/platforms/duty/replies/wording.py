"""The text that a reply begins with, and the paper that it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from api.platforms.duty.handling.records import Reply
from api.procedures.procedure import Row
from config.catalogue.words import Words


def first_text(
    words: Words,
    row: Row,
    names: Sequence[str],
    units: Mapping[str, str],
    opinions: Sequence[Row],
) -> str:
    """The text that the form is filled with: salutation, number, the opinions of further units.

    Args:
        words: of the site, in which replies are written.
        row: of the suggestion.
        names: of the lead deputy and the signers.
        units: names of units by id.
        opinions: contributions that were given.
    """
    lines = [
        words("duty.reply.salutation", names=words.listed(names)),
        words("duty.reply.opening", title=row["title"], number=_number(row)),
        "",
        words("duty.reply.body"),
        "",
    ]
    for one in opinions:
        unit = units.get(one["unit"], one["unit"])
        lines += [words("duty.reply.opinion", unit=unit, opinion=one["opinion"]), ""]
    return "\n".join([*lines, words("duty.reply.closing")])


def paper(
    words: Words,
    row: Row,
    reply: Reply,
    unit: str,
    label: str,
    promises: Sequence[tuple[str, date]],
) -> dict[str, Any]:
    """The values of the Word template ``reply.docx``."""
    return {
        "title": words("duty.reply.paper-title", number=_number(row)),
        "unit": unit,
        "number": reply.number,
        "result": label,
        "paragraphs": [of for of in reply.text.splitlines() if of.strip()],
        "promises": [
            words("duty.reply.paper-promise", measure=measure, day=day.isoformat())
            for measure, day in promises
        ],
        "signer": words("duty.reply.paper-signer", signer=reply.signer),
        "day": words("duty.reply.paper-day", day=reply.day.isoformat()),
    }


def _number(row: Row) -> str:
    """The number without the sign that the sentence has itself."""
    return (row["number"] or "—").removesuffix("号")
