"""Write, sign and list motions, and make a suggestion of one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace

from api.accounts.records import Account, Clerk, Reach, Secrecy
from api.accounts.repositories.people import People
from api.platforms.duty.motions import repository, wording
from api.platforms.duty.motions.procedure import PROCEDURE
from api.platforms.duty.motions.records import SIGNED_IN, TEXT, UnknownLevel
from api.platforms.duty.motions.wording import MotionLine
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.sessions import actions as sessions
from api.platforms.duty.signing import actions as signing
from api.platforms.duty.signing.actions import Signing
from api.platforms.duty.suggestions import actions as suggestions
from api.platforms.duty.suggestions.procedure import PROCEDURE as SUGGESTION
from api.ports import Json
from api.procedures import repository as procedures
from api.procedures import taking
from api.procedures.procedure import Given, Row
from api.procedures.refusals import UnknownThing
from api.procedures.taking import Acting
from api.services import Services
from config.vocabulary.time import day_of

SIGNING = Signing(PROCEDURE, SIGNED_IN)
"""Motions as deputies sign them: the three parts."""
invite, sign, decline, signed = SIGNING.invite, SIGNING.sign, SIGNING.decline, SIGNING.signed
todos = SIGNING.todos


def begin(services: Services, account: Account, given: Given) -> str:
    """Begin a draft; its id.

    Raises:
        UnknownLevel
        StepRefused: see :func:`api.procedures.taking.begin`.
    """
    known = wording.levels(services.district)
    level = given.get("level", "")
    if level and level not in known:
        raise UnknownLevel(f"level: give one of {list(known)}", field="level")
    with taking.acts(services, PROCEDURE, account) as acting:
        made, _ = taking.begin(
            acting,
            given,
            lead=account.username,
            deputies=known[level].deputies if level else 1,
            text_hash="",
            secrecy=int(Secrecy.RESTRICTED),
        )
    return made


def edit(
    services: Services, account: Account, item_id: str, given: Given, version: int | None
) -> None:
    """Give a draft other words; whoever signed the old ones is asked again.

    Raises:
        StepRefused
    """
    with taking.acts(services, PROCEDURE, account) as acting:
        taking.take(acting, item_id, "edit", given, version)
        row = procedures.row(acting.connection, PROCEDURE, item_id)
        assert row is not None
        signing.ask_again(services, acting.connection, SIGNING.signable(row))


def convert(
    services: Services,
    account: Account,
    item_id: str,
    given: Given,
    version: int | None,
) -> str:
    """Make a motion a suggestion as the presidium decided, in one transaction: each names the
    other, and whoever signed the motion is asked to sign the suggestion. The suggestion's id.

    Raises:
        StepRefused
    """
    with taking.acts(services, PROCEDURE, account) as acting:
        row = procedures.row_for(acting.connection, PROCEDURE, item_id, account, PROCEDURE.see)
        if row is None:
            raise UnknownThing(f"unknown motion {item_id[:40]}")
        taking.check(acting, row, PROCEDURE.by_name["convert"])
        made = _suggestion_of(acting, row)
        taking.take(acting, item_id, "convert", {**given, "suggestion": made}, version)
    suggestions.done(services, made)
    return made


def _suggestion_of(acting: Acting, row: Row) -> str:
    """Begin and submit it in the name of the deputy who leads: the office does so for them."""
    services, account = acting.services, acting.account
    names = People(services.state).names([row["lead"]])
    may = frozenset({DutyPermission.SEE, DutyPermission.WRITE})
    lead = Account(
        row["lead"],
        names.get(row["lead"], row["lead"]),
        reaches=(Reach(may, secrecy=Secrecy.RESTRICTED),),
        clerk=Clerk(account.username, account.name),
    )
    in_name = replace(acting, procedure=SUGGESTION, account=lead)
    made, _ = taking.begin(
        in_name,
        wording.as_suggestion(services.words, row),
        draft_key=str(uuid.uuid4()),
        author=row["lead"],
        lead=row["lead"],
        text_hash="",
        returns=0,
        round=0,
        secrecy=int(Secrecy.RESTRICTED),
        source=repository.source(row["id"]),
    )
    taking.take(in_name, made, "submit", {"submitted": day_of(acting.at_ms)})
    found = procedures.row(acting.connection, SUGGESTION, made)
    assert found is not None
    known = signing.deputies(services, acting.connection)
    signers = [of for of in repository.signers_of(acting.connection, row) if of in known]
    if signers:
        thing = suggestions.signable(found)
        signing.invite(services, acting.connection, lead, thing, signers)
    return made


def listed(services: Services, account: Account, *, mine: bool) -> Sequence[MotionLine]:
    """Motions that an account sees, the newest first, 200 at most."""
    with services.state.read() as connection:
        rows = repository.listed(connection, account, mine=mine)
    names = People(services.state).names(sorted({row["lead"] for row in rows}))
    known = sessions.names(services)
    return [wording.line(services.words, row, names, known) for row in rows]


def draft_for(services: Services, account: Account, item_id: str) -> Row:
    """A draft of one's own.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        row = procedures.row_for(connection, PROCEDURE, item_id, account, PROCEDURE.see)
    if row is None or row["state"] != "draft" or row["lead"] != account.username:
        raise UnknownThing(f"no draft {item_id[:40]} of one's own")
    return row


def content(services: Services, row: Row) -> Json:
    """A motion as other platforms copy it."""
    who = [of.username for of in signed(services, row) if of.valid]
    names = People(services.state).names([row["lead"], *who])
    return {
        **{name: row[name] for name in TEXT},
        "text_hash": row["text_hash"],
        "lead": names.get(row["lead"], row["lead"]),
        "signers": [names.get(of, of) for of in who],
        "session": sessions.names(services).get(row["session"], row["session"]),
        "decided_by": row["decided_by"],
        "suggestion": row["suggestion"],
    }
