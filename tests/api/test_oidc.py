"""A government's own sign-in: whom the provider names, and whom we believe."""

from __future__ import annotations

import hmac
import json
import socket
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import Key, RSAKey

from api.accounts.oidc import provider as provider_module
from api.accounts.oidc.provider import AWAY_MS, KEPT_MS, RENEWED_MS, ProviderAway
from api.accounts.oidc.relying_party import (
    CALLBACK,
    JOURNEY_S,
    MOST_AT_ONCE,
    RelyingParty,
    Subject,
    Unfinished,
)
from config.settings import OidcSettings, Settings
from tests.api.conftest import NOW_MS, Clock
from tests.api.identity_provider import (
    CLIENT,
    NAME,
    SECRET,
    SUBJECT,
    IdentityProvider,
    ec,
    providing,
    rsa,
)

HERE = "https://renda.example"
KEY = bytes(range(32))


@pytest.fixture(scope="session")
def keys() -> tuple[Key, ...]:
    """Four keys; drawing them takes long."""
    return rsa("first"), rsa("second"), ec("curve"), rsa("first")


@pytest.fixture
def clock() -> Clock:
    """Of both sides."""
    return Clock(NOW_MS)


@pytest.fixture
def provider(clock: Clock, keys: tuple[Key, ...]) -> Iterator[IdentityProvider]:
    """A provider that is honest until told otherwise."""
    with providing(clock, keys[0]) as found:
        yield found


def party_of(issuer: str, **changes: str) -> RelyingParty:
    """Our side, at this issuer."""
    given = {"issuer": issuer, "client_id": CLIENT, "client_secret": SECRET} | changes
    return RelyingParty(Settings(public_url=HERE, oidc=OidcSettings(**given)), KEY)


@pytest.fixture
def party(provider: IdentityProvider) -> RelyingParty:
    """Our side, at the provider."""
    return party_of(provider.issuer)


def travelled(party: RelyingParty, provider: IdentityProvider) -> Subject:
    """There and back at once."""
    url, cookie = party.begin("/", provider.now_ms())
    answer = provider.consented(url)
    now_ms = provider.now_ms()
    return party.finish(party.journey(cookie, now_ms), answer, now_ms)


def test_when_somebody_agrees_at_the_provider_then_its_token_names_them(
    party: RelyingParty, provider: IdentityProvider
) -> None:
    """Where they wanted to go comes back with them."""
    url, cookie = party.begin("/environment/alerts?level=2", NOW_MS)
    journey = party.journey(cookie, NOW_MS)
    assert journey is not None
    assert journey.to == "/environment/alerts?level=2"
    found = party.finish(journey, provider.consented(url), NOW_MS)
    assert found == Subject(provider.issuer, SUBJECT, NAME)


def test_when_the_browser_is_sent_away_then_what_it_carries_tells_the_provider_only_hashes(
    party: RelyingParty, provider: IdentityProvider
) -> None:
    """PKCE's verifier stays sealed; state and nonce are drawn for each journey."""
    urls = [party.begin("/", NOW_MS) for _ in range(2)]
    first, second = (parse_qs(urlsplit(url).query) for url, _ in urls)
    assert urls[0][0].startswith(f"{provider.issuer}/authorize?")
    assert first["redirect_uri"] == [HERE + CALLBACK]
    assert set(first["scope"][0].split()) == {"openid", "profile"}
    assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))
    journey = party.journey(urls[0][1], NOW_MS)
    assert journey is not None
    assert journey.verifier not in urls[0][0] + urls[0][1]


def test_given_no_cookie_of_ours_then_there_is_no_journey(party: RelyingParty) -> None:
    """Missing, changed, cut off, or sealed by another site."""
    _, cookie = party.begin("/", NOW_MS)
    changed = cookie[:40] + ("A" if cookie[40] != "A" else "B") + cookie[41:]
    for each in (None, "", "nonsense", "é", changed, cookie[:-4]):
        assert party.journey(each, NOW_MS) is None
    other = RelyingParty(Settings(public_url=HERE), KEY[::-1])
    assert other.journey(cookie, NOW_MS) is None


