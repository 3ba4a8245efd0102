"""Our side of OpenID Connect Core 1.0: a journey to the provider and back."""

from __future__ import annotations

import base64
import hmac
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal, Self

import httpx2
import msgspec
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from cryptography.fernet import Fernet, InvalidToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from msgspec import Struct

from api.accounts.oidc.provider import TIMEOUT_S, Description, Provider, ProviderAway
from config.settings import Settings
from config.site_key import SiteKey
from config.vocabulary.errors import QingyuanError

CALLBACK = "/sign-in/oidc/callback"
JOURNEY_S = 600
"""So long a person may take at the provider."""
MOST_OF_SUBJECT, MOST_OF_NAME = 255, 100
LEEWAY_S = 60
"""By which its clock may be off ours."""
MOST_AT_ONCE = 8
"""Of the threads of the pages, so many may wait for the provider."""
ALGORITHMS = frozenset(f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512))
"""Signatures by the provider's own key alone; never none, never one by a secret that we share."""

Reason = Literal["expired", "declined", "untrue", "weak"]


class Unfinished(QingyuanError):
    """A journey to the provider and back that opens no session."""

    def __init__(self, reason: Reason, what: str) -> None:
        super().__init__(what)
        self.reason = reason


class Journey(Struct, frozen=True, tag=True):
    """Kept, sealed, in the person's browser while it is at the provider: ``to`` is where the
    person wanted to go, ``binds`` the account to which the identity shall belong.
    """

    state: str
    nonce: str
    verifier: str
    to: str
    binds: str = ""


class Subject(Struct, frozen=True, tag=True):
    """Somebody as the provider knows them: issuer and subject identify, the name may change.
    ``binds`` is the account to which the person asked to bind this.
    """

    issuer: str
    subject: str
    name: str
    binds: str = ""


