"""The register of sources: who owes what until when, what met it, and who hears what did not come."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from alerting.notify.entries import Entry, Note, read
from alerting.tables import OUTBOX
from api import audit
from api.accounts.repositories.tokens import Tokens
from api.accounts.sign_in import hash_of
from api.deadlines import reminders
from api.imports.sources.repository import ABANDONED_MS
from api.imports.sources.ways.folder import Folder
from api.imports.standing import standing
from api.roster import ROSTER
from api.shape import Platform
from config.settings import ImportSettings
from config.vocabulary.time import DAY_MS, ZONE
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, entered
from tests.api.source_hands import FAULTY, NOVEMBER, Round, lies, registered
from tests.api.toy.manifest import PLATFORM as TOY
from tests.api.toy.payments import PAYMENT

pytestmark = pytest.mark.parametrize("kind", BOTH)
API = "/api/v1/imports"


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """With a platform that takes payments in."""
    return (*ROSTER, TOY)


@pytest.fixture
def watched(tmp_path: Path) -> ImportSettings:
    """A root below which folders are watched."""
    root = tmp_path / "watched"
    root.mkdir()
    return ImportSettings(folder=str(root))


@pytest.fixture
def centre(centre: RunningCentre, watched: ImportSettings) -> RunningCentre:
    """With the settings of imports."""
    centre.services = replace(centre.services, imports=watched)
    return centre


@pytest.fixture
def core(centre: RunningCentre, roster: tuple[Platform, ...], watched: ImportSettings) -> Round:
    """The jobs."""
    return Round(centre, roster, watched)


def now(centre: RunningCentre, at: str, client: httpx.Client | None = None) -> None:
    """Set the clock to a time of the district, at which the officer signs in anew."""
    at_ms = datetime.fromisoformat(at).replace(tzinfo=ZONE).timestamp() * 1000
    centre.clock.now_ms = round(at_ms)
    if client:
        entered(client, "huanbao")


def stands(centre: RunningCentre) -> dict[str, int]:
    """Payments by number, fen."""
    query = sa.select(PAYMENT.c.number, PAYMENT.c.amount).where(standing(PAYMENT))
    with centre.services.state.read() as connection:
        return {row.number: row.amount for row in connection.execute(query)}


def notes(centre: RunningCentre) -> list[tuple[str, Note]]:
    """Messages that were posted: reader and text."""
    with centre.services.state.read() as connection:
        rows = connection.execute(sa.select(OUTBOX).order_by(OUTBOX.c.at_ms, OUTBOX.c.key))
        found: list[Entry] = [read(row) for row in rows]
    return [(of.reader or "", of.body) for of in found if isinstance(of.body, Note)]


def test_given_a_monthly_source_when_a_file_lies_in_its_folder_then_it_is_loaded_and_meets_the_month(
    centre: RunningCentre, officer: httpx.Client, core: Round, watched: ImportSettings
) -> None:
    """The journey: registered, due, laid down, loaded, seen."""
    source = registered(officer, way="folder", remote="guoku")
    page = officer.get("/imports/sources").text
    assert "2026-11 期，2026-12-14 到期" in page
    now(centre, "2026-12-02T09:00", officer)
    core.goes()
    (due,) = core.sources.owed(source)
    assert (due.label, due.last_day, due.load) == ("2026-11", "2026-11-30", None)

    folder = Path(watched.folder) / "guoku"
    lies(folder, "支付.csv", NOVEMBER)
    core.goes(2)
    assert stands(centre) == {"001": 120050, "002": 8000000}
    assert [path.name for path in (folder / "done").iterdir()] == ["支付.csv"]
    assert not (folder / "支付.csv").exists()
    core.goes()
    (due,) = core.sources.owed(source)
    assert due.load is not None
    page = officer.get(f"/imports/sources/{source}").text
    assert "已导入" in page
    assert "支付.csv" in page
    assert "2026-12 期" in page
    assert "支付凭证号" in page, "the columns that are kept"
    assert core.outcomes(source) == ["loaded"]


def test_given_a_month_without_a_file_then_the_owner_and_the_officer_hear_of_it_once(
    centre: RunningCentre, officer: httpx.Client, core: Round
) -> None:
    """On the first working morning after the due day; the page says so until it comes."""
    source = registered(officer)
    now(centre, "2026-12-01T00:10")
    core.goes()
    heard: dict[str, Note] = {}
    for day in range(1, 23):
        now(centre, f"2026-12-{day:02}T08:30")
        known = len(notes(centre))
        reminders.remind(core.core)
        core.morning()
        heard |= {f"{day:02} {who}": note for who, note in notes(centre)[known:]}
    officers = {day: of for day, of in heard.items() if "huanbao" in day}
    assert list(officers) == ["15 huanbao"], "due on Monday, the 14th"
    assert officers["15 huanbao"].title == "有 1 份数据到期没有收到"
    assert officers["15 huanbao"].text == "国库支付 2026-11 期，2026-12-14 到期"
    assert "国库支付 2026-11" in heard["15 lianluo"].text

    page = entered(officer, "huanbao").get("/imports/sources").text
    assert "2026-11 期没有收到，已超期 8 天" in page
    assert officer.get(f"{API}/sources").json()[0]["missed"] == ["2026-11"]
    query = {"source": "国库支付", "name": "a.csv"}
    officer.post(f"{API}/toy.payments", params=query, content=NOVEMBER.encode())
    core.goes()
    assert "没有收到，" not in officer.get("/imports/sources").text
    assert core.sources.owed(source)[0].load is not None


def test_given_a_load_that_met_a_month_when_it_is_withdrawn_then_the_month_waits_again(
    centre: RunningCentre, officer: httpx.Client, core: Round
) -> None:
    """With its own due date."""
    source = registered(officer)
    now(centre, "2026-12-02T09:00", officer)
    query = {"source": "国库支付", "name": "a.csv"}
    load = officer.post(f"{API}/toy.payments", params=query, content=NOVEMBER.encode()).json()
    core.goes()
    assert core.sources.owed(source)[0].load == load["id"]
    officer.post(f"{API}/loads/{load['id']}/withdraw", json={"why": "发错了"})
    core.goes()
    (owed,) = core.sources.owed(source)
    assert owed.load is None
    state = officer.get(f"{API}/sources").json()[0]
    assert (state["due_period"], state["due_day"]) == ("2026-11", "2026-12-14")


def test_given_faults_when_a_file_lies_down_then_nothing_is_loaded_and_the_faults_lie_beside_it(
    centre: RunningCentre, officer: httpx.Client, core: Round, watched: ImportSettings
) -> None:
    """Unless the source takes good rows."""
    source = registered(officer, way="folder", remote="guoku")
    folder = Path(watched.folder) / "guoku"
    lies(folder, "a.csv", FAULTY)
    core.goes(2)
    assert stands(centre) == {}
    faults = (folder / "refused" / "a.csv.faults.txt").read_text(encoding="utf-8-sig")
    assert "第 2 行" in faults
    assert "在日历上不存在" in faults
    assert core.outcomes(source) == ["refused"]
    assert "在日历上不存在" in officer.get(f"/imports/sources/{source}").text
    assert "有问题，没有全部导入 · a.csv" in officer.get("/imports/sources").text
    ((owner, note),) = notes(centre)
    load = officer.get(API).json()[0]["id"]
    assert (owner, note.title) == ("lianluo", "“国库支付”报来的“a.csv”没有导入")
    assert "在日历上不存在" in note.text
    assert note.link == f"/imports/{load}"
    lies(folder, "b.csv", FAULTY)
    core.goes(2)
    assert len(notes(centre)) == 1, "of a content once, under whatever name"

    form = {
        "unit": "environment", "way": "folder", "remote": "guoku", "good_rows": "true",
        "due_amount": "10",
    }  # fmt: skip
    assert officer.post(f"/imports/sources/{source}/edit", data=form).status_code == 303
    lies(folder, "a.csv", FAULTY)
    core.goes(2)
    assert stands(centre) == {"002": 800}
    assert (folder / "done" / "a.csv").exists()
    lies(folder, "kein.csv", "没有表格")
    core.goes(2)
    assert (folder / "refused" / "kein.csv.faults.txt").exists()
    (of_rows, of_file) = notes(centre)
    assert of_rows[1] == note
    assert of_file[1].title == "“国库支付”报来的“kein.csv”没有导入"
    assert of_file[1].link == f"/imports/sources/{source}"


def test_given_that_it_was_loaded_when_the_same_content_lies_down_again_then_it_is_not_taken_twice(
    centre: RunningCentre, officer: httpx.Client, core: Round, watched: ImportSettings
) -> None:
    """Under whatever name; also where its load was withdrawn since."""
    source = registered(officer, way="folder", remote="guoku")
    folder = Path(watched.folder) / "guoku"
    lies(folder, "a.csv", NOVEMBER)
    core.goes(2)
    load = officer.get(API).json()[0]["id"]
    officer.post(f"{API}/loads/{load}/withdraw", json={"why": "发错了"})
    lies(folder, "a.csv", NOVEMBER)
    lies(folder, "b.csv", NOVEMBER)
    core.goes(2)
    assert core.outcomes(source) == ["loaded", "known", "known"]
    assert stands(centre) == {}
    assert sorted(path.name for path in (folder / "done").iterdir()) == [
        "a-2.csv", "a.csv", "b.csv",
    ]  # fmt: skip


def test_given_a_kill_after_a_load_and_before_the_file_is_away_then_it_is_not_loaded_again(
    centre: RunningCentre,
    officer: httpx.Client,
    core: Round,
    watched: ImportSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another process finds it later, sees that its content was loaded, and puts it away."""

    def killed(*_given: object) -> bool:
        raise SystemExit

    source = registered(officer, way="folder", remote="guoku")
    folder = Path(watched.folder) / "guoku"
    lies(folder, "a.csv", NOVEMBER)
    core.goes()
    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(Folder, "settle", killed)
        core.goes()
    assert stands(centre) == {"001": 120050, "002": 8000000}
    core.goes(3)
    assert (folder / "a.csv").exists(), "the dead process has the source in hand"
    centre.clock.now_ms += ABANDONED_MS
    core.goes(2)
    assert (folder / "done" / "a.csv").exists()
    assert core.outcomes(source) == ["loaded", "known"]
    assert len(officer.get(API).json()) == 1


