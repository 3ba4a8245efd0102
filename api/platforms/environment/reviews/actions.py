"""Decisions of an officer about readings; the audit stands in the same transaction."""

from __future__ import annotations

import json

import numpy as np

from api import audit
from api.accounts.records import Account
from api.platforms.environment.reviews.records import check_is_over, check_span, check_value
from api.services import Services
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.quality import Quality
from ingest.annotations.corrections import Correction


def review(
    services: Services,
    account: Account,
    series: str,
    from_ms: int,
    to_ms: int,
    quality: Quality,
    why: str,
) -> Correction:
    """Give the readings of a span, half open, another flag.

    Raises:
        NotAccepted: the span cannot be accepted, or holds no reading with a value.
    """
    check_span(from_ms, to_ms)
    check_is_over(to_ms, services.now_ms())
    if np.isnan(services.store.track(series, from_ms, to_ms).value).all():
        what = "no reading with a value lies from from_ms to before to_ms"
        raise NotAccepted(Fault("from_ms", what, "take instants of the series"), "empty")
    return _decide(services, account, series, from_ms, to_ms, None, quality, why)


def correct(
    services: Services,
    account: Account,
    series: str,
    from_ms: int,
    to_ms: int,
    value: float,
    why: str,
) -> Correction:
    """Give the one reading of a span, half open, another value; it is good then.

    Raises:
        NotAccepted: the span does not hold exactly one, or the indicator cannot have this value.
    """
    check_value(value, services.words.indicators[series.partition("/")[2]])
    check_span(from_ms, to_ms)
    at = services.store.track(series, from_ms, to_ms).t.tolist()
    if not at:
        remedy = "take an instant of the series, to the millisecond"
        fault = Fault("at_ms", f"no reading was taken at {from_ms}", remedy)
        raise NotAccepted(fault, "empty")
    if len(at) > 1:
        fault = Fault("from_ms", f"{len(at)} readings lie in the span", "narrow it to one")
        raise NotAccepted(fault, "many", n=len(at))
    return _decide(services, account, series, at[0], at[0] + 1, value, Quality.GOOD, why)


def withdraw(services: Services, account: Account, correction_id: int) -> Correction | None:
    """Take back; the readings are again as they were. None where there is no such correction.

    Raises:
        AlreadyWithdrawn: somebody was first.
    """
    now = services.now_ms()
    with services.state.begin() as connection:
        by = account.signed, account.username
        gone = services.corrections.withdraw(connection, correction_id, *by, now)
        if gone is not None:
            audit.record(
                connection,
                by=account.actor,
                action="correction.withdraw",
                subject=gone.series,
                detail=_said(gone),
                at_ms=now,
            )
    return gone


def _decide(
    services: Services,
    account: Account,
    series: str,
    from_ms: int,
    to_ms: int,
    value: float | None,
    quality: Quality,
    why: str,
) -> Correction:
    now = services.now_ms()
    with services.state.begin() as connection:
        made = services.corrections.add(
            connection,
            series,
            from_ms,
            to_ms,
            value=value,
            quality=quality,
            by=account.signed,
            account=account.username,
            why=why,
            at_ms=now,
        )
        audit.record(
            connection,
            by=account.actor,
            action=f"reading.{'review' if value is None else 'correct'}",
            subject=series,
            detail=_said(made),
            at_ms=now,
        )
    return made


def _said(row: Correction) -> str:
    """The decision, as the audit keeps it."""
    detail = {
        "id": row.id,
        "from_ms": row.from_ms,
        "to_ms": row.to_ms,
        "value": row.value,
        "quality": row.quality.name.lower(),
        "why": row.why,
    }
    return json.dumps(detail, ensure_ascii=False)
