"""The court's table of suits against units, as the office loads it."""

from __future__ import annotations

from typing import Any

import httpx

API = "/api/v1/imports/judicial.suits"
HEADER = "审结月份,被诉行政机关,审结件数,败诉件数,负责人出庭件数"


def sent(office: httpx.Client, *lines: str, source: str = "区人民法院") -> httpx.Response:
    """A file of these lines below the header."""
    query = {"source": source, "name": "行政应诉.csv"}
    content = "\n".join((HEADER, *lines)).encode()
    return office.post(API, params=query, content=content)


def loaded(office: httpx.Client, *lines: str) -> dict[str, Any]:
    """A load in force."""
    answer = sent(office, *lines)
    found: dict[str, Any] = answer.json()
    assert found["state"] == "in-force", answer.text
    return found
