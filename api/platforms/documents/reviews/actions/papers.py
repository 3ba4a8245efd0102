"""The opinion in writing and the yearly report, as papers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from api.accounts.records import Account
from api.accounts.repositories.units import Units
from api.kinds.reports import Means, Paper, ReportKind
from api.platforms.documents.catalogue import repository as catalogue
from api.platforms.documents.catalogue.records import Asked as AskedUnfiled
from api.platforms.documents.filings import repository as filings
from api.platforms.documents.filings.records.facts import Asked as AskedFilings
from api.platforms.documents.filings.records.facts import AskedReturns, Reason
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.reviews import repository, wording
from api.platforms.documents.reviews.procedure import terms
from api.platforms.documents.reviews.procedure.review import PROCEDURE
from api.platforms.documents.reviews.records import (
    MODES,
    OUTCOMES,
    STAGES,
    Asked,
    AskedPoints,
    Counts,
    Filed,
)
from api.procedures import repository as procedures
from api.procedures.procedure import Row
from api.web.forms import MOST_ID, NotAccepted
from config.catalogue.words import Words
from config.vocabulary.errors import Fault
from config.vocabulary.time import begins_ms, day_of

FOLDER = Path(__file__).parent
UNFILED: tuple[Literal["", "settled", "filed"], ...] = ("", "settled", "filed")
"""Documents that were found not to be filed: all, settled with a reason, filed later."""


class Opinion(Struct, frozen=True):
    """The review of which an opinion is made, by id."""

    review: Annotated[int, Meta(ge=1, le=MOST_ID)]


class Year(Struct, frozen=True):
    """A year of the calendar, in which reviews were opened."""

    year: Annotated[int, Meta(ge=1900, le=2199)]


def newest(means: Means, account: Account) -> Opinion:
    """The review that was opened last of those that an account sees."""
    with means.state.read() as connection:
        return Opinion(max(repository.newest_review(connection, account), 1))


def opinion(means: Means, account: Account, of: Opinion) -> Paper:
    """The opinion in writing of a review, with its points but for those that are passed up.

    Raises:
        NotAccepted: there is no such review, or no point in it.
    """
    permission = DocumentsPermission.REVIEW
    with means.state.read() as connection:
        row = procedures.row_for(connection, PROCEDURE, str(of.review), account, permission)
        if row is None:
            raise NotAccepted(Fault("review", "is unknown", "see the list of reviews"), "unknown")
        points = repository.points(connection, account, row["id"])
        due = repository.answer_due(connection, row["id"], terms.ANSWER)
    shown = [of for of in points if of["test"] != "constitution" and of["state"] != "dropped"]
    if not shown:
        raise NotAccepted(Fault("review", "has no point", "raise one first"), "no-points")
    unit = Units(means.state).get(row["unit"])
    maker = unit.name if unit else row["unit"]
    return wording.opinion_paper(means.words, means.catalogue.site.name, row, shown, maker, due)


def empty_opinion(words: Words) -> Paper:
    """An opinion of nothing, on which its template is tried."""
    row: Row = {"title": "", "text_version": 1, "mode": "own", "opinion": ""}
    return wording.opinion_paper(words, "", row, (), "", "")


def suggested(means: Means, _account: Account) -> Year:
    """The year of today."""
    return Year(int(day_of(means.now_ms())[:4]))


def filed(means: Means, account: Account, year: int) -> Filed:
    """Numbers of filings in a yearly report, as far as an account sees them."""
    of = str(year)
    returned: dict[Reason, int] = {}
    with means.state.read() as connection:
        for one in filings.returns(connection, account, AskedReturns(year=of)):
            returned[one.reason] = returned.get(one.reason, 0) + 1
        return Filed(
            filings.count(connection, account, AskedFilings(sent=of)),
            filings.count(connection, account, AskedFilings(sent=of, late="1")),
            filings.count(connection, account, AskedFilings(year=of)),
            returned,
            {
                state: catalogue.count(connection, account, AskedUnfiled(found=of, state=state))
                for state in UNFILED
            },
        )


def counted(means: Means, account: Account, year: int) -> Counts:
    """All that a yearly report counts, as far as an account sees it."""
    begin, end = begins_ms(date(year, 1, 1)), begins_ms(date(year + 1, 1, 1))
    reviews: dict[tuple[str, str], int] = {}
    points: dict[tuple[str, str], int] = {}
    with means.state.read() as connection:
        texts = repository.texts_kept(connection, begin, end)
        for mode in MODES:
            for stage in STAGES:
                asked = Asked(mode=mode, stage=stage, year=year)
                reviews[mode, stage] = repository.counted(connection, account, asked)
        for outcome in OUTCOMES:
            wanted = AskedPoints(outcome=outcome, year=year)
            found = repository.points_counted(connection, account, wanted)
            points |= {(test, outcome): n for test, n in found.items()}
    return Counts(texts, filed(means, account, year), reviews, points)


def year(means: Means, account: Account, of: Year) -> Paper:
    """The yearly report on filing and review (监督法 45).

    Raises:
        NotAccepted: the year has not begun.
    """
    this_year = suggested(means, account).year
    if of.year > this_year:
        remedy = f"choose {this_year} or an earlier one"
        raise NotAccepted(Fault("year", "has not begun", remedy), "future")
    counts = counted(means, account, of.year)
    return wording.year_paper(means.words, means.catalogue.site.name, of.year, counts)


OPINION = ReportKind(
    name="review-opinion",
    words="documents.opinion-paper.kind",
    permission=DocumentsPermission.REVIEW,
    parameters=Opinion,
    suggested=newest,
    freeze=opinion,
    template=FOLDER / "review-opinion.docx",
    inputs={"review": "number"},
    empty=lambda means: empty_opinion(means.words),
)
YEAR = ReportKind(
    name="review-year",
    words="documents.review-year.kind",
    permission=DocumentsPermission.REVIEW,
    parameters=Year,
    suggested=suggested,
    freeze=year,
    template=FOLDER / "review-year.docx",
)
