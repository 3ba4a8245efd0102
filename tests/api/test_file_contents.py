"""Contents are kept once, whole or not at all, and go when nobody names them."""

from __future__ import annotations

import io
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from api.audit import Actor
from api.files import jobs
from api.files.contents import Contents, TooLarge, write
from api.files.repository import ContentGone, Files, HiddenUnseen, Stored, Verdict
from api.ports import Reference
from api.roster import ROSTER
from api.services import Services
from api.shape import CoreServices
from config.vocabulary.time import DAY_MS
from tests.api.conftest import BOTH, RunningCentre

pytestmark = pytest.mark.parametrize("kind", BOTH)
SUBJECT, BY = Reference("toy", "note", "1"), Actor("daibiao")


@pytest.fixture
def contents(centre: RunningCentre) -> Contents:
    """The folder of the centre."""
    return Contents(centre.services.files)


@pytest.fixture
def files(centre: RunningCentre, contents: Contents) -> Files:
    """The rows."""
    return Files(centre.services.state, contents)


def core_of(services: Services) -> CoreServices:
    """The means of a job."""
    return CoreServices(
        services.state,
        services.store,
        services.catalogue,
        services.now_ms,
        lambda _message: None,
        services.words,
        services.roles,
        services.working_days,
        services.files,
        services.district,
        services.wording,
        services.grouping,
        attachments=services.attachments,
    )


def stored(contents: Contents, content: bytes = b"one") -> Stored:
    """A content in the folder, which no row names."""
    with contents.coming() as part:
        write(io.BytesIO(content), part, 1000)
        sha256, size = contents.keep(part)
    return Stored(sha256, size, "txt", "a.txt")


def aged(path: Path, now_ms: int, days: float) -> None:
    """A file came so many days ago."""
    at = now_ms / 1000 - days * DAY_MS / 1000
    os.utime(path, (at, at))


def test_given_a_content_twice_then_it_lies_there_once_by_its_hash(contents: Contents) -> None:
    """And nobody else reads it."""
    first, second = stored(contents), stored(contents)
    assert first == second
    assert list(contents.hashes()) == [first.sha256]
    path = contents.path(first.sha256)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"one", 0o600)
    assert contents.is_whole(first.sha256)
    path.write_bytes(b"other")
    assert not contents.is_whole(first.sha256)


def test_given_more_than_may_come_then_nothing_stays(contents: Contents) -> None:
    """However it ends."""
    with pytest.raises(TooLarge), contents.coming() as part:
        write(io.BytesIO(bytes(1001)), part, 1000)
    assert not list(contents.folder.glob("*/*"))


def test_given_a_kill_while_a_content_is_written_then_no_half_content_is_there(
    contents: Contents, centre: RunningCentre
) -> None:
    """The rest of it is swept a day later."""
    child = os.fork()
    if not child:
        with contents.coming() as part:
            part.write_bytes(b"half")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    (left,) = contents.folder.glob("coming/*")
    assert list(contents.hashes()) == []
    core, now_ms = core_of(centre.services), centre.clock.now_ms
    aged(left, now_ms, 0.5)
    assert jobs.sweep(core).coming == 0
    aged(left, now_ms, 1.5)
    assert jobs.sweep(core).coming == 1
    assert not left.exists()


def test_given_a_kill_between_content_and_row_then_the_content_is_swept_a_day_later(
    contents: Contents, centre: RunningCentre
) -> None:
    """Nobody names it."""
    core, kept = core_of(centre.services), stored(contents)
    aged(contents.path(kept.sha256), centre.clock.now_ms, 0.5)
    assert jobs.sweep(core).contents == 0
    aged(contents.path(kept.sha256), centre.clock.now_ms, 1.5)
    assert jobs.sweep(core).contents == 1
    assert list(contents.hashes()) == []


def test_given_a_content_that_was_swept_then_no_row_can_name_it(
    contents: Contents, files: Files, centre: RunningCentre
) -> None:
    """A row without a content never comes about."""
    kept = stored(contents)
    contents.drop(kept.sha256)
    with pytest.raises(ContentGone), centre.services.state.begin() as connection:
        files.attach(connection, SUBJECT, kept, BY, 1)
    assert list(files.all()) == []


