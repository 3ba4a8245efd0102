"""The loads in force as books: everything that stands once, with codes without their names."""

from __future__ import annotations

import httpx
import pytest

from api.platforms.budget.books import repository
from api.platforms.budget.ledger import repository as ledger
from tests.api.budget.finding_hands import withdrawn
from tests.api.budget.test_payments import FEBRUARY, JANUARY, sent
from tests.api.budget.test_projects import taken_in
from tests.api.conftest import BOTH, RunningCentre

pytestmark = pytest.mark.parametrize("kind", BOTH)


def test_given_loads_that_share_a_voucher_then_the_books_have_each_payment_that_stands_once(
    centre: RunningCentre, clerk: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slice by slice, here of one row; a span of days leaves the others out."""
    monkeypatch.setattr(repository, "ROWS_READ", 1)
    monkeypatch.setattr(ledger, "ROWS_READ", 1)
    sent(clerk, JANUARY)
    sent(clerk, FEBRUARY)
    state = centre.services.state
    payments = repository.books(state).payments
    stand = {row[0]: row for row in (*JANUARY, *FEBRUARY)}
    assert sorted(map(payments.voucher.at, range(len(payments)))) == sorted(stand)
    for at in range(len(payments)):
        row = stand[payments.voucher.at(at)]
        assert payments.cents[at] == round(float(row[5]) * 100)
        assert payments.unit.at(at) == row[1]
        assert payments.economic.at(at) == row[8][:5]
        assert payments.project.at(at) == row[9]
    february = repository.books(state, period="2026-02").payments
    assert [february.voucher.at(at) for at in range(len(february))] == ["4"]
    assert repository.books(state).units == {"101": "水利局", "102": "教育局"}
    assert repository.years(state) == ["2026"]


def test_given_limits_of_the_three_expenses_then_the_books_have_them_until_they_are_withdrawn(
    centre: RunningCentre, clerk: httpx.Client
) -> None:
    rows = (
        "年度,单位编码,预算单位,年初批复数,变动后预算数,上年决算数,控制要求",
        "2026,101,水利局,50000,52000.10,48000,合计不得超过上年决算数",
        "2026,102,教育局,30000,,,按批复预算执行",
    )
    load = taken_in(clerk, "limits", rows)
    state = centre.services.state
    found = [
        (of.unit, of.approved_cents, of.adjusted_cents, of.last_cents, of.requirement)
        for of in repository.books(state).limits
    ]
    assert found == [
        ("101", 5_000_000, 5_200_010, 4_800_000, "合计不得超过上年决算数"),
        ("102", 3_000_000, 3_000_000, None, "按批复预算执行"),
    ]
    withdrawn(clerk, load)
    assert repository.books(state).limits == ()
