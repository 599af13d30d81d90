"""Reading bags: facts in little memory, whatever they hold; what cannot be read is neither good nor bad."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from bags import BagBuilder, codes, digest, judged, lines_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.errors import CouldNotFindOut, UnreadableInput
from archiver.model.entries import Entries
from archiver.model.report import Outcome, Severity
from archiver.model.values import Algorithm
from archiver.packages.bag import Bag, encoding
from archiver.packages.bag import lines as lines_module
from archiver.packages.bag.lines import Problems, TagText
from archiver.packages.bag.manifests import ManifestReader, algorithm_named
from archiver.packages.bag.tagfiles import read_declaration, read_info

CODECS = ["utf-8", "ascii", "utf-16", "utf-32", "utf-16-le", "utf-7", "gb18030", "iso2022_jp", "iso8859-1"]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def split(content: bytes, cuts: list[int]) -> list[bytes]:
    """The same bytes in pieces."""
    edges = [0, *sorted(cut % (len(content) + 1) for cut in cuts), len(content)]
    return [content[start:end] for start, end in pairwise(edges)]


@settings(deadline=None)
@given(st.lists(TEXT.filter(lambda text: not set(text) & set("\r\n"))), st.lists(st.integers(0, 10_000)), st.data())
def test_lines_end_at_lf_cr_and_crlf_alone_wherever_the_pieces_end(
    wanted: list[str], cuts: list[int], data: st.DataObject
) -> None:
    ends = [data.draw(st.sampled_from(["\n", "\r", "\r\n"])) for _line in wanted]
    for index in reversed(range(len(wanted) - 1)):  # CR, then an empty line ended by LF, is one CRLF
        if ends[index] == "\r" and not wanted[index + 1] and ends[index + 1].startswith("\n"):
            ends[index] = "\n"
    text = "".join(line + end for line, end in zip(wanted, ends, strict=True))
    if text.startswith("\ufeff"):
        return
    problems = Problems()
    found = list(TagText(split(text.encode(), cuts), "utf-8", "x.txt", problems))
    assert found == list(enumerate(wanted, 1))
    assert problems.all() == ()


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a" * 40, "b", "", "c" * 41, "d" * 200]), max_size=12), st.lists(st.integers(0, 2000)))
def test_lines_beyond_the_limit_are_left_out_and_told_of(wanted: list[str], cuts: list[int]) -> None:
    before = lines_module.LONGEST_LINE
    lines_module.LONGEST_LINE = 40
    try:
        problems = Problems()
        content = "".join(f"{line}\n" for line in wanted).encode()
        found = list(TagText(split(content, cuts), "utf-8", "x.txt", problems))
    finally:
        lines_module.LONGEST_LINE = before
    numbered = list(enumerate(wanted, 1))
    assert found == [(number, line) for number, line in numbered if len(line) <= 40]
    assert [problem.line for problem in problems.all()] == [number for number, line in numbered if len(line) > 40]


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_percent_encoding_round_trips_and_touches_nothing_else(path: str) -> None:
    written = encoding.encode(path)
    assert encoding.decode(written) == path
    assert not set(written) & set("\r\n")
    assert not encoding.has_literal_percent(written)
    assert encoding.readings(written)[0] == path
    if not set(path) & set("\r\n%"):
        assert written == path


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=400) | TEXT.map(str.encode),
    st.sampled_from(["utf-8", "utf-16", "utf-32", "utf-16-le", "utf-7", "gb18030", "iso2022_jp", "ascii"]),
)
def test_no_bytes_make_a_reader_stumble(content: bytes, codec: str) -> None:
    for tags in (True, False):
        problems = Problems()
        reader = ManifestReader({}, problems)
        found = reader.read("manifest-md5.txt", TagText([content], codec, "manifest-md5.txt", problems), tags=tags)
        for path, (stated, line) in found.entries.items():
            assert len(stated) in {0, 32}
            assert line >= 1
            assert not encoding.outside(path)
            assert not encoding.unusable(path)
    problems = Problems()
    ManifestReader({}, problems).fetch(TagText([content], codec, "fetch.txt", problems))
    read_info("bag-info.txt", TagText([content], codec, "bag-info.txt", problems), problems)
    read_declaration(content, problems)
    assert all(problem.line is None or problem.line >= 1 for problem in problems.all())


ROWS = st.dictionaries(st.text("abc/é", min_size=1, max_size=8), st.binary(min_size=4, max_size=4) | st.none())


@settings(deadline=None)
@given(ROWS, st.lists(st.integers(1, 3), min_size=20, max_size=20))
def test_entries_are_a_mapping_in_little_memory(rows: dict[str, bytes | None], gaps: list[int]) -> None:
    entries, expected, line = Entries(4), {}, 0
    for (path, content), gap in zip(rows.items(), gaps * 10, strict=False):
        line += gap
        entries.add(path, content, line)
        expected[path] = (content.hex() if content is not None else "", line)
    assert dict(entries) == expected
    assert list(entries) == list(expected)
    assert [entries.line(path) for path in entries] == [line for _digest, line in expected.values()]
    assert "nowhere" not in entries


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [
        ("sha512", Algorithm.SHA512),
        ("SHA-512", Algorithm.SHA512),
        ("sha3_256", Algorithm.SHA3_256),
        ("sha3256", Algorithm.SHA3_256),
        ("blake2b", Algorithm.BLAKE2B),
        ("blake2b-512", Algorithm.BLAKE2B),
        ("blake2s", Algorithm.BLAKE2S),
        ("crc32", None),
        ("", None),
    ],
)
def test_algorithms_are_known_in_every_spelling(name: str, algorithm: Algorithm | None) -> None:
    assert algorithm_named(name) is algorithm


def test_the_example_of_the_documentation(tmp_path: Path) -> None:
    bag = Bag.open(BagBuilder(algorithms=("sha512",)).build(tmp_path / "bag"))
    assert bag.info == [("Source-Organization", "The library"), ("Payload-Oxum", "11.2")]
    assert dict(bag.payload()) == {
        "data/a.txt": {Algorithm.SHA512: digest(b"first")},
        "data/b/c.txt": {Algorithm.SHA512: digest(b"second")},
    }
    checks, findings = bag.validate()
    assert findings == ()
    assert {run.outcome for run in checks} <= {Outcome.PASSED, Outcome.SKIPPED}
    tag_manifest = (tmp_path / "bag" / "tagmanifest-sha512.txt").read_bytes()
    assert str(bag.seal()) == f"sha512:{hashlib.sha512(tag_manifest).hexdigest()}"
    assert bag.sealed().files == 2


def test_a_bag_without_tag_manifest_has_no_seal(tmp_path: Path) -> None:
    bag = Bag.open(BagBuilder(tag_manifests=False).build(tmp_path / "bag"))
    assert bag.seal() is None
    with pytest.raises(CouldNotFindOut, match="no tag manifest"):
        bag.sealed()


@pytest.mark.parametrize("kind", ["missing", "file", "link"])
def test_what_is_no_folder_is_unreadable_input(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "bag"
    if kind == "file":
        place.touch()
    elif kind == "link":
        place.symlink_to(tmp_path)
    with pytest.raises(UnreadableInput):
        Bag.open(place)


def test_the_result_is_the_same_with_one_worker_or_many(tmp_path: Path) -> None:
    payload = {f"{number % 5}/{number}": os.urandom(number) for number in range(200)}
    bag = BagBuilder(payload=payload).build(tmp_path / "bag")
    (bag / "data" / "0" / "5").write_bytes(b"other")
    one, many = (Bag.open(bag).contents(workers=workers) for workers in (1, 5))
    assert one == many
    assert list(one.measured) == list(many.measured)
    assert judged(bag, 1) == judged(bag, 5)


def test_without_measuring_no_payload_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    opened: list[str] = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, *rest: (opened.append(os.fspath(path)), real(path, *rest))[1])
    contents = Bag.open(bag).contents(measure=False)
    assert not contents.was_measured
    assert opened
    assert not any("/data/" in path for path in opened)


def test_a_file_that_changes_while_it_is_validated_was_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    real = os.read

    def meddling(descriptor: int, length: int) -> bytes:
        content = real(descriptor, length)
        if content == b"first":
            (bag / "data" / "a.txt").write_bytes(b"later")
        return content

    contents = Bag.open(bag).contents(measure=False)
    monkeypatch.setattr(os, "read", meddling)
    runs, findings = Bag.open(bag).validate()
    monkeypatch.undo()
    assert contents.unreadable == ()
    reasons = {run.code: run.reason for run in runs if run.outcome is Outcome.BROKEN}
    assert list(reasons) == ["FIX-004"]
    assert "changed while it was read" in reasons["FIX-004"]
    assert [finding.code for finding in findings if finding.severity is Severity.ERROR] == []


# The peak of a program alone: ru_maxrss begins with what the process that started it had at that moment.
PEAK = """
def peak():
    for line in Path("/proc/self/status").read_text().splitlines() if Path("/proc/self/status").exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
