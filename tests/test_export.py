"""Exports: what they say, held against the package's own XML, and read by pymarc, iiif-prezi3, pyld and csv."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import SHARED
from exports import QINGHE_NAME, SALTMARSH_NAME, image_package, text_desk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from workspaces import archiver, tree

from archiver import exporting
from archiver.crosswalks.marc_record import MarcRecord
from archiver.crosswalks.reading import read_issue
from archiver.crosswalks.tongues import nonfiling, tag
from archiver.crosswalks.writing import write
from archiver.errors import ArchiverError
from archiver.metadata.reading import ARTICLES, ISSUE, MODS, PREMIS
from archiver.metadata.xml import make
from archiver.model.contents import PackageContents
from archiver.model.export import ExportedIssue, ExportForm, ExportTerms
from archiver.model.report import Outcome

NS = {
    "mods": "http://www.loc.gov/mods/v3",
    "dc": "http://purl.org/dc/elements/1.1/",
    "marc": "http://www.loc.gov/MARC21/slim",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
WEB = "https://newspapers.example.org/issues"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return text_desk(tmp_path_factory.mktemp("export") / "desk")


@pytest.fixture(scope="module")
def images(desk: Path) -> Path:
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed (pip install 'archiver[images]')")
    return image_package(
        desk, desk.parent / "scans", lambda path: image.new("L", (120, 160), 200).save(path, dpi=(300, 300))
    )


@pytest.fixture
def chinese(desk: Path) -> Path:
    return desk / "packages" / QINGHE_NAME


@pytest.fixture
def english(desk: Path) -> Path:
    return desk / "packages" / SALTMARSH_NAME


def exported(package: Path, form: str, *options: str) -> str:
    """The document, as the command makes it of these options."""
    base = options[options.index("--base-uri") + 1] if "--base-uri" in options else "urn:archiver:package:"
    asked = exporting.Exporting(ExportForm(form), ExportTerms("--articles" in options, base))
    content, report = exporting.export([package], None, asked)
    assert report.exit_status == 0 and content
    return content.decode("utf-8")


def issue_of(package: Path, *, zones: bool = False) -> ExportedIssue:
    found = exporting.read_package(package, with_zones=zones).issue
    assert found is not None
    return found


def copied(package: Path, folder: Path) -> Path:
    return Path(shutil.copytree(package, folder / package.name))


def mods(package: Path, name: str = "mods.xml") -> Any:
    return etree.parse(package / "data/metadata/descriptive" / name).getroot()


# The model


def test_the_issue_is_what_the_documents_say(chinese: Path) -> None:
    issue = issue_of(chinese)
    assert (issue.identifier, issue.serial, issue.accession) == (QINGHE_NAME, "qinghe-newsletter", "2026.001")
    assert (issue.title.text, issue.title.romanised, issue.title.script) == ("青禾时报", "Qinghe shibao", "Hans")
    assert [title.text for title in issue.parallel_titles] == ["QINGHE NEWSLETTER"]
    assert (issue.issued, issue.weekday, issue.lunar_date) == ("2021-05-09", "星期日", "辛丑年三月廿八")
    assert issue.designation == "第18期 总第412期" and issue.number("whole number") == "412"
    assert [(page.number, page.label, page.received) for page in issue.pages] == [
        ("1", "一版", True),
        ("2", "二版", False),
    ]
    assert len(issue.articles) == 7 and issue.is_restricted and issue.seal.startswith("sha512:")
    continued = issue.articles[4]
    assert continued.pages == ("PHYS_0001", "PHYS_0002")
    assert [name.text for name in issue.articles[0].names] == ["柳听澜", "秦小渡"]


def test_bytes_of_places_are_those_of_the_article(chinese: Path) -> None:
    issue = issue_of(chinese)
    files = {file.identifier: chinese / file.path for file in issue.files}
    for article in issue.articles:
        ((_page, places), *_more) = article.places
        for place in places:
            content = files[place.file].read_bytes()[place.begin : place.end].decode("utf-8")
            assert article.title.text in content


def test_boxes_are_scaled_to_the_image(images: Path) -> None:
    issue = issue_of(images, zones=True)
    assert [(page.images[0].width, page.images[0].height, page.width) for page in issue.pages] == [(120, 160, 60)] * 2
    boxes = [place.box for article in issue.articles for _page, places in article.places for place in places]
    assert sum(box is not None for box in boxes) == 5
    assert all(box is None for article in issue_of(images).articles for _p, each in article.places for box in
               (place.box for place in each))  # fmt: skip


# Dublin Core


def test_dublin_core(chinese: Path) -> None:
    root = etree.fromstring(exported(chinese, "dc").encode())
    assert root.tag == "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"
    assert {etree.QName(child).namespace for child in root} == {NS["dc"]}
    titles = {child.get(LANG): child.text for child in root.findall("dc:title", NS)}
    assert titles == {"zh-Hans": "青禾时报", "zh-Latn-pinyin": "Qinghe shibao", "en": "QINGHE NEWSLETTER"}
    assert [child.text for child in root.findall("dc:rights", NS)] == [
        found.text for found in mods(chinese).findall("mods:accessCondition", NS)
    ]
    assert root.findtext("dc:date", None, NS) == "2021-05-09" and root.findtext("dc:language", None, NS) == "zh-Hans"
    assert any("not deposited" in (child.text or "") for child in root.findall("dc:description", NS))


ELEMENTS = (
    "title creator subject description publisher contributor date type format identifier source language relation "
    "coverage rights"
)


@pytest.mark.parametrize("name", ["chinese", "english"])
def test_dublin_core_has_the_fifteen_elements_alone(name: str, request: pytest.FixtureRequest) -> None:
    root = etree.fromstring(exported(request.getfixturevalue(name), "dc", "--base-uri", WEB).encode())
    assert {etree.QName(child).localname for child in root} <= set(ELEMENTS.split())
    assert all(child.text and set(child.attrib) <= {LANG} for child in root)
    assert f"{WEB}/{root.find('dc:identifier', NS).text}" in [each.text for each in root.findall("dc:identifier", NS)]


# MARCXML


def marc(text: str) -> list[Any]:
    pymarc = pytest.importorskip("pymarc", reason="pymarc is not installed (pip install '.[dev]')")
    found: list[Any] = pymarc.parse_xml_to_array(io.BytesIO(text.encode()), strict=True)
    return found


def test_marcxml_by_pymarc(chinese: Path) -> None:
    (record,) = marc(exported(chinese, "marcxml"))
    assert str(record.leader)[6:10] == "ab a" and len(record["008"].data) == 40
    assert record["008"].data[6:15] == "e20210509" and record["008"].data[15:17] == "cc"
    assert record["008"].data[21] == "n" and record["008"].data[33] == "e" and record["008"].data[35:38] == "chi"
    assert record["245"].get_subfields("6", "a") == ["880-01", "Qinghe shibao"]
    (original,) = (field for field in record.get_fields("880") if field["6"] == "245-01/$1")
    assert original["a"] == "青禾时报" and original.indicators == record["245"].indicators
    assert record["246"]["a"] == "QINGHE NEWSLETTER" and tuple(record["246"].indicators) == ("3", "1")
    assert record["362"]["a"].startswith("第18期 总第412期") and record["773"]["q"] == "2021:18"
    assert [field["a"] for field in record.get_fields("506")] == [
        found.text for found in mods(chinese).findall("mods:accessCondition", NS)
    ]
    assert record["541"]["e"] == "2026.001" and record["066"]["c"] == "$1"
    assert record.get_fields("022", "010", "856") == []
    assert [field.tag for field in record.fields] == sorted(field.tag for field in record.fields)


def test_records_of_articles(english: Path) -> None:
    issue, *articles = marc(exported(english, "marcxml", "--articles", "--base-uri", WEB))
    named = mods(english, "mods-articles.xml").findall("mods:mods", NS)
    assert len(articles) == len(named) == 5
    assert str(issue.leader)[7] == "b" and {str(record.leader)[7] for record in articles} == {"a"}
    assert tuple(issue["245"].indicators) == ("0", "4") and issue["245"]["n"] == "2019-05-04 Vol. XII No. 18"
    for record, source in zip(articles, named, strict=True):
        assert len(record["008"].data) == 40
        assert record["245"]["a"] == source.findtext("mods:titleInfo/mods:title", None, NS)
        assert [field["a"] for field in record.get_fields("720")] == [
            found.text for found in source.iterfind("mods:name/mods:namePart", NS)
        ]
        assert record["773"]["w"] == issue["001"].data and record["773"]["q"].startswith("12:18<")
        assert record["856"]["u"] == f"{WEB}/{source.findtext('mods:identifier', None, NS)}"
    assert articles[0]["773"]["g"] == "vol. 12, no. 18, 2019-05-04, p. 1, 3, no. 1 in order"


def test_every_880_is_tied_to_its_field(chinese: Path) -> None:
    for record in marc(exported(chinese, "marcxml", "--articles")):
        linked = {}
        for field in (each for each in record.fields if not each.is_control_field() and each.tag != "880"):
            if field.get_subfields("6"):
                linked[field.tag, field["6"].removeprefix("880-")] = field
        originals = {tuple(field["6"][:6].split("-")): field for field in record.get_fields("880")}
        assert linked.keys() == originals.keys() and linked


@pytest.mark.parametrize("uri", ["http://www.wikidata.org/entity/Q1", "http://viaf.org/viaf/1", "urn:local:7"])
def test_a_name_with_an_authority(chinese: Path, tmp_path: Path, uri: str) -> None:
    record = mods(chinese, "mods-articles.xml")
    for name in record.iterfind("mods:mods/mods:name", NS):
        name.set("valueURI", uri)
    documents = documents_of(chinese) | {ARTICLES: etree.tostring(record)}
    issue = read_issue(PackageContents("x", {}, documents))
    assert issue is not None
    records = marc(write(ExportForm.MARCXML, [issue], ExportTerms(articles=True)).decode())
    field = records[1]["700"]
    assert field["1" if uri.startswith("http") else "0"] == uri and field["4"] == "rpt"
    people = json.loads(write(ExportForm.SCHEMA_ORG, [issue], ExportTerms()))["hasPart"][0]["author"]
    assert people[0]["@id"] == uri


def test_scripts_behind_the_link() -> None:
    record = MarcRecord("00000nab a22000003  4500", ())
    for script in ("Hans", "Cyrl", "Hebr", "Mong"):
        record.pair("245", "00", (("a", "x"),), (("a", "y"),), script)
    root = make("marc:collection")
    record.write(root)
    links = [found.text for found in root.iterfind(".//marc:datafield[@tag='880']/marc:subfield[@code='6']", NS)]
    assert links == ["245-01/$1", "245-02/(N", "245-03/(2/r", "245-04"]


@pytest.mark.parametrize(("form", "file"), [("marcxml", "MARC21slim.xsd"), ("dc", "oai_dc.xsd")])
def test_official_schemas(form: str, file: str, chinese: Path, english: Path) -> None:
    path = SHARED / "schemas" / file
    if not path.is_file():
        pytest.skip(f"{file} is not at hand (../shared/schemas)")
    schema = etree.XMLSchema(etree.parse(path))
    for package in (chinese, english):
        options = ("--articles",) if form == "marcxml" else ()
        schema.assertValid(etree.fromstring(exported(package, form, *options).encode()))


# The form that MARC21slim asks for, in our own words, for where the official schema is not at hand.
FORMS = {
    "leader": re.compile(r"[\d ]{5}[\dA-Za-z ][\dA-Za-z][\dA-Za-z ]{3}22[\d ]{5}[\dA-Za-z ]{3}4500"),
    "ind": re.compile(r"[\da-z ]"),
    "code": re.compile(r"[\dA-Za-z!\"#$%&'()*+,\-./:;<=>?{}_^`~\[\]\\]"),
}


def test_leaders_indicators_and_codes_are_of_the_form(chinese: Path, english: Path) -> None:
    for package in (chinese, english):
        root = etree.fromstring(exported(package, "marcxml", "--articles", "--base-uri", WEB).encode())
        assert all(FORMS["leader"].fullmatch(found.text) for found in root.iterfind(".//marc:leader", NS))
        for field in root.iterfind(".//marc:datafield", NS):
            assert (
                FORMS["ind"].fullmatch(field.get("ind1")) and FORMS["ind"].fullmatch(field.get("ind2")) and len(field)
            )
            assert all(FORMS["code"].fullmatch(each.get("code")) and each.text for each in field)


# schema.org


def test_json_ld_expands(chinese: Path) -> None:
    jsonld = pytest.importorskip("pyld.jsonld", reason="pyld is not installed (pip install '.[dev]')")
    said = json.loads(exported(chinese, "schema-org", "--base-uri", WEB))
    asked = []

    def context(address: str, _options: object) -> dict[str, Any]:
        asked.append(address)
        terms = {"@vocab": "https://schema.org/", "license": {"@type": "@id"}, "contentUrl": {"@type": "@id"}}
        return {"contextUrl": None, "documentUrl": address, "document": {"@context": terms}}

    (found,) = jsonld.expand(said, {"documentLoader": context})
    assert asked == ["https://schema.org"] and found["@id"] == f"{WEB}/{QINGHE_NAME}"
    assert found["@type"] == ["https://schema.org/PublicationIssue"]
    (serial,) = found["https://schema.org/isPartOf"]
    assert serial["@type"] == ["https://schema.org/Newspaper"]
    parts = found["https://schema.org/hasPart"]
    assert [part["https://schema.org/position"][0]["@value"] for part in parts] == list(range(1, 8))
    assert parts[0]["https://schema.org/headline"] == [
        {"@value": "青禾大桥北引桥提前合龙", "@language": "zh-hans"}
    ] or (parts[0]["https://schema.org/headline"][0]["@language"].lower() == "zh-hans")


def test_schema_org_of_a_serial_with_volumes(english: Path) -> None:
    said = json.loads(exported(english, "schema-org"))
    assert said["issueNumber"] == "18" and said["isPartOf"]["@type"] == "PublicationVolume"
    assert said["isPartOf"]["volumeNumber"] == "12"
    assert said["isPartOf"]["isPartOf"]["name"]["@value"] == "The Saltmarsh Weekly Courier"
    assert said["pagination"] == "1, 2" and said["hasPart"][0]["pagination"] == "1, 3"
    assert [each["name"]["@value"] for each in said["hasPart"][1]["author"]] == ["Tobias Wren", "Jane Alder"]
    assert "contentUrl" not in said["encoding"][0]
    web = json.loads(exported(english, "schema-org", "--base-uri", WEB))
    assert web["encoding"][0]["contentUrl"].startswith(f"{WEB}/{SALTMARSH_NAME}/data/")


# IIIF


def manifest(text: str) -> Any:
    prezi = pytest.importorskip("iiif_prezi3", reason="iiif-prezi3 is not installed (pip install '.[dev]')")
    return prezi.Manifest(**json.loads(text))


def ids(value: Any) -> list[str]:
    """The identifiers of everything that is described, not only named."""
    if isinstance(value, list):
        return [found for each in value for found in ids(each)]
    if not isinstance(value, dict):
        return []
    own = [value["id"]] if "id" in value and len(value) > 2 and value.get("type") not in {"Image", "Text"} else []
    return own + [found for each in value.values() for found in ids(each)]


@pytest.mark.parametrize("name", ["chinese", "english", "images"])
@pytest.mark.parametrize("base", ["urn:archiver:package:", WEB])
def test_manifests_by_prezi3(name: str, base: str, request: pytest.FixtureRequest) -> None:
    package: Path = request.getfixturevalue(name)
    text = exported(package, "iiif", "--base-uri", base)
    said, read = json.loads(text), manifest(text)
    assert len(read.items) == len(said["items"]) == len(issue_of(package).pages)
    assert {each.split("/canvas")[0] for each in (str(canvas.id) for canvas in read.items)} == {
        said["id"].removesuffix("/manifest")
    }
    described = ids(said)
    assert len(described) == len(set(described)) and all(each.startswith(base) for each in described)
    again = json.loads(read.json()) if hasattr(read, "json") else json.loads(read.model_dump_json(exclude_none=True))
    for key in ("id", "type", "label", "items", "structures", "behavior", "seeAlso", "requiredStatement"):
        assert without_metadata(again[key]) == without_metadata(said[key]), key


def without_metadata(value: Any) -> Any:
    """iiif-prezi3 has no metadata of ranges, which the API allows; nor do we say anything else it would drop."""
    if isinstance(value, dict):
        kept = {key: without_metadata(each) for key, each in value.items() if each is not None}
        if value.get("type") == "Canvas" and not value.get("items") and "width" not in value:
            kept.pop("items", None)  # a canvas that is only named
        return {key: each for key, each in kept.items() if not (key == "metadata" and value.get("type") == "Range")}
    return [without_metadata(each) for each in value] if isinstance(value, list) else value


def test_a_page_that_was_not_deposited_keeps_its_canvas(chinese: Path, english: Path) -> None:
    said = json.loads(exported(chinese, "iiif"))
    first, second = said["items"]
    assert second["label"] == {"zh-Hans": ["二版(未缴送)"], "en": ["Page 2 (not deposited)"]}
    assert second["items"] == [] and "summary" in second and "summary" not in first
    assert (first["width"], first["height"]) == (1000, 1414) and said["navDate"] == "2021-05-09T00:00:00Z"
    continued = said["structures"][0]["items"][4]
    assert [part["id"][-2:] for part in continued["items"]] == ["/1", "/2"]
    assert json.loads(exported(english, "iiif"))["items"][2]["label"] == {"en": ["Page 3 (not deposited)"]}


def test_text_of_a_canvas_is_where_it_says(english: Path) -> None:
    said = json.loads(exported(english, "iiif", "--base-uri", WEB))
    for canvas in said["items"][:2]:
        body = canvas["annotations"][0]["items"][0]["body"]
        path = english / body["source"]["id"].removeprefix(f"{WEB}/{SALTMARSH_NAME}/")
        part = path.read_bytes()[body["selector"]["start"] : body["selector"]["end"]]
        assert part and part.decode("utf-8").splitlines()


def test_images_and_parts_of_pages(images: Path) -> None:
    said = json.loads(exported(images, "iiif"))
    for canvas in said["items"]:
        body = canvas["items"][0]["items"][0]["body"]
        assert (canvas["width"], canvas["height"]) == (body["width"], body["height"]) == (120, 160)
        assert canvas["seeAlso"][0]["id"].endswith(".xml") and body["format"] == "image/tiff"
    lamp, mill = said["structures"][0]["items"]
    assert [part["selector"]["value"] for part in lamp["items"]] == ["xywh=10,40,50,12", "xywh=10,54,50,100"]
    assert [part["source"][-1] for part in mill["items"]] == ["1", "1", "2"]


@pytest.mark.parametrize(
    ("words", "rights"),
    [
        ("https://creativecommons.org/publicdomain/mark/1.0/", "http://creativecommons.org/publicdomain/mark/1.0/"),
        ("http://rightsstatements.org/vocab/InC/1.0/", "http://rightsstatements.org/vocab/InC/1.0/"),
        ("see https://creativecommons.org/licenses/by/4.0/", None),
        ("Ask the depositor.", None),
    ],
)
def test_rights_only_where_they_are_an_address(chinese: Path, words: str, rights: str | None) -> None:
    premis = (
        (chinese / PREMIS)
        .read_bytes()
        .replace(
            b"</premis:otherRightsInformation>",
            f"<premis:otherRightsNote>{words}</premis:otherRightsNote></premis:otherRightsInformation>".encode(),
        )
    )
    issue = read_issue(PackageContents("x", {}, documents_of(chinese) | {PREMIS: premis}))
    assert issue is not None and issue.rights == (words,)
    said = json.loads(write(ExportForm.IIIF, [issue], ExportTerms()))
    assert said.get("rights") == rights and words in said["requiredStatement"]["value"]["none"]
    (record,) = marc(write(ExportForm.MARCXML, [issue], ExportTerms()).decode())
    assert record["540"]["u" if rights else "a"] == words
    assert json.loads(write(ExportForm.SCHEMA_ORG, [issue], ExportTerms())).get("license") == (
        words if rights else None
    )


# CSV


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff") and text.endswith("\n")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))


def test_a_sheet_of_issues(desk: Path, chinese: Path, english: Path) -> None:
    assert archiver("export", chinese, english, "--as", "csv", "-o", "issues.csv", cwd=desk).status == 0
    content = (desk / "issues.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and content.count(b"\r\n") == 3 and content.count(b"\n") == 3
    first, second = rows(content.decode("utf-8"))
    assert (first["identifier"], first["whole_number"], first["lunar_date"]) == (QINGHE_NAME, "412", "辛丑年三月廿八")
    assert (second["volume"], second["issue_number"], second["pages"]) == ("12", "18", "2")
    assert second["pages_not_deposited"] == "Page 3" and first["title_romanised"] == "Qinghe shibao"
    assert first["seal"] == f"sha512:{sha512(chinese / 'tagmanifest-sha512.txt')}"


def sha512(path: Path) -> str:
    done = subprocess.run(["sha512sum", path], capture_output=True, text=True, check=True)
    return done.stdout.split()[0]


def test_a_sheet_of_articles(english: Path) -> None:
    found = rows(exported(english, "csv", "--articles"))
    assert [row["position"] for row in found] == ["1", "2", "3", "4", "5"]
    assert found[0]["pages"] == "1 | 3" and found[0]["pages_not_deposited"] == "Page 3"
    assert found[1]["names"] == "Tobias Wren (rpt) | Jane Alder (rpt)"


def test_no_cell_is_a_formula(chinese: Path) -> None:
    said = (chinese / MODS).read_text(encoding="utf-8").replace("青禾时报", "=HYPERLINK(1)")
    issue = read_issue(PackageContents("x", {}, documents_of(chinese) | {MODS: said.encode()}))
    assert issue is not None
    (row,) = rows(write(ExportForm.CSV, [issue], ExportTerms()).decode("utf-8"))
    assert row["title"] == "'=HYPERLINK(1)"


# What is exported, and what is not


@pytest.mark.parametrize("form", [form.value for form in ExportForm])
def test_the_same_package_gives_the_same_bytes(form: str, images: Path, tmp_path: Path) -> None:
    before = tree(images)
    elsewhere = copied(images, tmp_path)
    assert exported(images, form) == exported(elsewhere, form)
    assert tree(images) == before


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_a_bag_in_an_archive_says_the_same(kind: str, images: Path, tmp_path: Path) -> None:
    archive = tmp_path / f"{images.name}.{kind}"
    assert archiver("bag", "serialise", images, "-o", archive, cwd=tmp_path).status == 0
    for form in ("iiif", "marcxml", "csv"):
        assert exported(archive, form) == exported(images, form)


@pytest.mark.parametrize("file", [MODS, ARTICLES, ISSUE, PREMIS, "bag-info.txt", "manifest-sha512.txt"])
def test_a_changed_document_is_refused(file: str, chinese: Path, tmp_path: Path) -> None:
    package = copied(chinese, tmp_path)
    content = (package / file).read_bytes()
    (package / file).write_bytes(content.replace(b"2021-05-09", b"2021-05-08") if b"2021" in content else content[:-1])
    done = archiver("export", package, "--as", "csv", "-o", "out.csv", cwd=tmp_path)
    assert done.status == 1 and not (tmp_path / "out.csv").exists()
    assert ("FIX-001" if file.startswith("data/") else "FIX-002") in {code for code, _line in done.codes("error")}
    assert done.data["packages"][0]["note"] == "not exported"


def test_a_missing_payload_file_is_refused_and_a_changed_one_is_not_looked_at(chinese: Path, tmp_path: Path) -> None:
    package = copied(chinese, tmp_path)
    original = next((package / "data/representations/original/data").iterdir())
    content = original.read_bytes()
    original.write_bytes(content[:-1] + b"x")
    done = archiver("export", package, "--as", "dc", "-o", "out.xml", cwd=tmp_path)
    assert done.status == 0 and "not read again" in " ".join(done.data["notes"])
    (fixity,) = (run for run in done.data["checks"] if run["code"] == "FIX-001")
    assert fixity["outcome"] == Outcome.SKIPPED.value and "were not read" in fixity["reason"]
    original.unlink()
    done = archiver("export", package, "--as", "dc", "-o", "two.xml", cwd=tmp_path)
    assert done.status == 1 and done.codes("error")


def test_a_changed_layout_document_is_refused_where_it_is_used(images: Path, tmp_path: Path) -> None:
    package = copied(images, tmp_path)
    layout = package / "data/representations/original/data/0001.xml"
    layout.write_bytes(layout.read_bytes().replace(b'HPOS="5"', b'HPOS="6"', 1))
    assert archiver("export", package, "--as", "dc", "-o", "out.xml", cwd=tmp_path).status == 0
    done = archiver("export", package, "--as", "iiif", "-o", "out.json", cwd=tmp_path)
    assert done.status == 1 and ("FIX-001" in {code for code, _line in done.codes("error")})


def test_what_is_no_package_of_ours(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text("a")
    assert archiver("bag", "in", "-o", "other", cwd=tmp_path).status == 0
    done = archiver("export", "other", "--as", "dc", "-o", "x", cwd=tmp_path)
    assert done.status == 2 and "no package that archiver made" in done.err
    done = archiver("export", "in", "--as", "dc", "-o", "x", cwd=tmp_path)
    assert done.status == 1 and "BAG-001" in {code for code, _line in done.codes("error")}
    done = archiver("export", "gone", "--as", "dc", "-o", "x", cwd=tmp_path)
    assert done.status == 2 and "gone" in done.err
    done = archiver("export", "in/a.txt", "--as", "dc", "-o", "x", cwd=tmp_path)
    assert done.status == 2 and "neither a folder nor an archive" in done.err


def test_documents_that_cannot_be_parsed(chinese: Path, tmp_path: Path) -> None:
    package = copied(chinese, tmp_path)
    (package / MODS).write_text('<!DOCTYPE x [<!ENTITY e "e">]><mods>&e;</mods>')
    for name in ("sha512", "sha256"):
        lines = []
        for line in (package / f"manifest-{name}.txt").read_text(encoding="utf-8").splitlines():
            path = line.split("  ", 1)[1]
            done = subprocess.run([f"{name}sum", package / path], capture_output=True, text=True, check=True)
            lines.append(f"{done.stdout.split()[0]}  {path}\n")
        (package / f"manifest-{name}.txt").write_text("".join(lines), encoding="utf-8")
        (package / f"tagmanifest-{name}.txt").unlink()
    info = re.sub(r"Payload-Oxum: .*\n", "", (package / "bag-info.txt").read_text(encoding="utf-8"))
    (package / "bag-info.txt").write_text(info, encoding="utf-8")
    done = archiver("export", package, "--as", "csv", "-o", "out.csv", cwd=tmp_path)
    assert done.status == 3 and "mods.xml cannot be parsed" in done.err and "DOCTYPE" in done.err


def test_nothing_is_overwritten(desk: Path, chinese: Path, english: Path, tmp_path: Path) -> None:
    (tmp_path / "taken.xml").write_text("mine")
    (tmp_path / "link.xml").symlink_to("nowhere")
    for name in ("taken.xml", "link.xml"):
        done = archiver("export", chinese, "--as", "dc", "-o", name, cwd=tmp_path)
        assert done.status == 2 and "there already" in done.err
    assert (tmp_path / "taken.xml").read_text() == "mine" and not (tmp_path / "nowhere").exists()
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / f"{QINGHE_NAME}.manifest.json").write_text("mine")
    done = archiver("export", chinese, english, "--as", "iiif", "-o", folder, cwd=tmp_path)
    assert done.status == 2 and next(line["note"] for line in done.data["packages"]) == "not exported"
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{QINGHE_NAME}.manifest.json",
        f"{SALTMARSH_NAME}.manifest.json",
    ]
    assert (folder / f"{QINGHE_NAME}.manifest.json").read_text() == "mine"


def test_a_sheet_never_lacks_a_row_silently(chinese: Path, english: Path, tmp_path: Path) -> None:
    package = copied(chinese, tmp_path)
    (package / MODS).write_bytes(b"<x/>")
    done = archiver("export", english, package, "--as", "csv", "-o", "out.csv", cwd=tmp_path)
    assert done.status == 1 and not (tmp_path / "out.csv").exists()
    out = tmp_path / "apart"
    out.mkdir()
    done = archiver("export", english, package, "--as", "csv", "-o", out, cwd=tmp_path)
    assert done.status == 1 and [path.name for path in out.iterdir()] == [f"{SALTMARSH_NAME}.csv"]


def test_standard_output_has_the_document_alone(chinese: Path) -> None:
    for form in ("dc", "csv"):
        done = archiver("export", chinese, "--as", form, cwd=chinese.parent, json_report=False)
        assert (done.status, done.err) == (0, "") and done.out == exported(chinese, form)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--as", "iiif", "--base-uri", "ftp://x/"], "no address"),
        (["--as", "iiif", "--base-uri", "https://x.example/?a=b"], "no address"),
        (["--as", "iiif", "--base-uri", ""], "no address"),
        (["--as", "dc", "--articles"], "no records for articles"),
        (["--as", "mods"], "mods"),
        ([], "--as"),
    ],
)
def test_calls_that_cannot_be_carried_out(options: list[str], words: str, chinese: Path) -> None:
    done = archiver("export", chinese, *options, cwd=chinese.parent, json_report=False)
    assert done.status == 2 and words in done.err and "Traceback" not in done.err


def test_several_packages_need_a_folder(chinese: Path, english: Path, tmp_path: Path) -> None:
    done = archiver("export", chinese, english, "--as", "dc", "-o", "one.xml", cwd=tmp_path)
    assert done.status == 2 and "holds one issue" in done.err and not (tmp_path / "one.xml").exists()
    done = archiver("export", chinese, "--as", "dc", cwd=tmp_path)
    assert done.status == 2 and "cannot both go" in done.err
    done = archiver("export", chinese, "--as", "dc", "--output", "report.json", cwd=tmp_path)
    assert done.status == 0 and done.out.startswith("<?xml") and done.out.endswith("</oai_dc:dc>\n")
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["command"] == "export"


def test_a_destination_that_cannot_be_written(chinese: Path, tmp_path: Path) -> None:
    done = archiver("export", chinese, "--as", "dc", "-o", tmp_path / "no" / "folder.xml", cwd=tmp_path)
    assert done.status in {2, 3} and "folder.xml" in done.err and list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("redirected", [">/dev/full", "| head -c 1 >/dev/null"])
def test_output_that_nobody_takes(chinese: Path, redirected: str) -> None:
    if ">/dev/full" in redirected and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    command = f"'{sys.executable}' -m archiver.cli export '{chinese}' --as iiif {redirected}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, env=os.environ)
    assert "Traceback" not in done.stderr and done.returncode == (0 if "head" in redirected else 3)


# Any input


def documents_of(package: Path) -> dict[str, bytes]:
    return {name: (package / name).read_bytes() for name in (ISSUE, MODS, ARTICLES, PREMIS)}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_documents_of_any_kind_are_written_or_told(desk: Path, data: st.DataObject) -> None:
    """Parts of the documents are cut out, doubled and filled with other words: no form breaks on it."""
    documents = documents_of(desk / "packages" / SALTMARSH_NAME)
    name = data.draw(st.sampled_from(sorted(documents)))
    root = etree.fromstring(documents[name])
    for _ in range(data.draw(st.integers(1, 6))):
        element = data.draw(st.sampled_from(list(root.iter())))
        kind = data.draw(st.sampled_from(["text", "drop", "attribute", "double"]))
        words = data.draw(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12))
        if kind == "text":
            element.text = words.replace("\ufffe", "").replace("\uffff", "")
        elif kind == "attribute" and element.attrib:
            key = data.draw(st.sampled_from(sorted(element.attrib)))
            element.set(key, words.replace("\ufffe", "").replace("\uffff", ""))
        elif element.getparent() is not None:
            if kind == "drop":
                element.getparent().remove(element)
            else:
                element.getparent().append(etree.fromstring(etree.tostring(element, with_tail=False)))
    issue = read_issue(PackageContents("x", {}, documents | {name: etree.tostring(root)}))
    assert issue is not None
    for form in ExportForm:
        terms = ExportTerms(articles=form.parts_articles)
        content = write(form, [issue], terms)
        if form in {ExportForm.MARCXML, ExportForm.DUBLIN_CORE}:
            etree.fromstring(content)
        elif form is not ExportForm.CSV:
            json.loads(content)
        assert content == write(form, [issue], terms)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from([ISSUE, MODS, PREMIS, "bagit.txt", "bag-info.txt"]), content=st.binary(max_size=300))
def test_bytes_of_any_kind_are_found_out(desk: Path, name: str, content: bytes) -> None:
    package = desk / "broken"
    if not package.exists():
        shutil.copytree(desk / "packages" / SALTMARSH_NAME, package)
    kept = (package / name).read_bytes()
    (package / name).write_bytes(content)
    try:
        assert exporting.read_package(package).issue is None
    except ArchiverError as error:
        assert error.message.endswith(".")
    finally:
        (package / name).write_bytes(kept)


@pytest.mark.parametrize(
    ("language", "script", "expected"),
    [
        ("chi", "Hans", "zh-Hans"),
        ("chi", "", "zh"),
        ("eng", "Latn", "en"),
        ("jpn", "Jpan", "ja"),
        ("ger", "Latf", "de-Latf"),
        ("srp", "Cyrl", "sr-Cyrl"),
        ("yue", "Hant", "yue-Hant"),
        ("", "Latn", ""),
    ],
)
def test_language_tags(language: str, script: str, expected: str) -> None:
    assert tag(language, script) == expected


@pytest.mark.parametrize(
    ("title", "language", "passed"),
    [
        ("The Courier", "eng", 4),
        ("Die Zeit", "ger", 4),
        ("Die Zeit", "eng", 0),
        ("Theatre", "eng", 0),
        ("L'Ami", "fre", 2),
    ],
)
def test_what_sorting_passes_over(title: str, language: str, passed: int) -> None:
    assert nonfiling(title, language) == passed
