"""The forms of steps and of files, below the address of a thing's page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.permission import Permission
from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import form_of, larger
from api.files import actions as files
from api.files import wording
from api.files.permission import FilePermission
from api.files.receiving import FileRefused
from api.procedures import repository, taking
from api.procedures.part import Failed, failed_by
from api.procedures.procedure import WITHDRAW, Procedure, Row
from api.procedures.refusals import StepRefused, UnknownThing
from api.services import Services, ServicesOf
from api.web.rendering import link

Shown = Callable[[Request, Services, Account, str, Failed | None], HTMLResponse]
"""The platform's page of a thing, with what was refused on it."""
Done = Callable[[Services, str], None]
"""Hears of a step after it is committed, by the id of the thing: to tell open pages."""
_VERSION = "version"


async def _written(request: Request) -> Mapping[str, str]:
    """The fields of a form that are text."""
    async with form_of(request) as form:
        return {name: of for name, of in form.items() if isinstance(of, str)}


Written = Annotated[Mapping[str, str], Depends(_written)]


def nothing_more(_services: Services, _item_id: str) -> None:
    """Of a platform whose pages hear of nothing."""


def forms(
    procedure: Procedure, address: str, shown: Shown, done: Done = nothing_more
) -> APIRouter:
    """Routes that take the forms of ``procedures/_procedure.html``.

    Args:
        procedure: whose steps they take.
        address: of the page below the platform, with ``{item_id}``.
        shown: that page.
        done: hears of each step.
    """
    router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])
    reader: Any = require(procedure.see)

    @router.post(f"{address}/steps/{{step}}")
    def take(
        item_id: str,
        step: str,
        written: Written,
        request: Request,
        services: ServicesOf,
        account: Account = reader,
    ) -> Response:
        """Take a step, and lead back to the page; or show there why not."""
        given = {name: of for name, of in written.items() if name != _VERSION}
        version = version_of(written)
        try:
            with taking.acts(services, procedure, account) as acting:
                if step == WITHDRAW:
                    taking.withdraw(acting, item_id, given.get("why", ""), version)
                else:
                    taking.take(acting, item_id, step, given, version)
        except UnknownThing:
            raise
        except StepRefused as refused:
            failed = failed_by(services, refused, step, given)
            answer = shown(request, services, account, item_id, failed)
            answer.status_code = refused.status_code
            return answer
        done(services, item_id)
        return RedirectResponse(link(request, address.format(item_id=item_id)), 303)

    return router


def version_of(written: Mapping[str, str]) -> int | None:
    """Of the row that the form stood on; one that nobody wrote is none."""
    said = written.get(_VERSION, "")[:10]
    return int(said) if said.isascii() and said.isdecimal() else None


FILES = "files"
"""The name under which a page hears that a file was refused."""


@dataclass(frozen=True, slots=True)
class Attaching:
    """In some ``states`` a thing takes files of those who may act on it by one of the
    ``permissions``.
    """

    procedure: Procedure
    states: Collection[str]
    permissions: Collection[Permission]

    def may(self, services: Services, account: Account, row: Row) -> bool:
        """Whether somebody may put a file to a thing."""
        with services.state.read() as connection:
            return row["state"] in self.states and any(
                repository.in_hands(connection, self.procedure, str(row["id"]), account, of)
                for of in self.permissions
            )

    def part(
        self, services: Services, account: Account, row: Row, address: str
    ) -> Mapping[str, object]:
        """The files of a thing as its page hands them to the macro ``attachments``."""
        subject = repository.reference(self.procedure, str(row["id"]))
        return {
            "lines": wording.lines(services, files.of_subject(services, subject)),
            "accepted": wording.ACCEPTED,
            "attach": f"{address}/{FILES}" if self.may(services, account, row) else "",
            "most_mb": services.attachments.most_mb,
            "sees_hidden": account.may(FilePermission.SEE_HIDDEN),
        }

    def attach(
        self, services: Services, account: Account, item_id: str, upload: UploadFile, title: str
    ) -> int:
        """Put a file to a thing; its id.

        Raises:
            UnknownThing: it is not theirs, or takes no files any more.
            FileRefused
            StepRefused: its name or title does not hold against the rule of the platform's texts.
        """
        procedure = self.procedure
        with services.state.read() as connection:
            row = repository.row_for(connection, procedure, item_id, account, procedure.see)
        if row is None or not self.may(services, account, row):
            raise UnknownThing(f"no {procedure.kind} {item_id[:40]} that takes files")
        procedure.texts({"file": upload.filename or "", "title": title})
        subject = repository.reference(procedure, str(row["id"]))
        return files.attach(services, account, subject, upload, title)

    def form(self, address: str, shown: Shown) -> APIRouter:
        """The route of the form below the address of a thing's page; a file that is refused is
        said on that page.
        """
        router = APIRouter(include_in_schema=False, dependencies=[SameOrigin])
        reader: Any = require(self.procedure.see)

        @router.post(f"{address}/{FILES}", response_model=None)
        @larger(files.most_body_bytes)
        def attach(
            item_id: str,
            file: UploadFile,
            request: Request,
            services: ServicesOf,
            title: Annotated[str, Form(max_length=files.LONGEST_TITLE)] = "",
            account: Account = reader,
        ) -> Response:
            """Put a file to it."""
            try:
                self.attach(services, account, item_id, file, title)
            except UnknownThing:
                raise
            except (FileRefused, StepRefused) as refused:
                failed = Failed(FILES, refused.said(services.words))
                answer = shown(request, services, account, item_id, failed)
                answer.status_code = refused.status_code
                return answer
            return RedirectResponse(link(request, address.format(item_id=item_id)), 303)

        return router
