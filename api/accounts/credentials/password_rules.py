"""Rules for a password that somebody chooses: long enough, and not among those tried first.

After OWASP ASVS 5.0, 6.2. Nothing asks for kinds of characters: people then write ``P@ssw0rd1``.
"""

from __future__ import annotations

import math
import re
import threading
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from zxcvbn import zxcvbn
from zxcvbn.matching import L33T_TABLE

LEAST, MOST = 10, 128
"""Code points. ASVS asks for 8 at least, and that 64 pass (6.2.1, 6.2.9). With 10, digits drawn by
chance pass too; 15, which it recommends, people on phones would write down.
"""
LEAST_GUESSES = 10**8
"""A guesser's tries by zxcvbn's estimate, its score 3; a username has a hundred an hour."""
GUESSED_HERE = (
    "清源", "qingyuan", "人大", "renda", "代表", "daibiao", "人民代表", "renmin", "委员",
    "weiyuan", "常委会", "changweihui", "监督", "jiandu", "生态环境", "shengtai", "环保",
    "huanbao", "huanjing", "数字", "shuzi", "平台", "pingtai", "系统", "xitong", "中国",
    "zhongguo", "北京", "beijing", "密码", "mima", "我爱你", "woaini", "我爱", "woai", "520",
    "1314", "5201314", "888", "666", "admin", "guanliyuan", "huanying", "nihao",
)  # fmt: skip
"""Words of this work, and of any Chinese guesser: zxcvbn knows English ones (ASVS 6.2.11)."""
SHOWN, MOST_WAYS = 24, 8
"""Code points that zxcvbn is shown, and ways to read signs in them as letters. It tries every way,
at a cost with the square of the length: without both 60 signs take it seconds.
"""
_SIGNS = str.maketrans({sign: chr(ord(sign) + 0xFEE0) for sign in "!$%(+<@[{|"})
_WORD = re.compile(r"[^\W\d_]{2,}")
_estimating = threading.Lock()


class Unfit(StrEnum):
    """Why a password is not taken."""

    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    KNOWN = "known"
    """A guesser would try it early."""
    PERSONAL = "personal"
    """So would one who knows the person or the site."""

    @property
    def words(self) -> str:
        """Key of its sentence, which takes ``least`` and ``most``."""
        return f"password.{self}"


def one_form(password: str) -> str:
    """The form in which a password is hashed: NFC.

    Keyboards write the same character in two ways. NFC joins those that Unicode holds to be the
    same (RFC 8265, 4.2.2). NFKC, which NIST SP 800-63B-4 would have, makes others of those that
    were typed, and ASVS 6.2.8 takes a password as it is.
    """
    return unicodedata.normalize("NFC", password)


def check(password: str, *, context: Iterable[str] = ()) -> Unfit | None:
    """The reason not to take a password; ``context`` is what one may know of the person and the
    site, such as the username and names.
    """
    length = len(one_form(password))
    if length < LEAST:
        return Unfit.TOO_SHORT
    if length > MOST:
        return Unfit.TOO_LONG
    personal = [word for text in context for word in _WORD.findall(_plain(text))]
    # zxcvbn keeps the words that it is given in a global of its own.
    with _estimating:
        found = zxcvbn(_shown(password), user_inputs=[*personal, *GUESSED_HERE])
    if found["guesses"] >= LEAST_GUESSES:
        return None
    matched = {match.get("matched_word") for match in found["sequence"]}
    return Unfit.PERSONAL if matched & set(personal) else Unfit.KNOWN


def _plain(text: str) -> str:
    """Whoever writes ``ｐａｓｓｗｏｒｄ`` in full width is guessed as soon."""
    return unicodedata.normalize("NFKC", text).casefold()


def _shown(password: str) -> str:
    """The beginning: the whole is as hard to guess at least. Its case is kept, which counts."""
    text = unicodedata.normalize("NFKC", password)[:SHOWN]
    ways = math.prod(sum(sign in text for sign in signs) or 1 for signs in L33T_TABLE.values())
    return text.translate(_SIGNS) if ways > MOST_WAYS else text
