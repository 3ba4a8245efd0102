"""A message of a WeCom application to one person (企业微信应用消息)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import msgspec

from alerting.channels.http import Answer, Provider
from alerting.channels.making import Surroundings, WrongChannelError
from alerting.channels.parameters import parameters, persons_only, secret
from alerting.channels.protocol import (
    TIMEOUT_S,
    AddressKind,
    Channel,
    Later,
    Limit,
    Never,
    Outcome,
    Outgoing,
    Taken,
)
from alerting.channels.robots.robot import JSON, Errcode
from alerting.channels.robots.text import plain
from alerting.channels.verdicts import Verdicts, parsed
from config.settings import ChannelSettings

EXAMPLE = "https://qyapi.weixin.qq.com?corp=<企业ID>&agent=<AgentId>"
MOST_BYTES = 2048
SAME_S = 1800
"""A message of the same words within this is shown once: an attempt whose answer was lost is no
second message.
"""
MARGIN_MS = 120_000
"""A token is renewed so long before its end."""
OVER = frozenset({40014, 42001})
"""Codes of a token that does not count any more."""
VERDICTS = Verdicts(
    never=frozenset({"40008", "44004", "45002", "81013", "82001"}),
    gone=frozenset({"40003", "60111"}),
    after={"45009": 60.0, "45033": 5.0},
)


class Sent(Errcode):
    """The answer to a message; members it cannot reach stand beside a success."""

    msgid: str = ""
    invaliduser: str = ""
    unlicenseduser: str = ""


class Entered(Errcode):
    """The answer to a request for a token."""

    access_token: str = ""
    expires_in: int = 0


class WecomApp:
    """An application that writes to the members who may see it."""

    reaches: AddressKind = "wecom"
    limit: Limit | None = Limit(10_000, 60.0)

    def __init__(
        self,
        address: str,
        corp: str,
        agent: int,
        secret_text: str,
        provider: Provider,
        now_ms: Callable[[], int],
    ) -> None:
        self._address, self._agent = address, agent
        self._entry = {"corpid": corp, "corpsecret": secret_text}
        self._provider, self._now_ms = provider, now_ms
        self._token, self._until_ms = "", 0

    def send(self, outgoing: Outgoing) -> Outcome:
        """Make one attempt, with another token where the provider no longer takes ours."""
        answer = self._sent(outgoing)
        if isinstance(answer, Sent) and answer.code in OVER:
            self._until_ms = 0
            answer = self._sent(outgoing)
        if not isinstance(answer, Sent):
            return answer
        if answer.code != 0:
            return self._refused(answer, outgoing.addresses)
        if answer.invaliduser:
            return Never("the member may not see the application, or is none")
        if answer.unlicenseduser:
            return Never("the member has no licence for messages of applications")
        return Taken(answer.msgid)

    def _sent(self, outgoing: Outgoing) -> Sent | Later:
        if self._now_ms() >= self._until_ms and (refused := self._enter()):
            return refused
        body = {
            "touser": outgoing.addresses[0],
            "msgtype": "text",
            "agentid": self._agent,
            "text": {"content": plain(outgoing, MOST_BYTES)},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": SAME_S,
        }
        found = self._ask("POST", "message/send", {"access_token": self._token}, body)
        return parsed(found, Sent, [*self._secrets(), *outgoing.addresses])

    def _enter(self) -> Later | None:
        """Take a new token; the refusal where there is none."""
        found = self._ask("GET", "gettoken", self._entry, None)
        answer = parsed(found, Entered, self._secrets())
        if isinstance(answer, Later):
            return answer
        if answer.code != 0:
            return Later(self._refused(answer, ()).why)
        self._token = answer.access_token
        self._until_ms = self._now_ms() + answer.expires_in * 1000 - MARGIN_MS
        return None

    def _ask(
        self, method: str, what: str, query: Mapping[str, str], body: Mapping[str, object] | None
    ) -> Answer | Later:
        url = f"{self._address}/cgi-bin/{what}?{urlencode(query)}"
        content = None if body is None else msgspec.json.encode(body)
        return self._provider.ask(method, url, content, JSON)

    def _refused(self, answer: Errcode, addresses: tuple[str, ...]) -> Later | Never:
        return VERDICTS.refused(answer.code, answer.words, addresses, self._secrets())

    def _secrets(self) -> tuple[str, ...]:
        return (self._entry["corpsecret"], self._token)


def made(settings: ChannelSettings, around: Surroundings) -> Channel:
    """An application by the company's name, its own number and its secret.

    Raises:
        WrongChannelError: a setting does not hold.
    """
    persons_only(settings)
    address, given = parameters(settings, EXAMPLE, ("corp", "agent"))
    if not given["agent"].isdecimal():
        raise WrongChannelError("url", "has an agent that is no number", f"write it as {EXAMPLE}")
    key = secret(settings, "the Secret of the application")
    # One attempt may ask four times: for a token, with it, and again where it is not taken.
    provider = Provider(settings.ca, TIMEOUT_S / 4, private=settings.private)
    corp, agent = given["corp"], int(given["agent"])
    return WecomApp(address, corp, agent, key, provider, around.now_ms)
