"""Page images as deposits: folders of them, with layout documents, texts by page, a transcript, checksums, or alone."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import bagit
import pytest
from lxml import etree
from transcripts import PROFILES, english
from workspaces import archiver, workspace

from archiver.inspection import Inspected, Terms, inspect
from archiver.model.given import given
from archiver.model.report import Severity
from archiver.model.serial import Confidence
from archiver.sources.gathering import gather
from archiver.sources.sorting import sort_files

Image = pytest.importorskip("PIL.Image", reason="Pillow is not installed (pip install 'archiver[images]')")
METS = "{http://www.loc.gov/METS/}"
WORDS = (
    ["The Saltmarsh Weekly Courier", "Vol. XII, No. 18", "Saturday, 4 May 2019", "The lamp was lit."],
    ["More news of the harbour.", "The tide was high."],
    ["Notices."],
)


def tiff(path: Path, shade: int = 255) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (60, 80), shade).save(path, dpi=(300, 300))


def alto(path: Path, lines: list[str]) -> None:
    rows = "".join(
        f'<TextBlock ID="b{number}"><TextLine ID="l{number}"><String CONTENT="{line}"/></TextLine></TextBlock>'
        for number, line in enumerate(lines, 1)
    )
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><MeasurementUnit>pixel</MeasurementUnit>'
        '</Description><Layout><Page ID="p1" WIDTH="60" HEIGHT="80"><PrintSpace>'
        f"{rows}</PrintSpace></Page></Layout></alto>",
        encoding="utf-8",
    )


def deposit(folder: Path, *, layouts: bool = True) -> Path:
    """Three pages; with layout documents their words."""
    for number, lines in enumerate(WORDS, 1):
        tiff(folder / f"000{number}.tif", 250 - number)
        if layouts:
            alto(folder / f"000{number}.xml", lines)
    return folder


def codes(found: Inspected, severity: Severity | None = None) -> list[str]:
    return [each.code for each in found.findings if severity is None or each.severity is severity]


def test_pages_with_layout_are_one_issue(tmp_path: Path) -> None:
    found = inspect(deposit(tmp_path / "2019-05-04"), PROFILES)
    (reading,) = found.readings
    assert found.acceptable and codes(found, Severity.ERROR) == [] and reading.issue is not None
    assert reading.issue.identifier == "saltmarsh-courier_2019-05-04_v012-no0018"
    assert [page.number for page in reading.issue.pages if page.received] == [1, 2, 3]
    assert reading.source.transcript.taken_from == "ALTO, 3 documents"
    content = (reading.source.transcript.file.content or b"").decode()
    assert [line for line in content.splitlines() if line] == [line for page in WORDS for line in page]
    assert [image.facts.width for image in reading.source.images] == [60, 60, 60]


def test_a_missing_page_keeps_its_place(tmp_path: Path) -> None:
    folder = deposit(tmp_path / "issue")
    for name in ("0002.tif", "0002.xml"):
        (folder / name).unlink()
    found = inspect(folder, PROFILES)
    issue = found.readings[0].issue
    assert issue is not None and [(page.number, page.received) for page in issue.pages] == [
        (1, True),
        (2, False),
        (3, True),
    ]
    assert {"IMG-020", "ISS-015"} <= set(codes(found)) and found.acceptable


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda folder: (folder / "0002.tif").write_bytes((folder / "0002.tif").read_bytes()[:2000]), "IMG-001"),
        (lambda folder: (folder / "0002.tif").write_bytes(b"not an image"), "IMG-004"),
        (lambda folder: (folder / "0002.xml").write_text("<alto"), "LAY-001"),
        (lambda folder: (folder / "SHA256SUMS").write_text(f"{'0' * 64}  0001.tif\n"), "CKS-001"),
        (lambda folder: (folder / "SHA256SUMS").write_text(""), "CKS-004"),
    ],
)
def test_what_is_broken_is_found_and_refused(tmp_path: Path, spoil: Callable[[Path], None], code: str) -> None:
    folder = deposit(tmp_path / "issue")
    spoil(folder)
    found = inspect(folder, PROFILES)
    assert code in codes(found) and not found.acceptable


def test_images_alone_are_described_by_what_is_given(tmp_path: Path) -> None:
    folder = deposit(tmp_path / "2019-05-04", layouts=False)
    bare = inspect(folder, PROFILES)
    assert "SER-001" in codes(bare) and not bare.acceptable  # nothing says which serial
    found = inspect(folder, PROFILES, "saltmarsh-courier")
    issue = found.readings[0].issue
    assert issue is not None and issue.identifier == "saltmarsh-courier_2019-05-04"  # by the folder's name
    assert codes(found, Severity.WARNING) == ["SER-010"] and found.acceptable
    row = given("issues.csv, row 2", title="saltmarsh weekly courier", volume="12", issue_number="18")
    titled = inspect(folder, PROFILES, terms=Terms(given=(row,)))
    assert "SER-001" in codes(titled)  # the title is not quite the serial's
    row = given("issues.csv, row 2", title="The Saltmarsh Weekly Courier", volume="12", issue_number="18")
    titled = inspect(folder, PROFILES, terms=Terms(given=(row,)))
    issue = titled.readings[0].issue
    assert issue is not None and issue.identifier == "saltmarsh-courier_2019-05-04_v012-no0018"
    assert {said.confidence for said in issue.statements} == {Confidence.GIVEN} and titled.acceptable


def test_what_is_given_must_agree_with_what_is_printed(tmp_path: Path) -> None:
    folder = deposit(tmp_path / "2019-05-11")  # a week off
    found = inspect(folder, PROFILES)
    assert codes(found, Severity.WARNING) == ["SER-009"] and found.acceptable
    row = given("issues.csv, row 2", issue_number="19")
    found = inspect(folder, PROFILES, terms=Terms(given=(row,)))
    assert codes(found, Severity.ERROR) == ["SER-008"]
    assert "issues.csv, row 2 says 19; the issue has 18" in next(
        e.message for e in found.findings if e.code == "SER-008"
    )


def test_a_transcript_beside_the_pages_goes_before_the_layout(tmp_path: Path) -> None:
    folder = deposit(tmp_path / "issue")
    (folder / "transcript.md").write_text(english("## A lamp\n\nThe lamp was lit."), encoding="utf-8")
    found = inspect(folder, PROFILES)
    (reading,) = found.readings
    assert found.acceptable and reading.issue is not None and not reading.source.transcript.taken_from
    assert [article.headline for article in reading.issue.articles] == ["A lamp"]
    assert len(reading.issue.pages) == 3


def test_texts_by_page(tmp_path: Path) -> None:
    folder = deposit(tmp_path / "issue", layouts=False)
    for number, lines in enumerate(WORDS, 1):
        (folder / f"000{number}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = inspect(folder, PROFILES)
    assert found.acceptable and found.readings[0].source.transcript.taken_from == "text, 3 pages"


def test_a_year_of_issues_in_one_folder(tmp_path: Path) -> None:
    for day in ("04", "11"):
        folder = deposit(tmp_path / "1/2019" / f"2019-05-{day}")
        (folder / "0001.xml").write_text((folder / "0001.xml").read_text().replace("4 May", f"{int(day)} May"))
    found = inspect(tmp_path / "1", PROFILES)
    names = [reading.issue.identifier for reading in found.readings if reading.issue]
    assert names == ["saltmarsh-courier_2019-05-04_v012-no0018", "saltmarsh-courier_2019-05-11_v012-no0018"]


def test_checksums_given_from_outside(tmp_path: Path) -> None:
    folder = deposit(tmp_path / "issue")
    lines = [f"{hashlib.md5((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in ("0001.tif", "0001.xml")]
    listing = tmp_path / "list.md5"
    listing.write_text("".join(lines))
    found = inspect(folder, PROFILES, terms=Terms(checksums=(listing,)))
    assert found.deposit.comparison is not None and len(found.deposit.comparison.verified) == 2 and found.acceptable
    (folder / "0001.tif").write_bytes((folder / "0002.tif").read_bytes())
    assert "CKS-001" in codes(inspect(folder, PROFILES, terms=Terms(checksums=(listing,))))


def test_nothing_of_the_deposit_changes(tmp_path: Path) -> None:
    folder = deposit(tmp_path / "issue")
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(folder.iterdir())}
    inspect(folder, PROFILES)
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in sorted(folder.iterdir())} == before


def test_files_are_sorted_by_content(tmp_path: Path) -> None:
    from archiver.listing import list_deposit

    folder = deposit(tmp_path / "issue")
    shutil.move(folder / "0003.tif", folder / "0003.bin")
    kinds = {each.name: each.kind.name for each in sort_files(list_deposit(folder).files)}
    assert (kinds["0001.tif"], kinds["0001.xml"], kinds["0003.bin"]) == ("IMAGE", "LAYOUT", "IMAGE")
    assert gather(sort_files(list_deposit(folder).files)).form == "page images"


def test_the_package_ties_pages_images_and_words(tmp_path: Path) -> None:
    folder = deposit(tmp_path / "2019-05-04")
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(folder.iterdir())]
    (folder / "SHA256SUMS").write_text("".join(sums))
    desk = workspace(tmp_path / "desk")
    done = archiver("accession", folder, cwd=desk)
    assert done.status == 0, done.out + done.err
    (package,) = (desk / "packages").iterdir()
    bagit.Bag(str(package)).validate()
    assert archiver("validate", package, cwd=desk).codes("error") == []
    premis = (package / "data/metadata/preservation/premis.xml").read_text(encoding="utf-8")
    assert "SHA256SUMS (md5sum form, SHA-256): 6 verified, 0 mismatched, 0 absent" in premis
    assert "3 image(s): 3 decoded to the last pixel, 0 with findings" in premis
    mets = etree.parse(package / "data/metadata/descriptive/issue.mets.xml")
    hrefs = {
        file.get("ID"): file[0].get("{http://www.w3.org/1999/xlink}href").rsplit("/", 1)[-1]
        for file in mets.iter(f"{METS}file")
    }
    pages = [each for each in mets.iter(f"{METS}div") if each.get("TYPE") == "page"]
    together = [[hrefs[area.get("FILEID")] for area in page.find(f".//{METS}par")] for page in pages]
    assert together == [["0001.tif", "0001.xml"], ["0002.tif", "0002.xml"], ["0003.tif", "0003.xml"]]
    masthead = next(each for each in mets.iter(f"{METS}div") if each.get("TYPE") == "masthead")
    blocks = [(hrefs[area.get("FILEID")], area.get("BEGIN")) for area in masthead.findall(f".//{METS}seq/{METS}area")]
    assert blocks == [("0001.xml", "b1"), ("0001.xml", "b2"), ("0001.xml", "b3")]
    widths = [each.text for each in mets.iter("{http://www.loc.gov/mix/v20}imageWidth")]
    assert widths == ["60", "60", "60"]
    transcript = next((package / "data/representations/transcript/data").iterdir()).read_text(encoding="utf-8")
    assert [line for line in transcript.splitlines() if line] == [line for page in WORDS for line in page]


def test_the_text_of_a_page_is_where_its_layout_is(tmp_path: Path) -> None:
    found = inspect(deposit(tmp_path / "issue"), PROFILES)
    (reading,) = found.readings
    content = reading.source.transcript.file.content or b""
    assert reading.issue is not None
    spans = [page.span for page in reading.issue.pages]
    texts = [content[span.begin : span.end].decode().split("\n") for span in spans if span is not None]
    assert [[line for line in text if line] for text in texts] == [list(lines) for lines in WORDS]