class RelyingParty:
    """Our side of the sign-in at one provider."""

    @classmethod
    def of(cls, settings: Settings, site_key: SiteKey) -> Self | None:
        """None where there is no second way in."""
        return cls(settings, site_key.of("oidc")) if settings.oidc.issuer else None

    def __init__(self, settings: Settings, key: bytes) -> None:
        self.issuer, self.name = settings.oidc.issuer, settings.oidc.name
        self._client = settings.oidc
        self._strong = {each.strip() for each in self._client.strength.split(",")} - {""}
        self._callback = settings.public_url.rstrip("/") + CALLBACK
        self._seal = Fernet(base64.urlsafe_b64encode(key))
        self._provider = Provider(settings.oidc.issuer)
        self._talking = threading.BoundedSemaphore(MOST_AT_ONCE)

    def begin(self, to: str, now_ms: int, binds: str = "") -> tuple[str, str]:
        """Where to send the browser, and the cookie that it keeps meanwhile.

        Raises:
            ProviderAway
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        journey = Journey(state, nonce, verifier, to, binds)
        with self._one_of_few():
            description = self._provider.known(now_ms).description
        with self._oauth(description) as client:
            url, _ = client.create_authorization_url(
                description.authorization_endpoint,
                state=journey.state,
                code_verifier=journey.verifier,
                nonce=journey.nonce,
            )
        return url, self.sealed(journey, now_ms)

    def sealed(self, kept: Journey | Subject, now_ms: int) -> str:
        """A text that only this site can have made, and that nobody else can read."""
        return self._seal.encrypt_at_time(msgspec.json.encode(kept), now_ms // 1000).decode()

    def unsealed(self, text: str | None, now_ms: int) -> Journey | Subject | None:
        """The same again, while it lasts."""
        try:
            opened = self._seal.decrypt_at_time((text or "").encode(), JOURNEY_S, now_ms // 1000)
        except InvalidToken:
            return None
        return msgspec.json.decode(opened, type=Journey | Subject)

    def journey(self, cookie: str | None, now_ms: int) -> Journey | None:
        """The journey of a cookie that we gave, while it lasts."""
        found = self.unsealed(cookie, now_ms)
        return found if isinstance(found, Journey) else None

    def finish(self, journey: Journey | None, answer: Mapping[str, str], now_ms: int) -> Subject:
        """The person whom the provider's answer names.

        Raises:
            Unfinished, ProviderAway
        """
        state = answer.get("state", "").encode()
        if journey is None or not hmac.compare_digest(state, journey.state.encode()):
            raise Unfinished("expired", "answers no journey of this browser")
        if answer.get("iss", self._client.issuer) != self._client.issuer:  # RFC 9207
            raise Unfinished("untrue", f"comes from {answer['iss']!r}")
        if "code" not in answer:
            raise Unfinished("declined", f"brings no code: {answer.get('error', '')!r}")
        with self._one_of_few():
            tokens = self._exchanged(answer["code"], journey, now_ms)
            return self._verified(tokens, journey, now_ms)

    def _exchanged(self, code: str, journey: Journey, now_ms: int) -> Mapping[str, Any]:
        description = self._provider.known(now_ms).description
        try:
            with self._oauth(description) as client:
                found: Mapping[str, Any] = client.fetch_token(
                    description.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=journey.verifier,
                )
        except (OAuthError, httpx2.HTTPError, ValueError) as error:
            if isinstance(error, OAuthError) and error.error == "invalid_grant":
                raise Unfinished("expired", "brings a code that is worth nothing") from error
            what = str(error) or type(error).__name__
            raise ProviderAway(f"{description.token_endpoint}: {what}") from error
        return found

    def _verified(self, tokens: Mapping[str, Any], journey: Journey, now_ms: int) -> Subject:
        """The subject of an ID token that holds (OpenID Connect Core 1.0, 3.1.3.7)."""
        expected = {"iss": self._client.issuer, "aud": self._client.client_id}
        try:
            token = self._signed(str(tokens.get("id_token", "")), now_ms)
            claims = CodeIDToken(
                token.claims,
                token.header,
                {name: {"essential": True, "value": value} for name, value in expected.items()}
                | {"sub": {"essential": True}},
                {
                    "nonce": journey.nonce,
                    "client_id": self._client.client_id,
                    "access_token": tokens.get("access_token"),
                },
            )
            claims.validate(now_ms // 1000, LEEWAY_S)
        except (JoseError, ValueError) as error:
            raise Unfinished("untrue", f"gives a token that does not hold: {error}") from error
        subject, name = claims["sub"], str(claims.get("name") or "")
        if len(subject) > MOST_OF_SUBJECT or not subject.isprintable():
            raise Unfinished("untrue", "gives a subject that nothing can keep")
        if self._strong and self._strong.isdisjoint(_strengths(claims)):
            raise Unfinished("weak", f"was not by one of {', '.join(sorted(self._strong))}")
        shown = "".join(letter for letter in name if letter.isprintable())
        return Subject(self._client.issuer, subject, shown[:MOST_OF_NAME], journey.binds)

    def _signed(self, token: str, now_ms: int) -> jwt.Token:
        """A token signed by a key of the provider; with one that we do not know its keys are asked
        for anew, for it may have changed them.
        """
        known = self._provider.known(now_ms)
        used = ALGORITHMS.intersection(known.description.id_token_signing_alg_values_supported)
        try:
            return jwt.decode(token, known.keys, algorithms=used)
        except InvalidKeyIdError:
            renewed = self._provider.known(now_ms, anew=True)
            return jwt.decode(token, renewed.keys, algorithms=used)

    def _oauth(self, description: Description) -> OAuth2Client:
        methods = description.token_endpoint_auth_methods_supported
        basic = "client_secret_basic" in methods or "client_secret_post" not in methods
        with_secret = "client_secret_basic" if basic else "client_secret_post"
        return OAuth2Client(
            self._client.client_id,
            self._client.client_secret,
            token_endpoint_auth_method=with_secret if self._client.client_secret else "none",
            scope="openid profile",
            redirect_uri=self._callback,
            code_challenge_method="S256",
            timeout=TIMEOUT_S,
        )

    @contextmanager
    def _one_of_few(self) -> Iterator[None]:
        if not self._talking.acquire(blocking=False):
            raise ProviderAway("too many people wait for it at this moment")
        try:
            yield
        finally:
            self._talking.release()


def _strengths(claims: Mapping[str, Any]) -> list[str]:
    """How somebody signed in there, as far as the provider tells (RFC 8176)."""
    told = [*(claims.get("amr") or ()), claims.get("acr")]
    return [each for each in told if isinstance(each, str)]
