"""Motions: signed by as many as the law asks for, decided on by the presidium."""

from __future__ import annotations

import random
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.accounts.enrolment.people import Newcomer
from api.accounts.records import Account
from api.platforms.duty.motions import actions, wording
from api.platforms.duty.motions.procedure import PROCEDURE
from api.platforms.duty.motions.records import NotLinked
from api.platforms.duty.searchable.actions import follow
from api.platforms.duty.sessions import actions as sessions
from api.platforms.duty.signing.records import SigningOver, TextChanged
from api.procedures import repository, taking
from api.procedures.events import Event
from api.procedures.procedure import Row, Step
from api.procedures.refusals import NotAllowed, StepRefused
from config.vocabulary.errors import FaultyInput
from tests.api.conftest import BOTH, RunningCentre, enrolled_now, entered
from tests.api.deadline_rules import core_of
from tests.api.duty.suggestion_hands import CLERK, HEAD, LEAD, SECOND, THIRD, Duty

TEXT = {
    "title": "关于制定河道保洁规定的议案",
    "basis": "河道保洁长期没有统一标准，群众反映强烈。",
    "plan": "由区人大常委会作出决定，明确标准、经费和责任单位。",
}
MORE = tuple(f"deputy{n}" for n in range(8))
DECISION = {"meeting": "主席团第三次会议"}
SESSION, TOWN_SESSION = "district/17-6", "shigang/17-6"


class Motions(Duty):
    """Ten deputies and the office."""

    def __init__(self, centre: RunningCentre) -> None:
        super().__init__(centre)
        for n, username in enumerate(MORE):
            enrolled_now(centre, Newcomer(username, f"代表{n}", ("deputy",)), "right for a deputy")
            self.people[username] = self._account(username)
        for town in ("", "shigang"):
            given = {"town": town, "term": "17", "number": "6", "first_day": "2027-01-06"}
            given["last_day"] = ""
            sessions.put(self.services, self.people[CLERK], given, offer=True)

    @property
    def signers(self) -> tuple[str, ...]:
        """Everybody but the one who leads."""
        return (SECOND, THIRD, *MORE)

    def motion(self, level: str = "district") -> str:
        """The id of a new draft."""
        return actions.begin(self.services, self.people[LEAD], {"level": level, **TEXT})

    def row_of(self, item: str) -> Row:
        """Of a motion."""
        with self.services.state.read() as connection:
            found = repository.row(connection, PROCEDURE, item)
        assert found is not None
        return found

    def sign_motion(self, item: str, *usernames: str) -> None:
        """Deputies are asked, and sign."""
        actions.invite(self.services, self.people[LEAD], item, usernames)
        for username in usernames:
            read = self.row_of(item)["text_hash"]
            actions.sign(self.services, self.people[username], item, read)

    def step(self, by: str, item: str, name: str, **given: str) -> Event:
        """A step of a motion."""
        with taking.acts(self.services, PROCEDURE, self.people[by]) as acting:
            return taking.take(acting, item, name, given)

    def submitted(self) -> str:
        """Signed by ten deputies and submitted."""
        item = self.motion()
        self.sign_motion(item, *self.signers[:9])
        self.step(LEAD, item, "submit", session=SESSION, submitted=self.today)
        return item


@pytest.fixture
def work(centre: RunningCentre) -> Motions:
    """Nothing is written yet."""
    return Motions(centre)


@pytest.mark.parametrize("kind", BOTH)
def test_given_nine_who_sign_with_the_lead_then_a_motion_of_the_district_is_submitted(
    work: Motions,
) -> None:
    """Not with eight; not after the text was changed, until they sign again; never later."""
    item = work.motion()
    given = {"session": SESSION, "submitted": work.today}
    work.sign_motion(item, *work.signers[:8])
    with pytest.raises(NotAllowed) as refused:
        work.step(LEAD, item, "submit", **given)
    assert refused.value.more["against"] == "few"
    before = work.row_of(item)["text_hash"]
    work.sign_motion(item, work.signers[8])
    actions.edit(work.services, work.people[LEAD], item, {**TEXT, "plan": "另一方案"}, None)
    with pytest.raises(NotAllowed):
        work.step(LEAD, item, "submit", **given)
    with pytest.raises(TextChanged):
        actions.sign(work.services, work.people[SECOND], item, before)
    assert actions.todos(work.services, work.people[SECOND])
    for username in work.signers[:9]:
        read = work.row_of(item)["text_hash"]
        actions.sign(work.services, work.people[username], item, read)
    work.step(LEAD, item, "submit", **given)
    with pytest.raises(SigningOver):
        actions.decline(work.services, work.people[SECOND], item)


