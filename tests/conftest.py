"""What all tests share: where the repository's own material lies, and the clock that no test depends on."""

from __future__ import annotations

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared"
SEED = SHARED / "seeds" / "000_41355c843bb9a2f5.txt"


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of the person who runs the tests changes what they show."""
    for name in ("ARCHIVER_DEBUG", "FORCE_COLOR", "SOURCE_DATE_EPOCH", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def qinghe() -> Path:
    """The Chinese specimen: page 1 of an issue, with every kind of oddity."""
    return REPOSITORY / "accessions" / "2026.001" / "deposit" / "qinghe-2021-05-09.txt"


@pytest.fixture(scope="session")
def saltmarsh() -> Path:
    """The English specimen: two pages of a weekly."""
    return REPOSITORY / "accessions" / "2026.002" / "deposit" / "harbour-weekly-2019-05-04.txt"


@pytest.fixture(scope="session")
def seed() -> Path:
    """The first real deposit; it is not part of the repository."""
    if not SEED.is_file():
        pytest.skip("the first real deposit is not at hand (../shared/seeds)")
    return SEED
