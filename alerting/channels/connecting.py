"""A connection to a provider: only to an address that was checked, and ended in time whatever the
other side does.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv6Address, ip_address
from queue import Empty, SimpleQueue
from typing import Any


class ForbiddenAddressError(OSError):
    """A name leads where we may not go."""


Check = Callable[[str], str]
"""Why an address is forbidden; empty where it is not."""


def is_public(address: str) -> bool:
    """Whether an address belongs to one machine of the Internet, not to this machine, a private
    network, or a group. IPv6 addresses that carry one of IPv4 count as that one, and those that a
    translator would carry elsewhere (RFC 6052, RFC 3056, RFC 4380) are none.
    """
    found = ip_address(address)
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return is_public(str(found.ipv4_mapped))
        if found.is_site_local or found.sixtofour or found.teredo:
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved)


def anywhere(_: str) -> str:
    """No address is forbidden."""
    return ""


@contextmanager
def connection(
    host: str, port: int, until: float, check: Check = anywhere
) -> Iterator[socket.socket]:
    """A connection to a name, cut at ``until`` on the clock ``time.monotonic`` whatever goes on in
    it; TLS may be put over it.

    Raises:
        OSError: there is none; a ``ForbiddenAddressError`` or a ``TimeoutError`` among others.
    """
    late = threading.Event()
    with _connected(host, port, until, check) as link, link.dup() as spare:

        def cut() -> None:
            late.set()
            with suppress(OSError):
                spare.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(_left(until), cut)
        timer.daemon = True
        timer.start()
        try:
            yield link
        except Exception as error:
            if late.is_set():
                raise TimeoutError from error
            raise
        finally:
            timer.cancel()
        if late.is_set():
            raise TimeoutError


def _connected(host: str, port: int, until: float, check: Check) -> socket.socket:
    """To one of the addresses of a name; where one of them is forbidden to none."""
    found = _addresses(host, port, until)
    for *_, address in found:
        if why := check(address[0]):
            raise ForbiddenAddressError(why)
    for at, (family, kind, protocol, _, address) in enumerate(found, 1):
        link = socket.socket(family, kind, protocol)
        try:
            link.settimeout(_left(until) / (1 + len(found) - at))
            link.connect(address)
            link.settimeout(_left(until) + 1)  # the cut comes first and says why
        except OSError:
            link.close()
            if at == len(found):
                raise
        else:
            return link
    raise OSError("its name has no address")


def _addresses(host: str, port: int, until: float) -> list[Any]:
    """Of a name. A resolver cannot be stopped; it is left to itself when it takes too long."""
    answers: SimpleQueue[list[Any] | Exception] = SimpleQueue()

    def resolve() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=resolve, name="resolver", daemon=True).start()
    try:
        found = answers.get(timeout=_left(until))
    except Empty:
        raise TimeoutError from None
    if isinstance(found, Exception):
        raise OSError("its name is not known") from found
    return found


def _left(until: float) -> float:
    """Seconds that are left, never none: a socket would not block then."""
    return max(0.001, until - time.monotonic())


def explained(error: Exception) -> str:
    """Why there was no answer: never with the address, which may hold a secret."""
    match error:
        case TimeoutError():
            return "no whole answer in time"
        case ssl.SSLCertVerificationError():
            return f"its certificate does not hold: {error.verify_message}"
        case ssl.SSLError():
            return f"TLS fails: {error.reason or 'cut off'}"
        case ForbiddenAddressError() | OSError(strerror=None):
            return str(error) or type(error).__name__
        case OSError():
            return str(error.strerror)
        case _:
            return type(error).__name__
