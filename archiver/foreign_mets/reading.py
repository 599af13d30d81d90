"""One door for METS that depositors bring: recognised by content, read within limits, nothing in it followed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.foreign_mets.notes import Notes
from archiver.foreign_mets.places import Places
from archiver.foreign_mets.recognising import METS, METS_2, NDNP, convention_of, recognise
from archiver.metadata.xml import NotWellFormed, parse
from archiver.model.foreign_mets import ForeignMets, MetsTrouble

if TYPE_CHECKING:
    from archiver.foreign_mets.places import Files
    from archiver.metadata.xml import Element

LARGEST = 64 * 1024 * 1024  # bytes of a document; an issue of 100 pages with articles has about 10 MiB
MOST_TAGS = 2_000_000  # signs "<" in a document, its elements at most


def read_mets(content: bytes, name: str, files: Files) -> ForeignMets:
    """What a METS document or an NDNP batch says; `name` is its path in the deposit.

    `files` are the paths of all files of the deposit, or a function from a path to the path in the deposit, or None.
    `FileNames` of them serves every METS of a deposit. No reference is followed: the function is asked for paths that
    lie in the deposit alone. Raises nothing: what is wrong is among its `problems`.
    """
    notes = Notes()
    root = _root(content, notes)
    if root is None:
        return ForeignMets(name, problems=notes.problems())
    places = Places(name, files)
    if root.tag == f"{{{NDNP}}}batch":
        from archiver.foreign_mets.batch import read_batch

        read = read_batch(root, name, places, notes)
    else:
        read = _mets(root, name, places, notes)
    return replace(read, losses=notes.losses(), problems=notes.problems())


def _root(content: bytes, notes: Notes) -> Element | None:
    """The root of a document that can be read, or None and the reason."""
    if not recognise(content):
        notes.add(MetsTrouble.NOT_METS, "its root element is neither mets nor an NDNP batch")
        return None
    if len(content) > LARGEST:
        notes.add(MetsTrouble.TOO_LARGE, f"it has {len(content)} bytes; the limit is {LARGEST}")
        return None
    tags = content.count(b"<")
    if tags > MOST_TAGS:
        notes.add(MetsTrouble.TOO_LARGE, f"it has {tags} tags; the limit is {MOST_TAGS}")
        return None
    try:
        root = parse(content)
    except NotWellFormed as error:
        notes.add(MetsTrouble.NOT_WELL_FORMED, error.message, error.line)
        return None
    if root.tag not in {f"{{{METS}}}mets", f"{{{NDNP}}}batch"}:
        namespace = root.tag.partition("}")[0].strip("{") if "}" in root.tag else ""
        known = "METS 2, which is not read" if namespace == METS_2 else f"no METS: namespace {namespace or 'none'}"
        notes.add(MetsTrouble.NOT_METS, f"it is {known}", root.sourceline)
        return None
    return root


def _mets(root: Element, name: str, places: Places, notes: Notes) -> ForeignMets:
    from archiver.foreign_mets.batch import named_by_pointers
    from archiver.foreign_mets.document import Document, tag
    from archiver.foreign_mets.files import FileSection
    from archiver.foreign_mets.issues import Issues
    from archiver.foreign_mets.losses import note_losses
    from archiver.foreign_mets.pages import Pages

    document = Document(root, notes)
    document.check_references()
    convention, basis = convention_of(document)
    if convention is None:
        notes.add(MetsTrouble.CONVENTION, "it follows none of NDNP, docWorks/ENMAP, Kitodo/DFG and OCR-D")
    section = FileSection(document, places)
    pages = Pages(document, section.files, convention)
    issues = Issues(document, name, section.files, pages, convention)
    found = issues.read()
    named = named_by_pointers(document, places)
    if not found and not named:
        notes.add(MetsTrouble.NO_ISSUE, "it has no division that is an issue or that has pages", root.sourceline)
    note_losses(document, section, (pages.structure, issues.logical), found)
    header = root.find(tag("metsHdr"))
    files = tuple(section.files.values())
    own = [file.name for file in files if file.name] + [each.name for each in named if each.name] + section.described
    return ForeignMets(
        name=name,
        convention=convention,
        basis=basis,
        label=" ".join(root.get("LABEL", "").split()),
        created=header.get("CREATEDATE", "") if header is not None else "",
        agents=document.agents,
        issues=found,
        files=files,
        checksums=section.checksums(name),
        named=named,
        unnamed=places.unnamed(own, name) if files else (),
    )
