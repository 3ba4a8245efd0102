"""people.toml: strict, every fault at once, never a password."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.accounts.enrolment import people, units
from config.settings import DISTRICTS
from config.vocabulary.errors import FaultyInput

GOOD = 'username = "chen"\nname = "陈明"\nroles = ["deputy"]\nunits = ["town"]\n'
ROLES = ("deputy", "officer", "handler", "clerk", "supervisor", "administrator")
UNITS = ("town",)


def loaded(tmp_path: Path, text: str) -> FaultyInput:
    """What is said of a people file that does not hold."""
    file = tmp_path / "people.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FaultyInput) as caught:
        people.load(file, ROLES, UNITS)
    return caught.value


def test_the_demonstration_has_somebody_of_each_role() -> None:
    """They can be tried at once, in units that there are."""
    folder = DISTRICTS / "tongzhou"
    places = units.load(folder / "units.toml")
    found = people.load(folder / "people.toml", ROLES, [unit.id for unit in places])
    assert [*found[0].roles, *found[1].roles] == ["deputy", "officer"]
    held = {role for person in found for role in (*person.roles, *person.unit_roles)}
    assert held == set(ROLES)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (GOOD.replace("deputy", "king"), "roles"),
        (GOOD.replace("town", "village"), "units"),
        (GOOD + 'acts_for = ["nobody"]\n', "acts_for"),
        (GOOD.replace("chen", "Chen Ming"), "username"),
        (GOOD.replace("chen", "token-1"), "username"),
        (GOOD + 'password = "secret"\n', "person[1]"),
        (GOOD.replace('name = "陈明"\n', ""), "person[1]"),
        (GOOD + "\n[[person]]\n" + GOOD, "person[2].username"),
    ],
)
def test_a_fault_names_its_place(tmp_path: Path, text: str, where: str) -> None:
    """File, row and field, and what to do."""
    (fault,) = loaded(tmp_path, "[[person]]\n" + text).faults
    assert fault.where.startswith("people.toml")
    assert where in fault.where
    assert fault.remedy


def test_every_fault_is_reported_at_once(tmp_path: Path) -> None:
    """Two wrong rows are two faults, and a name that stands twice is a third."""
    row = "[[person]]\n" + GOOD.replace("deputy", "king") + "\n"
    assert len(loaded(tmp_path, row * 2).faults) == 3


@pytest.mark.parametrize("text", ["[[person]\n", "person = 3\n", "person = [3]\n"])
def test_what_is_no_table_is_a_fault_too(tmp_path: Path, text: str) -> None:
    """Broken TOML and wrong shapes are said in one line."""
    assert "\n" not in str(loaded(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The path stands in the message."""
    with pytest.raises(FaultyInput, match=r"nobody\.toml"):
        people.load(tmp_path / "nobody.toml", ROLES, UNITS)


@pytest.mark.parametrize(
    ("row", "holds"),
    [
        ('until = 2025-12-31\nsuccessor = "water"', True),
        ('until = "2025-12-31"\nsuccessor = "water"', True),
        ('successor = "water"', False),
        ('until = 2025-12-31\nsuccessor = "moon"', False),
        ('until = 2025-12-31\nsuccessor = "rivers"', False),
    ],
)
def test_a_former_unit_names_another_one_of_the_file_as_successor(
    tmp_path: Path, row: str, *, holds: bool
) -> None:
    """With its last day; the successor may stand below it."""
    unit = '[[unit]]\nid = "{}"\nname = "水利局"\nkind = "department"\n{}\n'
    file = tmp_path / "units.toml"
    file.write_text(unit.format("rivers", row) + unit.format("water", ""), encoding="utf-8")
    if holds:
        former, _ = units.load(file)
        assert (former.span.until_day, former.successor) == ("2025-12-31", "water")
        return
    with pytest.raises(FaultyInput) as caught:
        units.load(file)
    (fault,) = caught.value.faults
    assert "rivers: successor" in fault.where
    assert "until" in fault.remedy