def test_given_two_processes_then_a_source_is_in_one_hand(
    officer: httpx.Client, core: Round
) -> None:
    """One that was killed lets go in time."""
    source = registered(officer, way="folder", remote="guoku")
    assert core.sources.claim(source, NOW_MS)
    assert not core.sources.claim(source, NOW_MS + 1000)
    assert core.sources.claim(source, NOW_MS + DAY_MS)


def test_given_a_token_then_its_machine_sends_the_table_of_its_source_and_of_no_other(
    centre: RunningCentre, officer: httpx.Client, stranger: httpx.Client
) -> None:
    """It has no other right."""
    with centre.services.state.begin() as connection:
        tokens = [
            Tokens(centre.services.state).add(
                connection, hash_of(secret), secret, ("imports.send",), "", "guanli", NOW_MS,
                NOW_MS + DAY_MS,
            )
            for secret in ("own", "other")
        ]  # fmt: skip
    source = registered(officer, way="token", server=f"token/{tokens[0]}")
    address = f"{API}/sources/{source}/files"

    def sent(secret: str, text: str, to: str = address) -> httpx.Response:
        headers = {"Authorization": f"Bearer {secret}"}
        return stranger.post(to, params={"name": "a.csv"}, content=text.encode(), headers=headers)

    assert sent("other", NOVEMBER).status_code == 404
    assert sent("own", NOVEMBER, f"{API}/toy.payments?source=x").status_code == 403
    assert [sent("own", FAULTY).status_code for _ in range(2)] == [422, 422]
    ((owner, note),) = notes(centre)
    assert (owner, note.title) == ("lianluo", "“国库支付”报来的“a.csv”没有导入")
    assert "在日历上不存在" in note.text
    told = sent("own", NOVEMBER).json()
    assert (told["state"], told["source"]) == ("in-force", "国库支付")
    assert officer.post(address, content=NOVEMBER.encode()).status_code == 404
    assert stranger.get(API, headers={"Authorization": "Bearer own"}).status_code == 403


