"""Layout documents read: every form and version, spaces, reading order, and what a document may do wrong."""

from __future__ import annotations

import subprocess
import sys

import layouts
import pytest

from archiver.layout.reading import read_layout, recognise
from archiver.layout.text import areas, joined_words, lines, pixel_zone, text_of
from archiver.model.layout import (
    BlockKind,
    LayoutDocument,
    LayoutForm,
    LayoutTrouble,
    OrderBasis,
    Processing,
    Unit,
    Zone,
)


def texts(document: LayoutDocument) -> list[str]:
    return [placed.line.text for placed in lines(document) if placed.order]


def troubles(document: LayoutDocument) -> set[LayoutTrouble]:
    return {problem.trouble for problem in document.problems}


@pytest.mark.parametrize("version", sorted(layouts.ALTO_ROOTS))
def test_alto_of_every_version(version: str) -> None:
    document = read_layout(layouts.alto(version), "x.bin")
    assert (document.form, document.version, document.problems) == (LayoutForm.ALTO, version, ())
    assert document.processing == (Processing("Reader", "3.1", "A firm", "2021-05-09", "contentGeneration"),)
    page = document.pages[0]
    assert (page.image, page.width, page.height, page.unit) == ("master/0001.tif", 1000, 800, Unit.PIXEL)
    assert (page.physical_number, page.printed_number, page.confidence) == (1, "7", 0.9)
    assert [(block.identifier, block.kind, block.parent) for block in page.blocks] == [
        ("TB1", BlockKind.TEXT, None),
        ("CB1", BlockKind.ADVERT, None),
        ("TB2", BlockKind.TEXT, 1),
        ("IL1", BlockKind.ILLUSTRATION, 1),
        ("GE1", BlockKind.SEPARATOR, None),
    ]
    first = page.blocks[0]
    assert (first.zone, first.language, first.rotation) == (Zone(10, 20, 400, 100), "de", 90)
    assert texts(document) == ["Neue Zei-", "tung", "Seife"]
    assert [word.confidence for word in page.words()] == [0.75, 0.5, 1.0, None]
    assert document.confidence().mean == 0.75
    joined = joined_words([document])
    assert [(word.text, word.first_line, word.second_line, word.is_stated) for word in joined] == [
        ("Zeitung", 1, 2, True)
    ]


@pytest.mark.parametrize("unit", list(Unit))
def test_units_of_alto(unit: Unit) -> None:
    page = read_layout(layouts.alto(unit=unit.value), "x").pages[0]
    assert page.unit is unit
    assert pixel_zone(Zone(10, 20, 400, 100), page, (2000, 1600)) == Zone(20, 40, 800, 200)


@pytest.mark.parametrize("version", ["2013-07-15", "2019-07-15", "2024-07-15"])
def test_page_of_every_version(version: str) -> None:
    document = read_layout(layouts.page(version), "x.alto")
    assert (document.form, document.version, document.problems) == (LayoutForm.PAGE, version, ())
    assert document.processing[0] == Processing("OCR-D/core", "2.40.0", date="2021-05-09T10:00:00")
    assert document.processing[1].step == "recognition/text-recognition"
    page = document.pages[0]
    assert (page.image, page.width, page.height, page.dpi) == ("OCR-D-IMG/0001.png", 1000, 800, 300)
    assert page.order_basis is OrderBasis.STATED
    ordered = [block.identifier for block in page.in_reading_order()]
    assert ordered == ["r2", "r4", "r5", "r6", "r3", "r1", "r7", "r8"]
    kinds = {block.identifier: (block.kind, block.label) for block in page.blocks}
    assert kinds["r2"] == (BlockKind.TEXT, "heading")
    assert kinds["r4"] == (BlockKind.ILLUSTRATION, "")
    assert kinds["r5"] == (BlockKind.ADVERT, "")
    assert kinds["r7"] == (BlockKind.SEPARATOR, "")
    assert kinds["r8"] == (BlockKind.OTHER, "maths")
    assert texts(document) == ["Eine Überschrift", "Seife", "Text des Blocks", "in zwei Zeilen", "Zwei Worte"]
    assert page.blocks[0].rotation == 0.5
    assert [word.confidence for word in page.words()] == [0.75, 0.5]


