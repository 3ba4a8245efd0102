"""Steps of a run as alerts, and how one record becomes another. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from alerting.alert import Alert, Change, State, Transition, again_id, alert_id
from alerting.evaluation.binding import Binding
from alerting.rules.conditions.run import Run, Step
from alerting.rules.rule import WHOLE_STATION

_CHANGES = {
    "fired": Change.FIRED,
    "resolved": Change.RESOLVED,
    "expired": Change.EXPIRED,
    "lost": Change.DATA_LOST,
    "back": Change.DATA_BACK,
}
_WHY_AMENDED = "readings came late or were decided on"


def transition(binding: Binding, step: Step, known: str | None) -> Transition:
    """A step of a run; ``known`` is the id that its alert has on record, if it has one."""
    alert = alert_of(binding, step)
    if known is not None and step.kind != "fired":
        alert = replace(alert, id=known)
    at_ms = step.at if alert.resolved_ms is None else alert.resolved_ms
    return Transition(_CHANGES[step.kind], alert, at_ms, _reason(binding, step))


def alert_of(binding: Binding, step: Step) -> Alert:
    """The alert as it is after a step."""
    station, _, indicator = binding.series.partition("/")
    began = step.episode.began
    rule = binding.rule
    return Alert(
        id=alert_id(rule.id, rule.version, binding.limit.level, binding.series, began),
        rule_id=rule.id,
        rule_version=rule.version,
        level=binding.limit.level,
        about=rule.about,
        station=station,
        indicator="" if indicator == WHOLE_STATION else indicator,
        state=State.FIRING if step.episode.resolved is None else State.RESOLVED,
        began_ms=began,
        fired_ms=step.episode.fired,
        resolved_ms=step.episode.resolved,
        peak=step.episode.peak,
        peak_ms=step.episode.peak_at,
        last_value=step.value,
        last_ms=step.at,
        data_lost=step.kind in ("lost", "expired"),
        fired_value=step.episode.fired_value,
    )


def so_far(run: Run, alerts: list[Alert]) -> list[Alert]:
    """Alerts of a run with the progress of the one that stands."""
    if run.fired is None:
        return alerts
    peak = replace(alerts[-1], peak=run.peak, peak_ms=run.peak_at)
    return [*alerts[:-1], replace(peak, last_value=run.last_value, last_ms=run.last)]


def series_of(alert: Alert) -> str:
    """Name of the place where it stands."""
    return f"{alert.station}/{alert.indicator or WHOLE_STATION}"


def _reason(binding: Binding, step: Step) -> str:
    limit = binding.limit
    if step.kind == "resolved" and step.at == binding.rule.valid_until_ms:
        return f"resolved: version {binding.rule.version} of the rule holds no more"
    if step.kind == "expired":
        return f"expired: no reading since {step.at}; the state is unknown"
    if binding.kind.by_silence:
        waited_ms = binding.kind.waits_ms(limit, binding.cadences.one(step.episode.began))
        return f"{step.kind}: no good reading for {waited_ms} ms"
    side = "above" if limit.sign > 0 else "below"
    return f"{step.kind}: {step.value} against {side} {limit.limit} for {limit.for_ms} ms"


def alerts_of(binding: Binding, steps: Iterable[Step]) -> list[Alert]:
    """Steps of a whole history as alerts, one each episode, the last one perhaps standing."""
    latest: list[Step] = []
    for step in steps:
        if step.kind == "fired":
            latest.append(step)
        else:
            latest[-1] = step
    return [alert_of(binding, step) for step in latest]


def difference(
    old: Sequence[Alert], fresh: Sequence[Alert]
) -> tuple[list[Transition], str | None]:
    """Amendments that lead from one record to another, and the id that stands at the end.

    An old and a fresh alert that overlap are the same one, which keeps its first id, unless that
    is another fresh one's own, or that of an alert that expired: people take it to be over, so
    what stands after all goes on as another one.
    """
    transitions: list[Transition] = []
    standing: str | None = None
    own = {alert.id for alert in fresh}
    left = {alert.id: alert for alert in old}
    for alert in fresh:
        match = _match(alert, left, own)
        if match is None:
            mended, change = replace(alert, id=_free(alert.id, left)), Change.ADDED
        else:
            del left[match.id]
            mended = replace(alert, id=match.id, retrospective=match.retrospective)
            change = Change.MOVED
        if mended.state is State.FIRING:
            standing = mended.id
        if match is None or _span(match) != _span(mended):
            transitions.append(
                Transition(change, mended, mended.fired_ms, f"{change}: {_WHY_AMENDED}")
            )
    for alert in left.values():
        reason = f"withdrawn: {_WHY_AMENDED}"
        transitions.append(Transition(Change.WITHDRAWN, alert.withdraw(), alert.fired_ms, reason))
    return transitions, standing


def _match(alert: Alert, left: Mapping[str, Alert], own: Collection[str]) -> Alert | None:
    same = [o for o in left.values() if o.id not in own and _overlap(o, alert)]
    if alert.id in left:
        same.insert(0, left[alert.id])
    if alert.state is State.FIRING:
        same = [one for one in same if not _expired(one)]
    return same[0] if same else None


def _free(id_: str, left: Mapping[str, Alert]) -> str:
    """Another id where an alert that expired has this one."""
    expired = left.get(id_)
    return id_ if expired is None else again_id(id_, expired.resolved_ms)


def _expired(alert: Alert) -> bool:
    return alert.state is State.RESOLVED and alert.data_lost


def _span(alert: Alert) -> tuple[object, ...]:
    end = (alert.resolved_ms, alert.state)
    fired = (alert.fired_ms, alert.fired_value)
    return (alert.began_ms, *fired, *end, alert.peak, alert.peak_ms, _expired(alert))


def _overlap(one: Alert, other: Alert) -> bool:
    ends = [a.resolved_ms if a.resolved_ms is not None else 1 << 62 for a in (one, other)]
    return one.began_ms < ends[1] and other.began_ms < ends[0]
