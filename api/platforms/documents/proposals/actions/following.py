"""By number and secret: how a proposal stands, and what its maker may do."""

from __future__ import annotations

import hmac

from api.deadlines.opening import deadlines_of
from api.open_forms.receipts import grouped, receipt_hash, typed
from api.platforms.documents.proposals import repository
from api.platforms.documents.proposals.actions.own import as_proposer
from api.platforms.documents.proposals.actions.receiving import receipts
from api.platforms.documents.proposals.procedure import PROCEDURE, TERMS
from api.platforms.documents.proposals.records import LONGEST_CODE, Progress, apart
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.events import Event, standing
from api.procedures.procedure import Row
from api.services import Services
from config.vocabulary.time import day_of

_SHOWN = ("declined", "passed", "answered")
"""States in which the proposer was told."""


def progress(services: Services, number: str, secret: str) -> Progress | None:
    """How a proposal stands for whoever has number and secret; None where they do not belong
    together, in the same time whether the number is known or not.
    """
    row = _of_secret(services, number, secret)
    if row is None:
        return None
    words, state = services.words, row["state"]
    subject = procedures.reference(PROCEDURE, str(row["id"]))
    with services.state.read() as connection:
        events = standing(procedures.events(connection, PROCEDURE, str(row["id"])))
    terms = [
        (
            words(f"documents.proposals.term-{TERMS[of.rule.id]}"),
            of.reckoned.due.isoformat(),
        )
        for of in deadlines_of(services).of_subject(subject)
        if of.open and of.rule.id in TERMS
    ]
    result = f"documents.proposal.result-{row['result']}" if state == "answered" else ""
    ground = f"documents.proposal.ground-{row['ground']}" if state == "declined" else ""
    return Progress(
        number=row["number"],
        state=words(f"documents.proposals.public-{state}"),
        kind=row["kind"],
        steps=[(day_of(of.at_ms), words(f"documents.proposals.did-{of.step}")) for of in events],
        terms=terms,
        missing=row["missing"] or "" if state == "incomplete" else "",
        why_declined=words(ground) if ground else "",
        organ=row["passed_to"] or "" if state == "passed" else "",
        result=words(result) if result else "",
        said=row["reply"] or "" if state in _SHOWN else "",
        supplements=state == "incomplete",
        retracts=state in PROCEDURE.by_name["retract"].sources,
    )


def by_proposer(
    services: Services, number: str, secret: str, step: str, said: str
) -> Event | None:
    """Whoever has number and secret completes a proposal, or withdraws it; None where they do not
    belong together. ``step`` is ``supplement`` or ``retract``.

    Raises:
        StepRefused
    """
    row = _of_secret(services, number, secret)
    if row is None:
        return None
    need = {"supplement": "supplement", "retract": "why"}[step]
    with services.state.read() as connection:
        identity = repository.identity(connection, row["id"])
    given = {need: apart(said.strip(), identity)}
    if step == "retract" and not given[need]:
        given[need] = services.words("documents.proposals.retracted-by-page")
    with taking.acts(services, PROCEDURE, as_proposer(services)) as doing:
        return taking.take(doing, str(row["id"]), step, given)


def _of_secret(services: Services, number: str, secret: str) -> Row | None:
    key = receipts(services)
    with services.state.read() as connection:
        row = repository.by_number(connection, grouped(typed(number[:LONGEST_CODE])))
    known = row["code_hash"] if row else receipt_hash(key, "")
    same = hmac.compare_digest(known, receipt_hash(key, secret[:LONGEST_CODE]))
    return row if row and same else None
