"""Addresses of a person as forms write them. Pure."""

from __future__ import annotations

import re
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from api.web.forms import NotAccepted, RowId, Typed
from config.vocabulary.errors import Fault

Kind = Literal["mobile", "mail", "wecom", "dingtalk", "feishu"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST = 6
_LABEL = r"[^\W_]([\w-]{0,61}[^\W_])?"
_SHAPES = {
    # Mainland numbers have eleven digits; others are written with + and the country code.
    "mobile": re.compile(r"1\d{10}|\+[1-9]\d{6,14}"),
    "wecom": re.compile(r"[A-Za-z0-9][\w.@-]{0,63}", re.ASCII),
    "dingtalk": re.compile(r"[\w.@$-]{1,64}", re.ASCII),
    "feishu": re.compile(r"ou_[0-9a-z]{8,64}"),
    "mail": re.compile(rf"[^\s\x00-\x1f\x7f@<>\"]{{1,64}}@{_LABEL}(\.{_LABEL}){{1,8}}"),
}
_LONGEST = 200


class Added(BaseModel):
    """An address, and the password once more."""

    model_config = ConfigDict(extra="forbid")
    username: Typed = ""
    password: Typed = ""
    kind: Kind = "mobile"
    value: Typed = ""

    def address(self) -> str:
        """The address in one form.

        Raises:
            NotAccepted: it is none.
        """
        value = self.value.strip()
        if self.kind == "mobile":
            value = re.sub(r"[\s()-]", "", value).removeprefix("+86")
        if len(value) > _LONGEST or not _SHAPES[self.kind].fullmatch(value):
            fault = Fault("value", f"is no {self.kind} address", "write it in full")
            raise NotAccepted(fault, f"account.wrong-{self.kind}")
        return value


class Confirmed(BaseModel):
    """The code that was sent to an address."""

    model_config = ConfigDict(extra="forbid")
    code: Typed = ""


class Removed(BaseModel):
    """Which address, by its id, and the password once more."""

    model_config = ConfigDict(extra="forbid")
    username: Typed = ""
    password: Typed = ""
    contact: RowId = 0
