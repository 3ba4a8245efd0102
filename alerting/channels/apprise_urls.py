"""A group chat at any service that the library apprise knows by an address of its own form."""

from __future__ import annotations

import logging
import re
import threading
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

from alerting.channels.connecting import is_public
from alerting.channels.making import Surroundings, WrongChannelError
from alerting.channels.protocol import TIMEOUT_S, Later, Outcome, Outgoing, Taken
from config.settings import ChannelSettings

if TYPE_CHECKING:
    from apprise import Apprise

OF_THIS_MACHINE = ("blink1", "dbus", "glib", "gnome", "macosx", "syslog", "windows")
"""Modules of apprise that reach no person elsewhere: its log, its screen, its lamp."""
_FILES = ("attach", "attachment", "file", "keyfile", "pgpkey")
_STATUS = re.compile(r"error=(\d{3})\b")
_PRIVATE = "set private = true if this is meant"


class AppriseUrl:
    """A channel whose provider only says yes or no. The library makes connections of its own: it
    heeds the environment's proxies, and where a name leads is not looked at.
    """

    reaches: Final = "screen"
    limit: Final = None

    def __init__(self, service: Apprise, timeout_s: float = TIMEOUT_S) -> None:
        self._service, self._timeout_s = service, timeout_s
        self._attempt: threading.Thread | None = None

    def send(self, outgoing: Outgoing) -> Outcome:
        """Hand it over. An attempt cannot be stopped; while one hangs none other is made."""
        if self._attempt and self._attempt.is_alive():
            return Later("the attempt before has no answer yet")
        outcomes: list[Outcome] = []
        self._attempt = threading.Thread(
            target=lambda: outcomes.append(self._sent(outgoing)), name="apprise", daemon=True
        )
        self._attempt.start()
        self._attempt.join(self._timeout_s)
        return outcomes[0] if outcomes else Later("no whole answer in time")

    def _sent(self, outgoing: Outgoing) -> Outcome:
        try:
            result = self._service.notify(
                outgoing.with_link,
                title=outgoing.title,
                body_format="text",
                interpret_escapes=False,
            )
        except Exception as error:  # noqa: BLE001  its words may hold the address
            return Later(f"the library fails: {type(error).__name__}")
        if result:
            return Taken()
        # Of the library's own words only the status: the others may hold the address.
        found = [_STATUS.search(entry.message) for entry in result.logs()]
        status = next((f" ({each[1]})" for each in found if each), "")
        return Later(f"the service has not taken it{status}")


def made(channel: ChannelSettings, _: Surroundings) -> AppriseUrl:
    """A channel out of its settings.

    Raises:
        WrongChannelError: a setting does not hold.
    """
    import apprise  # noqa: PLC0415  a third of a second, and few sites need it

    # Both would log addresses, which hold secrets.
    logging.getLogger(apprise.LOGGER_NAME).propagate = False
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    if channel.secret:
        what, remedy = "is set, and the service's address holds its own", "take it out"
        raise WrongChannelError("secret", what, remedy)
    asset = apprise.AppriseAsset(async_mode=False, service_timeout=0, http_redirects=False)
    service = apprise.Apprise.instantiate(channel.url, asset=asset)
    if service is None:
        remedy = "write it as the documentation of apprise has it for this service"
        raise WrongChannelError("url", "is no address that apprise knows", remedy)
    if not channel.private:
        _reaching_others(channel.url, type(service).__module__.rpartition(".")[2])
    found = apprise.Apprise(asset=asset)
    found.add(service)
    return AppriseUrl(found)


def _reaching_others(url: str, module: str) -> None:
    """Refuse this machine, its files, and addresses of private networks.

    Raises:
        WrongChannelError: it is one of them.
    """
    if module in OF_THIS_MACHINE:
        raise WrongChannelError("url", "reaches only this machine", _PRIVATE)
    query = url.partition("?")[2]
    if any(name.lower() in _FILES for name in parse_qs(query, keep_blank_values=True)):
        raise WrongChannelError("url", "reads a file of this machine", _PRIVATE)
    try:
        host = urlsplit(url).hostname or ""
        inside = host == "localhost" or not is_public(host)
    except ValueError:  # a name, or a token in its stead
        inside = False
    if inside:
        raise WrongChannelError("url", "leads to this machine or a private network", _PRIVATE)
