"""Providers that fail in each way, the same for every channel that speaks HTTP: the message waits,
the attempt ends in time, and no word of it gives a secret or a person away.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from alerting.channels.protocol import Channel, Later
from tests.channels.cases import made, to
from tests.channels.providers import (
    Answers,
    Provider,
    Reply,
    Request,
    deaf,
    in_json,
    nobody,
    of_another,
    provider,
    trusted,
)

SOON_S, MUCH_LATER_S = 0.3, 9.0
KEY, SECRET = "a-key-that-nobody-reads", "a-secret-that-nobody-reads"


@dataclass(frozen=True)
class Case:
    """A channel: what follows the provider's address, and the person it reaches; none where it
    speaks to a chat.
    """

    kind: str
    rest: str
    secret: str
    person: str


CASES = [
    Case("wecom-robot", f"/cgi-bin/webhook/send?key={KEY}", "", "wang-fang-7"),
    Case("wecom-app", f"?corp={KEY}&agent=1000002", SECRET, "wang-fang-7"),
    Case("dingtalk", f"/robot/send?access_token={KEY}", SECRET, "wang-fang-7"),
    Case("feishu", f"/open-apis/bot/v2/hook/{KEY}", SECRET, "ou_18eac85d"),
    Case("sms-aliyun", f"?key={KEY}&sign=清源&template=SMS_1&params=title", SECRET, "13800001111"),
    Case(
        "sms-tencent", f"?key={KEY}&app=1&sign=清源&template=1&params=title", SECRET, "13800001111"
    ),
]
WEBHOOK = Case(
    "webhook", f"/hook/{KEY}", f"whsec_{base64.b64encode(SECRET.encode()).decode()}", ""
)
PLAIN = Case("webhook", f"/hook/{KEY}", "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "")
coded = pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
"""Those whose provider answers by codes of its own, and not by a status."""
every = pytest.mark.parametrize("case", [*CASES, WEBHOOK], ids=lambda case: case.kind)
with_codes = pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
"""A webhook answers by its status alone."""


Files = tuple[Path, Path]
NOTHING = Reply()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Certificate, which is its own authority, and key."""
    return trusted(tmp_path_factory.mktemp("provider"))


@contextmanager
def over_tls(
    case: Case, files: Files, answers: Answers = NOTHING
) -> Iterator[tuple[Channel, Provider]]:
    """The channel of a provider that speaks TLS, whose authority the settings name."""
    with provider(answers, files) as found:
        yield made(case.kind, f"{found.url}{case.rest}", case.secret, ca=str(files[0])), found


def tried(channel: Channel, case: Case) -> Later:
    """What became of an attempt that cannot succeed: again, soon told, and nothing given away."""
    began = time.monotonic()
    outcome = channel.send(to(*([case.person] if case.person else [])))
    assert time.monotonic() - began < MUCH_LATER_S
    assert isinstance(outcome, Later)
    assert outcome.why
    assert not [each for each in (KEY, case.secret, case.person) if each and each in outcome.why]
    return outcome


def hurried(channel: Any) -> Channel:
    """The same with less patience, so that the test need not have it."""
    channel._provider._timeout_s = SOON_S
    found: Channel = channel
    return found


def echoed(status: int, **headers: str) -> Answers:
    """Repeats secrets and persons of what it was asked, as a page of an error may."""

    def reply(request: Request) -> Reply:
        asked = f"{request.path} {request.query} {request.headers} {request.body.decode()}"
        words = [each for case in CASES for each in (KEY, SECRET, case.person) if each in asked]
        return Reply(status, f"<h1>{status}</h1> {' '.join(words)}".encode(), headers)

    return reply


@every
def test_nobody_listens(case: Case) -> None:
    """The connection is refused."""
    tried(made(case.kind, f"{nobody()}{case.rest}", case.secret), case)


@every
def test_a_provider_that_takes_no_connection_is_left_in_time(case: Case) -> None:
    """Not one byte comes back."""
    with deaf() as address:
        tried(hurried(made(case.kind, f"http://{address}{case.rest}", case.secret)), case)


@every
@pytest.mark.parametrize("fails", ["silent", "dripping", "cut", "half"])
def test_an_answer_that_does_not_come_whole(case: Case, fails: Any, files: Files) -> None:
    """Never, byte by byte, not at all, or in part."""
    with over_tls(case, files, Reply(fails=fails)) as (channel, _):
        tried(hurried(channel), case)


@every
def test_a_provider_that_is_full_says_when_to_come_again(case: Case, files: Files) -> None:
    """429 with Retry-After."""
    with over_tls(case, files, echoed(429, **{"retry-after": "7"})) as (channel, _):
        assert tried(channel, case).after_s == 7.0


@every
def test_an_error_that_is_none_of_the_message(case: Case, files: Files) -> None:
    """Of the provider, of a gateway before it, or of the settings."""
    with over_tls(case, files) as (channel, found):
        for status in (500, 502, 503, 401, 403, 404, 302):
            found.answers = echoed(status)
            assert str(status) in tried(channel, case).why


@coded
def test_an_answer_that_is_not_the_providers(case: Case, files: Files) -> None:
    """A gateway's page, whatever its status: nothing of it says that the message is refused."""
    with over_tls(case, files) as (channel, found):
        for status in (400, 200):
            found.answers = echoed(status)
            assert str(status) in tried(channel, case).why


@coded
def test_an_answer_that_says_nothing(case: Case, files: Files) -> None:
    """No document, or one without a code."""
    with over_tls(case, files) as (channel, found):
        for body in (b"", b"[]", b"null", b"{}", b'{"errcode": ', b"\xff\xfe"):
            found.answers = Reply(body=body)
            tried(channel, case)


@every
def test_a_certificate_of_another_name_is_not_trusted(case: Case, tmp_path: Path) -> None:
    """Nothing is sent."""
    shown = of_another(tmp_path)
    with provider(in_json({}), shown) as found:
        tried(made(case.kind, f"{found.url}{case.rest}", case.secret, ca=str(shown[0])), case)
    assert not found.requests


@every
def test_a_certificate_of_an_unknown_authority_is_not_trusted(case: Case, files: Files) -> None:
    """Nothing is sent."""
    with provider(in_json({}), files) as found:
        tried(made(case.kind, f"{found.url}{case.rest}", case.secret), case)
    assert not found.requests


@every
def test_a_provider_near_by_needs_a_setting(case: Case) -> None:
    """An address of a private network is no provider's."""
    with pytest.raises(ValueError, match="private network"):
        made(case.kind, f"https://127.0.0.1:1{case.rest}", case.secret, private=False)