def test_when_a_person_takes_too_long_then_the_journey_has_ended(party: RelyingParty) -> None:
    """Ten minutes are enough for a password and a code."""
    _, cookie = party.begin("/", NOW_MS)
    assert party.journey(cookie, NOW_MS + JOURNEY_S * 1000) is not None
    assert party.journey(cookie, NOW_MS + JOURNEY_S * 1000 + 1000) is None


def reason_of(asked: Callable[[], object]) -> str:
    """For which a journey did not come to its end."""
    with pytest.raises(Unfinished) as caught:
        asked()
    return caught.value.reason


def test_given_the_state_of_another_journey_then_nobody_is_let_in(
    party: RelyingParty, provider: IdentityProvider
) -> None:
    """So nobody can be led into a stranger's account; the code is not even spent."""
    url, _ = party.begin("/", NOW_MS)
    stranger = provider.consented(url)
    _, cookie = party.begin("/", NOW_MS)
    journey = party.journey(cookie, NOW_MS)
    assert reason_of(lambda: party.finish(journey, stranger, NOW_MS)) == "expired"
    assert reason_of(lambda: party.finish(None, stranger, NOW_MS)) == "expired"
    odd = stranger | {"state": "é"}
    assert reason_of(lambda: party.finish(journey, odd, NOW_MS)) == "expired"
    assert provider.asked["/token"] == 0


def test_given_a_code_that_was_used_then_it_opens_nothing_again(
    party: RelyingParty, provider: IdentityProvider
) -> None:
    """Also for whoever has the cookie too."""
    url, cookie = party.begin("/", NOW_MS)
    answer, journey = provider.consented(url), party.journey(cookie, NOW_MS)
    party.finish(journey, answer, NOW_MS)
    assert reason_of(lambda: party.finish(journey, answer, NOW_MS)) == "expired"


def test_given_a_code_that_another_browser_asked_for_then_its_verifier_is_missing(
    party: RelyingParty, provider: IdentityProvider
) -> None:
    """PKCE: an intercepted code is of no use in a journey of the thief's own."""
    theirs, _ = party.begin("/", NOW_MS)
    url, cookie = party.begin("/", NOW_MS)
    answer = provider.consented(url) | {"code": provider.consented(theirs)["code"]}
    journey = party.journey(cookie, NOW_MS)
    assert reason_of(lambda: party.finish(journey, answer, NOW_MS)) == "expired"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"error": "access_denied"}, "declined"),
        ({}, "declined"),
        ({"code": "c", "iss": "https://other.example"}, "untrue"),
    ],
)
def test_given_an_answer_without_a_code_of_the_provider_then_it_is_not_asked(
    party: RelyingParty, provider: IdentityProvider, answer: dict[str, str], reason: str
) -> None:
    """The person said no, or another provider answers."""
    _, cookie = party.begin("/", NOW_MS)
    journey = party.journey(cookie, NOW_MS)
    assert journey is not None
    given = {"state": journey.state} | answer
    assert reason_of(lambda: party.finish(journey, given, NOW_MS)) == reason
    assert provider.asked["/token"] == 0


NOW_S = NOW_MS // 1000
CLAIMS: dict[str, dict[str, object]] = {
    "another issuer": {"iss": "https://other.example"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "somebody-else"},
    "another audience and our party": {"aud": "somebody-else", "azp": CLIENT},
    "two audiences and no party": {"aud": [CLIENT, "somebody-else"]},
    "the party of somebody else": {"azp": "somebody-else"},
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "an end that has passed": {"exp": NOW_S - 61},
    "no end": {"exp": None},
    "an end that is no number": {"exp": "later"},
    "a beginning to come": {"nbf": NOW_S + 61},
    "made in the future": {"iat": NOW_S + 61},
    "nobody's": {"sub": None},
    "a subject without a letter": {"sub": ""},
    "a subject that is no text": {"sub": 7},
    "a subject longer than may be": {"sub": "7" * 256},
    "a subject that no database keeps": {"sub": "7\0"},
    "made for another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


def test_given_a_name_that_is_no_text_then_the_person_is_known_by_the_subject(
    party: RelyingParty, provider: IdentityProvider
) -> None:
    """The name is for eyes only."""
    for name, shown in (("陈\0明\n", "陈明"), (None, ""), (7, "7"), ("陈" * 101, "陈" * 100)):
        provider.claims = {"name": name}
        assert travelled(party, provider) == Subject(provider.issuer, SUBJECT, shown)


@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS.keys())
def test_given_a_signed_token_that_is_not_meant_for_this_journey_then_it_is_not_believed(
    party: RelyingParty, provider: IdentityProvider, claims: dict[str, object]
) -> None:
    """Each claim is looked at."""
    provider.claims = claims
    assert reason_of(lambda: travelled(party, provider)) == "untrue"


