"""Official texts of the demonstration, in words of its own, and what makers say of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from api.platforms.documents.texts.records import Facts, Kind

_FIVE_YEARS, _FORCE_AFTER = 5, timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: ``published`` counts days back from today; ``articles`` have no labels."""

    maker: str
    kind: Kind
    title: str
    number: str
    published: int
    signed: str
    articles: tuple[str, ...]

    def on(self, today: date) -> date:
        """The day of publication."""
        return today - timedelta(days=self.published)

    def facts(self, today: date) -> Facts:
        """All that the maker says of it."""
        day = self.on(today)
        force = day + _FORCE_AFTER
        return Facts(
            self.maker,
            self.kind,
            self.title,
            self.number.format(year=day.year),
            published=day.isoformat(),
            in_force=force.isoformat(),
            valid_until=_last_day(force).isoformat(),
        )

    def text(self, today: date) -> str:
        """The official text."""
        day = self.on(today)
        number = self.number.format(year=day.year)
        closing = f"本规定自{_said(day + _FORCE_AFTER)}起施行，有效期五年。"
        articles = (f"第{_LABELS[at]}条 {of}" for at, of in enumerate((*self.articles, closing)))
        return "\n\n".join((self.title, number, *articles, f"{self.signed}\n{_said(day)}", ""))


_LABELS = "一二三四五六七八九十"
FINE = "处以五百元以上五千元以下罚款"
"""Words by which a town sets what only laws may set."""
DRAINAGE = Paper(
    "pingchao",
    "town",
    "平潮镇排水和排污管理规定",
    "平政规〔{year}〕1号",
    150,
    "平潮镇人民政府",
    (
        "为了改善通吕运河平潮段水质，根据《中华人民共和国水污染防治法》，制定本规定。",
        "沿河单位和住户的污水应当接入污水管网，不得排入雨水管网和河道。",
        "镇水利站负责泵站和排口的日常巡查，每月公布巡查情况。",
        f"沿河单位违反本规定的，由镇人民政府{FINE}。",
    ),
)
CLEANING = Paper(
    "pingchao",
    "town",
    "平潮镇农村河道保洁规定",
    "平政规〔{year}〕2号",
    26,
    "平潮镇人民政府",
    (
        "为了加强农村河道保洁，根据《中华人民共和国水法》，制定本规定。",
        "村民委员会组织河道保洁，保洁经费由镇财政安排。",
        "镇水利站每季度检查一次，检查情况向村民公开。",
    ),
)
SIGNS = Paper(
    "pingchao",
    "town",
    "平潮镇户外招牌设置管理规定",
    "平政规〔{year}〕4号",
    18,
    "平潮镇人民政府",
    (
        "为了规范户外招牌设置，根据《江苏省城市市容和环境卫生管理条例》，制定本规定。",
        "沿街单位设置招牌，应当安全、整洁，不遮挡通道和采光。",
        "镇综合执法机构提供设置指引，指导沿街单位改正不符合要求的招牌。",
    ),
)
LIFTS = Paper(
    "housing",
    "department",
    "通州区老旧住宅加装电梯资金补贴规定",
    "通住建规〔{year}〕1号",
    14,
    "南通市通州区住房和城乡建设局",
    (
        "为了支持老旧住宅加装电梯，根据国家和省有关老旧小区改造的政策，制定本规定。",
        "每部电梯按照核定费用给予一次性补贴，补贴标准每年公布。",
        "申请补贴的，由业主推举的代表向街道提交材料，街道十个工作日内完成初审。",
    ),
)
RIVERS = Paper(
    "water",
    "department",
    "通州区河道管理范围内活动管理规定",
    "通水规〔{year}〕1号",
    800,
    "南通市通州区水利局",
    (
        "为了保护河道安全，根据《中华人民共和国水法》，制定本规定。",
        "在河道管理范围内举办活动的，应当事先告知区水利局。",
        "区水利局收到告知后，应当在三个工作日内提出安全提示。",
    ),
)
WASTE = Paper(
    "government",
    "government",
    "通州区生活垃圾分类管理规定",
    "通政规〔{year}〕1号",
    300,
    "南通市通州区人民政府",
    (
        "为了推进生活垃圾分类，根据《中华人民共和国固体废物污染环境防治法》，制定本规定。",
        "生活垃圾分为可回收物、有害垃圾、厨余垃圾和其他垃圾。",
        "物业服务企业应当在服务区域内设置分类收集容器，并公布收集时间。",
    ),
)
BICYCLES = Paper(
    "urban-management",
    "department",
    "通州区电动自行车停放管理规定",
    "通城管规〔{year}〕1号",
    200,
    "南通市通州区城市管理局",
    (
        "为了规范电动自行车停放，根据《江苏省电动自行车管理条例》，制定本规定。",
        "住宅小区应当设置集中停放和充电场所。",
        "未在划定区域停放的，由管理单位劝导；劝导无效的，可以移至指定地点，并告知车主。",
    ),
)
KEPT = (DRAINAGE, RIVERS, WASTE, BICYCLES)
"""Those that the office recorded by hand."""


def _last_day(force: date) -> date:
    """The day before the same day five years later; 29 February has none in every year."""
    day = force.replace(day=1) if (force.month, force.day) == (2, 29) else force
    return day.replace(year=day.year + _FIVE_YEARS) - timedelta(days=1)


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
