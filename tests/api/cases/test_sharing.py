"""A case goes up to the city or down to a town as a package, and comes from there; with receipts."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest

from api.accounts.records import Secrecy
from api.cases.sharing import archive
from api.ports import canonical
from api.roster import ROSTER
from api.shape import Platform
from tests.api.cases.conftest import CITY
from tests.api.cases.test_cases import API, MATTER, TITLE, joined, opened, step
from tests.api.cases.vault.manifest import PLATFORM, THINGS, Thing
from tests.api.conftest import BOTH, RunningCentre, spill
from tests.api.papers import text_of_word

WHY, REASON = "同一河段", "跨区河流，请市里协调"
INTERNAL_WHY = "市人大同级知悉范围"
EVERYBODY = frozenset({"lianluo", "daigongwei", "shuili"})


@pytest.fixture
def roster() -> Iterator[tuple[Platform, ...]]:
    """The vault is there as well."""
    yield (*ROSTER, PLATFORM)
    THINGS.clear()


def secret(client: httpx.Client, case: int, secrecy: Secrecy) -> int:
    """A thing of the vault is joined to a case; its number in the vault."""
    THINGS.append(Thing(f"机要{len(THINGS)}", secrecy, "seen", EVERYBODY))
    of = THINGS[-1].reference
    item = {"platform": of.platform, "kind": of.kind, "id": of.id}
    answer = client.post(f"{API}/{case}/items", json={"item": item, "why": WHY})
    assert answer.status_code == 201, answer.text
    return int(of.id)


def shared(client: httpx.Client, case: int, receiver: int, why: str = "") -> httpx.Response:
    """A case is shared."""
    body = {"receiver": receiver, "reason": REASON, "internal_why": why}
    return client.post(f"{API}/{case}/shares", json=body)


def package(client: httpx.Client, case: int, receiver: int, why: str = "") -> tuple[int, bytes]:
    """The id of a share and its zip."""
    made = shared(client, case, receiver, why)
    assert made.status_code == 201, made.text
    answer = client.get(f"{API}/{case}/shares/{made.json()['id']}/package")
    assert answer.status_code == 200, answer.text
    return int(made.json()["id"]), answer.content


def sent(client: httpx.Client, content: bytes) -> httpx.Response:
    """A package is taken in."""
    return client.post(f"{API}/shared", files={"file": ("share.zip", content)})


def signed(client: httpx.Client, case: int, share: int, receipt: bytes) -> httpx.Response:
    """A receipt is entered."""
    path = f"{API}/{case}/shares/{share}/receipt"
    return client.post(path, files={"file": ("receipt.json", receipt)})


def parts(content: bytes) -> dict[str, bytes]:
    """Contents of a package by path."""
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        return {name: found.read(name) for name in found.namelist()}


def zipped(contents: Mapping[str, bytes], *more: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    """A zip of contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in contents.items():
            into.writestr(name, content)
        for entry, content in more:
            into.writestr(entry, content)
    return out.getvalue()


def with_sheet(contents: Mapping[str, bytes], change: Callable[[Any], None]) -> bytes:
    """The same with another sheet."""
    sheet = json.loads(contents["share.json"])
    change(sheet)
    return zipped({**contents, "share.json": canonical(sheet)})


def with_file(contents: Mapping[str, bytes], path: str, content: bytes) -> bytes:
    """The same with another content of a file, which the sheet names truly."""

    def change(sheet: Any) -> None:
        others = [of for of in sheet["files"] if of["path"] != path]
        sha256 = hashlib.sha256(content).hexdigest()
        sheet["files"] = [*others, {"path": path, "size": len(content), "sha256": sha256}]

    return with_sheet({**contents, path: content}, change)


