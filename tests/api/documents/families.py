"""Keys of the words of filings and of the catalogue whose last part is made at run time."""

from __future__ import annotations

from typing import get_args

from api.packages.archive import Wrong
from api.platforms.documents.catalogue.records import SOURCES
from api.platforms.documents.filings.records.checking import LackKind
from api.platforms.documents.filings.wording import COLUMNS, RETURN_COLUMNS

FAMILIES: dict[str, set[str]] = {
    "documents.filings.column-": {*COLUMNS, *RETURN_COLUMNS},
    "documents.filings.lack-": set(get_args(LackKind)),
    "documents.filings.wrong-": {
        *(f"package-{of}" for of in get_args(Wrong)),
        *(
            "package-link",
            "package-file",
            "package-other",
            "package-none",
            "maker",
            "paper",
            "many",
            "long",
            "no-text",
            "units",
        ),
        *("official-number", "link", "day", "day-ahead"),
        *("unreadable", "title", "number", "kind", "published-early", "valid-early"),
    },
    "documents.official.source-": {"typed", "package"},
    "documents.receipt.column-": {"name", "value"},
    "documents.receipt.wrong-": {"unreadable"},
    "documents.review-year.": {
        *("filed", "filed-in-time", "filed-late", "registered", "returned"),
        *("unfiled", "unfiled-settled", "unfiled-filed"),
    },
    "documents.catalogue.line-": {"title", "number", "published", "many", "long", "quotes"},
    "documents.catalogue.source-": set(SOURCES),
    "documents.catalogue.why-": set(SOURCES),
    "documents.catalogue.column-": {"title", "number", "maker", "year", "why", "state"},
    "documents.catalogue.wrong-": {"maker", "year", "no-table", "empty", "nothing"},
}
