"""Filing: a maker files, the office checks the form, returns, completes, registers, hands out."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator, Mapping

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.deadlines.kept.answerable import staff
from api.deadlines.opening import deadlines_of
from api.deadlines.records import Deadline
from api.platforms.documents.filings.actions import filings, handing, registering
from api.platforms.documents.filings.procedure.filing import FILE, FORM, PROCEDURE, RESEND
from api.platforms.documents.filings.procedure.filing import HANDOUT as HANDOUT_TERM
from api.platforms.documents.filings.procedure.handout import OPINION
from api.platforms.documents.filings.procedure.handout import PROCEDURE as HANDOUT
from api.platforms.documents.filings.records.facts import REASONS
from api.ports import Reference
from api.procedures import repository, taking
from api.procedures.part import part_of
from api.procedures.procedure import Row
from api.procedures.refusals import NotAllowed, NotWithdrawn, StepRefused, UnknownThing
from config.vocabulary.time import DAY_MS, day_of
from scripts.paper_template import filing_receipt
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, enrolled_now, entered
from tests.api.documents.filing_hands import (
    API,
    FACTS,
    PASSWORD,
    PUBLISHED,
    TODAY,
    TOWN,
    begun,
    put,
    registered,
    said,
    step,
    taken,
    text,
    town,
)
from tests.conftest import examples

__all__ = ["town"]
both = pytest.mark.parametrize("kind", BOTH)
PAGES = "/documents/filings"


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, "lianluo")


def terms(centre: RunningCentre, filing: int, kind: str = "filing") -> Mapping[str, Deadline]:
    """The open terms, by rule."""
    found = deadlines_of(centre.services).of_subject(Reference("documents", kind, str(filing)))
    return {of.rule.id: of for of in found if of.open}


def who(centre: RunningCentre, term: Deadline) -> tuple[str, ...]:
    """The people who must act in a term."""
    today = day_of(centre.clock.now_ms)
    with centre.services.state.read() as connection:
        return staff(connection, centre.services.roles, today).who(term.responsible)


@both
def test_given_a_filing_with_one_fault_when_it_is_returned_and_filed_again_then_it_gets_its_receipt(
    centre: RunningCentre, town: httpx.Client, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """The journey of a town; maker and office read the same check, and the clerk decides."""
    state = begun(town, number="平政规〔2026〕7号")
    filing = state["id"]
    (lack,) = state["lacks"]
    assert (lack["kind"], lack["where"], lack["stops"]) == ("differs", "number", False)
    assert lack["values"] == {"typed": "平政规〔2026〕7号", "read": "平政规〔2026〕1号"}
    assert deputy.get(f"{API}/{filing}").status_code == 404
    assert clerk.get(f"{API}/{filing}").status_code == 404
    taken(town, filing, "send")
    seen = clerk.get(f"{API}/{filing}").json()
    assert seen["lacks"] == [lack]
    assert "填写的是“平政规〔2026〕7号”" in clerk.get(f"{PAGES}/{filing}/register").text
    taken(clerk, filing, "return", reason="number", remark="请按正式文本填写文号")
    page = town.get(f"{PAGES}/{filing}").text
    assert "文号不一致" in page
    assert "请按正式文本填写文号" in page
    assert "请按正式文本填写文号" not in deputy.get(f"{PAGES}/{filing}").text
    changed = {name: of for name, of in FACTS.items() if name != "maker"}
    answer = town.put(f"{API}/{filing}", json=changed)
    assert answer.json()["lacks"] == []
    taken(town, filing, "send")
    answer = clerk.post(f"{PAGES}/{filing}/register", data={"note": "已核对"})
    assert answer.status_code == 303, answer.text
    done = town.get(f"{API}/{filing}").json()
    entry = done["entry"]
    assert (done["state"], entry["year"], entry["number"]) == ("registered", 2026, 1)
    receipt = town.get(f"/reports/{entry['receipt']}")
    assert "备〔2026〕1号" in receipt.text
    assert "平潮镇农村河道保洁办法" in receipt.text
    word = town.get(f"/reports/{entry['receipt']}/paper.docx")
    assert word.content[:2] == b"PK"
    assert not town.get(f"/api/v1/reports/{entry['receipt']}/changes").json()
    kept = deputy.get(f"/api/v1/documents/texts/{entry['text']}").json()
    assert (kept["number"], kept["maker"], kept["version"]) == ("平政规〔2026〕1号", "pingchao", 1)
    assert "备〔2026〕1号" in deputy.get(PAGES).text


def test_given_a_registered_document_when_it_is_handed_out_then_committees_answer_in_their_terms(
    centre: RunningCentre, town: httpx.Client, clerk: httpx.Client, deputy: httpx.Client
) -> None:
    """No term without an owner; neither maker nor deputies read what committees say."""
    filing = registered(town, clerk)["id"]
    assert set(terms(centre, filing)) == {HANDOUT_TERM}
    assert step(clerk, f"{API}/{filing}", "distribute").status_code == 409
    chosen = ["legislation-committee", "environment-committee"]
    answer = clerk.post(f"{PAGES}/{filing}/distribute", data={"units": chosen})
    assert answer.status_code == 303, answer.text
    state = clerk.get(f"{API}/{filing}").json()
    assert (state["state"], len(state["handouts"])) == ("distributed", 2)
    assert not terms(centre, filing)
    first, second = (of["id"] for of in state["handouts"])
    (term,) = terms(centre, first, "handout").values()
    assert term.rule.id == OPINION
    assert who(centre, term)
    path = "/api/v1/documents/handouts"
    assert step(clerk, f"{path}/{first}", "see").status_code == 200
    opinion = "第二条缺少依据"
    assert step(clerk, f"{path}/{second}", "give", opinion=opinion).status_code == 200
    assert not terms(centre, first, "handout")
    assert opinion in clerk.get(f"{PAGES}/{filing}").text
    for client in (town, deputy):
        assert opinion not in client.get(f"{PAGES}/{filing}").text
        assert client.get(f"{API}/{filing}").json()["handouts"] == []
    assert town.get(f"/documents/handouts/{second}").status_code == 404
    again = clerk.post(
        f"{API}/{filing}/distribute", json={"units": [*chosen, "finance-committee"]}
    )
    assert len(again.json()["handouts"]) == 3


def test_given_what_cannot_be_filed_then_sending_is_refused_and_each_thing_is_named(
    town: httpx.Client, clerk: httpx.Client
) -> None:
    """Without report, text or days nothing is filed; without other papers it may be completed."""
    facts = FACTS | {"published": "", "passed": ""}
    filing = town.post(API, json=facts).json()["id"]
    lacks = {(of["kind"], of["where"]) for of in town.get(f"{API}/{filing}").json()["lacks"]
             if of["stops"]}  # fmt: skip
    assert lacks == {("fact", "published"), ("paper", "report"), ("paper", "text")}
    refused = step(town, f"{API}/{filing}", "send")
    assert refused.status_code == 409
    page = town.post(f"{PAGES}/{filing}/steps/send", data={})
    assert page.status_code == 409
    assert "缺少“正式文本”，请上传" in page.text
    put(town, filing, "report", "报告")
    assert put(town, filing, "text", "\n\n", "办法.txt")["lacks"][0]["kind"] in (
        "unreadable",
        "fact",
    )
    whole = {name: of for name, of in FACTS.items() if name != "maker"}
    ahead = town.put(f"{API}/{filing}", json=whole | {"published": day_of(NOW_MS + DAY_MS)})
    assert ("future", True) in {(of["kind"], of["stops"]) for of in ahead.json()["lacks"]}
    town.put(f"{API}/{filing}", json=whole)
    state = put(town, filing, "text", text(), "办法.txt")
    assert [of["paper"] for of in state["papers"]].count("text") == 1
    assert {of["where"] for of in state["lacks"]} == {"explanation", "basis", "legality",
                                                      "collective"}  # fmt: skip
    taken(town, filing, "send")
    assert town.post(
        f"{API}/{filing}/papers", data={"paper": "basis"}, files={"file": ("a.txt", b"a")}
    ).status_code == 409  # fmt: skip
    taken(clerk, filing, "ask", lacking="请补充制定依据")
    put(town, filing, "basis", "水法")
    taken(town, filing, "complete")
    assert clerk.post(f"{API}/{filing}/register", json={"note": "其余另附"}).status_code == 200


def test_given_words_on_market_access_then_the_conclusion_of_the_review_is_asked_for(
    town: httpx.Client,
) -> None:
    """公平竞争审查条例: the check that looks for such words is the product's own."""
    more = "外地企业参加保洁项目投标，应当在本镇设立分公司。\n"
    lacks = begun(town, text(more=more))["lacks"]
    assert ("fair", "fair") in {(of["kind"], of["where"]) for of in lacks}


