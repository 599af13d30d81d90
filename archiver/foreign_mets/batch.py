"""The batch document of NDNP: the issues it names, with what it says of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.foreign_mets.document import href_of, local, tag, type_of, words
from archiver.foreign_mets.kinds import ISSUES
from archiver.foreign_mets.notes import shown
from archiver.model.foreign_mets import Convention, ForeignMets, MetsTrouble, NamedMets

if TYPE_CHECKING:
    from archiver.foreign_mets.document import Document
    from archiver.foreign_mets.notes import Notes
    from archiver.foreign_mets.places import Places
    from archiver.metadata.xml import Element

MOST_NAMED = 100_000  # METS documents of one batch


def read_batch(root: Element, name: str, places: Places, notes: Notes) -> ForeignMets:
    """A batch with the METS of its issues; reels and the award are losses."""
    named: list[NamedMets] = []
    for element in root.iterchildren():
        if local(element) == "issue" and len(named) < MOST_NAMED:
            said = words(element)
            where = _place(said, places, notes, element)
            lccn, issued, edition = (_said(element, key) for key in ("lccn", "issueDate", "editionOrder"))
            named.append(NamedMets(said, where, lccn, issued, edition, line=element.sourceline))
        elif local(element) == "issue":
            notes.lost(f"issue beyond the {MOST_NAMED:,}th", words(element))
        elif local(element):
            notes.lost(f"{local(element)} of a batch", element.get("reelNumber") or words(element))
    for key in ("awardee", "awardYear"):
        if root.get(key):
            notes.lost(f"{key} of a batch", root.get(key))
    if not named:
        notes.add(MetsTrouble.NO_ISSUE, "the batch names no issue", root.sourceline)
    label = root.get("name", "")
    basis = f"root element batch of {root.tag.partition('}')[0].strip('{')}"
    return ForeignMets(name, Convention.NDNP_BATCH, basis, label, named=tuple(named))


def named_by_pointers(document: Document, places: Places) -> tuple[NamedMets, ...]:
    """The METS of issues that the logical structure points to, as that of a year does; other pointers are losses."""
    found: list[NamedMets] = []
    for pointer in document.root.iter(tag("mptr")):
        div, href = pointer.getparent(), href_of(pointer)
        if div is None or type_of(div) not in ISSUES or div.find(tag("div")) is not None:
            kind = type_of(div) if div is not None else ""
            document.notes.lost(f"reference to the METS of a {kind or 'division'}", href)
            continue
        if len(found) >= MOST_NAMED:
            document.notes.lost(f"issue beyond the {MOST_NAMED:,}th", href)
        else:
            days = [each.get("ORDERLABEL", "") for each in div.iterancestors(tag("div")) if type_of(each) == "day"]
            issued = next(iter(days), "") or div.get("ORDERLABEL", "")
            name = _place(href, places, document.notes, pointer)
            found.append(NamedMets(href, name, "", issued.strip(), "", div.get("LABEL", ""), pointer.sourceline))
    return tuple(found)


def _said(element: Element, key: str) -> str:
    return " ".join((element.get(key) or "").split())


def _place(href: str, places: Places, notes: Notes, element: Element) -> str:
    place = places.find(href)
    if place.trouble is not None:
        notes.add(place.trouble, f"METS of an issue: {place.detail}", element.sourceline, shown(href))
    return place.name
