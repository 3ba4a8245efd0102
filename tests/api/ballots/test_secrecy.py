"""The database's own files cannot tell who said what: known voters plant known answers in a known
order, and everything that a file offers is tried to find that order again.
"""

from __future__ import annotations

import logging
import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

import pytest
import sqlalchemy as sa

from api.accounts.records import Account
from api.ballots import box, casting, repository
from api.ballots.box import GROUP, MOST_WAITING, Seal, added
from api.ballots.records import Poll
from api.services import Services
from api.tables import AUDIT
from tests.api.ballots.voting import closed, deputies, opened, said, texts
from tests.api.conftest import RunningCentre

VOTERS, POLLS = 25, 8
FAR = 4.0
"""Standard deviations: by chance one in 16,000."""
PAGE = 4096
_HEADER = 24
"""Of each frame of a write-ahead log; its own header has 32."""
Numbers = Mapping[str, int]
Orders = Mapping[str, Numbers]
Groups = Sequence[Sequence[str]]


@pytest.fixture
def chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same draws in each run."""
    monkeypatch.setattr(box, "_SECRET", random.Random(20261201))


def answer(poll: Poll, voter: int) -> str:
    """As long as any other, and found nowhere else."""
    return f"第{poll.id:03d}题之{voter:03d}号答复"


def voted(services: Services, voters: Sequence[Account], poll: Poll) -> Groups:
    """Everybody votes in their order; the answers that were written at the same time."""
    groups, seen = [], set[str]()
    for n, voter in enumerate(voters):
        casting.vote(services, voter, poll.id, said(answer(poll, n)))
        fresh = set(texts(services, poll.id)) - seen
        if fresh:
            groups.append(sorted(fresh))
            seen |= fresh
    return groups


def agreement(groups: Groups, order: Numbers) -> float:
    """How far an order agrees with the order of voting within groups: Kendall's S over all of
    them, in standard deviations of what chance gives.
    """
    total = variance = 0.0
    for group in groups:
        ranked = [of for of in group if of in order]  # names sort as their voters came
        total += sum(math.copysign(1, order[b] - order[a]) for a, b in combinations(ranked, 2))
        n = len(ranked)
        variance += n * (n - 1) * (2 * n + 5) / 18
    return total / math.sqrt(variance)


def positions(body: bytes, *, last: bool) -> Numbers:
    """Of each planted answer in a file, where it stands first or last."""
    pattern = "第\\d{3}题之\\d{3}号答复".encode()
    found: dict[str, int] = {}
    for match in re.finditer(pattern, body):
        text = match.group().decode()
        if last or text not in found:
            found[text] = match.start()
    return found


def files(settings_folder: Path) -> Iterator[tuple[str, bytes]]:
    """The database with all that lies beside it."""
    for path in sorted(settings_folder.glob("state.sqlite*")):
        yield path.name, path.read_bytes()


def orders(services: Services, folder: Path) -> Orders:
    """Every order of the answers that somebody with the files can read."""
    found: dict[str, Numbers] = {}
    for name, body in files(folder):
        for last in (False, True):
            if numbers := positions(body, last=last):
                found[f"{name}, {'last' if last else 'first'} position"] = numbers
    with services.state.read() as connection:
        selected = connection.exec_driver_sql("select answer from ballot_answer").scalars()
        found["select"] = {of[2:-2]: n for n, of in enumerate(selected)}
    return found


def checkpointed(services: Services) -> None:
    """The write-ahead log goes into the main file."""
    with services.state.engine.connect() as connection:
        connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
        connection.rollback()


def vacuumed(services: Services) -> None:
    """The main file is written anew."""
    raw = services.state.engine.raw_connection()
    raw.driver_connection.execute("vacuum")  # type: ignore[union-attr]
    raw.close()


def test_given_the_files_at_every_moment_then_no_order_in_them_is_that_of_the_voters(
    centre: RunningCentre, tmp_path: Path, chance: None
) -> None:
    """Within what was written at once: while it is open, in main file and log; closed; vacuumed."""
    services = centre.services
    voters = deputies(services, VOTERS)
    polls = [opened(services) for _ in range(POLLS)]
    groups = [group for poll in polls for group in voted(services, voters, poll)]
    assert [len(group) for group in groups] == [GROUP] * (POLLS * 4)
    tried = dict(orders(services, tmp_path))
    checkpointed(services)
    tried |= {f"{name} after a checkpoint": of for name, of in orders(services, tmp_path).items()}
    before = set(texts(services, polls[0].id))
    for poll in polls:
        closed(services, poll.id)
    rest = [sorted({answer(poll, n) for n in range(VOTERS)} - _of(groups)) for poll in polls]
    assert {len(group) for group in rest} == {VOTERS - len(before)}
    for name, act in (("closing", checkpointed), ("vacuum", vacuumed)):
        act(services)
        tried |= {f"{order} after {name}": of for order, of in orders(services, tmp_path).items()}
        every = agreement([sorted(answer(poll, n) for n in range(VOTERS)) for poll in polls],
                          orders(services, tmp_path)["state.sqlite, first position"])  # fmt: skip
        assert abs(every) < FAR, f"whole polls after {name}"
    assert len(tried) > 10
    far = {name: found for name, of in tried.items() if abs(found := _tried(groups, of)) >= FAR}
    assert far == {}


def _of(groups: Groups) -> set[str]:
    return {of for group in groups for of in group}


def _tried(groups: Groups, order: Numbers) -> float:
    return agreement([group for group in groups if set(group) <= order.keys()], order)


def test_given_ballots_were_not_shuffled_then_the_same_trial_finds_it(
    centre: RunningCentre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the test before would pass on anything."""
    for module in ("api.ballots.box.shuffled", "api.ballots.repository.shuffled"):
        monkeypatch.setattr(module, list)
    services = centre.services
    voters = deputies(services, VOTERS)
    groups = [g for _ in range(2) for g in voted(services, voters, opened(services))]
    checkpointed(services)
    found = orders(services, tmp_path)["state.sqlite, first position"]
    assert abs(agreement(groups, found)) >= FAR