def test_page_with_points_of_2010() -> None:
    old = (
        '<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2010-03-19"><Page imageFilename="a"'
        ' imageWidth="9" imageHeight="9"><TextRegion id="r"><Coords><Point x="1" y="2"/><Point x="5" y="2"/>'
        '<Point x="5" y="8"/></Coords><TextEquiv><PlainText>Alt</PlainText></TextEquiv></TextRegion></Page></PcGts>'
    )
    document = read_layout(old.encode(), "x")
    assert document.problems == ()
    assert document.pages[0].blocks[0].zone == Zone(1, 2, 4, 6)
    assert texts(document) == ["Alt"]


def test_hocr_that_is_no_xml() -> None:
    document = read_layout(layouts.hocr(), "x.xml")
    assert (document.form, document.problems) == (LayoutForm.HOCR, ())
    assert document.processing == (Processing("ocrengine", "2.1.0", step="contentGeneration"),)
    page = document.pages[0]
    assert (page.image, page.width, page.height) == ("a;b/0001.tif", 1000, 800)
    assert (page.dpi, page.physical_number, page.printed_number) == (300, 0, "7")
    assert [(block.identifier, block.kind, block.parent) for block in page.blocks] == [
        ("c1", BlockKind.GROUP, None),
        ("par1", BlockKind.TEXT, 0),
        ("s1", BlockKind.SEPARATOR, None),
        ("i1", BlockKind.ILLUSTRATION, None),
        ("cap", BlockKind.TEXT, None),
        ("", BlockKind.TEXT, None),
    ]
    assert page.blocks[1].rotation == 90
    assert page.blocks[4].label == "caption"
    assert texts(document) == ["Zwei Worte", "Kopf & Fuß", "Ein Bild", "Lose Zeile"]
    assert [word.confidence for word in page.words()] == [0.75, 0.5]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"", None),
        (b"hello", None),
        (b"<alto", LayoutForm.ALTO),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- alto --><x:alto xmlns:x='u'/>", LayoutForm.ALTO),
        ("<?xml version='1.0' encoding='UTF-16'?><PcGts/>".encode("utf-16"), LayoutForm.PAGE),
        (b"<mets><alto/></mets>", None),
        (b"<html><body>class ocr_page</body></html>", None),
        (b"<HTML><div class=ocr_page></div></HTML>", LayoutForm.HOCR),
        (b"<html><div class='x ocr_page y'></div></html>", LayoutForm.HOCR),
        (b"\x89PNG\r\n", None),
    ],
)
def test_forms_are_known_by_content(content: bytes, form: LayoutForm | None) -> None:
    assert recognise(content) is form


def test_several_documents_are_one_text() -> None:
    documents = [read_layout(layouts.page(), "1"), read_layout(layouts.hocr(), "2")]
    text = text_of(documents)
    for number, placed in enumerate(text.lines, 1):
        line = placed.line
        assert line.number == number
        assert text.content[line.begin : line.end].decode() == line.text
    assert text.content.decode().splitlines() == [placed.line.text for placed in text.lines]
    assert {placed.document for placed in text.lines if placed.order} == {0, 1}
    found = areas(text, 5, 10)
    assert [(area.document, area.block, area.first_line, area.last_line) for area in found] == [
        (0, "r3", 5, 6),
        (0, "r1", 8, 8),
        (1, "par1", 10, 10),
    ]
    assert found[2].zone == Zone(10, 20, 400, 40)
    assert areas(text, 10, 11)[0].zone == Zone(10, 20, 400, 90)


