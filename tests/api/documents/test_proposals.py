"""Proposals for review: written without an account, handled by the office, answered by number and
secret, and of nobody else's knowledge.
"""

from __future__ import annotations

import csv
import hmac
import io
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from api import audit
from api.open_forms.sending import MOST_OF_ADDRESS
from api.platforms.documents.proposals.actions import following, own
from api.platforms.documents.proposals.procedure import PROCEDURE
from api.platforms.documents.proposals.records import Identity, apart, without_identity
from api.platforms.documents.proposals.tables import IDENTITY, PROPOSAL
from api.procedures.procedure import Row
from config.vocabulary.errors import FaultyInput
from config.vocabulary.time import DAY_MS
from tests.api.conftest import BOTH, RunningCentre, entered
from tests.api.documents.proposal_hands import (
    CLERK,
    EVERYBODY,
    HEAD,
    NAMES,
    NUMBER,
    SECRET,
    TEXT,
    TITLE,
    Proposals,
)

both = pytest.mark.parametrize("kind", BOTH)
API = "/api/v1/documents/proposals"
FORM, STATUS = "/open/proposals", "/open/proposals/status"
NOBODY = {"number": "0000-0000-0000", "secret": "0000-0000-0000-0000"}


@pytest.fixture
def work(centre: RunningCentre) -> Proposals:
    """Nothing is proposed yet."""
    return Proposals(centre)