def test_given_an_attachment_then_it_is_found_at_its_thing_until_it_is_removed(
    contents: Contents, files: Files, centre: RunningCentre
) -> None:
    """Removing it is an event; it happens once."""
    state, kept = centre.services.state, stored(contents)
    with state.begin() as connection:
        made = files.attach(connection, SUBJECT, kept, BY, 7, "正文")
        (found,) = files.of_subject(connection, SUBJECT)
        assert files.of_subject(connection, replace_id(SUBJECT, "2")) == []
    assert (found.id, found.name, found.title, found.added_by) == (
        made,
        "a.txt",
        "正文",
        "daibiao",
    )
    with state.begin() as connection:
        assert files.remove(connection, made, BY, 8, "传错了")
        assert not files.remove(connection, made, BY, 9, "再来")
        assert files.of_subject(connection, SUBJECT) == []
        gone = files.one(connection, made)
    assert gone is not None
    assert gone.removed_ms == 8


def replace_id(of: Reference, other: str) -> Reference:
    """The same thing by another id."""
    return Reference(of.platform, of.kind, other)


def test_given_a_removed_file_then_its_content_goes_when_its_time_is_over_and_no_other_has_it(
    contents: Contents, files: Files, centre: RunningCentre
) -> None:
    """And comes back when somebody sends it again."""
    state, clock, kept = centre.services.state, centre.clock, stored(contents)
    first_ms = clock.now_ms
    with state.begin() as connection:
        one = files.attach(connection, SUBJECT, kept, BY, first_ms)
        other = files.attach(connection, replace_id(SUBJECT, "2"), kept, BY, first_ms)
        files.remove(connection, one, BY, first_ms, "")
    core = core_of(centre.services)
    aged(contents.path(kept.sha256), first_ms, 2)
    clock.now_ms += 401 * DAY_MS
    jobs.sweep(core)
    assert contents.is_whole(kept.sha256)
    with state.begin() as connection:
        files.remove(connection, other, BY, clock.now_ms, "")
    clock.now_ms += 399 * DAY_MS
    jobs.sweep(core)
    assert list(files.all()) == [kept.sha256]
    clock.now_ms += 2 * DAY_MS
    assert jobs.sweep(core).contents == 1
    assert (list(files.all()), list(contents.hashes())) == ([], [])
    stored(contents)
    with state.begin() as connection:
        files.attach(connection, SUBJECT, kept, BY, clock.now_ms)
    assert list(files.all()) == [kept.sha256]


def test_given_a_verdict_then_a_later_upload_without_one_does_not_take_it_away(
    contents: Contents, files: Files, centre: RunningCentre
) -> None:
    """A known virus stays one while the scanner is away."""
    state, kept = centre.services.state, stored(contents)
    infected = replace(kept, verdict=Verdict("infected", "Eicar", 5))
    with state.begin() as connection:
        files.attach(connection, SUBJECT, infected, BY, 7)
        files.attach(connection, SUBJECT, kept, BY, 8)
        assert {(of.scan, of.virus) for of in files.of_subject(connection, SUBJECT)} == {
            ("infected", "Eicar")
        }
        files.attach(connection, SUBJECT, replace(kept, verdict=Verdict("clean", "", 9)), BY, 9)
        assert {of.scan for of in files.of_subject(connection, SUBJECT)} == {"clean"}


def test_given_a_file_then_no_copy_goes_public_before_somebody_saw_what_it_hides(
    contents: Contents, files: Files, centre: RunningCentre
) -> None:
    """The first who saw it counts, and the first release."""
    with centre.services.state.begin() as connection:
        made = files.attach(connection, SUBJECT, stored(contents), BY, 7)
        with pytest.raises(HiddenUnseen):
            files.release(connection, made, BY, 8)
        assert files.see_hidden(connection, made, BY, 9)
        assert not files.see_hidden(connection, made, Actor("other"), 10)
        assert files.release(connection, made, BY, 11)
        assert not files.release(connection, made, BY, 12)
        found = files.one(connection, made)
    assert found is not None
    assert (found.hidden_seen_by, found.hidden_seen_ms, found.public_ms) == ("daibiao", 9, 11)


def test_given_many_contents_then_all_of_them_are_told_few_at_a_time(
    contents: Contents, files: Files, centre: RunningCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each once, in the order of their hashes."""
    monkeypatch.setattr("api.files.repository.ROWS_A_SLICE", 2)
    kept = [stored(contents, bytes([of])) for of in range(5)]
    with centre.services.state.begin() as connection:
        for each in kept:
            files.attach(connection, SUBJECT, each, BY, 1)
    assert list(files.all()) == sorted(of.sha256 for of in kept)


def test_the_roster_has_the_jobs(centre: RunningCentre) -> None:
    """Otherwise nobody would sweep."""
    (platform,) = (of for of in ROSTER if of.slug == "files")
    assert {job.name for job in platform.jobs} == {"scan", "sweep"}
    for job in platform.jobs:
        job.work(core_of(centre.services))
