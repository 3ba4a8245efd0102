"""Who is paid: one number for all ways in which a payee is written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from budget.detection.books import MISSING, Texts

_SIGNS = re.compile(r"[\s\-—·•.,，。、'’\"“”&/\\*#:：;；_()\[\]{}<>《》【】]+")
_SUFFIXES = re.compile(
    r"(?:(?:股份|集团)?有限(?:责任)?|股份)?公司$|(?:特殊)?普通合伙$|有限合伙$|个体工商户$|个体户$"
)
_ENGLISH = re.compile(r"\b(?:limited|ltd|ld|plc|llp|llc|inc|company|co|corp|corporation|the)\b\.?")
_TITLES = re.compile(r"^(?:mr|mrs|ms|miss|dr)\b\.?\s+")
_PERSON = re.compile(r"[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff·]{1,12}")
_OF_AN_ACCOUNT = re.compile(
    r"(?:预算单位)?(?:零余额|实有资金|基本(?:存款)?|一般(?:存款)?|往来|结算|自有资金|其他资金|备用金|专用存款)"
    r"(?:账户|帐户|户|资金)?(?:资金)?$|(?:账户|帐户|专户)$"
)
"""Words behind a unit's name that tell its accounts apart."""
_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]$")
_LEAST_OF_A_NAME = 5
_MOST_NAMES = 3
"""Of one account; beyond it the account is an agent's, that pays many."""


def payees(name: Texts, account: Texts) -> NDArray[np.int32]:
    """A number for each row, :data:`MISSING` without a name. One payee are names that differ in
    width, case, signs or the form of the company, and those with one account; persons of one name
    are told apart by their accounts. The number does not depend on the order of rows.
    """
    plain = [identity(text) for text in name.values]
    known = sorted(set(plain))
    codes = _through(_numbered(plain), name.codes)
    if not account.known:
        return codes
    accounts = [re.sub(r"\W", "", text) for text in account.values]
    number = _through(_numbered(accounts), account.codes)
    person = np.array([bool(_PERSON.fullmatch(text)) for text in known], np.bool_)
    both = np.flatnonzero((codes != MISSING) & (number != MISSING))
    pairs = np.unique(np.stack((codes[both], number[both])), axis=1)
    into = _one_each(pairs, person, len(known))
    found = np.where(codes == MISSING, MISSING, into[codes])
    apart = both[person[codes[both]]]
    found[apart] = len(known) + number[apart]
    return found.astype(np.int32)


@lru_cache(1 << 17)
def identity(text: str) -> str:
    """A name without what is written now so and now otherwise."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    if plain.isascii():
        plain = _ENGLISH.sub(" ", _TITLES.sub("", plain))
    bare = _SIGNS.sub("", plain)
    return _SUFFIXES.sub("", bare) or bare or text


def holder(name: str) -> str:
    """The identity of the unit that an account is of, without what tells its accounts apart."""
    whole = _OF_AN_ACCOUNT.sub("", _IN_BRACKETS.sub("", name.strip()))
    return identity(whole or name) if name else ""


def of_units(name: Texts, units: Texts, names: Mapping[str, str]) -> NDArray[np.bool_]:
    """Rows whose payee is a unit of the books. ``names`` are of units by their codes."""
    known = {holder(names.get(text, text)) for text in units.values}
    hits = [holder(text) in known for text in name.values]
    return np.array([*hits, False], np.bool_)[name.codes]


def within_units(name: Texts, units: Texts, names: Mapping[str, str]) -> NDArray[np.bool_]:
    """Rows whose payee bears a unit's name within its own, as canteen and union do, or whose name
    is a unit's without those of province and city.
    """
    known = {holder(names.get(text, text)) for text in units.values} - {""}
    long = re.compile("|".join(map(re.escape, sorted(known))))
    ends = {text[n:] for text in known for n in range(len(text) - _LEAST_OF_A_NAME + 1)}
    plain = [(len(text) >= _LEAST_OF_A_NAME, text) for text in map(holder, name.values)]
    hits = [whole and (text in ends or bool(long.search(text))) for whole, text in plain]
    return np.array([*hits, False], np.bool_)[name.codes]


def _one_each(
    pairs: NDArray[np.int32], person: NDArray[np.bool_], names: int
) -> NDArray[np.int32]:
    """For each name the first of those with which it shares an account."""
    into = np.arange(names, dtype=np.int32)
    firms = pairs[:, ~person[pairs[0]]]
    owners = np.bincount(firms[1]) if firms.size else np.zeros(0, int)
    shared = firms[:, (owners[firms[1]] > 1) & (owners[firms[1]] <= _MOST_NAMES)]
    order = np.lexsort((shared[0], shared[1]))
    a, b = shared[0][order], shared[1][order]
    for before, after, joined in zip(a[:-1], a[1:], b[:-1] == b[1:], strict=True):
        if joined:
            low, high = sorted((_root(into, before), _root(into, after)))
            into[high] = low
    return np.array([_root(into, one) for one in range(names)], np.int32)


def _root(into: NDArray[np.int32], one: int) -> int:
    while into[one] != one:
        one = int(into[one])
    return one


def _numbered(texts: Sequence[str]) -> NDArray[np.int32]:
    """For each text its place among all of them in the order of signs."""
    number = {text: place for place, text in enumerate(sorted(set(texts)))}
    return np.array([number[text] if text else MISSING for text in texts], np.int32)


def _through(own: NDArray[np.int32], codes: NDArray[np.int32]) -> NDArray[np.int32]:
    """The numbers of texts at each row."""
    return np.append(own, MISSING).astype(np.int32)[codes]
