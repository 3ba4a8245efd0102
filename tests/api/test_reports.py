"""Papers out of frozen figures: made, seen by whom they concern, compared with the data since."""

from __future__ import annotations

import hashlib
import io
import json
import re
from datetime import date
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from docx import Document

from alerting.alert import Level, State
from api.accounts.records import Account, Reach, Secrecy
from api.platforms.environment.month_report.actions import KIND, make_last_month
from api.platforms.environment.permission import EnvironmentPermission
from api.reports.records import Draft, Extent, Offered, body_of
from api.reports.repository import Reports
from api.shape import CoreServices
from config.vocabulary.time import begins_ms
from tests.api.conftest import BOTH, NOW_MS, RunningCentre, entered, spill
from tests.api.papers import LIBRARIES, paper, text_of_pdf, text_of_word

KIND_ID = "environment.month-alerts"
OFFERED = Offered("environment", KIND)
HOUR_MS = 3_600_000
API = "/api/v1/reports"
TEMPLATES = f"/reports/templates/{KIND_ID}"
pytestmark = pytest.mark.parametrize("kind", BOTH)


@pytest.fixture(scope="session")
def libraries(libraries: Path) -> Path:
    """With the fonts, as `make setup` installs them."""
    fonts = libraries / "@embedpdf"
    if not fonts.exists():
        fonts.symlink_to(LIBRARIES / "@embedpdf")
    return libraries


def over(n: int, **changes: object) -> object:
    """An alert of November that is over."""
    fired_ms = NOW_MS - n * 24 * HOUR_MS
    values = {
        "id": f"{n:020}",
        "level": Level(1 + n % 4),
        "fired_ms": fired_ms,
        "began_ms": fired_ms - 60_000,
        "state": State.RESOLVED,
        "resolved_ms": fired_ms + HOUR_MS,
    }
    return spill(**(values | changes))


@pytest.fixture
def month(centre: RunningCentre) -> RunningCentre:
    """Four alerts of November."""
    for n in range(4):
        centre.put(over(n))  # type: ignore[arg-type]
    return centre


