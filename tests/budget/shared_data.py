"""Real tables and hand-made awkward ones that lie beside the repository, never in it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("QINGYUAN_SHARED") or ROOT.parent / "shared")
"""Where they are, or would be."""
TABLES = SHARED / "cases" / "civic" / "tables"
OXFORD = SHARED / "data" / "civic" / "oxford-spend"
without_tables = pytest.mark.skipif(not TABLES.is_dir(), reason=f"{TABLES} is not there")
without_oxford = pytest.mark.skipif(not OXFORD.is_dir(), reason=f"{OXFORD} is not there")


def known(name: str) -> dict[str, Any]:
    """What must be understood of a table, by its name without the end."""
    (path,) = TABLES.glob(f"{name}.*.json")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def table(name: str) -> Path:
    """The file of a table."""
    path: Path = TABLES / known(name)["file"]
    return path