def test_given_a_term_beyond_all_calendars_then_the_text_is_taken_as_one_that_names_none(
    town: httpx.Client,
) -> None:
    """A slip of the pen is the office's to see, and no reason to refuse the file."""
    filing = begun(town, text().replace("有效期五年", "有效期9000年"))
    assert ("silent", "valid_until") in {(of["kind"], of["where"]) for of in filing["lacks"]}


@both
def test_given_a_filing_after_thirty_days_then_it_is_taken_and_shown_as_late(
    centre: RunningCentre, town: httpx.Client, clerk: httpx.Client
) -> None:
    """The term counts from the publication; the list finds the late ones, and the export has them.

    The term has an owner from the first draft on, and ends with the sending.
    """
    late = begun(town, published="2026-09-01")["id"]
    term = terms(centre, late)[FILE]
    assert term.reckoned.due.isoformat() == "2026-10-08"
    assert "pingchao" in who(centre, term)
    taken(town, late, "send")
    fresh = begun(town)["id"]
    taken(town, fresh, "send")
    assert set(terms(centre, late)) == {FORM}
    assert town.get(f"{API}/{late}").json()["late"]
    assert "逾期报送" in town.get(f"{PAGES}/{late}").text
    found = clerk.get(API, params={"late": "1"}).json()
    assert [of["id"] for of in found["filings"]] == [late]
    rows = list(
        csv.reader(io.StringIO(clerk.get(f"{PAGES}.csv?late=1").text.removeprefix("\ufeff")))
    )
    assert len(rows) == 2


