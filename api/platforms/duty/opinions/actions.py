"""Receive opinions, show them to their deputy and the office, make suggestions of them, and remove
identities in time.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from api import audit
from api.accounts.records import Account, Reach, Secrecy
from api.accounts.repositories.people import People
from api.accounts.repositories.units import Units
from api.open_forms.receipts import receipt, receipt_hash
from api.platforms.duty import centre
from api.platforms.duty.deputies import repository as register
from api.platforms.duty.deputies.records import Deputy
from api.platforms.duty.opinions import repository, wording
from api.platforms.duty.opinions.procedure import PROCEDURE
from api.platforms.duty.opinions.records import (
    A_PAGE,
    KIND,
    LONGEST_CODE,
    TEXT,
    Asked,
    Identity,
    Line,
    NotForYou,
    NotReceived,
    NotTaken,
    Progress,
    Recipient,
    Retention,
    Written,
    apart,
    identity_faults,
    without_identity,
)
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.suggestions import actions as suggestions
from api.platforms.duty.suggestions.procedure import PROCEDURE as SUGGESTION
from api.ports import Item
from api.procedures import needs, taking
from api.procedures import repository as procedures
from api.procedures.procedure import Given, Row
from api.procedures.refusals import Incomplete, UnknownThing
from api.procedures.taking import Acting
from api.services import Services
from api.shape import CoreServices
from config.files import read_toml
from config.vocabulary.errors import Fault, FaultyInput
from config.vocabulary.time import DAY_MS, day_of

_SHIPPED = Path(__file__).parent / "data" / "opinions.toml"
_OWN = Path("duty") / "opinions.toml"
"""Below the folder of the district."""
_MOST_DAYS = 3650
_AT_ONCE = 500
"""Identities of one transaction: others wait meanwhile."""


@cache
def retention(district: Path) -> Retention:
    """The terms of the product, or of the district where it has a file.

    Raises:
        FaultyInput: the file cannot be read, or a term is none.
    """
    own = district / _OWN
    path = own if own.exists() else _SHIPPED
    found = read_toml(path, "write it like that of the product")
    days = [found.get(name) for name in Retention.__dataclass_fields__]
    if not all(isinstance(of, int) and 1 <= of <= _MOST_DAYS for of in days):
        remedy = f"give {list(Retention.__dataclass_fields__)} of 1 to {_MOST_DAYS} days"
        raise FaultyInput([Fault(path.name, "does not hold", remedy)])
    return Retention(**{name: found[name] for name in Retention.__dataclass_fields__})


def recipient(services: Services, code: str) -> Recipient | None:
    """The deputy of a code. All who ask within a moment share the answer."""
    if not (code.isascii() and code.isalnum() and len(code) <= LONGEST_CODE):
        return None

    def asked() -> Recipient | None:
        with services.state.read() as connection:
            found = register.by_code(connection, code)
            today = day_of(services.now_ms())
            takes = found is not None and found in repository.in_term(connection, today)
        if found is None:
            return None
        names = People(services.state).names([found.username])
        units = {of.id: services.words.name(of.name) for of in Units(services.state).all()}
        return Recipient(
            found.username,
            names.get(found.username, found.username),
            units.get(found.delegation, ""),
            found.constituency,
            found.code,
            takes,
        )

    return services.shared.get(("duty", "opinions", code), services.moment, asked)


def check(services: Services, written: Written) -> Given:
    """All of an opinion that the step asks for.

    Raises:
        NotReceived: with every field that does not hold.
    """
    said = {name: written.fields.get(name, "") for name in (*TEXT, "way", "received")}
    wrong: dict[str, str] = {}
    found: Given = {}
    try:
        found = needs.checked(services, PROCEDURE, PROCEDURE.first, said, services.now_ms())
    except Incomplete as refused:
        wrong |= refused.wrong(services.words)
    title = said["title"]
    if "title" not in wrong and without_identity(title, written.identity) != title:
        wrong["title"] = services.words("duty.opinions.wrong-title")
    for name, key in identity_faults(written.identity).items():
        wrong[name] = services.words(f"duty.opinions.wrong-{key}")
    if wrong:
        raise NotReceived(wrong)
    return found


def receive(services: Services, to: Recipient, written: Written) -> str:
    """Keep an opinion from the public; the code of its receipt. The same form sent twice is one
    opinion with one code.

    Raises:
        NotReceived, NotTaken
    """
    if not to.takes:
        raise NotTaken("this deputy is in no term today")
    today = day_of(services.now_ms())
    fields = {name: written.fields.get(name, "") for name in TEXT}
    of_form = replace(written, fields=fields | {"way": "page", "received": today})
    reach = Reach(frozenset({DutyPermission.FORWARD_OPINIONS}), secrecy=Secrecy.RESTRICTED)
    voter = Account("", services.words("duty.opinions.voter"), reaches=(reach,))
    return _kept(services, voter, to.username, of_form)[1]


def record(services: Services, account: Account, deputy: str, written: Written) -> tuple[str, str]:
    """Keep an opinion that the office was given for a deputy; its id, and the code of the receipt.

    Raises:
        NotReceived, NotYours
    """
    known = {of.username for of in deputies(services)}
    wrong: dict[str, str] = {}
    if deputy not in known:
        wrong["deputy"] = services.words("duty.opinions.wrong-deputy")
    if written.fields.get("way") == "page":
        wrong["way"] = services.words("procedures.need-choice")
    try:
        check(services, written)
    except NotReceived as refused:
        wrong |= refused.wrong
    if wrong:
        raise NotReceived(wrong)
    return _kept(services, account, deputy, written)


def deputies(services: Services) -> Sequence[Deputy]:
    """The deputies of today's term with their names, in the order of the office's list."""
    with services.state.read() as connection:
        found = repository.in_term(connection, day_of(services.now_ms()))
    return _named(services, found)


def colleagues(services: Services, row: Row) -> Sequence[Deputy]:
    """The deputies whom the office may give an opinion."""
    with services.state.read() as connection:
        found = repository.colleagues_for(connection, row)
    return _named(services, found)


def own_deputy(services: Services, account: Account) -> Deputy | None:
    """Somebody as a deputy of today's term."""
    found = [of for of in deputies(services) if of.username == account.username]
    return found[0] if found else None


