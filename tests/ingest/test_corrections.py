"""Corrections in the state database: what stands, what came since, and what goes with its month."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from config.settings import Settings
from config.vocabulary.quality import Quality
from config.vocabulary.time import DAY_MS
from ingest.annotations import tables
from ingest.annotations.corrections import AlreadyWithdrawn, Correction, Corrections
from ingest.state.database import State, open_state
from tests.conftest import Postgres

T0 = 1_772_323_200_000  # 2026-03-01 00:00 UTC


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Of a fresh state database."""
    if request.param == "sqlite":
        return Settings(data_dir=tmp_path)
    postgres: Postgres = request.getfixturevalue("postgres")
    return Settings(data_dir=tmp_path, state_url=postgres.database())


@pytest.fixture
def state(settings: Settings) -> Iterator[State]:
    """With its table."""
    made = open_state(settings)
    made.migrate([tables.MIGRATIONS])
    yield made
    made.close()


@pytest.fixture
def corrections(state: State) -> Corrections:
    """Of one process."""
    return Corrections(state)


def decided(
    of: Corrections,
    from_ms: int = T0,
    to_ms: int = T0 + 1000,
    *,
    series: str = "s/a",
    value: float | None = None,
    quality: Quality = Quality.BAD,
) -> Correction:
    """One decision, committed."""
    with of.state.begin() as connection:
        return of.add(
            connection,
            series,
            from_ms,
            to_ms,
            value=value,
            quality=quality,
            by="李岚",
            account="huanbao",
            why="电极结垢",
            at_ms=T0 + DAY_MS,
        )


def withdrawn(of: Corrections, row: Correction) -> Correction | None:
    """Taken back, committed."""
    with of.state.begin() as connection:
        return of.withdraw(connection, row.id, "陈明", "daibiao", T0 + 2 * DAY_MS)


def test_a_decision_comes_back_as_it_was_made(corrections: Corrections) -> None:
    """With who, why and when; a fresh database has none and stands at revision 0."""
    assert (corrections.revision(), corrections.of("s/a", 0, T0 * 2)) == (0, ())
    review, correction = decided(corrections), decided(corrections, value=0.1 + 0.2)

    assert corrections.of("s/a", T0, T0 + 1) == (review, correction)
    assert (review.by, review.why, review.at_ms) == ("李岚", "电极结垢", T0 + DAY_MS)
    assert (review.value, correction.value) == (None, 0.1 + 0.2)
    assert corrections.revision() == correction.revision == 2


def test_a_span_is_half_open_on_both_sides(corrections: Corrections) -> None:
    """What only borders on it does not touch it; neither does another series."""
    row = decided(corrections, T0, T0 + 1000)

    assert corrections.of("s/a", T0 + 999, T0 + 5000) == (row,)
    assert corrections.of("s/a", T0 - 1000, T0 + 1) == (row,)
    assert corrections.of("s/a", T0 + 1000, T0 + 5000) == ()
    assert corrections.of("s/a", T0 - 1000, T0) == ()
    assert corrections.of("s/ab", T0, T0 + 1000) == ()


def test_an_empty_span_is_a_fault_of_ours(corrections: Corrections) -> None:
    """It raises, and nothing is kept."""
    with pytest.raises(ValueError, match="empty span"):
        decided(corrections, T0, T0)
    assert corrections.revision() == 0


def test_what_is_withdrawn_stands_no_more_and_stays_on_the_list(corrections: Corrections) -> None:
    """With who and when; of two people the first stands."""
    row, other = decided(corrections), decided(corrections)

    gone = withdrawn(corrections, row)

    assert gone is not None
    assert (gone.withdrawn_by, gone.withdrawn_ms) == ("陈明", T0 + 2 * DAY_MS)
    assert corrections.of("s/a", 0, T0 * 2) == (other,)
    assert corrections.listing() == [other, gone]
    with pytest.raises(AlreadyWithdrawn, match="陈明"):
        withdrawn(corrections, row)
    with corrections.state.begin() as connection:
        assert corrections.withdraw(connection, 99, "陈明", "daibiao", T0) is None
    assert corrections.revision() == 3


