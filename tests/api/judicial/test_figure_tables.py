"""Monthly tables as bodies write them, taken in by the imports: the same checks as the form."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import httpx
import pytest

from api.audit import Actor
from api.imports.actions import load_at_once, parts_of, send
from api.imports.loading.loader import withdraw
from api.imports.loading.parts import Parts
from api.imports.loading.worker import Worker
from api.imports.records import Fault, Load
from api.platforms.judicial.figures.actions import reading, sending, terms
from api.platforms.judicial.figures.actions.loading import KIND, above
from api.platforms.judicial.figures.records.templates import month_before
from api.roster import ROSTER
from simulators.judicial.records import Judicial, Label, Sheet
from simulators.judicial.simulation import judicial
from simulators.judicial.writing import write
from tests.api.conftest import BOTH, RunningCentre
from tests.api.deadline_rules import core_of
from tests.api.duty.meeting_hands import hands
from tests.api.judicial.figure_hands import DEPUTY, OFFICE, PETITIONS, nested

SEED = 31
OURS = {"justice": "justice-bureau"}
"""The simulator's folders that have another name than the unit."""
FOUND = {"wrong-sum": "balance", "broken-carry": "carry", "wrong-total": "sum",
         "wrong-parts": "parts"}  # fmt: skip
API = "/api/v1/imports"


