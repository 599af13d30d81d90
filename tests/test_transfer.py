"""Transfer as a whole: packages made by our writer, a register, targets, receipts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import bagit
import pytest
from shipments import make_bag, tree

from archiver.errors import ConfigurationError, RecordDamaged, UsageError
from archiver.model.package import Holding, SealedBag
from archiver.model.provenance import Accession, Event, EventOutcome, EventType
from archiver.model.report import Outcome, Verdict
from archiver.model.shipment import Destination, Sender
from archiver.model.values import PackagePath
from archiver.packages.bag import Bag, BagWriter
from archiver.register import Record, Register
from archiver.register.receipts import receipt_name
from archiver.transfer import Dock, find_destination, shipment_of, targets, transfer

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def clock() -> Callable[[], datetime]:
    """Time that goes on by a second whenever it is asked for."""
    ticks = iter(range(10_000))
    return lambda: NOW + timedelta(seconds=next(ticks))


class Desk:
    """A workspace with a register and one accessioned package."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.register = Register(root / "accessions")
        self.record = self.register.begin(Accession("", "deposit", NOW), fingerprint="5" * 64)
        self.package = self.make("qinghe_2021-05-09", {"a.txt": "甲\n".encode(), "b.txt": b"b\n"})
        self.dock = Dock(self.register, Sender("Archive"), "archiver", clock())

    def make(self, name: str, files: dict[str, bytes], number: str | None = None, state: bool = True) -> Path:
        place = self.root / "packages" / name
        if place.exists():
            shutil.rmtree(place)
        with BagWriter(place) as writer:
            for path, content in files.items():
                writer.write(content, PackagePath(f"data/{path}"))
            writer.seal([("Internal-Sender-Identifier", number or self.record.number), ("Bagging-Date", "2026-01-02")])
            sealed = writer.publish()
        if state:
            self.state(sealed)
        return place

    def state(self, sealed: SealedBag) -> None:
        made = Event(EventType.INFORMATION_PACKAGE_CREATION, NOW, EventOutcome.SUCCESS, "made")
        data = {"package": self.register.place(sealed.path), "identifier": sealed.identifier, "seal": str(sealed.seal)}
        self.record.append(made, data)

    def target(self, kind: str = "file") -> Destination:
        return Destination(f"{kind}:{self.root / 'there'}", kind, str(self.root / "there"))

    def events(self) -> list[tuple[str, str]]:
        return [(event.type, event.outcome) for event in Record(self.record.folder).events]

    def receipts(self) -> list[dict[str, object]]:
        return [json.loads(path.read_bytes()) for path in sorted((self.record.folder / "receipts").glob("*.json"))]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


