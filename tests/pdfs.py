"""PDF files made by hand, object by object, and by Ghostscript: what the tests of PDF read."""

from __future__ import annotations

import shutil
import subprocess
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

Objects = Mapping[int, bytes]
HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def pdf(objects: Objects, *, version: str = "1.7", trailer: bytes = b"") -> bytes:
    """A file of some objects by their numbers; object 1 is the catalogue."""
    out = bytearray(f"%PDF-{version}\n%\xe2\xe3\xcf\xd3\n".encode("latin-1"))
    places = {}
    for number, content in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def stream(content: bytes, more: bytes = b"", *, packed: bool = False) -> bytes:
    """A stream object."""
    if packed:
        content, more = zlib.compress(content), more + b" /Filter /FlateDecode"
    return b"<< /Length %d %s >>\nstream\n" % (len(content), more) + content + b"\nendstream"


def show(x: float, y: float, words: str, size: float = 10, more: str = "") -> str:
    """Operators that print some words in Helvetica."""
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /F1 {size:g} Tf {more} 1 0 0 1 {x:g} {y:g} Tm ({escaped}) Tj ET\n"


def lines(x: float, y: float, texts: Sequence[str], size: float = 10, leading: float = 12) -> str:
    """Lines one below the other."""
    return "".join(show(x, y - index * leading, text, size) for index, text in enumerate(texts))


def one_page(
    content: str, *, page: bytes = b"", catalogue: bytes = b"", more: Objects | None = None,
    box: bytes = b"0 0 400 600", resources: bytes = b"", packed: bool = False, trailer: bytes = b"",
) -> bytes:  # fmt: skip
    """A file of one page with Helvetica as F1; further objects from 10 on."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalogue,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [%s] >>" % box,
        3: b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 11 0 R >> %s >> %s >>"
        % (resources, page),
        4: stream(content.encode("latin-1"), packed=packed),
        5: HELVETICA,
        **(more or {}),
    }
    return pdf(objects, trailer=trailer)


def several_pages(contents: Sequence[str]) -> bytes:
    """A file of some pages with Helvetica as F1."""
    count = len(contents)
    kids = b" ".join(b"%d 0 R" % (10 + 2 * index) for index in range(count))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count %d /MediaBox [0 0 400 600]"
        b" /Resources << /Font << /F1 3 0 R >> >> >>" % (kids, count),
        3: HELVETICA,
    }
    for index, content in enumerate(contents):
        objects[10 + 2 * index] = b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R >>" % (11 + 2 * index)
        objects[11 + 2 * index] = stream(content.encode("latin-1"))
    return pdf(objects)


def chinese_font(*, vertical: bool = False) -> dict[int, bytes]:
    """A font without a file whose codes are those of Unicode, as objects 11 to 14: every character 1 em wide."""
    ranges = [f"<{high:02x}00> <{high:02x}ff> <{high:02x}00>" for high in range(256)]
    sections = "".join(
        f"64 beginbfrange\n{chr(10).join(ranges[first : first + 64])}\nendbfrange\n" for first in range(0, 256, 64)
    )
    to_unicode = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{sections}endcmap end end\n"
    )
    encoding = b"/Identity-V" if vertical else b"/Identity-H"
    return {
        11: b"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding %s /DescendantFonts [12 0 R]"
        b" /ToUnicode 14 0 R >>" % encoding,
        12: b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe)"
        b" /Ordering (Identity) /Supplement 0 >> /FontDescriptor 13 0 R /DW 1000 >>",
        13: b"<< /Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0"
        b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >>",
        14: stream(to_unicode.encode("ascii")),
    }


def show_chinese(x: float, y: float, words: str, size: float = 10, more: str = "") -> str:
    """Operators that print some words in the font of `chinese_font`."""
    return f"BT /F2 {size:g} Tf {more} 1 0 0 1 {x:g} {y:g} Tm <{words.encode('utf-16-be').hex()}> Tj ET\n"


def image(width: int, height: int, grey: int = 200) -> bytes:
    """An image of one grey."""
    about = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8"
    return stream(bytes([grey]) * (width * height), about % (width, height), packed=True)


def scan(text: str = "", *, mode: str = "3 Tr", share: float = 1.0) -> bytes:
    """A page that an image covers, with text in some mode of rendering after it, or before it for "below"."""
    picture = f"q {400 * share:g} 0 0 600 0 0 cm /I1 Do Q\n"
    words = "".join(show(50, 500 - 20 * index, line, more="" if mode == "below" else mode)
                    for index, line in enumerate(text.splitlines()))  # fmt: skip
    content = words + picture if mode == "below" else picture + words
    return one_page(content, resources=b"/XObject << /I1 10 0 R >>", more={10: image(800, 1200)})


def by_ghostscript(folder: Path, script: str, *options: str) -> bytes:
    """The PDF that Ghostscript makes of PostScript; skips without Ghostscript."""
    program = shutil.which("gs")
    if program is None:
        pytest.skip("Ghostscript is not at hand")
    source, target = folder / "made.ps", folder / "made.pdf"
    source.write_text(script, encoding="latin-1")
    command = [program, "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=pdfwrite", f"-sOutputFile={target}"]
    subprocess.run([*command, *options, str(source)], check=True, capture_output=True, timeout=120)
    return target.read_bytes()
