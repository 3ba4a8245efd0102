"""A procedure over the API: how a thing stands, its next steps, and taking them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.accounts.records import Account
from api.authentication.requests import SameOrigin, require
from api.ports import Lamp
from api.procedures import taking
from api.procedures.pages import Done, nothing_more
from api.procedures.part import NextStep, Part, part_of
from api.procedures.procedure import WITHDRAW, Procedure
from api.services import Services, ServicesOf
from api.web.forms import LONGEST_WHY, MOST_ID


class NeedState(BaseModel):
    """A field that a step asks for; ``choices`` where only some values hold."""

    name: str
    kind: str
    label: str
    required: bool
    longest: int
    choices: list[str]


class NextStepState(BaseModel):
    """A step that leads on; ``against`` says in words why the caller may not take it, null where
    it may.
    """

    step: str
    title: str
    to: str
    needs: list[NeedState]
    against: str | None


class EventState(BaseModel):
    """Something that was done; ``after_hash`` is the SHA-256 of the row after it."""

    number: int
    step: str
    title: str
    from_state: str
    to_state: str
    signed: str
    at_ms: int
    given: dict[str, str]
    takes_back: int | None
    after_hash: str


class TermState(BaseModel):
    """A term that runs; its trace is at ``/api/v1/deadlines``."""

    deadline: int
    rule: str
    title: str
    due_ms: int
    lamp: Lamp
    left: str


class ProcedureState(BaseModel):
    """How a thing stands; ``version`` is to be sent with a step, which is refused where somebody
    was first.
    """

    state: str
    title: str
    closed: bool
    version: int
    events: list[EventState]
    steps: list[NextStepState]
    terms: list[TermState]
    withdrawable: bool


class Taken(BaseModel):
    """A step with what it needs, by name; days as ISO text."""

    model_config = ConfigDict(extra="forbid")
    given: dict[Annotated[str, Field(max_length=40)], str] = {}
    version: Annotated[int, Field(ge=1, le=MOST_ID)] | None = None


class Withdrawn(BaseModel):
    """The reason why the last step is taken back."""

    model_config = ConfigDict(extra="forbid")
    why: Annotated[str, Field(max_length=LONGEST_WHY)]
    version: Annotated[int, Field(ge=1, le=MOST_ID)] | None = None


def routes(procedure: Procedure, address: str, done: Done = nothing_more) -> APIRouter:
    """Routes of a procedure; ``address`` is that of a thing below the platform's API, with
    ``{item_id}``.
    """
    router = APIRouter(tags=[procedure.platform], dependencies=[SameOrigin])
    reader: Any = require(procedure.see)

    def state_of(services: Services, account: Account, item_id: str) -> ProcedureState:
        return _state(procedure, services, part_of(services, account, procedure, item_id))

    @router.get(f"{address}/procedure")
    def procedure_of(
        item_id: str, services: ServicesOf, account: Account = reader
    ) -> ProcedureState:
        """State, events, next steps and running terms of a thing."""
        return state_of(services, account, item_id)

    @router.post(f"{address}/steps/{WITHDRAW}")
    def withdraw(
        item_id: str, body: Withdrawn, services: ServicesOf, account: Account = reader
    ) -> ProcedureState:
        """Take the last step back."""
        with taking.acts(services, procedure, account) as acting:
            taking.withdraw(acting, item_id, body.why, body.version)
        done(services, item_id)
        return state_of(services, account, item_id)

    @router.post(f"{address}/steps/{{step}}")
    def take(
        item_id: str,
        step: str,
        body: Taken,
        services: ServicesOf,
        account: Account = reader,
    ) -> ProcedureState:
        """Take a step; a refusal names step, state, and what would be needed."""
        with taking.acts(services, procedure, account) as acting:
            taking.take(acting, item_id, step, body.given, body.version)
        done(services, item_id)
        return state_of(services, account, item_id)

    return router


def _state(procedure: Procedure, services: Services, part: Part) -> ProcedureState:
    return ProcedureState(
        state=part.row["state"],
        title=part.state,
        closed=part.closed,
        version=part.version,
        events=[
            EventState(
                number=event.number,
                step=event.step,
                title=moment.title,
                from_state=event.from_state,
                to_state=event.to_state,
                signed=event.signed,
                at_ms=event.at_ms,
                given=dict(event.given),
                takes_back=event.takes_back,
                after_hash=event.after_hash,
            )
            for event, moment in zip(part.events, reversed(part.moments), strict=True)
        ],
        steps=[_next(procedure, services, of) for of in part.following],
        terms=[
            TermState(
                deadline=line.deadline.id,
                rule=line.deadline.rule.id,
                title=line.rule,
                due_ms=line.deadline.reckoned.due_ms,
                lamp=line.lamp.value,
                left=line.left,
            )
            for line in part.terms
        ],
        withdrawable=bool(part.withdraws),
    )


def _next(procedure: Procedure, services: Services, of: NextStep) -> NextStepState:
    label = f"{procedure.words}.need-"
    needs = [
        NeedState(
            name=need.name,
            kind=need.kind,
            label=services.words(label + need.name),
            required=need.required,
            longest=need.longest,
            choices=list(need.offered(services) if need.offered else need.choices),
        )
        for need in of.step.needs
    ]
    against = of.reason if of.against else None
    return NextStepState(
        step=of.step.name, title=of.title, to=of.step.to, needs=needs, against=against
    )
