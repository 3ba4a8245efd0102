"""Display as a person chose it. Pure."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from config.catalogue.words import LanguageTag


class Display(BaseModel):
    """Language, empty as the browser asks, and whether type is large."""

    model_config = ConfigDict(extra="forbid")
    language: LanguageTag | Literal[""] = ""
    large_type: bool = False
