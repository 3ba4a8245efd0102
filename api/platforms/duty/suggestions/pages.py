"""Pages of one suggestion: writing it, reading it, having it signed, submitting it."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile as Sent

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import form_of, larger
from api.copies import wording as copy_wording
from api.files import actions as files
from api.files import wording as file_wording
from api.files.permission import FilePermission
from api.files.receiving import FileRefused
from api.frame import frame
from api.platforms.duty.permission import DutyPermission
from api.platforms.duty.promises import actions as promises
from api.platforms.duty.signing.pages import signing_forms
from api.platforms.duty.similarity import actions as similarity
from api.platforms.duty.similarity.actions import Compared, Earlier
from api.platforms.duty.similarity.records import Written as Compare
from api.platforms.duty.suggestions import actions, wording
from api.platforms.duty.suggestions.procedure import PROCEDURE
from api.platforms.duty.suggestions.records import ExclusionsNotChecked, KeyTaken
from api.procedures.pages import forms
from api.procedures.part import Failed, Part, failed_by, part_of
from api.procedures.refusals import Incomplete, StepRefused, UnknownThing
from api.services import Services, ServicesOf
from api.web.caches import cache
from api.web.declared import Declared
from api.web.forms import LONGEST_WHY, MOST_ID, RowId
from api.web.rendering import link, page

ADDRESS = "/suggestions/{item_id}"
OWN_FORMS = ("submit", "edit", "discard")
"""Steps whose forms the page has itself, while they may be taken."""
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])
Reader = Annotated[Account, require(DutyPermission.SEE)]
Writer = Annotated[Account, require(DutyPermission.WRITE)]
Source = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True, slots=True)
class Written:
    """A form as it was sent: its texts by field, and the files that came with it."""

    fields: Mapping[str, str] = field(default_factory=dict)
    sent: Sequence[Sent] = ()

    @property
    def given(self) -> Mapping[str, str]:
        """The fields of the procedure."""
        return {name: self.fields.get(name, "") for name in actions.TEXT}

    @property
    def version(self) -> int | None:
        """Of the row that the form stood on; one that nobody wrote is none."""
        return number_of(self.fields.get("version", "")) or None


def number_of(said: str) -> int:
    """A number of a row as a form says it, 0 where it says none."""
    said = said[:11]
    known = said.isascii() and said.isdecimal() and int(said) <= MOST_ID
    return int(said) if known else 0


async def _written(request: Request) -> AsyncIterator[Written]:
    async with form_of(request) as form:
        texts = {
            name: of.replace("\r\n", "\n") for name, of in form.items() if isinstance(of, str)
        }
        sent = [of for of in form.getlist("files") if isinstance(of, Sent) and of.filename]
        yield Written(texts, sent)


Sending = Annotated[Written, Depends(_written)]


@router.get("/suggestions/new", response_class=HTMLResponse)
def new(
    request: Request, services: ServicesOf, account: Writer, source: Source = ""
) -> HTMLResponse:
    """An empty form, or one that begins with what an item of another platform says."""
    found = actions.origin(request.app.state.roster, services, account, source)
    fields = {"draft_key": str(uuid.uuid4()), "openness": "public"}
    if found:
        _, item = found
        fields |= {
            "source": source,
            "title": item.title[: actions.LONGEST_TITLE],
            "body": actions.from_item(services, item.title, item.content),
        }
    return _form(request, services, account, Written(fields))


@router.post("/suggestions/new")
@larger(files.most_body_bytes)
def begin(written: Sending, request: Request, services: ServicesOf, account: Writer) -> Response:
    """Keep a draft, and lead to its page; or show the form again with every fault."""
    try:
        key = _key(written.fields.get("draft_key", ""))
        source = written.fields.get("source", "")[:100]
        state = request.app.state
        copies = actions.copies_of(state.roster, state.services, account, source)
        item_id = actions.save(services, account, key, written.given, source, copies)
    except (StepRefused, KeyTaken) as refused:
        return _form(request, services, account, written, refused=refused)
    return _with_files(request, services, account, item_id, written)


@router.get(f"{ADDRESS}/edit", response_class=HTMLResponse)
def editing(item_id: str, request: Request, services: ServicesOf, account: Writer) -> HTMLResponse:
    """The form with a draft in it."""
    row = actions.row_for(services, account, item_id)
    if not actions.writes(account, row):
        raise UnknownThing(f"no draft {item_id[:40]} of one's own")
    fields = {name: str(row[name] or "") for name in actions.TEXT}
    known = {"draft_key": row["draft_key"], "version": str(row["version"])}
    return _form(request, services, account, Written(fields | known), item_id=item_id)


@router.post(f"{ADDRESS}/edit")
@larger(files.most_body_bytes)
def edit(
    item_id: str, written: Sending, request: Request, services: ServicesOf, account: Writer
) -> Response:
    """Give a draft other words."""
    try:
        actions.edit(services, account, item_id, written.given, written.version)
    except UnknownThing:
        raise
    except StepRefused as refused:
        return _form(request, services, account, written, item_id=item_id, refused=refused)
    return _with_files(request, services, account, item_id, written)


@router.get(ADDRESS, response_class=HTMLResponse)
def suggestion(
    item_id: str, request: Request, services: ServicesOf, account: Reader
) -> HTMLResponse:
    """A suggestion: how it stands, what comes next and until when, then all that was written."""
    return _shown(request, services, account, item_id, None)


@router.post(f"{ADDRESS}/steps/submit")
def submit(
    item_id: str, written: Sending, request: Request, services: ServicesOf, account: Writer
) -> Response:
    """Submit a draft after the list of grounds was gone through."""
    given = {"submitted": written.fields.get("submitted", "")}
    checked = written.fields.get("none_of_grounds") == "yes"
    try:
        actions.submit(services, account, item_id, given, written.version, none_of_grounds=checked)
    except UnknownThing:
        raise
    except ExclusionsNotChecked as refused:
        failed = Failed("submit", refused.said(services.words), {}, given)
        return _refused(request, services, account, item_id, failed, refused)
    except StepRefused as refused:
        failed = failed_by(services, refused, "submit", given)
        return _refused(request, services, account, item_id, failed, refused)
    actions.done(services, item_id)
    return _to(request, item_id)


@router.post(f"{ADDRESS}/files")
@larger(files.most_body_bytes)
def attach(
    item_id: str,
    file: UploadFile,
    title: Annotated[str, Form(max_length=files.LONGEST_TITLE)],
    request: Request,
    services: ServicesOf,
    account: Writer,
) -> Response:
    """Put a file to a draft."""
    try:
        actions.attach(services, account, item_id, file, title)
    except FileRefused as refused:
        failed = Failed("files", refused.said(services.words))
        return _refused(request, services, account, item_id, failed, refused)
    return _to(request, item_id)


@router.post(f"{ADDRESS}/files/{{attachment_id}}")
def detach(
    item_id: str,
    attachment_id: RowId,
    why: Annotated[str, Form(max_length=LONGEST_WHY)],
    request: Request,
    services: ServicesOf,
    account: Writer,
) -> Response:
    """Take a file from a draft."""
    actions.detach(services, account, item_id, attachment_id, why)
    return _to(request, item_id)


def _key(said: str) -> str:
    """A key of a draft; one that is none of ours begins a new draft."""
    try:
        return str(uuid.UUID(said))
    except ValueError:
        return str(uuid.uuid4())


def _to(request: Request, item_id: str) -> RedirectResponse:
    return RedirectResponse(link(request, ADDRESS.format(item_id=item_id)), 303)


def _with_files(
    request: Request, services: Services, account: Account, item_id: str, written: Written
) -> Response:
    """Put the files of a form to a draft that was kept; the first one that is refused is said."""
    for file in written.sent:
        try:
            actions.attach(services, account, item_id, file)
        except FileRefused as refused:
            failed = Failed("files", refused.said(services.words))
            return _refused(request, services, account, item_id, failed, refused)
    return _to(request, item_id)


def _form(
    request: Request,
    services: Services,
    account: Account,
    written: Written,
    *,
    item_id: str = "",
    refused: Declared | None = None,
) -> HTMLResponse:
    words = services.words
    wrong = refused.wrong(words) if isinstance(refused, Incomplete) else {}
    address = ADDRESS.format(item_id=item_id) + "/edit" if item_id else "/suggestions/new"
    chosen = number_of(written.fields.get("raised_again", ""))
    answer = page(
        request,
        words,
        "duty/suggestion_form.html",
        **frame(request, services, account),
        written=written.fields,
        item_id=item_id,
        address=link(request, address),
        options=wording.options(services),
        needs={need.name: need for need in PROCEDURE.first.needs},
        exclusions=wording.exclusions(services),
        earlier=_earlier(request, services, account, written, item_id, chosen),
        chosen=chosen,
        wrong=wrong,
        refused=refused.said(words) if refused and not wrong else "",
        accepted=file_wording.ACCEPTED,
        most_mb=services.attachments.most_mb,
    )
    answer.status_code = refused.status_code if refused else 200
    return answer


def _earlier(
    request: Request,
    services: Services,
    account: Account,
    written: Written,
    item_id: str,
    chosen: int,
) -> Sequence[Earlier]:
    title, body = (written.fields.get(name, "") for name in ("title", "body"))
    if not title and not body:
        return ()
    asked = Compare(number_of(item_id), title, body)
    return similarity.similar(services, cache(request, Compared), account, asked, chosen)


def _refused(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    failed: Failed,
    refused: Declared,
) -> HTMLResponse:
    answer = _shown(request, services, account, item_id, failed)
    answer.status_code = refused.status_code
    return answer


def _shown(
    request: Request, services: Services, account: Account, item_id: str, failed: Failed | None
) -> HTMLResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    values: dict[str, Any] = {}
    for parts in actions.PARTS:
        values |= parts(services, account, part.row)
    values |= promises.parts(services, account, part.row, request.app.state.roster)
    return page(
        request,
        services.words,
        "duty/suggestion.html",
        **frame(request, services, account),
        signing=actions.SIGNING.part(services, account, part.row),
        **_texts(request, services, account, part),
        **values,
        part=_without_own_forms(part),
        submits=_may(part, "submit"),
        discards=_may(part, "discard"),
        failed=failed,
        next=wording.following(services, part),
        exclusions=wording.exclusions(services),
    )


def _may(part: Part, name: str) -> bool:
    """Whether nothing stands against a step."""
    return any(of.step.name == name and of.against is None for of in part.following)


def _without_own_forms(part: Part) -> Part:
    """The part of the procedure without what the page has itself: terms, some forms, and the
    refusals of these; and without what others may do as well.
    """
    shown = [
        of
        for of in part.following
        if (of.own or of.step.awaited)
        and (of.step.name not in OWN_FORMS or of.against is not None)
    ]
    own = not part.failed or _has_own_form(part, part.failed.step)
    return replace(part, following=shown, terms=(), failed=None if own else part.failed)


def _has_own_form(part: Part, step: str) -> bool:
    return step not in PROCEDURE.by_name or (step in OWN_FORMS and _may(part, step))


def _texts(
    request: Request, services: Services, account: Account, part: Part
) -> Mapping[str, Any]:
    """All that was written: facts, replies, files, and where it came from."""
    row, address = part.row, part.address
    writes = actions.writes(account, row)
    source = row["source"] or ""
    state = request.app.state
    found = actions.origin(state.roster, services, account, source)
    kept = actions.kept_items(state.roster, state.services, account, row)
    return {
        "frozen_items": copy_wording.parts(services.words, kept),
        "facts": list(wording.facts(services, row)),
        "raised": actions.raised(services, account, row),
        "origin": found,
        "writes": writes,
        "lines": file_wording.lines(services, actions.attached(services, row)),
        "accepted": file_wording.ACCEPTED,
        "attach": f"{address}/files" if writes else "",
        "most_mb": services.attachments.most_mb,
        "sees_hidden": account.may(FilePermission.SEE_HIDDEN),
    }


PAGES = (
    router,
    signing_forms(actions.SIGNING, ADDRESS, _shown),
    forms(PROCEDURE, ADDRESS, _shown, actions.done),
)
