"""Fields for passwords hide what is typed, and let people paste and be helped."""

from __future__ import annotations

import re

from tests.architecture.test_dangerous_calls import SCRIPTS, TEMPLATES

INPUT = re.compile(r"<input\b[^>]*>")
TEXTS = {path: path.read_text(encoding="utf-8") for path in (*TEMPLATES, *SCRIPTS)}


def test_every_field_for_a_password_is_hidden_and_known_to_password_managers() -> None:
    """By its type, and by what it says that it is for."""
    fields = [field for text in TEXTS.values() for field in INPUT.findall(text)]
    secret = [field for field in fields if re.search(r"(current|new)-password", field)]
    hidden = [field for field in fields if 'type="password"' in field]
    assert len(secret) >= 4
    assert secret == hidden


def test_nothing_keeps_anybody_from_pasting() -> None:
    """No field and no script hears of it."""
    for path, text in TEXTS.items():
        assert not re.search(r"""onpaste|["']paste["']""", text), path
