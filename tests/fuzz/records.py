"""What archiver keeps and reads again: accession records, events, OCFL inventories."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Hashable, Iterable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from archiver import plugs
from archiver.model.provenance import Accession, Event, EventOutcome, EventType, Organisation
from archiver.model.register import RecordFacts
from archiver.register import chain, statement
from archiver.targets.ocfl import inventory
from fuzz.settings import is_safe
from fuzz.target import Target, joined, no_check_crashes, parts, register, size_class

AT = datetime(2026, 1, 5, 9, 0, 0, tzinfo=timezone(timedelta(hours=8)))
ROOT = Path(__file__).resolve().parents[2]


def accession(data: bytes) -> Iterable[Hashable]:
    facts = statement.read(data)
    assert facts.digest == hashlib.sha256(data).hexdigest()
    assert (facts.accession is None) == bool(facts.problems)
    assert statement.is_whole(data) == (facts.closing == facts.closing_computed)
    if facts.accession is None:
        return {facts.problems[0][:24]}
    offset = facts.accession.begun.utcoffset()
    assert offset is not None
    if not offset.total_seconds() % 60:
        written = statement.render(facts.accession, facts.fingerprint)
        again = statement.read(written)
        assert again.accession == facts.accession, (again, facts)
        assert again.closing == again.closing_computed
        assert all(is_safe(line) for line in written.decode().split("\n"))
    return {statement.is_whole(data), bool(facts.accession.organisation.name)}


def record(data: bytes) -> Iterable[Hashable]:
    """accession.toml and events.jsonl, judged by every rule for records."""
    stated, events = parts(data, 2)
    lines, torn = chain.split(events)
    assert b"".join(lines) + torn == events
    found = chain.read_lines(lines)
    for line, facts in zip(lines, found, strict=True):
        assert (facts.event is None) == bool(facts.problem)
        if facts.event is not None:
            assert chain.canonical(json.loads(line)) == line
            assert facts.event.at.utcoffset() is not None
    known = RecordFacts(
        number="2026.001",
        shown="accessions/2026.001",
        statement=statement.read(stated) if stated else None,
        lines=found,
        torn=len(torn),
        tear_hides_event=chain.hides_event(torn),
    )
    damages = tuple(known.damages())
    for place, line_number in known.statements:
        assert isinstance(place.place, str)
        assert 1 <= line_number <= len(found)
    runs, _findings = plugs.run_checks("record", known, subject="x")
    no_check_crashes(runs)
    return {known.status, size_class(len(found)), len(damages) > 0, len(known.statements)}


def ocfl(data: bytes) -> Iterable[Hashable]:
    try:
        found = inventory.read(data)
    except inventory.InventoryFault as fault:
        return {str(fault)[:24]}
    for path in found.content:
        assert not path.startswith("/")
        assert not {"", ".", ".."} & set(path.split("/")), path
    for version in found.versions:
        for path in found.state(version):
            assert not {"", ".", ".."} & set(path.split("/")), path
    assert found.head in found.versions
    with contextlib.suppress(inventory.InventoryFault):
        assert found.next_version not in found.versions
    return {found.spec, found.algorithm, size_class(len(found.versions))}


def _statement() -> bytes:
    stated = Accession("2026.001", "deposit", AT, "甲", "2026/17", "", "", "", "Wen Xi", Organisation("Archive"))
    return statement.render(stated, "sha256:" + "0" * 64)


def _events() -> bytes:
    previous, content = hashlib.sha256(_statement()).hexdigest(), b""
    told = [
        (EventType.INGESTION_START, {}),
        (EventType.METADATA_MODIFICATION, {"package": "packages/x", "seal": "sha512:" + "0" * 128, "files": 3,
        "size": 9}),
        (EventType.TRANSFER, {"identifier": "x", "seal": "y", "place": "z", "version": "v1", "complete": True}),
        (EventType.INFORMATION_PACKAGE_CREATION, {"package": "packages/x", "seal": "sha512:00", "files": 3, "size": 9}),
    ]  # fmt: skip
    for number, (kind, data) in enumerate(told, 1):
        event = Event(kind, AT, EventOutcome.SUCCESS, "detail 甲", "note", ("a",), ("b",), ("c",))
        line = chain.render(event, data, sequence=number, previous=previous)
        previous, content = hashlib.sha256(line).hexdigest(), content + line
    return content


def _accession_seeds() -> Iterator[bytes]:
    yield _statement()
    yield _statement().replace(b"\n", b"\r\n")
    yield b'format = "archiver.accession/1"\nnumber = ""\nbegun = 2026-01-05T09:00:00Z\nsource = ""\nfingerprint = ""\n'


def _record_seeds() -> Iterator[bytes]:
    yield joined(_statement(), _events())
    yield joined(_statement(), _events()[:-1])
    yield joined(b"", _events())
    yield joined(b"", _events().split(b"\n")[0])


def _inventory_seeds() -> Iterator[bytes]:
    digest = "a" * 128
    version = {
        "created": "2026-01-05T09:00:00+08:00",
        "message": "m",
        "user": {"name": "n"},
        "state": {digest: ["a/b"]},
    }
    told = {
        "id": "urn:x",
        "type": "https://ocfl.io/1.1/spec/#inventory",
        "digestAlgorithm": "sha512",
        "head": "v1",
        "manifest": {digest: ["v1/content/a/b"]},
        "versions": {"v1": version},
        "fixity": {"md5": {"b" * 32: ["v1/content/a/b"]}},
    }
    yield json.dumps(told).encode()
    more = {**told, "head": "v02", "versions": {"v01": version, "v02": version}, "contentDirectory": "c"}
    yield json.dumps(more).replace("v1/content", "v01/c").encode()


_WORDS = (b"\n--8<--\n", b'"seal":', b'"package":', b'"data":{', b'"files":', b'"size":', b'"replaces":', b'"place":',
          b"null", b"NaN", b"1e999", b"\\ud800", b"[]", b"{}", b"\xe2\x80\xae",
          b"2026-01-05T09:00:00+08:00:01")  # fmt: skip
_INVENTORY_WORDS = (b'"v1"', b'"v0001"', b'"manifest"', b'"versions"', b'"state"', b'"head"', b'"../x"', b"v1/content/",
                    b'"fixity"', b'"user"', b'"contentDirectory"', b"sha256", b"null", b"[]", b"{}")  # fmt: skip

register(Target("accession", accession, _accession_seeds, (*_WORDS, b'"""', b"begun = ", b"[organisation]"), 4096))
register(Target("record", record, _record_seeds, _WORDS, 8192))
register(Target("ocfl-inventory", ocfl, _inventory_seeds, _INVENTORY_WORDS, 4096))
