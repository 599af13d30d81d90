"""HTML read into lines: what browsers show, in any encoding, and nothing that harms."""

from __future__ import annotations

import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.documents import examine_document, read_document, recognise
from archiver.model.documents import DocumentForm, DocumentLimits, DocumentTrouble, ReadDocument
from archiver.model.taken import PieceKind, TakenText
from archiver.model.transcript import TextTrouble

CHINESE = "星期六，本市新图书馆正式开放。居民们前来参观旧报纸和书籍。馆长表示，工作将在秋季继续进行。"
WORDS = {
    "de": "Am Samstag wurde in der Stadt eine neue Bücherei eröffnet. Der Bürgermeister sprach über Größe und Maß.",
    "fr": "Samedi, une nouvelle bibliothèque a été inaugurée. Les habitants ont vu les journaux d'été à la fête.",
    "cs": "V sobotu byla ve městě otevřena nová knihovna. Ředitel řekl, že práce bude pokračovat na podzim, příští.",
    "pl": "W sobotę otwarto w mieście nową bibliotekę. Mieszkańcy przyszli obejrzeć stare gazety, książki i źródła.",
    "hu": "Szombaton új könyvtár nyílt a városban. Az igazgató azt mondta, hogy a munka ősszel folytatódik, és bővül.",
    "ru": "В субботу в городе открылась новая библиотека. Жители пришли посмотреть книги и газеты прошлых лет.",
    "el": "Το Σάββατο άνοιξε στην πόλη μια νέα βιβλιοθήκη. Οι κάτοικοι ήρθαν να δουν παλιές εφημερίδες και βιβλία.",
    "he": "ביום שבת נפתחה בעיר ספרייה חדשה. תושבים באו לראות עיתונים ישנים וספרים. המנהל אמר שהעבודה תימשך.",
    "zh-Hans": CHINESE,
    "zh-Hant": "星期六，本市新圖書館正式開放。居民們前來參觀舊報紙和書籍。館長表示，工作將在秋季繼續進行。",
    "ja": "土曜日に市の新しい図書館が開館した。住民たちは古い新聞や本を見に来た。館長は、秋も作業を続けると述べた。",
    "ko": "토요일에 시의 새 도서관이 문을 열었다. 주민들은 옛 신문과 책을 보러 왔다. 관장은 계속하겠다고 말했다.",
}
ENCODINGS = [
    ("de", "cp1252"), ("de", "mac_roman"), ("fr", "cp1252"), ("fr", "cp850"), ("cs", "cp1250"), ("cs", "iso8859_2"),
    ("pl", "cp1250"), ("pl", "iso8859_2"), ("hu", "cp852"), ("ru", "koi8_r"), ("ru", "cp1251"), ("ru", "cp866"),
    ("ru", "iso8859_5"), ("el", "cp1253"), ("he", "cp1255"), ("zh-Hans", "gb18030"), ("zh-Hant", "big5"),
    ("ja", "cp932"), ("ja", "euc_jp"), ("ja", "iso2022_jp"), ("ko", "cp949"), ("zh-Hans", "utf-16"),
    ("zh-Hans", "utf-16-be"), ("zh-Hans", "utf-16-le"), ("zh-Hans", "utf-8-sig"), ("zh-Hans", "utf-32"),
]  # fmt: skip


def html(body: str, head: str = "<title>t</title>") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def examined(content: bytes, name: str = "issue.html") -> ReadDocument:
    return examine_document(content, name)


def lines(taken: TakenText) -> list[str]:
    return [piece.text for piece in taken.pieces if piece.text]


def read(body: str) -> list[str]:
    return lines(examined(html(body)).taken)


def kinds(body: str) -> list[tuple[str, str]]:
    return [(piece.text, piece.kind.value) for piece in examined(html(body)).taken.pieces if piece.text]


def troubles(content: bytes, name: str = "issue.html") -> dict[DocumentTrouble, str]:
    return {problem.trouble: problem.detail for problem in examined(content, name).facts.problems}


