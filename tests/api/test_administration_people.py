"""The list of people: whom an administrator sees there, found, counted, exported."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.accounts.records import Account, Grant, Membership, Reach, Span, Unit
from api.accounts.repositories.directory import Chosen, Directory, Person
from api.accounts.repositories.people import People
from api.accounts.repositories.sign_ins import SignIns
from api.accounts.repositories.units import Units
from api.administration.permission import AdministrationPermission
from tests.api import administering
from tests.api.administering import API, TODAY, UNIT_ADMINISTRATOR, signed_in
from tests.api.conftest import BOTH, NOW_MS, RunningCentre
from tests.conftest import examples

pytestmark = pytest.mark.parametrize("kind", BOTH)
PEOPLE = f"{API}/people"
EVERYBODY = [
    "daibiao", "daigongwei", "guanli", "gujun", "huanbao", "lianluo", "shenji", "shuili", "xuhui",
    "zhujian",
]  # fmt: skip
OF_CONGRESS = ["daibiao", "daigongwei", "guanli", "gujun", "lianluo", "xuhui"]
SEE = AdministrationPermission.SEE_PEOPLE


def usernames(client: httpx.Client, **asked: str) -> list[str]:
    """Of those whom a search gives."""
    answer = client.get(PEOPLE, params=asked)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["total"] == len(body["people"])
    return [one["username"] for one in body["people"]]


def test_given_the_demonstration_then_its_administrator_sees_everybody_with_roles_and_units(
    administrator: httpx.Client,
) -> None:
    """What the page shows of each is what the API tells."""
    body = administrator.get(PEOPLE).json()
    found = {one["username"]: one for one in body["people"]}
    assert list(found) == EVERYBODY
    assert found["daibiao"]["name"] == "陈明"
    assert [of["role"] for of in found["daibiao"]["roles"]] == ["deputy"]
    assert [of["unit"] for of in found["daibiao"]["units"]] == ["jinsha-delegation"]
    assert found["guanli"]["last_sign_in_ms"] == NOW_MS
    page = administrator.get("/administration/people").text
    for text in ("陈明", "金沙街道代表团", "人大代表", "共 10 人", "从未登录"):
        assert text in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "陈"}, ["daibiao"]),
        ({"q": "LIAN"}, ["lianluo"]),
        ({"q": "生态环境局"}, ["huanbao"]),
        ({"q": "审计员"}, ["shenji"]),
        ({"q": "%"}, []),
        ({"role": "clerk"}, ["lianluo"]),
        ({"unit": "npc"}, OF_CONGRESS),
        ({"unit": "npc", "role": "deputy"}, ["daibiao", "gujun", "xuhui"]),
        ({"state": "disabled"}, []),
        ({"order": "recent"}, ["guanli", *(of for of in EVERYBODY if of != "guanli")]),
    ],
)
def test_when_somebody_searches_then_name_username_unit_and_role_are_looked_at(
    administrator: httpx.Client, asked: Mapping[str, str], found: list[str]
) -> None:
    """A percent sign is a percent sign."""
    assert usernames(administrator, **asked) == found


def test_given_people_who_left_or_are_disabled_then_each_has_its_state(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """Somebody with a role that begins tomorrow has not left."""
    gone, later = Span(None, "2026-11-23"), Span("2026-11-25")
    administering.given(
        centre, "gone", Grant("deputy", span=gone), units=(Membership("npc", span=gone),)
    )
    administering.given(centre, "later", Grant("deputy", span=later))
    administering.given(centre, "fresh")
    assert administrator.post(f"{PEOPLE}/fresh/disable").status_code == 204
    assert usernames(administrator, state="left") == ["gone"]
    assert usernames(administrator, state="disabled") == ["fresh"]
    assert "later" in usernames(administrator, state="active")


def test_given_an_administrator_of_one_unit_then_others_are_not_there(
    centre: RunningCentre, address: str
) -> None:
    """Neither in the list, nor its counts, nor its table, nor by their address."""
    administering.given(centre, "renda", UNIT_ADMINISTRATOR, units=("npc-office",))
    gone = Span(None, "2026-11-23")
    administering.given(centre, "moved", units=(Membership("npc", span=gone), "finance"))
    administering.given(centre, "left", units=(Membership("npc", span=gone),))
    with signed_in(address, "renda") as client:
        seen = sorted([*OF_CONGRESS, "left", "renda"])
        assert usernames(client) == seen
        facets = client.get(PEOPLE).json()["facets"]
        assert facets["role"] == {
            "administrator": 2,
            "clerk": 1,
            "deputy": 3,
            "supervisor": 1,
        }
        assert "finance" not in facets["unit"]
        rows = csv.reader(io.StringIO(client.get("/administration/people.csv").text))
        assert [row[0] for row in rows][1:] == seen
        for path in (f"{PEOPLE}/huanbao", f"{PEOPLE}/moved", "/administration/people/huanbao"):
            assert client.get(path).status_code == 404
        assert client.post(f"{PEOPLE}/moved/disable").status_code == 404


def test_given_more_people_than_a_page_then_the_next_one_has_the_rest(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """Fifty on a page, each once."""
    for number in range(52):
        administering.given(centre, f"many{number:02}")
    first = administrator.get("/administration/people?q=many").text
    second = administrator.get("/administration/people?q=many&page=2").text
    shown = [
        {f"many{n:02}" for n in range(52) if f"/people/many{n:02}" in page}
        for page in (first, second)
    ]
    assert [len(of) for of in shown] == [50, 2]
    assert not shown[0] & shown[1]
    assert "第 2 页，共 2 页" in second


def test_when_the_list_is_exported_then_formulas_are_text_and_the_export_is_recorded(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """A name is somebody else's text."""
    administering.given(centre, "evil", name="=1+1")
    answer = administrator.get("/administration/people.csv?q=evil")
    assert answer.headers["content-type"].startswith("text/csv")
    assert list(csv.reader(io.StringIO(answer.text)))[1][:2] == ["evil", "'=1+1"]
    with centre.services.state.read() as connection:
        query = "select subject from audit where action = 'people.export'"
        assert connection.exec_driver_sql(query).scalars().all() == ["1"]