def test_given_a_published_day_that_is_changed_before_sending_then_its_term_counts_anew(
    centre: RunningCentre, town: httpx.Client
) -> None:
    """One term runs, not two."""
    filing = begun(town)["id"]
    changed = {name: of for name, of in FACTS.items() if name != "maker"}
    assert town.put(f"{API}/{filing}", json=changed | {"published": "2026-11-20"}).is_success
    found = deadlines_of(centre.services).of_subject(Reference("documents", "filing", str(filing)))
    running = [of for of in found if of.open]
    assert [of.basis.start.isoformat() for of in running] == ["2026-11-20"]  # type: ignore[union-attr]


def test_given_an_amendment_then_what_is_filed_is_a_new_version_of_the_text(
    centre: RunningCentre, town: httpx.Client, clerk: httpx.Client
) -> None:
    """A text of another maker cannot be amended."""
    first = registered(town, clerk)["entry"]
    foreign = clerk.post(
        "/api/v1/documents/texts",
        data={"maker": "water", "kind": "department"},
        files={"file": ("a.txt", "某办法\n\n第一条 某某。\n".encode())},
    ).json()["id"]
    amended = text("平政规〔2026〕2号").replace("组织河道保洁", "应当组织河道保洁")
    state = begun(town, amended, number="平政规〔2026〕2号", amends=str(foreign))
    assert {(of["kind"], of["where"]) for of in state["lacks"]} == {
        ("amends", "amends"),
        ("paper", "decision"),
    }
    assert step(town, f"{API}/{state['id']}", "send").status_code == 409
    whole = {name: of for name, of in FACTS.items() if name != "maker"}
    whole |= {"number": "平政规〔2026〕2号", "amends": str(first["text"])}
    assert town.put(f"{API}/{state['id']}", json=whole).is_success
    put(town, state["id"], "decision", "修改决定")
    taken(town, state["id"], "send")
    entry = clerk.post(f"{API}/{state['id']}/register", json={}).json()["entry"]
    assert (entry["text"], entry["text_version"], entry["number"]) == (first["text"], 2, 2)
    once_more = registered(town, clerk)["entry"]
    assert (once_more["text"], once_more["text_version"]) == (first["text"], 1), "the very file"