def made(client: httpx.Client, month: str = "2026-11") -> int:
    """The id of a new paper."""
    answer = client.post(API, json={"kind": KIND_ID, "parameters": {"month": month}})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def word_file(*paragraphs: str) -> bytes:
    """A template of these paragraphs."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def upload(client: httpx.Client, content: bytes, name: str = "模板.docx") -> httpx.Response:
    """Send a template by the form of the page."""
    return client.post(TEMPLATES, files={"file": (name, content)})


def test_a_paper_is_made_shown_and_handed_out_in_three_forms_that_say_the_same(
    month: RunningCentre, officer: httpx.Client
) -> None:
    """Each file is the same one each time."""
    answer = officer.post("/reports/", data={"kind": KIND_ID, "month": "2026-11"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/reports/1")
    page = officer.get("/reports/1").text
    assert "2026年11月环境监测报警报告" in page
    assert 'id="unchanged"' in page
    assert 'href="/reports/1"' in officer.get("/reports/").text
    files = {}
    for form in ("docx", "xlsx", "pdf"):
        one, two = (officer.get(f"/reports/1/paper.{form}") for _ in range(2))
        assert one.status_code == 200, one.text
        assert one.content == two.content, form
        assert f"paper.{form}" in page
        assert "%E6%8A%A5%E8%AD%A6%E6%8A%A5%E5%91%8A" in one.headers["content-disposition"]
        files[form] = one.content
    for text in (text_of_pdf(files["pdf"]), "".join(text_of_word(files["docx"]).split())):
        assert "2026年11月环境监测报警报告" in text
        assert "氨氮超标" in text
        assert "2026-11-01至2026-11-30" in text
    with month.services.state.read() as connection:
        row = connection.exec_driver_sql(
            "select who, subject, detail from audit where action = 'report.make'"
        ).one()
    assert (row.who, row.subject) == ("huanbao", "1")
    assert json.loads(row.detail)["parameters"] == {"month": "2026-11"}


def test_made_again_of_the_same_data_it_has_the_same_hash(
    month: RunningCentre, officer: httpx.Client, deputy: httpx.Client
) -> None:
    """Whoever makes it, and whenever; the hash is that of all that it says."""
    first = made(officer)
    month.clock.now_ms += HOUR_MS
    second = made(deputy)
    one, two = (officer.get(f"{API}/{of}").json() for of in (first, second))
    assert one["sha256"] == two["sha256"]
    body = json.dumps(one["paper"], sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(body.encode()).hexdigest() == one["sha256"]
    assert officer.get(f"{API}/{first}/changes").json() == []


def test_when_the_data_have_changed_then_the_page_says_which_figures_differ_and_keeps_its_own(
    month: RunningCentre, officer: httpx.Client
) -> None:
    """An alert came late, another was withdrawn."""
    made(officer)
    before = officer.get("/reports/1/paper.pdf").content
    month.put(over(9, station="tonglv-jinsha"))  # type: ignore[arg-type]
    month.put(over(8, id=f"{8:020}", level=Level.CRITICAL))  # type: ignore[arg-type]
    month.put(over(3, id=f"{3:020}", state=State.WITHDRAWN))  # type: ignore[arg-type]
    month.clock.now_ms += 60_000
    rows = officer.get(f"{API}/1/changes").json()
    found = {(of["name"], of["row"], of["column"]): (of["then"], of["now"]) for of in rows}
    assert found["报警总数", "", ""] == (4, 5)
    assert found["各级别报警", "合计", "合计"] == (4, 5)
    assert found["按站点", "通吕运河金沙断面", ""] == (None, "通吕运河金沙断面")
    page = officer.get("/reports/1").text
    assert f"{len(rows)} 处与现在不同" in page
    assert officer.get("/reports/1/paper.pdf").content == before


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("2026-12", "这个月还没有开始"),
        ("2026-13", "请选一个月份"),
        ("", "请选一个月份"),
        ("=1+1", "请选一个月份"),
    ],
)
def test_of_a_month_that_is_none_or_to_come_there_is_no_paper(
    centre: RunningCentre, officer: httpx.Client, given: str, said: str
) -> None:
    """The form comes back with its words; a program gets field, fault and remedy."""
    page = officer.post("/reports/", data={"kind": KIND_ID, "month": given})
    assert page.status_code == 422
    assert said in page.text
    answer = officer.post(API, json={"kind": KIND_ID, "parameters": {"month": given}})
    assert answer.status_code == 422
    assert "month" in answer.text


def test_a_parameter_that_the_kind_has_not_is_refused(
    centre: RunningCentre, officer: httpx.Client
) -> None:
    """With those that it has: a slip of the pen makes no paper of something else."""
    chosen = {"month": "2026-10", "station": "tonglv-pingchao"}
    answer = officer.post(API, json={"kind": KIND_ID, "parameters": chosen})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("parameters.station: is no parameter of this kind")
    assert "give month" in answer.json()["detail"]
    assert officer.get(API).json()["total"] == 0


def test_a_paper_is_for_whoever_has_the_permission_of_its_kind(
    month: RunningCentre, officer: httpx.Client, deputy: httpx.Client, administrator: httpx.Client
) -> None:
    """Nobody else knows that there is one."""
    snapshot = made(deputy)
    assert officer.get(f"/reports/{snapshot}").status_code == 200
    assert administrator.get(API).json() == {"rows": [], "total": 0}
    assert administrator.get(f"{API}/kinds").json() == []
    for path in (f"/reports/{snapshot}", f"/reports/{snapshot}/paper.pdf", f"{API}/{snapshot}"):
        assert administrator.get(path).status_code == 404
    body = {"kind": KIND_ID, "parameters": {"month": "2026-11"}}
    assert administrator.post(API, json=body).status_code == 404
    for unknown, status in (("0", 404), ("7", 404), ("99999999999999999999", 422)):
        assert officer.get(f"{API}/{unknown}").status_code == status


SEES = EnvironmentPermission.SEE_ALERTS
ALL, NPC, OFFICE = (
    Extent("", Secrecy.OPEN),
    Extent("npc", Secrecy.INTERNAL),
    Extent("npc-office", Secrecy.OPEN),
)


@pytest.mark.parametrize(
    ("extents", "reaches", "seen"),
    [
        pytest.param({OFFICE}, {OFFICE}, True, id="the same"),
        pytest.param({OFFICE}, {NPC}, True, id="of a unit above"),
        pytest.param({NPC}, {OFFICE}, False, id="of a unit below"),
        pytest.param({NPC}, {ALL}, False, id="of all, but not so secret"),
        pytest.param({OFFICE}, {ALL}, True, id="of all"),
        pytest.param({ALL}, {NPC}, False, id="figures of all units"),
        pytest.param({OFFICE, Extent("finance", Secrecy.OPEN)}, {NPC}, False, id="of one of two"),
        pytest.param(
            {OFFICE, Extent("finance", Secrecy.OPEN)},
            {NPC, Extent("finance", Secrecy.OPEN)},
            True,
            id="of both by two roles",
        ),
        pytest.param({OFFICE}, set(), False, id="without the permission"),
    ],
)
def test_a_paper_is_seen_by_who_sees_at_least_as_far_as_its_figures(
    centre: RunningCentre, extents: set[Extent], reaches: set[Extent], seen: bool
) -> None:
    """In the list, in its count and by itself."""
    reports = Reports(centre.services.state)
    draft = Draft(OFFERED, "{}", paper(), frozenset(extents))
    with centre.services.state.begin() as connection:
        kept = reports.keep(connection, draft, ("somebody", "某人"), 1)
    own = frozenset({SEES})
    account = Account("x", "x", reaches=tuple(Reach(own, of.unit, of.secrecy) for of in reaches))
    rows, total = reports.listing(account, [OFFERED], first=0, most=9)
    assert (len(rows), total) == (int(seen), int(seen))
    assert (reports.one(account, [OFFERED], kept) is not None) is seen


def test_what_is_kept_is_kept_as_it_was_and_never_changes(centre: RunningCentre) -> None:
    """The tables take new rows only."""
    reports, everybody = Reports(centre.services.state), frozenset({ALL})
    with centre.services.state.begin() as connection:
        reports.keep(connection, Draft(OFFERED, "{}", paper(), everybody), ("a", "甲"), 1)
        reports.change_template(connection, OFFERED, ("a", b"x", ""), ("a", "甲"), 1)
    account = Account("x", "x", reaches=(Reach(frozenset({SEES})),))
    found = reports.one(account, [OFFERED], 1)
    assert found is not None
    assert body_of(found.paper) == body_of(paper())
    for table in ("report_snapshot", "report_reach", "report_template"):
        for deed in (
            f"delete from {table}",
            f"update {table} set {'unit' if 'reach' in table else 'kind'} = 'x'",
        ):
            with (
                pytest.raises(sa.exc.DBAPIError, match="new rows only"),
                centre.services.state.begin() as connection,
            ):
                connection.exec_driver_sql(deed)


def test_an_office_changes_the_template_and_papers_of_before_keep_theirs(
    month: RunningCentre, officer: httpx.Client
) -> None:
    """Every version stays, with who changed it; the product's can be had again."""
    old = made(officer)
    before = officer.get(f"/reports/{old}/paper.docx").content
    assert officer.get(f"{TEMPLATES}/0.docx").content == KIND.template.read_bytes()
    answer = upload(officer, word_file("通州区人大 {{ title }}", "共 {{ figures.alerts }} 起"))
    assert answer.status_code == 303, answer.text
    page = officer.get(TEMPLATES).text
    assert "模板.docx" in page
    assert "李岚" in page
    new = made(officer)
    text = text_of_word(officer.get(f"/reports/{new}/paper.docx").content)
    assert text == "通州区人大 2026年11月环境监测报警报告\n共 4 起"
    assert officer.get(f"/reports/{old}/paper.docx").content == before
    assert officer.post(f"{TEMPLATES}/product").status_code == 303
    again = made(officer)
    assert "一、总体情况" in text_of_word(officer.get(f"/reports/{again}/paper.docx").content)
    assert text == text_of_word(officer.get(f"/reports/{new}/paper.docx").content)
    assert officer.get(f"{TEMPLATES}/1.docx").status_code == 200
    assert officer.get(f"{TEMPLATES}/9.docx").status_code == 404
    with month.services.state.read() as connection:
        rows = connection.exec_driver_sql(
            "select who, subject from audit where action = 'report.template'"
        ).all()
    assert [tuple(row) for row in rows] == [("huanbao", KIND_ID)] * 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"MZ", ("不是可以使用的 Word 文件", "另存为 .docx")),
        (
            word_file("甲", "共 {{ figures.alrts }} 起"),
            ("不存在的名字", "共 {{ figures.alrts }} 起", "alrts", "列表里的名字"),
        ),
        (word_file("{% for a in texts.overview %}"), ("写得不完整", "endfor", "都要有结尾")),
        (word_file("{{ ''.__class__ }}"), ("不允许", "__class__", "请删去这一处")),
    ],
    ids=["no Word file", "a name", "an end", "more than values"],
)
def test_a_template_that_is_unfit_does_not_come_into_force_and_is_told_where_and_how(
    centre: RunningCentre, officer: httpx.Client, content: bytes, said: tuple[str, ...]
) -> None:
    """With the fault, its paragraph and the remedy."""
    answer = upload(officer, content)
    assert answer.status_code == 422
    for part in said:
        assert part in re.sub(r"&#39;", "'", answer.text), part
    assert "使用中" in officer.get(TEMPLATES).text.split("系统自带的模板</b>")[1][:60]


