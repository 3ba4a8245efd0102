"""People with nothing but an account, and polls that ask them."""

from __future__ import annotations

import sqlalchemy as sa

from api.accounts.records import Account
from api.ballots import casting, repository
from api.ballots.questions import Answers, Form
from api.ballots.records import Poll
from api.services import Services
from api.tables import ACCOUNT, ROLE_GRANT
from tests.api.ballots.forms import question

LAST_DAY = "2026-12-31"
WORDS = Form("总体评价", questions=(question("q1", "text", longest=200),))


def deputies(services: Services, count: int) -> list[Account]:
    """So many people more who hold the role of a deputy."""
    names = [f"voter-{n:03d}" for n in range(count)]
    with services.state.begin() as connection:
        rows = [{"username": of, "name": f"代表{of}", "password_hash": "-"} for of in names]
        connection.execute(sa.insert(ACCOUNT), rows)
        grants = [{"username": of, "role": "deputy", "platform": ""} for of in names]
        connection.execute(sa.insert(ROLE_GRANT), grants)
    return [Account(of, f"代表{of}") for of in names]


def opened(services: Services, form: Form = WORDS, **more: object) -> Poll:
    """A poll that asks every deputy anonymously."""
    values: dict[str, object] = {
        "id": 0, "series": 0, "version": 1, "state": "draft", "design": "anonymous",
        "audience": "deputies", "units": (), "last_day": LAST_DAY, "form": form,
    }  # fmt: skip
    with services.state.begin() as connection:
        poll_id = casting.begin(connection, Poll(**(values | more)))  # type: ignore[arg-type]
        draft = repository.one(connection, poll_id)
        assert draft is not None
    with services.state.begin() as connection:
        casting.open_poll(services, connection, draft)
    return found(services, poll_id)


def found(services: Services, poll_id: int) -> Poll:
    """A poll as it stands."""
    with services.state.read() as connection:
        poll = repository.one(connection, poll_id)
    assert poll is not None
    return poll


def closed(services: Services, poll_id: int) -> Poll:
    """Close a poll, and write its ballots anew."""
    with services.state.begin() as connection:
        poll = repository.one(connection, poll_id)
        assert poll is not None
        casting.close(services, connection, poll)
    casting.stir(services, poll_id)
    return found(services, poll_id)


def texts(services: Services, poll_id: int) -> list[str]:
    """The answers to the only question that are written, in the order of their keys."""
    with services.state.read() as connection:
        written = repository.written(connection, poll_id)
    return [values[0] for values in written.get("q1", ()) if values]


def said(text: str) -> Answers:
    """An answer to the only question."""
    return {"q1": (text,)}
