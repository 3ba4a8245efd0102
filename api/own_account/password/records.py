"""A new password as a form writes it. Pure."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from api.web.forms import Typed


class Chosen(BaseModel):
    """The password of now and the new one."""

    model_config = ConfigDict(extra="forbid")
    password: Typed = ""
    new: Typed = ""


class Written(Chosen):
    """The form of the page, which has the new one twice."""

    username: Typed = ""
    again: Typed = ""
