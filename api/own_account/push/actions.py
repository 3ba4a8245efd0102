"""Allow and end notifications in browsers."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from alerting.channels import push
from api.accounts.repositories.subscriptions import Allowed, Subscriptions
from api.own_account.owner import Owner
from api.own_account.push.records import MOST, Subscribed
from api.web.forms import NotAccepted
from config.vocabulary.errors import Fault


def public_key(owner: Owner) -> str:
    """The key for browsers that subscribe; empty where the site sends them nothing."""
    services = owner.services
    return push.public_key(services.channels, services.site_key.of_channel)


def allowed(owner: Owner) -> tuple[Allowed, ...]:
    """The browsers of the person that get notifications."""
    return Subscriptions(owner.services.state).of_person(owner.username)


def allow(owner: Owner, subscribed: Subscribed) -> int:
    """Let the browser that asks get them; its id.

    Raises:
        NotAccepted: it is no browser, or another's, or there are too many.
    """
    given, subscriptions = subscribed.subscription(), Subscriptions(owner.services.state)

    def work(connection: Connection) -> int:
        if not subscriptions.release(connection, owner.username, given):
            fault = Fault("endpoint", "is of another browser", "give the browser's own")
            raise NotAccepted(fault, "account.wrong-browser")
        if len(subscriptions.read(connection, owner.username)) >= MOST:
            fault = Fault("endpoint", f"would be one more than {MOST}", "remove one first")
            raise NotAccepted(fault, "account.wrong-browsers", most=MOST)
        browser, now_ms = owner.visitor.browser, owner.services.now_ms()
        return subscriptions.add(connection, owner.username, given, browser, now_ms)

    return owner.change(work, action="push.add")


def end(owner: Owner, subscription_id: int) -> bool:
    """Send a browser no more; whether it got any."""
    subscriptions = Subscriptions(owner.services.state)
    return owner.change(
        lambda connection: subscriptions.remove(connection, owner.username, subscription_id),
        action="push.remove",
    )
