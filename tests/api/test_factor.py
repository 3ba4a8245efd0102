"""The second factor of a person as it is kept: set up, asked for, taken away."""

from __future__ import annotations

import hashlib
from threading import Barrier, Thread

import pyotp
import pytest

from api.accounts.changes import reset
from api.accounts.credentials.second_factor import STEP_MS
from api.accounts.factor import PENDING_MS, Late, Pending, SecondFactor, WrongCode
from api.accounts.repositories.factors import Factors
from api.accounts.repositories.people import People
from api.audit import OPERATOR
from api.tables import RECOVERY_CODE
from tests.api.conftest import BOTH, NOW_MS, RunningCentre

pytestmark = pytest.mark.parametrize("kind", BOTH)
WHO = "daibiao"


@pytest.fixture
def factor(centre: RunningCentre) -> SecondFactor:
    """That of the site."""
    services = centre.services
    return SecondFactor(services.state, services.site_key.of("second-factor"))


def shown(pending: Pending, at_ms: int) -> str:
    """The code that an app shows."""
    return pyotp.TOTP(pending.secret).generate_otp(at_ms // STEP_MS)


def set_up(factor: SecondFactor) -> tuple[Pending, tuple[str, ...]]:
    """Somebody has one: its secret, and the recovery codes."""
    pending = factor.begin(WHO, NOW_MS)
    with factor.state.begin() as connection:
        return pending, factor.finish(connection, WHO, pending, shown(pending, NOW_MS), NOW_MS)


def take(factor: SecondFactor, code: str, at_ms: int = NOW_MS) -> str:
    """A code as somebody types it."""
    with factor.state.begin() as connection:
        return factor.take(connection, WHO, code, at_ms)


def test_given_a_secret_that_was_shown_when_no_code_of_it_comes_back_then_nothing_is_kept(
    factor: SecondFactor,
) -> None:
    """Whoever scans it wrongly is not shut out."""
    pending = factor.begin(WHO, NOW_MS)
    with pytest.raises(WrongCode), factor.state.begin() as connection:
        factor.finish(connection, WHO, pending, "000000", NOW_MS)
    login = People(factor.state).login(WHO)
    assert login is not None
    assert login.totp_sealed is None
    assert Factors(factor.state).codes_left(WHO) == 0


def test_a_secret_that_was_shown_comes_back_for_a_quarter_of_an_hour_and_to_its_person(
    factor: SecondFactor,
) -> None:
    """An old page, another person's, or one that somebody made up begins nothing."""
    pending = factor.begin(WHO, NOW_MS)
    assert factor.resume(WHO, pending.sealed, NOW_MS + PENDING_MS - 1) == pending
    set_up(factor)
    kept = People(factor.state).login(WHO)
    assert kept is not None
    for username, sealed, at_ms in (
        (WHO, pending.sealed, NOW_MS + PENDING_MS),
        (WHO, pending.sealed, NOW_MS - 1),
        ("huanbao", pending.sealed, NOW_MS),
        (WHO, "made up", NOW_MS),
        (WHO, kept.totp_sealed or "", NOW_MS),
    ):
        with pytest.raises(Late):
            factor.resume(username, sealed, at_ms)


def test_the_code_that_finished_the_set_up_is_used_and_the_next_one_is_good(
    factor: SecondFactor,
) -> None:
    """Each step once, none of before."""
    pending, _ = set_up(factor)
    later = NOW_MS + STEP_MS
    with pytest.raises(WrongCode):
        take(factor, shown(pending, NOW_MS))
    assert take(factor, shown(pending, later), later) == "app"
    for code in (shown(pending, later), shown(pending, NOW_MS)):
        with pytest.raises(WrongCode):
            take(factor, code, later)


def test_each_recovery_code_is_good_once(factor: SecondFactor) -> None:
    """Typed as on the paper, or small and without hyphens; nobody else's is."""
    _, codes = set_up(factor)
    assert take(factor, codes[0]) == "recovery"
    assert take(factor, codes[1].lower().replace("-", " ")) == "recovery"
    for code in (codes[0], codes[1], "", "0000-0000-0000-0000-0000-0000"):
        with pytest.raises(WrongCode):
            take(factor, code)
    assert Factors(factor.state).codes_left(WHO) == 8
    with pytest.raises(WrongCode), factor.state.begin() as connection:
        factor.take(connection, "huanbao", codes[2], NOW_MS)


def test_only_the_hash_of_a_recovery_code_is_kept(factor: SecondFactor) -> None:
    """A copy of the database lets nobody in."""
    _, codes = set_up(factor)
    with factor.state.read() as connection:
        kept = {row.code_hash for row in connection.execute(RECOVERY_CODE.select())}
    plain = [code.replace("-", "").encode() for code in codes]
    assert kept == {hashlib.sha256(code).hexdigest() for code in plain}


def test_new_recovery_codes_replace_those_of_before(factor: SecondFactor) -> None:
    """A paper that was lost opens nothing."""
    _, old = set_up(factor)
    with factor.state.begin() as connection:
        new = factor.fresh_codes(connection, WHO)
    with pytest.raises(WrongCode):
        take(factor, old[0])
    assert take(factor, new[0]) == "recovery"


@pytest.mark.parametrize("way", ["app", "recovery"])
def test_given_one_code_typed_in_two_browsers_at_once_then_one_of_them_passes(
    factor: SecondFactor, way: str
) -> None:
    """A code that somebody looked at over a shoulder is not good beside its owner's use."""
    pending, codes = set_up(factor)
    later = NOW_MS + STEP_MS
    code = shown(pending, later) if way == "app" else codes[0]
    together, outcomes = Barrier(2), list[str]()

    def typed() -> None:
        together.wait()
        try:
            outcomes.append(take(factor, code, later))
        except WrongCode:
            outcomes.append("refused")

    both = [Thread(target=typed) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes) == sorted([way, "refused"])


def test_given_another_site_key_then_recovery_codes_are_good_and_the_log_names_the_remedy(
    factor: SecondFactor, caplog: pytest.LogCaptureFixture
) -> None:
    """A restored database beside a fresh key shuts nobody out who kept the codes."""
    pending, codes = set_up(factor)
    other = SecondFactor(factor.state, b"o" * 32)
    with pytest.raises(WrongCode):
        take(other, shown(pending, NOW_MS + STEP_MS), NOW_MS + STEP_MS)
    assert "put back the site.key" in caplog.text
    assert take(other, codes[0]) == "recovery"


@pytest.mark.parametrize("end", ["off", "reset"])
def test_taken_away_it_leaves_no_code_that_is_good(factor: SecondFactor, end: str) -> None:
    """By its person, or by a reset of the administrator."""
    pending, codes = set_up(factor)
    if end == "off":
        with factor.state.begin() as connection:
            Factors(factor.state).drop(connection, WHO)
    else:
        reset(factor.state, OPERATOR, WHO, NOW_MS)
    later = NOW_MS + STEP_MS
    for code in (shown(pending, later), codes[0]):
        with pytest.raises(WrongCode):
            take(factor, code, later)
