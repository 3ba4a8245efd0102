"""The audit: rows enter unchained, one sequencer chains them, and any later hand is found."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from api import audit, tables
from api.audit import AUDIT, FILE, ROWS_CHAINED, Head, Sequencer
from config.settings import Settings
from config.vocabulary.time import DAY_MS
from ingest.state.database import State, open_state
from qingyuan.commands.records import audit as command
from tests.conftest import Postgres

NOW_MS = 1_800_000_000_000
FIELDS = ["at_ms", "who", "on_behalf", "action", "subject", "detail", "chain"]


@pytest.fixture(params=["sqlite", "postgresql"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    """An empty database."""
    url = ""
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.database()
    made = open_state(Settings(data_dir=tmp_path, state_url=url))
    made.migrate([tables.MIGRATIONS])
    yield made
    made.close()


def write(state: State, rows: int) -> None:
    """So many rows, not chained."""
    with state.begin() as connection:
        for row in range(rows):
            audit.record(
                connection,
                by=audit.Actor("li"),
                action="try",
                subject=str(row),
                detail="{}",
                at_ms=NOW_MS,
            )


def chained(state: State, rows: int) -> Head:
    """So many rows more, chained; the head."""
    write(state, rows)
    head = Head()
    while found := audit.chain(state):
        head = found
    return head


def ids(state: State) -> list[int]:
    """Of chained rows, in their order."""
    query = sa.select(AUDIT.c.id).where(AUDIT.c.position.is_not(None))
    with state.read() as connection:
        return list(connection.execute(query.order_by(AUDIT.c.position)).scalars())


def change(state: State, row: int, **values: object) -> None:
    """As somebody with a hand in the database would."""
    with state.begin() as connection:
        connection.execute(sa.update(AUDIT).where(AUDIT.c.id == row).values(values))


def remove(state: State, row: int) -> None:
    with state.begin() as connection:
        connection.execute(sa.delete(AUDIT).where(AUDIT.c.id == row))


def test_a_chain_that_nobody_touched_is_whole(state: State) -> None:
    """An empty one too; a row that is not chained yet is no part of it."""
    assert audit.check(state).head == Head()
    head = chained(state, 5)
    write(state, 2)
    assert audit.check(state, head) == audit.Checked(head)
    assert audit.unchained(state) == 2


def test_many_rows_are_chained_few_at_a_time(state: State) -> None:
    """So that nobody who writes waits long."""
    write(state, ROWS_CHAINED + 1)
    assert [found and found.position for found in (audit.chain(state), audit.chain(state))] == [
        ROWS_CHAINED,
        ROWS_CHAINED + 1,
    ]
    assert audit.chain(state) is None


@pytest.mark.parametrize("field", FIELDS)
def test_a_changed_field_breaks_the_chain_there(state: State, field: str) -> None:
    """Whatever is changed, the first wrong row is named."""
    chained(state, 5)
    third = ids(state)[2]
    change(state, third, **{field: 1 if field == "at_ms" else "other"})
    found = audit.check(state)
    assert (found.row, found.head.position) == (third, 2)


def test_given_somebody_acts_for_another_when_it_is_recorded_then_both_names_are_chained(
    state: State,
) -> None:
    """Who did it, and for whom."""
    with state.begin() as connection:
        for by in (audit.Actor("wang", "li"), audit.Actor("wang")):
            audit.record(connection, by=by, action="try", subject="", detail="", at_ms=NOW_MS)
    audit.chain(state)
    with state.read() as connection:
        query = sa.select(AUDIT.c.who, AUDIT.c.on_behalf).order_by(AUDIT.c.position)
        assert connection.execute(query).all() == [("wang", "li"), ("wang", "")]
    change(state, ids(state)[0], on_behalf="")
    assert audit.check(state).row == ids(state)[0]


def test_given_a_row_without_a_second_name_when_it_is_chained_then_it_has_the_hash_of_before(
    state: State,
) -> None:
    """Rows of before the column was there stay whole."""
    chain = hashlib.sha256(b'["", 1800000000000, "li", "try", "a", "{}"]').hexdigest()
    with state.begin() as connection:
        audit.record(
            connection, by=audit.Actor("li"), action="try", subject="a", detail="{}", at_ms=NOW_MS
        )
    assert audit.chain(state) == Head(1, chain)


def test_a_removed_row_breaks_the_chain_at_the_next(state: State) -> None:
    """Taking a row out is seen at its follower."""
    chained(state, 5)
    _, second, third, *_ = ids(state)
    remove(state, second)
    found = audit.check(state)
    assert (found.row, found.fault) == (third, "position 2 is missing")


def test_newest_rows_that_were_cut_off_are_found_by_the_kept_head_alone(state: State) -> None:
    """The rest of a chain is a chain."""
    head = chained(state, 5)
    remove(state, ids(state)[-1])
    assert audit.check(state).fault == ""
    assert audit.check(state, head).fault == "positions 5 to 5 are missing"


def test_a_chain_that_was_made_anew_is_found_by_the_kept_head(state: State) -> None:
    """Whoever can write can also reckon; the head of before lies elsewhere."""
    head = chained(state, 5)
    change(state, ids(state)[1], who="somebody else")
    for row in ids(state):
        change(state, row, position=None, chain=None)
    while audit.chain(state):
        pass
    assert audit.check(state).fault == ""
    assert "not that of the kept head" in audit.check(state, head).fault


def test_a_change_that_is_rolled_back_leaves_no_record(state: State) -> None:
    """The record stands in the caller's transaction."""

    class Halted(Exception):
        pass

    def halted() -> None:
        with state.begin() as connection:
            audit.record(
                connection, by=audit.Actor("li"), action="try", subject="", detail="", at_ms=NOW_MS
            )
            raise Halted

    with pytest.raises(Halted):
        halted()
    assert audit.unchained(state) == 0


