"""The provider of a government's own sign-in, as it describes itself: its addresses and keys."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx2
import msgspec
from authlib.oidc.discovery import get_well_known_url
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet
from msgspec import Struct

from config.settings import protected
from config.vocabulary.errors import QingyuanError

TIMEOUT_S = 5.0
KEPT_MS = 3_600_000
RENEWED_MS = 60_000
"""Tokens of keys that we do not know have us ask for its keys no more often."""
AWAY_MS = 10_000
"""So long nobody waits again for a provider that was away."""

T = TypeVar("T")


class ProviderAway(QingyuanError):
    """The provider does not answer, or not so that we understand it."""


class Description(Struct, frozen=True):
    """The parts of OpenID Connect Discovery 1.0, 3 that are needed."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)


@dataclass(frozen=True, slots=True)
class Known:
    """A provider's description and public keys."""

    at_ms: int
    description: Description
    keys: KeySet


class _Keys(Struct, frozen=True):
    keys: list[dict[str, Any]]


class Provider:
    """Asked once an hour; whoever asks while it is away need not wait for it again and again."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self._known: Known | None = None
        self._away_ms = -AWAY_MS
        self._lock = threading.Lock()

    def known(self, now_ms: int, *, anew: bool = False) -> Known:
        """Description and keys; ``anew`` where it may have changed its keys.

        Raises:
            ProviderAway
        """
        kept_ms = RENEWED_MS if anew else KEPT_MS
        with self._lock:
            if self._known and 0 <= now_ms - self._known.at_ms < kept_ms:
                return self._known
            if 0 <= now_ms - self._away_ms < AWAY_MS:
                raise ProviderAway(f"{self.issuer} did not answer just now")
            try:
                self._known = self._asked(now_ms)
            except ProviderAway:
                self._away_ms = now_ms
                raise
            return self._known

    def _asked(self, now_ms: int) -> Known:
        description = _got(get_well_known_url(self.issuer, external=True), Description)
        if description.issuer != self.issuer:
            raise ProviderAway(f"{self.issuer} calls itself {description.issuer}")
        endpoints = (description.authorization_endpoint, description.token_endpoint)
        if not all(map(protected, (*endpoints, description.jwks_uri))):
            raise ProviderAway(f"{self.issuer} has addresses without https")
        return Known(now_ms, description, _understood(_got(description.jwks_uri, _Keys)))


def _got(url: str, wanted: type[T]) -> T:
    try:
        with httpx2.Client(timeout=TIMEOUT_S) as client:
            answer = client.get(url).raise_for_status()
        return msgspec.json.decode(answer.content, type=wanted)
    except (httpx2.HTTPError, httpx2.InvalidURL, msgspec.MsgspecError) as error:
        raise ProviderAway(f"{url}: {error or type(error).__name__}") from error


def _understood(found: _Keys) -> KeySet:
    """Keys of kinds and curves that we do not know stand beside others (RFC 7517, 5)."""
    keys: list[Key] = []
    for each in found.keys:
        with suppress(JoseError, LookupError, TypeError, ValueError):
            keys.append(JWKRegistry.import_key(each))
    return KeySet(keys)
