"""Reports of every command keep docs/report.schema.json, and the documents name every command, option and key."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer
from workspaces import CHECKOUT, QINGHE, SALTMARSH, Outcome, archiver, workspace

from archiver.cli.app import app
from archiver.targets import ocfl
from archiver.workspace import KEYS

SCHEMA: dict[str, Any] = json.loads((CHECKOUT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def kept(done: Outcome, command: str, outcome: str = "passed") -> dict[str, Any]:
    """The report of a command, which must keep the schema."""
    data = done.data
    assert [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(data)] == []
    assert (data["command"], data["outcome"]) == (command, outcome)
    assert data["exit_status"] == done.status
    return data


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace(tmp_path_factory.mktemp("reports") / "desk")


@pytest.fixture(scope="module")
def accessioned(desk: Path) -> Outcome:
    return archiver("accession", SALTMARSH, cwd=desk)


@pytest.fixture(scope="module")
def package(desk: Path, accessioned: Outcome) -> Path:
    return desk / str(accessioned.data["packages"][0]["path"])


def schemas_within(schema: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for part in schema.values():
            yield from schemas_within(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from schemas_within(part)


def test_the_schema_is_one() -> None:
    VALIDATOR.check_schema(SCHEMA)


def test_the_schema_is_closed() -> None:
    objects = [part for part in schemas_within(SCHEMA) if "properties" in part and "type" in part]
    assert len(objects) > 10
    for part in objects:
        assert part["additionalProperties"] is False
        assert sorted(part["required"]) == sorted(part["properties"])


def test_the_schema_refuses_what_is_wrong(tmp_path: Path) -> None:
    data = archiver("doctor", cwd=tmp_path).data
    assert VALIDATOR.is_valid(data)
    assert not VALIDATOR.is_valid({**data, "colour": "red"})
    assert not VALIDATOR.is_valid({key: value for key, value in data.items() if key != "notes"})
    assert not VALIDATOR.is_valid({**data, "outcome": "passed", "exit_status": 1})


def test_init(tmp_path: Path) -> None:
    assert kept(archiver("init", "here", cwd=tmp_path), "init")["notes"]
    assert kept(archiver("init", "here", cwd=tmp_path), "init", "refused")["error"]["message"]


@pytest.mark.parametrize("deposit", [QINGHE, SALTMARSH], ids=lambda path: path.stem)
def test_inspect(desk: Path, deposit: Path) -> None:
    data = kept(archiver("inspect", deposit, cwd=desk), "inspect")
    assert data["issues"][0]["masthead"] and data["issues"][0]["articles"] and data["checks"]


def test_inspect_finds_something(desk: Path) -> None:
    bad = desk.parent / "bad.txt"
    bad.write_text("no masthead at all\n", encoding="utf-8")
    assert kept(archiver("inspect", bad, cwd=desk), "inspect", "failed")["findings"]


def test_inspect_of_a_name_that_is_not_text(desk: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deposit"
    folder.mkdir()
    try:
        (folder / "no-\udce9.txt").write_text("The Saltmarsh Weekly Courier\n", encoding="utf-8")
    except OSError:
        pytest.skip("this file system has only names in UTF-8")
    data = kept(archiver("inspect", folder, cwd=desk), "inspect", "failed")
    assert any(found["code"] == "DEP-002" and "\\udce9" in found["path"] for found in data["findings"])


def test_accession(accessioned: Outcome) -> None:
    data = kept(accessioned, "accession")
    assert data["packages"][0]["seal"] and data["issues"]


def test_accession_again_and_dry(desk: Path, package: Path) -> None:
    assert package.is_dir()
    assert kept(archiver("accession", SALTMARSH, cwd=desk), "accession")["packages"]
    dry = archiver("accession", "--dry-run", QINGHE, "--serial", "qinghe-newsletter", cwd=desk)
    assert kept(dry, "accession")["packages"]


def test_validate(desk: Path, package: Path) -> None:
    data = kept(archiver("validate", package, "--second-opinion", cwd=desk), "validate")
    assert {run["outcome"] for run in data["checks"]} <= {"passed", "skipped", "failed"}


def test_validate_of_what_is_not_there(desk: Path) -> None:
    done = archiver("validate", desk / "packages" / "nothing", cwd=desk)
    assert kept(done, "validate", "refused")["error"]["message"]


def test_register(desk: Path, package: Path) -> None:
    assert package.is_dir()
    number = kept(archiver("register", "list", cwd=desk), "register list")["accessions"][0]["number"]
    assert kept(archiver("register", "show", number, cwd=desk), "register show")["accessions"][0]["events"]
    assert kept(archiver("register", "verify", cwd=desk), "register verify")["checks"]


@pytest.mark.parametrize("kind", ["file", "ocfl"])
def test_transfer(desk: Path, package: Path, kind: str) -> None:
    for holding in ("stored", "already held"):
        data = kept(archiver("transfer", package, f"{kind}:{desk.parent / kind}", cwd=desk), "transfer")
        assert [receipt["holding"] for receipt in data["receipts"]] == [holding]


def test_doctor(desk: Path) -> None:
    assert kept(archiver("doctor", cwd=desk), "doctor")["components"]


def test_explain(desk: Path) -> None:
    assert kept(archiver("explain", cwd=desk), "explain")["notes"]
    assert kept(archiver("explain", "iss-011", cwd=desk), "explain")["notes"][0].startswith("# ISS-011 ")
    assert kept(archiver("explain", "ISS-999", cwd=desk), "explain", "refused")["error"]["remedy"]


def test_schemas(desk: Path, tmp_path: Path) -> None:
    assert kept(archiver("schemas", "list", cwd=desk), "schemas list")["components"]
    (tmp_path / "empty").mkdir()
    done = archiver("schemas", "install", "--from", tmp_path / "empty", cwd=tmp_path)
    assert kept(done, "schemas install", "refused")["error"]["message"]


def test_a_refused_command(tmp_path: Path) -> None:
    assert kept(archiver("register", "list", cwd=tmp_path), "register list", "refused")["error"]["remedy"]


def test_a_report_in_a_file(desk: Path) -> None:
    file = desk.parent / "doctor.json"
    done = archiver("doctor", "-o", file, cwd=desk)
    assert (done.status, done.out) == (0, "")
    assert VALIDATOR.is_valid(json.loads(file.read_text(encoding="utf-8")))


def commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its full name."""
    if hasattr(command, "commands"):
        for name, part in command.commands.items():
            yield from commands(part, (*words, name))
    else:
        yield " ".join(words), command


