"""Acts of people on alert events: acknowledge one, take it, comment on it, review its alerts."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from alerting.alert import Alert, Verdict
from alerting.events.event import AlertEvent, area_of
from alerting.events.repository import Act, ActKind
from alerting.notify.readers import Role
from alerting.record.repository import Review
from api import audit
from api.accounts.records import Account
from api.live import LiveEvent
from api.platforms.environment.permission import EnvironmentPermission
from api.services import Services
from api.web.forms import LONGEST_WHY, NotAccepted
from config.vocabulary.errors import Fault

CHANGED = LiveEvent("environment.event")
"""Somebody did something about an event."""


class Remark(BaseModel):
    """The form of an event as it was sent."""

    note: str = ""

    def optional(self) -> str:
        """The note that it gives; it may be empty.

        Raises:
            NotAccepted: it is too long.
        """
        found = self.note.strip()
        if len(found) > LONGEST_WHY or "\0" in found:
            remedy = f"write at most {LONGEST_WHY} characters"
            raise NotAccepted(Fault("note", "is too long", remedy), "note")
        return found

    def needed(self) -> str:
        """The same, where there must be one.

        Raises:
            NotAccepted: it is empty, or too long.
        """
        found = self.optional()
        if not found:
            raise NotAccepted(Fault("note", "is empty", "write something"), "comment")
        return found


class Written(Remark):
    """The form of a review as it was sent."""

    verdict: str = ""

    def found(self) -> Verdict:
        """The verdict that it gives.

        Raises:
            NotAccepted: nothing was chosen.
        """
        if self.verdict not in set(Verdict):
            fault = Fault("verdict", f"{self.verdict!r} is none", "choose one")
            raise NotAccepted(fault, "verdict")
        return Verdict(self.verdict)


class NewReview(BaseModel):
    """The verdict on an alert, or on all alerts of an event that nobody has reviewed."""

    model_config = ConfigDict(strict=True, extra="forbid")
    verdict: Annotated[Verdict, Field(strict=False)]
    note: Annotated[
        str,
        StringConstraints(strip_whitespace=True, max_length=LONGEST_WHY, pattern="^[^\0]*$"),
    ] = ""


def role_of(account: Account) -> Role:
    """The role in which a person acts: an officer takes events, a deputy does not."""
    return "officer" if account.may(EnvironmentPermission.TAKE_EVENTS) else "deputy"


def answer_of(acts: Iterable[Act], username: str, event: AlertEvent) -> Act | None:
    """The answer of somebody to an event in its round: that they know, or that they take it."""
    own = [act for act in acts if act.username == username and act.answers(event)]
    return own[-1] if own else None


def acknowledge_alert(services: Services, alert: Alert, account: Account) -> None:
    """Acknowledge the event of an alert.

    Raises:
        AlreadyAcknowledged: the person has done so before.
    """
    river_or_area = area_of(alert, services.catalogue.subjects[alert.station])
    kind = services.grouping.kind_of(alert)
    with services.state.begin() as connection:
        event = services.events.of_alert(connection, alert, river_or_area, kind, services.now_ms())
    acknowledge(services, event, account)


def acknowledge(
    services: Services,
    event: str,
    account: Account,
    *,
    note: str = "",
    taken: bool = False,
    by_link: bool = False,
) -> None:
    """Say that somebody has seen an event, or takes it.

    Raises:
        AlreadyAcknowledged: the person has done so before, or somebody else took it.
    """
    act = _act(services, event, account, "taken" if taken else "acknowledged", note, by_link)
    _keep(services, account, act, "take" if taken else "acknowledge")


def comment(
    services: Services, event: str, account: Account, text: str, *, by_link: bool = False
) -> None:
    """Write something beside an event, for everybody who sees it."""
    act = _act(services, event, account, "comment", text, by_link)
    _keep(services, account, act, "comment")


def review_all(
    services: Services, account: Account, alerts: Collection[str], verdict: Verdict, note: str
) -> int:
    """Say what those of some alerts were found to be that nobody has reviewed, all or none, each
    with its row of the audit; how many that are.
    """
    now = services.now_ms()
    review = Review(verdict, account.signed, now, note, account.username)
    detail = json.dumps({"verdict": verdict, "note": note}, ensure_ascii=False)
    with services.state.begin() as connection:
        found = services.alerts.review_all(connection, alerts, review)
        audit.record_all(
            connection,
            by=account.actor,
            action="alert.review",
            details=dict.fromkeys(found, detail),
            at_ms=now,
        )
    CHANGED.tell(services.publish, {})
    return len(found)


def _act(
    services: Services,
    event: str,
    account: Account,
    kind: ActKind,
    note: str,
    by_link: bool,  # noqa: FBT001 - a field of what is kept
) -> Act:
    return Act(
        event, kind, services.now_ms(), account.username, account.signed, role_of(account), note,
        by_link=by_link,
    )  # fmt: skip


def _keep(services: Services, account: Account, act: Act, verb: str) -> None:
    said = {"note": act.note, "by_link": act.by_link}
    with services.state.begin() as connection:
        keep = services.events.note if act.kind == "comment" else services.events.acknowledge
        keep(connection, act)
        audit.record(
            connection,
            by=account.actor,
            action=f"alert.{verb}",
            subject=act.event,
            detail=json.dumps({name: of for name, of in said.items() if of}, ensure_ascii=False),
            at_ms=act.at_ms,
        )
    CHANGED.tell(services.publish, {"event": act.event})