def test_paragraphs_breaks_and_white_space() -> None:
    taken = examined(html("<p>One\n two\t three<br>four<p>five<div>six<b> se</b>ven</div>eight")).taken
    assert [piece.text for piece in taken.pieces] == ["One two three", "four", "", "five", "", "six seven", "", "eight"]
    assert taken.basis == "HTML, utf-8 (it is ASCII alone)"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>第一行\n  第二行</p>", ["第一行第二行"]),
        ("<p>第一行 second</p>", ["第一行 second"]),
        ("<p>a&nbsp;&nbsp;b&shy;c&#8203;d", ["a bcd"]),
        ("<p>&lt;b&gt; &amp;amp; &hellip; &#150; &#x93;x&#x94; &#20013;", ["<b> &amp; … – “x” 中"]),
        ("<p>a<br><br><br><br>b", ["a", "b"]),
        ("<pre>a\n  b\n\n\tc</pre>", ["a", "  b", "        c"]),
        ("<ul><li>one<li>two<ol><li>three</ol></ul>", ["one", "two", "three"]),
        ("<dl><dt>term<dd>meaning</dl>", ["term", "meaning"]),
        ("<p>漢<ruby>字<rp>(</rp><rt>じ</rt><rp>)</rp></ruby>", ["漢字"]),
        ("<p>keep <del>lose</del><ins>new</ins><s>struck</s>", ["keep newstruck"]),
        ("<p>a\x0cb\x07c", ["a bc"]),
        ("<custom-tag>kept</custom-tag>", ["kept"]),
        ("<p>before<!-- not this -->after", ["beforeafter"]),
    ],
)
def test_what_is_shown(body: str, expected: list[str]) -> None:
    assert read(body) == expected


def test_what_is_left_out_is_told() -> None:
    body = (
        "<script>alert(1)</script><style>p{}</style><!-- c --><p>Text<img src=a.png><img src='http://x.example/b.png'>"
        "<p hidden>secret</p><p style='display: none'>two</p><svg><text>drawn</text></svg><video src=v.mp4>film</video>"
        "<noscript>no script</noscript><form><select><option>pick</select><input></form><q>said</q>"
        "<template>later</template><iframe src='//y.example/z'></iframe><ol><li>item</ol><math><mi>x</mi></math>"
        "<figure><figcaption>Caption</figcaption></figure>"
    )
    found = examined(html(body))
    assert lines(found.taken) == ["Text", "said", "item", "x", "Caption"]
    assert {loss.kind: (loss.count, loss.characters) for loss in found.facts.losses} == {
        "picture": (2, 0), "drawing": (1, 0), "film": (1, 0), "hidden": (2, 9), "list item": (1, 0), "formula": (1, 0),
        "quotation": (1, 0), "form": (2, 0), "frame": (1, 0), "style sheet": (1, 0), "script": (1, 0), "note": (1, 0),
        "noscript": (1, 8), "template": (1, 0),
    }  # fmt: skip
    assert found.facts.external == ("page //y.example/z", "picture http://x.example/b.png")
    assert found.facts.beside == ("a.png", "v.mp4")
    assert "2 hidden passages (9 characters)" in found.taken.losses


def test_what_the_head_says() -> None:
    head = (
        "<meta name=author content='A. Writer'><meta name=generator content='Editor 1'><title> No. 12 &amp; 13</title>"
        "<link rel=stylesheet href=https://x.example/s.css><link rel=canonical href=https://x.example/>"
        "<meta http-equiv=refresh content='0; url=https://x.example/next'>"
    )
    facts = examined(html("<p>x", head).replace(b"<html>", b"<html lang=de>")).facts
    assert (facts.title, facts.author, facts.program, facts.language) == ("No. 12 & 13", "A. Writer", "Editor 1", "de")
    assert facts.external == ("page https://x.example/next", "style sheet https://x.example/s.css")


