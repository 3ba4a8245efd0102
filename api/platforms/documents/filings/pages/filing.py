"""Pages of one filing: its form, its papers, how it stands, registering and handing out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.records import Account, Unit
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.files import actions as files
from api.files import wording as file_wording
from api.files.receiving import FileRefused
from api.frame import frame
from api.open_forms.sending import Fields
from api.platforms.documents.filings import wording
from api.platforms.documents.filings.actions import filings, handing, packages, registering
from api.platforms.documents.filings.actions.checklists import committees
from api.platforms.documents.filings.actions.filings import Shown
from api.platforms.documents.filings.pages.fields import Chosen, wrong_of
from api.platforms.documents.filings.procedure.filing import PROCEDURE
from api.platforms.documents.filings.records.facts import FACTS, facts_of
from api.platforms.documents.filings.wording import Said
from api.platforms.documents.permission import DocumentsPermission
from api.platforms.documents.texts.records import KINDS
from api.procedures import repository as procedures
from api.procedures.pages import forms, version_of
from api.procedures.part import Failed, part_of
from api.procedures.refusals import StepRefused
from api.services import Services, ServicesOf
from api.web.forms import MOST_ID, NotAccepted
from api.web.rendering import link, page

ADDRESS = "/filings/{item_id}"
GIVEN = ("kind", *FACTS, "basis", "amends")
Reader = Annotated[Account, require(DocumentsPermission.SEE)]
Maker = Annotated[Account, require(DocumentsPermission.FILE)]
Office = Annotated[Account, require(DocumentsPermission.CHECK)]
Number = Annotated[int, Path(ge=1, le=MOST_ID)]
router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])


@router.get("/filings/new", response_class=HTMLResponse)
def new(request: Request, services: ServicesOf, account: Maker) -> HTMLResponse:
    """The form of a filing."""
    return _form(request, services, account, {}, {}, None)


@router.post("/filings/new", response_model=None)
def begin(fields: Fields, request: Request, services: ServicesOf, account: Maker) -> Response:
    """Begin a filing; with faults all that was written stays."""
    try:
        given = {name: fields.get(name, "") for name in GIVEN}
        item_id = filings.begin(services, account, fields.get("maker", ""), given)
    except (NotAccepted, StepRefused) as refused:
        return _form(request, services, account, fields, wrong_of(services, refused), None)
    return _back(request, item_id)


@router.get(ADDRESS, response_class=HTMLResponse)
def one(item_id: str, request: Request, services: ServicesOf, account: Reader) -> HTMLResponse:
    """A filing, what stands against it, and what may be done next."""
    return _shown(request, services, account, item_id, None)


@router.get(f"{ADDRESS}/edit", response_class=HTMLResponse)
def editing(item_id: str, request: Request, services: ServicesOf, account: Maker) -> HTMLResponse:
    """The form with the facts as they are."""
    found = filings.shown(services, account, item_id)
    return _form(request, services, account, _written(found), {}, found)


@router.post(f"{ADDRESS}/edit", response_model=None)
def edit(
    item_id: str, fields: Fields, request: Request, services: ServicesOf, account: Maker
) -> Response:
    """Give it other facts; with faults all that was written stays."""
    found = filings.shown(services, account, item_id)
    try:
        given = {name: fields.get(name, "") for name in GIVEN}
        filings.edit(services, account, item_id, given, version_of(fields))
    except StepRefused as refused:
        return _form(request, services, account, fields, wrong_of(services, refused), found)
    return _back(request, item_id)


@router.post(f"{ADDRESS}/papers", response_model=None)
@larger(files.most_body_bytes)
def attach(
    item_id: str,
    file: UploadFile,
    request: Request,
    services: ServicesOf,
    account: Maker,
    paper: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Put a paper to a filing."""
    try:
        filings.attach(services, account, item_id, paper, file.filename or "", file.file)
    except (NotAccepted, FileRefused) as refused:
        wrong = {f"file-{paper}": next(iter(wrong_of(services, refused).values()))}
        return _refused(request, services, account, item_id, wrong)
    return _back(request, item_id, "papers")


