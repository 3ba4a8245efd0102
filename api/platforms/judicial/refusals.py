"""The refusal of a field of a step."""

from __future__ import annotations

from collections.abc import Mapping

from api.procedures.refusals import StepRefused
from config.catalogue.words import Words


class FieldRefused(StepRefused):
    """A field does not hold: ``key`` behind ``words`` names its words, which take ``values``. For
    programs ``faults`` are the fault and the remedy.
    """

    status = 422

    def __init__(self, field: str, key: str, *faults: str, **values: object) -> None:
        super().__init__(f"{field}: {'; '.join(faults)}", field=field, why=key)
        self.field, self.key, self.values = field, key, values

    def said(self, words: Words) -> str:
        """With the remedy."""
        return words(f"{self.words}{self.key}", **self.values)

    def wrong(self, words: Words) -> Mapping[str, str]:
        """At its field."""
        return {self.field: self.said(words)}
