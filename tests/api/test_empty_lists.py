"""A list without rows says so, and what to do or when rows come: of every list that a role sees."""

from __future__ import annotations

import html
import re

import httpx
import pytest

from tests.api.conftest import USERNAMES, RunningCentre, entered

LISTS = """
deputy        /                                   workbench.nothing
deputy        /notifications/                     notifications.none
deputy        /search/?q=nowhere                  search.advice-fewer
deputy        /reports/                           reports.none
deputy        /deadlines/                         deadlines.none-mine
deputy        /environment/events                 events.none
deputy        /environment/alerts                 alerts.none
deputy        /environment/duty                   duty.none
deputy        /duty/suggestions                   duty.list.none
deputy        /duty/motions                       duty.motions.none
deputy        /duty/promises                      duty.promise.none
deputy        /duty/key-supervision               duty.supervision.none
deputy        /duty/meetings                      duty.meetings.none
deputy        /duty/my-surveys                    duty.survey.mine-none
deputy        /duty/opinions                      duty.opinions.none
deputy        /duty/briefing                      duty.briefing.none
deputy        /duty/records                       duty.records.none
deputy        /duty/deputies                      duty.deputies.none
deputy        /budget/                            budget.totals.none
deputy        /budget/payments                    budget.payments.none
deputy        /budget/findings                    budget.findings.none-of-all
deputy        /budget/projects                    budget.projects.none
deputy        /judicial/hearings                  judicial.hearings.none
deputy        /judicial/advice                    judicial.advice.none
deputy        /documents/filings                  documents.filings.none-yet
deputy        /documents/texts                    documents.texts.none-yet
deputy        /documents/reviews                  documents.reviews.none-yet
deputy        /cases/questions                    cases.questions.none
officer       /environment/deliveries             deliveries.none
officer       /environment/operations/refusals    refusals.none
officer       /imports/                           imports.none
officer       /imports/sources                    sources.none
clerk         /duty/meetings/convened             duty.meetings.none
clerk         /duty/surveys                       duty.survey.none
clerk         /duty/releases                      duty.publication.none
clerk         /duty/sessions                      duty.sessions.none
clerk         /budget/rectification               budget.rectification.no-problems
clerk         /budget/assets                      budget.assets.none
clerk         /budget/debt                        budget.debt.none
clerk         /budget/drafts                      budget.drafts.none
clerk         /budget/year                        budget.year.no-days
clerk         /judicial/draws                     judicial.draws.none
clerk         /judicial/appraisals                judicial.appraisals.none
clerk         /documents/proposals                documents.proposals.none
clerk         /documents/handouts                 documents.handouts.none-yet
clerk         /documents/catalogue                documents.catalogue.none-yet
clerk         /documents/yearly-lists             documents.catalogue.no-lists
clerk         /documents/filings/returns          documents.filings.no-returns
clerk         /cases/shared                       cases.sharing.none-received
clerk         /cases/receivers                    cases.sharing.no-receivers
handler       /budget/findings                    budget.findings.none-of-unit
handler       /budget/rectification               budget.rectification.no-problems-of-unit
handler       /exchange/sent                      exchange.none-sent
administrator /administration/tokens              administration.tokens.none
administrator /administration/audit?who=nobody    administration.audit.none
administrator /administration/people?q=nobody     administration.people.none
administrator /administration/sign-ins?from_day=2031-01-01 administration.sign-ins.none
"""
ROWS = [line.split() for line in LISTS.strip().splitlines()]
SECOND_CLAUSE = re.compile(r"[，；。].+[。]")


@pytest.mark.parametrize("role", sorted({role for role, *_ in ROWS}))
def test_a_list_without_rows_says_so_and_what_to_do(
    centre: RunningCentre, address: str, role: str
) -> None:
    """In words of more than one clause: that there is nothing is the first."""
    words = centre.services.words
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, USERNAMES[role])
        silent = {
            path: key
            for of, path, key in ROWS
            if of == role and words(key) not in html.unescape(client.get(path).text)
        }
    assert silent == {}
    assert [key for *_, key in ROWS if not SECOND_CLAUSE.search(words(key))] == []
