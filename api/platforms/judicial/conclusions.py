"""Free text says nothing of how a concrete case should end. Pure.

Courts and procuratorates decide by the law alone (宪法 第一百三十一条, 第一百三十六条), deputies
interfere in no concrete case (代表法 第五十九条), and whoever tries to is put on record (法官法
第五十四条, 检察官法 第五十五条). So a text that demands a decision of a case is not kept. A wish
for a service or for openness is no such demand. The list is of phrases: others pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from api.platforms.judicial.refusals import FieldRefused

_DEMANDS = (
    "应当|应该|应予|应依法|理应|应|建议|要求|请求|(?<![申提聘邀])请(?!问|示|假)|责令|督促|敦促|务必|必须|须|需要"
    "|督办|希?望|尽快|立即|从速|依法予以|同意|支持"
)
_BETWEEN = (
    r"(?:(?!了解|查询|公开|告知|说明|解释|统计|报告|完善|规范|加强|提高)[^。！？；\n,，]){0,12}?"
)
_PARTS = (
    r"(?!权|书|步骤|执行|人|率|员|书记|程序|流程|标准|结果|质量|公开|信息|文书|情况|数|材料|窗口"
    r"|制度|机制|条件|规则|服务|工作|监督|期限|环节|指引|登记|大厅)"
)
_ENDINGS = (
    r"改判|(?:重新)?判决|宣判|裁定|裁决|判处|判令|判赔|轻判|重判|胜诉|败诉|发回重审|再审|提审"
    r"|立案|撤案|销案|(?:批准)?逮捕|批捕|释放|放人|取保候审|监视居住|拘留|羁押|不起诉|起诉|抗诉|撤诉"
    r"|从轻|从重|减轻处罚|免予处罚|免予刑事处罚|缓刑|减刑|假释|无罪|有罪|定罪|量刑|坐牢|判给|(?:准许|判)离婚|回避|执行到位"
    r"|驳回(?:上诉|起诉|申请|请求|诉讼请求|其|我|对方)|维持原判|(?:撤销|维持|变更)(?:原判|原审|一审|二审|该|其)?"
    r"(?:判决|裁定|决定|处罚)|支持(?:我|其|原告|被告|全部)?(?:方|的)*(?:诉讼|上诉|全部)?请求|认定为?工伤|采信|采纳(?:我|其|原告|被告)|追究(?:其|他|她|对方)?(?:的)?(?:刑事|法律)?责任|移送(?:其他|上级)?法院|不予执行|中止执行|停止执行|恢复执行|强制执行|查封|解封|解除(?:对)?[^。，,]{0,8}?(?:查封|冻结|强制措施)"
)
_FOUND = re.compile(rf"(?:{_DEMANDS}){_BETWEEN}(?:{_ENDINGS}){_PARTS}")
_JUDGED = re.compile(
    r"(?:判得|判决|裁定|处罚|量刑|认定(?:事实)?|适用法律)(?:明显|确实|显然)?(?:过轻|过重|太轻|太重|错误|不当|有误|不公)"
)


class ConclusionRefused(FieldRefused):
    """A free text demands how a case should be decided; the remedy is to say what was complained
    of in general.
    """

    words = "judicial.conclusions.wrong"

    def __init__(self, field: str, found: str) -> None:
        fault = f"{found[:40]!r} says how a case should be decided"
        super().__init__(field, "", fault, "describe the matter in general", found=found[:40])


def concluded(text: str) -> Sequence[str]:
    """The words of a text that say how a case should end, in their order."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    found = [match for pattern in (_FOUND, _JUDGED) for match in pattern.finditer(plain)]
    return [of.group() for of in sorted(found, key=lambda of: of.start())]


def check(given: Mapping[str, str]) -> None:
    """Hold free texts by field against the rule.

    Raises:
        ConclusionRefused: of the first field that says how a case should end.
    """
    for field, text in given.items():
        if found := concluded(text):
            raise ConclusionRefused(field, found[0])
