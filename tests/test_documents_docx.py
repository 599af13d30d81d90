"""DOCX read into lines: by files of python-docx, and by parts no word processor writes."""

from __future__ import annotations

import builtins
import io
import struct
import zipfile
from typing import Any

import pytest
from compounds import compound
from documents import OFFICE, W, app, document, docx, paragraph, relation, styled, styles, zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.documents import examine_document, read_document, recognise
from archiver.errors import CouldNotFindOut
from archiver.model.documents import DocumentForm, DocumentLimits, DocumentTrouble, ReadDocument
from archiver.model.taken import PieceKind, TakenText

python_docx = pytest.importorskip("docx")


def examined(content: bytes, name: str = "issue.docx") -> ReadDocument:
    return examine_document(content, name)


def lines(taken: TakenText) -> list[str]:
    return [piece.text for piece in taken.pieces if piece.text]


def kinds(content: bytes) -> list[tuple[str, str]]:
    return [(piece.text, piece.kind.value) for piece in examined(content).taken.pieces if piece.text]


def losses(content: bytes) -> dict[str, tuple[int, int]]:
    return {loss.kind: (loss.count, loss.characters) for loss in examined(content).facts.losses}


def trouble(content: bytes, name: str = "issue.docx") -> DocumentTrouble:
    found = examined(content, name)
    assert found.taken.pieces == ()
    assert len(found.taken.faults) == 1
    return found.facts.problems[-1].trouble


def saved(made: Any) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def test_a_document_of_python_docx() -> None:
    made = python_docx.Document()
    made.core_properties.title, made.core_properties.author = "No. 12", "A. Writer"
    made.core_properties.language = "zh-CN"
    made.add_heading("青禾时报", 0)
    made.add_paragraph("QINGHE", style="Subtitle")
    made.add_paragraph("2021年5月9日")
    made.add_heading("头条", 1)
    first = made.add_paragraph("第一行")
    first.add_run().add_break()
    first.add_run("第二行\tx")
    secret = first.add_run("hidden")
    secret.font.hidden = True
    made.add_comment(first.runs[0], text="a note", author="e")
    made.add_heading("小标题", 2)
    made.add_paragraph("item", style="List Number")
    made.add_paragraph("A picture", style="Caption")
    table = made.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text, table.cell(1, 1).text = "a", "b\nc", "d"
    made.sections[0].header.paragraphs[0].text = "page header"
    made.add_page_break()
    made.add_heading("第二条", 1)
    made.add_paragraph("完。")
    found = examined(saved(made))
    assert [(piece.text, piece.kind.value, piece.page) for piece in found.taken.pieces if piece.text] == [
        ("青禾时报", "masthead", 0), ("QINGHE", "masthead", 0), ("2021年5月9日", "text", 0), ("头条", "heading", 0),
        ("第一行", "text", 0), ("第二行 x", "text", 0), ("小标题", "subheading", 0), ("item", "text", 0),
        ("A picture", "caption", 0), ("a\tb c", "text", 0), ("d", "text", 0), ("第二条", "heading", 0),
        ("完。", "text", 0),
    ]  # fmt: skip
    assert [str(loss) for loss in found.facts.losses] == [
        "1 page header (10 characters)", "1 comment (5 characters)", "1 hidden passage (6 characters)",
        "1 table read row by row", "1 number or mark of a list item",
    ]  # fmt: skip
    facts = found.facts
    assert (facts.title, facts.author, facts.language, facts.headings) == ("No. 12", "A. Writer", "zh-CN", 2)
    assert facts.problems == ()
    assert found.taken.basis == "DOCX"


def test_the_text_is_that_of_python_docx() -> None:
    """Paragraphs, their styles and their order, as the library itself lists them."""
    made = python_docx.Document()
    for number in range(40):
        made.add_paragraph(f"Paragraph {number} 第{number}段", style=("Normal", "Body Text", "Quote")[number % 3])
    content = saved(made)
    again = python_docx.Document(io.BytesIO(content))
    assert lines(examined(content).taken) == [each.text for each in again.paragraphs]


