"""A reply by template: filled in beforehand, compared with the one before, and as a paper."""

from __future__ import annotations

import io
from pathlib import Path

import httpx
import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from api.platforms.duty.handling.wording import changes, class_label, classes
from api.platforms.duty.replies import actions as replies
from api.roster import ROSTER
from config.settings import DISTRICTS
from tests.api.conftest import RunningCentre, entered
from tests.api.duty.handling_hands import DISSATISFIED, IN_RANGE, PROMISE_OF_WORKS, Handling
from tests.api.duty.suggestion_hands import CLERK, HOUSING, LEAD, SECOND, THIRD, WATER

TEXTS = st.lists(
    st.sampled_from(["已整治。", "尚在施工；", "下月完工。", "感谢！", "\n", "无句号"])
)


@pytest.fixture
def work(centre: RunningCentre) -> Handling:
    """Nothing is written yet."""
    return Handling(centre)


@given(TEXTS, TEXTS)
def test_changes_of_two_texts_hold_both_of_them(old: list[str], new: list[str]) -> None:
    """What is not added is the first text, what is not gone the second one."""
    before, after = "".join(old), "".join(new)
    found = changes(before, after)
    assert "".join(of.text for of in found if of.kind != "added") == before
    assert "".join(of.text for of in found if of.kind != "gone") == after
    if before == after:
        assert {of.kind for of in found} <= {"same"}


def test_given_opinions_then_the_form_begins_with_salutation_number_and_opinions(
    work: Handling,
) -> None:
    """The form says what stands against an answer, before anything is written."""
    item_id = work.handled(co=["water"])
    (water,) = work.contributions(item_id)
    work.contribute(WATER, water["id"], "give", opinion="排口已封堵。", day=work.today)
    found = replies.form(work.services, ROSTER, work.people[HOUSING], item_id)
    text = found["text"]
    assert text.startswith("陈明、徐慧、顾军代表：")
    assert f"（第 {item_id} 号）" in text
    assert "区水利局意见：排口已封堵。" in text
    assert "代表法第51条" in found["against"]
    assert [of.letter for of in found["classes"]] == ["A", "B", "C", "D"]
    offers = {of.id: of for of in found["offers"]}
    fields = {of.name: of for of in offers["environment/in-range"].fields}
    assert ("tonglv-pingchao", "通吕运河平潮断面") in fields["station"].options
    assert ("w21003", "氨氮") in fields["indicator"].options
    assert "after_ms" not in fields
    work.contact(item_id)
    assert not replies.form(work.services, ROSTER, work.people[HOUSING], item_id)["against"]


def test_given_a_district_with_classes_of_its_own_then_its_words_are_used(
    work: Handling, tmp_path: Path
) -> None:
    """Letters and meanings differ by region."""
    own = tmp_path / "duty" / "classes.toml"
    own.parent.mkdir()
    texts = "".join(
        f'{name} = "采纳"\n' for name in ("label_zh", "label_en", "meaning_zh", "meaning_en")
    )
    own.write_text(f'[[class]]\nletter = "A"\n{texts}', encoding="utf-8")
    words = work.services.words
    assert class_label(words, tmp_path, "A") == "采纳"
    assert class_label(words, tmp_path, "D") == "D"
    assert class_label(words, DISTRICTS / "tongzhou", "A").startswith("A类")
    assert len(classes(tmp_path)) == 1


def test_given_a_second_reply_then_it_is_compared_and_both_are_handed_out_as_papers(
    work: Handling, address: str
) -> None:
    """Whoever sees the suggestion gets them; each signer heard of the reply."""
    item_id = work.answered(PROMISE_OF_WORKS)
    for who in (SECOND, THIRD):
        assert any("已答复" in text for text in work.heard(who))
    for who in (LEAD, SECOND, THIRD):
        work.rate(who, item_id, **DISSATISFIED)
    work.reply(item_id, text="已查明并整治。<已增设截污井>。")
    with httpx.Client(base_url=address, timeout=60) as deputy:
        entered(deputy, LEAD)
        page = deputy.get(f"/duty/suggestions/{item_id}").raise_for_status().text
        assert "<ins>&lt;已增设截污井&gt;。</ins>" in page
        papers = [
            deputy.get(f"/duty/suggestions/{item_id}/replies/{number}.docx").raise_for_status()
            for number in (1, 2)
        ]
        assert deputy.get(f"/duty/suggestions/{item_id}/replies/3.docx").status_code == 404
    first, second = (
        "\n".join(of.text for of in Document(io.BytesIO(paper.content)).paragraphs)
        for paper in papers
    )
    assert "承诺：完成污水管网改造（2026-12-20前完成）" in first
    assert "<已增设截污井>" in second
    assert "承诺" not in second
    assert "区住房和城乡建设局" in first


def test_given_the_form_when_it_does_not_hold_then_what_was_written_comes_back(
    work: Handling, address: str
) -> None:
    """Then it holds, and the promise is watched."""
    item_id = work.handled()
    work.contact(item_id)
    path = f"/duty/suggestions/{item_id}/reply"
    form = {
        "text": "已查明，正在整治。",
        "paper": "建复7号",
        "signer": "孙涛",
        "day": work.today,
        **{f"promise-0-{name}": of for name, of in IN_RANGE.items()},
        "promise-0-environment/in-range/days": "many",
    }
    with httpx.Client(base_url=address, timeout=60) as unit:
        entered(unit, HOUSING)
        assert unit.get(path).status_code == 200
        faulty = unit.post(path, data=form)
        assert faulty.status_code == 422
        assert "请把核验条件填写完整" in faulty.text
        assert "平潮断面氨氮稳定达标" in faulty.text
        form["promise-0-environment/in-range/days"] = "2"
        missing = unit.post(path, data=form)
        assert missing.status_code == 422
        assert 'aria-describedby="wrong-result"' in missing.text
        done = unit.post(path, data=form | {"result": "B"})
        assert (done.status_code, work.row(item_id)["state"]) == (303, "answered")
        shown = unit.get(f"/duty/suggestions/{item_id}").text
    assert "系统正在核验：通吕运河平潮断面的氨氮日均值连续 2 天不劣于Ⅲ类" in shown
    assert work.promises(CLERK, item_id)[0].row["watched_ms"] == work.centre.clock.now_ms
