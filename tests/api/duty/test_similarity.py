"""Earlier suggestions of the same matter, and the units that handled such ones."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.accounts.records import Span
from api.accounts.repositories.units import Units
from api.platforms.duty.similarity.actions import Compared, asked_of, proposals
from api.platforms.duty.similarity.records import Corpus, Written, counted
from api.procedures.refusals import Incomplete
from tests.api.conftest import BOTH, RunningCentre
from tests.api.duty.suggestion_hands import CLERK, HOUSING, Duty

RIVER = Written(
    1,
    "关于治理平潮镇通吕运河黑臭水体的建议",
    "平潮镇通吕运河水质连续超标，河水发黑发臭，建议加快污水处理厂提标改造。",
    "pingchao",
    "water",
    "water",
)
BUS = Written(
    2,
    "关于白鹭新村增设公交站点的建议",
    "白鹭新村居民出行不便，建议增设公交站，加密班次。",
    "jinsha",
    "transport",
    "transport",
)
LIFT = Written(
    3,
    "关于白鹭新村老旧住宅加装电梯的建议",
    "白鹭新村老人上下楼困难，建议加装电梯，简化审批。",
    "jinsha",
    "housing",
    "housing",
)
DITCH = Written(
    4,
    "关于疏浚二甲镇村级河道的建议",
    "二甲镇村级河道淤塞，建议由镇里组织疏浚。",
    "erjia",
    "water",
    "erjia",
)
CORPUS = Corpus(map(counted, (RIVER, BUS, LIFT, DITCH)))
UNITS = ("water", "transport", "housing", "erjia", "shizong")
texts = st.text(st.sampled_from("关于治理白鹭新村河道电梯公交建议，。\n 镇路a1"), max_size=60)


def asked(title: str, body: str, town: str | None = None) -> Written:
    """A text that is being written."""
    return Written(0, title, body, town)


@pytest.mark.parametrize(
    ("title", "body", "found"),
    [
        ("白鹭新村盼加装电梯", "老人下不了楼，审批太慢", 3),
        ("白鹭新村坐车难", "公交车一小时一班，站点离得远", 2),
        ("运河臭得开不了窗", "通吕运河平潮镇这一段水发黑，污水往里排", 1),
    ],
)
def test_when_a_matter_is_raised_again_in_other_words_then_the_earlier_one_comes_first(
    title: str, body: str, found: int
) -> None:
    """Also where another matter of the same estate is there."""
    match, *_ = CORPUS.similar(asked(title, body), 3)
    assert match.id == found
    assert all(phrase in f"{title}\n{body}" for phrase in match.shared)
    assert match.shared


def test_given_the_units_of_earlier_ones_then_each_proposal_names_its_evidence() -> None:
    """In the order of likelihood; a unit that is there no more is not proposed."""
    proposal, *_ = CORPUS.units(asked("小区加装电梯", "老人上下楼困难"), UNITS, 3)
    assert (proposal.unit, proposal.because) == ("housing", (3,))
    assert all(of.unit != "housing" for of in CORPUS.units(asked("加装电梯", ""), UNITS[:2], 3))


def test_given_what_towns_handle_for_themselves_then_the_own_town_is_proposed() -> None:
    """Learned from another town."""
    text = asked("关于疏浚十总镇村级河道的建议", "村级河道淤塞，镇里组织疏浚", "shizong")
    proposal, *_ = CORPUS.units(text, UNITS, 3)
    assert (proposal.unit, proposal.because[0]) == ("shizong", 4)


@given(title=texts, body=texts, most=st.integers(0, 5))
def test_given_any_text_then_matches_are_in_order_and_say_truly_what_both_have(
    title: str, body: str, most: int
) -> None:
    """Also an empty one, and one that nothing is like."""
    found = CORPUS.similar(asked(title, body), most)
    assert len(found) <= most
    closeness = [of.closeness for of in found]
    assert closeness == sorted(closeness, reverse=True)
    assert all(0 < of <= 1 + 1e-9 for of in closeness)
    assert all(of.unit in UNITS for of in CORPUS.units(asked(title, body), UNITS, most))


def test_given_nothing_to_compare_with_then_nothing_is_found() -> None:
    """In the first year of a platform."""
    assert Corpus(()).similar(asked("公交", "站点"), 3) == ()
    assert Corpus(()).units(asked("公交", "站点"), UNITS, 3) == ()
    unknown = Corpus([counted(Written(1, "公交站点", "公交"))])
    assert unknown.units(asked("公交", "站点"), UNITS, 3) == ()


def test_given_the_topic_of_the_office_then_it_tells_units_apart_that_the_words_do_not() -> None:
    """A text that says no more than where it is."""
    text = asked("白鹭新村的事", "白鹭新村")
    for topic in ("transport", "housing"):
        proposal, *_ = CORPUS.units(replace(text, topic=topic), UNITS, 3)
        assert proposal.unit == topic


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_unit_that_was_merged_then_its_suggestions_count_for_its_successor(
    centre: RunningCentre,
) -> None:
    """From the day after its last one, also where all had been compared before; the former unit
    takes no assignment, and the refusal names its successor.
    """
    duty, compared = Duty(centre), Compared()
    item_id = duty.assigned(unit="housing")
    duty.take(HOUSING, item_id, "sign-for")
    text = replace(asked_of(duty.row(item_id)), id=0)

    def proposed() -> list[str]:
        return [of.unit for of in proposals(duty.services, compared, text)]

    assert proposed() == ["housing"]
    room = Units(duty.services.state)
    housing = next(of for of in room.all() if of.id == "housing")
    for last_day, unit in ((duty.today, "housing"), ("2026-01-01", "water")):
        former = replace(housing, span=Span(until_day=last_day), successor="water")
        with duty.services.state.begin() as connection:
            room.put(connection, former)
        assert proposed() == [unit]
    next_id = duty.drafted()
    duty.submit(next_id)
    duty.take(CLERK, next_id, "accept", number="8号", session="between", topic="water")
    with pytest.raises(Incomplete) as refused:
        duty.take(CLERK, next_id, "assign", unit="housing", effort="normal", day=duty.today)
    assert "give water" in str(refused.value)
    name = next(of.name for of in room.all() if of.id == "water")
    assert name in refused.value.said(duty.services.words)
