"""Meetings, a survey, a motion and a duty record of the demonstration, waiting for visitors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from api.accounts.records import Account
from api.meetings import actions as meetings
from api.platforms.duty.duty_records import actions as records
from api.platforms.duty.meetings import actions as seeing
from api.platforms.duty.meetings.procedure import MEETINGS
from api.platforms.duty.meetings.records import MeetingGiven
from api.platforms.duty.motions import actions as motions
from api.platforms.duty.motions.procedure import PROCEDURE as MOTION
from api.platforms.duty.sessions import actions as sessions
from api.platforms.duty.surveys.actions import making
from api.platforms.duty.surveys.records import Settings, WrittenQuestion, fresh_id, with_question
from api.procedures.part import part_of
from api.services import Services
from config.vocabulary.time import day_of
from qingyuan.demo.hands import CLERK, COLLEAGUE, DEPUTY, NEIGHBOUR, account
from qingyuan.demo.register import FROM_DAY, SIGNERS, TERM

_VISIT = {
    "title": "视察通吕运河沿线排口整治",
    "kind": "activity",
    "text": "请提前阅读有关建议和答复。统一乘车，8:40 在区人大常委会机关门口集合。",
    "location": "平潮镇通吕运河断面",
    "agenda": "一、查看排口整治现场\n二、听取水利、住建部门汇报\n三、座谈",
    "people": [DEPUTY, COLLEAGUE],
}
_NOTICE = {
    "title": "关于报送闭会期间活动计划的通知",
    "kind": "notice",
    "wants": "confirm",
    "text": "请各代表小组在本月底前报送下季度活动计划，写明时间、主题和联系人。",
    "units": ["jinsha-delegation", "pingchao-delegation"],
}
_SURVEY = {
    "title": "河道管护情况问卷",
    "intro": "为起草河道管护专题调研报告，请您花两分钟回答三个问题。问卷不记名。",
    "design": "anonymous",
    "audience": "deputies",
}
_QUESTIONS: tuple[Mapping[str, object], ...] = (
    {
        "kind": "one",
        "text": "您对选区内河道管护总体满意吗",
        "options": "满意\n基本满意\n不满意\n不了解",
        "required": True,
    },
    {
        "kind": "many",
        "text": "您认为最需要解决的是",
        "options": "雨污混接\n河道淤积\n水草和垃圾\n排口监管\n管护责任不清",
        "required": True,
    },
    {"kind": "text", "text": "您还有什么意见"},
)
_MOTION = {
    "level": "district",
    "title": "关于加强镇村河道长效管护的议案",
    "basis": "近年来镇村河道整治投入不少，但整治后管护跟不上，淤积、水草和雨污混接反复出现。\n"
    "代表连续几年就此提出建议，靠单件办理难以解决责任和经费问题。",
    "plan": "一、由区人大常委会作出关于镇村河道长效管护的决定。\n"
    "二、明确区、镇、村三级管护责任和经费来源。\n三、区政府每年向常委会报告一次。",
}
_FACT = {
    "kind": "inspection",
    "title": "参加常委会组织的污水处理设施运行情况视察",
    "evidence": "视察签到表",
}
_DAYS_TO_ANSWER, _DAYS_SINCE_VISIT, _WEDNESDAY = 14, 3, 2


def begin_sittings(services: Services) -> None:
    """Do what the office and a deputy do beside suggestions, unless it is there from before."""
    office, deputy = account(services, CLERK), account(services, DEPUTY)
    today = date.fromisoformat(day_of(services.now_ms()))
    if not seeing.convened_meetings(services, office, 0)[0]:
        _visit(services, office, today)
        _sent(services, office, MeetingGiven.model_validate(_NOTICE))
    if not making.listed(services, office, 0):
        _survey(services, office, today)
    if not motions.listed(services, deputy, mine=True):
        _session(services, office, today.year + 1)
        _motion(services, deputy)
    known = records.record(services, office, DEPUTY, today.year)
    if known is None or not any(of.row["title"] == _FACT["title"] for of in known.lines):
        day = today - timedelta(days=_DAYS_SINCE_VISIT)
        records.enter(services, office, DEPUTY, {**_FACT, "day": day.isoformat()})


def _visit(services: Services, office: Account, today: date) -> None:
    """On the Wednesday of the next week; one of two deputies asks for leave."""
    day = today + timedelta(days=7 - today.weekday() + _WEDNESDAY)
    times = {"from": f"{day}T09:00", "until": f"{day}T11:30"}
    meeting = _sent(services, office, MeetingGiven.model_validate({**_VISIT, **times}))
    colleague = account(services, COLLEAGUE)
    (invited,) = [
        of.guest.id for of in seeing.own(services, COLLEAGUE) if of.meeting.id == meeting
    ]
    why = {"why": "当天上午学校有公开课，无法调整。"}
    meetings.take(services, MEETINGS.own, colleague, str(invited), "ask-leave", why, None)


def _sent(services: Services, office: Account, given: MeetingGiven) -> int:
    made = meetings.make(services, MEETINGS, office, given.details())
    meetings.take(services, MEETINGS.meeting, office, str(made), "send", {}, None)
    meeting = meetings.convened(services, MEETINGS, office, str(made))
    meetings.invite(services, MEETINGS, office, meeting)
    return made


def _survey(services: Services, office: Account, today: date) -> None:
    last_day = (today + timedelta(days=_DAYS_TO_ANSWER)).isoformat()
    settings = Settings.model_validate({**_SURVEY, "last_day": last_day})
    made = making.create(services, office, settings)
    for given in _QUESTIONS:
        draft = making.find(services, office, made)
        assert draft is not None
        written = WrittenQuestion.model_validate(given).question(fresh_id(draft.poll.form))
        making.ask(services, office, draft, with_question(draft.poll.form, written))
    survey = making.find(services, office, made)
    assert survey is not None
    making.take(services, office, survey, "open", None)


def _session(services: Services, office: Account, year: int) -> None:
    """That of the next January, to which the motion may be submitted."""
    number = year - int(FROM_DAY[:4]) + 1
    days = {"first_day": f"{year}-01-06", "last_day": ""}
    given = {"town": "", "term": str(TERM), "number": str(number), **days}
    sessions.put(services, office, given, offer=True)


def _motion(services: Services, lead: Account) -> None:
    """Ten have signed it: the one who leads may submit it."""
    made = motions.begin(services, lead, _MOTION)
    motions.invite(services, lead, made, [COLLEAGUE, NEIGHBOUR, *SIGNERS])
    for username in (NEIGHBOUR, *SIGNERS):
        signer = account(services, username)
        read = part_of(services, signer, MOTION, made).row["text_hash"]
        motions.sign(services, signer, made, read)
