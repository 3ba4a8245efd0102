"""The money's way: what is matched, what is not, and that sums agree at every hop."""

from __future__ import annotations

import random
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from budget.chain import STAGES, Entry, Hop, Stage, reconcile
from tests.conftest import examples


def entry(name: str, source: str, yuan: int, day: int | None = 10, unit: str = "101") -> Entry:
    """An entry in whole yuan."""
    return Entry(id=name, source=source, unit=unit, cents=yuan * 100, day=day)


def hop(vouchers: Iterable[Entry], paid: Iterable[Entry]) -> Hop:
    """From vouchers to payments."""
    (only,) = reconcile({"voucher": list(vouchers), "payment": list(paid)})
    return only


def test_an_amount_is_matched_by_the_id_the_id_as_retyped_and_unit_amount_and_day() -> None:
    vouchers = [entry("PZ-001", "", 100), entry("PZ-002", "", 200), entry("PZ-003", "", 300)]
    of = hop(
        vouchers,
        [
            entry("1", "PZ-001", 100),
            entry("2", "ｐｚ 002", 150),
            entry("3", "", 300, day=14),
            entry("4", "PZ-777", 77),
        ],
    )
    assert {way: (tally.count, tally.cents) for way, tally in of.tallies.items()} == {
        "exact": (1, 10_000),
        "normalised": (1, 15_000),
        "near": (1, 30_000),
        "unmatched": (1, 7_700),
    }
    assert (of.unmatched, of.unmatched_share) == (("4",), 0.25)
    assert [balance.difference_cents for balance in of.balances] == [0, 5_000, 0]


def test_a_break_is_named_and_what_cannot_be_matched_is_none() -> None:
    of = hop([entry("A", "", 100)], [entry("1", "A", 60), entry("2", "A", 70), entry("3", "", 5)])
    assert [(broken.id, broken.difference_cents) for broken in of.breaks] == [("A", -3_000)]
    assert of.unmatched == ("3",)


def test_another_unit_amount_or_time_is_not_near_and_a_source_is_taken_once() -> None:
    of = hop(
        [entry("A", "", 100)],
        [
            entry("1", "", 100, unit="102"),
            entry("2", "", 101),
            entry("3", "", 100, day=40),
            entry("4", "", 100, day=None),
            entry("5", "", 100, day=11),
            entry("6", "", 100, day=12),
        ],
    )
    assert of.unmatched == ("1", "2", "3", "4", "6")


def test_a_stage_that_was_not_handed_in_is_left_out() -> None:
    hops = reconcile({"indicator": [entry("I", "", 9)], "payment": [entry("1", "I", 9)]})
    assert [(of.above, of.below) for of in hops] == [("indicator", "payment")]
    assert reconcile({}) == ()


entries = st.lists(
    st.builds(
        Entry,
        id=st.sampled_from(["", "A-1", "A-2", "a1", "B"]),
        source=st.sampled_from(["", "A-1", "Ａ１", "A-2", "B", "C"]),
        unit=st.sampled_from(["101", "102"]),
        cents=st.integers(-300, 300).map(lambda of: of * 100),
        day=st.none() | st.integers(0, 30),
    ),
    max_size=8,
)


@settings(max_examples=examples(300))
@given(st.dictionaries(st.sampled_from(STAGES), entries), st.randoms(use_true_random=False))
def test_sums_agree_at_every_hop_whatever_the_order(
    stages: dict[Stage, list[Entry]], order: random.Random
) -> None:
    hops = reconcile(stages)
    for of in hops:
        matched = sum(balance.matched.cents for balance in of.balances)
        above, below = (sum(one.cents for one in stages[at]) for at in (of.above, of.below))
        assert sum(tally.cents for tally in of.tallies.values()) == below
        assert matched + of.tallies["unmatched"].cents == below
        assert above - matched == sum(balance.difference_cents for balance in of.balances)
        assert len(of.unmatched) == of.tallies["unmatched"].count
    for rows in stages.values():
        order.shuffle(rows)
    assert reconcile(stages) == hops
