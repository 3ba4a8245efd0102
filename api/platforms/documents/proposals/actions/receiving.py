"""Receive proposals, from everybody and on paper."""

from __future__ import annotations

from dataclasses import replace

from api.accounts.records import Account, Secrecy
from api.open_forms.receipts import receipt, receipt_hash
from api.platforms.documents.proposals import repository
from api.platforms.documents.proposals.actions.own import as_proposer, bodies, chosen
from api.platforms.documents.proposals.procedure import PROCEDURE
from api.platforms.documents.proposals.records import (
    NUMBER_GROUPS,
    TEXT,
    NotReceived,
    Receipt,
    Written,
    apart,
    identity_faults,
    without_identity,
)
from api.procedures import needs, taking
from api.procedures.procedure import Given
from api.procedures.refusals import Incomplete
from api.services import Services
from config.vocabulary.time import day_of


def check(services: Services, written: Written, *, by_office: bool) -> Given:
    """All of a proposal that the step asks for.

    Raises:
        NotReceived: with every field that does not hold.
    """
    said = {need.name: written.fields.get(need.name, "") for need in PROCEDURE.first.needs}
    wrong: dict[str, str] = {}
    checked: Given = {}
    text = chosen(services, said["text"]) if said["text"] else None
    if text is not None:
        said["document"] = said["document"].strip() or text.title
    try:
        checked = needs.checked(services, PROCEDURE, PROCEDURE.first, said, services.now_ms())
    except Incomplete as refused:
        wrong |= refused.wrong(services.words)
    if said["text"] and text is None:
        wrong["document"] = services.words("documents.proposals.wrong-text")
    document = said["document"]
    person = replace(written.identity, organisation="")
    if "document" not in wrong and without_identity(document, person) != document:
        wrong["document"] = services.words("documents.proposals.wrong-document")
    demands = said["kind"] == "demand"
    if demands != (said["body"] in bodies(services)) or (demands and said["proposer"] != "organ"):
        wrong["body"] = services.words("documents.proposals.wrong-body")
    needed = not by_office
    for name, key in identity_faults(written.identity, needed=needed).items():
        wrong[name] = services.words(f"documents.proposals.wrong-{key}")
    if wrong:
        raise NotReceived(wrong)
    return checked


def receive(services: Services, written: Written) -> Receipt:
    """Keep a proposal from the public. The same form sent twice is one proposal with one receipt.

    Raises:
        NotReceived
    """
    fields = {name: written.fields.get(name, "") for name in (*TEXT, "text")}
    by = "organisation" if written.identity.organisation else "citizen"
    fields |= {"kind": "proposal", "proposer": by, "way": "page"}
    of_form = replace(written, fields=fields | {"received": day_of(services.now_ms())})
    return _kept(services, as_proposer(services), of_form, by_office=False)[1]


def record(services: Services, account: Account, written: Written) -> tuple[str, Receipt]:
    """Keep what came on paper, by phone or in person; its id, and the receipt to hand out.

    Raises:
        NotReceived, StepRefused
    """
    if written.fields.get("way") == "page":
        raise NotReceived({"way": services.words("procedures.need-choice")})
    return _kept(services, account, written, by_office=True)


def receipts(services: Services) -> bytes:
    """The key of numbers and secrets."""
    return services.site_key.of("proposal-receipt")


def _kept(
    services: Services, account: Account, written: Written, *, by_office: bool
) -> tuple[str, Receipt]:
    checked = check(services, written, by_office=by_office)
    who = written.identity
    own = [name for name in TEXT if name != "document" and checked.get(name)]
    words = {name: apart(checked[name], who) for name in own}
    given = {**checked, **words}
    key = receipts(services)
    by = (written.key, who.name, who.contact, who.organisation)
    said = "\0".join((*by, *(f"{name}\0{given[name]}" for name in sorted(given))))
    made = Receipt(receipt(key, f"number\0{said}", NUMBER_GROUPS), receipt(key, f"secret\0{said}"))
    with taking.acts(services, PROCEDURE, account) as doing:
        known = repository.by_number(doing.connection, made.number)
        if known is not None:
            return str(known["id"]), made
        item_id, _ = taking.begin(
            doing,
            given,
            number=made.number,
            code_hash=receipt_hash(key, made.secret),
            secrecy=int(Secrecy.RESTRICTED),
        )
        if who:
            repository.put_identity(doing.connection, int(item_id), who)
    return item_id, made
