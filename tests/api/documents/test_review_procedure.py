"""Whatever happens to a review, somebody owns each term, and nothing is archived half done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.deadlines.opening import deadlines_of
from api.deadlines.records import Standing
from api.platforms import documents
from api.platforms.documents.reviews.actions import reviewing
from api.platforms.documents.reviews.procedure import terms
from api.platforms.documents.reviews.procedure.consultation import PROCEDURE as CONSULTATION
from api.platforms.documents.reviews.procedure.point import PROCEDURE as POINT
from api.platforms.documents.reviews.procedure.review import PROCEDURE
from api.platforms.documents.reviews.records import OVER, STAGES, Asked
from api.platforms.documents.reviews.tables import POINT as POINTS
from api.platforms.documents.texts import actions as texts
from api.procedures import taking
from api.procedures.procedure import WITHDRAW, Procedure, Row
from api.procedures.refusals import NotAllowed, NotByHand, NotYours, StepRefused
from api.web.forms import NotAccepted
from config.catalogue.words import LanguageTag, Words
from tests.api.conftest import BOTH, FOLDER, RunningCentre
from tests.api.documents.review_hands import (
    AMENDED,
    CLERK,
    COMMITTEE,
    CONSTITUTION,
    HEAD,
    MAKER,
    OTHER,
    POINT_OF_FINE,
    Reviews,
)
from tests.conftest import examples

DOCUMENTS = Path(documents.__file__).parent / "words"

HANDS = (CLERK, HEAD, MAKER, OTHER, COMMITTEE)
SAYS = "按要求办理"


@pytest.fixture
def work(centre: RunningCentre) -> Reviews:
    """Nothing is under review yet."""
    return Reviews(centre)


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_fine_when_the_maker_promises_and_is_late_then_the_review_goes_on_by_itself(
    work: Reviews,
) -> None:
    """Suspended it waits for the day; the maker's term is overdue from the day after on."""
    review, _ = work.opined()
    (term,) = work.open_terms(review)
    assert (term.rule.id, term.verified) == (terms.ANSWER, True)
    work.step(MAKER, review, "promise", promise=SAYS, day=work.today, promised=work.in_days(20))
    (term,) = work.open_terms(review)
    assert (term.rule.id, work.who(term)) == (terms.PROMISE, (MAKER,))
    assert term.reckoned.due == date.fromisoformat(work.in_days(20))
    work.later(20)
    reviewing.lapse(work.services)
    assert work.row(review)["state"] == "suspended", "its last day is today"
    work.later(1)
    reviewing.lapse(work.services)
    assert work.row(review)["state"] == "lapsed"
    (term,) = work.open_terms(review)
    assert term.lamp(work.services.now_ms()) == "red"
    other, _ = work.opined()
    work.step(MAKER, other, "promise", promise=SAYS, day=work.today, promised=work.in_days(5))
    with pytest.raises(NotByHand):
        work.step(HEAD, other, "lapse")


def test_given_a_promise_then_its_day_lies_ahead_and_within_a_year(work: Reviews) -> None:
    """What is put off without an end is not promised."""
    review, _ = work.opined()
    for promised in (work.today, work.in_days(-1), work.in_days(400)):
        with pytest.raises(StepRefused, match="promised"):
            work.step(MAKER, review, "promise", promise=SAYS, day=work.today, promised=promised)
    assert work.row(review)["state"] == "opined"


def test_given_a_maker_that_has_time_then_nobody_proposes_anything_yet(work: Reviews) -> None:
    """Two months from the day of the opinion (立法法 112), then it may be."""
    review, _ = work.opined()
    given = {"proposed": "annul", "proposal": SAYS}
    with pytest.raises(NotAllowed) as refused:
        work.step(HEAD, review, "propose", day=work.today, **given)
    assert "期限还没有到" in refused.value.said(work.services.words)
    work.later(70)
    work.step(HEAD, review, "propose", day=work.today, **given)
    assert work.row(review)["state"] == "proposed"