@pytest.mark.parametrize(
    "name",
    ["heading 1", "Heading 1", "标题 1", "標題 1", "标题1", "Überschrift 1", "Titre 1", "見出し 1", "見出し１",
     "제목 1", "Заголовок 1", "Título 1", "Titolo 1", "Kop 1", "HEADING  1"],
)  # fmt: skip
def test_styles_are_known_by_names_in_many_languages(name: str) -> None:
    body = paragraph("Gazette") + styled("A", "a1") + paragraph("x") + styled("B", "a2") + paragraph("y")
    rows = styles(("a1", name, ""), ("a2", name.replace("1", "2").replace("１", "２"), ""))
    content = docx(body, parts={"word/styles.xml": rows}, relations=relation(1, "styles", "styles.xml"))
    assert kinds(content) == [
        ("Gazette", "text"), ("A", "heading"), ("x", "text"), ("B", "subheading"), ("y", "text"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind"),
    [("caption", "caption"), ("题注", "caption"), ("Beschriftung", "caption"), ("図表番号", "caption"),
     ("Byline", "byline"), ("作者", "byline"), ("Heading", "text"), ("heading 10", "text"), ("Body Text", "text")],
)  # fmt: skip
def test_styles_of_other_kinds(name: str, kind: str) -> None:
    content = docx(
        paragraph("Gazette") + styled("A", "own"),
        parts={"word/styles.xml": styles(("own", name, ""))},
        relations=relation(1, "styles", "styles.xml"),
    )
    assert kinds(content)[1] == ("A", kind)


def test_styles_are_what_they_are_based_on() -> None:
    rows = styles(
        ("h1", "heading 1", '<w:pPr><w:outlineLvl w:val="0"/></w:pPr>'),
        ("mine", "Schlagzeile rot", '<w:basedOn w:val="h1"/>'),
        ("toc", "TOC Heading", '<w:basedOn w:val="h1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr>'),
        ("level", "Own", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>'),
        ("ring1", "Ring", '<w:basedOn w:val="ring2"/>'),
        ("ring2", "Rong", '<w:basedOn w:val="ring1"/>'),
    )
    body = paragraph("Gazette") + styled("A", "mine") + styled("Contents", "toc") + styled("B", "level")
    body += styled("C", "ring1") + styled("D", "missing") + paragraph("E", '<w:outlineLvl w:val="0"/>')
    content = docx(body, parts={"word/styles.xml": rows}, relations=relation(1, "styles", "styles.xml"))
    assert kinds(content) == [
        ("Gazette", "text"), ("A", "heading"), ("Contents", "text"), ("B", "subheading"), ("C", "text"),
        ("D", "text"), ("E", "heading"),
    ]  # fmt: skip


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_tracked_changes_are_read_as_accepted() -> None:
    body = (
        f"<w:p>{run('keep ')}<w:ins>{run('new ')}</w:ins><w:del><w:r><w:delText>old one</w:delText></w:r></w:del>"
        f"{run('end')}</w:p><w:p><w:moveFrom>{run('gone')}</w:moveFrom><w:moveTo>{run('come')}</w:moveTo></w:p>"
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('joined ')}</w:p><w:p>{run('to this')}</w:p>"
        f"<w:tbl><w:tr><w:tc><w:p>{run('a')}</w:p></w:tc><w:tc><w:p>{run('b')}</w:p></w:tc></w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p>{run('row')}</w:p></w:tc></w:tr></w:tbl>"
    )
    found = examined(docx(body))
    assert lines(found.taken) == ["keep new end", "come", "joined to this", "a\tb"]
    assert (found.facts.insertions, found.facts.deletions) == (2, 3)
    assert losses(docx(body))["deletion"] == (3, len("oldone") + len("gone") + len("row"))


def test_two_paragraphs_made_one_are_of_the_kind_of_the_second() -> None:
    deleted = "<w:pStyle w:val='Heading1'/><w:rPr><w:del/></w:rPr>"
    body = paragraph("Gazette") + f"<w:p><w:pPr>{deleted}</w:pPr>{run('was a heading ')}</w:p>" + paragraph("text")
    assert kinds(docx(body))[1] == ("was a heading text", "text")


BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>{0}</w:txbxContent>"
    "</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox>"
    "</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


NUMBERED = '<w:numPr><w:numId w:val="3"/></w:numPr>'


def test_what_is_no_text_is_counted() -> None:
    picture = "<w:r><w:drawing><a:graphic><pic:pic/></a:graphic></w:drawing></w:r>"
    body = (
        f"<w:p>{run('Text')}{BOX.format(paragraph('In a box'))}{picture}{picture}<w:r><w:pict><v:rect/></w:pict></w:r>"
        "<w:r><w:sym w:font='Wingdings' w:char='F0FC'/><w:noBreakHyphen/><w:softHyphen/></w:r>"
        "<w:r><w:object><v:shape><v:imagedata/></v:shape>"
        "<o:OLEObject xmlns:o='urn:schemas-microsoft-com:office:office'/></w:object></w:r>"
        "<w:r><w:ruby><w:rt><w:r><w:t>かん</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢</w:t></w:r>"
        f"</w:rubyBase></w:ruby></w:r><m:oMath><m:r><m:t>x</m:t></m:r></m:oMath></w:p>{paragraph('item', NUMBERED)}"
        "<w:altChunk r:id='r9'/>"
    )
    notes = (
        f'<w:footnotes xmlns:w="{W}">'
        '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>no</w:t></w:r></w:p></w:footnote>'
        '<w:footnote w:id="1"><w:p><w:r><w:t>A note</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    header = f'<w:hdr xmlns:w="{W}"><w:p><w:r><w:t>Top</w:t></w:r></w:p></w:hdr>'
    empty = f'<w:ftr xmlns:w="{W}"><w:p/></w:ftr>'
    content = docx(
        body,
        parts={"word/footnotes.xml": notes, "word/header1.xml": header, "word/footer1.xml": empty},
        relations=relation(1, "footnotes", "footnotes.xml") + relation(2, "header", "header1.xml")
        + relation(3, "footer", "/word/footer1.xml"),
    )  # fmt: skip
    assert lines(examined(content).taken) == ["Text-漢x", "item"]
    assert losses(content) == {
        "picture": (2, 0), "drawing": (1, 0), "text box": (1, 6), "footnote": (1, 5), "header": (1, 3),
        "list item": (1, 0), "ruby": (1, 0), "formula": (1, 0), "symbol": (1, 0), "embedded": (2, 0),
    }  # fmt: skip


def test_hidden_text_by_styles() -> None:
    rows = styles(("secret", "Secret", "<w:rPr><w:vanish/></w:rPr>"), ("plain", "Plain", ""))
    body = styled("gone", "secret") + styled("here", "plain")
    shown = '<w:vanish w:val="0"/>'
    body += f"<w:p>{run('shown', shown)}{run('not', '<w:vanish/>')}</w:p>"
    content = docx(body, parts={"word/styles.xml": rows}, relations=relation(1, "styles", "styles.xml"))
    assert lines(examined(content).taken) == ["here", "shown"]
    assert losses(content) == {"hidden": (2, 7)}


MARK = "<w:r><w:lastRenderedPageBreak/></w:r>"


@pytest.mark.parametrize(
    ("body", "pages", "expected"),
    [
        (paragraph("a") + f"<w:p>{MARK}{run('b')}</w:p>" + paragraph("c"), 2, [("a", 1), ("b", 2), ("c", 2)]),
        (f"<w:p>{run('a1')}{MARK}{run('a2')}</w:p>", 2, [("a1", 1), ("a2", 2)]),
        (f"<w:p>{run('a')}{MARK}</w:p>{paragraph('b')}", 2, [("a", 1), ("b", 2)]),
        (paragraph("a") + f"<w:p>{MARK}{run('b')}</w:p>", 3, [("a", 0), ("b", 0)]),
        (paragraph("a") + "<w:p><w:r><w:br w:type='page'/></w:r></w:p>" + paragraph("b"), 2, [("a", 0), ("b", 0)]),
        (paragraph("a"), 1, [("a", 0)]),
        (f"<w:p>{run('a')}{BOX.format(f'<w:p>{MARK}</w:p>')}</w:p>", 3, [("a", 0)]),
        (f"<w:p>{run('a')}<w:del>{MARK}</w:del></w:p>", 2, [("a", 0)]),
    ],
)
def test_pages_are_told_only_where_marks_and_count_agree(
    body: str, pages: int, expected: list[tuple[str, int]]
) -> None:
    found = examined(docx(body, parts={"docProps/app.xml": app(pages)}))
    assert [(piece.text, piece.page) for piece in found.taken.pieces if piece.text] == expected
    assert found.facts.pages == (pages if expected[0][1] else 0)
    assert found.facts.program == "Hand"


def test_tables_within_tables_lay_out_a_page() -> None:
    def table(*cells: str) -> str:
        return f"<w:tbl><w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr></w:tbl>"

    body = table(styled("A", "Heading1") + paragraph("a"), table(paragraph("x"), paragraph("y")) + paragraph("b"))
    content = docx(
        paragraph("Gazette") + body,
        parts={"word/styles.xml": styles(("Heading1", "heading 1", ""))},
        relations=relation(1, "styles", "styles.xml"),
    )
    assert kinds(content) == [("Gazette", "text"), ("A", "heading"), ("a", "text"), ("x\ty", "text"), ("b", "text")]
    assert losses(content) == {"row table": (1, 0), "layout table": (1, 0)}


def test_content_controls_links_and_fields_are_text() -> None:
    body = (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('control')}</w:sdtContent></w:sdt>"
        f"<w:p><w:hyperlink r:id='r5'>{run('link')}</w:hyperlink>"
        f"<w:fldSimple w:instr=' PAGE '>{run(' 7')}</w:fldSimple>"
        f"<w:r><w:instrText> DDEAUTO c:\\x\\cmd.exe </w:instrText></w:r>{run(' end')}</w:p>"
    )
    content = docx(
        body,
        relations=relation(5, "hyperlink", "https://example.org/", external=True)
        + relation(6, "image", "https://example.org/p.png", external=True)
        + relation(7, "attachedTemplate", "file:///C:/t.dotm", external=True),
    )
    found = examined(content)
    assert lines(found.taken) == ["control", "link 7 end"]
    assert found.facts.external == (
        "field field:DDEAUTO c:\\x\\cmd.exe", "picture https://example.org/p.png", "template file:///C:/t.dotm",
    )  # fmt: skip


def test_macros_and_embedded_files_are_named_and_not_unpacked() -> None:
    content = docx(
        paragraph("text"),
        parts={"word/vbaProject.bin": b"macro", "word/embeddings/sheet1.xlsx": b"PK", "word/media/image1.png": b"x"},
        kind="application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    facts = examined(content, "issue.docm").facts
    assert facts.macros == ("word/vbaProject.bin",)
    assert facts.embedded == ("word/embeddings/sheet1.xlsx",)
    assert facts.is_readable


def test_strict_documents_and_utf_16_are_read() -> None:
    strict = document(paragraph("text")).replace(W, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert lines(examined(docx(main=strict)).taken) == ["text"]
    wide = document(paragraph("中文")).replace("UTF-8", "UTF-16").encode("utf-16")
    assert lines(examined(docx(main=wide)).taken) == ["中文"]


DOCTYPE = document(paragraph("&x;")).replace(
    "?>", '?><!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>', 1
)
DEEP = document("<w:sdt><w:sdtContent>" * 30_000 + "x")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (docx(main=DOCTYPE), DocumentTrouble.HOSTILE),
        (docx(main=DOCTYPE.encode("utf-16")), DocumentTrouble.HOSTILE),
        (docx(main=document("").replace("UTF-8", "UTF-7")), DocumentTrouble.HOSTILE),
        (docx(main=DEEP), DocumentTrouble.OVERSIZE),
        (docx(main="<w:document"), DocumentTrouble.DAMAGED),
        (docx(main="<other/>"), DocumentTrouble.DAMAGED),
        (docx(main=f'<w:document xmlns:w="{W}"/>'), DocumentTrouble.DAMAGED),
        (docx(main=b"\xff\x00\x01"), DocumentTrouble.DAMAGED),
        (docx(main=""), DocumentTrouble.DAMAGED),
        (docx(""), DocumentTrouble.NO_TEXT),
        (docx(f"<w:p>{BOX.format(paragraph('only in a box'))}</w:p>"), DocumentTrouble.NO_TEXT),
        (docx(paragraph("x"))[:-40], DocumentTrouble.DAMAGED),
        (docx(paragraph("x" * 5000))[:300], DocumentTrouble.DAMAGED),
        (docx("", parts={"word/document.xml": "<x/>" + " " * 70_000_000}), DocumentTrouble.OVERSIZE),
        (docx(paragraph("x"), parts={"word/media/a.bin": bytes(80_000_000)}), DocumentTrouble.OVERSIZE),
        (docx(paragraph("x"), parts={"../../etc/passwd": "x"}), DocumentTrouble.HOSTILE),
        (docx("<w:p><w:r><w:br/></w:r></w:p>" * 400_000), DocumentTrouble.OVERSIZE),
        (docx(paragraph("x"), parts={"word/s.xml": "<!DOCTYPE x><x/>"}, relations=relation(1, "styles", "s.xml")),
         DocumentTrouble.HOSTILE),
        (zipped({"word/document.xml": document(paragraph("x"))}), DocumentTrouble.DAMAGED),
        (zipped({"_rels/.rels": f'<a><b Type="{OFFICE}/officeDocument" Target="../../x"/></a>', "word/x": ""}),
         DocumentTrouble.DAMAGED),
        (zipped({"_rels/.rels": f'<a><b Type="{OFFICE}/officeDocument" TargetMode="External" Target="http://x/"/></a>',
                 "word/x": ""}), DocumentTrouble.DAMAGED),
    ],
)  # fmt: skip
def test_hostile_and_damaged_documents_are_refused(content: bytes, expected: DocumentTrouble) -> None:
    assert trouble(content) is expected


def test_a_name_that_stands_twice_is_refused() -> None:
    stream = io.BytesIO(docx(paragraph("one")))
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("word/document.xml", document(paragraph("two")))
    assert trouble(stream.getvalue()) is DocumentTrouble.HOSTILE


def test_members_that_are_encrypted_are_told() -> None:
    content = bytearray(docx(paragraph("x")))
    for sign, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = content.index(sign)
        content[at + offset] |= 1
    assert trouble(bytes(content)) is DocumentTrouble.ENCRYPTED


def test_bytes_behind_the_end_are_told() -> None:
    found = examined(docx(paragraph("text")) + b"more")
    assert lines(found.taken) == ["text"]
    assert [problem.trouble for problem in found.facts.problems] == [DocumentTrouble.TRUNCATED]


def test_limits_are_those_given() -> None:
    content = docx(paragraph("x" * 4000))
    for limits in (DocumentLimits(package=100), DocumentLimits(members=2), DocumentLimits(markup=1000),
                   DocumentLimits(tags=5), DocumentLimits(characters=100)):  # fmt: skip
        assert read_document(content, "a.docx", limits).faults, limits


def test_old_and_encrypted_forms_are_told() -> None:
    msoffcrypto = pytest.importorskip("msoffcrypto.format.ooxml")
    stream = io.BytesIO()
    msoffcrypto.OOXMLFile(io.BytesIO(docx(paragraph("x")))).encrypt("secret", stream)
    assert trouble(stream.getvalue()) is DocumentTrouble.ENCRYPTED
    old = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, 0).ljust(64, b"\0")
    locked = struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, 0x0100).ljust(64, b"\0")
    assert trouble(compound({"WordDocument": old})) is DocumentTrouble.NOT_READ
    assert trouble(compound({"WordDocument": locked}), "a.doc") is DocumentTrouble.ENCRYPTED
    assert trouble(zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "a.odt") is DocumentTrouble.NOT_READ
    assert trouble(b"{\\rtf1 x}") is DocumentTrouble.NOT_READ
    assert recognise(compound({"Workbook": b"x"}), "a.xls") is None
    assert recognise(zipped({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "a.xlsx") is None
    assert recognise(zipped({"readme.txt": "x"}), "a.zip") is None


def test_a_stored_mimetype_tells_the_form() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
    assert recognise(stream.getvalue(), "a") is DocumentForm.EPUB


def test_without_the_library_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any, **named: Any) -> Any:
        if name == "docx":
            raise ImportError(name)
        return real(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(CouldNotFindOut, match="python-docx") as caught:
        read_document(docx(paragraph("x")), "a.docx")
    assert "archiver[documents]" in caught.value.remedy


def test_reading_twice_gives_the_same() -> None:
    content = docx(paragraph("a") + styled("B", "Heading1") + paragraph("c"))
    assert examined(content) == examined(content)


WHOLE = docx(
    paragraph("Gazette") + styled("A", "h") + f"<w:p>{run('b')}{BOX.format(paragraph('c'))}</w:p>",
    parts={"word/styles.xml": styles(("h", "heading 1", "")), "docProps/app.xml": app(2)},
    relations=relation(1, "styles", "styles.xml"),
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_changed_bytes_give_text_or_a_fault(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _change in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = examined(bytes(content[: data.draw(st.integers(4, len(content)))]))
    assert bool(lines(found.taken)) != bool(found.taken.faults)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_changed_markup_gives_text_or_a_fault(data: st.DataObject) -> None:
    body = bytearray(document(f"<w:p>{run('b')}{BOX.format(paragraph('c'))}</w:p>{paragraph('a')}").encode())
    rows = bytearray(styles(("h", "heading 1", '<w:basedOn w:val="h"/>')).encode())
    for part in (body, rows):
        for _change in range(data.draw(st.integers(0, 3))):
            part[data.draw(st.integers(0, len(part) - 1))] = data.draw(st.integers(0, 255))
    parts: dict[str, str | bytes] = {"word/styles.xml": bytes(rows)}
    found = examined(docx(main=bytes(body), parts=parts, relations=relation(1, "styles", "styles.xml")))
    assert bool(lines(found.taken)) != bool(found.taken.faults)


def test_kinds_of_pieces_are_of_the_model() -> None:
    assert {piece.kind for piece in examined(WHOLE).taken.pieces} <= set(PieceKind)
