"""The report for people: tables of what was read, findings with the worst first, and a last line that is plain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.names import cut, escape, width
from archiver.model.report import Finding, Outcome, Report, Severity, Verdict
from archiver.names.index import names_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.model.serial import Article, Issue

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTICE)
_WIDEST = 44  # columns of a cell


def render(report: Report, *, verbose: bool = False) -> str:
    """The report as text. `verbose` lists every check, also those that passed."""
    parts: list[str] = []
    for issue in report.issues:
        parts += _issue(issue)
    parts += _findings(report.findings)
    parts += _checks(report, verbose)
    parts += _packages(report)
    parts += _accessions(report)
    parts += _receipts(report)
    parts += _components(report)
    parts += [escape(line) for note in report.notes for line in note.split("\n")]
    last = verdict(report)
    while parts and not parts[-1]:
        parts.pop()
    return "\n".join([*parts, *([""] if parts and last else []), *([last] if last else [])]).strip("\n") + "\n"


def verdict(report: Report) -> str:
    """The last line: what came of the run, in words that cannot be taken for another outcome."""
    counts = [(severity, sum(found.severity is severity for found in report.findings)) for severity in _ORDER]
    counted = ", ".join(f"{count} {severity.value}{'s' if count != 1 else ''}" for severity, count in counts if count)
    tail = f" ({counted})" if counted else ""
    if report.verdict is Verdict.REFUSED:
        return f"Not done{tail}: see the message."
    if report.verdict is Verdict.UNKNOWN:
        return f"Could not find out everything{tail}: this is no success."
    if report.verdict is Verdict.FAILED:
        return f"Not accepted: {counted}."
    if not (report.checks or report.findings):
        return ""
    return f"Passed, with {counted}." if counted else "Passed: no findings."


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows in columns, East Asian characters counted as two."""
    cells = [[cut(escape(cell), _WIDEST) for cell in row] for row in rows]
    widths = [max(width(row[index]) for row in [list(headings), *cells]) for index in range(len(headings))]
    lines = []
    for row in [list(headings), *cells]:
        padded = [cell + " " * (widths[index] - width(cell)) for index, cell in enumerate(row)]
        lines.append("  ".join(padded).rstrip())
    return [f"  {lines[0]}", f"  {'─' * sum(widths, 2 * (len(widths) - 1))}", *(f"  {line}" for line in lines[1:])]


def _issue(issue: Issue) -> list[str]:
    masthead = [
        (
            said.field,
            said.value,
            _lines(said.lines),
            said.confidence.value,
            said.agreement.value + (f": {said.compared}" if said.compared else ""),
        )
        for said in issue.statements
    ]
    articles = [
        (
            str(number),
            f"{article.span.first_line}–{article.span.last_line}",
            article.headline,
            "; ".join(" ".join((*byline.names,)) for byline in article.bylines) or "none",
            _oddities(article),
        )
        for number, article in enumerate(issue.articles, 1)
    ]
    pages = ", ".join(f"{page.label} {'deposited' if page.received else 'not deposited'}" for page in issue.pages)
    parts = [escape(f"{issue.title.text} · {issue.issued.isoformat()} · {issue.identifier}"), "", "Masthead"]
    parts += table(("field", "value", "line", "confidence", "check"), masthead)
    if issue.not_transcribed:
        parts.append(f"  not transcribed: {', '.join(issue.not_transcribed)}")
    if articles:
        parts += ["", "Articles", *table(("no.", "lines", "headline", "byline", "found"), articles)]
    else:
        parts += ["", "Articles: none is told apart; the text as a whole is kept with its pages"]
    if issue.known_names is not None:
        parts += _names(issue)
    if issue.index_entries:
        rows = [(str(entry.line), entry.headline, entry.printed) for entry in issue.index_entries]
        parts += ["", "Headlines that point to another page", *table(("line", "headline", "printed"), rows)]
    return [*parts, "", f"Pages: {escape(pages)}", ""]


def _names(issue: Issue) -> list[str]:
    """The index of names of a serial whose profile has names or an authority file."""
    places = {article.identifier: str(number) for number, article in enumerate(issue.articles, 1)}
    rows = [
        (
            entry.name,
            ", ".join(entry.roles) or "mentioned",
            ", ".join(places[each] for each in entry.articles),
            ", ".join(map(str, entry.pages)),
            entry.record.shown if entry.record else f"{len(entry.candidates)} records" if entry.candidates else "none",
        )
        for entry in names_index(issue)
    ]
    return ["", "Names", *table(("name", "role", "articles", "pages", "authority"), rows)] if rows else []


def _lines(lines: Sequence[int]) -> str:
    return "+".join(str(line) for line in lines)


def _oddities(article: Article) -> str:
    return ", ".join(f"{odd.kind.value} {_places(odd.lines)}" for odd in article.oddities)