KINDS = [pytest.param("file", id="directory"), pytest.param("ocfl", id="ocfl")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_package_is_transferred_and_receipted(desk: Desk, kind: str) -> None:
    before = tree(desk.package)
    report = transfer([desk.package], desk.target(kind), desk.dock)
    assert (report.verdict, report.exit_status, report.error) == (Verdict.PASSED, 0, "")
    receipt = report.receipts[0]
    assert receipt.holding is Holding.STORED
    assert receipt.seal == Bag.open(desk.package).seal() == report.packages[0].seal
    assert report.packages[0].note == ("stored v1" if kind == "ocfl" else "stored")
    assert desk.events()[-1] == ("tra", "suc")
    written = desk.receipts()
    assert [(one["identifier"], one["seal"], one["evidence"]) for one in written] == [
        ("qinghe_2021-05-09", str(receipt.seal), "read back")
    ]
    assert dict(Record(desk.record.folder).events[-1].data) == written[0]
    assert tree(desk.package) == before
    runs = {run.code: run.outcome for run in report.checks}
    assert runs["FIX-001"] is runs["TRA-001"] is runs["TRA-003"] is Outcome.PASSED
    assert runs["TRA-002"] is (Outcome.PASSED if kind == "ocfl" else Outcome.SKIPPED)


@pytest.mark.parametrize("kind", KINDS)
def test_again_is_a_fixity_check_of_the_copy(desk: Desk, kind: str) -> None:
    transfer([desk.package], desk.target(kind), desk.dock)
    report = transfer([desk.package], desk.target(kind), desk.dock)
    assert report.receipts[0].holding is Holding.ALREADY_HELD
    assert desk.events()[-2:] == [("tra", "suc"), ("fix", "suc")]
    assert len(desk.receipts()) == 1
    assert desk.receipts()[0]["holding"] == "already held"


def test_held_but_not_recorded_is_recorded_as_a_transfer(desk: Desk) -> None:
    """As after a kill between the publishing of the copy and the event."""
    transfer([desk.package], desk.target(), Dock(None, Sender("Archive"), "archiver", clock()))
    report = transfer([desk.package], desk.target(), desk.dock)
    assert report.receipts[0].holding is Holding.ALREADY_HELD
    assert desk.events()[-1] == ("tra", "suc")


@pytest.mark.parametrize("kind", KINDS)
def test_a_package_that_is_not_whole_stays_and_the_others_go(desk: Desk, kind: str) -> None:
    bad = desk.make("bad", {"a.txt": b"a"})
    (bad / "data/a.txt").write_bytes(b"b")
    good = desk.make("good", {"a.txt": b"a"})
    report = transfer([bad, good], desk.target(kind), desk.dock)
    assert report.exit_status == 1
    assert [line.note.split()[0] for line in report.packages] == ["not", "stored"]
    assert {found.code for found in report.findings} == {"FIX-001"}
    assert [receipt.identifier for receipt in report.receipts] == ["good"]
    assert any("not sent" in note for note in report.notes)
    assert desk.events()[-1] == ("tra", "suc")
    assert len(desk.receipts()) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_copy_is_found_recorded_and_left(desk: Desk, kind: str) -> None:
    transfer([desk.package], desk.target(kind), desk.dock)
    victim = next(path for path in (desk.root / "there").rglob("a.txt"))
    victim.write_bytes("乙\n".encode())
    before = tree(desk.root / "there")
    report = transfer([desk.package], desk.target(kind), desk.dock)
    assert report.exit_status == 1
    assert [found.code for found in report.findings] == ["TRA-001"]
    assert report.findings[0].path is not None and report.findings[0].path.endswith("data/a.txt")
    assert report.receipts == ()
    assert desk.events()[-1] == ("fix", "fai")
    assert desk.receipts()[0]["holding"] == "stored"
    assert tree(desk.root / "there") == before


def test_another_package_of_the_name_is_refused_with_both_seals(desk: Desk) -> None:
    transfer([desk.package], desk.target(), desk.dock)
    first = Bag.open(desk.package).seal()
    changed = desk.make(desk.package.name, {"a.txt": b"changed"})
    report = transfer([changed], desk.target(), desk.dock)
    assert (report.verdict, report.exit_status) == (Verdict.REFUSED, 2)
    assert str(first) in report.error and str(Bag.open(changed).seal()) in report.error
    assert {run.outcome for run in report.checks if run.code == "TRA-001"} == {Outcome.SKIPPED}


def test_a_changed_package_is_a_new_version_in_ocfl(desk: Desk) -> None:
    transfer([desk.package], desk.target("ocfl"), desk.dock)
    desk.make(desk.package.name, {"a.txt": b"changed"})
    report = transfer([desk.package], desk.target("ocfl"), desk.dock)
    assert (report.receipts[0].holding, report.receipts[0].version) == (Holding.NEW_VERSION, "v2")
    assert report.exit_status == 0
    assert desk.receipts()[0]["version"] == "v2"
    assert [event.data["version"] for event in Record(desk.record.folder).events if event.type == "tra"] == ["v1", "v2"]


def test_a_package_the_register_does_not_know_so_is_told(desk: Desk) -> None:
    desk.make(desk.package.name, {"a.txt": b"changed unseen"}, state=False)
    report = transfer([desk.package], desk.target(), desk.dock)
    assert [(found.code, found.severity.value) for found in report.findings] == [("TRA-003", "warning")]
    assert str(Bag.open(desk.package).seal()) in report.findings[0].message
    assert report.exit_status == 0


def test_packages_of_no_accession_are_held_without_record(desk: Desk) -> None:
    foreign = make_bag(desk.root / "foreign", {"a.txt": b"a"}, algorithms=["sha256"])
    stray = desk.make("stray", {"a.txt": b"a"}, number="1999.001", state=False)
    report = transfer([foreign, stray], desk.target("ocfl"), desk.dock)
    assert report.exit_status == 0
    assert [receipt.holding for receipt in report.receipts] == [Holding.STORED] * 2
    assert "names no accession" in report.notes[0]
    assert "1999.001" in report.notes[1]
    assert desk.events()[-1][0] == "ipc"


def test_what_cannot_be_packages(desk: Desk) -> None:
    (desk.root / "empty").mkdir()
    (desk.root / "file").write_bytes(b"")
    report = transfer([desk.root / "missing", desk.root / "file", desk.root / "empty"], desk.target(), desk.dock)
    assert report.exit_status == 2
    assert "missing" in report.error and "file" in report.error
    assert "BAG-001" in {found.code for found in report.findings}
    assert report.receipts == ()
    assert not (desk.root / "there").exists()


def test_a_copy_in_the_place_of_the_package_is_none(desk: Desk) -> None:
    packages = desk.package.parent
    for place in (packages, desk.package, desk.package / "data"):
        for kind in ("file", "ocfl"):
            if kind == "ocfl" and place == packages:
                continue
            report = transfer([desk.package], Destination("x", kind, str(place)), desk.dock)
            assert report.exit_status == 2
            assert "lies itself" in report.error
    assert bagit.Bag(str(desk.package)).validate()


def test_with_a_damaged_record_nothing_is_sent(desk: Desk) -> None:
    events = desk.record.folder / "events.jsonl"
    content = bytearray(events.read_bytes())
    content[40] ^= 1
    events.write_bytes(content)
    report = transfer([desk.package], desk.target(), desk.dock)
    assert report.exit_status == 3
    with pytest.raises(RecordDamaged):
        assert Record(desk.record.folder).events
    assert events.read_bytes() == content
    assert not (desk.root / "there").exists()


def test_relative_paths_and_trailing_slashes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.package)
    report = transfer([Path(".")], Destination("file:../../there", "file", "../../there"), desk.dock)
    assert report.exit_status == 0
    assert (desk.root / "there" / desk.package.name / "bagit.txt").is_file()
    assert report.packages[0].identifier == desk.package.name


