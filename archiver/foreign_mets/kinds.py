"""What the TYPE of a division means: the words of docWorks/ENMAP, Kitodo/DFG and their kin, folded."""

from __future__ import annotations

from archiver.model.foreign_mets import ArticleKind
from archiver.model.taken import PieceKind

SERIALS = {"newspaper", "periodical", "serial", "journal", "magazine"}
ISSUES = {"issue", "newspaper_issue", "newspaperissue", "periodicalissue", "periodical_issue"}
DAYS = {"day"}
VOLUMES = {"volume", "year"}
# Divisions that hold others and say no more than the description has already.
HOLDERS = {
    *SERIALS, *ISSUES, *DAYS, *VOLUMES, "month", "content", "contents", "body", "body_content", "paragraph", "text",
    "text_block", "textblock", "textpart", "front", "main", "back", "structure", "logical", "", "monograph",
    "paragraphs", "block", "column",
}  # fmt: skip
SECTIONS = {"section", "supplement", "part", "rubric", "column_section", "insert", "chapter"}
ARTICLES = {
    "article": ArticleKind.ARTICLE,
    **dict.fromkeys(
        ("editorial", "letter", "letters", "review", "interview", "feature", "news", "obituary", "death_notice",
         "birth_notice", "marriage_notice", "notice", "weather", "announcement", "item", "poem", "story", "feuilleton",
         "leader", "note", "report", "dispatch", "sports", "essay", "serial_story", "readers_letter"),
        ArticleKind.ARTICLE,
    ),
    **dict.fromkeys(
        ("advertisement", "advertisment", "advert", "ad", "publicity", "advertising", "classified_advertisement",
         "advertisement_section", "anzeige"),
        ArticleKind.ADVERTISEMENT,
    ),
    **dict.fromkeys(
        ("illustration", "picture", "image", "photograph", "photo", "cartoon", "comic", "map", "graphic", "drawing",
         "figure", "caricature", "chart", "diagram"),
        ArticleKind.ILLUSTRATION,
    ),
    **dict.fromkeys(
        ("title_section", "titlesection", "masthead", "publishing_stmt", "publishing_statement", "imprint"),
        ArticleKind.MASTHEAD,
    ),
}  # fmt: skip
PARTS = {
    **dict.fromkeys(("heading", "headline", "title", "head", "main_title"), PieceKind.HEADING),
    **dict.fromkeys(
        ("subtitle", "sub_title", "subheadline", "subheading", "overline", "kicker", "crossheading", "cross_heading",
         "intertitle", "motto", "lead", "overhead"),
        PieceKind.SUBHEADING,
    ),
    **dict.fromkeys(("author", "byline", "author_line"), PieceKind.BYLINE),
    "caption": PieceKind.CAPTION,
}  # fmt: skip


def is_known(kind: str) -> bool:
    """Whether a TYPE is understood."""
    return kind in HOLDERS or kind in SECTIONS or kind in ARTICLES or kind in PARTS
