"""Texts that nothing can hold are refused at the door, wherever they stand."""

from __future__ import annotations

import httpx
import pytest

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud800", "\\udfff\\ud800"])
@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        ("/api/v1/session", '{"username": "x", "password": "%s"}', ["body", "password"]),
        ("/api/v1/rules/none/trial", '{"a": {"of": ["x", "%s"]}}', ["body", "a", "of", 1]),
        ("/api/v1/rules/none/trial", '{"%s": 1}', ["body", "%s"]),
    ],
)
def test_given_a_text_in_a_body_then_its_place_is_named_with_the_remedy(
    officer: httpx.Client, path: str, body: str, where: list[str | int], text: str
) -> None:
    """Of values and names, however deep; an emoji, which is a whole pair, is none of these."""
    answer = officer.post(path, content=body.replace("%s", text), headers=JSON)

    (fault,) = answer.json()["detail"]
    assert answer.status_code == 422
    assert len(fault["loc"]) == len(where)
    assert fault["loc"][:-1] == where[:-1]
    assert "take it out" in fault["msg"]

    whole = officer.post(path, content=body.replace("%s", "\\ud83d\\ude00"), headers=JSON)
    assert "take it out" not in whole.text


def test_given_a_text_in_the_address_then_the_field_is_named(officer: httpx.Client) -> None:
    """Of a question; what has such a name is not found."""
    answer = officer.get("/api/v1/alerts?station=%00")
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", "station", 0]


@pytest.mark.parametrize("path", ["/sign-in", "/reports/"])
@pytest.mark.parametrize(
    ("kind", "content", "status"),
    [
        ("application/x-www-form-urlencoded", b"username=a%00b", 422),
        ('multipart/form-data; boundary=x; charset="utf-7"', b"+2AA-", 422),
        ('multipart/form-data; boundary=x; charset="unicode_escape"', b"\\ud800", 422),
        ('multipart/form-data; boundary=x; charset="idna"', b"xn--a" * 20, 400),
        ("multipart/form-data; boundary=x", b"a\0b", 422),
    ],
)
def test_given_a_text_in_a_form_then_it_is_refused_in_words(
    administrator: httpx.Client, path: str, kind: str, content: bytes, status: int
) -> None:
    """Declared fields, and those of routes that read their forms themselves."""
    if kind.startswith("multipart"):
        head = b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n'
        content = head + content + b"\r\n--x--\r\n"
    answer = administrator.post(path, content=content, headers={"Content-Type": kind})
    assert answer.status_code == status
