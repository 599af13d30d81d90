"""The words of PDF pages: where they stand, in which order they are read, how they come back as ALTO."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pdfs as specimens
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfs import chinese_font, image, lines, one_page, scan, show, show_chinese
from test_layout_writing import alto_schema, parsed  # noqa: F401  a fixture

from archiver.layout.reading import read_layout
from archiver.layout.text import pixel_zone
from archiver.model.layout import BlockKind, LayoutDocument, LayoutTrouble, Unit
from archiver.model.pdf import PdfFacts, PdfLimits
from archiver.model.taken import PieceKind
from archiver.pdfs import alto_of, examine, layouts, page_image, taken_text
from archiver.pdfs.columns import columns_of
from archiver.pdfs.words import Gap, Plane, Word

LEFT = ["The river rose by two metres", "in the night of Sunday and", "the mills of the lower town",
        "stood in water until noon."]  # fmt: skip
RIGHT = ["A concert will be given in", "the hall of the school on", "Saturday at seven. Tickets",
         "are sold by the baker."]  # fmt: skip
TITLE = "River Gazette of the Lower Town"
TWO_COLUMNS = show(40, 550, TITLE, 22) + lines(40, 500, LEFT) + lines(210, 500, RIGHT)
Read = Callable[..., tuple[PdfFacts, tuple[LayoutDocument, ...]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def look(data: bytes, limits: PdfLimits = PdfLimits(seconds=20)) -> tuple[PdfFacts, tuple[LayoutDocument, ...]]:  # noqa: B008
        path = tmp_path / "gazette.pdf"
        path.write_bytes(data)
        facts = examine(path, limits)
        return facts, layouts(path, facts, limits)

    return look


def texts(document: LayoutDocument) -> list[list[str]]:
    return [[line.text for line in block.lines] for page in document.pages for block in page.in_reading_order()]


def test_columns_are_read_one_after_the_other(read: Read) -> None:
    _facts, (document,) = read(one_page(TWO_COLUMNS))
    assert texts(document) == [[TITLE], LEFT, RIGHT]
    assert [block.label for block in document.pages[0].blocks] == ["heading", "", ""]


def test_the_order_of_the_file_does_not_count(read: Read) -> None:
    rows = "".join(
        show(210, 500 - 12 * index, right) + show(40, 500 - 12 * index, left)
        for index, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True))
    )
    assert texts(read(one_page(rows + show(40, 550, TITLE, 22)))[1][0]) == [[TITLE], LEFT, RIGHT]
    uneven = lines(210, 494, RIGHT) + lines(40, 500, LEFT)
    assert texts(read(one_page(uneven))[1][0]) == [LEFT, RIGHT]


def test_a_headline_across_columns_parts_sections(read: Read) -> None:
    content = TWO_COLUMNS + show(40, 430, "The Mills Stand Still Since Monday", 18)
    content += lines(40, 400, RIGHT) + lines(210, 400, LEFT)
    assert texts(read(one_page(content))[1][0]) == [
        [TITLE], LEFT, RIGHT, ["The Mills Stand Still Since Monday"], RIGHT, LEFT,
    ]  # fmt: skip


def test_a_headline_over_two_of_three_columns(read: Read) -> None:
    content = lines(40, 500, LEFT, 8) + lines(160, 500, RIGHT, 8) + show(40, 440, "Mills Stand Still at Noon", 16)
    content += lines(40, 420, RIGHT, 8) + lines(160, 420, LEFT, 8)
    content += lines(280, 500, [*LEFT, *RIGHT, *LEFT], 8)
    assert texts(read(one_page(content))[1][0]) == [
        LEFT, RIGHT, ["Mills Stand Still at Noon"], RIGHT, LEFT, [*LEFT, *RIGHT, *LEFT],
    ]  # fmt: skip


def test_the_numbers_of_a_list_stay_with_its_lines(read: Read) -> None:
    items = "".join(
        show(40, 500 - 12 * i, f"{i}.") + show(60, 500 - 12 * i, f"The item {i} of a list") for i in range(9)
    )
    assert texts(read(one_page(items))[1][0]) == [[f"{index}. The item {index} of a list" for index in range(9)]]


def test_justified_lines_with_wide_gaps_are_one_column(read: Read) -> None:
    content = lines(40, 500, LEFT) + "".join(
        show(x, 452, word) for x, word in ((40, "It"), (75, "rained"), (130, "since"))
    )
    content += lines(40, 440, RIGHT)
    assert texts(read(one_page(content))[1][0]) == [[*LEFT, "It rained since", *RIGHT]]


def ink(path: Path, dpi: float) -> tuple[int, int, int, int]:
    from PIL import Image, ImageChops

    with Image.open(io.BytesIO(page_image(path, 1, dpi))) as drawn:
        grey = drawn.convert("L")
    box = ImageChops.invert(grey).getbbox()
    assert box is not None
    return box


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("more", [b"", b"/CropBox [20 430 390 590] /UserUnit 2"], ids=["plain", "cropped"])
def test_zones_lie_where_the_words_are_drawn(rotation: int, more: bytes, tmp_path: Path) -> None:
    """PDFium draws the page, and all that is dark lies in the zones, as pixels of that image."""
    path = tmp_path / "gazette.pdf"
    path.write_bytes(one_page(TWO_COLUMNS, page=b"/Rotate %d " % rotation + more))
    (document,) = layouts(path, examine(path))
    page = document.pages[0]
    blocks = page.in_reading_order()
    assert [block.lines[0].text for block in blocks] == [TITLE, LEFT[0], RIGHT[0]]
    assert {block.rotation for block in blocks} == {float(360 - rotation) if rotation else None}
    zones = [word.zone for word in page.words()]
    around = zones[0]
    for zone in zones:
        assert zone is not None and around is not None
        assert zone.x >= 0 and zone.y >= 0 and zone.right <= page.width and zone.bottom <= page.height  # type: ignore[operator]
        around = around.union(zone)
    from PIL import Image

    with Image.open(io.BytesIO(page_image(path, 1, 144))) as drawn:
        size = drawn.size
    assert around is not None
    found = pixel_zone(around, page, size)
    assert found is not None
    left, top, right, bottom = ink(path, 144)
    assert left - 24 <= found.x <= left + 2 and right - 2 <= found.right <= right + 24
    assert top - 24 <= found.y <= top + 2 and bottom - 2 <= found.bottom <= bottom + 24
    assert found.x >= -1 and found.y >= -1


def test_chinese_columns(read: Read) -> None:
    left = ["本报讯：昨夜大雨，河水上涨两米。", "下城磨坊至午方退，居民无恙。", "市政厅今晨开会议事。"]
    right = ["学校礼堂周六晚举行音乐会，", "票由面包房发售，每张两元。", "请早来。"]
    content = show_chinese(50, 500, "河湾周报 第十八期", 20)
    for x, column in ((50, left), (230, right)):
        content += "".join(show_chinese(x, 470 - 15 * index, line) for index, line in enumerate(column))
    facts, (document,) = read(one_page(content, more=chinese_font()))
    assert texts(document) == [["河湾周报 第十八期"], left, right]
    assert facts.pages[0].unmapped == 0
    bare = {number: thing.replace(b"/ToUnicode 14 0 R", b"") for number, thing in chinese_font().items()}
    assert read(one_page(content, more=bare))[0].pages[0].unmapped > 0


def any_font() -> bytes:
    """A TrueType font of this system: which one it is does not matter, for its glyphs are renamed."""
    for path in sorted(Path("/usr/share/fonts").rglob("*.ttf")):
        return path.read_bytes()
    pytest.skip("no TrueType font is at hand")


def test_vertical_chinese_is_read_from_right_to_left(read: Read) -> None:
    words = ["河湾周报", "本报讯昨夜大雨", "河水上涨两米。", "磨坊停工"]
    used = "".join(dict.fromkeys("".join(words)))
    names = "".join(f"<{100 + index:04x}> <{ord(sign):04x}>\n" for index, sign in enumerate(used))
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def\n1 begincodespacerange "
        f"<0000> <ffff> endcodespacerange\n{len(used)} beginbfchar\n{names}endbfchar endcmap end end\n"
    )

    def printed(x: float, line: str) -> str:
        codes = "".join(f"{100 + used.index(sign):04x}" for sign in line)
        return f"BT /F2 10 Tf 1 0 0 1 {x} 500 Tm <{codes}> Tj ET\n"

    font = chinese_font(vertical=True) | {14: specimens.stream(cmap.encode()), 15: specimens.stream(any_font())}
    font[13] = font[13].replace(b"/StemV 80", b"/StemV 80 /FontFile2 15 0 R")
    font[12] = font[12].replace(b"/DW 1000", b"/DW 1000 /CIDToGIDMap /Identity")
    content = "".join(printed(300 - 15 * index, line) for index, line in enumerate(words))
    _facts, (document,) = read(one_page(content, more=font))
    assert [line for block in texts(document) for line in block] == words
    zones = [line.zone for block in document.pages[0].blocks for line in block.lines]
    assert all(zone is not None and zone.height > 2 * zone.width for zone in zones)


def test_hyphens_and_ligatures_are_as_printed(read: Read) -> None:
    """A soft hyphen within a line prints nothing; at its end it was printed."""
    content = show_chinese(50, 500, "some\u00adtimes \ufb01ne par\u00ad") + show_chinese(50, 488, "ted")
    content += show(50, 476, "on a line-") + show(50, 464, "less sheet")
    _facts, (document,) = read(one_page(content, more=chinese_font()))
    assert texts(document) == [["sometimes fine par-", "ted", "on a line-", "less sheet"]]
    words = {word.text: word.zone for word in document.pages[0].words()}
    assert words["fine"] is not None and words["fine"].width == pytest.approx(3 * 10 * 1200 / 72, abs=2)


def test_turned_text_is_read_in_its_own_direction(read: Read) -> None:
    content = lines(40, 500, LEFT) + "BT /F1 10 Tf 0 1 -1 0 380 100 Tm (Printed at the mill) Tj ET\n"
    content += "BT /F1 10 Tf 0.7 0.7 -0.7 0.7 200 200 Tm (DRAFT) Tj ET\n"
    _facts, (document,) = read(one_page(content))
    blocks = document.pages[0].in_reading_order()
    assert [(block.lines[0].text, block.rotation) for block in blocks] == [
        (LEFT[0], None), ("Printed at the mill", 90.0), ("DRAFT", None),
    ]  # fmt: skip
    zone = blocks[1].zone
    assert zone is not None and zone.height > 3 * zone.width


def test_a_text_layer_and_pictures(read: Read) -> None:
    _facts, (document,) = read(scan("The river rose\nby two metres"))
    assert texts(document) == [["The river rose", "by two metres"]]  # the scan itself is no illustration
    picture = one_page(
        show(50, 500, "The mill at noon") + "q 200 0 0 100 50 380 cm /I1 Do Q",
        resources=b"/XObject << /I1 10 0 R >>",
        more={10: image(20, 10)},
    )
    facts, documents = read(picture)
    block = documents[0].pages[0].blocks[-1]
    assert block.kind is BlockKind.ILLUSTRATION
    assert block.zone is not None
    zone = block.zone
    assert [round(value * 72 / 1200) for value in (zone.x, zone.y, zone.width, zone.height)] == [50, 120, 200, 100]
    assert taken_text(documents, facts).losses == ("1 image",)


def test_words_outside_of_the_page_are_counted(read: Read) -> None:
    _facts, (document,) = read(one_page(show(50, 500, "Hello") + show(5000, 500, "Gone")))
    assert texts(document) == [["Hello"]]
    assert [(problem.trouble, problem.detail) for problem in document.problems] == [
        (LayoutTrouble.OUTSIDE, "4 of its characters lie outside of the page as shown")
    ]


def test_a_document_a_page_with_its_name_and_number(read: Read) -> None:
    data = specimens.several_pages([TWO_COLUMNS, "", show(50, 500, "The end of it")])
    facts, documents = read(data)
    assert [document.name for document in documents] == [f"page-000{number}.alto.xml" for number in (1, 2, 3)]
    assert [document.pages[0].physical_number for document in documents] == [1, 2, 3]
    again = read(data)[1]
    for document, other in zip(documents, again, strict=True):
        content = alto_of(document)
        assert content == alto_of(other)
        back = read_layout(content, document.name)
        assert back.is_read
        assert texts(back) == texts(document)
        assert (back.pages[0].unit, back.pages[0].image) == (Unit.INCH1200, "gazette.pdf")
        assert [block.identifier for block in back.pages[0].blocks] == [
            block.identifier for block in document.pages[0].blocks
        ]
    taken = taken_text(documents, facts)
    assert taken.basis == "PDF, 3 pages"
    first, last = taken.pieces[0], taken.pieces[-1]
    assert (first.text, first.kind, first.page, first.file, first.block) == (
        TITLE, PieceKind.HEADING, 1, "page-0001.alto.xml", "p1_b1",
    )  # fmt: skip
    assert (last.text, last.page, last.file, last.block) == ("The end of it", 3, "page-0003.alto.xml", "p1_b1")


@pytest.mark.xsd
def test_the_alto_of_pages_is_valid(read: Read, alto_schema: Any) -> None:  # noqa: F811
    turned = one_page(TWO_COLUMNS, page=b"/Rotate 90")
    for data in (specimens.several_pages([TWO_COLUMNS, ""]), turned, scan(), one_page("", box=b"0 0 9000000 9000000")):
        for document in read(data)[1]:
            alto_schema.assertValid(parsed(alto_of(document)))


def test_a_file_that_cannot_be_read_has_no_layout(read: Read) -> None:
    assert read(b"%PDF-1.4\nnothing")[1] == ()
    facts, (document,) = read(one_page(TWO_COLUMNS, box=b"0 0 9000000 9000000"))
    assert texts(document) == []
    assert alto_of(document).startswith(b"<?xml")
    assert taken_text((document,), facts).losses == ("1 page not read",)


def test_ghostscripts_pages_are_read(tmp_path: Path, read: Read) -> None:
    shown = "".join(
        f"{x} {500 - 12 * index} moveto ({text}) show\n"
        for x, column in ((40, LEFT), (210, RIGHT))
        for index, text in enumerate(column)
    )
    script = f"%!PS\n/Times-Roman findfont 11 scalefont setfont\n{shown}showpage"
    assert texts(read(specimens.by_ghostscript(tmp_path, script))[1][0]) == [LEFT, RIGHT]


BOXES = st.tuples(*[st.floats(0, 500, allow_nan=False)] * 4, st.floats(1, 40))


@given(st.lists(BOXES, max_size=60))
def test_columns_lose_no_word(boxes: list[tuple[float, float, float, float, float]]) -> None:
    words = [
        Word(str(index), min(a, c), min(b, d), max(a, c), max(b, d), size, Gap.NONE)
        for index, (a, b, c, d, size) in enumerate(boxes)
    ]
    columns = columns_of(words)
    assert sorted(word.text for column in columns for word in column) == sorted(word.text for word in words)
    assert columns == columns_of(list(reversed(words)))


@given(st.sampled_from(list(Plane)), st.tuples(*[st.integers(0, 600)] * 4))
def test_planes_lay_boxes_and_show_them_again(plane: Plane, box: tuple[float, float, float, float]) -> None:
    size = (700.0, 900.0)
    assert plane.shown(plane.laid(box, size), size) == box
