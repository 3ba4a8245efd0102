"""Every library that is installed has one version and its hashes, and the bounds allow it."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
_PIN = re.compile(r"^(?P<name>[a-z0-9.-]+)==(?P<version>[^\s;]+)[^\\]*\\$")


def pins(*locks: str) -> dict[str, list[str]]:
    """Name -> its versions, of which markers choose one, and how many hashes each has."""
    found: dict[str, list[str]] = {}
    for lock in locks:
        text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
        for block in re.split(r"\n(?=\S)", text.strip()):
            first, *hashes = block.splitlines()
            pin = _PIN.match(first)
            assert pin, first
            assert hashes, first
            assert all(re.match(r"    --hash=sha256:[0-9a-f]{64}( \\)?$", one) for one in hashes)
            found.setdefault(pin["name"], []).append(pin["version"])
    return found


def asked(extra: str) -> list[Requirement]:
    parser = configparser.ConfigParser(interpolation=configparser.BasicInterpolation())
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = parser.get("options", "install_requires") + parser.get("options.extras_require", extra)
    texts = (line.strip() for line in lines.splitlines())
    return [Requirement(text) for text in texts if text and not text.startswith("#")]


@pytest.mark.parametrize(
    ("extra", "locks"),
    [("demo", ["demo.lock"]), ("build", ["demo.lock"]), ("dev", ["demo.lock", "dev.lock"])],
)
def test_given_what_the_package_asks_for_then_the_lock_has_it_within_its_bounds(
    extra: str, locks: list[str]
) -> None:
    """A library that is added to setup.cfg, or bounded anew, wants `make lock`."""
    pinned = pins(*locks)
    for one in asked(extra):
        versions = pinned.get(re.sub(r"[-_.]+", "-", one.name).lower(), [])
        assert versions, f"{one.name}: run make lock"
        assert all(one.specifier.contains(version) for version in versions), one
