"""The secret of an authenticator as people see it."""

from __future__ import annotations

from markupsafe import Markup

from api.accounts.credentials.second_factor import picture, provisioning
from api.accounts.factor import Pending
from api.own_account.owner import Owner

_GROUP = 4


def uri(owner: Owner, pending: Pending) -> str:
    """The address that an authenticator takes."""
    return provisioning(pending.secret, owner.username, owner.services.catalogue.site.name)


def drawn(owner: Owner, pending: Pending) -> Markup:
    """The same as a picture; nothing in it comes from a person but what it encodes."""
    words = owner.services.words
    return Markup(picture(uri(owner, pending), words("account.factor-picture")))  # noqa: S704


def grouped(secret: str) -> str:
    """A secret for typing."""
    return " ".join(secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP))
