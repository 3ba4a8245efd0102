"""Rules in words for officers: what they see, their levels, their versions; and the fields of a
kind as a form asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from alerting import spelling
from alerting.conditions.combined import Combined
from alerting.kinds import milliseconds
from alerting.limit import Limit
from alerting.phrases import ROMAN, Phrases, Seen
from alerting.rules import Rule
from api.parts import Parts
from api.platforms.environment.tuning.records import Told
from config.vocabulary.indicators import INDICATORS
from config.vocabulary.quality import Cause

_DURATIONS = (("days", 86_400_000), ("hours", 3_600_000), ("minutes", 60_000))
_SPANS = ("window", "over", "travel.0", "travel.1")
_CHOICES = {
    "averaging": ("hour", "day"),
    "season": ("none", "week"),
    "towards": ("above", "below"),
    "target": ("station", "I", "II", "III", "IV", "V"),
}
STATES = tuple(cause.name.lower() for cause in Cause if 0 < cause < Cause.TIMEOUT)
"""In which an instrument may be."""


@dataclass(frozen=True, slots=True)
class Control:
    """A field of a kind in a form. ``path`` leads to it in the document; ``type`` is span (value
    in ms), number, choice or several, the last two of ``options``, by name in words.
    """

    path: str
    type: str
    label: str
    value: Any
    hint: str = ""
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()
