"""Classifications as dated data: valid codes by day, and nothing said where nothing is known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from config.classifications import classifications
from config.vocabulary.errors import FaultyInput
from simulators.treasury.simulation import treasury

KNOWN = classifications()
HEAD = (
    'id = "x"\nname = "X"\ncomplete_digits = 3\nmark = "unverified"\nsource = "s"\nlacking = ""\n'
)
CODE = '[[code]]\ncode = "201"\nname = "a"\n'


@pytest.mark.parametrize(
    ("which", "value", "day", "known"),
    [
        ("department-economic", "30217 公务接待费", "2024-05-06", True),
        ("department-economic", "30298", "2024-05", False),
        ("department-economic", "3021799", "2024", True),
        ("department-economic", "30298", "2017-12-31", True),
        ("department-economic", "公务接待费", "2024-05-06", True),
        ("department-economic", "30298", "", True),
        ("function", "2240102 灾害风险防治", "2018-12-31", False),
        ("function", "2240102 灾害风险防治", "2019-01-01", True),
        ("function", "2240102 灾害风险防治", "2018", False),
        ("function", "2019999", "2024", True),
        ("government-economic", "60101", "2024-02", False),
        ("government-economic", "5029", "2024-02", True),
    ],
)
def test_a_code_is_known_on_a_day_as_far_as_the_list_is_complete(
    which: str, value: str, day: str, *, known: bool
) -> None:
    """Without a code or a day, before the classification began, and beyond its digits nothing can
    be said, and nothing is.
    """
    assert KNOWN[which].knows(value, day) is known


def test_a_class_has_the_name_of_its_day() -> None:
    """Renamed at the reform of 2019, with the same code."""
    names = {
        day.year: next(of.name for of in KNOWN["function"].valid(day) if of.code == "210")
        for day in (date(2018, 12, 31), date(2019, 1, 1))
    }
    assert names == {2018: "医疗卫生与计划生育支出", 2019: "卫生健康支出"}


def test_every_list_says_what_could_not_be_had_and_every_code_how_sure_it_is() -> None:
    """None was read in its text; a handful is from a second hand."""
    for of in KNOWN.values():
        assert "没有取得" in of.lacking
        assert {one.mark or of.mark for one in of.code} <= {"secondary", "unverified"}
        assert all(one.source for one in of.code if one.mark)


def test_the_made_up_treasury_uses_no_code_that_is_unknown() -> None:
    """Otherwise every load of the demonstration would be full of hints."""
    made = treasury(3, 3, 5000)
    for of in made.payments:
        day = of.paid_on.isoformat()
        assert KNOWN["function"].knows(of.function, day), of.function
        assert KNOWN["department-economic"].knows(of.item, day), of.item


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ('[[code]]\ncode = "20"\nname = "a"\n', "matching regex"),
        (
            CODE + "valid_from = 2020-01-02\nvalid_until = 2020-01-01\n",
            "ends before it begins",
        ),
        (
            CODE + "valid_until = 2020-01-01\n" + CODE + "valid_from = 2020-01-01\n",
            "valid twice",
        ),
    ],
)
def test_a_list_that_does_not_hold_is_refused_with_its_row(
    tmp_path: Path, rows: str, what: str
) -> None:
    """Days that cross, days the wrong way round, a code that is none."""
    (tmp_path / "x.toml").write_text(HEAD + rows, encoding="utf-8")
    with pytest.raises(FaultyInput, match=what):
        classifications(tmp_path)
