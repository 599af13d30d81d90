"""METS of depositors: each convention is read for what it says, and nothing it says leads anywhere."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path

import mets_specimens as specimens
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from mets_specimens import Specimen
from mutants import mutants

from archiver import plugs
from archiver.checksum_lists.comparing import compare
from archiver.foreign_mets import reading, recognise
from archiver.foreign_mets.dates import day_of, is_impossible
from archiver.foreign_mets.giving import gathered_pages, given_by, losses
from archiver.foreign_mets.places import FileNames, Places
from archiver.foreign_mets.reading import read_mets
from archiver.foreign_mets.text import taken_text
from archiver.layout.reading import read_layout
from archiver.layout.reading import recognise as is_layout
from archiver.model.checksum_list import ListTrouble
from archiver.model.foreign_mets import (
    ArticleKind,
    Convention,
    DepositedMets,
    ForeignIdentifier,
    ForeignIssue,
    ForeignMets,
    ForeignName,
    MetsTrouble,
    NamedMets,
)
from archiver.model.layout import LayoutDocument, Zone
from archiver.model.package import Measured
from archiver.model.page_files import PageUse
from archiver.model.report import Outcome, Severity
from archiver.model.taken import PieceKind, TakenText
from archiver.model.values import Algorithm, Checksum

SHARED = Path(__file__).resolve().parents[2] / "shared" / "schemas"
WHOLE = {name: make() for name, make in specimens.ALL.items()}


def read(specimen: Specimen) -> ForeignMets:
    return read_mets(specimen.content, specimen.name, specimen.names)


def only_issue(specimen: Specimen) -> ForeignIssue:
    (issue,) = read(specimen).issues
    return issue


def layouts_of(specimen: Specimen) -> dict[str, LayoutDocument]:
    return {name: read_layout(content, name) for name, content in specimen.files.items() if is_layout(content)}


def text_of(specimen: Specimen) -> TakenText:
    return taken_text(only_issue(specimen), layouts_of(specimen))


def findings(specimen: Specimen, entry: NamedMets | None = None) -> list[tuple[str, Severity, str]]:
    deposited = DepositedMets(read(specimen), layouts_of(specimen), entry)
    runs, found = plugs.run_checks("foreign-mets", deposited, subject="x")
    assert Outcome.BROKEN not in {run.outcome for run in runs}
    return [(each.code, each.severity, each.message) for each in found]


def codes(specimen: Specimen, entry: NamedMets | None = None) -> set[str]:
    """The codes found, losses left out: every specimen has some."""
    return {code for code, _severity, _message in findings(specimen, entry)} - {"MTS-012"}


# Recognised


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_mets_is_recognised_by_its_root(name: str, encoding: str) -> None:
    text = WHOLE[name].content.decode().replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"')
    content = text.replace("?>", "?>\n<!-- <html> -->\n<?pi alto?>", 1).encode(encoding)
    assert recognise(content[:65_536])
    assert read_mets(content, "x.xml", []).is_read


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"mets",
        b"<html><mets:mets/></html>",
        b'<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"/>',
        b'<batch xmlns="http://example.org/"/>',
        b"<metsx/>",
        b"\xff\xd8\xff\xe0 <mets>",
    ],
)
def test_nothing_else_is_recognised(content: bytes) -> None:
    assert not recognise(content)
    found = read_mets(content, "x.xml", [])
    assert [problem.trouble for problem in found.problems] == [MetsTrouble.NOT_METS]
    assert not found.is_read


@pytest.mark.parametrize(
    ("name", "convention", "basis"),
    [
        ("ndnp", Convention.NDNP, "PROFILE urn:library-of-congress:mets:profiles:ndnp:issue:v1.5"),
        ("ndnp batch", Convention.NDNP_BATCH, "root element batch of http://www.loc.gov/ndnp"),
        ("docworks", Convention.DOCWORKS, "agent CCS docWORKS/METAe Version 7.1-0, creator"),
        ("dfg", Convention.DFG, "a division of TYPE physSequence"),
        ("ocrd", Convention.OCRD, "fileGrp USE OCR-D-IMG"),
    ],
)
def test_conventions_are_told_with_their_basis(name: str, convention: Convention, basis: str) -> None:
    found = read(WHOLE[name])
    assert (found.convention, found.basis) == (convention, basis)
    assert [issue.convention for issue in found.issues] == [convention] * len(found.issues)


def test_the_weaker_signs_of_a_convention_do() -> None:
    plain = WHOLE["ndnp"].but("ndnp:mets:newspaper:issue", "x").but("profiles:ndnp:issue:v1.5", "y")
    assert read(plain).basis == "divisions of TYPE np:"
    bare = WHOLE["docworks"].but("CCS docWORKS/METAe Version 7.1-0", "A program")
    assert read(bare).basis == "fileGrp IMGGRP"
    assert read(bare.but("<mets:mets ", '<mets:mets PROFILE="ENMAP" ')).basis == "PROFILE ENMAP"


@pytest.mark.skipif(not SHARED.exists(), reason="the official schemas are not beside the repository")
@pytest.mark.parametrize("name", [name for name in WHOLE if name != "ndnp batch"])
def test_the_specimens_are_valid_mets(name: str) -> None:
    schema = etree.XMLSchema(etree.parse(SHARED / "together.xsd"))
    schema.assertValid(etree.fromstring(WHOLE[name].content))


# NDNP


def test_an_ndnp_issue_is_read() -> None:
    issue = only_issue(WHOLE["ndnp"])
    assert (issue.title, issue.volume, issue.number, issue.edition) == (
        "The harbour bell (Millport, Ohio)", "12", "34", "1",
    )  # fmt: skip
    assert issue.issued == date(1911, 1, 2)
    assert issue.identifiers == (ForeignIdentifier("lccn", "sn99000001"),)
    assert [(page.number, page.label, page.section) for page in issue.pages] == [(1, "1", ""), (2, "2", "Women")]
    folder = "sn99000001/00175042143/1911010201"
    assert issue.pages[0].images == (f"{folder}/0001.tif", f"{folder}/0001.jp2")
    assert issue.pages[1].layout == f"{folder}/0002.xml"
    assert issue.pages[1].of(PageUse.DOCUMENT) == (f"{folder}/0002.pdf",)
    assert issue.articles == ()


def test_a_date_that_was_misprinted_is_kept_and_not_taken() -> None:
    issue = only_issue(WHOLE["ndnp"])
    assert [(each.written, each.is_questionable) for each in issue.dates] == [
        ("1911-01-02", False), ("1910-01-02", True), ("1911-01-02", False),
    ]  # fmt: skip
    assert codes(WHOLE["ndnp"]) == set()


def test_an_ndnp_batch_names_its_issues() -> None:
    found = read(WHOLE["ndnp batch"])
    assert found.label == "batch_xyz_alder_ver01"
    assert [(each.name, each.lccn, each.issued, each.edition) for each in found.named] == [
        (f"sn99000001/00175042143/{day}/{day}.xml", "sn99000001", written, "01")
        for day, written in (("1911010201", "1911-01-02"), ("1911010301", "1911-01-03"))
    ]
    assert "reel of a batch: 1, as 00175042143" in losses(found)
    assert found.issues == ()
    assert found.problems == ()


def test_an_issue_is_held_against_its_batch() -> None:
    first, second = read(WHOLE["ndnp batch"]).named
    assert codes(WHOLE["ndnp"], first) == set()
    assert ("MTS-015", Severity.WARNING, "date: the batch says 1911-01-03, the METS 1911-01-02") in findings(
        WHOLE["ndnp"], second
    )
    other = NamedMets("x", "x", "sn99000002", "1911-01-02", "02")
    said = [message for code, _severity, message in findings(WHOLE["ndnp"], other) if code == "MTS-015"]
    assert said == ["LCCN: the batch says sn99000002, the METS sn99000001", "edition: the batch says 2, the METS 1"]


# docWorks


def test_a_docworks_issue_is_read() -> None:
    issue = only_issue(WHOLE["docworks"])
    assert (issue.title, issue.number, issue.volume, issue.issued) == (
        "Wochenblatt für Ahlen", "19", "7", date(1902, 9, 5),
    )  # fmt: skip
    assert (issue.language, issue.publisher, issue.place, issue.identified("issn")) == (
        "ger", "A. Amsel", "Ahlen", "1234-5679",
    )  # fmt: skip
    assert [article.kind for article in issue.articles] == [
        ArticleKind.MASTHEAD, ArticleKind.ARTICLE, ArticleKind.ADVERTISEMENT, ArticleKind.ARTICLE,
    ]  # fmt: skip
    dyke, market = issue.articles[1], issue.articles[3]
    assert (dyke.headline, dyke.language, dyke.authors, dyke.pages) == (
        "Der Deich ist gebrochen", "ger", (ForeignName("Karl Amsel", "aut"),), (1, 2),
    )  # fmt: skip
    assert [(part.kind, part.page, part.block) for part in dyke.parts] == [
        (PieceKind.HEADING, 1, "P1_TB2"),
        (PieceKind.BYLINE, 1, "P1_TB3"),
        (PieceKind.TEXT, 1, "P1_TB4"),
        (PieceKind.TEXT, 2, "P2_TB1"),
        (PieceKind.CAPTION, 1, ""),
        (PieceKind.CAPTION, 1, "P1_TB5"),
    ]
    (picture,) = dyke.illustrations
    assert picture.caption == "Der Deich am Morgen"
    assert picture.parts[0].zone == Zone(100, 200, 400, 500)
    assert (market.section, market.headline) == ("Handel", "Der Markt")


def test_text_follows_the_articles_with_page_file_and_block() -> None:
    taken = text_of(WHOLE["docworks"])
    assert [(p.text, p.kind, p.page, p.block) for p in taken.pieces if p.text] == [
        ("Wochenblatt für Ahlen", PieceKind.MASTHEAD, 1, "P1_TB1"),
        ("Der Deich ist gebrochen", PieceKind.HEADING, 1, "P1_TB2"),
        ("Von Karl Amsel", PieceKind.BYLINE, 1, "P1_TB3"),
        ("In der Nacht stieg", PieceKind.TEXT, 1, "P1_TB4"),
        ("das Wasser.", PieceKind.TEXT, 1, "P1_TB4"),
        ("Am Abend sank es.", PieceKind.TEXT, 2, "P2_TB1"),
        ("Der Deich am Morgen", PieceKind.CAPTION, 1, "P1_TB5"),
        ("Seife, das Stück", PieceKind.ADVERT, 1, "P1_TB6"),
        ("zu 5 Pf.", PieceKind.ADVERT, 1, "P1_TB6"),
        ("Der Markt", PieceKind.HEADING, 2, "P2_TB2"),
        ("Roggen fest.", PieceKind.TEXT, 2, "P2_TB3"),
        ("Seite 1", PieceKind.TEXT, 1, "P1_TB7"),
    ]
    assert {p.file for p in taken.pieces if p.text} == {"1902/alto/00001.xml", "1902/alto/00002.xml"}
    assert taken.basis == "ALTO, 2 documents, in the order of METS"
    assert set(taken.losses) == {
        "1 illustration",
        "1 advertisement without a headline, not parted from what stands before",
        "1 block that no article has, at the end",
    }


def test_the_headline_of_the_mets_stands_where_none_is_printed() -> None:
    taken = text_of(WHOLE["docworks"].but(' ID="DTL20"', ' ID="DTL20" LABEL="Seife"').but("P1_TB2", "P1_NONE"))
    heads = [(p.text, p.page, p.block) for p in taken.pieces if p.kind is PieceKind.HEADING]
    assert heads == [("Der Deich ist gebrochen", 1, ""), ("Seife", 1, ""), ("Der Markt", 2, "P2_TB2")]
    assert "1 part of articles in blocks that are not there" in taken.losses


def test_a_block_of_two_articles_is_the_first_ones() -> None:
    taken = text_of(WHOLE["docworks"].but("P2_TB3", "P2_TB1"))
    assert [p.text for p in taken.pieces].count("Am Abend sank es.") == 1


def test_a_run_of_blocks_and_a_single_line_are_taken() -> None:
    run = WHOLE["docworks"].but('BEGIN="P1_TB4"/>', 'BEGIN="P1_TB4" END="P1_TB6"/>')
    texts = [p.text for p in text_of(run).pieces if p.text]
    assert texts[3:8] == ["In der Nacht stieg", "das Wasser.", "Der Deich am Morgen", "Seife, das Stück", "zu 5 Pf."]
    line = text_of(WHOLE["docworks"].but('BEGIN="P1_TB4"', 'BEGIN="P1_TB4_L1"'))
    texts = [p.text for p in line.pieces if p.text]
    assert texts[3] == "das Wasser."
    assert texts[-2:] == ["In der Nacht stieg", "Seite 1"]  # the line that is left follows with its block


def test_text_without_layouts_is_empty_and_says_so() -> None:
    taken = taken_text(only_issue(WHOLE["docworks"]), {})
    assert [p.text for p in taken.pieces if p.text] == ["Der Deich ist gebrochen", "Der Markt"]
    assert "9 parts of articles in layout documents that were not read" in taken.losses


def test_stated_digests_are_a_checksum_list() -> None:
    specimen = WHOLE["docworks"]
    listing = read(specimen).checksums
    assert listing is not None
    assert [entry.path for entry in listing.entries][:2] == ["img/00001.tif", "img/00002.tif"]
    files = {**specimen.files, "1902/img/00002.tif": b"another", specimen.name: specimen.content}
    measured = {
        name: Measured(len(content), (Checksum.of(Algorithm.MD5, hashlib.md5(content).hexdigest()),))
        for name, content in files.items()
    }
    comparison = compare([listing], measured)
    assert [one.path for one in comparison.mismatched] == ["1902/img/00002.tif"]
    assert len(comparison.verified) == 3
    assert comparison.unlisted == ()


@pytest.mark.parametrize(
    ("stated", "trouble"),
    [("CRC32", ListTrouble.CRC_ONLY), ("TIGER", ListTrouble.UNKNOWN_ALGORITHM), ("MNP", ListTrouble.UNKNOWN_ALGORITHM),
     ("SHA-1", ListTrouble.DIGEST_FORM)],
)  # fmt: skip
def test_digests_that_are_no_evidence_are_told(stated: str, trouble: ListTrouble) -> None:
    listing = read(WHOLE["docworks"].but('"MD5"', f'"{stated}"')).checksums
    assert listing is not None
    assert listing.entries[0].checksums == ()
    assert listing.entries[0].trouble is trouble


# Kitodo/DFG


def test_a_kitodo_issue_is_read() -> None:
    issue = only_issue(WHOLE["dfg"])
    assert (issue.title, issue.number, issue.issued, issue.label) == (
        "Der Küstenbote", "52", date(1915, 3, 4), "Nr. 52",
    )  # fmt: skip
    assert (issue.identified("zdb"), issue.identified("gbv-ppn")) == ("9999999-3", "PPN123")
    assert [(page.label, page.images, page.layout) for page in issue.pages] == [
        (label, (f"max/0000000{n}.tif", f"default/0000000{n}.jpg"), f"fulltext/0000000{n}.xml")
        for n, label in ((1, ""), (2, "2"))
    ]
    assert [(article.headline, article.pages, article.parts) for article in issue.articles] == [("Eisgang", (2,), ())]
    taken = text_of(WHOLE["dfg"])
    assert [(p.page, p.text) for p in taken.pieces if p.text] == [
        (1, "Küstenbote"), (1, "Wind aus Nord."), (2, "Eisgang"), (2, "Die Elbe ist zu."),
    ]  # fmt: skip
    assert taken.losses == ("1 article tied to pages alone, not to blocks",)


def test_pages_come_by_order() -> None:
    turned = WHOLE["dfg"].but('ORDER="1"', 'ORDER="3"')
    assert [page.identifier for page in only_issue(turned).pages] == ["PHYS_0002", "PHYS_0001"]


def test_a_year_names_the_mets_of_its_issues() -> None:
    days = "".join(
        f'<mets:div TYPE="day" ORDERLABEL="1915-03-0{day}"><mets:div TYPE="issue" LABEL="Nr. {day}">'
        f'<mets:mptr LOCTYPE="URL" xlink:href="{href}"/></mets:div></mets:div>'
        for day, href in ((4, "4/mets.xml"), (5, "https://example.org/5.xml"))
    )
    content = (
        f'<mets:mets {specimens.METS}><mets:structMap TYPE="LOGICAL"><mets:div TYPE="newspaper"><mets:div TYPE="year">'
        f"{days}</mets:div></mets:div></mets:structMap></mets:mets>"
    )
    found = read_mets(content.encode(), "year.xml", ["4/mets.xml", "year.xml"])
    assert found.convention is Convention.DFG
    assert [(each.name, each.issued, each.label) for each in found.named] == [
        ("4/mets.xml", "1915-03-04", "Nr. 4"), ("", "1915-03-05", "Nr. 5"),
    ]  # fmt: skip
    assert found.issues == ()
    assert [problem.trouble for problem in found.problems] == [MetsTrouble.ELSEWHERE]


def test_several_issues_of_one_mets_have_their_own_pages() -> None:
    second = (
        '<mets:div TYPE="issue" ID="LOG_0009" LABEL="Nr. 53"/></mets:div>'
        '<mets:div TYPE="day" ORDERLABEL="1915-03-06"><mets:div TYPE="issue" ID="LOG_0010" LABEL="Nr. 54"/></mets:div>'
    )
    text = WHOLE["dfg"].content.decode()
    text = text.replace('xlink:from="LOG_0004" xlink:to="PHYS_0002"', 'xlink:from="LOG_0010" xlink:to="PHYS_0002"')
    text = text.replace("</mets:div></mets:div></mets:div></mets:div></mets:div></mets:structMap>",
                        f"</mets:div>{second}</mets:div></mets:div></mets:div></mets:structMap>", 1)  # fmt: skip
    specimen = Specimen("meta.xml", text.encode(), WHOLE["dfg"].files)
    issues = read(specimen).issues
    assert [(issue.label, [page.identifier for page in issue.pages]) for issue in issues] == [
        # the first has the second page by its article
        ("Nr. 52", ["PHYS_0001", "PHYS_0002"]),
        ("Nr. 53", []),
        ("Nr. 54", ["PHYS_0002"]),
    ]
    assert issues[2].issued == date(1915, 3, 6)
    assert [page.number for page in issues[2].pages] == [1]
    assert ("MTS-013", Severity.NOTICE) in {(code, severity) for code, severity, _message in findings(specimen)}


# OCR-D


def test_an_ocrd_workspace_is_one_issue() -> None:
    issue = only_issue(WHOLE["ocrd"])
    assert (issue.title, issue.issued, issue.date_written) == ("Abendblatt", date(1921, 5, 5), "5. Mai 1921")
    assert issue.pages[0].images[0] == "abend/OCR-D-IMG/OCR-D-IMG_0001.tif"
    assert [page.layout for page in issue.pages] == [
        "abend/OCR-D-GT-SEG-PAGE/OCR-D-GT-SEG-PAGE_0001.xml",
        "abend/OCR-D-OCR-TESS/OCR-D-OCR-TESS_0002.xml",
    ]
    taken = text_of(WHOLE["ocrd"])
    assert [(p.kind, p.page, p.text) for p in taken.pieces if p.text] == [
        (PieceKind.HEADING, 1, "Nachrichten"),
        (PieceKind.TEXT, 1, "OCR-D-GT-SEG-PAGE Seite 1"),
        (PieceKind.HEADING, 2, "Nachrichten"),
        (PieceKind.TEXT, 2, "OCR-D-OCR-TESS Seite 2"),
    ]
    assert "further text of a page (OCR-D-SEG-LINE): 2, as abend/OCR-D-SEG-LINE/OCR-D-SEG-LINE_0001.xml" in losses(
        read(WHOLE["ocrd"])
    )


# What it gives


def test_the_example_of_the_documentation_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    specimen = WHOLE["docworks"]
    for name, content in {**specimen.files, specimen.name: specimen.content}.items():
        (tmp_path / "deposit" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "deposit" / name).write_bytes(content)
    text = (Path(__file__).parents[1] / "docs" / "mets-deposits.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    exec(text.split("```python\n")[1].split("```")[0], {})
    said = capsys.readouterr().out
    assert "Wochenblatt für Ahlen 1902-09-05 19 4" in said
    rows = re.findall(r"^\| (\d) \| (P\S+) \| (\S+) \| (.+) \|$", text, re.MULTILINE)
    assert len(rows) == 4
    assert [row for row in rows if " ".join(row) not in said] == []


def test_what_is_given_to_the_description() -> None:
    said = given_by(only_issue(WHOLE["ndnp"]))
    assert dict(said.values) == {
        "title": "The harbour bell (Millport, Ohio)",
        "issue-date": "1911-01-02",
        "volume": "12",
        "issue-number": "34",
        "lccn": "sn99000001",
    }
    assert said.origin == f"the METS {WHOLE['ndnp'].name}"
    (first, _second) = gathered_pages(only_issue(WHOLE["docworks"]))
    assert (first.images, first.layout) == (("1902/img/00001.tif",), "1902/alto/00001.xml")


def test_nothing_of_the_mets_is_lost_silently() -> None:
    """Every MODS leaf and administrative section is either in the model or told."""
    for name, specimen in WHOLE.items():
        found = read(specimen)
        told = " ".join(losses(found)) + repr(found.issues) + repr(found.named)
        root = etree.fromstring(specimen.content)
        for leaf in root.iter("{http://www.loc.gov/mods/v3}*"):
            if len(leaf) == 0 and (leaf.text or "").strip():
                local = etree.QName(leaf).localname
                is_told = str(leaf.text) in told or f"/{local}:" in told or f"MODS {local}:" in told
                assert is_told or local == "start", (name, local, leaf.text)
        for section in root.iter("{*}techMD", "{*}rightsMD"):
            assert etree.QName(section).localname + " in" in told


# Broken ones: one change, one rule


@pytest.mark.parametrize("name", WHOLE)
def test_a_good_mets_has_no_faults_but_losses(name: str) -> None:
    assert codes(WHOLE[name]) == set()
    assert {severity for _code, severity, _message in findings(WHOLE[name])} <= {Severity.NOTICE}


BROKEN = [
    ("docworks", "</mets:mets>", "", "MTS-001", "cannot be read"),
    ("docworks", '<?xml version="1.0" encoding="UTF-8"?>', "<!DOCTYPE x [<!ENTITY a 'b'>]>", "MTS-001", "DOCTYPE"),
    ("dfg", "http://www.loc.gov/METS/", "http://www.loc.gov/METS/v2", "MTS-001", "METS 2"),
    ("ndnp", "0002.tif", "0003.tif", "MTS-003", "0003.tif is not in the deposit"),
    ("ndnp batch", "1911010301.xml<", "x.xml<", "MTS-003", "x.xml is not in the deposit"),
    ("docworks", "file://./img/00001.tif", "file:///img/00001.tif", "MTS-005", "absolute path"),
    ("docworks", "file://./img/00001.tif", "C:\\scans\\00001.tif", "MTS-005", "absolute path"),
    ("docworks", "file://./img/00001.tif", "/etc/passwd", "MTS-005", "absolute path"),
    ("docworks", "file://./img/00001.tif", "../../x.tif", "MTS-005", "out of the deposit"),
    ("docworks", "file://./img/00001.tif", "%2e%2e/%2e%2e/%2e%2e/x.tif", "MTS-003", "not in the deposit"),
    ("docworks", "file://./img/00001.tif", "https://example.org/1.tif", "MTS-005", "archiver does not go there"),
    ("docworks", "file://./img/00001.tif", "", "MTS-006", "is no name of a file"),
    ("docworks", '"IMG00001" SHAPE', '"IMG00009" SHAPE', "MTS-006", "FILEID IMG00009 of area names no element"),
    ("docworks", 'DMDID="MODSMD_PICT1"', 'DMDID="MODSMD_PICT9"', "MTS-006", "DMDID MODSMD_PICT9 of div"),
    ("docworks", 'DMDID="MODSMD_PICT1"', 'DMDID="DTL1"', "MTS-006", "names a div"),
    ("dfg", 'ADMID="AMD"', 'ADMID="AMX"', "MTS-006", "ADMID AMX of div"),
    ("dfg", 'xlink:from="LOG_0005"', 'xlink:from="LOG_0055"', "MTS-006", "smLink from LOG_0055"),
    ("docworks", 'ID="DTL20"', 'ID="DTL5"', "MTS-007", "the identifier DTL5 stands twice"),
    ("docworks", 'BEGIN="P2_TB3"', 'BEGIN="P2_TB9"', "MTS-008", "Der Markt: no such block: P2_TB9"),
    ("docworks", "1902-09-05<", "1902<", "MTS-009", "dateIssued is 1902"),
    ("docworks", "dateIssued", "dateValid", "MTS-009", "the METS states no date of the issue"),
    ("docworks", "1902-09-05<", "1902-09-31<", "MTS-010", "dateIssued is 1902-09-31, which is no day"),
    ("docworks", "1902-09-05<", "31. September 1902<", "MTS-010", "which is no day"),
    ("dfg", '"1915-03-04"', '"1915-03-05"', "MTS-011", "ORDERLABEL of the division of the day is 1915-03-05"),
    ("ndnp", ', 1911-01-02"', ', 1911-01-20"', "MTS-011", "the date in LABEL is 1911-01-20"),
    ("ndnp batch", "issue", "tissue", "MTS-013", "the batch names no issue"),
    ("ocrd", ' ORDER="2"', ' ORDER="3"', "MTS-014", "ORDER runs from 1 to 3 without 2"),
    ("ocrd", ' ORDER="2"', ' ORDER="1"', "MTS-014", "2 pages have ORDER 1"),
    ("ndnp", "<fptr FILEID=", "<fptr ID=", "MTS-014", "page 1 (1) has no file in the deposit"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "code", "words"), BROKEN)
def test_what_is_broken_is_found(name: str, old: str, new: str, code: str, words: str) -> None:
    found = findings(WHOLE[name].but(old, new, -1 if old in {"issue", "<fptr FILEID=", "dateIssued"} else 1))
    assert [message for known, _severity, message in found if known == code and words in message] != [], found


def test_a_convention_that_nobody_knows_is_read_all_the_same() -> None:
    text = WHOLE["docworks"].content.decode().replace("IMGGRP", "A").replace("ALTOGRP", "B")
    found = read(Specimen(WHOLE["docworks"].name, text.replace("CCS docWORKS", "X").encode(), WHOLE["docworks"].files))
    assert found.convention is None
    assert [problem.trouble for problem in found.problems] == [MetsTrouble.CONVENTION]
    assert len(found.issues[0].pages) == 2
    assert len(found.issues[0].articles) == 4


def test_files_that_nothing_names_are_told() -> None:
    specimen = WHOLE["docworks"]
    more = Specimen(specimen.name, specimen.content, {**specimen.files, "1902/img/00003.tif": b"", "other/x.txt": b""})
    assert read(more).unnamed == ("1902/img/00003.tif",)
    assert ("MTS-004", Severity.NOTICE, "the METS does not name 1 file beside it: 1902/img/00003.tif") in findings(more)


def test_names_are_prepared_once_for_all_mets() -> None:
    names = FileNames(["a/1.tif", "a/b/2.tif", "a0/3.tif", "a-b/4.tif", "A/5.tif", "a"])
    assert names.below("a") == ["a/1.tif", "a/b/2.tif"]
    assert names.below("a/b") == ["a/b/2.tif"]
    assert len(names.below("")) == 6
    assert (names.by_capitals("A0/3.TIF"), names.by_capitals("A/1.tif"), names.exact("a/2.tif")) == (
        "a0/3.tif", "a/1.tif", "",
    )  # fmt: skip
    specimen = WHOLE["docworks"]
    assert read_mets(specimen.content, specimen.name, FileNames(specimen.names)) == read(specimen)


def test_blocks_are_not_judged_without_layouts() -> None:
    runs, _found = plugs.run_checks("foreign-mets", DepositedMets(read(WHOLE["docworks"])), subject="x")
    assert {run.code: run.reason for run in runs}["MTS-008"] == "the layout documents were not read"


def test_problems_of_a_kind_are_counted() -> None:
    text = re.sub(r'FILEID="(ALTO|IMG)0', r'FILEID="\g<1>X', WHOLE["docworks"].content.decode())
    dangling = "".join(f'<mets:fptr FILEID="R{number}"/>' for number in range(30))
    text = text.replace("<mets:fptr>", f"{dangling}<mets:fptr>", 1)
    found = read(Specimen("x.xml", text.encode(), {}))
    told = list(found.about(MetsTrouble.REFERENCE))
    assert len(told) == 21
    assert re.fullmatch(r"and \d+ more of this kind \(reference to nothing\)", told[-1].detail)


# Limits and hostility


def test_limits_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    content = WHOLE["docworks"].content
    monkeypatch.setattr(reading, "LARGEST", 1000)
    assert read_mets(content, "x", []).problems[0].detail == f"it has {len(content)} bytes; the limit is 1000"
    monkeypatch.setattr(reading, "LARGEST", len(content))
    monkeypatch.setattr(reading, "MOST_TAGS", 10)
    assert read_mets(content, "x", []).problems[0].trouble is MetsTrouble.TOO_LARGE


def test_no_entity_and_no_depth_does_harm() -> None:
    laughs = (
        b'<!DOCTYPE mets [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><mets xmlns="http://www.loc.gov/METS/">&b;</mets>'
    )
    assert not read_mets(laughs, "x", []).is_read
    deep = b'<mets xmlns="http://www.loc.gov/METS/">' + b"<div>" * 5000 + b"</div>" * 5000 + b"</mets>"
    assert not read_mets(deep, "x", []).is_read


def test_the_callable_is_asked_for_paths_of_the_deposit_alone() -> None:
    asked: list[str] = []

    def lookup(path: str) -> str | None:
        asked.append(path)
        return path if path in WHOLE["docworks"].files else None

    found = read_mets(WHOLE["docworks"].content, WHOLE["docworks"].name, lookup)
    assert found.problems == ()
    assert found.unnamed == ()
    assert all(not path.startswith(("/", "..")) and "/../" not in path for path in asked)


@pytest.mark.parametrize(
    ("href", "name"),
    [
        ("img/A b.tif", "d/img/A b.tif"),
        ("./img/A%20b.tif", "d/img/A b.tif"),
        ("img\\A b.tif", "d/img/A b.tif"),
        ("IMG/a B.TIF", "d/img/A b.tif"),
        ("file://./img/A%20b.tif", "d/img/A b.tif"),
        ("file:img/A b.tif", "d/img/A b.tif"),
        ("file://../top.tif", "top.tif"),
        ("../top.tif", "top.tif"),
        ("top.tif", "top.tif"),
        (" d/img/A b.tif\n", "d/img/A b.tif"),
        ("100%25.tif", "d/100%.tif"),
        ("file://host/img/A b.tif", ""),
        ("file:/d/img/A b.tif", ""),
        ("/d/img/A b.tif", ""),
        ("\\\\server\\x", ""),
        ("%2Fd/top.tif", ""),
        ("../../top.tif", ""),
        ("urn:nbn:de:1", ""),
        (".", ""),
        ("x" * 5000, ""),
    ],
)
def test_references_lead_to_files_of_the_deposit_or_nowhere(href: str, name: str) -> None:
    places = Places("d/mets.xml", ["d/img/A b.tif", "top.tif", "d/100%.tif", "d/mets.xml"])
    found = places.find(href)
    assert found.name == name
    assert (found.trouble is None) is bool(name)


@given(
    st.text(alphabet="./\\%25eEfileC:hty\0 ab", max_size=40),
    st.sampled_from(["mets.xml", "a/mets.xml", "a/b/c/mets.xml"]),
)
def test_no_reference_leaves_the_deposit(href: str, name: str) -> None:
    asked: list[str] = []
    Places(name, lambda path: asked.append(path)).find(href)
    for path in asked:
        assert path
        assert not path.startswith("/")
        assert ".." not in path.split("/")
        assert "\0" not in path


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1911-01-02", date(1911, 1, 2)),
        ("19110102", date(1911, 1, 2)),
        ("1911-01-02T00:00:00Z", date(1911, 1, 2)),
        ("02.01.1911", date(1911, 1, 2)),
        ("2. Januar 1911", date(1911, 1, 2)),
        ("January 2, 1911", date(1911, 1, 2)),
        ("1911", None),
        ("1911-01", None),
        ("1911-02-30", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_dates_are_read_in_many_forms(written: str, day: date | None) -> None:
    assert day_of(written) == day
    assert is_impossible(written) is (written == "1911-02-30")


# Anything at all


def _whole_way(content: bytes, name: str, names: list[str], layouts: dict[str, LayoutDocument]) -> None:
    found = read_mets(content, name, names)
    for issue in found.issues:
        given_by(issue)
        gathered_pages(issue)
        taken_text(issue, layouts)
        assert set(issue.file_names) <= set(names)
    runs, _findings = plugs.run_checks("foreign-mets", DepositedMets(found, layouts), subject="x")
    assert [(run.code, run.reason) for run in runs if run.outcome is Outcome.BROKEN] == []


@given(st.binary(max_size=300))
@settings(max_examples=200)
def test_any_bytes_give_facts_or_a_problem(content: bytes) -> None:
    recognise(content)
    found = read_mets(content, "x.xml", ["x.xml"])
    assert found.is_read or found.problems


@given(st.sampled_from(sorted(WHOLE)), st.data())
@settings(max_examples=150, deadline=None)
def test_damaged_bytes_give_facts_or_a_problem(name: str, data: st.DataObject) -> None:
    specimen = WHOLE[name]
    content = bytearray(specimen.content)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    _whole_way(bytes(content), specimen.name, specimen.names, layouts_of(specimen))


@pytest.mark.parametrize("name", WHOLE)
def test_mutated_trees_give_facts_or_a_problem(name: str) -> None:
    specimen = WHOLE[name]
    layouts = layouts_of(specimen)
    for _mutation, mutant in mutants(etree.fromstring(specimen.content), 150, seed=4):
        _whole_way(etree.tostring(mutant), specimen.name, specimen.names, layouts)


def test_the_same_bytes_give_the_same_facts() -> None:
    for specimen in WHOLE.values():
        assert read(specimen) == read_mets(specimen.content, specimen.name, list(reversed(specimen.names)))
