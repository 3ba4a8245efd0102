"""Hearings, attended trials and letters, with their faults."""

from __future__ import annotations

import random
from datetime import date, timedelta

from simulators.judicial.flows import FIRST_YEAR, YEARS
from simulators.judicial.records import Hearing, Label, Letter, Trial

_HEARINGS, _TRIALS, _LETTERS = 90, 60, 420
_PUBLIC = ("拟不起诉", "刑事申诉", "民事诉讼监督", "行政诉讼监督", "公益诉讼")
_CLOSED = ("审查逮捕", "羁押必要性审查")
_RESULTS = ("同意承办部门意见", "多数同意", "建议补充调查后决定")
_TRIAL_KINDS = ("刑事", "民商事", "行政", "执行异议", "环境资源")
_SURNAMES = "陈王李张顾徐周吴施曹葛季邱瞿"
_NAMES = ("建国", "秀兰", "志华", "海燕", "永平", "桂英", "小军", "红梅", "德明", "玉珍", "晓东")
_TOWNS = ("金沙街道", "平潮镇", "二甲镇", "石港镇", "兴东街道", "川姜镇", "五接镇", "刘桥镇")
_TOPICS = (
    ("物业管理", "小区电梯停运多日，希望督促修复。", "区住房和城乡建设局"),
    ("道路交通", "村口路灯不亮，夜间出行不便。", "区交通运输局"),
    ("环境保护", "河道有异味，希望查找来源。", "通州生态环境局"),
    ("劳动保障", "工程款结算后工资仍未发放。", "区人力资源和社会保障局"),
    ("土地征收", "对安置面积的计算方法有疑问。", "区自然资源和规划局"),
    ("涉法涉诉", "反映一起案件执行时间较长，希望了解进展。", "区委政法委员会"),
    ("社会保障", "居民养老保险缴费记录缺少两年。", "区人力资源和社会保障局"),
    ("村务管理", "村级工程账目没有按季公布。", "区民政局"),
)
_LIMIT = 15
"""Days to pass a letter on, and to tell its sender."""


def _days(count: int, drawn: random.Random) -> list[date]:
    first = date(FIRST_YEAR, 1, 3)
    return sorted(first + timedelta(days=drawn.randrange(365 * YEARS - 30)) for _ in range(count))


def hearings(drawn: random.Random) -> tuple[list[Hearing], list[Label]]:
    """One of ten is told too late, has too many hearers, or is public where usually not."""
    made: list[Hearing] = []
    labels: list[Label] = []
    for at, on in enumerate(_days(_HEARINGS, drawn), start=1):
        number = f"听证{at:03}"
        closed = drawn.random() < 0.25
        before, hearers = drawn.choice((3, 3, 4, 5, 7, 10)), drawn.choice((3, 5, 5, 7))
        kind, fault, note = drawn.choice(_CLOSED if closed else _PUBLIC), "", ""
        public = not closed
        if at % 30 == 7:
            before, fault, note = drawn.randint(0, 2), "told-late", "less than 3 days before"
        elif at % 30 == 17:
            hearers, fault = drawn.choice((1, 2, 8, 9)), "hearers-out-of-range"
            note = "fewer than 3 or more than 7"
        elif at % 30 == 27:
            kind, public = drawn.choice(_CLOSED), True
            fault, note = "public-where-usually-closed", f"{kind} is usually not public"
        elif before == 3:
            labels.append(Label("hearings", "told-late", number, "exactly 3 days before", True))
        if fault:
            labels.append(Label("hearings", fault, number, note, False))
        deputies = drawn.randint(0, min(hearers, 3))
        notified = on - timedelta(days=before)
        result = drawn.choice(_RESULTS)
        made.append(Hearing(number, on, notified, kind, public, hearers, deputies, result))
    return made, labels


def trials(drawn: random.Random) -> list[Trial]:
    """Trials that deputies attended."""
    made: list[Trial] = []
    for at, on in enumerate(_days(_TRIALS, drawn), start=1):
        invited = drawn.randint(3, 15)
        attended = drawn.randint(2, invited)
        kind = drawn.choice(_TRIAL_KINDS)
        comments = drawn.randint(0, attended)
        made.append(Trial(f"旁听{at:03}", on, kind, f"{kind}审判庭", invited, attended, comments))
    return made


def letters(drawn: random.Random) -> tuple[list[Letter], list[Label]]:
    """One of seventy is passed on late, told late, or never; some come again."""
    made: list[Letter] = []
    labels: list[Label] = []
    for at, on in enumerate(_days(_LETTERS, drawn), start=1):
        number = f"{on.year}信{at:04}"
        topic, content, body = drawn.choice(_TOPICS)
        sender = drawn.choice(_SURNAMES) + drawn.choice(_NAMES)
        town, phone = drawn.choice(_TOWNS), f"1390000{drawn.randrange(10_000):04}"
        passed, answered = drawn.randint(0, _LIMIT), drawn.randint(1, _LIMIT)
        passed_on: date | None = on + timedelta(days=passed)
        answered_on: date | None = on + timedelta(days=answered)
        fault, note = "", ""
        if at % 70 == 11:
            passed_on = on + timedelta(days=_LIMIT + drawn.randint(1, 20))
            fault, note = "passed-on-late", "more than 15 days after it came"
        elif at % 70 == 31:
            answered_on = on + timedelta(days=_LIMIT + drawn.randint(1, 40))
            fault, note = "told-late", "the sender was told after more than 15 days"
        elif at % 70 == 51:
            answered_on = None
            fault, note = "never-told", "the sender was not told"
        elif passed == _LIMIT:
            labels.append(Label("letters", "passed-on-late", number, "on the last day", True))
        if fault:
            labels.append(Label("letters", fault, number, note, False))
        if at % 40 == 20:
            before = made[-drawn.randint(1, 12)]
            sender, town, phone = before.sender, before.town, before.phone
            topic, content, body = before.topic, f"再次反映：{before.content}", before.passed_to
            labels.append(Label("letters", "comes-again", number, f"after {before.number}", False))
        head = (number, on, sender, town, phone, topic, content, body)
        made.append(Letter(*head, passed_on, answered_on))
    return made, labels
