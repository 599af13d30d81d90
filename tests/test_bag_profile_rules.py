"""Rules of BagIt profiles on bags: each constraint kept and broken, each by its own code."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from bag_profile_shapes import SHAPES, aptrust, crate, informed, only_holes, plain
from bags import BagBuilder

from archiver import plugs
from archiver.bag_profiles import parse_bag_profile
from archiver.model.bag_profile import FORMS, IDENTIFIER, ProfiledBag
from archiver.model.report import Finding, Outcome, Severity
from archiver.packages.bag import Bag

NAMED = (IDENTIFIER, "https://profiles.example.org/plain-1.json")
ALL = [known.rule.code for known in plugs.checks("bag-profile")]


def judged(
    root: Path, profile: Mapping[str, Any], builder: BagBuilder | None = None, serialization: str | None = None
) -> list[Finding]:
    """Findings of the rules of profiles on a bag that is built in `root`; no check may break."""
    path = (builder or BagBuilder(info=(NAMED,))).build(root / "bag")
    contents = Bag.open(path).contents(measure=False)
    read = parse_bag_profile(json.dumps(profile).encode(), "p.json")
    runs, findings = plugs.run_checks("bag-profile", ProfiledBag(contents, read, serialization), subject="bag")
    assert [run.code for run in runs] == ALL
    assert [run.reason for run in runs if run.outcome is Outcome.BROKEN] == []
    return list(findings)


def info(*tags: tuple[str, str], **parts: Any) -> BagBuilder:
    return BagBuilder(info=(NAMED, *tags), **parts)


@dataclass
class Case:
    """A profile and a bag, and the code (with path and line) of the one finding expected; none when `code` is ""."""

    code: str
    profile: dict[str, Any]
    bag: BagBuilder = field(default_factory=lambda: info())
    path: str | None = None
    line: int | None = None
    words: Sequence[str] = ()
    severity: Severity = Severity.ERROR
    serialization: str | None = None


def tag(**rule: Any) -> dict[str, Any]:
    return plain(Bag_Info={"Access": rule})


NOTE = b"a note\n"
CASES = [
    # bag-info.txt and the identifier
    Case("BPR-001", plain(), info(tag_files={"bag-info.txt": None}), "bag-info.txt"),
    Case("", plain()),
    Case("BPR-002", plain(), BagBuilder(), "bag-info.txt", None, ["is missing", "plain-1.json"]),
    Case("BPR-002", plain(), BagBuilder(info=((IDENTIFIER, "https://x.org/"),)), "bag-info.txt", 1, ["https://x.org/"]),
    Case("", plain(), BagBuilder(info=((IDENTIFIER, "https://x.org/"), NAMED))),
    Case("", plain(), BagBuilder(info=((IDENTIFIER.upper(), NAMED[1]),))),
    Case("BPR-002", plain(), BagBuilder(info=((IDENTIFIER, NAMED[1].upper()),)), "bag-info.txt", 1),
    # Bag-Info
    Case("BPR-003", tag(required=True), info(), "bag-info.txt", None, ["Access is missing"]),
    Case("BPR-003", tag(required=True, description="Who may see it."), words=["(Who may see it.)"]),
    Case("", tag(required=True), info(("ACCESS", "open"))),
    Case("BPR-003", tag(required=True), info(("Access", "")), "bag-info.txt", 2, severity=Severity.WARNING),
    Case("", tag(required=False)),
    Case("BPR-004", tag(recommended=True), path="bag-info.txt", severity=Severity.WARNING),
    Case("", tag(recommended=True), info(("access", "open"))),
    Case("BPR-003", tag(required=True, recommended=True)),
    Case("BPR-005", tag(values=["open", "closed"]), info(("Access", "secret")), "bag-info.txt", 2,
         ["'secret'", "'open', 'closed'"]),
    Case("BPR-005", tag(values=["open"]), info(("Access", "Open"))),
    Case("BPR-005", tag(values=["open"]), info(("Access", "open"), ("access", "closed")), "bag-info.txt", 3),
    Case("", tag(values=["open"])),
    Case("", tag(values=[]), info(("Access", "anything"))),
    Case("", tag(values=["one two three"]), info(("Access", "one\n two\n\tthree"))),
    Case("BPR-006", tag(repeatable=False), info(("Access", "a"), ("ACCESS", "a")), "bag-info.txt", 3, ["lines 2, 3"]),
    Case("", tag(repeatable=False), info(("Access", "a"))),
    Case("", tag(repeatable=True), info(("Access", "a"), ("Access", "b"))),
    # Manifests
    Case("BPR-007", plain(Manifests_Required=["md5", "sha512"]), path="manifest-md5.txt",
         words=["manifest-sha256.txt, manifest-sha512.txt"]),
    Case("", plain(Manifests_Required=["sha512"])),
    Case("", plain(Manifests_Required=["sha512"]), info(tag_files={"tagmanifest-sha512.txt": None})),
    Case("BPR-008", plain(Manifests_Allowed=["sha512"]), path="manifest-sha256.txt", words=["allowed: sha512"]),
    Case("", plain(Manifests_Allowed=["sha512", "sha256", "md5"])),
    Case("BPR-009", plain(Tag_Manifests_Required=["sha512"]), info(tag_files={"tagmanifest-sha512.txt": None}),
         "tagmanifest-sha512.txt", words=["there is tagmanifest-sha256.txt"]),
    Case("BPR-009", plain(Tag_Manifests_Required=["sha512"]), info(tag_manifests=False), words=["there is none"]),
    Case("", plain(Tag_Manifests_Required=["sha512", "sha256"])),
    Case("BPR-010", plain(Tag_Manifests_Allowed=["sha512"]), path="tagmanifest-sha256.txt"),
    Case("BPR-010", plain(Tag_Manifests_Allowed=[]), info(algorithms=["md5"]), "tagmanifest-md5.txt", None,
         ["allowed: none"]),
    Case("", plain(Tag_Manifests_Allowed=[]), info(tag_manifests=False)),
    # Tag files
    Case("BPR-011", plain(Tag_Files_Required=["meta/a.txt"]), path="meta/a.txt"),
    Case("BPR-011", plain(Tag_Files_Required=["Meta.txt"]), info(tag_files={"meta.txt": NOTE}), "Meta.txt"),
    Case("", plain(Tag_Files_Required=["meta/a.txt"]), info(tag_files={"meta/a.txt": NOTE})),
    Case("", plain(Tag_Files_Required=["bag-info.txt", "manifest-sha512.txt"])),
    Case("BPR-012", plain(Tag_Files_Allowed=["meta/*"]), info(tag_files={"a.txt": NOTE, "meta/b/c": NOTE}), "a.txt"),
    Case("BPR-012", plain(Tag_Files_Allowed=[]), info(tag_files={"meta/manifest-md5.txt": NOTE}),
         "meta/manifest-md5.txt"),
    Case("", plain(Tag_Files_Allowed=[]), info(tag_files={"fetch.txt": b""})),
    Case("", plain(Tag_Files_Allowed=["*.md"]), info(tag_files={"a/b/c.md": NOTE})),
    Case("BPR-012", plain(Tag_Files_Allowed=["*.md"]), info(tag_files={"database/c.txt": NOTE}), "database/c.txt"),
    # Payload
    Case("BPR-013", plain(Payload_Files_Required=["data/a.txt", "data/z.txt"]), path="data/z.txt"),
    Case("BPR-013", plain(Payload_Files_Required=["data/b"]), path="data/b"),
    Case("", plain(Payload_Files_Required=["data/a.txt", "data/b/"])),
    Case("BPR-013", plain(Payload_Files_Required=["data/c/"]), path="data/c", words=["is missing"]),
    Case("", plain(Payload_Files_Required=["data/far.txt"]),
         info(tag_files={"fetch.txt": b"https://example.org/far - data/far.txt\n"})),
    Case("BPR-014", plain(Payload_Files_Allowed=["data/*.txt", "data/b/x"]),
         info(payload={"a.txt": b"a", "b/y.tif": b"b"}), "data/b/y.tif"),
    Case("", plain(Payload_Files_Allowed=["data/a.txt", "data/b/*"])),
    Case("BPR-014", plain(Payload_Files_Allowed=["data/a.txt", "data/b/*"]),
         info(tag_files={"fetch.txt": b"https://example.org/far - data/far.txt\n"}), "data/far.txt"),
    # fetch.txt and an empty payload
    Case("BPR-015", plain(Allow_Fetch__txt=False), info(tag_files={"fetch.txt": b""}), "fetch.txt"),
    Case("", plain(Allow_Fetch__txt=False)),
    Case("", plain(Allow_Fetch__txt=True), info(tag_files={"fetch.txt": b""})),
    Case("BPR-016", plain(Fetch__txt_Required=True), path="fetch.txt"),
    Case("", plain(Fetch__txt_Required=True), info(tag_files={"fetch.txt": b""})),
    Case("BPR-017", plain(Data_Empty=True), path="data", words=["2 files and 11 bytes"]),
    Case("BPR-017", plain(Data_Empty=True), info(payload={"a": b"", "b": b""}), "data"),
    Case("BPR-017", plain(Data_Empty=True), info(payload={"a": b"x"}), "data"),
    Case("", plain(Data_Empty=True), info(payload={"a": b""})),
    Case("", plain(Data_Empty=True), info(payload={})),
    Case("", plain(Data_Empty=False)),
    # Serialisation
    Case("BPR-018", plain(Serialization="required", Accept_Serialization=["application/tar"]), words=["is a folder"]),
    Case("BPR-018", plain(Serialization="forbidden"), words=["is one file"], serialization="application/zip"),
    Case("", plain(Serialization="forbidden")),
    Case("", plain(Serialization="optional", Accept_Serialization=["application/zip"])),
    Case("BPR-019", plain(Serialization="required", Accept_Serialization=["application/tar"]),
         words=["application/zip", "accepted: application/tar"], serialization="application/zip"),
    Case("", plain(Accept_Serialization=["application/tar"]), serialization="application/x-tar"),
    Case("", plain(), serialization="application/x-tar"),
    # Versions
    Case("BPR-020", plain(), info(version="0.97"), "bagit.txt", 1, ["0.97; accepted: 1.0"]),
    Case("", plain(Accept_BagIt_Version=["0.96", "0.97"]), info(version="0.97")),
    Case("BPR-020", plain(), info(tag_files={"bagit.txt": b"nothing"}), "bagit.txt", 1, ["none that could be read"]),
    # The profile itself
    Case("BPR-021", informed(plain(), Version=""), words=["/BagIt-Profile-Info/Version"], severity=Severity.WARNING),
    Case("BPR-021", plain(Allow_Fetch__txt="true"), words=["/Allow-Fetch.txt"], severity=Severity.NOTICE),
    Case("BPR-022", plain(Other_Info={}), words=["/Other-Info", "p.json"], severity=Severity.NOTICE),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code or "kept")
def test_a_constraint_is_kept_or_broken(case: Case, tmp_path: Path) -> None:
    findings = judged(tmp_path, case.profile, case.bag, case.serialization)
    assert [found.code for found in findings] == ([case.code] if case.code else [])
    for found in findings:
        assert found.severity is case.severity
        assert found.remedy and "manifest" not in found.remedy
        assert case.path is None or found.path == case.path
        assert case.line is None or found.line == case.line
        assert [words for words in case.words if words not in found.message] == []


def test_every_rule_is_broken_by_some_case() -> None:
    assert {case.code for case in CASES} - {""} == set(ALL)


def test_a_folder_without_anything_in_it_is_empty(tmp_path: Path) -> None:
    (tmp_path / "bag/data/c").mkdir(parents=True)
    (tmp_path / "bag/bagit.txt").write_text("")
    contents = Bag.open(tmp_path / "bag").contents(measure=False)
    read = parse_bag_profile(json.dumps(plain(Payload_Files_Required=["data/c/"])).encode(), "p.json")
    _runs, findings = plugs.run_checks("bag-profile", ProfiledBag(contents, read), subject="bag")
    assert "the folder data/c/ is empty" in [found.message for found in findings if found.code == "BPR-013"]


def test_all_faults_are_found_in_one_run(tmp_path: Path) -> None:
    profile = plain(
        Bag_Info={"A": {"required": True}, "B": {"values": ["x"]}, "C": {"repeatable": False}, "D": {"required": True}},
        Manifests_Required=["md5"], Tag_Manifests_Required=["md5"], Tag_Files_Required=["t"], Data_Empty=True,
        Payload_Files_Required=["data/q"], Fetch__txt_Required=True, Accept_BagIt_Version=["0.97"],
    )  # fmt: skip
    bag = BagBuilder(info=(("B", "y"), ("C", "1"), ("C", "2")))
    assert [found.code for found in judged(tmp_path, profile, bag)] == [
        "BPR-002", "BPR-003", "BPR-003", "BPR-005", "BPR-006", "BPR-007", "BPR-009", "BPR-011", "BPR-013", "BPR-016",
        "BPR-017", "BPR-020",
    ]  # fmt: skip


def test_without_bag_info_the_rules_for_tags_are_skipped(tmp_path: Path) -> None:
    path = info(tag_files={"bag-info.txt": None}).build(tmp_path / "bag")
    read = parse_bag_profile(json.dumps(tag(required=True)).encode(), "p.json")
    bag = ProfiledBag(Bag.open(path).contents(measure=False), read)
    runs, findings = plugs.run_checks("bag-profile", bag, subject="bag")
    assert {run.code for run in runs if run.outcome is Outcome.SKIPPED} == {f"BPR-00{n}" for n in range(2, 7)}
    assert [found.code for found in findings] == ["BPR-001"]


def test_of_many_files_a_thousand_are_told(tmp_path: Path) -> None:
    payload = {f"{number:04}": b"" for number in range(1003)}
    findings = judged(tmp_path, plain(Payload_Files_Allowed=["data/none"]), info(payload=payload))
    assert len(findings) == 1001 and findings[-1].message == "and 3 more files that the profile does not allow"
    assert findings[0].path == "data/0000"


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_names_of_one_form_are_one(form: str, tmp_path: Path) -> None:
    for number, one in enumerate(FORMS[form]):
        profile = plain(Serialization="required", Accept_Serialization=[FORMS[form][-1].upper()])
        assert judged(tmp_path / str(number), profile, serialization=one) == []
        others = [types[0] for other, types in FORMS.items() if other != form]
        profile["Accept-Serialization"] = others
        assert [found.code for found in judged(tmp_path / f"x{number}", profile, serialization=one)] == ["BPR-019"]


def test_a_bag_for_a_preservation_service(tmp_path: Path) -> None:
    """The shape of APTrust: a tag file of its own, two algorithms allowed, one of them required."""
    name = (IDENTIFIER, aptrust()["BagIt-Profile-Info"][IDENTIFIER])
    tags = (name, ("Source-Organization", "A"), ("Bagging-Date", "2026-01-05"), ("Bag-Size", "11 bytes"))
    good = BagBuilder(info=tags, algorithms=["md5", "sha256"], tag_files={"trust-info.txt": b"Title: x\n"})
    assert [found.code for found in judged(tmp_path / "1", aptrust(), good)] == ["BPR-022"]
    poor = BagBuilder(info=tags[:3], algorithms=["sha256", "sha512"])
    errors = [found.code for found in judged(tmp_path / "2", aptrust(), poor) if found.severity is Severity.ERROR]
    assert errors == ["BPR-003", "BPR-007", "BPR-008", "BPR-009", "BPR-010", "BPR-011"]


def test_a_crate_in_a_bag(tmp_path: Path) -> None:
    files = {"crate.json": b"{}", "images/1.tif": b"x", "index.html": b"<p>"}
    assert judged(tmp_path / "1", crate(), info(payload=files, tag_files={"README.md": NOTE})) == []
    findings = judged(tmp_path / "2", crate(), info(payload={"index.txt": b"x"}, tag_files={"README.pdf": NOTE}))
    assert [found.code for found in findings] == ["BPR-012", "BPR-013", "BPR-013", "BPR-014"]


def test_a_bag_of_holes(tmp_path: Path) -> None:
    fetch = b"https://example.org/a 3 data/a\n"
    assert judged(tmp_path / "1", only_holes(), info(payload={}, tag_files={"fetch.txt": fetch})) == []
    assert {found.code for found in judged(tmp_path / "2", only_holes())} == {"BPR-016", "BPR-017"}


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_no_rule_breaks_on_any_shape(name: str, tmp_path: Path) -> None:
    findings = judged(tmp_path, SHAPES[name]())
    assert "BPR-002" in {found.code for found in findings} or name in {"crate", "only_holes"}
