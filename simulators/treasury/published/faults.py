"""Faults that are put into an account before it is published, and figures only off by rounding."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from simulators.treasury.published.accounts import (
    ALL,
    BASIC,
    FUNCTIONS,
    FUND,
    IN,
    OUT,
    PROJECT,
    REST,
    THREE,
    TOTAL,
    Account,
    Key,
)

WRONG, UNPAID = "published-does-not-add-up", "published-against-payments"
_HARD = 0.1


@dataclass(frozen=True, slots=True)
class Fault:
    """A figure, and what is wrong with it."""

    key: Key
    note: str


Way = Callable[[Account, random.Random], Fault | None]
"""Puts something wrong, where an account has what it takes."""


def margin(account: Account) -> int:
    """More than all figures of its greatest table can be off by rounding, in hundredths."""
    return (len(account.leaves()) + 1) // 2 + 3


def _amount(account: Account, drawn: random.Random, most: int) -> int:
    """An error of somebody: at least as much as shows, at most so much."""
    least = margin(account)
    if drawn.random() < _HARD:
        return least + drawn.randint(0, 4)
    times: float = (max(most, least + 1) / least) ** drawn.random()
    return max(round(least * times), least)


def _left_out(account: Account, drawn: random.Random) -> Fault | None:
    """A sub-total without one of its lines."""
    groups = [
        (group, leaf)
        for group in account.codes(FUNCTIONS, 3)
        for leaf in account.leaves()
        if leaf.startswith(group)
        and margin(account) <= account.get(FUNCTIONS, leaf) < account.get(FUNCTIONS, group)
    ]
    if not groups:
        return None
    group, leaf = drawn.choice(groups)
    for column in (ALL, BASIC, PROJECT):
        account.add(FUNCTIONS, group, column, -account.get(FUNCTIONS, leaf, column))
    return Fault((FUNCTIONS, group, ALL), f"the sum of {group} leaves out {leaf}")


def _disagree(account: Account, drawn: random.Random) -> Fault | None:
    """Classes of the first table that are not those of the table by function."""
    classes = account.codes(OUT, 3)
    if len(classes) < 2 or account.get(FUND):
        return None
    less, more = drawn.sample(classes, 2)
    amount = _amount(account, drawn, account.get(OUT, less) // 4)
    if amount >= account.get(OUT, less):
        return None
    account.add(OUT, less, ALL, -amount)
    account.add(OUT, more, ALL, amount)
    note = f"{less} and {more} differ from the table by function by {amount / 100:.2f}"
    return Fault((OUT, less, ALL), note)


def _turned(account: Account, drawn: random.Random) -> Fault | None:
    """Two digits of a figure the wrong way round."""
    leaves = [(FUNCTIONS, leaf, ALL) for leaf in account.leaves()]
    key = drawn.choice([*leaves, (OUT, TOTAL, ALL), (FUNCTIONS, TOTAL, ALL), (THREE, TOTAL, ALL)])
    text = str(account.get(*key))
    ways = [text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(len(text) - 1)]
    shows = [
        int(way)
        for way in ways
        if way[0] != "0" and abs(int(way) - int(text)) >= margin(account) + len(text)
    ]
    if not shows:
        return None
    account.shown[key] = drawn.choice(shows)
    return Fault(key, f"{int(text) / 100:.2f} with two digits turned")


def _wrong_sum(account: Account, drawn: random.Random) -> Fault | None:
    """A sum of its own: of all expenditure, of all classes, of the three expenses."""
    key = drawn.choice([(OUT, TOTAL, ALL), (FUNCTIONS, TOTAL, ALL), (THREE, TOTAL, ALL)])
    if not account.get(*key):
        return None
    amount = drawn.choice((-1, 1)) * _amount(account, drawn, account.get(*key) // 20)
    if account.get(*key) + amount <= 0:
        return None
    account.add(*key, amount)
    return Fault(key, f"{amount / 100:+.2f} in a sum")


def _other_leaf(account: Account, drawn: random.Random) -> Fault | None:
    """A class published higher or lower than paid, in all tables, so that everything adds up."""
    leaf = drawn.choice(account.leaves())
    paid = account.get(FUNCTIONS, leaf)
    column = drawn.choice([one for one in (BASIC, PROJECT) if account.get(FUNCTIONS, leaf, one)])
    share = drawn.uniform(0.0005, 0.002) if drawn.random() < _HARD else drawn.uniform(0.002, 0.25)
    amount = max(round(paid * share), 5)
    sign = drawn.choice((-1, 1))
    if account.get(OUT, REST) <= amount:
        sign = -1
    if account.get(FUNCTIONS, leaf, column) + sign * amount <= 0:
        return None
    for code in (TOTAL, leaf[:3], leaf[:5], leaf):
        for each in (ALL, column):
            account.add(FUNCTIONS, code, each, sign * amount)
    account.add(OUT, leaf[:3], ALL, sign * amount)
    account.add(OUT, REST, ALL, -sign * amount)
    note = f"{leaf} is published {sign * amount / 100:+.2f} against what was paid"
    return Fault((FUNCTIONS, leaf, ALL), note)


def _other_three(account: Account, drawn: random.Random) -> Fault | None:
    """Less for reception or vehicles than was paid."""
    name = drawn.choice(("reception", "running"))
    amount = round(account.get(THREE, name) * drawn.uniform(0.03, 0.6))
    if amount < 5:
        return None
    names = [name, TOTAL, "vehicles"] if name == "running" else [name, TOTAL]
    for one in names:
        account.add(THREE, one, ALL, -amount)
    note = f"{name} is published {-amount / 100:.2f} against what was paid"
    return Fault((THREE, name, ALL), note)


_WRONG: tuple[Way, ...] = (_left_out, _disagree, _turned, _wrong_sum)
_UNPAID: tuple[Way, ...] = (_other_leaf, _other_three)


def put(account: Account, kind: str, drawn: random.Random) -> Fault | None:
    """Something wrong of a kind; None where an account has nothing that can be."""
    ways = _WRONG if kind == WRONG else _UNPAID
    for way in drawn.sample(ways, len(ways)):
        found = way(account, drawn)
        if found:
            return found
    return None


def _sums(account: Account) -> Iterable[tuple[Key, int, int]]:
    """A figure, and the sum of its parts as they are shown."""
    for part in (FUNCTIONS, FUND):
        leaves = account.leaves(part)
        for code in (TOTAL, *account.codes(part, 3), *account.codes(part, 5)):
            parts = [account.get(part, leaf) for leaf in leaves if leaf.startswith(code)]
            yield (part, code, ALL), account.get(part, code), sum(parts)
        for leaf in leaves:
            both = account.get(part, leaf, BASIC) + account.get(part, leaf, PROJECT)
            yield (part, leaf, ALL), account.get(part, leaf), both
    out = sum(account.get(OUT, code) for code in account.codes(OUT, 3)) + account.get(OUT, REST)
    yield (OUT, TOTAL, ALL), account.get(OUT), out
    ins = [name for part, name, _ in account.shown if part == IN and name]
    yield (IN, TOTAL, ALL), account.get(IN), sum(account.get(IN, name) for name in ins)
    three = sum(account.get(THREE, name) for name in ("abroad", "cars", "running", "reception"))
    yield (THREE, TOTAL, ALL), account.get(THREE), three


def off_by_rounding(account: Account) -> list[Key]:
    """Figures of a right account that differ from the sum of their parts."""
    return [key for key, shown, parts in _sums(account) if shown != parts]
