"""The query side of the search, word by word: which text has which words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import tables as account_tables
from api.accounts.records import Account, Reach
from api.ports import Reference
from api.search.folding import fold, folded, words_of
from api.search.index import Asked, Entry, SearchIndex
from api.search.snippets import BEFORE, LENGTH, marked, snippet
from api.search.tables import MIGRATIONS
from config.settings import Settings
from ingest.state.database import open_state
from tests.api.conftest import BOTH
from tests.api.toy.permission import ToyPermission
from tests.conftest import Postgres, examples

READER = Account("somebody", "某人", reaches=(Reach(frozenset({ToyPermission.READ})),))
ORDER = "关于印发《通州区河道管理办法》的通知，通政办发〔2024〕7号，自2024年3月1日起施行。"
TABLE: tuple[tuple[str, str, bool], ...] = (
    # words of two characters, at every place of a text
    ("河道整治", "河道", True),
    ("河道整治", "整治", True),
    ("河道整治", "道整", True),
    ("河道整治", "治河", False),
    ("河道整治", "河整", False),
    ("对其处以罚款五万元", "罚款", True),
    ("对其处以罚金五万元", "罚款", False),
    ("环保罚没款项", "罚款", False),
    # of one, of three, of many
    ("河道整治", "河", True),
    ("河道整治", "治", True),
    ("河道整治", "湖", False),
    ("规范性文件备案审查", "备案审", True),
    ("规范性文件备案审查", "规范性文件备案审查", True),
    ("规范性文件备案审查", "规范文件", False),
    ("备案后审查", "备案审查", False),
    # pairs of a word that stand apart are no word
    ("河道道整整治", "河道整治", False),
    ("甲乙丙，乙丙丁", "甲乙丙丁", False),
    # numbers of papers, however their brackets are written
    (ORDER, "通政办发〔2024〕7号", True),
    (ORDER, "通政办发[2024]7号", True),
    (ORDER, "通政办发（2024）7号", True),
    (ORDER, "通政办发【2024】7号", True),
    (ORDER, "通政办发2024", False),
    (ORDER, "〔2024〕7号", True),
    (ORDER, "〔2024〕17号", False),
    # numbers and dates
    (ORDER, "2024年3月1日", True),
    (ORDER, "２０２４年３月", True),
    ("预算 1,234.50 万元", "1,234.50", True),
    ("预算 1,234.50 万元", "1234.50", False),
    ("2024 年 3 月", "2024年3月", True),
    ("2024年3月", '"2024 年 3 月"', True),
    ("共 12 项", "12", True),
    ("共 123 项", "12", True),
    # Latin: case, width, accents, parts of words
    ("GB 3838-2002", "gb 3838", True),
    ("ＧＢ　３８３８－２００２", "GB 3838-2002", True),
    ("pH 值", "PH", True),
    ("Café", "cafe", True),
    ("COD 超标", "cod超", True),
    ("groundwater", "water", True),
    ("ground water", "groundwater", False),
    # several words: all of them, in any order
    ("河道整治与污水处理", "污水 河道", True),
    ("河道整治与污水处理", "污水、河道", True),
    ("河道整治与污水处理", "污水，河道；整治", True),
    ("河道整治与污水处理", "污水 湖泊", False),
    ("河道整治与污水处理", '"河道 污水"', False),
    ("water quality", '"water quality"', True),
    ("quality of water", '"water quality"', False),
    ("quality of water", "water quality", True),
    ("water quality", "“water quality”", True),
    # the operators of engines are letters like others
    ("河道整治", "河道 NOT 整治", False),
    ("河道 NOT 整治", "河道 NOT 整治", True),
    ("河道整治", "河道 OR 湖泊", False),
    ("河道整治", "河*", False),
    ("河*道", "河*", True),
    ("河道整治", '"', False),
    ("a AND b", 'a AND b"', True),
    ("100% 达标", "100%", True),
    ("1000 达标", "100%", False),
    ("a_b", "a_b", True),
    ("axb", "a_b", False),
    ("it's", "it's", True),
    ("c:\\data", "c:\\data", True),
    # rare characters, and such as no keyboard has
    ("𠮷野家", "𠮷野", True),
    ("𠮷野家", "吉野", False),
    ("水质\u200b监测", "水质监测", True),
    ("臺灣", "台湾", False),
)


@pytest.fixture(params=BOTH)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    """An empty one."""
    url = ""
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.database()
    with closing(open_state(Settings(data_dir=tmp_path, state_url=url))) as state:
        state.migrate([account_tables.MIGRATIONS, MIGRATIONS])
        yield SearchIndex(state)


def entry(name: str, *paragraphs: str, title: str = "便条", at_ms: int = 1) -> Entry:
    """A thing that the reader sees."""
    return Entry(
        subject=Reference("toy", "note", name),
        permission=ToyPermission.READ,
        words="toy.title",
        title=title,
        path=f"/toy/{name}",
        paragraphs=paragraphs,
        public=True,
        at_ms=at_ms,
    )


def found(index: SearchIndex, text: str) -> set[str]:
    """The ids of all that the reader finds."""
    answer = index.found(READER, Asked(text), most=1000)
    assert answer.total == len(answer.hits)
    return {hit.subject.id for hit in answer.hits}


def test_given_a_text_and_a_question_then_it_is_found_or_not(index: SearchIndex) -> None:
    """Each row of the table, all texts being there."""
    index.put_all(entry(str(at), text) for at, (text, _, _) in enumerate(TABLE))
    wrong = [
        (text, asked, expected)
        for at, (text, asked, expected) in enumerate(TABLE)
        if (str(at) in found(index, asked)) is not expected
    ]
    assert wrong == []


texts = st.lists(
    st.text(st.sampled_from("河道整治罚款 aB1-（，。2〔\n\"'*é"), max_size=12), max_size=3
)


@settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(written=st.lists(texts, min_size=1, max_size=5), data=st.data())
def test_given_any_texts_then_a_part_of_one_finds_those_that_have_it_and_no_other(
    index: SearchIndex, written: list[list[str]], data: st.DataObject
) -> None:
    """As Python's own ``in`` says of paragraphs in the form in which they are compared."""
    index.empty("toy")
    things = {str(at): entry(str(at), *of, title="") for at, of in enumerate(written)}
    index.put_all(things.values())
    compared = {
        name: [fold(" ".join(of.split())) for of in thing.paragraphs]
        for name, thing in things.items()
    }
    lines = [line for of in compared.values() for line in of if len(line) > 1]
    if not lines:
        return
    line = data.draw(st.sampled_from(lines))
    begin = data.draw(st.integers(0, len(line) - 2))
    part = line[begin : data.draw(st.integers(begin + 2, len(line)))].replace('"', " ")
    (word,) = words_of(f'"{part}"') or ("",)
    expected = {name for name, of in compared.items() if word and any(word in x for x in of)}
    assert found(index, f'"{part}"') == expected


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(asked=st.text(max_size=30), written=st.text(max_size=30))
def test_given_any_text_at_all_then_it_is_put_and_asked_for_without_an_error(
    index: SearchIndex, asked: str, written: str
) -> None:
    """Nothing that people write is an operator; a text that is asked for as a whole is found."""
    with index.state.begin() as connection:
        index.put(connection, entry("a", written, title=written))
    index.found(READER, Asked(asked))
    if words_of(written):
        assert "a" in found(index, written)


