"""OCFL inventories: read with suspicion, extended by a version, written in one way (OCFL 1.1 §3.5)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from archiver.model.shipment import Sender, ShippedFile
from archiver.model.values import Algorithm

LIMIT = 256 * 1024 * 1024  # bytes of one inventory.json
SPECS = ("1.0", "1.1")
CONTENT_ALGORITHMS: Mapping[str, Algorithm] = {"sha512": Algorithm.SHA512, "sha256": Algorithm.SHA256}
# The fixity block may use these of the algorithms a bag may state, by their OCFL names.
_FIXITY: Mapping[Algorithm, str] = {
    Algorithm.MD5: "md5",
    Algorithm.SHA1: "sha1",
    Algorithm.SHA256: "sha256",
    Algorithm.SHA512: "sha512",
    Algorithm.BLAKE2B: "blake2b-512",
}
_TYPE = "https://ocfl.io/{}/spec/#inventory"
_VERSION = re.compile(r"v(0{0,17})([1-9][0-9]{0,17})")  # more digits than any object has versions
_HEX = re.compile(r"[0-9A-Fa-f]+")
_KEYS = {"id", "type", "digestAlgorithm", "head", "contentDirectory", "manifest", "versions", "fixity"}


class InventoryFault(ValueError):
    """An inventory is not what OCFL asks; the message says how."""


@dataclass(frozen=True, slots=True)
class Inventory:
    """What an inventory.json says. Digests are kept as written; paths are relative to the object."""

    identifier: str
    spec: str
    algorithm: str  # "sha512" or "sha256"
    head: str
    content_directory: str  # "" when not stated: then it is "content"
    manifest: Mapping[str, tuple[str, ...]]  # digest → content paths
    versions: Mapping[str, Mapping[str, Any]]  # version → created, state, message, user
    fixity: Mapping[str, Mapping[str, tuple[str, ...]]]  # algorithm → digest → content paths

    @property
    def folder(self) -> str:
        """The name of the folder in a version that holds content."""
        return self.content_directory or "content"

    @property
    def content(self) -> dict[str, str]:
        """Every content path with its digest in lower case."""
        return {path: digest.lower() for digest, paths in self.manifest.items() for path in paths}

    def state(self, version: str) -> dict[str, str]:
        """Every logical path of a version with its digest in lower case."""
        state = self.versions[version]["state"]
        return {path: digest.lower() for digest, paths in state.items() for path in paths}

    @property
    def next_version(self) -> str:
        """The name of the version after the head, padded as the others are."""
        number = str(int(self.head[1:]) + 1)
        if not self.head.startswith("v0"):
            return f"v{number}"
        padded = number.zfill(len(self.head) - 1)
        if not padded.startswith("0"):
            raise InventoryFault(f"no version can follow {self.head}: the padding of its numbers leaves no room")
        return f"v{padded}"


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version to be made: the inventory with it, and the files of the package to copy, by content path."""

    inventory: Inventory
    copies: tuple[tuple[str, ShippedFile], ...]


def empty(identifier: str, spec: str) -> Inventory:
    """The inventory of an object without versions; it is never written."""
    return Inventory(identifier, spec, "sha512", "v0", "", {}, {}, {})


def extend(
    before: Inventory, files: Iterable[tuple[ShippedFile, str]], *, at: datetime, message: str, sender: Sender
) -> NewVersion:
    """The version that holds exactly `files`, each with its digest in the inventory's algorithm.

    Content the object holds already, in whatever version, is not copied again.
    """
    version = "v1" if before.head == "v0" else before.next_version
    spelled = {digest.lower(): digest for digest in before.manifest}
    manifest = dict(before.manifest)
    fixity = {name: dict(block) for name, block in before.fixity.items()}
    state: dict[str, list[str]] = {}
    copies: list[tuple[str, ShippedFile]] = []
    for file, hexdigest in files:
        digest = spelled.setdefault(hexdigest, hexdigest)
        state.setdefault(digest, []).append(file.path.value)
        if digest in manifest:
            continue
        path = f"{version}/{before.folder}/{file.path}"
        manifest[digest] = (path,)
        copies.append((path, file))
        _add_fixity(fixity, file, path, before.algorithm)
    made: dict[str, Any] = {"created": at.isoformat(timespec="seconds"), "message": message, "state": state}
    made["user"] = {"name": sender.name, "address": sender.address} if sender.address else {"name": sender.name}
    after = replace(before, head=version, manifest=manifest, versions={**before.versions, version: made}, fixity=fixity)
    return NewVersion(after, tuple(copies))


def _add_fixity(fixity: dict[str, dict[str, tuple[str, ...]]], file: ShippedFile, path: str, algorithm: str) -> None:
    for checksum in file.checksums:
        name = _FIXITY.get(checksum.algorithm)
        if name is None or name == algorithm:
            continue
        block = fixity.setdefault(name, {})
        spelled = next((digest for digest in (checksum.hexdigest, checksum.hexdigest.upper()) if digest in block), "")
        digest = spelled or checksum.hexdigest
        block[digest] = (*block.get(digest, ()), path)


def render(inventory: Inventory) -> bytes:
    """The bytes of inventory.json: UTF-8, digests and paths in order, LF at the end."""
    head: dict[str, Any] = {
        "id": inventory.identifier,
        "type": _TYPE.format(inventory.spec),
        "digestAlgorithm": inventory.algorithm,
        "head": inventory.head,
    }
    if inventory.content_directory:
        head["contentDirectory"] = inventory.content_directory
    body: dict[str, Any] = {"manifest": _ordered(inventory.manifest)}
    body["versions"] = {
        version: {**block, "state": _ordered(block["state"])} for version, block in inventory.versions.items()
    }
    if inventory.fixity:
        body["fixity"] = {name: _ordered(block) for name, block in sorted(inventory.fixity.items())}
    return (json.dumps({**head, **body}, ensure_ascii=False, indent=2) + "\n").encode()


