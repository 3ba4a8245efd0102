"""A signature holds for the text that was read, and for no other; late ones are refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api import audit
from api.platforms.duty.signing.records import NotInvited, SigningOver, TextChanged
from api.platforms.duty.suggestions import actions
from api.procedures.refusals import UnknownThing
from tests.api.conftest import BOTH, RunningCentre
from tests.api.duty.suggestion_hands import BODY, CLERK, LEAD, SECOND, THIRD, Duty
from tests.conftest import examples

TEXTS = (BODY, f"{BODY}请尽快。", f"{BODY}请公开。")
Deed = tuple[str, str]
DEEDS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["invite", "sign", "decline"]), st.sampled_from([SECOND, THIRD])
        ),
        st.tuples(st.just("edit"), st.sampled_from(TEXTS)),
    ),
    max_size=12,
)


@pytest.fixture
def duty(centre: RunningCentre) -> Duty:
    """Nothing is written yet."""
    return Duty(centre)


@pytest.mark.parametrize("kind", BOTH)
@settings(max_examples=examples(12))
@given(deeds=DEEDS)
def test_whatever_is_edited_and_signed_then_a_signature_holds_for_its_own_text_alone(
    duty: Duty, deeds: list[Deed]
) -> None:
    """And whoever signed a text that is no more is asked again, once for each new text."""
    item_id, now = duty.drafted(), BODY
    invited: set[str] = set()
    signed: dict[str, str] = {}
    again: dict[str, set[str]] = {SECOND: set(), THIRD: set()}
    before = {who: len(duty.heard(who)) for who in again}
    news = dict.fromkeys(again, 0)
    for deed, of in deeds:
        if deed == "edit":
            duty.edit(item_id, body=of)
            now = of
            for who, text in signed.items():
                if text != now and now not in again[who]:
                    again[who].add(now)
                    news[who] += 1
        elif deed == "invite":
            actions.invite(duty.services, duty.people[LEAD], item_id, [of])
            news[of] += of not in invited
            invited.add(of)
        elif of not in invited:
            with pytest.raises(UnknownThing):
                duty.sign(of, item_id)
        elif deed == "sign":
            duty.sign(of, item_id)
            signed[of] = now
        else:
            actions.decline(duty.services, duty.people[of], item_id)
            signed.pop(of, None)
        assert set(duty.valid(item_id)) == {who for who, text in signed.items() if text == now}
        waiting = {
            who for who in again if any(f"/{item_id}" in of.path for of in todos(duty, who))
        }
        stale = {who for who, text in signed.items() if text != now}
        declined = {who for who in invited if who not in signed and who in answered(duty, item_id)}
        assert waiting == (invited - signed.keys() - declined) | stale
    assert {who: len(duty.heard(who)) - before[who] for who in again} == news


def todos(duty: Duty, who: str) -> list[object]:
    """The signatures that somebody is waited for."""
    return list(actions.todos(duty.services, duty.people[who]))


def answered(duty: Duty, item_id: str) -> set[str]:
    """Those who declined."""
    found = actions.signed(duty.services, duty.row(item_id))
    return {of.username for of in found if of.state == "declined"}


def test_given_the_text_of_before_then_it_cannot_be_signed(duty: Duty) -> None:
    """The form has the hash of the text that stood on the page."""
    item_id = duty.drafted()
    actions.invite(duty.services, duty.people[LEAD], item_id, [SECOND])
    read = duty.row(item_id)["text_hash"]
    duty.edit(item_id, title="另一个标题")
    with pytest.raises(TextChanged):
        actions.sign(duty.services, duty.people[SECOND], item_id, read)
    assert duty.valid(item_id) == []


def test_given_it_was_checked_then_a_late_signature_is_refused_with_the_reason(duty: Duty) -> None:
    """While it waits for the check people may still sign; each act has its row in the audit."""
    item_id = duty.drafted()
    actions.invite(duty.services, duty.people[LEAD], item_id, [SECOND, THIRD])
    duty.submit(item_id)
    duty.sign(SECOND, item_id)
    other = duty.drafted()
    duty.submit(other)
    with pytest.raises(NotInvited):
        duty.sign(SECOND, other)
    duty.take(CLERK, item_id, "accept", number="1号", session="between", topic="water")
    with pytest.raises(SigningOver):
        duty.sign(SECOND, item_id)
    with pytest.raises(SigningOver) as refused:
        duty.sign(THIRD, item_id)
    assert "附议到审查通过为止" in refused.value.said(duty.services.words)
    assert duty.valid(item_id) == [SECOND]
    assert not todos(duty, THIRD)
    subject = f"duty/suggestion/{item_id}"
    rows = audit.search(duty.services.state, subject=subject)
    acts = [of.action for of in rows if of.action.startswith("duty.")]
    assert sorted(acts) == ["duty.invite", "duty.no-ground", "duty.sign"]


def test_given_it_comes_back_and_is_changed_then_its_signers_are_asked_again(duty: Duty) -> None:
    """Also when the edit was taken as a plain step over the API."""
    item_id = duty.drafted()
    actions.invite(duty.services, duty.people[LEAD], item_id, [SECOND])
    duty.sign(SECOND, item_id)
    duty.submit(item_id)
    duty.take(CLERK, item_id, "amend", why="请写明河段")
    assert duty.valid(item_id) == [SECOND]
    changed = {"title": "平潮段河道异味", "body": BODY, "openness": "public"}
    duty.take(LEAD, item_id, "edit", **changed)
    assert duty.valid(item_id) == []
    assert "您附议过的文字已经改动，请重新看过再附议。" in duty.heard(SECOND)