def test_given_a_town_then_five_sign_and_a_district_may_write_its_own_numbers(
    work: Motions, tmp_path: Path
) -> None:
    """The numbers are rows of data; a row that does not hold is refused with the remedy."""
    item = work.motion("town")
    work.sign_motion(item, *work.signers[:4])
    work.step(LEAD, item, "submit", session=TOWN_SESSION, submitted=work.today)
    own = tmp_path / "duty" / "cosigners.toml"
    own.parent.mkdir()
    own.write_text('[[level]]\nid = "district"\ndeputies = 12\n', encoding="utf-8")
    assert wording.levels(tmp_path)["district"].deputies == 12
    wording.levels.cache_clear()
    own.write_text('[[level]]\nid = "county"\ndeputies = 0\n', encoding="utf-8")
    with pytest.raises(FaultyInput, match="give id of"):
        wording.levels(tmp_path)


@pytest.mark.parametrize("kind", BOTH)
def test_given_the_presidium_makes_it_a_suggestion_then_each_names_the_other(
    work: Motions,
) -> None:
    """In one transaction, in the name of the deputy who leads; those who signed are asked."""
    item = work.submitted()
    with pytest.raises(StepRefused):
        actions.convert(work.services, work.people[CLERK], item, {"meeting": ""}, None)
    other = work.drafted()
    with pytest.raises(NotLinked):
        work.step(CLERK, item, "convert", **DECISION, day=work.today, suggestion=other)
    count = int(other)
    given = {**DECISION, "day": work.today}
    made = actions.convert(work.services, work.people[CLERK], item, given, None)
    assert int(made) > count
    motion, suggestion = work.row_of(item), work.row(made)
    assert (motion["state"], motion["suggestion"]) == ("suggestion", made)
    assert (suggestion["state"], suggestion["lead"]) == ("submitted", LEAD)
    assert suggestion["source"] == f"duty/motion/{item}"
    for part in TEXT.values():
        assert part in suggestion["body"]
    work.sign(SECOND, made)
    assert work.valid(made) == [SECOND]
    work.take(CLERK, made, "accept", number="9号", session="session", topic="water")


def test_given_a_conversion_that_fails_then_no_suggestion_is_left(work: Motions) -> None:
    """The needs of the decision are looked at after the suggestion was made."""
    item, before = work.submitted(), work.drafted()
    with pytest.raises(StepRefused):
        actions.convert(work.services, work.people[CLERK], item, {**DECISION, "day": "2999"}, None)
    assert int(work.drafted()) == int(before) + 1


def test_given_the_wish_to_withdraw_then_the_presidium_consents_before_the_vote(
    work: Motions,
) -> None:
    """Not without the wish, not by the deputy alone, not after the vote."""
    item = work.submitted()
    consent = {**DECISION, "day": work.today}
    with pytest.raises(NotAllowed):
        work.step(CLERK, item, "consent", **consent)
    work.step(LEAD, item, "ask-withdrawal", why="已有解决方案")
    with pytest.raises(StepRefused):
        work.step(LEAD, item, "consent", **consent)
    work.step(CLERK, item, "consent", **consent)
    assert work.row_of(item)["state"] == "withdrawn"
    voted = work.submitted()
    work.step(CLERK, voted, "refer", **consent, committee="environment-committee")
    with pytest.raises(StepRefused):
        work.step(CLERK, voted, "report", report="建议列入议程")
    work.step(CLERK, voted, "report", report="建议列入议程", contacted=work.today)
    work.step(CLERK, voted, "put-on-agenda", **consent)
    work.step(CLERK, voted, "adopt", **consent, committee="environment-committee")
    with pytest.raises(StepRefused):
        work.step(LEAD, voted, "ask-withdrawal", why="太晚")


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10_000))
def test_given_any_way_through_then_somebody_has_a_next_step_until_the_end(
    work: Motions, seed: int
) -> None:
    """Random steps by those who may; in every state on the way somebody may take one."""
    drawn = random.Random(seed)
    item = work.motion("town")
    work.sign_motion(item, *work.signers[:4])
    for _ in range(12):
        row = work.row_of(item)
        possible = [
            (username, step)
            for step in PROCEDURE.following(row["state"])
            for username in (LEAD, CLERK, HEAD)
            if _may(work, work.people[username], row, step)
        ]
        assert bool(possible) != PROCEDURE.closed(row["state"]), row["state"]
        if not possible:
            return
        username, step = drawn.choice(possible)
        if step.name == "convert":
            given = {**DECISION, "day": work.today}
            actions.convert(work.services, work.people[username], item, given, row["version"])
        else:
            work.step(username, item, step.name, **_given(work, step))
        assert work.row_of(item)["version"] == row["version"] + 1


def _may(work: Motions, account: Account, row: Row, step: Step) -> bool:
    with taking.acts(work.services, PROCEDURE, account) as acting:
        try:
            taking.check(acting, row, step)
        except StepRefused:
            return False
    return True


def _given(work: Motions, step: Step) -> dict[str, str]:
    values = {"date": work.today, "unit": "environment-committee", "text": "说明"}
    values["row"] = TOWN_SESSION
    return {need.name: values[need.kind] for need in step.needs}


