"""What paragraphs of a DOCX are by their styles: titles, headings, captions, bylines, hidden text.

Word stores its own styles under English names; other programs, and older Chinese, German, French or Japanese versions,
store the names that people see. Both are known; a style of the user's own is what it is based on, or its outline level.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from archiver.documents.flow import SUBTITLE, TEXT, Label
from archiver.model.taken import PieceKind

if TYPE_CHECKING:
    from archiver.metadata.xml import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADINGS = (
    "heading|标题|標題|überschrift|titre|título|titulo|titolo|見出し|제목|заголовок|kop|rubrik|overskrift|nagłówek|nadpis|"
    "otsikko|başlık|címsor|titlu|títol|naslov|επικεφαλίδα|antraštė|virsraksts|tiêu đề|judul|intestazione"
)
_HEADING = re.compile(rf"(?:{_HEADINGS})\s*([1-9])")
_TITLES = frozenset(
    ("title", "标题", "標題", "titel", "titre", "título", "titolo", "表題", "제목", "название", "tytuł", "název",
     "názov", "otsikko", "konu başlığı", "cím", "titlu", "tittel", "títol", "naslov", "τίτλος")
)  # fmt: skip
_SUBTITLES = frozenset(
    ("subtitle", "副标题", "副標題", "untertitel", "sous-titre", "subtítulo", "sottotitolo", "副題", "부제",
     "подзаголовок", "podtytuł", "podtitul", "alaotsikko", "alt yazı", "alcím", "subtitlu",
     "ondertitel", "underrubrik", "undertittel")
)  # fmt: skip
_CAPTIONS = frozenset(
    ("caption", "题注", "題注", "標號", "beschriftung", "légende", "図表番号", "キャプション", "캡션", "didascalia",
     "epígrafe", "descripción", "leyenda", "legenda", "bijschrift", "bildtext", "beskrivning", "название объекта",
     "titulek", "popisek", "képaláírás", "figure caption", "table caption")
)  # fmt: skip
_BYLINES = frozenset(
    ("byline", "author", "authors", "作者", "署名", "记者", "記者", "autor", "autorenzeile", "verfasser", "auteur",
     "autore", "автор")
)  # fmt: skip
_CAPTION, _BYLINE, _TITLE = Label(PieceKind.CAPTION), Label(PieceKind.BYLINE), Label(PieceKind.HEADING, 0)
_DEEPEST = 50  # styles that are based on one another
_OFF = {"0", "false", "off", "none"}


def is_on(element: Element | None) -> bool:
    """Whether a property such as <w:vanish/> is there and not switched off."""
    return element is not None and element.get(f"{W}val", "1").lower() not in _OFF


def label_of_name(name: str) -> Label | None:
    """What the name of a style says; None when it says nothing."""
    folded = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    if heading := _HEADING.fullmatch(folded):
        return Label(PieceKind.HEADING, int(heading[1]))
    for names, label in ((_TITLES, _TITLE), (_SUBTITLES, SUBTITLE), (_CAPTIONS, _CAPTION), (_BYLINES, _BYLINE)):
        if folded in names:
            return label
    return None


def outline_label(properties: Element | None) -> Label | None:
    """What the outline level of some properties says: 0 to 8 are headings, 9 is text; None when there is none."""
    level = properties.find(f"{W}outlineLvl") if properties is not None else None
    value = level.get(f"{W}val", "") if level is not None else ""
    if not re.fullmatch(r"[0-9]", value):
        return None
    return Label(PieceKind.HEADING, int(value) + 1) if int(value) < 9 else TEXT


class Styles:
    """The styles of a document by their identifiers."""

    def __init__(self, document: Any) -> None:
        """`document` is one of python-docx."""
        self._labels: dict[str, Label] = {}
        self._hidden: set[str] = set()
        self._numbered: set[str] = set()
        self._default = ""
        elements: dict[str, Element] = {}
        for style in document.styles.element.iterfind(f"{W}style"):
            elements.setdefault(style.get(f"{W}styleId", ""), style)
        for identifier, style in elements.items():
            chain = _chain(identifier, elements)
            self._labels[identifier] = next((label for each in chain if (label := _label(each)) is not None), TEXT)
            if _first(chain, f"{W}rPr/{W}vanish"):
                self._hidden.add(identifier)
            if any(each.find(f"{W}pPr/{W}numPr/{W}numId") is not None for each in chain):
                self._numbered.add(identifier)
            if style.get(f"{W}default", "0").lower() not in _OFF and style.get(f"{W}type") == "paragraph":
                self._default = identifier

    def label(self, properties: Element | None) -> Label:
        """What a paragraph with such properties is."""
        direct = outline_label(properties)
        named = self._labels.get(self._identifier(properties, "pStyle"), TEXT)
        # A title stays one whatever its place in the outline; so do captions.
        return named if direct is None or (named != TEXT and direct == TEXT) or named == _TITLE else direct

    def is_numbered(self, properties: Element | None) -> bool:
        """Whether a paragraph has a number or mark that is not in its text."""
        own = properties.find(f"{W}numPr/{W}numId") if properties is not None else None
        if own is not None:
            return bool(own.get(f"{W}val", "0") != "0")
        return self._identifier(properties, "pStyle") in self._numbered

    def is_hidden(self, properties: Element | None, paragraph: Element | None) -> bool:
        """Whether a run with such properties is hidden, by itself or by the style of its own or of its paragraph."""
        own = properties.find(f"{W}vanish") if properties is not None else None
        if own is not None:
            return is_on(own)
        style = properties.find(f"{W}rStyle") if properties is not None else None
        if style is not None and style.get(f"{W}val", "") in self._hidden:
            return True
        return bool(self._hidden) and self._identifier(paragraph, "pStyle") in self._hidden

    def _identifier(self, properties: Element | None, kind: str) -> str:
        style = properties.find(f"{W}{kind}") if properties is not None else None
        return str(style.get(f"{W}val", "")) if style is not None else self._default


def _chain(identifier: str, elements: dict[str, Element]) -> list[Element]:
    """A style and those it is based on, nearest first; a ring ends where it closes."""
    found: list[Element] = []
    seen: set[str] = set()
    while identifier in elements and identifier not in seen and len(found) < _DEEPEST:
        seen.add(identifier)
        found.append(elements[identifier])
        base = elements[identifier].find(f"{W}basedOn")
        identifier = base.get(f"{W}val", "") if base is not None else ""
    return found


def _label(style: Element) -> Label | None:
    """What a paragraph style says by its name, else by its outline level."""
    if style.get(f"{W}type", "paragraph") != "paragraph":
        return None
    name = style.find(f"{W}name")
    named = label_of_name(name.get(f"{W}val", "")) if name is not None else None
    return named if named is not None else outline_label(style.find(f"{W}pPr"))


def _first(chain: list[Element], path: str) -> bool:
    """Whether the nearest style of a chain that has a property switches it on."""
    return next((is_on(found) for each in chain if (found := each.find(path)) is not None), False)
