"""The main job on the specimens, and on everything that may come instead of a deposit."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import bagit
import pytest
from workspaces import QINGHE, SALTMARSH, Outcome, archiver, tree, workspace

NAME = "qinghe-newsletter_2021-05-09_no00412"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return workspace(tmp_path / "desk")


def untouched(desk: Path) -> bool:
    """Whether neither a package nor a number nor debris was left."""
    return not [path for folder in ("packages", "accessions") for path in (desk / folder).iterdir()]


def refused(done: Outcome, desk: Path, status: int, words: str) -> None:
    """A bad input got its exit status and one clear sentence, and nothing was written."""
    assert done.status == status, done.out + done.err
    assert "Traceback" not in done.err + done.out
    assert words in done.err + done.out
    assert untouched(desk)


def test_the_chinese_specimen(desk: Path) -> None:
    before = (QINGHE.read_bytes(), QINGHE.stat().st_mtime_ns)
    done = archiver("accession", QINGHE, "--serial", "qinghe-newsletter", cwd=desk)
    assert done.status == 0
    assert [(code, line) for code, line in done.codes() if code.startswith("ISS")] == [
        ("ISS-010", 31),
        ("ISS-010", 43),
        ("ISS-011", 65),
        ("ISS-012", 79),
        ("ISS-013", 77),
        ("ISS-014", 101),
        ("ISS-015", 77),
    ]
    assert (QINGHE.read_bytes(), QINGHE.stat().st_mtime_ns) == before
    package = desk / "packages" / NAME
    assert (package / "data/representations/original/data" / QINGHE.name).read_bytes() == before[0]
    reading = (package / f"data/representations/reading/data/{NAME}.md").read_text(encoding="utf-8")
    assert "两岸的便道拆掉" in reading and reading.count("库只有四百吨") == 1 and "[…]" in reading
    bagit.Bag(str(package)).validate()
    for name in ("sha512", "sha256"):
        for manifest in (f"manifest-{name}.txt", f"tagmanifest-{name}.txt"):
            subprocess.run([f"{name}sum", "--quiet", "-c", manifest], cwd=package, check=True)
    validated = archiver("validate", package, "--second-opinion", cwd=desk)
    assert validated.status == 0 and validated.codes("error") == [] and validated.codes("warning") == []
    assert archiver("register", "verify", cwd=desk).status == 0


def test_the_english_specimen_without_naming_the_serial(desk: Path) -> None:
    done = archiver("accession", SALTMARSH, cwd=desk)
    assert done.status == 0
    assert done.data["packages"][0]["identifier"] == "saltmarsh-courier_2019-05-04_v012-no0018"
    issue = done.data["issues"][0]
    assert [page["deposited"] for page in issue["pages"]] == [True, True, False]
    assert [name for article in issue["articles"] for line in article["bylines"] for name in line["names"]] == [
        "Jane Alder", "Tobias Wren", "Jane Alder", "Odile Marrack", "Tobias Wren",
    ]  # fmt: skip


def test_same_input_same_bytes_with_one_worker_and_with_two(tmp_path: Path) -> None:
    packages = []
    for name, workers in (("one", "1"), ("two", "2")):
        desk = workspace(tmp_path / name)
        shutil.copytree(QINGHE.parent, desk / "deposit")
        assert archiver("accession", "deposit", "-j", workers, cwd=desk).status == 0
        packages.append(tree(desk / "packages"))
    assert packages[0] == packages[1]


def test_a_second_run_changes_nothing(desk: Path) -> None:
    assert archiver("accession", QINGHE, cwd=desk).status == 0
    before = tree(desk)
    again = archiver("accession", QINGHE, cwd=desk)
    assert again.status == 0 and "already accessioned as 2026.001" in " ".join(again.data["notes"])
    assert tree(desk) == before


def test_a_preview_writes_nothing(desk: Path) -> None:
    before = tree(desk)
    done = archiver("accession", QINGHE, "--dry-run", cwd=desk)
    assert done.status == 0 and done.data["packages"][0]["note"] == "would be written"
    assert tree(desk) == before and untouched(desk)


def test_other_files_of_the_folder_go_with_the_issue(desk: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deposit"
    folder.mkdir()
    shutil.copy(QINGHE, folder)
    (folder / "照片 一.bin").write_bytes(b"\x00\x01")
    (folder / ".DS_Store").write_bytes(b"x")
    done = archiver("accession", folder, cwd=desk)
    assert done.status == 0 and {"DEP-005", "DEP-011"} <= {code for code, _line in done.codes()}
    original = desk / "packages" / NAME / "data/representations/original/data"
    assert (
        sorted(path.name for path in original.iterdir()) == ["0003.bin", QINGHE.name]
        or len(list(original.iterdir())) == 2
    )
    premis = (desk / "packages" / NAME / "data/metadata/preservation/premis.xml").read_text(encoding="utf-8")
    assert "照片 一.bin" in premis


def changed(tmp_path: Path, old: str, new: str, source: Path = QINGHE) -> Path:
    text = source.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "issue.txt"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_a_missing_path(desk: Path) -> None:
    refused(archiver("accession", "nowhere.txt", cwd=desk), desk, 2, "nowhere.txt")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "TXT-001"),
        (b" \n\n", "TXT-001"),
        (b"only some words, and no masthead\n", "SER-001"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64), "TXT-002"),
        ("青禾".encode() * 50 + b"\xff" + "时报".encode() * 50, "TXT-003"),
        (b"x" * (25 * 1024 * 1024), "TXT-004"),
        (b"ESC \x1b[31m", "TXT-005"),
    ],
)
def test_bytes_that_are_no_transcript(desk: Path, tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "issue.txt"
    path.write_bytes(content)
    done = archiver("accession", path, cwd=desk)
    assert code in {found for found, _line in done.codes("error")}
    refused(done, desk, 1, code)


def test_two_mastheads_in_one_file(desk: Path, tmp_path: Path) -> None:
    path = tmp_path / "two.txt"
    path.write_text(QINGHE.read_text(encoding="utf-8") * 2, encoding="utf-8")
    done = archiver("accession", path, cwd=desk)
    refused(done, desk, 1, "SER-002")
    assert "SER-002" in {code for code, _line in done.codes("error")}


def test_a_date_that_does_not_exist(desk: Path, tmp_path: Path) -> None:
    path = changed(tmp_path, "2021年5月\n\n9", "2021年2月\n\n30")
    done = archiver("accession", path, cwd=desk)
    assert ("SER-003", 9) in done.codes("error")
    refused(done, desk, 1, "SER-003")


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "both"),
    [
        ("星期日", "星期一", "ISS-001", 13, ("星期一", "星期日")),
        ("三月廿八", "三月廿七", "ISS-002", 15, ("辛丑年三月廿七", "辛丑年三月廿八")),
        ("第18期(总第412期)", "第18期(总第17期)", "ISS-003", 21, ("18", "17")),
    ],
)
def test_a_misprint_is_a_finding_with_both_values(
    desk: Path, tmp_path: Path, old: str, new: str, code: str, line: int, both: tuple[str, str]
) -> None:
    done = archiver("accession", changed(tmp_path, old, new), cwd=desk)
    assert done.status == 0 and (code, line) in done.codes("warning")
    message = next(found["message"] for found in done.data["findings"] if found["code"] == code)
    assert all(value in message for value in both)
    package = Path(done.data["packages"][0]["path"])
    validated = archiver("validate", desk / package, cwd=desk)
    assert validated.status == 0 and code in {found for found, _line in validated.codes("warning")}


def test_links_and_special_files(desk: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deposit"
    folder.mkdir()
    shutil.copy(QINGHE, folder)
    (folder / "out.txt").symlink_to("/etc/passwd")
    (folder / "dangling").symlink_to("gone")
    (folder / "loop").symlink_to("loop")
    (folder / "inner").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "socket"))
        done = archiver("accession", folder, cwd=desk)
    assert [code for code, _line in done.codes("error")] == ["DEP-001"] * 6
    refused(done, desk, 1, "DEP-001")


@pytest.mark.parametrize("make", [os.symlink, lambda _source, path: os.mkfifo(path)])
def test_a_link_or_pipe_as_the_source_itself(desk: Path, tmp_path: Path, make: object) -> None:
    path = tmp_path / "source.txt"
    make(QINGHE, path)  # type: ignore[operator]
    refused(archiver("accession", path, cwd=desk), desk, 1, "DEP-001")


@pytest.mark.parametrize(
    ("name", "code"),
    [("a\nb.bin", "DEP-003"), ("a\u202egnp.bin", "DEP-003"), ("a%0Ab.bin", "DEP-003"), ("\x1b[2J.bin", "DEP-003")],
)
def test_strange_names_are_shown_escaped_and_kept(desk: Path, tmp_path: Path, name: str, code: str) -> None:
    folder = tmp_path / "deposit"
    folder.mkdir()
    shutil.copy(QINGHE, folder)
    (folder / name).write_bytes(b"x")
    shown = archiver("inspect", folder, cwd=desk, json_report=False)
    assert code in shown.out and "\x1b" not in shown.out and "\u202e" not in shown.out
    done = archiver("accession", folder, cwd=desk)
    assert done.status == 0 and code in {found for found, _line in done.codes("warning")}
    bagit.Bag(str(desk / "packages" / NAME)).validate()


def test_names_that_are_not_text(desk: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deposit"
    folder.mkdir()
    shutil.copy(QINGHE, folder)
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff.bin"))).write_bytes(b"x")
    refused(archiver("accession", folder, cwd=desk), desk, 1, "DEP-002")


def test_an_unreadable_file(desk: Path, tmp_path: Path) -> None:
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("root reads everything, and there is no setpriv")
    if os.geteuid() == 0:
        pytest.skip("root reads everything; tests/test_sources.py tries it as another account")
    folder = tmp_path / "deposit"
    folder.mkdir()
    shutil.copy(QINGHE, folder)
    (folder / "secret.bin").write_bytes(b"x")
    (folder / "secret.bin").chmod(0)
    refused(archiver("accession", folder, cwd=desk), desk, 2, "secret.bin")


def test_a_destination_that_is_taken(desk: Path) -> None:
    (desk / "packages" / NAME).mkdir()
    (desk / "packages" / NAME / "mine.txt").write_text("mine")
    done = archiver("accession", QINGHE, cwd=desk)
    assert done.status == 2 and NAME in done.err and "nothing was changed" in done.err
    assert tree(desk / "packages") == {f"{NAME}/mine.txt": b"mine"}
    assert not list((desk / "accessions").iterdir())


def test_a_destination_that_is_a_file(desk: Path) -> None:
    (desk / "here").write_text("x")
    done = archiver("accession", QINGHE, "-p", "here", cwd=desk)
    assert done.status in {2, 3} and "here" in done.err and "Traceback" not in done.err


def test_a_full_disk(desk: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no right to mount a small disk")
    try:
        done = archiver("accession", QINGHE, "-p", disk / "packages", cwd=desk)
        assert done.status == 3 and "no space left" in done.err
        assert not [path for path in disk.rglob("*") if path.is_file()]
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    done = archiver("accession", QINGHE, cwd=desk)
    assert done.status == 0 and "2026.001" in " ".join(done.data["notes"])


def test_outside_of_a_workspace(tmp_path: Path) -> None:
    done = archiver("accession", QINGHE, cwd=tmp_path)
    assert done.status == 2 and "archiver init" in done.err


def test_a_serial_nobody_knows(desk: Path) -> None:
    refused(archiver("accession", QINGHE, "--serial", "no-such", cwd=desk), desk, 2, "no-such")
    refused(archiver("accession", QINGHE, "--serial", "saltmarsh-courier", cwd=desk), desk, 1, "SER-001")


def test_two_deposits_get_two_numbers_and_a_bad_one_stops_neither(desk: Path, tmp_path: Path) -> None:
    bad = tmp_path / "empty.txt"
    bad.write_bytes(b"")
    done = archiver("accession", QINGHE, bad, SALTMARSH, cwd=desk)
    assert done.status == 1
    assert sorted(path.name for path in (desk / "accessions").iterdir() if path.is_dir()) == ["2026.001", "2026.002"]
    assert len(list((desk / "packages").iterdir())) == 2


@pytest.mark.parametrize("redirected", [">/dev/full", ">&-", "| head -c 1 >/dev/null"])
def test_output_that_nobody_takes(desk: Path, redirected: str) -> None:
    if ">/dev/full" in redirected and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    command = f"'{sys.executable}' -m archiver.cli inspect '{QINGHE}' {redirected}"
    done = subprocess.run(["sh", "-c", command], cwd=desk, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert done.returncode == (0 if "head" in redirected else 3)
    assert ("cannot be written" in done.stderr) == ("head" not in redirected)


@pytest.mark.parametrize("moment", ["accessions", "packages"])
def test_an_interruption_ends_with_130_and_leaves_nothing_half_made(desk: Path, moment: str) -> None:
    """Interrupted when the number is claimed, or when the hidden folder stands: in the midst of the work."""
    command = [sys.executable, "-m", "archiver.cli", "accession", str(QINGHE)]
    process = subprocess.Popen(
        command,
        cwd=desk,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a job in the background ignores it
    )
    while process.poll() is None and not any((desk / moment).iterdir()):
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=60)
    assert process.returncode in {0, 130} and "Traceback" not in err
    assert process.returncode == 0 or "Interrupted" in err
    shown = [path.name for path in (desk / "packages").iterdir() if not path.name.startswith(".")]
    assert shown == ([NAME] if process.returncode == 0 else [])
    assert archiver("accession", QINGHE, cwd=desk).status == 0
    assert [path.name for path in (desk / "packages").iterdir()] == [NAME]
    assert archiver("register", "verify", cwd=desk).status == 0
