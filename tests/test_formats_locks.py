"""Encryption, archives and cut files, told from content: files by independent writers, and some made by hand."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from functools import lru_cache
from pathlib import Path

import pytest
from compounds import compound
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_formats import SAMPLES, docx, found, pdf, picture, zipped

from archiver.formats import ole
from archiver.formats.endings import damage
from archiver.formats.locks import lock
from archiver.formats.nests import nest
from archiver.imaging.octets import Held
from archiver.model.formats import LockScope, Nest


def locked(content: bytes) -> str:
    seen = lock(Held(content), content[: 64 * 1024])
    return f"{seen.scope.name} {seen.detail}" if seen is not None else ""


def nested(content: bytes) -> Nest | None:
    return nest(Held(content), content[: 64 * 1024])


def damaged(content: bytes) -> str:
    return damage(Held(content), content[: 64 * 1024])


def flagged(content: bytes, which: tuple[int, ...]) -> bytes:
    """A ZIP archive with the encryption bit of some entries set, in their own headers and in the directory."""
    data = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        begin, offsets = archive.start_dir, [info.header_offset for info in archive.infolist()]
    at = begin
    for number, offset in enumerate(offsets):
        name, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        if number in which:
            data[offset + 6] |= 1
            data[at + 8] |= 1
        at += 46 + name + extra + comment
    return bytes(data)


# ZIP


def test_zip_entries_are_counted() -> None:
    content = zipped({"a/": "", "a/1.txt": "one", "a/2.txt": "two"})
    assert locked(content) == ""
    assert locked(flagged(content, (1,))) == "PARTS 1 of 2 entries are encrypted (a password)"
    assert locked(flagged(content, (1, 2))) == "WHOLE 2 of 2 entries are encrypted (a password)"
    aes = bytearray(flagged(content, (2,)))
    second = aes.rfind(b"PK\1\2")
    aes[second + 10 : second + 12] = struct.pack("<H", 99)
    assert locked(bytes(aes)) == "PARTS 1 of 2 entries are encrypted (AES)"
    assert locked(b"MZ stub " * 40 + flagged(content, (1, 2))) == ""  # a program, whatever follows


def test_a_cut_zip_is_told_by_its_first_entry() -> None:
    content = flagged(zipped({"a.txt": "one" * 100}), (0,))
    assert locked(content[:80]) == "PARTS its first entry is encrypted"
    assert damaged(content[:80]).startswith("it has no end record")


def test_open_document_says_it_in_its_manifest() -> None:
    def odt(manifest: str) -> bytes:
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
            archive.writestr("META-INF/manifest.xml", manifest)
        return output.getvalue()

    part = '<manifest:file-entry><manifest:encryption-data manifest:checksum="x"></manifest:encryption-data>'
    assert locked(odt("<manifest:manifest/>")) == ""
    said = locked(odt(f"<manifest:manifest>{part}{part}</manifest:manifest>"))
    assert said == "WHOLE its manifest lists 2 encrypted parts (OpenDocument)"


def test_fonts_of_an_e_book_may_be_obfuscated() -> None:
    def epub(*methods: str) -> bytes:
        data = "".join(
            f'<enc:EncryptedData><enc:EncryptionMethod Algorithm="{method}"/><enc:CipherData>'
            '<enc:CipherReference URI="x"/></enc:CipherData></enc:EncryptedData>'
            for method in methods
        )
        return zipped(
            {"mimetype": "application/epub+zip", "META-INF/encryption.xml": f"<encryption>{data}</encryption>"}
        )

    fonts, book = "http://www.idpf.org/2008/embedding", "http://www.w3.org/2001/04/xmlenc#aes128-cbc"
    assert locked(epub(fonts)) == ""
    assert locked(epub(fonts, book)) == "PARTS encryption.xml lists 2 encrypted parts (EPUB)"


# Office


@lru_cache(maxsize=1)
def encrypted_docx() -> bytes:
    ooxml = pytest.importorskip("msoffcrypto.format.ooxml", reason="msoffcrypto-tool is not installed")
    output = io.BytesIO()
    ooxml.OOXMLFile(io.BytesIO(docx())).encrypt("secret", output)
    return output.getvalue()


def test_an_encrypted_office_document(tmp_path: Path) -> None:
    content = encrypted_docx()
    assert locked(content) == "WHOLE an Office document encrypted as a whole (EncryptedPackage)"
    file = found(tmp_path, "a.docx", content)
    assert file.puid == "fmt/494" and file.lock is not None and file.nest is None


def word(flags: int) -> bytes:
    return (struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x409, 0, flags) + bytes(100)).ljust(4096, b"\0")


@pytest.mark.parametrize(
    ("streams", "said"),
    [
        ({"WordDocument": word(0x0200)}, ""),
        ({"WordDocument": word(0x0300)}, "WHOLE a Word document protected by a password (encrypted)"),
        ({"WordDocument": word(0x8300)}, "WHOLE a Word document protected by a password (XOR obfuscation)"),
        ({"WordDocument": word(0x0300)[:900]}, "WHOLE a Word document protected by a password (encrypted)"),
        ({"Workbook": struct.pack("<HHI", 0x809, 4, 0) + struct.pack("<HHI", 0x42, 4, 0)}, ""),
        (
            {"Filler": bytes(700), "Workbook": struct.pack("<HHI", 0x809, 4, 0) + struct.pack("<HH", 0x2F, 54)},
            "WHOLE an Excel workbook protected by a password (FILEPASS)",
        ),
        ({"Current User": struct.pack("<IIII", 0, 0, 0x14, 0xE391C05F)}, ""),
        (
            {"Current User": struct.pack("<IIII", 0, 0, 0x14, 0xF3D1C4DF)},
            "WHOLE a PowerPoint presentation protected by a password",
        ),
        ({}, ""),
    ],
)
def test_old_office_formats(streams: dict[str, bytes], said: str) -> None:
    content = compound(streams)
    assert locked(content) == said
    assert damaged(content) == ""


def test_our_compound_files_are_compound_files_to_others() -> None:
    olefile = pytest.importorskip("olefile", reason="olefile is not installed")
    streams = {"WordDocument": word(0x0100), "Filler": bytes(range(256)) * 3, "Current User": b"x" * 20}
    with olefile.OleFileIO(io.BytesIO(compound(streams))) as theirs:
        assert {name: theirs.openstream(name).read() for name in streams} == streams
    ours = ole.Compound(Held(compound(streams)))
    assert {stream.name: stream.size for stream in ours.streams} == {k: len(v) for k, v in streams.items()}
    for name, content in streams.items():
        stream = ours.find(name)
        assert stream is not None and ours.begin(stream, 20) == content[:20]


# PDF


@pytest.mark.parametrize("streamed", [False, True])
def test_an_encrypted_pdf(streamed: bool, tmp_path: Path) -> None:
    pikepdf = pytest.importorskip("pikepdf", reason="pikepdf is not installed")
    mode = pikepdf.ObjectStreamMode.generate if streamed else pikepdf.ObjectStreamMode.disable
    for user, linear in (("secret", False), ("", False), ("", True), (None, False), (None, True)):
        output = io.BytesIO()
        with pikepdf.new() as document:
            document.add_blank_page()
            page = document.pages[0]
            page.Contents = document.make_stream(b"BT (about /Encrypt and trailer) Tj ET")
            options = {"encryption": pikepdf.Encryption(owner="o", user=user)} if user is not None else {}
            document.save(output, object_stream_mode=mode, linearize=linear, compress_streams=False, **options)
        expected = "" if user is None else "WHOLE a PDF with an encryption dictionary"
        assert locked(output.getvalue()) == expected, (user, linear)
        assert damaged(output.getvalue()) == ""


def test_words_about_encryption_are_none() -> None:
    words = b"BT (\ntrailer << /Encrypt 5 0 R >>) Tj ET\n"
    assert locked(pdf().replace(b"endobj", words + b"endobj")) == ""
    assert locked(pdf().replace(b"/Root", b"/EncryptMetadata false /Root")) == ""
    assert locked(pdf().replace(b"/Root", b"/Encrypt 4 0 R /Root")) != ""


# 7z, RAR and others


def test_7z_archives() -> None:
    py7zr = pytest.importorskip("py7zr", reason="py7zr is not installed")

    def made(password: str | None, *, names: bool = False) -> bytes:
        output = io.BytesIO()
        with py7zr.SevenZipFile(output, "w", password=password, header_encryption=names) as archive:
            for number in range(20):
                archive.writestr("words " * 50, f"a/{number}.txt")
        return output.getvalue()

    plain = made(None)
    assert (locked(plain), nested(plain), damaged(plain)) == ("", Nest("7z"), "")
    assert locked(made("secret")) == "WHOLE its contents are encrypted (AES-256)"
    assert locked(made("secret", names=True)) == "WHOLE contents and names are encrypted (AES-256)"
    assert damaged(plain[:-10]).startswith("its header states")


def rar_4(*files: int, archive: int = 0) -> bytes:
    main = struct.pack("<HBHH", 0, 0x73, archive, 13) + bytes(6)
    body = b"".join(struct.pack("<HBHHI", 0, 0x74, 0x8000 | flags, 40, 5) + bytes(29) + b"words" for flags in files)
    return b"Rar!\x1a\x07\x00" + main + body + struct.pack("<HBHH", 0, 0x7B, 0x4000, 7)


def rar_5(*records: bytes, encrypted: bool = False) -> bytes:
    def block(kind: int, extra: bytes = b"", data: bytes = b"") -> bytes:
        flags = (1 if extra else 0) | (2 if data else 0)
        content = bytes([kind, flags]) + (bytes([len(extra)]) if extra else b"") + (bytes([len(data)]) if data else b"")
        content += b"\0" * 4 + extra
        return bytes(4) + bytes([len(content)]) + content + data

    head = block(4) if encrypted else block(1)
    return b"Rar!\x1a\x07\x01\x00" + head + b"".join(block(2, record, b"words") for record in records) + block(5)


def test_rar_archives() -> None:
    assert locked(rar_4(0, 0)) == ""
    assert locked(rar_4(0, 4)) == "PARTS 1 of 2 entries are encrypted"
    assert locked(rar_4(4)) == "WHOLE 1 of 1 entries are encrypted"
    assert locked(rar_4(0, archive=0x80)) == "WHOLE contents and names are encrypted"
    crypt, times = bytes([3, 1, 0, 0]), bytes([3, 3, 0, 0])
    assert locked(rar_5(times, b"")) == ""
    assert locked(rar_5(times, times + crypt)) == "PARTS 1 of 2 entries are encrypted"
    assert locked(rar_5(encrypted=True)) == "WHOLE contents and names are encrypted (AES-256)"
    assert nested(rar_4(0)) == nested(rar_5()) == Nest("RAR")


@pytest.mark.parametrize(
    "beginning",
    [b"-----BEGIN PGP MESSAGE-----\n", b"age-encryption.org/v1\n", b"Salted__12345678", b"LUKS\xba\xbe\0\1",
     b"\xeb\x58\x90-FVE-FS-", b"$ANSIBLE_VAULT;1.1;AES256\n", b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5"],
)  # fmt: skip
def test_other_containers(beginning: bytes) -> None:
    assert locked(beginning + bytes(100)).startswith("WHOLE ")


# Archives


def test_archives_are_told_and_documents_are_none() -> None:
    inner = zipped({"a.txt": "x"})
    assert nested(zipped({"a/": "", "a/b.txt": "x", "a/1998.zip": inner})) == Nest("ZIP", 2, ("a/1998.zip",))
    many = nested(zipped({f"{number}.tar.gz": "x" for number in range(8)}))
    assert many is not None and many.archives == (
        "0.tar.gz",
        "1.tar.gz",
        "2.tar.gz",
        "3.tar.gz",
        "4.tar.gz",
        "and 3 more",
    )
    assert nested(docx()) is None and nested(SAMPLES["a.tif"][0]()) is None
    assert nested(zipped({"mimetype": "application/epub+zip", "META-INF/container.xml": "x"})) is None
    assert nested(SAMPLES["a.tar"][0]()) == Nest("TAR", 2, ("inner.zip",))
    assert nested(gzip.compress(b"x")) == Nest("GZIP")
    assert nested(zipped({})) == Nest("ZIP", None)


# Ends


@pytest.mark.parametrize(
    "whole",
    [pdf(), picture("GIF"), picture("BMP"), picture("WEBP"), zipped({"a": "x" * 100}), docx(),
     compound({"A": bytes(5000)}), b'<?xml version="1.0"?>\n<a>' + b"words " * 10 + b"</a>\n\n",
     b'\xef\xbb\xbf<?xml version="1.0"?><a/>'],
    ids=["pdf", "gif", "bmp", "webp", "zip", "docx", "ole", "xml", "xml with mark"],
)  # fmt: skip
def test_what_broke_off_is_found(whole: bytes) -> None:
    assert damaged(whole) == ""
    assert damaged(whole[: len(whole) * 2 // 3]) != ""


def test_what_has_no_end_of_its_own_is_whole() -> None:
    for content in (b"", b"words", b"\x89PNG\r\n\x1a\n", b"II*\0", b"BM of the week\n", bytes(600)):
        assert damaged(content) == ""
    stream = b"RIFF\xff\xff\xff\xffWAVEfmt "
    assert damaged(stream) == ""


# Whatever the bytes


BEGINNINGS = [  # of formats that are looked into
    b"PK\3\4", b"PK\5\6", ole.MAGIC, b"7z\xbc\xaf\x27\x1c\0\4", b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\1\0", b"%PDF-1.4\n",
    b"GIF89a", b"RIFF", b"BM", b"\x1f\x8b\x08", b"<?xml", b"",
]  # fmt: skip
WHOLE = [
    zipped({"META-INF/manifest.xml": "encryption-data>" * 4, "a.zip": "x"}), compound({"WordDocument": word(0x100)}),
    compound({"Workbook": bytes(100), "Current User": bytes(20)}), rar_4(0, 4), rar_5(bytes([3, 1, 0, 0])), pdf(),
    picture("GIF"), SAMPLES["a.tar"][0](),
]  # fmt: skip


def looked_into(content: bytes) -> None:
    assert isinstance(locked(content), str)
    assert isinstance(damaged(content), str)
    assert nested(content) is None or isinstance(nested(content), Nest)


@given(st.sampled_from(BEGINNINGS), st.binary(max_size=2000))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_facts(beginning: bytes, rest: bytes) -> None:
    looked_into(beginning + rest)


@given(st.sampled_from(WHOLE), st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12), st.data())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_changed_files_give_facts(whole: bytes, changes: list[tuple[int, int]], data: st.DataObject) -> None:
    content = bytearray(whole)
    for place, value in changes:
        content[place % len(content)] = value
    looked_into(bytes(content[: data.draw(st.integers(0, len(content)))]))


def test_a_scope_is_whole_or_part() -> None:
    assert {scope.name for scope in LockScope} == {"WHOLE", "PARTS"}
