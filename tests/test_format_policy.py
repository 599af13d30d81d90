"""The format policy: read from a package profile, judged on a deposit and on the formats that a package records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_formats import SAMPLES, zipped
from test_formats_locks import flagged
from workspaces import QINGHE, archiver, workspace

from archiver import plugs
from archiver.errors import ConfigurationError
from archiver.formats.identifying import identify_many
from archiver.model.formats import (
    UNKNOWN,
    Decision,
    Doubt,
    FileToIdentify,
    FormatMatch,
    FormatPolicy,
    FoundFormats,
    IdentifiedFile,
    Standing,
)
from archiver.model.report import Outcome
from archiver.model.values import Format, Identification
from archiver.package_profiles import choose_profile, load_package_profile
from archiver.resources import data_folder

GOOD = """\
[package]
id = "deposit"

[fixity]
accepted = ["sha512"]

[formats]
accepted = [
  { puid = ["fmt/353", "x-fmt/392"], reason = "images" },
  { puid = "x-fmt/111" },
]
tolerated = [{ puid = "fmt/4", reason = "few colours" }]
refused = [
  { puid = ["fmt/899", "fmt/900"], reason = "a program" },
]
others = "tolerated"
"""


def policy(folder: Path, text: str = GOOD) -> FormatPolicy:
    path = folder / "deposit.package.toml"
    path.write_text(text)
    found = load_package_profile(path).formats
    assert found is not None
    return found


def test_a_policy_is_read(tmp_path: Path) -> None:
    found = policy(tmp_path)
    assert found.decide("x-fmt/392") == Decision(Standing.ACCEPTED, "images", "x-fmt/392")
    assert found.decide("x-fmt/111") == Decision(Standing.ACCEPTED, "", "x-fmt/111")
    assert found.decide("fmt/900") == Decision(Standing.REFUSED, "a program", "fmt/900")
    assert found.decide("fmt/1") == Decision(Standing.TOLERATED)
    assert policy(tmp_path, GOOD.replace('others = "tolerated"', "")).decide("fmt/1") == Decision(Standing.ACCEPTED)
    (tmp_path / "p.toml").write_text(GOOD.split("[formats]")[0])
    assert load_package_profile(tmp_path / "p.toml").formats is None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('others = "tolerated"', 'others = "kept"', ":16: formats.others: expected one of accepted, tolerated, "),
        ("others =", "other =", ":16: formats.other: expected one of accepted, tolerated, "),
        ('"fmt/900"', '"fmt/9oo"', ":14: formats.refused: expected puid as PRONOM writes it"),
        ('"fmt/900"', '"fmt/353"', ":14: formats.refused: expected each PUID once; fmt/353 is accepted"),
        ('"fmt/900"', "900", ":13: formats.refused: expected puid as PRONOM writes it, such as fmt/353"),
        ('["fmt/899", "fmt/900"]', "[]", ":13: formats.refused: expected at least one PUID"),
        ('puid = ["fmt/899", "fmt/900"], ', "", ":13: formats.refused: expected puid as PRONOM writes it"),
        (', reason = "few colours"', "", ":12: formats.tolerated: expected a reason why fmt/4 is tolerated"),
        ('reason = "a program"', 'reason = " "', ":14: formats.refused: expected a reason why fmt/899 is refused"),
        ('reason = "a program"', "reason = 3", ":14: formats.refused: expected reason as a text"),
        ('reason = "images"', 'why = "images"', ":9: formats.accepted: expected the keys puid and reason, not 'why'"),
        ('[{ puid = "fmt/4", reason = "few colours" }]', '["fmt/4"]', ":12: formats.tolerated: expected a list of"),
        ('[{ puid = "fmt/4", reason = "few colours" }]', '"fmt/4"', ":12: formats.tolerated: expected a list of"),
    ],
)  # fmt: skip
def test_a_wrong_policy_says_file_line_key_and_what_was_expected(
    old: str, new: str, expected: str, tmp_path: Path
) -> None:
    assert old in GOOD
    with pytest.raises(ConfigurationError) as caught:
        policy(tmp_path, GOOD.replace(old, new, 1))
    assert f"{tmp_path / 'deposit.package.toml'}{expected}" in caught.value.message


def test_lists_of_tables_may_be_written_as_such(tmp_path: Path) -> None:
    text = GOOD.split("[formats]")[0] + '[[formats.refused]]\npuid = "fmt/899"\nreason = "a program"\n'
    assert policy(tmp_path, text).decide("fmt/899").standing is Standing.REFUSED


def test_our_own_policy_accepts_what_we_take_and_refuses_programs() -> None:
    chosen = choose_profile("newsletter-issue", [data_folder("profiles")])
    assert chosen.package is not None and chosen.package.formats is not None
    own = chosen.package.formats
    accepted = [
        SAMPLES[name][1] for name in SAMPLES if name not in {"a.gif", "a.bmp", "a.zip", "a.tar", "a.exe", "program"}
    ]
    assert {own.decide(puid).standing for puid in accepted} == {Standing.ACCEPTED}
    assert {own.decide(puid).standing for puid in ("fmt/3", "fmt/4", "fmt/40", "x-fmt/263")} == {Standing.TOLERATED}
    assert {own.decide(SAMPLES[name][1]).standing for name in ("a.exe", "program")} == {Standing.REFUSED}
    assert all(decision.reason for decision in own.decisions.values())


# Rules


def judged(found: FoundFormats) -> dict[tuple[str, str], tuple[str, str]]:
    _runs, findings = plugs.run_checks("formats", found, subject="deposit")
    return {(each.code, each.path or ""): (each.severity.value, each.message) for each in findings}


def outcomes(found: FoundFormats) -> dict[str, Outcome]:
    runs, _findings = plugs.run_checks("formats", found, subject="deposit")
    return {run.code: run.outcome for run in runs}


def test_the_worked_example_of_the_documents(tmp_path: Path) -> None:
    make = {name: sample[0] for name, sample in SAMPLES.items()}
    files = {
        "0001.tif": make["a.tif"](),
        "0002.tif": make["a.jpg"](),
        "notes.md": b"# Notes\n",
        "photos.zip": flagged(zipped({"a.jpg": make["a.jpg"]()}), (0,)),
        "setup.exe": make["a.exe"](),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    identified = tuple(identify_many([FileToIdentify(tmp_path / name, name) for name in files]))
    own = choose_profile("newsletter-issue", [data_folder("profiles")]).package
    assert own is not None
    found = judged(FoundFormats(identified, own.formats, own.identifier))
    text = (Path(__file__).resolve().parents[1] / "docs" / "formats.md").read_text(encoding="utf-8")
    shown = text.split("## Worked example")[1].split("## Limits")[0]
    lines = [line.split(maxsplit=3) for line in shown.splitlines() if line.startswith("    FMT-")]
    assert {(code, path): (grade, " ".join(words.split())) for code, grade, path, words in lines} == found


def test_every_fault_has_its_rule(tmp_path: Path) -> None:
    files = {
        "x.qqqq": bytes(range(1, 256)),
        "page.tif": b"a text\n" * 40,
        "table.csv": bytes(range(256)) * 64,
        "empty.txt": b"",
        "cut.pdf": SAMPLES["a.pdf"][0]()[:60],
        "old.tar": SAMPLES["a.tar"][0](),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    identified = tuple(identify_many([FileToIdentify(tmp_path / name, name) for name in files]))
    found = judged(FoundFormats(identified))
    assert {key: severity for key, (severity, _words) in found.items()} == {
        ("FMT-003", "x.qqqq"): "warning",
        ("FMT-003", "page.tif"): "warning",
        ("FMT-003", "cut.pdf"): "warning",  # PRONOM wants the end mark too
        ("FMT-004", "table.csv"): "warning",
        ("FMT-008", "empty.txt"): "warning",
        ("FMT-009", "cut.pdf"): "warning",
        ("FMT-010", "old.tar"): "notice",
    }
    assert "libmagic takes it for text/plain; its extension is that of x-fmt/387" in found["FMT-003", "page.tif"][1]
    assert "by its extension alone for x-fmt/18 Comma" in found["FMT-004", "table.csv"][1]
    assert found["FMT-010", "old.tar"][1] == "a TAR archive with 2 entries, archives among them: inner.zip"
    assert outcomes(FoundFormats(identified))["FMT-001"] is Outcome.SKIPPED  # nobody named a policy
    assert outcomes(FoundFormats(identified))["FMT-011"] is Outcome.SKIPPED


def plain(name: str, puid: str, **facts: object) -> IdentifiedFile:
    said = Identification("siegfried", puid, "Name", "1")
    return IdentifiedFile(name, Path(name), 5, Format(Identification("libmagic", "text/plain"), said), **facts)  # type: ignore[arg-type]


def test_unknown_formats_are_the_matter_of_the_policy_when_it_names_them() -> None:
    files = (plain("a", UNKNOWN), plain("b", "fmt/1"))
    strict = FormatPolicy({}, Standing.REFUSED)
    assert set(judged(FoundFormats(files, strict, "p"))) == {("FMT-003", "a"), ("FMT-001", "b")}
    named = FormatPolicy({UNKNOWN: Decision(Standing.REFUSED, "we cannot open it", UNKNOWN)})
    found = judged(FoundFormats(files, named, "p"))
    assert found == {("FMT-001", "a"): ("error", "its format is unknown: refused by p: we cannot open it")}


def test_several_formats_and_a_third_that_contradicts() -> None:
    third = Identification("opf-fido 1.6.1 (PRONOM v109)", "fmt/2", basis="content")
    by_name = Identification("opf-fido 1.6.1 (PRONOM v109)", "fmt/2", basis="extension")
    matches = (FormatMatch("fmt/1", "One"), FormatMatch("fmt/2", "Two", "2"))
    files = (
        plain("a", "fmt/1", third=third),
        plain("b", "fmt/1", third=by_name),
        plain("c", "fmt/2", third=third, matches=matches, doubts=frozenset({Doubt.SEVERAL})),
    )
    found = judged(FoundFormats(files))
    assert found["FMT-011", "a"][1] == "siegfried takes it for fmt/1 Name 1, opf-fido by its content for fmt/2"
    assert found["FMT-007", "c"] == ("notice", "2 formats fit: fmt/1 One, fmt/2 Two 2")
    assert set(found) == {("FMT-011", "a"), ("FMT-007", "c")}


# Packages


def test_a_package_is_judged_by_the_formats_it_records(tmp_path: Path) -> None:
    desk = workspace(tmp_path / "desk")
    assert archiver("accession", QINGHE, cwd=desk).status == 0
    package = next((desk / "packages").iterdir())
    own = archiver("validate", package, cwd=desk)
    runs = {run["code"]: run["outcome"] for run in own.data["checks"] if run["code"].startswith("FMT")}
    assert runs["FMT-001"] == runs["FMT-002"] == runs["FMT-003"] == "passed"
    assert runs["FMT-006"] == "skipped"  # nobody looks into the files again
    strict = tmp_path / "strict.package.toml"
    strict.write_text(GOOD.replace('  { puid = "x-fmt/111" },\n', "").replace(
        'refused = [\n', 'refused = [\n  { puid = "x-fmt/111", reason = "we want XML" },\n'))  # fmt: skip
    done = archiver("validate", package, "--profile", strict, cwd=desk)
    assert done.status == 1
    found = [each for each in done.data["findings"] if each["code"] == "FMT-001"]
    assert [each["path"].rpartition("/")[2] for each in found] and all(
        "we want XML" in each["message"] for each in found
    )
    assert all(each["path"].startswith("data/representations/") for each in found)
    tolerated = {each["path"] for each in done.data["findings"] if each["code"] == "FMT-002"}
    assert tolerated, "Markdown and TOML are tolerated as others"


def test_a_bag_without_premis_is_visibly_not_judged(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.txt").write_text("words")
    bag, profile = tmp_path / "bag", tmp_path / "p.package.toml"
    profile.write_text(GOOD)
    assert archiver("bag", tmp_path / "folder", "-o", bag, cwd=tmp_path).status == 0
    data = archiver("validate", bag, "--profile", profile, cwd=tmp_path).data
    runs = {run["code"]: run for run in data["checks"] if run["code"].startswith("FMT")}
    assert {run["outcome"] for run in runs.values()} == {"skipped"}
    assert "no PREMIS" in runs["FMT-001"]["reason"]
    assert json.dumps(data)
