"""Archives and bags as deposits: unpacked within limits, verified first, nothing changed, nothing left behind."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import bagit
import pytest
from transcripts import PROFILES, english
from workspaces import archiver, workspace

from archiver.inspection import Inspected, Terms, inspect
from archiver.opening import Opening

NAME = "saltmarsh-courier_2019-05-04_v012-no0018"


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "scratch"
    place.mkdir()
    yield place
    assert list(place.iterdir()) == []  # what was unpacked is taken away


def look(source: Path, scratch: Path) -> Inspected:
    with Opening(scratch=scratch) as opening:
        return inspect(source, PROFILES, terms=Terms(opening=opening))


def errors(found: Inspected) -> list[str]:
    return [each.code for each in found.findings if each.severity.value == "error"]


def zipped(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, **members: str) -> Path:
    with tarfile.open(path, "w:gz" if path.suffix == ".gz" else "w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content.encode())
            archive.addfile(info, io.BytesIO(content.encode()))
    return path


@pytest.mark.parametrize(
    "make",
    [lambda folder, **members: zipped(folder / "issue.zip", **members),
     lambda folder, **members: tarred(folder / "issue.tar", **members),
     lambda folder, **members: tarred(folder / "issue.tar.gz", **members),
     lambda folder, **members: zipped(folder / "called-otherwise", **members)],
)  # fmt: skip
def test_an_archive_is_read_like_the_folder_in_it(tmp_path: Path, scratch: Path, make: Callable[..., Path]) -> None:
    source = make(tmp_path, **{"courier/issue.md": english(), "courier/scan.pdf": "no pdf"})
    before = (source.read_bytes(), source.stat().st_mtime_ns)
    found = look(source, scratch)
    assert found.acceptable and [reading.issue.identifier for reading in found.readings if reading.issue] == [NAME]
    assert found.deposit.container is not None and found.deposit.container.files == 2
    assert found.deposit.shown == str(source)
    assert (source.read_bytes(), source.stat().st_mtime_ns) == before


def test_an_archive_is_accessioned_once(tmp_path: Path) -> None:
    source = zipped(tmp_path / "issue.zip", **{"issue.md": english()})
    desk = workspace(tmp_path / "desk")
    done = archiver("accession", source, cwd=desk)
    assert done.status == 0, done.out + done.err
    package = desk / "packages" / NAME
    bagit.Bag(str(package)).validate()
    premis = (package / "data/metadata/preservation/premis.xml").read_text(encoding="utf-8")
    assert "issue.zip (zip) unpacked; the archive itself is not kept" in premis
    again = archiver("accession", source, cwd=desk)
    assert again.status == 0 and "already accessioned as" in again.out


@pytest.mark.parametrize(
    ("members", "words"),
    [({"../evil.md": "x"}, "leaves the archive"), ({"/etc/evil.md": "x"}, "leaves the archive")],
)
def test_nothing_leaves_the_folder(tmp_path: Path, scratch: Path, members: dict[str, str], words: str) -> None:
    found = look(zipped(tmp_path / "a.zip", **{**members, "issue.md": english()}), scratch)
    assert errors(found) == ["DEP-013"] and words in found.findings[0].message
    assert not (tmp_path / "evil.md").exists()


def test_links_in_an_archive_are_not_made(tmp_path: Path, scratch: Path) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        info = tarfile.TarInfo("issue.md")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(info)
    found = look(tmp_path / "a.tar", scratch)
    assert errors(found) == ["DEP-013"] and not found.acceptable


def test_a_bomb_is_not_unpacked(tmp_path: Path, scratch: Path) -> None:
    source = zipped(tmp_path / "a.zip", **{"issue.md": " " * 200_000_000})
    found = look(source, scratch)
    assert errors(found) == ["DEP-013"] and found.deposit.container is not None and found.deposit.container.size == 0


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_cut_archive(tmp_path: Path, scratch: Path, part: float) -> None:
    source = zipped(tmp_path / "a.zip", **{"issue.md": english()})
    whole = source.read_bytes()
    source.write_bytes(whole[: int(len(whole) * part)])
    assert errors(look(source, scratch)) == ["DEP-013"]


def test_every_flip_in_the_bytes_of_a_member_is_found(tmp_path: Path, scratch: Path) -> None:
    source = zipped(tmp_path / "a.zip", **{"issue.md": english()})
    whole = source.read_bytes()
    with zipfile.ZipFile(source) as archive:
        (member,) = archive.infolist()
    begin = 30 + len(member.filename)  # behind its local header
    for at in range(begin, begin + member.compress_size, 16):
        source.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        assert not look(source, scratch).acceptable, at


def a_bag(folder: Path) -> Path:
    folder.mkdir()
    (folder / "issue.md").write_text(english(), encoding="utf-8")
    bagit.make_bag(str(folder), {"Source-Organization": "The Harbour Press", "Contact-Name": "=1+1"})
    return folder


def test_a_bag_is_verified_and_its_bag_info_carried_over(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag")
    before = {path: path.read_bytes() for path in sorted(bag.rglob("*")) if path.is_file()}
    desk = workspace(tmp_path / "desk")
    done = archiver("accession", bag, cwd=desk)
    assert done.status == 0, done.out + done.err
    package = desk / "packages" / NAME
    info = bagit.Bag(str(package)).info
    assert info["Deposited-Source-Organization"] == "The Harbour Press" and info["Deposited-Payload-Oxum"]
    kept = package / "data/documentation/deposited-bag"
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == {
        path.name: content for path, content in before.items() if path.parent == bag
    }
    premis = (package / "data/metadata/preservation/premis.xml").read_text(encoding="utf-8")
    assert "The bag bag (BagIt 0.97) verified before its payload was taken" in premis
    assert {path: path.read_bytes() for path in sorted(bag.rglob("*")) if path.is_file()} == before
    assert archiver("validate", package, cwd=desk).codes("error") == []


def test_a_broken_bag_is_refused(tmp_path: Path, scratch: Path) -> None:
    bag = a_bag(tmp_path / "bag")
    with (bag / "data/issue.md").open("a") as file:
        file.write("\nmore")
    found = look(bag, scratch)
    assert "FIX-001" in errors(found) and not found.readings


def test_a_bag_in_an_archive(tmp_path: Path, scratch: Path) -> None:
    bag = a_bag(tmp_path / "bag")
    with zipfile.ZipFile(tmp_path / "bag.zip", "w") as archive:
        for path in sorted(bag.rglob("*")):
            archive.write(path, f"bag/{path.relative_to(bag)}")
    found = look(tmp_path / "bag.zip", scratch)
    assert found.acceptable and found.deposit.bag is not None and found.deposit.bag.name == "bag"


def test_a_bag_within_a_bag(tmp_path: Path, scratch: Path) -> None:
    bag = a_bag(tmp_path / "bag")
    bagit.make_bag(str(bag))
    assert "DEP-008" in errors(look(bag, scratch))


def test_office_documents_are_no_archives_of_files(tmp_path: Path) -> None:
    source = zipped(tmp_path / "a.docx", **{"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"})
    with Opening() as opening:
        opened = opening.open(source)
    assert opened.container is None and opened.path == source


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.zip")
    with Opening() as opening:
        assert opening.open(tmp_path / "a.zip").container is None
