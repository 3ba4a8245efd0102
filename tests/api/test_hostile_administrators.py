"""Administrators in hostile hands: nobody reaches further than their own rights through others."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from api.accounts.records import Grant
from api.accounts.repositories.appointments import Appointments
from api.accounts.roles import Role
from api.accounts.staffing import departures
from api.accounts.staffing.authority import BeyondAuthority
from api.administration.permission import AdministrationPermission
from tests.api import administering
from tests.api.administering import API, TODAY, UNIT_ADMINISTRATOR, signed_in
from tests.api.conftest import BOTH, RunningCentre

pytestmark = pytest.mark.parametrize("kind", BOTH)
HELP = frozenset({AdministrationPermission.SEE_PEOPLE, AdministrationPermission.MANAGE_PEOPLE})


@pytest.fixture
def support_role(centre: RunningCentre) -> None:
    """A district has a role for those who reset passwords, of everybody; somebody holds it."""
    roles = centre.services.roles
    by_id = {**roles.by_id, "help": Role("help", HELP, "服务台")}
    centre.services = replace(centre.services, roles=replace(roles, by_id=by_id))
    administering.given(centre, "bangzhu", Grant("help"))


@pytest.mark.usefixtures("support_role")
def test_given_somebody_who_resets_passwords_then_no_administrator_is_theirs_to_reset(
    centre: RunningCentre, address: str
) -> None:
    """With the first password, or an identity of their own, they would become one."""
    administering.given(centre, "second", Grant("administrator"))
    identity = {"issuer": "https://idp.example", "subject": "mine"}
    with signed_in(address, "bangzhu") as client:
        assert client.post(f"{API}/people/daibiao/reset").status_code == 200
        for path, body in (
            ("reset", {}),
            ("password", {}),
            ("disable", {}),
            ("identities", identity),
        ):
            answer = client.post(f"{API}/people/second/{path}", json=body)
            assert answer.status_code == 403, path
        assert client.delete(f"{API}/people/second/sessions").status_code == 403


def test_given_a_clerk_of_a_deputy_elsewhere_then_a_units_administrator_names_no_successor(
    centre: RunningCentre,
) -> None:
    """That deputy is not theirs, so nobody of theirs comes to act for the deputy by them."""
    administering.given(centre, "danwei", UNIT_ADMINISTRATOR, units=("npc",))
    administering.given(centre, "elsewhere", Grant("deputy"), units=("court",))
    administering.given(centre, "clerk", Grant("clerk"), units=("npc",))
    administering.given(centre, "crony", Grant("clerk"), units=("npc",))
    administering.delegated(centre, "elsewhere", "clerk")
    by = administering.authority(centre, "danwei")
    with pytest.raises(BeyondAuthority):
        departures.leave(by, "clerk", TODAY, "crony")
    with centre.services.state.read() as connection:
        kept = Appointments(centre.services.state).delegations(connection, "crony")
    assert kept == ()


@pytest.mark.parametrize("sign", ["＝", "＋", "－", "＠"])
def test_given_a_formula_in_full_width_then_a_table_has_it_as_text(
    centre: RunningCentre, administrator: httpx.Client, sign: str
) -> None:
    """Some spreadsheets of East Asia reckon it too (OWASP, CSV injection)."""
    administering.given(centre, "evil", name=f"{sign}1+1")
    assert f"'{sign}1+1" in administrator.get("/administration/people.csv?q=evil").text