@pytest.mark.parametrize("kind", BOTH)
def test_given_a_case_when_it_is_shared_then_its_receiver_takes_it_once_and_its_receipt_comes_back(
    centre: RunningCentre,
    supervisor: httpx.Client,
    clerk: httpx.Client,
    deputy: httpx.Client,
    city: int,
) -> None:
    """Out with every hash, in once, a receipt that fits, and a case of the receiver's own."""
    case = opened(supervisor)
    assert joined(supervisor, case, centre.put(spill()).id, WHY).status_code == 201
    assert shared(clerk, case, city).status_code == 403
    share, content = package(supervisor, case, city)
    files = parts(content)
    sheet = json.loads(files["share.json"])
    assert files["share.json"] == canonical(sheet)
    assert {of["path"]: of["sha256"] for of in sheet["files"]} == {
        name: hashlib.sha256(of).hexdigest() for name, of in files.items() if name != "share.json"
    }
    assert (sheet["case"]["title"], sheet["receiver"]["name"], sheet["day"]) == (
        TITLE,
        CITY,
        "2026-11-24",
    )
    assert MATTER in text_of_word(files["report.docx"])
    first, again = sent(clerk, content), sent(clerk, content)
    assert (first.status_code, again.json()) == (201, first.json())
    received = first.json()["id"]
    assert clerk.get(f"{API}/shared").json()["total"] == 1
    page = clerk.get(f"/cases/shared/{received}").text
    for said in (TITLE, MATTER, REASON, f"来自{sheet['sender']}", WHY):
        assert said in page
    assert deputy.get(f"/cases/shared/{received}").status_code == 403
    receipt = clerk.get(f"{API}/shared/{received}/receipt").content
    assert signed(clerk, case, share, receipt).status_code == 204
    assert signed(clerk, case, share, receipt).status_code == 204
    (kept,) = clerk.get(f"{API}/{case}/shares").json()
    assert kept["signed"]["taken_ms"] == centre.clock()
    assert "已签收" in supervisor.get(f"/cases/{case}/sharing").text
    story = deputy.get(f"{API}/{case}/story").json()["entries"]
    assert {f"共享给{CITY}"} < {of["title"] for of in story}
    own = clerk.post(f"{API}/shared/{received}/case").json()["id"]
    assert clerk.post(f"{API}/shared/{received}/case").json()["id"] == own != case
    assert MATTER in clerk.get(f"/cases/{own}").text
    assert f"/cases/shared/{received}" in clerk.get(f"/cases/{own}/sharing").text


def test_given_secret_things_then_nothing_restricted_goes_and_internal_things_go_for_a_reason(
    supervisor: httpx.Client, clerk: httpx.Client, city: int
) -> None:
    """Refused with how many; what was taken out is nowhere in the package."""
    assert shared(supervisor, opened(supervisor, "restricted"), city, WHY).status_code == 409
    case = opened(supervisor)
    restricted = secret(supervisor, case, Secrecy.RESTRICTED)
    grown = secret(supervisor, case, Secrecy.OPEN)
    THINGS[grown] = replace(THINGS[grown], secrecy=Secrecy.RESTRICTED)
    gone = secret(supervisor, case, Secrecy.OPEN)
    THINGS[gone] = replace(THINGS[gone], shown=frozenset())
    refused = shared(supervisor, case, city, WHY)
    assert (refused.status_code, refused.json()["hidden"]) == (409, 3)
    form = {"receiver": str(city), "reason": REASON, "internal_why": WHY}
    page = supervisor.post(f"/cases/{case}/sharing", data=form)
    assert page.status_code == 409
    assert "案卷里有3项内容" in page.text
    assert REASON in page.text
    for item in supervisor.get(f"{API}/{case}/items").json():
        path = f"{API}/{case}/items/{item['id']}/remove"
        assert supervisor.post(path, json={"why": "机要"}).status_code == 204
    internal = secret(supervisor, case, Secrecy.INTERNAL)
    unsaid = shared(supervisor, case, city)
    assert (unsaid.status_code, unsaid.json()["field"]) == (422, "internal_why")
    _, content = package(supervisor, case, city, INTERNAL_WHY)
    files = parts(content)
    plain = {name: json.loads(of) for name, of in files.items() if name.endswith(".json")}
    said = json.dumps(plain, ensure_ascii=False) + text_of_word(files["report.docx"])
    assert THINGS[internal].word in said
    assert not [of for of in (restricted, grown, gone) if THINGS[of].word in said]
    assert INTERNAL_WHY not in said
    assert json.loads(files["share.json"])["secrecy"] == "internal"
    assert clerk.get(f"{API}/{case}/shares/1/package").status_code == 403


def test_given_a_share_when_a_receipt_does_not_fit_then_the_field_is_named_and_nothing_is_entered(
    supervisor: httpx.Client, clerk: httpx.Client, city: int
) -> None:
    """Of another package, of another content, of another day, or none at all."""
    case = opened(supervisor)
    (share, content), (other, _) = package(supervisor, case, city), package(supervisor, case, city)
    received = sent(clerk, content).json()["id"]
    receipt = clerk.get(f"{API}/shared/{received}/receipt").content
    fields = json.loads(receipt)
    wrong = {
        "id": (other, receipt),
        "sha256": (share, canonical({**fields, "sha256": "0" * 64})),
        "taken_ms": (share, canonical({**fields, "taken_ms": fields["taken_ms"] + 86_400_000})),
        "receipt": (share, b"PK"),
    }
    for field, (of, body) in wrong.items():
        answer = signed(clerk, case, of, body)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
    page = clerk.post(
        f"/cases/{case}/shares/{other}/receipt", files={"file": ("receipt.json", receipt)}
    )
    assert page.status_code == 422
    assert "另一个包的回执" in page.text
    assert [of["signed"] for of in clerk.get(f"{API}/{case}/shares").json()] == [None, None]
    assert signed(clerk, case, share, receipt).status_code == 204
    for name in ("taker", "centre"):
        second = canonical({**fields, name: "别人"})
        assert signed(clerk, case, share, second).status_code == 409


