"""The secret of an authenticator as people see it."""

from __future__ import annotations

from api.accounts.credentials.second_factor import picture, provisioning
from api.accounts.factor import Pending
from api.own_account.owner import Owner


def uri(owner: Owner, pending: Pending) -> str:
    """The address that an authenticator takes."""
    return provisioning(pending.secret, owner.username, owner.services.catalogue.site.name)


def drawn(owner: Owner, pending: Pending) -> str:
    """The same as a picture."""
    return picture(uri(owner, pending), owner.services.words("sign-in.picture"))
