"""Updates of bags: what may change, what is refused, what the events say, and that the payload is never touched."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import bagit
import pytest
from bags import BagBuilder, codes, digest, lines_of, tree

from archiver.errors import CouldNotFindOut, DestinationTaken, SourceChanged, UsageError
from archiver.fixity.measure import stamp
from archiver.fixity.staging import Staging
from archiver.model.progress import Unwatched
from archiver.model.provenance import Agent, AgentKind
from archiver.model.report import Report, Severity
from archiver.model.values import Algorithm
from archiver.packages.bag import Bag
from archiver.packages.bag.resealing import Resealing, Way
from archiver.updating import Revision, Updating, update_bag

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)
ARCHIVER = Agent("archiver", AgentKind.SOFTWARE, "archiver", "1.2.3")
WAYS: dict[str, Sequence[Way]] = {
    "exchange": tuple(Way),
    "renames": (Way.RENAMES, Way.MOVE),
    "move": (Way.MOVE,),
}
each_way = pytest.mark.parametrize("ways", WAYS.values(), ids=WAYS)


NOTHING = Revision()


def update(bag: Path, revision: Revision = NOTHING, **settings: Any) -> Report:
    given = {"now": lambda: NOW, "software": ARCHIVER, "reason": "a test", **settings}
    return update_bag(bag, revision, Updating(**given))


def events(bag: Path) -> list[dict[str, Any]]:
    path = bag / "update-events.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def payload(bag: Path) -> dict[str, tuple[bytes, int, int, int]]:
    """Bytes, inode, time and number of names of every payload file."""
    found = {}
    for path in sorted((bag / "data").rglob("*")):
        if path.is_file():
            status = path.stat()
            found[str(path.relative_to(bag))] = (
                path.read_bytes(), status.st_ino, status.st_mtime_ns, status.st_nlink,
            )  # fmt: skip
    return found


def seal(bag: Path) -> str:
    return str(Bag.open(bag).seal())


def is_valid(bag: Path) -> bool:
    """Both referees say so, ours without a warning about tag files."""
    assert bagit.Bag(str(bag)).is_valid()
    return codes(bag, Severity.WARNING) == set()


def changes(bag: Path) -> list[tuple[str, str]]:
    return [(each["path"], each["change"]) for each in events(bag)[-1]["data"]["tag_files"]]


@each_way
def test_a_changed_tag_file_is_sealed_again_and_the_payload_is_the_same_files(tmp_path: Path, ways: Any) -> None:
    bag = BagBuilder(tag_files={"about/letter.txt": b"Dear archive"}).build(tmp_path / "bag")
    before, sealed = payload(bag), seal(bag)
    (bag / "about/letter.txt").write_bytes(b"Dear archivist")
    (bag / "note.txt").write_bytes(b"new")
    report = update(bag, reason="the letter was mistyped", ways=ways)
    assert report.exit_status == 0, report
    assert payload(bag) == before
    assert is_valid(bag)
    assert (bag / "about/letter.txt").read_bytes() == b"Dear archivist"
    assert os.listdir(tmp_path) == ["bag"]
    (event,) = events(bag)
    assert event["data"]["seal_before"] == sealed
    assert event["data"]["reason"] == "the letter was mistyped"
    assert event["data"]["software"] == "archiver 1.2.3"
    assert event["at"] == "2026-01-05T01:00:00+00:00"
    assert event["data"]["tag_files"] == [
        {
            "path": "about/letter.txt",
            "change": "changed",
            "before": f"sha512:{digest(b'Dear archive')}",
            "after": f"sha512:{digest(b'Dear archivist')}",
        },
        {"path": "note.txt", "change": "added", "before": "", "after": f"sha512:{digest(b'new')}"},
    ]
    assert str(report.packages[0].seal) == seal(bag) != sealed


def test_a_removed_tag_file_is_told_with_its_old_digest(tmp_path: Path) -> None:
    bag = BagBuilder(tag_files={"about/letter.txt": b"Dear archive"}).build(tmp_path / "bag")
    (bag / "about/letter.txt").unlink()
    (bag / "about").rmdir()
    assert update(bag).exit_status == 0
    assert changes(bag) == [("about/letter.txt", "removed")]
    assert events(bag)[0]["data"]["tag_files"][0]["before"] == f"sha512:{digest(b'Dear archive')}"
    assert is_valid(bag)


def test_the_events_are_a_chain_that_can_be_checked_by_hand(tmp_path: Path) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    seals = [seal(bag)]
    for number in range(3):
        (bag / "note.txt").write_text(f"version {number}")
        assert update(bag, reason=f"reason {number}").exit_status == 0
        seals.append(seal(bag))
    lines = (bag / "update-events.jsonl").read_bytes().splitlines(keepends=True)
    assert [event["data"]["seal_before"] for event in events(bag)] == seals[:3]
    assert [event["sequence"] for event in events(bag)] == [1, 2, 3]
    assert [event["previous"] for event in events(bag)] == [
        "",
        *(hashlib.sha256(line).hexdigest() for line in lines[:2]),
    ]
    assert is_valid(bag)


def test_nothing_changed_means_nothing_written(tmp_path: Path) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    stamps = {path: path.stat() for path in [bag, *bag.rglob("*")]}
    report = update(bag, Revision(add_algorithms=(Algorithm.SHA512,), drop_algorithms=("md5",)))
    assert report.exit_status == 0
    assert report.packages[0].note == "nothing to update"
    assert "The bag has no manifest of the algorithm 'md5' to drop." in report.notes
    after = {path: path.stat() for path in [bag, *bag.rglob("*")]}
    assert {path: (one.st_ino, one.st_mtime_ns, one.st_ctime_ns) for path, one in stamps.items()} == {
        path: (one.st_ino, one.st_mtime_ns, one.st_ctime_ns) for path, one in after.items()
    }
    assert os.listdir(tmp_path) == ["bag"]


def test_a_dry_run_tells_the_same_and_writes_nothing(tmp_path: Path) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    (bag / "note.txt").write_bytes(b"new")
    before = tree(bag)
    revision = Revision(add_algorithms=(Algorithm.BLAKE2B,))
    told = update(bag, revision, dry_run=True, reason="")
    assert told.exit_status == 0
    assert tree(bag) == before
    assert os.listdir(tmp_path) == ["bag"]
    done = update(bag, revision)
    assert (
        [note for note in told.notes if ": added" in note] == [note for note in done.notes if ": added" in note] != []
    )


def test_an_update_needs_a_reason(tmp_path: Path) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    (bag / "note.txt").write_bytes(b"new")
    with pytest.raises(UsageError, match="needs a reason"):
        update(bag, reason="  ")
    assert events(bag) == []


def spoil_payload(bag: Path) -> None:
    (bag / "data/a.txt").write_bytes(b"other")


def lose_payload(bag: Path) -> None:
    (bag / "data/a.txt").unlink()


def add_payload(bag: Path) -> None:
    (bag / "data/new.txt").write_bytes(b"new")


def spoil_payload_and_manifests(bag: Path) -> None:
    spoil_payload(bag)
    for name in ("sha256", "sha512"):
        manifest = bag / f"manifest-{name}.txt"
        text = manifest.read_text()
        manifest.write_text(text.replace(digest(b"first", name), digest(b"other", name)))


def lose_manifest(bag: Path) -> None:
    (bag / "manifest-sha256.txt").unlink()


def add_manifest(bag: Path) -> None:
    rows = [(digest(b"first", "md5"), "data/a.txt"), (digest(b"second", "md5"), "data/b/c.txt")]
    (bag / "manifest-md5.txt").write_bytes(lines_of(rows))


def lower_version(bag: Path) -> None:
    (bag / "bagit.txt").write_text("BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n")


def plant_link(bag: Path) -> None:
    (bag / "note.txt").symlink_to("/etc/hostname")


def lose_declaration(bag: Path) -> None:
    (bag / "bagit.txt").unlink()


def malform_info(bag: Path) -> None:
    (bag / "bag-info.txt").write_text("no label\n")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (spoil_payload, "FIX-001"),
        (lose_payload, "BAG-013"),
        (add_payload, "BAG-014"),
        (spoil_payload_and_manifests, "UPD-001"),
        (lose_manifest, "UPD-001"),
        (add_manifest, "UPD-001"),
        (lower_version, "UPD-001"),
        (plant_link, "BAG-023"),
        (lose_declaration, "BAG-001"),
        (malform_info, "BAG-018"),
    ],
)
@pytest.mark.parametrize("copied", [False, True], ids=["in place", "copied"])
def test_what_no_update_may_seal_is_a_finding_and_nothing_is_written(
    tmp_path: Path, spoil: Any, code: str, copied: bool
) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    spoil(bag)
    (bag / "other.txt").write_bytes(b"and a change that is allowed")
    before = tree(bag)
    report = update(bag, destination=tmp_path / "copy" if copied else None)
    assert report.exit_status == 1
    assert code in {found.code for found in report.findings if found.severity is Severity.ERROR}
    assert tree(bag) == before
    assert os.listdir(tmp_path) == ["bag"]


def edit(text: str) -> str:
    return text.replace("a test", "no test")


def cut(text: str) -> str:
    return text[:-2]


@pytest.mark.parametrize("spoil", [edit, cut, lambda _text: "", lambda text: text + text, lambda _text: "words\n"])
def test_events_are_only_ever_added(tmp_path: Path, spoil: Any) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    (bag / "note.txt").write_bytes(b"new")
    update(bag)
    path = bag / "update-events.jsonl"
    path.write_text(spoil(path.read_text()))
    before = tree(bag)
    report = update(bag)
    assert report.exit_status == 1
    assert {found.code for found in report.findings if found.severity is Severity.ERROR} == {"UPD-002"}
    assert tree(bag) == before


def test_a_lost_file_of_events_is_a_finding(tmp_path: Path) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    (bag / "note.txt").write_bytes(b"new")
    update(bag)
    (bag / "update-events.jsonl").unlink()
    assert [found.code for found in update(bag).findings if found.severity is Severity.ERROR] == ["UPD-002"]


def test_algorithms_are_added_and_dropped_in_the_same_run(tmp_path: Path) -> None:
    bag = BagBuilder(algorithms=("md5", "sha1")).build(tmp_path / "bag")
    before = payload(bag)
    revision = Revision(add_algorithms=(Algorithm.SHA512, Algorithm.SHA3_256), drop_algorithms=("md5", "sha1"))
    report = update(bag, revision)
    assert report.exit_status == 0, report
    names = sorted(path.name for path in bag.glob("*manifest-*.txt"))
    assert names == [
        "manifest-sha3256.txt", "manifest-sha512.txt", "tagmanifest-sha3256.txt", "tagmanifest-sha512.txt",
    ]  # fmt: skip
    rows = dict(reversed(line.split("  ", 1)) for line in (bag / "manifest-sha3256.txt").read_text().splitlines())
    assert rows == {path: hashlib.sha3_256(content).hexdigest() for path, (content, *_rest) in before.items()}
    assert codes(bag, Severity.WARNING) == set()
    assert payload(bag) == before
    assert ("manifest-md5.txt", "removed") in changes(bag)
    assert ("manifest-sha512.txt", "added") in changes(bag)


@pytest.mark.parametrize("dropped", [("sha512", "sha256"), ("SHA-512", "sha256", "md5")])
def test_the_last_algorithm_that_is_evidence_stays(tmp_path: Path, dropped: tuple[str, ...]) -> None:
    bag = BagBuilder(algorithms=("md5", "sha256", "sha512")).build(tmp_path / "bag")
    before = tree(bag)
    with pytest.raises(UsageError, match="accepted as evidence"):
        update(bag, Revision(drop_algorithms=dropped))
    assert tree(bag) == before
    assert os.listdir(tmp_path) == ["bag"]


def test_a_bag_without_tag_manifests_gets_them(tmp_path: Path) -> None:
    bag = BagBuilder(tag_manifests=False).build(tmp_path / "bag")
    report = update(bag, reason="sealed for the first time")
    assert report.exit_status == 0, report
    assert is_valid(bag)
    assert events(bag)[0]["data"]["seal_before"] == ""
    assert ("manifest-sha512.txt", "added") in changes(bag)


def test_a_tag_manifest_of_an_unknown_algorithm_is_dropped_or_nothing_is_done(tmp_path: Path) -> None:
    bag = BagBuilder(tag_files={"tagmanifest-tiger.txt": b"abc  bagit.txt\n"}).build(tmp_path / "bag")
    with pytest.raises(UsageError, match="tiger"):
        update(bag)
    assert update(bag, Revision(drop_algorithms=("tiger",)), fail_on=Severity.ERROR).exit_status == 0
    assert not (bag / "tagmanifest-tiger.txt").exists()


def test_elements_of_bag_info_are_changed_and_every_other_byte_stays(tmp_path: Path) -> None:
    info = "\ufeffSource-Organization: The\r\n  library\r\nContact-Name: A\r\nOdd: 1\r\ncontact-name: B\r\nLast: x"
    bag = BagBuilder(version="0.97", tag_files={"bag-info.txt": info.encode()}).build(tmp_path / "bag")
    revision = Revision(
        remove_info=("Odd",),
        set_info=(("Contact-Name", "C"),),
        add_info=(("New", "one"), ("New", "two"), ("Last", "x")),
    )
    assert update(bag, revision).exit_status == 0
    wanted = "\ufeffSource-Organization: The\r\n  library\r\nContact-Name: C\r\nLast: x\r\nNew: one\r\nNew: two\r\n"
    assert (bag / "bag-info.txt").read_bytes().decode() == wanted
    assert changes(bag) == [("bag-info.txt", "changed")]
    again = update(bag, revision)
    assert again.packages[0].note == "nothing to update"


@pytest.mark.parametrize("tag", [("", "x"), ("A:B", "x"), ("A\nB", "x"), ("A", "\n"), ("A", "")])
def test_what_is_no_element_is_refused(tmp_path: Path, tag: tuple[str, str]) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    before = tree(bag)
    with pytest.raises(UsageError):
        update(bag, Revision(add_info=(tag,)))
    assert tree(bag) == before


def test_a_value_cannot_become_a_label(tmp_path: Path) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    update(bag, Revision(add_info=(("Note", "a\nPayload-Oxum: 1.1"),)))
    assert Bag.open(bag).info[-1] == ("Note", "a Payload-Oxum: 1.1")


def test_a_wrong_payload_oxum_is_put_right_and_the_event_says_so(tmp_path: Path) -> None:
    info = (("Bag-Size", "260 GB"), ("Bagging-Date", "2001-01-01"))
    bag = BagBuilder(oxum="1.1", info=info).build(tmp_path / "bag")
    report = update(bag)
    assert report.exit_status == 0
    assert Bag.open(bag).info == [("Bag-Size", "11 B"), ("Bagging-Date", "2001-01-01"), ("Payload-Oxum", "11.2")]
    (said,) = events(bag)[0]["data"]["done"]
    assert "1.1" in said
    assert "11.2" in said
    assert said in report.notes


@pytest.mark.parametrize("version", ["0.93", "0.94", "0.95", "0.96", "0.97"])
def test_bags_of_earlier_versions_keep_theirs_or_become_1_0(tmp_path: Path, version: str) -> None:
    name = "package-info.txt" if version < "0.96" else "bag-info.txt"
    names = {"a%b.txt": b"percent", "c\nd.txt": b"line", "é.txt": b"accent"}
    written = {digest(content, "md5"): f"data/{path}" for path, content in names.items()}
    rows = "".join(f"{found}  {path}\n" for found, path in sorted(written.items())).replace("c\nd", "c%0Ad")
    builder = BagBuilder(
        payload=names,
        algorithms=("md5",),
        version=version,
        encoding="ISO-8859-1",
        tag_files={
            "bag-info.txt": None,
            name: "Source-Organization :  Bibliothèque\nContact-Name:A\n".encode("latin-1"),
            "manifest-md5.txt": rows.encode("latin-1"),
        },
    )
    kept = builder.build(tmp_path / "kept")
    shutil.copytree(kept, tmp_path / "raised")
    assert update(kept, Revision(add_algorithms=(Algorithm.SHA256,))).exit_status == 0
    content = (kept / "manifest-sha256.txt").read_bytes()
    assert f"{digest(b'percent', 'sha256')}  data/a%b.txt\n".encode() in content
    assert f"{digest(b'line', 'sha256')}  data/c%0Ad.txt\n".encode() in content
    assert f"{digest(b'accent', 'sha256')}  data/é.txt\n".encode("latin-1") in content
    assert codes(kept) == set()
    assert (kept / "bagit.txt").read_text().startswith(f"BagIt-Version: {version}\n")

    raised = tmp_path / "raised"
    before = payload(raised)
    report = update(raised, Revision(add_algorithms=(Algorithm.SHA256,), drop_algorithms=("md5",), to_1_0=True))
    assert report.exit_status == 0, report
    assert payload(raised) == before
    assert codes(raised, Severity.WARNING) == set()
    assert (raised / "bagit.txt").read_text() == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    assert (raised / "bag-info.txt").read_text() == "Source-Organization: Bibliothèque\nContact-Name: A\n"
    assert "data/a%25b.txt\n" in (raised / "manifest-sha256.txt").read_text()
    assert not (raised / "package-info.txt").exists()
    assert any("becomes 1.0" in said for said in events(raised)[0]["data"]["done"])


def test_a_name_that_the_old_encoding_cannot_hold_needs_1_0(tmp_path: Path) -> None:
    bag = BagBuilder(version="0.97", encoding="ISO-8859-1").build(tmp_path / "bag")
    with pytest.raises(UsageError, match="cannot hold") as refused:
        update(bag, Revision(add_info=(("Title", "青河"),)))
    assert "--to-1.0" in refused.value.remedy
    assert update(bag, Revision(add_info=(("Title", "青河"),), to_1_0=True)).exit_status == 0
    assert is_valid(bag)


def test_names_keep_the_form_that_the_manifests_give_them(tmp_path: Path) -> None:
    composed, decomposed = "data/\u00e9.txt", "data/e\u0301.txt"
    rows = lines_of([(digest(b"x", "sha256"), composed)])
    bag = BagBuilder(
        payload={decomposed.removeprefix("data/"): b"x"},
        algorithms=("sha256",),
        tag_files={"manifest-sha256.txt": rows},
    ).build(tmp_path / "bag")
    assert update(bag, Revision(add_algorithms=(Algorithm.SHA512,))).exit_status == 0
    assert (bag / "manifest-sha512.txt").read_bytes() == lines_of([(digest(b"x"), composed)])
    assert (bag / decomposed).exists()


def test_a_copy_is_updated_and_the_bag_stays(tmp_path: Path) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    (bag / "note.txt").write_bytes(b"new")
    before = tree(bag)
    copy = tmp_path / "places" / "copy"
    report = update(bag, Revision(add_algorithms=(Algorithm.SHA3_512,)), destination=copy)
    assert report.exit_status == 0, report
    assert tree(bag) == before
    assert codes(copy, Severity.WARNING) == set()
    assert events(copy)[0]["data"]["seal_before"] == seal(bag)
    assert {path: content for path, content in tree(copy).items() if path.startswith("data/")} == {
        path: content for path, content in before.items() if path.startswith("data/")
    }
    with pytest.raises(DestinationTaken):
        update(bag, destination=copy)
    with pytest.raises(UsageError, match="inside"):
        update(bag, destination=bag / "copy")


def test_two_runs_at_once_are_kept_apart(tmp_path: Path) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    (bag / "note.txt").write_bytes(b"new")
    other = Staging(bag)
    other.take_lock()
    try:
        with pytest.raises(DestinationTaken, match="Another run"):
            update(bag)
    finally:
        other.release()
    assert update(bag).exit_status == 0


class Meddler(Unwatched):
    """Somebody who writes to the bag when the work says these words."""

    def __init__(self, words: str, path: Path, content: bytes) -> None:
        self.words, self.path, self.content = words, path, content

    def say(self, words: str) -> None:
        if words.startswith(self.words):
            self.path.write_bytes(self.content)


@each_way
@pytest.mark.parametrize("name", ["data/a.txt", "note.txt"])
def test_a_file_that_changes_meanwhile_ends_the_update(tmp_path: Path, ways: Any, name: str) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    (bag / "note.txt").write_bytes(b"12345")
    sealed = seal(bag)
    with pytest.raises(SourceChanged):
        update(bag, ways=ways, progress=Meddler("Sealing", bag / name, b"54321"))
    assert seal(bag) == sealed
    assert os.listdir(tmp_path) == ["bag"]


@each_way
@pytest.mark.parametrize("name", ["data/late.txt", "late.txt"])
def test_a_file_that_comes_meanwhile_ends_the_update_and_is_not_lost(tmp_path: Path, ways: Any, name: str) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    sealed = seal(bag)
    (bag / "note.txt").write_bytes(b"new")
    with pytest.raises(SourceChanged, match="has come"):
        update(bag, ways=ways, progress=Meddler("Sealing", bag / name, b"late"))
    assert seal(bag) == sealed
    assert (bag / name).read_bytes() == b"late"
    assert os.listdir(tmp_path) == ["bag"]


@pytest.mark.parametrize("name", ["data/late.txt", "late.txt"])
def test_what_came_to_the_older_folder_at_the_last_moment_is_kept(tmp_path: Path, name: str) -> None:
    """As when a program had the folder open while the names were exchanged."""
    bag = BagBuilder().build(tmp_path / "bag")
    (bag / "note.txt").write_bytes(b"new")
    with Resealing(bag) as work:
        contents = Bag.open(bag).contents()
        stamps = {path: stamp(bag / path) for path in (*contents.payload, *contents.tag_files)}
        work.build(contents, {"bag-info.txt"}, stamps)
        work.write("bag-info.txt", b"Contact-Name: A\n")
        work.publish()
        (work.folder / name).write_bytes(b"late")
        with pytest.raises(CouldNotFindOut, match="is not in"):
            work.clear()
    assert (tmp_path / ".bag.update" / name).read_bytes() == b"late"
    assert (bag / "bag-info.txt").read_bytes() == b"Contact-Name: A\n"


@each_way
def test_modes_and_times_of_folders_stay(tmp_path: Path, ways: Any) -> None:
    bag = BagBuilder(tag_files={"about/x.txt": b"x"}).build(tmp_path / "bag")
    (bag / "bag-info.txt").chmod(0o640)
    (bag / "data/empty").mkdir()
    for folder in ("data/b", "data/empty", "data", "about"):
        os.utime(bag / folder, ns=(10**18, 10**18))
        (bag / folder).chmod(0o555)
    bag.chmod(0o550)
    assert update(bag, Revision(add_info=(("A", "b"),)), ways=ways).exit_status == 0
    for folder in ("data/b", "data/empty", "data", "about"):
        status = (bag / folder).stat()
        assert (status.st_mode & 0o777, status.st_mtime_ns) == (0o555, 10**18), folder
    assert bag.stat().st_mode & 0o777 == 0o550
    assert (bag / "bag-info.txt").stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == ["bag"]
    for folder in (".", "data", "data/b", "data/empty", "about"):
        (bag / folder).chmod(0o755)


def test_a_bag_that_a_stopped_run_left_without_its_name_is_put_back(tmp_path: Path) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    (bag / "note.txt").write_bytes(b"new")
    before = payload(bag)
    bag.rename(tmp_path / ".bag.previous")
    (tmp_path / ".bag.update").mkdir()
    (tmp_path / ".bag.previous/data").rename(tmp_path / ".bag.update/data")
    with pytest.raises(UsageError, match="was stopped"):
        update(bag, dry_run=True)
    assert update(bag).exit_status == 0
    assert payload(bag) == before
    assert is_valid(bag)
    assert os.listdir(tmp_path) == ["bag"]


@pytest.mark.parametrize("name", [".bag.update", ".bag.previous"])
def test_a_payload_that_lies_nowhere_else_is_never_removed(tmp_path: Path, name: str) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    (bag / "note.txt").write_bytes(b"new")
    shutil.copytree(bag, tmp_path / name)
    held = tree(tmp_path / name)
    with pytest.raises(CouldNotFindOut, match="is not in"):
        update(bag)
    assert tree(tmp_path / name) == held
    assert seal(bag) == seal(tmp_path / name)


def test_a_link_in_the_place_of_the_hidden_folder_is_not_followed(tmp_path: Path) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    (bag / "note.txt").write_bytes(b"new")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/file").write_bytes(b"kept")
    (tmp_path / ".bag.update").symlink_to("elsewhere")
    with pytest.raises(CouldNotFindOut, match="symbolic link"):
        update(bag)
    assert (tmp_path / "elsewhere/file").read_bytes() == b"kept"


def test_what_is_no_folder_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "bag.zip").write_bytes(b"PK")
    with pytest.raises(UsageError, match="serialised"):
        update(tmp_path / "bag.zip")
    with pytest.raises(UsageError):
        update(tmp_path / "nothing")
    bag = BagBuilder().build(tmp_path / "bag")
    (tmp_path / "link").symlink_to(bag)
    with pytest.raises(UsageError):
        update(tmp_path / "link")
    assert sorted(os.listdir(tmp_path)) == ["bag", "bag.zip", "link"]


def test_two_names_of_one_file_stay_one_file(tmp_path: Path) -> None:
    bag = BagBuilder(payload={"a.txt": b"same", "b.txt": b"same"}).build(tmp_path / "bag")
    (bag / "data/b.txt").unlink()
    (bag / "data/b.txt").hardlink_to(bag / "data/a.txt")
    (bag / "note.txt").write_bytes(b"new")
    before = payload(bag)
    assert update(bag).exit_status == 0
    assert payload(bag) == before
    assert {links for *_rest, links in before.values()} == {2}
