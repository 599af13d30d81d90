"""Issues, or their articles, as a CSV that Excel opens: a row each, UTF-8 with byte order mark, no cell a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.batch_sheets.result import BYTE_ORDER_MARK, csv_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archiver.model.export import ExportedArticle, ExportedIssue, ExportedName, ExportTerms

_BETWEEN = " | "  # several values in one cell: no sign of it is printed in names or numbers
_KINDS = ("volume", "issue", "whole number", "edition")


def sheet(issues: Sequence[ExportedIssue], terms: ExportTerms) -> bytes:
    """One row for each issue, or with `articles` one for each article. The columns are always the same."""
    columns: tuple[str, ...] = ISSUE_COLUMNS
    if terms.articles:
        rows = [_article(issue, article) for issue in issues for article in issue.articles]
        columns = ARTICLE_COLUMNS
    else:
        rows = [_issue(issue, terms) for issue in issues]
    lines = [csv_line(tuple(row[column] for column in columns)) for row in rows]
    return b"".join((BYTE_ORDER_MARK, csv_line(columns), *lines))


def _common(issue: ExportedIssue) -> dict[str, str]:
    numbers = {kind.replace(" ", "_"): issue.number(kind) for kind in _KINDS}
    return {
        "identifier": issue.identifier,
        "serial": issue.serial,
        "serial_title": issue.serial_title.text,
        "date": issue.issued,
        **{("issue_number" if kind == "issue" else kind): value for kind, value in numbers.items()},
    }


def _issue(issue: ExportedIssue, terms: ExportTerms) -> Mapping[str, str]:
    absent = [page.label for page in issue.pages if not page.received]
    return {
        **_common(issue),
        "uri": terms.uri(issue.identifier),
        "accession": issue.accession,
        "title": issue.title.text,
        "title_romanised": issue.title.romanised,
        "parallel_titles": _BETWEEN.join(title.text for title in issue.parallel_titles),
        "publisher": issue.publisher,
        "place": issue.place,
        "country": issue.country,
        "date_is_questionable": "yes" if issue.is_questionable else "no",
        "date_printed": issue.printed_date,
        "weekday": issue.weekday,
        "lunar_date": issue.lunar_date,
        "numbering_printed": issue.designation,
        "issn": _BETWEEN.join(issue.identified("issn")),
        "lccn": _BETWEEN.join(issue.identified("lccn")),
        "other_numbers": _BETWEEN.join(f"{each.label}: {each.value}" for each in issue.identifiers if each.label),
        "language": issue.language,
        "script": issue.script,
        "genre": issue.genre,
        "access": _BETWEEN.join(issue.access),
        "rights": _BETWEEN.join(issue.rights),
        "extent": issue.extent,
        "pages": str(len(issue.pages) - len(absent)),
        "pages_not_deposited": _BETWEEN.join(absent),
        "articles": str(len(issue.articles)),
        "images": str(sum(file.is_image for file in issue.files)),
        "files": str(len(issue.files)),
        "bytes": str(sum(file.size for file in issue.files)),
        "media_types": _BETWEEN.join(issue.media_types),
        "notes": _BETWEEN.join(_notes(issue)),
        "seal": issue.seal,
    }


def _article(issue: ExportedIssue, article: ExportedArticle) -> Mapping[str, str]:
    pages = [page for identifier in article.pages if (page := issue.page(identifier)) is not None]
    return {
        **_common(issue),
        "article": article.identifier,
        "position": str(issue.articles.index(article) + 1),
        "headline": article.title.text,
        "headline_romanised": article.title.romanised,
        "names": _BETWEEN.join(_named(name) for name in article.names),
        "authorities": _BETWEEN.join(name.uri for name in article.names if name.uri),
        "byline_printed": _BETWEEN.join(article.responsibility),
        "pages": _BETWEEN.join(page.number for page in pages),
        "page_labels": _BETWEEN.join(page.label for page in pages),
        "pages_not_deposited": _BETWEEN.join(page.label for page in pages if not page.received),
        "language": article.language,
        "script": article.script,
        "genre": article.genre,
        "notes": _BETWEEN.join(note.text for note in article.notes),
        "access": _BETWEEN.join(issue.access),
    }


def _named(name: ExportedName) -> str:
    """A name with its roles: the MARC relator codes, in brackets."""
    codes = [code for code, _printed in name.roles if code]
    return f"{name.text} ({', '.join(codes)})" if codes else name.text


def _notes(issue: ExportedIssue) -> Iterator[str]:
    for note in issue.notes:
        yield f"{note.label}: {note.text}" if note.label and not note.text.startswith(note.label) else note.text


_FIRST = ("identifier", "serial", "serial_title", "date", "volume", "issue_number", "whole_number", "edition")
ISSUE_COLUMNS = (
    *_FIRST,
    "title",
    "title_romanised",
    "parallel_titles",
    "publisher",
    "place",
    "country",
    "date_is_questionable",
    "date_printed",
    "weekday",
    "lunar_date",
    "numbering_printed",
    "issn",
    "lccn",
    "other_numbers",
    "language",
    "script",
    "genre",
    "access",
    "rights",
    "extent",
    "pages",
    "pages_not_deposited",
    "articles",
    "images",
    "files",
    "bytes",
    "media_types",
    "notes",
    "accession",
    "uri",
    "seal",
)
ARTICLE_COLUMNS = (
    *_FIRST,
    "article",
    "position",
    "headline",
    "headline_romanised",
    "names",
    "authorities",
    "byline_printed",
    "pages",
    "page_labels",
    "pages_not_deposited",
    "language",
    "script",
    "genre",
    "notes",
    "access",
)
