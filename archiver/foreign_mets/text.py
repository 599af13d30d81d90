"""The text of an issue in the order of its METS: article by article, then what no article has, page by page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.layout.notes import touches_cjk
from archiver.model.foreign_mets import ArticleKind
from archiver.model.layout import BlockKind
from archiver.model.taken import Piece, PieceKind, TakenText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archiver.model.foreign_mets import ForeignArticle, ForeignIssue, ForeignPart
    from archiver.model.layout import LayoutBlock, LayoutDocument

MOST_VISITED = 5_000_000  # blocks, counted again for every part that names them
_HEADINGS = {"heading", "headline", "header-article", "title-article"}


@dataclass(frozen=True, slots=True)
class _Found:
    """A block with its lines, or one line of it, and what it is called: file, page of the file, order."""

    key: tuple[str, int, int, str]
    block: LayoutBlock
    texts: tuple[str, ...]


class BlocksByName:
    """The blocks of one layout document by the identifiers of pages, blocks and lines."""

    def __init__(self, name: str, document: LayoutDocument) -> None:
        self.ordered: list[_Found] = []
        self._spans: dict[str, tuple[int, ...]] = {}
        self._lines: dict[str, _Found] = {}
        for page in document.pages:
            self._add(name, page.position, page.identifier, page.blocks)

    def _add(self, name: str, position: int, identifier: str, blocks: tuple[LayoutBlock, ...]) -> None:
        first = len(self.ordered)
        order = sorted(range(len(blocks)), key=lambda index: blocks[index].order)
        places = {index: first + place for place, index in enumerate(order)}
        within: dict[int, list[int]] = {index: [] for index in range(len(blocks))}
        for index, block in enumerate(blocks):
            outer, seen = index, 0
            while True:
                within[outer].append(places[index])
                parent = blocks[outer].parent
                seen += 1
                if parent is None or not 0 <= parent < len(blocks) or seen > 256:
                    break
                outer = parent
            for line in block.lines:
                if line.identifier:
                    key = (name, position, block.order, line.identifier)
                    self._lines.setdefault(line.identifier, _Found(key, block, (_printed(line.text),)))
        for index in order:
            block = blocks[index]
            texts = tuple(_printed(line.text) for line in block.lines)
            self.ordered.append(_Found((name, position, block.order, ""), block, texts))
            if block.identifier:
                self._spans.setdefault(block.identifier, tuple(sorted(set(within[index]))))
        if identifier:
            self._spans.setdefault(identifier, tuple(range(first, len(self.ordered))))

    def has(self, name: str) -> bool:
        """Whether a page, block or line of this name is there."""
        return name in self._spans or name in self._lines

    def run(self, first: str, last: str) -> list[_Found]:
        """The blocks from one name to another in reading order, all that are in them included; all for ""."""
        if not first:
            return list(self.ordered)
        if first in self._lines and first not in self._spans:
            return [self._lines[first]]
        begin = self._spans.get(first, ())
        end = self._spans.get(last, ()) if last != first else ()
        if begin and end and min(begin) <= max(end):
            return self.ordered[min(begin) : max(end) + 1]
        return [self.ordered[place] for place in begin]


def taken_text(issue: ForeignIssue, layouts: Mapping[str, LayoutDocument]) -> TakenText:
    """The text of an issue from its layout documents, given by their paths in the deposit.

    Headings of an article are one line; its other lines follow as printed. Of blocks that two articles name, the first
    has them. Blocks that no article names follow page by page.
    """
    return _Composer(issue, layouts).text()


class _Composer:
    """Text in the making: the pieces, the blocks that are used up, and what is lost."""

    def __init__(self, issue: ForeignIssue, layouts: Mapping[str, LayoutDocument]) -> None:
        self._issue = issue
        named = dict.fromkeys([*(page.layout for page in issue.pages), *_part_files(issue)])
        self._blocks = {name: BlocksByName(name, layouts[name]) for name in named if name in layouts}
        self._forms = {layouts[name].form for name in self._blocks}
        self._used: set[tuple[str, int, int, str]] = set()
        self._pieces: list[Piece] = []
        self._lost: Counter[str] = Counter()
        self._is_ordered = any(article.parts for article in issue.articles)
        self._taken: set[tuple[str, str, str]] = set()
        self._visited = 0

    def text(self) -> TakenText:
        """All pieces, basis and losses."""
        for article in self._issue.articles:
            self._article(article)
        left = 0
        for page in self._issue.pages:
            if page.layout in self._blocks:
                left += sum([self._block(found, _kind(found.block), page.number) for found in self._left(page.layout)])
        if left and self._is_ordered:
            self._lost["block| that no article has, at the end"] = left
        return TakenText(tuple(self._pieces), self._basis(), tuple(_counted(n, what) for what, n in self._lost.items()))

    def _basis(self) -> str:
        forms = " and ".join(sorted(form.value for form in self._forms if form is not None))
        count = len(self._blocks)
        documents = f"{forms}, {count} document{'s' if count != 1 else ''}" if count else "no layout document"
        return f"{documents}, in the order of METS" if self._is_ordered else documents

    def _left(self, name: str) -> Iterator[_Found]:
        return (found for found in self._blocks[name].ordered if found.key not in self._used)

    def _article(self, article: ForeignArticle) -> None:
        if not article.parts:
            self._lost["article| tied to pages alone, not to blocks"] += 1
            return
        runs = [(part, list(self._take(part))) for part in article.parts]
        heads = [(part, found) for part, run in runs if part.kind is PieceKind.HEADING for found in run]
        is_headed = self._headline(article, heads)
        some = is_headed
        for part, run in runs:
            if part.kind is not PieceKind.HEADING:
                some = bool(sum([self._block(found, part.kind, part.page) for found in run])) or some
        if some and not is_headed and article.kind is not ArticleKind.MASTHEAD:
            self._lost[f"{article.kind.value}| without a headline, not parted from what stands before"] += 1
        if article.illustrations or article.kind is ArticleKind.ILLUSTRATION:
            self._lost["illustration|"] += len(article.illustrations) or 1

    def _headline(self, article: ForeignArticle, heads: list[tuple[ForeignPart, _Found]]) -> bool:
        """Write the headline: as printed, else as the METS has it. False for none."""
        if article.kind is ArticleKind.MASTHEAD:
            return False
        printed = [text for _part, found in heads for text in found.texts if text]
        if printed:
            part, first = next((part, found) for part, found in heads if any(found.texts))
            piece = Piece(_joined(printed), PieceKind.HEADING, part.page, part.file, first.block.identifier)
        elif article.headline:
            page = next((part.page for part in article.parts if part.page), 0)
            piece = Piece(article.headline, PieceKind.HEADING, page)
        else:
            return False
        self._pieces += [piece, Piece("")]
        return True

    def _take(self, part: ForeignPart) -> Iterator[_Found]:
        """The blocks of a part that no part before it has."""
        blocks = self._blocks.get(part.file)
        if blocks is None:
            if part.block:
                self._lost["part| of articles in layout documents that were not read"] += 1
            return
        if part.block and not blocks.has(part.block):
            self._lost["part| of articles in blocks that are not there"] += 1
        if (part.file, part.block, part.last_block) in self._taken or self._visited > MOST_VISITED:
            return
        self._taken.add((part.file, part.block, part.last_block))
        run = blocks.run(part.block, part.last_block)
        self._visited += len(run)
        for found in run:
            whole = (*found.key[:3], "")
            if found.key in self._used or whole in self._used:
                continue
            self._used.add(found.key)
            yield found

    def _block(self, found: _Found, kind: PieceKind, page: int) -> int:
        """Write the lines of a block and a blank line; 1 when it has any."""
        name, texts = found.key[0], [text for text in found.texts if text]
        if any((*found.key[:3], line.identifier) in self._used for line in found.block.lines) and not found.key[3]:
            taken = {line.identifier for line in found.block.lines if (*found.key[:3], line.identifier) in self._used}
            pairs = zip(found.block.lines, found.texts, strict=True)
            texts = [text for line, text in pairs if text and not (line.identifier and line.identifier in taken)]
        if not texts:
            return 0
        if kind is PieceKind.HEADING and len(texts) > 1:
            kind = PieceKind.TEXT  # cannot be told from several headings
        self._pieces += [Piece(text, kind, page, name, found.block.identifier) for text in texts]
        self._pieces.append(Piece(""))
        return 1


def _counted(number: int, what: str) -> str:
    """A number and its noun, which ends where `|` stands."""
    return f"{number} {what.replace('|', '' if number == 1 else 's', 1)}"


def _part_files(issue: ForeignIssue) -> list[str]:
    return [part.file for article in issue.articles for part in article.parts if part.file]


def _kind(block: LayoutBlock) -> PieceKind:
    """What a block is by its own document."""
    label = block.label.lower()
    if block.kind is BlockKind.ADVERT or label == "advertisement":
        return PieceKind.ADVERT
    if label in _HEADINGS:
        return PieceKind.HEADING
    return PieceKind.CAPTION if label == "caption" else PieceKind.TEXT


def _printed(text: str) -> str:
    return " ".join(text.split())


def _joined(lines: list[str]) -> str:
    """Lines of a headline as one, without a space beside Chinese characters."""
    text = lines[0]
    for line in lines[1:]:
        text += ("" if touches_cjk(text, line) else " ") + line
    return text