@pytest.mark.parametrize(
    ("claims", "let_in"),
    [
        ({"amr": ["pwd", "otp"]}, True),
        ({"acr": "urn:two"}, True),
        ({"amr": ["pwd"], "acr": "urn:one"}, False),
        ({"amr": [["otp"], 7]}, False),
        ({}, False),
    ],
)
def test_given_a_strength_that_is_asked_for_then_nobody_comes_in_by_less(
    provider: IdentityProvider, claims: dict[str, object], *, let_in: bool
) -> None:
    """By one of its values; what the provider does not tell counts as the weakest."""
    provider.claims = claims
    party = party_of(provider.issuer, strength="otp, urn:two")
    if let_in:
        assert travelled(party, provider).subject == SUBJECT
    else:
        assert reason_of(lambda: travelled(party, provider)) == "weak"


def written(*parts: bytes) -> str:
    """Parts of a token."""
    return ".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def unsigned(claims: dict[str, object]) -> str:
    """A token of algorithm none."""
    return written(b'{"alg":"none","typ":"JWT"}', json.dumps(claims).encode(), b"")


def by_secret(secret: bytes) -> Callable[[dict[str, object]], str]:
    """Tokens signed by a secret: the client knows it too, and a public key is known to all."""

    def signed(claims: dict[str, object]) -> str:
        body = written(b'{"alg":"HS256","kid":"first"}', json.dumps(claims).encode())
        return f"{body}.{written(hmac.digest(secret, body.encode(), 'sha256'))}"

    return signed


TOKENS: dict[str, Callable[[dict[str, object]], object]] = {
    "unsigned": unsigned,
    "signed by the shared secret": by_secret(SECRET.encode()),
    "none": lambda _: None,
    "no text": lambda _: 7,
    "no token": lambda _: "a.b.c",
    "of half a letter": lambda _: "é",
}


@pytest.mark.parametrize("token", TOKENS.values(), ids=TOKENS.keys())
def test_given_a_token_without_the_providers_signature_then_it_is_not_believed(
    party: RelyingParty,
    provider: IdentityProvider,
    token: Callable[[dict[str, object]], object],
) -> None:
    """Even where the provider says that it uses such algorithms."""
    provider.token = token
    assert reason_of(lambda: travelled(party, provider)) == "untrue"


@pytest.mark.parametrize("index", [1, 3], ids=["of another name", "of the same name"])
def test_given_a_token_signed_by_another_key_then_it_is_not_believed(
    party: RelyingParty, provider: IdentityProvider, keys: tuple[Key, ...], index: int
) -> None:
    """A key is the provider's if the provider publishes it."""
    provider.signer = keys[index]
    assert reason_of(lambda: travelled(party, provider)) == "untrue"


def test_given_a_token_signed_by_the_public_key_as_a_secret_then_it_is_not_believed(
    party: RelyingParty, provider: IdentityProvider, keys: tuple[Key, ...]
) -> None:
    """The algorithm is not the token's to choose."""
    assert isinstance(keys[0], RSAKey)
    provider.token = by_secret(keys[0].as_pem(private=False))
    assert reason_of(lambda: travelled(party, provider)) == "untrue"


def test_given_a_secret_among_the_public_keys_then_a_token_signed_by_it_is_not_believed(
    party: RelyingParty, provider: IdentityProvider
) -> None:
    """It is public too."""
    secret = b"a secret that is known to everybody"
    known = urlsafe_b64encode(secret).decode().rstrip("=")
    provider.published = [{"kty": "oct", "kid": "first", "k": known}]
    provider.token = by_secret(secret)
    assert reason_of(lambda: travelled(party, provider)) == "untrue"


