"""The forms of signing are one below suggestions and motions; deputies are those of the register."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from api.platforms.duty.deputies import actions as register
from api.platforms.duty.deputies.records import Entered
from api.platforms.duty.motions import actions as motions
from api.platforms.duty.signing.actions import Signing
from api.platforms.duty.signing.records import NotDeputy
from api.platforms.duty.suggestions import actions as suggestions
from tests.api.conftest import RunningCentre, entered
from tests.api.duty.suggestion_hands import CLERK, LEAD, SECOND, THIRD, Duty

MOTION = {"level": "town", "title": "河道保洁", "basis": "长期没有标准。", "plan": "作出决定。"}
KINDS = pytest.mark.parametrize("signing", [suggestions.SIGNING, motions.SIGNING])


@pytest.fixture
def duty(centre: RunningCentre) -> Duty:
    """Nothing is written yet."""
    return Duty(centre)


@pytest.fixture
def second(address: str) -> Iterator[httpx.Client]:
    """A deputy who is asked to sign."""
    with httpx.Client(base_url=address, timeout=60) as client:
        yield entered(client, SECOND)


def drafted(duty: Duty, signing: Signing) -> str:
    """The id of a thing that deputies sign."""
    if signing is suggestions.SIGNING:
        return duty.drafted()
    return motions.begin(duty.services, duty.people[LEAD], MOTION)


def offered(duty: Duty, signing: Signing, item_id: str) -> set[str]:
    """Whom the page offers to the one who leads the signers."""
    row = signing_row(duty, signing, item_id)
    return set(signing.part(duty.services, duty.people[LEAD], row).invitable)


def signing_row(duty: Duty, signing: Signing, item_id: str) -> dict[str, object]:
    """The row of a thing."""
    with duty.services.state.read() as connection:
        table = signing.procedure.table
        query = table.select().where(table.c.id == int(item_id))
        return dict(connection.execute(query).mappings().one())


@KINDS
def test_given_the_page_of_a_thing_then_deputies_are_asked_sign_decline_and_sign_after_all(
    duty: Duty, deputy: httpx.Client, second: httpx.Client, signing: Signing
) -> None:
    """A text that is no more is refused beside the form, and so is asking nobody."""
    item_id = drafted(duty, signing)
    path = f"/duty/{signing.procedure.kind}s/{item_id}"
    assert f'value="{SECOND}"' in deputy.get(path).text
    nobody = deputy.post(f"{path}/invitations", data={})
    assert nobody.status_code == 422
    assert "<details open><summary>邀请代表" in nobody.text
    assert deputy.post(f"{path}/invitations", data={"usernames": [SECOND]}).status_code == 303
    assert 'id="sign"' in second.get(path).text
    stale = second.post(f"{path}/signature", data={"signs": "yes", "text_hash": "0" * 64})
    assert stale.status_code == 409
    assert stale.text.count('class="wrong" role="alert"') == 1
    assert second.post(f"{path}/signature", data={"signs": "no"}).status_code == 303
    page = second.get(path).text
    assert 'id="sign"' not in page
    read = str(signing_row(duty, signing, item_id)["text_hash"])
    assert f'name="text_hash" value="{read}"' in page
    signed = {"signs": "yes", "text_hash": read}
    assert second.post(f"{path}/signature", data=signed).status_code == 303
    row = signing_row(duty, signing, item_id)
    assert [of.valid for of in signing.signed(duty.services, row)] == [True]
    assert second.post("/duty/motions/999/signature", data=signed).status_code == 404


@KINDS
def test_given_a_register_of_the_term_then_its_deputies_alone_are_asked_to_sign(
    duty: Duty, signing: Signing
) -> None:
    """Before the term has begun, and while nobody is registered: whoever may write."""
    services, clerk, item_id = duty.services, duty.people[CLERK], drafted(duty, signing)
    register.put_term(services, clerk, "17", "2026-01-01", "")
    assert offered(duty, signing, item_id) == {SECOND, THIRD}
    member = Entered(SECOND, "徐慧", "pingchao-delegation")
    register.put_term(services, clerk, "18", "2027-01-01", "")
    register.load(services, clerk, 18, [member])
    assert offered(duty, signing, item_id) == {SECOND, THIRD}
    register.load(services, clerk, 17, [member])
    assert offered(duty, signing, item_id) == {SECOND}
    with pytest.raises(NotDeputy):
        signing.invite(services, duty.people[LEAD], item_id, [THIRD])
