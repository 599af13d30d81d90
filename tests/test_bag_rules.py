"""Every rule for bags: what it finds, how grave it is by version, and what it leaves alone.

One part of a right bag is spoilt at a time; a case names the codes that must be found, and no error besides.
"""

from __future__ import annotations

import base64
import os
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest
from bags import BagBuilder, codes, digest, judged, lines_of

from archiver import plugs
from archiver.model.report import Outcome, Severity
from archiver.packages.bag import Bag

ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE
PAYLOAD = {"a.txt": b"first", "b/c.txt": b"second"}
A, C = (digest(b"first"), "data/a.txt"), (digest(b"second"), "data/b/c.txt")
ONLY = ("sha512",)


def manifest(*rows: tuple[str, str], end: str = "\n", **parts: object) -> BagBuilder:
    """A bag whose one manifest consists of these rows."""
    return BagBuilder(algorithms=ONLY, tag_files={"manifest-sha512.txt": lines_of(rows, end)}, **parts)  # type: ignore[arg-type]


def declared(content: bytes) -> BagBuilder:
    return BagBuilder(tag_files={"bagit.txt": content})


def info(content: bytes, **parts: object) -> BagBuilder:
    return BagBuilder(tag_files={"bag-info.txt": content}, **parts)  # type: ignore[arg-type]


def fetch(*lines: str, **parts: object) -> BagBuilder:
    content = "".join(f"{line}\n" for line in lines).encode()
    return BagBuilder(tag_files={"fetch.txt": content}, **parts)  # type: ignore[arg-type]


LEGAL = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
URL = "https://www.example.org/x"

