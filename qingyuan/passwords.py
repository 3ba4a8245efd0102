"""First passwords of a district's people: drawn once, kept beside the data, for its owner."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

FILE = "passwords.json"


def known(people: Path, data_dir: Path) -> dict[str, str]:
    """Username -> password; those that are new are drawn and written down."""
    from api.accounts.people import load

    path = data_dir / FILE
    data_dir.mkdir(parents=True, exist_ok=True)
    passwords: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    for person in load(people):
        passwords.setdefault(person.username, secrets.token_urlsafe(9))
    temporary = path.with_suffix(".new")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(passwords, file, indent=1)
    temporary.replace(path)
    return passwords
