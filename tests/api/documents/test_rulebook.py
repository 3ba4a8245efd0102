"""Checks as people change them: tried on every kept text, saved as they were tried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.platforms.documents.checks.records.form import written
from api.platforms.documents.rulebook import repository as rulebook
from documents.checks.documents import load
from documents.checks.records import CheckDocument
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.documents.test_check_hits import FINES
from tests.api.documents.test_texts import kept

both = pytest.mark.parametrize("kind", BOTH)
PAGE, API = "/documents/checks/penalty", "/api/v1/documents/checks/penalty"
DOCUMENTS: dict[str, CheckDocument] = {of.id: of for of in load()}
PENALTY = DOCUMENTS["penalty"]
WIDER = "责令~作出检查"
SCOLDS = """通州区市场管理规定

通政规〔2024〕9号

第一条 为了加强市场管理，制定本规定。

第二条 经营者不按时出摊的，责令其书面作出检查。

第三条 本规定自2024年5月1日起施行，有效期5年。
"""


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office."""
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, "lianluo")
        yield client


def in_force(centre: RunningCentre, check: str = "penalty") -> CheckDocument:
    """A check as hits are made by it."""
    with centre.services.state.read() as connection:
        return rulebook.current(rulebook.all_versions(connection)[check]).document


def form(check: CheckDocument = PENALTY, **changes: str) -> dict[str, Any]:
    """The form of a check with some values of ours; dots are ``__``."""
    changed = {name.replace("__", "."): value for name, value in changes.items()}
    return {**written(check), "version": "1", "trial": "", "reason": "", **changed}


def phrases(more: str) -> str:
    """The phrases of the check as its form has them, and one more."""
    return written(PENALTY)["parameters.phrases"] + "\n" + more


@both
def test_given_kept_texts_when_a_phrase_is_widened_then_what_it_would_flag_is_seen_before_it_is_saved(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """Saving asks for a trial of this very draft and for a reason; nothing that was typed is
    lost.
    """
    kept(clerk, FINES)
    kept(clerk, SCOLDS)
    typed = form(parameters__phrases=phrases(WIDER))
    untried = clerk.post(PAGE, data={**typed, "do": "save", "reason": "本区常见写法"})
    assert untried.status_code == 422
    assert "还没有试算过" in untried.text
    assert WIDER in untried.text
    assert "本区常见写法" in untried.text
    tried = clerk.post(PAGE, data={**typed, "do": "try"}, follow_redirects=True)
    fresh = tried.text[tried.text.index('id="fresh"') : tried.text.index('id="gone"')]
    assert "责令其书面作出检查" in fresh
    assert "《通州区市场管理规定》" in fresh
    assert "已检查全部 2 件文件，1 处有变化" in tried.text
    assert in_force(centre) == PENALTY
    trial = str(tried.url).partition("trial=")[2].partition("#")[0]
    other = form(parameters__phrases=phrases(WIDER + "\n责令~检讨"), trial=trial, reason="另一种")
    assert "还没有试算过" in clerk.post(PAGE, data={**other, "do": "save"}).text
    saved = clerk.post(
        PAGE, data={**typed, "trial": trial, "reason": "本区常见写法", "do": "save"}
    )
    assert saved.status_code == 303, saved.text
    now = in_force(centre)
    assert (now.version, now.reason) == (2, "本区常见写法")
    assert WIDER in now.parameters["phrases"]  # type: ignore[operator]
    page = clerk.get(PAGE).text
    assert f"要找的写法增加：{WIDER}" in page
    sheet = clerk.get(f"{PAGE}/trials/{trial}.csv").text
    assert "责令其书面作出检查" in sheet
