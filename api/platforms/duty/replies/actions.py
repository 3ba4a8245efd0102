"""Answer a suggestion with promises in one go, and hand the reply out as a paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from api.accounts.records import Account
from api.accounts.repositories.people import People
from api.evidence.wording import offers
from api.platforms.duty import repository as suggestions
from api.platforms.duty.handling import actions as handling
from api.platforms.duty.handling import repository as handling_rows
from api.platforms.duty.handling.wording import class_label, classes
from api.platforms.duty.promises import actions as promises
from api.platforms.duty.promises import repository as promise_rows
from api.platforms.duty.replies import wording
from api.platforms.duty.replies.records import Written
from api.platforms.duty.signing import repository as signing
from api.platforms.duty.suggestions import actions as suggestion_actions
from api.platforms.duty.suggestions.procedure import PROCEDURE
from api.procedures import taking
from api.procedures.part import Part, part_of
from api.procedures.procedure import Row
from api.reports.forms import word
from api.services import Services
from api.shape import Platform

STEPS = ("reply", "reply-again")
TEMPLATE = Path(__file__).parent / "reply.docx"


def step_of(row: Row) -> str:
    """The step by which a suggestion is answered in its state."""
    return "reply-again" if row["state"] == "again" else "reply"


def reply(
    services: Services,
    roster: Sequence[Platform],
    account: Account,
    item_id: str,
    written: Written,
) -> None:
    """Answer a suggestion, and make the promises of the answer, in one transaction.

    Raises:
        NotAccepted: a promise does not hold.
        StepRefused: see :func:`api.procedures.taking.take`.
    """
    promised = promises.promised(services, roster, written.promises)
    with taking.acts(services, PROCEDURE, account) as acting:
        row = suggestions.suggestion(acting.connection, account, item_id)
        step = step_of(row) if row else STEPS[0]
        taking.take(acting, item_id, step, written.fields, written.version)
        after = suggestions.any_suggestion(acting.connection, int(item_id))
        promises.make(acting, after, promised)
    suggestion_actions.done(services, item_id)


def form(
    services: Services, roster: Sequence[Platform], account: Account, item_id: str
) -> Mapping[str, Any]:
    """The values of the form: what stands against an answer, the first text, the classes.

    Raises:
        UnknownThing
    """
    part = part_of(services, account, PROCEDURE, item_id)
    row = part.row
    with services.state.read() as connection:
        given = handling_rows.contributions(connection, row["id"])
        signers = signing.signers(connection, "suggestion", row["id"], row["text_hash"])
        replies = handling_rows.replies(connection, row["id"])
    people = [row["lead"], *signers]
    names = People(services.state).names(people)
    opinions = [of for of in given if of["state"] == "given" and of["part"] == "co"]
    text = wording.first_text(
        services.words,
        row,
        [names.get(of, of) for of in dict.fromkeys(people)],
        handling.unit_names(services),
        opinions,
    )
    return {
        "part": part,
        "row": row,
        "text": replies[-1].text if replies else text,
        "classes": classes(services.district),
        "offers": offers(services, roster),
        "against": _against(part, step_of(row)),
        "again": row["state"] == "again",
    }


def document(services: Services, account: Account, item_id: str, number: int) -> bytes | None:
    """The reply of a round as a Word file; None where there is none that the account sees."""
    with services.state.read() as connection:
        row = suggestions.suggestion(connection, account, item_id)
        if row is None:
            return None
        found = handling_rows.replies(connection, row["id"])
        made = promise_rows.of_suggestion(connection, account, row["id"])
    one = next((of for of in found if of.round == number), None)
    if one is None:
        return None
    units = handling.unit_names(services)
    label = class_label(services.words, services.district, one.result)
    promised = [(of["measure"], of["due_day"]) for of in made if of["answer"] == one.id]
    values = wording.paper(
        services.words, row, one, units.get(one.unit, one.unit), label, promised
    )
    return word.made(TEMPLATE.read_bytes(), values, services.now_ms())


def _against(part: Part, name: str) -> str:
    """The obstacle to answering now, in words; empty: there is none."""
    found = next((of for of in part.following if of.step.name == name), None)
    if found is None:
        return part.state
    return found.reason
