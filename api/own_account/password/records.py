"""A new password as a form writes it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from api.accounts.credentials.password_rules import LEAST, MOST, check
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault


class Chosen(BaseModel):
    """The password of now and the new one."""

    model_config = ConfigDict(extra="forbid")
    password: str = ""
    new: str = ""

    def fit(self, context: Iterable[str]) -> str:
        """The new password.

        Raises:
            NotAccepted: the rules refuse it.
        """
        unfit = check(self.new, context=context)
        if unfit:
            fault = Fault("new", f"is {unfit}", f"{LEAST} to {MOST} characters, hard to guess")
            raise NotAccepted(fault, unfit.words, least=LEAST, most=MOST)
        return self.new


class Written(Chosen):
    """The form of the page, which has the new one twice."""

    username: str = ""
    again: str = ""

    def repeated(self) -> None:
        """Compare both.

        Raises:
            NotAccepted: they differ.
        """
        if self.again != self.new:
            fault = Fault("again", "differs from the new password", "write both again")
            raise NotAccepted(fault, "account.wrong-again")
