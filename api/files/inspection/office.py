"""Things that every kind of Office file may hide in its package."""

from __future__ import annotations

from collections.abc import Iterator

from api.files.inspection.findings import Finding, sample
from api.files.inspection.packed import Packed, every, local

_TELLING = ("creator", "lastModifiedBy", "Manager", "Company", "revision", "description")
"""Properties that name people, or how a paper came about."""


def of_package(packed: Packed, folder: str) -> Iterator[Finding]:
    """Properties, what is embedded, macros, and data beside the document."""
    for part in ("docProps/core.xml", "docProps/app.xml"):
        for of in every(packed.xml(part), *_TELLING):
            if of.text and of.text.strip():
                yield Finding("properties", local(of), sample(of.text))
    for of in every(packed.xml("docProps/custom.xml"), "property"):
        yield Finding("properties", of.get("name", ""), sample("".join(of.itertext())))
    for name in packed.below(f"{folder}embeddings/"):
        yield Finding("embedded", name.rpartition("/")[2])
    for name in packed.names:
        if name.lower().endswith("vbaproject.bin"):
            yield Finding("macros", name)
    for name in packed.below("customXml/item", ".xml"):
        root = packed.xml(name)
        said = "" if root is None or "Props" in name else "".join(root.itertext())
        if said.strip():
            yield Finding("custom-xml", name.rpartition("/")[2], sample(said))
