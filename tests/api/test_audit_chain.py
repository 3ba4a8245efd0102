"""The audit's chain: rows enter unchained, one sequencer chains them under the site's key, and any
later hand is found.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from api import audit, tables
from api.audit_chain import heads, links, sequencer
from api.audit_chain.links import ROWS_CHAINED, Checked
from api.audit_chain.sequencer import SEAL, Sequencer
from api.tables import AUDIT, AUDIT_LINK
from config import site_key
from config.settings import Settings
from config.vocabulary.errors import Refused
from config.vocabulary.time import DAY_MS
from ingest.state.database import State, open_state
from qingyuan.commands.records import audit as command
from tests.api.audit_hands import (
    KEY,
    NOW_MS,
    before_there_was_a_key,
    chained,
    chained_to_the_end,
    change,
    hand,
    ids,
    remove,
    unlink,
    write,
)
from tests.conftest import Postgres, examples
from tests.databases import fresh_state

FIELDS = ["at_ms", "who", "on_behalf", "action", "subject", "detail", "chain"]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    """A database without tables."""
    url = ""
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.database()
    made = open_state(Settings(data_dir=tmp_path, state_url=url))
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    """A database without rows."""
    there = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    made = fresh_state(tmp_path, [tables.MIGRATIONS], there)
    yield made
    made.close()


def test_a_chain_that_nobody_touched_is_whole(state: State) -> None:
    """An empty one too; a row that is not chained yet is no part of it."""
    assert links.check(state, KEY) == Checked()
    head = chained(state, 5)
    write(state, 2)
    assert links.check(state, KEY, head) == Checked(head)
    assert links.unchained(state) == 2


def test_many_rows_are_chained_few_at_a_time(state: State) -> None:
    """So that nobody who writes waits long."""
    write(state, ROWS_CHAINED + 1)
    heads = [links.chain(state, KEY), links.chain(state, KEY)]
    assert [head and head.position for head in heads] == [ROWS_CHAINED, ROWS_CHAINED + 1]
    assert links.chain(state, KEY) is None


@pytest.mark.parametrize("field", FIELDS)
def test_a_changed_field_breaks_the_chain_there(state: State, field: str) -> None:
    """Whatever is changed, the first wrong row is named."""
    chained(state, 5)
    third = ids(state)[2]
    change(state, third, **{field: 1 if field == "at_ms" else "other"})
    found = links.check(state, KEY)
    assert (found.row, found.head.position) == (third, 2)


def test_given_somebody_acts_for_another_when_it_is_chained_then_both_names_are_covered(
    state: State,
) -> None:
    """The other name cannot be taken away afterwards."""
    write(state, 1, audit.Actor("wang", "li"))
    chained_to_the_end(state)
    change(state, ids(state)[0], on_behalf="")
    assert links.check(state, KEY).row == ids(state)[0]


def test_a_removed_row_breaks_the_chain_at_the_next(state: State) -> None:
    """Taking a row out is seen at its follower."""
    chained(state, 5)
    _, second, third, *_ = ids(state)
    remove(state, second)
    found = links.check(state, KEY)
    assert (found.row, found.fault) == (third, "position 2 is missing")


def test_given_a_row_is_removed_and_its_link_is_left_then_it_is_missing(state: State) -> None:
    """Also the newest."""
    chained(state, 3)
    with hand(state) as connection:
        connection.execute(sa.delete(AUDIT).where(AUDIT.c.id == ids(state)[-1]))
    assert links.check(state, KEY).fault == "position 3 is missing"


def test_newest_rows_that_were_cut_off_are_found_by_the_kept_head_alone(state: State) -> None:
    """The rest of a chain is a chain."""
    head = chained(state, 5)
    remove(state, ids(state)[-1])
    assert links.check(state, KEY).fault == ""
    assert links.check(state, KEY, head).fault == "positions 5 to 5 are missing"


def put_in(state: State, position: int) -> int:
    """A row behind the one at a position, where there is room: newer ones move up."""
    row = ids(state)[position - 1] + 1
    room = 1000
    with hand(state) as connection:
        for column in (AUDIT.c.id, AUDIT_LINK.c.audit_id):
            moved = sa.update(column.table).where(column >= row)
            connection.execute(moved.values({column: column + room}))
        fields = {"at_ms": NOW_MS, "who": "li", "action": "try", "subject": "", "detail": ""}
        connection.execute(sa.insert(AUDIT).values(id=row, **fields))
        if state.engine.dialect.name == "postgresql":
            highest = sa.select(sa.func.max(AUDIT.c.id)).scalar_subquery()
            connection.execute(sa.select(sa.func.setval("audit_id_seq", highest)))
    return row


def test_given_a_row_is_put_among_older_ones_then_it_is_found(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sequencer chains what may still be late and nothing older."""
    monkeypatch.setattr(links, "LATE", 2)
    chained(state, 3)
    row = put_in(state, position=1)
    assert links.unchained(state) == 0
    found = links.check(state, KEY)
    assert (found.row, found.fault) == (row, f"row {row} was put among older ones")


