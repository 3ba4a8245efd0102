"""Acts on one suggestion of the demonstration, from its draft to its end, as the pages do them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from api.accounts.records import Account
from api.platforms.duty.assignment import actions as assignment
from api.platforms.duty.assignment.records import Assigned
from api.platforms.duty.closing import actions as closing
from api.platforms.duty.handling import actions as handling
from api.platforms.duty.replies import actions as replies
from api.platforms.duty.replies.records import Written
from api.platforms.duty.suggestions import actions, repository
from api.platforms.duty.suggestions.procedure import PROCEDURE
from api.procedures import taking
from api.roster import ROSTER
from api.services import Services
from config.vocabulary.time import day_of

_NUMBERS = "{year}-{number:03}"


def is_begun(services: Services, text: Mapping[str, str]) -> bool:
    """Whether a suggestion of this text is there from before."""
    return begun_before(services, text) is not None


def begun_before(services: Services, text: Mapping[str, str]) -> str | None:
    """The id of the suggestion of this text that is there."""
    with services.state.read() as connection:
        found = repository.drafted_as(connection, _key(text))
    return str(found["id"]) if found else None


def begun(services: Services, deputy: Account, text: Mapping[str, str]) -> str:
    """The id of a draft."""
    given = {**text, "openness": "public"}
    return actions.begin(services, deputy, _key(text), given).item_id


def submitted(services: Services, lead: Account, text: Mapping[str, str]) -> str:
    """Waits for the check."""
    item_id = begun(services, lead, text)
    actions.submit(services, lead, item_id, {}, None, none_of_grounds=True)
    actions.done(services, item_id)
    return item_id


def accepted(
    services: Services, lead: Account, office: Account, text: Mapping[str, str], number: int
) -> str:
    """Passed the check, with a number of this year."""
    item_id = submitted(services, lead, text)
    year = day_of(services.now_ms())[:4]
    given = {
        "number": _NUMBERS.format(year=year, number=number),
        "session": "between",
        "topic": text["topic"],
    }
    with taking.acts(services, PROCEDURE, office) as acting:
        taking.take(acting, item_id, "accept", given)
    return item_id


def assigned(
    services: Services, office: Account, item_id: str, unit: str, further: Sequence[str] = ()
) -> None:
    """In the hands of a unit, and of further ones for their opinion, from today on."""
    fields = {"unit": unit, "effort": "normal", "day": day_of(services.now_ms())}
    assignment.assign(services, office, item_id, Assigned(fields, further, (), None))


def signed_for(services: Services, unit: Account, item_id: str) -> None:
    """The unit has it, and spoke with the deputy."""
    with taking.acts(services, PROCEDURE, unit) as acting:
        taking.take(acting, item_id, "sign-for", {})
    contact = {
        "way": "visit",
        "day": day_of(services.now_ms()),
        "text": "到现场一起看了情况，听取了代表意见。",
    }
    handling.log_contact(services, unit, item_id, contact)
    actions.done(services, item_id)


def answered(
    services: Services,
    unit: Account,
    item_id: str,
    reply: Mapping[str, str],
    *promises: Mapping[str, str],
) -> None:
    """The unit answers and promises; the window of ratings is open."""
    fields = {**reply, "day": day_of(services.now_ms())}
    replies.reply(services, ROSTER, unit, item_id, Written(fields, promises, None))
    actions.done(services, item_id)


def closed(services: Services, lead: Account, item_id: str) -> None:
    """The only signer is satisfied."""
    closing.rate(services, lead, item_id, {"attitude": "satisfied", "outcome": "satisfied"})


def _key(text: Mapping[str, str]) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, text["title"]))
