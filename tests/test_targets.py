"""Contract of every target on a file system, and the directory target in particular."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import bagit
import pytest
from shipments import DISPATCH, FILES, destination, make_bag, shipment, tree
from watching import Watcher

from archiver import plugs
from archiver.errors import DestinationTaken, SourceChanged, StorageError, UsageError
from archiver.model.package import Evidence, Holding
from archiver.model.shipment import Replica
from archiver.model.values import Algorithm
from archiver.targets.far_end import CopyDamaged

TARGETS = plugs.discover("archiver.targets", "TARGET")
KINDS = {target.kind: target for target in TARGETS.values()}
LOCAL = [pytest.param(KINDS[kind], id=kind) for kind in ("file", "ocfl")]
CHANGED = {**FILES, "original/0002.txt": b"two, corrected\n"}


def payload(place: Path, name: str) -> Path:
    """Where the copy keeps a payload file, in whatever layout."""
    found = [path for path in place.rglob(name) if "data" in path.parts]
    assert len(found) == 1
    return found[0]


def test_every_target_says_what_it_is() -> None:
    assert {"file", "ocfl"} <= KINDS.keys()
    assert len(KINDS) == len(TARGETS)
    for target in TARGETS.values():
        assert target.kind.isalnum() and callable(target.hold)
        assert all(key and meaning for key, meaning in target.options.items())


@pytest.mark.parametrize("target", LOCAL)
def test_holds_a_package_and_says_where(target, tmp_path: Path) -> None:
    goods = shipment(make_bag(tmp_path / "qinghe_2021-05-09"))
    before = tree(goods.bag.path)
    receipt = target.hold(goods, destination(target.kind, tmp_path / "there"), DISPATCH)
    assert receipt.holding is Holding.STORED
    assert receipt.evidence is Evidence.READ_BACK
    assert receipt.seal == goods.bag.seal
    assert receipt.identifier == "qinghe_2021-05-09"
    assert (receipt.files, receipt.size) == (len(goods.files), goods.size)
    assert Path(receipt.place).is_dir()
    assert tree(goods.bag.path) == before


@pytest.mark.parametrize("target", LOCAL)
def test_the_same_package_again_is_already_held_and_changes_nothing(target, tmp_path: Path) -> None:
    goods = shipment(make_bag(tmp_path / "bag"))
    where = destination(target.kind, tmp_path / "there")
    first = target.hold(goods, where, DISPATCH)
    before = tree(tmp_path / "there")
    again = target.hold(goods, where, DISPATCH)
    assert again.holding is Holding.ALREADY_HELD
    assert (again.place, again.version, again.seal) == (first.place, first.version, first.seal)
    assert tree(tmp_path / "there") == before


@pytest.mark.parametrize("target", LOCAL)
def test_same_package_same_bytes_there_with_one_worker_or_many(target, tmp_path: Path) -> None:
    goods = shipment(make_bag(tmp_path / "bag", {f"{number:03}.txt": b"%d" % number for number in range(60)}))
    for name, workers in (("a", 1), ("b", 4)):
        target.hold(goods, destination(target.kind, tmp_path / name), replace(DISPATCH, workers=workers))
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


@pytest.mark.parametrize("target", LOCAL)
def test_progress_ends_with_every_byte(target, tmp_path: Path) -> None:
    goods = shipment(make_bag(tmp_path / "bag"))
    watcher = Watcher()
    dispatch = replace(DISPATCH, progress=watcher, workers=3)
    target.hold(goods, destination(target.kind, tmp_path / "there"), dispatch)
    assert watcher.done[1] == watcher.expected[1] == goods.size
    assert watcher.steps == sorted(watcher.steps)


@pytest.mark.parametrize("target", LOCAL)
@pytest.mark.parametrize("harm", ["flip", "remove", "add", "link", "empty folder"])
def test_a_damaged_copy_is_never_called_held(target, harm: str, tmp_path: Path) -> None:
    goods = shipment(make_bag(tmp_path / "bag"))
    where = destination(target.kind, tmp_path / "there")
    target.hold(goods, where, DISPATCH)
    victim = payload(tmp_path / "there", "0002.txt")
    content = bytearray(victim.read_bytes())
    if harm == "flip":
        content[0] ^= 1
        victim.write_bytes(content)
    elif harm == "remove":
        victim.unlink()
    elif harm == "add":
        (victim.parent / "0003.txt").write_bytes(b"")
    elif harm == "link":
        victim.unlink()
        victim.symlink_to("/etc/hostname")
    else:
        (victim.parent / "void").mkdir()
    before = tree(tmp_path / "there")
    with pytest.raises(CopyDamaged) as caught:
        target.hold(goods, where, DISPATCH)
    assert tree(tmp_path / "there") == before
    replica = caught.value.replica
    assert isinstance(replica, Replica) and not replica.is_whole
    named = {"add": "0003.txt", "empty folder": "void/"}.get(harm, "0002.txt")
    assert [found.path.endswith(named) for found in replica.content] == [True]
    _, findings = plugs.run_checks("replica", replica, subject="bag")
    assert [found.code for found in findings] == ["TRA-001"]


@pytest.mark.parametrize("target", LOCAL)
def test_a_package_that_changed_since_it_was_measured_is_not_sent(target, tmp_path: Path) -> None:
    goods = shipment(make_bag(tmp_path / "bag"))
    (goods.bag.path / "data/original/0002.txt").write_bytes(b"twO\n")
    with pytest.raises(SourceChanged, match=r"0002\.txt"):
        target.hold(goods, destination(target.kind, tmp_path / "there"), DISPATCH)
    left = [path for path in (tmp_path / "there").rglob("*") if path.name.startswith(("0001", "bagit", "v1", ".bag"))]
    assert left == []


@pytest.mark.parametrize("target", LOCAL)
def test_a_place_that_cannot_be(target, tmp_path: Path) -> None:
    goods = shipment(make_bag(tmp_path / "bag"))
    with pytest.raises(UsageError, match="no folder"):
        target.hold(goods, destination(target.kind, tmp_path / "missing/deep"), DISPATCH)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DestinationTaken):
        target.hold(goods, destination(target.kind, tmp_path / "file"), DISPATCH)
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize("target", LOCAL)
@pytest.mark.parametrize("names", [("a%0Ab.txt", "青禾.txt"), ("e\u0301.txt", "x y.txt"), ("a" * 200 + ".txt", "-z")])
def test_names_arrive_as_they_are(target, names: tuple[str, ...], tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "包", {name: name.encode() for name in names})
    goods = shipment(bag)
    where = destination(target.kind, tmp_path / "there")
    target.hold(goods, where, DISPATCH)
    for name in names:
        assert payload(tmp_path / "there", name).read_bytes() == name.encode()
    assert target.hold(goods, where, DISPATCH).holding is Holding.ALREADY_HELD


@pytest.mark.parametrize("target", LOCAL)
def test_sealed_by_sha256_alone(target, tmp_path: Path) -> None:
    goods = shipment(make_bag(tmp_path / "bag", algorithms=["sha256"]), seal=Algorithm.SHA256)
    receipt = target.hold(goods, destination(target.kind, tmp_path / "there"), DISPATCH)
    assert str(receipt.seal).startswith("sha256:")


@pytest.mark.parametrize("target", LOCAL)
def test_a_full_disk_leaves_nothing_half_made(target, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    options = ["-t", "tmpfs", "-o", "size=256k,nr_inodes=200", "none", str(disk)]
    if os.geteuid() or subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
        pytest.skip("mounting a small disk needs special rights")
    try:
        small = shipment(make_bag(tmp_path / "small"))
        large = shipment(make_bag(tmp_path / "large", {"a.bin": b"x" * 300_000, "b.txt": b"b"}))
        where = destination(target.kind, disk / "there")
        target.hold(small, where, DISPATCH)
        before = tree(disk)
        with pytest.raises(StorageError, match="space") as caught:
            target.hold(large, where, DISPATCH)
        assert caught.value.exit_status == 3
        assert tree(disk) == before
        assert target.hold(small, where, DISPATCH).holding is Holding.ALREADY_HELD
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def _hold_as_nobody(target, bag: Path, where: Path, results) -> None:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    try:
        results.put((0, str(target.hold(shipment(bag), destination(target.kind, where), DISPATCH))))
    except StorageError as error:
        results.put((error.exit_status, error.message))


@pytest.mark.parametrize("target", LOCAL)
def test_a_place_without_the_right_to_write(target) -> None:
    if os.geteuid():
        pytest.skip("needs the right to act as another user")
    with tempfile.TemporaryDirectory() as name:  # pytest keeps its own folders from other users
        folder = Path(name)
        folder.chmod(0o755)
        where = folder / "there"
        target.hold(shipment(make_bag(folder / "bag")), destination(target.kind, where), DISPATCH)
        other = make_bag(folder / "other", CHANGED)
        before = tree(where)
        context = multiprocessing.get_context("fork")
        results = context.Queue()
        process = context.Process(target=_hold_as_nobody, args=(target, other, where, results))
        process.start()
        status, words = results.get(timeout=30)
        process.join()
        assert status == 3
        assert "permission denied" in words.lower()
        assert tree(where) == before


def test_directory_holds_the_very_bag(tmp_path: Path) -> None:
    bag = make_bag(tmp_path / "bag")
    receipt = KINDS["file"].hold(shipment(bag), destination("file", tmp_path / "there"), DISPATCH)
    assert tree(Path(receipt.place)) == tree(bag)
    assert bagit.Bag(receipt.place).validate()


def test_directory_refuses_another_package_of_the_name_and_says_both_seals(tmp_path: Path) -> None:
    first = shipment(make_bag(tmp_path / "bag"))
    where = destination("file", tmp_path / "there")
    KINDS["file"].hold(first, where, DISPATCH)
    second = shipment(make_bag(tmp_path / "bag", CHANGED))
    before = tree(tmp_path / "there")
    with pytest.raises(DestinationTaken) as caught:
        KINDS["file"].hold(second, where, DISPATCH)
    assert str(first.bag.seal) in caught.value.message
    assert str(second.bag.seal) in caught.value.message
    assert tree(tmp_path / "there") == before


def test_directory_refuses_what_is_no_package(tmp_path: Path) -> None:
    goods = shipment(make_bag(tmp_path / "bag"))
    (tmp_path / "there/bag").mkdir(parents=True)
    with pytest.raises(DestinationTaken, match=r"without tagmanifest-sha512\.txt"):
        KINDS["file"].hold(goods, destination("file", tmp_path / "there"), DISPATCH)
    assert list((tmp_path / "there/bag").iterdir()) == []


def test_a_listing_without_the_seal_is_no_shipment(tmp_path: Path) -> None:
    goods = shipment(make_bag(tmp_path / "bag"))
    with pytest.raises(ValueError, match=r"tagmanifest-sha512\.txt"):
        type(goods)(goods.bag, tuple(file for file in goods.files if file.path != goods.seal_file))
    with pytest.raises(ValueError, match=r"no sha512 is known of bagit\.txt"):
        stripped = type(goods.files[0])(goods.files[0].path, 1, ())
        type(goods)(goods.bag, (type(stripped)(type(stripped.path)("bagit.txt"), 1, ()), *goods.files[1:]))
