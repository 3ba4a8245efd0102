"""The address of a browser as its page gives it. Pure."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict

from alerting.channels.push import Subscription
from alerting.channels.push_encryption import Receiver
from api.web.forms import NotAccepted, Typed
from config.settings import protected
from config.vocabulary.errors import Fault

MOST = 10
"""Browsers of a person: each message goes to all of them at once."""
_WRITTEN = re.compile("[!-~]+")


class Subscribed(BaseModel):
    """Where its push service takes messages, its public key and its secret, both in base64url."""

    model_config = ConfigDict(extra="forbid")
    endpoint: Typed
    p256dh: Typed
    auth: Typed

    def subscription(self) -> Subscription:
        """The same, held to be one.

        Raises:
            NotAccepted: it is none.
        """
        if not _WRITTEN.fullmatch(self.endpoint) or not protected(self.endpoint):
            fault = Fault("endpoint", "is no https address", "give the browser's own")
            raise NotAccepted(fault, "account.wrong-browser")
        try:
            Receiver.read(self.p256dh, self.auth)
        except ValueError as error:
            fault = Fault("p256dh, auth", "are no keys of a browser", "give the browser's own")
            raise NotAccepted(fault, "account.wrong-browser") from error
        return Subscription(self.endpoint, self.p256dh.rstrip("="), self.auth.rstrip("="))