def test_given_a_question_of_the_constitution_then_it_is_passed_up_and_nothing_else(
    work: Reviews,
) -> None:
    """No step decides on it, and the review is not over while it waits here."""
    review = work.review(work.text())
    point = work.point(review, CONSTITUTION)
    for name, said in (("correct", {}), ("drop", {"outcome": SAYS})):
        with pytest.raises(NotAllowed):
            work.settle(CLERK, point, name, **said)
    for by, name in ((CLERK, "clear"), (HEAD, "opine")):
        with pytest.raises(NotAllowed):
            work.step(
                by, review, name, **({"conclusion": SAYS} if name == "clear" else
                                     {"opinion": SAYS, "day": work.today})
            )  # fmt: skip
    work.settle(CLERK, point, "pass-up", addressee="省人大常委会法工委", day=work.today)
    work.step(CLERK, review, "clear", conclusion=SAYS)
    work.step(CLERK, review, "archive")
    work.settle(CLERK, point, "answer-from-above", outcome="符合宪法", day=work.today)
    assert work.row(point, POINT)["state"] == "answered"


def test_given_an_amended_text_then_points_are_held_against_it_before_the_review_ends(
    work: Reviews,
) -> None:
    """The maker's word alone corrects nothing."""
    text = work.text()
    review, (point,) = work.opined(text=text)
    work.step(MAKER, review, "report-amended", handled="通政规〔2026〕12号", day=work.today)
    with pytest.raises(NotAllowed):
        work.step(CLERK, review, "end", conclusion=SAYS)
    work.amend(text)
    work.step(CLERK, review, "join")
    with pytest.raises(NotAllowed):
        work.step(CLERK, review, "end", conclusion=SAYS)
    (held,) = reviewing.shown(work.services, work.people[MAKER], str(review)).held
    assert (held.new_label, held.stands) == ("第三条", False)
    assert held.new == "对违反本规定的，由区水利局依法处理。"
    work.settle(CLERK, point, "correct")
    work.step(CLERK, review, "end", conclusion=SAYS)
    assert work.open_terms(review) == []


def test_given_an_order_that_is_kept_by_a_repeal_then_the_text_has_ended_on_record_too(
    work: Reviews,
) -> None:
    """The decision names meeting and day; the points fall with the text."""
    text = work.text()
    review, _ = work.opined(text=text)
    work.step(MAKER, review, "refuse", why=SAYS, day=work.today)
    work.step(HEAD, review, "propose", proposed="correct", proposal=SAYS, day=work.today)
    work.step(HEAD, review, "submit", meeting="第30次主任会议", day=work.today)
    decision = {"meeting": "第28次常委会会议", "day": work.today}
    work.step(HEAD, review, "order", ordered=work.in_days(30), **decision)
    (term,) = work.open_terms(review)
    assert (term.rule.id, work.who(term)) == (terms.ORDER, (MAKER,))
    work.step(MAKER, review, "report-repealed", handled="通政发〔2026〕3号", day=work.today)
    with pytest.raises(NotAllowed):
        work.step(CLERK, review, "end", conclusion=SAYS)
    texts.repeal(work.services, work.people[CLERK], text, work.today, "通政发〔2026〕3号")
    work.step(CLERK, review, "end", conclusion=SAYS)
    work.step(CLERK, review, "archive")
    assert work.row(review)["state"] == "archived"


def test_given_a_committee_with_time_left_then_the_opinion_waits_and_a_late_one_holds_up_nobody(
    work: Reviews,
) -> None:
    """Thirty days (北京条例 23), of the committee alone; it answers for itself and no other."""
    review = work.review(work.text())
    work.point(review)
    asked = work.consult(review, "legislation-committee")
    (term,) = [of for of in work.consultation_terms(asked) if of.open]
    assert (term.rule.id, work.who(term)) == (terms.OPINION, (COMMITTEE,))
    opinion = {"opinion": SAYS}
    with pytest.raises(NotAllowed):
        work.step(HEAD, review, "opine", day=work.today, **opinion)
    with pytest.raises(StepRefused):
        work.step(COMMITTEE, review, "talk", talked=SAYS, day=work.today)
    work.later(40)
    work.step(HEAD, review, "opine", day=work.today, **opinion)
    given = {"finding": "problem", "opinion": SAYS, "day": work.today}
    work.give(COMMITTEE, asked, "give", **given)
    assert work.row(asked, CONSULTATION)["state"] == "given"


