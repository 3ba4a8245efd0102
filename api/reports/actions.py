"""Freeze papers and keep them, make their forms, and change templates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy.engine import Connection

from api import audit
from api.accounts.records import Account
from api.audit import Actor
from api.kinds.reports import Means, Paper, everybody
from api.reports.comparison import Difference, differences
from api.reports.forms import making, workbook
from api.reports.forms.child import Order
from api.reports.forms.wording import by_name, laid_out
from api.reports.records import (
    Draft,
    Form,
    Head,
    Offered,
    Snapshot,
    Template,
    body_of,
    digest,
    extents_of,
    maker,
)
from api.reports.repository import Reports
from api.services import Services
from api.shape import Platform
from api.web.forms import NotAccepted
from config.catalogue.words import Words
from config.vocabulary.errors import Fault
from config.vocabulary.time import MINUTE_MS

SHORT = 12
"""Digits of a hash that stand on a paper."""


def offered(roster: Iterable[Platform], account: Account) -> Sequence[Offered]:
    """The kinds of papers that somebody may make and see."""
    every = (Offered(platform.slug, kind) for platform in roster for kind in platform.reports)
    return [of for of in every if account.may(of.kind.permission)]


def parameters_of(kind: Offered, given: Mapping[str, Any]) -> Any:
    """The choice for a paper, in the shape of its kind.

    Raises:
        NotAccepted: with the field, its fault and what it takes.
    """
    names = kind.kind.parameters.__struct_fields__
    for name in given.keys() - set(names):
        remedy = f"leave it out; give {', '.join(names) or 'none'}"
        fault = Fault(f"parameters.{name[:40]}", "is no parameter of this kind", remedy)
        raise NotAccepted(fault, "unreadable", field=name)
    try:
        return msgspec.convert(dict(given), kind.kind.parameters, strict=False)
    except msgspec.ValidationError as error:
        field = next((of for of in names if of in str(error)), "")
        fault = Fault(field or "parameters", str(error), "give every field in its form")
        raise NotAccepted(fault, "unreadable", field=field) from error


def given_of(kind: Offered, snapshot: Snapshot) -> dict[str, str]:
    """The fields by which a paper was made, as a form writes them, with its words where people
    may change these.
    """
    chosen = msgspec.json.decode(snapshot.head.parameters)
    fields = {name: str(value) for name, value in chosen.items()}
    return fields | dict(kind.kind.drafted(snapshot.paper))


def make(services: Services, account: Account, kind: Offered, parameters: Any) -> int:
    """Freeze a paper and keep it; its id.

    Raises:
        NotAccepted: there is no paper of these parameters.
    """
    paper = kind.kind.freeze(services, account, parameters)
    written = msgspec.json.encode(parameters, order="sorted").decode()
    draft = Draft(kind, written, paper, extents_of(account, kind.kind.permission))
    with services.state.begin() as connection:
        return keep(services, connection, draft, account.actor, account.signed)


def keep(means: Means, connection: Connection, draft: Draft, by: Actor, name: str = "") -> int:
    """Keep a paper with its row of the audit; its id."""
    now = means.now_ms()
    # A person acted for is whose paper it is.
    username = by.on_behalf or by.who
    snapshot = Reports(means.state).keep(connection, draft, (username, name), now)
    detail = {
        "kind": draft.offered.id,
        "parameters": json.loads(draft.parameters),
        "sha256": digest(draft.body),
    }
    audit.record(
        connection,
        by=by,
        action="report.make",
        subject=str(snapshot),
        detail=json.dumps(detail, ensure_ascii=False),
        at_ms=now,
    )
    return snapshot


def opens(services: Services, account: Account, kind: Offered, snapshot: Snapshot) -> bool:
    """Whether one who sees as far as the maker of a paper may read it."""
    parameters = msgspec.json.decode(snapshot.head.parameters, type=kind.kind.parameters)
    return kind.kind.opens(services, account, parameters, snapshot.paper)


def listing(
    services: Services, account: Account, kinds: Sequence[Offered], *, first: int, most: int
) -> tuple[Sequence[Head], int]:
    """Papers of these kinds that somebody may open, the newest first, and how many there are."""
    kept = Reports(services.state)
    closed = [
        snapshot.head.id
        for kind in kinds
        if kind.kind.opens is not everybody
        for snapshot in kept.every(account, kind)
        if not opens(services, account, kind, snapshot)
    ]
    return kept.listing(account, kinds, first=first, most=most, but=closed)


def slow(kind: Offered, snapshot: Snapshot) -> bool:
    """Whether to make it again takes long."""
    parameters = msgspec.json.decode(snapshot.head.parameters, type=kind.kind.parameters)
    return kind.kind.slow(parameters)


def again(services: Services, kind: Offered, snapshot: Snapshot) -> Paper:
    """The same paper of the data as they are now, as far as the frozen one reaches. Open pages
    share it for a minute.
    """
    minute = services.now_ms() // MINUTE_MS
    parameters = msgspec.json.decode(snapshot.head.parameters, type=kind.kind.parameters)
    who = maker(snapshot.extents, kind.kind.permission)
    key = ("report", kind.id, snapshot.head.parameters, snapshot.extents)
    return services.shared.get(key, minute, lambda: kind.kind.freeze(services, who, parameters))


def changes(services: Services, kind: Offered, snapshot: Snapshot) -> Sequence[Difference]:
    """All that is otherwise now; nothing where the same paper would come of it."""
    paper = again(services, kind, snapshot)
    if digest(body_of(paper)) == snapshot.head.sha256:
        return ()
    return differences(snapshot.paper, paper)


def form(services: Services, kind: Offered, snapshot: Snapshot, asked: Form) -> bytes:
    """The file of a frozen paper: the same one each time.

    Raises:
        NotAccepted: the template of its time is unfit.
        Busy, NoFont: see :mod:`api.reports.forms.making`.
    """
    words, head = services.words, snapshot.head
    foot = foot_of(words, snapshot)
    if asked == "xlsx":
        return workbook.made(words, snapshot.paper, foot, head.made_ms)
    if asked == "pdf":
        lines = laid_out(words, snapshot.paper) | {"foot": foot}
        return making.made(Order("pdf", lines, head.made_ms, libraries=str(services.libraries)))
    template = template_of(services, kind, head.template)
    lines = by_name(words, snapshot.paper) | {"foot": foot}
    return making.made(Order("docx", lines, head.made_ms, template))


def as_word(services: Services, kind: Offered, paper: Paper, foot: str) -> bytes:
    """A paper in Word by the template of today, without keeping it; ``foot`` says what it is.

    Raises:
        NotAccepted: the office's template is unfit by now.
        Busy: see :mod:`api.reports.forms.making`.
    """
    newest = next(iter(templates(services, kind)), None)
    template = template_of(services, kind, newest.id if newest and newest.own else None)
    lines = by_name(services.words, paper) | {"foot": foot}
    return making.made(Order("docx", lines, services.now_ms(), template))


def foot_of(words: Words, snapshot: Snapshot) -> str:
    """Which frozen figures a file was made of."""
    head = snapshot.head
    return words("reports.foot", id=head.id, sha=head.sha256[:SHORT])


def template_of(services: Services, kind: Offered, version: int | None) -> bytes:
    """The Word template of a version; the product's where that is none."""
    own = Reports(services.state).template(kind, version)
    return kind.kind.template.read_bytes() if own is None else own


