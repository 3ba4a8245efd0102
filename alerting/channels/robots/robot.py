"""A robot of a group chat: what it says stands there, for all or with one person called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec
from msgspec import Struct, field

from alerting.channels.http import Provider
from alerting.channels.protocol import AddressKind, Later, Limit, Outcome, Outgoing, Taken
from alerting.channels.verdicts import Verdicts, parsed

JSON = {"content-type": "application/json; charset=utf-8"}
Form = Callable[[Outgoing], tuple[str, Mapping[str, object]]]
"""The address and the document that a provider wants for a message."""


class Errcode(Struct):
    """An answer of WeCom and DingTalk. The code is 0 where they took what we asked for."""

    code: int = field(name="errcode")
    words: str = field(name="errmsg", default="")


class Code(Struct):
    """An answer of Feishu."""

    code: int
    words: str = field(name="msg", default="")


class Robot:
    """A robot with its provider's form, limit and codes."""

    def __init__(
        self,
        reaches: AddressKind,
        limit: Limit,
        form: Form,
        shape: type[Errcode | Code],
        verdicts: Verdicts,
        provider: Provider,
        secrets: Sequence[str],
    ) -> None:
        self.reaches, self.limit = reaches, limit
        self._form, self._shape, self._verdicts = form, shape, verdicts
        self._provider, self._secrets = provider, secrets

    def send(self, outgoing: Outgoing) -> Outcome:
        """Make one attempt."""
        url, body = self._form(outgoing)
        found = self._provider.ask("POST", url, msgspec.json.encode(body), JSON)
        answer = parsed(found, self._shape, [*self._secrets, *outgoing.addresses])
        if isinstance(answer, Later):
            return answer
        if answer.code == 0:
            return Taken()
        return self._verdicts.refused(answer.code, answer.words, outgoing.addresses, self._secrets)
