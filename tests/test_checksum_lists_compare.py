"""Checksum lists compared with files: found, verified, mismatched, absent, undecided; and what the rules make of it."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver import plugs
from archiver.checksum_lists.comparing import algorithms_needed, compare
from archiver.checksum_lists.reading import read_list
from archiver.checksum_lists.wording import event_outcome, event_words, note_words
from archiver.fixity.digests import checksums_of, is_available
from archiver.model.checksum_list import ChecksumList, Comparison, Manner
from archiver.model.package import Measured
from archiver.model.provenance import EventOutcome
from archiver.model.report import Finding, Outcome, Severity
from archiver.model.values import Algorithm

EVERY = [algorithm for algorithm in Algorithm if is_available(algorithm)]


def measured(files: Mapping[str, bytes], algorithms: list[Algorithm] = EVERY) -> dict[str, Measured]:
    return {path: Measured(len(content), checksums_of(content, algorithms)) for path, content in files.items()}


def md5(content: bytes) -> str:
    return hashlib.md5(content).hexdigest()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def lines(stated: Mapping[str, bytes]) -> bytes:
    return "".join(f"{sha256(content)}  {path}\n" for path, content in stated.items()).encode()


def compared(files: Mapping[str, bytes], **lists: bytes) -> Comparison:
    """Compare lists (`_` for `/` and `__` for `.` in their names, as keywords have neither) with files."""
    named = {name.replace("__", ".").replace("_", "/"): content for name, content in lists.items()}
    return compare([read_list(content, name) for name, content in named.items()], measured({**files, **named}))


def findings(comparison: Comparison) -> list[Finding]:
    runs, found = plugs.run_checks("checksums", comparison, subject="deposit")
    assert {run.outcome for run in runs} <= {Outcome.PASSED, Outcome.FAILED}, runs
    return list(found)


def codes(comparison: Comparison) -> list[str]:
    return sorted({found.code for found in findings(comparison)})


FILES = {"0001.tif": b"one", "0002.tif": b"two", "text/0001.txt": b"words"}


def test_all_is_verified() -> None:
    comparison = compared(FILES, SHA256SUMS=lines(FILES))
    assert comparison.verified_files == FILES.keys()
    assert (comparison.files, comparison.unlisted) == (3, ())
    assert codes(comparison) == []
    assert event_outcome(comparison) is EventOutcome.SUCCESS
    assert event_words(comparison) == (
        "SHA256SUMS (md5sum form, SHA-256): 3 verified, 0 mismatched, 0 absent",
        "3 of 3 files verified, 0 in no list",
    )
    assert note_words(comparison)[0] == "3 of 3 files verified by the depositor's checksums (SHA-256); 0 unlisted."


def test_one_flipped_bit_is_a_mismatch() -> None:
    comparison = compared({**FILES, "0002.tif": b"twn"}, SHA256SUMS=lines(FILES))
    (found,) = findings(comparison)
    assert (found.code, found.severity, found.path, found.line) == ("CKS-001", Severity.ERROR, "SHA256SUMS", 2)
    assert sha256(b"two") in found.message and sha256(b"twn") in found.message
    assert event_outcome(comparison) is EventOutcome.FAIL
    assert comparison.verified_files == {"0001.tif", "text/0001.txt"}


def test_absent_and_unlisted() -> None:
    files = {path: content for path, content in FILES.items() if path != "0002.tif"} | {"new.txt": b"new"}
    comparison = compared(files, SHA256SUMS=lines(FILES))
    assert [one.stated.entry.path for one in comparison.absent] == ["0002.tif"]
    assert comparison.unlisted == ("new.txt",)
    assert codes(comparison) == ["CKS-002", "CKS-003"]
    assert event_outcome(comparison) is EventOutcome.FAIL


@pytest.mark.parametrize("content", [b"", b"nothing of use\n", b"# only words\n"])
def test_a_list_of_nothing_never_passes(content: bytes) -> None:
    comparison = compared(FILES, MD5SUMS=content)
    assert "CKS-004" in codes(comparison)
    assert event_outcome(comparison) is EventOutcome.FAIL
    assert comparison.verified == ()


def test_without_lists_every_check_is_skipped() -> None:
    runs, found = plugs.run_checks("checksums", compare([], measured(FILES)), subject="deposit")
    assert {run.outcome for run in runs} == {Outcome.SKIPPED}
    assert found == ()
    assert note_words(compare([], {})) == ("The deposit came with no checksum list.",)


def test_paths_are_relative_to_the_lists_folder_first() -> None:
    files = {"0001.tif": b"outer", "a/0001.tif": b"inner"}
    comparison = compared(files, a_SHA256SUMS=lines({"0001.tif": b"inner"}))
    assert [(one.path, one.manner) for one in comparison.verified] == [("a/0001.tif", Manner.EXACT)]
    comparison = compared(files, a_SHA256SUMS=lines({"a/0001.tif": b"inner", "./../0001.tif": b"outer"}))
    assert {one.path for one in comparison.verified} == files.keys()
    assert codes(comparison) == []


def test_a_given_list_is_relative_to_the_deposit() -> None:
    listing = read_list(lines(FILES), "/home/archive/lists/0001.tif", given=True)
    comparison = compare([listing], measured(FILES))
    assert comparison.verified_files == FILES.keys()
    assert "given by the archivist" in event_words(comparison)[0]


@pytest.mark.parametrize(
    ("stated", "held", "manner"),
    [
        ("text\\0001.txt", "text/0001.txt", Manner.EXACT),
        (".\\text\\0001.txt", "text/0001.txt", Manner.EXACT),
        (" 0001.txt ", "0001.txt", Manner.SPACES),
        (unicodedata.normalize("NFD", "é.tif"), "é.tif", Manner.NORMALISED),
        ("é.tif", unicodedata.normalize("NFD", "é.tif"), Manner.NORMALISED),
        ("TEXT/0001.TXT", "text/0001.txt", Manner.CASE),
        ("C:\\scans\\Text\\0001.txt", "text/0001.txt", Manner.TAIL),
        ("\\\\server\\share\\0001.txt", "0001.txt", Manner.TAIL),
        ("\\\\?\\D:\\0001.txt", "0001.txt", Manner.TAIL),
        ("D:0001.txt", "0001.txt", Manner.TAIL),
        ("/mnt/usb/text/0001.txt", "text/0001.txt", Manner.TAIL),
        ("issue/text/0001.txt", "text/0001.txt", Manner.TAIL),
        ("0001.txt", "text/0001.txt", Manner.TAIL),
        ("../../elsewhere/0001.txt", "0001.txt", Manner.TAIL),
        ("C:\\other\\0001.txt", "master/0001.txt", Manner.TAIL),
    ],
)
def test_by_what_a_path_is_found(stated: str, held: str, manner: Manner) -> None:
    listing = read_list(lines({stated: b"words"}), "SHA256SUMS")
    assert listing.entries[0].path == stated
    comparison = compare([listing], measured({held: b"words"}))
    assert [(one.path, one.manner) for one in comparison.verified] == [(held, manner)]
    assert codes(comparison) == ([] if manner is Manner.EXACT else ["CKS-010"])


def test_the_longest_tail_is_the_file() -> None:
    files = {"1921-01-02/0001.tif": b"one", "1921-01-09/0001.tif": b"two", "0001.tif": b"three"}
    stated = {"D:\\c\\1921-01-02\\0001.tif": b"one", "D:\\c\\1921-01-09\\0001.tif": b"two", "D:\\c\\0001.tif": b"three"}
    comparison = compared(files, SHA256SUMS=lines(stated))
    assert comparison.verified_files == files.keys()
    assert len(comparison.ambiguous) == 3


def test_a_file_that_another_line_names_is_not_taken_for_a_missing_one() -> None:
    stated = {"D:\\c\\1921-01-02\\0001.tif": b"same", "D:\\c\\1921-01-09\\0001.tif": b"same"}
    comparison = compared({"1921-01-09/0001.tif": b"same"}, SHA256SUMS=lines(stated))
    assert comparison.verified_files == {"1921-01-09/0001.tif"}
    assert [one.stated.entry.line for one in comparison.absent] == [1]


def test_a_bare_name_does_not_claim_what_another_line_names() -> None:
    stated = {"0001.tif": b"large", "thumbs/0001.tif": b"small"}
    comparison = compared({"thumbs/0001.tif": b"small"}, SHA256SUMS=lines(stated))
    assert comparison.verified_files == {"thumbs/0001.tif"}
    assert codes(comparison) == ["CKS-002"]
    comparison = compared({"0001.tif": b"b"}, SHA256SUMS=lines({"D:\\a\\0001.tif": b"a", "D:\\b\\0001.tif": b"b"}))
    assert [one.stated.entry.line for one in comparison.verified] == [2]
    assert [one.stated.entry.line for one in comparison.absent] == [1]


def test_lines_repeated_with_absolute_paths_are_repeats() -> None:
    comparison = compared({"0001.tif": b"a"}, SHA256SUMS=lines({"D:\\a\\0001.tif": b"a"}) * 2)
    assert (len(comparison.verified), comparison.repeated, comparison.absent) == (2, 1, ())


def test_a_file_may_be_in_a_list_and_have_a_sidecar() -> None:
    files = {"s/0002.tif": b"two"}
    lists = [read_list(lines(files), "SHA256SUMS"), read_list(md5(b"two").encode(), "s/0002.md5")]
    comparison = compare(lists, measured(files))
    assert len(comparison.verified) == 2
    assert codes(comparison) == []


def test_among_several_files_the_digest_decides() -> None:
    files = {"master/0001.tif": b"large", "service/0001.tif": b"small"}
    comparison = compared(files, SHA256SUMS=lines({"0001.tif": b"small"}))
    assert [one.path for one in comparison.verified] == ["service/0001.tif"]
    assert comparison.unlisted == ("master/0001.tif",)
    comparison = compared(files, SHA256SUMS=lines({"0001.tif": b"neither"}))
    assert codes(comparison) == ["CKS-009"]
    assert comparison.undecided[0].candidates == ("master/0001.tif", "service/0001.tif")
    assert event_outcome(comparison) is EventOutcome.FAIL


def test_a_name_alone_with_other_bytes_is_no_file_found() -> None:
    comparison = compared({"b/0001.tif": b"other"}, SHA256SUMS=lines({"a/0001.tif": b"one"}))
    assert comparison.absent[0].near == ("b/0001.tif",)
    assert comparison.unlisted == ("b/0001.tif",)


def test_capitals_decide_where_both_names_are_there() -> None:
    comparison = compared({"A.tif": b"1", "a.tif": b"2"}, SHA256SUMS=lines({"A.tif": b"1", "a.tif": b"2"}))
    assert codes(comparison) == []


def test_conflicting_lines_are_neither_verified_nor_mismatched() -> None:
    content = f"{md5(b'one')}  0001.tif\n{md5(b'eno')}  ./0001.tif\n{md5(b'two')}  0002.tif\n".encode()
    comparison = compared(FILES, MD5SUMS=content)
    (conflict,) = comparison.conflicts
    assert (conflict.path, conflict.found) == ("0001.tif", md5(b"one"))
    assert comparison.verified_files == {"0002.tif"}
    assert comparison.mismatched == ()
    assert [found.line for found in findings(comparison) if found.code == "CKS-006"] == [1]
    assert event_outcome(comparison) is EventOutcome.FAIL


def test_lists_that_contradict_one_another() -> None:
    comparison = compared(FILES, SHA256SUMS=lines(FILES), old=lines({"0001.tif": b"before"}))
    assert codes(comparison) == ["CKS-006"]
    assert comparison.verified_files == FILES.keys() - {"0001.tif"}


def test_conflicts_about_a_file_that_is_not_there() -> None:
    content = f"{md5(b'a')}  x.tif\n{md5(b'b')}  X.TIF\n".encode()
    assert codes(compared(FILES, MD5SUMS=content)) == ["CKS-002", "CKS-003", "CKS-006"]


def test_repeated_lines_are_counted() -> None:
    comparison = compared(FILES, SHA256SUMS=lines(FILES) * 2)
    assert comparison.repeated == 3
    assert codes(comparison) == []
    assert "3 lines state again what another states." in note_words(comparison)


def test_a_list_cannot_state_itself() -> None:
    comparison = compared(FILES, SHA256SUMS=lines({**FILES, "SHA256SUMS": b""}))
    assert [one.entry.path for one in comparison.of_themselves] == ["SHA256SUMS"]
    assert codes(comparison) == []
    assert event_outcome(comparison) is EventOutcome.SUCCESS


def test_a_list_is_verified_by_another() -> None:
    inner = lines(FILES)
    comparison = compared(FILES, SHA256SUMS=inner, outer=lines({"SHA256SUMS": inner}))
    assert "SHA256SUMS" in comparison.verified_files
    assert codes(comparison) == []


def test_crcs_are_a_warning_and_nothing_is_verified() -> None:
    comparison = compared(FILES, disc__sfv=b"; made\n0001.tif 8CDC1683\n0009.tif 8CDC1683\n")
    assert codes(comparison) == ["CKS-002", "CKS-003", "CKS-008"]
    assert comparison.verified == ()
    comparison = compared({"0001.tif": b"one"}, disc__sfv=b"0001.tif 8CDC1683\n")
    assert codes(comparison) == ["CKS-008"]
    assert event_outcome(comparison) is EventOutcome.WARNING


def test_legacy_digests_are_a_notice() -> None:
    content = "".join(f"{md5(content)}  {path}\n" for path, content in FILES.items()).encode()
    comparison = compared(FILES, MD5SUMS=content)
    (found,) = findings(comparison)
    assert (found.code, found.severity) == ("CKS-007", Severity.NOTICE)
    assert codes(compared(FILES, MD5SUMS=content, SHA256SUMS=lines(FILES))) == []


def test_what_cannot_be_computed_is_said() -> None:
    content = f"BLAKE2b-256 (0001.tif) = {sha256(b'x')}\nSHA256 (0002.tif) = {sha256(b'two')}\n".encode()
    comparison = compared(FILES, x=content)
    assert "CKS-011" in codes(comparison)
    assert comparison.verified_files == {"0002.tif"}
    assert event_outcome(comparison) is EventOutcome.WARNING


def test_what_was_not_computed_is_not_verified() -> None:
    listing = read_list(lines(FILES), "SHA256SUMS")
    comparison = compare([listing], measured(FILES, [Algorithm.MD5]))
    assert comparison.verified == ()
    assert {one.reason for one in comparison.unverifiable} == {"SHA-256 was not computed"}
    assert codes(comparison) == ["CKS-011"]


def test_every_digest_of_a_line_has_to_agree() -> None:
    content = f"%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n9,{md5(b'one')},{sha256(b'eno')},0001.tif\n".encode()
    comparison = compared({"0001.tif": b"one"}, x=content)
    assert [one.wanted.algorithm for one in comparison.mismatched] == [Algorithm.SHA256]
    (found,) = findings(comparison)
    assert "3 bytes, where 9 bytes are stated" in found.message


def test_an_algorithm_taken_by_length_is_said_in_a_mismatch() -> None:
    sm3 = sha256(b"stands for a digest of SM3")
    (found,) = findings(compared({"0001.tif": b"one"}, x=f"{sm3}  0001.tif\n".encode()))
    assert "taken for SHA-256 by its length" in found.message


def test_sidecars_by_whole_name_and_by_stem() -> None:
    files = {"s/0001.tif": b"one", "s/0002.tif": b"two", "s/0002.txt": b"words", "s/0003.tif": b"three"}
    comparison = compare(
        [
            read_list(md5(b"one").encode(), "s/0001.tif.md5"),
            read_list(md5(b"two").encode(), "s/0002.md5"),
            read_list(f"{md5(b'three')}  0003.tif\n".encode(), "s/0003.md5"),
        ],
        measured({**files, "s/0001.tif.md5": b"-", "s/0002.md5": b"-", "s/0003.md5": b"-"}),
    )
    assert comparison.verified_files == {"s/0001.tif", "s/0002.tif", "s/0003.tif"}
    assert comparison.unlisted == ("s/0002.txt",)
    assert (
        event_words(comparison)[0]
        == "2 sidecars from s/0001.tif.md5 to s/0002.md5 (MD5): 2 verified, 0 mismatched, 0 absent"
    )


def test_a_manifest_of_a_bag_within_the_deposit() -> None:
    files = {"bag/data/100%.tif": b"one", "bag/bagit.txt": b"BagIt"}
    listing = lines({"data/100%25.tif": b"one"})
    tags = lines({"bagit.txt": b"BagIt", "manifest-sha256.txt": listing})
    named = {"bag/manifest-sha256.txt": listing, "bag/tagmanifest-sha256.txt": tags}
    lists = [read_list(content, name) for name, content in named.items()]
    comparison = compare(lists, measured({**files, **named}))
    assert comparison.unlisted == ()
    assert codes(comparison) == []


def test_only_what_is_stated_has_to_be_computed() -> None:
    lists = [
        read_list(f"{md5(b'x')}  a\n".encode(), "MD5SUMS"),
        read_list(f"{sha256(b'x')}  a\n".encode(), "x.sha3-256"),
        read_list(b"a 8CDC1683\n", "x.sfv"),
    ]
    assert algorithms_needed(lists) == {Algorithm.MD5, Algorithm.SHA3_256}
    assert algorithms_needed([]) == frozenset()


def test_lines_that_are_not_understood_are_warnings_with_their_numbers() -> None:
    comparison = compared(FILES, SHA256SUMS=lines(FILES) + b"nonsense\n" * 30)
    found = [one for one in findings(comparison) if one.code == "CKS-005"]
    assert [one.line for one in found] == [*range(4, 14), None]
    assert found[0].severity is Severity.WARNING
    assert "20 more lines" in found[-1].message
    assert event_outcome(comparison) is EventOutcome.WARNING
    assert event_words(comparison)[0].endswith("30 not understood")


def test_a_list_beyond_a_limit_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.checksum_lists.entries.MOST_ENTRIES", 2)
    comparison = compared(FILES, SHA256SUMS=lines(FILES))
    assert "CKS-012" in codes(comparison)
    assert event_outcome(comparison) is EventOutcome.FAIL


def test_control_characters_are_shown_as_escapes() -> None:
    comparison = compared({}, SHA256SUMS=lines({"a\x1b[31mb": b"x"}))
    assert "\x1b" not in "".join(found.message for found in findings(comparison))


def test_the_order_of_lists_and_files_changes_nothing() -> None:
    lists = [read_list(lines(FILES), "b"), read_list(lines({"0001.tif": b"x", "text/1": b"y"}), "a")]
    files = measured({**FILES, "a": b"", "b": b""})
    turned = dict(reversed(list(files.items())))
    assert compare(lists, files) == compare(list(reversed(lists)), turned)


PATHS = st.lists(st.sampled_from(["a", "A", "b", "é", "e\u0301", "0001.tif", "0002.tif"]), min_size=1, max_size=3).map(
    "/".join
)


@given(
    held=st.dictionaries(PATHS, st.binary(max_size=1), max_size=6),
    stated=st.lists(st.tuples(PATHS, st.binary(max_size=1), st.sampled_from(["", "D:/", "../", "./"])), max_size=8),
    name=st.sampled_from(["SUMS", "a/SUMS", "b/a/SUMS"]),
)
def test_every_line_is_judged_once_and_nothing_is_verified_that_differs(
    held: dict[str, bytes], stated: list[tuple[str, bytes, str]], name: str
) -> None:
    content = "".join(f"{sha256(payload)}  {before}{path}\n" for path, payload, before in stated).encode()
    listing = read_list(content, name)
    comparison = compare([listing], measured(held, [Algorithm.SHA256]))
    judged = [
        *(one.stated.entry.line for one in comparison.verified),
        *(one.stated.entry.line for one in comparison.mismatched),
        *(one.stated.entry.line for one in comparison.absent),
        *(one.stated.entry.line for one in comparison.undecided),
        *(one.stated.entry.line for one in comparison.unverifiable),
        *(one.entry.line for one in comparison.conflicting),
        *(one.entry.line for one in comparison.of_themselves),
    ]
    assert sorted(judged) == list(range(1, len(stated) + 1))
    for one in comparison.verified:
        assert one.stated.entry.checksums[0].hexdigest == sha256(held[one.path])
    for path in held:
        assert (path in comparison.unlisted) + (path in comparison.verified_files) <= 1
    codes(comparison)


@given(held=st.dictionaries(PATHS, st.binary(max_size=2), min_size=1, max_size=6))
def test_a_list_of_what_is_there_verifies_all_of_it(held: dict[str, bytes]) -> None:
    comparison = compare([read_list(lines(held), "SUMS")], measured(held, [Algorithm.SHA256]))
    assert comparison.verified_files == held.keys()
    assert comparison.unlisted == ()
    assert codes(comparison) == []


@pytest.mark.skipif(shutil.which("md5sum") is None, reason="md5sum is not installed")
def test_md5sum_and_archiver_are_of_one_mind(tmp_path: Path) -> None:
    files = {f"{number:04}.tif": bytes([number]) * number for number in range(1, 30)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    done = subprocess.run(["md5sum", *files], cwd=tmp_path, capture_output=True, check=True)
    (tmp_path / "MD5SUMS").write_bytes(done.stdout)
    for name in ("0003.tif", "0017.tif"):
        (tmp_path / name).write_bytes(b"changed")
    (tmp_path / "0021.tif").unlink()
    said = subprocess.run(
        ["md5sum", "-c", "MD5SUMS"], cwd=tmp_path, capture_output=True, text=True, env={"LC_ALL": "C"}, check=False
    ).stdout.splitlines()
    now = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    comparison = compare([read_list(done.stdout, "MD5SUMS")], measured(now))
    assert {line.removesuffix(": OK") for line in said if line.endswith(": OK")} == comparison.verified_files
    assert {line.split(":")[0] for line in said if line.endswith(": FAILED")} == {
        one.path for one in comparison.mismatched
    }
    assert {line.split(":")[0] for line in said if "open or read" in line} == {
        one.stated.entry.path for one in comparison.absent
    }


def test_lists_are_typed() -> None:
    listing = read_list(b"", "x.md5")
    assert isinstance(listing, ChecksumList)
    assert (listing.usable, listing.folder, listing.algorithms, listing.is_crc_only) == (0, "", (), False)


def test_the_worked_example_of_the_documentation_is_what_happens() -> None:
    page = (Path(__file__).parents[1] / "docs" / "checksum-lists.md").read_text(encoding="utf-8")
    example = page.split("## Worked example")[1].split("\n## ")[0]
    shown = [line.strip() for line in example.splitlines() if line.startswith("    ")]
    listing = "\n".join(line for line in shown if "  000" in line[30:45] or line == "three files").encode() + b"\n"
    comparison = compared({"0001.tif": b"one", "0002.tif": b"twn", "notes.txt": b"notes"}, MD5SUMS=listing)
    said = [
        f"{one.code} {one.severity.value:8} {f'{one.path}:{one.line}' if one.line else '':10} {one.message}"
        for one in findings(comparison)
    ]
    assert [line for line in shown if line.startswith("CKS-")] == said
    assert [line for line in shown if line.endswith(".") and "verified" in line] == list(note_words(comparison))
    assert [line for line in shown if " verified, " in line and not line.endswith(".")] == list(event_words(comparison))
    assert event_outcome(comparison) is EventOutcome.FAIL
