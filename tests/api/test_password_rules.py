"""Which passwords are taken: long ones that nobody tries first, of any characters."""

from __future__ import annotations

import string
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zxcvbn import matching
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from api.accounts.credentials.password_rules import (
    LEAST,
    MOST,
    SHOWN,
    Unfit,
    _shown,
    check,
    one_form,
)
from config.catalogue.words import LANGUAGES, Words

PERSON = ("wangxm", "王小明", "通州区数字监督中心 Tongzhou")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "四只青蛙在屋顶上唱京剧",
        "mhq7 vdk2 zr",
        "        x7Kq-   ü  ",
        "🦊🦉🐢 跳过了三座石桥",
        "7302946158",
        "\t}{`'\"\\;--<b>%00",
    ],
)
def test_any_characters_are_taken(password: str) -> None:
    """Blanks, Chinese, pictures, digits alone: no rule asks for kinds of characters (ASVS 6.2.5)."""
    assert check(password, context=PERSON) is None


def test_the_length_counts_characters_and_nothing_is_cut_off() -> None:
    """Ten at least and 128 at most (6.2.1, 6.2.9); two forms of one character have one length."""
    long = "".join(f"{n}-{string.ascii_letters[n % 52]}" for n in range(MOST))
    assert check("mhq7vdk2z") is Unfit.TOO_SHORT
    assert check("mhq7vdk2zr") is None
    assert check(long[:MOST]) is None
    assert check(long[: MOST + 1]) is Unfit.TOO_LONG
    assert check(unicodedata.normalize("NFD", "é" * (LEAST - 1))) is Unfit.TOO_SHORT


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "qwertyuiop",
        "1qaz2wsx3edc",
        "password123",
        "P@ssw0rd!2026",
        "drowssap2026",
        "ｐａｓｓｗｏｒｄ１２３",
        "woaini1314",
        "woaiqingyuan",
        "renda20261130",
        "aaaaaaaaaaaaaaaa",
        "passwordpassword" * 8,
        "1234567890!@#$%",
        " " * 20,
    ],
)
def test_a_password_that_guessers_try_first_is_refused(password: str) -> None:
    """Lists, keys side by side, dates, repetition, disguises, words of this work (6.2.4, 6.2.11)."""
    assert check(password, context=PERSON) is Unfit.KNOWN


def test_every_long_one_of_the_list_of_common_passwords_is_refused() -> None:
    """The list has a thousand that meet the rule of length, out of 30,000 from breaches (6.2.12)."""
    common = [password for password in FREQUENCY_LISTS["passwords"] if len(password) >= LEAST]
    assert len(common) > 1000
    assert {check(password) for password in common} == {Unfit.KNOWN}


@pytest.mark.parametrize(
    "password",
    [
        "wangxm2026",
        "Wangxm8899",
        "mxgnaw20261130",
        "王小明20261130",
        "tongzhou@2026",
        "T0ngzh0u2026",
    ],
)
def test_a_password_of_what_one_knows_of_the_person_is_refused(password: str) -> None:
    """Username, name and site, also turned round and disguised."""
    assert check(password, context=PERSON) is Unfit.PERSONAL


def test_another_person_may_have_it() -> None:
    """What is known of one tells a guesser nothing of another."""
    assert check("kqvtzx 471", context=["kqvtzx"]) is Unfit.PERSONAL
    assert check("kqvtzx 471", context=PERSON) is None


def test_the_words_of_two_people_at_once_never_mix() -> None:
    """The library keeps them in a global."""
    own = [(f"{name} 471", [name]) for name in ("kqvtzx", "vbpfgz", "zrqwhd", "hjxkvm")]
    asked = [(password, context) for password, _ in own for _, context in own] * 3
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda one: check(one[0], context=one[1]), asked))
    for (password, context), unfit in zip(asked, found, strict=True):
        assert unfit is (Unfit.PERSONAL if context[0] in password else None), password


@given(st.text(string.digits + "@({[<!|$+%abe", min_size=LEAST, max_size=MOST))
def test_no_password_costs_much_to_look_at(password: str) -> None:
    """The library's cost grows with the length and with the ways to read signs as letters."""
    shown = _shown(password)
    signs = matching.relevant_l33t_subtable(shown, matching.L33T_TABLE)
    assert len(shown) <= SHOWN
    assert len(matching.enumerate_l33t_subs(signs)) <= 16


@given(st.text(max_size=2 * MOST))
def test_every_text_is_judged(password: str) -> None:
    """And one that is taken holds the rule of length."""
    unfit = check(password, context=PERSON)
    assert unfit or LEAST <= len(one_form(password)) <= MOST


def test_the_same_characters_are_one_password() -> None:
    """Composed or not, as a keyboard writes them; full and half width stay two (6.2.8)."""
    assert one_form("cafe\u0301 au lait") == one_form("caf\u00e9 au lait")
    assert one_form("ＡＢＣ") == "ＡＢＣ"
    assert one_form(" Ab \u00a0") == " Ab \u00a0"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unfit", Unfit)
def test_each_reason_says_what_to_do(language: str, unfit: Unfit) -> None:
    """A sentence with its figures."""
    said = Words.load(language)(unfit.words, least=LEAST, most=MOST)  # type: ignore[arg-type]
    assert len(said) > 15
    assert "{" not in said
