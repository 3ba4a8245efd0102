"""What a channel keeps by itself."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import StringIO
from pathlib import Path

import msgspec

from alerting.notify.channels.dated import Dated
from alerting.notify.channels.embedded import Console, File
from alerting.notify.channels.protocol import Sent
from alerting.record.repository import Message
from tests.phrases import WORDS


def message(key: str) -> Message:
    """One to an officer."""
    return Message(key, "alert", "fired", "officer", "氨氮超标", "", created_ms=0)


class Kept:
    """A channel that keeps what it was given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def send(self, message: Message) -> Sent:
        self.texts.append(message.text)
        return Sent.DELIVERED


def test_a_message_that_waited_over_midnight_says_its_day() -> None:
    """Its times are those of the day on which it was written."""
    kept, written_ms = Kept(), 1_795_513_000_000  # 2026-11-24 17:36:40 in the district
    late = replace(message("a"), created_ms=written_ms, text="自 17:36:37 起。")
    for now_ms in (written_ms + 60_000, written_ms + 8 * 3_600_000, written_ms + 400 * 86_400_000):
        Dated(kept, WORDS, lambda now_ms=now_ms: now_ms).send(late)  # type: ignore[misc]
    assert kept.texts == [
        "自 17:36:37 起。",
        "（11月24日 17:36:40 的消息）自 17:36:37 起。",
        "（2026年11月24日 17:36:40 的消息）自 17:36:37 起。",
    ]


def test_the_console_names_the_role_in_words() -> None:
    """As everything that people read."""
    out = StringIO()
    Console(out, WORDS).send(message("a"))
    assert out.getvalue() == f"→ {WORDS('role.officer')}：{message('a').text}\n"


def keys(path: Path) -> list[str]:
    """What stands in a file."""
    return [msgspec.json.decode(line)["key"] for line in path.read_bytes().splitlines()]


def test_a_file_goes_on_behind_its_last_whole_line_and_holds_no_key_twice(tmp_path: Path) -> None:
    """A crash may have torn the last one, which counts as not sent."""
    path = tmp_path / "messages.jsonl"
    for key in ("a", "b", "a"):
        assert File(path).send(message(key)) is Sent.DELIVERED
    path.write_bytes(path.read_bytes()[:-5])
    file = File(path)
    for key in ("b", "a", "c"):
        assert file.send(message(key)) is Sent.DELIVERED
    assert keys(path) == ["a", "b", "c"]


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file may grow beyond a size, in bytes, as on a disk that is full."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_what_stands_in_a_file_is_kept_though_there_is_no_room_when_it_is_opened(
    tmp_path: Path,
) -> None:
    """It is cut, not written anew."""
    path = tmp_path / "messages.jsonl"
    File(path).send(message("a"))
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"key":"b')
    with room(0):
        File(path)
    assert path.read_bytes() == whole


def test_a_line_that_found_room_for_a_part_of_it_is_written_whole_later(tmp_path: Path) -> None:
    """And can be read at the next start."""
    path = tmp_path / "messages.jsonl"
    file = File(path)
    file.send(message("a"))
    with room(path.stat().st_size + 9):
        assert file.send(message("b")) is Sent.TRY_AGAIN
    assert file.send(message("b")) is Sent.DELIVERED
    assert File(path).send(message("b")) is Sent.DELIVERED
    assert keys(path) == ["a", "b"]
