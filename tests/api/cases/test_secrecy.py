"""Whatever is joined to whatever case by whoever: nobody reads of it what they may not see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from api.accounts.records import Secrecy
from api.roster import ROSTER
from api.shape import Platform
from tests.api.cases.test_cases import API, asked, step
from tests.api.cases.vault.manifest import PLATFORM, THINGS, Thing
from tests.api.conftest import RunningCentre, entered
from tests.conftest import examples

READERS = {
    "deputy": "daibiao",
    "officer": "huanbao",
    "handler": "shuili",
    "clerk": "lianluo",
    "supervisor": "daigongwei",
}
"""Usernames by role."""
KEEPERS = ("clerk", "supervisor")
HAVE = ("handler", "clerk", "supervisor")
"""The roles that may read things of the vault."""
OPENNESS = ("open", "internal", "restricted")
Clients = Mapping[str, httpx.Client]


@pytest.fixture
def roster() -> Iterator[tuple[Platform, ...]]:
    """The vault is there as well."""
    yield (*ROSTER, PLATFORM)
    THINGS.clear()


@pytest.fixture
def clients(address: str) -> Iterator[Clients]:
    """Everybody, signed in."""
    with ExitStack() as stack:
        found = {}
        for role, username in READERS.items():
            client = stack.enter_context(httpx.Client(base_url=address, timeout=60))
            found[role] = entered(client, username)
        yield found


@dataclass(frozen=True)
class Joining:
    """A thing, who joins it, and for whom it is hidden afterwards."""

    secrecy: Secrecy
    kind: str
    joiner: str
    hidden: frozenset[str]
    removed: bool


JOININGS = st.lists(
    st.builds(
        Joining,
        st.sampled_from(Secrecy),
        st.sampled_from(("seen", "permitted")),
        st.sampled_from(KEEPERS),
        st.frozensets(st.sampled_from(HAVE)),
        st.booleans(),
    ),
    min_size=3,
    max_size=6,
)


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
@settings(max_examples=examples(3), phases=(Phase.explicit, Phase.generate))
@given(openness=st.sampled_from(OPENNESS), joinings=JOININGS)
def test_given_random_joins_then_no_page_list_report_story_search_or_message_says_what_is_hidden(
    centre: RunningCentre, clients: Clients, openness: str, joinings: list[Joining]
) -> None:
    """Each thing says a word that is nowhere else; it is read by whom it may be, and by nobody
    else; and so is the title of the case.
    """
    title = f"案题{len(THINGS):04}"
    body = {"title": title, "matter": title, "openness": openness}
    case = int(clients["supervisor"].post(API, json=body).json()["id"])
    question = int(asked(clients["supervisor"], case).json()["id"])
    given_ = {"means": "inquiry", "means_why": "问清楚", "body": "water", "topic": "进度"}
    assert step(clients["supervisor"], case, "choose", **given_).is_success
    things = [_joined(clients, case, of) for of in joinings]
    reports = _reports(clients, case)
    secrecy = max(
        [Secrecy(OPENNESS.index(openness))] + [of.secrecy for of in joinings if not of.removed]
    )
    _hide(joinings, things)
    paths = [*_paths(clients["supervisor"], case, question, title), *reports]
    for role, client in clients.items():
        reach = centre.services.roles.by_id[role].secrecy
        sees = role != "handler" and reach >= secrecy
        said = _read(client, paths)
        assert client.get(f"{API}/{case}").status_code == (200 if sees else 404)
        assert (title in said) == sees, (role, secrecy)
        for thing, of in zip(things, joinings, strict=True):
            may = sees and _may(THINGS[thing], of, role)
            known = THINGS[thing].word in said
            assert known <= may, (role, of, secrecy)
            assert of.removed or known == may, (role, of, secrecy)


def _joined(clients: Clients, case: int, of: Joining) -> int:
    """The id of a thing that everybody of the vault sees when it is joined."""
    everybody = frozenset(READERS[role] for role in HAVE)
    word = f"机要{len(THINGS):04}"
    thing = Thing(word, of.secrecy, of.kind, everybody)  # type: ignore[arg-type]
    THINGS.append(thing)
    reference = thing.reference
    item = {"platform": reference.platform, "kind": reference.kind, "id": reference.id}
    answer = clients[of.joiner].post(f"{API}/{case}/items", json={"item": item, "why": word})
    assert answer.status_code == 201, answer.text
    if of.removed:
        path = f"{API}/{case}/items/{answer.json()['id']}/remove"
        assert clients[of.joiner].post(path, json={"why": word}).status_code == 204
    return int(reference.id)


def _hide(joinings: Sequence[Joining], things: Sequence[int]) -> None:
    for of, thing in zip(joinings, things, strict=True):
        hidden = {READERS[role] for role in of.hidden}
        THINGS[thing] = replace(THINGS[thing], shown=THINGS[thing].shown - hidden)


def _reports(clients: Clients, case: int) -> list[str]:
    made = [clients[role].post(f"{API}/{case}/report") for role in (*KEEPERS, "officer")]
    numbers = [of.json()["report"] for of in made if of.is_success]
    assert numbers
    return [f"/api/v1/reports/{of}" for of in numbers]


def _paths(client: httpx.Client, case: int, question: int, title: str) -> list[str]:
    measures: list[dict[str, Any]] = client.get(f"{API}/{case}/measures").json()
    attended = next(of["id"] for of in measures if of["name"] == "attended")
    return [
        *(f"/cases/{of}" for of in ("", "cases.csv", "questions", "questions.csv", case)),
        *(f"/cases/{case}/story", f"/cases/questions/{question}", f"/cases/measures/{attended}"),
        *(f"{API}/{case}{of}" for of in ("", "/items", "/story", "/measures")),
        *(f"{API}/{case}{of}" for of in ("/rectifications", "/procedure")),
        *(
            f"/api/v1/items/cases/case/{case}",
            "/api/v1/cases",
            f"{API}/questions",
            "/reports/",
            "/notifications/",
        ),
        *("/", "/api/v1/workbench", "/deadlines/", f"/search/?q={title[:2]}"),
    ]


def _read(client: httpx.Client, paths: Sequence[str]) -> str:
    """All that these addresses say to a reader."""
    said = []
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (200, 403, 404), (path, answer.status_code)
        said.append(answer.text if answer.is_success else "")
    return "\n".join(said)


def _may(thing: Thing, of: Joining, role: str) -> bool:
    """In plain words: those of the vault read what is left to all of them, and else what they see
    now, or what they joined themselves.
    """
    if role not in HAVE:
        return False
    return of.kind == "permitted" or role == of.joiner or READERS[role] in thing.shown