def test_spaces_between_chinese_words_are_gaps() -> None:
    def word(text: str, x: int, width: int) -> str:
        return f'<String CONTENT="{text}" HPOS="{x}" VPOS="0" WIDTH="{width}" HEIGHT="30"/>'

    def line(middle: str) -> str:
        return (
            '<TextBlock ID="b"><TextLine HPOS="0" VPOS="0" WIDTH="300" HEIGHT="30">'
            f"{word('记者', 0, 60)}{middle}</TextLine></TextBlock>"
        )

    near, far = word("王", 75, 30), word("王", 80, 30)
    for middle, text in (
        (f'<SP WIDTH="15"/>{near}', "记者王"),
        (f'<SP WIDTH="20"/>{far}', "记者 王"),
        (f"<SP/>{near}", "记者 王"),  # a space that states no width is one
        (near, "记者王"),
        (f'<SP WIDTH="-3"/>{word("18", 61, 30)}', "记者18"),
    ):
        assert texts(read_layout(layouts.alto_with(line(middle)), "x")) == [text]


def test_alto_without_any_sp_has_spaces_between_latin_words() -> None:
    content = '<TextBlock ID="b"><TextLine><String CONTENT="two"/><String CONTENT="words"/></TextLine></TextBlock>'
    assert texts(read_layout(layouts.alto_with(content), "x")) == ["two words"]


def test_reading_order_of_alto_4() -> None:
    blocks = (
        layouts.block("b1", "one")
        + f'<ComposedBlock ID="c1">{layouts.block("b2", "two")}{layouts.block("b3", "three")}</ComposedBlock>'
        + layouts.block("b4", "four")
    )
    order = (
        '<ReadingOrder><OrderedGroup ID="g"><ElementRef ID="e1" REF="b4"/><UnorderedGroup ID="h">'
        '<ElementRef ID="e2" REF="c1"/></UnorderedGroup><ElementRef ID="e3" REF="b2"/></OrderedGroup></ReadingOrder>'
    )
    document = read_layout(layouts.alto_with(blocks, order), "x")
    assert texts(document) == ["four", "three", "two", "one"]
    assert document.pages[0].order_basis is OrderBasis.STATED
    lost = read_layout(layouts.alto_with(blocks, order.replace('"b4"', '"b9"')), "x")
    assert [problem.where for problem in lost.about(LayoutTrouble.REFERENCE)] == ["b9"]


def test_blocks_that_go_on_in_another() -> None:
    blocks = (
        layouts.block("b1", "one", 'IDNEXT="b3"')
        + layouts.block("b2", "two")
        + layouts.block("b3", "three", 'IDNEXT="b4"')
    ) + layouts.block("b4", "four", 'IDNEXT="b1"')
    assert texts(read_layout(layouts.alto_with(blocks), "x")) == ["two", "one", "three", "four"]
    chain = blocks.replace('IDNEXT="b1"', 'IDNEXT="gone"')
    document = read_layout(layouts.alto_with(chain), "x")
    assert texts(document) == ["one", "three", "four", "two"]
    assert troubles(document) == {LayoutTrouble.REFERENCE}


def test_tags_and_shapes_of_alto() -> None:
    tags = (
        '<Tags><LayoutTag ID="t1" LABEL="heading"/><OtherTag ID="t2" LABEL="Advertisement"/>'
        '<StructureTag ID="t3" LABEL="TableZone"/></Tags>'
    )
    shape = '<Shape><Polygon POINTS="10,10 60,10 60 40 10 40"/></Shape>'
    blocks = (
        f'<TextBlock ID="b1" TAGREFS="t1 t2">{shape}</TextBlock><TextBlock ID="b2" TAGREFS="t3 t9"/>'
        '<Illustration ID="b3" TYPE="Photo"/><ComposedBlock ID="b4" TYPE="container"/>'
    )
    document = read_layout(layouts.alto_with(blocks, tags), "x")
    assert [(block.kind, block.label) for block in document.pages[0].blocks] == [
        (BlockKind.ADVERT, "heading"),
        (BlockKind.TABLE, ""),
        (BlockKind.ILLUSTRATION, ""),
        (BlockKind.GROUP, "container"),
    ]
    assert document.pages[0].blocks[0].zone == Zone(10, 10, 50, 30)
    assert document.pages[0].blocks[0].outline == ((10, 10), (60, 10), (60, 40), (10, 40))
    assert troubles(document) == {LayoutTrouble.REFERENCE, LayoutTrouble.NO_TEXT}


