"""Word and HTML documents as deposits, and transcripts in encodings that nothing declares."""

from __future__ import annotations

from pathlib import Path

import bagit
import pytest
from transcripts import PROFILES, chinese
from workspaces import archiver, workspace

from archiver.inspection import Inspected, inspect

HTML = """<!DOCTYPE html><html lang="en"><head><meta charset="{charset}"><title>x</title></head><body>
<h1>The Saltmarsh Weekly Courier</h1><p>Vol. XII, No. 18</p><p>Saturday, 4 May 2019</p>
<h2>A lamp for the café</h2><p>The lamp was lit upon the quay.</p><script>alert(1)</script>
<h2>Tides</h2><p>High on Monday.</p></body></html>"""


def codes(found: Inspected, severity: str) -> list[str]:
    return [each.code for each in found.findings if each.severity.value == severity]


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_a_page_of_html_is_an_issue(tmp_path: Path, charset: str) -> None:
    source = tmp_path / "issue.html"
    source.write_bytes(HTML.format(charset=charset).encode(charset))
    desk = workspace(tmp_path / "desk")
    done = archiver("accession", source, cwd=desk)
    assert done.status == 0, done.out + done.err
    (package,) = (desk / "packages").iterdir()
    bagit.Bag(str(package)).validate()
    transcript = next((package / "data/representations/transcript/data").iterdir()).read_text(encoding="utf-8")
    assert "## A lamp for the café" in transcript and "alert" not in transcript
    mets = (package / "data/metadata/descriptive/issue.mets.xml").read_text(encoding="utf-8")
    assert 'LABEL="A lamp for the café"' in mets and 'LABEL="Tides"' in mets
    premis = (package / "data/metadata/preservation/premis.xml").read_text(encoding="utf-8")
    assert "not shown in it: " in premis  # the script
    assert archiver("validate", package, cwd=desk).codes("error") == []


def test_a_word_document_is_an_issue(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx", reason="python-docx is not installed (pip install 'archiver[documents]')")
    made = docx.Document()
    made.add_heading("The Saltmarsh Weekly Courier", 0)
    for words in ("Vol. XII, No. 18", "Saturday, 4 May 2019"):
        made.add_paragraph(words)
    made.add_heading("A lamp for the quay", 1)
    made.add_paragraph("The lamp was lit upon the quay.")
    made.save(tmp_path / "issue.docx")
    found = inspect(tmp_path / "issue.docx", PROFILES)
    (reading,) = found.readings
    assert found.acceptable and reading.issue is not None
    assert reading.issue.identifier == "saltmarsh-courier_2019-05-04_v012-no0018"
    assert [article.headline for article in reading.issue.articles] == ["A lamp for the quay"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000)), ("a.rtf", b"{\\rtf1\\ansi words}"),
     ("a.docx", b"PK\3\4" + bytes(100))],
)  # fmt: skip
def test_what_is_not_read_is_refused_with_a_reason(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    found = inspect(tmp_path / name, PROFILES)
    assert not found.acceptable and codes(found, "error")
    assert all(run.outcome.value != "broken" for run in found.checks)


@pytest.mark.parametrize("encoding", ["cp1250", "iso8859-2"])
def test_a_transcript_in_an_encoding_of_central_europe(tmp_path: Path, encoding: str) -> None:
    words = "# The Saltmarsh Weekly Courier\n\nVol. XII, No. 18\n\nSaturday, 4 May 2019\n\n## Příliš žluťoučký kůň\n\n"
    words += "Starosta řekl, že nový maják bude stát u přístavu, kde ho uvidí všechny lodě připlouvající večer. " * 4
    (tmp_path / "a.txt").write_bytes(words.encode(encoding))
    found = inspect(tmp_path / "a.txt", PROFILES)
    (reading,) = found.readings
    assert reading.issue is not None and reading.issue.articles[0].headline == "Příliš žluťoučký kůň"


def test_a_chinese_transcript_in_gb18030(tmp_path: Path) -> None:
    article = "## 一盏灯\n\n" + "渡口昨夜点亮了一盏新灯,河上的船都看见了。" * 6
    (tmp_path / "a.txt").write_bytes(chinese(article).encode("gb18030"))
    found = inspect(tmp_path / "a.txt", PROFILES)
    assert found.acceptable and found.readings[0].source.transcript.encoding == "gb18030"
