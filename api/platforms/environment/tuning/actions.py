"""Actions of an officer on rules: see them, try others on the past, and save them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from sqlalchemy.engine import Connection

from alerting.backtest.backtest import Outcome, caught, compared, judged
from alerting.evaluation.rule_instance import rule_instances
from alerting.proposals.laxity import Laxity, laxities
from alerting.proposals.repository import Proposal, Proposals
from alerting.rules import serialising
from alerting.rules.conditions.limit import Limit
from alerting.rules.repository import SavedMeanwhile, Version
from alerting.rules.rule import Rule
from api import audit
from api.accounts.records import Account
from api.platforms.environment.tuning.records import (
    MOST_ALERTS,
    Drawn,
    Sighting,
    Trial,
    Wanted,
    bound,
    check_reason,
    drafted,
    shown,
    spanned,
    thinned,
    tried_at,
)
from api.platforms.environment.tuning.repository import Histories
from api.services import Services
from api.web.forms import NotAccepted
from config.catalogue.shapes import Catalogue
from config.vocabulary.errors import Fault
from ingest.annotations.cadences import CadenceRecord

Signal = Mapping[str, Any]
"""A kind's own fields as a document writes them; those that are left out stay as they are."""


def rule_of(services: Services, rule_id: str) -> Rule | None:
    """A rule in force; None where there is none of this name."""
    return next((rule for rule in services.rules if rule.id == rule_id), None)


def trial(
    services: Services,
    histories: Histories,
    rule: Rule,
    wanted: Sequence[Wanted],
    signal: Signal,
    *,
    station: str | None = None,
    from_ms: int | None = None,
    to_ms: int | None = None,
) -> Trial:
    """Try a rule in force and a draft of it on the past.

    Raises:
        NotAccepted: the draft does not hold, or there is too much to try it on.
    """
    begin, end = spanned(from_ms, to_ms, services.now_ms())
    wish = drafted(rule, wanted, signal)
    both = [_tried(services, each, station, begin) for each in (rule, wish)]
    dated = CadenceRecord(services.state).dated(services.catalogue)
    seen = [histories.seen(services, rule_instances(each, dated), begin, end) for each in both]
    if max(map(bound, both, seen)) > MOST_ALERTS:
        what, remedy = f"more than {MOST_ALERTS} alerts", "move the limit or let it last longer"
        raise NotAccepted(Fault("levels", what, remedy), "many", n=MOST_ALERTS)
    now, draft = (
        _judged(services, dated, each, of, end) for each, of in zip(both, seen, strict=True)
    )
    stations = {
        instance.target.station.id for each in both for instance in rule_instances(each, dated)
    }
    reviewed = [
        row for row in services.alerts.reviewed(rule.id, begin, end) if row[0].station in stations
    ]
    rows = {name: n for of in seen for row in of.values() for name, n in row.rows.items()}
    return Trial(
        begin,
        end,
        sum(rows.values()),
        len(frozenset[int]().union(*(row.hours for of in seen for row in of.values()))),
        now,
        draft,
        compared(now, draft),
        caught(now, reviewed),
        caught(draft, reviewed),
        tuple(_laxer(services, wish)),
    )


def _judged(
    services: Services, dated: Catalogue, rule: Rule, seen: Mapping[str, Sighting], end_ms: int
) -> Outcome:
    return judged(
        rule,
        dated,
        lambda instance: seen[instance.key].readings,
        end_ms,
        services.grouping,
    )


def signal(
    services: Services,
    histories: Histories,
    rule: Rule,
    wanted: Sequence[Wanted],
    signal: Signal,
    *,
    station: str,
    from_ms: int,
    to_ms: int,
    points: int,
) -> tuple[Rule, list[Drawn]]:
    """A draft of a rule in force, and what it sees of the past at each of its places at a station,
    for a chart.

    Raises:
        NotAccepted: the draft does not hold, or there is too much to look at.
    """
    begin, end = spanned(from_ms, to_ms, services.now_ms())
    draft = _tried(services, drafted(rule, wanted, signal), station, begin)
    dated = CadenceRecord(services.state).dated(services.catalogue)
    every = rule_instances(draft, dated)
    seen = histories.seen(services, every, begin, end)
    rows = [
        Drawn(
            instance.target.indicator,
            thinned(shown(instance, seen[instance.key].readings, begin, end), begin, end, points),
            instance.bindings[0].cadences.one(end),
        )
        for instance in every
    ]
    return draft, rows


def _tried(services: Services, rule: Rule, station: str | None, begin_ms: int) -> Rule:
    """The rule as it is tried.

    Raises:
        NotAccepted: it does not fit there.
    """
    fits = {target.station.id for target in rule.targets(services.catalogue)}
    if not fits or (station is not None and station not in fits):
        what = "there is none in scope" if station is None else f"{station!r} is not in scope"
        raise NotAccepted(Fault("station", what, "take one that the rule fits"), "station")
    return tried_at(rule, station, begin_ms)


