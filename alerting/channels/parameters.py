"""A provider's address in the settings, and what stands behind its question mark."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

import msgspec

from alerting.channels.http import provider_url
from alerting.channels.making import WrongChannelError
from config.settings import ChannelSettings


def parameters(
    settings: ChannelSettings, example: str, needed: Sequence[str], also: Sequence[str] = ()
) -> tuple[str, dict[str, str]]:
    """The address without its parameters, and these. Faults never repeat what was written: it may
    be a secret.

    Raises:
        WrongChannelError: it is no address, a parameter is missing, or one is not known.
    """
    remedy = f"write it as {example}"
    if not settings.url:
        raise WrongChannelError("url", "is missing", remedy)
    address, _, query = settings.url.partition("?")
    provider_url(msgspec.structs.replace(settings, url=address))
    pairs = parse_qsl(query, keep_blank_values=True)
    given = dict(pairs)
    if len(given) < len(pairs) or not given.keys() <= {*needed, *also}:
        what = f"has other parameters than {', '.join([*needed, *also]) or 'none'}, or one twice"
        raise WrongChannelError("url", what, remedy)
    if missing := [name for name in needed if not given.get(name)]:
        raise WrongChannelError("url", f"has no {' and no '.join(missing)}", remedy)
    return address.rstrip("/"), given


def secret(settings: ChannelSettings, where: str) -> str:
    """The secret; ``where`` tells what the provider calls it.

    Raises:
        WrongChannelError: there is none.
    """
    if not settings.secret:
        remedy = f"write {where} here, or into a file that secret_file names"
        raise WrongChannelError("secret", "is missing", remedy)
    return settings.secret


def persons_only(settings: ChannelSettings) -> None:
    """Refuse a group chat where the provider has none.

    Raises:
        WrongChannelError: the channel is to have one.
    """
    if settings.reads:
        raise WrongChannelError("reads", "needs a group chat, and there is none", "take it out")
