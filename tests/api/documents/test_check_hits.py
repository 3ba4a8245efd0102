"""Hits of texts: made at once or kept, the same after any order of changes, judged by people."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa

from api.platforms.documents.rulebook import actions as rulebook
from api.platforms.documents.rulebook.records import Hit
from api.platforms.documents.rulebook.tables import HITS
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.deadline_rules import core_of
from tests.api.documents.test_texts import kept

both = pytest.mark.parametrize("kind", BOTH)
FINES = """通州区犬只管理办法

通政规〔2024〕7号

第一条 为了加强犬只管理，制定本办法。

第二条 养犬人不得携犬进入公园。违反本条规定的，处以二百元罚款。

第三条 违反本办法的，依照《中华人民共和国治安管理处罚法》第七十五条的规定处以罚款。

第四条 本办法自2024年5月1日起施行。
"""


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office."""
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, "lianluo")
        yield client


def hits(centre: RunningCentre, text: int, version: int | None = None) -> tuple[Hit, ...]:
    """As a page has them."""
    with centre.services.state.read() as connection:
        return rulebook.hits(connection, centre.services, text, version)


def count(centre: RunningCentre) -> int:
    """Rows that are kept."""
    with centre.services.state.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(HITS)) or 0


@both
def test_given_a_fine_and_one_by_law_when_asked_at_once_and_kept_then_the_same_hits_with_the_excuse(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """The job keeps a row a check; they change nothing of what a page says."""
    text = kept(clerk, FINES)
    at_once = hits(centre, text)
    assert count(centre) == 0
    rulebook.renew(core_of(centre))
    assert count(centre) > 10
    assert hits(centre, text) == at_once
    fines = [of for of in at_once if of.check == "penalty"]
    assert [(of.label, of.excluded is None) for of in fines] == [
        ("第二条", True),
        ("第三条", False),
    ]
    assert fines[0].words == "处以二百元罚款"
    assert (fines[0].law, fines[0].clause) == ("行政处罚法", "第十六条")
