"""Packages for the province's platform: out, in again, and everything that is refused on the way."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx
import pytest

from api.platforms.documents.filings.records import archive
from tests.api.conftest import entered
from tests.api.documents.filing_hands import API, begun, registered, taken, town

__all__ = ["town"]
PAGES = "/documents/filings"
LINK = "https://beian.example.gov.cn/receipt/20261124-7"


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody of the office."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, "lianluo")


def parts(package: bytes) -> dict[str, bytes]:
    """Contents of a package by path."""
    with zipfile.ZipFile(io.BytesIO(package)) as found:
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


def with_manifest(contents: Mapping[str, bytes], change: Callable[[Any], None]) -> bytes:
    """The same with another manifest."""
    manifest = json.loads(contents["manifest.json"])
    change(manifest)
    return zipped({**contents, "manifest.json": json.dumps(manifest).encode()})


def sent(client: httpx.Client, package: bytes, **more: str) -> httpx.Response:
    """A package over the API."""
    file = {"file": ("filing.zip", package)}
    return client.post(f"{API}/take-in", data={"maker": "pingchao"} | more, files=file)


def test_given_a_registered_filing_then_its_package_comes_in_again_with_all_papers_and_the_receipt(
    town: httpx.Client, clerk: httpx.Client
) -> None:
    """Each file by its hash; the official number and link go along; the same filing is the same
    bytes each time.
    """
    filing = registered(town, clerk)
    path = f"{API}/{filing['id']}"
    given = {"number": "苏备202611240007", "day": "2026-11-23", "link": LINK}
    assert town.post(f"{path}/official", json=given).status_code == 200
    assert f'href="{LINK}"' in clerk.get(f"{PAGES}/{filing['id']}").text
    package = town.get(f"{path}/package").content
    assert package == clerk.get(f"{path}/package").content
    contents = parts(package)
    manifest = json.loads(contents["manifest.json"])
    assert (manifest["schema"], manifest["version"]) == ("qingyuan.filing", 1)
    assert len(manifest["files"]) == len(filing["papers"]) == 6
    for of in manifest["files"]:
        content = contents[of["path"]]
        assert (of["sha256"], of["size"]) == (hashlib.sha256(content).hexdigest(), len(content))
    made = sent(town, package)
    assert made.status_code == 201, made.text
    state = made.json()
    assert state["state"] == "draft"
    assert [of["sha256"] for of in state["papers"]] == [of["sha256"] for of in filing["papers"]]
    same = ("title", "number", "published", "in_force", "valid_until", "kind")
    assert {of: state[of] for of in same} == {of: filing[of] for of in same}
    assert state["official"] == given | {"source": "package"}
    assert [of["kind"] for of in state["lacks"]] == ["known"]
    page = town.post(
        f"{PAGES}/take-in", data={"maker": "pingchao"}, files={"file": ("a.zip", package)}
    )
    assert page.status_code == 303


def test_given_a_receipt_that_is_typed_or_in_a_package_then_only_https_and_the_same_document_count(
    town: httpx.Client, clerk: httpx.Client
) -> None:
    """Earlier ones stay on record; the last one holds."""
    filing = begun(town)["id"]
    given = {"number": "苏备1", "link": LINK}
    assert town.post(f"{API}/{filing}/official", json=given).status_code == 409
    taken(town, filing, "send")
    for link in ("http://example.cn/1", "javascript:alert(1)", "https://a:b@example.cn/",
                 "https://", "https://exa mple.cn/", "//example.cn", "https://x:99999/"):  # fmt: skip
        refused = town.post(f"{API}/{filing}/official", json={"number": "1", "link": link})
        assert refused.status_code == 422, link
    page = town.post(
        f"{PAGES}/{filing}/official", data={"number": "苏备1", "link": "http://example.cn/"}
    )
    assert page.status_code == 422
    assert "https:// 开头" in page.text
    assert 'value="苏备1"' in page.text
    assert town.post(f"{API}/{filing}/official", json=given).status_code == 200
    contents = parts(town.get(f"{API}/{filing}/package").content)

    def newer(manifest: Any) -> None:
        manifest["official"] = {"number": "苏备2", "day": "2026-11-24", "link": LINK}

    file = {"package": ("a.zip", with_manifest(contents, newer))}
    assert town.post(f"{PAGES}/{filing}/official", files=file).status_code == 303
    assert clerk.get(f"{API}/{filing}").json()["official"]["number"] == "苏备2"
    other = begun(town, "别的文件\n\n第一条 某某。\n", number="")["id"]
    taken(town, other, "send")
    foreign = town.post(f"{API}/{other}/official-package", files={
        "file": ("a.zip", with_manifest(contents, newer))})  # fmt: skip
    assert foreign.status_code == 422
    assert "another document" in foreign.text


def test_given_a_package_that_does_not_hold_then_it_is_refused_with_the_file_and_nothing_begins(
    town: httpx.Client,
) -> None:
    """Paths out of the folder, bombs, changed contents, files that nobody names, links."""
    filing = begun(town)["id"]
    contents = parts(town.get(f"{API}/{filing}/package").content)
    text = next(of for of in contents if "text" in of)
    before = town.get(API).json()["count"]

    def put(name: str, value: object) -> Callable[[Any], None]:
        def change(manifest: Any) -> None:
            of = next(of for of in manifest["files"] if of["path"] == text)
            of[name] = value

        return change

    def top(name: str, value: object) -> Callable[[Any], None]:
        return lambda manifest: manifest.update({name: value})

    link = zipfile.ZipInfo("papers/99-other.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    less = {name: of for name, of in contents.items() if name != text}
    bomb = bytes(20_000_000)
    cases: list[tuple[bytes, str, str]] = [
        (b"not a zip", "no-zip", ""),
        (zipped({**contents, "../../etc/passwd": b"x"}), "path", "../../etc/passwd"),
        (zipped({**contents, "papers/../x.txt": b"x"}), "path", "papers/../x.txt"),
        (zipped({**contents, "/tmp/x.txt": b"x"}), "path", "/tmp/x.txt"),
        (zipped({**contents, "papers\\x.txt": b"x"}), "path", "papers"),
        (zipped({**contents, "papers/77-other.txt": b"x"}), "unnamed", "papers/77-other.txt"),
        (zipped(contents, (link, b"/etc/passwd")), "linked", "papers/99-other.txt"),
        (zipped(less), "missing", text),
        (zipped({**contents, text: contents[text][:-1] + b"!"}), "hash", text),
        (zipped({**contents, text: bomb}), "size", text),
        (with_manifest(contents, put("size", 5)), "size", text),
        (with_manifest(contents, put("size", 10**12)), "large", text),
        (with_manifest(contents, put("path", "../x")), "missing", "../x"),
        (with_manifest(contents, put("paper", "secret")), "manifest", text),
        (with_manifest(contents, top("schema", "other")), "schema", "manifest.json"),
        (with_manifest(contents, top("version", 2)), "version", "manifest.json"),
        (with_manifest(contents, top("filing", {})), "manifest", "manifest.json"),
        (with_manifest(contents, top("official", {"number": "1", "link": "http://a.cn"})),
         "link", "manifest.json"),
        (zipped({**contents, "manifest.json": b"{"}), "manifest", "manifest.json"),
        (zipped({**contents, "manifest.json": bomb}), "large", "manifest.json"),
        (zipped({f"papers/{n:02}-other.txt": b"x" for n in range(archive.MOST_FILES + 2)}),
         "files", ""),
    ]  # fmt: skip
    for package, why, file in cases:
        answer = sent(town, package)
        assert answer.status_code == 422, (why, answer.text)
        assert f"{why}: {file}" in answer.text if file else why in answer.text, answer.text
    page = town.post(
        f"{PAGES}/take-in", data={"maker": "pingchao"}, files={"file": ("a.zip", cases[8][0])}
    )
    assert page.status_code == 422
    assert f"可能被改动过：{text}" in page.text
    assert sent(town, zipped(contents), maker="water").status_code == 422
    assert town.get(API).json()["count"] == before
