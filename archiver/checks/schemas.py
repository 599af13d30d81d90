"""Rules for XML documents, each by itself: well formed, our grammars and Schematron rules, the official schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.errors import CouldNotFindOut
from archiver.metadata import reading, schemas
from archiver.metadata.reading import ARTICLES, ISSUE, MODS, PREMIS, ROOT
from archiver.model.report import Fault
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.metadata.xml import Element
    from archiver.model.contents import PackageContents

_KIND = {ROOT: "mets", ISSUE: "mets", MODS: "mods", ARTICLES: "mods", PREMIS: "premis"}
_RESTORE = "Restore the document from another copy of the package."
_MOST = 50  # faults shown of one document: the first say enough


def _roots(package: PackageContents, *kinds: str) -> Iterator[tuple[str, Element]]:
    found = False
    for path, kind in _KIND.items():
        root = reading.document(package, path) if kind in kinds else None
        if root is not None:
            found = True
            yield path, root
    if not found:
        raise Skip(f"no {' or '.join(kinds)} document could be read")


def _by_grammar(package: PackageContents, kind: str) -> Iterator[Fault]:
    grammar = schemas.grammar(kind)
    for path, root in _roots(package, kind):
        if not grammar.validate(root):
            for error in list(grammar.error_log)[:_MOST]:
                yield Fault(f"by our grammar: {error.message}", path, error.line or None, _RESTORE)


@check("MET-001", "XML documents are well formed and safe", "XML 1.0; METS, MODS, PREMIS", needs="package")
def well_formed(package: PackageContents) -> Iterator[Fault]:
    """No document type, no entity, within the limits."""
    for path in sorted(package.documents):
        found = reading.not_well_formed(package, path)
        if found is not None:
            yield Fault(f"it cannot be parsed: {found.message}", path, found.line, _RESTORE)


@check("MET-002", "METS is valid by our grammar", "schemas/mets.rng", needs="package")
def mets_grammar(package: PackageContents) -> Iterator[Fault]:
    """Both METS documents are what archiver writes."""
    yield from _by_grammar(package, "mets")


@check("MET-003", "MODS is valid by our grammar", "schemas/mods.rng", needs="package")
def mods_grammar(package: PackageContents) -> Iterator[Fault]:
    """Both MODS documents are what archiver writes."""
    yield from _by_grammar(package, "mods")


@check("MET-004", "PREMIS is valid by our grammar", "schemas/premis.rng", needs="package")
def premis_grammar(package: PackageContents) -> Iterator[Fault]:
    """The PREMIS document is what archiver writes."""
    yield from _by_grammar(package, "premis")


@check("MET-005", "The documents keep our Schematron rules", "schemas/*.sch", needs="package")
def schematron(package: PackageContents) -> Iterator[Fault]:
    """What a grammar cannot say within one document."""
    for path, root in _roots(package, "mets", "mods", "premis"):
        for line, words in schemas.broken_rules(_KIND[path], root):
            yield Fault(words, path, line, _RESTORE)


@check("MET-006", "The documents are valid by the official schemas together", "METS 1.12.1; MODS 3.8; PREMIS 3.0",
       needs="package")  # fmt: skip
def official(package: PackageContents) -> Iterator[Fault]:
    """METS, MODS and PREMIS by one schema that knows all three."""
    if package.schemas is None or not package.schemas.is_dir():
        raise Skip("schema not installed: archiver schemas install")
    try:
        schema = schemas.together(package.schemas)
    except CouldNotFindOut as error:
        raise Skip(f"schema not installed: {error.message} {error.remedy}".strip()) from error
    for path, root in _roots(package, "mets", "mods", "premis"):
        if not schema.validate(root):
            for entry in list(schema.error_log)[:_MOST]:
                yield Fault(f"by the official schema: {entry.message}", path, entry.line or None, _RESTORE)
