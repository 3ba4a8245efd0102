"""A paper as PDF, set by typst with a font that is embedded."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from config.vocabulary.time import ZONE

FONTS = "@embedpdf/fonts-sc/fonts"
"""Of the pages' npm packages: Noto Sans for simplified Chinese; the machine's own are not used."""
_FOLDER = Path(__file__).parent / "paper"


def made(lines: dict[str, Any], libraries: Path, made_ms: int) -> bytes:
    """The PDF of a paper that is laid out. Its texts are data: nothing in them is run, and the
    template sees no file but itself. The same paper gives the same bytes.

    Raises:
        FileNotFoundError: the font is not installed.
    """
    fonts = libraries / FONTS
    if not any(fonts.glob("*.otf")):
        raise FileNotFoundError(str(fonts))
    at = datetime.fromtimestamp(made_ms / 1000, ZONE)
    day = {"year": at.year, "month": at.month, "day": at.day}
    document: bytes = typst.compile(
        str(_FOLDER / "paper.typ"),
        root=str(_FOLDER),
        font_paths=[str(fonts)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"paper": json.dumps({**lines, "made": day}, ensure_ascii=False)},
    )
    return document
