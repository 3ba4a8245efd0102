"""One person over the API as programs read them. Instants are UTC epoch ms, days ISO text."""

from __future__ import annotations

from pydantic import BaseModel

from api.accounts.records import Span
from api.administration.person.records import File


class KeptRole(BaseModel):
    """A role with its number; ``platform`` and ``unit`` empty: all."""

    number: int
    role: str
    platform: str
    unit: str
    from_day: str | None
    until_day: str | None


class KeptMembership(BaseModel):
    """A unit with the number of the membership."""

    number: int
    unit: str
    post: str
    from_day: str | None
    until_day: str | None


class KeptDelegation(BaseModel):
    """A clerk who may act for a deputy, both by username."""

    number: int
    deputy: str
    clerk: str
    from_day: str | None
    until_day: str | None


class IdentityState(BaseModel):
    """An identity at a government's own sign-in that opens the account."""

    issuer: str
    subject: str


class SessionState(BaseModel):
    """An open session."""

    id: str
    means: str
    stage: str
    address: str
    browser: str
    created_ms: int
    seen_ms: int
    on_behalf_of: str | None


class FileState(BaseModel):
    """Somebody with everything that was, is and will be."""

    username: str
    name: str
    state: str
    last_sign_in_ms: int | None
    second_factor: bool
    first_password: bool
    roles: list[KeptRole]
    units: list[KeptMembership]
    delegations: list[KeptDelegation]
    identities: list[IdentityState]


class FirstPassword(BaseModel):
    """A first password, shown this once."""

    username: str
    first_password: str


def file_state(file: File) -> FileState:
    """Somebody as the API tells them."""
    person = file.person
    return FileState(
        username=person.username,
        name=person.name,
        state=person.standing,
        last_sign_in_ms=person.last_ms,
        second_factor=person.second_factor,
        first_password=person.first_password,
        roles=[
            KeptRole(
                number=kept.id,
                role=kept.of.role,
                platform=kept.of.platform,
                unit=kept.of.unit,
                **_days(kept.of.span),
            )
            for kept in file.grants
        ],
        units=[
            KeptMembership(
                number=kept.id, unit=kept.of.unit, post=kept.of.post, **_days(kept.of.span)
            )
            for kept in file.memberships
        ],
        delegations=[
            KeptDelegation(
                number=kept.id,
                deputy=kept.of.deputy,
                clerk=kept.of.clerk,
                **_days(kept.of.span),
            )
            for kept in file.delegations
        ],
        identities=[IdentityState(issuer=of.issuer, subject=of.subject) for of in file.identities],
    )


def session_states(file: File) -> list[SessionState]:
    """Open sessions as the API tells them."""
    return [
        SessionState(
            id=of.id,
            means=of.means,
            stage=of.stage,
            address=of.address,
            browser=of.browser,
            created_ms=of.created_ms,
            seen_ms=of.seen_ms,
            on_behalf_of=of.on_behalf_of,
        )
        for of in file.sessions
    ]


def _days(span: Span) -> dict[str, str | None]:
    return {"from_day": span.from_day, "until_day": span.until_day}
