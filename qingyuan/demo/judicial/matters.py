"""A special work report whose terms run, opinions of a meeting that wait for an answer, and
procuratorial advice that waits for its reply.
"""

from __future__ import annotations

from datetime import timedelta

from api.platforms.judicial.advice import actions as advice
from api.platforms.judicial.advice.procedure import PROCEDURE as ADVICE
from api.platforms.judicial.matters import actions
from api.platforms.judicial.matters.procedure import PROCEDURES
from api.platforms.judicial.matters.records import Asked
from api.services import Services
from qingyuan.demo.hands import CLERK, HEAD, PROCURATORATE, account, on_day, take, today

_MEETING = "区十八届人大常委会第三十六次会议"
_NEXT_MEETING = "区十八届人大常委会第三十八次会议"
_TO_MEETING = timedelta(days=40)
_ADVICE = {
    "title": "物业小区消防通道管理",
    "addressee": "housing",
    "topic": "production-safety",
    "text": "在办理一类公益诉讼案件中发现，部分物业小区消防通道被长期占用。\n"
    "建议对全区物业小区消防通道开展一次检查，并建立日常巡查制度。",
}
_ADVISED_BEFORE, _TO_REPLY = timedelta(days=6), timedelta(days=24)


def begin_matters(services: Services) -> None:
    """Begin all three, unless they are there from before."""
    if actions.listed(services, account(services, CLERK), Asked()).rows:
        return
    _inspected(services)
    _report(services)
    _advised(services)


def _report(services: Services) -> None:
    given = {"title": "关于民事执行工作情况的专项工作报告", "unit": "court"}
    made = actions.begin(services, account(services, CLERK), "report", given)
    take(
        services,
        PROCEDURES["report"],
        CLERK,
        made,
        "schedule",
        meeting=_NEXT_MEETING,
        meeting_day=(today(services) + _TO_MEETING).isoformat(),
        requests="请重点报告执行期限、财产查控和终结本次执行程序案件的管理。",
    )


def _inspected(services: Services) -> None:
    """The law was inspected, the meeting heard the report, and its opinions were sent."""
    day, procedure = today(services), PROCEDURES["inspection"]
    begun = on_day(services, day - timedelta(days=90))
    given = {"title": "《未成年人保护法》实施情况执法检查", "unit": "procuratorate"}
    made = actions.begin(begun, account(begun, CLERK), "inspection", given)
    first, last = day - timedelta(days=80), day - timedelta(days=60)
    take(
        begun,
        procedure,
        CLERK,
        made,
        "plan",
        law="中华人民共和国未成年人保护法",
        plan="分两个组到学校、社区和检察机关实地检查，召开座谈会两次。",
        from_day=first.isoformat(),
        until_day=last.isoformat(),
    )
    members = "监察和司法工作委员会、代表五人"
    take(begun, procedure, CLERK, made, "add-group", group="第一组", members=members)
    during = on_day(services, first)
    take(during, procedure, CLERK, made, "begin")
    take(
        during,
        procedure,
        CLERK,
        made,
        "add-finding",
        clause="第一百零五条",
        finding="对涉及未成年人案件的法律监督有专门机构，回访记录不够完整。",
    )
    report = "总体贯彻良好，回访和家庭教育指导需要加强。"
    take(on_day(services, last), procedure, CLERK, made, "finish", report=report)
    heard = day - timedelta(days=15)
    take(
        on_day(services, heard),
        procedure,
        HEAD,
        made,
        "hear",
        decided_meeting=_MEETING,
        decided_day=heard.isoformat(),
        decided="听取并审议了执法检查报告，决定形成审议意见交区人民检察院研究处理。",
    )
    take(
        on_day(services, heard + timedelta(days=3)),
        procedure,
        HEAD,
        made,
        "send-opinions",
        opinions="一、完善回访制度，做到有记录可查。\n二、会同教育、民政部门推进家庭教育指导。",
        opinions_of=_MEETING,
        answer_day=(day + timedelta(days=45)).isoformat(),
    )


def _advised(services: Services) -> None:
    issued = today(services) - _ADVISED_BEFORE
    then = on_day(services, issued)
    made = advice.write(then, account(then, PROCURATORATE), _ADVICE)
    days = {
        "issued_day": issued.isoformat(),
        "reply_day": (today(services) + _TO_REPLY).isoformat(),
    }
    take(then, ADVICE, PROCURATORATE, made, "send", **days)
