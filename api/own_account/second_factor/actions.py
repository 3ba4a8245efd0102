"""Set up one's own second factor, and take it away."""

from __future__ import annotations

from dataclasses import dataclass

from api.accounts.factor import Late, Pending
from api.accounts.repositories.factors import Factors
from api.own_account.owner import Owner
from api.own_account.second_factor.records import Finished, Proof
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether it is on, whether a role demands it, and how many recovery codes are left."""

    on: bool
    demanded: bool
    codes: int


def standing(owner: Owner) -> Standing:
    """As it is now."""
    factors = Factors(owner.services.state)
    with owner.services.state.read() as connection:
        on = factors.kept(connection, owner.username) is not None
    demanded = owner.services.roles.wants_second_factor(owner.account.roles)
    return Standing(on, demanded, factors.codes_left(owner.username))


def begin(owner: Owner, proof: Proof, form: str = "") -> Pending:
    """A new secret, which is kept once its first code comes back. Where one is on, a code of it is
    asked for, and it stays good until then.

    Raises:
        NotAccepted: the password or the code is not right.
    """
    owner.confirm(proof.password, f"password{form}")
    if standing(owner).on:
        _taken(owner, proof.code, form)
    return owner.steps.factor.begin(owner.username, owner.services.now_ms())


def resume(owner: Owner, pending: str) -> Pending:
    """The secret of a set-up that has begun.

    Raises:
        NotAccepted: it began too long ago.
    """
    try:
        return owner.steps.factor.resume(owner.username, pending, owner.services.now_ms())
    except Late as error:
        fault = Fault("pending", "began too long ago", "begin again")
        raise NotAccepted(fault, "account.wrong-late") from error


def finish(owner: Owner, finished: Finished) -> tuple[tuple[str, ...], str]:
    """Keep the secret; other sessions end. Returns ten recovery codes and the token of this one.

    Raises:
        NotAccepted: the set-up began too long ago, or this is no code of it.
    """
    resume(owner, finished.pending)
    now_ms = owner.services.now_ms()
    with owner.code_at("code"), owner.ending_streams():
        token, codes = owner.steps.enrol(
            owner.visitor, owner.account, finished.pending, finished.code, now_ms
        )
    return codes, token


def renew_codes(owner: Owner, proof: Proof, form: str = "") -> tuple[str, ...]:
    """Ten new recovery codes in the place of those of before.

    Raises:
        NotAccepted: the password or the code is not right.
    """
    owner.confirm(proof.password, f"password{form}")
    _taken(owner, proof.code, form)
    return owner.change(
        lambda connection: owner.steps.factor.fresh_codes(connection, owner.username),
        action="second-factor.codes",
    )


def turn_off(owner: Owner, proof: Proof, form: str = "") -> str:
    """Take it away; other sessions end. Returns the token of this one.

    Raises:
        NotAccepted: a role demands it, or the password or the code is not right.
    """
    if standing(owner).demanded:
        fault = Fault("code", "cannot turn it off: a role demands it", "keep it")
        raise NotAccepted(fault, "account.factor-demanded")
    owner.confirm(proof.password, f"password{form}")
    _taken(owner, proof.code, form)
    factors = Factors(owner.services.state)
    return owner.change_rights(
        lambda connection: factors.drop(connection, owner.username), action="second-factor.off"
    )


def _taken(owner: Owner, code: str, form: str) -> None:
    now_ms = owner.services.now_ms()
    with (
        owner.code_at(f"code{form}"),
        owner.steps.signing_in.asking_for_code(owner.visitor, now_ms),
        owner.services.state.begin() as connection,
    ):
        owner.steps.factor.take(connection, owner.username, code, now_ms)
