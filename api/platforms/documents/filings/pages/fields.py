"""The units that a form chose, and what was refused in words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Annotated

from fastapi import Depends, Request

from api.bodies import form_of
from api.files.receiving import FileRefused
from api.procedures.refusals import Incomplete, StepRefused
from api.services import Services
from api.web.declared import Declared
from api.web.forms import NotAccepted


async def _chosen(request: Request) -> AsyncIterator[list[str]]:
    async with form_of(request) as form:
        yield [of for of in form.getlist("units") if isinstance(of, str)][:30]


Chosen = Annotated[list[str], Depends(_chosen)]
Refused = NotAccepted | FileRefused | StepRefused


def wrong_of(services: Services, refused: Refused) -> Mapping[str, str]:
    """The refusal in words, by field; ``step`` where no field is the reason."""
    words = services.words
    if isinstance(refused, FileRefused):
        return {"file": refused.said(words)}
    if isinstance(refused, Incomplete):
        return refused.wrong(words)
    if isinstance(refused, Declared):
        return {"step": refused.said(words)}
    said = words(f"documents.filings.wrong-{refused.key}", **refused.values)
    return {refused.faults[0].where: said}
