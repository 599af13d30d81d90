"""The documents of a package: golden, valid against the official schemas together, and true to the bytes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree
from metadata_specimens import AGENTS, AT, DEPOSITS, NAMES, OPERATOR, accession_of, described, events, golden, make

from archiver.metadata import reading
from archiver.metadata.mods import issue_mods
from archiver.metadata.premis import premis
from archiver.metadata.reading import ARTICLES, ISSUE, MODS, PREMIS, ROOT
from archiver.metadata.reading_mets import read_mets
from archiver.metadata.reading_premis import read_premis
from archiver.metadata.xml import NS, parse
from archiver.model.provenance import Accession
from archiver.model.serial import Agreement, OddityKind

SCHEMAS = Path(__file__).resolve().parents[2] / "shared" / "schemas"
# Where the official schemas import one another from, and the file of that name.
LOCATIONS = {
    "http://www.loc.gov/standards/xlink/xlink.xsd": "xlink.xsd",
    "http://www.loc.gov/mods/xml.xsd": "xml-loc-mods.xsd",
    "http://www.w3.org/2001/xml.xsd": "xml.xsd",
}
each_specimen = pytest.mark.parametrize("name", sorted(DEPOSITS))
each_document = pytest.mark.parametrize("path", NAMES)


@pytest.fixture(scope="module")
def together() -> etree.XMLSchema:
    """One schema of METS, MODS and PREMIS: mets.xsd alone passes PREMIS that is wrong."""
    if not (SCHEMAS / "together.xsd").is_file():
        pytest.skip("the official schemas are not at hand (../shared/schemas)")

    class Local(etree.Resolver):
        def resolve(self, system_url, public_id, context):  # type: ignore[no-untyped-def]
            known = LOCATIONS.get(system_url)
            return self.resolve_filename(str(SCHEMAS / known), context) if known else None

    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Local())
    return etree.XMLSchema(etree.parse(str(SCHEMAS / "together.xsd"), parser))


def find(document: bytes, path: str) -> list[etree._Element]:
    return list(parse(document).iterfind(path, dict(NS)))


def texts(document: bytes, path: str) -> list[str]:
    return [" ".join((element.text or "").split()) for element in find(document, path)]


@each_specimen
@each_document
def test_documents_are_the_golden_ones(name: str, path: str) -> None:
    """Written anew by python tests/metadata_specimens.py."""
    assert make(name).documents[path].decode() == golden(name, path).read_text(encoding="utf-8")


@each_specimen
def test_documents_are_the_same_when_made_again(name: str) -> None:
    assert make(name).documents == make(name).documents


@pytest.mark.xsd
@each_specimen
@each_document
def test_documents_are_valid_by_the_official_schemas_together(name: str, path: str, together: etree.XMLSchema) -> None:
    together.assertValid(etree.fromstring(make(name).documents[path]))


@each_specimen
@each_document
def test_form_of_a_document(name: str, path: str) -> None:
    content = make(name).documents[path]
    assert content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n")
    assert content.endswith(b">\n")
    assert b"\r" not in content
    assert b"\t" not in content
    assert not re.search(rb"[ \t]\n", content)


@each_specimen
def test_every_place_slices_to_whole_lines(name: str) -> None:
    """END is inclusive: the slice by each area is the text of its division, in whole characters and lines."""
    specimen = make(name)
    facts = read_mets(parse(specimen.documents[ISSUE]), ISSUE)
    paths = {found.identifier: found.path for found in facts.references}
    count = 0
    for division in facts.divisions():
        for area in division.areas:
            content = specimen.contents[paths[area.file]]
            text = content[int(area.begin or "") : int(area.end or "") + 1].decode("utf-8")
            assert text
            count += 1
            if division.kind == "page":
                continue
            assert text == text.strip()
            if division.kind in {"article", "index-entry"}:
                assert division.label in text.splitlines()[0]
    assert count > 2 * len(specimen.issue.articles)


@each_specimen
def test_articles_do_not_overlap_and_their_parts_cover_them(name: str) -> None:
    specimen = make(name)
    facts = read_mets(parse(specimen.documents[ISSUE]), ISSUE)
    spans: dict[str, list[tuple[int, int]]] = {}
    for division in facts.divisions():
        for area in division.areas:
            if division.kind in {"article", "article-part", "masthead", "index-entry"} and area.span is not None:
                spans.setdefault(area.file, []).append((area.span.begin, area.span.end))
    for found in spans.values():
        assert found == sorted(found)
        assert all(before[1] <= after[0] for before, after in pairwise(found))


@each_specimen
def test_what_was_not_deposited_has_a_division_and_no_place(name: str) -> None:
    specimen = make(name)
    facts = read_mets(parse(specimen.documents[ISSUE]), ISSUE)
    absent = [page for page in specimen.issue.pages if not page.received]
    divisions = {division.identifier: division for division in facts.divisions()}
    assert absent
    for page in absent:
        division = divisions[f"PHYS_{page.number:04}"]
        assert division.label == f"{page.label} (not deposited)"
        assert division.areas == ()
    linked = [link.begin for link in facts.links if link.end == f"PHYS_{absent[0].number:04}"]
    entries = [f"LOG_INDEX_{number:03}" for number in range(1, len(specimen.issue.index_entries) + 1)]
    assert set(entries) <= set(linked)
    continued = [article for article in specimen.issue.articles if article.continued_on]
    assert len([begin for begin in linked if begin.startswith("LOG_ARTICLE")]) == 2 * len(continued)


@each_specimen
def test_a_file_has_one_id_one_digest_and_one_type_everywhere(name: str) -> None:
    specimen = make(name)
    seen: dict[str, set[tuple[str, ...]]] = {}
    for path in (ROOT, ISSUE):
        for found in read_mets(parse(specimen.documents[path]), path).references:
            if not found.is_metadata:
                stated = (found.identifier, found.size, found.checksum, found.mime)
                seen.setdefault(found.path, set()).add(stated)
    assert {len(stated) for stated in seen.values()} == {1}
    files = {found.identifier: found for found in read_premis(parse(specimen.documents[PREMIS]), PREMIS).files}
    assert files.keys() == seen.keys() == specimen.contents.keys()
    for path, stated in seen.items():
        ((_id, size, checksum, mime),) = stated
        assert files[path].size == size == str(len(specimen.contents[path]))
        assert dict(files[path].digests)["SHA-512"] == checksum
        assert mime in files[path].formats


def test_every_oddity_has_a_note() -> None:
    specimen = make("qinghe")
    odd = [odd for article in specimen.issue.articles for odd in article.oddities]
    kinds = [found.kind for found in odd]
    assert set(kinds) == set(OddityKind) - {OddityKind.TEASERS}
    notes = texts(specimen.documents[ARTICLES], "mods:mods/mods:note")
    for label in ("Column break", "Text lost", "Repeated text"):
        assert len([note for note in notes if note.startswith(f"{label}: line")]) == sum(
            found.kind.value
            in {"column break": ["column break"], "text lost": ["gap"], "repeated text": ["repeat"]}[label.lower()]
            for found in odd
        )
    assert texts(specimen.documents[ARTICLES], "mods:mods/mods:note[@type='continuation']") == ["(下转二版)"]
    issue_notes = texts(specimen.documents[MODS], "mods:note")
    assert any(note.startswith("Page 2 (二版) was not deposited; the transcript points") for note in issue_notes)
    assert "Not transcribed: recipients, printer, print-date, print-run." in issue_notes


def test_titles_are_romanised_and_tied() -> None:
    record = make("qinghe").documents[MODS]
    titles = find(record, "mods:titleInfo")
    assert [title.get("altRepGroup") for title in titles] == ["t1", "t1", None]
    assert [title.get("script") for title in titles] == ["Hans", "Latn", "Latn"]
    assert titles[0].get("usage") == "primary"
    assert titles[1].get("transliteration")
    assert titles[2].get("displayLabel") == "Parallel title"
    assert titles[2].get("type") == "alternative"


def test_dates_as_printed_and_as_computed() -> None:
    record = make("qinghe").documents[MODS]
    issued = find(record, "mods:originInfo/mods:dateIssued")
    assert [(each.text, each.get("encoding"), each.get("keyDate"), each.get("qualifier")) for each in issued] == [
        ("2021-05-09", "w3cdtf", "yes", None)
    ]
    others = {each.get("type"): each for each in find(record, "mods:originInfo/mods:dateOther")}
    assert others["lunar"].text == "辛丑年三月廿八"
    assert others["lunar"].get("calendar") == "chinese"
    assert others["lunar"].get("encoding") is None
    assert others["weekday"].text == "星期日"


def test_a_printed_value_in_doubt_is_noted_and_the_date_marked() -> None:
    issue = described("qinghe")
    doubted = tuple(
        replace(said, agreement=Agreement.DISAGREES, compared="computed: 三月廿七")
        if said.field == "lunar-date"
        else said
        for said in issue.statements
    )
    record = issue_mods(replace(issue, statements=doubted), accession_of(issue), AT)
    assert find(record, "mods:originInfo/mods:dateIssued")[0].get("qualifier") == "questionable"
    notes = texts(record, "mods:note[@displayLabel='Printed value in doubt']")
    assert notes == ["Printed lunar-date: 辛丑年三月廿八 (line 15); computed: 三月廿七."]


def test_the_english_weekly_has_volume_place_and_price() -> None:
    record = make("saltmarsh").documents[MODS]
    details = [each.get("type") for each in find(record, "mods:part/mods:detail")]
    assert details == ["volume", "issue"]
    assert texts(record, "mods:part/mods:detail/mods:caption") == ["Vol. XII", "No. 18"]
    assert "Quay Street, Saltmarsh" in texts(record, "mods:originInfo/mods:place/mods:placeTerm")
    assert texts(record, "mods:note[@displayLabel='Price']") == ["40p"]
    assert not find(record, "mods:originInfo/mods:dateOther[@type='lunar']")


@pytest.mark.parametrize(
    ("profile", "deposit", "restricted"),
    [("open", "open", False), ("restricted", "open", True), ("open", "restricted", True)],
)
def test_access_is_restricted_when_either_says_so(profile: str, deposit: str, restricted: bool) -> None:
    issue = replace(described("saltmarsh"), access=profile)
    agreed = replace(accession_of(issue), access=deposit)
    record = reading.read_mods(parse(issue_mods(issue, agreed, AT)), MODS)[0]
    rights = read_premis(parse(premis(issue, agreed, {}, [], [], AGENTS)), PREMIS).rights
    assert record.is_restricted is restricted
    assert [words.startswith("Restricted") for words in rights[0].restrictions] == [restricted]
    assert rights[0].acts == ("disseminate",)


def test_events_and_agents_are_as_given() -> None:
    issue = described("qinghe")
    accession = Accession("2026.001", "deposit", AT)
    assert read_premis(parse(premis(issue, accession, {}, [], [], AGENTS)), PREMIS).events == ()
    given = events(["data/a"], "data/b", issue)
    facts = read_premis(parse(premis(issue, accession, {}, [], given, AGENTS)), PREMIS)
    assert [found.kind for found in facts.events] == [event.type.value for event in given]
    assert [found.outcome for found in facts.events] == [event.outcome.value for event in given]
    assert [found.at for found in facts.events] == [event.at.isoformat() for event in given]
    assert [found.agents for found in facts.events] == [event.agents for event in given]
    assert facts.known("agent") == {agent.identifier for agent in AGENTS}
    roles = texts(premis(issue, accession, {}, [], given, AGENTS), "premis:event//premis:linkingAgentRole")
    assert roles.count("implementer") == sum(OPERATOR.identifier in event.agents for event in given)


def test_formats_keep_tool_basis_and_warning() -> None:
    document = make("qinghe").documents[PREMIS]
    files = {found.identifier: found for found in read_premis(parse(document), PREMIS).files}
    picture = files["data/representations/original/data/0002.jpg"]
    assert picture.formats == ("unknown", "application/octet-stream")
    assert picture.original_name == "扫描/一版 100%.jpg"
    notes = texts(document, "premis:object//premis:formatNote")
    assert "siegfried 1.11.2 (DROID_SignatureFile_V120.xml): UNKNOWN; warning: no match" in notes
    assert any(note.endswith("warning: match on extension only") for note in notes)
    assert all(re.match(r"\S+ \S+.*: ", note) for note in notes)
    keys = texts(document, "premis:object//premis:formatRegistryKey")
    assert keys == ["x-fmt/111", "fmt/1149", "x-fmt/111"]


def test_the_reading_text_is_derived_and_the_profile_documents() -> None:
    document = make("qinghe").documents[PREMIS]
    found = {}
    for entry in find(document, "premis:object"):
        identifier = reading.text(entry, "premis:objectIdentifier/premis:objectIdentifierValue")
        found[identifier] = [
            (
                reading.text(tie, "premis:relationshipSubType"),
                reading.text(tie, "premis:relatedObjectIdentifier/premis:relatedObjectIdentifierValue"),
                reading.text(tie, "premis:relatedEventIdentifier/premis:relatedEventIdentifierValue"),
            )
            for tie in entry.iterfind("premis:relationship", dict(NS))
        ]
    issue = make("qinghe").issue.identifier
    transcript = "data/representations/original/data/qinghe-2021-05-09.txt"
    derived = f"data/representations/reading/data/{issue}.md"
    assert ("has source", transcript, "event-006") in found[derived]
    assert found["data/documentation/serial-profile.toml"] == [("documents", issue, "")]
    assert not any(tie[1].endswith("documentation") for tie in found[issue]), (
        "documentation is no representation of the issue"
    )


@each_specimen
def test_facts_of_an_issue_come_back(name: str) -> None:
    specimen = make(name)
    facts = reading.issue_facts(specimen.package)
    assert facts is not None
    assert facts.identifier == specimen.issue.identifier
    assert facts.issued == specimen.issue.issued
    assert facts.issue_number == specimen.issue.numbering.issue
    for field in ("weekday", "lunar-date"):
        said = specimen.issue.statement(field)
        assert getattr(facts, field.replace("-", "_")) == (said.value if said else "")
    assert facts.line("issue-date")


def test_facts_need_a_date() -> None:
    specimen = make("qinghe", lambda issue: replace(issue, issued=date(1999, 12, 31)))
    broken = dict(specimen.documents)
    broken[MODS] = broken[MODS].replace(b">1999-12-31<", b">1999-13-31<")
    assert reading.issue_facts(replace(specimen, documents=broken).package) is None
    del broken[MODS]
    assert reading.issue_facts(replace(specimen, documents=broken).package) is None
