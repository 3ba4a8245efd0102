"""The story of a case over the API."""

from __future__ import annotations

from pydantic import BaseModel

from api.cases.story.records import Entry, Story


class Said(BaseModel):
    """A value that was given, with its name."""

    name: str
    value: str


class EntryState(BaseModel):
    """Something that happened; ``platform`` is a slug, ``path`` the page of the thing, empty where
    the caller finds it no more.
    """

    at_ms: int
    platform: str
    about: str
    path: str
    title: str
    note: str
    said: list[Said]


class StoryState(BaseModel):
    """All that the caller may know, the newest last; ``hidden`` things belong to the case of which
    they may know nothing more.
    """

    entries: list[EntryState]
    hidden: int


class Made(BaseModel):
    """The id of a report; it is at ``/api/v1/reports``."""

    report: int


def story_state(story: Story) -> StoryState:
    """A story."""
    return StoryState(entries=[_entry(of) for of in story.entries], hidden=story.hidden)


def _entry(of: Entry) -> EntryState:
    return EntryState(
        at_ms=of.at_ms,
        platform=of.platform,
        about=of.about,
        path=of.path,
        title=of.title,
        note=of.note,
        said=[Said(name=name, value=value) for name, value in of.said],
    )
