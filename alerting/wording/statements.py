"""What an alert says of itself, in clauses of which every comparison is true of its own figures.

While an alert stands its last value counts, which may be back within the limit and wait to be so
for long enough; afterwards its worst.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from alerting.rules.conditions.combined import Combined
from alerting.rules.conditions.limit import Limit
from alerting.rules.conditions.propagation import Arrival
from alerting.rules.conditions.signal import EvaluationTarget
from alerting.rules.conditions.standard import Standard
from alerting.rules.conditions.trend import Trend
from alerting.rules.conditions.window import Change
from alerting.wording.comparison import Case, Seen, Zone, movement, zone
from alerting.wording.formats import spaced, water_class
from alerting.wording.meaning import meaning
from alerting.wording.phrases import Phrases
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from config.vocabulary.quality import Cause
from ingest.standards import air, water

_NO_MULTIPLE = {"w01001", "w01009", "w01010"}
"""GB 3838-2002 evaluation gives no multiple for pH, dissolved oxygen and water temperature."""


Form = Literal["beyond", "back", "worst", "only"]
"""Of one that stands: beyond its limit, or back within it; of one that is over the worst value,
and one that was never beyond the limit.
"""


@dataclass(frozen=True, slots=True)
class Extreme:
    """The worst value of an alert beside its limit, each with its unit."""

    value: str
    limit: str
    above: bool


class Statements:
    """Clauses of alerts; ``duration`` says a span."""

    def __init__(self, words: Words, catalogue: Catalogue, duration: Callable[[int], str]) -> None:
        self._words = words
        self._catalogue = catalogue
        self._duration = duration
        self._phrases = Phrases(words, duration)

    def clause(self, case: Case) -> str:
        """What holds, or held, and what it waits for where it is back within its limit."""
        value, words = case.value, self._words
        if case.rule.kind == "absence" or value is None or case.limit.limit is None:
            key = "absent" if case.stands else "absent-over"
            return words(f"alert.{key}", duration=self._duration(case.limit.for_ms))
        if case.rule.kind == "state":
            return self._in_state(case)
        where = zone(value, case.limit)
        found = self._compared(case, value, where)
        if case.limit.basis:
            found += words("alert.basis", basis=words.name(case.limit.basis))
        if isinstance(case.rule.signal, Arrival):
            found += self._source(case.rule.signal, case)
        seen = self._phrases.seen(case.rule)
        if seen.code:
            shown = float(self._figure(case, seen, value))
            found += meaning(words, case, seen.code, shown)
        return spaced(found + self._outlook(case, where) if case.stands else found)

    def _compared(self, case: Case, value: float, where: Zone) -> str:
        """A value beside its limit."""
        signal, beyond = case.rule.signal, where == "beyond"
        form: Form = "beyond" if beyond else "back"
        if not case.stands:
            form = "worst" if beyond else "only"
        if isinstance(signal, Standard) and case.station.kind == "water":
            return self._class_compared(case, signal, value, form)
        if isinstance(signal, Combined):
            return self._together(signal, case.limit, int(value), form)
        if isinstance(signal, Trend) and signal.limit is not None:
            return self._ahead(case, signal, value, form)
        if case.directed:
            return self._moved(case, value, form)
        return self._beside(case, value, form)

    def _beside(self, case: Case, value: float, form: Form) -> str:
        limit, seen = case.limit, self._phrases.seen(case.rule)
        assert limit.limit is not None
        name, level = seen.name, ""
        if isinstance(case.rule.signal, Standard):
            of, said = air.air_level(int(value))
            name = self._words("alert.aqi")
            level = self._after(
                self._words("air.level", level=self._words.name(of), name=self._words.name(said))
            )
        return self._words(
            f"alert.{case.side}-{form}",
            indicator=name,
            value=self._figure(case, seen, value),
            level=level,
            limit=seen.bound(limit.limit),
            unit=seen.tail,
            multiple=self._after(self._multiple(case, value)),
        )

    def _after(self, clause: str) -> str:
        """A clause behind another one; nothing where there is none."""
        return self._words("alert.after", clause=clause) if clause else ""

    @staticmethod
    def _figure(case: Case, seen: Seen, value: float) -> str:
        limits = (case.limit.limit, case.limit.clear_limit)
        return seen.figure(value, *(bound for bound in limits if bound is not None))

    def _multiple(self, case: Case, value: float) -> str:
        """By how many times a value is beyond a limit of a concentration, in a clause."""
        seen, bound = self._phrases.seen(case.rule), case.limit.limit
        if case.limit.sign < 0 or not bound or not seen.code or seen.code in _NO_MULTIPLE:
            return ""
        times = (value - bound) / bound
        key = "alert.multiple" if case.limit.basis else "alert.multiple-of-limit"
        return self._words(key, times=f"{times:.1f}") if times >= 0.05 else ""

    def _moved(self, case: Case, value: float, form: Form) -> str:
        """A change; of one that came from upstream only the lesser of two is known."""
        limit, seen = case.limit, self._seen_over(case)
        assert limit.limit is not None
        arrives = isinstance(case.rule.signal, Arrival)
        back = form in ("back", "only")
        way = "rise" if limit.sign > 0 else "fall"
        if back and not arrives:
            way = "rise" if value > 0 else "fall"
            still = f"{abs(value):.{seen.decimals}f}"
            if not float(still):
                return self._words("alert.unmoved", indicator=seen.name)
            if limit.sign * value < 0:
                return self._words(
                    f"alert.{way}-instead", indicator=seen.name, value=still, unit=seen.tail
                )
        bounds = [abs(of) for of in (limit.limit, limit.clear_limit) if of is not None]
        return self._words(
            f"alert.{'arrival' if arrives else way}-{form}",
            indicator=seen.name,
            way=self._words(f"alert.{way}"),
            value=seen.figure(abs(value), *bounds),
            limit=seen.bound(abs(limit.limit)),
            unit=seen.tail,
        )

    def _seen_over(self, case: Case) -> Seen:
        """What moves, named with the window in which it does."""
        seen, signal = self._phrases.seen(case.rule), case.rule.signal
        assert isinstance(signal, Change | Arrival)
        window, name = (
            self._duration(signal.window_ms),
            self._words.indicators[case.rule.indicator].name,
        )
        key = "alert.over" if isinstance(signal, Change) else "alert.over-river"
        return Seen(self._words(key, indicator=name, window=window), seen.unit, seen.decimals)

    def _class_compared(self, case: Case, signal: Standard, value: float, form: Form) -> str:
        found, target = (self._class(case, signal, worse) for worse in (value, 0))
        if value <= 0:
            return self._words("alert.class-reached", name=found, target=target)
        if form == "back":
            bound = self._class(case, signal, (case.limit.limit or 0.0) + 1)
            return self._words("alert.class-back", name=found, target=target, bound=bound)
        return self._words(f"alert.class-{form}", name=found, target=target)

    def _class(self, case: Case, signal: Standard, worse: float) -> str:
        """The class that is so much worse than the one to be held."""
        target = case.station.target if signal.target == "station" else signal.target
        classes = water.water_class_names()
        assert target is not None
        at = classes.index(target) + int(worse)
        return water_class(self._words, classes[max(0, min(at, len(classes) - 1))])

    def _together(self, signal: Combined, limit: Limit, n: int, form: Form) -> str:
        """How many conditions hold; they are named as what holds where all do."""
        of, need = len(signal.conditions), math.floor(limit.limit or 0.0) + 1
        if form in ("back", "only"):
            return self._words(f"alert.combined-{form}", n=n, need=need)
        key = "all" if n >= of else "some"
        said = self._words(
            f"alert.combined-{key}", n=n, of=of, conditions=self._conditions(signal)
        )
        return said if form == "beyond" else self._words("alert.combined-worst", what=said)

    def _conditions(self, signal: Combined) -> str:
        return self._words.listed(map(self._phrases.condition, signal.conditions))

    def _ahead(self, case: Case, signal: Trend, days: float, form: Form) -> str:
        """How far ahead a limit lies. Days are rounded to the side on which they lie."""
        bound = case.limit.limit
        assert bound is not None
        values = self._towards(case, signal) | {"within": f"{bound:g}"}
        if form in ("back", "only"):
            key = "back" if math.isfinite(days) else "never"
            shown = f"{math.ceil(days)}" if math.isfinite(days) else ""
            return self._words(f"alert.ahead-{key}", days=shown, **values)
        if days <= 0:
            return self._words("alert.ahead-passed", **values)
        shown = f"{math.floor(days)}" if days >= 1 else self._words("alert.under-a-day")
        return self._words(f"alert.ahead-{form}", days=shown, **values)

    def _towards(self, case: Case, signal: Trend) -> dict[str, str]:
        row, seen = self._words.indicators[case.rule.indicator], self._phrases.seen(case.rule)
        assert signal.limit is not None
        limit = Seen(row.name, row.unit, 0)
        side = self._words(f"alert.towards-{signal.towards}")
        return {
            "name": seen.name,
            "side": side,
            "limit": f"{limit.bound(signal.limit)}{limit.tail}",
        }

    def _in_state(self, case: Case) -> str:
        """While it stands the state that was seen last, afterwards that of its firing."""
        alert = case.alert
        seen = (alert.last_value,) if case.stands else (alert.fired_value,)
        value = next((of for of in (*seen, alert.peak) if of), 0.0)
        return self._words(
            "alert.state" if case.stands else "alert.state-over",
            indicator=self._words.indicators[alert.indicator].name,
            state=self._state(value),
            duration=self._duration(case.limit.for_ms),
        )

    def _state(self, value: float) -> str:
        return self._words(f"cause.{Cause(int(value)).name.lower().replace('_', '-')}")

    def _source(self, signal: Arrival, case: Case) -> str:
        """The likely reach of the source: by the station above, or between it and the next."""
        target = EvaluationTarget(self._catalogue, case.station, case.rule.indicator)
        above = signal.upstream(target)
        if above is None:
            return ""
        further = signal.upstream(EvaluationTarget(target.catalogue, above, target.indicator))
        key = "alert.source-reach" if further else "alert.source-above"
        return self._words(key, upstream=above.name, further=further.name if further else "")

    def _outlook(self, case: Case, where: Zone) -> str:
        """What must still come, or last, for an alert that is back within its limit to end."""
        if where == "beyond":
            return ""
        span_ms = case.limit.clear_for_ms
        if where == "within":
            if not span_ms:
                return self._words("alert.outlook-now")
            lasting = self._duration(span_ms)
            return self._words("alert.outlook-within", duration=lasting, aim=self._aim(case))
        lasting = self._words("alert.and-lasting", duration=self._duration(span_ms))
        return self._words(
            "alert.outlook-between", duration=lasting if span_ms else "", aim=self._aim(case)
        )

    def ends(self, case: Case) -> str:
        """What ends an alert, in a sentence."""
        limit = case.limit
        if limit.limit is None or limit.clear_limit is None:
            return self._words("alert.ends-absent")
        if case.rule.kind == "state":
            return self._words("alert.ends-state")
        lasting = self._words("alert.and-lasting", duration=self._duration(limit.clear_for_ms))
        aim = self._aim(case, named=True)
        lasting = lasting if limit.clear_for_ms else ""
        return spaced(self._words("alert.ends", duration=lasting, aim=aim))

    def _aim(self, case: Case, *, named: bool = False) -> str:
        """What is within the clear limit of a level, in a clause."""
        signal, limit, words = case.rule.signal, case.limit, self._words
        bound = limit.clear_limit or 0.0
        if isinstance(signal, Standard) and case.station.kind == "water":
            return words("alert.aim-class", name=self._class(case, signal, math.floor(bound)))
        if isinstance(signal, Combined):
            return words("alert.aim-combined", n=math.floor(bound) + 1)
        if isinstance(signal, Trend) and signal.limit is not None:
            return words("alert.aim-ahead", within=f"{bound:g}", **self._towards(case, signal))
        seen = self._seen_over(case) if case.directed else self._phrases.seen(case.rule)
        key = ("moved" if bound else "still") if case.directed else case.side
        return words(
            f"alert.aim-{key}",
            indicator=seen.name if named else words("alert.it"),
            way=words("alert.rise" if limit.sign > 0 else "alert.fall"),
            limit=seen.bound(abs(bound) if case.directed else bound),
            unit=seen.tail,
        )

    def reason(self, case: Case) -> tuple[str, str]:
        """What a level asks, in a clause, and what was seen when it fired, in another one; that
        is empty where it is not on record.
        """
        signal, limit, value = case.rule.signal, case.limit, case.alert.fired_value
        if value is not None and limit.limit is not None and zone(value, limit) != "beyond":
            value = None
        if case.rule.kind == "state":
            said = self._state(value or case.alert.peak or 0.0)
            name = self._words.indicators[case.alert.indicator].name
            return self._words("alert.asks-state", indicator=name, state=said), ""
        if isinstance(signal, Combined):
            need = math.floor(limit.limit or 0.0) + 1
            key = "all" if need >= len(signal.conditions) else "least"
            said = self._conditions(signal)
            return self._words(
                f"alert.combined-{key}", n=need, of=len(signal.conditions), conditions=said
            ), ""
        shown = "" if value is None else spaced(self._shown(case, value))
        return spaced(self._asked(case)), shown

    def _asked(self, case: Case) -> str:
        signal, limit = case.rule.signal, case.limit
        bound = limit.limit or 0.0
        if isinstance(signal, Standard) and case.station.kind == "water":
            target, worse = (self._class(case, signal, by) for by in (0, bound))
            key = "class-worst" if bound < 1 else "class-worse"
            return self._words(f"alert.asks-{key}", target=target, name=worse)
        if isinstance(signal, Trend) and signal.limit is not None:
            return self._words(
                "alert.asks-ahead", within=f"{bound:g}", **self._towards(case, signal)
            )
        seen = self._seen_over(case) if case.directed else self._phrases.seen(case.rule)
        way = self._words("alert.rise" if limit.sign > 0 else "alert.fall")
        return self._words(
            "alert.asks-moved" if case.directed else f"alert.asks-{case.side}",
            indicator=seen.name,
            way=way,
            limit=seen.bound(abs(bound) if case.directed else bound),
            unit=seen.tail,
        )

    def _shown(self, case: Case, value: float) -> str:
        """The value at firing, in a clause."""
        signal, seen, words = case.rule.signal, self._phrases.seen(case.rule), self._words
        if isinstance(signal, Standard) and case.station.kind == "water":
            return words("alert.at-firing", value=self._class(case, signal, value))
        if isinstance(signal, Trend) and signal.limit is not None:
            return ""
        shown = f"{self._figure(case, seen, value)}{seen.tail}"
        if not case.directed:
            return words("alert.at-firing", value=shown)
        return words(
            "alert.at-firing-moved",
            least=words("alert.at-least") if isinstance(signal, Arrival) else "",
            way=words("alert.rise" if case.limit.sign > 0 else "alert.fall"),
            value=shown.removeprefix("-"),
        )

    def extreme(self, case: Case) -> Extreme | None:
        """The worst value and the limit as figures; None where the sentences count something."""
        signal, rule, limit, peak = case.rule.signal, case.rule, case.limit, case.alert.peak
        counts = (
            rule.kind == "state"
            or isinstance(signal, Combined)
            or (isinstance(signal, Standard) and rule.scope.kind == "water")
            or (isinstance(signal, Trend) and signal.limit is not None)
        )
        if counts or peak is None or limit.limit is None:
            return None
        seen = self._phrases.seen(rule)
        value, bound = self._figure(case, seen, peak), seen.bound(limit.limit)
        return Extreme(f"{value}{seen.tail}", f"{bound}{seen.tail}", above=limit.sign > 0)

    def unit(self, case: Case) -> str:
        """Of its values."""
        return self._phrases.seen(case.rule).unit

    def worst(self, case: Case) -> str:
        """The worst value of one that is over, in a clause; nothing where that is no value."""
        extreme = self.extreme(case) if case.rule.kind == "threshold" else None
        if extreme is None or case.alert.peak is None:
            return ""
        times = self._multiple(case, case.alert.peak)
        return self._words(
            f"message.worst-{case.side}",
            value=extreme.value,
            times=self._words("alert.basis", basis=times) if times else "",
        )

    def trend(self, case: Case) -> str:
        """Whether a value beyond its limit goes on to grow worse, in a sentence; nothing where
        that is not known, and of all but values.
        """
        moves = movement(case, self._phrases.seen(case.rule))
        if not moves or moves == "steady":
            return self._words("alert.steady") if moves else ""
        return self._words(f"alert.{moves}-{case.side}")
