"""People of a centre that runs as in a district: the first password must be changed."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

OF_THEIR_OWN = "seven blue herons cross"
"""The password that everybody chooses."""


def sign_in(client: httpx.Client, data_dir: Path, username: str) -> dict[str, str]:
    """Sign in, the first time with the password that was drawn beside the data, and choose one;
    username and password from then on.
    """
    drawn = json.loads((data_dir / "passwords.json").read_text()).get(username)
    body = {"username": username, "password": drawn or OF_THEIR_OWN}
    assert client.post("/api/v1/session", json=body).status_code == 204
    if drawn:
        answer = client.post("/api/v1/session/change", json={"new": OF_THEIR_OWN})
        assert answer.status_code == 204
    return {"username": username, "password": OF_THEIR_OWN}
