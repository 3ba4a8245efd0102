"""Open reviews: of one text, of several under one topic, and for whoever asked for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account, Secrecy
from api.platforms.documents.reviews import repository
from api.platforms.documents.reviews.procedure.review import PROCEDURE
from api.platforms.documents.reviews.records import (
    BY_HAND,
    KIND,
    LONGEST_NAME,
    LONGEST_REASON,
    MOST_TEXTS,
    OWN_MOTION,
    Mode,
    UnderReview,
    UnknownText,
)
from api.platforms.documents.texts import repository as texts
from api.ports import Reference
from api.procedures import taking
from api.procedures.procedure import Given
from api.procedures.taking import Acting
from api.services import Services
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault
from config.vocabulary.time import day_of


def open_review(
    connection: Connection,
    services: Services,
    account: Account,
    text: int,
    mode: Mode,
    reason: str,
    origin: Reference | None = None,
    *,
    asked_by: str = "",
) -> int:
    """Open the review of a text in its newest version, today; the id of the review. Its events,
    its term and its messages stand in the caller's transaction.

    Args:
        connection: the caller's transaction.
        services: the house.
        account: who opens it; needs ``documents.review``.
        text: id of the text.
        mode: how it came about.
        reason: 1 to 2000 signs.
        origin: the item that it began with, such as a proposal of a citizen.
        asked_by: who asked for it, as people read it; empty: nobody, or the origin says so.

    Raises:
        UnknownText
        UnderReview: of its own motion the office reviews a text once at a time.
        StepRefused: see :func:`api.procedures.taking.begin`.
    """
    given = {"mode": mode, "reason": reason, "asked_by": asked_by,
             "opened": day_of(services.now_ms())}  # fmt: skip
    acting = Acting(services, connection, PROCEDURE, account, services.now_ms())
    return _opened(acting, text, given, origin=origin)


def begin(services: Services, account: Account, text: int, given: Given) -> int:
    """Open a review of one text in a transaction of its own; its id. ``given`` are the needs of
    the first step; without ``opened`` it is today.

    Raises:
        UnknownText, UnderReview, StepRefused
    """
    with taking.acts(services, PROCEDURE, account) as acting:
        today, mode = day_of(acting.at_ms), given.get("mode", "")
        said = {**given, "mode": mode if mode in BY_HAND else ""}
        return _opened(acting, text, {**said, "opened": given.get("opened") or today})


def begin_special(
    services: Services, account: Account, title: str, reason: str, wanted: Sequence[int]
) -> int:
    """Open a special review of several texts, each with a review of its own; its id.

    Raises:
        NotAccepted: the topic, the reason or the texts are missing or too many.
        UnknownText, UnderReview, StepRefused
    """
    title, reason = title.strip(), reason.strip()
    if not title or len(title) > LONGEST_NAME:
        fault = Fault("title", "is missing or long", f"write {LONGEST_NAME} signs at most")
        raise NotAccepted(fault, "title", n=LONGEST_NAME)
    if not reason or len(reason) > LONGEST_REASON:
        fault = Fault("reason", "is missing or long", f"write {LONGEST_REASON} signs at most")
        raise NotAccepted(fault, "reason", n=LONGEST_REASON)
    chosen = tuple(dict.fromkeys(wanted))
    if not 1 <= len(chosen) <= MOST_TEXTS:
        fault = Fault("texts", "are none or too many", f"choose 1 to {MOST_TEXTS}")
        raise NotAccepted(fault, "texts", n=MOST_TEXTS)
    with taking.acts(services, PROCEDURE, account) as acting:
        today = day_of(acting.at_ms)
        by = (account.actor.who, acting.at_ms)
        made = repository.add_special(
            acting.connection, title, reason, date.fromisoformat(today), by
        )
        given = {"mode": "special", "reason": reason, "opened": today}
        for text in chosen:
            _opened(acting, text, given, special=made)
        audit.record(
            acting.connection,
            by=account.actor,
            action="documents.open-special",
            subject=str(made),
            detail="",
            at_ms=acting.at_ms,
        )
    return made


def reference(review: int) -> Reference:
    """A review as others point at it."""
    return Reference("documents", KIND, str(review))


def _opened(
    acting: Acting,
    text: int,
    given: Given,
    *,
    origin: Reference | None = None,
    special: int | None = None,
) -> int:
    kept = texts.one(acting.connection, text)
    if kept is None:
        raise UnknownText(f"there is no text {text}", field="text")
    running = repository.under_review(acting.connection, text)
    if running is not None and given.get("mode") in OWN_MOTION:
        raise UnderReview(f"review {running} of text {text} is not over", review=running)
    pointed = f"{origin.platform}/{origin.kind}/{origin.id}" if origin else None
    made, _ = taking.begin(
        acting,
        given,
        text=text,
        text_version=kept.version,
        title=kept.facts.title,
        unit=kept.facts.maker,
        special=special,
        origin=pointed,
        secrecy=int(Secrecy.INTERNAL),
    )
    return int(made)