# name → bag, the codes found at the severity given or above
CASES: dict[str, tuple[BagBuilder, set[str], Severity]] = {
    "right": (BagBuilder(), set(), NOTICE),
    "right, CRLF": (BagBuilder(line_end="\r\n"), set(), NOTICE),
    "right, CR": (BagBuilder(line_end="\r"), set(), NOTICE),
    "right, empty payload": (BagBuilder(payload={}), set(), NOTICE),
    "right, upper-case digests": (manifest((A[0].upper(), A[1]), C), set(), NOTICE),
    "right, tabs": (manifest((A[0] + "\t\t", A[1]), C), set(), NOTICE),
    "right, in 0.97": (BagBuilder(version="0.97"), set(), NOTICE),
    "right, in 0.93": (BagBuilder(version="0.93"), set(), NOTICE),
    "right, no tag manifest": (BagBuilder(tag_manifests=False), set(), NOTICE),
    "right, no bag-info": (BagBuilder(tag_files={"bag-info.txt": None}), set(), NOTICE),
    "right, UTF-16 tag files": (BagBuilder(encoding="UTF-16"), {"BAG-032"}, NOTICE),
    "right, lower-case oxum": (info(b"payload-oxum: 11.2\n"), set(), NOTICE),
    "no declaration": (BagBuilder(tag_files={"bagit.txt": None}), {"BAG-001"}, ERROR),
    "empty declaration": (declared(b""), {"BAG-002"}, ERROR),
    "BOM in the declaration": (declared(b"\xef\xbb\xbf" + LEGAL.encode()), {"BAG-002"}, ERROR),
    "a second version": (declared((LEGAL + "BagIt-Version: 0.97\n").encode()), {"BAG-002"}, ERROR),
    "lines the other way round": (declared("\n".join(LEGAL.split("\n")[1::-1]).encode() + b"\n"), {"BAG-002"}, ERROR),
    "space before the colon": (declared(LEGAL.replace("n:", "n :", 1).encode()), {"BAG-002"}, ERROR),
    "no space after the colon": (declared(LEGAL.replace(": 1", ":1").encode()), {"BAG-002"}, ERROR),
    "a version in words": (declared(LEGAL.replace("1.0", "one").encode()), {"BAG-002"}, ERROR),
    "superscript version": (declared(LEGAL.replace("1.0", "1.²").encode()), {"BAG-002"}, ERROR),
    "version to come": (BagBuilder(version="2.0"), {"BAG-003"}, ERROR),
    "declaration not in UTF-8": (declared(LEGAL.encode() + b"\xff\n"), {"BAG-002", "BAG-004"}, ERROR),
    "rot13": (declared(LEGAL.replace("UTF-8", "rot13").encode()), {"BAG-004"}, ERROR),
    "zlib": (declared(LEGAL.replace("UTF-8", "zlib").encode()), {"BAG-004"}, ERROR),
    "undefined": (declared(LEGAL.replace("UTF-8", "undefined").encode()), {"BAG-004"}, ERROR),
    "unicode_escape": (declared(LEGAL.replace("UTF-8", "unicode_escape").encode()), {"BAG-004"}, ERROR),
    "a codec with a NUL": (declared(LEGAL.replace("UTF-8", "utf\0").encode()), {"BAG-004"}, ERROR),
    "tag file not in its encoding": (info(b"Contact-Name: \xe9\n"), {"BAG-004"}, ERROR),
    "no manifest": (BagBuilder(algorithms=(), tag_manifests=False), {"BAG-006"}, ERROR),
    "a line without a path": (manifest(A, C, ("x", "")), {"BAG-007"}, ERROR),
    "an empty line": (manifest(A, C, ("", "")), {"BAG-007"}, ERROR),
    "an empty manifest": (manifest(), {"BAG-014"}, ERROR),
    "digest too short": (manifest((A[0][:-1], A[1]), C), {"BAG-009"}, ERROR),
    "digest not hexadecimal": (manifest(("z" * 128, A[1]), C), {"BAG-009"}, ERROR),
    "parent": (manifest(A, C, (A[0], "../evil")), {"BAG-010"}, ERROR),
    "parent inside": (manifest(A, C, (A[0], "data/../../evil")), {"BAG-010"}, ERROR),
    "prefix of the bag's own name": (manifest(A, C, (A[0], "../bag-evil/x")), {"BAG-010"}, ERROR),
    "absolute": (manifest(A, C, (A[0], "/etc/hostname")), {"BAG-010"}, ERROR),
    "home": (manifest(A, C, (A[0], "~/x")), {"BAG-010"}, ERROR),
    "somebody's home": (manifest(A, C, (A[0], "~root/x")), {"BAG-010"}, ERROR),
    "drive": (manifest(A, C, (A[0], "C:\\x")), {"BAG-010"}, ERROR),
    "share": (manifest(A, C, (A[0], "\\\\host\\x")), {"BAG-010"}, ERROR),
    "backslash parent": (manifest(A, C, (A[0], "data\\..\\..\\x")), {"BAG-010"}, ERROR),
    "outside data": (manifest(A, C, (A[0], "bagit.txt")), {"BAG-010"}, ERROR),
    "data itself": (manifest(A, C, (A[0], "data")), {"BAG-010"}, ERROR),
    "NUL": (manifest(A, C, (A[0], "data/\0x")), {"BAG-011"}, ERROR),
    "dot beside itself": (manifest(A, C, (A[0], "data/./a.txt")), {"BAG-011"}, ERROR),
    "empty part": (manifest(A, C, (A[0], "data//a.txt")), {"BAG-011"}, ERROR),
    "a long part": (manifest(A, C, (A[0], "data/" + "x" * 256)), {"BAG-011"}, ERROR),
    "a long path": (manifest(A, C, (A[0], "data/" + "x/" * 2050 + "x")), {"BAG-011"}, ERROR),
    "twice, in conflict": (manifest(A, (C[0], A[1]), C), {"BAG-012"}, ERROR),
    "twice, the same": (manifest(A, A, C), {"BAG-012"}, ERROR),
    "twice, the same, in 0.97": (manifest(A, A, C, version="0.97"), set(), ERROR),
    "twice, once with ./": (manifest(A, (A[0], "./data/a.txt"), C), {"BAG-012"}, ERROR),
    "missing": (manifest(A, C, (A[0], "data/none")), {"BAG-013"}, ERROR),
    "a folder listed": (manifest(A, C, (A[0], "data/b")), {"BAG-013"}, ERROR),
    "unlisted": (manifest(A), {"BAG-014"}, ERROR),
    "second manifest incomplete": (BagBuilder(tag_files={"manifest-sha512.txt": lines_of([A])}), {"BAG-014"}, ERROR),
    "second manifest incomplete, 0.97": (
        BagBuilder(version="0.97", tag_files={"manifest-sha512.txt": lines_of([A])}), set(), ERROR),
    "tag file missing": (
        BagBuilder(algorithms=ONLY, tag_files={"tagmanifest-sha512.txt": lines_of([(A[0], "none.txt")])}),
        {"BAG-015", "BAG-016"}, ERROR),
    "tag manifest empty": (BagBuilder(algorithms=ONLY, tag_files={"tagmanifest-sha512.txt": b""}), {"BAG-016"}, ERROR),
    "tag manifest of NULs": (
        BagBuilder(algorithms=ONLY, tag_files={"tagmanifest-sha512.txt": bytes(64)}), {"BAG-007", "BAG-016"}, ERROR),
    "tag manifests weaker": (
        BagBuilder(algorithms=ONLY, tag_manifests=False, tag_files={"tagmanifest-md5.txt": b""}),
        {"BAG-016", "BAG-017", "BAG-033"}, WARNING),
    "no label": (info(b"words\n"), {"BAG-018"}, ERROR),
    "empty label": (info(b": words\n"), {"BAG-018"}, ERROR),
    "begins with a fold": (info(b" words\n"), {"BAG-018"}, ERROR),
    "no space": (info(b"Contact-Name:Jane\n"), {"BAG-018"}, ERROR),
    "much space": (info(b"Contact-Name :  Jane\n"), {"BAG-018"}, ERROR),
    "much space in 0.97": (info(b"Contact-Name :  Jane\n", version="0.97"), set(), NOTICE),
    "oxum of words": (BagBuilder(oxum="x"), {"BAG-019"}, ERROR),
    "oxum without a dot": (BagBuilder(oxum="112"), {"BAG-019"}, ERROR),
    "oxum superscript": (BagBuilder(oxum="²"), {"BAG-019"}, ERROR),
    "oxum superscript after a dot": (BagBuilder(oxum="11.²"), {"BAG-019"}, ERROR),
    "oxum wrong": (BagBuilder(oxum="12.2"), {"BAG-019"}, ERROR),
    "oxum twice": (BagBuilder(info=[("Payload-Oxum", "11.2")]), {"BAG-019"}, ERROR),
    "oxum beyond any number": (BagBuilder(oxum="9" * 5000 + ".1"), {"BAG-019"}, ERROR),
    "once, but twice": (BagBuilder(info=[("Bag-Size", "1"), ("bag-size", "2")]), {"BAG-034"}, WARNING),
    "fetch without a length": (fetch(f"{URL} data/a.txt"), {"BAG-020"}, ERROR),
    "fetch from nowhere": (fetch("a.txt - data/a.txt"), {"BAG-020"}, ERROR),
    "fetch to a tag file": (fetch(f"{URL} 5 bag-info.txt"), {"BAG-010"}, ERROR),
    "fetch to the outside": (fetch(f"{URL} 5 data/../../x"), {"BAG-010"}, ERROR),
    "fetch of the unlisted": (fetch(f"{URL} 5 data/new"), {"BAG-021"}, ERROR),
    "fetch of another length": (fetch(f"{URL} 6 data/a.txt"), {"BAG-021"}, WARNING),
    "fetch, all here": (fetch(f"{URL} 5 data/a.txt"), set(), NOTICE),
    "fetch of a local file": (fetch("file:///etc/passwd - data/a.txt"), {"BAG-022"}, WARNING),
    "fetch by gopher": (fetch("gopher://example.org/x - data/a.txt"), {"BAG-022"}, WARNING),
    "fetch, link-local": (fetch("http://169.254.169.254/ - data/a.txt"), {"BAG-022"}, WARNING),
    "fetch, this machine": (fetch("http://[::1]/ - data/a.txt"), {"BAG-022"}, WARNING),
    "fetch, broken address": (fetch("http://[ - data/a.txt"), {"BAG-020"}, WARNING),
    "hole": (
        BagBuilder(payload={"a.txt": b"first"}, oxum="11.2", algorithms=ONLY, tag_files={
            "manifest-sha512.txt": lines_of([A, C]), "fetch.txt": f"{URL} 6 data/b/c.txt\n".encode()}),
        {"BAG-013"}, WARNING),
    "twins by case": (BagBuilder(payload={"A.txt": b"", "a.txt": b""}), {"BAG-024"}, WARNING),
    "twins by form": (BagBuilder(payload={"é": b"", unicodedata.normalize("NFD", "é"): b""}), {"BAG-024"}, WARNING),
    "literal %": (
        BagBuilder(payload={"5%": b"x"}, algorithms=ONLY,
                   tag_files={"manifest-sha512.txt": lines_of([(digest(b"x"), "data/5%")])}), {"BAG-026"}, ERROR),
    "literal %, 0.97": (
        BagBuilder(payload={"5%": b"x"}, algorithms=ONLY, version="0.97",
                   tag_files={"manifest-sha512.txt": lines_of([(digest(b"x"), "data/5%")])}), set(), WARNING),
    "%0a in lower case": (
        BagBuilder(payload={"a\nb": b"x"}, algorithms=ONLY,
                   tag_files={"manifest-sha512.txt": lines_of([(digest(b"x"), "data/a%0ab")])}), set(), WARNING),
    "a long line in bag-info": (info(b"Contact-Name: " + b"x" * (1 << 20) + b"\n"), {"BAG-027"}, ERROR),
    "a long line in a manifest": (manifest(A, C, (A[0], "data/" + "x" * (3 << 20))), {"BAG-027"}, ERROR),
    "a long last line": (info(b"Contact-Name: " + b"x" * (3 << 20)), {"BAG-027"}, ERROR),
    "a large declaration": (declared(b"x" * 70_000), {"BAG-027", "BAG-002"}, ERROR),
    "a manifest's name": (BagBuilder(algorithms=("SHA512",)), {"BAG-028"}, ERROR),
    "two of one algorithm": (BagBuilder(algorithms=("sha512", "SHA512")), {"BAG-028"}, ERROR),
    "asterisk": (manifest((A[0] + " ", "*data/a.txt"), C), {"BAG-029"}, WARNING),
    "asterisk, 0.96": (manifest((A[0] + " ", "*data/a.txt"), C, version="0.96"), {"BAG-029"}, NOTICE),
    "dot and slash": (manifest((A[0], "./data/a.txt"), C), {"BAG-029"}, WARNING),
    "backslash before the digest": (
        BagBuilder(payload={"a\\b": b"x"}, algorithms=ONLY, version="0.96",
                   tag_files={"manifest-sha512.txt": lines_of([("\\" + digest(b"x"), "data/a\\\\b")])}),
        {"BAG-029", "BAG-035"}, NOTICE),
    "no last line end": (info(b"Contact-Name: Jane"), {"BAG-030"}, WARNING),
    "BOM in a tag file": (info(b"\xef\xbb\xbfContact-Name: Jane\n"), {"BAG-031"}, ERROR),
    "BOM in a manifest": (
        BagBuilder(algorithms=ONLY, tag_files={"manifest-sha512.txt": b"\xef\xbb\xbf" + lines_of([A, C])}),
        {"BAG-031"}, ERROR),
    "latin-1": (BagBuilder(encoding="ISO-8859-1", info=[("Contact-Name", "é")]), {"BAG-032"}, WARNING),
    "a name of Windows": (BagBuilder(payload={"con.txt": b""}), {"BAG-035"}, NOTICE),
    "bidi": (BagBuilder(payload={"a\u202etxt.exe": b""}), {"BAG-035"}, NOTICE),
    "trailing space": (BagBuilder(payload={"a ": b"", "b\t": b""}), {"BAG-035"}, NOTICE),
    "line separators in names": (
        BagBuilder(payload={"a\u2028b": b"", "c\x85d": b"", "e\x0bf\x0cg": b""}), {"BAG-035"}, NOTICE),
    "names that begin oddly": (BagBuilder(payload={"*a": b"", "-b": b"", "=c": b"", "#d": b""}), {"BAG-035"}, NOTICE),
    "not UTF-8": (BagBuilder(payload={os.fsdecode(b"\xe9.txt"): b""}), {"BAG-004"}, ERROR),
    "MD5 only": (BagBuilder(algorithms=("md5",)), {"FIX-003"}, WARNING),
    "SHA-1 and MD5": (BagBuilder(algorithms=("md5", "sha1")), {"FIX-003"}, WARNING),
    "SHA-1 and SHA-256": (BagBuilder(algorithms=("sha1", "sha256")), set(), NOTICE),
    "payload damaged": (manifest((digest(b"First"), A[1]), C), {"FIX-001"}, ERROR),
    "tag file damaged": (
        BagBuilder(algorithms=ONLY, tag_files={"tagmanifest-sha512.txt": lines_of([(A[0], "bagit.txt")])}),
        {"FIX-002", "BAG-016"}, ERROR),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_bag_is_judged(tmp_path: Path, name: str) -> None:
    builder, expected, severity = CASES[name]
    assert codes(builder.build(tmp_path / "bag"), severity) == expected


def after(change: Callable[[Path], object]) -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        bag = BagBuilder().build(folder / "bag")
        change(bag)
        return bag

    return build


def nfd_on_disk(folder: Path) -> Path:
    bag = BagBuilder(payload={"café.txt": b"x"}).build(folder / "bag")
    (bag / "data" / "café.txt").rename(bag / "data" / unicodedata.normalize("NFD", "café.txt"))
    return bag


CHANGES: dict[str, tuple[Callable[[Path], Path], set[str], Severity]] = {
    "no payload folder": (after(lambda bag: shutil.rmtree(bag / "data")), {"BAG-005", "BAG-013", "BAG-019"}, ERROR),
    "payload folder is a file": (
        after(lambda bag: (shutil.rmtree(bag / "data"), (bag / "data").touch())),
        {"BAG-005", "BAG-013", "BAG-019"}, ERROR),
    "payload folder is a link": (
        after(lambda bag: ((bag / "data").rename(bag.parent / "x"), (bag / "data").symlink_to("../x"))),
        {"BAG-005", "BAG-013", "BAG-019", "BAG-023"}, ERROR),
    "unlisted tag file": (after(lambda bag: (bag / "notes.txt").touch()), {"BAG-017"}, WARNING),
    "tag file in a folder": (
        after(lambda bag: ((bag / "meta").mkdir(), (bag / "meta" / "x.xml").touch())), {"BAG-017"}, WARNING),
    "unlisted payload": (after(lambda bag: (bag / "data" / "Thumbs.db").touch()), {"BAG-014", "BAG-019"}, ERROR),
    "damaged": (after(lambda bag: (bag / "data" / "a.txt").write_bytes(b"FIRST")), {"FIX-001"}, ERROR),
    "declaration changed": (
        after(lambda bag: (bag / "bagit.txt").write_text(LEGAL.replace("1.0", "0.97"))), {"FIX-002"}, ERROR),
    "pipe": (after(lambda bag: os.mkfifo(bag / "data" / "pipe")), {"BAG-023"}, ERROR),
    "pipe among tag files": (after(lambda bag: os.mkfifo(bag / "pipe")), {"BAG-023"}, ERROR),
    "link inwards": (after(lambda bag: (bag / "data" / "l").symlink_to("a.txt")), {"BAG-023"}, ERROR),
    "link outwards": (after(lambda bag: (bag / "data" / "l").symlink_to("/etc/hostname")), {"BAG-023"}, ERROR),
    "link to a folder": (after(lambda bag: (bag / "data" / "l").symlink_to("/etc")), {"BAG-023"}, ERROR),
    "dangling link": (after(lambda bag: (bag / "data" / "l").symlink_to("nothing")), {"BAG-023"}, ERROR),
    "loop": (after(lambda bag: (bag / "data" / "l").symlink_to(".")), {"BAG-023"}, ERROR),
    "link in place of a listed file": (
        after(lambda bag: ((bag / "data" / "a.txt").unlink(), (bag / "data" / "a.txt").symlink_to("b/c.txt"))),
        {"BAG-019", "BAG-023"}, ERROR),
    "a pipe called manifest": (
        after(lambda bag: ((bag / "manifest-sha256.txt").unlink(), os.mkfifo(bag / "manifest-sha256.txt"))),
        {"BAG-023"}, ERROR),
    "other normalisation": (nfd_on_disk, {"BAG-025"}, WARNING),
    "empty folder": (after(lambda bag: (bag / "data" / "plates").mkdir()), {"BAG-036"}, NOTICE),
    "hard link": (after(lambda bag: os.link(bag / "data" / "a.txt", bag.parent / "other")), {"BAG-036"}, NOTICE),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_bag_that_was_changed_is_judged(tmp_path: Path, name: str) -> None:
    build, expected, severity = CHANGES[name]
    assert codes(build(tmp_path), severity) == expected


def test_every_rule_for_bags_is_seen_to_find_something() -> None:
    found = set[str]().union(*(expected for _bag, expected, _severity in (*CASES.values(), *CHANGES.values())))
    elsewhere = {"BAG-008", "FIX-004"}  # tests of their own below: their checks break
    assert {known.rule.code for known in plugs.checks("bag")} == found | elsewhere


def test_a_manifest_of_an_unknown_algorithm_is_no_proof(tmp_path: Path) -> None:
    unknown = {"manifest-whirlpool.txt": lines_of([("ab", "data/a.txt"), ("cd", "data/b/c.txt")])}
    assert codes(BagBuilder(tag_files=unknown).build(tmp_path / "beside"), WARNING) == {"BAG-008", "BAG-033"}
    runs, _findings = judged(
        BagBuilder(algorithms=(), tag_manifests=False, tag_files=unknown).build(tmp_path / "alone")
    )
    broken = {run.code: run.reason for run in runs if run.outcome is Outcome.BROKEN}
    assert list(broken) == ["BAG-008"]
    assert "whirlpool" in broken["BAG-008"]


def test_messages_name_both_values_and_the_place(tmp_path: Path) -> None:
    bag = BagBuilder(algorithms=ONLY).build(tmp_path / "bag")
    (bag / "data" / "a.txt").write_bytes(b"FIRST")
    (bag / "data" / "new").write_bytes(b"abc")
    found = {finding.code: finding for finding in judged(bag)[1]}
    assert found["FIX-001"].path == "manifest-sha512.txt"
    assert found["FIX-001"].line == 1
    assert digest(b"first") in found["FIX-001"].message
    assert digest(b"FIRST") in found["FIX-001"].message
    assert found["BAG-019"].message == (
        "Payload-Oxum states 11.2; the payload has 14 bytes in 3 files: look at data/new, data/a.txt"
    )
    for finding in found.values():
        assert finding.remedy
        assert "repair" not in finding.remedy


@pytest.mark.parametrize(
    "checksums", [["md5"], ["sha1", "sha256"], None, ["sha3_256", "blake2b", "sha3_384", "sha224"]]
)
def test_what_bagit_python_makes_is_valid(tmp_path: Path, checksums: list[str] | None) -> None:
    bag = tmp_path / "bag"
    bag.mkdir()
    for name in ("plain.txt", "上街.txt", "a b", "100%", "5%25", "f%0A.txt", "g\nh", "#c", "deep/er/file"):
        (bag / name).parent.mkdir(parents=True, exist_ok=True)
        (bag / name).write_text(name)
    bagit.make_bag(
        str(bag), {"Contact-Name": ["One", "Two"], "External-Description": "long words " * 30}, checksums=checksums
    )
    assert codes(bag, ERROR) == set()


def test_a_folded_value_keeps_its_breaks_and_order_is_kept(tmp_path: Path) -> None:
    content = b"B: one\n  two\n\tthree\nA: x\nb: again\nEmpty:\n"
    bag = info(content, version="0.97").build(tmp_path / "bag")
    assert Bag.open(bag).info == [("B", "one\ntwo\nthree"), ("A", "x"), ("b", "again"), ("Empty", "")]
    assert Bag.open(bag).contents(measure=False).values("B") == ("one\ntwo\nthree", "again")


def test_package_info_of_the_first_versions_is_read(tmp_path: Path) -> None:
    parts = {"bag-info.txt": None, "package-info.txt": b"Payload-Oxum: 12.2\n"}
    bag = BagBuilder(version="0.93", tag_files=parts).build(tmp_path / "bag")
    found = {finding.code: finding.path for finding in judged(bag)[1]}
    assert found["BAG-019"] == "package-info.txt"


def test_an_asterisk_that_belongs_to_a_name_is_left_there(tmp_path: Path) -> None:
    bag = BagBuilder(tag_files={"*notes.txt": b"words"}).build(tmp_path / "bag")
    assert codes(bag, NOTICE) == set()


def test_problems_of_one_kind_are_counted_beyond_a_thousand(tmp_path: Path) -> None:
    bag = manifest(A, C, *[("x", "")] * 5000).build(tmp_path / "bag")
    findings = [finding for finding in judged(bag)[1] if finding.code == "BAG-007"]
    assert len(findings) == 1001
    assert "and 4000 more" in findings[-1].message


def test_a_folder_that_is_no_bag_is_a_finding_and_the_rest_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "scans").mkdir()
    (tmp_path / "scans" / "1.tif").write_bytes(base64.b64decode("SUkqAA=="))
    runs, findings = judged(tmp_path / "scans")
    assert {finding.code for finding in findings if finding.severity is ERROR} == {"BAG-001"}
    assert {run.code for run in runs if run.outcome is Outcome.SKIPPED} >= {"BAG-002", "BAG-005", "BAG-006", "FIX-001"}