def progress(services: Services, code: str) -> Progress | None:
    """How the opinion of a receipt stands; None where there is none."""
    key = receipt_hash(_receipts(services), code[:100])
    with services.state.read() as connection:
        row = repository.by_code(connection, key)
    if row is None:
        return None
    answered = row["state"] in ("answered", "closed")
    return Progress(row["state"], row["answer"] or "" if answered else "")


def opinion(services: Services, account: Account, item_id: str) -> Row:
    """An opinion that an account sees.

    Raises:
        UnknownThing
    """
    with services.state.read() as connection:
        row = procedures.row_for(connection, PROCEDURE, item_id, account, PROCEDURE.see)
    if row is None:
        raise UnknownThing(f"unknown opinion {item_id[:40]}")
    return row


def may_identify(services: Services, account: Account, row: Row) -> bool | None:
    """Whether an account may see who wrote an opinion; None where nobody left a name or number."""
    with services.state.read() as connection:
        identity = repository.identity(connection, row["id"])
    return _may(account, row, identity) if identity else None


def identify(services: Services, account: Account, item_id: str) -> Identity:
    """The voter who wrote an opinion; the audit keeps who asked.

    Raises:
        UnknownThing, NotForYou
    """
    row = opinion(services, account, item_id)
    with services.state.begin() as connection:
        identity = repository.identity(connection, row["id"])
        if not identity or not _may(account, row, identity):
            raise NotForYou("who wrote it is for the deputy, and for the office where they agree")
        audit.record(
            connection,
            by=account.actor,
            action="duty.opinion-identity",
            subject=f"duty/{KIND}/{row['id']}",
            detail="",
            at_ms=services.now_ms(),
        )
    return identity


def prepared(services: Services, row: Row) -> Mapping[str, str]:
    """The fields of the suggestion that would be made of an opinion."""
    with services.state.read() as connection:
        identity = repository.identity(connection, row["id"])
    return wording.as_suggestion(services.words, row, identity)


def suggest(services: Services, account: Account, item_id: str, version: int | None) -> str:
    """Begin a draft of a suggestion out of an opinion, in one transaction; the suggestion's id.

    Raises:
        StepRefused
    """
    with taking.acts(services, PROCEDURE, account) as acting:
        row = procedures.row_for(acting.connection, PROCEDURE, item_id, account, PROCEDURE.see)
        if row is None:
            raise UnknownThing(f"unknown opinion {item_id[:40]}")
        taking.check(acting, row, PROCEDURE.by_name["suggest"])
        made = _drafted(acting, row)
        taking.take(acting, item_id, "suggest", {"suggestion": made}, version)
    suggestions.done(services, made)
    return made


