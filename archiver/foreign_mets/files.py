"""The file section of METS: where each file lies in the deposit, what it is for, and the digests stated of it."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from archiver.checksum_lists.algorithms import Taken, named, of_digest
from archiver.checksum_lists.entries import Kept
from archiver.foreign_mets.document import href_of, tag, whole_number
from archiver.foreign_mets.notes import shown
from archiver.model.checksum_list import ChecksumList, ListForm, ListTrouble
from archiver.model.foreign_mets import ForeignFile, MetsTrouble
from archiver.model.page_files import PageUse

if TYPE_CHECKING:
    from archiver.foreign_mets.document import Document
    from archiver.foreign_mets.places import Place, Places
    from archiver.metadata.xml import Element

_MASTERS = {"master", "archive", "archival", "original", "preservation", "max", "local"}
_SERVICES = {
    "service", "access", "default", "min", "thumb", "thumbs", "thumbnail", "thumbnails", "presentation", "web",
    "screen", "derivative", "derivatives", "reference", "download", "teaser", "preview", "viewing",
}  # fmt: skip
_IMAGES = (".tif", ".tiff", ".jp2", ".jpx", ".j2k", ".png", ".jpg", ".jpeg")
_TEXTS = (".txt", ".md")


class FileSection:
    """The files of a METS document by identifier, in the order of its file section."""

    def __init__(self, document: Document, places: Places) -> None:
        self._document, self._places = document, places
        self.files: dict[str, ForeignFile] = {}
        self._kept = Kept()
        self.stated = 0
        self.described: list[str] = []  # files of the deposit that hold descriptions (mdRef)
        for section in document.root.iterchildren(tag("fileSec")):
            for group in section.iterchildren(tag("fileGrp")):
                self._group(group, "")
        for reference in document.root.iter(tag("mdRef")):
            self._reference(reference)

    def checksums(self, name: str) -> ChecksumList | None:
        """The digests stated of files, as a checksum list; None when there is none."""
        if not self.stated:
            return None
        kept = self._kept
        return ChecksumList(name, ListForm.METS, tuple(kept.entries), tuple(kept.problems), kept.unnamed)

    def _group(self, group: Element, outer: str) -> None:
        use = group.get("USE") or outer or group.get("ID", "")
        for child in group.iterchildren():
            if child.tag == tag("fileGrp"):
                self._group(child, use)
            elif child.tag == tag("file"):
                self._file(child, use)

    def _file(self, element: Element, group_use: str) -> None:
        identifier = element.get("ID", "")
        href, place = self._locate(element)
        if place is not None and place.trouble is not None:
            what = f"file {shown(identifier)}: {place.detail}" if identifier else place.detail
            self._document.problem(place.trouble, what, element)
        name = place.name if place is not None else ""
        media_type = element.get("MIMETYPE", "").strip().lower()
        stated = element.get("USE") or group_use
        use = use_of(media_type, name or href, stated)
        line = element.sourceline
        file = ForeignFile(identifier, href, name, use, stated, media_type, whole_number(element.get("SIZE")), line)
        if identifier and identifier not in self.files:
            self.files[identifier] = file
        elif not identifier:
            self.files[f"\0{len(self.files)}"] = file  # no element can refer to it
        self._digest(element, file)
        for inner in element.iterchildren(tag("file")):
            self._file(inner, stated)

    def _locate(self, element: Element) -> tuple[str, Place | None]:
        """The reference that leads to the file, of several the first that does; None when it has none."""
        locations = [href_of(each) for each in element.iterchildren(tag("FLocat"))]
        if element.find(tag("FContent")) is not None:
            self._document.notes.lost("file within the METS (FContent)", element.get("ID", ""))
        if not locations:
            if element.find(tag("FContent")) is None and element.find(tag("file")) is None:
                what = f"file {shown(element.get('ID', ''))} has no location"
                self._document.problem(MetsTrouble.REFERENCE, what, element)
            return "", None
        found = [(href, self._places.find(href)) for href in locations]
        grades = [None, MetsTrouble.ABSENT, MetsTrouble.OUTSIDE, MetsTrouble.REFERENCE, MetsTrouble.ELSEWHERE]
        best = min(found, key=lambda each: grades.index(each[1].trouble))
        for href, _place in found:
            if href != best[0]:
                self._document.notes.lost("further location of a file", href)
        return best

    def _reference(self, element: Element) -> None:
        """A description kept in another file, which is not read; an address of one is common and no fault."""
        place = self._places.find(href_of(element))
        if place.name:
            self.described.append(place.name)
        elif place.trouble is not None and place.trouble is not MetsTrouble.ELSEWHERE:
            self._document.problem(place.trouble, f"mdRef: {place.detail}", element)
        self._document.notes.lost("description in another file (mdRef)", href_of(element))

    def _digest(self, element: Element, file: ForeignFile) -> None:
        digest, kind = element.get("CHECKSUM", "").strip(), element.get("CHECKSUMTYPE", "").strip()
        if not digest:
            return
        self.stated += 1
        path = self._listed(file)
        line = element.sourceline or 0
        if not path:
            self._kept.problem(ListTrouble.PATH_UNUSABLE, line, f"{file.href or file.identifier} is no path")
            return
        algorithm = named(kind) if kind else None
        if algorithm is None and kind:
            self._kept.weak(path, line, f"{shown(kind)} cannot be computed here", ListTrouble.UNKNOWN_ALGORITHM)
        else:
            taken = Taken(algorithm) if algorithm else of_digest(digest)
            self._kept.state(path, line, [(digest, taken)], file.size)

    def _listed(self, file: ForeignFile) -> str:
        """The path of a file from the folder of the METS, as checksum lists have it; as written where it is absent."""
        if not file.name:
            return "" if file.href.lower().startswith(("http:", "https:")) else file.href.removeprefix("file://")
        return posixpath.relpath(file.name, self._places.folder or ".")


def use_of(media_type: str, name: str, stated: str) -> PageUse | None:
    """What a file is for its page: told by its media type or extension, and among images by its stated use."""
    folded, suffix = stated.lower(), posixpath.splitext(name.lower())[1]
    said = set(re.split(r"[^a-z]+", folded))
    if media_type == "application/pdf" or suffix == ".pdf":
        return PageUse.DOCUMENT
    if media_type.startswith("image/") or suffix in _IMAGES:
        if folded.startswith("ocr-d-img-") or said & _SERVICES:
            return PageUse.SERVICE
        return PageUse.MASTER
    if media_type == "text/plain" or suffix in _TEXTS:
        return PageUse.TEXT
    if "xml" in media_type or suffix in {".xml", ".hocr", ".html", ".htm", ".alto"} or media_type == "text/html":
        return PageUse.OCR
    if said & _MASTERS:
        return PageUse.MASTER
    if folded in {"ocr", "fulltext", "alto", "text", "altogrp"}:
        return PageUse.OCR
    return None