@pytest.mark.parametrize("asked", ["order=up", "page=0", "state=dead", "other=1", "q=%00"])
def test_what_no_form_sends_is_refused(administrator: httpx.Client, asked: str) -> None:
    """As every list does."""
    assert administrator.get(f"{PEOPLE}?{asked}").status_code in (404, 422)


UNITS = ("top", "middle", "low", "other")
DAYS = st.sampled_from([None, "2026-11-23", "2026-11-24", "2026-11-25"])
SPANS = st.builds(Span, DAYS, DAYS)
TREE = {"top": None, "middle": "top", "low": "middle", "other": None}


@settings(max_examples=examples(25), suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_people_hold_and_whoever_asks_the_count_and_the_facets_are_the_rows(
    centre: RunningCentre, data: st.DataObject
) -> None:
    """For random people, units, days, searches, and reaches of the administrator; whom they see is
    told once more in plain words.
    """
    state = centre.services.state
    with state.begin() as connection:
        for table in ("membership", "role_grant", "delegation", "account"):
            connection.exec_driver_sql(f"delete from {table}")
        for number, (unit, parent) in enumerate(TREE.items()):
            Units(state).add(connection, Unit(unit, unit, "other", parent, number + 100))
    people = data.draw(
        st.dictionaries(
            st.sampled_from(["anna", "bert", "carl", "dora"]),
            st.tuples(
                st.lists(st.builds(Membership, st.sampled_from(UNITS), span=SPANS), max_size=3),
                st.lists(
                    st.builds(Grant, st.sampled_from(["deputy", "clerk"]), span=SPANS), max_size=2
                ),
                st.booleans(),
            ),
        )
    )
    for username, (memberships, grants, disabled) in people.items():
        administering.given(centre, username, *grants, units=tuple(memberships))
        if disabled:
            with state.begin() as connection:
                People(state).put(connection, username, disabled_ms=1)
    reaching = data.draw(st.lists(st.sampled_from(["", *UNITS, "nowhere"]), max_size=2))
    account = Account("asking", "", (), tuple(Reach(frozenset({SEE}), of) for of in reaching))
    directory = Directory(state, account, SEE, TODAY)
    chosen = Chosen(
        text=data.draw(st.sampled_from(["", "a", "ow"])),
        standing=data.draw(st.sampled_from([None, "active", "disabled", "left"])),
        role=data.draw(st.sampled_from(["", "deputy"])),
        unit=data.draw(st.sampled_from(["", "top", "low"])),
    )
    seen = {of.username for of in directory.search(Chosen(), first=0, most=100)}
    assert seen == {of for of, (held, _, _) in people.items() if is_seen(reaching, held)}
    assert {of for of in people if directory.one(of)} == seen
    agree(directory, chosen)


def agree(directory: Directory, chosen: Chosen) -> None:
    """A list, its count, and what choosing each value of a facet would give, are the same."""

    def listed(**changes: str) -> tuple[Person, ...]:
        values = {name: getattr(chosen, name) for name in ("text", "standing", "role", "unit")}
        found = Chosen(**(values | changes))  # type: ignore[arg-type]
        rows = directory.search(found, first=0, most=100)
        assert directory.count(found) == len(rows)
        assert len({row.username for row in rows}) == len(rows)
        return rows

    listed()
    facets = directory.facets(chosen)
    for name in ("standing", "role", "unit"):
        counts = getattr(facets, name)
        values = {
            "standing": ["active", "disabled", "left"],
            "role": ["deputy", "clerk"],
            "unit": UNITS,
        }
        for value in values[name]:
            assert counts.get(value, 0) == len(listed(**{name: value})), (name, value)


def is_seen(reaching: list[str], held: list[Membership]) -> bool:
    """Belongs there now or later; or nowhere any more, and there once."""
    if "" in reaching:
        return True
    lasting = [of for of in held if of.span.until_day is None or of.span.until_day >= TODAY]
    return any(is_below(of.unit, top) for of in lasting or held for top in reaching)


def is_below(unit: str | None, top: str) -> bool:
    """A unit lies below another one, or is it."""
    return unit is not None and (unit == top or is_below(TREE[unit], top))


def test_given_sign_ins_then_the_last_that_succeeded_is_shown(
    centre: RunningCentre, administrator: httpx.Client
) -> None:
    """A failed one is none."""
    log = SignIns(centre.services.state)
    for outcome, at_ms in (("signed-in", NOW_MS - 9_000_000), ("wrong-password", NOW_MS)):
        log.note(outcome, "daibiao", "10.0.0.1", "", at_ms)  # type: ignore[arg-type]
    found = {one["username"]: one for one in administrator.get(PEOPLE).json()["people"]}
    assert found["daibiao"]["last_sign_in_ms"] == NOW_MS - 9_000_000
