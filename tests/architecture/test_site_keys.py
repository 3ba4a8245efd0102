"""The inventory of keys names every use of the site's key."""

from __future__ import annotations

import re

from tests.architecture.test_rooms import FILES, ROOT

USED = re.compile(r'(?:key\.of\(\s*f?|^PURPOSE = )"([a-z-]+)', re.MULTILINE)
NAMED = re.compile(r"^\| … of [^|]+ \| derived\b", re.MULTILINE)


def test_the_page_on_keys_names_each_that_is_derived_and_no_other() -> None:
    """By the name from which it is made."""
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = {name for row in NAMED.findall(text) for name in re.findall(r"`([a-z-]+)`", row)}
    used = {name for path in FILES for name in USED.findall(path.read_text(encoding="utf-8"))}
    assert named == used