def test_given_returns_then_each_count_opens_exactly_its_rows_in_the_official_order(
    centre: RunningCentre, town: httpx.Client, clerk: httpx.Client
) -> None:
    """A return that was taken back does not count; there is nothing to sort or rank by."""
    filing = begun(town)["id"]
    for reason in ("papers", "dates", "dates"):
        taken(town, filing, "send")
        taken(clerk, filing, "return", reason=reason, remark="请改正")
    taken(town, filing, "send")
    taken(clerk, filing, "return", reason="other", remark="误操作")
    back = clerk.post(f"{API}/{filing}/steps/withdraw", json={"why": "误操作"})
    assert back.status_code == 200, back.text
    counts = {reason: len(clerk.get(f"{API}/returns", params={"reason": reason}).json()["returns"])
              for reason in REASONS}  # fmt: skip
    assert {of: n for of, n in counts.items() if n} == {"papers": 1, "dates": 2}
    page = clerk.get(f"{PAGES}/returns").text
    assert '<a href="?maker=pingchao&amp;reason=dates#rows">2</a>' in page
    rows = clerk.get(f"{PAGES}/returns?maker=pingchao&reason=dates").text
    assert "共 2 件" in rows
    for query in ("sort=rate", "order=count", "by=rate"):
        assert clerk.get(f"{PAGES}/returns?{query}").text == page
    assert clerk.get(f"{PAGES}/returns.csv").text.count("请改正") == 3


def test_given_a_returned_filing_that_is_given_up_then_its_return_stays_counted(
    address: str, town: httpx.Client, clerk: httpx.Client
) -> None:
    """What the office never was sent it never sees, also when it is given up."""
    draft, filing = begun(town)["id"], begun(town)["id"]
    taken(town, draft, "drop", why="误操作")
    taken(town, filing, "send")
    taken(clerk, filing, "return", reason="duplicate", remark="已经报送")
    taken(town, filing, "drop", why="不再报送")
    with httpx.Client(base_url=address, timeout=60) as head:
        entered(head, "daigongwei")
        assert [of["filing"] for of in head.get(f"{API}/returns").json()["returns"]] == [filing]
        assert head.get(f"{API}/{draft}").status_code == 404


def test_given_somebody_of_another_unit_then_no_filing_is_seen_or_begun_for_the_town(
    address: str, town: httpx.Client
) -> None:
    """A maker sees and answers its own only."""
    filing = begun(town)["id"]
    taken(town, filing, "send")
    with httpx.Client(base_url=address, timeout=60) as water:
        entered(water, "shuili")
        assert water.get(f"{API}/{filing}").status_code == 404
        assert water.get(f"{API}/{filing}/package").status_code == 404
        assert water.get(API).json()["count"] == 0
        assert water.post(API, json=FACTS).status_code == 422
        assert step(water, f"{API}/{filing}", "drop", why="不报").status_code == 404
        file = town.get(f"{API}/{filing}").json()["papers"][0]["file"]
        assert water.get(f"/files/{file}").status_code == 404
        assert town.get(f"/files/{file}").status_code == 200


def test_the_template_of_the_receipt_is_that_of_the_script() -> None:
    """Whoever changes the paper writes the template anew."""
    assert registering.KIND.template.read_bytes() == filing_receipt()


EVERYBODY = ("pingchao", "lianluo", "daigongwei", "shuili", "daibiao")
GIVEN: Mapping[str, Mapping[str, str]] = {
    "edit": {name: of for name, of in FACTS.items() if name != "maker"},
    "correct": {name: of for name, of in FACTS.items() if name != "maker"},
    "drop": {"why": "不再报送"},
    "ask": {"lacking": "请补充"},
    "return": {"reason": "text", "remark": "请改正"},
}