def test_given_a_review_that_is_extended_with_consent_then_it_is_never_late_for_that(
    work: Reviews,
) -> None:
    """By three months at most, as the comparator has it."""
    review = work.review(work.text())
    (term,) = work.open_terms(review)
    assert (term.rule.id, term.rule.code) == (terms.REVIEW_OWN, "C")
    with work.services.state.begin() as connection:
        deadlines_of(work.services).extend(
            connection,
            term.id,
            "情况复杂，负责人批准",
            actor=work.people[HEAD].actor,
            at_ms=work.services.now_ms(),
            amount=3,
        )
    work.later(150)
    (term,) = work.open_terms(review)
    assert term.lamp(work.services.now_ms()) not in ("red", "gray")
    work.point(review)
    work.step(HEAD, review, "opine", opinion=SAYS, day=work.today)
    assert next(of.standing for of in work.terms(review)) is Standing.ENDED


def test_given_two_makers_then_each_sees_and_answers_its_own_once_somebody_spoke_to_it(
    work: Reviews,
) -> None:
    """And of the other's not even that it is there."""
    own, foreign = work.review(work.text()), work.review(work.text(maker="housing"))

    def seen(who: str) -> list[int]:
        rows, _, _ = reviewing.listed(work.services, work.people[who], Asked())
        return sorted(of["id"] for of in rows)

    assert seen(MAKER) == []
    work.step(CLERK, own, "ask", letter="依据是什么？", day=work.today,
              answer_until=work.in_days(10))  # fmt: skip
    assert (seen(MAKER), seen(OTHER)) == ([own], [])
    assert seen(CLERK) == sorted([own, foreign])
    with pytest.raises(StepRefused):
        work.step(OTHER, own, "answer", answer=SAYS, day=work.today)
    with pytest.raises(NotYours):
        work.step(MAKER, own, "clear", conclusion=SAYS)
    work.step(MAKER, own, "answer", answer=SAYS, day=work.today)
    assert work.row(own)["state"] == "reviewing"
    mine = work.point(own)
    work.point(own, CONSTITUTION)
    points = reviewing.shown(work.services, work.people[MAKER], str(own)).points
    assert [of["id"] for of in points] == [mine], "what is passed up is not the maker's"
    assert len(reviewing.shown(work.services, work.people[CLERK], str(own)).points) == 2


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_word_of_the_procedures_is_there(language: LanguageTag) -> None:
    """States, steps, needs, choices and obstacles."""
    words = Words.load(language, {"documents": DOCUMENTS}, FOLDER)
    for procedure in (PROCEDURE, POINT, CONSULTATION):
        for key in sorted(procedure.keys()):
            assert words(f"{procedure.words}.{key}"), key


def test_the_stages_of_the_list_hold_each_state_once_and_suspended_is_not_over() -> None:
    """Suspended never counts as closed."""
    states = [name for of in STAGES.values() for name in of]
    assert sorted(states) == sorted(of.name for of in PROCEDURE.states)
    assert not {"suspended", "lapsed"} & set(OVER)
    assert not PROCEDURE.closed("suspended")


GIVEN: Mapping[str, Mapping[str, str]] = {
    "clear": {"conclusion": SAYS},
    "talk": {"talked": SAYS},
    "ask": {"letter": SAYS, "answer_until": "+10"},
    "opine": {"opinion": SAYS},
    "end": {"conclusion": SAYS},
    "go-on": {"why": SAYS},
    "find-insufficient": {"why": SAYS},
    "answer": {"answer": SAYS},
    "promise": {"promise": SAYS, "promised": "+15"},
    "report-amended": {"handled": SAYS},
    "report-repealed": {"handled": SAYS},
    "refuse": {"why": SAYS},
    "propose": {"proposed": "annul", "proposal": SAYS},
    "submit": {"meeting": "主任会议"},
    "return": {"meeting": "主任会议", "why": SAYS},
    "decide": {"meeting": "常委会会议", "result": "annul", "conclusion": SAYS},
    "order": {"meeting": "常委会会议", "ordered": "+20"},
    "feed-back": {"feedback": SAYS},
    "pass-up": {"addressee": "省人大常委会"},
    "correct": {},
    "drop": {"outcome": SAYS},
    "answer-from-above": {"outcome": SAYS},
    WITHDRAW: {"why": "误操作"},
}


def said_for(work: Reviews, procedure: Procedure, name: str) -> dict[str, str]:
    """What a step needs, today."""
    found = {
        key: work.in_days(int(of)) if of.startswith("+") else of
        for key, of in GIVEN.get(name, {}).items()
    }
    step = procedure.by_name.get(name)
    if step is not None and any(need.name == "day" for need in step.needs):
        found["day"] = work.today
    return found


