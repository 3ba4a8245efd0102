"""A review whose maker promised to amend, and a citizen's proposal that waits for the office."""

from __future__ import annotations

import uuid
from datetime import timedelta

from api.platforms.documents.proposals.actions import handling, receiving
from api.platforms.documents.proposals.records import Asked, Identity, Written
from api.platforms.documents.reviews.actions import opening, pointing
from api.platforms.documents.reviews.procedure.review import PROCEDURE
from api.platforms.documents.reviews.records import Raised
from api.services import Services
from qingyuan.demo.documents.filings import text_of
from qingyuan.demo.documents.papers import BICYCLES, DRAINAGE, FINE
from qingyuan.demo.hands import CLERK, HEAD, TOWN, account, on_day, take, today

_POINT = Raised(
    "legality",
    "第四条",
    FINE,
    "中华人民共和国行政处罚法",
    "第十六条",
    "乡镇人民政府的规范性文件不得设定罚款。",
    "penalty",
)
_OPENED, _OPINED, _PROMISED = (timedelta(days=of) for of in (30, 20, 12))
"""Before today."""
_UNTIL = timedelta(days=50)
_PROPOSAL = {
    "document": BICYCLES.title,
    "clause": "第三条",
    "law": "《行政强制法》",
    "reason": "这一条允许管理单位把车移走，物业没有这个权力，建议审查。",
}
_CITIZEN = Identity("季文清", "139 0000 2027")


def begin_reviews(services: Services) -> None:
    """Open the review and receive the proposal, unless they are there from before."""
    office = account(services, CLERK)
    if handling.listed(services, office, Asked(show="all"))[1]:
        return
    _review(services)
    key = str(uuid.uuid5(uuid.NAMESPACE_OID, BICYCLES.title))
    then = on_day(services, today(services) - timedelta(days=2))
    given = {**_PROPOSAL, "text": str(text_of(services, BICYCLES))}
    receiving.receive(then, Written(given, _CITIZEN, key))


def _review(services: Services) -> None:
    day = today(services)
    opened, opined = on_day(services, day - _OPENED), on_day(services, day - _OPINED)
    given = {"mode": "own", "reason": "年度主动审查计划：水环境类文件。"}
    text = text_of(services, DRAINAGE)
    review = str(opening.begin(opened, account(opened, CLERK), text, given))
    pointing.add(opened, account(opened, CLERK), review, _POINT)
    said = {"opinion": "第四条设定了罚款，请修改或者删去。", "day": (day - _OPINED).isoformat()}
    take(opined, PROCEDURE, HEAD, review, "opine", **said)
    promised = {
        "promise": "提请镇人民政府会议修改第四条，删去罚款。",
        "day": (day - _PROMISED).isoformat(),
        "promised": (day + _UNTIL).isoformat(),
    }
    take(on_day(services, day - _PROMISED), PROCEDURE, TOWN, review, "promise", **promised)
