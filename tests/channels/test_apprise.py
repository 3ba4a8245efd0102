"""A service that the library apprise knows: what it gets, and what becomes of a failure."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alerting.channels.making import WrongChannelError
from alerting.channels.protocol import Later, Taken
from alerting.channels.registry import made as all_made
from config.settings import ChannelSettings
from config.vocabulary.errors import FaultyInput
from tests.channels.cases import LINK, made, to
from tests.channels.outgoings import surroundings
from tests.channels.providers import Reply, nobody, provider
from tests.conftest import wait_until

KEY = "a-key-that-nobody-reads"
SOON_S = 0.5
"""So long an attempt may take that is meant to take longer."""


def channel(http_url: str, **more: Any) -> Any:
    """One of apprise's services that posts JSON to an address."""
    url = http_url.replace("http://", "json://")
    return made("apprise", f"{url}/hooks/{KEY}?-token={KEY}&+x-key={KEY}", **more)


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test does, no log has the key."""
    with caplog.at_level(logging.DEBUG - 1):
        yield
    assert KEY not in caplog.text


class TestAService:
    def test_gets_title_text_and_link(self) -> None:
        with provider() as found:
            assert channel(found.url).send(to()) == Taken()
        [request] = found.requests
        assert request.path == f"/hooks/{KEY}"
        assert request.json["title"] == to().title
        assert request.json["message"] == f"{to().text}\n\n{LINK}"

    def test_gets_signs_as_they_are(self) -> None:
        """Nothing of a text is taken for a command of the library."""
        text = "\\n :smile: ${HOME} <b>氨氮</b> attach=/etc/passwd"
        with provider() as found:
            assert channel(found.url).send(to(text=text, link="")) == Taken()
        assert found.requests[0].json["message"] == text
        assert not found.requests[0].json.get("attachments")

    def test_is_not_followed_elsewhere(self) -> None:
        with provider() as other, provider(Reply(302, headers={"location": other.url})) as found:
            outcome = channel(found.url).send(to())
        assert outcome == Later("the service has not taken it (302)")
        assert other.requests == []

    @pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
    def test_that_says_no_is_asked_again(self, status: int) -> None:
        """The library tells no more than that."""
        with provider(Reply(status)) as found:
            outcome = channel(found.url).send(to())
        assert outcome == Later(f"the service has not taken it ({status})")

    def test_that_is_away_is_asked_again(self) -> None:
        assert channel(nobody()).send(to()) == Later("the service has not taken it")

    def test_that_hangs_up_is_asked_again(self) -> None:
        with provider(Reply(fails="cut")) as found:
            assert channel(found.url).send(to()) == Later("the service has not taken it")

    def test_that_is_slow_is_left_in_time(self) -> None:
        """And while it hangs nothing else is begun, so that no attempts pile up."""
        with provider(Reply(fails="dripping")) as found:
            slow = channel(found.url)
            slow._timeout_s = SOON_S
            assert slow.send(to()) == Later("no whole answer in time")
            wait_until(lambda: bool(found.requests))
            assert slow.send(to()) == Later("the attempt before has no answer yet")
        assert len(found.requests) == 1
        wait_until(lambda: not slow._attempt.is_alive())
        with provider() as found:
            assert channel(found.url).send(to()) == Taken()

    def test_that_breaks_is_asked_again(self) -> None:
        """Whatever the library or one of its plugins raises."""

        def breaks(*_: object, **__: object) -> bool:
            raise RuntimeError(KEY)

        broken = channel(nobody())
        [service] = broken._service
        service.send = breaks
        assert broken.send(to()) == Later("the service has not taken it")
        broken._service.notify = breaks
        assert broken.send(to()) == Later("the library fails: RuntimeError")


class TestTheSettings:
    @pytest.mark.parametrize(
        ("url", "what"),
        [
            ("", "is no address that apprise knows"),
            (f"nothing://{KEY}", "is no address that apprise knows"),
            (f"tgram://{KEY}", "is no address that apprise knows"),
            ("syslog://", "reaches only this machine"),
            (f"json://127.0.0.1/{KEY}", "leads to this machine or a private network"),
            (f"json://localhost/{KEY}", "leads to this machine or a private network"),
            (f"jsons://10.1.2.3/{KEY}", "leads to this machine or a private network"),
            (f"jsons://[::1]/{KEY}", "leads to this machine or a private network"),
            (f"jsons://hook.example/{KEY}?attach=/etc/passwd", "reads a file of this machine"),
            ("fcm://project/device?keyfile=/etc/key.json", "reads a file of this machine"),
        ],
    )
    def test_are_refused_with_field_fault_and_remedy(self, url: str, what: str) -> None:
        with pytest.raises(WrongChannelError) as refused:
            made("apprise", url, private=False)
        assert (refused.value.field, refused.value.what) == ("url", what)
        assert refused.value.remedy
        assert KEY not in str(refused.value) + refused.value.remedy

    def test_have_no_secret_beside_the_address(self) -> None:
        with pytest.raises(WrongChannelError) as refused:
            made("apprise", "jsons://hook.example/", KEY)
        assert refused.value.field == "secret"

    @pytest.mark.parametrize(
        ("url", "private"),
        [
            (f"jsons://10.1.2.3/{KEY}", True),
            (f"jsons://hook.example/{KEY}", False),
            ("ntfys://ntfy.example.org/river", False),
            (f"jsons://1.1.1.1/{KEY}", False),
        ],
    )
    def test_are_accepted(self, url: str, private: bool) -> None:
        made("apprise", url, private=private)

    def test_name_the_channel_where_they_are_wrong(self) -> None:
        settings = ChannelSettings("other", "apprise", f"nothing://{KEY}")
        with pytest.raises(FaultyInput) as refused:
            all_made([settings], surroundings(Path()))
        [fault] = refused.value.faults
        assert fault.where == "channel[0].url"
        assert KEY not in str(refused.value)


def test_a_site_without_such_a_channel_does_not_load_the_library() -> None:
    """It takes longer than the rest of the start together."""
    code = "import sys, alerting.channels.registry; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
