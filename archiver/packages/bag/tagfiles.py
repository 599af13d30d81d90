"""The declaration and bag-info.txt read into facts (RFC 8493 §2.1.1, §2.2.2). Nothing here judges."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from archiver.model.bag import BagProblem, InfoTag
from archiver.packages.bag.lines import Problems, TagText, text_codec
from archiver.packages.bag.manifests import cut

if TYPE_CHECKING:
    from collections.abc import Iterable

DECLARATION = "bagit.txt"
_LABELS = ("BagIt-Version", "Tag-File-Character-Encoding")
_ELEMENT = re.compile(r"([^:]*):(.*)", re.DOTALL)


def read_declaration(content: bytes, problems: Problems) -> tuple[str, str, str]:
    """Version, declared encoding, and the codec to read the other tag files with (UTF-8 when none is known)."""

    def wrong(line: int | None, detail: str) -> None:
        problems.add(BagProblem.DECLARATION_FORM, DECLARATION, line, detail)

    if content.startswith(codecs.BOM_UTF8):
        wrong(1, "it begins with a byte order mark")
        content = content[3:]
    found = [line for _number, line in TagText([content], "utf-8", DECLARATION, problems)]
    if len(found) != 2:
        wrong(None, f"it has {len(found)} lines, not 2")
    values = ["", ""]
    for number, (label, line) in enumerate(zip(_LABELS, found, strict=False), 1):
        match = re.fullmatch(rf"{label}: ([^ \t]+)", line)
        if match is None:
            wrong(number, f"expected '{label}: ' and a value, found {cut(line)}")
            match = re.match(rf"\s*{label}\s*:\s*(\S+)", line, re.IGNORECASE)
        if match is not None:
            values[number - 1] = match.group(1)
    version, encoding = values
    if version and not re.fullmatch(r"[0-9]{1,9}\.[0-9]{1,9}", version):
        wrong(1, f"{cut(version)} is no version number M.N")
        version = ""
    codec = text_codec(encoding) if encoding else None
    if encoding and codec is None:
        problems.add(BagProblem.ENCODING, DECLARATION, 2, f"{cut(encoding)} is no encoding of text that is known")
    return version, encoding, codec or "utf-8"


def read_info(name: str, lines: Iterable[tuple[int, str]], problems: Problems) -> tuple[InfoTag, ...]:
    """The labels and values of bag-info.txt, in order, repeats kept; a folded value keeps its line breaks as LF."""
    tags: list[InfoTag] = []
    folds: list[str] = []
    is_lost = False  # whether the line before was no label and value: what continues it continues nothing

    def unfold() -> None:
        if len(folds) > 1:
            tags[-1] = InfoTag(tags[-1].label, "\n".join(folds), tags[-1].line)

    for number, line in lines:
        if not line.strip():
            continue
        if line[:1] in {" ", "\t"} and (tags or is_lost):
            if not is_lost:
                folds.append(line.strip(" \t"))
            continue
        match = _ELEMENT.fullmatch(line)
        is_lost = match is None or not match.group(1).strip()
        if match is None or is_lost:
            problems.add(BagProblem.INFO_LINE, name, number, cut(line))
            continue
        unfold()
        label, value = match.groups()
        if label != label.strip() or not re.match(r"[ \t](?![ \t])|[ \t]?$", value):
            problems.add(BagProblem.INFO_SPACING, name, number, cut(line[:60]))
        folds = [value.strip(" \t")]
        tags.append(InfoTag(label.strip(), folds[0], number))
    unfold()
    return tuple(tags)