def test_headings_below_the_title_begin_articles() -> None:
    assert kinds("<h1>Gazette</h1><p>No. 1<h2>First</h2><p>a<h3>Sub</h3><p>b<h2>Second<br>line</h2><p>c") == [
        ("Gazette", "masthead"), ("No. 1", "text"), ("First", "heading"), ("a", "text"), ("Sub", "subheading"),
        ("b", "text"), ("Second line", "heading"), ("c", "text"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "headings", "subheadings"),
    [
        ("<p>Gazette<p>No. 1<h1>A</h1><p>a<h1>B</h1><p>b<h2>C</h2><p>c", ["A", "B"], ["C"]),
        ("<h1>Gazette</h1><p>No. 1<h1>A</h1><p>a<h1>B</h1><p>b", ["A", "B"], []),
        ("<p>menu<h1>Gazette</h1><p>No. 1<h2>A</h2><p>a<h4>B</h4><p>b", ["A"], ["B"]),
        ("<h3>A</h3><p>a<h4>B</h4><p>b<h3>C</h3><p>c", ["A", "C"], ["B"]),
        ("<h1>G</h1><h2>C</h2><h3>A</h3><p>a<h2>W</h2><h3>B</h3><p>b<h4>S</h4><p>s", ["C", "A", "W", "B"], ["S"]),
        ("<header><h1>G</h1></header><article><h1>A</h1><p>a</article><article><h1>B</h1><p>b", ["A", "B"], []),
        ("<h1>Only</h1><p>text", [], []),
        ("<p>text", [], []),
    ],
)  # fmt: skip
def test_the_use_of_ranks_counts(body: str, headings: list[str], subheadings: list[str]) -> None:
    found = kinds(body)
    assert [text for text, kind in found if kind == "heading"] == headings
    assert [text for text, kind in found if kind == "subheading"] == subheadings


def test_tables_of_words_are_read_row_by_row() -> None:
    found = examined(html("<table><caption>List</caption><tr><th>Eggs<th>2<br>each<tr><td><td>3<tr><td>Salt</table>"))
    assert [(piece.text, piece.kind) for piece in found.taken.pieces if piece.text] == [
        ("List", PieceKind.CAPTION), ("Eggs\t2 each", PieceKind.TEXT), ("3", PieceKind.TEXT),
        ("Salt", PieceKind.TEXT),
    ]  # fmt: skip
    assert found.taken.losses == ("1 table read row by row",)


def test_tables_that_lay_out_a_page_are_read_cell_by_cell() -> None:
    inner = "<table><tr><td>x<td>y</table>"
    body = f"<table><tr><td><h2>A</h2><p>a1<p>a2<td><h2>B</h2><p>b1{inner}<tr><td>foot</table>after"
    assert kinds(body) == [
        ("A", "heading"), ("a1", "text"), ("a2", "text"), ("B", "heading"), ("b1", "text"), ("x\ty", "text"),
        ("foot", "text"), ("after", "text"),
    ]  # fmt: skip


@pytest.mark.parametrize(("language", "encoding"), ENCODINGS)
def test_encodings_are_told_by_content(language: str, encoding: str) -> None:
    text = WORDS[language]
    found = examined(f"<html><body><p>{text}</p></body></html>".encode(encoding))
    assert lines(found.taken) == [text]
    assert found.facts.problems == ()


