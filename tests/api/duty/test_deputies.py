"""The register of deputies: a term is filled by a spreadsheet, which is checked before."""

from __future__ import annotations

import httpx
import pytest

from api.accounts.repositories.people import People
from api.platforms.duty.deputies import actions, repository
from api.platforms.duty.deputies.records import handed_back, written
from api.web.forms import NotAccepted
from config.vocabulary.time import day_of
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.duty.suggestion_hands import CLERK, LEAD, SECOND, Duty

HEADS = "用户名,姓名,代表团,选区,代表证号,界别,性别,学历"
GOOD = f"""{HEADS}
xuhui,徐慧,平潮镇代表团,第三选区,0002,教育,女,本科
daibiao,陈明,jinsha-delegation,第一选区,0001,农业,男,大专
linfang,林芳,金沙街道代表团,第二选区,0003,卫生,女,本科
"""
TERM = 18


@pytest.fixture
def duty(centre: RunningCentre) -> Duty:
    """The office has written the term."""
    found = Duty(centre)
    actions.put_term(found.services, found.people[CLERK], "18", "2026-12-20", "")
    return found


def load(duty: Duty, text: str, term: int = TERM) -> tuple[str, ...]:
    """Check a file and load what the page hands back; who got an account."""
    clerk = duty.people[CLERK]
    checked = actions.check(duty.services, clerk, term, "名册.csv", text.encode())
    assert not checked.mistakes
    given = handed_back(written(checked.entered))
    return tuple(of.username for of in actions.load(duty.services, clerk, term, given))


def named(duty: Duty, term: int = TERM) -> dict[str, list[str]]:
    """Names by delegation, as the list has them."""
    groups = actions.register(duty.services, term).groups
    return {of.name: [one.name for one in of.deputies] for of in groups}


@pytest.mark.parametrize("kind", BOTH)
def test_when_a_term_is_filled_then_all_hold_the_role_from_its_first_day_and_stand_in_order(
    duty: Duty,
) -> None:
    """Delegations in the official order, deputies as in the office's list; who has an account
    keeps it.
    """
    assert load(duty, GOOD) == ("linfang",)
    assert named(duty) == {"金沙街道代表团": ["陈明", "林芳"], "平潮镇代表团": ["徐慧"]}
    people = People(duty.services.state)
    with duty.services.state.read() as connection:
        early = people.grants(connection, "linfang", day_of(duty.centre.clock.now_ms))
        then = people.grants(connection, "linfang", "2026-12-20")
        lead = people.grants(connection, LEAD, "2026-12-20")
    assert not early
    assert [of.role for of in then] == ["deputy"]
    assert [of.role for of in lead] == ["deputy"], "a role that is held is not given twice"


@pytest.mark.parametrize("kind", BOTH)
def test_when_a_term_is_loaded_again_then_facts_change_and_codes_and_absent_rows_stay(
    duty: Duty,
) -> None:
    """The next term has rows and codes of its own."""
    load(duty, GOOD)
    with duty.services.state.read() as connection:
        before = repository.of_person(connection, SECOND, TERM)
    load(duty, f"{HEADS}\nxuhui,徐慧,平潮镇代表团,第九选区,0009,教育,女,硕士\n")
    actions.put_term(duty.services, duty.people[CLERK], "19", "2031-12-20", "")
    load(duty, GOOD, 19)
    with duty.services.state.read() as connection:
        after = repository.of_person(connection, SECOND, TERM)
        later = repository.last_of_person(connection, SECOND)
        assert later is not None
        assert repository.by_code(connection, later.code) == later
    assert before is not None
    assert after is not None
    assert (after.constituency, after.certificate) == ("第九选区", "0009")
    assert after.code == before.code != later.code
    assert later.term == 19
    assert named(duty) == {"金沙街道代表团": ["陈明", "林芳"], "平潮镇代表团": ["徐慧"]}


