"""The documents say what the program does: rule pages, profile keys, glossary, decisions, links."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archiver import plugs, profiles
from archiver.model.profile import GROUPS

ROOT = Path(__file__).resolve().parents[1]
RULES = ROOT / "docs" / "rules"
SECTIONS = ["What it checks", "Why", "Clause", "Example", "How to mend"]
KNOWN = {known.rule.code: known.rule for known in plugs.checks()}
FAMILIES = {code.split("-")[0] for code in KNOWN}
PAGES = {path.stem: path for path in sorted(RULES.glob("*.md"))}
DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "CHANGES/*.md", "accessions/*.md")
    for path in ROOT.glob(pattern)
    if ".venv" not in path.parts
)
SOURCES = sorted((ROOT / "archiver").rglob("*.py"))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def sections(text: str) -> dict[str, str]:
    """Heading → content, of the headings of second rank; code blocks may hold what looks like one."""
    found: dict[str, str] = {}
    name, fenced = "", False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        if line.startswith("## ") and not fenced:
            name = line[3:].strip()
            found[name] = ""
        elif name:
            found[name] += line + "\n"
    return found


def codes_in(text: str) -> set[str]:
    """Rule codes a text names. SHA-512 and the like are none: their letters are no family of rules."""
    return {code for code in re.findall(r"\b[A-Z]{3}-\d{3}\b", text) if code.split("-")[0] in FAMILIES}


def test_there_are_rules() -> None:
    assert {"BAG", "FIX", "DEP", "TXT", "SER", "ISS"} <= FAMILIES


@pytest.mark.parametrize("code", sorted(KNOWN))
def test_a_rule_has_a_page(code: str) -> None:
    assert code in PAGES, f"docs/rules/{code}.md is missing"
    text = text_of(PAGES[code])
    assert text.startswith(f"# {code} {KNOWN[code].title}\n")
    parts = sections(text)
    assert list(parts) == SECTIONS
    assert [name for name, content in parts.items() if not content.strip()] == []


@pytest.mark.parametrize("code", sorted(PAGES))
def test_a_page_has_a_rule(code: str) -> None:
    assert code in KNOWN


@pytest.mark.parametrize("path", [*DOCUMENTS, *SOURCES], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_code_is_named_that_does_not_exist(path: Path) -> None:
    assert codes_in(text_of(path)) - KNOWN.keys() == set()


@pytest.mark.parametrize("code", sorted(PAGES))
def test_a_page_does_not_advise_new_digests(code: str) -> None:
    """New digests over damaged bytes hide the damage: a remedy restores the file."""
    mend = sections(text_of(PAGES[code])).get("How to mend", "")
    advice = re.findall(
        r"(?i)(?<!not )(?<!never )\b(?:repair|rewrite|regenerate|recompute|update) the (?:tag ?)?manifest", mend
    )
    assert advice == []


def test_every_key_of_a_profile_is_explained() -> None:
    text = text_of(ROOT / "docs" / "profiles.md")
    named = set(re.findall(r"`([^`\n]+)`", text))
    keys = {key for table in profiles.KEYS.values() for key in table}
    assert keys - named == set()
    tables = {name for name in profiles.KEYS if name}
    assert {name for name in tables if f"[{name}]" not in text} == set()


def test_every_group_and_field_of_a_masthead_is_explained() -> None:
    named = set(re.findall(r"`([^`\n]+)`", text_of(ROOT / "docs" / "profiles.md")))
    assert GROUPS.keys() - named == set()
    assert set(GROUPS.values()) - named == set()


def test_modules_bear_no_word_we_do_not_use() -> None:
    table = sections(text_of(ROOT / "docs" / "glossary.md"))["Words we do not use"]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")][2:]
    plain = {word.strip() for row in rows if "(" not in row for word in row.split(",")}
    assert {"utils", "helpers", "common", "manager", "handler", "base"} <= plain
    words = {
        word for path in SOURCES for word in path.relative_to(ROOT).with_suffix("").parts for word in word.split("_")
    }
    forms = {form for word in plain for form in (word, word + "s", word.removesuffix("s"))}
    assert words & forms == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text_of(path))
    missing = [target for target in targets if "://" not in target and not (path.parent / target).exists()]
    assert missing == []


def test_every_document_is_listed() -> None:
    index = text_of(ROOT / "docs" / "README.md")
    names = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {name for name in names if f"({name})" not in index} == set()


def blocks(text: str) -> list[str]:
    """Lines of indented and fenced code blocks, their indentation taken off."""
    fenced, found = False, []
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif fenced:
            found.append(line)
        elif line.startswith("    "):
            found.append(line[4:])
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_shown_exists(path: Path) -> None:
    from archiver.cli.app import app

    names = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
    shown = {
        match[1] for line in blocks(text_of(path)) for match in re.finditer(r"(?:^|[$;&|] )archiver ([a-z]+)", line)
    }
    assert shown - names == set()


def test_the_session_in_the_readme_is_what_happens(tmp_path: Path, qinghe: Path) -> None:
    """Every line of the README's session that a command says is said by that command on the specimen."""
    session = text_of(ROOT / "README.md").split("<!-- session -->")[1].split("\n## ")[0]
    lines = [line for line in blocks(session) if line.strip() and line.strip() != "…"]
    (tmp_path / "incoming").mkdir()
    shutil.copyfile(qinghe, tmp_path / "incoming" / qinghe.name)
    said = ""
    program = [sys.executable, "-c", "from archiver.cli.app import main; main()"]
    surroundings = {**os.environ, "SOURCE_DATE_EPOCH": "1767225600"}
    for line in (line for line in lines if line.startswith("$ archiver ")):
        words = [word.replace("build/demo", ".") for word in shlex.split(line)[2:]]
        if words[0] not in {"init", "inspect", "accession"}:
            continue
        done = subprocess.run([*program, *words], cwd=tmp_path, env=surroundings, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        said += done.stdout.decode() + done.stderr.decode()
    missing = [
        line for line in lines if not line.startswith("$ ") and line.rstrip() not in map(str.rstrip, said.split("\n"))
    ]
    assert missing == []


DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.name)
def test_a_decision_tells_context_decision_and_consequences(path: Path) -> None:
    text = text_of(path)
    assert re.match(rf"# {path.name[:4]} \S", text)
    assert list(sections(text)) == ["Context", "Decision", "Consequences"]
    assert f"]({path.name})" in text_of(path.parent / "README.md")


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_every_goal_of_the_makefile_is_explained() -> None:
    text = text_of(ROOT / "Makefile")
    goals = set(re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE).group(1).split())  # type: ignore[union-attr]
    assert goals == set(re.findall(r"^([a-z-]+):", text, re.MULTILINE))
    explained = set(re.findall(r"^#   make ([a-z]+)", text, re.MULTILINE))
    assert explained <= goals
    assert goals - explained <= {"help", "setup", "setup-dev", "clean"}
