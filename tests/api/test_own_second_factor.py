"""The second factor on the pages and the API of one's own account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pyotp
import pytest

from api.accounts.credentials.second_factor import STEP_MS
from api.accounts.factor import PENDING_MS
from api.accounts.limits import MOST_FAILURES
from tests.api.conftest import BOTH, PASSWORDS, RunningCentre, entered

pytestmark = pytest.mark.parametrize("kind", BOTH)
PAGE, API = "/account/second-factor", "/api/v1/account/second-factor"
PROOF = {"username": "daibiao", "password": PASSWORDS["daibiao"]}


def code_of(centre: RunningCentre, secret: str) -> str:
    """The code that the app shows now."""
    return pyotp.TOTP(secret).generate_otp(centre.clock.now_ms // STEP_MS)


def next_code(centre: RunningCentre, secret: str) -> str:
    """The code after the one that was used last."""
    centre.clock.now_ms += STEP_MS
    return code_of(centre, secret)


def set_up(centre: RunningCentre, deputy: httpx.Client) -> tuple[str, list[str]]:
    """陈明 has a second factor: its secret, and the recovery codes."""
    begun = deputy.post(f"{API}/begin", json=PROOF).json()
    body = {"pending": begun["pending"], "code": code_of(centre, begun["secret"])}
    return begun["secret"], deputy.post(API, json=body).json()["codes"]


@pytest.fixture
def elsewhere(address: str) -> Iterator[httpx.Client]:
    """陈明 again, in another browser."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, "daibiao")


def test_given_the_page_when_somebody_sets_it_up_then_ten_codes_are_shown_once(
    centre: RunningCentre, deputy: httpx.Client, elsewhere: httpx.Client
) -> None:
    """Password, picture and key, first code; other browsers are signed out."""
    shown = deputy.post(f"{PAGE}/begin", data=PROOF).text
    assert '<svg viewBox="0 0' in shown
    assert "<title>供验证器应用扫描的二维码" in shown
    (secret,) = re.findall(r'class="secret">([A-Z2-7 ]+)<', shown)
    (pending,) = re.findall(r'name="pending" value="([^"]+)"', shown)
    form = {"pending": pending, "code": code_of(centre, secret.replace(" ", ""))}
    answer = deputy.post(PAGE, data=form)
    codes = re.findall(r"<code>([0-9A-Z-]{29})</code>", answer.text)
    assert len(set(codes)) == 10
    assert answer.headers["cache-control"] == "no-store"
    assert elsewhere.get("/api/v1/session").status_code == 401
    page = deputy.get(PAGE).text
    assert "还有 10 个没有用过的恢复码" in page
    assert codes[0] not in page
    assert deputy.get(API).json() == {"on": True, "demanded": False, "codes": 10}


