"""Every rule on the documents of a package: one change, and exactly its rule speaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
from lxml import etree
from metadata_specimens import DEPOSITS, Specimen, make, measured, package

from archiver import plugs
from archiver.metadata.reading import ARTICLES, DOCUMENTS, ISSUE, MODS, PREMIS, ROOT
from archiver.metadata.reading_mets import read_mets
from archiver.metadata.xml import NS, parse, serialise
from archiver.model.contents import PackageContents
from archiver.model.report import CheckRun, Finding, Outcome

METS, MD, PR = (f"{{{NS[prefix]}}}" for prefix in ("mets", "mods", "premis"))
XLINK = f"{{{NS['xlink']}}}"
OURS = re.compile(r"MET-1\d\d")
Root = etree._Element
Change = Callable[[Root], object]


@pytest.fixture(scope="module")
def qinghe() -> Specimen:
    return make("qinghe")


def judge(package: PackageContents) -> tuple[dict[str, CheckRun], list[Finding]]:
    """The rules across documents alone: the schemas speak elsewhere."""
    runs, findings = plugs.run_checks("package", package, subject=package.name)
    return (
        {run.code: run for run in runs if OURS.fullmatch(run.code)},
        [found for found in findings if OURS.fullmatch(found.code)],
    )


def codes(package: PackageContents) -> set[str]:
    runs, findings = judge(package)
    assert [run for run in runs.values() if run.outcome is Outcome.BROKEN] == []
    assert all(found.remedy and found.path for found in findings)
    return {found.code for found in findings}


def changed(specimen: Specimen, path: str, change: Change, *, sealed: bool = True) -> PackageContents:
    """The package with one document changed; `sealed`: the digests in METS follow, as a forger would have it."""
    root = parse(specimen.documents[path])
    change(root)
    documents = dict(specimen.documents) | {path: serialise(root)}
    if sealed:
        documents[ISSUE] = _follow(documents, ISSUE)
        documents[ROOT] = _follow(documents, ROOT)
    return package(specimen.issue.identifier, specimen.contents, documents)


def _follow(documents: Mapping[str, bytes], path: str) -> bytes:
    root = parse(documents[path])
    facts = read_mets(root, path)
    for element, found in zip(root.iter(f"{METS}mdRef"), [each for each in facts.references if each.is_metadata]):  # noqa: B905
        if found.path in documents:
            element.set("SIZE", str(len(documents[found.path])))
            element.set("CHECKSUM", measured(documents[found.path]).checksums[0].hexdigest)
    return serialise(root)


def one(root: Root, path: str, number: int = 0) -> Root:
    return root.findall(path, dict(NS))[number]


def drop(path: str, number: int = 0) -> Change:
    def change(root: Root) -> None:
        element = one(root, path, number)
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)

    return change


def put(path: str, attribute: str, value: str, number: int = 0) -> Change:
    return lambda root: one(root, path, number).set(attribute, value)


def write(path: str, text: str, number: int = 0) -> Change:
    def change(root: Root) -> None:
        one(root, path, number).text = text

    return change


def swap(path: str) -> Change:
    """Put the second of two neighbours before the first."""

    def change(root: Root) -> None:
        first, second = root.findall(path, dict(NS))[:2]
        first.addprevious(second)

    return change


FILE, AREA, DIV = ".//mets:file", ".//mets:area", ".//mets:div[@ID='{}']"
LAST_AREA = ".//mets:div[@ID='LOG_ARTICLE_007']//mets:area"
FILE_OBJECT = "premis:object[@xsi:type='premis:file']"

CHANGES: list[tuple[str, str, Change]] = [
    ("MET-102", ROOT, put(".//mets:FLocat", f"{XLINK}href", "representations/original/data/0009.txt", 1)),
    ("MET-103", ROOT, put(FILE, "SIZE", "12")),
    ("MET-103", ROOT, put(FILE, "CHECKSUM", "0" * 128)),
    ("MET-103", ROOT, put(FILE, "CHECKSUMTYPE", "MD5")),
    ("MET-103", ISSUE, put(FILE, "SIZE", "")),
    ("MET-105", ISSUE, put(".//mets:fileGrp", "ID", "GROUP_READING")),
    ("MET-105", ISSUE, put(".//mets:div[@ID='LOG_ISSUE']", "ADMID", "AMD_9")),
    ("MET-105", ISSUE, put(".//mets:smLink", f"{XLINK}to", "PHYS_0009")),
    ("MET-105", ROOT, put(".//mets:div[@ID='DIV_REPRESENTATIONS']/mets:fptr", "FILEID", "GROUP_9")),
    ("MET-106", ISSUE, put(DIV.format("PHYS_0002"), "ORDER", "3")),
    ("MET-106", ISSUE, put(DIV.format("LOG_ARTICLE_003"), "ORDER", "")),
    ("MET-107", ISSUE, put(LAST_AREA, "END", "999999")),
    ("MET-107", ISSUE, put(LAST_AREA, "BEGIN", "-1")),
    ("MET-107", ISSUE, put(LAST_AREA, "BEGIN", "²")),
    ("MET-107", ISSUE, put(LAST_AREA, "END", "0")),
    ("MET-107", ISSUE, put(LAST_AREA, "END", "9" * 5000)),
    ("MET-108", ROOT, lambda root: root.set("OBJID", "other")),
    ("MET-108", ISSUE, lambda root: root.set("OBJID", "other")),
    ("MET-108", MODS, write("mods:recordInfo/mods:recordIdentifier", "other")),
    ("MET-109", PREMIS, write(f"{FILE_OBJECT}//premis:size", "12")),
    ("MET-109", PREMIS, write(f"{FILE_OBJECT}//premis:messageDigest", "0" * 128)),
    ("MET-109", PREMIS, drop(f"{FILE_OBJECT}//premis:format", 1)),
    ("MET-109", ISSUE, put(FILE, "MIMETYPE", "image/tiff")),
    ("MET-110", PREMIS, drop("premis:event/premis:linkingAgentIdentifier/..", 3)),
    ("MET-110", PREMIS, put("premis:event//premis:eventOutcome", "valueURI", "")),
    ("MET-110", PREMIS, write("premis:event/premis:eventDateTime", "yesterday")),
    ("MET-110", PREMIS, write("premis:event/premis:eventDateTime", "2026-01-05T09:00:00")),
    ("MET-110", PREMIS, write("premis:event/premis:eventDateTime", "2026-01-05T01:00:00+00:01", 1)),
    ("MET-111", PREMIS, drop("premis:rights")),
    ("MET-111", PREMIS, drop("premis:rights//premis:restriction")),
    ("MET-111", PREMIS, write("premis:rights//premis:restriction", "None stated.")),
    ("MET-111", ARTICLES, drop("mods:mods/mods:accessCondition[@displayLabel='Archive']", 2)),
    ("MET-112", MODS, write("mods:relatedItem/mods:part/mods:detail/mods:number", "2020")),
    ("MET-112", MODS, drop("mods:relatedItem/mods:part")),
    ("MET-112", ARTICLES, write("mods:mods/mods:relatedItem/mods:part/mods:date", "2021-05-10", 3)),
    ("MET-113", ARTICLES, drop("mods:mods", 2)),
    ("MET-113", ARTICLES, write("mods:mods/mods:titleInfo/mods:title", "别的")),
    ("MET-113", ARTICLES, swap("mods:mods")),
    ("MET-113", ISSUE, put(DIV.format("LOG_ARTICLE_002"), "LABEL", "别的")),
    ("MET-113", ISSUE, put(DIV.format("LOG_ARTICLE_002"), "DMDID", "DMD_001")),
    ("MET-114", PREMIS, drop("premis:agent", 1)),
    ("MET-114", PREMIS, write("premis:event/premis:linkingObjectIdentifier/premis:linkingObjectIdentifierValue", "x")),
    ("MET-114", PREMIS, write("premis:event/premis:eventIdentifier/premis:eventIdentifierValue", "event-002")),
    ("MET-115", ISSUE, drop(".//mets:smLink", -1)),
    ("MET-116", ISSUE, put(DIV.format("PHYS_0002"), "LABEL", "二版")),
    ("MET-116", ISSUE, drop(f"{DIV.format('PHYS_0001')}/mets:fptr")),
]


@pytest.mark.parametrize("name", sorted(DEPOSITS))
def test_a_package_as_made_has_no_fault(name: str) -> None:
    runs, findings = judge(make(name).package)
    assert findings == []
    assert {run.outcome for run in runs.values()} == {Outcome.PASSED}


@pytest.mark.parametrize(
    ("code", "path", "change"), CHANGES, ids=[f"{code}-{number}" for number, (code, *_) in enumerate(CHANGES)]
)
def test_one_change_one_rule(qinghe: Specimen, code: str, path: str, change: Change) -> None:
    found = codes(changed(qinghe, path, change))
    expected = {code}
    if code == "MET-102":
        expected |= {"MET-104", "MET-109"}  # the file it no longer names, and the one PREMIS does not know
    assert found == expected


def test_every_rule_is_broken_by_a_test() -> None:
    known = {check.rule.code for check in plugs.checks("package") if OURS.fullmatch(check.rule.code)}
    elsewhere = {"MET-101", "MET-104"}
    assert known == {code for code, _path, _change in CHANGES} | elsewhere


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_missing_document_is_said_once_and_the_rest_is_skipped(qinghe: Specimen, path: str) -> None:
    documents = {name: content for name, content in qinghe.documents.items() if name != path}
    runs, findings = judge(package(qinghe.issue.identifier, qinghe.contents, documents))
    assert [(found.code, found.path) for found in findings] == [("MET-101", path)]
    skipped = [run for run in runs.values() if run.outcome is Outcome.SKIPPED]
    assert skipped
    assert {run.reason for run in skipped} == {f"{path} is missing"}
    assert not [run for run in runs.values() if run.outcome is Outcome.BROKEN]


@pytest.mark.parametrize("path", DOCUMENTS)
@pytest.mark.parametrize("content", [b"", b"<mets", b"\x00", b"<!DOCTYPE x><x/>", b"<x/>"])
def test_no_document_breaks_a_rule(qinghe: Specimen, path: str, content: bytes) -> None:
    """Whatever stands in a document, the rules speak or are skipped; none crashes."""
    documents = dict(qinghe.documents) | {path: content}
    assert codes(package(qinghe.issue.identifier, qinghe.contents, documents)) <= {
        check.rule.code for check in plugs.checks("package")
    }


def test_a_document_that_was_cut_off_is_noticed_by_its_digest(qinghe: Specimen) -> None:
    found = codes(changed(qinghe, MODS, drop("mods:genre"), sealed=False))
    assert found == {"MET-103"}


def test_a_file_that_no_mets_names(qinghe: Specimen) -> None:
    contents = dict(qinghe.contents) | {"data/documentation/note.txt": b"hello\n"}
    runs, findings = judge(package(qinghe.issue.identifier, contents, qinghe.documents))
    assert [(found.code, found.path) for found in findings] == [("MET-104", "data/documentation/note.txt")]
    assert runs["MET-104"].outcome is Outcome.FAILED


def test_a_package_under_another_name(qinghe: Specimen) -> None:
    findings = judge(package("copy of May", qinghe.contents, qinghe.documents))[1]
    assert {found.code for found in findings} == {"MET-108"}
    assert {found.path for found in findings} == {ROOT, ISSUE, MODS, PREMIS}
    assert all("'copy of May'" in found.message and qinghe.issue.identifier in found.message for found in findings)


@pytest.mark.parametrize(
    "href",
    [
        "../../../outside.txt",
        "/etc/hostname",
        "file:///etc/hostname",
        "https://example.org/x",
        "//example.org/x",
        "representations/%2e%2e/%2e%2e/%2e%2e/outside.txt",
        "http://[",
        "",
        "?x",
    ],
)
def test_a_reference_that_leaves_the_package_is_not_followed(qinghe: Specimen, href: str) -> None:
    subject = changed(qinghe, ROOT, put(".//mets:FLocat", f"{XLINK}href", href, 1))
    findings = [found for found in judge(subject)[1] if found.code == "MET-102"]
    assert len(findings) == 1
    assert "leaves the payload" in findings[0].message


def test_findings_name_line_and_both_values(qinghe: Specimen) -> None:
    subject = changed(qinghe, ROOT, put(FILE, "SIZE", "12"))
    found = judge(subject)[1][0]
    lines = subject.documents[ROOT].decode().splitlines()
    assert found.line is not None
    assert "mets:FLocat" in lines[found.line - 1]
    size = len(qinghe.contents["data/documentation/serial-profile.toml"])
    assert "12 bytes" in found.message
    assert f"found {size}" in found.message


def test_documents_are_parsed_once(qinghe: Specimen) -> None:
    subject = qinghe.package
    judge(subject)
    before = dict(subject.parsed)
    judge(subject)
    assert all(subject.parsed[key] is before[key] for key in before)