@router.post(f"{ADDRESS}/papers/{{number}}/remove", response_model=None)
def remove(
    item_id: str, number: Number, request: Request, services: ServicesOf, account: Maker
) -> Response:
    """Take a paper from a filing."""
    filings.remove(services, account, item_id, number)
    return _back(request, item_id, "papers")


@router.get(f"{ADDRESS}/register", response_class=HTMLResponse)
def registration(
    item_id: str, request: Request, services: ServicesOf, account: Office
) -> HTMLResponse:
    """All that the check of form names, before the registration."""
    return _registration(request, services, account, item_id, {}, {})


@router.post(f"{ADDRESS}/register", response_model=None)
def register(
    item_id: str, fields: Fields, request: Request, services: ServicesOf, account: Office
) -> Response:
    """Register it."""
    try:
        note, version = fields.get("note", ""), version_of(fields)
        registering.register(services, account, item_id, note, version)
    except (NotAccepted, FileRefused, StepRefused) as refused:
        wrong = wrong_of(services, refused)
        return _registration(request, services, account, item_id, fields, wrong)
    return _back(request, item_id)


@router.get(f"{ADDRESS}/distribute", response_class=HTMLResponse)
def distribution(
    item_id: str, request: Request, services: ServicesOf, account: Office
) -> HTMLResponse:
    """The committees that may get it."""
    return _distribution(request, services, account, item_id, None, {})


@router.post(f"{ADDRESS}/distribute", response_model=None)
def distribute(
    item_id: str,
    fields: Fields,
    units: Chosen,
    request: Request,
    services: ServicesOf,
    account: Office,
) -> Response:
    """Hand it out to committees."""
    try:
        handing.distribute(services, account, item_id, units, version_of(fields))
    except (NotAccepted, StepRefused) as refused:
        wrong = wrong_of(services, refused)
        return _distribution(request, services, account, item_id, units, wrong)
    return _back(request, item_id)


@router.post(f"{ADDRESS}/official", response_model=None)
@larger(packages.most_body_bytes)
def official(
    item_id: str,
    fields: Fields,
    request: Request,
    services: ServicesOf,
    account: Reader,
    package: UploadFile | None = None,
) -> Response:
    """Write the receipt of the province's platform, or read it from a package."""
    try:
        if package is not None and package.filename:
            packages.official_of(services, account, item_id, package.file)
        else:
            packages.official(services, account, item_id, fields)
    except NotAccepted as refused:
        said = wrong_of(services, refused)
        wrong = {f"official-{name}": of for name, of in said.items()}
        return _refused(request, services, account, item_id, wrong, fields)
    return _back(request, item_id, "official")


def _back(request: Request, item_id: str, part: str = "") -> RedirectResponse:
    address = link(request, ADDRESS.format(item_id=item_id))
    return RedirectResponse(f"{address}#{part}" if part else address, 303)


def _written(found: Shown) -> Mapping[str, str]:
    facts = facts_of(found.row)
    said = {name: getattr(facts, name) or "" for name in ("kind", *FACTS)}
    more = {name: found.row[name] or "" for name in ("basis", "amends")}
    return said | more | {"maker": facts.maker}


def _form(
    request: Request,
    services: Services,
    account: Account,
    written: Mapping[str, str],
    wrong: Mapping[str, str],
    found: Shown | None,
) -> HTMLResponse:
    makers = filings.makers(services, account)
    unit = found.row["unit"] if found else written.get("maker") or _only(makers)
    needs = {need.name: need for need in PROCEDURE.first.needs}
    answer = page(
        request,
        services.words,
        "documents/filing_form.html",
        **frame(request, services, account),
        found=found,
        written=written,
        unit=unit,
        wrong=wrong,
        makers={of.id: services.words.name(of.name) for of in makers},
        kinds=KINDS,
        needs=needs,
        on_paper=found.row["way"] == "paper" if found else filings.on_paper(account),
        amendable=filings.amendable(services, unit) if unit else {},
    )
    answer.status_code = 422 if wrong else 200
    return answer