def test_shipments_state_sha512_of_every_file(tmp_path: Path) -> None:
    bag = Bag.open(make_bag(tmp_path / "bag", algorithms=["sha256"]))
    goods = shipment_of(bag.contents(), bag.sealed())
    assert [str(file.path) for file in goods.files] == sorted(str(file.path) for file in goods.files)
    assert {str(file.path) for file in goods.files} == {
        name for name, content in tree(bag.path).items() if content is not None
    }
    assert all(len(file.sha512) == 128 for file in goods.files)


def test_names_and_addresses() -> None:
    vault = Destination("vault", "ocfl", "/mnt/vault", {"layout": "0003"})
    assert find_destination("vault", {"vault": vault}) == vault
    assert find_destination("vault", {"vault": vault}, {"prefix": "urn:x:"}).options == {
        "layout": "0003",
        "prefix": "urn:x:",
    }
    assert find_destination("ocfl:/a:b/青", {}) == Destination("ocfl:/a:b/青", "ocfl", "/a:b/青")
    for wrong in ("valt", "/mnt/vault", "ftp:x", "file:", ""):
        with pytest.raises(UsageError) as caught:
            find_destination(wrong, {"vault": vault})
        assert "file:DIR" in caught.value.message
    with pytest.raises(UsageError, match="Did you mean vault"):
        find_destination("valt", {"vault": vault})
    with pytest.raises(ConfigurationError, match="no option of kind file"):
        find_destination("file:x", {}, {"layout": "0003"})
    with pytest.raises(ConfigurationError, match="'tape'"):
        find_destination("old", {"old": Destination("old", "tape", "x")})
    assert set(targets()) >= {"file", "ocfl"}


def test_names_of_receipts_are_plain_and_apart() -> None:
    assert receipt_name("vault", "qinghe_2021-05-09") == "vault-qinghe_2021-05-09.json"
    odd = {receipt_name(target, "x") for target in ("file:/a/b", "file:/a-b", "file:/a b", "../..", "青", "a" * 300)}
    assert len(odd) == 6
    assert all(name.isascii() and "/" not in name and not name.startswith(".") and len(name) < 200 for name in odd)