def save(
    services: Services,
    account: Account,
    rule: Rule,
    wanted: Sequence[Wanted],
    signal: Signal,
    *,
    after: int,
    reason: str,
    valid_from_ms: int | None = None,
) -> Version | Proposal:
    """Save a draft of a rule in force as the version behind ``after``, from now on or later, or
    propose it where it is laxer than the standard; the audit stands in the same transaction.

    Raises:
        NotAccepted: the draft does not hold, is no other, or would hold for the past.
        SavedMeanwhile: somebody was first.
    """
    check_reason(reason)
    now_ms = services.now_ms()
    begin = now_ms if valid_from_ms is None else valid_from_ms
    versions = services.rule_repository.versions(rule.id)
    known = [version.rule for version in versions]
    draft = replace(drafted(rule, wanted, signal, known), version=after + 1, valid_from_ms=begin)
    _tried(services, draft, None, begin)
    last = versions[-1].rule
    if (draft.limits, draft.signal) == (last.limits, last.signal):
        fault = Fault("levels", "are those of the last version", "change something first")
        raise NotAccepted(fault, "same")
    if begin < max(now_ms, last.valid_from_ms):
        remedy = "let it hold from now on or later, and behind the version before it"
        raise NotAccepted(Fault("valid_from_ms", "lies too early", remedy), "early")
    if last.version != after:
        raise SavedMeanwhile(last.version, versions[-1].author)
    if _laxer(services, draft):
        return _propose(services, account, draft, reason)
    with services.state.begin() as connection:
        by = (account.signed, account.username)
        saved = _entered(services, connection, draft, reason, *by, now_ms=now_ms)
        _audit(services, connection, account, "rule.save", draft, reason)
    return saved


def _laxer(services: Services, draft: Rule) -> list[Laxity]:
    """Where a draft is laxer than the standard, and than the last version."""
    last = services.rule_repository.versions(draft.id)[-1].rule
    return laxities(last, draft, services.catalogue, services.now_ms())


def _propose(services: Services, account: Account, draft: Rule, reason: str) -> Proposal:
    proposals, now_ms = Proposals(services.state), services.now_ms()
    with services.state.begin() as connection:
        made = proposals.add(
            connection,
            draft,
            author=account.signed,
            account=account.username,
            hand=account.actor.who,
            reason=reason,
            now_ms=now_ms,
        )
        _audit(services, connection, account, "rule.propose", draft, reason)
    return next(row for row in proposals.of(draft.id) if row.id == made)


def proposal_of(services: Services, rule_id: str, proposal_id: int) -> Proposal | None:
    """A proposed change of a rule."""
    rows = Proposals(services.state).of(rule_id)
    return next((row for row in rows if row.id == proposal_id), None)


def confirm(services: Services, account: Account, proposal: Proposal) -> Version:
    """Stand for what another person proposed: it is the next version, from now on or when it was
    to hold.

    Raises:
        NotAccepted: the same person proposed it.
        DecidedMeanwhile: it is no longer open.
        SavedMeanwhile: there is a newer version than the one that it follows.
    """
    if proposal.made_by(account.username, account.actor.who):
        fault = Fault("proposal", "is your own", "let another person confirm it")
        raise NotAccepted(fault, "own")
    last = services.rule_repository.versions(proposal.rule.id)[-1]
    if proposal.rule.version != last.version + 1:
        raise SavedMeanwhile(last.version, last.author)
    now_ms = services.now_ms()
    begin = max(now_ms, proposal.rule.valid_from_ms)
    rule = replace(proposal.rule, valid_from_ms=begin)
    with services.state.begin() as connection:
        _decide(services, connection, account, proposal, "confirmed")
        author, username = proposal.author, proposal.account
        saved = _entered(
            services, connection, rule, proposal.reason, author, username, now_ms=now_ms
        )
        _audit(services, connection, account, "rule.confirm", rule, proposal.reason)
    return saved


def withdraw(services: Services, account: Account, proposal: Proposal) -> None:
    """Take back what was proposed, or refuse it.

    Raises:
        DecidedMeanwhile: it is no longer open.
    """
    with services.state.begin() as connection:
        _decide(services, connection, account, proposal, "withdrawn")
        _audit(services, connection, account, "rule.withdraw", proposal.rule, proposal.reason)


def _decide(
    services: Services,
    connection: Connection,
    account: Account,
    proposal: Proposal,
    state: Literal["confirmed", "withdrawn"],
) -> None:
    Proposals(services.state).decide(
        connection,
        proposal.id,
        state,
        by=account.signed,
        account=account.username,
        at_ms=services.now_ms(),
    )


def _entered(
    services: Services,
    connection: Connection,
    draft: Rule,
    reason: str,
    author: str,
    account: str,
    *,
    now_ms: int,
) -> Version:
    return services.rule_repository.save(
        connection,
        draft,
        author=author,
        account=account,
        reason=reason,
        valid_from_ms=draft.valid_from_ms,
        now_ms=now_ms,
    )


def _audit(
    services: Services,
    connection: Connection,
    account: Account,
    action: str,
    rule: Rule,
    reason: str,
) -> None:
    said = {
        "version": rule.version,
        "valid_from_ms": rule.valid_from_ms,
        "levels": [_kept(limit) for limit in rule.limits],
        "look": serialising.own(rule),
        "reason": reason.strip(),
    }
    audit.record(
        connection,
        by=account.actor,
        action=action,
        subject=rule.id,
        detail=json.dumps(said, ensure_ascii=False),
        at_ms=services.now_ms(),
    )


def _kept(limit: Limit) -> dict[str, object]:
    """A level as the audit keeps it."""
    return {
        "level": limit.level.name.lower(),
        "limit": limit.limit,
        "for_ms": limit.for_ms,
        "clear_limit": limit.clear_limit,
        "clear_for_ms": limit.clear_for_ms,
    }
