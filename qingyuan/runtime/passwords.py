"""First passwords of a district's people: drawn once, kept beside the data, for its owner."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

from config.files import write_whole

FILE = "passwords.json"
OF_VISITORS = "demo-passwords.json"
"""Of the demonstration: they are its people's own, and stay."""


def read(path: Path) -> dict[str, str]:
    """Username -> password of those that were drawn into a file."""
    passwords: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return passwords


def drawn(usernames: Iterable[str], data_dir: Path, name: str = FILE) -> dict[str, str]:
    """Username -> password of those that were drawn here; drawn and written down now for those of
    ``usernames`` that have none.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    passwords = read(data_dir / name)
    for username in usernames:
        passwords.setdefault(username, secrets.token_urlsafe(9))
    write_whole(data_dir / name, json.dumps(passwords, indent=1).encode(), mode=0o600)
    return passwords


def forget(data_dir: Path, is_waiting: Callable[[str], bool]) -> None:
    """Take those out of the file that are good for nothing any more."""
    passwords = read(data_dir / FILE)
    kept = {username: one for username, one in passwords.items() if is_waiting(username)}
    if kept != passwords:
        write_whole(data_dir / FILE, json.dumps(kept, indent=1).encode(), mode=0o600)
