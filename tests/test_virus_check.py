"""Files shown to a real clamd, with a signature of our own; and a scanner that cannot be asked."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from transcripts import PROFILES, english
from workspaces import archiver, workspace

from archiver.errors import CouldNotFindOut
from archiver.inspection import Terms, inspect
from archiver.listing import list_deposit
from archiver.model.viruses import Scanner
from archiver.virus_scanning import scan

MARK = b"ARCHIVER-TEST-SIGNATURE-OF-OUR-OWN-7f3a"
CLAMD = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin:/opt/homebrew/sbin")


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    if CLAMD is None:
        pytest.skip("clamd is not installed (apt-get install clamav-daemon)")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "db").mkdir()
    (folder / "db/own.ndb").write_text(f"Archiver.Test.Mark:0:*:{MARK.hex()}\n")
    place = Path("/tmp") / f"archiver-clamd-{folder.name[-8:]}-{time.monotonic_ns()}.sock"  # paths of sockets are short
    (folder / "clamd.conf").write_text(
        f"DatabaseDirectory {folder / 'db'}\nLocalSocket {place}\nForeground yes\nStreamMaxLength 2M\n"
        "LogFile /dev/null\nExitOnOOM yes\n"
    )
    process = subprocess.Popen(
        [CLAMD, "--config-file", str(folder / "clamd.conf")], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        for _attempt in range(300):
            if place.exists() or process.poll() is not None:
                break
            time.sleep(0.1)
        if process.poll() is not None:
            said = process.stdout.read().decode(errors="replace") if process.stdout is not None else ""
            pytest.skip(f"clamd does not start here: {said[-300:]}")
        yield Scanner(socket=place)
    finally:
        process.terminate()
        process.communicate(timeout=30)
        place.unlink(missing_ok=True)


def deposit(folder: Path, **files: bytes) -> Path:
    folder.mkdir()
    (folder / "issue.md").write_text(english(), encoding="utf-8")
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def test_a_clean_deposit(clamd: Scanner, tmp_path: Path) -> None:
    found = scan(list_deposit(deposit(tmp_path / "d", scan=bytes(900_000))).files, clamd)
    assert found.version.startswith("ClamAV ") and (found.files, found.infections, found.unscanned) == (2, (), ())


def test_a_signature_is_found_wherever_it_stands(clamd: Scanner, tmp_path: Path) -> None:
    for at in (0, 1, 262_144 - 10, 700_000):
        folder = deposit(tmp_path / f"d{at}", scan=bytes(at) + MARK + bytes(100))
        found = inspect(folder, PROFILES, terms=Terms(scanner=clamd))
        assert [each.code for each in found.findings if each.code.startswith("VIR")] == ["VIR-001"], at
        assert not found.acceptable and "Archiver.Test.Mark" in str([each.message for each in found.findings])


def test_a_file_beyond_the_limit_of_the_scanner_is_told(clamd: Scanner, tmp_path: Path) -> None:
    found = inspect(deposit(tmp_path / "d", scan=bytes(5_000_000)), PROFILES, terms=Terms(scanner=clamd))
    (fault,) = [each for each in found.findings if each.code == "VIR-002"]
    assert "limit" in fault.message.lower()


def test_the_check_stands_in_the_package(clamd: Scanner, tmp_path: Path) -> None:
    desk = workspace(tmp_path / "desk")
    with (desk / "archiver.toml").open("a") as settings:
        settings.write(f'\n[virus-check]\nclamd = "{clamd.socket}"\n')
    done = archiver("accession", deposit(tmp_path / "d"), cwd=desk)
    assert done.status == 0, done.out + done.err
    (package,) = (desk / "packages").iterdir()
    premis = (package / "data/metadata/preservation/premis.xml").read_text(encoding="utf-8")
    assert "1 file(s) scanned, no signature found" in premis and "not performed" not in premis
    done = archiver("accession", deposit(tmp_path / "bad", scan=MARK), cwd=desk)
    assert done.status == 1 and "VIR-001" in done.out
    assert len(list((desk / "packages").iterdir())) == 1


def test_a_scanner_that_is_not_there_is_no_clean_answer(tmp_path: Path) -> None:
    desk = workspace(tmp_path / "desk")
    with (desk / "archiver.toml").open("a") as settings:
        settings.write('\n[virus-check]\nclamd = "/nowhere/clamd.ctl"\n')
    done = archiver("accession", deposit(tmp_path / "d"), cwd=desk)
    assert done.status == 3 and "/nowhere/clamd.ctl could not be asked" in done.out + done.err
    assert list((desk / "packages").iterdir()) == []


@pytest.mark.parametrize("answer", [b"", b"stream: something else\0", b"\xff\xfe\0", b"stream: OK and more\0"])
def test_an_answer_that_is_none_is_no_clean_answer(tmp_path: Path, answer: bytes) -> None:
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for said in (b"ClamAV 1.0\0", answer):
            connection, _address = server.accept()
            with connection:
                connection.settimeout(5)
                heard = b""
                while not heard.endswith((b"zVERSION\0", bytes(4))):
                    heard += connection.recv(65536)
                connection.sendall(said)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with server, pytest.raises(CouldNotFindOut):
        scan(list_deposit(deposit(tmp_path / "d")).files, Scanner(host="127.0.0.1", port=server.getsockname()[1]))
    thread.join(5)


@pytest.mark.parametrize("said", ["localhost", "localhost:", ":3310", "a:70000", "a:b"])
def test_a_setting_that_names_no_scanner(tmp_path: Path, said: str) -> None:
    desk = workspace(tmp_path / "desk")
    with (desk / "archiver.toml").open("a") as settings:
        settings.write(f'\n[virus-check]\nclamd = "{said}"\n')
    done = archiver("accession", deposit(tmp_path / "d"), cwd=desk)
    assert done.status == 2 and "virus-check.clamd" in done.out + done.err
