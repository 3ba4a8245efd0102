"""Units at work: parts of further units with terms of their own, and contacts that both confirm."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api import audit
from api.accounts.records import Span
from api.accounts.repositories.units import Units
from api.deadlines.records import Standing
from api.platforms.duty import terms
from api.platforms.duty.assignment import actions as assignment
from api.platforms.duty.handling import actions as handling
from api.platforms.duty.handling.actions import NotASigner, NotAtWork, SaidBefore
from api.procedures.refusals import Incomplete, NotAllowed, NotYours
from api.web.forms import NotAccepted
from tests.api.conftest import BOTH, RunningCentre
from tests.api.duty.handling_hands import Handling
from tests.api.duty.suggestion_hands import CLERK, HOUSING, LEAD, SECOND, WATER


@pytest.fixture
def work(centre: RunningCentre) -> Handling:
    """Nothing is written yet."""
    return Handling(centre)


@pytest.mark.parametrize("kind", BOTH)
def test_given_an_assignment_in_one_go_then_each_unit_has_its_part_and_its_own_term(
    work: Handling,
) -> None:
    """The unit in charge waits for an opinion that is not late, and for a late one no more."""
    item_id = work.signed()
    work.assign(item_id, co=["water"], separate=["transport"], day="2026-11-20")
    parts = {of["unit"]: of for of in work.contributions(item_id)}
    assert {unit: of["part"] for unit, of in parts.items()} == {
        "water": "co",
        "transport": "separate",
    }
    (term,) = work.every_term("contribution", parts["water"]["id"])
    assert (term.rule.id, term.responsible.unit) == (terms.CO_OPINION, "water")
    assert work.who(term) == (WATER,)
    assert term.reckoned.due.isoformat() == "2026-12-21", "a month from the 20th, past a Sunday"
    work.take(HOUSING, item_id, "sign-for")
    work.contact(item_id)
    with pytest.raises(NotAllowed, match="opinions"):
        work.reply(item_id)
    work.later(40)
    work.reply(item_id)
    work.contribute(WATER, parts["water"]["id"], "give", opinion="排口归我局", day=work.today)
    (term,) = work.every_term("contribution", parts["water"]["id"])
    assert term.late, "its own record, whatever the unit in charge did"


def test_given_a_unit_that_is_not_concerned_then_the_office_insists_or_releases_it(
    work: Handling,
) -> None:
    """A release takes the term along; the unit does not free itself."""
    item_id = work.handled(co=["water", "transport"])
    water, transport = (of["id"] for of in work.contributions(item_id))
    given = {"article": "三定方案第5条", "why": "排水管网不归我局"}
    work.contribute(WATER, water, "decline", **given)
    with pytest.raises(NotYours):
        work.contribute(WATER, water, "release", why="不办")
    work.contribute(CLERK, water, "insist", why="河道归你局")
    work.contribute(WATER, water, "give", opinion="已清淤。", day=work.today)
    work.contribute(CLERK, transport, "release", why="不涉及")
    (term,) = work.every_term("contribution", transport)
    assert term.standing is Standing.CANCELLED
    found = work.contributions(item_id)
    assert [of["state"] for of in found] == ["given", "released"]
    work.contact(item_id)
    work.reply(item_id)
    assert work.row(item_id)["state"] == "answered"


def test_given_a_unit_that_is_none_then_nothing_is_assigned(work: Handling) -> None:
    """All units or no unit; and a unit has one part."""
    item_id = work.signed()
    with pytest.raises(Incomplete):
        work.assign(item_id, co=["water", "nowhere"])
    for units in ({"co": ["housing"]}, {"co": ["water"], "separate": ["water"]}):
        with pytest.raises(NotAccepted) as refused:
            work.assign(item_id, **units)
        assert refused.value.key == "twice"
    assert work.row(item_id)["state"] == "accepted"
    assert not work.contributions(item_id)


def test_given_handling_has_begun_then_the_office_asks_one_more_unit_from_that_day(
    work: Handling,
) -> None:
    """A unit that has a part is not asked twice."""
    item_id = work.handled(day="2026-11-20")
    for _ in range(2):
        assignment.ask(work.services, work.people[CLERK], item_id, "water", "co")
    (part,) = work.contributions(item_id)
    assert part["asked_day"].isoformat() == work.today


def test_given_a_contact_then_it_is_claimed_until_the_lead_confirms_it_and_both_hear(
    work: Handling,
) -> None:
    """The first contact ends its term; a further signer's word stands beside the lead's."""
    item_id = work.handled()
    assert terms.CONTACT in work.terms(item_id)
    contact = work.contact(item_id)
    assert terms.CONTACT not in work.terms(item_id)
    assert any("确认是否属实" in text for text in work.heard(LEAD))
    shown = handling.parts(work.services, work.people[SECOND], work.row(item_id))
    assert shown["contacts"][0].standing == "单位登记，代表未确认"
    work.say(SECOND, contact, confirmed=True)
    work.say(LEAD, contact, confirmed=True)
    shown = handling.parts(work.services, work.people[HOUSING], work.row(item_id))
    (line,) = shown["contacts"]
    assert (line.standing, line.contact.others[SECOND].confirmed) == ("代表已确认", True)
    assert sum("确认了沟通情况" in text for text in work.heard(HOUSING)) == 2
    with pytest.raises(SaidBefore):
        work.say(LEAD, contact, confirmed=False)
    with pytest.raises(NotASigner):
        work.say(CLERK, contact, confirmed=True)
    rows = audit.search(work.services.state, subject=f"duty/suggestion/{item_id}")
    assert {"duty.contact", "duty.contact-word"} <= {row.action for row in rows}


def test_given_the_lead_denies_the_only_contact_then_the_unit_owes_one_again(
    work: Handling,
) -> None:
    """It cannot answer on the strength of a contact that was none."""
    item_id = work.handled()
    work.say(LEAD, work.contact(item_id), confirmed=False)
    assert terms.CONTACT in work.terms(item_id), "its term runs on from its own start"
    with pytest.raises(NotAllowed, match="no-contact"):
        work.reply(item_id)
    work.contact(item_id, way="phone")
    work.reply(item_id)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"way": "dream"}, "way"),
        ({"text": " "}, "text"),
        ({"day": "2027-01-01"}, "day"),
        ({"day": "yesterday"}, "day"),
    ],
)
def test_given_a_contact_that_does_not_hold_then_it_is_refused_by_its_field(
    work: Handling, given: dict[str, str], key: str
) -> None:
    """Nothing is logged, and the term runs."""
    item_id = work.handled()
    with pytest.raises(NotAccepted) as refused:
        work.contact(item_id, **given)
    assert refused.value.key == key
    assert terms.CONTACT in work.terms(item_id)


def test_given_no_unit_at_work_then_no_contact_is_logged(work: Handling) -> None:
    """Not before it is signed for, and not by another unit."""
    item_id = work.signed()
    work.assign(item_id)
    with pytest.raises(NotAtWork):
        work.contact(item_id)
    work.take(HOUSING, item_id, "sign-for")
    given = {"way": "visit", "day": work.today, "text": "看了现场"}
    assert handling.log_contact(work.services, work.people[WATER], item_id, given) is None


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_return_to_another_unit_then_what_is_told_of_further_units_is_told_there(
    work: Handling,
) -> None:
    """While nobody is in charge the office hears."""
    item_id = work.signed()
    work.assign(item_id, co=["transport"])
    (part,) = work.contributions(item_id)
    given = {"return_unit": "water", "article": "河道条例第4条", "why": "归水利"}
    work.take(HOUSING, item_id, "ask-return", **given)
    work.take(CLERK, item_id, "grant-return")
    assert work.contributions(item_id)[0]["lead_unit"] is None
    work.assign(item_id, unit="water")
    assert work.contributions(item_id)[0]["lead_unit"] == "water"
    before = {who: len(work.heard(who)) for who in (HOUSING, WATER)}
    work.contribute(CLERK, part["id"], "release", why="不涉及")
    assert len(work.heard(WATER)) == before[WATER] + 1
    assert len(work.heard(HOUSING)) == before[HOUSING]


def test_given_a_unit_that_has_ended_when_a_return_is_taken_back_then_it_leads_nothing(
    work: Handling,
) -> None:
    """That is written once."""
    item_id = work.signed()
    work.assign(item_id, co=["transport"])
    given = {"return_unit": "water", "article": "河道条例第4条", "why": "归水利"}
    work.take(HOUSING, item_id, "ask-return", **given)
    work.take(CLERK, item_id, "grant-return")
    room = Units(work.services.state)
    housing = next(of for of in room.all() if of.id == "housing")
    with work.services.state.begin() as connection:
        room.put(connection, replace(housing, span=Span(until_day="2026-01-01")))
    (before,) = work.contributions(item_id)
    work.withdraw(CLERK, item_id)
    assert work.row(item_id)["unit"] == "housing"
    (after,) = work.contributions(item_id)
    assert (after["lead_unit"], after["version"]) == (None, before["version"])


def test_given_an_assignment_that_is_taken_back_then_nobody_is_in_charge_of_further_units(
    work: Handling,
) -> None:
    """Until it is assigned anew."""
    item_id = work.signed()
    work.assign(item_id, co=["water"])
    work.withdraw(CLERK, item_id)
    assert [of["lead_unit"] for of in work.contributions(item_id)] == [None]
    work.assign(item_id)
    assert [of["lead_unit"] for of in work.contributions(item_id)] == ["housing"]