@pytest.mark.parametrize(
    ("place", "trouble"),
    [
        ('HPOS="NaN" VPOS="0" WIDTH="9" HEIGHT="9"', LayoutTrouble.COORDINATES),
        ('HPOS="INF" VPOS="0" WIDTH="9" HEIGHT="9"', LayoutTrouble.COORDINATES),
        ('HPOS="1e300" VPOS="0" WIDTH="9" HEIGHT="9"', LayoutTrouble.COORDINATES),
        ('HPOS="1e999" VPOS="0" WIDTH="9" HEIGHT="9"', LayoutTrouble.COORDINATES),
        ('HPOS="1_0" VPOS="0" WIDTH="9" HEIGHT="9"', LayoutTrouble.COORDINATES),
        ('HPOS="1,5" VPOS="0" WIDTH="9" HEIGHT="9"', LayoutTrouble.COORDINATES),
        ('HPOS="" VPOS="0" WIDTH="9" HEIGHT="9"', LayoutTrouble.COORDINATES),
        ('HPOS="0" VPOS="0" WIDTH="-9" HEIGHT="9"', LayoutTrouble.COORDINATES),
        ('HPOS="-50" VPOS="0" WIDTH="9" HEIGHT="9"', LayoutTrouble.OUTSIDE),
        ('HPOS="0" VPOS="795" WIDTH="9" HEIGHT="9"', LayoutTrouble.OUTSIDE),
        ('HPOS="0" VPOS="0" WIDTH="9000" HEIGHT="9"', LayoutTrouble.OUTSIDE),
        ('HPOS="-0.5" VPOS="0" WIDTH="1001" HEIGHT="9"', None),
        ('HPOS="1"', None),
    ],
)
def test_coordinates_that_cannot_be(place: str, trouble: LayoutTrouble | None) -> None:
    document = read_layout(layouts.alto_with(layouts.block("b1", "word", place=place)), "x")
    assert troubles(document) == ({trouble} if trouble else set())
    assert texts(document) == ["word"]


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"just words", LayoutTrouble.NOT_LAYOUT),
        (layouts.alto()[:900], LayoutTrouble.NOT_WELL_FORMED),
        (b'<!DOCTYPE alto [<!ENTITY a "aaaa">]><alto>&a;</alto>', LayoutTrouble.NOT_WELL_FORMED),
        (b"<alto>" + b"<a>" * 300 + b"</a>" * 300 + b"</alto>", LayoutTrouble.NOT_WELL_FORMED),
        (b"<alto>" + b"<" * 4_000_001, LayoutTrouble.TOO_LARGE),
        (b"<alto>" + b" " * (64 * 1024 * 1024), LayoutTrouble.TOO_LARGE),
        (b"<html><meta charset=zip><p class=ocr_page></html>", LayoutTrouble.NOT_WELL_FORMED),
        (b"<html><p class=ocr_page>\xff\xfe</html>", LayoutTrouble.NOT_WELL_FORMED),
        (b"<alto xmlns='http://www.loc.gov/standards/alto/ns-v4#'/>", LayoutTrouble.EMPTY),
        (layouts.alto_with(""), LayoutTrouble.NO_TEXT),
        (layouts.alto("3.1").replace(b'"3.1"', b'"9.9"'), LayoutTrouble.VERSION),
        (layouts.alto("3.1").replace(b"ns-v3#", b"ns-v7#"), LayoutTrouble.VERSION),
        (layouts.alto("3.1").replace(b"ns-v3#", b"ns-v4#"), LayoutTrouble.VERSION),
        (layouts.alto("1").replace(b' xmlns="http://schema.ccs-gmbh.com/ALTO"', b""), LayoutTrouble.VERSION),
        (layouts.page("2031-01-01"), LayoutTrouble.VERSION),
        (layouts.alto().replace(b'ID="TL2"', b'ID="TL1"'), LayoutTrouble.DUPLICATE),
        (layouts.page().replace(b'id="w2"', b'id="w1"'), LayoutTrouble.DUPLICATE),
        (layouts.hocr().replace(b"id='w2'", b"id='w1'"), LayoutTrouble.DUPLICATE),
        (layouts.page().replace(b'regionRef="r3"', b'regionRef="zz"'), LayoutTrouble.REFERENCE),
        (layouts.alto().replace(b'WC="0.75"', b'WC="75"'), LayoutTrouble.CONFIDENCE),
        (layouts.hocr().replace(b"x_wconf 75", b"x_wconf -1"), LayoutTrouble.CONFIDENCE),
        (layouts.alto().replace(b' WIDTH="1000" HEIGHT="800" PC', b" PC"), LayoutTrouble.PAGE_SIZE),
        (layouts.page().replace(b'imageWidth="1000"', b'imageWidth="0"'), LayoutTrouble.PAGE_SIZE),
        (layouts.alto(unit="furlong"), LayoutTrouble.UNIT),
        (layouts.alto().replace(b"Seife", "Sei\ufffde".encode()), LayoutTrouble.CONTROL_CHARACTER),
        (layouts.alto().replace(b"Seife", "Sei\u202efe".encode()), LayoutTrouble.CONTROL_CHARACTER),
        (layouts.hocr().replace(b"Lose", b"Lo&#133;\x01se"), LayoutTrouble.CONTROL_CHARACTER),
        (layouts.page().replace(b'points="10,200 ', b'points="10;200 '), LayoutTrouble.COORDINATES),
        (layouts.hocr().replace(b"bbox 10 20 100 60", b"bbox 100 20 10 60"), LayoutTrouble.COORDINATES),
        (layouts.hocr().replace(b"bbox 10 20 100 60", b"bbox 100 20"), LayoutTrouble.COORDINATES),
    ],
    ids=range(30),
)
def test_what_a_document_may_do_wrong(content: bytes, trouble: LayoutTrouble) -> None:
    assert trouble in troubles(read_layout(content, "x"))