def test_given_other_terms_then_periods_that_wait_have_them_and_their_deadline_says_why(
    centre: RunningCentre, officer: httpx.Client, core: Round
) -> None:
    """A stopped source owes nothing; one that goes on owes from that day."""
    source = registered(officer)
    now(centre, "2026-12-02T09:00", officer)
    core.goes()
    (before,) = core.sources.owed(source)
    form = {"unit": "environment", "way": "hand", "due_amount": "3", "due_unit": "day"}
    assert officer.post(f"/imports/sources/{source}/edit", data=form).status_code == 303
    (after,) = core.sources.owed(source)
    assert after.deadline != before.deadline
    assert "来源的负责人或期限已修改" in officer.get(f"/deadlines/{before.deadline}").text
    assert officer.get(f"{API}/sources").json()[0]["due_day"] == "2026-12-03"

    refused = officer.post(f"/imports/sources/{source}/stop", data={"why": " "})
    assert refused.status_code == 422
    officer.post(f"/imports/sources/{source}/stop", data={"why": "机构改革"})
    assert "已停用" in officer.get(f"/imports/sources/{source}").text
    now(centre, "2027-02-02T09:00", officer)
    core.goes()
    assert len(core.sources.owed(source)) == 1
    officer.post(f"/imports/sources/{source}/go-on")
    core.goes()
    assert len(core.sources.owed(source)) == 1
    now(centre, "2027-03-01T09:00", officer)
    core.goes()
    assert [of.label for of in core.sources.owed(source)] == ["2027-02", "2026-11"]
    actions = {of.action for of in audit.search(centre.services.state, subject=str(source))}
    assert actions >= {f"imports.source-{of}" for of in ("added", "changed", "stopped", "resumed")}


