"""A question as the form of the page and the addresses of its answers write it. Pure."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from pydantic import Field, StringConstraints

from api.search.index import COUNTED, Asked
from api.web.forms import Period

A_PAGE = 20
Text = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(max_length=40)]


class Question(Period):
    """Words, and by which the answer is narrowed."""

    q: Text = ""
    platform: Name = ""
    kind: Name = ""
    page: Annotated[int, Field(ge=1, le=COUNTED // A_PAGE)] = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything but words was chosen."""
        return bool(self._chosen().keys() - {"q"})

    @property
    def asked(self) -> Asked:
        """As the index takes it."""
        return Asked(self.q, self.platform, self.kind, self.from_ms, self.until_ms)

    def query(self, **other: str) -> str:
        """As part of an address, without the number of the page; ``other`` values instead."""
        return urlencode({name: of for name, of in (self._chosen() | other).items() if of})

    def _chosen(self) -> dict[str, str]:
        return self.model_dump(mode="json", exclude={"page", "before"}, exclude_defaults=True)