class Hands:
    """Real people at a filing."""

    def __init__(self, centre: RunningCentre) -> None:
        self.centre, self.services = centre, centre.services
        self.people = {of: self._account(of) for of in EVERYBODY}
        self.came: list[filings.Came] = []

    def _account(self, username: str) -> Account:
        people, today = People(self.services.state), day_of(self.centre.clock.now_ms)
        with self.services.state.read() as connection:
            grants = people.grants(connection, username, today)
        return Account(username, username, reaches=self.services.roles.reaches(grants))

    def begun(self) -> str:
        """A filing with report and text, which are received once."""
        town = self.people["pingchao"]
        given = {name: of for name, of in FACTS.items() if name != "maker"}
        if not self.came:
            self.came = [filings.received(self.services, code, f"{code}.txt", io.BytesIO(said))
                         for code, said in (("report", b"a"), ("text", text().encode()))]  # fmt: skip
        with taking.acts(self.services, PROCEDURE, town) as acting:
            filing, _ = taking.begin(acting, given, unit="pingchao", secrecy=0)
            for of in self.came:
                filings.attach_came(self.services, acting.connection, town, filing, of)
        return filing

    def row(self, filing: str) -> Row:
        """Of a filing, whoever asks."""
        with self.services.state.read() as connection:
            found = repository.row(connection, PROCEDURE, filing)
        assert found is not None
        return found

    def possible(self, filing: str) -> list[tuple[str, str]]:
        """Each step with each person from whom nothing but the platform's own rule keeps it."""
        found = []
        for username, account in self.people.items():
            try:
                part = part_of(self.services, account, PROCEDURE, filing)
            except UnknownThing:
                continue
            found += [(username, of.step.name) for of in part.following
                      if of.own and not isinstance(of.against, NotAllowed)]  # fmt: skip
        return found

    def take(self, username: str, filing: str, name: str) -> None:
        """As pages do."""
        account = self.people[username]
        if name == "register":
            registering.register(self.services, account, filing, "", None)
        elif name == "distribute":
            handing.distribute(self.services, account, filing, ["legislation-committee"], None)
        else:
            with taking.acts(self.services, PROCEDURE, account) as acting:
                taking.take(acting, filing, name, GIVEN.get(name, {}))


@pytest.fixture
def hands(centre: RunningCentre) -> Hands:
    """The people of a town and of the office."""
    enrolled_now(centre, TOWN, PASSWORD)
    return Hands(centre)


def assert_goes_on(hands: Hands, filing: str) -> list[tuple[str, str]]:
    """Somebody can lead it on, or it is an end; and each term that runs is somebody's."""
    state, running = hands.row(filing)["state"], terms(hands.centre, int(filing))
    for rule, term in running.items():
        assert who(hands.centre, term), f"{rule} is nobody's in state {state}"
    expected = {"draft": {FILE}, "sent": {FORM}, "completing": {RESEND}, "registered":
                {HANDOUT_TERM}, "distributed": set(), "dropped": set()}  # fmt: skip
    assert set(running) == expected.get(state, {RESEND})
    if PROCEDURE.closed(state):
        return []
    steps = hands.possible(filing)
    leading = [name for _, name in steps if PROCEDURE.by_name[name].to not in ("", state)]
    assert leading, f"nobody leads on from {state}"
    return steps


def path_to(state: str) -> list[str]:
    """The shortest way by the table from a draft to a state."""
    ways: dict[str, list[str]] = {"draft": []}
    waiting = deque(["draft"])
    while waiting:
        at = waiting.popleft()
        for of in PROCEDURE.following(at):
            if of.to and of.to not in ways:
                ways[of.to] = [*ways[at], of.name]
                waiting.append(of.to)
    return ways[state]


