"""What a rule sees and what an alert says of it, in words for lay people.

Water is spoken of by class and multiples of the limit (GB 3838-2002), air by the level of its
index, whom it concerns, and the standard in force (HJ 633).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from alerting.alert import Alert, State
from alerting.conditions.baseline import Departure
from alerting.conditions.combined import Combined, Condition
from alerting.conditions.looking import Place
from alerting.conditions.propagation import Arrival
from alerting.conditions.signal import Change, Mean
from alerting.conditions.standard import Standard
from alerting.conditions.trend import Trend
from alerting.limit import Limit
from alerting.rules import Rule
from config.catalogue.shapes import Catalogue, Station
from config.catalogue.words import Words
from config.vocabulary.indicators import INDICATORS, Indicator
from config.vocabulary.quality import Cause
from ingest import standards

ZONE = ZoneInfo("Asia/Shanghai")
ROMAN = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ", "IV": "Ⅳ", "V": "Ⅴ", "劣V": "劣Ⅴ"}
"""Classes of water as people write them."""
_NO_MULTIPLE = {"w01001", "w01009", "w01010"}
"""GB 3838-2002 evaluation gives no multiple for pH, dissolved oxygen and water temperature."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a rule looks at: its name, unit and decimals; ``code`` where it is a concentration."""

    name: str
    unit: str
    decimals: int
    code: str = ""

    def figure(self, value: float) -> str:
        """A value with its decimals."""
        return f"{value:.{self.decimals}f}"

    @property
    def tail(self) -> str:
        """The unit as it stands behind a figure."""
        return f" {self.unit}" if self.unit else ""


NOTHING = Seen("", "", 0)


@dataclass(frozen=True, slots=True)
class Extreme:
    """The worst value of an alert beside its limit, each with its unit."""

    value: str
    limit: str
    above: bool