def test_given_all_files_then_no_waiting_answer_stands_in_them_and_no_voter_beside_any(
    centre: RunningCentre, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """In no page of the file, also no free one, and in no frame of its log; the log of the process
    and the audit say nothing of it at all.
    """
    caplog.set_level(logging.DEBUG)
    services = centre.services
    voters = deputies(services, VOTERS)
    with services.state.read() as connection:
        audited = connection.scalar(sa.select(sa.func.count()).select_from(AUDIT))
    poll = opened(services)
    voted(services, voters, poll)
    assert not re.search("voter-|答复", caplog.text)
    written = set(texts(services, poll.id))
    waiting = {answer(poll, n) for n in range(VOTERS)} - written
    assert len(waiting) == GROUP
    seen = 0
    for checkpoint in (False, True):
        if checkpoint:
            checkpointed(services)
        for name, body in files(tmp_path):
            assert not any(of.encode() in body for of in waiting), name
            for page in _pages(name, body):
                names = positions(page, last=False)
                seen += len(names)
                assert not names or b"voter-" not in page, name
        if checkpoint:
            # Deleted answers are overwritten: each stands once in the whole file.
            body = (tmp_path / "state.sqlite").read_bytes()
            assert all(body.count(of.encode()) == 1 for of in written)
    assert seen >= len(written)
    with services.state.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(AUDIT)) == audited
        columns = sa.inspect(connection).get_columns("ballot_answer")
    assert [of["name"] for of in columns] == ["poll", "question", "random_key", "answer"]


def test_given_who_has_voted_then_the_rows_that_say_so_lie_as_before(
    centre: RunningCentre, tmp_path: Path
) -> None:
    """A note changes ten bytes where they are: nothing shows in which order they were made."""
    services = centre.services
    voters = deputies(services, VOTERS)
    poll = opened(services)
    checkpointed(services)
    before = _noted(tmp_path, repository.NOT_YET)
    for voter in random.Random(7).sample(voters, len(voters)):
        casting.vote(services, voter, poll.id, said("同一个答复"))
    checkpointed(services)
    assert len(before) == VOTERS
    assert _noted(tmp_path, "2026-11-24") == before


def _noted(folder: Path, day: str) -> Numbers:
    body = (folder / "state.sqlite").read_bytes()
    pattern = rb"(voter-\d{3})" + day.encode()
    return {match.group(1).decode(): match.start() for match in re.finditer(pattern, body)}


def _pages(name: str, body: bytes) -> Iterator[bytes]:
    if name.endswith("-wal"):
        size = PAGE + _HEADER
        frames = body[32:]
        yield from (frames[at + _HEADER : at + size] for at in range(0, len(frames), size))
    else:
        yield from (body[at : at + PAGE] for at in range(0, len(body), PAGE))


def test_given_the_box_itself_is_opened_then_no_slot_is_that_of_the_newest(chance: None) -> None:
    """Each ballot is as likely in each slot, and as likely to be written now as any other of ten."""
    seal, slots, early = Seal(b"k" * 32, 1, 8), [0] * MOST_WAITING, [0] * (MOST_WAITING + 1)
    for _ in range(2000):
        waiting: list[bytes] = []
        for n in range(MOST_WAITING):
            waiting, now = added(waiting, bytes([n + 1]))
            waiting = seal.opened(seal.sealed(waiting))
            assert now == []
        slots[waiting.index(bytes([MOST_WAITING]))] += 1
        _, now = added(waiting, bytes([MOST_WAITING + 1]))
        for ballot in now:
            early[ballot[0] - 1] += 1
    assert _chi(slots) < _far(slots)
    assert _chi(early) < _far(early)


def _chi(counts: Sequence[int]) -> float:
    mean = sum(counts) / len(counts)
    return sum((of - mean) ** 2 / mean for of in counts)


def _far(counts: Sequence[int]) -> float:
    freedom = len(counts) - 1
    return freedom + FAR * math.sqrt(2 * freedom)


@pytest.mark.parametrize("kind", ["postgresql"])
def test_given_postgresql_then_neither_where_rows_lie_nor_who_wrote_them_orders_a_group(
    centre: RunningCentre, chance: None
) -> None:
    """Rows of a group have one xmin, and after the closing all rows of a slice have."""
    services = centre.services
    voters = deputies(services, VOTERS)
    polls = [opened(services) for _ in range(POLLS)]
    groups = [group for poll in polls for group in voted(services, voters, poll)]
    query = "select answer, ctid::text, xmin::text from ballot_answer order by ctid"

    def rows() -> list[tuple[str, str, str]]:
        with services.state.read() as connection:
            found = connection.exec_driver_sql(query)
            return [(one.answer[2:-2], one.ctid, one.xmin) for one in found]

    before = rows()
    assert abs(agreement(groups, {of: n for n, (of, _, _) in enumerate(before)})) < FAR
    xmin = {of: found for of, _, found in before}
    assert all(len({xmin[of] for of in group}) == 1 for group in groups)
    for poll in polls:
        closed(services, poll.id)
    after = {of: n for n, (of, _, _) in enumerate(rows())}
    every = [sorted(answer(poll, n) for n in range(VOTERS)) for poll in polls]
    assert abs(agreement(every, after)) < FAR
    assert len({found for _, _, found in rows()}) == POLLS