def test_given_the_pages_then_deputies_write_and_sign_and_the_office_records(
    work: Motions, address: str
) -> None:
    """What does not hold comes back with all that was written."""
    with httpx.Client(base_url=address, timeout=60) as lead:
        entered(lead, LEAD)
        faulty = lead.post("/duty/motions/new", data={**TEXT, "level": "town", "plan": ""})
        assert faulty.status_code == 422
        assert TEXT["basis"] in faulty.text
        made = lead.post("/duty/motions/new", data={**TEXT, "level": "town"})
        assert made.status_code == 303
        path = made.headers["location"]
        item = path.rpartition("/")[2]
        assert lead.get(f"{path}/edit").status_code == 200
        asked = {"usernames": [SECOND, THIRD, *MORE[:2]]}
        assert lead.post(f"{path}/invitations", data=asked).status_code == 303
        with httpx.Client(base_url=address, timeout=60) as second:
            entered(second, SECOND)
            assert "text_hash" in second.get(path).text
            signed = {"signs": "yes", "text_hash": work.row_of(item)["text_hash"]}
            assert second.post(f"{path}/signature", data=signed).status_code == 303
            assert second.get(f"{path}/edit").status_code == 404
        for username in (THIRD, *MORE[:2]):
            read = work.row_of(item)["text_hash"]
            actions.sign(work.services, work.people[username], item, read)
        session = {"session": TOWN_SESSION, "submitted": work.today}
        assert lead.post(f"{path}/steps/submit", data=session).status_code == 303
        assert "联名代表 5 人" in lead.get(path).text
        assert "关于制定河道保洁规定的议案" in lead.get("/duty/motions").text
    with httpx.Client(base_url=address, timeout=60) as clerk:
        entered(clerk, CLERK)
        assert clerk.get(f"{path}/convert").status_code == 200
        assert clerk.post(f"{path}/convert", data={"meeting": ""}).status_code == 422
        given = {**DECISION, "day": work.today, "version": str(work.row_of(item)["version"])}
        done = clerk.post(f"{path}/convert", data=given)
        assert done.status_code == 303
        suggestion = clerk.get(done.headers["location"])
        assert f'href="/duty/motions/{item}"' in suggestion.text
        assert done.headers["location"] in clerk.get(path).text


def test_given_sessions_as_rows_then_a_motion_names_one_of_its_congress_that_is_offered(
    work: Motions, address: str
) -> None:
    """With a wrong one the form comes again; a name that a motion has stays when nobody is to
    choose it any more.
    """
    item = work.motion("town")
    work.sign_motion(item, *work.signers[:4])
    path = f"/duty/motions/{item}"
    with httpx.Client(base_url=address, timeout=60) as lead:
        entered(lead, LEAD)
        page = lead.get(path).text
        assert "石港镇第17届人民代表大会第6次会议" in page
        for wrong in ("十七届六次会议", SESSION):
            given = {"session": wrong, "submitted": work.today}
            refused = lead.post(f"{path}/steps/submit", data=given)
            assert refused.status_code == 422
            assert f'value="{work.today}"' in refused.text
        assert "不是这件议案所属人大的会议" in refused.text
        given["session"] = TOWN_SESSION
        assert lead.post(f"{path}/steps/submit", data=given).status_code == 303
        assert lead.post("/duty/sessions", data={"term": "18"}).status_code == 403
        with httpx.Client(base_url=address, timeout=60) as clerk:
            entered(clerk, CLERK)
            row = {"town": "shigang", "term": "17", "number": "6", "first_day": "2027-01-06"}
            bad = clerk.post("/duty/sessions", data=row | {"number": "六"})
            assert bad.status_code == 422
            assert "1 到 99 的会议次数" in bad.text
            assert 'value="2027-01-06"' in bad.text
            assert clerk.post("/duty/sessions", data=row | {"offered": "false"}).status_code == 303
        assert "石港镇第17届人民代表大会第6次会议" in lead.get(path).text
        assert "石港镇第17届人民代表大会第6次会议" in lead.get("/duty/motions").text
        keys = {of["key"]: of["offered"] for of in lead.get("/api/v1/duty/sessions").json()}
    assert keys == {SESSION: True, TOWN_SESSION: False}


def test_given_a_motion_then_everybody_finds_it_from_its_submission_on(
    work: Motions, address: str
) -> None:
    """And nobody after it was returned to a draft."""
    core, item = core_of(work.centre), work.motion()
    with httpx.Client(base_url=address, timeout=60) as other:
        entered(other, SECOND)

        def found() -> list[str]:
            follow(core)
            answer = other.get("/api/v1/search", params={"q": "统一标准"}).json()
            return [hit["address"] for hit in answer["hits"]]

        assert found() == []
        work.sign_motion(item, *work.signers[:9])
        work.step(LEAD, item, "submit", session=SESSION, submitted=work.today)
        assert found() == [f"/duty/motions/{item}"]
        work.step(CLERK, item, "return", reason="补正案据")
        assert found() == []
