"""The terms of the law as the survey of the law has them, and the files that carry them."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from config.law import CODES, Rule, load
from config.vocabulary.errors import FaultyInput

LAW = load()

NATIONAL = """
dep.term 5 year after R 代表法 第2条
sc.meeting 2 month after R 组织法 第51条
dep.plan year R 代表法 第43条
sugg.answer 3 month after R 代表法 第51条第2款
sugg.answer.hard 6 month after R 代表法 第51条第2款
sugg.report year R 代表法 第51条第3款
sup.plan year R 监督法 第63条
rpt.draft 20 day before R 监督法 第15条第1款
rpt.final 10 day before R 监督法 第15条第1款
rpt.members 7 day before R 监督法 第15条第2款
env.report year R 监督法 第12条第3款
fin.final 06-01..09-30 R 监督法 第19条第2款
fin.mid 06-01..09-30 R 监督法 第20条
soe.report year R 监督法 第24条
debt.report year R 监督法 第25条
finance.report year R 监督法 第26条第2款
audit.work 06-01..09-30 R 监督法 第27条第1款
audit.fix 6 month after R 监督法 第27条第2款
energy.report year R 节约能源法 第5条
grain.report year R 粮食安全保障法 第34条
sport.report 5 year after R 体育法 第108条
bgt.statement year R 预算法 第97条
bgt.deploy 01-01..06-30 R 实施条例 第25条第2款
bgt.first 30 day before R 预算法 第44条第4款
bgt.approve.dept 20 day after R 预算法 第52条第1款
bgt.approve.unit 15 day after R 预算法 第52条第1款
bgt.transfer 30 day after R 预算法 第52条第4款
bgt.transfer.earmarked 60 day after R 预算法 第52条第4款
bgt.publish 20 day after R 预算法 第14条第1款
bgt.publish.dept 20 day after R 预算法 第14条第2款
bgt.publish.unit 20 day after R 实施条例 第6条第4款
bgt.adjust.draft 30 day before R 预算法 第69条第6款
final.draft 30 day before R 预算法 第78条第4款
final.window 06-01..09-30 R 监督法 第19条
final.approve 20 day after R 预算法 第80条
final.approve.unit 15 day after R 预算法 第80条
final.file 30 day after R 预算法 第81条
carry2 2 year after R 预算法 第42条
treasury.pay 0 day after R 实施条例 第66条
treasury.rep day R 实施条例 第64条
treasury.rep.ten-days ten-days R 实施条例 第64条
treasury.rep.month month R 实施条例 第64条
treasury.rep.year year R 实施条例 第64条
audit.unit.reply 10 day after R 审计法 第44条
audit.notice 3 day before R 审计法 第42条
soe.admin.unit year R 行政事业性国有资产 第45条
soe.admin.report year R 行政事业性国有资产 第46条
soe.cycle 5 year after R-open 国有资产 条文未见
rev.law.file 30 day after R 立法法 第109条
rev.written 2 month after R 立法法 第112条
rev.report year R 监督法 第45条
rev.workrule 30 day after M 工作办法 条文未见
rev.workrule.study 3 month after M 工作办法 条文未见
rev.workrule.answer 2 month after M 工作办法 条文未见
hearing.notice 3 day before R-open 听证 第10条
petition.register 15 day after R 信访工作条例 第22条
petition.tell 15 day after R 信访工作条例 第23条
petition.object 5 working-day after R 信访工作条例 第23条
petition.handle 60 day after R 信访工作条例 第34条
petition.review.ask 30 day after R 信访工作条例 第35条
petition.review.answer 30 day after R 信访工作条例 第35条
petition.recheck.ask 30 day after R 信访工作条例 第36条
petition.recheck.answer 30 day after R 信访工作条例 第36条
trial.civil 6 month after R 民事诉讼法 第152条
trial.civil.simple 3 month after R 民事诉讼法 第164条
trial.civil.small 2 month after R 民事诉讼法 第168条
trial.civil.appeal 3 month after R 民事诉讼法 第183条
trial.criminal 2 month after R 刑事诉讼法 第208条
trial.criminal.simple 20 day after R 刑事诉讼法 第220条
trial.criminal.fast 10 day after R 刑事诉讼法 第225条
trial.criminal.appeal 2 month after R 刑事诉讼法 第243条
prosecution.decide 1 month after R 刑事诉讼法 第172条
prosecution.decide.fast 10 day after R 刑事诉讼法 第172条
prosecution.supplement 1 month after R 刑事诉讼法 第175条
trial.administrative 6 month after R 行政诉讼法 第81条
trial.administrative.appeal 3 month after R 行政诉讼法 第88条
env.annual year R 生态环境法典 第30条
water.quarter quarter R 生态环境法典 第326条
env.incident.minor 4 hour after R-open 信息报告办法 第3条
env.incident.major 2 hour after R-open 信息报告办法 第3条
env.incident.month month R-open 信息报告办法 第10条
env.incident.quarter quarter R-open 信息报告办法 第10条
env.incident.half-year half-year R-open 信息报告办法 第10条
env.incident.year year R-open 信息报告办法 第10条
env.dust.report 0 day after R-open 沙尘 条文未见
"""
"""What binds everywhere: id, term, mark, law and clause."""
REGIONAL = """
sugg.answer.nantong 6 month after S 南通 条文未见
sugg.assign.shanghai 7 working-day after C 上海 第11条
sugg.assign.chongqing 10 working-day after C 重庆 第13条
sugg.assign.qingdao 5 working-day after C 青岛 第14条
sugg.assign.meeting.shanghai 1 month after C 上海 第15条
sugg.return.shanghai 7 working-day after C 上海 第14条
sugg.return.zhejiang 10 day after C 浙江 第14条
sugg.return.chongqing 10 working-day after C 重庆 第16条
sugg.reassign.chongqing 10 working-day after C 重庆 第16条
sugg.return.qingdao 5 working-day after C 青岛 第19条
sugg.return.yulin 7 working-day after S 玉林 第二条
sugg.return.other-working-days 3 working-day after S 其他地方 条文未见
sugg.return.other-days 10 day after S 其他地方 条文未见
sugg.contact.chongqing 20 working-day after C 重庆 第18条
sugg.coopinion.shanghai 1 month after C 上海 第17条
sugg.coopinion.zhejiang 2 month after C 浙江 第18条
sugg.coopinion.chongqing 30 working-day after C 重庆 第20条
sugg.coopinion.redo.chongqing 5 working-day after C 重庆 第20条
sugg.coopinion.qingdao 1 month after C 青岛 第24条
sugg.answer.shanghai 3 month after C 上海 第19条
sugg.answer.zhejiang 3 month after C 浙江 第21条
sugg.answer.chongqing 3 month after C 重庆 第21条
sugg.answer.hard.chongqing 6 month after C 重庆 第21条
sugg.answer.qingdao 3 month after C 青岛 第25条
sugg.assign.shandong 5 day after C 山东 第10条
sugg.return.shandong 5 day after C 山东 第12条
sugg.coopinion.shandong 1 month after C 山东 第21条
sugg.answer.shandong 3 month after C 山东 第19条
sugg.redo.shandong 1 month after C 山东 第24条
sugg.report.shandong 1 day before C 山东 第27条
sugg.answer.beijing 3 month after C 北京 第21条
sugg.rate.beijing 15 working-day after C 北京 第23条
sugg.redo.beijing 2 month after C 北京 第27条
sugg.report.beijing year C 北京 第28条
sugg.coopinion.fujian 1 month after S 福建 第20条
sugg.coopinion.ningbo 1 month after S 宁波 条文未见
sugg.rate.chongqing 20 working-day after C 重庆 第26条至第29条
sugg.redo.shanghai 1 month after C 上海 第21条
sugg.redo.zhejiang 1 month after C 浙江 第24条
sugg.redo.chongqing 2 month after C 重庆 第27条
sugg.promise.chongqing 10-01..12-31 C 重庆 第24条
sugg.promise.rate.chongqing 20 working-day after C 重庆 第28条
sugg.report.mid.shanghai 01-01..06-30 C 上海 第26条
sugg.report.shanghai 1 day before C 上海 第26条
sugg.report.zhejiang year C 浙江 第29条
sugg.report.chongqing 11-01..11-30 C 重庆 第34条
sugg.report.qingdao 10-01..12-31 C 青岛 第37条
rpt.opinion.send.changzhou 5 working-day after R-open 常州 第6条
rpt.opinion.send.zhejiang 7 day after C 浙江 第43条
rpt.opinion.send.henan 10 day after C 河南 第20条
rpt.review.zhejiang 3 month after C 浙江 第44条
rpt.review.henan 3 month after C 河南 第11条
rpt.review.budget.henan 2 month after C 河南 第30条第2款
rpt.comments.zhejiang 5 day after C 浙江 第13条
le.plan.zhejiang 1 month before C 浙江 第29条
le.plan.henan 10 day before C 河南 第40条
soe.report.jiangsu year S 江苏 条文未见
bgt.first.opinion.shanghai 15 day before C 上海 第25条
bgt.first.feedback.shanghai 5 day before C 上海 第25条
bgt.text.shanghai 5 day before C 上海 第30条
bgt.first.opinion.qingdao 15 day before C 青岛 第21条
bgt.first.feedback.qingdao 7 day before C 青岛 第21条
bgt.text.qingdao 7 day before C 青岛 第22条
bgt.monthly.qingdao month C 青岛 第28条
bgt.adjust.zhejiang 01-01..10-31 C 浙江 第28条
audit.fix.zhejiang year C 浙江 第38条
rev.file.beijing 30 day after C 北京 第11条
rev.file.shanghai 30 day after C 上海 第10条
rev.file.henan 30 day after C 河南 第51条
rev.form.beijing 10 day after C 北京 第12条
rev.form.shanghai 5 working-day after C 上海 第12条
rev.resend.beijing 10 day after C 北京 第12条
rev.resend.shanghai 10 working-day after C 上海 第12条
rev.handout.beijing 5 working-day after C 北京 第22条
rev.opinion.beijing 30 day after C 北京 第23条
rev.opinion.shanghai 30 day after C 上海 第15条
rev.review.beijing 3 month after C 北京 第23条
rev.review.henan 30 day after C 河南 第54条
rev.complete.beijing 5 working-day after C 北京 第24条
rev.decline.beijing 10 day after C 北京 第25条
rev.transfer.beijing 10 day after C 北京 第17条
rev.correct.beijing 30 day after C 北京 第29条
rev.correct.shanghai 2 month after C 上海 第33条
rev.correct.henan 30 day after C 河南 第56条
rev.refile.beijing 30 day after C 北京 第30条
rev.catalogue.beijing 01-01..01-31 C 北京 第13条
rev.catalogue.shanghai 01-01..01-31 C 上海 第13条
rev.catalogue.henan 01-01..03-31 C 河南 第62条
rev.report.beijing year C 北京 第40条
rev.report.shanghai year C 上海 第38条
rev.report.up.beijing 30 day after C 北京 第40条
rev.file.state-council 30 day after C 国务院 第4条
rev.resend.state-council 15 day after C 国务院 第9条
rev.review.state-council 2 month after C 国务院 第11条
rev.correct.state-council 30 day after C 国务院 第21条
rev.catalogue.state-council 01-01..01-31 C 国务院 第22条
rev.file.rules.yunnan 30 day after C 云南 第7条
rev.file.yunnan 15 day after C 云南 第7条
"""
"""The rules of provinces and cities: id, term, mark, region and clause."""

EXTENSIONS = {
    "sugg.answer.shanghai": "+3 month",
    "sugg.answer.zhejiang": "to 6 month",
    "sugg.answer.qingdao": "to 6 month",
    "sugg.answer.shandong": "to 6 month",
    "sugg.answer.beijing": "to 6 month",
    "rev.review.beijing": "+3 month",
    "rev.opinion.beijing": "+30 day",
    "rev.review.henan": "+30 day",
    "petition.handle": "+30 day",
    "trial.civil": "+6 month",
    "trial.civil.simple": "+1 month",
    "trial.civil.small": "+1 month",
    "trial.criminal": "to 3 month, +3 month",
    "trial.criminal.simple": "to 3 half-month",
    "trial.criminal.fast": "to 15 day",
    "trial.criminal.appeal": "+2 month",
    "prosecution.decide": "+15 day",
    "prosecution.decide.fast": "to 15 day",
}
MINE = """
[[act]]
topic = "suggestions"
law_zh = "本区办法"
source = "区人大常委会"
mark = "read"
[[act.rule]]
id = "sugg.return"
title_zh = "退办"
title_en = "Return"
amount = 5
unit = "working-day"
starts_zh = "收到之日"
starts_en = "the day it was received"
clause_zh = "第1条"
"""


OWN = {
    "bgt.audit.rectify",
    "bgt.finding.explain",
    "bgt.finding.rectify",
    "case.answer",
    "case.rectify",
    "jud.advice.reply",
    "jud.matter.date",
    "hearing.notice.own",
    "hearing.outcome",
    "judicial.figures.month",
    "opinion.answer",
    "rev.inquiry.date",
    "rev.order.date",
    "rev.promise.date",
    "rev.proposal.decide",
    "rev.proposal.reply",
    "rev.proposal.supplement",
    "rev.review.asked",
    "rev.text.expires",
    "rev.unfiled.answer",
    "sugg.promise.date",
}
"""Terms that somebody sets in words of the own: no survey of laws has them."""


def rows(text: str) -> dict[str, str]:
    """Each line by its first word."""
    return dict(line.split(" ", 1) for line in text.strip().splitlines())


def term(rule: Rule) -> str:
    """As the tables above write it."""
    if rule.unit != "calendar":
        return f"{rule.amount} {rule.unit} {rule.direction}"
    year = rule.period == "year" and (rule.opens, rule.until) != ("01-01", "12-31")
    return f"{rule.opens}..{rule.until}" if year else rule.period


def test_the_rules_are_those_of_the_survey_and_no_others() -> None:
    """Neither more nor fewer, each with its id; but for those that nobody's law has."""
    known = Counter([*rows(NATIONAL), *rows(REGIONAL)])
    assert set(known.values()) == {1}
    assert set(LAW.rules) - OWN == set(known)
    assert set(LAW.rules) >= OWN


