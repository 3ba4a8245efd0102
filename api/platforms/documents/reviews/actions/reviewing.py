"""Reviews as people see them: the list, one with all that belongs to it, and what waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from api.accounts.records import Account, Reach, Secrecy
from api.accounts.repositories.units import Units
from api.deadlines.own.actions import reckoned
from api.deadlines.records import Deadline
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.reviews import repository
from api.platforms.documents.reviews.actions import pointing
from api.platforms.documents.reviews.procedure.consultation import PROCEDURE as CONSULTATION
from api.platforms.documents.reviews.procedure.point import PROCEDURE as POINT
from api.platforms.documents.reviews.procedure.repository import newest_version
from api.platforms.documents.reviews.procedure.review import PROCEDURE
from api.platforms.documents.reviews.procedure.terms import REVIEW_OWN
from api.platforms.documents.reviews.records import Asked, Shown, Unreviewed
from api.ports import Json, Todo
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.ports import item_kind
from api.procedures.ports import todos as waiting
from api.procedures.procedure import Row
from api.procedures.refusals import StepRefused, UnknownThing
from api.services import Services
from api.shape import CoreServices, Job
from config.vocabulary.time import day_of

PROCEDURES = (PROCEDURE, POINT, CONSULTATION)
_OF_WHOEVER_ASKED = ("asked_by", "origin", "feedback")
_CENTRE = Reach(
    frozenset({DocumentsPermission.SEE, DocumentsPermission.REVIEW}), secrecy=Secrecy.RESTRICTED
)
"""The centre takes a step that nobody has to decide on: a day that was promised is over."""


def listed(
    services: Services, account: Account, asked: Asked
) -> tuple[Sequence[Row], int, Mapping[int, Deadline]]:
    """A page of a question, how many reviews there are, and the open term of each that is due
    first.
    """
    with services.state.read() as connection:
        rows, count = repository.listed(connection, account, asked)
        terms = repository.first_terms(connection, [of["id"] for of in rows])
    return rows, count, terms


def first_term(services: Services, row: Row) -> Deadline | None:
    """The open term of a review that is due first."""
    with services.state.read() as connection:
        return repository.first_terms(connection, [row["id"]]).get(row["id"])


def every(
    services: Services, account: Account, asked: Asked, most: int
) -> tuple[Sequence[Row], int, Mapping[int, Deadline]]:
    """All pages of a question up to a number of rows, how many there are, and their terms."""
    with services.state.read() as connection:
        count = repository.counted(connection, account, asked)
        rows = repository.every(connection, account, asked, most)
        return rows, count, repository.every_term(connection)


def review(services: Services, account: Account, item_id: str) -> Row:
    """A review that an account sees.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        row = procedures.row_for(connection, PROCEDURE, item_id, account, PROCEDURE.see)
    if row is None:
        raise UnknownThing(f"unknown review {item_id[:40]}")
    return row


def shown(services: Services, account: Account, item_id: str) -> Shown:
    """A review with its points, the opinions of committees, and the points held against the
    version that is joined. Who asked for it, and what they were told, reviewers alone read.

    Raises:
        UnknownThing
    """
    row = review(services, account, item_id)
    with services.state.read() as connection:
        points = repository.points(connection, account, row["id"])
        asked = repository.consultations(connection, account, row["id"])
        special = repository.special(connection, row["special"])
        newest = newest_version(connection, row["text"])
    held = pointing.held(services, row, points)
    if not account.may(DocumentsPermission.REVIEW):
        row = {**row, **dict.fromkeys(_OF_WHOEVER_ASKED)}
    return Shown(row, points, asked, held, special, newest)


def unreviewed(services: Services, account: Account) -> Sequence[tuple[Unreviewed, date]]:
    """Registered documents of which no review was opened, the longest waiting first, each with the
    last day of a review that counts from the registration (北京条例 23).
    """
    with services.state.read() as connection:
        found = repository.unreviewed(connection, account)
    until = {day: reckoned(services, REVIEW_OWN, day)[1].due for day in {of.day for of in found}}
    return [(of, until[of.day]) for of in found]


def specials(services: Services, account: Account) -> Mapping[int, str]:
    """The titles of special reviews of which an account sees any, the newest first."""
    with services.state.read() as connection:
        return repository.specials(connection, account)


def follow(core: CoreServices) -> None:
    """The job: reviews whose maker did not keep its day go on."""
    services = core.acting
    lapse(services)


def lapse(services: Services) -> None:
    """Let every review go on that was suspended for a day that is over. One at which somebody acts
    at the same time is left to the next time.
    """
    centre = Account("", services.words("documents.reviews.centre"), reaches=(_CENTRE,))
    today = date.fromisoformat(day_of(services.now_ms()))
    with services.state.read() as connection:
        over = repository.promises_over(connection, today)
    for number in over:
        try:
            with taking.acts(services, PROCEDURE, centre) as acting:
                taking.take(acting, str(number), "lapse", {})
        except StepRefused:
            continue


def todos(services: Services, account: Account) -> Sequence[Todo]:
    """Reviews and opinions that wait for somebody's step and have no term that runs."""
    found: list[Todo] = []
    for procedure in (PROCEDURE, CONSULTATION):
        found += waiting(services, account, procedure)
    return found


def _content(services: Services, row: Row) -> Json:
    unit = Units(services.state).get(row["unit"])
    words = services.words
    return {
        "text": row["text"],
        "text_version": row["text_version"],
        "title": row["title"],
        "maker": unit.name if unit else row["unit"],
        "mode": words(f"documents.review.mode-{row['mode']}"),
        "opened": row["opened_day"].isoformat(),
        "promised": row["promised_day"].isoformat() if row["promised_day"] else None,
        "conclusion": row["conclusion"],
    }


def _point(services: Services, row: Row) -> Json:
    return {
        "review": row["review"],
        "test": services.words(f"documents.point.test-{row['test']}"),
        "article": row["label"],
        "words": row["words"],
        "law": row["law"],
        "law_article": row["law_article"],
        "why": row["why"],
    }


def _opinion(services: Services, row: Row) -> Json:
    unit = Units(services.state).get(row["unit"])
    return {
        "review": row["review"],
        "committee": unit.name if unit else row["unit"],
        "opinion": row["opinion"],
    }


ITEMS = (
    item_kind(PROCEDURE, _content, "seen"),
    item_kind(POINT, _point),
    item_kind(CONSULTATION, _opinion),
)
JOBS = (Job("promises of makers", follow, every_minutes=10),)
