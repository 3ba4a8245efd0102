"""The terms of the survey of the law as a second reader wrote them down, held against the data."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from config.law import Rule, load
from tests.config.test_law import OWN

LAW = load()

LAWS = {
    "代表": ("全国人民代表大会和地方各级人民代表大会代表法", "2025-03-11"),
    "组织": ("地方各级人民代表大会和地方各级人民政府组织法", "2022-03-11"),
    "监督": ("各级人民代表大会常务委员会监督法", "2024-11-08"),
    "预算": ("预算法", "2018-12-29"),
    "条例": ("预算法实施条例", "2020-08-03"),
    "审计": ("审计法", "2021-10-23"),
    "立法": ("立法法", "2023-03-13"),
    "工作办法": ("法规、司法解释备案审查工作办法", "2019-12-16"),
    "信访": ("信访工作条例", "2022-02-25"),
    "听证": ("人民检察院审查案件听证工作规定", "2020-09-14"),
    "民诉": ("民事诉讼法", "2023-09-01"),
    "刑诉": ("刑事诉讼法", "2018-10-26"),
    "行诉": ("行政诉讼法", "2017-06-27"),
    "法典": ("生态环境法典", "2026-03-12"),
    "信息": ("突发环境事件信息报告办法", ""),
    "沙尘": ("环办监测〔2016〕120号（沙尘影响）", ""),
    "节能": ("节约能源法", "2018-10-26"),
    "粮食": ("粮食安全保障法", "2023-12-29"),
    "体育": ("体育法", "2022-06-24"),
    "国资": ("行政事业性国有资产管理条例", "2021-02-01"),
    "国资规划": ("国有资产管理情况报告五年规划", ""),
    "江苏": ("江苏省国有资产管理情况报告安排", ""),
    "南通": ("南通市人民代表大会关于议案和建议、批评、意见问题的暂行规定", ""),
    "常州": ("常州市人民代表大会常务委员会审议意见处理办法", "2014-08-11"),
    "上海": ("上海市人民代表大会关于代表建议、批评和意见的规定", ""),
    "浙江": ("浙江省人民代表大会代表建议、批评和意见办理的规定", "2016-05-27"),
    "重庆": ("重庆市人民代表大会代表建议批评和意见工作条例", "2017-11-30"),
    "青岛": ("青岛市人民代表大会代表建议、批评和意见工作条例", "2021-07-29"),
    "山东": ("山东省人民代表大会代表建议、批评和意见办理工作条例", "2017-05-19"),
    "北京": ("北京市人民代表大会代表建议、批评和意见办理条例", "2014-01-22"),
    "福建": ("福建省人民代表大会代表建议、批评和意见办理工作规定", ""),
    "宁波": ("宁波市人民代表大会代表建议、批评和意见办理条例", ""),
    "玉林": (
        "玉林市人民政府办公室关于办理市五届人大六次会议代表建议的通知（玉政办电〔2019〕11号）",
        "2019-03-08",
    ),
    "他处": ("其他地方的办理规定（来源未具名）", ""),
    "浙江监督": ("浙江省各级人民代表大会常务委员会监督条例", "2008-11-28"),
    "河南监督": (
        "河南省实施《中华人民共和国各级人民代表大会常务委员会监督法》办法",
        "2015-09-26",
    ),
    "上海预算": ("上海市预算审查监督条例", "2021-09-28"),
    "青岛预算": ("青岛市预算审查监督条例", "2019-11-29"),
    "浙江预算": ("浙江省预算审查监督条例", "2016-12-01"),
    "北京备案": ("北京市各级人民代表大会常务委员会规范性文件备案审查条例", "2024-09-27"),
    "上海备案": ("上海市人民代表大会常务委员会规范性文件备案审查条例", "2024-11-28"),
    "云南备案": ("云南省各级人民代表大会常务委员会规范性文件备案审查规定", ""),
    "国务院": ("法规规章备案审查条例", "2024-08-30"),
}
"""The law of each row below, and the day of the version that was read."""

READING = """
sc.meeting            | 2 月      | 上一次常委会会议 | 组织 51 | R
dep.term              | 5 年      | 第一次会议 | 代表 2(3) | R
dep.plan              | 每年      | 每年 | 代表 43 | R
sugg.answer           | 3 月      | 交办 | 代表 51(2) | R
sugg.answer.hard      | 6 月      | 交办 | 代表 51(2) | R
sugg.report           | 每年      | 每年 | 代表 51(3) | R
sugg.answer.nantong   | 6 月      | 闭会 | 南通 ? | S
sugg.assign.shanghai  | 7 工作日  | 收到 | 上海 11 | C
sugg.assign.meeting.shanghai | 1 月 | 闭会 | 上海 15 | C
sugg.return.shanghai  | 7 工作日  | 收到 | 上海 14 | C
sugg.coopinion.shanghai | 1 月    | 收到 | 上海 17 | C
sugg.answer.shanghai  | 3 月 +3 月 | 交办 | 上海 19 | C
sugg.redo.shanghai    | 1 月      | 交承办单位再作研究 | 上海 21 | C
sugg.report.mid.shanghai | 至 06-30 | 年中 | 上海 26 | C
sugg.report.shanghai  | 前 1 日   | 人民代表大会会议举行 | 上海 26 | C
sugg.return.zhejiang  | 10 日     | 收到 | 浙江 14 | C
sugg.coopinion.zhejiang | 2 月    | 收到 | 浙江 18 | C
sugg.answer.zhejiang  | 3 月 至6 月 | 交办 | 浙江 21 | C
sugg.redo.zhejiang    | 1 月      | 再次研究办理 | 浙江 24 | C
sugg.report.zhejiang  | 每年      | 每年 | 浙江 29 | C
sugg.assign.chongqing | 10 工作日 | 收到 | 重庆 13 | C
sugg.return.chongqing | 10 工作日 | 交办 | 重庆 16 | C
sugg.reassign.chongqing | 10 工作日 | 收到退回 | 重庆 16 | C
sugg.contact.chongqing | 20 工作日 | 收到 | 重庆 18 | C
sugg.coopinion.chongqing | 30 工作日 | 交办 | 重庆 20 | C
sugg.coopinion.redo.chongqing | 5 工作日 | 提出要求 | 重庆 20 | C
sugg.answer.chongqing | 3 月      | 交办 | 重庆 21 | C
sugg.answer.hard.chongqing | 6 月 | 交办 | 重庆 21 | C
sugg.rate.chongqing   | 20 工作日 | 收到答复函 | 重庆 26 | C
sugg.redo.chongqing   | 2 月      | 收到重新办理要求 | 重庆 27 | C
sugg.promise.chongqing | 10-01 至 12-31 | 第四季度 | 重庆 24 | C
sugg.promise.rate.chongqing | 20 工作日 | 收到落实情况 | 重庆 28 | C
sugg.report.chongqing | 11-01 至 11-30 | 十一月 | 重庆 34 | C
sugg.assign.qingdao   | 5 工作日  | 收到 | 青岛 14 | C
sugg.return.qingdao   | 5 工作日  | 收到 | 青岛 19 | C
sugg.coopinion.qingdao | 1 月     | 收到 | 青岛 24 | C
sugg.answer.qingdao   | 3 月 至6 月 | 交办 | 青岛 25 | C
sugg.report.qingdao   | 10-01 至 12-31 | 第四季度 | 青岛 37 | C
sugg.assign.shandong  | 5 日      | 接到 | 山东 10(1) | C
sugg.return.shandong  | 5 日      | 收到 | 山东 12 | C
sugg.coopinion.shandong | 1 月    | 收到 | 山东 21 | C
sugg.answer.shandong  | 3 月 至6 月 | 交办 | 山东 19 | C
sugg.redo.shandong    | 1 月      | 不满意 | 山东 24 | C
sugg.report.shandong  | 前 1 日   | 人民代表大会会议举行 | 山东 27(1) | C
sugg.answer.beijing   | 3 月 至6 月 | 交办 | 北京 21 | C
sugg.rate.beijing     | 15 工作日 | 收到答复 | 北京 23 | C
sugg.redo.beijing     | 2 月      | 要求重新办理 | 北京 27(4) | C
sugg.report.beijing   | 每年      | 每年 | 北京 28 | C
sugg.coopinion.fujian | 1 月      | 交办 | 福建 20 | S
sugg.coopinion.ningbo | 1 月      | 收到 | 宁波 ? | S
sugg.return.yulin     | 7 工作日  | 接到承办通知 | 玉林 二(一) | S
sugg.return.other-working-days | 3 工作日 | 收到 | 他处 ? | S
sugg.return.other-days | 10 日    | 收到 | 他处 ? | S
sup.plan              | 每年      | 每年 | 监督 63 | R
rpt.draft             | 前 20 日  | 常务委员会会议举行 | 监督 15(1) | R
rpt.final             | 前 10 日  | 常务委员会会议举行 | 监督 15(1) | R
rpt.members           | 前 7 日   | 常务委员会会议举行 | 监督 15(2) | R
env.report            | 每年      | 每年 | 监督 12(3) | R
fin.final             | 06-01 至 09-30 | 六月至九月 | 监督 19(2) | R
fin.mid               | 06-01 至 09-30 | 六月至九月 | 监督 20 | R
soe.report            | 每年      | 每年 | 监督 24 | R
debt.report           | 每年      | 每年 | 监督 25 | R
finance.report        | 每年      | 每年 | 监督 26(2) | R
audit.work            | 06-01 至 09-30 | 决算 | 监督 27(1) | R
audit.fix             | 6 月      | 听取和审议审计工作报告 | 监督 27(2) | R
rpt.opinion.send.changzhou | 5 工作日 | 会议结束 | 常州 6 | R-open
rpt.opinion.send.zhejiang | 7 日  | 主任会议 | 浙江监督 43 | C
rpt.opinion.send.henan | 10 日    | 闭会 | 河南监督 20 | C
rpt.review.zhejiang   | 3 月      | 收到审议意见 | 浙江监督 44 | C
rpt.review.henan      | 3 月      | 收到审议意见 | 河南监督 11 | C
rpt.review.budget.henan | 2 月    | 收到审议意见 | 河南监督 30(2) | C
rpt.comments.zhejiang | 5 日      | 收到 | 浙江监督 13 | C
le.plan.zhejiang      | 前 1 月   | 执法检查开始 | 浙江监督 29 | C
le.plan.henan         | 前 10 日  | 执法检查开始 | 河南监督 40 | C
energy.report         | 每年      | 每年 | 节能 5 | R
grain.report          | 每年      | 每年 | 粮食 34 | R
sport.report          | 5 年      | 任期开始 | 体育 108 | R
bgt.statement         | 每年      | 每年 | 预算 97 | R
bgt.deploy            | 至 06-30  | 6月30日 | 条例 25(2) | R
bgt.first             | 前 30 日  | 人民代表大会会议举行 | 预算 44(4) | R
bgt.approve.dept      | 20 日     | 批准预算 | 预算 52(1) | R
bgt.approve.unit      | 15 日     | 接到本部门预算批复 | 预算 52(1) | R
bgt.transfer          | 30 日     | 批准预算 | 预算 52(4) | R
bgt.transfer.earmarked | 60 日    | 批准预算 | 预算 52(4) | R
bgt.publish           | 20 日     | 批准 | 预算 14(1) | R
bgt.publish.dept      | 20 日     | 财政部门批复 | 预算 14(2) | R
bgt.publish.unit      | 20 日     | 部门批复 | 条例 6(4) | R
bgt.adjust.draft      | 前 30 日  | 会议举行 | 预算 69(6) | R
final.draft           | 前 30 日  | 会议举行 | 预算 78(4) | R
final.window          | 06-01 至 09-30 | 六月至九月 | 监督 19 | R
final.approve         | 20 日     | 决算批准 | 预算 80 | R
final.approve.unit    | 15 日     | 接到本部门决算批复 | 预算 80 | R
final.file            | 30 日     | 决算批准 | 预算 81 | R
carry2                | 2 年      | 预算年度 | 预算 42 | R
treasury.pay          | 0 日      | 指令 | 条例 66 | R
treasury.rep          | 每日      | 每日 | 条例 64 | R
treasury.rep.ten-days | 每旬      | 每旬 | 条例 64 | R
treasury.rep.month    | 每月      | 每月 | 条例 64 | R
treasury.rep.year     | 每年      | 每年 | 条例 64 | R
audit.unit.reply      | 10 日     | 接到审计组的审计报告 | 审计 44 | R
audit.notice          | 前 3 日   | 实施审计 | 审计 42 | R
soe.report.jiangsu    | 每年      | 每年 | 江苏 ? | S
soe.cycle             | 5 年      | 五年规划 | 国资规划 ? | R-open
soe.admin.unit        | 每年      | 每年 | 国资 45 | R
soe.admin.report      | 每年      | 每年 | 国资 46 | R
bgt.first.opinion.shanghai | 前 15 日 | 人民代表大会会议举行 | 上海预算 25 | C
bgt.first.feedback.shanghai | 前 5 日 | 人民代表大会会议举行 | 上海预算 25 | C
bgt.text.shanghai     | 前 5 日   | 人民代表大会会议举行 | 上海预算 30 | C
bgt.first.opinion.qingdao | 前 15 日 | 人民代表大会会议举行 | 青岛预算 21 | C
bgt.first.feedback.qingdao | 前 7 日 | 人民代表大会会议举行 | 青岛预算 21 | C
bgt.text.qingdao      | 前 7 日   | 人民代表大会会议举行 | 青岛预算 22 | C
bgt.monthly.qingdao   | 每月      | 每月 | 青岛预算 28 | C
bgt.adjust.zhejiang   | 至 10-31  | 十月底 | 浙江预算 28 | C
audit.fix.zhejiang    | 每年      | 十二月底 | 浙江预算 38 | C
rev.law.file          | 30 日     | 公布 | 立法 109 | R
rev.written           | 2 月      | 书面审查意见 | 立法 112 | R
rev.report            | 每年      | 每年 | 监督 45 | R
rev.workrule          | 30 日     | 公布 | 工作办法 ? | M
rev.workrule.study    | 3 月      | 备案 | 工作办法 ? | M
rev.workrule.answer   | 2 月      | 书面审查意见 | 工作办法 ? | M
rev.file.beijing      | 30 日     | 公布 | 北京备案 11 | C
rev.form.beijing      | 10 日     | 收到 | 北京备案 12 | C
rev.resend.beijing    | 10 日     | 收到电子指令 | 北京备案 12 | C
rev.handout.beijing   | 5 工作日  | 登记 | 北京备案 22 | C
rev.opinion.beijing   | 30 日 +30 日 | 分送 | 北京备案 23 | C
rev.review.beijing    | 3 月 +3 月 | 登记 | 北京备案 23 | C
rev.complete.beijing  | 5 工作日  | 收到 | 北京备案 24 | C
rev.decline.beijing   | 10 日     | 决定 | 北京备案 25 | C
rev.transfer.beijing  | 10 日     | 收到 | 北京备案 17 | C
rev.correct.beijing   | 30 日     | 书面审查意见 | 北京备案 29 | C
rev.refile.beijing    | 30 日     | 修改或者废止 | 北京备案 30 | C
rev.catalogue.beijing | 至 01-31  | 一月底 | 北京备案 13 | C
rev.report.beijing    | 每年      | 每年 | 北京备案 40 | C
rev.report.up.beijing | 30 日     | 审议结束 | 北京备案 40 | C
rev.file.shanghai     | 30 日     | 公布 | 上海备案 10 | C
rev.form.shanghai     | 5 工作日  | 收到 | 上海备案 12 | C
rev.resend.shanghai   | 10 工作日 | 收到通知 | 上海备案 12 | C
rev.opinion.shanghai  | 30 日     | 分送 | 上海备案 15 | C
rev.correct.shanghai  | 2 月      | 函 | 上海备案 33 | C
rev.catalogue.shanghai | 至 01-31 | 一月三十一日 | 上海备案 13 | C
rev.report.shanghai   | 每年      | 每年 | 上海备案 38 | C
rev.file.henan        | 30 日     | 发布 | 河南监督 51 | C
rev.review.henan      | 30 日 +30 日 | 收到 | 河南监督 54 | C
rev.correct.henan     | 30 日     | 书面审查意见 | 河南监督 56 | C
rev.catalogue.henan   | 至 03-31  | 3月31日 | 河南监督 62 | C
rev.file.state-council | 30 日    | 公布 | 国务院 4 | C
rev.resend.state-council | 15 日  | 收到通知 | 国务院 9(2) | C
rev.review.state-council | 2 月   | 审查程序启动 | 国务院 11(1) | C
rev.correct.state-council | 30 日 | 接到通知 | 国务院 21 | C
rev.catalogue.state-council | 至 01-31 | 1月31日 | 国务院 22 | C
rev.file.rules.yunnan | 30 日     | 公布 | 云南备案 7 | C
rev.file.yunnan       | 15 日     | 公布 | 云南备案 7 | C
hearing.notice        | 前 3 日   | 听证会 | 听证 10 | R-open
petition.register     | 15 日     | 收到 | 信访 22 | R
petition.tell         | 15 日     | 收到 | 信访 23 | R
petition.object       | 5 工作日  | 收到 | 信访 23 | R
petition.handle       | 60 日 +30 日 | 受理 | 信访 34 | R
petition.review.ask   | 30 日     | 收到书面答复 | 信访 35 | R
petition.review.answer | 30 日    | 收到复查请求 | 信访 35 | R
petition.recheck.ask  | 30 日     | 书面答复 | 信访 36 | R
petition.recheck.answer | 30 日   | 收到复核请求 | 信访 36 | R
trial.civil           | 6 月 +6 月 | 立案 | 民诉 152 | R
trial.civil.simple    | 3 月 +1 月 | 立案 | 民诉 164 | R
trial.civil.small     | 2 月 +1 月 | 立案 | 民诉 168 | R
trial.civil.appeal    | 3 月      | 第二审立案 | 民诉 183 | R
trial.criminal        | 2 月 至3 月 +3 月 | 受理 | 刑诉 208 | R
trial.criminal.simple | 20 日 至3 半月 | 受理 | 刑诉 220 | R
trial.criminal.fast   | 10 日 至15 日 | 受理 | 刑诉 225 | R
trial.criminal.appeal | 2 月 +2 月 | 受理 | 刑诉 243 | R
prosecution.decide    | 1 月 +15 日 | 收到移送起诉 | 刑诉 172 | R
prosecution.decide.fast | 10 日 至15 日 | 收到移送起诉 | 刑诉 172 | R
prosecution.supplement | 1 月     | 补充侦查 | 刑诉 175(3) | R
trial.administrative  | 6 月      | 立案 | 行诉 81 | R
trial.administrative.appeal | 3 月 | 收到上诉状 | 行诉 88 | R
env.annual            | 每年      | 每年 | 法典 30 | R
water.quarter         | 每季度    | 每季度 | 法典 326 | R
env.incident.minor    | 4 小时    | 初步认定 | 信息 3 | R-open
env.incident.major    | 2 小时    | 初步认定 | 信息 3 | R-open
env.incident.month    | 每月      | 每月 | 信息 10 | R-open
env.incident.quarter  | 每季度    | 每季度 | 信息 10 | R-open
env.incident.half-year | 每半年   | 每半年 | 信息 10 | R-open
env.incident.year     | 每年      | 每年 | 信息 10 | R-open
env.dust.report       | 0 日      | 沙尘 | 沙尘 ? | R-open
"""
"""Id, term with what it may be extended by or to, its start, law with article and paragraph, mark;
"?" where the clause was not seen, "前" where it is counted back.
"""

REGIONS = {
    "南通": "南通",
    "江苏": "江苏",
    "常州": "常州",
    "他处": "其他地方",
    "国务院": "国务院",
    "福建": "福建",
    "宁波": "宁波",
    "玉林": "玉林",
    **{f"{city}{part}": city for city in ("上海", "青岛", "浙江") for part in ("", "预算")},
    **{f"{city}备案": city for city in ("北京", "上海", "云南")},
    **{f"{city}监督": city for city in ("浙江", "河南")},
    **{city: city for city in ("重庆", "山东", "北京")},
}
"""Whose rule it is; every other law binds everywhere."""

PERIODS = {
    "day": "每日",
    "ten-days": "每旬",
    "month": "每月",
    "quarter": "每季度",
    "half-year": "每半年",
    "year": "每年",
}


class Row(NamedTuple):
    """A line of the reading."""

    rule_id: str
    term: str
    start: str
    law: str
    clause: str
    mark: str


def read() -> dict[str, Row]:
    """Each line by its id."""
    found = {}
    for line in READING.strip().splitlines():
        rule_id, term, start, clause, mark = (part.strip() for part in line.split("|"))
        law, _, article = clause.partition(" ")
        found[rule_id] = Row(rule_id, term, start, law, article, mark)
    return found


def written(rule: Rule) -> str:
    """A term as the reading writes it."""
    if rule.unit == "calendar":
        if (rule.opens, rule.until) == ("01-01", "12-31"):
            return PERIODS[rule.period]
        return f"{rule.opens} 至 {rule.until}".removeprefix("01-01 ")
    plain = f"{rule.amount} {rule.unit_zh}"
    more = "".join(
        f" {'至' if one.to else '+'}{one.amount} {unit_zh(one.unit)}" for one in rule.extensions
    )
    return ("前 " if rule.direction == "before" else "") + plain + more


def unit_zh(unit: str) -> str:
    """A unit of an extension as the laws write it."""
    return {"day": "日", "month": "月", "half-month": "半月"}[unit]


def article(clause: str) -> str:
    """51(2) as the laws write it."""
    if clause == "?":
        return "条文未见"
    if clause == "二(一)":
        return "第二条第（一）项"
    return re.sub(r"(\d+)(?:\((\d)\))?", lambda m: f"第{m[1]}条" + paragraph(m[2]), clause)


def paragraph(number: str | None) -> str:
    """The paragraph of an article, where the survey names one."""
    return f"第{number}款" if number else ""


def test_both_readers_found_the_same_rules() -> None:
    """No id is missing, and none is in the data that the survey does not have."""
    assert set(read()) == set(LAW.rules) - OWN
    assert len(read()) == len(READING.strip().splitlines())


@pytest.mark.parametrize("row", read().values(), ids=read())
def test_a_rule_is_as_the_second_reader_read_it(row: Row) -> None:
    """Amount, unit, direction and extensions; start; law, version and clause; mark and region."""
    rule = LAW.rule(row.rule_id)
    assert written(rule) == row.term
    assert row.start in rule.starts_zh
    version = str(rule.law_version_date or "")
    assert (rule.law_zh, version) == LAWS[row.law]
    assert re.match(rf"{re.escape(article(row.clause))}(?!\d)", rule.clause_zh)
    assert rule.code == row.mark
    assert rule.region == REGIONS.get(row.law, "")
    assert rule.proposal is bool(rule.region)


def test_terms_that_no_number_fixes_are_not_in_the_data() -> None:
    """At once, in time, at mid-term, as a resolution says: a district sets those by itself."""
    for rule_id in ("rpt.review", "sugg.assign", "sugg.return", "sugg.redo", "fin.fiveyear",
                    "audit.unit.fix", "env.major", "bgt.feedback", "bgt.adjust.file"):  # fmt: skip
        assert rule_id not in LAW.rules