def test_given_a_weekly_source_without_dates_in_time_then_a_load_is_for_the_week_before_it(
    centre: RunningCentre, officer: httpx.Client, core: Round
) -> None:
    """A second one is for the next; the week that nobody sent stays missed."""
    source = registered(officer, period="week", since_day="2026-11-23", due_amount="2")
    now(centre, "2026-12-08T09:00", officer)
    core.goes()
    assert [of.label for of in core.sources.owed(source)] == ["2026-W49", "2026-W48"]
    query = {"source": "国库支付", "name": "a.csv"}
    officer.post(f"{API}/toy.payments", params=query, content=NOVEMBER.encode())
    core.goes()
    assert [of.load is not None for of in core.sources.owed(source)] == [True, False]
    assert officer.get(f"{API}/sources").json()[0]["missed"] == ["2026-W48"]


@pytest.mark.parametrize(
    ("changes", "where", "said"),
    [
        ({"name": " "}, "name", "请写来源名称"),
        ({"kind": "toy.other"}, "kind", "请选择数据种类"),
        ({"unit": "none"}, "unit", "请选择负责单位"),
        ({"username": "nobody"}, "username", "没有这个人"),
        ({"since_day": "2020-01-01"}, "since_day", "请选"),
        ({"since_day": "gestern"}, "since_day", "不能这样填"),
        ({"due_amount": "0"}, "due_amount", "不能这样填"),
        ({"way": "folder", "remote": "../x"}, "remote", "不带路径"),
        ({"way": "folder", "remote": "done"}, "remote", "不带路径"),
        ({"way": "sftp", "server": "sftp/none", "remote": "/out"}, "server", "与方式不符"),
        ({"way": "view", "server": "", "remote": "v"}, "server", "与方式不符"),
        ({"way": "token", "server": "token/99"}, "server", "与方式不符"),
    ],
)
def test_given_a_form_that_does_not_hold_then_the_field_says_why(
    officer: httpx.Client, core: Round, changes: dict[str, str], where: str, said: str
) -> None:
    """Nothing is registered."""
    form = {
        "name": "国库支付", "kind": "toy.payments", "unit": "environment", "due_amount": "10",
    }  # fmt: skip
    answer = officer.post("/imports/sources", data=form | changes)
    assert answer.status_code == 422
    complaint = answer.text.partition(f'id="wrong-{where}"')[2].partition("</p>")[0]
    assert said in complaint
    assert core.sources.all(["toy.payments"]) == []


def test_given_who_may_not_see_the_kind_then_its_sources_are_not_there(
    officer: httpx.Client, address: str
) -> None:
    """A clerk loads, but sees no payments of the toy."""
    source = registered(officer, name="秘密的来源")
    assert officer.post("/imports/sources", data={"name": "x"}).status_code == 422
    with httpx.Client(base_url=address, timeout=60) as client:
        clerk = entered(client, "lianluo")
        assert clerk.get(f"/imports/sources/{source}").status_code == 404
        assert "秘密的来源" not in clerk.get("/imports/sources").text
        assert clerk.get(f"{API}/sources").json() == []
        assert clerk.get("/imports/sources/new").status_code == 403