@pytest.fixture
def clerk(work: Proposals, address: str) -> Iterator[httpx.Client]:
    """Somebody of the office."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, CLERK)


def sent(stranger: httpx.Client, **fields: str) -> dict[str, str]:
    """Number and secret of a proposal that the page took."""
    answer = stranger.post(FORM, data={**TEXT, **NAMES, "key": str(uuid.uuid4()), **fields})
    assert answer.status_code == 200, answer.text
    ((number,), (secret,)) = NUMBER.findall(answer.text), SECRET.findall(answer.text)
    return {"number": number, "secret": secret}


def rows(work: Proposals) -> list[Row]:
    """Every proposal."""
    with work.services.state.read() as connection:
        found = connection.execute(sa.select(PROPOSAL).order_by(PROPOSAL.c.id)).mappings()
        return [dict(of) for of in found]


@both
def test_given_a_citizen_without_an_account_then_they_propose_and_read_the_answer(
    work: Proposals, stranger: httpx.Client, clerk: httpx.Client
) -> None:
    """The document is looked for and chosen; what is missing is completed on the page; the review
    runs; the answer, its days and its terms are shown in plain words.
    """
    page = stranger.get(FORM)
    assert "五个工作日" in page.text
    assert "<script" not in page.text
    looked = stranger.post(FORM, data={**TEXT, **NAMES, "q": "排水", "find": "yes"})
    assert f'name="text" value="{work.text}"' in looked.text
    assert TEXT["reason"] in looked.text, "nothing is lost by looking"
    assert not rows(work), "and nothing is sent by it"
    pair = sent(stranger, document="", text=str(work.text))
    (row,) = rows(work)
    assert (row["document"], row["text"], row["proposer"]) == (
        TITLE,
        str(work.text),
        "organisation",
    )
    path = f"/documents/proposals/{row['id']}"
    assert TITLE in clerk.get("/deadlines/").text, "its terms wait for the office"
    shown = stranger.post(STATUS, data=pair).text
    assert "已收到，正在核对材料" in shown
    assert "告诉您材料是否齐全：2026-12-01 前" in shown
    asked = clerk.post(f"{path}/steps/ask-complete", data={"missing": "请附上罚款的依据。"})
    assert asked.status_code == 303
    shown = stranger.post(STATUS, data=pair).text
    assert "请附上罚款的依据。" in shown
    done = stranger.post("/open/proposals/supplement", data={**pair, "said": "见该办法第三条。"})
    assert "已收到，正在核对材料" in done.text
    assert "见该办法第三条。" in clerk.get(path).text
    assert clerk.post(f"{path}/steps/accept", data={}).status_code == 303
    assert TITLE in clerk.get(f"{path}/open").text
    assert clerk.post(f"{path}/open", data={"text": str(work.text)}).status_code == 303
    assert "已启动审查" in stranger.post(STATUS, data=pair).text
    work.review_over(str(row["id"]))
    reply = {**work.values("reply"), "reply": "该条已于11月修改，\n不再处以罚款。"}
    assert clerk.post(f"{path}/steps/reply", data=reply).status_code == 303
    shown = stranger.post(STATUS, data=pair).text
    for said in ("制定机关已经修改或者废止", "不再处以罚款。", "启动审查", "反馈审查结果"):
        assert said in shown
    for hidden in (*NAMES.values(), TEXT["reason"]):
        assert hidden not in shown
    letter = clerk.get(f"{path}/letter").text
    assert "不再处以罚款。" in letter
    assert pair["number"] in letter
    assert not any(said in letter for said in NAMES.values())


def test_given_a_faulty_form_then_each_field_says_why_and_nothing_is_lost(
    work: Proposals, stranger: httpx.Client
) -> None:
    """Sent twice it is one with one receipt; HTML is shown as it was written; what is huge, hidden
    or not published is refused.
    """
    form = {**TEXT, **NAMES, "key": str(uuid.uuid4())}
    faulty = stranger.post(FORM, data={**form, "document": "", "name": "", "contact": "无"})
    assert faulty.status_code == 422
    for field in ("document", "name", "contact"):
        assert f'id="wrong-{field}"' in faulty.text
    for said in (TEXT["reason"], TEXT["law"], TEXT["clause"], form["key"]):
        assert said in faulty.text
    markup = stranger.post(FORM, data={**form, "reason": "<script>alert(1)</script>", "name": ""})
    assert "<script" not in markup.text
    assert "&lt;script&gt;" in markup.text
    long = stranger.post(FORM, data={**form, "reason": "长" * 4001})
    assert 'id="wrong-reason"' in long.text
    huge = stranger.post(FORM, data={**form, "reason": "长" * 100_000})
    assert huge.status_code == 413
    hidden = work.kept("尚未公布的办法", published=None)
    for text in (str(hidden), "9" * 40, "x"):
        assert stranger.post(FORM, data={**form, "text": text}).status_code == 422
    assert "尚未公布" not in stranger.post(FORM, data={"q": "办法", "find": "yes"}).text
    named = stranger.post(FORM, data={**form, "document": f"{NAMES['name']}诉某局"})
    assert 'id="wrong-document"' in named.text
    trapped = stranger.post(FORM, data={**form, "website": "http://spam"})
    assert trapped.status_code == 422
    assert "http://spam" not in trapped.text
    assert not rows(work)
    first, again = (stranger.post(FORM, data=form).text for _ in range(2))
    assert SECRET.findall(first) == SECRET.findall(again)
    assert len(rows(work)) == 1
    other = stranger.post(FORM, data={**form, "contact": "0513-86512345"}).text
    assert SECRET.findall(other) != SECRET.findall(first), "another contact is another proposal"
    elsewhere = {"Origin": "https://evil.example"}
    assert stranger.post(FORM, data=form, headers=elsewhere).status_code == 403


def test_given_floods_and_guesses_then_the_address_waits_and_nothing_is_told(
    work: Proposals, stranger: httpx.Client
) -> None:
    """A wrong secret and an unknown number get the same answer; neither lies in a table as it is;
    numbers do not tell of each other.
    """
    pairs = [sent(stranger, reason=f"{TEXT['reason']}{n}") for n in range(MOST_OF_ADDRESS)]
    flood = stranger.post(FORM, data={**TEXT, **NAMES})
    assert flood.status_code == 429
    assert int(flood.headers["retry-after"]) > 0
    assert TEXT["reason"] in flood.text
    assert len({of["number"][:4] for of in pairs}) > MOST_OF_ADDRESS // 2
    pair, kept = pairs[0], rows(work)[0]
    assert pair["secret"].replace("-", "") not in str(kept).replace("-", "")
    typed = {name: of.lower().replace("-", " ") for name, of in pair.items()}
    assert stranger.post(STATUS, data=typed).status_code == 200
    wrong = {**pair, "secret": NOBODY["secret"]}
    answers = [stranger.post(STATUS, data=of) for of in (wrong, {**NOBODY, "number": "x" * 99})]
    assert {of.status_code for of in answers} == {404}
    for path in ("supplement", "retract"):
        assert stranger.post(f"{FORM}/{path}", data={**wrong, "said": "x"}).status_code in (
            404,
            429,
        )
    assert kept["state"] == rows(work)[0]["state"] == "received"
    for _ in range(60):
        answer = stranger.post(STATUS, data=NOBODY)
        if answer.status_code == 429:
            break
    assert answer.status_code == 429


def test_given_a_secret_then_it_is_compared_in_constant_time_also_of_an_unknown_number(
    work: Proposals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each question compares one whole hash, whether the number is known or not."""
    item, receipt = work.received()
    compared: list[tuple[str, str]] = []
    plain: Callable[[str, str], bool] = hmac.compare_digest

    def counted(one: str, other: str) -> bool:
        compared.append((one, other))
        return plain(one, other)

    monkeypatch.setattr(hmac, "compare_digest", counted)
    assert following.progress(work.services, receipt.number, receipt.secret)
    assert following.progress(work.services, receipt.number, "0") is None
    assert following.progress(work.services, "0000-0000-0000", receipt.secret) is None
    assert following.progress(work.services, "", "") is None
    assert [len(one) == len(other) == 64 for one, other in compared] == [True] * 4
    assert work.of(item)["state"] == "received"


