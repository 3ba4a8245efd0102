"""Clauses like those that were found faulty before, in this document or another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from documents.checks.records import CheckKind, Examined, Exclusion, Kinds, Question
from documents.comparing.likeness import likeness


class AlikeParameters(Struct, frozen=True, forbid_unknown_fields=True):
    """``at_least`` is the likeness from 0 to 1 that is asked about, of clauses of ``signs``
    or more characters.
    """

    at_least: float = 0.6
    signs: int = 10


def find(
    examined: Examined, parameters: AlikeParameters, _: Sequence[Exclusion]
) -> Iterator[Question]:
    """The clauses that are alike, each with the one it is most like."""
    asked = [of for of in examined.clauses if len(of.text) >= parameters.signs]
    if not asked or not examined.faulty:
        return
    alike = likeness([of.text for of in asked], [of.words for of in examined.faulty])
    for clause, row in zip(asked, alike, strict=True):
        at = int(row.argmax())
        if row[at] >= parameters.at_least:
            before = examined.faulty[at]
            why = f"《{before.document}》中相同或者相似的条文被认定有问题（{before.fault}）。"
            yield Question(clause.article, clause.text, why)


KINDS: Kinds = {"alike": CheckKind(AlikeParameters, find)}