def _only(makers: Sequence[Unit]) -> str:
    """The unit of somebody who files for one alone."""
    return makers[0].id if len(makers) == 1 else ""


def _registration(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    written: Mapping[str, str],
    wrong: Mapping[str, str],
) -> HTMLResponse:
    found = filings.shown(services, account, item_id)
    answer = page(
        request,
        services.words,
        "documents/filing_register.html",
        **frame(request, services, account),
        found=found,
        said=_lacks(services, found),
        facts=wording.facts(services.words, facts_of(found.row), found.row["basis"] or ""),
        written=written,
        wrong=wrong,
        address=link(request, ADDRESS.format(item_id=item_id)),
    )
    answer.status_code = 422 if wrong else 200
    return answer


def _distribution(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    chosen: list[str] | None,
    wrong: Mapping[str, str],
) -> HTMLResponse:
    found = filings.shown(services, account, item_id)
    known = committees(services, found.row["kind"])
    has = {of["unit"] for of in found.handouts if of["state"] != "recalled"}
    begins = [of.unit for of in known if of.chosen] if found.row["state"] == "registered" else []
    answer = page(
        request,
        services.words,
        "documents/filing_distribute.html",
        **frame(request, services, account),
        found=found,
        committees=[of for of in known if of.unit not in has],
        chosen=begins if chosen is None else chosen,
        wrong=wrong,
        address=link(request, ADDRESS.format(item_id=item_id)),
    )
    answer.status_code = 422 if wrong else 200
    return answer


def _refused(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    wrong: Mapping[str, str],
    written: Mapping[str, str] | None = None,
) -> HTMLResponse:
    answer = _shown(request, services, account, item_id, None, wrong, written)
    answer.status_code = 422
    return answer


def _lacks(services: Services, found: Shown) -> Sequence[Said]:
    papers = {code: found.checklists.said(code, services.words.language)
              for code in found.checklists.papers}  # fmt: skip
    return wording.lacks(services.words, found.lacks, papers)


def _shown(
    request: Request,
    services: Services,
    account: Account,
    item_id: str,
    failed: Failed | None,
    wrong: Mapping[str, str] | None = None,
    written: Mapping[str, str] | None = None,
) -> HTMLResponse:
    found, words = filings.shown(services, account, item_id), services.words
    address = link(request, ADDRESS.format(item_id=item_id))
    part = part_of(services, account, PROCEDURE, item_id, address=address, failed=failed)
    others = ("send", "complete") if found.row["way"] == "paper" else ("receive",)
    listed = [of for of in part.following if of.own and of.step.name not in others]
    codes = [*found.needed, *(of for of in found.offered if found.hands)]
    codes += [of.code for of in found.papers if of.code not in codes]
    subject = procedures.reference(PROCEDURE, str(found.row["id"]))
    lines = {of.id: of for of in file_wording.lines(
        services, files.of_subject(services, subject))}  # fmt: skip
    return page(
        request,
        words,
        "documents/filing.html",
        **frame(request, services, account),
        found=found,
        part=replace(part, following=listed),
        maker=filings.names(services).get(found.row["unit"], found.row["unit"]),
        committees=filings.names(services),
        facts=wording.facts(words, facts_of(found.row), found.row["basis"] or ""),
        said=_lacks(services, found),
        number=wording.register_number(words, found.entry),
        codes=list(dict.fromkeys(codes)),
        names={of: found.checklists.said(of, words.language) for of in found.checklists.papers},
        lines=lines,
        accepted=file_wording.ACCEPTED,
        most_mb=services.attachments.most_mb,
        wrong=wrong or {},
        written=written or {},
        ours=found.of_maker or found.checks,
        address=address,
    )


PAGES = (router, forms(PROCEDURE, ADDRESS, _shown))
