"""The report for programs: versioned JSON, every key always there. Its schema is docs/report.schema.json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from archiver import __version__
from archiver.names.index import names_index

if TYPE_CHECKING:
    from archiver.model.names_index import IndexedName
    from archiver.model.package import Receipt
    from archiver.model.report import AccessionLine, PackageLine, Report
    from archiver.model.serial import Article, Issue, Statement

SCHEMA = "archiver.report/1"


def render(report: Report, *, verbose: bool = False) -> str:  # noqa: ARG001  JSON is always complete
    """The report as JSON text with a final line end."""
    return json.dumps(as_data(report), ensure_ascii=False, indent=2) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "schema": SCHEMA,
        "archiver": __version__,
        "command": report.command,
        "outcome": report.verdict.value,
        "exit_status": report.exit_status,
        "fail_on": report.fail_on.value,
        "packages": [_package(line) for line in report.packages],
        "checks": [
            {
                "code": run.code,
                "title": run.title,
                "outcome": run.outcome.value,
                "reason": _text(run.reason),
                "subject": _text(run.subject),
            }
            for run in report.checks
        ],
        "findings": [
            {
                "code": found.code,
                "severity": found.severity.value,
                "path": _text(found.path),
                "line": found.line,
                "message": _text(found.message),
                "remedy": _text(found.remedy),
                "subject": _text(found.subject),
            }
            for found in report.findings
        ],
        "issues": [_issue(issue) for issue in report.issues],
        "accessions": [_accession(line) for line in report.accessions],
        "receipts": [_receipt(receipt) for receipt in report.receipts],
        "components": [
            {
                "name": part.name,
                "version": part.version,
                "works": part.works,
                "detail": part.detail,
                "remedy": part.remedy,
            }
            for part in report.components
        ],
        "notes": [_text(note) for note in report.notes],
        "error": {"message": _text(report.error), "remedy": _text(report.error_remedy)} if report.error else None,
    }


def _text(words: str | None) -> str | None:
    """Words as JSON can hold them: bytes of names that are not UTF-8 become escapes."""
    return None if words is None else words.encode("utf-8", "backslashreplace").decode("utf-8")


def _package(line: PackageLine) -> dict[str, Any]:
    return {
        "path": _text(line.path),
        "identifier": _text(line.identifier),
        "seal": str(line.seal) if line.seal else None,
        "note": line.note,
    }


def _accession(line: AccessionLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "status": line.status,
        "source": _text(line.source),
        "depositor": _text(line.depositor),
        "begun": line.begun,
        "packages": [_package(package) for package in line.packages],
        "events": [_text(event) for event in line.events],
    }


def _receipt(receipt: Receipt) -> dict[str, Any]:
    return {
        "identifier": receipt.identifier,
        "target": _text(receipt.target),
        "place": _text(receipt.place),
        "seal": str(receipt.seal),
        "holding": receipt.holding.value,
        "evidence": receipt.evidence.value,
        "files": receipt.files,
        "size": receipt.size,
        "version": receipt.version,
        "detail": receipt.detail,
    }


def _issue(issue: Issue) -> dict[str, Any]:
    return {
        "identifier": issue.identifier,
        "serial": issue.serial,
        "source": _text(issue.source),
        "title": issue.title.text,
        "issued": issue.issued.isoformat(),
        "masthead": [_statement(said) for said in issue.statements],
        "not_transcribed": list(issue.not_transcribed),
        "pages": [
            {
                "number": page.number,
                "label": page.label,
                "deposited": page.received,
                "pointed_to_by_lines": list(page.pointed_to_by),
            }
            for page in issue.pages
        ],
        "articles": [_article(article) for article in issue.articles],
        "index_entries": [
            {"headline": entry.headline, "line": entry.line, "page": entry.page, "printed": entry.printed}
            for entry in issue.index_entries
        ],
        "names": [_name(entry) for entry in names_index(issue)],
        "encoding": issue.encoding,
    }


def _name(entry: IndexedName) -> dict[str, Any]:
    return {
        "name": entry.name,
        "type": entry.type.value,
        "printed": list(entry.printed),
        "roles": list(entry.roles),
        "articles": list(entry.articles),
        "pages": list(entry.pages),
        "identifiers": [each.value for each in entry.record.identifiers] if entry.record is not None else [],
        "candidates": [record.shown for record in entry.candidates],
    }


def _statement(said: Statement) -> dict[str, Any]:
    return {
        "field": said.field,
        "value": said.value,
        "printed": said.printed,
        "lines": list(said.lines),
        "confidence": said.confidence.value,
        "check": said.agreement.value,
        "compared": said.compared,
    }


def _article(article: Article) -> dict[str, Any]:
    return {
        "identifier": article.identifier,
        "headline": article.headline,
        "romanised": article.romanised,
        "first_line": article.span.first_line,
        "last_line": article.span.last_line,
        "page": article.page,
        "continued_on": article.continued_on,
        "kind": article.kind.value,
        "section": article.section,
        "subheads": [{"words": each.words, "line": each.span.first_line} for each in article.subheads],
        "illustrations": [
            {"caption": each.words, "credits": list(each.credits), "line": each.span.first_line, "page": each.page}
            for each in article.illustrations
        ],
        "goes_on": [[span.first_line, span.last_line] for span in article.further],
        "bylines": [
            {"printed": byline.printed, "names": list(byline.names), "role": byline.role} for byline in article.bylines
        ],
        "oddities": [
            {
                "kind": odd.kind.value,
                "lines": list(odd.lines),
                "page": odd.page,
                "words": odd.words,
                "answered": odd.answered,
                "resumed": odd.resumed,
            }
            for odd in article.oddities
        ],
    }


RENDERER = render