@pytest.mark.parametrize(("rule_id", "row"), rows(NATIONAL).items(), ids=rows(NATIONAL))
def test_a_national_rule_is_as_the_survey_has_it(rule_id: str, row: str) -> None:
    """Term, mark, law and clause; it is nobody's proposal, and verified where it was read."""
    rule = LAW.rule(rule_id)
    *_, law, clause = row.split()
    assert row.startswith(f"{term(rule)} {CODES[rule.mark]} ")
    assert law in rule.law_zh
    assert rule.clause_zh.startswith(clause)
    assert (rule.region, rule.proposal) == ("", False)
    assert rule.verified is (rule.mark == "read")


@pytest.mark.parametrize(("rule_id", "row"), rows(REGIONAL).items(), ids=rows(REGIONAL))
def test_a_region_s_rule_is_as_the_survey_has_it_and_a_proposal(rule_id: str, row: str) -> None:
    """Nobody stands for it here."""
    rule = LAW.rule(rule_id)
    *_, region, clause = row.split()
    assert row.startswith(f"{term(rule)} {CODES[rule.mark]} ")
    assert rule.region == region
    assert rule.clause_zh.startswith(clause)
    assert rule.proposal
    assert not rule.verified


def test_the_extensions_are_those_of_the_survey() -> None:
    """By an amount, or to one in all; no other rule has any."""
    found = {
        rule.id: ", ".join(
            f"{'to ' if one.to else '+'}{one.amount} {one.unit}" for one in rule.extensions
        )
        for rule in LAW.rules.values()
        if rule.extensions and rule.id not in OWN
    }
    assert found == EXTENSIONS


