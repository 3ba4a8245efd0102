"""A robot of a group chat: what it says stands there, for all or with one person called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from alerting.channels.http import Provider
from alerting.channels.protocol import AddressKind, Limit, Outcome, Outgoing, Taken
from alerting.channels.verdicts import Verdicts, document

JSON = {"content-type": "application/json; charset=utf-8"}
Form = Callable[[Outgoing], tuple[str, Mapping[str, object]]]
"""The address and the document that a provider wants for a message."""
_CODES, _WORDS = ("errcode", "code", "StatusCode"), ("errmsg", "msg", "StatusMessage")
"""As WeCom and DingTalk write them, Feishu, and Feishu in its older answers."""


def code_of(said: Mapping[str, Any]) -> tuple[object, object]:
    """A provider's code, 0 where it took what we asked for, and its words."""
    return _first(said, _CODES), _first(said, _WORDS)


def _first(said: Mapping[str, Any], names: Sequence[str]) -> object:
    return next((said[name] for name in names if name in said), "")


class Robot:
    """A robot with its provider's form, limit and codes."""

    def __init__(
        self,
        reaches: AddressKind,
        limit: Limit,
        form: Form,
        verdicts: Verdicts,
        provider: Provider,
        secrets: Sequence[str],
    ) -> None:
        self.reaches, self.limit = reaches, limit
        self._form, self._verdicts = form, verdicts
        self._provider, self._secrets = provider, secrets

    def send(self, outgoing: Outgoing) -> Outcome:
        """Make one attempt."""
        url, body = self._form(outgoing)
        answer = self._provider.ask("POST", url, msgspec.json.encode(body), JSON)
        said = document(answer, self._secrets)
        if not isinstance(said, dict):
            return said
        code, words = code_of(said)
        if code == 0:
            return Taken()
        return self._verdicts.refused(code, words, outgoing.addresses, self._secrets)
