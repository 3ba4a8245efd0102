"""Files over HTTP: whoever sees the thing sees its files, and nobody else."""

from __future__ import annotations

import io
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from api import audit
from api.accounts.records import Secrecy
from api.files.contents import Contents
from api.files.repository import Files
from api.ports import Reference
from api.roster import ROSTER
from api.shape import Platform
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.toy.manifest import PLATFORM as TOY
from tests.api.toy.notes import Note, write
from tests.files.conftest import huge_png, pdf, photo, word

pytestmark = pytest.mark.parametrize("kind", BOTH)
NAME = "关于水质的建议.docx"


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """With a platform whose notes have files."""
    return (*ROSTER, TOY)


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody who sees nothing of the toy platform."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, "lianluo")


def sent(client: httpx.Client, note: int, name: str, content: bytes) -> httpx.Response:
    """A file is sent to a note."""
    files = {"file": (name, io.BytesIO(content), "application/x-whatever")}
    return client.post(f"/toy/notes/{note}/files", files=files, data={"title": "正文"})


def rows(centre: RunningCentre, note: int) -> list[object]:
    """The attachments of a note."""
    files = Files(centre.services.state, Contents(centre.services.files))
    with centre.services.state.read() as connection:
        return list(files.of_subject(connection, Reference("toy", "note", str(note))))


