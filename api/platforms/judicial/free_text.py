"""Free text of the platform holds nobody's identity and no concrete case. Pure.

Supervision is of work as a whole, never of a concrete case (各级人民代表大会常务委员会监督法;
刑事、民事、行政诉讼 are decided by courts alone), and personal information is kept to the least
that serves (个人信息保护法 第六条). A false refusal costs one more wording; a name that stays
costs more, so doubt refuses.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.platforms.judicial.refusals import FieldRefused

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛"
    "范彭郎鲁韦昌马苗凤花俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬常乐傅皮卞齐康伍余顾孟"
    "黄穆萧肖尹姚邵湛汪祁毛狄贝戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾江童颜郭梅盛林钟徐邱骆"
    "高夏蔡田樊胡凌霍虞万柯管卢莫房丁邓洪包左石崔吉龚程邢裴陆翁荀甄曲封储靳段焦侯宓蓬全班"
    "仰秋仲伊宫宁仇栾祖武符刘景詹束龙叶司黎薄印白蒲邰鄂索咸籍赖卓蔺屠蒙池乔阴胥苍双闻莘党"
    "翟谭贡姬申扶堵冉宰郦雍桑桂濮牛边扈燕冀浦尚温别庄晏柴瞿阎慕连茹习艾鱼容向古易慎戈廖庾"
    "终暨居衡步耿满弘匡文寇广禄阙东欧利蔚越师巩聂晁勾敖融冷辛阚那简饶空曾沙养鞠须丰巢关"
    "相查红游竺权盖益桓公闫覃佟丛岳涂代付仝尧国楼方邸安"
)
_COMPOUND = "欧阳|上官|司马|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|司徒|东方|南宫|端木|长孙|宇文"
_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新兵"
_ROLES = (
    "原告人?|被告人?|被上诉人|上诉人|第三人|被申请执行人|申请执行人|被申请人|申请人|被执行人"
    "|当事人|犯罪嫌疑人|嫌疑人|被害人|受害人|罪犯|自诉人|被调查人|信访人|上访人|来访人|举报人"
)
_ORDINARY = (
    "权利|权益|权限|申请|申诉|申辩|满意|安全|安排|安心|方面|方便|双方|全部|全程|全额|全都|任何"
    "|任意|明确|有关|相关|相互|相应|相对|房屋|房产|程序|利益|和解|都能|都有|都可|都已|都是|都在"
    "|都对|国籍|国家|公开|公平|公司|关于|关系|连续|居住|居民|常住|常见|广泛|费用|向法|向检|向公"
    "|向人|向本|向其|文化|文书|文明|包括|包含|左右|别无|查阅|查询|查看|代理|代表|付款|付清|管理"
    "|须知|须在|边远|简单|容易|终止|终结|司法|师生|空间|曾经|曾多|曾向|曾在|益处|万元|万人|温情"
    "|时间|冷静|融资|高度|高于|高效|单位|单方|储蓄|索赔|索取|党员|党组|宁愿|白天|步入|尚未|尚有"
    "|尚无|尚可|高消|养老|游客|盖章|盖印|双倍|双重|乐意|东西|丰富|江苏|江西|江阴|金额|石油|马上"
    "|华侨|项目|计算|严重|严格|施工|解释|卫生|平均|纪律|成为|应当|祖国|红色|莫名"
    "|方[多为的在提与和对应因认可能有无未是也均]"
)
_AFTER = (
    r"(?=$|[^\u4e00-\u9fff]|与|和|诉|因|于|在|的|称|向|等|应|犯|以|男|女|不服|申请|起诉|提出|提起"
    r"|涉嫌|系|是|为|被|对|将|至|到|及|从|已|说|表示|要求|认为|反映|一案|经|自|有|无|未|没|来|去)"
)
_NAME = rf"(?!{_ORDINARY})(?:{_COMPOUND}|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}?"
_AMBIGUOUS = "于向全安和成应申时相公那曾权满任明查关终须别从解单通支常连双方居"
"""Surnames that are as often the first character of a verb or adverb after the party."""
_CERTAIN = rf"(?![{_AMBIGUOUS}]){_NAME}"
_MARK = r"[:：\s(（「“\"'《、\-]*"
_ASIDE = (
    r"(?:\([^()]{1,12}\)|之[一子女父母妻夫兄弟]"
    r"|[0-9一二三四五六七八九]{1,2}(?![0-9年月日名人个件起案次]))?"
)
"""Between the word of a party and its name: another standing, a kinship, its number."""
_VERB = r"(?:姓名|名叫|叫做|名为|就是|[是为系叫即])?"
_FOREIGN = (
    "买买提|麦麦提|阿不|阿卜|艾合|艾力|吐尔|迪丽|古丽|努尔|热依|木合|玉素|依明|卡德|扎西|卓玛"
    "|次仁|尼玛|达瓦|格桑|多吉|才让|罗布|巴特|其其格|乌兰|苏和"
)
_MASK = r"[Xx×*○〇]"
_BODIES = (
    "厂|店|合作社|村民委员会|居民委员会|村委会|居委会|支行|分行|事务所|经营部|商行|养殖场|农场"
)
_GENERAL = (
    "[多均都主大一可向到在与和为是对应以因等的提申经不未没有要自将被从由所及或其按依于已也能须各无]"
    "|通过|单位|方面|人均|之间|或者"
)
"""Words with which a sentence on parties in general goes on."""
_COMPANY = r"[\u4e00-\u9fff()A-Za-z0-9]{2,30}?(?:有限(?:责任)?公司|股份公司|集团公司|合伙企业)"
_GAP = r"[\s\-._·]?"
_NUMERAL = r"[0-9〇零一二三四五六七八九十百千]"


def _spaced(count: int) -> str:
    return rf"(?:[0-9]{_GAP}){{{count - 1}}}[0-9]"


_YEAR = rf"(?:19|20)[0-9]{_GAP}[0-9]"
_DAY = rf"(?:0[1-9]|1[0-2]){_GAP}(?:0[1-9]|[12][0-9]|3[01])"
_PATTERNS = (
    (
        "id",
        (
            rf"(?<![0-9])[1-9]{_GAP}{_spaced(5)}{_GAP}{_YEAR}{_GAP}{_DAY}{_GAP}{_spaced(3)}{_GAP}"
            r"[0-9Xx](?![0-9A-Za-z])"
        ),
    ),
    ("id", rf"(?<![0-9])[1-9][0-9]{{7}}{_DAY}[0-9]{{3}}(?![0-9])"),
    (
        "telephone",
        (
            rf"(?<![0-9.])(?:\+?{_GAP}86{_GAP})?1{_GAP}[3-9]{_GAP}{_spaced(9)}"
            r"(?![0-9]|\.[0-9]|\s*[元万亿])"
        ),
    ),
    (
        "telephone",
        r"(?<![0-9.])\(?0[1-9][0-9]{1,2}\)?[\s\-]{0,2}[2-9][0-9]{2,3}[\s\-]?[0-9]{4}(?![0-9.])",
    ),
    (
        "telephone",
        (
            r"(?:电话|手机|联系方式|致电|座机)(?:号码?)?[:\s是为]{0,3}[2-9][0-9]{2,3}[\s\-]?[0-9]{4}"
            r"(?![0-9.])"
        ),
    ),
    (
        "case",
        (
            rf"[(\[〔【](?:19|20|二|一){_NUMERAL}{{2,3}}[)\]〕】]\s*(?!年)[\u4e00-\u9fff]"
            rf"[\u4e00-\u9fff0-9\s]{{0,16}}?(?:字?\s*第)?\s*{_NUMERAL}{{1,8}}"
            rf"(?:\s*[-之]\s*{_NUMERAL}+)?\s*号"
        ),
    ),
    (
        "case",
        (
            rf"(?:19|20)[0-9]{{2}}[)\]〕】年]?\s*[{_PROVINCES}最]\s*[0-9高]{{0,4}}\s*"
            rf"[\u4e00-\u9fff]{{1,6}}(?:字?\s*第)?\s*{_NUMERAL}{{1,8}}\s*号"
        ),
    ),
    (
        "case",
        (
            rf"[检公监法][\u4e00-\u9fff()]{{0,6}}[诉侦捕刑民行立逮][\u4e00-\u9fff()]{{0,4}}"
            rf"[(\[〔【](?:19|20)[0-9]{{2}}[)\]〕】]\s*第?\s*{_NUMERAL}{{1,8}}\s*号"
        ),
    ),
    ("party", rf"(?:{_ROLES})(?:姓名)?{_MARK}(?:是|为|系|叫|姓名)?{_MARK}{_NAME}{_AFTER}"),
    ("party", rf"(?:{_ROLES}){_MARK}(?:是|为|系)?{_MARK}(?![均都多]){_COMPANY}"),
    ("party", rf"(?:{_ROLES})(?:姓名)?{_MARK}(?:是|为|系|叫)?{_MARK}{_CERTAIN}"),
    ("party", rf"(?:{_ROLES}){_MARK}[\u4e00-\u9fff]某"),
    ("party", rf"{_NAME}[(]\s*(?:系|为|是)?\s*(?:本案|该案)?(?:{_ROLES})"),
    ("party", rf"{_NAME}诉{_NAME}(?:[\u4e00-\u9fff]{{0,10}})(?:案|纠纷)"),
    ("party", rf"(?<![\u4e00-\u9fff]){_NAME}诉[\u4e00-\u9fff()]{{4,24}}(?:纠纷|一案)"),
    ("party", rf"[{_SURNAMES}]某[某甲乙丙丁]?(?:等人?)?[\u4e00-\u9fff]{{2,14}}?(?:案|罪|纠纷)"),
    ("party", rf"(?:{_ROLES})方?{_ASIDE}{_MARK}{_VERB}{_MARK}{_NAME}{_AFTER}"),
    (
        "party",
        rf"(?:{_ROLES})方?{_MARK}{_VERB}{_MARK}[{_SURNAMES}]\s[\u4e00-\u9fff]{{1,2}}{_AFTER}",
    ),
    ("party", rf"(?:{_ROLES})方?{_MARK}{_VERB}{_MARK}[老小阿][{_SURNAMES}]{_AFTER}"),
    ("party", rf"(?:{_ROLES})方?{_MARK}姓[{_SURNAMES}]"),
    ("party", rf"(?:{_ROLES})方?{_MARK}{_VERB}{_MARK}[{_SURNAMES}]{_MASK}"),
    ("party", rf"(?:{_ROLES})方?{_MARK}{_VERB}{_MARK}(?:{_FOREIGN})"),
    ("party", rf"(?:{_ROLES})方?{_MARK}{_VERB}{_MARK}[A-Za-z]{{4,}}"),
    (
        "party",
        rf"(?:{_ROLES})方?{_MARK}{_VERB}{_MARK}(?!{_GENERAL})[\u4e00-\u9fff()]{{2,20}}?(?:{_BODIES})",
    ),
)
_FOUND = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)
_SPELLED = re.compile(r"[〇零一二三四五六七八九]{11,}")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
KINDS = ("id", "telephone", "case", "party")


@dataclass(frozen=True, slots=True)
class Identified:
    """A place in a text that names somebody or a case: ``kind`` of `KINDS`; ``start`` and ``end``
    are offsets in the text as it was given, ``words`` what stands there.
    """

    kind: str
    start: int
    end: int
    words: str


class TextRefused(FieldRefused):
    """A free text names somebody or a concrete case; the remedy is to say it without."""

    words = "judicial.free-text.wrong-"

    def __init__(self, field: str, found: Identified) -> None:
        named = found.words[:40]
        fault = f"{named!r} names a person or a case ({found.kind})"
        super().__init__(field, found.kind, fault, "say it without", found=named)
        self.found = found


def identified(text: str) -> Sequence[Identified]:
    """All that names somebody or a concrete case, in the order of the text; what overlaps is
    said once.
    """
    plain, offsets = _plain(text)
    found = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(plain):
            start, end = offsets[match.start()], offsets[match.end() - 1] + 1
            found.append(Identified(kind, start, end, text[start:end]))
    found.sort(key=lambda of: (of.start, -of.end))
    kept = found[:1]
    for one in found[1:]:
        if one.start >= kept[-1].end:
            kept.append(one)
    return kept


def check(given: Mapping[str, str]) -> None:
    """Hold free texts by field against the rule.

    Raises:
        TextRefused: of the first field that names somebody or a case.
    """
    for field, text in given.items():
        if found := identified(text):
            raise TextRefused(field, found[0])


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """In one form, without what cannot be seen; and where each character stood."""
    kept, offsets = [], []
    for at, character in enumerate(text):
        for one in unicodedata.normalize("NFKC", character):
            if unicodedata.category(one) not in ("Cf", "Mn"):
                kept.append("-" if unicodedata.category(one) == "Pd" else one)
                offsets.append(at)
    return _SPELLED.sub(lambda of: of[0].translate(_DIGITS), "".join(kept)), offsets
