"""Pages of one's own account as answers."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.frame import frame
from api.own_account.owner import Owner, Slowed
from api.web.forms import NotAccepted
from api.web.rendering import page


def shown(
    request: Request,
    owner: Owner,
    template: str,
    refused: NotAccepted | None = None,
    **values: Any,
) -> HTMLResponse:
    """A page, with what was refused beside the field that it is about."""
    words = owner.services.words
    wrong = {refused.faults[0].where: words(refused.key, **refused.values)} if refused else {}
    shared = frame(request, owner.services, owner.account)
    answer = page(request, words, f"account/{template}", **shared, wrong=wrong, **values)
    if refused:
        answer.status_code = 429 if isinstance(refused, Slowed) else 422
    if isinstance(refused, Slowed):
        answer.headers["Retry-After"] = str(refused.wait_s)
    return answer
