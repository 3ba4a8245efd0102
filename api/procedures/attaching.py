"""Files at things with a procedure: who may put one to it in which states, and the form for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from api.accounts.permission import Permission
from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.bodies import larger
from api.files import actions as files
from api.files.receiving import FileRefused
from api.procedures import repository
from api.procedures.pages import Shown
from api.procedures.part import Failed
from api.procedures.procedure import Procedure, Row
from api.procedures.refusals import UnknownThing
from api.services import Services, ServicesOf
from api.web.rendering import link

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

    def attach(
        self, services: Services, account: Account, item_id: str, upload: UploadFile, title: str
    ) -> None:
        """Put a file to a thing.

        Raises:
            UnknownThing: it is not theirs, or takes no files any more.
            FileRefused
        """
        procedure = self.procedure
        with services.state.read() as connection:
            row = repository.row_for(connection, procedure, item_id, account, procedure.see)
        if row is None or not self.may(services, account, row):
            raise UnknownThing(f"no {procedure.kind} {item_id[:40]} that takes files")
        subject = repository.reference(procedure, str(row["id"]))
        files.attach(services, account, subject, upload, title)

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
            except FileRefused as refused:
                failed = Failed(FILES, refused.said(services.words))
                answer = shown(request, services, account, item_id, failed)
                answer.status_code = refused.status_code
                return answer
            return RedirectResponse(link(request, address.format(item_id=item_id)), 303)

        return router
