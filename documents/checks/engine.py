"""Runs checks on a document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from documents.checks.clauses import clauses
from documents.checks.documents import parameters_of
from documents.checks.kinds import KINDS
from documents.checks.records import CheckDocument, Examined, Faulty, Hit, Question
from documents.laws.table import Table
from documents.text.records import Document


def run(
    document: Document,
    checks: Iterable[CheckDocument],
    table: Table,
    on: date,
    faulty: Sequence[Faulty] = (),
) -> tuple[Hit, ...]:
    """What the checks that are on find in a document and its attachments as they hold on a day,
    in the order of checks and of the text. ``faulty`` are clauses that were found faulty before.

    Raises:
        ValueError: a check does not hold.
    """
    examined = [
        Examined(of, clauses(of), table, on, faulty) for of in (document, *document.attachments)
    ]
    return tuple(hit for check in checks if check.on for hit in _hits(check, examined))


def _hits(check: CheckDocument, examined: Sequence[Examined]) -> Iterator[Hit]:
    parameters, kind = parameters_of(check), KINDS[check.kind]
    for at, of in enumerate(examined):
        if at and kind.whole:
            continue
        found = kind.find(of, parameters, check.exclusions)
        yield from dict.fromkeys(_hit(check, question) for question in found)


def _hit(check: CheckDocument, of: Question) -> Hit:
    return Hit(
        check=check.id,
        article=of.article.number if of.article else None,
        inserted=of.article.inserted if of.article else 0,
        label=of.article.label if of.article else "",
        words=of.words,
        why=f"{of.why}{check.why}（{check.law}{check.clause}）",
        excluded=of.excluded,
    )
