"""Names of files, whatever somebody calls one."""

from __future__ import annotations

import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.files.names import LONGEST, NAMELESS, cleaned, disposition, extension, with_extension


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("关于紫琅湖水质的建议（第3号）.docx", "关于紫琅湖水质的建议（第3号）.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\张三\\报告.pdf", "报告.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\u200bb\ufeff.txt", "ab.txt"),
        ("line\r\nSet-Cookie: x=1.pdf", "lineSet-Cookie_ x=1.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ('x<script>"y|z?*.txt', "x_script__y_z__.txt"),
        ("cafe\u0301.txt", "caf\u00e9.txt"),
        ("..", NAMELESS),
        ("", NAMELESS),
        (" . .", NAMELESS),
        ("CON.txt", "_CON.txt"),
        ("lpt1", "_lpt1"),
        ("建" * 300 + ".PDF", "建" * 196 + ".PDF"),
        ("建" * 300, "建" * 200),
    ],
)
def test_a_hostile_name_becomes_a_plain_one(sent: str, kept: str) -> None:
    """Chinese stays as it is."""
    assert cleaned(sent) == kept


@given(st.text(max_size=400))
def test_whatever_a_name_holds_then_the_cleaned_one_is_safe_and_stays_as_it_is(sent: str) -> None:
    """No folder, no control, no mark of direction; neither empty nor long."""
    kept = cleaned(sent)
    assert 0 < len(kept) <= LONGEST
    assert not set(kept) & set('/\\<>:"|?*')
    assert all(unicodedata.category(of)[0] != "C" for of in kept)
    assert kept not in (".", "..")
    assert unicodedata.is_normalized("NFC", kept)
    assert cleaned(kept) == kept


@given(st.text(max_size=400), st.booleans())
def test_whatever_a_name_holds_then_the_header_is_one_line_of_ascii_that_gives_it_back(
    sent: str, inline: bool
) -> None:
    """Nobody writes a second header by a name."""
    kept = cleaned(sent)
    header = disposition(kept, inline=inline)
    assert header.isascii()
    assert header.isprintable()
    plain, _, encoded = header.partition("; filename*=UTF-8''")
    assert plain.count('"') == 2
    assert unquote(encoded) == kept


@pytest.mark.parametrize(
    ("name", "wanted", "kept"),
    [
        ("photo.png", "jpg", "photo.jpg"),
        ("page.html", "txt", "page.html.txt"),
        ("报告", "pdf", "报告.pdf"),
        ("建" * 200, "docx", "建" * 195 + ".docx"),
    ],
)
def test_an_extension_that_says_another_kind_is_replaced(
    name: str, wanted: str, kept: str
) -> None:
    """One that nobody knows stays before the new one."""
    assert with_extension(name, wanted, {"png", "jpg"}) == kept
    assert extension(kept) == wanted