class Phrases:
    """Words for the kinds of rules; ``duration`` says a span."""

    def __init__(self, words: Words, catalogue: Catalogue, duration: Callable[[int], str]) -> None:
        self._words = words
        self._catalogue = catalogue
        self._duration = duration

    def seen(self, rule: Rule) -> Seen:
        """What a rule looks at."""
        words, look = self._words, rule.look
        if isinstance(look, Standard):
            water = rule.scope.kind == "water"
            key = f"seen.{'class' if water else 'aqi'}-{look.averaging}"
            return Seen(words(key), words("unit.class") if water else "", 0)
        if isinstance(look, Combined):
            return Seen(words("seen.combined"), words("unit.conditions"), 0)
        return self._seen_of(rule, INDICATORS[rule.indicator]) if rule.indicator else NOTHING

    def _seen_of(self, rule: Rule, row: Indicator) -> Seen:
        """Of an indicator: it, or what is made of it."""
        words, look = self._words, rule.look
        if isinstance(look, Trend):
            window = self._duration(look.window_ms)
            name = words("seen.trend", indicator=row.name, window=window)
            if look.limit is not None:
                return Seen(name, words("unit.days"), 0)
            return Seen(name, words("unit.per-day", unit=row.unit), row.decimals + 2)
        if isinstance(look, Departure):
            key = "seen.drift" if look.cusum else "seen.departure"
            return Seen(words(key, indicator=row.name), words("unit.deviations"), 1)
        if isinstance(look, Mean):
            window = self._duration(look.window_ms)
            name = words("alert.mean", indicator=row.name, window=window)
            return Seen(name, row.unit, row.decimals + 1, row.code)
        if isinstance(look, Change | Arrival):
            window = self._duration(look.window_ms)
            name = words("alert.change", indicator=row.name, window=window)
            return Seen(name, row.unit, row.decimals + 1)
        return Seen(row.name, row.unit, row.decimals, row.code)

    def what(self, alert: Alert, rule: Rule, limit: Limit) -> str:
        """What holds, or held, in a clause."""
        value = self._value(alert)
        if rule.kind == "absence" or value is None or limit.limit is None:
            return self._words("alert.absent", duration=self._duration(limit.for_ms))
        station, look = self._catalogue.stations[alert.station], rule.look
        if rule.kind == "state":
            state = Cause(int(value)).name.lower().replace("_", "-")
            name = INDICATORS[alert.indicator].name
            said = self._words(f"cause.{state}")
            span = self._duration(limit.for_ms)
            return self._words("alert.state", indicator=name, state=said, duration=span)
        if isinstance(look, Standard):
            return self._judged_by(look, station, value, limit)
        if isinstance(look, Combined):
            return self._together(look, value)
        if isinstance(look, Trend) and look.limit is not None:
            return self._ahead(rule, look, value)
        seen = self.seen(rule)
        found = self._against(seen, value, limit, ended=alert.state is not State.FIRING)
        if isinstance(look, Arrival):
            found += self._source(look, Place(self._catalogue, station, rule.indicator))
        return found

    def meaning(self, alert: Alert, rule: Rule, limit: Limit) -> str:
        """What a concentration means by the standard in force, in a clause; nothing where no
        standard speaks of it.
        """
        value = self._value(alert)
        code = self.seen(rule).code
        if value is None or not code:
            return ""
        station = self._catalogue.stations[alert.station]
        on = _day(alert.last_ms or alert.fired_ms)
        if station.kind == "air":
            return self._index(code, value, on) if code in standards.air_items() else ""
        return self._water(code, value, on, said=bool(limit.basis))

    @staticmethod
    def _value(alert: Alert) -> float | None:
        """What an alert speaks of: the last value, or of one that is over the worst."""
        ended = alert.state is not State.FIRING
        return alert.peak if ended or alert.last_value is None else alert.last_value

    def ends(self, rule: Rule, limit: Limit) -> str:
        """What ends an alert, in a sentence."""
        if limit.limit is None or limit.clear_limit is None:
            return self._words("alert.ends-absent")
        lasting = self._words("alert.lasting", duration=self._duration(limit.clear_for_ms))
        lasting = lasting if limit.clear_for_ms else self._words("alert.at-once")
        if rule.kind == "state":
            return self._words("alert.ends-state")
        if isinstance(rule.look, Standard) and rule.scope.kind == "water":
            return self._words("alert.ends-class", duration=lasting)
        if isinstance(rule.look, Combined):
            need = int(limit.limit) + 1
            return self._words("alert.ends-combined", n=need, duration=lasting)
        if isinstance(rule.look, Trend) and rule.look.limit is not None:
            return self._words("alert.ends-trend", days=f"{limit.limit:g}")
        seen = self.seen(rule)
        return self._words(
            "alert.ends",
            indicator=seen.name,
            side=self._words(f"alert.side-{'above' if limit.sign > 0 else 'below'}"),
            limit=seen.figure(limit.clear_limit),
            unit=seen.tail,
            duration=lasting,
        )

    def extreme(self, alert: Alert, rule: Rule, limit: Limit) -> Extreme | None:
        """The worst value and the limit as figures; None where the sentences count something."""
        look = rule.look
        counts = (
            rule.kind == "state"
            or isinstance(look, Combined)
            or (isinstance(look, Standard) and rule.scope.kind == "water")
            or (isinstance(look, Trend) and look.limit is not None)
        )
        if counts or alert.peak is None or limit.limit is None:
            return None
        seen = self.seen(rule)
        value, bound = (f"{seen.figure(of)}{seen.tail}" for of in (alert.peak, limit.limit))
        return Extreme(value, bound, above=limit.sign > 0)

    def _against(self, seen: Seen, value: float, limit: Limit, *, ended: bool) -> str:
        assert limit.limit is not None
        side = "above" if limit.sign > 0 else "below"
        return self._words(
            f"alert.{side}{'-peak' if ended else ''}",
            indicator=seen.name,
            value=seen.figure(value),
            limit=seen.figure(limit.limit),
            unit=seen.tail,
            multiple=self._multiple(value, limit, seen),
        )

    def _multiple(self, value: float, limit: Limit, seen: Seen) -> str:
        if limit.sign < 0 or not limit.limit or not seen.code or seen.code in _NO_MULTIPLE:
            return ""
        times = (value - limit.limit) / limit.limit
        return self._words("alert.multiple", times=f"{times:.1f}") if times >= 0.05 else ""

    def _index(self, code: str, value: float, on: date) -> str:
        found = standards.air_quality({code: value}, on=on, averaging="hourly", plan=[code])
        if found.aqi is None or found.level is None:
            return ""
        level = self._words("air.level", level=found.level, name=found.class_name)
        said = self._words("alert.index", n=found.aqi, level=level, standard=found.standard)
        groups = "、".join(standards.sensitive_groups(code, found.aqi))
        return said + (self._words("alert.groups", groups=groups) if groups else "")

    def _water(self, code: str, value: float, on: date, *, said: bool) -> str:
        if code not in standards.water_items():
            return ""
        found = standards.water_quality({code: value}, on=on)
        if found.class_name is None:
            return ""
        clause = self._words("alert.water-class", name=self._class(found.class_name))
        return clause if said else clause + self._words("alert.basis", basis=found.standard)

    def _judged_by(self, look: Standard, station: Station, value: float, limit: Limit) -> str:
        if station.kind == "air":
            name, words = standards.air_level(int(value))
            level = self._words("air.level", level=name, name=words)
            assert limit.limit is not None
            return self._words("alert.aqi", n=int(value), level=level, limit=f"{limit.limit:g}")
        target = station.target if look.target == "station" else look.target
        classes = standards.water_class_names()
        assert target is not None
        found = classes[min(classes.index(target) + int(value), len(classes) - 1)]
        return self._words("alert.class", name=self._class(found), target=self._class(target))

    def _class(self, name: str) -> str:
        return self._words("station.water-class", name=ROMAN[name])

    def _together(self, look: Combined, value: float) -> str:
        named = "；".join(self.condition(row) for row in look.conditions)
        return self._words(
            "alert.combined", n=int(value), of=len(look.conditions), conditions=named
        )

    def condition(self, row: Condition) -> str:
        """A member of a combined rule, in a clause."""
        indicator = INDICATORS[row.indicator]
        name = indicator.name
        if row.window_ms:
            key = "alert.change" if row.change else "alert.mean"
            window = self._duration(row.window_ms)
            name = self._words(key, indicator=name, window=window)
        side = "above" if row.sign > 0 else "below"
        unit = f" {indicator.unit}" if indicator.unit else ""
        return self._words(f"alert.condition-{side}", name=name, limit=f"{row.limit:g}", unit=unit)

    def _ahead(self, rule: Rule, look: Trend, days: float) -> str:
        seen, row = self.seen(rule), INDICATORS[rule.indicator]
        limit = f"{look.limit:g}{f' {row.unit}' if row.unit else ''}"
        if days <= 0:
            return self._words("alert.trend-passed", name=seen.name, limit=limit)
        return self._words("alert.trend-ahead", name=seen.name, limit=limit, days=f"{days:.0f}")

    def _source(self, look: Arrival, place: Place) -> str:
        """The likely reach of the source: by the station above, or between it and the next."""
        above = look.upstream(place)
        if above is None:
            return ""
        further = look.upstream(Place(place.catalogue, above, place.indicator))
        key = "alert.source-reach" if further else "alert.source-above"
        return self._words(key, upstream=above.name, further=further.name if further else "")


def _day(at_ms: int) -> date:
    return datetime.fromtimestamp(at_ms / 1000, ZONE).date()
