"""Transcripts as files: encodings, limits, bytes that are no text, and files that change or may not be read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from transcripts import chinese, english, inspected, issue, places, reading, transcript

from archiver.errors import SourceChanged, StorageError, UnreadableInput
from archiver.listing import list_deposit, read_content
from archiver.model.transcript import TextTrouble
from archiver.sources import transcript as reader

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde" + bytes(64)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xdb\x00C\x00" + bytes(range(64)) * 4
ZIP = b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(range(256)) * 2
ENCODINGS = {
    "utf-8-sig": ("utf-8", "byte order mark"),
    "utf-16": ("utf-16-le", "byte order mark"),
    "utf-16-be with mark": ("utf-16-be", "byte order mark"),
    "utf-16-le": ("utf-16-le", "line ends of two bytes"),
    "utf-16-be": ("utf-16-be", "line ends of two bytes"),
    "gb18030": ("gb18030", "detected by content (charset-normalizer)"),
    "gbk": ("gb18030", "detected by content (charset-normalizer)"),
}


def encoded(text: str, encoding: str) -> bytes:
    if encoding == "utf-16-be with mark":
        return b"\xfe\xff" + text.encode("utf-16-be")
    if encoding == "utf-16":
        return b"\xff\xfe" + text.encode("utf-16-le")
    return text.encode(encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_same_issue_in_another_encoding(tmp_path: Path, qinghe: Path, encoding: str) -> None:
    text = qinghe.read_text(encoding="utf-8")
    content = encoded(text, encoding)
    plain, other = issue(tmp_path, text), issue(tmp_path, content)
    codec, basis = ENCODINGS[encoding]
    read = transcript(tmp_path, content)
    assert (read.encoding, read.encoding_basis) == (codec, basis)
    assert [said.value for said in plain.statements] == [said.value for said in other.statements]
    assert plain.identifier == other.identifier and plain.pages[1] == other.pages[1]
    for before, after in zip(plain.articles, other.articles, strict=True):
        assert (before.headline, before.bylines, before.oddities) == (after.headline, after.bylines, after.oddities)
        assert [part.text for part in before.paragraphs] == [part.text for part in after.paragraphs]
        span = after.span
        cut = content[span.begin : span.end].decode(codec)
        assert cut == text.encode()[before.span.begin : before.span.end].decode()
        for part in after.paragraphs:
            assert content[part.span.begin : part.span.end].decode(codec) == part.text


def test_another_encoding_is_said(tmp_path: Path) -> None:
    article = "## 一盏灯\n\n" + "渡口昨夜点亮了一盏新灯,河上的船都看见了。" * 6
    found = inspected(tmp_path, chinese(article).encode("gb18030"))
    assert places(found) == [("TXT-006", None)] and found.acceptable
    assert "gb18030" in next(each.message for each in found.findings if each.code == "TXT-006")
    assert inspected(tmp_path, chinese(article)).acceptable


def test_big5_keeps_its_bytes(tmp_path: Path) -> None:
    text = "碼頭昨夜點亮了一盞新燈,河上的船都看見了,人們從橋上走過來,圍著它說話。\n" * 12
    content = text.encode("big5")
    read = transcript(tmp_path, content)
    assert read.encoding == "cp950"  # Big5 as Windows has it
    assert [content[line.begin : line.end].decode("cp950") for line in read.lines] == text.split("\n")


def test_bytes_that_do_not_come_back_the_same_are_refused(tmp_path: Path) -> None:
    """Big5 has two codes for the sign for ten: from the text it cannot be told which one stood there."""
    text = "碼頭昨夜點亮了一盞新燈,河上的船都看見了,人們從橋上走過來,圍著它說話。\n" * 12
    (found,) = inspected(tmp_path, text.encode("big5") + b"\xa2\xcc").findings
    assert found.code == "TXT-003" and "cp950 does not give back the same bytes" in found.message


def test_an_english_text_of_an_old_computer(tmp_path: Path) -> None:
    text = english(
        "## The café\n\nThe café on the quay – the old one – has a new door, and its owner’s daughter paints it."
    )
    read = transcript(tmp_path, text.encode("cp1252"))
    assert read.encoding in {"cp1252", "iso8859-15"} or read.faults
    assert issue(tmp_path, text.encode("cp1252")).articles[0].headline == "The café"


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"", ["TXT-001"]),
        (b" \n\t\r\n", ["TXT-001"]),
        (b"\xef\xbb\xbf", ["TXT-001"]),
        (b"\xff\xfe", ["TXT-001"]),
        (b"\xff\xfe\n\x00", ["TXT-001"]),
        (b"\n" * 300_000, ["TXT-001"]),
        (PNG, ["TXT-002"]),
        (JPEG, ["TXT-002"]),
        (ZIP, ["TXT-002"]),
        (b"words\x00more words", ["TXT-002"]),
        (b"words " * 20_000 + b"\x00", ["TXT-002"]),
        (("渡口的灯" * 30).encode() + b"\xff", ["TXT-003"]),
        (b"\xef\xbb\xbfwords \xff", ["TXT-003"]),
        (b"\xff\xfe\x00\xd8a\x00", ["TXT-003"]),
        (b"\xff\xfeabc", ["TXT-003"]),
        ("“The lamp”, he said, “was lit.”".encode() + b" caf\xe9", ["TXT-003"]),
        (b"x" * 1_048_577, ["TXT-004"]),
        (b"x\n" * 250_000, ["TXT-004"]),
        (b"bell \x07\nplain\nescape \x1b[31m", ["TXT-005", "TXT-005"]),
        ("no character \uffff".encode(), ["TXT-005"]),
        (b"form\ffeed", ["TXT-005"]),
    ],
)
def test_bytes_that_are_no_transcript(tmp_path: Path, content: bytes, codes: list[str]) -> None:
    found = inspected(tmp_path, content)
    assert [each.code for each in found.findings if not each.code.startswith("FMT-")] == codes
    assert not found.acceptable and found.readings[0].issue is None


def test_the_byte_and_the_line_are_said(tmp_path: Path) -> None:
    content = bytearray(chinese().encode())
    at = content.index("渡口昨夜".encode())
    content[at] = 0xFF
    (found,) = inspected(tmp_path, bytes(content)).findings
    assert (found.code, found.line) == ("TXT-003", 27)
    assert f"byte {at} (0xFF)" in found.message


def test_characters_that_xml_cannot_hold_are_found_with_their_lines(tmp_path: Path) -> None:
    found = inspected(tmp_path, chinese().replace("渡口昨夜", "渡口\x0b昨夜"))
    assert places(found) == [("TXT-005", 27)]


def test_a_form_feed_between_lines_is_left_out(tmp_path: Path) -> None:
    found = inspected(tmp_path, chinese("\f## 甲\n\n灯亮了。\n\f\n## 乙\n\n人们都来看。"))
    assert places(found) == []
    described = found.readings[0].issue
    assert described is not None and [article.headline for article in described.articles] == ["甲", "乙"]


@pytest.mark.parametrize("sign", ["\u2028", "\u0085", "\u2029"])
def test_only_line_ends_end_lines(tmp_path: Path, sign: str) -> None:
    read = transcript(tmp_path, f"one{sign}two\nthree")
    assert [line.text for line in read.lines] == [f"one{sign}two", "three"]


def test_limits_are_met_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert transcript(tmp_path, b"x" * reader.LONGEST_LINE).faults == ()
    assert transcript(tmp_path, b"x\n" * (reader.MOST_LINES - 1)).faults == ()
    monkeypatch.setattr(reader, "LARGEST", 10)
    assert transcript(tmp_path, b"x" * 10).faults == ()
    (fault,) = transcript(tmp_path, b"x" * 11).faults
    assert fault.trouble is TextTrouble.TOO_LARGE and "11 bytes" in fault.detail


def test_a_sparse_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "issue.txt"
    with path.open("wb") as stream:
        stream.truncate(1 << 40)
    (fault,) = reader.read_transcript(list_deposit(path).files[0]).faults
    assert fault.trouble is TextTrouble.TOO_LARGE


def test_folded_punctuation_is_counted_and_kept(tmp_path: Path) -> None:
    found = reading(tmp_path, chinese("## 灯\n\n灯亮了,人来了!船也来了。"))
    assert found.source.transcript.folded_punctuation == 4  # the masthead has two
    assert found.issue is not None and any("NFKC" in note for note in found.issue.notes)
    assert found.issue.articles[0].paragraphs[0].text == "灯亮了,人来了!船也来了。"


def test_a_file_that_changed_since_it_was_listed(tmp_path: Path) -> None:
    path = tmp_path / "issue.txt"
    path.write_bytes(b"one")
    (listed,) = list_deposit(path).files
    path.write_bytes(b"other words")
    with pytest.raises(SourceChanged, match="changed while it was read"):
        reader.read_transcript(listed)


def test_a_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "issue.txt"
    path.write_bytes(b"words")
    (listed,) = list_deposit(path).files
    with pytest.raises(SourceChanged):
        read_content(listed, 3)  # shorter than what there is: the same as a file that has grown


def test_a_file_that_became_a_link_or_is_gone(tmp_path: Path) -> None:
    path, other = tmp_path / "issue.txt", tmp_path / "other.txt"
    path.write_bytes(b"words")
    other.write_bytes(b"words")
    (listed,) = list_deposit(path).files
    path.unlink()
    with pytest.raises(StorageError, match="no such file"):
        reader.read_transcript(listed)
    path.symlink_to(other)
    with pytest.raises(StorageError, match="reading failed"):
        reader.read_transcript(listed)


def test_a_file_that_became_a_pipe_does_not_hang(tmp_path: Path) -> None:
    path = tmp_path / "issue.txt"
    path.write_bytes(b"words")
    (listed,) = list_deposit(path).files
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(SourceChanged):
        reader.read_transcript(listed)


UNREADABLE = """
import sys
from pathlib import Path
from archiver.errors import UnreadableInput
from archiver.listing import list_deposit
try:
    list_deposit(Path(sys.argv[1]))
except UnreadableInput as error:
    print(error.message)
"""


def test_every_entry_that_may_not_be_read_is_named(repository: Path) -> None:
    """As another account where this one is root, which reads everything."""
    command = [sys.executable, "-c", UNREADABLE]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("root reads everything, and there is no setpriv")
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
    with tempfile.TemporaryDirectory() as place:
        deposit = Path(place)
        deposit.chmod(0o755)
        (deposit / "closed").mkdir()
        for name in ("a.txt", "secret.bin", "closed/in.txt"):
            (deposit / name).write_bytes(b"words")
        (deposit / "secret.bin").chmod(0)
        (deposit / "closed").chmod(0)
        environment = {**os.environ, "PYTHONPATH": str(repository)}
        done = subprocess.run([*command, place], capture_output=True, text=True, check=False, cwd="/", env=environment)
        (deposit / "closed").chmod(0o755)
    if done.returncode:
        pytest.skip("another account cannot run this Python")
    assert "2 of its entries" in done.stdout
    assert "closed/ (permission denied)" in done.stdout and "secret.bin (permission denied)" in done.stdout


def test_a_missing_deposit(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"nowhere: no such file or directory"):
        list_deposit(tmp_path / "nowhere")
