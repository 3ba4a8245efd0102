"""Documents for deputies over the API. The text of one is read as an item, which is recorded; the
history of a document, which says it too, is for its page alone.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.accounts.records import Account
from api.authentication.requests import require
from api.platforms.duty.briefing import actions
from api.platforms.duty.briefing.schemas import BriefingState, document_state
from api.platforms.duty.permission import DutyPermission
from api.services import ServicesOf

Reader = Annotated[Account, require(DutyPermission.SEE_BRIEFING)]
Page = Annotated[int, Query(ge=1, le=10_000)]
Topic = Annotated[str, Query(max_length=20)]
router = APIRouter(tags=["duty"])


@router.get("/briefing")
def briefing(
    services: ServicesOf, account: Reader, topic: Topic = "", page: Page = 1
) -> BriefingState:
    """The documents that the caller sees, of a topic or of all."""
    found = actions.documents(services, account, topic, page)
    documents = [document_state(row) for row in found.documents]
    return BriefingState(documents=documents, page=page, pages=found.pages)


API = (router,)