def test_only_a_review_with_a_hearing_may_pause() -> None:
    """Its clause says that the time of the hearing does not count."""
    assert [rule.id for rule in LAW.rules.values() if rule.pausable] == ["petition.recheck.answer"]


def test_a_rule_is_in_force_from_its_day_on() -> None:
    """The code of the environment since the middle of August 2026; of others no day is known."""
    code = LAW.rule("env.annual")
    assert not code.in_force(date(2026, 8, 14))
    assert code.in_force(date(2026, 8, 15))
    assert LAW.rule("sugg.answer").in_force(date(1990, 1, 1))


@pytest.mark.parametrize(
    ("asked", "near"),
    [("sugg.anwser", "sugg.answer"), ("sugg.return", "sugg.return.shanghai"), ("xyz", "--list")],
)
def test_an_unknown_rule_is_answered_with_those_that_are_like_it(asked: str, near: str) -> None:
    """One line, with the remedy."""
    with pytest.raises(FaultyInput, match=asked) as refused:
        LAW.rule(asked)
    assert near in refused.value.faults[0].remedy


def test_a_district_s_row_wins_by_its_id_and_is_its_own(tmp_path: Path) -> None:
    """Whoever confirms a proposal makes it a rule that counts."""
    confirmed = 'confirmed_by = "代表工委"\nconfirmed_on = 2026-12-01\n'
    row = MINE.replace('mark = "read"', 'mark = "comparator"\nregion = "青岛"')
    (tmp_path / "own.toml").write_text(
        row.replace("sugg.return", "sugg.return.qingdao") + confirmed, encoding="utf-8"
    )
    rule = load(tmp_path).rule("sugg.return.qingdao")
    assert (rule.law_zh, rule.amount) == ("本区办法", 5)
    assert rule.verified
    assert not rule.proposal
    assert len(load(tmp_path).rules) == len(LAW.rules)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("unit = ", "unit= 1 #"), "own.toml: sugg.return.unit"),
        (('"working-day"', '"week"'), "own.toml: sugg.return.unit"),
        (("amount = 5", "amount = -5"), "own.toml: sugg.return.amount"),
        (("amount = 5", "amount = 0"), "own.toml: sugg.return.amount"),
        (("amount = 5", "amont = 5"), "own.toml: sugg.return"),
        (('"sugg.return"', '"Sugg return"'), "own.toml: Sugg return.id"),
        (('"working-day"', '"calendar"'), "own.toml: sugg.return.amount"),
        (("amount = 5", 'amount = 5\nuntil = "06-30"'), "own.toml: sugg.return.period"),
        (("amount = 5", ('amount = 5\ndirection = "before"\nextensions = [{ amount = 1, unit = '
          '"day", consent_zh = "a", consent_en = "a" }]')), "own.toml: sugg.return.extensions"),
        (("amount = 5", ('amount = 5\nextensions = [{ amount = 1, unit = "hour", consent_zh = "a",'
          ' consent_en = "a" }]')), "own.toml: sugg.return.extensions"),
        (("amount = 5", "amount = 5\nvalid_from = 2026-02-01\nvalid_to = 2026-01-01"),
         "own.toml: sugg.return.valid_to"),
        (("amount = 5", 'amount = 5\nconfirmed_by = "a"'), "own.toml: sugg.return.confirmed_by"),
        (("[[act.rule]]", "[act.rule]"), "own.toml: act[1]"),
        (("[[act]]", "[[acts]]"), "own.toml"),
        (('amount = 5\nunit = "working-day"', 'unit = "calendar"\nuntil = "02-29"'),
         "own.toml: sugg.return.until"),
        (('amount = 5\nunit = "working-day"', 'unit = "calendar"\nopens = "11-31"'),
         "own.toml: sugg.return.opens"),
        (('amount = 5\nunit = "working-day"', ('unit = "calendar"\nopens = "06-01"\n'
          'until = "01-31"')), "own.toml: sugg.return.until"),
        (('amount = 5\nunit = "working-day"', ('unit = "calendar"\nperiod = "month"\n'
          'until = "06-30"')), "own.toml: sugg.return.period"),
        (('amount = 5\nunit = "working-day"', 'unit = "calendar"\ndirection = "before"'),
         "own.toml: sugg.return.direction"),
    ],
)  # fmt: skip
def test_a_faulty_row_is_refused_with_its_name_and_the_remedy(
    tmp_path: Path, change: tuple[str, str], where: str
) -> None:
    """Each by itself."""
    (tmp_path / "own.toml").write_text(MINE.replace(*change), encoding="utf-8")
    with pytest.raises(FaultyInput) as refused:
        load(tmp_path)
    assert refused.value.faults[0].where.startswith(where)
    assert all(fault.remedy for fault in refused.value.faults)


def test_a_file_that_windows_marked_is_read_like_any_other(tmp_path: Path) -> None:
    """Its first bytes say UTF-8."""
    (tmp_path / "own.toml").write_text(MINE.lstrip(), encoding="utf-8-sig")
    assert load(tmp_path).rule("sugg.return").amount == 5


def test_every_fault_of_every_file_is_named_at_once(tmp_path: Path) -> None:
    """Also an id that stands in two rows, of two files."""
    (tmp_path / "a.toml").write_text(MINE, encoding="utf-8")
    (tmp_path / "b.toml").write_text(MINE, encoding="utf-8")
    (tmp_path / "c.toml").write_text(MINE.replace("amount = 5", "amount = 5.5"), encoding="utf-8")
    (tmp_path / "d.toml").write_text("[", encoding="utf-8")
    with pytest.raises(FaultyInput) as refused:
        load(tmp_path)
    assert [fault.where for fault in refused.value.faults] == [
        *("b.toml: sugg.return", "c.toml: sugg.return.amount", "d.toml"),
    ]