def tried(work: Reviews, by: str, procedure: Procedure, item: int, name: str) -> None:
    """Somebody tries a step; a refusal leaves everything as it was."""
    given = said_for(work, procedure, name)
    try:
        with taking.acts(work.services, procedure, work.people[by]) as acting:
            if name == WITHDRAW:
                taking.withdraw(acting, str(item), given["why"])
            else:
                taking.take(acting, str(item), name, given)
    except StepRefused as error:
        refused = error
    else:
        return
    assert refused.said(work.services.words)


def moved(work: Reviews, data: st.DataObject, text: int, review: int) -> None:
    """Something happens: time, the text, or a point."""
    kind = data.draw(st.sampled_from(("time", "amend", "repeal", "raise", "settle", "settle")))
    points = points_of(work, review)
    if kind == "time":
        work.later(data.draw(st.sampled_from((1, 20, 70))))
        reviewing.lapse(work.services)
    elif kind in ("amend", "repeal"):
        try:
            if kind == "amend":
                work.amend(text, AMENDED)
            else:
                texts.repeal(work.services, work.people[CLERK], text, work.today, SAYS)
        except texts.ChangedMeanwhile:
            pass
    elif kind == "raise":
        raised = data.draw(st.sampled_from((POINT_OF_FINE, CONSTITUTION)))
        try:
            work.point(review, raised)
        except (StepRefused, NotAccepted):
            pass
    elif points:
        point = data.draw(st.sampled_from([of["id"] for of in points]))
        name = data.draw(st.sampled_from(("correct", "drop", "pass-up", "answer-from-above")))
        tried(work, CLERK, POINT, point, name)


def points_of(work: Reviews, review: int) -> Sequence[Row]:
    """All points of a review."""
    with work.services.state.read() as connection:
        query = sa.select(POINTS).where(POINTS.c.review == review)
        return [dict(row) for row in connection.execute(query).mappings()]


def assert_sound(work: Reviews, review: int) -> None:
    """What holds in whatever state."""
    row = work.row(review)
    points = points_of(work, review)
    for term in work.open_terms(review):
        assert work.who(term), f"nobody owns {term.rule.id}"
    for point in points:
        if point["test"] == "constitution":
            assert point["state"] in ("raised", "passed-up", "answered")
    over = reviewing.listed(work.services, work.people[HEAD], Asked(stage="over"))[0]
    archived = reviewing.listed(work.services, work.people[HEAD], Asked(stage="archived"))[0]
    done = review in {of["id"] for of in (*over, *archived)}
    assert done == (row["state"] in OVER)
    if row["state"] == "suspended":
        assert not done
        (term,) = [of for of in work.open_terms(review) if of.rule.id == terms.PROMISE]
        assert term.reckoned.due == row["promised_day"]
    if row["state"] == "archived":
        whole = row["result"] or row["way"] == "repealed"
        left = [of for of in points if of["state"] == "raised"]
        assert all(whole and of["test"] != "constitution" for of in left)
        assert not work.open_terms(review)


LIKELY = {
    "answer": MAKER,
    "promise": MAKER,
    "report-amended": MAKER,
    "report-repealed": MAKER,
    "refuse": MAKER,
}
NAMES = (*(step.name for step in PROCEDURE.steps if step.sources), WITHDRAW, "burn")


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    data=st.data(),
    mode=st.sampled_from(("own", "request", "transferred")),
    turns=st.integers(3, 25),
)
def test_given_any_deeds_then_terms_have_owners_and_only_what_is_settled_is_archived(
    work: Reviews, data: st.DataObject, mode: str, turns: int
) -> None:
    """By whatever hands, in whatever order, whatever is taken back."""
    text = work.text()
    review = work.review(text, mode)
    work.point(review, data.draw(st.sampled_from((POINT_OF_FINE, CONSTITUTION))))
    assert_sound(work, review)
    for _ in range(turns):
        turn = data.draw(st.integers(0, 5))
        if turn == 0:
            moved(work, data, text, review)
        elif turn == 1:
            by, name = data.draw(st.sampled_from(HANDS)), data.draw(st.sampled_from(NAMES))
            tried(work, by, PROCEDURE, review, name)
        else:
            state = work.row(review)["state"]
            steps = [of.name for of in PROCEDURE.following(state)]
            name = data.draw(st.sampled_from([*steps, WITHDRAW] if steps else [WITHDRAW]))
            tried(work, LIKELY.get(name, HEAD), PROCEDURE, review, name)
        assert_sound(work, review)
