"""What a document may not say, found beside what only looks like it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.vocabulary.errors import FaultyInput
from documents.checks.documents import deserialised, load, parse, serialised
from documents.checks.engine import run
from documents.checks.records import Faulty, Hit
from documents.laws.table import load as load_laws
from tests.documents.papers import markdown

TODAY = date(2026, 12, 1)
CHECKS = load()
TABLE = load_laws()
_END = "本办法自2026年6月1日起施行，有效期至2031年5月31日。"

GUILTY = {
    "penalty": (
        "违反本办法规定的，由镇综合行政执法局处以五百元以上二千元以下罚款。",
        "逾期不改正的，每次罚款200元，并没收其占道工具。",
        "情节严重的，吊销其摊位证，三年内不得申请。",
        "对拒不配合的商户，一律责令停业整顿，并列入黑名单。",
        "依法处以1000元的罚款。",
        "有下列情形之一的，取消其经营资格：\n\n（一）转让摊位的；",
        "违者扣发当年村级福利分红。",
    ),
    "licence": (
        "在河道内设置景观的，须经镇水利站批准后方可施工。",
        "未经街道办事处同意，任何单位和个人不得在广场举办文艺活动。",
        "摊主应当向镇人民政府申请领取临时经营卡，凭卡经营。",
        "餐饮经营者未办理油烟备案登记的，不得开业。",
        "本镇对共享单车投放实行准入制度。",
        "从事保洁服务的人员须持证上岗。",
    ),
    "compulsion": (
        "对拒不整改的，由镇人民政府强制拆除，费用由当事人承担。",
        "执法人员可以扣押其经营工具。",
        "逾期不缴的，每日加收千分之五的滞纳金。",
        "对违规户采取停水停电措施。",
        "违规停放的车辆一律拖离。",
    ),
    "charge": (
        "申请人应当缴纳文明养犬保证金2000元。",
        "镇市场管理所向商户收取卫生管理费，每户每月50元。",
        "建筑垃圾清运押金按每平方米10元的标准收取。",
        "不足部分由村民集资解决，向农户摊派。",
    ),
    "proof": (
        "申请补贴的，应当提供村民委员会出具的无违法证明。",
        "申请人须到社区盖章确认。",
        "申请时提交下列材料：\n\n（一）派出所开具的居住证明；",
    ),
    "market": (
        "政府投资项目应当优先选用本区企业的产品。",
        "参加投标的企业应当在本区注册登记并设立分公司。",
        "校服统一向清源服饰有限公司购买。",
        "外地车辆进入本镇运输渣土的，须另行办理手续。",
        "对招引企业按其缴纳增值税地方留成部分的80%给予返还。",
        "指定该公司为唯一供应商。",
        "同等条件下本地供应商加5分。",
    ),
    "rights": (
        "未缴清费用的村民，村委会不予办理宅基地申请。",
        "其子女不得享受义务教育优待。",
        "住户必须购买家庭财产保险。",
    ),
    "vague-basis": ("违反规定的，按照有关规定处理。",),
    "repealed-law": (
        "根据《中华人民共和国环境保护法》第四十二条，制定排污方案。",
        "买卖双方适用合同法第五十二条。",
    ),
    "older-version": ("根据《中华人民共和国行政处罚法》（2017年修正）第二十条执行。",),
    "missing-article": ("依照《中华人民共和国行政处罚法》第九十五条的规定处理。",),
    "own-article": (
        "违反本办法第三十条规定的，责令改正。",
        "未达到第三十条条件的，书面告知。",
    ),
}
INNOCENT = {
    "penalty": (
        "违反本办法规定的，依照《江苏省城市市容和环境卫生管理条例》第五十条的规定处以罚款。",
        "由公安机关依法给予行政处罚。",
        "承包人逾期交还摊位的，按照合同约定支付违约金，每日罚款字样不得写入合同。",
        "工作人员玩忽职守的，给予警告处分。",
        "执法人员不得以罚款代替管理，严禁乱罚款。",
        "被吊销营业执照的企业，退出名录。",
        "本办法所称处罚，是指警告、罚款、没收违法所得。",
        "罚款收入全部上缴国库。",
        "作出吊销许可证件、较大数额罚款等决定前，应当告知当事人有权要求听证。",
    ),
    "licence": (
        "新建房屋的，应当依法取得乡村建设规划许可证后方可开工。",
        "各部门安排专项资金，须经区财政局审核后方可拨付。",
        "不得以备案、登记等名义变相设定许可，要求经批准后方可经营。",
        "根据《城镇排水与污水处理条例》第二十一条，未取得排水许可不得排水。",
        "未经业主同意，不得进入室内。",
    ),
    "compulsion": (
        "逾期不拆除的，依法申请人民法院强制执行。",
        "不得采取停水、停电等方式强制搬迁。",
        "产品应当符合强制性标准。",
        "依照《中华人民共和国行政强制法》第二十五条查封、扣押。",
    ),
    "charge": (
        "任何单位不得向农户收取任何费用。",
        "停车服务收费按照政府定价目录和价格主管部门核定的标准收取费用。",
        "承租人按照合同约定缴纳租金和押金。",
        "用人单位应当依法缴纳社会保险费。",
        "保证金在验收合格后予以退还。",
        "保洁经费由镇财政承担。",
    ),
    "proof": (
        "不得要求申请人提供村民委员会证明。",
        "申请人应当出示居民身份证明。",
        "能够通过数据共享核验的，无需提交证明。",
        "当事人有证据证明其没有过错的，免责。",
    ),
    "market": (
        "不得要求企业在本区设立分公司，不得指定供应商。",
        "本地和外地企业平等参与。",
        "由注册地税务机关管辖。",
        "垃圾应当投放到指定地点。",
        "每个摊位有唯一编号。",
        "通过公开招标确定运营企业。",
    ),
    "rights": (
        "村民不得擅自占用公共绿地。",
        "鼓励村民参加义务植树。",
        "工作人员不得泄露申请人信息。",
    ),
    "vague-basis": ("依照《信访工作条例》等有关规定办理。",),
    "repealed-law": ("原《中华人民共和国环境保护法》第四十二条同时废止。",),
    "older-version": (
        "根据《中华人民共和国行政处罚法》（2021年修订）第二十条执行。",
        "编印新旧对照表时，并列2017年修正的《中华人民共和国行政处罚法》第二十条。",
    ),
    "missing-article": ("依照《中华人民共和国行政处罚法》第八十六条的规定处理。",),
    "own-article": (
        "违反本办法第一条规定的，责令改正。",
        "依照《中华人民共和国行政处罚法》第三十条、第三十一条办理。",
    ),
}
PAIRS = [(check, text) for check, texts in GUILTY.items() for text in texts]
INNOCENTS = [(check, text) for check, texts in INNOCENT.items() for text in texts]


def checked(
    folder: Path, *articles: str, head: str = "", title: str = "", day: str = "2026年4月1日"
) -> tuple[Hit, ...]:
    """What is found in a document of these articles."""
    labels = "一二三四五六七八九"
    body = "\n\n".join(f"第{labels[at]}条 {text}" for at, text in enumerate(articles))
    written = (
        f"# {title or '平湖镇公共事务管理办法'}\n\n{head}\n\n{body}\n\n平湖镇人民政府\n\n{day}\n"
    )
    return run(markdown(folder / "办法.md", written), CHECKS, TABLE, TODAY)


def flagged(hits: tuple[Hit, ...]) -> set[str]:
    """Checks that found something which nothing excuses."""
    return {hit.check for hit in hits if hit.excluded is None}


@pytest.mark.parametrize(("check", "text"), PAIRS)
def test_given_a_fault_then_its_check_shows_the_words_in_their_article(
    tmp_path: Path, check: str, text: str
) -> None:
    hits = [
        of
        for of in checked(tmp_path, "为了管理公共事务，制定本办法。", text, _END)
        if of.check == check and of.excluded is None
    ]
    assert hits
    assert hits[0].article == 2
    assert hits[0].words in text


@pytest.mark.parametrize(("check", "text"), INNOCENTS)
def test_given_what_only_looks_like_a_fault_then_it_is_excused_or_not_asked(
    tmp_path: Path, check: str, text: str
) -> None:
    assert check not in flagged(checked(tmp_path, "为了管理公共事务，制定本办法。", text, _END))


def test_given_an_excused_clause_then_it_is_reported_with_the_reason(tmp_path: Path) -> None:
    hits = checked(tmp_path, "依照《江苏省城市市容和环境卫生管理条例》第五十条处以罚款。", _END)
    assert [(of.check, of.article, of.excluded) for of in hits] == [
        ("penalty", 1, "处罚引用了法律、法规、规章")
    ]


@pytest.mark.parametrize(
    ("check", "end", "title", "day"),
    [
        ("validity-missing", "本办法自2026年6月1日起施行。", "", ""),
        ("validity-over", "本办法自2026年6月1日起施行，有效期至2036年5月31日。", "", ""),
        ("validity-over", "本办法自2026年6月1日起施行，长期有效。", "", ""),
        ("validity-over", "本办法自2026年6月1日起施行，有效期3年。", "平湖镇管理办法（试行）", ""),
        ("validity-expired", "本办法自2020年6月1日起施行，有效期3年。", "", "2020年4月1日"),
        ("date-missing", _END, "", "结尾"),
        ("date-impossible", _END, "", "2026年2月30日"),
        ("force-before-published", _END, "", "2026年7月1日"),
        ("force-too-soon", _END, "", "2026年5月20日"),
        ("force-too-soon", "本办法自公布之日起正式施行，有效期3年。", "", ""),
        ("date-missing", "本办法自　　年　　月　　日起施行，有效期3年。", "", ""),
        ("date-impossible", f"每年4月31日前报送。\n\n{_END}", "", ""),
    ],
)
def test_given_days_and_terms_that_do_not_hold_then_their_check_says_so(
    tmp_path: Path, check: str, end: str, title: str, day: str
) -> None:
    hits = checked(tmp_path, "为了管理，制定本办法。", end, title=title, day=day or "2026年4月1日")
    assert check in flagged(hits)


@pytest.mark.parametrize(
    ("end", "day"),
    [
        ("本办法自9950年6月1日起施行，有效期999年。", "9950年4月1日"),
        ("本办法自9998年6月1日起施行，有效期至9999年12月31日。", "9998年4月1日"),
        ("本办法自公布之日起900日后施行，有效期五年。", "9999年4月1日"),
    ],
)
def test_given_days_behind_the_last_of_all_then_the_checks_go_on(
    tmp_path: Path, end: str, day: str
) -> None:
    """Who writes nonsense, or 9999 for ever, hears about it; nothing breaks."""
    hits = checked(tmp_path, "对违反本办法的，处以二百元罚款。", end, day=day)
    assert "penalty" in flagged(hits)
    assert ("validity-over" in flagged(hits)) == ("有效期999年" in end)


@pytest.mark.parametrize(
    ("end", "title"),
    [
        (_END, ""),
        ("本办法自2026年6月1日起施行，有效期五年。", ""),
        ("本办法自2026年6月1日起施行，试行期两年。", "平湖镇管理办法（试行）"),
        ("本办法自2026年6月1日起施行，根据法律授权长期有效。", ""),
    ],
)
def test_given_days_and_terms_that_hold_then_nothing_is_said(
    tmp_path: Path, end: str, title: str
) -> None:
    assert not flagged(checked(tmp_path, "为了管理，制定本办法。", end, title=title))


@pytest.mark.parametrize(
    ("head", "article"),
    [
        ("文号：平政规〔2025〕3号", "甲。"),
        ("制定机关：清源区东河镇人民政府", "甲。"),
        ("公布日期：2026年3月1日", "甲。"),
        ("施行日期：2026年7月1日", "甲。"),
        ("", "违反本规定的，责令改正。"),
    ],
)
def test_given_what_a_document_says_of_itself_twice_then_it_must_agree(
    tmp_path: Path, head: str, article: str
) -> None:
    assert "identity" in flagged(checked(tmp_path, article, _END, head=head))
    same = "文号：平政规〔2026〕3号\n\n制定机关：平湖镇人民政府\n\n公布日期：2026年4月1日"
    assert "identity" not in flagged(checked(tmp_path, "依照本办法。", _END, head=same))


def test_given_a_clause_found_faulty_before_then_one_like_it_is_found(tmp_path: Path) -> None:
    document = markdown(
        tmp_path / "办法.md",
        f"# 东河镇摊点管理办法\n\n第一条 摊主应当向镇市场管理所预存文明经营信用金方能出摊。\n\n第二条 {_END}\n",
    )
    before = Faulty("商户应当向镇市场管理所预存文明经营信用金。", "平湖镇市场办法", "没有依据")
    found = [of for of in run(document, CHECKS, TABLE, TODAY, [before]) if of.check == "alike"]
    assert [of.article for of in found] == [1]
    assert "平湖镇市场办法" in found[0].why


def test_given_a_check_then_it_is_kept_and_read_back_and_one_that_does_not_hold_is_refused() -> (
    None
):
    for check in CHECKS:
        assert deserialised(serialised(check)) == check
    text = 'id = "x"\nkind = "wording"\ntitle = "t"\nlaw = "l"\nclause = "c"\nwhy = "w"\n'
    text += 'mark = "read"\n[parameters]\nphrases = ["{}"]\n'
    parse(text.replace("{}", "(收取|征收)…费"), "x.toml")
    for phrase in ("(收取", "{没有}费", "", "…", "收……………………费"):
        with pytest.raises(FaultyInput, match=r"x\.toml"):
            parse(text.replace("{}", phrase), "x.toml")