COMMANDS = dict(commands(typer.main.get_command(app)))
PAGE = (CHECKOUT / "docs" / "commands.md").read_text(encoding="utf-8")


def test_every_command_may_be_in_a_report() -> None:
    assert set(SCHEMA["properties"]["command"]["enum"]) == set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_is_explained(name: str) -> None:
    found = re.search(rf"^## archiver {re.escape(name)}(?: [^\n]*)?\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/commands.md has no section for archiver {name}"
    described = set(re.findall(r"`(-{1,2}[a-z][a-z0-9.-]*)", found[1]))
    shared = set(
        re.findall(r"`(-{1,2}[a-z][a-z0-9.-]*)", PAGE.split("## What every command shares")[1].split("\n## ")[0])
    )
    for parameter in COMMANDS[name].params:
        if parameter.param_type_name != "option":
            continue
        long = {option for option in parameter.opts if option.startswith("--")} - {"--help"}
        short = set(parameter.opts) - long
        assert long <= described, f"archiver {name}: {sorted(long - described)} is not explained"
        assert short <= described | shared
    real = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    assert described - real == set(), f"docs/commands.md names options that archiver {name} has not"


def test_every_section_is_a_command() -> None:
    headings = re.findall(r"^## archiver ([a-z ]+?)(?: [\[A-Z].*)?$", PAGE, re.MULTILINE)
    assert sorted(headings) == sorted(COMMANDS)


def test_every_variable_is_explained() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (CHECKOUT / "archiver").rglob("*.py"))
    read = set(re.findall(r"environ(?:\.get\(|\[)\"([A-Z_]+)\"", source))
    assert {"SOURCE_DATE_EPOCH", "ARCHIVER_SCHEMAS", "ARCHIVER_OPERATOR", "ARCHIVER_DEBUG"} <= read
    assert {name for name in read if f"`{name}`" not in PAGE} == set()


def test_every_key_of_the_workspace_is_explained() -> None:
    text = (CHECKOUT / "docs" / "workspace.md").read_text(encoding="utf-8")
    for table, keys in KEYS.items():
        part = text.split(f"\n## [{table}]\n")[1].split("\n## ")[0] if table else text
        assert {key for key in keys if f"`{key}`" not in part} == set()
    targets = text.split("\n## [targets.NAME]\n")[1]
    options = {"kind", "path", *ocfl.TARGET.options}
    assert {key for key in options if f"| `{key}` |" not in targets} == set()


def test_every_member_of_a_report_is_explained() -> None:
    text = (CHECKOUT / "docs" / "reports.md").read_text(encoding="utf-8")
    assert {name for name in SCHEMA["properties"] if f"| `{name}` |" not in text} == set()


def test_the_worked_example_of_a_profile_works(tmp_path: Path) -> None:
    text = (CHECKOUT / "docs" / "profiles.md").read_text(encoding="utf-8")
    desk = workspace(tmp_path / "desk")
    transcript, profile = (re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)[0] for kind in ("text", "toml"))
    (desk / "profiles" / "gulls-cove-letter.toml").write_text(profile, encoding="utf-8")
    (desk / "no-7.txt").write_text(transcript, encoding="utf-8")
    done = archiver("inspect", "no-7.txt", cwd=desk)
    data = kept(done, "inspect")
    assert data["issues"][0]["identifier"] == "gulls-cove-letter_1964-07-01_no0031"
    assert {code for code, _line in done.codes()} == {"SER-007", "ISS-013", "ISS-015"}


def test_the_worked_example_of_a_workspace_works(tmp_path: Path) -> None:
    text = (CHECKOUT / "docs" / "workspace.md").read_text(encoding="utf-8")
    (tmp_path / "archiver.toml").write_text(re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[0], encoding="utf-8")
    kept(archiver("doctor", cwd=tmp_path), "doctor")


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ([], ""),
        (["BAG-001"], "BAG-001"),
        (["BAG-001", "BAG-002"], "BAG-001, BAG-002"),
        (["BAG-001", "BAG-002", "BAG-003", "BAG-005", "FIX-006"], "BAG-001 to BAG-003, BAG-005, FIX-006"),
        (["BAG-009", "FIX-010", "FIX-011", "FIX-012"], "BAG-009, FIX-010 to FIX-012"),
    ],
)
def test_codes_that_follow_one_another_are_listed_as_a_run(codes: list[str], words: str) -> None:
    from archiver.render.text import runs_of

    assert runs_of(codes) == words