@both
def test_given_the_proposer_withdraws_then_it_ends_and_the_office_hears_of_it(
    work: Proposals, stranger: httpx.Client
) -> None:
    """Once; afterwards the page says that it ended."""
    pair = sent(stranger)
    done = stranger.post(f"{FORM}/retract", data={**pair, "said": f"我是{NAMES['name']}，不提了"})
    assert done.status_code == 200
    assert "已撤回" in done.text
    (row,) = rows(work)
    assert row["state"] == "withdrawn"
    assert not work.running(str(row["id"]))
    again = stranger.post(f"{FORM}/retract", data=pair)
    assert again.status_code == 409
    part = str(following.progress(work.services, pair["number"], pair["secret"]))
    assert NAMES["name"] not in part


def test_given_who_wrote_then_only_handlers_see_it_by_asking_and_each_look_is_recorded(
    work: Proposals, stranger: httpx.Client, address: str
) -> None:
    """Not on pages, lists, exports, items, search, messages or in the audit, also where it was
    written into the text; not for makers, deputies and auditors at all.
    """
    said = f"{TEXT['reason']}我是{NAMES['organisation']}{NAMES['name']}，电话138 6655 4433。"
    sent(stranger, reason=said)
    (row,) = rows(work)
    path = f"/documents/proposals/{row['id']}"
    assert "我是＊＊＊＊，电话＊＊。" in row["reason"]
    everywhere = [
        *(path, f"/api/v1{path}/procedure", "/documents/proposals?show=all", f"{API}?show=all"),
        *(
            "/",
            "/documents/proposals.csv?show=all",
            f"/api/v1/items/documents/proposal/{row['id']}",
        ),
        *("/notifications/", "/documents/proposals/statistics", f"{path}/letter"),
    ]
    for who in EVERYBODY:
        with httpx.Client(base_url=address, timeout=60) as client:
            entered(client, who)
            handles = who in (CLERK, HEAD)
            for asked in everywhere:
                shown = client.get(asked).text
                assert not any(of in shown for of in (*NAMES.values(), "138 6655 4433")), asked
            assert client.get(path).status_code == (200 if handles else 403)
            assert client.post(f"{path}/identity").status_code == (200 if handles else 403)
            answer = client.post(f"{API}/{row['id']}/identity")
            assert (NAMES["contact"] in answer.text) is handles, who
    looked = audit.search(work.services.state, action="documents.proposal-identity")
    assert [of.who for of in looked].count(CLERK) == 2
    assert {of.who for of in looked} == {CLERK, HEAD}
    for of in audit.search(work.services.state, most=1000):
        assert not any(name in f"{of.detail}{of.subject}" for name in NAMES.values())


@both
def test_given_time_then_who_wrote_is_removed_after_the_end_and_not_before(
    work: Proposals,
) -> None:
    """By the district's own days; the audit says of which."""
    item, still = work.received()[0], work.received(reason="另一件")[0]
    work.step(CLERK, item, "retract", **work.values("retract"))
    work.centre.clock.now_ms += 179 * DAY_MS
    work.forget()
    work.centre.clock.now_ms += 2 * DAY_MS
    with work.services.state.read() as connection:
        assert len(connection.scalars(sa.select(IDENTITY.c.proposal)).all()) == 2
    work.forget()
    with work.services.state.read() as connection:
        assert connection.scalars(sa.select(IDENTITY.c.proposal)).all() == [int(still)]
    (gone,) = audit.search(work.services.state, action="documents.proposal-forgotten")
    assert gone.subject == f"documents/proposal/{item}"


