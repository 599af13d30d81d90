"""An issue → a manifest of the IIIF Presentation API 3.0: a canvas for each page, a range for each article."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from archiver.crosswalks.iiif_canvas import CanvasMaker, both, words
from archiver.crosswalks.rights import licence
from archiver.crosswalks.tongues import named, romanised_tag, tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.export import ExportedArticle, ExportedFile, ExportedIssue, ExportTerms
    from archiver.model.serial import Title

Json = dict[str, Any]
_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_DOCUMENTS = (
    ("data/metadata/descriptive/mods.xml", "application/mods+xml", "http://www.loc.gov/mods/v3", "MODS"),
    ("data/metadata/descriptive/issue.mets.xml", "application/mets+xml", "http://www.loc.gov/METS/", "METS"),
    ("data/metadata/preservation/premis.xml", "application/xml", "http://www.loc.gov/premis/v3", "PREMIS"),
)


def manifest(issue: ExportedIssue, terms: ExportTerms) -> bytes:
    """The manifest of an issue, as JSON, members in a fixed order."""
    canvases = CanvasMaker(issue, terms)
    found: Json = {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": terms.uri(issue.identifier, "manifest"),
        "type": "Manifest",
        "label": _label(issue),
        "metadata": list(_metadata(issue)),
    }
    summary = "; ".join(said for said in (issue.designation, issue.printed_date) if said)
    if summary:
        found["summary"] = words(summary, tag(issue.language, issue.script))
    if issue.access or issue.rights:
        found["requiredStatement"] = {
            "label": both("Access and rights", "取用与权利"),
            "value": words([*issue.access, *issue.rights], "none"),
        }
    rights = next((said for each in issue.rights if (said := licence(each))), "")
    if rights:
        found["rights"] = rights.replace("https://", "http://", 1)  # the forms that the API names
    if _DAY.fullmatch(issue.issued):
        found["navDate"] = f"{issue.issued}T00:00:00Z"
    found["behavior"] = ["paged" if len(issue.pages) > 1 else "individuals"]
    found["seeAlso"] = list(_see_also(issue, terms))
    rendering = [_rendering(issue, file, terms) for file in issue.files if file.use == "reading"]
    if rendering:
        found["rendering"] = rendering
    found["items"] = [canvases.canvas(page) for page in issue.pages]
    ranges = [canvas for article in issue.articles if (canvas := _range(issue, article, canvases, terms))["items"]]
    if ranges:
        found["structures"] = [
            {
                "id": terms.uri(issue.identifier, "range/articles"),
                "type": "Range",
                "label": both("Articles", "文章"),
                "items": ranges,
            }
        ]
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()


def _label(issue: ExportedIssue) -> Json:
    """The title in every form it has, each with the date; the numbering in the language it is printed in."""
    label: dict[str, list[str]] = {}
    for title in (issue.title, *issue.parallel_titles):
        own = tag(title.language, title.script) or "none"
        numbered = f" {issue.designation}" if title is issue.title and issue.designation else ""
        label.setdefault(own, []).append(f"{title.text} {issue.issued}{numbered}".strip())
        if title.romanised:
            label.setdefault(romanised_tag(title) or "none", []).append(f"{title.romanised} {issue.issued}".strip())
    return label


def _metadata(issue: ExportedIssue) -> Iterator[Json]:
    """Pairs to be shown beside the pages; each label in English and Chinese."""
    own = tag(issue.language, issue.script) or "none"
    yield {"label": both("Title", "题名"), "value": _title(issue.title)}
    for title in issue.parallel_titles:
        yield {"label": both("Parallel title", "并列题名"), "value": _title(title)}
    if issue.serial_title != issue.title:
        yield {"label": both("Serial", "连续出版物"), "value": _title(issue.serial_title)}
    for label, value, tongue in (
        (both("Publisher", "出版者"), issue.publisher, own),
        (both("Place", "出版地"), issue.place, own),
        (both("Date", "出版日期"), issue.issued, "none"),
        (both("Date as printed", "原题日期"), issue.printed_date, own),
        (both("Numbering", "期号"), issue.designation, own),
        (both("Language", "语种"), named(issue.language), "en"),
        (both("Extent", "数量"), issue.extent, "none"),
        (both("Repository", "收藏单位"), issue.source, "none"),
        (both("Identifier", "标识符"), issue.identifier, "none"),
    ):
        if value:
            yield {"label": label, "value": words(value, tongue)}
    for known in issue.identifiers:
        name = known.label or known.kind.upper()
        yield {"label": {"none": [name]}, "value": words(known.value, "none")}


def _title(title: Title) -> Json:
    found = words(title.text, tag(title.language, title.script))
    if title.romanised:
        found.setdefault(romanised_tag(title) or "none", []).append(title.romanised)
    return found


def _see_also(issue: ExportedIssue, terms: ExportTerms) -> Iterator[Json]:
    for path, media_type, profile, name in _DOCUMENTS:
        yield {
            "id": terms.uri(issue.identifier, path),
            "type": "Dataset",
            "label": {"none": [name]},
            "format": media_type,
            "profile": profile,
        }


def _rendering(issue: ExportedIssue, file: ExportedFile, terms: ExportTerms) -> Json:
    return {
        "id": terms.uri(issue.identifier, quote(file.path)),
        "type": "Text",
        "label": both("Reading text", "阅读文本"),
        "format": file.media_type,
    }


def _range(issue: ExportedIssue, article: ExportedArticle, canvases: CanvasMaker, terms: ExportTerms) -> Json:
    """An article: the parts of pages it stands on, where its blocks have boxes, else the pages."""
    path = article.identifier.removeprefix(f"{issue.identifier}/")
    label = words(article.title.text, tag(article.title.language, article.title.script))
    if article.title.romanised:
        label.setdefault(romanised_tag(article.title) or "none", []).append(article.title.romanised)
    found: Json = {"id": terms.uri(issue.identifier, f"range/{quote(path)}"), "type": "Range", "label": label}
    said = list(article.responsibility)
    if said:
        byline = {"label": both("Byline", "署名"), "value": words(said, tag(article.language, article.script))}
        found["metadata"] = [byline]
    places = dict(article.places)
    pages = [page for identifier in article.pages if (page := issue.page(identifier)) is not None]
    found["items"] = [part for page in pages for part in canvases.parts(page, places.get(page.identifier, ()))]
    return found