def templates(services: Services, kind: Offered) -> Sequence[Template]:
    """Every version, the newest first."""
    return Reports(services.state).templates(kind)


def sample(services: Services, account: Account, kind: Offered) -> Paper:
    """A paper on which a template is tried, and which shows the names that one may use."""
    try:
        return kind.kind.freeze(services, account, kind.kind.suggested(services, account))
    except NotAccepted:
        if kind.kind.empty is None:
            raise
        return kind.kind.empty(services)


def change_template(
    services: Services, account: Account, kind: Offered, name: str, content: bytes
) -> None:
    """Take a template of the office after it was tried on a paper of today's data.

    Raises:
        NotAccepted: it is unfit; ``key`` says why, ``values`` where and what.
    """
    lines = by_name(services.words, sample(services, account, kind)) | {
        "foot": services.words("reports.foot-sample")
    }
    making.made(Order("docx", lines, services.now_ms(), content))
    _change(services, account, kind, name, content)


def product_template(services: Services, account: Account, kind: Offered) -> None:
    """Go back to the template that comes with the product."""
    _change(services, account, kind, "", None)


def _change(
    services: Services, account: Account, kind: Offered, name: str, content: bytes | None
) -> None:
    sha256 = hashlib.sha256(content).hexdigest() if content is not None else ""
    now, by = services.now_ms(), (account.username, account.signed)
    with services.state.begin() as connection:
        version = Reports(services.state).change_template(
            connection, kind, (name, content, sha256), by, now
        )
        detail = {"version": version, "file": name, "sha256": sha256}
        audit.record(
            connection,
            by=account.actor,
            action="report.template",
            subject=kind.id,
            detail=json.dumps(detail, ensure_ascii=False),
            at_ms=now,
        )
