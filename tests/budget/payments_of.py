"""Books out of a few written rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np

from budget.detection.books import MISSING, NO_DAY, Books, Payments, Texts

Row = Mapping[str, Any]
_EPOCH = date(1970, 1, 1).toordinal()


def row(day: str, yuan: float, **texts: str) -> Row:
    """A payment of one unit to one payee, unless it says otherwise."""
    number = date.fromisoformat(day).toordinal() - _EPOCH
    usual = {"unit": "水利局", "payee": "通达建设有限公司"}
    return {**usual, "days": number, "cents": round(yuan * 100), **texts}


def books_of(rows: Sequence[Row], **others: Any) -> Books:
    """The rows with their places as ids."""
    columns: dict[str, Any] = {
        of.name: _texts(one.get(of.name, "") for one in rows) for of in fields(Payments)
    }
    columns["ids"] = np.arange(len(rows), dtype=np.int64)
    columns["cents"] = np.array([one["cents"] for one in rows], np.int64)
    columns["days"] = np.array([one.get("days", NO_DAY) for one in rows], np.int32)
    return Books(payments=Payments(**columns), **others)


def _texts(texts: Iterable[str]) -> Texts:
    known: dict[str, int] = {}
    codes = [known.setdefault(text, len(known)) if text else MISSING for text in texts]
    return Texts(np.array(codes, np.int32), tuple(known))
