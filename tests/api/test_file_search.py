"""Texts of files are found by whoever finds the thing they stand at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from api.accounts.records import Secrecy
from api.files import actions, indexing
from api.roster import ROSTER
from api.shape import Platform
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.test_file_pages import NAME, sent
from tests.api.toy.manifest import PLATFORM as TOY
from tests.api.toy.notes import Note, found_as, write
from tests.files.conftest import photo, word

pytestmark = pytest.mark.parametrize("kind", BOTH)


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """With a platform whose notes have files."""
    return (*ROSTER, TOY)


@pytest.fixture
def clerk(address: str) -> Iterator[httpx.Client]:
    """Somebody who sees nothing of the toy platform."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, "lianluo")


def found(client: httpx.Client, text: str) -> list[tuple[str, str, int | None]]:
    """Title, path and paragraph of each hit."""
    hits = client.get("/api/v1/search", params={"q": text}).json()["hits"]
    return [(of["title"], of["address"], of["paragraph"]) for of in hits]


def test_given_a_paper_at_a_note_then_its_text_and_name_are_found_until_it_is_removed(
    centre: RunningCentre, deputy: httpx.Client, officer: httpx.Client, clerk: httpx.Client
) -> None:
    """By whoever sees the note, and nobody else."""
    note = write(centre.services, Note("便条", secrecy=Secrecy.INTERNAL))
    sent(deputy, note, NAME, word("第一段", "紫琅湖的水质"))
    hit = (f"{NAME} 正文", "/files/1/text?part=1", 2)
    assert found(deputy, "紫琅湖") == [hit]
    assert found(officer, "紫琅湖") == [hit]
    assert [of[:2] for of in found(officer, "关于水质的建议")] == [hit[:2]]
    assert found(clerk, "紫琅湖") == []
    page = deputy.get("/search/", params={"q": "紫琅湖"}).text
    assert 'href="/files/1/text?part=1#p2"' in page
    assert "附件" in page
    deputy.post(f"/toy/notes/{note}/files/1", data={"why": "传错了"})
    assert found(deputy, "紫琅湖") == []


def test_given_a_long_text_then_a_word_far_behind_leads_to_its_part(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Also in one paragraph that is longer than any part."""
    note = write(centre.services, Note("便条"))
    lines = [*(f"{n}：" + "字" * 990 for n in range(45)), "翻坝转运"]
    sent(deputy, note, "长.txt", "\n".join(lines).encode())
    ((_, path, paragraph),) = found(deputy, "翻坝转运")
    page = deputy.get(path).text
    assert f'<p id="p{paragraph}">翻坝转运</p>' in page
    sent(deputy, note, "一段.txt", ("字" * 99_998 + "团结闸" + "字" * 70_000).encode())
    assert {path.partition("/text")[0] for _, path, _ in found(deputy, "团结闸")} == {"/files/2"}
    deputy.post(f"/toy/notes/{note}/files/1", data={"why": "传错了"})
    assert found(deputy, "翻坝转运") == []


def test_given_a_picture_then_its_name_is_found_and_leads_to_it(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """There is no text to open."""
    note = write(centre.services, Note("便条"))
    sent(deputy, note, "湖边现场.jpg", photo())
    assert [of[1] for of in found(deputy, "湖边现场")] == ["/files/1"]


def test_given_a_note_that_is_known_less_far_now_then_its_files_are_too(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """The platform puts them anew with the marks of the thing."""
    note, services = write(centre.services, Note("便条")), centre.services
    sent(deputy, note, NAME, word("紫琅湖"))
    assert found(deputy, "紫琅湖")
    around = replace(found_as(services, note), secrecy=Secrecy.RESTRICTED)
    actions.index(services, around)
    assert found(deputy, "紫琅湖") == []


def test_a_file_with_a_virus_is_not_found(centre: RunningCentre, deputy: httpx.Client) -> None:
    """Nobody could open it."""
    note, services = write(centre.services, Note("便条")), centre.services
    sent(deputy, note, NAME, word("紫琅湖"))
    (attachment,) = actions.of_subject(services, found_as(services, note).subject)
    receiver, around = actions.receiver(services), found_as(services, note)
    assert len(list(indexing.entries(receiver, around, [attachment]))) == 1
    infected = replace(attachment, scan="infected")
    assert list(indexing.entries(receiver, around, [infected])) == []
