"""Issues → MARC 21 in MARCXML: a record for each issue, and one for each of its articles when asked.

No heading is made up: names that stand in no authority file go where MARC has uncontrolled names (720), and words
without a romanised form stay in their own script in the regular field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.crosswalks.marc_record import MarcRecord, Subfields
from archiver.crosswalks.rights import licence
from archiver.crosswalks.tongues import named, nonfiling, script_named
from archiver.metadata.xml import make, serialise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.model.export import ExportedArticle, ExportedIssue, ExportedName, ExportTerms
    from archiver.model.serial import Title

# Leader 06–09: text; serial component part (b) or monographic component part (a); Unicode. 17: abbreviated level, since
# nobody has reviewed the description.
_ISSUE_LEADER = "00000nab a22000003  4500"
_ARTICLE_LEADER = "00000naa a22000003  4500"
_REMOTE = "cr |||||||||||"  # 007: a computer file, remote; the rest is not coded
_ALPHABETS = {"Latn": "b", "Cyrl": "c", "Jpan": "d", "Arab": "f", "Grek": "g", "Hebr": "h", "Thai": "i", "Kore": "k"}
_REAL_WORLD = ("http://www.wikidata.org/entity/", "https://www.wikidata.org/", "http://viaf.org/", "https://viaf.org/")


def marcxml(issues: Sequence[ExportedIssue], terms: ExportTerms) -> bytes:
    """A collection with the record of each issue, followed by those of its articles when `terms` asks for them."""
    root = make("marc:collection")
    for issue in issues:
        _issue(issue, terms).write(root)
        for position, article in enumerate(issue.articles if terms.articles else (), 1):
            _article(issue, article, position, terms).write(root)
    return serialise(root)


def _issue(issue: ExportedIssue, terms: ExportTerms) -> MarcRecord:
    record = MarcRecord(_ISSUE_LEADER, _control(issue, issue.identifier, _coded_serial(issue)))
    _source(record, issue)
    _title(record, issue.title, (("n", issue.issued),), (("n", f"{issue.issued} {issue.designation}".strip()),))
    for title in issue.parallel_titles:
        if title.romanised:
            record.pair("246", "31", (("a", title.romanised),), (("a", title.text),), title.script)
        else:
            record.add("246", "31", ("a", title.text))
    record.add("264", " 1", ("a", issue.place), ("b", issue.publisher), ("c", issue.issued))
    record.add("300", "  ", ("a", issue.extent))
    _carrier(record)
    printed = f"{issue.designation} ({issue.printed_date})" if issue.printed_date else issue.designation
    record.add("362", "0 ", ("a", printed.strip()))
    for note in issue.notes:
        record.add("500", "  ", ("a", _note(note.label, note.text)))
    _conditions(record, issue)
    _language(record, issue.language, issue.script)
    record.add("541", "0 ", ("e", issue.accession))
    record.add("655", " 7", ("a", issue.genre), ("2", "marcgt" if issue.genre else ""))
    for name in issue.names:
        _name(record, name)
    _host(record, issue)
    if terms.is_web:
        record.add("856", "40", ("u", terms.uri(issue.identifier)))
    return record


def _article(issue: ExportedIssue, article: ExportedArticle, position: int, terms: ExportTerms) -> MarcRecord:
    record = MarcRecord(_ARTICLE_LEADER, _control(issue, article.identifier, _coded_text(issue, article)))
    _source(record, issue)
    _title(record, article.title, (), (("c", " ; ".join(article.responsibility)),))
    record.add("264", " 1", ("c", issue.issued))
    _carrier(record)
    for note in article.notes:
        record.add("500", "  ", ("a", _note(note.label, note.text)))
    _conditions(record, issue)
    _language(record, article.language, article.script)
    record.add("655", " 7", ("a", article.genre), ("2", "marcgt" if article.genre else ""))
    for name in article.names:
        _name(record, name)
    pages = [page.number for identifier in article.pages if (page := issue.page(identifier)) is not None]
    where = f"{_counted(issue)}, {issue.issued}"
    shown = f"p. {', '.join(pages)}, no. {position} in order" if pages else f"no. {position} in order"
    first = _enumeration(issue, pages[0] if pages else "")
    _in(record, issue, (("g", f"{where}, {shown}".lstrip(", ")), ("q", first), ("w", _control_number(issue))))
    if terms.is_web:
        path = article.identifier.removeprefix(f"{issue.identifier}/")
        record.add("856", "40", ("u", terms.uri(issue.identifier, path)))
    return record


def _control(issue: ExportedIssue, identifier: str, coded: str) -> tuple[tuple[str, str], ...]:
    """001 to 008. 005 is the day of the description: the same package gives the same record."""
    code = issue.source_code if issue.source_code != "local" else ""
    day = issue.described.replace("-", "")
    both = (("003", code), ("005", f"{day}000000.0" if len(day) == 8 else ""), ("007", _REMOTE), ("008", coded))
    return (("001", identifier), *((tag, value) for tag, value in both if value))


def _control_number(issue: ExportedIssue) -> str:
    """The number of the issue's record as another record names it: behind the code of who made it."""
    has_code = issue.source_code not in {"", "local"}
    return f"({issue.source_code}){issue.identifier}" if has_code else issue.identifier


