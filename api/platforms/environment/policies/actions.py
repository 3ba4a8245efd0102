"""Reads escalation policies, and saves new versions of them; the audit stands in the same
transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from alerting.escalation.policy import Policy
from alerting.escalation.repository import Version
from api import audit
from api.accounts.records import Account
from api.platforms.environment.acts import CHANGED
from api.platforms.environment.escalation_wording import named
from api.platforms.environment.policies.records import checked, document
from api.services import Services
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault


@dataclass(frozen=True, slots=True)
class Kept:
    """A policy in force, with its versions, the newest first; none of one that comes with the
    product and was never changed.
    """

    policy: Policy
    versions: Sequence[Version]

    @property
    def revision(self) -> int:
        """Of the version in force; 0 of one that was never changed."""
        return self.versions[0].revision if self.versions else 0


def every(services: Services) -> list[Kept]:
    """All policies in the order in which they are taken, retired ones last."""
    with services.state.read() as connection:
        found = services.policies.in_force(connection)
        kept = [
            Kept(policy, services.policies.versions(connection, policy.id))
            for policy in found.values()
        ]
    return sorted(kept, key=lambda of: (of.policy.retired, of.policy.rank, of.policy.id))


def find(services: Services, policy_id: str) -> Kept | None:
    """One of them."""
    return next((of for of in every(services) if of.policy.id == policy_id), None)


def save(
    services: Services, account: Account, policy: Policy, revision: int | None, *, new: bool
) -> None:
    """Keep a new version, in force from now on; ``revision`` is the one that the author saw.

    Raises:
        NotAccepted: somebody named cannot be told, the id is taken, or somebody else has changed
            the policy meanwhile.
    """
    checked(policy, named(services, people=True))
    _keep(services, account, policy, "save", revision, new=new)


def retire(services: Services, account: Account, kept: Kept) -> None:
    """Let new events no longer be escalated by a policy."""
    if not kept.policy.retired:
        retired = msgspec.structs.replace(kept.policy, retired=True)
        _keep(services, account, retired, "retire", None, new=False)


def _keep(
    services: Services,
    account: Account,
    policy: Policy,
    verb: str,
    revision: int | None,
    *,
    new: bool,
) -> None:
    now = services.now_ms()
    with services.state.begin() as connection:
        known = services.policies.in_force(connection)
        versions = services.policies.versions(connection, policy.id)
        if new and policy.id in known:
            raise NotAccepted(Fault("id", f"{policy.id!r} is taken", "choose another"), "taken")
        if revision is not None and versions and versions[0].revision != revision:
            fault = Fault("revision", "is not the newest", "read the policy again")
            raise NotAccepted(fault, "changed", who=versions[0].author)
        services.policies.save(connection, policy, account.signed, account.username, now)
        audit.record(
            connection,
            by=account.actor,
            action=f"policy.{verb}",
            subject=policy.id,
            detail=document(policy),
            at_ms=now,
        )
    CHANGED.tell(services.publish, {"policy": policy.id})