@cache
def made() -> Judicial:
    return judicial(SEED)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three years of sheets of six bodies."""
    path = tmp_path_factory.mktemp("judicial")
    write(made(), path)
    return path


def load(parts: Parts, path: Path) -> tuple[Load, list[Fault]]:
    """A file that was sent, checked and loaded."""
    with path.open("rb") as file:
        given = send(parts, Actor("office"), KIND, path.parent.name, path.name, file)
    worker = Worker()
    done = load_at_once(worker, parts, Actor("office"), given, good_rows=False, dry_run=False)
    return done, list(parts.loads.report(done.id)[1])


def of_year(body: str) -> list[Sheet]:
    """The sheets of the year of a body in which most was planted, a revision behind its first."""
    own = [of for of in made().sheets if of.body == body and not of.missing]
    count = Counter(of.month.year for of in own for _ in faulty(of))
    (year, _), *_ = count.most_common(1) or [(own[0].month.year, 0)]
    return sorted((of for of in own if of.month.year == year),
                  key=lambda of: (of.month, of.revised))  # fmt: skip


def faulty(sheet: Sheet) -> list[Label]:
    """What was planted in it that a check finds."""
    return [of for of in made().labels
            if of.file == sheet.file and of.kind in FOUND and not of.innocent]  # fmt: skip


def test_a_table_is_recognised_by_its_title_the_name_of_the_unit_and_its_period() -> None:
    head = "填报单位：通州区信访局　统计期间：2023年1月　报送日期：2023-02-08"
    assert above(["信访事项办理情况表", head]) == {"body": "petitions", "month": "2023-01"}
    assert above(["情况表", head]) == {"body": "petitions", "month": "2023-01"}
    assert "body" not in above(["信访事项办理情况表", "填报单位：通州公安分局"])
    assert above(["支付明细表", "单位：元"]) == {}


def test_the_years_that_are_tried_have_every_kind_of_fault() -> None:
    bodies = {of.body for of in made().sheets}
    planted = {of.kind for body in bodies for sheet in of_year(body) for of in faulty(sheet)}
    assert planted == set(FOUND)


@pytest.mark.parametrize("body", ["court", "procuratorate", "police", "justice", "petitions",
                                  "supervision"])  # fmt: skip
def test_given_a_body_s_sheets_of_a_year_then_faults_are_named_by_cell_and_the_others_are_loaded(
    centre: RunningCentre, folder: Path, body: str
) -> None:
    """The labels are the simulator's. What is old is compared where the month before stands: a
    change of definition is refused until the office has marked it.
    """
    parts, ours = parts_of(centre.services, ROSTER), OURS.get(body, body)
    stands: set[str] = set()
    for sheet in of_year(body):
        month = f"{sheet.month:%Y-%m}"
        path = next(folder.glob(f"{sheet.file}.*"))
        kinds = {of.kind for of in made().labels if of.file == sheet.file}
        wrong = {FOUND[of.kind] for of in faulty(sheet)}
        carried = month_before(month) in stands
        if "carry" in wrong and not carried:
            wrong = set()
        if "break-of-definition" in kinds and carried:
            _, faults = load(parts, path)
            assert {of.key for of in faults} == {"carry"}
            sending.mark(centre.services, OFFICE, ours, month, "统计口径调整")
        done, faults = load(parts, path)
        assert {of.key for of in faults} >= wrong, (sheet.file, faults)
        assert (done.state == "in-force") is (not wrong), (sheet.file, faults)
        assert all(of.row > 3 and of.column for of in faults)
        stands |= {month} if not wrong else set()
    found = reading.series(centre.services, DEPUTY, ours)
    assert {of.month for of in found.months} == stands


@pytest.mark.parametrize("kind", BOTH)
def test_a_file_twice_changes_nothing_a_revision_is_a_version_and_withdrawn_it_was_before(
    centre: RunningCentre, tmp_path: Path
) -> None:
    parts, services = parts_of(centre.services, ROSTER), centre.services
    first = _sheet(tmp_path, "2026-10.csv", "2026年10月", (60, 700, 690, 70))
    done, faults = load(parts, first)
    assert (done.state, faults) == ("in-force", [])
    again, _ = load(parts, first)
    assert again.state == "unchanged"
    revised, _ = load(
        parts, _sheet(tmp_path, "2026-10-修订.csv", "2026年10月", (60, 702, 690, 72))
    )
    assert revised.state == "in-force"
    series = reading.series(services, OFFICE, "police")
    assert [(of["version"], of["state"], of["why"]) for of in series.versions] == [
        (2, "accepted", "2026-10-修订.csv"),
        (1, "accepted", "2026-10.csv"),
    ]
    assert series.months[0].values["order.new"] == 702
    carried = _sheet(tmp_path, "2026-11.csv", "2026年11月", (70, 10, 10, 70))
    done, faults = load(parts, carried)
    assert [(of.row, of.column, of.key, of.found, of.more) for of in faults] == [
        (5, "期初在办数", "carry", "70", "72")
    ]
    withdraw(parts, revised, "修订有误", Actor("office"))
    months = reading.series(services, DEPUTY, "police").months
    assert [of.values["order.new"] for of in months] == [700]
    done, faults = load(parts, carried)
    assert (done.state, faults) == ("in-force", [])


@pytest.mark.parametrize("kind", BOTH)
def test_a_file_meets_the_term_and_its_withdrawal_lets_it_run_again(
    centre: RunningCentre, tmp_path: Path
) -> None:
    parts, core = parts_of(centre.services, ROSTER), core_of(centre)
    terms.follow(core)
    done, _ = load(parts, _sheet(tmp_path, "a.csv", "2026年10月", (60, 700, 690, 70)))
    terms.follow(core)
    assert terms.lacking(centre.services, "police")[0].kind == "late"
    withdraw(parts, done, "填错", Actor("office"))
    terms.follow(core)
    assert terms.lacking(centre.services, "police")[0].kind == "missing"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("治安案件", "经济案件"), "row-unknown"),
        (("电信网络诈骗案件,5,5,5,5\n", ""), "row-lacks"),
        (("2026年10月", "本期"), "above"),
        (("通州公安分局", "通州区人民法院"), "above"),
        (("道路交通事故案件,5,5,5,5", "道路交通事故案件,5,5,5,约五"), "number"),
        (("道路交通事故案件,5", "治安案件,5"), "twice"),
    ],
)
def test_a_file_with_a_fault_is_refused_as_a_whole_and_says_where(
    centre: RunningCentre, tmp_path: Path, change: tuple[str, str], key: str
) -> None:
    path = _sheet(tmp_path, "a.csv", "2026年10月", (60, 700, 690, 70))
    text = path.read_text(encoding="utf-8").replace(*change)
    path.write_text(text, encoding="utf-8")
    done, faults = load(parts_of(centre.services, ROSTER), path)
    assert (done.state, done.good) == ("checked", 0)
    assert key in {of.key for of in faults}
    assert reading.series(centre.services, OFFICE, "police").versions == []


def test_the_office_loads_over_the_api_and_low_counts_of_petitions_stay_hidden(
    address: str, centre: RunningCentre, deputy: httpx.Client, folder: Path
) -> None:
    path = next(folder / f"{of.file}.csv" for of in of_year("petitions") if not faulty(of))
    text = re.sub(r"20\d\d年\d+月", "2026年10月", path.read_text(encoding="utf-8"))
    with hands(address, "lianluo") as (office,):
        query = {"source": "信访局", "name": path.name}
        answer = office.post(f"{API}/judicial.figures", params=query, content=text.encode())
        assert answer.json()["state"] == "in-force", answer.text
        assert office.get(f"/imports/{answer.json()['id']}").is_success
    (month,) = deputy.get("/api/v1/judicial/figures/petitions").json()
    whole = reading.series(centre.services, PETITIONS, "petitions").months[0]
    low = {name for name, count in whole.values.items() if count < 5}
    shown = nested(dict.fromkeys(low, 0))
    assert all(month["figures"][row][of] is None for row, some in shown.items() for of in some)


def _sheet(folder: Path, name: str, period: str, order: tuple[int, int, int, int]) -> Path:
    """A table of the police whose cases of order are given."""
    total = ",".join(str(15 + of) for of in order)
    counts = ",".join(map(str, order))
    text = f"""刑事治安案件情况统计表
填报单位：通州公安分局　统计期间：{period}　报送日期：2026-11-08
类别,期初在办数,新立（受理）数,办结数,期末在办数
刑事案件,5,5,5,5
治安案件,{counts}
电信网络诈骗案件,5,5,5,5
道路交通事故案件,5,5,5,5
合计,{total}
"""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