def test_given_a_paper_at_a_note_when_it_is_asked_for_then_it_comes_as_it_was_and_only_to_be_saved(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """By its Chinese name, whole or in ranges, with a policy that lets nothing run."""
    content, note = word("紫琅湖"), write(centre.services, Note("便条"))
    assert sent(deputy, note, NAME, content).headers["location"] == f"/toy/notes/{note}"
    page = deputy.get(f"/toy/notes/{note}").text
    assert NAME in page
    assert "正文" in page
    assert "陈明" in page
    answer = deputy.get("/files/1")
    assert answer.content == content
    headers = answer.headers
    assert headers["content-disposition"].startswith("attachment; ")
    assert f"filename*=UTF-8''{quote(NAME)}" in headers["content-disposition"]
    assert headers["content-type"].startswith("application/vnd.openxmlformats-officedocument")
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    part = deputy.get("/files/1", headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.content) == (206, content[2:6])
    details = deputy.get("/api/v1/files/1").json()
    assert (details["name"], details["kind"], details["served"]) == (NAME, "docx", True)
    assert deputy.get("/api/v1/files/1/content").content == content


def test_given_a_picture_or_a_pdf_then_the_browser_may_show_it(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """As what it is, whatever hangs on behind it. A text never: it may be a page of somebody's."""
    note = write(centre.services, Note("便条"))
    for name, content in (
        ("a.jpg", photo()),
        ("b.pdf", pdf("x") + b"<script>1</script>"),
        ("c.html", b"<script>1</script>"),
        ("d.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
    ):
        sent(deputy, note, name, content)
    shown = [deputy.get(f"/files/{of}").headers for of in (1, 2, 3, 4)]
    said = [
        (of["content-disposition"].partition(";")[0], of["content-type"].partition(";")[0])
        for of in shown
    ]
    assert said == [
        ("inline", "image/jpeg"),
        ("inline", "application/pdf"),
        ("attachment", "text/plain"),
        ("attachment", "text/plain"),
    ]
    for of in shown:
        assert of["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in of["content-security-policy"]


def test_given_a_note_that_somebody_does_not_see_then_its_file_is_as_if_it_were_not_there(
    centre: RunningCentre, deputy: httpx.Client, officer: httpx.Client, clerk: httpx.Client
) -> None:
    """The same answer to the letter, on each address; also when the note becomes unseen later."""
    note = write(centre.services, Note("便条", secrecy=Secrecy.INTERNAL))
    sent(deputy, note, NAME, word("紫琅湖"))
    assert officer.get("/files/1").status_code == 200
    ends = ("", "/text", "/hidden")
    for address in (*(f"/files/{{}}{end}" for end in ends), "/api/v1/files/{}"):
        hidden, absent = (clerk.get(address.format(of)) for of in (1, 99))
        assert hidden.status_code == absent.status_code == 404
        assert hidden.text.replace("file 1", "") == absent.text.replace("file 99", "")
    assert clerk.get("/api/v1/files/1/content").status_code == 404
    secret = write(centre.services, Note("便条", secrecy=Secrecy.RESTRICTED))
    assert sent(deputy, secret, NAME, word("x")).status_code == 404
    assert rows(centre, secret) == []


def test_given_the_text_page_then_it_shows_paragraphs_and_no_markup_of_the_file(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """And says why where there is none."""
    note = write(centre.services, Note("便条"))
    sent(deputy, note, NAME, word("紫琅湖水质", "<script>alert(1)</script>"))
    sent(deputy, note, "照片.jpg", photo())
    page = deputy.get("/files/1/text").text
    assert '<p id="p1">紫琅湖水质</p>' in page
    assert "&lt;script&gt;alert(1)" in page
    assert "第 1 页" not in page
    assert "图片没有文字可以预览和搜索。" in deputy.get("/files/2/text").text


def test_given_a_long_text_then_it_is_shown_a_part_at_a_time(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Each with its own paragraphs, from the first on."""
    note = write(centre.services, Note("便条"))
    sent(deputy, note, "长.txt", "\n".join(f"{n}：" + "字" * 990 for n in range(45)).encode())
    first, last = deputy.get("/files/1/text").text, deputy.get("/files/1/text?part=3").text
    assert '<p id="p1">0：' in first
    assert 'href="?part=2"' in first
    assert "44：" not in first
    assert "44：" in last
    assert 'href="?part=2"' in last
    assert deputy.get("/files/1/text?part=99").text == last


def test_given_a_file_that_hides_something_then_the_office_sees_it_and_says_so_once(
    centre: RunningCentre, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """A deputy may not; the audit has it."""
    note = write(centre.services, Note("便条"))
    sent(deputy, note, NAME, word("紫琅湖"))
    assert deputy.get("/files/1/hidden").status_code == 403
    page = officer.get("/files/1/hidden").text
    assert "文档属性" in page
    assert "<small>备注</small>" in page
    assert "generated by python-docx" in page
    for _ in range(2):
        assert officer.post("/files/1/hidden").headers["location"] == "/files/1/hidden"
    assert "李岚 已看过" in officer.get("/files/1/hidden").text
    (row,) = audit.search(centre.services.state, action="files.hidden-seen")
    assert (row.who, row.subject) == ("huanbao", f"toy/note/{note}")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (huge_png(60_000, 60_000), "图片像素过多"),
        (b"PK\x03\x04 broken", "文件无法读取"),
    ],
)
def test_given_a_file_that_is_not_taken_then_the_page_says_why_and_nothing_is_kept(
    centre: RunningCentre, deputy: httpx.Client, content: bytes, said: str
) -> None:
    """In words, on the page it was sent from."""
    note = write(centre.services, Note("便条"))
    answer = sent(deputy, note, "a.png", content)
    assert answer.status_code == 422
    assert said in answer.text
    assert rows(centre, note) == []


def test_given_a_removed_file_then_it_is_gone_and_the_audit_says_why(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Its content stays for a while."""
    note = write(centre.services, Note("便条"))
    sent(deputy, note, NAME, word("紫琅湖"))
    deputy.post(f"/toy/notes/{note}/files/1", data={"why": "传错了"})
    assert deputy.get("/files/1").status_code == 404
    assert NAME not in deputy.get(f"/toy/notes/{note}").text
    (added,) = audit.search(centre.services.state, action="files.attached")
    (removed,) = audit.search(centre.services.state, action="files.removed")
    assert NAME in added.detail
    assert removed.detail == f"1 {NAME}: 传错了"


def test_given_somebody_who_only_reads_then_they_see_files_and_no_form(
    centre: RunningCentre, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """The platform decides."""
    note = write(centre.services, Note("便条"))
    sent(deputy, note, NAME, word("紫琅湖"))
    assert 'type="file"' in deputy.get(f"/toy/notes/{note}").text
    page = officer.get(f"/toy/notes/{note}").text
    assert NAME in page
    assert 'type="file"' not in page
    assert 'href="/files/1/hidden"' in page
    assert sent(officer, note, NAME, word("x")).status_code == 403


def test_given_a_page_of_another_site_then_it_sends_no_file_in_somebody_s_name(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Browsers say where a form stood."""
    note = write(centre.services, Note("便条"))
    answer = deputy.post(
        f"/toy/notes/{note}/files",
        files={"file": ("a.txt", b"a")},
        data={"title": ""},
        headers={"Origin": "http://elsewhere.example"},
    )
    assert answer.status_code == 403
    assert rows(centre, note) == []


def test_given_nobody_who_has_signed_in_then_no_file_is_read_of_them(
    centre: RunningCentre, stranger: httpx.Client
) -> None:
    """A small form leads to the sign-in page, a large body ends before it is kept anywhere."""
    note = write(centre.services, Note("便条"))
    assert sent(stranger, note, "a.txt", b"x" * 100_000).status_code == 413
    assert sent(stranger, note, "a.txt", b"x").headers["location"].startswith("/sign-in?")
    assert rows(centre, note) == []
