"""Texts on record, and three filings: handed out, registered, and returned with a fault that the
town mends.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta

from api.platforms.documents.catalogue.actions import finding
from api.platforms.documents.filings.actions import filings, handing, registering
from api.platforms.documents.filings.procedure.filing import PROCEDURE
from api.platforms.documents.texts import actions as texts
from api.platforms.documents.texts.records import Asked
from api.services import Services
from qingyuan.demo.documents.papers import CLEANING, KEPT, LIFTS, SIGNS, Paper
from qingyuan.demo.hands import CLERK, HOUSING, TOWN, account, on_day, take, today

_BESIDE = {
    "report": "备案报告",
    "explanation": "说明",
    "basis": "制定依据",
    "legality": "合法性审核意见",
    "collective": "集体讨论纪要",
}
_NOTE = "见本次报备所附纸质材料。"
_FILED_AFTER, _CHECKED_AFTER = timedelta(days=10), timedelta(days=13)
"""From the publication."""
_COMMITTEES = ("legislation-committee", "environment-committee")


def begin_filings(services: Services) -> None:
    """Keep texts and file by the acts of the pages, unless that was done before."""
    if _kept(services, KEPT[0]):
        return
    for paper in KEPT:
        _keep(services, paper)
    _hand_out(services, _registered(services, CLEANING, TOWN))
    _registered(services, LIFTS, HOUSING)
    _returned(services)
    finding.find(services)


def text_of(services: Services, paper: Paper) -> int:
    """The id of a text that is kept."""
    return _kept(services, paper)[0]


def _kept(services: Services, paper: Paper) -> Sequence[int]:
    found, _ = texts.listed(services, Asked(q=paper.title))
    return [of.id for of in found if of.facts.title == paper.title]


def _keep(services: Services, paper: Paper) -> None:
    day = today(services)
    then = on_day(services, paper.on(day) + timedelta(days=5))
    file = io.BytesIO(paper.text(day).encode())
    texts.send(then, account(then, CLERK), paper.facts(day), f"{paper.title}.txt", file)


def _filed(services: Services, paper: Paper, username: str, **wrong: str) -> str:
    """A filing with every paper, as its maker sends it."""
    day = today(services)
    then = on_day(services, paper.on(day) + _FILED_AFTER)
    maker = account(then, username)
    facts = {name: of or "" for name, of in asdict(paper.facts(day)).items() if name != "maker"}
    made = filings.begin(then, maker, paper.maker, {**facts, **wrong})
    for code, name in _BESIDE.items():
        filings.attach(then, maker, made, code, f"{name}.txt", io.BytesIO(_NOTE.encode()))
    file = io.BytesIO(paper.text(day).encode())
    filings.attach(then, maker, made, "text", f"{paper.title}.txt", file)
    take(then, PROCEDURE, username, made, "send")
    return made


def _checked(services: Services, paper: Paper) -> Services:
    return on_day(services, paper.on(today(services)) + _CHECKED_AFTER)


def _registered(services: Services, paper: Paper, username: str) -> str:
    made = _filed(services, paper, username)
    then = _checked(services, paper)
    registering.register(then, account(then, CLERK), made, "", None)
    return made


def _hand_out(services: Services, made: str) -> None:
    then = _checked(services, CLEANING)
    handing.distribute(then, account(then, CLERK), made, _COMMITTEES, None)


def _returned(services: Services) -> None:
    """The day in force is another than in the official text."""
    in_force = date.fromisoformat(SIGNS.facts(today(services)).in_force or "")
    made = _filed(services, SIGNS, TOWN, in_force=(in_force + timedelta(days=1)).isoformat())
    said = {"reason": "dates", "remark": "施行日期与正式文本不一致，请按正式文本填写后重新报送。"}
    take(_checked(services, SIGNS), PROCEDURE, CLERK, made, "return", **said)