def test_given_two_who_chain_at_once_then_there_is_one_chain(state: State) -> None:
    """As two cores would for an instant."""
    write(state, 3 * ROWS_CHAINED)

    def chain() -> None:
        while audit.chain(state):
            pass

    threads = [threading.Thread(target=chain) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    found = audit.check(state)
    assert (found.fault, found.head.position) == ("", 3 * ROWS_CHAINED)


def test_given_a_row_whose_transaction_ends_late_when_others_are_chained_then_it_comes_behind_them(
    postgres: Postgres, tmp_path: Path
) -> None:
    """It held nobody up, and its smaller number breaks nothing."""
    state = open_state(Settings(data_dir=tmp_path, state_url=postgres.database()))
    state.migrate([tables.MIGRATIONS])
    row = {
        "by": audit.Actor("slow"),
        "action": "try",
        "subject": "",
        "detail": "",
        "at_ms": NOW_MS,
    }
    with state.engine.begin() as slow:
        audit.record(slow, **row)
        chained(state, 2)
    audit.chain(state)
    found = ids(state)
    assert found == [*sorted(found)[1:], min(found)]
    assert audit.check(state).fault == ""
    state.close()


TAMPERINGS = ["nothing", "edit", "remove", "swap", "insert", "cut off", "move to the end"]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[State]:
    """A database for many cases, each of which empties its table."""
    made = open_state(Settings(data_dir=tmp_path_factory.mktemp("audit")))
    made.migrate([tables.MIGRATIONS])
    yield made
    made.close()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TAMPERINGS), st.sampled_from(FIELDS), st.integers(2, 8), st.data())
def test_whatever_is_done_to_chained_rows_is_found(
    table: State, tampering: str, field: str, rows: int, data: st.DataObject
) -> None:
    """With the head that was kept; and where nothing was done, nothing is."""
    with table.begin() as connection:
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
            change(table, one, subject="kept aside")
            change(table, other, subject=str(known.index(one)))
            change(table, one, subject=str(known.index(other)))
        case "insert":
            write(table, 1)
            change(table, max(known) + 1, position=rows + 1, chain="0" * 64)
        case "cut off":
            for row in known[data.draw(st.integers(0, rows - 1)) :]:
                remove(table, row)
        case "move to the end":
            change(table, one, position=None, chain=None, detail="other")
            audit.chain(table)
    assert bool(audit.check(table, head).fault) == (tampering != "nothing")


def test_the_sequencer_keeps_the_head_and_checks_once_a_day(state: State, tmp_path: Path) -> None:
    """So a day later it has seen what was done meanwhile."""
    now = NOW_MS
    sequencer = Sequencer(state, tmp_path, lambda: now)
    write(state, 3)
    assert sequencer.step()
    assert not sequencer.step()
    assert audit.kept_head(tmp_path) == audit.check(state).head
    remove(state, ids(state)[-1])
    sequencer.step()
    assert sequencer.checked
    assert sequencer.checked.fault == ""
    now += DAY_MS
    sequencer.step()
    assert sequencer.checked.fault == "positions 3 to 3 are missing"


def test_given_newest_rows_are_cut_off_when_others_are_chained_then_the_head_still_shows_it(
    state: State, tmp_path: Path
) -> None:
    """It is seen with the next row, and the head of before is not written over."""
    sequencer = Sequencer(state, tmp_path, lambda: NOW_MS)
    write(state, 3)
    sequencer.step()
    head = audit.kept_head(tmp_path)
    remove(state, ids(state)[-1])
    write(state, 4)
    sequencer.step()
    assert sequencer.checked
    assert "at position 3 is not that of the kept head" in sequencer.checked.fault
    assert audit.kept_head(tmp_path) == head


def test_verify_prints_the_head_or_the_first_row_that_is_broken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A head that somebody wrote down finds what the data directory's own no longer can."""
    state = open_state(Settings(data_dir=tmp_path))
    state.migrate([tables.MIGRATIONS])
    head = chained(state, 3)
    verify = ["verify", "--data", str(tmp_path)]
    assert command.run(verify) == 0
    printed = capsys.readouterr().out
    assert "whole: 3 rows; 0 newer ones wait to be chained" in printed
    assert f"head 3:{head.chain}" in printed
    remove(state, ids(state)[-1])
    assert not (tmp_path / FILE).exists()
    assert command.run(verify) == 0
    assert command.run([*verify, "--head", f"3:{head.chain}"]) == 1
    change(state, ids(state)[0], detail="other")
    capsys.readouterr()
    assert command.run(verify) == 1
    assert f"row {ids(state)[0]} at position 1 is not as it was chained" in capsys.readouterr().out
    state.close()
