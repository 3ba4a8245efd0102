"""Which questions of two versions of a rule are the same. Pure."""

from __future__ import annotations

from dataclasses import replace

from api.platforms.budget.rules.records.trials import difference
from budget.detection.records import Finding

ONE = Finding(
    rule="r", kind="k", grade=2, unit="101", subject="P/2025", cents=5, payments=(1, 2), facts={}
)
OTHER_UNIT = replace(ONE, unit="102")
NO_PAYMENTS = replace(ONE, subject="资产 7", payments=())


def test_a_question_with_other_payments_in_it_is_the_same_and_one_with_none_of_them_is_another() -> (
    None
):
    """A month more in the rush asks about the same project; two purchases of one payee are two."""
    wider, apart = replace(ONE, payments=(2, 3), cents=9), replace(ONE, payments=(7, 8))
    assert difference([ONE], [wider]) == ((), ())
    assert difference([ONE], [apart]) == ((apart,), (ONE,))
    assert difference([ONE, apart], [apart]) == ((), (ONE,))
    assert difference([ONE], [ONE, OTHER_UNIT, NO_PAYMENTS]) == ((OTHER_UNIT, NO_PAYMENTS), ())


def test_each_question_stands_for_one_other_at_most_unless_its_subject_alone_names_it() -> None:
    """What was one and becomes two is one that is new."""
    halves = [replace(ONE, payments=(1,)), replace(ONE, payments=(2,))]
    assert difference([ONE], halves) == ((halves[1],), ())
    grown = replace(ONE, payments=(8, 9), by_subject=True)
    assert difference([replace(ONE, by_subject=True)], [grown]) == ((), ())
