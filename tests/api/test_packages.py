"""Zips with a sheet: whatever does not hold is refused, by its name, before any of it is used."""

from __future__ import annotations

import hashlib
import io
import json
import re
import stat
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from api.packages import archive
from api.packages.archive import Form, NotAPackage, opened, packed
from tests.conftest import examples

FORM = Form("sheet.json", "a.form", 1, re.compile(r"[a-c]\.txt"), 3, 4000, 10_000)
FILES = {"a.txt": b"one", "b.txt": b"two" * 1000}


class Listed(Struct, frozen=True):
    """A file of the sheet."""

    path: str
    size: int
    sha256: str


class Sheet(Struct, frozen=True):
    """The sheet."""

    schema: str
    version: int
    files: tuple[Listed, ...]


def sheet(files: Mapping[str, bytes], /, **changes: object) -> bytes:
    """The sheet of files."""
    listed = [
        {"path": name, "size": len(of), "sha256": hashlib.sha256(of).hexdigest()}
        for name, of in files.items()
    ]
    return json.dumps({"schema": "a.form", "version": 1, "files": listed} | changes).encode()


def whole(files: Mapping[str, bytes], /, **changes: object) -> bytes:
    """A package."""
    return packed({**files, "sheet.json": sheet(files, **changes)})


def read(content: bytes) -> dict[str, bytes]:
    """The files of a package, after all was checked."""
    with opened(io.BytesIO(content), FORM) as package:
        found, _ = package.sheet(Sheet)
        package.check(found.files)
        return {of.path: b"".join(package.content(of)) for of in found.files}


def with_entry(change: Callable[[zipfile.ZipInfo], None]) -> bytes:
    """A package with one more entry, c.txt."""
    one = archive.entry("c.txt")
    change(one)
    out = io.BytesIO(packed({**FILES, "sheet.json": sheet({**FILES, "c.txt": b"x"})}))
    with zipfile.ZipFile(out, "a") as into:
        into.writestr(one, b"x")
    return out.getvalue()


def link(one: zipfile.ZipInfo) -> None:
    """A symbolic link."""
    one.external_attr = (stat.S_IFLNK | 0o777) << 16


def otherwise_packed(one: zipfile.ZipInfo) -> None:
    """By a method that no centre packs by."""
    one.compress_type = zipfile.ZIP_BZIP2


def listed(**fields: Any) -> list[dict[str, Any]]:
    """A list of the sheet in which a.txt is said to be otherwise."""
    found: list[dict[str, Any]] = json.loads(sheet(FILES))["files"]
    found[0] |= fields
    return found


def twice() -> bytes:
    """A package with one name twice."""
    out = io.BytesIO(whole(FILES))
    with zipfile.ZipFile(out, "a") as into, pytest.warns(UserWarning, match="Duplicate"):
        into.writestr(archive.entry("a.txt"), b"other")
    return out.getvalue()


def locked() -> bytes:
    """A package of which the first entry says that it has a password."""
    content = bytearray(whole(FILES))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "no-zip"),
    "cut off": (lambda: whole(FILES)[:-30], "no-zip"),
    "no sheet": (lambda: packed(FILES), "missing: sheet.json"),
    "out of its folder": (lambda: whole({**FILES, "../a.txt": b""}), "path: ../a.txt"),
    "too many": (lambda: whole({f"{of}.txt": b"" for of in "abcdef"}), "files"),
    "twice": (twice, "twice: a.txt"),
    "link": (lambda: with_entry(link), "linked: c.txt"),
    "method": (lambda: with_entry(otherwise_packed), "no-zip: c.txt"),
    "password": (locked, "locked: a.txt"),
    "long sheet": (lambda: whole(FILES, more="a" * 4000), "large: sheet.json"),
    "no JSON": (lambda: packed({**FILES, "sheet.json": b"{"}), "manifest: sheet.json"),
    "a list": (lambda: packed({**FILES, "sheet.json": b"[]"}), "manifest: sheet.json"),
    "deep": (lambda: packed({"sheet.json": b"[" * 3999}), "manifest: sheet.json"),
    "schema": (lambda: whole(FILES, schema="b.form"), "schema: sheet.json"),
    "version": (lambda: whole(FILES, version=2), "version: sheet.json"),
    "no list": (lambda: whole(FILES, files=1), "manifest: sheet.json"),
    "listed twice": (lambda: whole(FILES, files=listed() * 2), "twice: a.txt"),
    "not there": (lambda: whole(FILES, files=listed(path="c.txt")), "missing: c.txt"),
    "the sheet itself": (lambda: whole(FILES, files=listed(path="sheet.json")), "missing: sheet"),
    "not listed": (lambda: whole(FILES, files=listed()[:1]), "unnamed: b.txt"),
    "less than none": (lambda: whole(FILES, files=listed(size=-1)), "large: a.txt"),
    "more than all may": (lambda: whole(FILES, files=listed(size=10_001)), "large: a.txt"),
    "shorter than said": (lambda: whole(FILES, files=listed(size=4)), "size: a.txt"),
    "longer than said": (lambda: whole(FILES, files=listed(size=2)), "size: a.txt"),
    "changed": (lambda: whole(FILES, files=listed(sha256="0" * 64)), "hash: a.txt"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_given_a_package_that_does_not_hold_then_it_is_refused_by_its_fault(name: str) -> None:
    """With the file in it where one is the reason."""
    make, why = HOSTILE[name]
    with pytest.raises(NotAPackage) as refused:
        read(make())
    assert f"{refused.value}".startswith(why)


def test_given_a_directory_of_many_entries_then_it_is_refused_before_it_is_read() -> None:
    """Each entry would take a hundred times its bytes of memory."""
    many = b"PK\x01\x02".ljust(46, b"\0") * 30_000
    count = (30_000).to_bytes(2, "little")
    end = b"PK\x05\x06" + bytes(4) + count * 2 + len(many).to_bytes(4, "little") + bytes(6)
    with pytest.raises(NotAPackage, match="^files$"):
        read(many + end)


@settings(max_examples=examples(60))
@given(
    files=st.dictionaries(st.sampled_from(["a.txt", "b.txt", "c.txt"]), st.binary(max_size=3000)),
    at=st.integers(0, 2**16),
    byte=st.integers(1, 255),
)
def test_given_any_files_then_they_come_out_as_they_went_in_and_no_changed_byte_passes_for_them(
    files: dict[str, bytes], at: int, byte: int
) -> None:
    """A byte that changes nothing of the contents, such as one of a date, may change."""
    content = whole(files)
    assert read(content) == files
    assert content == whole(files)
    changed = bytearray(content)
    changed[at % len(changed)] ^= byte
    try:
        found = read(bytes(changed))
    except NotAPackage:
        return
    assert found == files
