"""A provider of identities of our own, which lies as a test tells it to."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, Key, RSAKey

CLIENT, SECRET = "qingyuan", "a shared secret that is long enough"
SUBJECT, NAME = "320612-0042", "陈明"


def rsa(kid: str) -> RSAKey:
    """A fresh key."""
    return RSAKey.generate_key(2048, {"kid": kid})


def ec(kid: str) -> ECKey:
    """A fresh key of another kind."""
    return ECKey.generate_key("P-256", {"kid": kid})


class IdentityProvider:
    """Keeps to OpenID Connect Core 1.0 and RFC 7636; a test changes what it publishes and signs."""

    def __init__(self, issuer: str, now_ms: Callable[[], int], key: Key) -> None:
        self.issuer, self.now_ms = issuer, now_ms
        self.published: list[dict[str, Any]] = [key.as_dict(private=False)]
        self.signer, self.algorithm = key, "RS256"
        self.claims: dict[str, object] = {}
        """Claims beside or instead of the right ones; None leaves one out."""
        self.description: dict[str, object] = {}
        self.token: Callable[[dict[str, object]], object] = self.signed
        self.fails = False
        self.asked: Counter[str] = Counter()
        self._codes: dict[str, dict[str, str]] = {}

    def signed(self, claims: dict[str, object]) -> str:
        """A token of these claims."""
        header = {"alg": self.algorithm, "kid": self.signer.kid}
        return jwt.encode(header, claims, self.signer, algorithms=[self.algorithm])

    def consented(self, url: str) -> dict[str, str]:
        """What a browser brings back whose person agreed at this address."""
        asked = dict(parse_qsl(urlsplit(url).query))
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT
        code = secrets.token_urlsafe()
        self._codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def answered(self, path: str, query: str, body: str, authorization: str) -> tuple[int, object]:
        """Status and document of a request."""
        self.asked[path] += 1
        if path == "/.well-known/openid-configuration":
            return 200, self._described() | self.description
        if path == "/keys":
            return 200, {"keys": self.published}
        if path == "/authorize":
            asked = dict(parse_qsl(query))
            return 302, f"{asked['redirect_uri']}?{urlencode(self.consented('?' + query))}"
        return self._token(dict(parse_qsl(body)), authorization)

    def _described(self) -> dict[str, object]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
        }

    def _token(self, given: Mapping[str, str], authorization: str) -> tuple[int, object]:
        if self.fails:
            return 500, {}
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization != f"Basic {known}":
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(given["code"], None)
        digest = hashlib.sha256(given["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != given["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        now_s = self.now_ms() // 1000
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": SUBJECT,
            "name": NAME,
            "nonce": asked["nonce"],
            "iat": now_s,
            "exp": now_s + 300,
        } | self.claims
        kept = {name: value for name, value in claims.items() if value is not None}
        tokens = {"access_token": "a", "token_type": "Bearer", "id_token": self.token(kept)}
        return 200, tokens


@contextmanager
def providing(now_ms: Callable[[], int], key: Key) -> Iterator[IdentityProvider]:
    """A provider that answers on this machine inside this context."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            given = self.headers.get("authorization", "")
            status, document = provider.answered(parts.path, parts.query, body, given)
            self.send_response(status)
            if status == 302:
                self.send_header("location", str(document))
            self.end_headers()
            self.wfile.write(json.dumps(document).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        provider = IdentityProvider(f"http://127.0.0.1:{server.server_port}", now_ms, key)
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        yield provider
        server.shutdown()
        thread.join()
