"""The OCFL target, judged by ocfl-py, and its layouts, judged by the examples of the extensions."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ocfl.layout_registry import get_layout
from ocfl.storage_root import StorageRoot
from ocfl.validator import Validator
from shipments import DISPATCH, FILES, destination, make_bag, shipment, tree

from archiver import plugs
from archiver.errors import ConfigurationError, DestinationTaken, StorageError, UsageError
from archiver.model.package import Holding
from archiver.targets.far_end import CopyDamaged
from archiver.targets.ocfl import TARGET, layouts
from archiver.targets.ocfl.inventory import InventoryFault, read
from archiver.targets.ocfl.layouts import Layout
from archiver.targets.ocfl.root import staging

CHANGED = {**FILES, "original/0002.txt": b"two, corrected\n"}
LONG = "abcdefghij" * 10 + "a"


def judged(folder: Path) -> str:
    """What ocfl-py says of one object: errors and warnings, or nothing."""
    validator = Validator(log_warnings=True)
    assert validator.validate_object(str(folder)) or validator.status_str()
    return validator.status_str()


def objects(root: Path) -> list[Path]:
    return sorted(path.parent for path in root.rglob("0=ocfl_object_*"))


def version_files(folder: Path, version: str) -> dict[str, bytes]:
    """The files of a version as its own inventory lists them: read without our code, digests compared."""
    table = json.loads((folder / version / "inventory.json").read_bytes())
    files = {}
    for digest, names in table["versions"][version]["state"].items():
        content = (folder / table["manifest"][digest][0]).read_bytes()
        assert hashlib.sha512(content).hexdigest() == digest
        files |= dict.fromkeys(names, content)
    return files


def bag_files(bag: Path) -> dict[str, bytes]:
    return {path.relative_to(bag).as_posix(): path.read_bytes() for path in bag.rglob("*") if path.is_file()}


@pytest.mark.parametrize("layout", ["0002", "0003", "0004"])
@pytest.mark.parametrize("name", ["qinghe_2021-05-09", "青禾时报_2021-05-09_第18期", "..hor:le-$id", "n" * 180])
def test_objects_are_valid_in_every_layout(layout: str, name: str, tmp_path: Path) -> None:
    goods = shipment(make_bag(tmp_path / name))
    receipt = TARGET.hold(goods, destination("ocfl", tmp_path / "root", layout=layout, prefix="urn:x:"), DISPATCH)
    assert objects(tmp_path / "root") == [Path(receipt.place)]
    assert judged(Path(receipt.place)) == ""
    assert version_files(Path(receipt.place), "v1") == bag_files(goods.bag.path)
    assert receipt.version == "v1"
    assert not (tmp_path / "root/extensions/archiver-staging").exists()


@pytest.mark.parametrize("layout", ["0002", "0003"])
def test_roots_are_valid(layout: str, tmp_path: Path) -> None:
    for name in ("one", "two", "三"):
        TARGET.hold(
            shipment(make_bag(tmp_path / name)), destination("ocfl", tmp_path / "root", layout=layout), DISPATCH
        )
    root = StorageRoot(root=str(tmp_path / "root"))
    root.open_root_fs()
    assert root.check_root_structure()
    assert root.layout_name == {"0002": layouts.FLAT, "0003": layouts.HASH_AND_ID}[layout]
    assert root.validate_hierarchy() == (3, 3, [])
    assert sorted(identifier for _, identifier in root.list_objects()) == ["one", "two", "三"]


def test_root_0004_has_nothing_but_objects(tmp_path: Path) -> None:
    """ocfl-py does not know layout 0004: it walks the hierarchy, and the places are compared with the rule itself."""
    for name in ("one", "two", "三"):
        TARGET.hold(shipment(make_bag(tmp_path / name)), destination("ocfl", tmp_path / "root"), DISPATCH)
    shutil.copytree(tmp_path / "root", tmp_path / "copy")
    (tmp_path / "copy/ocfl_layout.json").unlink()
    root = StorageRoot(root=str(tmp_path / "copy"))
    root.registered_extensions.append(layouts.HASHED)
    root.open_root_fs()
    assert root.check_root_structure()
    assert root.validate_hierarchy() == (3, 3, [])
    for name in ("one", "two", "三"):
        digest = hashlib.sha256(name.encode()).hexdigest()
        place = tmp_path / "root" / digest[:3] / digest[3:6] / digest[6:9] / digest
        assert json.loads((place / "inventory.json").read_bytes())["id"] == name


OBJECT_01 = "3c0ff4240c1e116dba14c7627f2319b58aa3d77606d0d90dfc6161608ac987d4"
HORRIBLE = "487326d8c2a3c0b885e23da1469b4d6671fd4e76978924b4443e9e3c316cda6d"
LONG_ENDS = "5cc73e648fbcff136510e330871180922ddacf193b68fdeff855683a01464220"
IN_PAIRS = "ff/75/53/44/92/48/5e/ab/b3/9f/86/35/67/28/88"


@pytest.mark.parametrize(
    ("layout", "identifier", "place"),
    [
        (Layout(layouts.HASHED), "object-01", f"3c0/ff4/240/{OBJECT_01}"),
        (Layout(layouts.HASHED, "md5", 2, 15, True), "object-01", f"{IN_PAIRS}/4e"),
        (Layout(layouts.HASHED, tuple_size=0, tuples=0), "..hor/rib:le-$id", HORRIBLE),
        (Layout(layouts.HASH_AND_ID), "..hor/rib:le-$id", "487/326/d8c/%2e%2ehor%2frib%3ale-%24id"),
        (Layout(layouts.HASH_AND_ID), "..Hor/rib:lè-$id", "373/529/21a/%2e%2eHor%2frib%3al%c3%a8-%24id"),
        (Layout(layouts.HASH_AND_ID, "md5", 2, 15), "object-01", f"{IN_PAIRS}/object-01"),
        (Layout(layouts.HASH_AND_ID), LONG, f"5cc/73e/648/{LONG[:100]}-{LONG_ENDS}"),
        (Layout(layouts.FLAT), "..hor_rib:lé-$id", "..hor_rib:lé-$id"),
    ],
)
def test_places_are_those_of_the_extensions(layout: Layout, identifier: str, place: str) -> None:
    assert "/".join(layout.place(identifier)) == place


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=150))
def test_places_of_0003_are_those_of_ocfl_py(identifier: str) -> None:
    known = get_layout(layouts.HASH_AND_ID)
    assert "/".join(Layout(layouts.HASH_AND_ID).place(identifier)) == known.identifier_to_path(identifier)


@pytest.mark.parametrize("identifier", ["a/b", "..", "extensions", "\udc80", "x" * 256])
def test_what_cannot_name_a_folder_has_no_place_in_0002(identifier: str) -> None:
    with pytest.raises(UsageError):
        Layout(layouts.FLAT).place(identifier)


def test_a_changed_package_is_the_next_version_and_shares_content(tmp_path: Path) -> None:
    where = destination("ocfl", tmp_path / "root", prefix="urn:x:")
    old = bag_files(make_bag(tmp_path / "bag"))
    first = TARGET.hold(shipment(tmp_path / "bag"), where, DISPATCH)
    new = bag_files(make_bag(tmp_path / "bag", CHANGED))
    second = TARGET.hold(shipment(tmp_path / "bag"), where, DISPATCH)
    assert (first.version, second.version) == ("v1", "v2")
    assert second.holding is Holding.NEW_VERSION
    folder = Path(second.place)
    assert folder == Path(first.place)
    assert judged(folder) == ""
    assert version_files(folder, "v1") == old
    assert version_files(folder, "v2") == new
    kept = [path for path in (folder / "v2/content").rglob("*") if path.is_file()]
    assert {path.read_bytes() for path in kept} == set(new.values()) - set(old.values())


def test_a_package_that_returns_to_what_it_was_needs_no_content(tmp_path: Path) -> None:
    where = destination("ocfl", tmp_path / "root", prefix="urn:x:")
    for files in (FILES, CHANGED, FILES):
        receipt = TARGET.hold(shipment(make_bag(tmp_path / "bag", files)), where, DISPATCH)
    folder = Path(receipt.place)
    assert receipt.version == "v3"
    assert sorted(path.name for path in (folder / "v3").iterdir()) == ["inventory.json", "inventory.json.sha512"]
    assert judged(folder) == ""
    assert version_files(folder, "v3") == version_files(folder, "v1")


def test_versions_beyond_nine(tmp_path: Path) -> None:
    where = destination("ocfl", tmp_path / "root", prefix="urn:x:")
    for number in range(11):
        receipt = TARGET.hold(shipment(make_bag(tmp_path / "bag", {"a.txt": b"%d" % number})), where, DISPATCH)
    assert receipt.version == "v11"
    assert judged(Path(receipt.place)) == ""


def test_the_inventory_says_who_when_and_why(tmp_path: Path) -> None:
    goods = shipment(make_bag(tmp_path / "bag"))
    receipt = TARGET.hold(goods, destination("ocfl", tmp_path / "root"), DISPATCH)
    table = json.loads((Path(receipt.place) / "inventory.json").read_bytes())
    version = table["versions"]["v1"]
    assert table["id"] == "bag"
    assert version["created"] == "2026-01-02T03:04:05+00:00"
    assert version["user"] == {"name": "Archive of Qinghe", "address": "mailto:archive@example.org"}
    assert str(goods.bag.seal) in version["message"]
    assert set(table["fixity"]) == {"sha256"}
    covered = [path for paths in table["fixity"]["sha256"].values() for path in paths]
    assert sorted(covered) == sorted(path for paths in table["manifest"].values() for path in paths)
    # The identifier itself is no URI, which OCFL would like; the option prefix makes it one.
    assert judged(Path(receipt.place)).startswith("[W005]")
    assert len(judged(Path(receipt.place)).splitlines()) == 1


def test_the_layout_of_a_root_is_kept(tmp_path: Path) -> None:
    where = tmp_path / "root"
    TARGET.hold(shipment(make_bag(tmp_path / "one")), destination("ocfl", where, layout="0003"), DISPATCH)
    receipt = TARGET.hold(shipment(make_bag(tmp_path / "two")), destination("ocfl", where, layout="0004"), DISPATCH)
    assert Path(receipt.place).name == "two"
    assert layouts.HASH_AND_ID in receipt.detail


def test_a_root_that_ocfl_py_made_is_used(tmp_path: Path) -> None:
    StorageRoot(root=str(tmp_path / "root"), layout_name=layouts.HASH_AND_ID).initialize(spec_version="1.0")
    receipt = TARGET.hold(shipment(make_bag(tmp_path / "bag")), destination("ocfl", tmp_path / "root"), DISPATCH)
    folder = Path(receipt.place)
    assert (folder / "0=ocfl_object_1.0").is_file()
    assert folder.name == "bag"
    assert Validator(log_warnings=False).validate_object(str(folder))


def lay_out(root: Path, extension: str, config: dict[str, Any] | None = None, declaration: str = "1.1") -> Path:
    (root / "extensions" / extension).mkdir(parents=True)
    (root / f"0=ocfl_{declaration}").write_text(f"ocfl_{declaration}\n")
    (root / "ocfl_layout.json").write_text(json.dumps({"extension": extension, "description": ""}))
    if config is not None:
        (root / "extensions" / extension / "config.json").write_text(json.dumps(config))
    return root


@pytest.mark.parametrize(
    ("extension", "config", "words"),
    [
        ("0007-n-tuple-omit-prefix-storage-layout", None, "not known here"),
        (layouts.HASHED, {"tupleSize": 33}, "tupleSize is 33"),
        (layouts.HASHED, {"tupleSize": 0}, "both must be"),
        (layouts.HASHED, {"tupleSize": 32, "numberOfTuples": 3}, "more than the 64 digits"),
        (layouts.HASHED, {"tupleSize": 32, "numberOfTuples": 2, "shortObjectRoot": True}, "leaves no name"),
        (layouts.HASHED, {"digestAlgorithm": "crc32"}, "crc32"),
        (layouts.HASHED, {"extensionName": "0003"}, "extensionName"),
        (layouts.HASHED, {"numberOfTuples": True}, "numberOfTuples is True"),
    ],
)
def test_a_root_we_cannot_follow_is_left_alone(extension: str, config: Any, words: str, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "root", extension, config)
    before = tree(root)
    with pytest.raises(UsageError, match=words):
        TARGET.hold(shipment(make_bag(tmp_path / "bag")), destination("ocfl", root), DISPATCH)
    assert tree(root) == before


def test_parameters_of_a_root_are_followed(tmp_path: Path) -> None:
    config = {"digestAlgorithm": "md5", "tupleSize": 2, "numberOfTuples": 15, "shortObjectRoot": True}
    root = lay_out(tmp_path / "root", layouts.HASHED, config)
    receipt = TARGET.hold(shipment(make_bag(tmp_path / "object-01")), destination("ocfl", root), DISPATCH)
    assert Path(receipt.place).relative_to(root).as_posix() == "ff/75/53/44/92/48/5e/ab/b3/9f/86/35/67/28/88/4e"


@pytest.mark.parametrize("declaration", ["2.0", "1.1x"])
def test_a_root_of_another_ocfl_is_left_alone(declaration: str, tmp_path: Path) -> None:
    root = lay_out(tmp_path / "root", layouts.HASHED, declaration=declaration)
    with pytest.raises(UsageError, match="no root of OCFL"):
        TARGET.hold(shipment(make_bag(tmp_path / "bag")), destination("ocfl", root), DISPATCH)


def test_a_root_without_a_layout_needs_one_named(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "0=ocfl_1.1").write_text("ocfl_1.1\n")
    goods = shipment(make_bag(tmp_path / "bag"))
    with pytest.raises(UsageError, match="does not state its layout"):
        TARGET.hold(goods, destination("ocfl", root), DISPATCH)
    receipt = TARGET.hold(goods, destination("ocfl", root, layout="0003"), DISPATCH)
    assert Path(receipt.place).name == "bag"
    assert not (root / "ocfl_layout.json").exists()


def test_an_unknown_layout_option() -> None:
    with pytest.raises(ConfigurationError, match="0009"):
        layouts.named("0009")


def test_a_folder_with_other_things_is_no_root(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/1.jpg").write_bytes(b"")
    with pytest.raises(DestinationTaken, match=r"1\.jpg"):
        TARGET.hold(shipment(make_bag(tmp_path / "bag")), destination("ocfl", tmp_path / "photos"), DISPATCH)
    assert list(tree(tmp_path / "photos")) == ["1.jpg"]


def test_no_root_inside_a_root(tmp_path: Path) -> None:
    lay_out(tmp_path / "root", layouts.HASHED)
    with pytest.raises(UsageError, match="inside"):
        TARGET.hold(shipment(make_bag(tmp_path / "bag")), destination("ocfl", tmp_path / "root/inner"), DISPATCH)


HARMS = {
    "sidecar": lambda folder: (folder / "inventory.json.sha512").write_text("0" * 128 + " inventory.json\n"),
    "no inventory": lambda folder: (folder / "inventory.json").unlink(),
    "no JSON": lambda folder: (folder / "inventory.json").write_bytes(b"{"),
    "no declaration": lambda folder: (folder / "0=ocfl_object_1.1").unlink(),
    "declaration": lambda folder: (folder / "0=ocfl_object_1.1").write_bytes(b"ocfl_object_1.0\n"),
    "stray file": lambda folder: (folder / "notes.txt").write_bytes(b""),
    "stray version": lambda folder: (folder / "v7").mkdir(),
    "lost version": lambda folder: shutil.rmtree(folder / "v1"),
    "version inventory": lambda folder: (folder / "v2/inventory.json").write_bytes(b"{}"),
    "older inventory": lambda folder: (folder / "v1/inventory.json").write_bytes(b"{}"),
    "older sidecar": lambda folder: (folder / "v1/inventory.json.sha512").unlink(),
}


@pytest.mark.parametrize("harm", sorted(HARMS))
def test_nothing_is_built_upon_a_damaged_object(harm: str, tmp_path: Path) -> None:
    where = destination("ocfl", tmp_path / "root", prefix="urn:x:")
    for files in (FILES, CHANGED):
        receipt = TARGET.hold(shipment(make_bag(tmp_path / "bag", files)), where, DISPATCH)
    HARMS[harm](Path(receipt.place))
    assert not Validator().validate_object(receipt.place)  # ocfl-py sees the damage too
    before = tree(tmp_path / "root")
    for files in (CHANGED, {"a.txt": b"third"}):
        with pytest.raises(CopyDamaged) as caught:
            TARGET.hold(shipment(make_bag(tmp_path / "bag", files)), where, DISPATCH)
        _, findings = plugs.run_checks("replica", caught.value.replica, subject="bag")
        assert "TRA-002" in {found.code for found in findings}
    assert tree(tmp_path / "root") == before


def test_every_flipped_bit_of_the_records_is_found(tmp_path: Path) -> None:
    """A sample of bits over inventory, sidecar and declaration; ids and digests must never be taken on trust."""
    where = destination("ocfl", tmp_path / "root", prefix="urn:x:")
    goods = shipment(make_bag(tmp_path / "bag", {"a.txt": b"a"}))
    folder = Path(TARGET.hold(goods, where, DISPATCH).place)
    flips = 0
    for name in ("inventory.json", "inventory.json.sha512", "0=ocfl_object_1.1", "v1/inventory.json"):
        content = (folder / name).read_bytes()
        for bit in range(0, 8 * len(content), max(1, len(content) // 5)):
            harmed = bytearray(content)
            harmed[bit // 8] ^= 1 << bit % 8
            (folder / name).write_bytes(harmed)
            if harmed.lower() != content and not (name.endswith("sha512") and harmed.split() == content.split()):
                with pytest.raises((CopyDamaged, StorageError)):
                    TARGET.hold(goods, where, DISPATCH)
                flips += 1
        (folder / name).write_bytes(content)
    assert flips > 100
    assert TARGET.hold(goods, where, DISPATCH).holding is Holding.ALREADY_HELD


def test_a_mutable_head_is_refused(tmp_path: Path) -> None:
    where = destination("ocfl", tmp_path / "root")
    goods = shipment(make_bag(tmp_path / "bag"))
    folder = Path(TARGET.hold(goods, where, DISPATCH).place)
    (folder / "extensions/0005-mutable-head/head").mkdir(parents=True)
    with pytest.raises(UsageError, match="mutable head"):
        TARGET.hold(goods, where, DISPATCH)


def test_another_object_in_the_place_is_refused(tmp_path: Path) -> None:
    where = destination("ocfl", tmp_path / "root", layout="0002")
    folder = Path(TARGET.hold(shipment(make_bag(tmp_path / "one")), where, DISPATCH).place)
    folder.rename(folder.with_name("two"))
    with pytest.raises(DestinationTaken, match="holds the object one, not two"):
        TARGET.hold(shipment(make_bag(tmp_path / "two")), where, DISPATCH)


def test_an_object_of_sha256_and_padded_versions_is_continued(tmp_path: Path) -> None:
    """As another tool may have made it: sha256, v0001, a content folder of its own name."""
    root = lay_out(tmp_path / "root", layouts.FLAT)
    folder = root / "urn:x:bag"
    (folder / "v0001/things").mkdir(parents=True)
    (folder / "v0001/things/old.txt").write_bytes(b"one\n")
    digest = hashlib.sha256(b"one\n").hexdigest().upper()
    table = {
        "id": "urn:x:bag",
        "type": "https://ocfl.io/1.1/spec/#inventory",
        "digestAlgorithm": "sha256",
        "head": "v0001",
        "contentDirectory": "things",
        "manifest": {digest: ["v0001/things/old.txt"]},
        "versions": {"v0001": {"created": "2020-01-01T00:00:00Z", "state": {digest: ["old.txt"]}}},
    }
    content = json.dumps(table).encode()
    for place in (folder, folder / "v0001"):
        (place / "inventory.json").write_bytes(content)
        (place / "inventory.json.sha256").write_text(f"{hashlib.sha256(content).hexdigest()} inventory.json\n")
    (folder / "0=ocfl_object_1.1").write_text("ocfl_object_1.1\n")
    assert Validator().validate_object(str(folder))
    goods = shipment(make_bag(tmp_path / "bag"))
    receipt = TARGET.hold(goods, destination("ocfl", root, prefix="urn:x:"), DISPATCH)
    assert receipt.version == "v0002"
    assert Validator().validate_object(str(folder))
    assert not (folder / "v0002/things/data/original/0001.txt").exists()  # held since v0001
    assert TARGET.hold(goods, destination("ocfl", root, prefix="urn:x:"), DISPATCH).holding is Holding.ALREADY_HELD


@pytest.mark.parametrize(
    "change",
    [
        {"head": "v2"},
        {"digestAlgorithm": "md5"},
        {"type": "https://ocfl.io/2.0/spec/#inventory"},
        {"id": ""},
        {"contentDirectory": ".."},
        {"manifest": []},
        {"manifest": {"0" * 128: ["../../etc/passwd"]}},
        {"manifest": {"0" * 128: ["v1/content/a", "v1/content/a"]}},
        {"manifest": {"ab" * 64: ["v1/content/a"], "AB" * 64: ["v1/content/b"]}},
        {"manifest": {"0" * 128: ["v9/content/a"]}},
        {"manifest": {"0" * 64: ["v1/content/a"]}},
        {"versions": {}},
        {"versions": {"v1": {"created": "x"}}},
        {"versions": {"v1": {"created": "x", "state": {"f" * 128: ["a"]}}}},
        {"stranger": 1},
    ],
)
def test_inventories_that_cannot_be_relied_on(change: dict[str, Any]) -> None:
    sound = {
        "id": "urn:x:1",
        "type": "https://ocfl.io/1.1/spec/#inventory",
        "digestAlgorithm": "sha512",
        "head": "v1",
        "manifest": {"0" * 128: ["v1/content/a"]},
        "versions": {"v1": {"created": "2020-01-01T00:00:00Z", "state": {"0" * 128: ["a"]}}},
    }
    assert read(json.dumps(sound).encode()).identifier == "urn:x:1"
    with pytest.raises(InventoryFault):
        read(json.dumps(sound | change).encode())


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_crash_the_reader_of_inventories(content: bytes) -> None:
    with pytest.raises(InventoryFault):
        read(content)


def test_one_archiver_at_a_time_on_an_object(tmp_path: Path) -> None:
    where = destination("ocfl", tmp_path / "root")
    goods = shipment(make_bag(tmp_path / "bag"))
    TARGET.hold(goods, where, DISPATCH)
    with staging(tmp_path / "root", "bag"), pytest.raises(DestinationTaken, match="at work"):
        TARGET.hold(goods, where, DISPATCH)
    assert TARGET.hold(goods, where, DISPATCH).holding is Holding.ALREADY_HELD
    assert [path.name for path in (tmp_path / "root/extensions").iterdir()] == [layouts.HASHED]


def _send(bag: Path, root: Path, results: Any) -> None:
    try:
        results.put(TARGET.hold(shipment(bag), destination("ocfl", root, prefix="urn:x:"), DISPATCH).holding.name)
    except DestinationTaken:
        results.put("REFUSED")


@pytest.mark.parametrize("count", [6])
def test_many_at_once_into_one_root(count: int, tmp_path: Path) -> None:
    bags = [make_bag(tmp_path / f"bag{number}") for number in range(count)]
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    work = [context.Process(target=_send, args=(bag, tmp_path / "root", results)) for bag in bags for _ in range(2)]
    for process in work:
        process.start()
    found = [results.get(timeout=60) for _ in work]
    for process in work:
        process.join()
    assert found.count("STORED") == count
    assert set(found) <= {"STORED", "ALREADY_HELD", "REFUSED"}
    held = objects(tmp_path / "root")
    assert len(held) == count
    assert all(judged(folder) == "" for folder in held)
    assert [path.name for path in (tmp_path / "root/extensions").iterdir()] == [layouts.HASHED]
