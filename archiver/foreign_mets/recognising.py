"""What is METS or an NDNP batch by its root element, and by which practice a METS document is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.model.foreign_mets import Convention

if TYPE_CHECKING:
    from archiver.foreign_mets.document import Document

METS = "http://www.loc.gov/METS/"
METS_2 = "http://www.loc.gov/METS/v2"
NDNP = "http://www.loc.gov/ndnp"
_HEAD = 65_536  # bytes in which the root of a document has to begin
_PROLOG = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE\b[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(r"<(?:[\w.-]{1,200}:)?([\w.-]{1,200})((?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*)")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DFG_GROUPS = frozenset({"DEFAULT", "MAX", "MIN", "FULLTEXT", "PRESENTATION", "THUMBS", "DOWNLOAD", "LOCAL"})


def recognise(head: bytes) -> bool:
    """Whether a document is METS or an NDNP batch, by its root element in the first 64 KiB. Names play no part."""
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")
    text = head[:_HEAD].decode(encoding, "replace")
    position = 0
    while match := _PROLOG.match(text, position):
        position = match.end()
    root = _ROOT.match(text, position)
    if root is None:
        return False
    return root.group(1) == "mets" or (root.group(1) == "batch" and NDNP in root.group(2))


def convention_of(document: Document) -> tuple[Convention | None, str]:
    """The practice that a METS document follows, and by what it was told; None and "" for none that is known."""
    root = document.root
    for attribute in ("PROFILE", "TYPE"):
        value = root.get(attribute, "")
        if "ndnp" in value.lower():
            return Convention.NDNP, f"{attribute} {value}"
    if any(kind in {"np:issue", "np:page"} for kind in document.stated_types):
        return Convention.NDNP, "divisions of TYPE np:"
    group = next((use for use in document.group_uses if use.startswith("OCR-D-")), "")
    if group:
        return Convention.OCRD, f"fileGrp USE {group}"
    return _docworks(document) or _dfg(document) or (None, "")


def _docworks(document: Document) -> tuple[Convention, str] | None:
    for agent in document.agents:
        if re.search(r"docworks|\bCCS\b", agent, re.IGNORECASE):
            return Convention.DOCWORKS, f"agent {agent}"
    profile = document.root.get("PROFILE", "")
    if "enmap" in profile.lower() or "europeana-newspapers" in profile.lower():
        return Convention.DOCWORKS, f"PROFILE {profile}"
    group = next((name for name in document.group_names if name in {"ALTOGRP", "IMGGRP"}), "")
    if group:
        return Convention.DOCWORKS, f"fileGrp {group}"
    return None


def _dfg(document: Document) -> tuple[Convention, str] | None:
    if "physsequence" in document.types:
        return Convention.DFG, "a division of TYPE physSequence"
    group = next((use for use in document.group_uses if use in _DFG_GROUPS), "")
    if group:
        return Convention.DFG, f"fileGrp USE {group}"
    if "newspaper" in document.types and document.types & {"year", "month", "day"}:
        return Convention.DFG, "divisions of TYPE newspaper and year"
    return None
