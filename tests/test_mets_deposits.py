"""Deposits that bring METS of others, read and packaged: pages, articles tied to blocks, losses listed."""

from __future__ import annotations

import io
from pathlib import Path

import bagit
import pytest
from lxml import etree
from mets_specimens import Specimen, dfg, docworks, ndnp, ndnp_batch, ocrd
from workspaces import archiver, workspace

from archiver import profiles
from archiver.inspection import Inspected, inspect
from archiver.model.profile import SerialProfile

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed (pip install 'archiver[images]')")
METS = "{http://www.loc.gov/METS/}"
FORMATS = {"tif": "TIFF", "jp2": "JPEG2000", "jpg": "JPEG", "png": "PNG"}


def profile(title: str, identifier: str = "example-paper", number: str = "issue") -> SerialProfile:
    text = f"""
[serial]
id = "{identifier}"
title = "{title}"
language = "eng"
script = "Latn"
country = "us"
access = "open"
[numbering]
package-number = "{number}"
[masthead]
required = ["title", "issue-date"]
[[masthead.forms]]
exact = true
lines = ["(?P<title>{title})"]
[[masthead.forms]]
lines = ['(?P<day>\\d+) (?P<month>[A-Z][a-z]+) (?P<year>\\d{{4}})']
[articles]
headline = '## (?P<headline>.+)'
default-role = "aut"
page-label = "Page {{page}}"
"""
    return profiles.parse(text.encode(), f"{identifier}.toml")


def image(name: str) -> bytes:
    """A small true image of the format that a name says; other files as they are."""
    form = FORMATS.get(name.rsplit(".", 1)[-1].lower())
    if form is None:
        return b""
    content = io.BytesIO()
    Image.new("L", (32, 40), 200).save(content, form)
    return content.getvalue()


def placed(folder: Path, *specimens: Specimen) -> Path:
    for specimen in specimens:
        for name, content in {specimen.name: specimen.content, **specimen.files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content or not path.exists():
                path.write_bytes(content or image(name))
    return folder


def looked_at(tmp_path: Path, title: str, *specimens: Specimen) -> Inspected:
    return inspect(placed(tmp_path / "deposit", *specimens), {"example-paper": profile(title)})


def codes(found: Inspected) -> set[str]:
    return {each.code for each in found.findings}


@pytest.mark.parametrize(
    ("make", "title", "identifier", "headlines", "pages"),
    [
        (ndnp, "The harbour bell", "example-paper_1911-01-02_no00034", [], 2),
        (dfg, "Der Küstenbote", "example-paper_1915-03-04_no00052", [], 2),
        (ocrd, "Abendblatt", "example-paper_1921-05-05", ["Nachrichten", "Nachrichten"], 2),
    ],
)
def test_an_issue_of_each_convention(
    tmp_path: Path, make: object, title: str, identifier: str, headlines: list[str], pages: int
) -> None:
    assert callable(make)
    found = looked_at(tmp_path, title, make())
    (reading,) = found.readings
    assert found.deposit.form == "METS" and reading.issue is not None and reading.issue.identifier == identifier
    assert [article.headline for article in reading.issue.articles] == headlines
    assert len(reading.issue.pages) == pages and "MTS-012" in codes(found)


def test_articles_of_docworks_lead_to_their_blocks(tmp_path: Path) -> None:
    specimen = docworks()
    found = looked_at(tmp_path, "Wochenblatt für Ahlen", specimen)
    (reading,) = found.readings
    assert reading.issue is not None
    assert [article.headline for article in reading.issue.articles] == ["Der Deich ist gebrochen", "Der Markt"]
    first = reading.issue.articles[0]
    lines = range(first.span.first_line, first.span.last_line + 1)
    blocks = dict.fromkeys((each.file, each.block) for each in reading.source.transcript.places if each.line in lines)
    assert len({file for file, _block in blocks}) == 2  # it goes on on page 2
    assert found.deposit.comparison is not None and found.deposit.comparison.verified  # digests that METS states
    assert "IMG-004" in codes(found) and not found.acceptable  # its images are words


def test_a_batch_names_its_issues(tmp_path: Path) -> None:
    folder = placed(tmp_path / "deposit", ndnp_batch(), ndnp())
    other = folder / "sn99000001/00175042143/1911010301/1911010301.xml"
    content = ndnp().content.replace(b">1911-01-02<", b">1911-01-03<").replace(b"<mods:number>34", b"<mods:number>35")
    other.write_bytes(content.replace(b"1911-01-02</", b"1911-01-03</"))
    for name, kept in ndnp().files.items():
        (other.parent / name.rsplit("/", 1)[-1]).write_bytes(kept or image(name))
    found = inspect(folder, {"example-paper": profile("The harbour bell")})
    names = [reading.issue.identifier for reading in found.readings if reading.issue is not None]
    assert names == ["example-paper_1911-01-02_no00034", "example-paper_1911-01-03_no00035"]
    assert all("batch.xml" in reading.source.documentation for reading in found.readings)
    assert "DEP-010" not in codes(found)


def test_a_file_that_the_mets_names_is_missing(tmp_path: Path) -> None:
    folder = placed(tmp_path / "deposit", ndnp())
    next(folder.rglob("0002.tif")).unlink()
    found = inspect(folder, {"example-paper": profile("The harbour bell")})
    assert "MTS-003" in codes(found) and not found.acceptable


def test_the_package_keeps_the_mets_as_documentation(tmp_path: Path) -> None:
    folder = placed(tmp_path / "deposit", ndnp())
    pikepdf = pytest.importorskip("pikepdf", reason="pikepdf is not installed (pip install 'archiver[pdf]')")
    for path in folder.rglob("*.pdf"):
        blank = pikepdf.new()
        blank.add_blank_page()
        blank.save(path)
    desk = workspace(tmp_path / "desk")
    (desk / "profiles").mkdir(exist_ok=True)
    (desk / "profiles/example-paper.toml").write_bytes(profile("The harbour bell").text)
    done = archiver("accession", folder, cwd=desk)
    assert done.status == 0, done.out + done.err
    package = desk / "packages/example-paper_1911-01-02_no00034"
    bagit.Bag(str(package)).validate()
    kept = package / "data/documentation/deposited" / ndnp().name
    assert kept.read_bytes() == ndnp().content
    mets = etree.parse(package / "data/metadata/descriptive/issue.mets.xml")
    pages = [each for each in mets.iter(f"{METS}div") if each.get("TYPE") == "page"]
    assert [len(page.findall(f"{METS}fptr")) for page in pages] == [4, 4]  # text, master with ALTO, service, PDF
    premis = (package / "data/metadata/preservation/premis.xml").read_text(encoding="utf-8")
    assert "not shown in it: " in premis and "techMD in NISOIMG: 8" in premis
    assert archiver("validate", package, cwd=desk).codes("error") == []
