"""Wishes: of which places and kinds, from which level on, and that duty goes before them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from alerting.alert import Alert, Level
from alerting.channels.registry import MAKERS
from alerting.events.event import Notice, NoticeKind
from alerting.notify.readers import REACHES, Reader, personal
from alerting.notify.routing import TOLD, Decision, Known, Night, Why, routed
from alerting.notify.wishes import Quiet, Wishes
from config.catalogue.shapes import Catalogue
from config.settings import ChannelKind, ChannelSettings
from config.vocabulary.time import HOUR_MS
from tests.alerting.telling import AMMONIA, NOON_MS
from tests.channels.outgoings import surroundings

NIGHT = Night("22:00", "07:00")
ELEVEN_PM_MS, SEVEN_AM_MS = NOON_MS + 11 * HOUR_MS, NOON_MS + 19 * HOUR_MS
URLS = {
    "mail": "smtp://127.0.0.1:25?from=alarm@example.org&security=none",
    "wecom-robot": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0",
    "push": "mailto:office@example.org",
    "console": "",
}


def decided(
    catalogue: Catalogue,
    wishes: Wishes,
    alert: Alert = AMMONIA,
    *,
    at_ms: int = NOON_MS,
    on_duty: bool = False,
) -> Decision:
    """Of the beginning of an event at the first station of the canal."""
    reader = Reader("daibiao", "陈明", "zh-CN", "deputy", ("mail",), wishes, on_duty)
    notice = Notice("e", NoticeKind.BEGUN, alert, alert.level, (alert.station,), 1, at_ms)
    station = catalogue.stations[alert.station]
    return routed(reader, notice, alert.rule_id, [station], Known(), at_ms, NIGHT, 3)


@pytest.mark.parametrize(
    ("wishes", "why"),
    [
        (Wishes(rivers=("tonglv",)), None),
        (Wishes(rivers=("xinjianghai",)), Why.PLACE),
        (Wishes(rivers=("xinjianghai",), stations=(AMMONIA.station,)), None),
        (Wishes(areas=("nowhere",)), Why.PLACE),
        (Wishes(kinds=("ammonia-over-class",)), None),
        (Wishes(kinds=("oxygen-low",)), Why.KIND),
        (Wishes(least="alarm"), None),
        (Wishes(least="critical"), Why.LEVEL),
    ],
)
@pytest.mark.parametrize("on_duty", [False, True])
def test_given_wishes_then_only_what_is_wished_for_is_told_but_all_of_it_on_duty(
    catalogue: Catalogue, wishes: Wishes, why: Why | None, on_duty: bool
) -> None:
    """Who is on duty must hear all that is of the role."""
    expected = TOLD if why is None or on_duty else Decision("muted", why)
    assert decided(catalogue, wishes, on_duty=on_duty) == expected


def test_given_quiet_hours_then_who_is_on_duty_is_told_all_the_same(
    catalogue: Catalogue,
) -> None:
    """Others wait for the end of the hours, unless it is as grave as they wished."""
    wishes = Wishes(quiet=Quiet("22:00", "07:00", "critical"))
    held = Decision("held", Why.NIGHT, SEVEN_AM_MS)
    assert decided(catalogue, wishes, at_ms=ELEVEN_PM_MS) == held
    assert decided(catalogue, wishes, at_ms=ELEVEN_PM_MS, on_duty=True) == TOLD


def test_a_lower_level_than_that_of_the_role_may_be_wished_for(catalogue: Catalogue) -> None:
    """A deputy who wants to hear everything of the river does."""
    notice = replace(AMMONIA, level=Level.NOTICE)
    assert decided(catalogue, Wishes(), notice) == Decision("muted", Why.ROLE)
    assert decided(catalogue, Wishes(least="notice"), notice) == TOLD


def test_every_kind_of_channel_has_an_address_that_it_needs() -> None:
    """A new kind needs a row; one that a group chat reads is nobody's own."""
    assert REACHES.keys() == set(get_args(ChannelKind)) == MAKERS.keys()
    settings = [ChannelSettings("a", "mail"), ChannelSettings("b", "feishu", reads="officer")]
    assert personal(settings) == {"a": "mail"}


@pytest.mark.parametrize("kind", URLS)
def test_a_channel_that_is_made_needs_the_address_of_its_row(
    kind: ChannelKind, tmp_path: Path
) -> None:
    """Pages know it without making the channel."""
    settings = ChannelSettings("a", kind, url=URLS[kind], private=True)
    assert MAKERS[kind](settings, surroundings(tmp_path)).reaches == REACHES[kind]
