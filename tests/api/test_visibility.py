"""Who sees which thing: one predicate, and whatever is shown of things agrees with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.accounts.records import Account, Grant, Reach, Secrecy, Unit
from api.accounts.repositories.units import Units
from api.accounts.roles import Role, Roles
from api.roster import ROSTER, roles_of
from api.shape import Platform
from api.tables import UNIT
from tests.api.conftest import BOTH, RunningCentre
from tests.api.toy import notes
from tests.api.toy.manifest import PLATFORM as TOY
from tests.api.toy.notes import NOTE, NOTE_UNIT, Note
from tests.api.toy.permission import ToyPermission
from tests.conftest import examples

pytestmark = pytest.mark.parametrize("kind", BOTH)

NAMES = tuple("abcdef")
ROLES = roles_of((*ROSTER, TOY), Path("/nowhere"))
READERS = Roles(
    ROLES.by_id
    | {
        of.name.lower(): Role(of.name.lower(), frozenset({ToyPermission.READ}), secrecy=of)
        for of in Secrecy
    }
)
"""Those of the product, and one for each secrecy."""

units = st.sampled_from(NAMES)
trees = st.tuples(*(st.none() | st.sampled_from(NAMES[:at] or NAMES[:1]) for at in range(6)))
"""Of each unit the one above it; the first may be above itself."""
grants = st.builds(
    Grant,
    role=st.sampled_from([*READERS.by_id, "unknown"]),
    platform=st.sampled_from(["", "toy", "environment"]),
    unit=st.just("") | units,
)
things = st.lists(
    st.builds(
        Note,
        text=st.text(st.sampled_from("ab%_"), max_size=3),
        unit=st.none() | units,
        secrecy=st.sampled_from(Secrecy),
        public=st.booleans(),
        concerned=st.frozensets(units, max_size=2),
    ),
    max_size=8,
)


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """The toy platform is there as well."""
    return (*ROSTER, TOY)


@pytest.fixture
def emptied(centre: RunningCentre) -> RunningCentre:
    """With six units of no parent, and no note."""
    room = Units(centre.services.state)
    with centre.services.state.begin() as connection:
        for name in NAMES:
            room.add(connection, Unit(name, name, "other"))
    return centre


def begin_anew(centre: RunningCentre, parents: tuple[str | None, ...]) -> None:
    """Hypothesis tries many examples on one database."""
    with centre.services.state.begin() as connection:
        for table in (NOTE_UNIT, NOTE):
            connection.execute(sa.delete(table))
        for name, parent in zip(NAMES, parents, strict=True):
            same = UNIT.c.id == name
            connection.execute(sa.update(UNIT).where(same).values(parent=parent))


def covered(unit: str, above: Mapping[str, str | None]) -> set[str]:
    """A unit and those below it, found by going up."""

    def leads(name: str | None, seen: tuple[str, ...] = ()) -> bool:
        if name is None or name in seen:
            return False
        return name == unit or leads(above[name], (*seen, name))

    return {name for name in above if leads(name)}


def sees(reach: Reach, note: Note, above: Mapping[str, str | None]) -> bool:
    """The rule in plain words: permission, secrecy, unit; or it was published."""
    if ToyPermission.READ not in reach.permissions:
        return False
    own = covered(reach.unit, above) if reach.unit else None
    touched = {note.unit, *note.concerned}
    return note.public or (note.secrecy <= reach.secrecy and (own is None or bool(own & touched)))


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    parents=trees, held=st.lists(grants, max_size=3), written=things, asked=st.sampled_from("ab%")
)
def test_given_any_units_roles_and_notes_then_list_count_facets_search_and_item_show_the_same(
    emptied: RunningCentre,
    parents: tuple[str | None, ...],
    held: list[Grant],
    written: list[Note],
    asked: str,
) -> None:
    """And it is what the rule in plain words gives."""
    begin_anew(emptied, parents)
    services, above = emptied.services, dict(zip(NAMES, parents, strict=True))
    ids = {notes.write(services, note): note for note in written}
    account = Account("somebody", "某人", reaches=READERS.reaches(held))
    expected = {
        note_id: note
        for note_id, note in ids.items()
        if any(sees(reach, note, above) for reach in account.reaches)
    }
    assert dict(notes.listing(services, account)) == {
        note_id: note.text for note_id, note in expected.items()
    }
    assert notes.count(services, account) == len(expected)
    facets = notes.facets(services, account)
    assert facets == {
        unit: sum(note.unit == unit for note in expected.values()) for unit in facets
    }
    assert sum(facets.values()) == len(expected)
    found = [note_id for note_id, note in expected.items() if asked in note.text]
    assert [note_id for note_id, _ in notes.listing(services, account, asked)] == found
    assert notes.count(services, account, asked) == len(found)
    shown = {of for of in ids if notes.one(services, account, of) is not None}
    assert shown == set(expected)


@pytest.mark.parametrize("role", [*ROLES.by_id, "unknown"])
def test_given_each_role_then_the_number_beside_the_list_is_that_of_its_rows(
    emptied: RunningCentre, role: str
) -> None:
    """For one unit and for all; who may not read sees nothing at all."""
    services = emptied.services
    for secrecy in Secrecy:
        for unit in (None, *NAMES):
            notes.write(services, Note("x", unit, secrecy))
    for unit in ("", "a"):
        account = Account("somebody", "某人", reaches=ROLES.reaches([Grant(role, unit=unit)]))
        rows = notes.listing(services, account)
        assert notes.count(services, account) == len(rows)
        assert bool(rows) is account.may(ToyPermission.READ)