def _coded_dates(issue: ExportedIssue, language: str) -> tuple[str, str]:
    """008/00–17, with the day of issue as a detailed date (06 e), and 008/35–39."""
    entered = issue.described.replace("-", "")[2:8]
    day = issue.issued.replace("-", "")
    dates = f"e{day}" if len(day) == 8 and day.isdigit() else "nuuuuuuuu"
    country = (issue.country or "xx").ljust(3)[:3]
    tongue = language if len(language) == 3 else "und"
    return f"{entered if len(entered) == 6 else '      '}{dates}{country}", f"{tongue} d"


def _coded_serial(issue: ExportedIssue) -> str:
    """008 of continuing resources: newspaper or periodical, online, alphabet of the title."""
    head, tail = _coded_dates(issue, issue.language)
    kind = {"newspaper": "n", "periodical": "p"}.get(issue.genre, " ")
    alphabet = "e" if issue.script.startswith("Han") else _ALPHABETS.get(issue.script, "u")
    return f"{head}|| {kind}|o|||||0   {alphabet}|{tail}"


def _coded_text(issue: ExportedIssue, article: ExportedArticle) -> str:
    """008 of texts: online, the rest not coded."""
    head, tail = _coded_dates(issue, article.language)
    return f"{head}|||||o|||||||| ||{tail}"


def _source(record: MarcRecord, issue: ExportedIssue) -> None:
    source = issue.source_code if issue.source_code not in {"", "local"} else issue.source
    record.add("040", "  ", ("a", source), ("b", "eng"), ("c", source))


def _title(record: MarcRecord, title: Title, latin: Subfields, original: Subfields) -> None:
    """245, with the title in its own script in 880 where there is a romanised form of it."""
    if title.romanised:
        record.pair("245", "00", (("a", title.romanised), *latin), (("a", title.text), *original), title.script)
    else:
        passed = nonfiling(title.text, title.language)
        record.add("245", f"0{passed}", ("a", title.text), *original)


def _carrier(record: MarcRecord) -> None:
    record.add("336", "  ", ("a", "text"), ("b", "txt"), ("2", "rdacontent"))
    record.add("337", "  ", ("a", "computer"), ("b", "c"), ("2", "rdamedia"))
    record.add("338", "  ", ("a", "online resource"), ("b", "cr"), ("2", "rdacarrier"))


def _conditions(record: MarcRecord, issue: ExportedIssue) -> None:
    for words in issue.access:
        record.add("506", "1 ", ("a", words))
    for words in issue.rights:
        record.add("540", "  ", ("u" if licence(words) else "a", words))


def _language(record: MarcRecord, language: str, script: str) -> None:
    if language:
        record.add("546", "  ", ("a", f"In {named(language)}"), ("b", script_named(script)))


def _name(record: MarcRecord, name: ExportedName) -> None:
    """A name in an authority file is an added entry with its address; any other is uncontrolled (720)."""
    roles = tuple(("4", code) for code, _printed in name.roles)
    is_body = name.kind == "corporate"
    if name.uri:
        code = "1" if name.uri.startswith(_REAL_WORLD) else "0"
        inverted = "1" if "," in name.text else "0"
        record.add(
            "710" if is_body else "700", "2 " if is_body else f"{inverted} ", ("a", name.text), *roles, (code, name.uri)
        )
    else:
        record.add("720", "2 " if is_body else "1 ", ("a", name.text), *roles)


def _host(record: MarcRecord, issue: ExportedIssue) -> None:
    _in(record, issue, (("g", f"{_counted(issue)}, {issue.issued}".lstrip(", ")), ("q", _enumeration(issue))))


def _in(record: MarcRecord, issue: ExportedIssue, place: Subfields) -> None:
    """773: the serial with its numbers, and the place in it. ISSN and LCCN are the serial's and stand here."""
    title = issue.serial_title
    numbers = [("x", value) for value in issue.identified("issn")]
    numbers += [("w", f"(DLC){value}") for value in issue.identified("lccn")]
    tail = (("d", issue.publisher), *place, *numbers)
    if title.romanised:
        latin = (("7", "nnas"), ("t", title.romanised), *tail)
        record.pair("773", "0 ", latin, (("t", title.text), ("d", issue.publisher)), title.script)
    else:
        record.add("773", "0 ", ("7", "nnas"), ("t", title.text), *tail)


def _counted(issue: ExportedIssue) -> str:
    """The numbering in figures: "vol. 12, no. 18"; the whole number in brackets behind it."""
    parts = [
        f"{word} {issue.number(kind)}" for word, kind in (("vol.", "volume"), ("no.", "issue")) if issue.number(kind)
    ]
    whole = issue.number("whole number")
    tail = f" (no. {whole} since the first)" if whole and parts else f"no. {whole}" if whole else ""
    edition = f", {issue.number('edition')}" if issue.number("edition") else ""
    return ", ".join(parts) + tail + edition


def _enumeration(issue: ExportedIssue, page: str = "") -> str:
    """The numbering as $q has it: levels with colons between, the first page behind "<"."""
    levels = [issue.number(kind) for kind in ("volume", "issue") if issue.number(kind)]
    if not issue.number("volume") and issue.number("year") and levels:
        levels.insert(0, issue.number("year"))
    numbered = ":".join(levels) or issue.number("whole number")
    return f"{numbered}<{page}" if page and numbered else numbered


def _note(label: str, text: str) -> str:
    return f"{label}: {text}" if label and not text.startswith(label) else text
