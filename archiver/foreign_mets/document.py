"""A METS document as a tree with its indexes: identifiers, divisions, sections, and what each refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.foreign_mets.notes import shown
from archiver.foreign_mets.recognising import METS
from archiver.metadata.xml import NS
from archiver.model.foreign_mets import MetsTrouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.foreign_mets.mods import Record
    from archiver.foreign_mets.notes import Notes
    from archiver.metadata.xml import Element

_XLINK = f"{{{NS['xlink']}}}"
MOST_SECTIONS = 20  # descriptive sections of one division; two or three are usual
# Attributes whose words are identifiers of other elements, with the elements they may name.
_REFERENCES = {
    "FILEID": ("file",),
    "DMDID": ("dmdSec", "mods"),
    "ADMID": ("amdSec", "techMD", "rightsMD", "sourceMD", "digiprovMD"),
}


def tag(name: str) -> str:
    """The full name of an element of METS."""
    return f"{{{METS}}}{name}"


def local(element: Element) -> str:
    """The name of an element without its namespace; "" for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def type_of(div: Element) -> str:
    """The TYPE of a division, folded: small letters, without `np:`, `_` for spaces and hyphens."""
    return str(div.get("TYPE", "")).strip().lower().removeprefix("np:").replace(" ", "_").replace("-", "_")


def words(element: Element | None) -> str:
    """The text of an element and of all in it, white space folded."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def href_of(element: Element) -> str:
    """xlink:href of an element, "" when it has none."""
    return str(element.get(f"{_XLINK}href", ""))


def whole_number(value: str | None) -> int | None:
    """A number as written in ORDER, SEQ or SIZE; None for anything else, or beyond 18 digits."""
    text = (value or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


class Document:
    """The tree of a METS document with what is found in it by identifier."""

    def __init__(self, root: Element, notes: Notes) -> None:
        self.root, self.notes = root, notes
        self.by_id: dict[str, Element] = {}
        self.links: dict[str, list[str]] = {}  # structLink: from → to
        self.records: dict[str, list[Record]] = {}  # dmdSec whose description was read
        self.noted: set[tuple[str, str, str]] = set()  # owner, field, value: told as lost
        self.stated_types: set[str] = set()
        self.agents = tuple(_agents(root))
        self._index()
        self.types = {kind.strip().lower().removeprefix("np:") for kind in self.stated_types}
        groups = list(root.iter(tag("fileGrp")))
        self.group_uses = [group.get("USE", "") for group in groups]
        self.group_names = [name.upper() for group in groups for name in (group.get("ID", ""), group.get("USE", ""))]

    def structures(self) -> list[Element]:
        """The structMaps in order."""
        return list(self.root.iterchildren(tag("structMap")))

    def sections(self, div: Element) -> list[Element]:
        """The descriptive sections that a division names, in order, the first twenty."""
        named = list(dict.fromkeys(div.get("DMDID", "").split()))[:MOST_SECTIONS]
        found = [self.by_id.get(name) for name in named]
        return [section for section in found if section is not None and section.tag == tag("dmdSec")]

    def files_of(self, pointer: Element) -> Iterator[Element]:
        """The elements with FILEID of a pointer, in order: itself and its areas."""
        return (each for each in pointer.iter() if isinstance(each.tag, str) and each.get("FILEID"))

    def problem(self, trouble: MetsTrouble, detail: str, element: Element) -> None:
        """Note a problem of an element, with its line and identifier."""
        self.notes.add(trouble, detail, element.sourceline, element.get("ID", ""))

    def _index(self) -> None:
        for element in self.root.iter():
            if not isinstance(element.tag, str) or not element.tag.startswith(f"{{{METS}}}"):
                continue
            identifier = element.get("ID")
            if identifier in self.by_id:
                words_ = f"the identifier {shown(identifier)} stands twice"
                self.problem(MetsTrouble.DUPLICATE, words_, element)
            elif identifier:
                self.by_id[identifier] = element
            if element.tag == tag("div") and element.get("TYPE"):
                self.stated_types.add(element.get("TYPE"))

    def check_references(self) -> None:
        """Note every FILEID, DMDID, ADMID and smLink that names nothing, or something of another kind."""
        mods = f"{{{NS['mods']}}}mods"
        known = {each.get("ID") for each in self.root.iter(mods) if each.get("ID")}
        for element in self.root.iter():
            if not isinstance(element.tag, str) or not element.tag.startswith(f"{{{METS}}}"):
                continue
            for attribute, kinds in _REFERENCES.items():
                for name in (element.get(attribute) or "").split():
                    self._check(element, attribute, name, kinds, known)
            if element.tag == tag("smLink"):
                self._link(element)

    def _check(self, element: Element, attribute: str, name: str, kinds: tuple[str, ...], known: set[str]) -> None:
        target = self.by_id.get(name)
        if target is None and not (attribute == "DMDID" and name in known):
            detail = f"{attribute} {shown(name)} of {local(element)} names no element"
            self.problem(MetsTrouble.REFERENCE, detail, element)
        elif target is not None and local(target) not in kinds:
            detail = f"{attribute} {shown(name)} of {local(element)} names a {local(target)}"
            self.problem(MetsTrouble.REFERENCE, detail, element)

    def _link(self, element: Element) -> None:
        ends = []
        for attribute in ("from", "to"):
            name = (element.get(f"{_XLINK}{attribute}") or "").strip()
            target = self.by_id.get(name)
            if target is None or target.tag != tag("div"):
                what = f"smLink {attribute} {shown(name)} names no division"
                self.problem(MetsTrouble.REFERENCE, what, element)
            ends.append(name)
        self.links.setdefault(ends[0], []).append(ends[1])


def _agents(root: Element) -> Iterator[str]:
    for agent in root.iterfind(f"{tag('metsHdr')}/{tag('agent')}"):
        named = words(agent.find(tag("name")))
        role = agent.get("OTHERROLE") or agent.get("ROLE") or ""
        notes = "; ".join(filter(None, (words(note) for note in agent.iterchildren(tag("note")))))
        said = ", ".join(part for part in (named, role.lower(), notes) if part)
        if said:
            yield shown(said, 200)