def test_html_expands_no_entities_and_opens_nothing(tmp_path: object) -> None:
    hostile = layouts.hocr().replace(
        b"<!DOCTYPE html>",
        b'<!DOCTYPE html [<!ENTITY b "boom"><!ENTITY c "&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/hostname">]>',
    )
    document = read_layout(hostile.replace(b"Lose Zeile", b"&c; &x;"), "x")
    text = " ".join(texts(document))
    assert "boom" not in text
    assert "&c;" in text


def test_problems_are_told_twenty_times_and_then_counted() -> None:
    many = "".join(layouts.block("same", "x") for _ in range(50))
    found = list(read_layout(layouts.alto_with(many), "x").about(LayoutTrouble.DUPLICATE))
    assert len(found) == 21
    assert found[-1].detail.startswith("and 29 more")


def test_deep_html_ends() -> None:
    deep = b"<html><div class=ocr_page title='bbox 0 0 9 9'>" + b"<div class=ocr_carea>" * 100_000 + b"x"
    assert troubles(read_layout(deep, "x")) == {LayoutTrouble.NOT_WELL_FORMED}


def test_importing_the_room_does_not_load_lxml() -> None:
    rooms = "archiver.layout.reading, archiver.layout.text, archiver.layout.writing, archiver.checks.layout"
    code = f"import sys, {rooms}; sys.exit('lxml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
