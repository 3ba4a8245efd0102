"""The API answers whatever its description allows as the description says, and never with a fault
of ours: requests that schemathesis makes of it, as somebody of a role.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from api.app import create_app
from config.vocabulary.reports import Pulse
from tests.api.conftest import NOW_MS, USERNAMES, RunningCentre, entered
from tests.conftest import SOAK

SEED = int(os.environ.get("CONTRACT_SEED", "35"))
"""Of the roles, the operations and whatever is sent; it stands in a failure."""
OPERATIONS = 10_000 if SOAK else 25
"""Of each role, in a run."""
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance")
CHECKS += ("response_schema_conformance",)
ENDLESS = "/api/v1/live"
"""A stream of events."""
ENDS_THE_RUN = ("/api/v1/session", "/api/v1/account/sessions", "/api/v1/acting")
"""Below these lies what ends the session with which the run asks."""


def chosen() -> list[str]:
    """Every role, or two of them."""
    roles = sorted(USERNAMES)
    return roles if SOAK else sorted(random.Random(SEED).sample(roles, 2))


def settings(cookie: str) -> SchemathesisConfig:
    """The coverage phase, and random requests where there is time."""
    checks = {"enabled": False} | {name: {"enabled": True} for name in CHECKS}
    phases = {"examples", "coverage", "fuzzing", "stateful"}
    wanted = {"coverage", "fuzzing"} if SOAK else {"coverage"}
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "headers": {"Cookie": cookie},
            "continue-on-failure": True,
            "cache": {"enabled": False},
            "checks": checks,
            # Who may ask is tried in the walk over all routes; wrong tokens would only be slowed.
            "generation": {
                "deterministic": True,
                "max-examples": 20,
                "with-security-parameters": False,
                "allow-x00": False,
            },
            "phases": {
                **{name: {"enabled": name in wanted} for name in phases},
                "coverage": {"enabled": True, "unexpected-methods": []},
            },
        }
    )


def operations(described: dict[str, Any], role: str) -> set[str]:
    """Those of a run."""
    known = sorted(
        f"{method.upper()} {path}"
        for path, methods in described["paths"].items()
        for method in methods
        if path != ENDLESS and not path.startswith(ENDS_THE_RUN)
    )
    return set(random.Random(f"{SEED} {role}").sample(known, min(OPERATIONS, len(known))))


def failures(address: str, described: dict[str, Any], role: str) -> Iterator[str]:
    """What does not hold, with the request that shows it."""
    with httpx.Client(base_url=address, timeout=60) as client:
        found = entered(client, USERNAMES[role]).cookies
        cookie = "; ".join(f"{name}={value}" for name, value in found.items())
    schema = schemathesis.openapi.from_dict(described, config=settings(cookie))
    schema.config.update(base_url=address)
    wanted = operations(described, role)
    schema = schema.include(lambda context: context.operation.label in wanted)
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            yield str(event)
        if isinstance(event, events.ScenarioFinished):
            for checks in event.recorder.checks.values():
                for check in checks:
                    if check.failure_info is not None:
                        found = check.failure_info
                        yield f"{event.label}: {found.failure}\n{found.code_sample}"


@pytest.mark.parametrize("role", chosen())
def test_when_somebody_sends_what_the_description_allows_or_not_then_it_answers_as_described(
    centre: RunningCentre, address: str, role: str
) -> None:
    """With a status and a body that stand there."""
    centre.services.centre.hear("", msgspec.json.encode(Pulse(1, NOW_MS, 1, 1, 1)))
    described = create_app(centre.services).openapi()

    found = list(failures(address, described, role))

    assert not found, f"seed {SEED}\n" + "\n\n".join(found[:20])
