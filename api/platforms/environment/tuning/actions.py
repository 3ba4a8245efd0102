"""What an officer may do with rules: see them, try others on the past, and save them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from alerting import spelling
from alerting.backtest import Outcome, Readings, caught, compared, judged
from alerting.conditions.threshold import CADENCES_OF_A_GAP
from alerting.limit import Limit
from alerting.rulebook import Version
from alerting.rules import Rule
from alerting.sight import Sight, sights
from api import audit
from api.accounts.records import Account
from api.parts import Parts
from api.platforms.environment.reviews.records import NotAccepted
from api.platforms.environment.tuning.records import (
    MOST_ALERTS,
    Drawn,
    Trial,
    Wanted,
    bound,
    drafted,
    silences,
    spanned,
    thinned,
    tried_at,
    turns,
)
from api.platforms.environment.tuning.repository import Histories
from config.vocabulary.errors import Fault

Look = Mapping[str, Any]
"""A kind's own fields as a document writes them; those that are left out stay as they are."""


def rule_of(parts: Parts, rule_id: str) -> Rule | None:
    """A rule in force; None where there is none of this name."""
    return next((rule for rule in parts.rules if rule.id == rule_id), None)


def trial(
    parts: Parts,
    histories: Histories,
    rule: Rule,
    wanted: Sequence[Wanted],
    look: Look,
    *,
    station: str | None = None,
    from_ms: int | None = None,
    to_ms: int | None = None,
) -> Trial:
    """Try a rule in force and a draft of it on the past.

    Raises:
        NotAccepted: the draft does not hold, or there is too much to try it on.
    """
    draft = drafted(rule, wanted, look)
    begin, end = spanned(from_ms, to_ms, parts.now_ms())
    places = [_sights(parts, each, station, begin) for each in (rule, draft)]
    seen = [histories.seen(parts, of, begin, end) for of in places]
    ...
    return Trial()