def test_only_who_manages_templates_sees_and_changes_them(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """A deputy makes papers with what is in force."""
    assert deputy.get(TEMPLATES).status_code == 403
    assert upload(deputy, word_file("x")).status_code == 403


# The job


def core(centre: RunningCentre) -> CoreServices:
    """What the core hands to a job."""
    of = centre.services
    return CoreServices(
        of.state, of.store, of.catalogue, of.now_ms, of.publish, of.words, of.roles,
        of.working_days, of.files, of.district, of.wording, of.grouping,
    )  # fmt: skip


def kept(centre: RunningCentre) -> list[tuple[str, str]]:
    """Parameters and maker of every paper."""
    with centre.services.state.read() as connection:
        rows = connection.exec_driver_sql("select parameters, made_by from report_snapshot")
        return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("day", "makes"),
    [
        pytest.param(date(2026, 12, 1), True, id="a first day that is a working day"),
        pytest.param(date(2026, 12, 3), True, id="made up for"),
        pytest.param(date(2026, 12, 5), False, id="a Saturday"),
        pytest.param(date(2027, 2, 2), False, id="nothing is kept of the month before"),
    ],
)
def test_on_a_working_day_last_months_paper_is_made_once_and_officers_are_sent_a_message(
    month: RunningCentre, officer: httpx.Client, day: date, makes: bool
) -> None:
    """However often the core asks."""
    month.clock.now_ms = begins_ms(day) + 8 * HOUR_MS
    for _ in range(2):
        make_last_month(core(month))
    assert kept(month) == ([('{"month":"2026-11"}', "")] if makes else [])
    with month.services.state.read() as connection:
        rows = connection.exec_driver_sql("select reader, data from outbox").all()
    assert [row.reader for row in rows] == (["huanbao"] if makes else [])
    if makes:
        assert json.loads(rows[0].data)["link"] == "/reports/1"
        page = entered(officer, "huanbao").get("/reports/").text
        assert "系统自动生成" in page