@pytest.mark.parametrize("new_one_first", [True, False])
def test_when_a_term_ends_then_those_whom_no_later_one_has_are_deputies_up_to_its_last_day(
    duty: Duty,
    new_one_first: bool,
) -> None:
    """Whichever the office enters first: the last day, or the deputies of the next term."""

    def ends() -> None:
        actions.put_term(duty.services, duty.people[CLERK], "18", "2026-12-20", "2031-12-19")

    load(duty, GOOD)
    actions.put_term(duty.services, duty.people[CLERK], "19", "2031-12-20", "")
    if not new_one_first:
        ends()
    load(duty, f"{HEADS}\nlinfang,林芳,平潮镇代表团,,,,,\n", 19)
    if new_one_first:
        ends()
    people = People(duty.services.state)
    with duty.services.state.read() as connection:
        for username, last, then in ((LEAD, 1, 0), (SECOND, 1, 0), ("linfang", 1, 1)):
            assert len(people.grants(connection, username, "2031-12-19")) == last
            assert len(people.grants(connection, username, "2031-12-20")) == then


def test_given_a_faulty_file_then_every_mistake_is_said_with_its_row_and_nothing_is_loaded(
    duty: Duty,
) -> None:
    """Those of the rows at once; those against the register once the rows hold."""
    clerk, services = duty.people[CLERK], duty.services
    text = f"""{HEADS}
Bad Name,王一,金沙街道代表团,,1,,男,
wanger,王二,没有的代表团,,1,,男,
wanger,王二,金沙街道代表团,,2,,其他,
"""
    checked = actions.check(services, clerk, TERM, "名册.csv", text.encode())
    found = {(of.row, of.column, of.kind) for of in checked.mistakes}
    assert found == {
        (2, "用户名", "username"),
        (3, "代表团", "delegation"),
        (3, "代表证号", "twice"),
        (4, "用户名", "twice"),
        (4, "性别", "gender"),
    }
    taken = f"{HEADS}\nxuhui,王三,金沙街道代表团,,3,,男,\nguanli,周平,金沙街道代表团,,4,,男,\n"
    checked = actions.check(services, clerk, TERM, "名册.csv", taken.encode())
    assert {of.kind for of in checked.mistakes} == {"taken", "beyond"}
    short = actions.check(services, clerk, TERM, "名册.csv", "姓名,年龄\n王四,40\n".encode())
    assert {of.kind for of in short.mistakes} <= {"no-column", "unreadable"}
    assert short.mistakes
    assert named(duty) == {}
    with pytest.raises(NotAccepted):
        actions.check(services, clerk, 20, "名册.csv", GOOD.encode())


def test_what_is_not_public_is_shown_to_the_office_and_to_the_deputy_alone(
    duty: Duty, address: str
) -> None:
    """On the page and over the API; the page of the import says first passwords once."""
    load(duty, GOOD.replace("linfang,林芳,金沙街道代表团,第二选区,0003,卫生,女,本科\n", ""))
    with duty.services.state.read() as connection:
        of = repository.of_person(connection, SECOND, TERM)
    assert of is not None
    for who, knows in ((SECOND, True), (LEAD, False), (CLERK, True)):
        with httpx.Client(base_url=address, timeout=60) as client:
            entered(client, who)
            page = client.get(f"/duty/deputies/{of.id}")
            assert page.status_code == 200
            assert "第三选区" in page.text
            assert (of.code in page.text) is knows
            assert (
                client.get(f"/api/v1/duty/deputies/{of.id}").json()["code"] == of.code
            ) is knows
            assert "徐慧" in client.get("/duty/deputies?term=18").text
    with httpx.Client(base_url=address, timeout=60) as client:
        entered(client, CLERK)
        sent = {"file": ("名册.csv", GOOD.encode())}
        own = {"Origin": address}
        checked = client.post(
            "/duty/deputies/import/check", data={"term": "18"}, files=sent, headers=own
        )
        assert "其中 1 名将新开账号" in checked.text
        given = written(
            actions.check(
                duty.services, duty.people[CLERK], TERM, "名册.csv", GOOD.encode()
            ).entered
        )
        loaded = client.post(
            "/duty/deputies/import/load", data={"term": "18", "entered": given}, headers=own
        )
        assert "已为 1 名代表新开账号" in loaded.text
        changed = {"term": "18", "entered": given.replace("jinsha-delegation", "housing")}
        refused = client.post("/duty/deputies/import/load", data=changed, headers=own)
        assert refused.status_code == 422
