"""The specimens: unchanged since they were deposited, and as accessions/README.md describes them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from archiver import inspection, profiles
from archiver.inspection import Inspected
from archiver.model.report import Severity
from archiver.model.serial import OddityKind
from archiver.resources import data_folder

ROOT = Path(__file__).resolve().parents[1]
DEPOSITED = {
    "2026.001/qinghe-2021-05-09.txt": "5238abb7798f69fed8af3212787121d2198d806359e39b29256c6f48c3565c9e",
    "2026.002/harbour-weekly-2019-05-04.txt": "83c566652e8708c1516bea9894e97815c91dc0229ef2779c9f422ca87f033ec0",
}


def tables(heading: str) -> list[list[list[str]]]:
    """The tables below the heading that begins so: rows of cells, the two head rows left out."""
    text = (ROOT / "accessions" / "README.md").read_text(encoding="utf-8")
    part = text.split(f"## {heading}")[1].split("\n## ")[0]
    found = re.findall(r"(?:^\|.*\n)+", part + "\n", re.MULTILINE)
    return [[[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[2:]] for table in found]


@pytest.fixture(scope="module")
def known() -> dict[str, profiles.SerialProfile]:
    return profiles.load_all([data_folder("profiles")])


@pytest.fixture(params=["2026.001", "2026.002"])
def inspected(request: pytest.FixtureRequest, known: dict[str, profiles.SerialProfile]) -> Inspected:
    return inspection.inspect(ROOT / "accessions" / request.param / "deposit", known)


@pytest.mark.parametrize("name", DEPOSITED)
def test_a_deposit_is_never_changed(name: str) -> None:
    number, file = name.split("/")
    content = (ROOT / "accessions" / number / "deposit" / file).read_bytes()
    assert hashlib.sha256(content).hexdigest() == DEPOSITED[name]


def test_a_specimen_can_be_accessioned_and_its_serial_is_recognised(inspected: Inspected) -> None:
    assert inspected.acceptable
    assert [found.message for found in inspected.findings if found.severity is Severity.ERROR] == []
    assert all(
        said.agreement.name != "DISAGREES" for reading in inspected.readings for said in reading.issue.statements
    )


def test_the_lines_of_the_masthead_are_those_described(inspected: Inspected) -> None:
    (reading,) = inspected.readings
    number = inspected.deposit.root.parent.name
    rows = tables(number)[0]
    described = sorted(int(line) for row in rows for line in row[2].split(","))
    read = sorted({line for said in reading.issue.statements for line in said.lines})
    assert read == described
    words = " ".join(row[1] for row in rows)
    assert reading.issue.issued.isoformat() in words
    assert reading.issue.title.text in words


def test_the_articles_are_those_described(inspected: Inspected) -> None:
    (reading,) = inspected.readings
    rows = tables(inspected.deposit.root.parent.name)[1]
    headlines = [
        cell for row in rows for cell in row if cell in {article.headline for article in reading.issue.articles}
    ]
    assert headlines == [article.headline for article in reading.issue.articles]
    for row, article in zip(rows, reading.issue.articles, strict=True):
        byline, oddity = row[-2], row[-1]
        names = [name for printed in article.bylines for name in printed.names]
        assert all(name in byline for name in names) and (byline == "none") == (not names)
        kinds = {odd.kind for odd in article.oddities}
        assert (OddityKind.COLUMN_BREAK in kinds) == oddity.startswith("column break")
        assert (OddityKind.GAP in kinds) == oddity.startswith("text lost")
        assert (OddityKind.CONTINUATION in kinds) == ("下转" in oddity or "Continued" in oddity)
        assert (OddityKind.REPEAT in kinds) == ("twice" in oddity)
        assert bool(kinds) == (oddity != "none")


def test_the_page_that_did_not_come_is_known(inspected: Inspected) -> None:
    (reading,) = inspected.readings
    absent = [(page.number, len(page.pointed_to_by)) for page in reading.issue.pages if not page.received]
    assert absent == {"2026.001": [(2, 6)], "2026.002": [(3, 4)]}[inspected.deposit.root.parent.name]