def test_given_a_hostile_package_then_it_is_refused_with_the_file_and_nothing_is_kept(
    supervisor: httpx.Client, clerk: httpx.Client, city: int
) -> None:
    """Paths, links, passwords, sums, sizes, bombs, sheets that say more than they show."""
    case = opened(supervisor)
    secret(supervisor, case, Secrecy.OPEN)
    _, content = package(supervisor, case, city)
    files = parts(content)
    item = next(name for name in files if name.startswith("items/"))
    link = zipfile.ZipInfo("items/999-a-b.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    locked = bytearray(content)
    # Bit 0 of the flags of the first entry in the central directory.
    locked[content.index(b"PK\x01\x02") + 8] |= 1
    bomb = bytes(archive.MOST_UNPACKED + 1)
    report = json.loads(files["report.json"])
    report["sections"][0]["tables"] = [
        {"name": "a", "title": "a", "columns": [{"name": "a", "label": "a"}], "rows": [[[1], [2]]]}
    ]
    hostile = {
        "no-zip": b"not a zip",
        "path": zipped({**files, "../../etc/passwd": b"x"}),
        "linked": zipped(files, (link, b"/etc/passwd")),
        "locked": bytes(locked),
        "missing": zipped({name: of for name, of in files.items() if name != item}),
        "unnamed": zipped({**files, "items/999-a-b.json": b"{}"}),
        "hash": zipped({**files, item: files[item].replace(b"1", b"2")}),
        "size": zipped({**files, item: bytes(len(files[item]) + 1)}),
        "large": with_file(files, "report.docx", bomb),
        "schema": with_sheet(files, lambda of: of.update(schema="qingyuan.filing")),
        "version": with_sheet(files, lambda of: of.update(version=2)),
        "canonical": with_sheet(files, lambda of: of.update(hidden="more")),
        "item": with_file(files, item, b'{"title":1}'),
        "manifest: share.json": with_sheet(files, lambda of: of.update(secrecy="restricted")),
        "manifest: manifest.json": with_file(files, "manifest.json", b'{"items":[]}'),
        "report": with_file(files, "report.json", json.dumps(report).encode()),
    }
    for why, body in hostile.items():
        answer = sent(clerk, body)
        assert (answer.status_code, answer.json()["field"]) == (422, "package"), why
        assert f"package: {why}" in answer.json()["detail"]
    page = clerk.post("/cases/shared", files={"file": ("a.zip", hostile["path"])})
    assert page.status_code == 422
    assert "../../etc/passwd" in page.text
    assert clerk.get(f"{API}/shared").json()["total"] == 0
    assert sent(clerk, content).status_code == 201
    renamed = with_sheet(files, lambda of: of.update(reason="另一理由"))
    assert sent(clerk, renamed).json()["field"] == "id"


def test_given_links_in_a_package_then_none_of_them_stands_on_its_page(
    supervisor: httpx.Client, clerk: httpx.Client, city: int
) -> None:
    """A report of somebody else is shown as text alone."""
    _, content = package(supervisor, opened(supervisor), city)
    files = parts(content)
    paper = json.loads(files["report.json"])
    column = {"name": "a", "label": "a", "kind": "instant"}
    rows = [[["<b>值</b>", "javascript:alert(1)"]], [[10**18, "//evil.example"]]]
    table = {"name": "a", "title": "a", "columns": [column], "rows": rows}
    paper["sections"][0]["tables"] = [table]
    made = sent(clerk, with_file(files, "report.json", json.dumps(paper).encode()))
    assert made.status_code == 201, made.text
    page = clerk.get(f"/cases/shared/{made.json()['id']}")
    assert page.status_code == 200
    assert "javascript:" not in page.text
    assert "evil.example" not in page.text
    assert "&lt;b&gt;值" in page.text


def test_given_the_list_of_receivers_then_faults_keep_what_was_written_and_an_ended_one_gets_nothing(
    supervisor: httpx.Client, clerk: httpx.Client, city: int
) -> None:
    """Names of the list are unique; what an ended one got stays on record."""
    case = opened(supervisor)
    package(supervisor, case, city)
    again = clerk.post("/cases/receivers", data={"name": CITY, "level": "city", "way": "光盘"})
    assert again.status_code == 422
    assert "名单里已有" in again.text
    empty = clerk.post("/cases/receivers", data={"name": "平潮镇人大", "level": "town", "way": ""})
    assert empty.status_code == 422
    assert 'value="平潮镇人大"' in empty.text
    assert clerk.post(f"{API}/receivers/{city}/end").status_code == 204
    assert clerk.get(f"{API}/receivers").json() == []
    assert shared(supervisor, case, city).json()["field"] == "receiver"
    assert CITY in clerk.get(f"/cases/{case}/sharing").text
    assert step(supervisor, case, "drop", why="误立").is_success
    assert shared(supervisor, case, city).status_code == 404
