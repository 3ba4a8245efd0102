"""Answers of several rooms of cases over the API."""

from __future__ import annotations

from pydantic import BaseModel


class Made(BaseModel):
    """The id of what was made."""

    id: int
