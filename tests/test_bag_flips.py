"""One bit changed anywhere in a sealed bag is told: by a finding, or by the seal that was recorded."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from bags import judged
from workspaces import QINGHE, archiver, workspace

from archiver.model.report import Outcome, Severity
from archiver.model.values import PackagePath
from archiver.packages.bag import Bag, BagWriter
from archiver.validation import judge


def sealed_bag(place: Path) -> Path:
    with BagWriter(place) as writer:
        writer.write("第一版 要闻\n".encode() * 20, PackagePath("data/representations/original/data/0001.txt"))
        writer.write(bytes(range(256)), PackagePath("data/10%.bin"))
        writer.write(b"<mets/>", PackagePath("data/METS.xml"))
        writer.seal([("Source-Organization", "The library"), ("External-Identifier", "x")])
        writer.publish()
    return place


def told(bag: Path, seal: str) -> bool:
    runs, findings = judged(bag, workers=1)
    crashed = [run.reason for run in runs if run.outcome is Outcome.BROKEN]
    assert crashed == []
    by_rule = any(found.severity is Severity.ERROR for found in findings)
    return by_rule or str(Bag.open(bag).seal()) != seal


def flips(bag: Path) -> list[tuple[Path, int]]:
    """Every bit of every file: the file, and the number of the bit."""
    files = sorted(path for path in bag.rglob("*") if path.is_file())
    return [(path, bit) for path in files for bit in range(path.stat().st_size * 8)]


def missed(bag: Path, tried: list[tuple[Path, int]]) -> list[str]:
    seal = str(Bag.open(bag).seal())
    assert not told(bag, seal)
    result = []
    for path, bit in tried:
        right = path.read_bytes()
        wrong = bytearray(right)
        wrong[bit // 8] ^= 1 << bit % 8
        path.write_bytes(wrong)
        if not told(bag, seal):
            result.append(f"{path.relative_to(bag)} bit {bit}")
        path.write_bytes(right)
    assert not told(bag, seal)
    return result


def test_a_lowered_version_is_told(tmp_path: Path) -> None:
    bag = sealed_bag(tmp_path / "bag")
    seal = str(Bag.open(bag).seal())
    (bag / "bagit.txt").write_text("BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n")
    assert told(bag, seal)


def test_a_missing_tag_manifest_is_told_by_the_seal(tmp_path: Path) -> None:
    """Without a tag manifest a bag is still a bag; that it had one, the record knows."""
    bag = sealed_bag(tmp_path / "bag")
    seal = str(Bag.open(bag).seal())
    for name in ("tagmanifest-sha512.txt", "tagmanifest-sha256.txt"):
        (bag / name).unlink()
    assert told(bag, seal)
    assert Bag.open(bag).seal() is None


def changes_case_alone(place: str, bag: Path) -> bool:
    """Whether a flip (as `missed` words it) turns a letter of a digest of the second tag manifest into its capital.

    RFC 8493 allows either case, and the seal is that of the first tag manifest: the bag says the same as before.
    """
    name, _word, bit = place.split(" ")
    letter = (bag / name).read_bytes()[int(bit) // 8 : int(bit) // 8 + 1]
    return name == "tagmanifest-sha256.txt" and int(bit) % 8 == 5 and letter in {b"a", b"b", b"c", b"d", b"e", b"f"}


def test_no_flipped_bit_is_missed(tmp_path: Path) -> None:
    bag = sealed_bag(tmp_path / "bag")
    found = missed(bag, random.Random(8493).sample(flips(bag), 250))
    assert [place for place in found if not changes_case_alone(place, bag)] == []


@pytest.mark.faults
def test_no_bit_of_the_tag_files_is_missed(tmp_path: Path) -> None:
    bag = sealed_bag(tmp_path / "bag")
    tried = [flip for flip in flips(bag) if "data" not in flip[0].relative_to(bag).parts]
    assert len(tried) > 10_000
    assert [place for place in missed(bag, tried) if not changes_case_alone(place, bag)] == []


def missed_in_package(folder: Path, count: int) -> list[str]:
    """The flips among `count` random ones, anywhere in a package of ours, that neither a rule nor the seal tells."""
    place = workspace(folder / "archive")
    assert archiver("accession", QINGHE, cwd=place).status == 0
    (package,) = (place / "packages").iterdir()
    seal = str(judge(package, workers=1).sealed.seal)  # type: ignore[union-attr]
    result = []
    for path, bit in random.Random(1000).sample(flips(package), count):
        right = path.read_bytes()
        wrong = bytearray(right)
        wrong[bit // 8] ^= 1 << bit % 8
        path.write_bytes(wrong)
        judged_now = judge(package, workers=1)
        assert [run.reason for run in judged_now.checks if run.outcome is Outcome.BROKEN] == []
        if judged_now.whole and judged_now.sealed is not None and str(judged_now.sealed.seal) == seal:
            result.append(f"{path.relative_to(package)} bit {bit}")
        path.write_bytes(right)
    assert judge(package, workers=1).whole
    return result


def test_no_flipped_bit_of_a_package_is_missed(tmp_path: Path) -> None:
    """Payload, METS, MODS, PREMIS, manifests, tag files: none excepted."""
    assert missed_in_package(tmp_path, 60) == []


@pytest.mark.faults
def test_none_of_a_thousand_flipped_bits_of_a_package_is_missed(tmp_path: Path) -> None:
    assert missed_in_package(tmp_path, 1000) == []


def test_a_capital_letter_in_a_digest_is_told_in_our_packages(tmp_path: Path) -> None:
    place = workspace(tmp_path / "archive")
    assert archiver("accession", QINGHE, cwd=place).status == 0
    (package,) = (place / "packages").iterdir()
    manifest = package / "tagmanifest-sha256.txt"
    content = manifest.read_bytes()
    at = next(index for index, byte in enumerate(content) if byte in b"abcdef")
    manifest.write_bytes(content[:at] + content[at : at + 1].upper() + content[at + 1 :])
    found = judge(package, workers=1)
    assert [(each.code, each.line) for each in found.findings if each.severity is Severity.ERROR] == [("HSE-010", 1)]
