"""Who made a layout document, with what and when, as the document says itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.model.layout import Processing

if TYPE_CHECKING:
    from archiver.metadata.xml import Element

_NAME_AND_VERSION = re.compile(r"(?P<name>.*\S)\s+v?(?P<version>[0-9][0-9A-Za-z.+-]*)")
_OLD_STEPS = {
    "preProcessingStep": "preOperation",
    "ocrProcessingStep": "contentGeneration",
    "postProcessingStep": "postOperation",
}


def alto_processing(description: Element | None, space: str) -> tuple[Processing, ...]:
    """The steps of an ALTO Description, in order: OCRProcessing of ALTO 1 to 3, Processing of ALTO 4."""
    if description is None:
        return ()
    found = []
    for step in description.iter(*(space + name for name in (*_OLD_STEPS, "Processing"))):
        local = str(step.tag)[len(space) :]
        software = step.find(f"{space}processingSoftware")
        name, version = named(_text(software, f"{space}softwareName"), _text(software, f"{space}softwareVersion"))
        words = _text(step, f"{space}processingCategory") or _text(step, f"{space}processingStepDescription")
        found.append(
            Processing(
                software=name,
                version=version,
                creator=_text(software, f"{space}softwareCreator"),
                date=_text(step, f"{space}processingDateTime"),
                step=_OLD_STEPS.get(local, words),
            )
        )
    return tuple(found)


def page_processing(metadata: Element | None, space: str) -> tuple[Processing, ...]:
    """The creator of a PAGE document, and the processing steps that it lists."""
    if metadata is None:
        return ()
    found = []
    name, version = named(_text(metadata, f"{space}Creator"), "")
    if name:
        found.append(Processing(name, version, date=_text(metadata, f"{space}Created")))
    for item in metadata.iterfind(f"{space}MetadataItem"):
        if item.get("type") == "processingStep":
            name, version = named(item.get("value", "").strip(), "")
            date, step = item.get("date", "").strip(), item.get("name", "").strip()
            found.append(Processing(name, version, date=date, step=step))
    return tuple(found)


def named(name: str, version: str) -> tuple[str, str]:
    """A program and its version; the version is taken from the end of the name where it stands there alone."""
    match = None if version or len(name) > 200 else _NAME_AND_VERSION.fullmatch(name)
    return (match.group("name"), match.group("version")) if match else (name, version)


def _text(element: Element | None, path: str) -> str:
    return (element.findtext(path) or "").strip() if element is not None else ""
