"""Last year's case goes up to the city, which signs for it; a case of a town's congress comes."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Mapping

from msgspec.structs import replace

from api.cases.sharing import receivers, receiving, sending
from api.cases.sharing.records import (
    RECEIPT_SCHEMA,
    SCHEMA,
    SHEET,
    VERSION,
    Receipt,
    Receiver,
    SharedCase,
    SharedFile,
    Sheet,
    hash_of,
    written,
)
from api.cases.story import actions as story
from api.cases.story import wording
from api.ports import Item, Reference, freeze
from api.reports import actions as reports
from api.reports.records import body_of
from api.services import Services
from config.vocabulary.time import HOUR_MS
from qingyuan.demo.hands import CLERK, HEAD, account, on_day, today
from qingyuan.demo.history.case_days import this_year

_CITY, _TOWN = "南通市人大常委会", "平潮镇人民代表大会"
_SHARED = "跨区河流，下游两个区也有同样的排口，请市里统一部署排查"
_INTERNAL = "市人大同级知悉范围"
_OF_TOWN = SharedCase(
    "2", "平潮镇通扬运河支流垃圾清运", "镇人大代表视察时发现支流上有三处垃圾堆放点，跨村难以清运。"
)
_ASKED = "涉及相邻的五接镇，请区人大协调"
_VISIT = Item(
    "关于清运通扬运河支流垃圾的建议",
    "/",
    {"text": "支流上三处垃圾堆放点分属两个镇，建议统一清运。", "number": "2"},
)
_WHY = "镇人大代表提出"


def share_up(services: Services, case: str) -> None:
    """The office enters the city's congress, the case goes there, and its receipt comes back."""
    packed, came = (on_day(services, this_year(today(services), 1, of)) for of in (16, 19))
    head = account(packed, HEAD)
    city = receivers.add(packed, account(packed, CLERK), _CITY, "city", "刻成光盘，由机要渠道送达")
    made = sending.share(packed, head, case, sending.Wish(city, _SHARED, _INTERNAL))
    shares = sending.of_case(packed, head, case).shares
    of = next(one for one in shares if one.id == made)
    taken_ms = came.now_ms() - (HOUR_MS if came.now_ms() - HOUR_MS > of.at_ms else 0)
    receipt = Receipt(RECEIPT_SCHEMA, VERSION, of.sheet.id, of.hash, taken_ms, "沈卫", _CITY)
    sending.sign(came, account(came, CLERK), case, made, written(receipt))


def take_in(services: Services) -> None:
    """The office takes in what a town's congress packed, and may open a case of it."""
    packed, came = (on_day(services, this_year(today(services), 2, of)) for of in (18, 20))
    content = io.BytesIO(_packed(packed))
    receiving.take_in(came, account(came, CLERK), content)


def _packed(services: Services) -> bytes:
    """A package as a town's centre makes it."""
    paper = wording.empty(services.words, _TOWN)
    matter, *others = paper.sections
    matter = replace(matter, text=(_OF_TOWN.matter,))
    title, subtitle = f"{paper.title}：{_OF_TOWN.title}", f"第{_OF_TOWN.number}号"
    paper = replace(paper, title=title, subtitle=subtitle, sections=(matter, *others))
    frozen = freeze(Reference("duty", "suggestion", "2"), _VISIT)
    name = "items/001-duty-suggestion.json"
    files = {
        "report.docx": reports.as_word(services, story.OFFERED, paper, _TOWN),
        "report.json": body_of(replace(paper, sections=(matter,))).encode(),
        name: frozen.body,
    }
    items = {"items": [{"file": name, "why": _WHY}], "sha256": {name: frozen.hash}}
    files["manifest.json"] = json.dumps(items, ensure_ascii=False).encode()
    return _zipped({**files, SHEET: written(_sheet(services, files))})


def _sheet(services: Services, files: Mapping[str, bytes]) -> Sheet:
    listed = tuple(SharedFile(name, len(of), hash_of(of)) for name, of in sorted(files.items()))
    return Sheet(
        SCHEMA,
        VERSION,
        uuid.uuid5(uuid.NAMESPACE_OID, _OF_TOWN.title).hex,
        f"{today(services).year}-1",
        _TOWN,
        Receiver(services.catalogue.site.name, "town"),
        today(services),
        _ASKED,
        "open",
        _OF_TOWN,
        listed,
    )


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in files.items():
            into.writestr(name, content)
    return out.getvalue()
