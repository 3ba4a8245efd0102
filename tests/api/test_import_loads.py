"""Loads that come into force and are withdrawn, against a dictionary; and any that is killed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.audit import Actor
from api.imports import tables
from api.imports.contents import Contents
from api.imports.loading import loader, slices, spool, sweeper
from api.imports.loading.parts import Elsewhere, Parts, Waits
from api.imports.loading.worker import Worker
from api.imports.reading.rows import keyed
from api.imports.records import Load
from api.imports.standing import standing
from api.roster import ROSTER
from api.shape import Platform
from config.settings import Settings
from ingest.state.database import Migrations, State, open_state
from tests.api.conftest import BOTH, NOW_MS, Clock
from tests.api.toy.manifest import PLATFORM as TOY
from tests.api.toy.payments import PAYMENT, PAYMENTS
from tests.conftest import examples

pytestmark = pytest.mark.parametrize("kind", BOTH)
OFFICER = Actor("huanbao")
Amounts = Mapping[str, int]


@dataclass(frozen=True)
class Office:
    """Sends payments, by number and amount in fen."""

    parts: Parts
    clock: Clock

    def sent(self, amounts: Amounts) -> Load:
        """A file that was checked."""
        with self.parts.state.begin() as connection:
            load_id = self.parts.loads.add(
                connection, kind=PAYMENTS.name, source="财政局", file="a.csv", sha256="0" * 64,
                size=1, by="huanbao", at_ms=self.clock(),
            )  # fmt: skip
            self.parts.loads.move(connection, load_id, ("draft",), "checked", rows=len(amounts))
        rows = (
            keyed(PAYMENTS, at, (number, "教体局", None, "2026-03-01", amount, None))
            for at, (number, amount) in enumerate(amounts.items(), 2)
        )
        spool.write(self.parts.rows_of(load_id), rows)
        return self.now(load_id)

    def loaded(self, amounts: Amounts) -> Load:
        """A file that was checked and loaded."""
        load = self.sent(amounts)
        loader.load_rows(self.parts, loader.claim(self.parts, load, OFFICER), OFFICER)
        return self.now(load.id)

    def withdrawn(self, load: Load) -> None:
        """A load is taken out of force."""
        loader.withdraw(self.parts, load, "发错了", OFFICER)

    def now(self, load_id: int) -> Load:
        """A load as it is now."""
        found = self.parts.loads.one(load_id)
        assert found is not None
        return found

    @property
    def stands(self) -> Amounts:
        """The payments that stand."""
        query = sa.select(PAYMENT.c.number, PAYMENT.c.amount).where(standing(PAYMENT))
        with self.parts.state.read() as connection:
            rows = connection.execute(query).all()
        assert len({row.number for row in rows}) == len(rows)
        return {row.number: row.amount for row in rows}

    def rows_in_table(self) -> int:
        """Also those that do not stand."""
        with self.parts.state.read() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(PAYMENT)) or 0

    def emptied(self) -> None:
        """All is as at first."""
        with self.parts.state.begin() as connection:
            for table in (PAYMENT, tables.LOAD_REPORT, tables.LOAD):
                connection.execute(sa.delete(table))


@pytest.fixture
def office(settings: Settings) -> Iterator[Office]:
    """An office and an empty database."""
    state, clock = open_state(settings), Clock(NOW_MS)
    state.migrate([*tables_of(ROSTER), *tables_of([TOY])])
    folder = Contents(settings.data_dir / "imports")
    folder.folder.mkdir()
    yield Office(Parts(state, folder, clock, {PAYMENTS.name: PAYMENTS}), clock)
    state.close()


def tables_of(roster: Sequence[Platform]) -> list[Migrations]:
    """Their tables."""
    return [of for platform in roster for of in platform.migrations]


def test_when_a_file_is_loaded_twice_then_the_second_changes_nothing(office: Office) -> None:
    """Nothing is written, and it says so."""
    office.loaded({"1": 100, "2": 200})
    again = office.loaded({"1": 100, "2": 200})
    assert (again.state, again.fresh, again.changed, again.same) == ("unchanged", 0, 0, 2)
    assert office.rows_in_table() == 2
    assert office.stands == {"1": 100, "2": 200}


def test_when_a_load_is_withdrawn_then_what_stood_before_stands_again(office: Office) -> None:
    """Rows that were changed, and those that were new; a row that a file leaves out stays."""
    office.loaded({"1": 100, "2": 200})
    second = office.loaded({"2": 250, "3": 300})
    assert (second.fresh, second.changed, second.same) == (1, 1, 0)
    assert office.stands == {"1": 100, "2": 250, "3": 300}
    office.withdrawn(second)
    assert office.stands == {"1": 100, "2": 200}


def test_when_an_earlier_load_is_withdrawn_then_a_later_one_keeps_all_that_it_brought(
    office: Office,
) -> None:
    """Also the rows that stood when it came."""
    first = office.loaded({"1": 100, "2": 200})
    second = office.loaded({"1": 100, "3": 300})
    assert (second.fresh, second.same) == (1, 1)
    office.withdrawn(first)
    assert office.stands == {"1": 100, "3": 300}


def test_a_load_of_which_a_file_came_first_counts_as_late_as_it_came_into_force(
    office: Office,
) -> None:
    """Order is that of coming into force."""
    early, late = office.sent({"1": 100}), office.sent({"1": 200})
    for load in (late, early):
        loader.load_rows(office.parts, loader.claim(office.parts, load, OFFICER), OFFICER)
    assert office.stands == {"1": 100}


def test_while_a_load_is_written_then_no_other_of_its_kind_begins_or_goes(office: Office) -> None:
    """It is compared with what stands."""
    first = office.loaded({"1": 100})
    loader.claim(office.parts, office.sent({"1": 200}), OFFICER)
    with pytest.raises(Waits, match="waits for another"):
        loader.claim(office.parts, office.sent({"1": 300}), OFFICER)
    with pytest.raises(Waits, match="waits for another"):
        office.withdrawn(first)


def test_a_load_is_never_done_twice(office: Office) -> None:
    """Nor withdrawn twice."""
    load = office.sent({"1": 100})
    loader.load_rows(office.parts, loader.claim(office.parts, load, OFFICER), OFFICER)
    with pytest.raises(Elsewhere, match="loaded already"):
        loader.claim(office.parts, load, OFFICER)
    office.withdrawn(load)
    with pytest.raises(Elsewhere, match="is not in force"):
        office.withdrawn(load)


class Killed(Exception):
    """The process ends here."""


@pytest.mark.parametrize("at", range(4))
def test_when_a_load_is_killed_at_any_slice_then_nothing_of_it_is_seen_and_it_is_swept(
    office: Office, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """And may be loaded again."""
    monkeypatch.setattr(slices, "FIRST", 2)
    monkeypatch.setattr(slices, "MOST", 2)
    monkeypatch.setattr(slices, "LEAST", 2)
    office.loaded({"1": 100, "2": 200})
    before = office.stands
    calls = itertools.count()

    def kill() -> None:
        if next(calls) == at:
            raise Killed

    load = office.sent({str(number): 7 for number in range(2, 8)})
    with pytest.raises(Killed):
        loader.load_rows(
            replace(office.parts, between=kill), loader.claim(office.parts, load, OFFICER), OFFICER
        )
    assert office.now(load.id).state == "loading"
    assert office.stands == before

    office.clock.now_ms += sweeper.SILENT_MS + 1
    sweeper.sweep(office.parts)
    assert office.now(load.id).state == "failed"
    assert office.rows_in_table() == 2
    assert office.stands == before
    assert office.loaded({"2": 250}).state == "in-force"


def test_a_worker_that_was_given_up_writes_nothing_more(office: Office) -> None:
    """It may have slept, with its whole machine."""
    claimed = loader.claim(office.parts, office.sent({"1": 100}), OFFICER)
    office.clock.now_ms += sweeper.SILENT_MS + 1
    sweeper.sweep(office.parts)
    spool.write(office.parts.rows_of(claimed.id), [])
    loader.load_rows(office.parts, claimed, OFFICER)
    assert office.now(claimed.id).state == "failed"
    assert office.rows_in_table() == 0


def test_a_platform_hears_of_a_load_though_it_broke_when_it_was_to_hear(office: Office) -> None:
    """The sweep lets it hear what it missed."""
    heard: list[int] = []
    broken = [True]

    def hear(_state: State, load_id: int) -> None:
        if broken.pop() if broken else False:
            raise Killed
        heard.append(load_id)

    parts = replace(office.parts, kinds={PAYMENTS.name: replace(PAYMENTS, loaded=hear)})
    load = office.sent({"1": 100})
    claimed = loader.claim(parts, load, OFFICER)
    Worker().run(parts, claimed, lambda: loader.load_rows(parts, claimed, OFFICER))
    assert office.now(load.id).state == "in-force"
    assert (heard, office.now(load.id).heard) == ([], False)
    sweeper.sweep(parts)
    sweeper.sweep(parts)
    assert heard == [load.id]


def test_when_work_on_a_load_breaks_off_then_it_says_so_and_the_next_goes_on(
    office: Office,
) -> None:
    """Rows that wait on disk may be gone."""
    lost, next_one = office.sent({"1": 100}), office.sent({"2": 200})
    spool.remove(office.parts.rows_of(lost.id))
    worker = Worker()
    for load in (lost, next_one):
        claimed = loader.claim(office.parts, load, OFFICER)
        worker.run(
            office.parts, claimed, partial(loader.load_rows, office.parts, claimed, OFFICER)
        )
    assert (office.now(lost.id).state, office.now(lost.id).problem) == ("failed", "broke")
    assert office.stands == {"2": 200}


def test_a_file_that_was_never_loaded_goes_after_a_month_and_one_that_was_stays(
    office: Office,
) -> None:
    """With its rows and its content; a content that another load has stays too."""
    contents = office.parts.contents
    contents.path("0" * 64).write_bytes(b"x")
    kept, unused = office.loaded({"1": 100}), office.sent({"1": 200})
    office.clock.now_ms += sweeper.KEPT_MS
    sweeper.forget(office.parts)
    assert office.parts.loads.one(unused.id) is None
    assert office.parts.loads.one(kept.id) is not None
    assert [of.name for of in contents.folder.iterdir()] == ["0" * 64]


def layered(loads: Sequence[Amounts]) -> dict[str, int]:
    """The latest of each number."""
    return {number: amount for load in loads for number, amount in load.items()}


FILES = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 3), min_size=1, max_size=4)
STEPS = st.lists(st.one_of(FILES, st.integers(0, 5)), max_size=8)
"""A file that is loaded, or the load that is withdrawn, counted among those in force."""


@settings(max_examples=examples(25), suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_is_loaded_and_withdrawn_then_what_stands_is_what_a_dictionary_says(
    office: Office, steps: Sequence[Amounts | int]
) -> None:
    """A file of which every row stands already changes nothing, and is not in force."""
    office.emptied()
    in_force: list[tuple[Load, Amounts]] = []
    for step in steps:
        if isinstance(step, int):
            if step < len(in_force):
                load, _ = in_force.pop(step)
                office.withdrawn(load)
        else:
            before = layered([amounts for _, amounts in in_force])
            load = office.loaded(step)
            if step.items() <= before.items():
                assert load.state == "unchanged"
            else:
                in_force.append((load, step))
        assert office.stands == layered([amounts for _, amounts in in_force])