def listed(services: Services, account: Account, asked: Asked) -> tuple[Sequence[Line], int, int]:
    """A page of opinions, how many there are, and the id from which it goes on, 0 at the end."""
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


def read(services: Services, account: Account, item_id: str) -> Item | None:
    """An opinion as an item, with which a suggestion may be begun: nothing of whoever wrote it,
    and no history, in which their words stand as they wrote them.
    """
    with services.state.read() as connection:
        row = procedures.row_for(connection, PROCEDURE, item_id, account, PROCEDURE.see)
        identity = repository.identity(connection, row["id"]) if row else Identity()
    if row is None:
        return None
    content = {
        "number": row["id"],
        "received": row["received_day"].isoformat(),
        "way": services.words(f"duty.opinion.way-{row['way']}"),
        "state": services.words(f"duty.opinion.state-{row['state']}"),
        "text": without_identity(row["body"], identity),
        "answer": row["answer"],
    }
    return Item(row["title"], f"/opinions/{row['id']}", content)


def keep_terms(core: CoreServices) -> None:
    """The job of each night: close what was answered some time ago, and remove identities of what
    was closed long ago. The audit keeps of which opinions.
    """
    services = core.acting
    days = retention(core.district)
    now_ms = core.now_ms()
    with core.state.read() as connection:
        answered = repository.answered_before(connection, now_ms - days.close_answered * DAY_MS)
    for item in answered:
        with taking.acts(services, PROCEDURE, centre.account(services)) as acting:
            taking.take(acting, str(item), "expire", {})
    before_ms = now_ms - days.forget_identity * DAY_MS
    forgotten: Sequence[int] = range(_AT_ONCE)
    while len(forgotten) == _AT_ONCE:
        with core.state.begin() as connection:
            forgotten = repository.forget_before(connection, before_ms, _AT_ONCE)
            audit.record_all(
                connection,
                by=audit.CENTRE,
                action="duty.opinion-forgotten",
                details={f"duty/{KIND}/{of}": "" for of in forgotten},
                at_ms=now_ms,
            )


def _kept(services: Services, account: Account, deputy: str, written: Written) -> tuple[str, str]:
    checked = check(services, written)
    words = {name: apart(checked.get(name, ""), written.identity) for name in TEXT}
    given = {**checked, **words}
    key = _receipts(services)
    said = "\0".join((deputy, written.key, *(f"{name}\0{given[name]}" for name in sorted(given))))
    code = receipt(key, said)
    code_hash = receipt_hash(key, code)
    with taking.acts(services, PROCEDURE, account) as acting:
        known = repository.by_code(acting.connection, code_hash)
        if known is not None:
            return str(known["id"]), code
        item_id, _ = taking.begin(
            acting,
            given,
            deputy=deputy,
            code_hash=code_hash,
            secrecy=int(Secrecy.RESTRICTED),
        )
        if written.identity:
            repository.put_identity(acting.connection, int(item_id), written.identity)
    return item_id, code


def _drafted(acting: Acting, row: Row) -> str:
    identity = repository.identity(acting.connection, row["id"])
    username = acting.account.username
    made, _ = taking.begin(
        replace(acting, procedure=SUGGESTION),
        wording.as_suggestion(acting.services.words, row, identity),
        draft_key=str(uuid.uuid4()),
        author=username,
        lead=username,
        text_hash="",
        returns=0,
        round=0,
        secrecy=int(Secrecy.RESTRICTED),
        source=repository.source(row["id"]),
    )
    return made


def _may(account: Account, row: Row, identity: Identity) -> bool:
    """The deputy in person, not somebody who acts for them; the office where the voter agrees."""
    if account.clerk is None and account.username == row["deputy"]:
        return account.may(DutyPermission.ANSWER_VOTERS)
    return identity.for_office and account.may(DutyPermission.FORWARD_OPINIONS)


def _named(services: Services, found: Sequence[Deputy]) -> Sequence[Deputy]:
    names = People(services.state).names([of.username for of in found])
    return [replace(of, name=names.get(of.username, of.username)) for of in found]


def _receipts(services: Services) -> bytes:
    return services.site_key.of("opinion-receipt")
