"""Whatever a case holds, nothing leaves in a package, a receipt or a result that its receiver may not
know, and no page of these or of the exchange says what its reader may not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

import httpx
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from api.accounts.records import Secrecy
from api.roster import ROSTER
from api.shape import Platform
from tests.api.cases.conftest import settled
from tests.api.cases.test_cases import API, answered, asked, step
from tests.api.cases.test_measures import chosen
from tests.api.cases.test_results import entered as result_entered
from tests.api.cases.test_results import file_of, made, plain
from tests.api.cases.test_sharing import parts, secret, sent, shared
from tests.api.cases.vault.manifest import PLATFORM, THINGS
from tests.api.conftest import entered
from tests.api.papers import text_of_word
from tests.conftest import examples

READERS = {
    "deputy": "daibiao",
    "officer": "huanbao",
    "water": "shuili",
    "housing": "zhujian",
    "clerk": "lianluo",
    "supervisor": "daigongwei",
}
KEEPERS = ("officer", "clerk", "supervisor")
"""Those of the office; officers know internal things, the others restricted ones too."""
OPENNESS = ("open", "internal", "restricted")
TITLE, OUTCOME, ANSWER, GO, BACK = "案题甲", "结果乙", "答复丙", "外送丁", "反馈戊"
"""Each stands nowhere else."""
Clients = Mapping[str, httpx.Client]


@pytest.fixture
def roster() -> Iterator[tuple[Platform, ...]]:
    """The vault is there as well."""
    yield (*ROSTER, PLATFORM)
    THINGS.clear()


@pytest.fixture
def clients(address: str) -> Iterator[Clients]:
    """Everybody, signed in."""
    with ExitStack() as stack:
        yield {
            role: entered(
                stack.enter_context(httpx.Client(base_url=address, timeout=60)), username
            )
            for role, username in READERS.items()
        }


@dataclass(frozen=True)
class Joining:
    """A thing as secret as when it is joined and as it is later; ``gone``: nobody sees it then."""

    before: Secrecy
    after: Secrecy
    gone: bool = False
    removed: bool = False

    @property
    def known(self) -> Secrecy:
        """How far it may be known: of what is gone nobody knows."""
        return Secrecy.RESTRICTED if self.gone else max(self.before, self.after)


SECRECY = st.sampled_from(Secrecy)
ANY = st.builds(Joining, SECRECY, SECRECY, st.booleans(), st.booleans())
MILD = st.sampled_from((Secrecy.OPEN, Secrecy.INTERNAL))
PLAIN = st.builds(Joining, MILD, MILD)
THINGS_OF = st.lists(st.one_of(PLAIN, ANY), min_size=1, max_size=3)
GOES = [
    Joining(Secrecy.OPEN, Secrecy.INTERNAL),
    Joining(Secrecy.RESTRICTED, Secrecy.RESTRICTED, removed=True),
]


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
@settings(max_examples=examples(3), phases=(Phase.explicit, Phase.generate))
@given(openness=st.sampled_from(OPENNESS), things=THINGS_OF, own=THINGS_OF, grows=st.booleans())
@example(openness="open", things=GOES, own=GOES, grows=True)
def test_given_random_secrecy_then_no_package_result_exchange_or_export_says_what_is_not_to_be_known(
    clients: Clients,
    city: int,
    openness: str,
    things: list[Joining],
    own: list[Joining],
    grows: bool,
) -> None:
    """The case of the sender and that of the receiver hold things, of which some grow secret."""
    supervisor = clients["supervisor"]
    body = {"title": TITLE, "matter": TITLE, "openness": openness}
    case = int(supervisor.post(API, json=body).json()["id"])
    question = int(asked(supervisor, case).json()["id"])
    assert answered(clients["water"], question, "answer", answer=ANSWER).is_success
    words = _joined(supervisor, case, things)
    secrecy = max(Secrecy(OPENNESS.index(openness)), _strictest(things))
    made_share = shared(supervisor, case, city, GO)
    goes = secrecy < Secrecy.RESTRICTED
    assert made_share.status_code == (201 if goes else 409), (secrecy, made_share.text)
    if not goes:
        assert supervisor.get(f"{API}/{case}/shares").json() == []
        _check_exchange(clients, words)
        return
    share = case, int(made_share.json()["id"])
    content = supervisor.get(f"{API}/{case}/shares/{share[1]}/package").content
    _check_said(_text_of(content), words, things, GO)
    received = int(sent(clients["clerk"], content).json()["id"])
    receipt = plain(clients["clerk"].get(f"{API}/shared/{received}/receipt").content)
    assert not [of for of in (*words, TITLE, GO) if of in receipt]
    result, own_words = _result(clients, received, own)
    if result is not None:
        assert OUTCOME in plain(result)
        assert not [of for of in (*words, *own_words, GO, BACK) if of in plain(result)]
        assert result_entered(clients["clerk"], share, result).status_code == 204
    if grows:
        secret(supervisor, case, Secrecy.RESTRICTED)
    _check_pages(clients, share, received, words, restricted=grows, ended=result is not None)
    _check_exchange(clients, (*words, *own_words))


def _joined(client: httpx.Client, case: int, things: Sequence[Joining]) -> list[str]:
    """The words of things that were joined, some of them taken out, and that changed after it."""
    words = []
    for of in things:
        number = secret(client, case, of.before)
        words.append(THINGS[number].word)
        if of.removed:
            item = client.get(f"{API}/{case}/items").json()[-1]["id"]
            path = f"{API}/{case}/items/{item}/remove"
            assert client.post(path, json={"why": "移出"}).status_code == 204
        shown = frozenset() if of.gone else THINGS[number].shown
        THINGS[number] = replace(THINGS[number], secrecy=of.after, shown=shown)
    return words


def _strictest(things: Sequence[Joining]) -> Secrecy:
    return max([Secrecy.OPEN, *(of.known for of in things if not of.removed)])


def _result(
    clients: Clients, received: int, own: Sequence[Joining]
) -> tuple[bytes | None, list[str]]:
    """The result of a case of the package that holds things of its own, None where none may go;
    and their words.
    """
    supervisor = clients["supervisor"]
    case = int(supervisor.post(f"{API}/shared/{received}/case").json()["id"])
    assert chosen(supervisor, case, "inquiry").is_success
    settled(supervisor, case)
    words = _joined(supervisor, case, own)
    assert step(supervisor, case, "conclude", outcome=OUTCOME).is_success
    answer = made(supervisor, received, BACK)
    goes = _strictest(own) < Secrecy.RESTRICTED
    assert answer.status_code == (201 if goes else 409), answer.text
    return (file_of(supervisor, received) if goes else None), words


def _text_of(content: bytes) -> str:
    files = parts(content)
    said = [plain(of) for name, of in files.items() if name.endswith(".json")]
    return "\n".join((*said, text_of_word(files["report.docx"])))


def _check_said(said: str, words: Sequence[str], things: Sequence[Joining], why: str) -> None:
    """A package says all that belongs to its case, and nothing of what was taken out."""
    for word, of in zip(words, things, strict=True):
        assert (word in said) != of.removed, of
    assert why not in said


def _check_pages(
    clients: Clients,
    share: tuple[int, int],
    received: int,
    words: Sequence[str],
    *,
    restricted: bool,
    ended: bool,
) -> None:
    """Bodies and deputies read nothing; of the office those who may know of the case."""
    of_case = (f"/cases/{share[0]}/sharing", f"{API}/{share[0]}/shares")
    came = (f"/cases/shared/{received}", f"{API}/shared/{received}")
    lists = ("/cases/shared", "/cases/shared.csv", f"{API}/shared")
    for role, client in clients.items():
        keeps = role in KEEPERS
        knows = keeps and not (restricted and role == "officer")
        said = _read(client, of_case)
        assert (GO in said or TITLE in said) <= knows, role
        assert (OUTCOME in said) == (knows and ended), role
        assert not [of for of in words if of in said], role
        story = _read(client, (f"/cases/{share[0]}/story", f"{API}/{share[0]}/story"))
        assert not [of for of in (OUTCOME, BACK, GO) if of in story], role
        said = _read(client, (*came, *lists))
        assert keeps or not [of for of in (*words, TITLE, OUTCOME, BACK) if of in said], role
        for name in ("receipt", "result"):
            answer = client.get(f"{API}/shared/{received}/{name}")
            assert keeps or answer.status_code == 403, role


def _check_exchange(clients: Clients, words: Sequence[str]) -> None:
    """A body sees its own answer, another one nothing of it, and neither anything of a case."""
    paths = ("/exchange/", "/exchange/sent", "/exchange/asked.csv", "/exchange/sent.csv")
    for role, client in clients.items():
        answer = client.get("/api/v1/exchange/sent")
        entries = answer.json()["sent"] if answer.is_success else []
        receipts = [of["receipt"] for of in entries if of["kind"] == "答复问题"]
        said = _read(client, [*paths, "/api/v1/exchange/asked", "/api/v1/exchange/sent"])
        said += _read(client, [f"{base}{of}" for of in receipts[:1]
                               for base in ("/exchange", "/api/v1/exchange")])  # fmt: skip
        assert not [of for of in (*words, TITLE, OUTCOME, GO, BACK) if of in said], role
        assert (ANSWER in said) <= (role not in ("deputy", "housing")), role
        assert role != "water" or ANSWER in said


def _read(client: httpx.Client, paths: Sequence[str]) -> str:
    """All that these addresses say to a reader."""
    said = []
    for path in paths:
        answer = client.get(path)
        assert answer.status_code in (200, 403, 404), (path, answer.status_code)
        said.append(answer.text if answer.is_success else "")
    return "\n".join(said)
