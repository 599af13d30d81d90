"""What a METS document holds and the description does not: sections and structures that nothing was read from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.foreign_mets.document import local, tag
from archiver.foreign_mets.mods import section_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.foreign_mets.document import Document
    from archiver.foreign_mets.files import FileSection
    from archiver.metadata.xml import Element
    from archiver.model.foreign_mets import ForeignIssue


def note_losses(
    document: Document, section: FileSection, read: Sequence[Element | None], issues: Sequence[ForeignIssue]
) -> None:
    """Note every section, structMap and file that nothing was taken from. `read` are the structMaps that were read."""
    _descriptions(document)
    _administration(document)
    for structure in document.structures():
        if all(structure is not each for each in read):
            stated = structure.get("TYPE") or structure.get("LABEL") or "no TYPE"
            document.notes.lost(f"structMap of {stated}", structure.get("ID", ""))
    for element in document.root.iterchildren(tag("behaviorSec")):
        document.notes.lost("behaviorSec", element.get("ID", ""))
    held = {file.identifier for issue in issues for page in issue.pages for file in page.files}
    held |= {file.identifier for issue in issues for file in issue.files}
    held |= {part.file_id for issue in issues for article in issue.articles for part in article.parts}
    for file in section.files.values():
        if file.identifier not in held:
            document.notes.lost(f"file of no page, of use {file.stated_use or 'not stated'}", file.name or file.href)


def _descriptions(document: Document) -> None:
    """Descriptive sections that nothing names, or that only divisions name which were not read."""
    for section in document.root.iterchildren(tag("dmdSec")):
        if section.get("ID", "") in document.records:
            continue
        wrap = section.find(tag("mdWrap"))
        wrap = wrap if wrap is not None else section.find(tag("mdRef"))
        kind = (wrap.get("OTHERMDTYPE") or wrap.get("MDTYPE") or "") if wrap is not None else ""
        titles = [record.title for record in section_records(document, section) if record.title]
        document.notes.lost(f"description of nothing that was read ({kind or 'no type'})", next(iter(titles), ""))


def _administration(document: Document) -> None:
    for section in document.root.iterchildren(tag("amdSec")):
        for element in section.iterchildren():
            if local(element):
                form = next((each for each in element.iterchildren() if local(each) in {"mdWrap", "mdRef"}), None)
                kind = (form.get("OTHERMDTYPE") or form.get("MDTYPE") or "") if form is not None else ""
                document.notes.lost(f"{local(element)} in {kind or 'no stated form'}", element.get("ID", ""))