"""
JUDGE = f"""
import resource, sys
from pathlib import Path
from archiver.packages.bag import Bag
{PEAK}
runs, findings = Bag.open(Path(sys.argv[1])).validate()
for run in runs:
    if run.outcome.value == "broken":
        print("broken", run.code, run.reason)
for code in sorted({{finding.code for finding in findings if finding.severity.value == "error"}}):
    print("error", code)
print("memory", peak(), file=sys.stderr)
"""
UNPRIVILEGED = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


@pytest.mark.parametrize("what", ["file", "folder", "manifest"])
def test_what_may_not_be_read_is_listed_and_the_rest_is_judged(what: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        bag = BagBuilder(payload={"a.txt": b"first", "b/c.txt": b"second", "d": b"third"}).build(Path(folder) / "bag")
        (bag / "data" / "d").write_bytes(b"THIRD")
        closed = {"file": "data/a.txt", "folder": "data/b", "manifest": "manifest-sha256.txt"}[what]
        (bag / closed).chmod(0)
        command = [sys.executable, "-c", JUDGE, str(bag)]
        if os.geteuid() == 0:
            if shutil.which("setpriv") is None:
                pytest.skip("setpriv is not installed, and root may read everything")
            command = [*UNPRIVILEGED, *command]
            probe = subprocess.run([*UNPRIVILEGED, sys.executable, "-c", "import archiver"], capture_output=True)
            if probe.returncode:
                pytest.skip("an account without rights cannot run Python or read the checkout here")
        done = subprocess.run(command, capture_output=True, text=True, cwd="/")
        (bag / closed).chmod(0o755)
    assert done.returncode == 0, done.stderr
    broken = [line for line in done.stdout.split("\n") if line.startswith("broken")]
    assert len(broken) == 1
    assert "FIX-004" in broken[0]
    assert f"{closed}: permission denied" in broken[0]
    assert "error FIX-001" in done.stdout


def memory_of(bag: Path) -> tuple[str, int]:
    done = subprocess.run([sys.executable, "-c", JUDGE, str(bag)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout, int(done.stderr.split()[-1])


def test_a_tag_line_of_500_mb_is_refused_in_little_memory(tmp_path: Path) -> None:
    bag = BagBuilder(tag_manifests=False).build(tmp_path / "bag")
    for name in ("manifest-sha256.txt", "bag-info.txt"):
        with (bag / name).open("wb") as file:
            file.write(b"Contact-Name: ")
            file.truncate(500_000_000)
    said, megabytes = memory_of(bag)
    assert "error BAG-027" in said
    assert megabytes < 150


@pytest.mark.faults
def test_a_million_lines_in_bounded_memory(tmp_path: Path) -> None:
    """Every listed file is missing, which is the worst case: each line is a finding, and none is left out."""
    bag = BagBuilder(payload={}, tag_manifests=False).build(tmp_path / "bag")
    with (bag / "manifest-sha512.txt").open("w") as file:
        for number in range(1_000_000):
            file.write(f"{number:0128x}  data/folder-{number // 1000:04}/{number:08}.tif\n")
    (bag / "manifest-sha256.txt").unlink()
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from archiver.packages.bag import Bag\n"
        f"{PEAK}"
        "contents = Bag.open(Path(sys.argv[1])).contents(measure=False)\n"
        "print(len(contents.manifests[0].entries), peak())"
    )
    done = subprocess.run([sys.executable, "-c", program, str(bag)], capture_output=True, text=True, check=True)
    entries, megabytes = map(int, done.stdout.split())
    assert entries == 1_000_000
    assert megabytes < 350


def test_the_memory_of_this_process_is_measured_in_kib() -> None:
    """What the tests above rest on: Linux counts ru_maxrss in KiB."""
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 10_000


def test_a_deep_bag_is_read(tmp_path: Path) -> None:
    name = "/".join(["d"] * 400) + "/end"
    assert codes(BagBuilder(payload={name: b"x"}).build(tmp_path / "bag")) == set()


def test_paths_that_are_not_utf_8_are_still_compared(tmp_path: Path) -> None:
    """The bytes of the name match; the encoding is the only fault."""
    name = os.fsdecode(b"\xe9.txt")
    rows = lines_of([(digest(b"x"), f"data/{name}")])
    bag = BagBuilder(payload={name: b"x"}, algorithms=("sha512",), tag_files={"manifest-sha512.txt": rows})
    runs, findings = judged(bag.build(tmp_path / "bag"))
    assert {finding.code for finding in findings if finding.severity is Severity.ERROR} == {"BAG-004"}
    assert all(run.outcome is not Outcome.BROKEN for run in runs)
