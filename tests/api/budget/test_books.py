"""The loads in force as books: everything that stands once, with codes without their names."""

from __future__ import annotations

import httpx
import pytest

from api.platforms.budget.books import repository
from api.platforms.budget.ledger import repository as ledger
from tests.api.budget.test_payments import FEBRUARY, JANUARY, sent
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
