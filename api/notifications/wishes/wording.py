"""Choices for wishes, and in plain words what a person will hear."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from alerting.alert import Level
from alerting.channels.protocol import AddressKind
from alerting.notify.readers import Reader, Role, personal
from alerting.notify.rendering import kind_in_words
from alerting.notify.routing import ROLE_LEAST
from alerting.notify.wishes import Quiet, Wishes
from alerting.wording.sentences import NOTICES
from api.notifications.wishes.records import NEVER_QUIET, Choices
from api.services import Services


def choices(services: Services, role: Role, reachable: Collection[AddressKind]) -> Choices:
    """All that somebody of a role can wish for, who is reachable by these kinds of addresses."""
    catalogue = services.catalogue
    ways = personal(services.channels)
    reached = [of for of, kind in ways.items() if kind == "screen" or kind in reachable]
    return Choices(
        rivers={of.id: of.name for of in catalogue.rivers.values()},
        areas={of: of for of in sorted({of.area for of in catalogue.stations.values()})},
        stations={of.id: of.name for of in catalogue.stations.values()},
        kinds=_kinds(services, role),
        channels={of: channel(services, of, ways[of]) for of in reached},
        missing={
            kind: services.words(f"notifications.way-{kind}")
            for of, kind in ways.items()
            if of not in reached
        },
    )


def _kinds(services: Services, role: Role) -> dict[str, str]:
    kinds = services.grouping.kinds
    found = {
        kinds.get(rule.id, rule.id) for rule in services.rules if (role, rule.about) in ROLE_LEAST
    }
    if role == "officer":
        found.update(NOTICES)
    named = {of: kind_in_words(services.grouping, of, services.wording) for of in found}
    return dict(sorted(named.items(), key=lambda row: row[1]))


def channel(services: Services, name: str, kind: AddressKind) -> str:
    """A channel for people: by its kind, and its own name where that does not say which it is."""
    said = services.words(f"notifications.way-{kind}")
    several = list(personal(services.channels).values()).count(kind) > 1
    named = several or kind == "screen"
    return services.words("notifications.way-named", way=said, name=name) if named else said


def heard(services: Services, reader: Reader, night: Quiet, known: Choices) -> list[str]:
    """Sentences of what a person will hear, when and by what; ``night`` are the quiet hours
    of the role.
    """
    return [
        _what(services, reader, known),
        *_kinds_of(services, reader.wishes, known),
        _when(services, reader.wishes.quiet or night),
        _by(services, reader, known),
        services.words("notifications.hear-always"),
        services.words(
            "notifications.hear-weekly" if reader.wishes.weekly else "notifications.hear-no-weekly"
        ),
    ]


def _level(services: Services, name: str) -> str:
    return services.words(f"level.{name}")


def _what(services: Services, reader: Reader, known: Choices) -> str:
    t, wishes = services.words, reader.wishes
    of_role = ROLE_LEAST[reader.role, "pollution"]
    places = [
        *_named(known.rivers, wishes.rivers),
        *_named(known.areas, wishes.areas),
        *_named(known.stations, wishes.stations),
    ]
    return t(
        f"notifications.hear-{reader.role}",
        level=_level(services, wishes.least or Level(of_role).name.lower()),
        places=t.listed(places) if places else t("notifications.everywhere"),
    )


def _kinds_of(services: Services, wishes: Wishes, known: Choices) -> Iterator[str]:
    if wishes.kinds:
        names = services.words.listed(_named(known.kinds, wishes.kinds))
        yield services.words("notifications.hear-kinds", kinds=names)


def _named(names: Mapping[str, str], ids: Collection[str]) -> list[str]:
    return [names.get(of, of) for of in ids]


def _when(services: Services, quiet: Quiet) -> str:
    if quiet == NEVER_QUIET:
        return services.words("notifications.hear-any-hour")
    return services.words(
        "notifications.hear-night" if quiet.begin > quiet.until else "notifications.hear-quiet",
        begin=quiet.begin,
        until=quiet.until,
        level=_level(services, quiet.least),
    )


def _by(services: Services, reader: Reader, known: Choices) -> str:
    t, names = services.words, _named(known.channels, reader.channels)
    if not names:
        return t("notifications.hear-by-none")
    if len(names) == 1:
        return t("notifications.hear-by-one", channel=names[0])
    return t("notifications.hear-by", channels=t.listed(names))
