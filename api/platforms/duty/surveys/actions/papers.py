"""The paper on a survey that has ended: its results, frozen as they are shown."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from api.accounts.records import Account
from api.kinds.reports import Means, Paper, ReportKind
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.surveys import repository, wording
from api.platforms.duty.surveys.actions.making import results_of
from api.web.forms import MOST_ID, NotAccepted
from config.vocabulary.errors import Fault


class Chosen(msgspec.Struct, frozen=True):
    """The number of a survey, as in the address of its page; 0: a paper of none, to try a
    template on.
    """

    survey: Annotated[int, msgspec.Meta(ge=0, le=MOST_ID)]


def suggested(means: Means, account: Account) -> Chosen:
    """Of those that an account sees the one that was ended last."""
    with means.state.read() as connection:
        return Chosen(repository.newest_closed(connection, account))


def freeze(means: Means, account: Account, chosen: Chosen) -> Paper:
    """Its results. What is hidden of an anonymous one is hidden in its paper too.

    Raises:
        NotAccepted: the account sees no such survey, or it has not ended.
    """
    if not chosen.survey:
        return wording.paper(means, None, [])
    with means.state.read() as connection:
        survey = repository.of_office(connection, account, chosen.survey)
    if survey is None or survey.poll.state != "closed":
        fault = Fault("survey", "is none that has ended", "give the number of another one")
        raise NotAccepted(fault, "future")
    return wording.paper(means, survey, results_of(means.state, survey))


KIND = ReportKind(
    name="survey-results",
    words="duty.survey-paper",
    permission=DutyPermission.SURVEY,
    parameters=Chosen,
    suggested=suggested,
    freeze=freeze,
    template=Path(__file__).parents[1] / "survey-results.docx",
    inputs={"survey": "number"},
)
