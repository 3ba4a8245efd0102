"""Pictures of pages, made by scripts/help_pictures.py, and whether each is of the page of now."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec
from jinja2 import Environment
from msgspec import Struct

from config.files import read_toml

FILE = Path(__file__).parent / "data" / "pictures.toml"


class Picture(Struct, frozen=True, forbid_unknown_fields=True):
    """Size in CSS pixels, the page's template with its digest, and the day when it was made."""

    width: int
    height: int
    template: str
    digest: str
    day: str


@cache
def pictures() -> Mapping[str, Picture]:
    """By name. A file of ours that is no such table is a fault of ours."""
    return msgspec.convert(read_toml(FILE, "run `make screenshots`"), dict[str, Picture])


def digest(templates: Environment, template: str) -> str:
    """Of a template's text as it is now."""
    assert templates.loader
    text, _, _ = templates.loader.get_source(templates, template)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
