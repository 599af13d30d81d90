"""PDF files as deposits: born digital, with zones for articles; what cannot be read is refused with its reason."""

from __future__ import annotations

from pathlib import Path

import bagit
import pytest
from lxml import etree
from transcripts import PROFILES, english
from workspaces import archiver, workspace

from archiver.inspection import inspect

pikepdf = pytest.importorskip("pikepdf", reason="pikepdf is not installed (pip install 'archiver[pdf]')")
pytest.importorskip("pypdfium2", reason="pypdfium2 is not installed (pip install 'archiver[pdf]')")
METS = "{http://www.loc.gov/METS/}"
PAGES = (
    [(24, 760, "The Saltmarsh Weekly Courier"), (11, 735, "Vol. XII, No. 18"), (11, 715, "Saturday, 4 May 2019"),
     (20, 660, "A lamp for the quay"), (11, 630, "The lamp was lit upon the quay by the keeper of the harbour."),
     (11, 615, "It burned all night and went out at four in the morning.")],
    [(20, 760, "Tides of the week"), (11, 730, "The tide was high on Monday, and low again on Tuesday."),
     (11, 715, "On Wednesday it was high once more, to nobody's surprise.")],
)  # fmt: skip


def pdf(path: Path, **options: object) -> Path:
    """Two pages of Helvetica."""
    made = pikepdf.new()
    font = made.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    )
    for lines in PAGES:
        page = made.add_blank_page(page_size=(595, 842))
        text = "".join(f"BT /F1 {size} Tf 60 {y} Td ({words}) Tj ET\n" for size, y, words in lines)
        page.obj.Contents = made.make_stream(text.encode())
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    made.save(path, **options)
    return path


def test_a_pdf_is_an_issue_with_pages_articles_and_zones(tmp_path: Path) -> None:
    source = pdf(tmp_path / "courier.pdf")
    desk = workspace(tmp_path / "desk")
    done = archiver("accession", source, cwd=desk)
    assert done.status == 0, done.out + done.err
    (package,) = (desk / "packages").iterdir()
    assert package.name == "saltmarsh-courier_2019-05-04_v012-no0018"
    bagit.Bag(str(package)).validate()
    mets = etree.parse(package / "data/metadata/descriptive/issue.mets.xml")
    articles = [each for each in mets.iter(f"{METS}div") if each.get("TYPE") == "article"]
    assert [article.get("LABEL") for article in articles] == ["A lamp for the quay", "Tides of the week"]
    files = {
        each.get("ID"): each[0].get("{http://www.w3.org/1999/xlink}href").rsplit("/", 1)[-1]
        for each in mets.iter(f"{METS}file")
    }
    for number, article in enumerate(articles, 1):
        zones = [area for area in article.iter(f"{METS}area") if area.get("BETYPE") == "IDREF"]
        assert {files[area.get("FILEID")] for area in zones} == {f"page-000{number}.alto.xml"}
        layout = etree.parse(package / f"data/representations/layout/data/page-000{number}.alto.xml")
        blocks = {each.get("ID") for each in layout.iter() if str(each.tag).endswith("TextBlock")}
        assert {area.get("BEGIN") for area in zones} <= blocks
    premis = (package / "data/metadata/preservation/premis.xml").read_text(encoding="utf-8")
    assert "Transcript derived from PDF" in premis
    assert archiver("validate", package, cwd=desk).codes("error") == []


def test_an_encrypted_pdf_is_refused(tmp_path: Path) -> None:
    source = pdf(tmp_path / "a.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))
    found = inspect(source, PROFILES)
    assert not found.acceptable
    said = {each.code: each.message for each in found.findings}
    assert "TXT-003" in said and "password" in said["TXT-003"]


@pytest.mark.parametrize("part", [0.0, 0.2, 0.6])
def test_a_cut_pdf_is_refused_or_told(tmp_path: Path, part: float) -> None:
    source = pdf(tmp_path / "a.pdf")
    content = source.read_bytes()
    source.write_bytes(content[: 20 + int(len(content) * part)])
    found = inspect(source, PROFILES)
    assert not found.acceptable or {each.code for each in found.findings} & {"PDF-001", "PDF-002", "PDF-003"}
    assert all(run.outcome.value != "broken" for run in found.checks)


def test_a_pdf_beside_a_transcript_is_examined_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "issue"
    folder.mkdir()
    pdf(folder / "scan.pdf")
    (folder / "issue.md").write_text(english(), encoding="utf-8")
    found = inspect(folder, PROFILES)
    assert found.acceptable and not found.readings[0].source.transcript.taken_from
    assert any(run.code == "PDF-001" for run in found.checks)