@given(text=st.text(max_size=40))
def test_a_folded_text_is_folded_already_and_knows_its_origins(text: str) -> None:
    """A question made out of it finds it again."""
    once = folded(text)
    assert fold(text) == fold(once.text) == once.text
    assert len(once.origins) == len(once.text)
    assert list(once.origins) == sorted(once.origins)
    assert all(0 <= at < len(text) for at in once.origins)


@given(text=st.text(st.sampled_from("河道整治 a（é\u200b"), max_size=300), word=st.text("河道a(e"))
def test_pieces_are_the_text_and_what_is_marked_is_the_word(text: str, word: str) -> None:
    """A part of it where it is long; nothing of it is left out, and nothing added."""
    words = words_of(word)
    pieces = marked(text, words)
    assert "".join(of.text for of in pieces) == text
    for piece in pieces:
        assert not piece.marked or any(of in fold(piece.text) for of in words)
    assert any(of.marked for of in pieces) is any(of in fold(text) for of in words)
    part = "".join(of.text for of in snippet(text, words)).strip("…")
    assert part in text
    assert len(part) <= LENGTH


def test_given_a_word_far_into_a_paragraph_then_the_snippet_begins_a_little_before_it() -> None:
    """So that it is read in its sentence."""
    pieces = snippet("前" * 500 + "河道整治" + "后" * 500, ("河道",))
    assert [of.text for of in pieces if of.marked] == ["河道"]
    assert pieces[0].text == "…"
    assert pieces[1].text == "前" * BEFORE
    assert pieces[-1].text == "…"


def test_given_pieces_that_touch_then_one_is_marked() -> None:
    """河道 and 道整 mark 河道整."""
    assert [of.text for of in marked("看河道整治", ("河道", "道整")) if of.marked] == ["河道整"]
