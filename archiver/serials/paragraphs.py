"""Paragraphs of an article, and how each ties to the one before: column breaks, gaps, repeats, continuations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archiver.model.serial import Oddity, OddityKind, Paragraph, ParagraphKind, Span
from archiver.serials.numerals import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.model.profile import ArticleForms
    from archiver.model.transcript import Line

GAP_LINES = 3  # blank lines inside a body that mean text was lost
CONTAINMENT = 0.95  # share of 12-grams found in the paragraph before; genuine articles share up to 0.22
GRAM = 12
SHORTEST_REPEAT = 24  # characters
LONGEST_CROSSHEAD = 20  # characters of a subheading without punctuation; Latin script needs twice as many


@dataclass(slots=True)
class Block:
    """The lines of one paragraph, the page they stand on, and the longest run of blank lines before them."""

    lines: list[Line]
    page: int
    blank_before: tuple[int, ...] = ()  # numbers of lines
    kind: ParagraphKind = ParagraphKind.TEXT
    marks: int = 0  # first lines that only stand for a picture
    begin: int = 0  # characters of the first line that are no words of the paragraph: "(continued from page 1)"
    resumes: tuple[int, int] | None = None  # lines: of those words, and of those that sent the reader here

    @property
    def is_mark(self) -> bool:
        """Whether it is nothing but a mark that stands for a picture."""
        return len(self.lines) == self.marks


def read_paragraphs(
    blocks: Sequence[Block], forms: ArticleForms, *, running: bool = True
) -> tuple[tuple[Paragraph, ...], tuple[Oddity, ...]]:
    """The paragraphs of a body in order, and every oddity in order of lines.

    What is not `running` text, an advertisement, has nothing that could break off, stand twice or go on elsewhere.
    """
    paragraphs: list[Paragraph] = []
    oddities: list[Oddity] = []
    before: Paragraph | None = None  # the last one of the text that is no repeat
    for block in blocks:
        paragraph = _paragraph(block, forms)
        if not running or paragraph.kind is ParagraphKind.ILLUSTRATION:  # the text goes on around a picture
            paragraphs.append(paragraph)
            continue
        if paragraph.kind is ParagraphKind.SUBHEAD:
            oddities.extend(_lost_end(before, forms))
            before = None
            paragraphs.append(paragraph)
            continue
        if block.resumes is not None:
            paragraph = _resumed(before, paragraph, block.resumes, oddities, forms)
        elif before is not None:
            paragraph, odd = _tied(before, paragraph, block.blank_before, forms)
            oddities.extend(odd)
        if not paragraph.repeats_previous:
            oddities.extend(_continuation(paragraph, forms))
            before = paragraph
        paragraphs.append(paragraph)
    oddities.extend(_lost_end(before, forms))
    return tuple(paragraphs), tuple(sorted(oddities, key=lambda odd: (odd.lines, odd.kind.value)))


def _resumed(
    before: Paragraph | None, paragraph: Paragraph, lines: tuple[int, int], oddities: list[Oddity], forms: ArticleForms
) -> Paragraph:
    """The first paragraph of a part on another page; what sent the reader there is told where it is taken up."""
    taken_up, pointing = lines
    for position, odd in enumerate(oddities):
        if odd.kind is OddityKind.CONTINUATION and odd.lines == (pointing,):
            oddities[position] = replace(odd, resumed=taken_up)
    if before is None or before.span.last_line != pointing:
        return paragraph
    pointer = _pointer(before.text, forms)
    words = before.text[: before.text.rfind(pointer[0])] if pointer is not None else before.text
    ended = is_terminated(words, forms) or not words.strip()
    return paragraph if ended else replace(paragraph, joins_previous=True)


def is_terminated(text: str, forms: ArticleForms) -> bool:
    """Whether a paragraph ends a sentence, closing quotes and brackets after it not counted."""
    return text.rstrip().rstrip(forms.closers).rstrip()[-1:] in tuple(forms.terminators)


def containment(part: str, whole: str) -> float:
    """The share of the 12-grams of `part` that stand in `whole`, white space not counted: 1.0 when wholly contained."""
    part, whole = "".join(part.split()), "".join(whole.split())
    if len(part) < GRAM or part in whole:
        return 1.0 if part and part in whole else 0.0
    known = {whole[index : index + GRAM] for index in range(len(whole) - GRAM + 1)}
    grams = [part[index : index + GRAM] for index in range(len(part) - GRAM + 1)]
    return sum(gram in known for gram in grams) / len(grams)


def _paragraph(block: Block, forms: ArticleForms) -> Paragraph:
    first, last = block.lines[0], block.lines[-1]
    texts = [line.text[block.begin if line is first else 0 :].strip() for line in block.lines]
    words, makers = _without_marks(block, texts, forms)
    span = Span(first.number, last.number, first.begin, last.end)
    return Paragraph(forms.line_join.join(texts), span, block.page, kind=block.kind, words=words, credits=makers)


def _without_marks(block: Block, texts: Sequence[str], forms: ArticleForms) -> tuple[str, tuple[str, ...]]:
    """The words of a subhead or of an illustration without what marks them, and who made an illustration."""
    if block.kind is ParagraphKind.TEXT:
        return "", ()
    is_subhead, marked = block.kind is ParagraphKind.SUBHEAD, block.is_mark
    form = forms.subhead if is_subhead else forms.illustration if marked else forms.caption
    group = "subhead" if is_subhead else "caption"
    head, rest = texts[0 if marked else block.marks], texts[block.marks + 1 :]
    whole = forms.line_join.join((head, *rest))
    match = form.fullmatch(whole) if form is not None else None
    after = "" if match else forms.line_join.join(("", *rest))
    match = match or (form.fullmatch(head) if form is not None else None)
    if match is None:
        return whole, ()
    found = match.groupdict()
    words = (found.get(group) or "").strip() or ("" if marked else match.group())
    names = forms.name_separator.split(found.get("credit") or "")
    return words + after, tuple(name.strip() for name in names if name and name.strip())


def _tied(
    before: Paragraph, paragraph: Paragraph, blank: tuple[int, ...], forms: ArticleForms
) -> tuple[Paragraph, list[Oddity]]:
    """The paragraph with its tie to the one before, and what is odd there."""
    stop, go = before.span.last_line, paragraph.span.first_line
    text, span, page = paragraph.text, paragraph.span, paragraph.page
    if len("".join(text.split())) >= SHORTEST_REPEAT and containment(text, before.text) >= CONTAINMENT:
        odd = Oddity(OddityKind.REPEAT, (go,), text[:GRAM], length=len(text))
        return Paragraph(text, span, page, repeats_previous=True), [odd]
    if len(blank) >= GAP_LINES and page == before.page:
        odd = Oddity(OddityKind.GAP, (stop, *blank), before.text[-GRAM:])
        return Paragraph(text, span, page, gap_before=True), [odd]
    if _stops_short(before, forms) and not _is_list_item(paragraph, forms):
        odd = Oddity(OddityKind.COLUMN_BREAK, (stop, go), f"{before.text[-6:]}|{text[:6]}")
        return Paragraph(text, span, page, joins_previous=True), [odd]
    return paragraph, []


def _stops_short(paragraph: Paragraph, forms: ArticleForms) -> bool:
    """Whether a paragraph breaks off: no terminator, no pointer to another page, no list item or subheading."""
    if _pointer(paragraph.text, forms) is not None or _is_list_item(paragraph, forms):
        return False
    return not is_terminated(paragraph.text, forms) and not _is_crosshead(paragraph)


def _is_list_item(paragraph: Paragraph, forms: ArticleForms) -> bool:
    text = paragraph.text
    return forms.index_entry is not None and len(text) < 400 and forms.index_entry.fullmatch(text) is not None


def _is_crosshead(paragraph: Paragraph) -> bool:
    """Whether a paragraph is a subheading: short, on its own, and without any sentence punctuation."""
    text = paragraph.text.strip()
    longest = LONGEST_CROSSHEAD * (2 if text.isascii() else 1)
    return text.startswith("#") or (
        len(text) <= longest and not paragraph.joins_previous and not any(sign in ",;,;。" for sign in text)
    )


def _pointer(text: str, forms: ArticleForms) -> tuple[str, int | None] | None:
    """The words that end a paragraph by pointing to another page, and that page."""
    if forms.continuation is None:
        return None
    tail = text.rstrip()[-60:]
    found = [match for match in forms.continuation.finditer(tail) if not tail[match.end() :].strip(forms.closers + " ")]
    return (found[-1].group(0), number(found[-1].group("page"))) if found else None


def _continuation(paragraph: Paragraph, forms: ArticleForms) -> list[Oddity]:
    pointer = _pointer(paragraph.text, forms)
    if pointer is None:
        return []
    return [Oddity(OddityKind.CONTINUATION, (paragraph.span.last_line,), pointer[0], pointer[1])]


def _lost_end(last: Paragraph | None, forms: ArticleForms) -> list[Oddity]:
    """An article whose last paragraph breaks off, and that points nowhere, has lost its end."""
    if last is None or not _stops_short(last, forms):
        return []
    return [Oddity(OddityKind.GAP, (last.span.last_line,), last.text[-GRAM:])]
