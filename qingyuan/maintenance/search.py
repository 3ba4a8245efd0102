"""`qingyuan search`: everything that can be found, written into the index anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qingyuan.runtime.site import SiteResources
    from qingyuan.runtime.tasks import Line


def rebuilt(resources: SiteResources, _options: Mapping[str, Any]) -> Iterator[Line]:
    """The admin task: platform by platform, in small transactions, beside people who search. The
    things of a platform that cannot tell of all of them stay as they are.
    """
    from api.roster import ROSTER
    from api.search.index import SearchIndex
    from qingyuan.runtime.site import core_services
    from qingyuan.runtime.tasks import Line

    core = core_services(resources.shared, lambda _message: None)
    index = SearchIndex(core.state)
    index.complete()
    for platform in ROSTER:
        if platform.searched is not None:
            index.empty(platform.slug)
            platform.searched(core)
            yield Line(f"{platform.slug}: {index.count(platform.slug)} entries")
    index.complete()
    yield Line("the index is written anew", status=0)
