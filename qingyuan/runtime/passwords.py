"""First passwords of a district's people: drawn once, kept beside the data, for its owner."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

from config.files import write_whole

FILE = "passwords.json"


def read(data_dir: Path) -> dict[str, str]:
    """Username -> password of those that were drawn here."""
    path = data_dir / FILE
    passwords: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return passwords


def drawn(usernames: Iterable[str], data_dir: Path) -> dict[str, str]:
    """Username -> password of those that were drawn here; drawn and written down now for those of
    ``usernames`` that have none.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    passwords = read(data_dir)
    for username in usernames:
        passwords.setdefault(username, secrets.token_urlsafe(9))
    write_whole(data_dir / FILE, json.dumps(passwords, indent=1).encode(), mode=0o600)
    return passwords


def forget(data_dir: Path, is_waiting: Callable[[str], bool]) -> None:
    """Take those out of the file that are good for nothing any more."""
    passwords = read(data_dir)
    kept = {username: one for username, one in passwords.items() if is_waiting(username)}
    if kept != passwords:
        write_whole(data_dir / FILE, json.dumps(kept, indent=1).encode(), mode=0o600)
