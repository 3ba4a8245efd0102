"""How entries are found once segments were made of them: exactly as before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from api import tables as account_tables
from api.ports import Reference
from api.search import postings
from api.search.blocks import DENSE, ENTRIES, LONGEST_GRAM, asked, block_of, blocks, having
from api.search.folding import fold
from api.search.index import SearchIndex
from api.search.postings import GONE, MADE, READY
from api.search.tables import BLOCK, MIGRATIONS, SEGMENT
from config.settings import Settings
from ingest.state.database import State, open_state
from tests.api.conftest import BOTH
from tests.api.test_search_words import TABLE, entry, found
from tests.conftest import Postgres, examples

WORDS = ("河", "河道", "河道整", "河道整治", "治河 道")
AT_ONCE = 10**9
"""Instead of ``DUE``: a segment is made of whatever has come."""

ON_SQLITE = pytest.mark.parametrize("state", ["sqlite"], indirect=True)
"""Where no SQL differs."""


@pytest.fixture(params=BOTH)
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    """Without an entry."""
    url = ""
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.database()
    found = open_state(Settings(data_dir=tmp_path, state_url=url))
    found.migrate([account_tables.MIGRATIONS, MIGRATIONS])
    yield found
    found.close()


def states(state: State) -> list[str]:
    """Of all segments, the oldest first."""
    with state.read() as connection:
        return list(connection.scalars(sa.select(SEGMENT.c.state).order_by(SEGMENT.c.id)))


def count_of_blocks(state: State) -> int:
    """Of all segments."""
    with state.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(BLOCK)) or 0


def test_given_a_segment_then_the_table_of_words_holds_as_before(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of entries that are all in one, and of such as are not."""
    monkeypatch.setattr(postings, "DUE", AT_ONCE)
    index, half = SearchIndex(state), len(TABLE) // 2
    things = [entry(str(at), text) for at, (text, _, _) in enumerate(TABLE)]
    index.put_all(things[:half])
    assert index.complete() == half
    index.put_all(things[half:])
    wrong = [
        (text, question, expected)
        for at, (text, question, expected) in enumerate(TABLE)
        if (str(at) in found(index, question)) is not expected
    ]
    assert wrong == []