def _ordered(block: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    return {digest: sorted(block[digest]) for digest in sorted(block)}


def sidecar(content: bytes, algorithm: str) -> bytes:
    """The bytes of the sidecar of an inventory.json."""
    return f"{hashlib.new(algorithm, content).hexdigest()} inventory.json\n".encode()


def is_of_sidecar(content: bytes, sidecar_content: bytes, algorithm: str) -> bool:
    """Whether a sidecar states the digest of this inventory.json."""
    match = re.fullmatch(rb"([0-9A-Fa-f]+)[ \t]+inventory\.json\n?", sidecar_content)
    return match is not None and match.group(1).decode().lower() == hashlib.new(algorithm, content).hexdigest()


def read(content: bytes) -> Inventory:
    """The inventory in the bytes of an inventory.json. Raises InventoryFault for what cannot be relied on."""
    try:
        table = json.loads(content.decode("utf-8"), object_pairs_hook=_without_twins)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise InventoryFault(f"it is no JSON: {error}") from error
    if not isinstance(table, dict):
        raise InventoryFault("it is no JSON object")
    unknown = sorted(table.keys() - _KEYS)
    missing = sorted(_KEYS - {"contentDirectory", "fixity"} - table.keys())
    if unknown or missing:
        raise InventoryFault(
            f"it lacks {', '.join(missing) or 'nothing'} and has {', '.join(unknown) or 'nothing'} too many"
        )
    spec = next((spec for spec in SPECS if table["type"] == _TYPE.format(spec)), None)
    if spec is None:
        raise InventoryFault(f"its type is {table['type']!r}, which is no inventory of OCFL {' or '.join(SPECS)}")
    inventory = Inventory(
        identifier=_text(table, "id"),
        spec=spec,
        algorithm=_text(table, "digestAlgorithm"),
        head=_text(table, "head"),
        content_directory=_text(table, "contentDirectory") if "contentDirectory" in table else "",
        manifest=_block(table["manifest"], "manifest"),
        versions=_versions(table["versions"]),
        fixity={
            name: _block(block, f"fixity {name}") for name, block in _table(table.get("fixity", {}), "fixity").items()
        },
    )
    _judge(inventory)
    return inventory


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("a key stands twice")
    return table


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table[key]
    if not isinstance(value, str) or not value:
        raise InventoryFault(f"{key} is {value!r}, and must be text")
    return value


def _table(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InventoryFault(f"{name} is no JSON object")
    return value


def _block(value: Any, name: str) -> dict[str, tuple[str, ...]]:
    block: dict[str, tuple[str, ...]] = {}
    folded: set[str] = set()
    for digest, paths in _table(value, name).items():
        if not isinstance(paths, list) or not paths or not all(isinstance(path, str) for path in paths):
            raise InventoryFault(f"{name}: {digest} has no list of paths")
        if not _HEX.fullmatch(digest) or digest.lower() in folded:
            raise InventoryFault(f"{name}: {digest!r} is no digest, or stands twice")
        unsafe = next((path for path in paths if set(path.split("/")) & {"", ".", ".."} or "\0" in path), None)
        if unsafe is not None:
            raise InventoryFault(f"{name}: {unsafe!r} is no path inside the object")
        folded.add(digest.lower())
        block[digest] = tuple(paths)
    every = [path for paths in block.values() for path in paths]
    if len(set(every)) != len(every) and not name.startswith("fixity"):
        raise InventoryFault(f"{name}: a path stands twice")
    return block


def _versions(value: Any) -> dict[str, dict[str, Any]]:
    versions: dict[str, dict[str, Any]] = {}
    for name, block in _table(value, "versions").items():
        version = _table(block, f"version {name}")
        if not isinstance(version.get("created"), str) or "state" not in version:
            raise InventoryFault(f"version {name} does not state created and state")
        versions[name] = {**version, "state": _block(version["state"], f"state of {name}")}
    return versions


def _judge(inventory: Inventory) -> None:
    """What must agree between the blocks of an inventory; raises InventoryFault."""
    if inventory.algorithm not in CONTENT_ALGORITHMS:
        raise InventoryFault(f"digestAlgorithm is {inventory.algorithm!r}, and must be sha512 or sha256")
    if "/" in inventory.folder or inventory.folder in {".", ".."}:
        raise InventoryFault(f"contentDirectory is {inventory.folder!r}, which is no name of a folder")
    names = sorted(inventory.versions, key=lambda name: (int(name[1:]) if _VERSION.fullmatch(name) else 0, name))
    numbers = [int(name[1:]) if _VERSION.fullmatch(name) else 0 for name in names]
    padded = {len(name) if name.startswith("v0") else 0 for name in names}
    if numbers != list(range(1, len(names) + 1)) or len(padded) != 1 or inventory.head != names[-1]:
        raise InventoryFault(f"its versions are {', '.join(names) or 'none'} and its head is {inventory.head}")
    length = CONTENT_ALGORITHMS[inventory.algorithm].hex_length
    known = {digest.lower() for digest in inventory.manifest}
    if any(len(digest) != length for digest in known):
        raise InventoryFault(f"a digest in the manifest is no {inventory.algorithm}")
    for path in inventory.content:
        version, _, rest = path.partition("/")
        if version not in inventory.versions or not rest.startswith(f"{inventory.folder}/"):
            raise InventoryFault(f"the manifest names {path!r}, which lies in the content of no version")
    for version in names:
        lost = sorted(set(inventory.state(version).values()) - known)
        if lost:
            raise InventoryFault(f"version {version} has {lost[0]}, which the manifest does not know")
