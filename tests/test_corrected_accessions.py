"""Corrections beside a deposit, applied when its package is made: in the description and in PREMIS alone."""

from __future__ import annotations

from pathlib import Path

import bagit
from transcripts import english
from workspaces import Outcome, archiver, workspace

CORRECTIONS = """
who = "Ida Marsh"

[[correction]]
action = "set"
field = "issue-date"
value = "2019-05-04"
text = "Saturday, 11 May 2019"
reason = "The page prints 4 May; the transcriber slipped."
"""


def accessioned(tmp_path: Path, corrections: str | None) -> tuple[Outcome, Path, Path]:
    source = tmp_path / "incoming/courier.txt"
    source.parent.mkdir()
    source.write_text(english().replace("Saturday, 4 May 2019", "Saturday, 11 May 2019"), encoding="utf-8")
    if corrections is not None:
        source.with_suffix(".corrections.toml").write_text(corrections, encoding="utf-8")
    desk = workspace(tmp_path / "desk")
    return archiver("accession", source, cwd=desk), desk, source


def test_a_correction_names_the_package_and_is_told(tmp_path: Path) -> None:
    done, desk, source = accessioned(tmp_path, CORRECTIONS)
    assert done.status == 0, done.out + done.err
    (package,) = (desk / "packages").iterdir()
    assert package.name == "saltmarsh-courier_2019-05-04_v012-no0018"
    bagit.Bag(str(package)).validate()
    kept = (package / "data/representations/original/data/courier.txt").read_bytes()
    assert kept == source.read_bytes() and b"11 May" in kept
    premis = (package / "data/metadata/preservation/premis.xml").read_text(encoding="utf-8")
    assert "Correction by Ida Marsh" in premis and "The page prints 4 May; the transcriber slipped." in premis
    assert (package / "data/documentation/corrections.toml").read_text(encoding="utf-8") == CORRECTIONS
    mods = (package / "data/metadata/descriptive/mods.xml").read_text(encoding="utf-8")
    assert ">2019-05-04<" in mods
    assert archiver("validate", package, cwd=desk).codes("error") == []


def test_without_corrections_nothing_is_told(tmp_path: Path) -> None:
    done, desk, _source = accessioned(tmp_path, None)
    assert done.status == 0
    (package,) = (desk / "packages").iterdir()
    assert package.name == "saltmarsh-courier_2019-05-11_v012-no0018"
    assert not (package / "data/documentation/corrections.toml").exists()
    assert "Correction by" not in (package / "data/metadata/preservation/premis.xml").read_text(encoding="utf-8")


def test_a_correction_that_fits_nothing_refuses_the_deposit(tmp_path: Path) -> None:
    done, desk, _source = accessioned(tmp_path, CORRECTIONS.replace("11 May", "18 May"))
    assert done.status == 1 and any(code.startswith("COR-") for code, _line in done.codes("error"))
    assert list((desk / "packages").iterdir()) == []


def test_a_file_that_is_named_goes_before_the_one_that_lies_there(tmp_path: Path) -> None:
    done, desk, source = accessioned(tmp_path, "not toml at all [")
    assert done.status == 1
    other = tmp_path / "mine.toml"
    other.write_text(CORRECTIONS, encoding="utf-8")
    done = archiver("accession", source, "--corrections", other, cwd=desk)
    assert done.status == 0, done.out
    assert [path.name for path in (desk / "packages").iterdir()] == ["saltmarsh-courier_2019-05-04_v012-no0018"]


def test_a_split_article_and_a_change_of_mind(tmp_path: Path) -> None:
    article = "## A lamp\n\nThe lamp was lit on Monday.\n\nFerry moved to noon\n\nThe ferry leaves at noon.\n"
    source = tmp_path / "courier.md"
    source.write_text(english(article), encoding="utf-8")
    line = source.read_text(encoding="utf-8").splitlines().index("Ferry moved to noon") + 1
    beside = tmp_path / "courier.corrections.toml"
    beside.write_text(
        f'who = "Ida Marsh"\n[[correction]]\naction = "split"\narticle = "article-001"\nlines = {line}\n'
        'text = "Ferry moved to noon"\nreason = "A headline on the page."\n',
        encoding="utf-8",
    )
    desk = workspace(tmp_path / "desk")
    done = archiver("accession", source, cwd=desk)
    assert done.status == 0, done.out + done.err
    (package,) = (desk / "packages").iterdir()
    mets = (package / "data/metadata/descriptive/issue.mets.xml").read_text(encoding="utf-8")
    assert 'LABEL="A lamp"' in mets and 'LABEL="Ferry moved to noon"' in mets
    assert archiver("validate", package, cwd=desk).codes("error") == []
    again = archiver("accession", source, cwd=desk)
    assert again.status == 0 and "already accessioned" in again.out
    beside.unlink()  # the archivist takes it back: not the same description, and not done silently
    changed = archiver("accession", source, cwd=desk)
    assert changed.status == 2 and "exists; nothing was changed" in changed.out + changed.err
