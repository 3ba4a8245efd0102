"""The catalogue of words: every key that is used exists, and every key is used."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

import config
from alerting.alert import Level, State, Verdict
from alerting.record.search import Order
from alerting.rules.comparison import ClauseForm
from alerting.rules.registry import KINDS as KINDS_OF_RULES
from alerting.wording.sentences import NOTICES
from api.accounts.records import Role
from api.platforms.environment.alerts.records import Show
from api.platforms.environment.alerts.wording import COLUMNS
from api.platforms.environment.judging.records import _CONFIDENCE
from api.platforms.environment.permission import EnvironmentPermission
from api.platforms.environment.reviews.pages import DONE
from api.platforms.environment.reviews.records import CORRECT, FLAGS
from api.platforms.environment.tuning.wording import _KEYS
from api.roster import ROSTER
from config.catalogue.words import Words
from config.vocabulary.health import Unsettled
from config.vocabulary.quality import Cause, Quality
from config.vocabulary.reading import Clock
from config.vocabulary.refusals import Mender, PassedOver, Reason

FORMS = get_args(ClauseForm)
ROOT = Path(config.__file__).parents[1]
WORDS = Words.load("zh-CN")
_CALL = re.compile(r"""(?:\bt|words)\(\s*f?["']([a-z][\w.-]*(?:\{[^"']*\}[\w-]*)?)["']""")
_CHOICE = re.compile(r"""["']([a-z-]+\.[a-z-]+)["'] if .+? else ["']([a-z-]+\.[a-z-]+)["']""")
_ENTRY = re.compile(r"""Entry\("([\w.-]+)\"""")
_LOOKED_UP = re.compile(
    r"""\d{3}: "([\w.-]+)"|\bwords(?:: \S+)? = "([\w.-]+)"|"(error\.[a-z-]+)"\)"""
)

FAMILIES = {
    **{f"{platform.slug}.": {"title"} for platform in ROSTER},
    "environment.evidence.": {"lowest", "highest"},
    "level.": {level.name.lower() for level in Level},
    "state.": {str(state) for state in State},
    "verdict.": {str(verdict) for verdict in Verdict},
    "alert.wrong-": {"verdict", "note"},
    "cause.": {cause.name.lower().replace("_", "-") for cause in Cause},
    "quality.": {flag.name.lower().replace("_", "-") for flag in Quality},
    "environment.permission.": {one.partition(".")[2] for one in EnvironmentPermission},
    "role.": set(Role.__args__),  # type: ignore[attr-defined]
    "event.": {"fired", "resolved", "withdrawn", "data-lost"},
    "message.": {"fired", "resolved", "withdrawn", "data-lost"},
    "message.next-pollution-": set(Role.__args__),  # type: ignore[attr-defined]
    "message.ended-": {"rule", "unknown"},
    "message.worst-": {"above", "below"},
    "message.others-": {"fired", "resolved", "withdrawn", "data-lost"},
    "message.next-over-": set(Role.__args__),  # type: ignore[attr-defined]
    "duration.": {"minutes", "minutes-of"},
    "alert.aim-": {"above", "below"},
    "alert.asks-": {"above", "below", "class-worst", "class-worse"},
    "alert.condition-": {"above", "below", "rise", "fall"},
    "alert.towards-": {"above", "below"},
    "alert.ended-": {"rule", "unknown"},
    "alert.worsening-": {"above", "below"},
    "alert.easing-": {"above", "below"},
    "alert.class-": {"beyond", "worst", "only"},
    "alert.combined-": {"all", "some", "least", "back", "only"},
    "alert.ahead-": {"beyond", "worst", "back", "never"},
    "alert.arrival-": {"beyond", "back", "worst", "only"},
    "seen.": {"aqi-hour", "aqi-day", "class-hour", "class-day"},
    "alert.": {
        *("absent", "absent-over", "change", "mean", "over"),
        *(f"{side}-{form}" for side in ("above", "below") for form in FORMS),
        *(f"{way}-{form}" for way in ("rise", "fall") for form in (*FORMS, "instead")),
        *NOTICES,
        *(f"{notice}-name" for notice in NOTICES),
    },
    "alert.why-": set(NOTICES),
    "alert.ends-": set(NOTICES),
    "message.next-": set(NOTICES),
    "muted.": {
        "no-longer-stands",
        "hidden-by-a-higher-level",
        "told-already",
        "nobody-heard-of-it",
        "told-with-others",
        "told-lately",
        "not-over-yet",
        "no-channel",
        "not-delivered",
    },
    "alerts.": set(get_args(Show)),
    "alerts.order-": set(get_args(Order)),
    "alerts.column-": set(COLUMNS),
    "history.": {"resolved", "withdrawn"},
    "overview.": {"water", "air"},
    "station.mishap-": {"broken", "removed", "replaced", "copied"},
    "station.clock-": {"behind", "ahead"},
    "station.span-": {"hour", "today", "yesterday"},
    "station.complete-": {"minutes", "hours", "windows"},
    "operations.": {"arrived", "waiting", "lost", "repeated"},
    "operations.loop-": {
        *("rule-worker", "dispatcher", "self-monitoring", "store-writer", "quality-worker"),
        *("receiver", "audit", "keep-in-order"),
    },
    "refused.": set(Reason),
    "refused-meaning.": set(Reason),
    "refused-remedy.": set(Reason),
    "mender.": set(Mender),
    "passed-over.": set(PassedOver),
    "passed-over-meaning.": set(PassedOver),
    "refusals.": {
        *("indicators", "instant", "earliest", "latest", "kept", "refused-value"),
        *("version", "size", "largest", "fault"),
    },
    "refusals.done-": {"replayed", "forgotten"},
    "refusals.wrong-": {"none", "why"},
    "attempt.": {"connect", "send", "hear"},
    "equipment.try-": {"device", "line"},
    "equipment.logger-": {"behind", "ahead"},
    "equipment.unsettled-": set(get_args(Unsettled)),
    "equipment.clock-": {clock.name.lower().replace("_", "-") for clock in Clock},
    "averaging.": {"h1", "h8", "day", "year"},
    "confidence.": set(_CONFIDENCE.values()),
    "judging.": {"of-water", "of-air"},
    "judging.head-": {"averaging", "first", "second"},
    "judging.worse-": {"higher", "lower", "outside"},
    "judging.change-": {"limit", "index", "beyond", "class"},
    "judging.complete-": {"hour", "day", "ozone", "month", "year", "source"},
    "tuning.kind-": set(KINDS_OF_RULES),
    "tuning.level-": {"above", "below", "by", "within", "at-least", "absence", "state"},
    "tuning.limit-": {"above", "below", "by", "within", "at-least"},
    "tuning.clear-to-": {"target", "class"},
    "tuning.clear-": {"above", "below", "by", "within", "at-least"},
    "tuning.look-condition-": {"above", "below"},
    "tuning.scope-": {"all", "water", "air"},
    "tuning.changed-": set(_KEYS),
    "tuning.wrong-": {
        "levels",
        "number",
        "count",
        "at-least",
        "within",
        "lasting",
        "duration",
        "above",
        "below",
        "look",
        "field",
        "span",
        "large",
        "station",
        "many",
        "same",
        "early",
    },
    "reviews.": {*FLAGS, CORRECT},
    "reviews.done-": set(DONE),
    "reviews.wrong-": {
        "time",
        "order",
        "long",
        "ahead",
        "empty",
        "many",
        "decision",
        "number",
        "range",
        "why",
    },
}
"""Keys whose last part is made at run time, and all that it may be."""


def used() -> set[str]:
    """Keys that stand in templates and code, and those of every family."""
    found = {prefix + end for prefix, ends in FAMILIES.items() for end in ends}
    files = [
        *ROOT.glob("api/**/*.html"),
        *ROOT.glob("api/**/*.py"),
        *ROOT.glob("alerting/**/*.py"),
    ]
    for file in files:
        text = file.read_text(encoding="utf-8")
        found.update(key for key in _CALL.findall(text) if "{" not in key and "." in key)
        for pattern in (_CHOICE, _ENTRY, _LOOKED_UP):
            for groups in pattern.findall(text):
                found.update(filter(None, [groups] if isinstance(groups, str) else groups))
    return {key for key in found if not key.endswith((".", "-"))}


def test_every_key_that_is_used_has_a_text() -> None:
    """No page stops at a missing word."""
    assert used() - WORDS.texts.keys() == set()


def test_every_text_is_used() -> None:
    """A text that nobody shows is cut."""
    assert WORDS.texts.keys() - used() == set()


@pytest.mark.parametrize("key", WORDS.texts)
def test_a_text_names_its_values(key: str) -> None:
    """Placeholders have names, so that a translator may move them; no text is left blank."""
    assert "{}" not in WORDS.texts[key]
    assert WORDS.texts[key].strip()


def test_an_unknown_key_is_a_fault_of_ours() -> None:
    """It raises instead of showing the key to a person."""
    with pytest.raises(KeyError):
        WORDS("no.such-key")
