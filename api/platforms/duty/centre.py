"""The centre itself as an account: it takes the steps that nobody has to decide on."""

from __future__ import annotations

from api.accounts.records import Account, Reach, Secrecy
from api.platforms.duty.permission import DutyPermission
from api.services import Services

_MAY = frozenset(
    {
        DutyPermission.SEE,
        DutyPermission.CHECK,
        DutyPermission.SEE_RECORDS,
        DutyPermission.VERIFY,
        DutyPermission.SEE_OPINIONS,
        DutyPermission.FORWARD_OPINIONS,
    }
)


def account(services: Services) -> Account:
    """The centre, which checks and records everywhere. Its name says that no person did it; its
    username is empty, which nobody's is.
    """
    reach = Reach(_MAY, secrecy=Secrecy.RESTRICTED)
    return Account("", services.words("duty.centre"), reaches=(reach,))
