"""A draw of closed files: the list is fixed, the number of the lottery typed once."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from api.platforms.judicial.draws import actions
from api.platforms.judicial.draws.procedure import PROCEDURE
from api.services import Services
from qingyuan.demo.hands import CLERK, COURT, HEAD, account, on_day, take, today

NUMBER = "731"
"""Another person types it again, and draws."""
_SIZE, _COUNT = "5", "320"
_LIST = "区人民法院已结执行案卷清单"
_GIVEN = {
    "title": "执行案卷评查",
    "scope": "本年上半年办结的首次执行案件",
    "unit": "court",
    "source": "福利彩票3D开奖号码（演示数据）",
}
_ANNOUNCED, _FIXED, _NUMBER_DAY = (timedelta(days=of) for of in (14, 10, 2))
"""Before today."""


def begin_draw(services: Services) -> None:
    """Announce it and bring it to the second pair of eyes, unless it is there from before."""
    if actions.listed(services, account(services, CLERK)):
        return
    day = today(services)
    announced, fixed = (on_day(services, day - of) for of in (_ANNOUNCED, _FIXED))
    given = {**_GIVEN, "number_day": (day - _NUMBER_DAY).isoformat()}
    made = actions.announce(announced, account(announced, HEAD), given, _SIZE)
    hash_of_list = hashlib.sha256(_LIST.encode()).hexdigest()
    take(fixed, PROCEDURE, COURT, made, "fix", count=_COUNT, list_hash=hash_of_list)
    take(services, PROCEDURE, CLERK, made, "type", number=NUMBER)
