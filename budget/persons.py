"""Whether a payee is a natural person, whose name and account are nobody's to see but by name."""

from __future__ import annotations

import re

_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,15}[·•][\u4e00-\u9fff·•]{1,20}")
_NUMBER = re.compile(r"\d{10,}[Xx]?")
_BODIES = (
    *("公司", "中心", "银行", "医院", "学校", "协会", "工会", "电力", "移动", "联通", "电信"),
    *("局", "院", "校", "所", "站", "部", "厂", "店", "社", "会", "办", "处", "队", "馆", "园"),
    *("委", "府", "村", "镇", "乡", "街道", "户", "行", "库", "段", "司", "厅", "场", "庙", "系"),
)
"""Ends of the names of bodies."""


def is_person(name: str) -> bool:
    """Whether a name may be that of a natural person: two to four characters, or such as write
    their names with a dot, and not the end of a body's name. In doubt it is one.
    """
    plain = name.strip()
    return bool(_NAME.fullmatch(plain)) and not plain.endswith(_BODIES)


def masked(name: str) -> str:
    """The first character of a natural person's name; a body's name as it is."""
    return name[:1] + "*" * (len(name) - 1) if is_person(name) else name


def masked_in(text: str, name: str) -> str:
    """A text about a natural person with the name masked wherever it stands, and every number as
    long as those of accounts, telephones and identity cards; about a body as it is.
    """
    plain = name.strip()
    if not is_person(plain):
        return text
    return _NUMBER.sub(lambda of: masked_account(of[0]), text.replace(plain, masked(plain)))


def masked_account(account: str) -> str:
    """The last four characters."""
    return "*" * max(len(account) - 4, 0) + account[-4:]
