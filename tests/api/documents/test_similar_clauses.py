"""Clauses like one in all other texts: found by their signature, beside it, and fast enough."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import httpx
import pytest

from api.platforms.documents.similar import actions
from documents.comparing.signatures import alike, signed
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.deadline_rules import core_of
from tests.api.documents.test_check_hits import FINES, hits
from tests.api.documents.test_texts import RULES, kept, sent

both = pytest.mark.parametrize("kind", BOTH)
LIKE = """通州区公园管理规定

通政规〔2023〕2号

第一条 为了加强公园管理，制定本规定。

第二条 游人应当爱护花木。

第六条 游人不得携犬入园。游人违反本条规定的，处以三百元罚款。

第三条 本规定自2023年5月1日起施行。
"""


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office."""
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, "lianluo")
        yield client


@both
def test_given_a_hit_when_asked_for_others_like_it_then_the_clause_of_another_text_stands_beside_it(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    """Signatures that are kept and those made at once find the same; an amended text is found by
    its newest version alone.
    """
    text, other = kept(clerk, FINES), kept(clerk, LIKE)
    kept(clerk, RULES)
    fine = next(of for of in hits(centre, text) if of.words == "处以二百元罚款")
    address = f"/api/v1/documents/texts/{text}/similar"
    found = clerk.get(address, params={"hit": fine.key}).json()
    assert found["asked"]["text"] == "违反本条规定的，处以二百元罚款。"
    assert found["searched"] == 2
    assert [(of["text"], "三百元罚款" in of["words"]) for of in found["matches"]] == [
        (other, True)
    ]
    assert 0.4 <= found["matches"][0]["likeness"] < 1
    actions.sign(core_of(centre))
    assert clerk.get(address, params={"hit": fine.key}).json() == found
    page = clerk.get(f"/documents/texts/{text}/similar", params={"hit": fine.key}).text
    assert "<del>二</del>百元罚款" in page
    assert "<ins>三</ins>百元罚款" in page
    milder = LIKE.replace("违反本条规定的，处以三百元罚款", "由园方劝离").replace(
        "〔2023〕2", "〔2026〕2"
    )
    assert sent(clerk, milder, of=other, after=1).status_code == 201
    assert clerk.get(address, params={"hit": fine.key}).json()["matches"] == []


def test_given_60_000_articles_when_one_is_asked_for_then_it_is_found_within_a_second() -> None:
    """2,000 texts of 30 articles with 100 signs, of which one has the clause with other words."""
    drawn = random.Random(5)
    syllables = [chr(of) for of in drawn.sample(range(0x4E00, 0x9FA5), 1_500)]
    words = ["".join(drawn.choices(syllables, k=2)) for _ in range(4_000)]
    texts = [["".join(drawn.choices(words, k=50)) for _ in range(30)] for _ in range(2_000)]
    asked = texts[1_234][7]
    texts[1_777][11] = asked[:60] + texts[0][0][:40]
    signatures = [signed(of) for of in texts]
    begin = time.process_time()
    found = alike(asked, signatures, 0.5, 20)
    assert time.process_time() - begin < 1
    assert [(of.signature, of.position) for of in found] == [(1_234, 7), (1_777, 11)]
    assert found[0].likeness == pytest.approx(1)
    assert sum(map(len, signatures)) < 20_000_000