@pytest.mark.parametrize(
    ("declared", "encoding", "language"),
    [
        ("gb2312", "gb18030", "zh-Hans"), ("GBK", "gb18030", "zh-Hans"), ("big5", "big5", "zh-Hant"),
        ("x-sjis", "cp932", "ja"), ("EUC-JP", "euc_jp", "ja"), ("ks_c_5601-1987", "cp949", "ko"),
        ("windows-1251", "cp1251", "ru"), ("KOI8-R", "koi8_r", "ru"), ("iso-8859-1", "cp1252", "de"),
        ("ISO-8859-2", "iso8859_2", "pl"), ("utf-8", "utf-8", "zh-Hans"), ("hz-gb-2312", "hz", "zh-Hans"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "form", ['<meta charset="{}">', "<META http-equiv=Content-Type content='text/html; charset={}'>"]
)
def test_what_is_declared_is_believed(declared: str, encoding: str, language: str, form: str) -> None:
    head = form.format(declared)
    found = examined(f"<html><head>{head}</head><body><p>{WORDS[language]}</p></body></html>".encode(encoding))
    assert lines(found.taken) == [WORDS[language]]
    assert (found.facts.declared, found.facts.encoding_basis) == (declared, "declared")
    assert found.facts.problems == ()


@pytest.mark.parametrize(
    ("declared", "encoding", "language"),
    [
        ("gb2312", "utf-8", "zh-Hans"), ("iso-8859-1", "utf-8", "de"), ("utf-8", "gb18030", "zh-Hans"),
        ("iso-8859-1", "gb18030", "zh-Hans"), ("windows-1252", "koi8_r", "ru"), ("us-ascii", "cp932", "ja"),
        ("utf-8", "cp1252", "de"), ("no-such-code", "utf-8", "zh-Hans"), ("base64", "big5", "zh-Hant"),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_found_and_not_believed(declared: str, encoding: str, language: str) -> None:
    text = WORDS[language] * (3 if language == "de" else 1)
    content = f"<html><head><meta charset={declared}></head><body><p>{text}</p></body></html>".encode(encoding)
    assert lines(examined(content).taken) == [text]
    detail = troubles(content)[DocumentTrouble.ENCODING]
    assert detail.startswith(f"it declares {declared}, ")


def test_the_encoding_of_an_xml_declaration_counts() -> None:
    text = f'<?xml version="1.0" encoding="gb2312"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>{CHINESE}</p></body></html>'
    assert lines(examined(text.encode("gb18030"), "a.xhtml").taken) == [CHINESE]


def test_characters_lost_before_are_counted() -> None:
    found = troubles(html("<p>a\ufffdb&#xFFFD;c\x01"))
    assert found[DocumentTrouble.LOST_CHARACTERS].startswith("2 characters")
    assert found[DocumentTrouble.CONTROL].startswith("1 control")


@pytest.mark.parametrize(
    ("end", "words"),
    [("<p>x<!-- open", "within a comment"), ("<p>x<img src='a", "within a tag"), ("<script>var a;", "within a script"),
     ("<p>x", "the end of <body>")],
)  # fmt: skip
def test_a_cut_document_is_found(end: str, words: str) -> None:
    content = ("<html><body><p>first</p>" + end).encode()
    assert words in troubles(content)[DocumentTrouble.TRUNCATED]
    assert lines(read_document(content, "a.html"))[0] == "first"


@pytest.mark.parametrize(
    "content",
    [b"<html></html>", b"<html><body><!-- x --></body>", b"<!DOCTYPE html>", b"<html><body><img src=a></body></html>",
     b"<html><frameset><frame src=a.htm></frameset></html>"],
)  # fmt: skip
def test_a_document_without_text_says_so(content: bytes) -> None:
    taken = read_document(content, "a.html")
    assert taken.pieces == ()
    assert taken.faults[0].trouble is TextTrouble.EMPTY


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body>" + b"<div>" * 60_000 + b"x",
        b"<html><body>" + b"<table><tr><td>" * 60_000 + b"x",
        b"<html><body>" + b"<p>x" * 300_000,
        b"<html>" + b"<" * 3_000_000,
    ],
    ids=["divs", "tables", "lines", "tags"],
)  # fmt: skip
def test_what_is_beyond_limits_is_refused(content: bytes) -> None:
    taken = read_document(content, "a.html")
    assert taken.pieces == ()
    assert [fault.trouble for fault in taken.faults] == [TextTrouble.TOO_LARGE]


def test_two_thousand_levels_are_read() -> None:
    assert lines(read_document(b"<html><body>" + b"<div>" * 2000 + b"x", "a.html")) == ["x"]


def test_limits_are_those_given() -> None:
    content = html("<p>" + "x" * 5000)
    assert read_document(content, "a.html", DocumentLimits(size=100)).faults
    assert read_document(content, "a.html", DocumentLimits(characters=4000)).faults
    assert read_document(content, "a.html").faults == ()


def test_time_grows_with_size_alone() -> None:
    """Unclosed comments, tags and attributes, each a trap for parsers that search to the end again and again."""

    def seconds(piece: bytes, times: int) -> float:
        begin = time.process_time()
        read_document(b"<html><body>" + piece * times, "a.html")
        return time.process_time() - begin

    for piece in (b"<!--", b"<a b='", b"<![CDATA[", b"<b><i>", b"&", b"<script>", b"<p hidden>"):
        assert seconds(piece, 80_000) < 40 * max(seconds(piece, 8_000), 0.02)


def test_entities_are_neither_declared_nor_loaded() -> None:
    content = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "lol">]><html><body><p>&x;&y;z'
    found = lines(read_document(content, "a.html"))
    assert found[-1].endswith("z")
    assert "root:" not in "".join(found)


class _Plain(HTMLParser):
    """The words of a document as another parser has them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words = ""

    def handle_data(self, data: str) -> None:
        self.words += data


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["p", "div", "h2", "li", "b", "span", "td", "pre", "blockquote"]),
            st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Cn", "Co")), max_size=20),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_no_word_is_lost_or_made(parts: list[tuple[str, str]]) -> None:
    """The same characters as the parser of the standard library has, white space not counted."""
    body = "".join(f"<{tag}>{text.replace('&', '&amp;').replace('<', '&lt;')}</{tag}>" for tag, text in parts)
    plain = _Plain()
    plain.feed(body)
    assert "".join("".join(read(body)).split()) == "".join(plain.words.replace("\ufffd", "\ufffd").split())


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from([b"<html>", b"<!DOCTYPE html><body>", b"<html><meta charset=gb2312>", b""])
)
def test_any_bytes_give_text_or_a_fault(content: bytes, begin: bytes) -> None:
    found = examined(begin + content, "a.html")
    assert bool(lines(found.taken)) != bool(found.taken.faults)
    assert all(piece.text.isprintable() or "\t" in piece.text for piece in found.taken.pieces if piece.text.isascii())


@pytest.mark.parametrize(
    ("head", "name", "form"),
    [
        (b"<!doctype HTML>", "a", DocumentForm.HTML),
        (b"\xef\xbb\xbf  <!-- x --><html lang=zh>", "a.txt", DocumentForm.HTML),
        ("<html>".encode("utf-16"), "a", DocumentForm.HTML),
        ("<html>".encode("utf-16-be"), "a", DocumentForm.HTML),
        (b"<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'>", "a.xml", DocumentForm.HTML),
        (b"<p>text", "a.html", DocumentForm.HTML),
        (b"<p align=center>text", "README.md", None),
        (b"# Title\n<html>", "a.md", None),
        (b"<htmlish>", "a", None),
        (b"<mets:mets xmlns:mets='http://www.loc.gov/METS/'>", "a.xml", None),
        (b"plain", "a.html", None),
        (b"", "a.html", None),
        (b"{\\rtf1\\ansi", "a.doc", DocumentForm.RTF),
        (b"\xffWPC\x00", "a.wpd", DocumentForm.WORDPERFECT),
        (b"<?xml version='1.0'?><?mso-application progid='Word.Document'?><x>", "a.xml", DocumentForm.WORD_XML),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n", "a.mht", DocumentForm.MHTML),
        (b"%PDF-1.4", "a.html", None),
    ],
)  # fmt: skip
def test_forms_are_told_by_content(head: bytes, name: str, form: DocumentForm | None) -> None:
    assert recognise(head, name) is form
