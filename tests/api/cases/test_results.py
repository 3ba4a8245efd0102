"""How it ended with a shared case goes back to its sender: in a file, checked like the receipt."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from api.accounts.records import Secrecy
from api.cases.sharing.records import MOST_DECISIONS, MOST_RESULT
from api.ports import canonical
from api.roster import ROSTER
from api.shape import Platform
from api.tables import AUDIT
from tests.api.cases.conftest import settled
from tests.api.cases.test_cases import API, opened, step
from tests.api.cases.test_measures import chosen
from tests.api.cases.test_sharing import CITY, INTERNAL_WHY, package, secret, sent
from tests.api.cases.vault.manifest import PLATFORM, THINGS
from tests.api.conftest import BOTH, RunningCentre

OUTCOME, LATER, REASON = "水质回到三类", "又查了一遍，仍是三类", "不属于本级职权"
DECISION = {"meeting": "主任会议", "day": "2026-11-20", "result": "督办"}


@pytest.fixture
def roster() -> Iterator[tuple[Platform, ...]]:
    """The vault is there as well."""
    yield (*ROSTER, PLATFORM)
    THINGS.clear()


@pytest.fixture
def share(supervisor: httpx.Client, city: int) -> tuple[int, int]:
    """A case that was shared, and the share of it."""
    case = opened(supervisor)
    return case, package(supervisor, case, city)[0]


@pytest.fixture
def received(supervisor: httpx.Client, clerk: httpx.Client, share: tuple[int, int]) -> int:
    """The package of it, taken in."""
    case, number = share
    content = supervisor.get(f"{API}/{case}/shares/{number}/package").content
    return int(sent(clerk, content).json()["id"])


def own_case(client: httpx.Client, received: int) -> int:
    """A case of a package, with a decision."""
    case = int(client.post(f"{API}/shared/{received}/case").json()["id"])
    assert chosen(client, case, "inquiry").is_success
    settled(client, case)
    assert step(client, case, "decide", **DECISION).is_success
    return case


def made(client: httpx.Client, received: int, why: str = "", reason: str = "") -> httpx.Response:
    """A result is made."""
    body = {"reason": reason, "internal_why": why}
    return client.post(f"{API}/shared/{received}/result", json=body)


def file_of(client: httpx.Client, received: int) -> bytes:
    """The newest result.json of a package."""
    answer = client.get(f"{API}/shared/{received}/result")
    assert answer.status_code == 200, answer.text
    return answer.content


def plain(body: bytes) -> str:
    """A file of JSON without escapes."""
    return json.dumps(json.loads(body), ensure_ascii=False)


def entered(client: httpx.Client, share: tuple[int, int], body: bytes) -> httpx.Response:
    """A result is entered at a share."""
    path = f"{API}/{share[0]}/shares/{share[1]}/result"
    return client.post(path, files={"file": ("result.json", body)})


def kept(client: httpx.Client, share: tuple[int, int]) -> list[dict[str, Any]]:
    """The results of a share."""
    found: list[dict[str, Any]] = next(
        of["results"]
        for of in client.get(f"{API}/{share[0]}/shares").json()
        if of["id"] == share[1]
    )
    return found


def actions(centre: RunningCentre) -> list[str]:
    """Rows of the audit about results."""
    query = sa.select(AUDIT.c.action).where(AUDIT.c.action.like("case.result%"))
    with centre.services.state.read() as connection:
        return list(connection.scalars(query.order_by(AUDIT.c.id)))


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_case_of_a_package_when_it_is_concluded_then_its_result_comes_back_and_a_later_too(
    centre: RunningCentre,
    supervisor: httpx.Client,
    clerk: httpx.Client,
    share: tuple[int, int],
    received: int,
) -> None:
    """Outcome and decisions, once it is concluded; the same again changes nothing on either side,
    a later one is kept beside it.
    """
    own = own_case(supervisor, received)
    assert made(supervisor, received, INTERNAL_WHY).status_code == 409
    assert "办结后才能出办理结果" in supervisor.get(f"/cases/shared/{received}").text
    assert step(supervisor, own, "conclude", outcome=OUTCOME).is_success
    assert made(clerk, received, INTERNAL_WHY).status_code == 403
    unsaid = made(supervisor, received)
    assert (unsaid.status_code, unsaid.json()["field"]) == (422, "internal_why")
    first = made(supervisor, received, INTERNAL_WHY).json()["id"]
    assert made(supervisor, received, "别的理由").json()["id"] == first
    body = file_of(clerk, received)
    said = json.loads(body)
    sheet = supervisor.get(f"{API}/{share[0]}/shares").json()[0]
    assert (said["id"], said["sha256"]) == (sheet["key"], sheet["sha256"])
    assert (said["state"], said["text"], said["decisions"]) == ("concluded", OUTCOME, [DECISION])
    assert (said["secrecy"], INTERNAL_WHY in plain(body)) == ("internal", False)
    for _ in range(2):
        assert entered(clerk, share, body).status_code == 204
    assert [of["text"] for of in kept(clerk, share)] == [OUTCOME]
    page = supervisor.get(f"/cases/{share[0]}/sharing").text
    for word in ("已反馈结果", OUTCOME, DECISION["meeting"], DECISION["result"]):
        assert word in page
    story = supervisor.get(f"{API}/{share[0]}/story").text
    assert f"收到{CITY}的办理结果" in story
    assert OUTCOME not in story

    assert step(supervisor, own, "reopen", why="复查").is_success
    assert step(supervisor, own, "conclude", outcome=LATER).is_success
    assert made(supervisor, received, INTERNAL_WHY).json()["id"] != first
    assert entered(clerk, share, file_of(clerk, received)).status_code == 204
    assert entered(clerk, share, body).status_code == 204
    assert [of["text"] for of in kept(clerk, share)] == [LATER, OUTCOME]
    assert "已由之后的结果代替" in supervisor.get(f"/cases/{share[0]}/sharing").text
    assert actions(centre) == ["case.result", "case.result-entered"] * 2


def test_given_no_case_of_a_package_or_a_dropped_one_then_its_result_says_why_it_was_not_taken_up(
    supervisor: httpx.Client, clerk: httpx.Client, share: tuple[int, int], received: int
) -> None:
    """With faults the form comes again; nothing of the case goes back."""
    page = supervisor.post(f"/cases/shared/{received}/result", data={"reason": " "})
    assert page.status_code == 422
    assert "请用1到500个字填写" in page.text
    assert supervisor.get(f"{API}/shared/{received}/result").status_code == 404
    form = supervisor.post(f"/cases/shared/{received}/result", data={"reason": REASON})
    assert form.status_code == 303
    assert REASON in clerk.get(f"/cases/shared/{received}").text
    assert entered(clerk, share, file_of(clerk, received)).status_code == 204
    own = int(clerk.post(f"{API}/shared/{received}/case").json()["id"])
    assert step(supervisor, own, "drop", why="内部的理由").is_success
    assert made(supervisor, received, reason="重复").status_code == 201
    body = file_of(supervisor, received)
    assert "内部的理由" not in plain(body)
    assert entered(clerk, share, body).status_code == 204
    states = [(of["state"], of["text"], of["decisions"]) for of in kept(clerk, share)]
    assert states == [("not-taken-up", "重复", []), ("not-taken-up", REASON, [])]


def test_given_a_restricted_case_of_a_package_then_no_result_goes_back(
    supervisor: httpx.Client, officer: httpx.Client, received: int
) -> None:
    """Nor where a thing of it became restricted since, or the case after the result was made."""
    own = own_case(supervisor, received)
    thing = secret(supervisor, own, Secrecy.OPEN)
    assert step(supervisor, own, "conclude", outcome=OUTCOME).is_success
    THINGS[thing] = replace(THINGS[thing], secrecy=Secrecy.RESTRICTED)
    form = {"internal_why": INTERNAL_WHY}
    page = supervisor.post(f"/cases/shared/{received}/result", data=form)
    assert page.status_code == 409
    assert "案卷里有1项内容" in page.text
    assert INTERNAL_WHY in page.text
    THINGS[thing] = replace(THINGS[thing], secrecy=Secrecy.OPEN)
    assert made(supervisor, received, INTERNAL_WHY).status_code == 201
    assert OUTCOME in officer.get(f"/cases/shared/{received}").text
    assert step(supervisor, own, "reopen", why="复查").is_success
    secret(supervisor, own, Secrecy.RESTRICTED)
    assert OUTCOME not in officer.get(f"/cases/shared/{received}").text
    assert officer.get(f"{API}/shared/{received}/result").status_code == 404
    assert step(supervisor, own, "conclude", outcome=LATER).is_success
    refused = made(supervisor, received, INTERNAL_WHY)
    assert (refused.status_code, refused.json()["hidden"]) == (409, 1)


def test_given_a_result_that_does_not_fit_then_the_field_is_named_and_nothing_is_entered(
    supervisor: httpx.Client,
    clerk: httpx.Client,
    city: int,
    share: tuple[int, int],
    received: int,
) -> None:
    """Of another package, of another content, of another day, older, restricted, or none at all."""
    assert made(supervisor, received, reason=REASON).status_code == 201
    body = file_of(clerk, received)
    fields = json.loads(body)
    other = share[0], package(supervisor, share[0], city)[0]
    ahead = DECISION | {"day": "2026-11-25"}
    day = 86_400_000
    wrong = [
        ("id", other, body),
        ("sha256", share, canonical(fields | {"sha256": hashlib.sha256(b"").hexdigest()})),
        ("made_ms", share, canonical(fields | {"made_ms": fields["made_ms"] + day})),
        ("made_ms", share, canonical(fields | {"made_ms": fields["made_ms"] - day})),
        ("decisions", share, canonical(fields | {"decisions": [ahead]})),
        ("result", share, canonical(fields | {"decisions": [DECISION] * (MOST_DECISIONS + 1)})),
        ("result", share, canonical(fields | {"secrecy": "restricted"})),
        ("result", share, canonical(fields | {"state": "working"})),
        ("result", share, b"[" * MOST_RESULT),
        ("result", share, b" " * MOST_RESULT + body),
    ]
    for field, of, content in wrong:
        answer = entered(clerk, of, content)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert kept(clerk, share) == kept(clerk, other) == []
    path = f"/cases/{share[0]}/shares/{other[1]}/result"
    page = clerk.post(path, files={"file": ("result.json", body)})
    assert page.status_code == 422
    assert "另一个包的办理结果" in page.text
    assert entered(clerk, share, body).status_code == 204
    again = entered(clerk, share, canonical(fields | {"text": "另一个理由"}))
    assert (again.status_code, again.json()["field"]) == (422, "made_ms")
    assert [of["text"] for of in kept(clerk, share)] == [REASON]
