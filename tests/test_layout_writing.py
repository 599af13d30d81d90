"""ALTO 4.4 written: valid by the official schema, the same twice, and read back as what it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import layouts
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.errors import UsageError
from archiver.layout.identifiers import with_identifiers
from archiver.layout.notes import joined
from archiver.layout.reading import read_layout
from archiver.layout.text import text_of
from archiver.layout.writing import write_alto
from archiver.model.layout import (
    BlockKind,
    LayoutBlock,
    LayoutDocument,
    LayoutForm,
    LayoutLine,
    LayoutPage,
    LayoutWord,
    OrderBasis,
    Processing,
    Unit,
    Zone,
)

SCHEMAS = Path(__file__).parents[2] / "shared" / "schemas"


def schema(name: str) -> Any:
    """An official schema, compiled without network; skips where it is not at hand."""
    from lxml import etree

    if not (SCHEMAS / name).is_file():
        pytest.skip(f"the official schema {name} is not at hand")

    class Local(etree.Resolver):
        def resolve(self, url: str, _public: str, context: Any) -> Any:
            return self.resolve_filename(str(SCHEMAS / url.rsplit("/", 1)[-1]), context)

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    return etree.XMLSchema(etree.parse(str(SCHEMAS / name), parser))


@pytest.fixture(scope="module")
def alto_schema() -> Any:
    return schema("alto-4-4.xsd")


def parsed(content: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(content)


SAMPLES = {
    **{f"alto {version}": layouts.alto(version) for version in layouts.ALTO_ROOTS},
    "alto mm10": layouts.alto(unit="mm10"),
    "page": layouts.page(),
    "hocr": layouts.hocr(),
    "doubled": layouts.alto()
    .replace(b'"TL2"', b'"TL1"')
    .replace(b'"IL1"', b'"not a name"')
    .replace(b'"CB1"', b'"p1_b4"'),
    "empty": layouts.alto_with(""),
}


@pytest.mark.xsd
@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_written_is_valid(name: str, alto_schema: Any) -> None:
    alto_schema.assertValid(parsed(write_alto(read_layout(SAMPLES[name], name))))


@pytest.mark.xsd
@pytest.mark.parametrize("version", ["2019-07-15", "2024-07-15"])
def test_the_page_samples_are_valid(version: str) -> None:
    schema(f"pagecontent-{version}.xsd").assertValid(parsed(layouts.page(version)))


@pytest.mark.xsd
def test_the_alto_sample_is_valid(alto_schema: Any) -> None:
    alto_schema.assertValid(parsed(layouts.alto("4.2")))


@pytest.mark.parametrize("name", SAMPLES)
def test_written_and_read_again_it_has_the_same_text(name: str) -> None:
    document = read_layout(SAMPLES[name], name)
    content = write_alto(document)
    again = read_layout(content, name)
    assert text_of([again]).content == text_of([document]).content
    assert write_alto(again) == content
    written = [block.identifier for page in with_identifiers(document).pages for block in page.blocks]
    assert [block.identifier for page in again.pages for block in page.blocks] == written
    assert [block.kind for page in again.pages for block in page.blocks] == [
        block.kind for page in document.pages for block in page.blocks
    ]


def test_identifiers_are_kept_where_they_are_sound() -> None:
    document = with_identifiers(read_layout(SAMPLES["doubled"], "x"))
    page = document.pages[0]
    assert [block.identifier for block in page.blocks] == ["TB1", "p1_b4", "TB2", "p1_b4_2", "GE1"]
    assert [line.identifier for line in page.blocks[0].lines] == ["TL1", "p1_b1_l2"]


def test_a_line_whose_words_do_not_give_its_text_is_written_by_its_text() -> None:
    line = LayoutLine("as the  line has it", words=(LayoutWord("as"), LayoutWord("words", space_before=True)))
    block = LayoutBlock("b", BlockKind.TEXT, order=1, lines=(line, LayoutLine("two words", confidence=0.25)))
    page = LayoutPage(1, (block,), width=9, height=9, unit=Unit.PIXEL)
    again = read_layout(write_alto(LayoutDocument("x", LayoutForm.PAGE, pages=(page,))), "x")
    assert [found.text for found in again.pages[0].blocks[0].lines] == ["as the  line has it", "two words"]
    assert [word.confidence for word in again.pages[0].words()] == [None, 0.25, 0.25]


def test_pages_that_one_document_cannot_hold() -> None:
    page = LayoutPage(1, unit=Unit.PIXEL, image="a.tif")
    document = LayoutDocument("x.hocr", LayoutForm.HOCR, pages=(page, replace(page, image="b.tif")))
    with pytest.raises(UsageError, match="2 images"):
        write_alto(document)
    with pytest.raises(UsageError, match="no unit"):
        write_alto(replace(document, pages=(replace(page, unit=None),)))


@pytest.mark.parametrize("date", ["yesterday", "2021-02-30", "2021-13", "20210509", "0000", "2021-05-09T25:00:00"])
def test_a_date_that_is_none_is_left_out(date: str, alto_schema: Any) -> None:
    document = read_layout(layouts.alto(), "x")
    content = write_alto(replace(document, processing=(Processing("Reader", date=date),)))
    assert b"processingDateTime" not in content
    alto_schema.assertValid(parsed(content))


def test_characters_that_xml_cannot_hold_are_escaped() -> None:
    line = LayoutLine("a\x01b", words=(LayoutWord("a\x01b"),))
    page = LayoutPage(1, (LayoutBlock("b", BlockKind.TEXT, lines=(line,), label="\x02"),), unit=Unit.PIXEL)
    content = write_alto(LayoutDocument("x", LayoutForm.HOCR, pages=(page,)))
    assert b'CONTENT="a\\x01b"' in content
    assert b'LABEL="\\x02"' in content


# Four decimals are written, and so the coordinates here have no more.
coordinate = st.integers(0, 4_000_000).map(lambda value: value / 1000)
zones = st.none() | st.builds(Zone, coordinate, coordinate, coordinate, coordinate)
shares = st.none() | st.integers(0, 1000).map(lambda value: value / 1000)
word_text = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
label = st.sampled_from(["", "heading", "table", "page-number", "标题", 'a "b" <c>'])
KINDS_WITHOUT_LINES = [kind for kind in BlockKind if kind is not BlockKind.TEXT]


@st.composite
def layout_lines(draw: st.DrawFn) -> LayoutLine:
    texts = draw(st.lists(word_text, min_size=1, max_size=4))
    words = tuple(
        LayoutWord(text, draw(zones), draw(shares), space_before=index > 0 and draw(st.booleans()))
        for index, text in enumerate(texts)
    )
    return LayoutLine(joined(words), draw(zones), words=words, language=draw(st.sampled_from(["", "zh-Hans", "eng"])))


@st.composite
def layout_pages(draw: st.DrawFn) -> LayoutPage:
    blocks: list[LayoutBlock] = []
    open_holders: list[int] = []  # blocks in order of the document: a child stands in the last blocks that hold
    for _ in range(draw(st.integers(0, 5))):
        found = draw(st.lists(layout_lines(), max_size=3))
        kind = draw(st.sampled_from(list(BlockKind) if found else KINDS_WITHOUT_LINES))
        depth = draw(st.integers(0, len(open_holders)))
        open_holders = open_holders[:depth]
        index = len(blocks)
        outline = tuple(
            (float(x), float(y)) for x, y in draw(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99))))
        )
        blocks.append(
            LayoutBlock(
                f"block{index}",
                kind,
                draw(zones.filter(bool)) if len(outline) >= 2 else draw(zones),
                index + 1,
                tuple(found),
                open_holders[-1] if open_holders else None,
                draw(label),
                draw(st.sampled_from(["", "de", "zh-Hant"])) if found else "",
                draw(st.none() | st.integers(-179, 180).map(float)),
                outline if len(outline) >= 2 else (),
            )
        )
        if not found and kind in {BlockKind.GROUP, BlockKind.ADVERT, BlockKind.TABLE, BlockKind.OTHER}:
            open_holders.append(index)
    basis = OrderBasis.DOCUMENT
    if blocks and draw(st.booleans()):
        basis = OrderBasis.STATED
        order = draw(st.permutations(range(1, len(blocks) + 1)))
        blocks = [replace(block, order=place) for block, place in zip(blocks, order, strict=True)]
    return LayoutPage(
        1,
        tuple(blocks),
        "page1",
        draw(st.sampled_from(["", "0001.tif", "图像 1.jp2"])),
        draw(st.none() | coordinate),
        draw(st.none() | coordinate),
        draw(st.sampled_from(list(Unit))),
        physical_number=draw(st.integers(0, 99)),
        printed_number=draw(st.sampled_from(["", "iv", "第2版"])),
        confidence=draw(shares),
        order_basis=basis,
    )


documents = st.builds(
    lambda page, steps: with_identifiers(
        LayoutDocument("x", LayoutForm.ALTO, "4.4", pages=(page,), processing=tuple(steps))
    ),
    layout_pages(),
    st.lists(
        st.builds(
            Processing,
            st.sampled_from(["tesseract", "Reader Pro"]),
            st.sampled_from(["", "5.3.0"]),
            st.sampled_from(["", "A firm"]),
            st.sampled_from(
                ["", "2021", "2021-05", "2021-05-31", "2021-05-09T10:00:00Z", "2021-05-09T10:00:00.5+08:00"]
            ),
            st.sampled_from(["", "contentGeneration", "by hand"]),
        ),
        max_size=2,
    ),
)


@given(documents)
def test_what_is_written_is_read_back(document: LayoutDocument) -> None:
    content = write_alto(document)
    again = read_layout(content, "x")
    assert replace(again, problems=()) == document
    assert write_alto(again) == content


@pytest.mark.xsd
@given(document=documents)
def test_whatever_is_written_is_valid(document: LayoutDocument, alto_schema: Any) -> None:
    alto_schema.assertValid(parsed(write_alto(document)))
