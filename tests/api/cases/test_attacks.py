"""What is joined to a case says nothing to whoever reads the case and may not see it: neither on any
address nor in any package, whatever it says, before and after it is joined, to its creator too.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import httpx
import msgspec
import pytest

from api.accounts.records import Secrecy
from api.ports import canonical
from api.roster import ROSTER
from api.shape import Platform
from tests.api.cases.test_cases import API, asked, opened
from tests.api.cases.test_sharing import parts, shared
from tests.api.cases.vault.manifest import PLATFORM, THINGS, Thing
from tests.api.conftest import entered
from tests.api.papers import text_of_word
from tests.api.test_access_walk import VALUES, written
from tests.api.test_civic_attacks import ABSENT, DRAWN, ENDLESS, HIDDEN, IDS, addresses, answered
from tests.conftest import SOAK

FIRST = VALUES | dict.fromkeys(IDS, "1")
"""Ids: in an empty centre the first case, its first thing and its first paper have them."""
FAR = re.compile(r"/(api/v1/)?(duty|documents|budget|judicial|environment|administration)\b")
"""Rooms that show nothing of cases; a soak asks them too."""
OWN = ("/metrics", "/api/v1/operations", "/environment/operations", *ENDLESS)
"""Times of the process itself, and what has no end."""
MORE = (
    "/api/v1/items/vault/seen/0",
    "/api/v1/items/cases/case/1",
    "/cases/new?source=vault/seen/0",
    "/search/?q=机要",
    "/search/?q=密件",
    "/cases/?q=机要",
    "/reports/1/paper.docx",
    "/reports/1/paper.xlsx",
)
WORD, OTHER, WHY = "机要甲", "密件乙乙", "同一河段"
TELLING = ["/api/v1/cases/{item_id}/items", "/cases/{item_id}", "/cases/{item_id}/story"]
"""Addresses that tell of a thing to whoever may see it."""
OFFICE = frozenset({"lianluo", "daigongwei"})


@pytest.fixture
def roster() -> Iterator[tuple[Platform, ...]]:
    """The vault is there as well."""
    yield (*ROSTER, PLATFORM)
    THINGS.clear()


def near(path: str) -> bool:
    """Whether an address is asked."""
    return path not in OWN and (SOAK or not FAR.match(path))


def put(client: httpx.Client, case: int, secrecy: Secrecy, shown: frozenset[str] = OFFICE) -> None:
    """A thing of the vault is joined to a case; afterwards it is ``shown`` to fewer people."""
    THINGS.append(Thing(WORD, secrecy, "seen", OFFICE))
    of = THINGS[-1].reference
    item = {"platform": of.platform, "kind": of.kind, "id": of.id}
    answer = client.post(f"{API}/{case}/items", json={"item": item, "why": WHY})
    assert answer.status_code == 201, answer.text
    THINGS[-1] = replace(THINGS[-1], shown=shown)


def change(folder: Path) -> None:
    """Everything that the first thing of the vault says is otherwise, then and now: title, days,
    sums, people, why it belongs, and so its hash.
    """
    THINGS[0] = replace(THINGS[0], word=OTHER)
    history = [{"at_ms": 1_700_000_000_000 + of, "done": OTHER, "by": OTHER} for of in range(3)]
    said = {"summary": OTHER, "began_ms": 1_700_000_000_000, "amount": 0.1, "history": history}
    with closing(sqlite3.connect(folder / "state.sqlite")) as raw, raw:
        (body,) = raw.execute("select body from supervision_case_copy").fetchone()
        kept = msgspec.json.decode(body) | {"title": OTHER, "content": said}
        values = (canonical(kept).decode(), "f" * 64, OTHER)
        raw.execute("update supervision_case_copy set body = ?, hash = ?, why = ?", values)


def said(
    client: httpx.Client, values: Mapping[str, str], more: Sequence[str]
) -> Mapping[str, tuple[int, bytes]]:
    """All that somebody is answered who asks for everything with these values, by path."""
    paths = [path for method, path in sorted(written()) if method == "GET" and near(path)]
    asked_for = {path: path.replace(":path}", "}").format(**values) for path in paths}
    found = {}
    for path, address in (asked_for | dict(zip(more, more, strict=True))).items():
        answer = client.get(address)
        assert answer.status_code != httpx.codes.TOO_MANY_REQUESTS
        text = "text" in answer.headers.get("content-type", "")
        body = DRAWN.sub("", answer.text).encode() if text else answer.content
        found[path] = answer.status_code, body
    return found


def differing(
    before: Mapping[str, tuple[int, bytes]], after: Mapping[str, tuple[int, bytes]]
) -> list[str]:
    """Paths that answer otherwise."""
    return [path for path, answer in before.items() if after[path] != answer]


def packed(client: httpx.Client) -> Mapping[str, object]:
    """The files of a package of the first case, but for the hash of its paper, which has a number
    of its own; nothing where somebody gets none.
    """
    answer = client.post(f"{API}/1/package")
    if answer.status_code == httpx.codes.FORBIDDEN:
        return {}
    assert answer.status_code == 200, answer.text
    files = parts(answer.content)
    manifest = json.loads(files.pop("manifest.json"))
    del manifest["sha256"]["report.docx"]
    return {"word": text_of_word(files.pop("report.docx")), "manifest": manifest, **files}


def listed(client: httpx.Client) -> tuple[int, bool]:
    """How many papers there are to somebody, and whether the page leads to the first."""
    total = client.get("/api/v1/reports").json()["total"]
    return total, 'href="/reports/1"' in client.get("/reports/").text


@pytest.mark.parametrize("username", ["daibiao", "huanbao", "lianluo", "daigongwei"])
def test_given_a_thing_that_a_reader_of_its_case_may_not_see_then_no_answer_depends_on_what_it_says(
    supervisor: httpx.Client,
    stranger: httpx.Client,
    tmp_path: Path,
    username: str,
) -> None:
    """Of a deputy and an officer, who may read no such things, and of a clerk from whom this one
    is hidden; to whom it is shown the same walk tells it.
    """
    put(supervisor, opened(supervisor), Secrecy.INTERNAL, frozenset({"daigongwei"}))
    asked(supervisor, 1)
    assert supervisor.post(f"{API}/1/report").status_code == 201
    reader = entered(stranger, username)
    package, before = packed(reader), said(reader, FIRST, MORE)

    change(tmp_path)

    after = said(reader, FIRST, MORE)
    found = differing(before, after)
    assert after["/cases/{item_id}"][0] == 200
    assert [of for of in TELLING if of in found] == (TELLING if username == "daigongwei" else [])
    assert username == "daigongwei" or found == []
    assert (packed(reader) == package) == (username != "daigongwei")


@pytest.mark.parametrize("username", ["daibiao", "huanbao"])
def test_given_a_restricted_thing_when_it_is_joined_then_its_case_is_to_them_as_none_that_ever_was(
    supervisor: httpx.Client,
    stranger: httpx.Client,
    tmp_path: Path,
    username: str,
) -> None:
    """On every address that names a thing, asked and acted on, and in every list and number."""
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as raw, raw:
        raw.execute(
            "insert into supervision_case (id, state, version, number, title, matter, openness,"
            " opened_ms) values (?, 'dropped', 1, '0', '', '', 'restricted', 0)",
            (int(HIDDEN) - 1,),
        )
    reader = entered(stranger, username)
    before = said(reader, VALUES, ())
    case = opened(supervisor)
    assert asked(supervisor, case).status_code == 201
    assert (case, reader.get(f"/cases/{case}").status_code) == (int(HIDDEN), 200)

    put(supervisor, case, Secrecy.RESTRICTED)

    assert differing(before, said(reader, VALUES, ())) == []
    asked_for = [of for of in addresses() if near(of[1])]
    assert len(asked_for) > 80
    assert [
        f"{method} {path}"
        for method, path in asked_for
        if answered(reader, method, path, HIDDEN) != answered(reader, method, path, ABSENT)
    ] == []


@pytest.mark.parametrize("secrecy", [Secrecy.INTERNAL, Secrecy.RESTRICTED])
def test_given_a_creator_who_loses_a_role_then_case_paper_and_package_say_nothing_of_what_was_joined(
    clerk: httpx.Client, tmp_path: Path, secrecy: Secrecy
) -> None:
    """Also of what they joined and read themselves. An officer keeps cases that are internal, and
    reads nothing of the vault.
    """
    put(clerk, opened(clerk), secrecy)
    assert clerk.post(f"{API}/1/report").status_code == 201
    assert WORD in clerk.get("/reports/1").text
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as raw, raw:
        raw.execute("update role_grant set role = 'officer' where username = 'lianluo'")

    after = said(clerk, FIRST, MORE)

    kept = 200 if secrecy == Secrecy.INTERNAL else 404
    assert after["/cases/{item_id}"][0] == kept
    assert [path for path, (_, body) in after.items() if f"{WORD}号".encode() in body] == []
    package = clerk.post(f"{API}/1/package")
    assert package.status_code == kept
    if package.is_success:
        files = parts(package.content)
        assert WORD not in text_of_word(files["report.docx"])
        assert [of for of in files if of.startswith("items/")] == []


def test_given_a_case_that_grew_secret_then_nobody_opens_its_paper_who_may_not_see_it_any_more(
    supervisor: httpx.Client, officer: httpx.Client
) -> None:
    """Also the paper that they made while they saw it; nor does a list or its number hold it."""
    case = opened(supervisor)
    paper = officer.post(f"{API}/{case}/report").json()["report"]
    of = (f"/reports/{paper}", f"/api/v1/reports/{paper}", f"/reports/{paper}/paper.docx")
    assert [officer.get(path).status_code for path in of] == [200] * 3
    assert listed(officer) == (1, True)
    put(supervisor, case, Secrecy.RESTRICTED)
    assert [officer.get(path).status_code for path in of] == [404] * 3
    assert listed(officer) == (0, False)
    assert supervisor.get(of[0]).status_code == 200
    assert listed(supervisor) == (1, True)


def test_given_a_package_when_a_thing_in_it_is_hidden_from_somebody_then_they_are_not_handed_it(
    supervisor: httpx.Client, clerk: httpx.Client, city: int
) -> None:
    """Nor is whoever may not decide on the case, also if they joined the thing."""
    case = opened(supervisor)
    put(clerk, case, Secrecy.OPEN)
    share = shared(supervisor, case, city).json()["id"]
    path = f"{API}/{case}/shares/{share}/package"
    assert supervisor.get(path).status_code == 200
    THINGS[-1] = replace(THINGS[-1], shown=frozenset({"lianluo"}))
    assert supervisor.get(path).status_code == 404
    assert clerk.get(path).status_code == 403
