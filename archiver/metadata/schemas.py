"""Schemas: our own grammars, always at hand, and the official XSDs, installed on request against pinned digests."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from archiver.errors import CouldNotFindOut, StorageError, UnreadableInput
from archiver.resources import data_folder

if TYPE_CHECKING:
    from pathlib import Path

Fetch = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Entry:
    """An official schema: its file, address, pinned digest and namespace; `also` are other addresses of it."""

    file: str
    name: str
    version: str
    address: str
    sha256: str
    namespace: str
    also: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def catalogue() -> tuple[Entry, ...]:
    """The official schemas that archiver knows, from schemas/catalog.toml."""
    data = tomllib.loads((data_folder("schemas") / "catalog.toml").read_text(encoding="utf-8"))
    return tuple(
        Entry(
            file=entry["file"],
            name=entry["name"],
            version=entry["version"],
            address=entry["address"],
            sha256=entry["sha256"],
            namespace=entry["namespace"],
            also=tuple(entry.get("also", ())),
        )
        for entry in data["schema"]
    )


def installed(folder: Path) -> list[tuple[Entry, str]]:
    """Each official schema with its state in a folder: installed, missing or wrong digest."""
    return [(entry, _state(folder / entry.file, entry)) for entry in catalogue()]


def install(folder: Path, *, source: Path | None = None, base: str = "", fetch: Fetch | None = None) -> list[Entry]:
    """Install every schema that is missing or wrong; what was installed is returned.

    From `source`, a folder with files of the catalogue's names; else by `fetch` from `base` (an address that ends in
    the file's name) or from the official address. A file whose digest is not the pinned one is never placed.
    Raises UnreadableInput, CouldNotFindOut or StorageError; what was placed before stays, each file whole.
    """
    placed = []
    for entry, state in installed(folder):
        if state == "installed":
            continue
        content = _from_folder(source, entry) if source is not None else _fetched(fetch, base, entry)
        found = hashlib.sha256(content).hexdigest()
        if found != entry.sha256:
            raise CouldNotFindOut(
                f"{entry.file}: its sha256 is {found}, the catalogue pins {entry.sha256}; it was not installed.",
                remedy="Get the file from its official address, or look whether a newer archiver pins another version.",
            )
        _place(folder / entry.file, content)
        placed.append(entry)
    return placed


@lru_cache(maxsize=2)
def together(folder: Path) -> Any:
    """One compiled schema that judges METS, MODS and PREMIS together, each inside the other as well.

    Everything is read from `folder`; an import that is not of the catalogue is an error, never fetched, never left
    out. Raises CouldNotFindOut when a schema is missing or wrong.
    """
    from lxml import etree

    wanted = {"mets.xsd", "mods.xsd", "premis.xsd", "xlink.xsd", "xml.xsd"}
    entries = [entry for entry in catalogue() if entry.file in wanted]
    for entry in entries:
        if _state(folder / entry.file, entry) != "installed":
            raise CouldNotFindOut(f"{entry.file} is not installed.", remedy="archiver schemas install")
    imports = "".join(
        f'<xs:import namespace="{entry.namespace}" schemaLocation="{entry.address}"/>' for entry in entries
    )
    driver = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    parser.resolvers.add(_resolver(folder))
    try:
        return etree.XMLSchema(etree.fromstring(driver.encode(), parser))
    except etree.XMLSchemaParseError as error:
        raise CouldNotFindOut(f"the official schemas cannot be compiled together: {error}.") from error


@lru_cache(maxsize=8)
def grammar(name: str) -> Any:
    """Our own closed grammar `name` ("mets", "mods", "premis"), compiled."""
    from lxml import etree

    return etree.RelaxNG(etree.parse(str(data_folder("schemas") / f"{name}.rng")))


@lru_cache(maxsize=8)
def rules(name: str) -> Any:
    """Our own Schematron rules `name`, compiled to XSLT."""
    from lxml import etree
    from lxml.isoschematron import Schematron

    return Schematron(etree.parse(str(data_folder("schemas") / f"{name}.sch")), store_report=True)


def broken_rules(name: str, root: Any) -> list[tuple[int | None, str]]:
    """Every Schematron rule of `name` that a document breaks: line of the element, and what is wrong."""
    schematron = rules(name)
    if schematron.validate(root):
        return []
    svrl = "{http://purl.oclc.org/dsdl/svrl}"
    found = []
    for failed in schematron.validation_report.iter(f"{svrl}failed-assert"):
        elements = root.getroottree().xpath(failed.get("location", "/"))
        line = elements[0].sourceline if elements else None
        found.append((line, " ".join("".join(failed.itertext()).split())))
    return found


def _resolver(folder: Path) -> Any:
    from lxml import etree

    known = {address: folder / entry.file for entry in catalogue() for address in (entry.address, *entry.also)}

    class Catalogue(etree.Resolver):
        def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]  # noqa: ARG002
            path = known.get(system_url) or known.get(system_url.rsplit("/", 1)[-1])
            if path is None:
                raise CouldNotFindOut(f"the schema {system_url} is not of the catalogue; it was not fetched.")
            return self.resolve_string(path.read_bytes(), context, base_url=system_url)

    return Catalogue()


def _state(path: Path, entry: Entry) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return "missing"
    except OSError as error:
        raise StorageError(f"{path}: reading failed: {(error.strerror or str(error)).lower()}.") from error
    return "installed" if hashlib.sha256(content).hexdigest() == entry.sha256 else "wrong digest"


def _from_folder(source: Path, entry: Entry) -> bytes:
    """The file from a folder, by the catalogue's name or, whatever it is called, by its digest."""
    named = source / entry.file
    candidates = [named] if named.is_file() else sorted(source.glob("*.xsd"))
    for path in candidates:
        content = path.read_bytes()
        if path == named or hashlib.sha256(content).hexdigest() == entry.sha256:
            return content
    raise UnreadableInput(f"{source} holds no {entry.file}.", remedy=f"Get it from {entry.address}")


def _fetched(fetch: Fetch | None, base: str, entry: Entry) -> bytes:
    if fetch is None:
        raise CouldNotFindOut("No way to fetch schemas was given.")
    return fetch(f"{base.rstrip('/')}/{entry.file}" if base else entry.address)


def _place(path: Path, content: bytes) -> None:
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise StorageError(f"{path}: writing failed: {(error.strerror or str(error)).lower()}.") from error
