"""The office at work: lists, who wrote, and the review that a proposal opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from api import audit
from api.accounts.records import Account
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.proposals import repository, wording
from api.platforms.documents.proposals.actions.own import bodies
from api.platforms.documents.proposals.procedure import PROCEDURE
from api.platforms.documents.proposals.records import (
    A_PAGE,
    KIND,
    LONGEST_REPLY,
    Asked,
    Identity,
    Line,
    NotIdentified,
    NotLinked,
    without_identity,
)
from api.platforms.documents.reviews.actions import opening
from api.platforms.documents.reviews.records import Mode
from api.ports import Item, ItemKind
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.procedure import Row
from api.procedures.refusals import UnknownThing
from api.procedures.taking import Acting
from api.services import Services
from config.vocabulary.time import day_of

_MODES: Mapping[str, Mode] = {"proposal": "suggestion", "demand": "request"}

_RESULTS: Mapping[str | None, str] = {
    None: "sound",
    "amended": "corrected",
    "repealed": "corrected",
    "annul": "annulled",
    "unlawful": "annulled",
}
"""By the decision on a review, or the way in which the maker corrected its text."""


def proposal(services: Services, account: Account, item_id: str) -> Row:
    """A proposal that an account sees.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        row = procedures.row_for(connection, PROCEDURE, item_id, account, PROCEDURE.see)
    if row is None:
        raise UnknownThing(f"unknown proposal {item_id[:40]}")
    return row


def identified(services: Services, row: Row) -> bool:
    """Whether it is known who wrote a proposal."""
    with services.state.read() as connection:
        return bool(repository.identity(connection, row["id"]))


def identify(services: Services, account: Account, item_id: str) -> Identity:
    """Who wrote a proposal; the audit keeps who asked.

    Raises:
        UnknownThing, NotIdentified
    """
    row = proposal(services, account, item_id)
    with services.state.begin() as connection:
        identity = repository.identity(connection, row["id"])
        if not identity:
            raise NotIdentified("nobody left a name, or it was removed")
        audit.record(
            connection,
            by=account.actor,
            action="documents.proposal-identity",
            subject=f"documents/{KIND}/{row['id']}",
            detail="",
            at_ms=services.now_ms(),
        )
    return identity


def begun(services: Services, row: Row) -> Mapping[str, Mapping[str, str]]:
    """The beginning of the form of the reply: the words of the review, and what came of it."""
    with services.state.read() as connection:
        review = repository.review_of(connection, row)
        up = repository.passed_up(connection, row)
    if row["state"] != "concluded" or review is None:
        return {}
    said = review["feedback"] or review["conclusion"] or ""
    result = "passed-up" if up else _RESULTS.get(review["result"] or review["way"], "other")
    given = {"reply": said[:LONGEST_REPLY], "told": day_of(services.now_ms()), "result": result}
    return {"reply": given}


def open_review(
    services: Services, account: Account, item_id: str, text: str, version: int | None
) -> int:
    """Open a review of a text that the centre keeps, or join the one that runs; its id. Proposal
    and review change in one transaction.

    Raises:
        StepRefused, NotLinked
    """
    number = repository.number_of(text)
    with taking.acts(services, PROCEDURE, account) as acting:
        row = procedures.row_for(acting.connection, PROCEDURE, item_id, account, PROCEDURE.see)
        if row is None:
            raise UnknownThing(f"unknown proposal {item_id[:40]}")
        taking.check(acting, row, PROCEDURE.by_name["open"])
        if not number:
            raise NotLinked("text: choose a text that the centre keeps")
        review = repository.running_review(acting.connection, number)
        if review is None:
            review = _opened(acting, row, number)
        given = {"text": str(number), "review": str(review)}
        taking.take(acting, item_id, "open", given, version)
    return review


def listed(services: Services, account: Account, asked: Asked) -> tuple[Sequence[Line], int, int]:
    """A page of proposals, how many there are, and the id from which it goes on, 0 at the end."""
    with services.state.read() as connection:
        lines = repository.listed(connection, account, asked, A_PAGE + 1, before=asked.before)
        count = repository.count(connection, account, asked)
    return lines[:A_PAGE], count, lines[A_PAGE - 1].id if len(lines) > A_PAGE else 0


def every(
    services: Services, account: Account, asked: Asked, most: int
) -> tuple[Sequence[Line], int]:
    """All pages of a question, and how many lines there are."""
    with services.state.read() as connection:
        lines = repository.listed(connection, account, asked, most)
        return lines, repository.count(connection, account, asked)


def statistics(services: Services, account: Account, year: int) -> Sequence[wording.Sum]:
    """Sums of a year, by kind and proposer: how many were received, and what came of them."""
    with services.state.read() as connection:
        return wording.sums(repository.counted(connection, account, Asked(show="all", year=year)))


def read(services: Services, account: Account, item_id: str) -> Item | None:
    """A proposal as an item: nothing of whoever wrote it, and no history, in which their words
    stand as they wrote them.
    """
    with services.state.read() as connection:
        row = procedures.row_for(connection, PROCEDURE, item_id, account, PROCEDURE.see)
        identity = repository.identity(connection, row["id"]) if row else Identity()
    if row is None:
        return None
    words = services.words
    content = {
        "number": row["number"],
        "received": row["received_day"].isoformat(),
        "kind": words(f"documents.proposal.kind-{row['kind']}"),
        "state": words(f"documents.proposal.state-{row['state']}"),
        "clause": row["clause"],
        "law": row["law"],
        "reason": without_identity(row["reason"], identity),
        "result": words(f"documents.proposal.result-{row['result']}") if row["result"] else None,
        "reply": row["reply"],
    }
    return Item(row["document"], f"/proposals/{row['id']}", content)


def _opened(acting: Acting, row: Row, text: int) -> int:
    services = acting.services
    identity = repository.identity(acting.connection, row["id"])
    said = without_identity(row["reason"], identity)
    why = wording.reason(services.words, row["document"], said, row["number"])
    origin = procedures.reference(PROCEDURE, str(row["id"]))
    return opening.open_review(
        acting.connection,
        services,
        acting.account,
        text,
        _MODES[row["kind"]],
        why,
        origin,
        asked_by=_asked_by(services, row),
    )


def _asked_by(services: Services, row: Row) -> str:
    """The organ that demands; of others the number alone."""
    number = services.words("documents.proposals.numbered", n=row["number"])
    return bodies(services).get(row["body"], number)


ITEM = ItemKind(KIND, DocumentsPermission.HANDLE_PROPOSALS, read)