def test_given_paper_and_demands_then_the_office_enters_them_and_counts_without_names(
    work: Proposals, clerk: httpx.Client, stranger: httpx.Client
) -> None:
    """With every fault at once; over the API too; a demand names an entitled organ. The scan of
    the paper is attached. Sums lead to their rows.
    """
    form = {**TEXT, "kind": "proposal", "proposer": "citizen", "way": "paper"}
    form |= {"received": work.today, "key": str(uuid.uuid4())}
    faulty = clerk.post(
        "/documents/proposals/new", data={**form, "kind": "demand", "document": "", "way": "x"}
    )
    assert faulty.status_code == 422
    for field in ("body", "document", "way"):
        assert f'id="wrong-{field}"' in faulty.text, field
    assert TEXT["reason"] in faulty.text
    done = clerk.post("/documents/proposals/new", data=form)
    assert done.status_code == 200, done.text
    ((number,), (secret,)) = NUMBER.findall(done.text), SECRET.findall(done.text)
    pair = {"number": number, "secret": secret}
    assert "正在核对材料" in stranger.post(STATUS, data=pair).text
    (row,) = rows(work)
    assert row["way"] == "paper"
    page = f"/documents/proposals/{row['id']}"
    scan = {"file": ("来信.txt", "来信全文".encode())}
    assert clerk.post(f"{page}/files", data={"title": "来信"}, files=scan).status_code == 303
    assert "来信.txt" in clerk.get(page).text
    assert stranger.get("/files/1").status_code in (303, 401)
    body = {**TEXT, "kind": "demand", "proposer": "organ", "body": "court", "way": "paper"}
    body |= {"received": work.today, "key": str(uuid.uuid4())}
    made = clerk.post(API, json=body)
    assert made.status_code == 201, made.text
    assert clerk.post(API, json=body).json() == made.json()
    assert clerk.post(API, json={**body, "body": "housing"}).status_code == 422
    assert clerk.post(API, json={**body, "kind": "proposal"}).status_code == 422
    work.step(CLERK, made.json()["id"], "retract", **work.values("retract"))
    sums = clerk.get(f"{API}/statistics").json()["sums"]
    assert [(of["kind"], of["proposer"], of["count"]) for of in sums] == [
        ("proposal", "citizen", 1),
        ("demand", "organ", 1),
    ]
    assert sums[1]["outcomes"]["withdrawn"] == 1
    table = clerk.get("/documents/proposals/statistics.csv").text.removeprefix("\ufeff")
    assert next(csv.reader(io.StringIO(table)))[:3] == ["类别", "提出人", "收到（件）"]
    listed = clerk.get(f"{API}?show=all&kind=demand&state=withdrawn&year=2026").json()
    assert [of["number"] for of in listed["proposals"]] == [made.json()["number"]]
    assert clerk.get(f"{API}?show=all&year=2025").json()["count"] == 0
    opened = clerk.post(f"{API}/{row['id']}/open", json={"text": str(work.text)})
    assert opened.status_code == 409, "not before it is accepted"
    work.step(CLERK, str(row["id"]), "accept")
    opened = clerk.post(f"{API}/{row['id']}/open", json={"text": str(work.text)})
    assert opened.json() == {"review": int(work.of(str(row["id"]))["review"])}


def test_given_a_district_s_own_facts_then_they_hold_and_a_fault_names_the_remedy(
    tmp_path: Path,
) -> None:
    """Days, and kinds of units that may demand."""
    path = tmp_path / "documents" / "proposals.toml"
    path.parent.mkdir()
    path.write_text('forget_identity = 30\nentitled = ["government"]\n', encoding="utf-8")
    assert own.own(tmp_path).entitled == ("government",)
    own.own.cache_clear()
    for fault in ("forget_identity = 0\nentitled = []\n", "forget_identity = 30\n"):
        path.write_text(fault, encoding="utf-8")
        with pytest.raises(FaultyInput, match="give forget_identity"):
            own.own(tmp_path)


def test_given_a_mail_or_a_number_in_the_words_then_they_are_left_out() -> None:
    """Of the proposer as it was given; of anybody in what goes on."""
    who = Identity("王某", "wang@example.cn", "")
    assert apart("请联系王某 wang@example.cn", who) == "请联系＊＊ ＊＊"
    assert without_identity("李四13900001111说2026-11-24", who) == "李四＊＊说2026-11-24"
    assert {of.name for of in PROCEDURE.states if of.closed} == {
        "answered",
        "passed",
        "declined",
        "withdrawn",
    }


def test_given_the_review_is_over_then_the_reply_begins_with_its_words_and_feeds_it_back(
    work: Proposals, clerk: httpx.Client
) -> None:
    """Two who proposed share a review: it is fed back when both were told, once; the maker reads
    the numbers and not the replies.
    """
    both = [work.received()[0], work.received(clause="第五条")[0]]
    for item in both:
        work.step(CLERK, item, "accept")
        work.step(CLERK, item, "open")
    assert 'value="sound" selected' not in clerk.get(f"/documents/proposals/{both[0]}").text
    work.review_over(both[0])
    page = clerk.get(f"/documents/proposals/{both[0]}").text
    assert "没有发现问题。</textarea>" in page
    assert 'value="sound" selected' in page
    review = work.of(both[0])["review"]
    path = f"/api/v1/documents/reviews/{review}"
    for item, state in zip(both, ("cleared", "fed-back"), strict=True):
        given = {**work.values("reply"), "reply": "只有建议人看到的答复。"}
        work.step(CLERK, item, "reply", **given)
        work.follow()
        assert clerk.get(path).json()["state"] == state
    fed = clerk.get(path).json()["feedback"]
    assert all(work.of(item)["number"] in fed for item in both)
    assert "只有建议人" not in fed
    work.follow()
    answer = clerk.post(f"{path}/steps/archive", json={"given": {}})
    assert answer.status_code == 200, answer.text
