"""Tokens bound to tables: they send these for the sources that name them, read the receipts of what
they sent, and reach nothing else.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from api.tables import AUDIT
from tests.api.conftest import BOTH, RunningCentre
from tests.api.source_hands import FAULTY, NOVEMBER, registered
from tests.api.test_access_walk import VALUES, written

ADDRESS = "/api/v1/administration/tokens"
SOURCES = "/api/v1/imports/sources"
RECEIPTS = "/api/v1/exchange/sources"
ASKED = {"name": "国库", "until_day": "2026-12-24"}


def made(administrator: httpx.Client, *tables: str) -> dict[str, Any]:
    """A new token bound to kinds of tables, with its secret."""
    answer = administrator.post(ADDRESS, json=ASKED | {"tables": tables})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def named(officer: httpx.Client, token: dict[str, Any], name: str) -> int:
    """The id of a source of payments that names a token."""
    server = f"token/{token['id']}"
    return registered(officer, name=name, way="token", server=server, unit="water", username="")


def bearer(token: dict[str, Any]) -> dict[str, str]:
    """The header by which a machine asks."""
    return {"Authorization": f"Bearer {token['secret']}"}


def sent(client: httpx.Client, token: dict[str, Any], source: int, text: str) -> httpx.Response:
    """A table of a source that a machine sends."""
    path, query = f"{SOURCES}/{source}/files", {"name": "a.csv"}
    return client.post(path, params=query, content=text.encode(), headers=bearer(token))


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_token_bound_to_a_table_then_it_sends_that_table_and_reads_its_own_receipts(
    centre: RunningCentre,
    administrator: httpx.Client,
    officer: httpx.Client,
    stranger: httpx.Client,
) -> None:
    """Of another table, or of a source that names another token, it is told its own tables."""
    token, other = made(administrator, "toy.payments"), made(administrator, "budget.payments")
    assert (token["permissions"], token["tables"]) == (["imports.send"], ["toy.payments"])
    source, foreign = named(officer, token, "取水"), named(officer, other, "住房")
    assert sent(stranger, token, source, FAULTY).status_code == 422
    load = sent(stranger, token, source, NOVEMBER).json()
    assert load["state"] == "in-force"

    receipts = stranger.get(f"{RECEIPTS}/{source}/receipts", headers=bearer(token)).json()
    assert [of["number"] for of in receipts] == [f"SJ-{load['id']}", f"SJ-{load['id'] - 1}"]
    path = f"{RECEIPTS}/{source}/receipts/{load['id']}"
    one = stranger.get(path, headers=bearer(token)).json()
    assert one["sha256"] == hashlib.sha256(NOVEMBER.encode()).hexdigest()
    assert (one["entered_by"], one["taken_by"]) == ("国库", "本系统自动接收")
    assert stranger.get(f"{path}0", headers=bearer(token)).status_code == 404

    refusals = [
        sent(stranger, other, foreign, NOVEMBER),
        sent(stranger, other, source, NOVEMBER),
        stranger.get(path, headers=bearer(other)),
    ]
    assert [of.status_code for of in refusals] == [403, 403, 403]
    assert all("budget.payments" in of.json()["detail"] for of in refusals)
    query = sa.select(AUDIT.c.detail).where(AUDIT.c.action == "token.create").order_by(AUDIT.c.id)
    with centre.services.state.read() as connection:
        first = connection.scalars(query).first() or ""
    assert json.loads(first)["tables"] == ["toy.payments"]


def test_given_a_token_bound_to_a_table_then_it_reaches_no_other_route(
    administrator: httpx.Client, stranger: httpx.Client
) -> None:
    """Each that asks who somebody is refuses it, and names its tables."""
    by = bearer(made(administrator, "toy.payments"))
    rows = [row for row, answers in written().items() if answers[0] == "401"]
    asked = [(method, path) for method, path in rows if path.startswith("/api/")]
    assert len(asked) > 100
    for method, path in asked:
        address = path.replace(":path}", "}").format(**VALUES)
        with stranger.stream(method, address, headers=by) as answer:
            assert answer.status_code == 403, (method, path)
            assert "toy.payments" in answer.read().decode(), (method, path)


def test_given_tables_and_further_permissions_then_no_token_is_made(
    administrator: httpx.Client,
) -> None:
    """Each fault names its field; the page says it in words and keeps what was chosen."""
    further = {"tables": ["toy.payments"], "permissions": ["duty.see"]}
    refused = administrator.post(ADDRESS, json=ASKED | further)
    assert refused.status_code == 422
    assert "permissions" in refused.json()["detail"]
    assert administrator.post(ADDRESS, json=ASKED | {"tables": ["x.y"]}).status_code == 422
    page = administrator.post("/administration/tokens", data=ASKED | further)
    assert page.status_code == 422
    assert "请去掉上面的其他权限" in page.text
    assert 'value="toy.payments" checked' in page.text
    done = administrator.post("/administration/tokens", data=ASKED | {"tables": ["toy.payments"]})
    assert done.status_code == 200
    assert "只报送：" in done.text
