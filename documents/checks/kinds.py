"""Every kind of check by its name."""

from __future__ import annotations

from documents.checks import alike, citing, dating, identity, validity, wording
from documents.checks.records import Kinds

KINDS: Kinds = {
    **wording.KINDS,
    **citing.KINDS,
    **validity.KINDS,
    **dating.KINDS,
    **identity.KINDS,
    **alike.KINDS,
}
