"""Roles as data: the product's, what each platform lets them do, and what a district changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.accounts.records import Grant, Secrecy, Span
from api.accounts.roles import Roles
from api.platforms.environment.permission import EnvironmentPermission as Environment
from api.roster import ROSTER, roles_of
from config.vocabulary.errors import FaultyInput
from config.vocabulary.time import DAY_MS, HOUR_MS

PRODUCT = roles_of(ROSTER, Path("/nowhere"))


def of_district(folder: Path, text: str) -> Roles:
    """The roles of a site whose district's file has a text."""
    (folder / "roles.toml").write_text(text, encoding="utf-8")
    return roles_of(ROSTER, folder)


def test_given_no_file_of_the_district_then_the_product_has_its_roles() -> None:
    """In the order in which pages name them."""
    assert tuple(PRODUCT.by_id) == (
        "deputy",
        "officer",
        "handler",
        "clerk",
        "supervisor",
        "auditor",
        "administrator",
    )
    assert Environment.SEE_ALERTS in PRODUCT.by_id["deputy"].permissions
    assert Environment.TUNE_RULES not in PRODUCT.by_id["deputy"].permissions


def test_given_a_role_of_the_district_then_it_stands_beside_those_of_the_product(
    tmp_path: Path,
) -> None:
    """With a name of its own and the permissions that it names."""
    found = of_district(
        tmp_path, '[town-officer]\nname = "乡镇环保员"\nmay = ["environment.see-alerts"]\n'
    )
    role = found.by_id["town-officer"]
    assert role.name == "乡镇环保员"
    assert role.permissions == {Environment.SEE_ALERTS}
    assert found.by_id["deputy"] == PRODUCT.by_id["deputy"]


def test_given_single_values_of_the_district_then_the_others_stay(tmp_path: Path) -> None:
    """Hours, days, secrecy and the second factor; and what it may do, if it is said anew."""
    found = of_district(
        tmp_path,
        '[deputy]\nidle_hours = 1\nsecond_factor = true\nmay = ["environment.see-stations"]\n'
        '[officer]\nwhole_days = 2\nsecrecy = "open"\n',
    )
    deputy, officer = found.by_id["deputy"], found.by_id["officer"]
    assert (deputy.idle_ms, deputy.whole_ms) == (HOUR_MS, PRODUCT.by_id["deputy"].whole_ms)
    assert deputy.permissions == {Environment.SEE_STATIONS}
    assert (officer.whole_ms, officer.secrecy) == (2 * DAY_MS, Secrecy.OPEN)
    assert officer.permissions == PRODUCT.by_id["officer"].permissions


@pytest.mark.parametrize(
    ("text", "where", "remedy"),
    [
        ("[king]\nidle_hours = 1\n", "king", "write name"),
        ("[officer]\nidle_hours = 0\n", "officer", "1 and more"),
        ('[officer]\nmay = ["environment.rule-the-world"]\n', "officer", "environment.see-alerts"),
        ('[officer]\nmay = ["see-alerts"]\n', "officer", "environment.see-alerts"),
        ('[officer]\nsecrecy = "top"\n', "officer", "a secrecy"),
        ("[officer]\npassword = 1\n", "officer", "by their names"),
    ],
)
def test_given_a_faulty_file_then_the_start_is_refused_with_place_and_remedy(
    tmp_path: Path, text: str, where: str, remedy: str
) -> None:
    """Nobody gets more or less than was meant."""
    with pytest.raises(FaultyInput) as caught:
        of_district(tmp_path, text)
    (fault,) = caught.value.faults
    assert where in fault.where
    assert remedy in fault.remedy


def test_given_several_faults_then_all_are_named_at_once(tmp_path: Path) -> None:
    """They are mended in one go."""
    with pytest.raises(FaultyInput) as caught:
        of_district(tmp_path, '[a]\nmay = ["x"]\n[b]\nidle_hours = -1\n')
    assert len(caught.value.faults) == 3


def test_given_a_grant_for_one_platform_then_it_reaches_no_other() -> None:
    """And one of a role that is no more reaches nothing."""
    (reach,) = PRODUCT.reaches([Grant("administrator", platform="environment"), Grant("gone")])
    assert {of.slug for of in reach.permissions} == {"environment"}


def test_given_several_roles_then_a_session_lasts_as_the_strictest_says() -> None:
    """And the second factor is demanded if one of them does."""
    held = ["deputy", "administrator", "gone"]
    assert PRODUCT.lifetime_ms(held) == PRODUCT.lifetime_ms(["administrator"])
    assert PRODUCT.wants_second_factor(held)
    assert not PRODUCT.wants_second_factor(["deputy", "gone"])
    assert not PRODUCT.without_second_factor().wants_second_factor(held)


days = st.none() | st.dates().map(lambda day: day.isoformat())


@given(begin=days, end=days, day=st.dates().map(lambda day: day.isoformat()))
def test_given_any_span_then_both_its_days_are_in_it(
    begin: str | None, end: str | None, day: str
) -> None:
    """The day before and the day after are not."""
    span = Span(begin, end)
    assert span.holds(day) == ((begin or day) <= day <= (end or day))
