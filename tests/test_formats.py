"""Formats of real files: what PRONOM and libmagic say, whether they agree, and how little is read to tell."""

from __future__ import annotations

import io
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.errors import CouldNotFindOut
from archiver.formats import tools
from archiver.formats.agreement import agreement, kinds
from archiver.formats.glimpse import HEAD, TAIL, glimpse
from archiver.formats.identifying import formats_of_extension, identify_many, identify_one
from archiver.imaging.octets import Held
from archiver.model.formats import Agreement, Doubt, FileToIdentify, FormatMatch, IdentifiedFile

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
    'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.'
    'document.main+xml"/></Types>'
)


def zipped(entries: dict[str, str | bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return output.getvalue()


def docx() -> bytes:
    return zipped({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": "<a/>"})


def picture(form: str, side: int = 8, **options: object) -> bytes:
    output = io.BytesIO()
    noise = random.Random(side).randbytes(side * side * 3)
    Image.frombytes("RGB", (side, side), noise).save(output, form, **options)
    return output.getvalue()


def portable_executable() -> bytes:
    head = b"MZ" + bytes(58) + struct.pack("<I", 0x80) + bytes(64) + b"PE\0\0"
    return head + struct.pack("<HHIIIHH", 0x14C, 1, 0, 0, 0, 0xE0, 0x102) + struct.pack("<H", 0x10B) + bytes(500)


def elf() -> bytes:
    return b"\x7fELF\x02\x01\x01\0" + bytes(8) + struct.pack("<HHI", 2, 62, 1) + bytes(300)


def pdf() -> bytes:
    return b"%PDF-1.4\n1 0 obj\n<</Type /Catalog>>\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"


def tarred() -> bytes:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w") as archive:
        for name in ("a.txt", "inner.zip"):
            archive.addfile(tarfile.TarInfo(name), io.BytesIO(b""))
    return output.getvalue()


def found(folder: Path, name: str, content: bytes) -> IdentifiedFile:
    path = folder / f"stored-{abs(hash(name)) % 10_000}"
    path.write_bytes(content)
    return identify_one(FileToIdentify(path, name))


SAMPLES = {
    "a.tif": (lambda: picture("TIFF"), "fmt/353", Agreement.SAME),
    "a.png": (lambda: picture("PNG"), "fmt/11", Agreement.SAME),
    "a.jpg": (lambda: picture("JPEG"), "fmt/43", Agreement.SAME),
    "a.jp2": (lambda: picture("JPEG2000"), "x-fmt/392", Agreement.SAME),
    "a.gif": (lambda: picture("GIF"), "fmt/3", Agreement.SAME),
    "a.bmp": (lambda: picture("BMP"), "fmt/116", Agreement.SAME),
    "a.pdf": (pdf, "fmt/18", Agreement.SAME),
    "a.docx": (docx, "fmt/412", Agreement.COMPATIBLE),
    "a.zip": (lambda: zipped({"a.txt": "words"}), "x-fmt/263", Agreement.SAME),
    "a.tar": (tarred, "x-fmt/265", Agreement.SAME),
    "a.txt": (lambda: "上街时报\n".encode(), "x-fmt/111", Agreement.SAME),
    "a.md": (lambda: b"# Words\n\nand more of them\n", "fmt/1149", Agreement.COMPATIBLE),
    "a.csv": (lambda: b"a,b\n1,2\n", "x-fmt/18", None),
    "alto.xml": (lambda: b'<?xml version="1.0"?>\n<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"/>\n',
                 "fmt/101", Agreement.SAME),
    "a.hocr": (lambda: b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"/>\n', "fmt/101", None),
    "a.exe": (portable_executable, "fmt/899", Agreement.SAME),
    "program": (elf, "fmt/690", Agreement.UNTOLD),
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_that_is_what_it_says_raises_no_doubt(name: str, tmp_path: Path) -> None:
    make, puid, agreed = SAMPLES[name]
    file = found(tmp_path, name, make())
    assert (file.puid, file.size) == (puid, len(make()))
    assert file.agreement is agreed or (agreed is None and file.agreement is not Agreement.DIFFERENT)
    assert not file.doubts - {Doubt.EXTENSION_ONLY}
    assert file.lock is None and file.damage == ""
    assert file.matches[0].puid == puid


@pytest.mark.parametrize(
    ("name", "of", "puid"),
    [("0001.tif", "a.jpg", "fmt/43"), ("a.jpg", "a.png", "fmt/11"), ("notes.md", "a.pdf", "fmt/18"),
     ("letter.docx", "a.zip", "x-fmt/263"), ("a.txt", "a.exe", "fmt/899")],
)  # fmt: skip
def test_a_wrong_extension_is_found(name: str, of: str, puid: str, tmp_path: Path) -> None:
    file = found(tmp_path, name, SAMPLES[of][0]())
    assert file.puid == puid and Doubt.EXTENSION_MISMATCH in file.doubts
    assert file.agreement is not Agreement.DIFFERENT  # both told it by the content


@pytest.mark.parametrize("name", ["README", "a.ps1", "a.sh", "letter.图片", "page.hocr"])
def test_no_extension_and_one_of_no_registry_promise_nothing(name: str, tmp_path: Path) -> None:
    assert found(tmp_path, name, b"words of a text\n").doubts == {Doubt.TEXT_ONLY}


def test_what_the_extension_alone_tells_and_the_content_denies(tmp_path: Path) -> None:
    file = found(tmp_path, "table.csv", bytes(range(256)) * 64)
    assert file.puid == "x-fmt/18" and file.agreement is Agreement.DIFFERENT
    assert Doubt.EXTENSION_ONLY in file.doubts


def test_unknown_and_empty(tmp_path: Path) -> None:
    file = found(tmp_path, "x.qqqq", bytes(range(1, 256)))
    assert (file.puid, file.called, file.doubts) == ("UNKNOWN", "UNKNOWN", {Doubt.UNKNOWN})
    empty = found(tmp_path, "x.tif", b"")
    assert empty.is_empty and Doubt.EXTENSION_MISMATCH not in empty.doubts
    assert empty.agreement is Agreement.UNTOLD


def test_a_broken_compound_file_is_unknown_and_no_failure(tmp_path: Path) -> None:
    file = found(tmp_path, "x.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 8)
    assert file.puid == "UNKNOWN" and "sector" in file.format.pronom.warning
    assert file.damage == "its header states sectors of no known size"


def test_several_formats(tmp_path: Path) -> None:
    match = FormatMatch("fmt/39", "Microsoft Word Document", "6.0/95", (), "", "", "")
    from archiver.formats.identifying import _doubts

    assert _doubts("a.doc", (match, FormatMatch("fmt/40")), 1) == {Doubt.SEVERAL}


def test_many_files_come_in_their_order_and_with_their_own_answers(tmp_path: Path) -> None:
    files = []
    for number in range(600):
        name = list(SAMPLES)[number % len(SAMPLES)]
        path = tmp_path / f"{number:04}"
        path.write_bytes(SAMPLES[name][0]() if number < 40 else b"words\n")
        files.append(FileToIdentify(path, f"f/{number:04}{Path(name).suffix if number < 40 else '.txt'}"))
    answers = list(identify_many(iter(files), workers=3))
    assert [file.name for file in answers] == [file.name for file in files]
    expected = [SAMPLES[list(SAMPLES)[number % len(SAMPLES)]][1] for number in range(40)]
    assert [file.puid for file in answers[:40]] == expected
    assert {file.puid for file in answers[40:]} == {"x-fmt/111"}
    assert answers == list(identify_many(files, workers=1))
    assert list(identify_many([])) == []


def test_content_in_memory_needs_no_file(tmp_path: Path) -> None:
    for name in ("a.docx", "a.pdf", "a.png"):
        content = SAMPLES[name][0]()
        assert identify_one(FileToIdentify(tmp_path / "nowhere", name, content=content)).puid == SAMPLES[name][1]


def test_what_cannot_be_opened_is_said_and_nothing_special_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for name in ("pipe", "link", "gone"):
        with pytest.raises(CouldNotFindOut, match=name):
            identify_one(FileToIdentify(tmp_path / name, name))


# How little is read


def test_of_a_large_file_the_parts_tell_what_the_whole_tells(tmp_path: Path) -> None:
    import pygfried

    samples = {
        "a.tif": picture("TIFF", 400),
        "b.tif": picture("TIFF", 400, compression="tiff_lzw"),
        "a.png": picture("PNG", 400),
        "a.jpg": picture("JPEG", 600, quality=100),
        "a.jp2": picture("JPEG2000", 400),
        "a.bmp": picture("BMP", 400),
        "a.txt": "文字を読む\n".encode("utf-16") * 9000,
        "b.txt": "新聞と雑誌\n".encode("shift_jis") * 9000,
        "c.txt": "Straße und Fluß\n".encode("latin-1") * 9000,
        "a.xml": b'<?xml version="1.0"?><a>' + b"<b/>" * 90_000 + b"</a>",
        "a.pdf": pdf().replace(b"endobj", b"endobj\n" + b"%" + b"x" * 200_000 + b"\n"),
        "a.zip": zipped({"a.bin": bytes(300_000)}),
        "x.bin": bytes(range(1, 251)) * 900,
    }
    for name, content in samples.items():
        (tmp_path / name).write_bytes(content)
    answers = identify_many([FileToIdentify(tmp_path / name, name) for name in samples])
    for file in answers:
        assert file.size > HEAD + TAIL, file.name
        whole = pygfried.identify(os.fspath(file.path), detailed=True)["files"][0]["matches"][0]
        assert (file.puid, file.format.pronom.warning) == (whole["id"], whole["warning"]), file.name
        assert file.format.pronom.basis.split("; bytes looked at")[0] == whole["basis"], file.name


def test_the_basis_says_what_was_looked_at(tmp_path: Path) -> None:
    content = picture("PNG", 400)
    basis = found(tmp_path, "a.png", content).format.pronom.basis
    size = len(content)
    assert basis == (
        f"extension match png; byte match at [[0 16] [{size - 12} 12]]; "
        f"bytes looked at: 16384 from 0, 16384 from {size - TAIL}"
    )


def test_a_tag_in_the_middle_of_a_tiff_is_looked_at() -> None:
    content = b"II*\0" + struct.pack("<I", 100_000) + bytes(99_992) + b"tags" + bytes(200_000)
    seen = glimpse(Held(content), content[: 64 * 1024])
    assert [offset for offset, _part in seen.parts] == [0, 100_000, len(content) - TAIL]
    assert seen.content[seen.parts[0][1].__len__() :].startswith(b"tags")
    assert [seen.offset(place) for place in (0, HEAD, HEAD + 4096)] == [0, 100_000, len(content) - TAIL]


@given(st.binary(max_size=200), st.integers(0, 5), st.sampled_from([b"", b"II*\0\x20\0\0\0", b"MM\0*\0\0\xff\xff"]))
@settings(deadline=None)
def test_the_parts_are_parts_of_the_file(seed: bytes, times: int, beginning: bytes) -> None:
    content = beginning + seed * (times * 300)
    seen = glimpse(Held(content), content[: 64 * 1024])
    at = 0
    for offset, part in seen.parts:
        assert offset >= at and content[offset : offset + len(part)] == part
        at = offset + len(part)
    assert at == len(content) and len(seen.content) <= HEAD + TAIL + 4096
    assert seen.is_whole == (seen.content == content)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_large_image_is_neither_read_nor_mapped_again(tmp_path: Path) -> None:
    content = picture("TIFF", 1200)
    path = tmp_path / "large.tif"
    path.write_bytes(content)
    code = (
        "import sys; from pathlib import Path; from archiver.formats.identifying import identify_one;"
        "from archiver.model.formats import FileToIdentify; path = Path(sys.argv[1]);"
        "print(identify_one(FileToIdentify(path, path.name)).puid)"
    )
    command = ["strace", "-f", "-qq", "-y", "-s", "0", "-e", "trace=read,readv,pread64,preadv,mmap", "-o"]
    log = tmp_path / "log"
    done = subprocess.run([*command, str(log), sys.executable, "-c", code, str(path)], capture_output=True)
    if b"ptrace" in done.stderr.lower():
        pytest.skip("strace may not trace here")
    assert done.stdout.strip() == b"fmt/353", done.stderr
    lines = [line for line in log.read_text(errors="replace").splitlines() if f"<{path}>" in line]
    assert lines and not [line for line in lines if "mmap(" in line]
    read = sum(int(found[1]) for line in lines if (found := re.search(r"= (\d+)$", line)))
    assert 0 < read <= 64 * 1024 + TAIL + 4096 + 8192 < len(content) // 20


# Agreement


@pytest.mark.parametrize(
    ("mimes", "mime", "expected"),
    [
        (("application/xml", "text/xml"), "text/xml", Agreement.SAME),
        (("application/xml",), "text/xml", Agreement.SAME),
        (("text/markdown",), "text/plain", Agreement.COMPATIBLE),
        (("image/svg+xml",), "text/xml", Agreement.COMPATIBLE),
        (("application/msword",), "application/CDFV2", Agreement.COMPATIBLE),
        (("application/epub+zip",), "application/zip", Agreement.COMPATIBLE),
        (("text/plain",), "application/json", Agreement.COMPATIBLE),
        (("application/rtf", "text/rtf"), "text/rtf", Agreement.SAME),
        (("image/tiff",), "application/octet-stream", Agreement.UNTOLD),
        ((), "image/tiff", Agreement.UNTOLD),
        (("image/tiff",), "application/x-empty", Agreement.UNTOLD),
        (("image/tiff",), "image/jpeg", Agreement.DIFFERENT),
        (("application/pdf",), "text/plain", Agreement.DIFFERENT),
        (("text/html",), "application/zip", Agreement.DIFFERENT),
    ],
)
def test_the_media_types_are_compared(mimes: tuple[str, ...], mime: str, expected: Agreement) -> None:
    assert agreement(FormatMatch("fmt/1", mimes=mimes, basis="byte match at 0, 4"), mime) is expected


def test_nothing_is_known_of_nothing() -> None:
    assert agreement(None, "image/tiff") is Agreement.UNTOLD


@given(st.from_regex(r"\A(text|image|application)/[a-z.+-]{1,20}\Z"))
def test_every_media_type_is_a_kind_of_itself_and_agrees_with_itself(mime: str) -> None:
    assert kinds(mime)
    said = agreement(FormatMatch("fmt/1", mimes=(mime,), basis="byte match at 0, 4"), mime)
    assert said in {Agreement.SAME, Agreement.UNTOLD}


# The tools


def test_the_formats_of_an_extension_are_those_that_pronom_lists() -> None:
    assert {"fmt/353", "fmt/155"} <= set(formats_of_extension(".tif"))
    assert formats_of_extension(".nosuchthing") == ()


def test_siegfried_that_fails_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(CouldNotFindOut, match="siegfried could not identify it: open"):
        tools.pronom_matches([tmp_path / "gone"])


# The third


def test_fido_is_asked_when_it_is_wanted(tmp_path: Path) -> None:
    pytest.importorskip("fido", reason="opf-fido is not installed")
    for name in ("a.tif", "a.jpg", "a.gif", "alto.xml", "program"):
        (tmp_path / name).write_bytes(SAMPLES[name][0]())
        file = identify_one(FileToIdentify(tmp_path / name, name), third=True)
        assert file.third is not None and file.third.value == file.puid, name
        assert file.third.tool.startswith("opf-fido 1.") and file.third.basis == "content"
    (tmp_path / "a.md").write_bytes(b"# words\n")
    by_name = identify_one(FileToIdentify(tmp_path / "a.md", "a.md"), third=True).third
    assert by_name is not None and by_name.basis == "extension"
    assert identify_one(FileToIdentify(tmp_path / "a.tif", "a.tif")).third is None


def test_without_fido_the_cure_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from archiver.errors import ConfigurationError
    from archiver.formats import third

    third.fido.cache_clear()
    monkeypatch.setitem(sys.modules, "fido.fido", None)
    (tmp_path / "a.txt").write_text("words")
    with pytest.raises(ConfigurationError, match="opf-fido is not installed") as caught:
        identify_one(FileToIdentify(tmp_path / "a.txt", "a.txt"), third=True)
    assert "archiver[fido]" in caught.value.remedy