def test_since_a_revision_come_decisions_and_withdrawals(corrections: Corrections) -> None:
    """Each with the revision of its last change, in order."""
    first, second = decided(corrections), decided(corrections)
    assert corrections.since(0) == [first, second]
    assert corrections.since(second.revision) == []

    gone = withdrawn(corrections, first)

    assert corrections.since(second.revision) == [gone]
    assert corrections.since(0) == [second, gone]


def test_what_is_rolled_back_was_never_decided(corrections: Corrections) -> None:
    """Neither row nor revision; the next one takes its number."""

    def halted() -> None:
        with corrections.state.begin() as connection:
            corrections.add(
                connection,
                "s/a",
                T0,
                T0 + 1,
                by="李岚",
                account="huanbao",
                why="",
                at_ms=T0,
                quality=Quality.BAD,
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        halted()
    assert (corrections.revision(), corrections.listing()) == (0, [])
    assert decided(corrections).revision == 1


def test_another_process_sees_it_at_its_next_look(
    corrections: Corrections, settings: Settings
) -> None:
    """Both share nothing but the database."""
    other = Corrections(open_state(settings))
    assert other.of("s/a", 0, T0 * 2) == ()

    row = decided(corrections)
    assert other.of("s/a", 0, T0 * 2) == (row,)

    withdrawn(other, row)
    assert corrections.of("s/a", 0, T0 * 2) == ()
    other.state.close()


def test_looking_again_costs_one_small_query(corrections: Corrections) -> None:
    """What stands is read again only when the revision says so."""
    decided(corrections)
    corrections.standing()
    asked = list[str]()
    event.listen(
        corrections.state.engine, "before_cursor_execute", lambda *call: asked.append(call[2])
    )

    for _ in range(3):
        assert corrections.of("s/a", T0, T0 + 1)

    asked = [query for query in asked if query != "begin"]
    assert len(asked) == 3
    assert all("FROM correction_revision" in query for query in asked)


def test_a_listing_is_restricted_by_station_series_span_and_number(
    corrections: Corrections,
) -> None:
    """The newest decision stands first. A name's underscore is no wildcard."""
    rows = [
        decided(corrections, series="s_1/a"),
        decided(corrections, series="s_1/b"),
        decided(corrections, T0 + DAY_MS, T0 + 2 * DAY_MS, series="s_1/a"),
        decided(corrections, series="sx1/a"),
    ]

    assert corrections.listing(station="s_1") == [rows[2], rows[1], rows[0]]
    assert corrections.listing(series="s_1/a") == [rows[2], rows[0]]
    assert corrections.listing(from_ms=T0 + DAY_MS) == [rows[2]]
    assert corrections.listing(to_ms=T0 + DAY_MS, most=2) == [rows[3], rows[1]]


def test_decisions_go_with_their_months(corrections: Corrections) -> None:
    """What reaches into a month that is kept stays, and so does the count of revisions."""
    decided(corrections, T0 - DAY_MS, T0)
    spanning = decided(corrections, T0 - DAY_MS, T0 + 1)
    begun = decided(corrections, T0, T0 + DAY_MS)

    corrections.drop_before(T0 + 20 * DAY_MS)

    assert corrections.of("s/a", 0, T0 * 2) == (spanning, begun)
    assert corrections.since(begun.revision) == [], "nobody re-evaluates what is gone"
    assert decided(corrections).id > begun.id


def test_an_unused_database_has_no_row(state: State) -> None:
    """Otherwise a backup could not be brought into it."""
    with state.read() as connection:
        for table in (tables.CORRECTION, tables.REVISION):
            assert connection.execute(sa.select(table)).first() is None