def test_given_another_algorithm_that_the_provider_names_then_its_token_is_believed(
    party: RelyingParty, provider: IdentityProvider, keys: tuple[Key, ...]
) -> None:
    """Also beside keys that we do not understand."""
    odd = [{"kty": "EC", "crv": "SM2", "x": "AA", "y": "AA"}, {"kty": "PQ"}, {}]
    provider.published = [*odd, keys[2].as_dict(private=False)]
    provider.signer, provider.algorithm = keys[2], "ES256"
    assert travelled(party, provider).subject == SUBJECT


def test_when_the_provider_changes_its_key_then_its_keys_are_asked_for_anew(
    party: RelyingParty, provider: IdentityProvider, keys: tuple[Key, ...], clock: Clock
) -> None:
    """A change of keys locks nobody out, and tokens of unknown keys do not flood the provider."""
    travelled(party, provider)
    provider.signer, provider.published = keys[1], [keys[1].as_dict(private=False)]
    clock.now_ms += RENEWED_MS
    assert travelled(party, provider).subject == SUBJECT
    provider.signer = keys[0]
    for _ in range(3):
        assert reason_of(lambda: travelled(party, provider)) == "untrue"
    assert provider.asked["/keys"] == 2


def test_when_an_hour_has_passed_then_the_provider_is_asked_for_its_description_again(
    party: RelyingParty, provider: IdentityProvider
) -> None:
    """And not with each journey."""
    for after_ms in (0, KEPT_MS - 1, KEPT_MS):
        party.begin("/", NOW_MS + after_ms)
    assert provider.asked["/.well-known/openid-configuration"] == 2


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": "http://other.example/token"},
        {"jwks_uri": "http://[half"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
    ],
)
def test_given_a_description_that_does_not_hold_then_nobody_is_sent_there(
    party: RelyingParty, provider: IdentityProvider, description: dict[str, object]
) -> None:
    """It speaks of another issuer, or of addresses that anybody can listen to."""
    provider.description = description
    with pytest.raises(ProviderAway):
        party.begin("/", NOW_MS)


def test_given_a_provider_that_is_down_then_it_is_tried_again_after_a_while(
    provider: IdentityProvider,
) -> None:
    """Who comes meanwhile does not wait for it."""
    party = party_of(provider.issuer)
    provider.description = {"issuer": "https://other.example"}
    for after_ms in (0, 1, AWAY_MS - 1):
        with pytest.raises(ProviderAway):
            party.begin("/", NOW_MS + after_ms)
    assert provider.asked["/.well-known/openid-configuration"] == 1
    provider.description = {}
    assert party.begin("/", NOW_MS + AWAY_MS)


@pytest.mark.timeout(20)
def test_given_a_provider_that_says_nothing_then_the_wait_for_it_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It takes the call and is silent; or nobody listens."""
    monkeypatch.setattr(provider_module, "TIMEOUT_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(ProviderAway, match="openid-configuration"):
            party_of(f"http://127.0.0.1:{port}").begin("/", NOW_MS)
    with pytest.raises(ProviderAway, match="refused"):
        party_of(f"http://127.0.0.1:{port}").begin("/", NOW_MS)


def test_given_as_many_who_wait_for_the_provider_as_may_then_others_are_told_at_once(
    party: RelyingParty, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider that hangs does not take the threads of the pages."""
    for _ in range(MOST_AT_ONCE):
        party._talking.acquire()
    with pytest.raises(ProviderAway, match="too many"):
        party.begin("/", NOW_MS)
    party._talking.release()
    assert party.begin("/", NOW_MS)


def test_given_a_provider_that_refuses_us_then_it_is_no_fault_of_the_person(
    provider: IdentityProvider,
) -> None:
    """Our secret is wrong, or the provider fails."""
    with pytest.raises(ProviderAway, match="invalid_client"):
        travelled(party_of(provider.issuer, client_secret="wrong"), provider)
    provider.fails = True
    with pytest.raises(ProviderAway, match="500"):
        travelled(party_of(provider.issuer), provider)