def test_given_a_thief_of_the_database_who_reckons_with_another_key_then_it_is_found(
    state: State,
) -> None:
    """The key is not in the database."""
    chained(state, 5)
    change(state, ids(state)[2], who="somebody else")
    unlink(state, after=2)
    chained_to_the_end(state, b"a guess")
    assert links.check(state, KEY).row == ids(state)[2]


def test_given_rows_with_the_key_when_a_thief_goes_on_without_one_then_it_is_found(
    state: State,
) -> None:
    """What held for rows of before holds no more."""
    chained(state, 2)
    chained(state, 1, key=b"")
    assert links.check(state, KEY).row == ids(state)[2]


@pytest.mark.parametrize("key", [b"", KEY], ids=["without the key", "by the core"])
def test_a_chain_that_was_made_anew_is_found_by_the_kept_head(state: State, key: bytes) -> None:
    """Without the key, or by the core itself, which is brought to it by taking links away."""
    head = chained(state, 5)
    change(state, ids(state)[1], who="somebody else")
    unlink(state)
    chained_to_the_end(state, key)
    assert links.check(state, KEY).fault == ""
    assert "not that of the kept head" in links.check(state, KEY, head).fault


def test_given_two_who_chain_at_once_then_there_is_one_chain(state: State) -> None:
    """As two cores would for an instant."""
    write(state, 3 * ROWS_CHAINED)
    threads = [threading.Thread(target=chained_to_the_end, args=(state,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    found = links.check(state, KEY)
    assert (found.fault, found.head.position) == ("", 3 * ROWS_CHAINED)


def test_given_a_row_whose_transaction_ends_late_when_others_are_chained_then_it_comes_behind_them(
    postgres: Postgres, tmp_path: Path
) -> None:
    """It held nobody up, and its smaller number breaks nothing."""
    state = open_state(Settings(data_dir=tmp_path, state_url=postgres.database()))
    state.migrate([tables.MIGRATIONS])
    with state.engine.begin() as slow:
        by = audit.Actor("slow")
        audit.record(slow, by=by, action="try", subject="", detail="", at_ms=NOW_MS)
        chained(state, 2)
    chained_to_the_end(state)
    found = ids(state)
    assert found == [*sorted(found)[1:], min(found)]
    assert links.check(state, KEY).fault == ""
    state.close()


TAMPERINGS = ["nothing", "edit", "remove", "swap", "insert", "cut off", "move to the end"]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    """A database for many cases, each of which empties its table."""
    made = open_state(Settings(data_dir=tmp_path_factory.mktemp("audit")))
    made.migrate([tables.MIGRATIONS])
    yield made
    made.close()


@settings(max_examples=examples(60), deadline=None)
@given(st.sampled_from(TAMPERINGS), st.sampled_from(FIELDS), st.integers(2, 8), st.data())
def test_whatever_is_done_to_chained_rows_is_found(
    table: State, tampering: str, field: str, rows: int, data: st.DataObject
) -> None:
    """With the head that was kept; and where nothing was done, nothing is."""
    with hand(table) as connection:
        connection.execute(sa.delete(AUDIT_LINK))
        connection.execute(sa.delete(AUDIT))
    head = chained(table, rows)
    known = ids(table)
    one, other = data.draw(st.permutations(known))[:2]
    match tampering:
        case "edit":
            change(table, one, **{field: 7 if field == "at_ms" else "other"})
        case "remove":
            remove(table, one)
        case "swap":
            change(table, one, subject=str(known.index(other)))
            change(table, other, subject=str(known.index(one)))
        case "insert":
            write(table, 1)
            link = {"position": rows + 1, "audit_id": max(known) + 1, "chain": "0" * 64}
            with hand(table) as connection:
                connection.execute(sa.insert(AUDIT_LINK).values(link))
        case "cut off":
            for row in known[data.draw(st.integers(0, rows - 1)) :]:
                remove(table, row)
        case "move to the end":
            with hand(table) as connection:
                connection.execute(sa.delete(AUDIT_LINK).where(AUDIT_LINK.c.audit_id == one))
            change(table, one, detail="other")
            chained_to_the_end(table)
    assert bool(links.check(table, KEY, head).fault) == (tampering != "nothing")


def sequencing(state: State, folder: Path) -> Sequencer:
    """As a core does that has just been started."""
    return Sequencer(state, folder, KEY, lambda: NOW_MS)


def test_the_sequencer_keeps_the_head_and_checks_once_a_day(state: State, tmp_path: Path) -> None:
    """So a day later it has seen what was done meanwhile."""
    now = NOW_MS
    of = Sequencer(state, tmp_path, KEY, lambda: now)
    write(state, 3)
    assert of.step()
    assert not of.step()
    assert heads.kept(tmp_path) == links.check(state, KEY).head
    remove(state, ids(state)[-1])
    of.step()
    assert of.checked
    assert of.checked.fault == ""
    now += DAY_MS
    of.step()
    assert of.checked.fault == "positions 3 to 3 are missing"


def test_given_newest_rows_are_cut_off_when_others_are_chained_then_the_head_still_shows_it(
    state: State, tmp_path: Path
) -> None:
    """It is seen with the next row, and the head of before is not written over."""
    of = sequencing(state, tmp_path)
    write(state, 3)
    of.step()
    head = heads.kept(tmp_path)
    remove(state, ids(state)[-1])
    write(state, 4)
    of.step()
    assert of.checked
    assert "at position 3 is not that of the kept head" in of.checked.fault
    assert heads.kept(tmp_path) == head


def test_the_head_stands_in_the_log_at_the_start_and_once_a_day(
    state: State, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where neither a hand in the database nor one in the data directory takes it back."""
    caplog.set_level(logging.INFO, logger=sequencer.__name__)
    now, head = NOW_MS, chained(state, 3)
    of = Sequencer(state, tmp_path, KEY, lambda: now)
    said = (sequencer.__name__, logging.INFO, f"the audit is whole, its head is {head}")
    of.step()
    of.step()
    assert caplog.record_tuples == [said]
    now += DAY_MS
    of.step()
    assert caplog.record_tuples == [said, said]
    remove(state, ids(state)[-1])
    write(state, 1)
    heads.keep(tmp_path, head)
    sequencing(state, tmp_path).step()
    assert caplog.records[2].levelno == logging.ERROR
    assert "positions 3 to 3 are missing" in caplog.records[2].getMessage()


def test_given_a_database_of_before_there_was_a_key_when_the_core_starts_then_the_key_covers_it(
    empty: State, tmp_path: Path
) -> None:
    """Rows keep their places and hashes, and a row of its own is the first that has the key."""
    head = before_there_was_a_key(empty, 3)
    heads.keep(tmp_path, head)
    empty.migrate([tables.MIGRATIONS])
    assert links.check(empty, KEY, head) == Checked(head, plain=3)
    assert links.unchained(empty) == 1

    of = sequencing(empty, tmp_path)
    of.step()

    assert of.checked
    assert of.checked.fault == ""
    (seal,) = audit.search(empty, action=SEAL)
    assert (seal.subject, seal.detail, seal.who) == ("3", head.chain, "")
    found = links.check(empty, KEY, head)
    assert (found.fault, found.plain, found.head.position) == ("", 3, 5)
    assert found.sealed
    sequencing(empty, tmp_path).step()
    assert audit.count(empty, action=SEAL) == 1


def test_given_rows_of_before_the_key_when_they_are_changed_and_chained_anew_then_it_is_found(
    empty: State, tmp_path: Path
) -> None:
    """Whoever can reckon a SHA-256 cannot reckon the first link that has the key."""
    before_there_was_a_key(empty, 3)
    empty.migrate([tables.MIGRATIONS])
    sequencing(empty, tmp_path).step()
    fourth = ids(empty)[3]
    with hand(empty) as connection:
        query = sa.select(AUDIT_LINK).where(AUDIT_LINK.c.position > 3)
        keyed = [dict(row._mapping) for row in connection.execute(query)]
    change(empty, ids(empty)[1], who="somebody else")
    unlink(empty)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(links, "ROWS_CHAINED", 3)
        links.chain(empty, b"")
    with hand(empty) as connection:
        connection.execute(sa.insert(AUDIT_LINK), keyed)
    assert links.check(empty, KEY).row == fourth


def test_given_a_chain_that_is_broken_when_the_core_starts_then_it_is_not_sealed(
    empty: State, tmp_path: Path
) -> None:
    """The key covers nothing that is known to be false."""
    before_there_was_a_key(empty, 3)
    empty.migrate([tables.MIGRATIONS])
    change(empty, 1, who="somebody else")
    sequencing(empty, tmp_path).step()
    assert audit.count(empty, action=SEAL) == 0


def test_given_a_fault_was_cleared_up_and_accepted_then_the_check_goes_on_behind_it(
    state: State, tmp_path: Path
) -> None:
    """At once; the audit says so, and whatever is done to newer rows is found."""
    chained(state, 4)
    of = sequencing(state, tmp_path)
    change(state, ids(state)[1], who="somebody else")
    of.step()
    assert of.checked
    assert of.checked.fault

    with state.begin() as connection:
        head = heads.accept(connection, tmp_path, fault="row 2", why="a disk", at_ms=NOW_MS)
    of.step()

    assert (of.checked.fault, of.checked.position, head.position) == ("", 4, 4)
    (row,) = audit.search(state, action=heads.ACTION)
    assert (row.subject, json.loads(row.detail)) == ("4", {"fault": "row 2", "why": "a disk"})
    newest = heads.kept(tmp_path)
    assert newest
    assert links.check(state, KEY, newest, head) == Checked(newest)
    change(state, row.id, detail="{}")
    assert links.check(state, KEY, accepted=head).row == row.id
    change(state, ids(state)[3], chain="0" * 64)
    assert links.check(state, KEY, accepted=head).fault == "position 4 is not as it was accepted"


def test_given_a_row_among_older_ones_was_accepted_then_it_is_a_fault_no_more(
    state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One put behind those that were accepted is."""
    monkeypatch.setattr(links, "LATE", 2)
    chained(state, 3)
    put_in(state, position=1)
    with state.begin() as connection:
        head = heads.accept(connection, tmp_path, fault="a row", why="a test", at_ms=NOW_MS)
    chained_to_the_end(state)
    assert links.check(state, KEY, accepted=head).fault == ""
    chained(state, 3)
    row = put_in(state, position=4)
    assert links.check(state, KEY, accepted=head).row == row


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[State, bytes]]:
    """A database in a data directory with a key."""
    settings = Settings(data_dir=tmp_path)
    key = site_key.load(settings).of("audit")
    state = open_state(settings)
    state.migrate([tables.MIGRATIONS])
    yield state, key
    state.close()


def test_verify_prints_the_head_or_the_first_row_that_is_broken(
    site: tuple[State, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A head that somebody wrote down finds what the data directory's own no longer can."""
    state, key = site
    head = chained(state, 3, key)
    verify = ["verify", "--data", str(tmp_path)]
    assert command.run(verify) == 0
    printed = capsys.readouterr().out
    assert "whole: 3 rows; 0 newer ones wait to be chained" in printed
    assert f"head 3:{head.chain}" in printed
    remove(state, ids(state)[-1])
    assert heads.kept(tmp_path) is None
    assert command.run(verify) == 0
    assert command.run([*verify, "--head", str(head)]) == 1
    change(state, ids(state)[0], detail="other")
    capsys.readouterr()
    assert command.run(verify) == 1
    assert f"row {ids(state)[0]} at position 1 is not as it was chained" in capsys.readouterr().out


def test_given_a_broken_audit_when_it_is_accepted_then_verify_says_up_to_where(
    site: tuple[State, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever accepts says why."""
    state, key = site
    chained(state, 3, key)
    data = ["--data", str(tmp_path)]
    accept = ["accept", "--why", "a disk that was worn out", *data]
    assert command.run(accept) == 0
    assert capsys.readouterr().out == "nothing is broken\n"
    change(state, ids(state)[0], detail="other")
    assert command.run(accept) == 0
    assert "accepted: row 1 at position 1 is not as it was chained" in capsys.readouterr().out
    (row,) = audit.search(state, action=heads.ACTION)
    assert "a disk that was worn out" in row.detail
    assert command.run(["verify", *data]) == 0
    assert "rows up to position 3 were accepted as they were found" in capsys.readouterr().out


def test_given_rows_without_the_key_when_they_are_verified_then_it_is_said_whether_it_covers_them(
    site: tuple[State, bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A chain of which no link has the key is anybody's."""
    state, key = site
    chained(state, 2, b"")
    verify = ["verify", "--data", str(tmp_path)]
    assert command.run(verify) == 1
    assert "not covered: no row has the site's key yet; start the core" in capsys.readouterr().out
    chained(state, 1, key)
    assert command.run(verify) == 0
    assert "2 rows are of before there was a key" in capsys.readouterr().out


def test_given_a_folder_without_the_key_when_it_is_to_be_verified_then_it_is_refused(
    tmp_path: Path,
) -> None:
    """None is drawn: under a new one every row would look changed."""
    with pytest.raises(Refused, match="site.key: is not there; name the core's data directory"):
        command.run(["verify", "--data", str(tmp_path)])
    assert list(tmp_path.iterdir()) == []
