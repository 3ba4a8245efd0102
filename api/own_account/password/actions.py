"""Change one's own password."""

from __future__ import annotations

from api.accounts.credentials import passwords
from api.accounts.records import OWN
from api.accounts.repositories.people import People
from api.own_account.owner import Owner
from api.own_account.password.records import Chosen


def change(owner: Owner, chosen: Chosen) -> str:
    """Put a new password in the place of the one of now; other sessions end. Returns the token
    of this one.

    Raises:
        NotAccepted: the password of now is not right, or the rules refuse the new one.
    """
    site = owner.services.catalogue.site
    new = chosen.fit((owner.username, owner.account.name, site.id, site.name))
    owner.confirm(chosen.password)
    password_hash = passwords.hashed(new)
    people = People(owner.services.state)
    _, token = owner.change_rights(
        lambda connection: people.put(
            connection,
            owner.username,
            password_hash=password_hash,
            password_kind=OWN,
            password_until_ms=None,
        ),
        "password.change",
    )
    return token