@ON_SQLITE
def test_given_few_entries_then_no_segment_is_made_of_them(state: State) -> None:
    """A quarter of a full one, of entries or of characters, is enough; two that fit into one are
    made one.
    """
    index = SearchIndex(state)
    index.put_all(entry(str(at), "河道") for at in range(3))
    assert index.complete() == 0
    index.put_all(entry(f"long {at}", "河道" * 24_990) for at in range(11))
    assert index.complete() == 14
    index.put_all(entry(f"short {at}", "湖") for at in range(ENTRIES // postings.DUE))
    assert index.complete() == ENTRIES // postings.DUE
    assert states(state) == [READY]
    assert len(found(index, "河道")) == 14


@ON_SQLITE
def test_given_a_process_that_ended_while_it_made_a_segment_then_the_next_one_makes_it_anew(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then entries are found by their texts; nothing of the first attempt stays."""
    monkeypatch.setattr(postings, "DUE", AT_ONCE)
    index = SearchIndex(state)
    index.put_all([entry("a", "河道整治"), entry("b", "湖泊")])
    with monkeypatch.context() as patch:
        patch.setattr(postings, "_portions", _breaks)
        with pytest.raises(MemoryError):
            index.complete()
    assert states(state) == [MADE]
    assert found(index, "河道") == {"a"}
    assert index.complete() == 2
    assert states(state) == [READY]
    assert found(index, "河道") == {"a"}


def _breaks(_found: object) -> Iterator[object]:
    raise MemoryError
    yield


@ON_SQLITE
def test_given_two_who_make_the_same_segment_then_the_one_that_began_later_makes_it(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one writes nothing more, also where it was in the middle of it."""
    monkeypatch.setattr(postings, "DUE", AT_ONCE)
    index, portions = SearchIndex(state), postings._portions
    index.put_all([entry("a", "河道整治")])
    made: list[int] = []

    def overtaken(of: Iterator[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
        monkeypatch.setattr(postings, "_portions", portions)
        made.append(SearchIndex(state).complete())
        yield from portions(of)

    monkeypatch.setattr(postings, "_portions", overtaken)
    assert (index.complete(), made) == (0, [1])
    before = count_of_blocks(state)
    assert states(state) == [READY]
    assert index.complete() == 0
    assert count_of_blocks(state) == before
    assert found(index, "河道") == {"a"}


def test_given_entries_that_went_then_their_segments_become_one_and_nothing_of_them_stays(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the same things are put again and again."""
    monkeypatch.setattr(postings, "DUE", AT_ONCE)
    index = SearchIndex(state)
    for number in range(3):
        index.put_all([entry("a", f"河道第{number}号"), entry(f"b{number}", "湖泊")])
        index.complete()
    assert states(state) == [READY]
    assert found(index, "河道第2号") == {"a"}
    assert found(index, "河道第0号") == set()
    assert found(index, "湖泊") == {"b0", "b1", "b2"}
    index.empty("toy")
    index.put_all([entry("c", "湖")])
    index.complete()
    assert GONE not in states(state)
    with state.read() as connection:
        numbers = set(connection.scalars(sa.select(SEGMENT.c.id)))
        kept = set(connection.scalars(sa.select(BLOCK.c.id)))
    assert {of // ENTRIES for of in kept} <= numbers
    assert found(index, "湖") == {"c"}


@settings(max_examples=examples(60), deadline=None)
@given(
    texts=st.lists(st.text("河道整治ab\n", max_size=20), min_size=1, max_size=20),
    often=st.sampled_from([1, DENSE]),
    word=st.text("河道整治ab", min_size=1, max_size=12),
)
def test_blocks_propose_every_text_that_has_a_word(
    texts: list[str], often: int, word: str
) -> None:
    """By one bit for each text where many have a gram, by its number where few have."""
    many = [fold(text) for text in texts * often][:ENTRIES]
    for titled in (False, True):
        made = dict(blocks(many, many))
        grams = asked([word], titled=titled)
        proposed = np.logical_and.reduce(
            [having(made.get(block_of(gram), bytes(4)), gram) for gram in grams]
        )
        has = {at for at, text in enumerate(many) if word in text}
        assert has <= set(np.flatnonzero(proposed).tolist())
        if len(word) <= LONGEST_GRAM:  # of so few grams no two have one hash
            assert has == set(np.flatnonzero(proposed).tolist())


class Index(RuleBasedStateMachine):
    """Things come, change and go, and segments are made in between: what is found is what a list
    of the texts has.
    """

    index: ClassVar[SearchIndex]

    def __init__(self) -> None:
        super().__init__()
        self.index.empty("toy")
        self.texts: dict[str, str] = {}

    @rule(name=st.sampled_from("abcdef"), text=st.text("河道整治，", max_size=10))
    def put(self, name: str, text: str) -> None:
        """A thing comes, or has another text."""
        with self.index.state.begin() as connection:
            self.index.put(connection, entry(name, text))
        self.texts[name] = fold(text)

    @rule(name=st.sampled_from("abcdef"))
    def remove(self, name: str) -> None:
        """A thing goes, where it is there."""
        with self.index.state.begin() as connection:
            self.index.remove(connection, Reference("toy", "note", name))
        self.texts.pop(name, None)

    @rule()
    def complete(self) -> None:
        """The job."""
        self.index.complete()

    @invariant()
    def finds_what_is_there(self) -> None:
        """By words of every length."""
        for words in WORDS:
            has = {
                name
                for name, text in self.texts.items()
                if all(word in text for word in words.split())
            }
            assert found(self.index, words) == has


@ON_SQLITE
def test_given_any_changes_then_what_is_found_is_what_is_there(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is in segments, and however they are merged."""
    monkeypatch.setattr(postings, "DUE", AT_ONCE)
    monkeypatch.setattr(postings, "CHARACTERS", 30)
    Index.index = SearchIndex(state)
    run = Index.TestCase
    run.settings = settings(max_examples=examples(10), stateful_step_count=15, deadline=None)
    run().runTest()
