"""Our grammars against the official schemas, and the installation of those."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from mutants import MUTATIONS, mutants
from workspaces import CHECKOUT, QINGHE, SALTMARSH, archiver, workspace

from archiver.errors import CouldNotFindOut, UnreadableInput
from archiver.metadata import schemas
from archiver.metadata.xml import NotWellFormed, parse

OFFICIAL = CHECKOUT.parent / "shared" / "schemas"
KINDS = {
    "data/METS.xml": "mets",
    "data/metadata/descriptive/issue.mets.xml": "mets",
    "data/metadata/descriptive/mods.xml": "mods",
    "data/metadata/descriptive/mods-articles.xml": "mods",
    "data/metadata/preservation/premis.xml": "premis",
}
needs_official = [
    pytest.mark.xsd,
    pytest.mark.skipif(not OFFICIAL.is_dir(), reason="the official schemas are not at hand (../shared/schemas)"),
]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    desk = workspace(tmp_path_factory.mktemp("schemas") / "desk")
    done = archiver("accession", QINGHE, SALTMARSH, "--depositor", "D", "--agreement", "A-1", "--rights", "R", cwd=desk)
    assert done.status == 0
    return sorted((desk / "packages").iterdir())


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("official")
    assert len(schemas.install(folder, source=OFFICIAL)) == len(schemas.catalogue())
    return folder


@pytest.mark.parametrize("path", KINDS)
def test_what_archiver_writes_is_valid_by_its_own_grammar(packages: list[Path], path: str) -> None:
    for package in packages:
        root = parse((package / path).read_bytes())
        grammar = schemas.grammar(KINDS[path])
        assert grammar.validate(root), grammar.error_log
        assert schemas.broken_rules(KINDS[path], root) == []


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("mark", [pytest.param(None, marks=needs_official)])
def test_what_the_official_schemas_reject_ours_reject(
    packages: list[Path], installed: Path, path: str, mark: None, capsys: pytest.CaptureFixture[str]
) -> None:
    kind, official = KINDS[path], schemas.together(installed)
    counts: Counter[str] = Counter()
    missed = []
    for number, package in enumerate(packages):
        root = parse((package / path).read_bytes())
        assert official.validate(root), official.error_log
        for name, mutant in mutants(root, 1400, seed=number):
            theirs = official.validate(mutant)
            ours = schemas.grammar(kind).validate(mutant) and not schemas.broken_rules(kind, mutant)
            counts[f"official {'accepts' if theirs else 'rejects'}, ours {'accepts' if ours else 'rejects'}"] += 1
            counts[name] += 1
            if ours and not theirs:
                missed.append((name, [error.message for error in official.error_log][:1]))
    with capsys.disabled():
        print(f"\n{path}: {dict(counts)}")
    assert missed == []
    assert counts["official rejects, ours rejects"] > 500
    assert all(counts[name] > 20 for name in MUTATIONS)


@pytest.mark.parametrize("mark", [pytest.param(None, marks=needs_official)])
def test_validation_by_the_official_schemas(packages: list[Path], installed: Path, mark: None, tmp_path: Path) -> None:
    done = archiver("validate", packages[0], cwd=tmp_path, ARCHIVER_SCHEMAS=str(installed))
    outcomes = {run["code"]: run["outcome"] for run in done.data["checks"]}
    assert done.status == 0 and outcomes["MET-006"] == "passed"


def test_without_the_official_schemas_the_rule_is_skipped_visibly(packages: list[Path], tmp_path: Path) -> None:
    done = archiver("validate", packages[0], cwd=tmp_path)
    run = next(run for run in done.data["checks"] if run["code"] == "MET-006")
    assert done.status == 0 and run["outcome"] == "skipped" and "archiver schemas install" in run["reason"]


@pytest.mark.parametrize("mark", [pytest.param(None, marks=needs_official)])
def test_a_schema_with_another_digest_is_not_placed(tmp_path: Path, mark: None) -> None:
    source, folder = tmp_path / "source", tmp_path / "installed"
    shutil.copytree(OFFICIAL, source)
    (source / "mets.xsd").write_bytes((OFFICIAL / "mets-1.12.1.xsd").read_bytes() + b"\n")
    done = archiver("schemas", "install", "--from", source, cwd=tmp_path, ARCHIVER_SCHEMAS=str(folder))
    assert done.status == 3 and "sha256" in done.err and not (folder / "mets.xsd").exists()


def test_a_folder_without_schemas(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match=r"mets\.xsd"):
        schemas.install(tmp_path / "installed", source=tmp_path)


def test_an_address_that_cannot_be_reached(tmp_path: Path) -> None:
    done = archiver(
        "schemas", "install", "--from", "http://127.0.0.1:9/", cwd=tmp_path, ARCHIVER_SCHEMAS=str(tmp_path / "s")
    )
    assert done.status == 3 and "127.0.0.1:9" in done.err and "--from DIR" in done.err
    assert "Traceback" not in done.err


def test_together_needs_every_schema(tmp_path: Path) -> None:
    with pytest.raises(CouldNotFindOut, match="not installed"):
        schemas.together(tmp_path)


@pytest.mark.parametrize(
    "document",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b"<!DOCTYPE a><a/>",
        b"<a>\x1b</a>",
        b"<a>\x00</a>",
        b"<a>",
        b"",
        b"<a>" * 300 + b"</a>" * 300,
        b"<a>" + b"x" * 11_000_000 + b"</a>",
    ],
)
def test_documents_that_are_never_read(document: bytes) -> None:
    with pytest.raises(NotWellFormed):
        parse(document)


def test_the_compact_grammars_are_those_in_use() -> None:
    rnc2rng = pytest.importorskip("rnc2rng")
    for name in ("mets", "mods", "premis"):
        compact = rnc2rng.load(str(CHECKOUT / "schemas" / f"{name}.rnc"))
        written = (CHECKOUT / "schemas" / f"{name}.rng").read_text(encoding="utf-8")
        assert rnc2rng.dumps(compact).split() == written.split()
