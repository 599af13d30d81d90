"""PDF as found: what it is, what lies in it, what is wrong with it; and that nothing in it harms its reader."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pdfs as specimens
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdfs import image, one_page, pdf, scan, show, stream

from archiver.errors import CouldNotFindOut, UnreadableInput, UsageError
from archiver.model.pdf import (
    PdfEncryption,
    PdfFacts,
    PdfLimits,
    PdfMetadata,
    PdfPageKind,
    PdfTrouble,
)
from archiver.pdfs import asking, examine, layouts, page_image, recognise
from archiver.pdfs.answers import Nonsense, pack, unpack

HELLO = one_page(show(50, 500, "Hello world of rivers"))
SMALL = PdfLimits(seconds=10)
Examine = Callable[..., PdfFacts]


@pytest.fixture
def facts_of(tmp_path: Path) -> Examine:
    def look(data: bytes, limits: PdfLimits = SMALL) -> PdfFacts:
        path = tmp_path / "deposit.pdf"
        path.write_bytes(data)
        return examine(path, limits)

    return look


def troubles(facts: PdfFacts) -> set[PdfTrouble]:
    return {problem.trouble for problem in facts.problems}


def encrypted(data: bytes, **how: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as opened:
        opened.save(out, encryption=pikepdf.Encryption(**how))  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize(
    ("head", "is_pdf"),
    [
        (b"%PDF-1.4\n", True),
        (b"\xef\xbb\xbf%PDF-2.0", True),
        (b"\r\n\0 %PDF-1.7", True),
        (b"\x00\x05\x16\x07Mac OS X" + b"\0" * 100 + b"%PDF-1.3", True),
        (b"", False),
        (b"%PDF-", False),
        (b"A text that names %PDF-1.4 in its midst", False),
        (b"\0" * 2000 + b"%PDF-1.4", False),
    ],
)
def test_a_pdf_is_told_by_its_first_bytes(head: bytes, is_pdf: bool) -> None:
    assert recognise(head) is is_pdf


def test_a_plain_page_is_read(facts_of: Examine) -> None:
    facts = facts_of(HELLO)
    assert facts.problems == ()
    assert (facts.version, facts.page_count, len(facts.pages)) == ("1.7", 1, 1)
    page = facts.pages[0]
    assert (page.width, page.height, page.rotation, page.characters) == (400, 600, 0, 18)
    assert page.kind is PdfPageKind.BORN_DIGITAL
    assert [(font.name, font.is_embedded) for font in facts.fonts] == [("Helvetica", False)]
    assert facts.security.encryption is PdfEncryption.NONE
    assert [name.split()[0] for name in facts.readers] == ["qpdf", "PDFium"]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (one_page(""), PdfPageKind.EMPTY),
        (one_page("10 10 m 100 100 l S"), PdfPageKind.DRAWN),
        (scan(), PdfPageKind.SCANNED),
        (scan("The river rose\nby two metres"), PdfPageKind.SCANNED_WITH_TEXT),
        (scan("The river rose\nby two metres", mode="below"), PdfPageKind.SCANNED_WITH_TEXT),
        (scan("Library of the town", mode=""), PdfPageKind.SCANNED),
        (scan("The river rose\nby two metres", mode="", share=0.4), PdfPageKind.BORN_DIGITAL),
        (scan("", share=0.3), PdfPageKind.DRAWN),
        (scan("The river rose and rose, " * 8, mode=""), PdfPageKind.BORN_DIGITAL),
    ],
)
def test_where_the_words_of_a_page_come_from(data: bytes, kind: PdfPageKind, facts_of: Examine) -> None:
    assert facts_of(data).pages[0].kind is kind


def test_the_image_of_a_scan_is_measured(facts_of: Examine) -> None:
    page = facts_of(scan()).pages[0]
    assert (page.images, page.image_share, page.image_resolution) == (1, 1.0, 144.0)
    nested = one_page(
        "q 2 0 0 2 0 0 cm /X1 Do Q",
        resources=b"/XObject << /X1 20 0 R >>",
        more={
            10: image(100, 150),
            20: stream(
                b"q 100 0 0 150 50 50 cm /I1 Do Q",
                b"/Type /XObject /Subtype /Form /BBox [0 0 400 600] /Resources << /XObject << /I1 10 0 R >> >>",
            ),
        },
    )
    page = facts_of(nested).pages[0]
    assert page.image_share == pytest.approx(0.25, abs=0.02)  # 200 by 300 of 400 by 600
    assert page.image_resolution == 36.0


def test_a_page_is_as_it_is_shown(facts_of: Examine) -> None:
    turned = one_page(show(50, 500, "Hello"), page=b"/Rotate 90 /CropBox [0 300 400 600] /UserUnit 2")
    page = facts_of(turned).pages[0]
    assert (page.width, page.height, page.rotation, page.user_unit) == (600, 800, 90, 2)


@pytest.mark.parametrize("revision", [2, 3, 4, 6])
def test_a_password_is_told(revision: int, facts_of: Examine) -> None:
    old = {"aes": False, "metadata": False} if revision < 4 else {}
    facts = facts_of(encrypted(HELLO, user="hush", owner="more", R=revision, **old))
    assert troubles(facts) == {PdfTrouble.ENCRYPTED}
    assert facts.security.encryption is PdfEncryption.USER
    assert not facts.is_readable
    opens = facts_of(encrypted(HELLO, owner="more", R=revision, **old, allow=pikepdf.Permissions(extract=False)))
    assert opens.problems == ()
    assert opens.security.encryption is PdfEncryption.OWNER
    assert opens.security.method.startswith("RC4" if revision < 4 else "AES")
    if revision > 2:
        assert "taking out text and images" in opens.security.denied
    assert opens.pages[0].characters == 18


def test_encryption_for_certificates_is_told(facts_of: Examine) -> None:
    facts = facts_of(one_page("", trailer=b"/Encrypt << /Filter /Adobe.PubSec /V 4 >> /ID [(a)(b)]"))
    assert facts.security.encryption is PdfEncryption.OTHER
    assert troubles(facts) == {PdfTrouble.ENCRYPTED}


def test_a_file_cut_anywhere_is_told(facts_of: Examine) -> None:
    for kept in range(0, len(HELLO) - 6, len(HELLO) // 12):
        facts = facts_of(HELLO[:kept])
        assert troubles(facts) & {PdfTrouble.NOT_PDF, PdfTrouble.TRUNCATED}, kept
        assert all("FileIO" not in problem.detail for problem in facts.problems)


def test_a_stream_that_cannot_be_decoded_is_told(facts_of: Examine) -> None:
    packed = one_page(show(50, 500, "Hello world of rivers " * 20), packed=True)
    assert facts_of(packed).problems == ()
    place = packed.index(b"stream\n") + 20
    broken = packed[:place] + bytes(byte ^ 0x55 for byte in packed[place : place + 8]) + packed[place + 8 :]
    assert PdfTrouble.CONTENT in troubles(facts_of(broken))


def test_a_wrong_table_is_repaired_and_told(facts_of: Examine) -> None:
    facts = facts_of(HELLO.replace(b"startxref\n", b"startxref\n7"))
    assert troubles(facts) == {PdfTrouble.REPAIRED}
    assert facts.pages[0].characters == 18


def test_bytes_around_are_told(facts_of: Examine) -> None:
    facts = facts_of(b"\0\1junk\n" + HELLO + b"more of it")
    assert [problem.detail for problem in facts.about(PdfTrouble.SURROUNDED)] == [
        "7 bytes stand before the PDF",
        "10 bytes stand after the end of the PDF",
    ]
    assert facts.pages[0].characters == 18


def knots(depth: int, width: int) -> bytes:
    """A tree of so many levels whose knots name the one below many times."""
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
    for number in range(2, 2 + depth):
        kids = b" ".join([b"%d 0 R" % (number + 1)] * width)
        objects[number] = b"<< /Type /Pages /Count 1000000000 /Kids [%s] /MediaBox [0 0 9 9] >>" % kids
    objects[2 + depth] = b"<< /Type /Page /Parent 2 0 R >>"
    return pdf(objects)


RING = {
    1: b"<< /Type /Catalog /Pages 2 0 R >>",
    2: b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>",
    3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
}


@pytest.mark.parametrize(
    ("data", "trouble", "words"),
    [
        (b"", PdfTrouble.NOT_PDF, "empty"),
        (b"hello", PdfTrouble.NOT_PDF, "no header"),
        (knots(3, 1000), PdfTrouble.OVERSIZE, "more than 5000 pages"),
        (knots(500, 1), PdfTrouble.OVERSIZE, "deeper than 64"),
        (pdf(RING), PdfTrouble.DAMAGED, "ring: object 2"),
        (pdf({1: b"<< /Type /Catalog >>"}), PdfTrouble.DAMAGED, "page tree"),
        (one_page("", box=b"0 0 100000000 100000000"), PdfTrouble.OVERSIZE, "the limit is 40000"),
        (pdf({**RING, 2: b"<< /Type /Pages /Kids [3 0 R 9 0 R] /Count 999 >>"}), PdfTrouble.REPAIRED, "no pages"),
        (one_page("", more={20: b"<< /A " * 100_000 + b"1" + b" >>" * 100_000}), PdfTrouble.REPAIRED, "nest"),
    ],
    ids=["empty", "text", "a billion pages", "deep tree", "ring", "no tree", "huge page", "wrong count", "deep object"],
)
def test_hostile_structure_is_told(data: bytes, trouble: PdfTrouble, words: str, facts_of: Examine) -> None:
    facts = facts_of(data)
    assert any(words in problem.detail for problem in facts.about(trouble)), facts.problems


def test_limits_hold(facts_of: Examine, tmp_path: Path) -> None:
    assert troubles(facts_of(HELLO, PdfLimits(size=100))) == {PdfTrouble.OVERSIZE}
    assert troubles(facts_of(HELLO, PdfLimits(objects=2))) == {PdfTrouble.OVERSIZE}
    assert troubles(facts_of(HELLO, PdfLimits(values=3))) == {PdfTrouble.OVERSIZE}
    few = facts_of(HELLO, PdfLimits(characters=5))
    assert troubles(few) == {PdfTrouble.OVERSIZE}
    assert few.pages[0].characters == 5
    assert troubles(facts_of(HELLO, PdfLimits(images=0))) == {PdfTrouble.OVERSIZE}
    two = specimens.several_pages(["", ""])
    assert troubles(facts_of(two, PdfLimits(pages=1))) == {PdfTrouble.OVERSIZE}
    assert troubles(facts_of(HELLO, PdfLimits(answer=100))) == {PdfTrouble.STOPPED}


def test_a_bomb_stops_its_reader_alone(facts_of: Examine) -> None:
    """A stream of 2 GiB in two megabytes, as the content of a page."""
    import zlib

    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"\0" * (1 << 24)) for _ in range(128)) + packer.flush()
    bomb = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed) + packed + b"\nendstream"
    facts = facts_of(one_page("", more={4: bomb}), PdfLimits(seconds=1, memory=1 << 30))
    stopped = facts.about(PdfTrouble.STOPPED, PdfTrouble.PAGE, PdfTrouble.CONTENT)
    assert stopped, facts.problems
    assert facts.page_count == 1  # what was known before is not lost


def test_a_reader_that_dies_is_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deposit.pdf"
    path.write_bytes(HELLO)
    crash = "import os, signal\nos.write(1, b'{{\"at\":3}}\\n')\nos.kill(os.getpid(), signal.SIGSEGV)\n# {folders}"
    monkeypatch.setattr(asking, "_WORKER", crash)
    problem = examine(path).problems[-1]
    assert (problem.detail, problem.page) == ("the PDF reader stopped: signal 11 (SIGSEGV)", 3)
    monkeypatch.setattr(asking, "_WORKER", "import time\ntime.sleep(60)  # {folders}")
    monkeypatch.setattr(asking, "_GRACE", 0.0)
    assert examine(path, PdfLimits(seconds=1)).problems[-1].detail == "the PDF reader took longer than 1 s"
    for said in (
        '"nonsense"',
        '{"page":[[]]}',
        '{"page":["1"]}\n{"end":true}',
        '{"form":3}\n{"end":true}',
        "[" * 100_000,
    ):
        monkeypatch.setattr(asking, "_WORKER", f"print({said!r})  # {{folders}}".replace("{", "{{").replace("}", "}}"))
        assert troubles(examine(path)) == {PdfTrouble.STOPPED}


def test_the_reader_confines_itself(tmp_path: Path, facts_of: Examine) -> None:
    facts = facts_of(HELLO, PdfLimits(memory=1 << 20))
    assert troubles(facts) == {PdfTrouble.STOPPED}
    assert not facts.is_readable


def test_what_lies_in_a_file_is_found(facts_of: Examine) -> None:
    names = b"/Names << /EmbeddedFiles << /Names [(a) 21 0 R] >> >>"
    facts = facts_of(
        one_page(
            "",
            catalogue=b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
            b" /AcroForm << /Fields [20 0 R] /XFA [] >> /Lang (zh-Hans) /MarkInfo << /Marked true >>" + names,
            more={
                20: b"<< /FT /Tx /T (name) >>",
                21: b"<< /Type /Filespec /F (a.exe) /EF << /F 22 0 R >> >>",
                22: stream(b"MZ", b"/Type /EmbeddedFile /Subtype /application#2Foctet-stream /Params << /Size 2 >>"),
                23: b"<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> /Name (Li Wei) >>",
                24: b"<< /Type /Annot /Subtype /Link /A << /S /Launch /F (cmd) >> >>",
                25: b"<< /Type /Annot /Subtype /RichMedia /Rect [0 0 9 9] >>",
                26: b"<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://example.org) >> >>",
            },
        )
    )
    assert facts.actions == ("JavaScript (1)", "Launch (1)")
    assert facts.media == ("RichMedia (1)",)
    assert [(held.name, held.size, held.media_type) for held in facts.attachments] == [
        ("a.exe", 2, "application/octet-stream")
    ]
    assert (facts.fields, facts.has_xfa, facts.signatures) == (1, True, ("Li Wei",))
    assert (facts.language, facts.is_tagged) == ("zh-Hans", True)


XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" pdfaid:part="2" pdfaid:conformance="B" xmp:CreatorTool="Press 3">
<dc:title><rdf:Alt><rdf:li xml:lang="en">River Weekly</rdf:li>
<rdf:li xml:lang="x-default">河湾周报</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>Li Wei</rdf:li><rdf:li>Chen</rdf:li></rdf:Seq></dc:creator>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def test_metadata_are_read_in_both_places(facts_of: Examine) -> None:
    info = b"<< /Title <FEFF6CB36E7E5468 62A5> /Producer (Press) /CreationDate (D:20200315093000+08'00')"
    info += b" /ModDate (soon) >>"
    data = one_page(
        "", catalogue=b"/Metadata 20 0 R", more={20: stream(XMP.encode(), b"/Type /Metadata"), 21: info},
        trailer=b"/Info 21 0 R",
    )  # fmt: skip
    facts = facts_of(data)
    assert facts.problems == ()
    assert facts.info == PdfMetadata(
        title="河湾周报", producer="Press", created="2020-03-15T09:30:00+08:00", modified="soon"
    )
    assert facts.xmp == PdfMetadata(title="河湾周报", author="Li Wei; Chen", creator="Press 3")
    assert facts.pdfa == "PDF/A-2b"


@pytest.mark.parametrize(
    "packet",
    [b"<x", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', b""],
)
def test_metadata_that_are_no_xml_are_told(packet: bytes, facts_of: Examine) -> None:
    facts = facts_of(one_page("", catalogue=b"/Metadata 20 0 R", more={20: stream(packet)}))
    assert troubles(facts) == {PdfTrouble.METADATA}
    assert facts.xmp.is_empty


def test_ghostscripts_files_are_read(tmp_path: Path, facts_of: Examine) -> None:
    script = "%!PS\n/Helvetica findfont 12 scalefont setfont 72 700 moveto (Hello of the river) show showpage showpage"
    facts = facts_of(specimens.by_ghostscript(tmp_path, script))
    assert facts.problems == ()
    assert [page.kind for page in facts.pages] == [PdfPageKind.BORN_DIGITAL, PdfPageKind.EMPTY]
    assert "Ghostscript" in facts.info.producer
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", facts.info.created)
    embedded = specimens.by_ghostscript(tmp_path, script, "-dPDFSETTINGS=/prepress", "-dEmbedAllFonts=true",
                                        "-c", "<</NeverEmbed [ ]>> setdistillerparams", "-f")  # fmt: skip
    assert all(font.is_embedded for font in facts_of(embedded).fonts)
    fast = specimens.by_ghostscript(tmp_path, script, "-dFastWebView=true", "-dCompatibilityLevel=1.4")
    assert facts_of(fast).problems == ()
    locked = specimens.by_ghostscript(tmp_path, script, "-sOwnerPassword=o", "-sUserPassword=u", "-dEncryptionR=3",
                                      "-dKeyLength=128", "-dCompatibilityLevel=1.4")  # fmt: skip
    assert facts_of(locked).security.encryption is PdfEncryption.USER


def test_a_page_becomes_an_image(tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "deposit.pdf"
    path.write_bytes(one_page("0 0 200 600 re f", page=b"/Rotate 90"))
    content = page_image(path, 1, 36)
    assert content == page_image(path, 1, 36)
    with Image.open(io.BytesIO(content)) as drawn:
        assert (drawn.size, drawn.mode) == ((300, 200), "RGB")
        assert (drawn.getpixel((150, 50)), drawn.getpixel((150, 150))) == ((0, 0, 0), (255, 255, 255))
    with pytest.raises(CouldNotFindOut, match=r"page 2 cannot be drawn: there is no page 2: it has 1"):
        page_image(path, 2)
    with pytest.raises(CouldNotFindOut, match=r"the limit is 1000"):
        page_image(path, 1, 72, PdfLimits(pixels=1000))
    with pytest.raises(UsageError):
        page_image(path, 1, 0)


def test_only_plain_files_are_opened(tmp_path: Path) -> None:
    import os

    (tmp_path / "whole.pdf").write_bytes(HELLO)
    (tmp_path / "link.pdf").symlink_to("whole.pdf")
    os.mkfifo(tmp_path / "pipe.pdf")
    for name in ("link.pdf", "pipe.pdf", "missing.pdf", "."):
        with pytest.raises(UnreadableInput):
            examine(tmp_path / name)


def test_without_the_libraries_one_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deposit.pdf"
    path.write_bytes(HELLO)
    monkeypatch.setattr(asking.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(CouldNotFindOut, match=r"pypdfium2 is not installed") as caught:
        examine(path)
    assert caught.value.remedy == "pip install 'archiver[pdf]'"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=20))
def test_answers_are_never_believed(value: object) -> None:
    try:
        facts = unpack(PdfFacts, value)
    except Nonsense:
        return
    assert unpack(PdfFacts, pack(facts)) == facts


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_files_give_facts(data: st.DataObject, tmp_path: Path) -> None:
    whole = bytearray(one_page(show(50, 500, "Hello world"), packed=True, more=specimens.chinese_font()))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(whole) - 1))
        cut = data.draw(st.integers(0, 9))
        whole[place : place + cut] = data.draw(st.binary(max_size=9))
    path = tmp_path / "deposit.pdf"
    path.write_bytes(bytes(whole))
    facts = examine(path, SMALL)
    assert facts.size == len(whole)
    documents = layouts(path, facts, SMALL)
    assert len(documents) == (len(facts.pages) if facts.is_readable else 0)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tail=st.binary(max_size=300))
def test_any_bytes_give_facts(tail: bytes, tmp_path: Path) -> None:
    path = tmp_path / "deposit.pdf"
    path.write_bytes(b"%PDF-1.5\n" + tail)
    assert examine(path, SMALL).problems
