"""Letters: registered, passed on and answered in general; nobody but the register knows who wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import httpx
import pytest
import sqlalchemy as sa

from api import audit
from api.accounts.enrolment.people import Newcomer
from api.accounts.records import Account, Reach
from api.deadlines.opening import deadlines_of
from api.platforms.judicial.conclusions import ConclusionRefused, concluded
from api.platforms.judicial.free_text import TextRefused
from api.platforms.judicial.letters import actions
from api.platforms.judicial.letters.procedure import HANDLE, OBJECT, PROCEDURE, REGISTER, TELL
from api.platforms.judicial.letters.records import (
    Asked,
    DayBefore,
    NoPetitioner,
    NotEnded,
    NotRegistered,
    Petitioner,
    WriterNamed,
    WrongBody,
    forgets_after,
)
from api.platforms.judicial.letters.tables import PETITIONER
from api.platforms.judicial.permission import JudicialPermission
from api.ports import Reference
from api.procedures import taking
from api.procedures.refusals import NotAllowed, NotYours, UnknownThing
from config.vocabulary.time import DAY_MS
from tests.api.conftest import BOTH, RunningCentre, enrolled_now
from tests.api.duty.meeting_hands import hands
from tests.api.duty.test_meetings import core_of

SEEN = frozenset({JudicialPermission.SEE, JudicialPermission.SEE_LETTERS})
REGISTER_CLERK = Account(
    "lianluo",
    "登记员",
    reaches=(Reach(SEEN | {JudicialPermission.REGISTER_LETTERS}),),
)
HEAD = Account("head", "主任", reaches=(Reach(SEEN),))


def of_body(unit: str) -> Account:
    return Account(unit, unit, reaches=(Reach(SEEN | {JudicialPermission.SUBMIT}, unit),))


COURT, POLICE = of_body("court"), of_body("police")
GIVEN = {
    "received": "2026-11-20",
    "way": "letter",
    "kind": "lawsuit",
    "topic": "enforcement",
    "town": "pingchao",
    "summary": "反映执行工作进展告知不及时，建议公布查询办法",
}
WRITER = Petitioner("王小兰", "139 0000 1234", "平潮镇人民路1号")


def register(centre: RunningCentre, writer: Petitioner = WRITER, **changes: str) -> str:
    return actions.register(centre.services, REGISTER_CLERK, GIVEN | changes, writer)


def step(centre: RunningCentre, account: Account, item: str, name: str, **given: str) -> None:
    with taking.acts(centre.services, PROCEDURE, account) as acting:
        taking.take(acting, item, name, given)


def terms(centre: RunningCentre, item: str) -> Mapping[str, tuple[str, str, str]]:
    """By rule: which day, whose unit, and whether it runs."""
    found = deadlines_of(centre.services).of_subject(Reference("judicial", "letter", item))
    return {
        of.rule.id: (
            of.reckoned.due.isoformat(),
            of.responsible.unit,
            "runs" if of.open else "over",
        )
        for of in found
    }


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_letter_then_each_term_of_2022_runs_with_an_owner_from_registering_to_the_answer(
    centre: RunningCentre,
) -> None:
    item = register(centre)
    assert terms(centre, item) == {REGISTER: ("2026-12-07", "", "runs")}
    with pytest.raises(DayBefore):
        step(centre, REGISTER_CLERK, item, "pass-on", unit="court", passed="2026-11-19")
    with pytest.raises(WrongBody):
        step(centre, REGISTER_CLERK, item, "pass-on", unit="housing", passed="2026-11-23")
    step(centre, REGISTER_CLERK, item, "pass-on", unit="court", passed="2026-11-23")
    found = terms(centre, item)
    assert found[REGISTER][2] == "over"
    assert found[TELL] == ("2026-12-08", "court", "runs")
    assert found[OBJECT] == ("2026-11-30", "court", "runs")
    step(centre, COURT, item, "take")
    assert terms(centre, item)[OBJECT][2] == "over"
    step(centre, COURT, item, "accept", accepted="2026-11-24")
    assert terms(centre, item)[TELL][2] == "over"
    assert terms(centre, item)[HANDLE] == ("2027-01-25", "court", "runs")
    step(centre, COURT, item, "answer", outcome="explained", answered="2026-11-24")
    assert {of[2] for of in terms(centre, item).values()} == {"over"}
    step(centre, REGISTER_CLERK, item, "close")
    assert actions.letter(centre.services, COURT, item)["state"] == "closed"


@pytest.mark.parametrize("kind", BOTH)
def test_given_an_objection_then_the_letter_goes_back_to_the_register_and_to_another_body(
    centre: RunningCentre,
) -> None:
    item = register(centre)
    step(centre, REGISTER_CLERK, item, "pass-on", unit="court", passed="2026-11-23")
    with pytest.raises(UnknownThing):
        actions.letter(centre.services, POLICE, item)
    step(centre, COURT, item, "object", why="属于公安机关职权")
    assert terms(centre, item)[TELL][2] == "over"
    with pytest.raises(WrongBody):
        step(centre, REGISTER_CLERK, item, "pass-again", unit="court", passed="2026-11-24")
    with pytest.raises(NotYours):
        step(centre, COURT, item, "pass-again", unit="police", passed="2026-11-24")
    step(centre, REGISTER_CLERK, item, "pass-again", unit="police", passed="2026-11-24")
    assert actions.letter(centre.services, POLICE, item)["state"] == "passed"
    with pytest.raises(UnknownThing):
        actions.letter(centre.services, COURT, item)
    listed, count, _ = actions.listed(centre.services, POLICE, Asked())
    assert ([of.id for of in listed], count) == ([int(item)], 1)
    assert actions.listed(centre.services, COURT, Asked())[1] == 0


@pytest.mark.parametrize("kind", BOTH)
def test_who_wrote_is_for_the_register_alone_each_time_on_record_and_removed_in_time(
    centre: RunningCentre,
) -> None:
    services = centre.services
    item = register(centre)
    with pytest.raises(UnknownThing):
        actions.identify(services, HEAD, item)
    assert actions.identify(services, REGISTER_CLERK, item) == WRITER
    (entry,) = audit.search(services.state, action="judicial.letter-petitioner")
    assert (entry.who, entry.subject) == ("lianluo", f"judicial/letter/{item}")
    step(centre, REGISTER_CLERK, item, "pass-on", unit="court", passed="2026-11-23")
    step(centre, COURT, item, "decline", refusal="unclear", declined="2026-11-24")
    step(centre, REGISTER_CLERK, item, "close")
    days = forgets_after(services.district)
    centre.clock.now_ms += days * DAY_MS
    actions.forget(core_of(centre))
    assert actions.identify(services, REGISTER_CLERK, item) == WRITER, (
        "not before the term is over"
    )
    centre.clock.now_ms += 1
    actions.forget(core_of(centre))
    with pytest.raises(NoPetitioner):
        actions.identify(services, REGISTER_CLERK, item)
    with services.state.read() as connection:
        assert connection.execute(sa.select(PETITIONER)).all() == []


def test_given_a_register_of_one_unit_then_its_keeper_identifies_nobody_elsewhere(
    centre: RunningCentre,
) -> None:
    """Though they see the letter by another role."""
    register_of_court = Reach(SEEN | {JudicialPermission.REGISTER_LETTERS}, "court")
    both = Account("both", "兼任", reaches=(Reach(SEEN), register_of_court))
    item = register(centre)
    with pytest.raises(UnknownThing):
        actions.identify(centre.services, both, item)
    assert actions.letter(centre.services, both, item)["state"] == "received"


def test_given_a_letter_that_nobody_closes_then_who_wrote_is_removed_after_the_answer_all_the_same(
    centre: RunningCentre,
) -> None:
    services = centre.services
    answered, waiting = register(centre), register(centre, Petitioner("李某", "13900005678"))
    step(centre, REGISTER_CLERK, answered, "pass-on", unit="court", passed="2026-11-23")
    step(centre, COURT, answered, "accept", accepted="2026-11-24")
    step(centre, COURT, answered, "answer", outcome="explained", answered="2026-11-24")
    centre.clock.now_ms += forgets_after(services.district) * DAY_MS + 1
    actions.forget(core_of(centre))
    with pytest.raises(NoPetitioner):
        actions.identify(services, REGISTER_CLERK, answered)
    assert actions.identify(services, REGISTER_CLERK, waiting), "it waits to be passed on"


def test_given_letters_of_one_person_then_they_are_joined_without_a_word_of_who(
    centre: RunningCentre, address: str
) -> None:
    first = register(centre)
    again = register(centre, Petitioner("王兰", "+86 13900001234"), summary="再次反映进展告知慢")
    other = register(centre, Petitioner("王小兰"), summary="反映窗口排队久")
    rows = [actions.letter(centre.services, HEAD, of) for of in (first, again, other)]
    assert [of["repeat_of"] for of in rows] == [None, int(first), None]
    found = actions.repeats(centre.services, HEAD, rows[0])
    assert [of.id for of in found] == [int(first), int(again)]
    assert actions.repeats(centre.services, HEAD, rows[2]) == []
    with hands(address, "lianluo", "daigongwei") as (office, head):
        for client in (office, head):
            page = client.get(f"/judicial/letters/{again}").text
            assert "同一信访人的2件信访" in page
            for path in ("letters", "letters.csv", f"letters/{again}"):
                assert not any(
                    of in client.get(f"/judicial/{path}").text for of in ("王兰", "1390")
                )
            api = client.get(f"/api/v1/judicial/letters/{again}/procedure").text
            assert "1390" not in api + client.get(f"/api/v1/items/judicial/letter/{again}").text
        assert "王兰" in office.post(f"/judicial/letters/{again}/petitioner").text
        assert head.post(f"/judicial/letters/{again}/petitioner").status_code == 403


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"summary": "法院应当改判"}, ConclusionRefused),
        ({"summary": "反映(2024)苏0612民初123号案拖延"}, TextRefused),
        ({"summary": "来信人电话13912345678，反映服务差"}, TextRefused),
        ({"summary": "王小兰反映窗口排队久"}, NotRegistered),
    ],
)
def test_given_a_text_on_a_person_or_a_case_then_nothing_is_registered(
    centre: RunningCentre, changes: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        register(centre, WRITER, **changes)
    assert actions.listed(centre.services, HEAD, Asked(show="all"))[1] == 0


def test_given_an_answer_that_says_how_a_case_should_end_then_it_is_refused_and_nothing_is_kept(
    centre: RunningCentre,
) -> None:
    item = register(centre)
    step(centre, REGISTER_CLERK, item, "pass-on", unit="court", passed="2026-11-23")
    with pytest.raises(ConclusionRefused):
        step(centre, COURT, item, "object", why="应由检察院提出抗诉")
    with (
        pytest.raises(TextRefused),
        taking.acts(centre.services, PROCEDURE, REGISTER_CLERK) as acting,
    ):
        taking.withdraw(acting, item, "信访人王小兰来电")
    step(centre, COURT, item, "accept", accepted="2026-11-23")
    given = {"outcome": "explained", "answered": "2026-11-24"}
    with pytest.raises(ConclusionRefused):
        step(centre, COURT, item, "answer", **given, answer="该案应当发回重审")
    with pytest.raises(WriterNamed):
        step(centre, COURT, item, "answer", **given, answer="已向王小兰说明")
    assert actions.letter(centre.services, COURT, item)["state"] == "accepted"


DEMANDS = """法院应当改判，支持其全部请求
建议撤销一审判决
应依法判处缓刑
请法院尽快判决其胜诉
要求检察院不起诉
应当从轻处罚
公安机关必须立即释放
应予取保候审
该案应当立案
请求检察院提出抗诉
一审判决错误
建议驳回上诉
请解除查封
对方明显违约，法院理应判决其败诉
恳请检察院对该案提起抗诉
请贵院撤销该裁定
此案应由中级法院提审
请法院准许离婚
孩子应判给母亲
必须追究其刑事责任
要求法官回避
公安局必须给他销案
希望将其无罪释放
应当对被执行人采取拘留""".splitlines()
INNOCENT = """反映法院立案窗口排队时间长，建议增加窗口
要求公开庭审信息
希望了解再审申请的条件和程序
反映判决书送达慢
建议完善减刑、假释案件公开机制
请问如何申请取保候审
建议加强起诉书说理
已转送有关单位依法办理
已告知其可以依法向法院申请再审
应当加强社区矫正工作
已依法导入诉讼程序
要求说明不予立案的理由
希望加强对量刑规范化的宣传
要求查询裁判文书
希望简化立案材料
建议法院定期公布发改案件分析
反映再审审查时间长
建议对刑事判决执行情况开展调研
希望法院公布网上立案步骤
已解释法律规定并引导其依法申诉
反映起诉材料需要多次提交
建议检察院加强释法说理""".splitlines()
MISSED = (
    "法院应支持我要求的精神损害赔偿",
    "请尽快给个说法，判对方赔钱",
    "判决书写错了，应当更正",
    "法院不该驳回我的起诉",
)
"""Known to pass: the list is of phrases, and no reader."""


def test_demands_on_a_case_are_found_and_innocent_wishes_are_not() -> None:
    assert [of for of in DEMANDS if not concluded(of)] == []
    assert [of for of in INNOCENT if concluded(of)] == []
    assert [of for of in MISSED if concluded(of)] == []


def test_given_a_quarter_that_runs_then_nothing_is_counted_and_its_letters_are_corrected(
    centre: RunningCentre,
) -> None:
    """After its end its counts stand, and low ones are hidden with whatever would tell them."""
    services = centre.services
    summary = {name: GIVEN[name] for name in ("kind", "topic", "town", "summary")}
    for days in (-30, 30, 14):
        centre.clock.now_ms += days * DAY_MS
        for topic, many in (("enforcement", 7), ("policing", 9)):
            for _ in range(many):
                register(centre, Petitioner(), received="2026-10-01", topic=topic)
    one = register(centre, Petitioner(), topic="trial", town="")
    step(centre, REGISTER_CLERK, one, "correct", **summary | {"topic": "legal-aid"})
    with pytest.raises(NotEnded):
        actions.counts(services, "2026-4")
    centre.clock.now_ms += 30 * DAY_MS
    with pytest.raises(NotAllowed):
        step(centre, REGISTER_CLERK, one, "correct", **summary)
    found = actions.counts(services, "")
    assert (found.quarter, found.months) == ("2026-4", ["2026-10", "2026-11", "2026-12"])
    by_topic = dict(zip((*found.topics, "total"), found.by_topic, strict=True))
    assert by_topic["legal-aid"][2] is None, "a single letter"
    assert by_topic["prosecution"][1] is None, "none is hidden as well"
    assert by_topic["policing"] == [9, 9, 9, 27]
    shown = [of for table in (found.by_topic, found.by_town) for row in table for of in row]
    assert all(of is None or of >= 5 for of in shown)


def test_journey_of_a_register_a_court_and_a_deputy_who_reads_counts(
    address: str, centre: RunningCentre, deputy: httpx.Client
) -> None:
    """A form with a case number comes again with everything; the court sees its own alone."""
    person = Newcomer("shuji", "周宁", units=("court",), unit_roles=("handler",))
    enrolled_now(centre, person, "right for the court")
    writer = {"name": "王小兰", "phone": "13900001234", "address": ""}
    with hands(address, "lianluo") as (office,), httpx.Client(base_url=address) as court:
        signed = {"username": "shuji", "password": "right for the court"}
        assert court.post("/sign-in", data=signed).status_code == 303
        bad = office.post(
            "/judicial/letters/new",
            data=GIVEN | writer | {"summary": "反映(2024)苏0612民初123号案拖延"},
        )
        assert bad.status_code == 422
        assert "13900001234" in bad.text
        assert "不监督具体案件" in bad.text
        made = office.post("/judicial/letters/new", data=GIVEN | writer)
        assert made.status_code == 303
        path = made.headers["location"]
        assert court.get(path).status_code == 404
        passed = {"unit": "court", "passed": "2026-11-23"}
        assert office.post(f"{path}/steps/pass-on", data=passed).status_code == 303
        assert "反映执行工作" in court.get("/").text, "it waits on the workbench"
        page = court.get(path).text
        assert "反映执行工作" in page
        assert "王小兰" not in page
        assert court.post(f"{path}/petitioner").status_code == 403
        assert court.post(f"{path}/steps/accept", data={"accepted": "2026-11-24"}).is_redirect
        given = {"outcome": "settled", "answered": "2026-11-24", "answer": "应当判决其胜诉"}
        refused = court.post(f"{path}/steps/answer", data=given)
        assert refused.status_code == 422
        assert "案件应当怎样处理" in refused.text
        given["answer"] = "已增加查询窗口"
        assert court.post(f"{path}/steps/answer", data=given).status_code == 303
        assert office.post(f"{path}/steps/close").status_code == 303
    assert deputy.get(path).status_code == 403
    counts = deputy.get("/judicial/letters/counts")
    assert counts.status_code == 200
    assert "不显示" in counts.text
    assert deputy.get("/judicial/letters/counts?quarter=2026-4").status_code == 422
    found = deputy.get("/api/v1/judicial/letters/counts").json()
    assert found["quarter"] == "2026-3"
    assert date.fromisoformat(f"{found['months'][0]}-01") == date(2026, 7, 1)
