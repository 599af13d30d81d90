"""Package profiles: which digests count, the BagIt profile that goes with them, and --profile on the command line."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import bagit
import pytest
from bag_profile_shapes import Profile, beyond_the_repository, informed, plain
from bags import BagBuilder, codes, tree
from workspaces import QINGHE, archiver, workspace

from archiver import plugs
from archiver.bag_planning import plan_bag
from archiver.errors import ConfigurationError, UnreadableInput, UsageError
from archiver.model.bag_profile import IDENTIFIER
from archiver.model.package_profile import KEYS, ChosenProfile, FixityEvidence
from archiver.model.report import Finding, Severity
from archiver.model.values import Algorithm
from archiver.package_profiles import choose_profile, load_package_profile, profile_names
from archiver.packages.bag import Bag
from archiver.resources import data_folder

ROOT = Path(__file__).resolve().parents[1]
GOOD = """\
[package]
id = "deposit"
description = "What we take."
bagit-profile = "deposit.bagit-profile.json"

[fixity]
accepted = ["sha512", "sha3256"]
otherwise = "warning"
"""


def written(folder: Path, text: str = GOOD, profile: Profile | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "deposit.bagit-profile.json").write_text(json.dumps(profile or plain()))
    path = folder / "deposit.package.toml"
    path.write_text(text)
    return path


def evidence(root: Path, algorithms: list[str], text: str = GOOD, **bag: Any) -> list[Finding]:
    path = BagBuilder(algorithms=algorithms, **bag).build(root / "bag")
    profile = load_package_profile(written(root / "profiles", text))
    subject = FixityEvidence(Bag.open(path).contents(measure=False), profile)
    _runs, findings = plugs.run_checks("package-profile", subject, subject="bag")
    return list(findings)


def test_every_key_is_read(tmp_path: Path) -> None:
    profile = load_package_profile(written(tmp_path))
    assert (profile.identifier, profile.description) == ("deposit", "What we take.")
    assert profile.accepted == (Algorithm.SHA512, Algorithm.SHA3_256)
    assert profile.otherwise is Severity.WARNING
    assert profile.bag_profile is not None and profile.bag_profile.version == "1"


def test_what_may_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('[package]\nid = "p"\n[fixity]\naccepted = ["md5"]\n')
    profile = load_package_profile(tmp_path / "p.toml")
    assert profile.otherwise is Severity.ERROR and profile.bag_profile is None and profile.description == ""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('id = "deposit"', 'id = "De posit"', ":2: package.id: expected lower-case letters"),
        ('id = "deposit"', "id = 3", ":2: package.id: expected a text in quotation marks"),
        ("description =", "descripton =", ":3: package.descripton: expected one of id, description, bagit-profile; "
                                          "did you mean description?"),
        ('"What we take."', "[]", ":3: package.description: expected a text"),
        ('["sha512", "sha3256"]', "[]", ":7: fixity.accepted: expected a list of at least one"),
        ('["sha512", "sha3256"]', '["crc32"]', ":7: fixity.accepted: expected names among md5, "),
        ('["sha512", "sha3256"]', '["SHA-512"]', ":7: fixity.accepted: expected names among md5, "),
        ('["sha512", "sha3256"]', "[512]", ":7: fixity.accepted: expected a list of at least one"),
        ('"warning"', '"notice"', ":8: fixity.otherwise: expected one of error, warning, not 'notice'"),
        ("[fixity]", "[fixty]", ":6: fixty: expected one of package, fixity, formats; did you mean fixity?"),
        ("[package]", "x = [[", ": not valid TOML"),
        (GOOD.split("[fixity]")[0], "package = 3\n", ":1: package: expected a table [package]"),
    ],
)  # fmt: skip
def test_a_wrong_profile_says_file_line_key_and_what_was_expected(
    old: str, new: str, expected: str, tmp_path: Path
) -> None:
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(ConfigurationError) as caught:
        load_package_profile(path)
    assert f"{path}{expected}" in caught.value.message


def test_other_faults_of_the_file(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(b"\xff")
    with pytest.raises(ConfigurationError, match="must be UTF-8"):
        load_package_profile(path)
    path.write_text("x = " + "[" * 100_000)
    with pytest.raises(ConfigurationError, match=r"brackets stand too deep|not valid TOML"):
        load_package_profile(path)
    path.write_text(GOOD.replace("deposit.bagit-profile.json", "nowhere.json"))
    with pytest.raises(UnreadableInput, match=r"nowhere.json"):
        load_package_profile(path)
    path.write_text(GOOD.replace("deposit.bagit-profile.json", "nothing"))
    with pytest.raises(ConfigurationError, match="There is no BagIt profile 'nothing'"):
        load_package_profile(path)


def test_a_name_means_the_package_profile_of_the_first_folder_that_has_one(tmp_path: Path) -> None:
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    written(shipped)
    own.mkdir()
    (own / "light.bagit-profile.json").write_text(json.dumps(plain()))
    (own / "deposit.package.toml").write_text('[package]\nid = "deposit"\n[fixity]\naccepted = ["md5"]\n')
    folders = [own, tmp_path / "absent", shipped]
    chosen = choose_profile("deposit", folders)
    assert chosen.package is not None and chosen.package.accepted == (Algorithm.MD5,) and chosen.bag is None
    light = choose_profile("light", folders)
    assert light.package is None and light.bag is not None
    both = choose_profile("deposit", [shipped])
    assert both.package is not None and both.bag is both.package.bag_profile is not None
    assert choose_profile(str(shipped / "deposit.bagit-profile.json")).package is None
    assert choose_profile(str(shipped / "deposit.package.toml")).bag is not None
    assert profile_names(folders) == ["deposit", "light"]
    with pytest.raises(ConfigurationError, match="'other'") as caught:
        choose_profile("other", folders)
    assert caught.value.remedy == "Known are: deposit, light. Or name a file."


def test_our_own_profile_accepts_what_is_no_longer_broken() -> None:
    chosen = choose_profile("newsletter-issue", [data_folder("profiles")])
    assert chosen.package is not None and chosen.bag is not None
    assert {Algorithm.SHA512, Algorithm.SHA256} <= set(chosen.package.accepted)
    assert not any(algorithm.is_legacy for algorithm in chosen.package.accepted)
    assert chosen.package.otherwise is Severity.ERROR


def test_every_key_is_explained() -> None:
    text = (ROOT / "docs" / "package-profiles.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([^`\n]+)`", text))
    assert {key for table, keys in KEYS.items() if table for key in keys} - named == set()
    assert {f"[{table}]" for table in KEYS if table} - named == set()
    assert {algorithm.value for algorithm in Algorithm} - named == set()


def test_the_example_of_the_documents_is_a_profile(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "package-profiles.md").read_text(encoding="utf-8")
    example = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[0]
    assert load_package_profile(written(tmp_path, example)).identifier == "deposit"


def test_an_accepted_algorithm_is_evidence(tmp_path: Path) -> None:
    assert evidence(tmp_path, ["md5", "sha512"]) == []


def test_without_one_there_is_a_finding_of_the_severity_that_the_profile_names(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    findings = evidence(tmp_path / "1", ["md5"])
    assert [(found.code, found.path, found.severity) for found in findings] == [
        ("FIX-010", "manifest-md5.txt", Severity.WARNING),
        ("FIX-010", "tagmanifest-md5.txt", Severity.WARNING),
    ]
    assert "md5 only; deposit accepts SHA-512, SHA3-256" in findings[0].message
    (tmp_path / "2").mkdir()
    grave = evidence(tmp_path / "2", ["sha256"], GOOD.replace('otherwise = "warning"', ""), tag_manifests=False)
    assert [(found.path, found.severity) for found in grave] == [("manifest-sha256.txt", Severity.ERROR)]


def test_no_manifest_is_no_evidence(tmp_path: Path) -> None:
    findings = evidence(tmp_path, ["sha512"], tag_files={"manifest-sha512.txt": None})
    assert [found.message.split(";")[0] for found in findings] == ["there is no payload manifest"]


def test_a_file_that_only_another_algorithm_covers_is_named(tmp_path: Path) -> None:
    """Before BagIt 1.0, a file needs to stand in one manifest only."""
    rows = f"{hashlib.sha512(b'first').hexdigest()}  data/a.txt\n".encode()
    findings = evidence(tmp_path, ["md5", "sha512"], version="0.97", tag_files={"manifest-sha512.txt": rows})
    assert [found.message.split(";")[0] for found in findings] == [
        "listed only in manifests that do not count: data/b/c.txt"
    ]


def chosen(profile: Profile | None = None) -> ChosenProfile:
    from archiver.bag_profiles import parse_bag_profile

    return ChosenProfile(bag=parse_bag_profile(json.dumps(profile or plain()).encode(), "p.json"))


@pytest.mark.parametrize(
    ("changes", "algorithms"),
    [
        ({}, ["sha512", "sha256"]),
        ({"Manifests_Required": ["md5"]}, ["md5"]),
        ({"Manifests_Required": ["md5"], "Tag_Manifests_Required": ["sha256"]}, ["sha256", "md5"]),
        ({"Manifests_Allowed": ["sha256", "md5"]}, ["sha256"]),
        ({"Manifests_Allowed": ["md5", "sha1"]}, ["sha1"]),
        ({"Manifests_Allowed": ["sha512", "sha1"], "Tag_Manifests_Allowed": ["sha1"]}, ["sha1"]),
    ],
)
def test_the_algorithms_of_a_bag_follow_its_profile(changes: dict[str, Any], algorithms: list[str]) -> None:
    assert [each.value for each in plan_bag(chosen(plain(**changes)), (), (), ()).algorithms] == algorithms


def test_no_algorithm_fits() -> None:
    with pytest.raises(UsageError, match="requires crc32, which is not known here"):
        plan_bag(chosen(plain(Manifests_Required=["crc32"])), (), (), ())
    with pytest.raises(UsageError, match="allows no algorithm that is known here"):
        plan_bag(chosen(plain(Manifests_Allowed=["crc32"])), (), (), ())


def test_the_algorithms_of_a_bag_follow_the_policy(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace('["sha512", "sha3256"]', '["sha3256"]'), plain(Manifests_Required=["md5"]))
    found = plan_bag(choose_profile(str(path)), (), (), ())
    assert [each.value for each in found.algorithms] == ["sha3256", "md5"]


def test_a_tag_with_one_value_is_filled_in_only_when_it_is_required() -> None:
    profile = plain(
        Bag_Info={
            "Access": {"required": True, "values": ["open"]},
            "Kind": {"required": True, "values": ["a", "b"]},
            "Maybe": {"values": ["x"]},
            "Bagging-Date": {"required": True, "values": ["2001-01-01"]},
        }
    )
    plan = plan_bag(chosen(profile), (), [("Note", "n")], [("Bagging-Date", "2026-01-05")])
    assert plan.info == (
        ("Note", "n"),
        ("Access", "open"),
        (IDENTIFIER, "https://profiles.example.org/plain-1.json"),
        ("Bagging-Date", "2026-01-05"),
    )
    given = [("access", "closed"), (IDENTIFIER.lower(), "https://profiles.example.org/plain-1.json")]
    own = [("Bagging-Date", "2026-01-05")]
    assert plan_bag(chosen(profile), (), given, own).info == (*given, *own)


# The command line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "folder"
    (place / "sub").mkdir(parents=True)
    (place / "a.txt").write_text("first")
    (place / "sub" / "b.txt").write_text("second")
    return place


def put(tmp_path: Path, profile: Profile, name: str = "p.json") -> Path:
    path = tmp_path / name
    path.write_text(json.dumps(profile))
    return path


def test_a_bag_is_made_that_satisfies_the_profile(tmp_path: Path, folder: Path) -> None:
    profile = plain(
        Bag_Info={
            "Access": {"required": True, "values": ["open"]},
            "Contact-Name": {"required": True},
            "Bag-Size": {"required": True},
            "Payload-Oxum": {"required": True, "values": ["11.2"]},
        },
        Manifests_Required=["sha256", "md5"],
        Manifests_Allowed=["sha256", "md5"],
        Tag_Files_Allowed=[],
        Payload_Files_Required=["data/a.txt", "data/sub/"],
    )
    path = put(tmp_path, profile)
    done = archiver("bag", folder, "-o", tmp_path / "bag", "--profile", path, "--info", "Contact-Name: A", cwd=tmp_path)
    assert done.status == 0, done.out + done.err
    assert [found for found in done.data["findings"] if found["severity"] != "notice"] == []
    names = {name for name in tree(tmp_path / "bag") if "manifest-" in name}
    assert names == {f"{kind}-{each}.txt" for kind in ("manifest", "tagmanifest") for each in ("md5", "sha256")}
    bag = bagit.Bag(str(tmp_path / "bag"))
    assert bag.is_valid() and bag.info["Access"] == "open"
    assert bag.info[IDENTIFIER] == "https://profiles.example.org/plain-1.json"
    assert codes(tmp_path / "bag") == set()
    again = archiver("validate", tmp_path / "bag", "--profile", path, cwd=tmp_path)
    assert again.status == 0
    runs = {run["code"]: run["outcome"] for run in again.data["checks"]}
    assert runs["BPR-003"] == "passed" and runs["FIX-010"] == "skipped" and runs["HSE-001"] == "skipped"


def test_all_that_is_missing_is_told_before_anything_is_written(tmp_path: Path, folder: Path) -> None:
    profile = plain(
        Bag_Info={
            "Contact-Name": {"required": True},
            "Contact-Email": {"required": True},
            "Access": {"required": True, "values": ["open", "closed"]},
        },
        Payload_Files_Required=["data/METS.xml"],
        Tag_Files_Required=["trust-info.txt"],
    )
    before = tree(tmp_path)
    path = put(tmp_path, profile)
    done = archiver(
        "bag", folder, "-o", tmp_path / "bag", "--profile", path, "--info", "Access: x", "--algorithm", "md5",
        cwd=tmp_path,
    )  # fmt: skip
    assert done.status == 1
    assert [found["code"] for found in done.data["findings"]] == ["BPR-003", "BPR-003", "BPR-005", "BPR-011", "BPR-013"]
    assert done.data["findings"][0]["remedy"] == "Give it: --info 'LABEL: VALUE'."
    assert done.data["notes"] == [f"{folder}: no bag was made; nothing was written."]
    path.unlink()
    assert tree(tmp_path) == before


def test_algorithms_that_were_asked_for_are_judged_too(tmp_path: Path, folder: Path) -> None:
    path = put(tmp_path, plain(Manifests_Required=["sha512"], Tag_Manifests_Allowed=["sha512"]))
    done = archiver("bag", folder, "-o", tmp_path / "bag", "--profile", path, "--algorithm", "md5", cwd=tmp_path)
    assert done.status == 1
    assert [found["code"] for found in done.data["findings"]] == ["BPR-007", "BPR-010"]
    assert all("--algorithm" in found["remedy"] for found in done.data["findings"])


def test_where_one_file_is_required_the_folder_is_made_and_a_note_says_so(tmp_path: Path, folder: Path) -> None:
    profile = {**beyond_the_repository(), "Bag-Info": {}}
    path = put(tmp_path, profile)
    done = archiver("bag", folder, "-o", tmp_path / "bag", "--profile", path, cwd=tmp_path)
    assert done.status == 0, done.out + done.err
    assert done.data["notes"][0].startswith("The profile requires one file (application/x-7z-compressed)")
    again = archiver("validate", tmp_path / "bag", "--profile", path, cwd=tmp_path)
    assert again.status == 1 and again.codes("error") == [("BPR-018", None)]


@pytest.mark.parametrize("command", ["bag", "validate"])
def test_a_profile_that_cannot_be_used_ends_with_2_and_one_sentence(command: str, tmp_path: Path, folder: Path) -> None:
    path = put(tmp_path, plain(Serialization="maybe", Data_Empty=0))
    options = [folder, "-o", tmp_path / "bag"] if command == "bag" else [folder]
    done = archiver(command, *options, "--profile", path, cwd=tmp_path)
    assert done.status == 2 and not (tmp_path / "bag").exists()
    message = done.data["error"]["message"]
    assert message.startswith(f"{path}: no BagIt profile that can be used: ")
    assert "/Data-Empty: " in message and "/Serialization: " in message


def test_a_name_that_is_none_lists_those_that_are(tmp_path: Path, folder: Path) -> None:
    done = archiver("validate", folder, "--profile", "nonesuch", cwd=tmp_path, json_report=False)
    assert done.status == 2
    assert "no package profile or BagIt profile 'nonesuch'" in done.err
    assert "Known are: rfc8493, newsletter-issue." in done.err


def test_profiles_of_the_workspace_are_found_by_name(tmp_path: Path) -> None:
    desk = workspace(tmp_path / "desk")
    written(desk / "profiles")
    named = (IDENTIFIER, "https://profiles.example.org/plain-1.json")
    bag = BagBuilder(info=(named,), algorithms=["sha256"]).build(tmp_path / "bag")
    done = archiver("validate", bag, "--profile", "deposit", cwd=desk)
    assert done.status == 0 and done.codes("warning") == [("FIX-010", None), ("FIX-010", None)]
    assert archiver("inspect", QINGHE, cwd=desk).status == 0  # package profiles are no serial profiles


def test_our_packages_name_our_profile_and_are_judged_by_it(tmp_path: Path) -> None:
    desk = workspace(tmp_path / "desk")
    assert archiver("accession", QINGHE, cwd=desk).status == 0
    package = next((desk / "packages").iterdir())
    runs = {run["code"]: run["outcome"] for run in archiver("validate", package, cwd=desk).data["checks"]}
    assert {outcome for code, outcome in runs.items() if code[:3] == "BPR" or code == "FIX-010"} == {"passed"}
    plain_runs = archiver("validate", package, "--profile", "rfc8493", cwd=desk).data["checks"]
    assert {run["outcome"] for run in plain_runs if run["code"][:3] == "BPR"} == {"skipped"}
    assert archiver("validate", package, "--profile", "newsletter-issue", cwd=desk).status == 0
    (package / "data" / "strange.txt").write_text("x")
    assert "BPR-014" in {code for code, _line in archiver("validate", package, cwd=desk).codes("error")}


def test_our_packages_satisfy_our_profile_for_the_other_validator_too(tmp_path: Path) -> None:
    referee = pytest.importorskip("bagit_profile", reason="bagit-profile is not installed")
    desk = workspace(tmp_path / "desk")
    assert archiver("accession", QINGHE, cwd=desk).status == 0
    package = next((desk / "packages").iterdir())
    text = (data_folder("profiles") / "newsletter-issue.bagit-profile.json").read_text(encoding="utf-8")
    identifier = json.loads(text)["BagIt-Profile-Info"][IDENTIFIER]
    profile = referee.Profile(identifier, profile=text)
    assert profile.validate_serialization(str(package))
    assert profile.validate(bagit.Bag(str(package))), str(profile.report)


def test_several_profiles_may_be_named_by_one_bag(tmp_path: Path, folder: Path) -> None:
    other = informed(plain(), BagIt_Profile_Identifier="https://profiles.example.org/other.json")
    one, two = put(tmp_path, plain(), "one.json"), put(tmp_path, other, "two.json")
    done = archiver(
        "bag", folder, "-o", tmp_path / "bag", "--profile", one, "--info",
        f"{IDENTIFIER}: https://profiles.example.org/other.json", cwd=tmp_path,
    )  # fmt: skip
    assert done.status == 0
    assert [archiver("validate", tmp_path / "bag", "--profile", each, cwd=tmp_path).status for each in (one, two)] == [
        0,
        0,
    ]
