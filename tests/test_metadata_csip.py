"""What E-ARK CSIP 2.2 asks of the root METS: each requirement that applies, by its number."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree
from metadata_specimens import AGENTS, AT, DEPOSITS, MARKDOWN, PLAIN, accession_of, described, make, measured

from archiver.metadata.mets_root import root_mets
from archiver.metadata.reading import ROOT, resolve
from archiver.metadata.xml import NS, parse
from archiver.model.package import FileUse, PayloadFile
from archiver.model.provenance import Accession
from archiver.model.values import PackagePath

TABLE = Path(__file__).resolve().parents[2] / "shared" / "schemas" / "csip-2.2.0.tsv"
REFERENCE = "@LOCTYPE='URL' and @xlink:type='simple' and @xlink:href and @MDTYPE and @MIMETYPE and @SIZE and @CREATED"
SUMMED = "@CHECKSUM and @CHECKSUMTYPE"
MAP = "mets:structMap[@LABEL='CSIP']"
# Requirement → an XPath that is true of a document which meets it.
REQUIREMENTS: Mapping[str, str] = {
    "CSIP2": "@TYPE='Textual works – Electronic Serials'",
    "CSIP4": "@csip:CONTENTINFORMATIONTYPE='OTHER'",
    "CSIP5": "string-length(@csip:OTHERCONTENTINFORMATIONTYPE) > 0",
    "CSIP6": "starts-with(@PROFILE, 'https://')",
    "CSIP117": "count(mets:metsHdr) = 1",
    "CSIP7": "mets:metsHdr/@CREATEDATE",
    "CSIP8": "mets:metsHdr/@LASTMODDATE",
    "CSIP9": "mets:metsHdr/@csip:OAISPACKAGETYPE = 'AIP'",
    "CSIP13": "count(mets:metsHdr/mets:agent[@ROLE='CREATOR' and @TYPE='OTHER' and @OTHERTYPE='SOFTWARE']) = 1",
    "CSIP14": "mets:metsHdr/mets:agent[@OTHERTYPE='SOFTWARE']/mets:name != ''",
    "CSIP16": "count(mets:metsHdr/mets:agent/mets:note[@csip:NOTETYPE='SOFTWARE VERSION']) = 1",
    "CSIP18": "count(mets:dmdSec) = count(mets:dmdSec[@ID])",
    "CSIP19": "not(mets:dmdSec[not(@CREATED)])",
    "CSIP20": "not(mets:dmdSec[not(@STATUS='CURRENT')])",
    "CSIP22": f"not(mets:dmdSec/mets:mdRef[not({REFERENCE})])",
    "CSIP29": f"not(mets:dmdSec/mets:mdRef[not({SUMMED})])",
    "CSIP31": "count(mets:amdSec) = 1",
    "CSIP33": "not(mets:amdSec/mets:digiprovMD[not(@ID)])",
    "CSIP36": f"not(mets:amdSec/mets:digiprovMD/mets:mdRef[not({REFERENCE} and {SUMMED})])",
    "CSIP39": "mets:amdSec/mets:digiprovMD/mets:mdRef/@MDTYPE = 'PREMIS'",
    "CSIP58": "count(mets:fileSec) = 1",
    "CSIP59": "mets:fileSec/@ID",
    "CSIP60": "mets:fileSec/mets:fileGrp[@USE='Documentation']",
    "CSIP62": "not(//mets:fileGrp[starts-with(@USE, 'Representations') and not(@csip:CONTENTINFORMATIONTYPE)])",
    "CSIP64": "not(//mets:fileGrp[not(@USE)])",
    "CSIP65": "not(//mets:fileGrp[not(@ID)])",
    "CSIP66": "not(//mets:fileGrp[not(mets:file)])",
    "CSIP68": f"not(//mets:file[not(@ID and @MIMETYPE and @SIZE and @CREATED and {SUMMED})])",
    "CSIP76": "not(//mets:file[count(mets:FLocat) != 1])",
    "CSIP77": "not(//mets:FLocat[not(@LOCTYPE='URL' and @xlink:type='simple' and @xlink:href)])",
    "CSIP80": "count(mets:structMap) = 1",
    "CSIP82": f"{MAP}[@TYPE='PHYSICAL' and @ID]",
    "CSIP84": f"count({MAP}/mets:div[@ID]) = 1 and not({MAP}//mets:div[not(@ID and @LABEL)])",
    "CSIP88": f"count({MAP}/mets:div/mets:div[@LABEL='Metadata']) = 1",
    "CSIP91": f"{MAP}/mets:div/mets:div[@LABEL='Metadata']/@ADMID = //mets:digiprovMD/@ID",
    "CSIP93": f"count({MAP}/mets:div/mets:div[@LABEL='Documentation']/mets:fptr) = 1",
    "CSIP101": f"count({MAP}/mets:div/mets:div[@LABEL='Representations']) = 1",
    "CSIP119": f"not({MAP}//mets:fptr[not(@FILEID = //mets:fileGrp/@ID)])",
}
each_specimen = pytest.mark.parametrize("name", sorted(DEPOSITS))


@pytest.mark.parametrize("number", REQUIREMENTS)
@each_specimen
def test_a_requirement_is_met(name: str, number: str) -> None:
    found = parse(make(name).documents[ROOT]).xpath(REQUIREMENTS[number], namespaces=dict(NS))
    assert found


@each_specimen
def test_the_root_names_the_package_and_all_its_sections(name: str) -> None:
    specimen = make(name)
    root = parse(specimen.documents[ROOT])
    assert root.get("OBJID") == specimen.issue.identifier  # CSIP1
    metadata = root.find(".//mets:div[@LABEL='Metadata']", dict(NS))
    sections = [section.get("ID") for section in root.findall("mets:dmdSec", dict(NS))]
    assert metadata.get("DMDID").split() == sections  # CSIP92
    groups = {group.get("ID") for group in root.iter(f"{{{NS['mets']}}}fileGrp")}
    assert {pointer.get("FILEID") for pointer in root.iter(f"{{{NS['mets']}}}fptr")} == groups
    for when in root.xpath("//@CREATED | //@CREATEDATE | //@LASTMODDATE"):
        assert datetime.fromisoformat(when).tzinfo is not None


def test_the_numbers_are_those_of_the_table() -> None:
    if not TABLE.is_file():
        pytest.skip("the table of requirements is not at hand (../shared/schemas)")
    with TABLE.open(encoding="utf-8", newline="") as lines:
        known = {row[0] for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if row}
    assert REQUIREMENTS.keys() <= known


def _file(place: str, use: FileUse, name: str = "0001.txt") -> PayloadFile:
    return PayloadFile(PackagePath(place), use, name, measured(b"x"), PLAIN if use is FileUse.ORIGINAL else MARKDOWN)


def _root(**options: object) -> etree._Element:
    issue = described("saltmarsh")
    files = {"original": [_file("data/representations/original/data/a b#1%.txt", FileUse.ORIGINAL)]}
    return parse(root_mets(issue, accession_of(issue), AGENTS[0], AT, [], files, [], **options))  # type: ignore[arg-type]


def test_package_type_profile_and_schemas_are_options() -> None:
    schema = _file("data/schemas/mets.rng", FileUse.DOCUMENTATION)
    root = _root(package_type="SIP", profile="https://example.org/profile.xml", schemas=[schema])
    assert root.xpath("mets:metsHdr/@csip:OAISPACKAGETYPE", namespaces=dict(NS)) == ["SIP"]
    assert root.get("PROFILE") == "https://example.org/profile.xml"
    assert root.xpath("//mets:fileGrp[@USE='Schemas']//@xlink:href", namespaces=dict(NS)) == ["schemas/mets.rng"]
    pointer = root.xpath("//mets:div[@LABEL='Schemas']/mets:fptr/@FILEID", namespaces=dict(NS))
    assert pointer == root.xpath("//mets:fileGrp[@USE='Schemas']/@ID", namespaces=dict(NS))


def test_references_are_percent_encoded_and_come_back() -> None:
    href = _root().xpath("//mets:FLocat/@xlink:href", namespaces=dict(NS))[0]
    assert href == "representations/original/data/a%20b%231%25.txt"
    assert resolve(href, ROOT) == "data/representations/original/data/a b#1%.txt"


def test_agents_that_are_not_known_are_left_out() -> None:
    issue = described("saltmarsh")
    root = parse(root_mets(issue, Accession("1", "x", AT), AGENTS[0], AT, [], {}, []))
    assert [agent.get("TYPE") for agent in root.iter(f"{{{NS['mets']}}}agent")] == ["OTHER"]
    assert root.find(".//mets:altRecordID", dict(NS)) is None
    full = _root()
    roles = [(agent.get("ROLE"), agent.get("TYPE")) for agent in full.iter(f"{{{NS['mets']}}}agent")]
    assert roles == [("CREATOR", "OTHER"), ("ARCHIVIST", "ORGANIZATION"), ("CREATOR", "ORGANIZATION")]
    assert full.findtext(".//mets:altRecordID[@TYPE='SUBMISSIONAGREEMENT']", namespaces=dict(NS)) == "2026/17"
