"""Identification: what libmagic and siegfried say, on what basis, and what is said when one of them is missing."""

from __future__ import annotations

import builtins
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.errors import CouldNotFindOut
from archiver.fixity import formats
from archiver.formats import tools


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """What one test made of the identifiers is nothing to the next."""
    caches = [tools._magic, tools.libmagic, tools.siegfried]
    yield
    for cache in caches:
        cache.cache_clear()


def identified(folder: Path, name: str, content: bytes, original: str | None = None):
    path = folder / name
    path.write_bytes(content)
    return formats.identify(path, original or name, content[: 64 * 1024])


def png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4) + kind + content + zlib.crc32(kind + content).to_bytes(4)

    header = (1).to_bytes(4) + (1).to_bytes(4) + bytes([8, 0, 0, 0, 0])
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_text_is_known_by_content_and_by_name(tmp_path: Path) -> None:
    found = identified(tmp_path, "0001.txt", "上街时报\n".encode(), "上街时报.txt")
    assert (found.mime.value, found.pronom.value) == ("text/plain", "x-fmt/111")
    assert found.mime.basis == "content, first 13 bytes"
    assert "extension match txt" in found.pronom.basis
    assert "libmagic" in found.mime.tool
    assert "siegfried" in found.pronom.tool


def test_a_signature_outweighs_a_wrong_name_and_is_doubted_aloud(tmp_path: Path) -> None:
    found = identified(tmp_path, "page.tif", png())
    assert (found.mime.value, found.pronom.value) == (
        "image/png",
        "fmt/13" if "1.2" in found.pronom.version else "fmt/11",
    )
    assert "extension mismatch" in found.pronom.warning


def test_the_depositors_extension_counts_whatever_the_file_is_called_by_now(tmp_path: Path) -> None:
    found = identified(tmp_path, "0002", b"words\n", "letter.txt")
    assert found.pronom.value == "x-fmt/111"
    assert "extension match txt" in found.pronom.basis


def test_an_empty_file_has_a_format_of_its_own(tmp_path: Path) -> None:
    found = identified(tmp_path, "empty.txt", b"")
    assert found.mime.value == "application/x-empty"
    assert found.pronom.value in {"UNKNOWN", "x-fmt/111"}
    assert found.pronom.warning


def test_what_nobody_knows_is_unknown_and_not_an_error(tmp_path: Path) -> None:
    found = identified(tmp_path, "x.qqqq", bytes(range(1, 256)))
    assert found.pronom.value == "UNKNOWN"
    assert found.mime.value == "application/octet-stream"


def test_the_tools_name_their_versions() -> None:
    magic, siegfried = formats.tools()
    assert (magic.name, siegfried.name) == ("libmagic", "siegfried")
    assert magic.detail in {"from system", "from pylibmagic"}
    assert magic.version.startswith("5.")
    assert "DROID_SignatureFile" in siegfried.detail


def test_a_missing_libmagic_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def failing(name: str, *rest, **kinds):
        if name == "magic":
            raise ImportError("failed to find libmagic.  Check your installation")
        return real(name, *rest, **kinds)

    tools._magic.cache_clear()
    tools.libmagic.cache_clear()
    monkeypatch.setattr(builtins, "__import__", failing)
    with pytest.raises(CouldNotFindOut, match="libmagic cannot be used") as caught:
        formats.tools()
    assert "apt-get install libmagic1" in caught.value.remedy
    assert "pylibmagic" in caught.value.remedy


def test_a_file_that_vanished_could_not_be_found_out(tmp_path: Path) -> None:
    with pytest.raises(CouldNotFindOut):
        formats.identify(tmp_path / "gone.txt", "gone.txt", b"words")
