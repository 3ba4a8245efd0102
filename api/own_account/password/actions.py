"""Change one's own password."""

from __future__ import annotations

from api.own_account.owner import Owner


def change(owner: Owner, password: str, new: str, again: str) -> str:
    """Put a new password in the place of the one of now; other sessions end. Returns the token
    of this one.

    Raises:
        NotAccepted: the password of now is not right, or the rules refuse the new one.
    """
    owner.confirm(password)
    with owner.ending_streams():
        return owner.steps.change_password(
            owner.visitor, owner.account, new, again, owner.services.now_ms()
        )
