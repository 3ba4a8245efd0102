"""See the identities that open one's own account, and take one away."""

from __future__ import annotations

from api.accounts.repositories.identities import Identities, Identity
from api.own_account.identities.records import Removed
from api.own_account.owner import Owner
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault


def bound(owner: Owner) -> tuple[Identity, ...]:
    """Those of the person."""
    return Identities(owner.services.state).identities_of(owner.username)


def unbind(owner: Owner, removed: Removed) -> str:
    """Let an identity open the account no longer; other sessions end. Returns the token of this
    one.

    Raises:
        NotAccepted: it is none of this account, or the password is not right.
    """
    identity = Identity(removed.issuer, removed.subject, owner.username)
    if identity not in bound(owner):
        fault = Fault("subject", "is none of this account", "choose one")
        raise NotAccepted(fault, "account.wrong-identity")
    owner.confirm(removed.password)
    identities = Identities(owner.services.state)
    return owner.change_rights(
        lambda connection: identities.unbind(connection, identity),
        action="identity.unbind",
        detail=f"{identity.issuer} {identity.subject}",
    )