def walked(hands: Hands, filing: str, state: str) -> None:
    """A filing in a state, by the hands that may."""
    for name in path_to(state):
        steps = {of: username for username, of in assert_goes_on(hands, filing)}
        hands.take(steps[name], filing, name)
    assert hands.row(filing)["state"] == state


@settings(max_examples=examples(12))
@given(data=st.data())
def test_whatever_deeds_then_somebody_leads_on_and_every_term_has_its_one_owner(
    hands: Hands, data: st.DataObject
) -> None:
    """From any state on: steps by whoever may, and steps taken back."""
    filing = hands.begun()
    walked(hands, filing, data.draw(st.sampled_from([of.name for of in PROCEDURE.states])))
    for _ in range(data.draw(st.integers(1, 4))):
        steps = assert_goes_on(hands, filing)
        if data.draw(st.booleans()) and hands.row(filing)["state"] != "draft":
            try:
                with taking.acts(hands.services, PROCEDURE, hands.people["lianluo"]) as acting:
                    taking.withdraw(acting, filing, "误操作")
            except (NotWithdrawn, UnknownThing, StepRefused):
                continue
        elif steps:
            username, name = data.draw(st.sampled_from(steps))
            hands.take(username, filing, name)
    assert_goes_on(hands, filing)


@pytest.mark.parametrize("procedure", [PROCEDURE, HANDOUT])
def test_every_state_leads_on_or_is_an_end_and_every_word_is_there(
    procedure: object, centre: RunningCentre
) -> None:
    """By the rows alone."""
    assert procedure in (PROCEDURE, HANDOUT)
    one = PROCEDURE if procedure is PROCEDURE else HANDOUT
    for state in one.states:
        assert state.closed != bool(one.following(state.name)), state
    for key in sorted(one.keys()):
        assert centre.services.words(f"{one.words}.{key}")


@both
def test_given_papers_of_a_maker_then_the_office_files_them_in_its_stead_as_of_the_day_they_came(
    centre: RunningCentre, town: httpx.Client, clerk: httpx.Client
) -> None:
    """In time is what came in time; what a maker files itself the office cannot change, and of the
    maker's drafts it sees nothing.
    """
    own = begun(town, text("平政规〔2026〕5号"), number="平政规〔2026〕5号")["id"]
    assert clerk.get(f"{API}/{own}").status_code == 404
    assert "代制定机关录入纸质报送" in clerk.get(f"{PAGES}/new").text
    assert "代制定机关录入纸质报送" not in town.get(f"{PAGES}/new").text
    of = text().replace(said(PUBLISHED), said(day_of(NOW_MS - 40 * DAY_MS)))
    paper = begun(clerk, of, published=day_of(NOW_MS - 40 * DAY_MS))
    filing, path = paper["id"], f"{API}/{paper['id']}"
    assert town.get(path).status_code == 200
    refused = step(clerk, path, "send").json()["detail"]
    assert "paper" in str(refused)
    ahead = step(clerk, path, "receive", received=day_of(NOW_MS + DAY_MS))
    assert ahead.status_code == 422
    page = clerk.get(f"{PAGES}/{filing}").text
    assert "登记收到纸质材料" in page
    assert "steps/send" not in page
    taken(clerk, filing, "receive", received=day_of(NOW_MS - 15 * DAY_MS))
    assert clerk.get(API, params={"late": "0", "sent": "2026"}).json()["count"] == 1
    assert FORM in terms(centre, filing)
    assert "纸质报送" in clerk.get(PAGES).text
    assert clerk.post(f"{path}/register", json={}).status_code == 200
    taken(town, own, "send")
    assert step(clerk, f"{API}/{own}", "receive", received=TODAY).status_code == 409
    taken(clerk, own, "return", reason="text", remark="请换正式文本")
    changed = {name: of for name, of in FACTS.items() if name != "maker"}
    assert clerk.put(f"{API}/{own}", json=changed).status_code == 403
    assert step(clerk, f"{API}/{own}", "drop", why="不要了").status_code == 403
    again = clerk.post(f"{API}/{own}/papers", data={"paper": "basis"},
                       files={"file": ("a.txt", b"a")})  # fmt: skip
    assert again.status_code == 409
