"""Codes of an authenticator, recovery codes, and the secret as it is kept."""

from __future__ import annotations

import base64
import re
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree as ET

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.accounts.credentials.second_factor import (
    RECOVERY_CODES,
    STEP_MS,
    CannotUnseal,
    fresh_recovery_codes,
    fresh_secret,
    picture,
    provisioning,
    recovery_hash,
    seal,
    step_of,
    unseal,
)

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
RFC_CODES = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
"""RFC 6238, appendix B, SHA-1: second -> eight digits, of which ours are the last six."""
NOW_MS = 1_795_492_815_000
NEVER = 0
KEY, OTHER_KEY = b"k" * 32, b"o" * 32
instants = st.integers(0, 4_000_000_000_000)


def code_at(at_ms: int, secret: str = RFC_SECRET) -> str:
    """What an authenticator shows."""
    return pyotp.TOTP(secret).generate_otp(at_ms // STEP_MS)


@pytest.mark.parametrize(("at_s", "code"), RFC_CODES.items())
def test_the_codes_are_those_of_the_standard(at_s: int, code: str) -> None:
    """RFC 6238, appendix B."""
    assert step_of(RFC_SECRET, code[-6:], at_s * 1000, NEVER) == at_s // 30


@given(instants, st.integers(-90_000, 90_000))
def test_a_clock_may_be_one_step_off_and_no_more(now_ms: int, off_ms: int) -> None:
    """A code of the step before, now or after fits; by chance another one does once in 333,333."""
    shown_ms = max(now_ms + off_ms, 0)
    steps = shown_ms // STEP_MS - now_ms // STEP_MS
    near = {now_ms // STEP_MS + n: code_at(max(now_ms + n * STEP_MS, 0)) for n in (-1, 0, 1)}
    code = code_at(shown_ms)
    step = step_of(RFC_SECRET, code, now_ms, -1)
    assert (step is not None) == (abs(steps) <= 1 or code in near.values())
    if step is not None and step >= 0:
        assert near[step] == code


@given(instants, st.integers(-1, 1), st.integers(0, 3))
def test_a_code_is_good_once(now_ms: int, off: int, later: int) -> None:
    """Neither it nor one of an earlier step passes again, however often it is tried."""
    step = step_of(RFC_SECRET, code_at(max(now_ms + off * STEP_MS, 0)), now_ms, -1)
    assert step is not None
    for old in range(max(step - 2, 0), step + 1):
        again = step_of(RFC_SECRET, code_at(old * STEP_MS), now_ms + later * STEP_MS, step)
        assert again is None or again > step


@pytest.mark.parametrize(
    "typed",
    ["{0}{1}", "{0} {1}", " {0}-{1}\n", "{0}\u3000{1}"],
    ids=["plain", "blank", "hyphen", "wide"],
)
def test_a_code_may_be_typed_in_groups_and_in_full_width(typed: str) -> None:
    """As an authenticator shows it, and as a Chinese keyboard types it."""
    code = code_at(NOW_MS)
    wide = str.maketrans({str(n): chr(0xFF10 + n) for n in range(10)})
    given_code = typed.format(code[:3], code[3:])
    assert step_of(RFC_SECRET, given_code, NOW_MS, NEVER) == NOW_MS // STEP_MS
    assert step_of(RFC_SECRET, given_code.translate(wide), NOW_MS, NEVER) == NOW_MS // STEP_MS


@given(st.text(max_size=40))
def test_nothing_else_is_a_code(text: str) -> None:
    """Also what is no number."""
    right = {code_at(NOW_MS + n * STEP_MS) for n in (-1, 0, 1)}
    if not re.search("|".join(right), re.sub(r"\D", "", text)):
        assert step_of(RFC_SECRET, text, NOW_MS, NEVER) is None


def test_every_secret_is_new_and_has_160_bits() -> None:
    """As RFC 4226, 4 recommends."""
    secrets = {fresh_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert {len(base64.b32decode(secret)) for secret in secrets} == {20}


def test_an_authenticator_takes_the_secret_over_from_its_address() -> None:
    """With the site's name and the person's, also Chinese ones."""
    uri = provisioning(RFC_SECRET, "wangxm", "通州区: 数字监督")
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/通州区: 数字监督:wangxm"
    assert parse_qs(parts.query) == {"secret": [RFC_SECRET], "issuer": ["通州区: 数字监督"]}
    taken = pyotp.parse_uri(uri)
    assert isinstance(taken, pyotp.TOTP)
    assert taken.generate_otp(NOW_MS // STEP_MS) == code_at(NOW_MS)


def test_the_picture_can_stand_in_a_page() -> None:
    """It has a title for those who do not see it, and neither style nor script that the content
    security policy would refuse.
    """
    drawn = ET.fromstring(picture(provisioning(RFC_SECRET, "wangxm", "清源"), "扫<码>"))
    assert drawn.findtext("title") == "扫<码>"
    assert {part.tag for part in drawn.iter()} == {"svg", "title", "path"}
    assert {key for part in drawn.iter() for key in part.attrib} <= {
        *("viewBox", "class", "fill", "stroke", "d", "transform"),
    }


def test_ten_recovery_codes_of_120_bits_without_letters_that_look_alike() -> None:
    """Six groups of four; no two are the same."""
    codes = fresh_recovery_codes()
    assert len(set(codes)) == RECOVERY_CODES
    for code in codes:
        assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}", code)


@given(st.sampled_from(["lower", "upper", "title"]), st.sampled_from([" ", "", "-", " - ", "\n"]))
def test_a_recovery_code_is_known_however_it_is_typed(case: str, between: str) -> None:
    """From paper, by hand: O for 0, I or l for 1, any case, any separators."""
    code = fresh_recovery_codes()[0]
    typed = getattr(code.replace("0", "O").replace("1", "l"), case)().replace("-", between)
    assert recovery_hash(typed) == recovery_hash(code)
    assert recovery_hash(code[:-1]) != recovery_hash(code)


@given(st.text(), st.text())
def test_a_sealed_secret_opens_for_its_person(username: str, secret: str) -> None:
    """And shows nothing of it."""
    sealed = seal(KEY, username, secret)
    assert unseal(KEY, username, sealed) == secret
    assert seal(KEY, username, secret) != sealed
    assert sealed.isascii()


@pytest.mark.parametrize(
    ("key", "username", "change"),
    [
        (OTHER_KEY, "wangxm", ""),
        (KEY, "lishu", ""),
        (KEY, "wangxm", "cut"),
        (KEY, "wangxm", "swapped"),
        (KEY, "wangxm", "empty"),
    ],
)
def test_a_sealed_secret_opens_for_nobody_else(key: bytes, username: str, change: str) -> None:
    """Not with another key, not in another person's row, not changed; the error says the remedy."""
    sealed = seal(KEY, "wangxm", RFC_SECRET)
    changed = {
        "": sealed,
        "cut": sealed[:-8],
        "swapped": sealed[8:] + sealed[:8],
        "empty": "",
    }[change]
    with pytest.raises(CannotUnseal, match=f"{username}: .*site.key"):
        unseal(key, username, changed)