def test_given_a_wrong_first_code_then_the_same_picture_comes_back(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Whoever scanned it need not scan anew; nothing is on yet."""
    begun = deputy.post(f"{API}/begin", json=PROOF).json()
    answer = deputy.post(PAGE, data={"pending": begun["pending"], "code": "000000"})
    assert answer.status_code == 422
    assert 'id="wrong-code"' in answer.text
    assert begun["secret"][:4] in answer.text
    assert not deputy.get(API).json()["on"]
    body = {"pending": begun["pending"], "code": code_of(centre, begun["secret"])}
    assert deputy.post(API, json=body).status_code == 200


def test_a_set_up_ends_after_a_quarter_of_an_hour_and_is_its_persons(
    centre: RunningCentre, deputy: httpx.Client, officer: httpx.Client
) -> None:
    """A page that was left open, or one that somebody else began."""
    begun = deputy.post(f"{API}/begin", json=PROOF).json()
    body = {"pending": begun["pending"], "code": code_of(centre, begun["secret"])}
    assert "begin again" in officer.post(API, json=body).json()["detail"]
    centre.clock.now_ms += PENDING_MS
    late = deputy.post(PAGE, data={**body, "code": code_of(centre, begun["secret"])})
    assert late.status_code == 422
    assert not deputy.get(API).json()["on"]


@pytest.mark.parametrize("way", ["begin", "codes", "off"])
def test_nothing_is_changed_without_password_and_code(
    centre: RunningCentre, deputy: httpx.Client, way: str
) -> None:
    """Each wrong one stands at its field; a recovery code does as well as one of the app."""
    secret, codes = set_up(centre, deputy)
    right = PROOF | {"code": next_code(centre, secret)}
    form = {"begin": "another"}.get(way, way)
    for wrong, field in (
        (right | {"password": "wrong"}, "password"),
        (right | {"code": "000000"}, "code"),
        (PROOF, "code"),
    ):
        answer = deputy.post(f"{PAGE}/{way}", data=wrong)
        assert answer.status_code == 422
        assert f'id="wrong-{field}-{form}"' in answer.text
        assert "<details open>" in answer.text
        assert deputy.post(f"{API}/{way}", json=wrong).status_code == 422
    assert deputy.get(API).json() == {"on": True, "demanded": False, "codes": 10}
    proof = PROOF | {"code": codes[0]}
    assert deputy.post(f"{API}/{way}", json=proof).is_success
    assert deputy.post(f"{API}/{way}", json=proof).status_code == 422 or way == "off"


def test_turned_off_it_is_gone_and_the_session_goes_on(
    centre: RunningCentre, deputy: httpx.Client, elsewhere: httpx.Client
) -> None:
    """With its recovery codes; other browsers are signed out."""
    secret, _ = set_up(centre, deputy)
    answer = deputy.post(f"{PAGE}/off", data=PROOF | {"code": next_code(centre, secret)})
    assert answer.headers["location"] == f"{PAGE}?done=off"
    assert "第二验证已关闭" in deputy.get(answer.headers["location"]).text
    assert elsewhere.get("/api/v1/session").status_code == 401
    assert deputy.get(API).json() == {"on": False, "demanded": False, "codes": 0}


def test_the_app_of_before_stays_good_until_another_one_is_set_up(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """Whoever breaks off is not shut out."""
    secret, codes = set_up(centre, deputy)
    begun = deputy.post(f"{API}/begin", json=PROOF | {"code": next_code(centre, secret)}).json()
    fresh = deputy.post(f"{API}/codes", json=PROOF | {"code": next_code(centre, secret)})
    assert fresh.status_code == 200
    body = {"pending": begun["pending"], "code": code_of(centre, begun["secret"])}
    assert deputy.post(API, json=body).status_code == 200
    for old in (next_code(centre, secret), codes[0], fresh.json()["codes"][0]):
        assert deputy.post(f"{API}/codes", json=PROOF | {"code": old}).status_code == 422
    new = next_code(centre, begun["secret"])
    assert deputy.post(f"{API}/codes", json=PROOF | {"code": new}).status_code == 200


def test_too_many_wrong_codes_make_one_wait_though_the_password_be_right(
    centre: RunningCentre, deputy: httpx.Client
) -> None:
    """A right password forgives wrong passwords, and no wrong code."""
    secret, _ = set_up(centre, deputy)
    for _ in range(MOST_FAILURES):
        assert deputy.post(f"{API}/off", json=PROOF | {"code": "000000"}).status_code == 422
    answer = deputy.post(f"{API}/off", json=PROOF | {"code": next_code(centre, secret)})
    assert answer.status_code == 429
    assert "retry-after" in answer.headers
    assert deputy.get(API).json()["on"]


def test_where_a_role_demands_it_then_it_is_not_turned_off(
    centre: RunningCentre, deputy: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page does not offer it, and says why; the API refuses."""
    secret, _ = set_up(centre, deputy)
    roles = centre.services.roles.by_id
    monkeypatch.setitem(roles, "deputy", replace(roles["deputy"], second_factor=True))  # type: ignore[arg-type]
    page = deputy.get(PAGE).text
    assert "不能关闭" in page
    assert f'action="{PAGE}/off"' not in page
    for answer in (
        deputy.post(f"{PAGE}/off", data=PROOF | {"code": next_code(centre, secret)}),
        deputy.post(f"{API}/off", json=PROOF | {"code": next_code(centre, secret)}),
    ):
        assert answer.status_code == 422
    assert "a role demands it" in answer.json()["detail"]
    assert deputy.get(API).json() == {"on": True, "demanded": True, "codes": 10}