def _places(lines: Sequence[int]) -> str:
    return str(lines[0]) if len(lines) == 1 else f"{lines[0]}–{lines[-1]}"


def _findings(findings: Sequence[Finding]) -> list[str]:
    parts: list[str] = []
    for subject in dict.fromkeys(found.subject for found in findings):
        own = [found for found in findings if found.subject == subject]
        parts.append(f"Findings in {escape(subject)}" if subject else "Findings")
        for severity in _ORDER:
            parts += [line for found in own if found.severity is severity for line in _finding(found, subject)]
        parts.append("")
    return parts


def _finding(found: Finding, subject: str) -> list[str]:
    place = "" if not found.path or found.path == subject else escape(found.path)
    if found.line is not None:
        place = f"{place}:{found.line}" if place else f"line {found.line}"
    where = f" {place}:" if place else ""
    lines = [f"  {found.severity.value:<7} {found.code}{where} {escape(found.message)}"]
    if found.remedy and found.severity is not Severity.NOTICE:
        lines.append(f"          → {escape(found.remedy)}")
    return lines


def _checks(report: Report, verbose: bool) -> list[str]:
    if not report.checks:
        return []
    parts: list[str] = []
    if verbose:
        rows = [(run.code, run.outcome.value, run.title, run.reason or run.subject) for run in report.checks]
        parts += ["Checks", *table(("code", "outcome", "title", ""), rows), ""]
    for outcome in (Outcome.BROKEN, Outcome.SKIPPED):
        reasons: dict[str, list[str]] = {}
        for run in report.checks:
            if run.outcome is outcome:
                reasons.setdefault(run.reason, []).append(run.code)
        for reason, codes in reasons.items():
            word = "could not be judged" if outcome is Outcome.BROKEN else "skipped"
            parts.append(f"{word}: {runs_of(list(dict.fromkeys(codes)))} — {escape(reason)}")
    said = {Outcome.PASSED: "found nothing", Outcome.FAILED: "found something", Outcome.BROKEN: "could not be judged"}
    counts = [(outcome, sum(run.outcome is outcome for run in report.checks)) for outcome in Outcome]
    words = ", ".join(f"{count} {said.get(outcome, outcome.value)}" for outcome, count in counts if count)
    return [*parts, f"Checks: {words}.", ""]


def runs_of(codes: list[str]) -> str:
    """Codes as people list them: those of one letter group that follow one another in number as "from to"."""
    runs: list[list[str]] = []
    for code in codes:
        before = runs[-1][-1] if runs else ""
        follows = before[:4] == code[:4] and before[4:].isdigit() and code[4:].isdigit()
        if follows and int(code[4:]) == int(before[4:]) + 1:
            runs[-1].append(code)
        else:
            runs.append([code])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(run) for run in runs)


def _packages(report: Report) -> list[str]:
    parts: list[str] = []
    for line in report.packages:
        parts.append(f"Package {escape(line.path)}{f' — {line.note}' if line.note else ''}")
        if line.seal is not None:
            parts.append(f"  seal {line.seal}")
    return [*parts, *([""] if parts else [])]


def _accessions(report: Report) -> list[str]:
    if not report.accessions:
        return []
    if len(report.accessions) == 1 and report.accessions[0].events:
        line = report.accessions[0]
        parts = [f"Accession {escape(line.number)} — {line.status}", f"  source     {escape(line.source)}"]
        parts += [f"  depositor  {escape(line.depositor or '—')}", f"  begun      {line.begun}"]
        for package in line.packages:
            parts.append(f"  package    {escape(package.path)}")
            parts += [f"             seal {package.seal}"] if package.seal else []
        return [*parts, "  events", *(f"    {escape(event)}" for event in line.events), ""]
    rows = [
        (line.number, line.status, line.begun, line.depositor or "—", line.source, str(len(line.packages)))
        for line in report.accessions
    ]
    return [*table(("number", "status", "begun", "depositor", "source", "packages"), rows), ""]


def _receipts(report: Report) -> list[str]:
    parts: list[str] = []
    for receipt in report.receipts:
        version = f" as {receipt.version}" if receipt.version else ""
        parts.append(f"Receipt {escape(receipt.identifier)} — {receipt.holding.value}{version}")
        parts.append(f"  held at    {escape(receipt.place)}")
        parts.append(f"  evidence   {receipt.evidence.value}: {receipt.files} files, {receipt.size} bytes")
        parts.append(f"  seal       {receipt.seal}")
    return [*parts, *([""] if parts else [])]


def _components(report: Report) -> list[str]:
    parts: list[str] = []
    for part in report.components:
        state = "ok     " if part.works else "MISSING"
        parts.append(f"  {state} {part.name} {part.version}{f' — {escape(part.detail)}' if part.detail else ''}")
        if part.remedy:
            parts.append(f"          → {part.remedy}")
    return [*parts, *([""] if parts else [])]


RENDERER = render
