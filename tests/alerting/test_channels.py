"""What a channel keeps by itself."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from alerting.channels.embedded import File
from alerting.channels.protocol import Sent
from alerting.repository import Message


def message(key: str) -> Message:
    """One to an officer."""
    return Message(key, "alert", "fired", "officer", "氨氮超标", "", created_ms=0)


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
