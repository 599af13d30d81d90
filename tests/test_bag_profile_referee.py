"""The validator of the BagIt Profiles project as a second referee: same profiles, same bags, differences explained."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bagit
import pytest
from bag_profile_shapes import SHAPES, aptrust, informed, plain
from bags import BagBuilder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver import plugs
from archiver.bag_profiles import parse_bag_profile
from archiver.errors import ConfigurationError
from archiver.model.bag_profile import IDENTIFIER, ProfiledBag
from archiver.model.report import Severity
from archiver.packages.bag import Bag

referee = pytest.importorskip("bagit_profile", reason="bagit-profile is not installed")
NOTE = b"a note\n"


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level("CRITICAL"):
        yield


def ours(path: Path, profile: dict[str, Any]) -> bool | None:
    """Whether our rules accept a folder; None when the profile is refused."""
    try:
        read = parse_bag_profile(json.dumps(profile).encode(), "p.json")
    except ConfigurationError:
        return None
    bag = ProfiledBag(Bag.open(path).contents(measure=False), read)
    _runs, findings = plugs.run_checks("bag-profile", bag, subject="bag")
    return not any(found.severity is Severity.ERROR for found in findings)


def theirs(path: Path, profile: dict[str, Any]) -> bool | None:
    """Whether the validator of the project accepts it, labels compared without case; None when it cannot say.

    Keys that it takes for granted are given empty: it fails with KeyError where the specification has them optional.
    """
    whole = {"Bag-Info": {}, "Manifests-Required": [], "Accept-Serialization": [], **copy.deepcopy(profile)}
    identifier = profile["BagIt-Profile-Info"][IDENTIFIER]
    with contextlib.suppress(referee.ProfileValidationError):
        found = referee.Profile(identifier, profile=whole, ignore_baginfo_tag_case=True)
        with contextlib.suppress(referee.ProfileValidationError):
            found.validate_serialization(str(path))
            return bool(found.validate(bagit.Bag(str(path))))
        return False
    return None


def info(profile: dict[str, Any], *tags: tuple[str, str], **parts: Any) -> BagBuilder:
    return BagBuilder(info=((IDENTIFIER, profile["BagIt-Profile-Info"][IDENTIFIER]), *tags), **parts)


@dataclass
class Case:
    """A profile, a bag and what both say of them, or what each says and why it differs."""

    profile: dict[str, Any]
    accepted: bool | None
    tags: tuple[tuple[str, str], ...] = ()
    bag: dict[str, Any] = field(default_factory=dict)
    theirs: bool | None = None
    why: str = ""  # they disagree because …


def tag(**rule: Any) -> dict[str, Any]:
    return plain(Bag_Info={"Access": rule})


def older(profile: dict[str, Any], version: str) -> dict[str, Any]:
    return informed(profile, BagIt_Profile_Version=version)


AGREED = [
    Case(plain(), True),
    Case(plain(), False, bag={"version": "0.97"}),
    Case(plain(Accept_BagIt_Version=["0.97", "1.0"]), True, bag={"version": "0.97"}),
    Case(tag(required=True), False),
    Case(tag(required=True), True, (("access", "x"),)),
    Case(tag(values=["a", "b"]), False, (("Access", "c"),)),
    Case(tag(values=["a", "b"]), True, (("Access", "b"),)),
    Case(tag(repeatable=False), False, (("Access", "a"), ("Access", "b"))),
    Case(tag(repeatable=False), True, (("Access", "a"),)),
    Case(tag(repeatable=True), True, (("Access", "a"), ("Access", "b"))),
    Case(tag(description=["no text"]), None),
    Case(plain(Accept_BagIt_Version=[1.0]), None),
    Case(plain(Manifests_Required=["md5"]), False),
    Case(plain(Manifests_Required=["sha512"]), True),
    Case(plain(Manifests_Allowed=["sha512"]), False),
    Case(plain(Manifests_Allowed=["sha512", "sha256"]), True),
    Case(older(plain(Manifests_Allowed=["sha512"]), "1.2.0"), True),
    Case(plain(Tag_Manifests_Required=["sha512"]), False, bag={"tag_manifests": False}),
    Case(plain(Tag_Manifests_Required=["sha512"]), True),
    Case(plain(Tag_Manifests_Allowed=["sha512"]), False),
    Case(plain(Tag_Files_Required=["a.txt"]), False),
    Case(plain(Tag_Files_Required=["m/a.txt"]), True, bag={"tag_files": {"m/a.txt": NOTE}}),
    Case(plain(Tag_Files_Allowed=["m/*"]), True, bag={"tag_files": {"m/n/a.txt": NOTE}}),
    Case(plain(Tag_Files_Allowed=["m/*"]), False, bag={"tag_files": {"a.txt": NOTE}}),
    Case(plain(Tag_Files_Allowed=[]), True, bag={"tag_files": {"fetch.txt": b""}}),
    Case(older(plain(Tag_Files_Allowed=["m/*"]), "1.1.0"), True, bag={"tag_files": {"a.txt": NOTE}}),
    Case(plain(Allow_Fetch__txt=False), False, bag={"tag_files": {"fetch.txt": b""}}),
    Case(plain(Allow_Fetch__txt=True), True, bag={"tag_files": {"fetch.txt": b""}}),
    Case(plain(Serialization="required", Accept_Serialization=["application/zip"]), False),
    Case(plain(Serialization="forbidden"), True),
    Case(plain(Serialization="optional", Accept_Serialization=["application/zip"]), True),
]  # fmt: skip
DISAGREED = [
    Case(tag(values=[]), True, (("Access", "x"),), theirs=False,
         why="by the specification an empty list accepts any value; they look for the value in it"),
    Case(tag(values=["a", "b"]), True, (("Access", "a"), ("Access", "b")), theirs=False,
         why="they compare the list of a repeated tag's values with each single value"),
    Case(plain(), True, ((IDENTIFIER, "https://example.org/another.json"),), theirs=False,
         why="the identifier may be repeated for a bag of several profiles; they compare the list with one"),
    Case(plain(Manifests_Required=["md5"], Manifests_Allowed=["sha512", "sha256"]), None, theirs=False,
         why="a profile that contradicts itself is a fault of the profile; they blame the bag"),
    Case(plain(Tag_Files_Required=["a.txt"], Tag_Files_Allowed=["b"]), None, bag={"tag_files": {"a.txt": NOTE}},
         theirs=False, why="the same for tag files"),
    Case(plain(Tag_Files_Allowed=[]), False, bag={"tag_files": {"database/a.txt": NOTE}}, theirs=True,
         why="they take every folder whose name begins with data for the payload"),
    Case(plain(Fetch__txt_Required=True), False, theirs=True, why="they stop at 1.3: the key came with 1.4"),
    Case(plain(Data_Empty=True), False, theirs=True, why="the key came with 1.4"),
    Case(plain(Payload_Files_Required=["data/z"]), False, theirs=True, why="the key came with 1.4"),
    Case(plain(Payload_Files_Allowed=["data/z"]), False, theirs=True, why="the key came with 1.4"),
    Case(plain(Manifests_Required=["SHA-512"]), True, theirs=False,
         why="the name of an algorithm in another spelling; they look for manifest-SHA-512.txt"),
    Case(informed(plain(), External_Description=None), None, theirs=True,
         why="the specification requires it; they do not look"),
    Case(informed(plain(), Version=None), None, theirs=True, why="required; they only write a line to the log"),
    Case(plain(Serialization="maybe"), None, theirs=True, why="no value of the specification; they do not look"),
    Case(plain(Accept_BagIt_Version=["1.0", "x"]), None, theirs=True, why="no version; they look at the type alone"),
    Case(tag(required="true"), False, theirs=True,
         why="the grammar of the specification has it in quotation marks; they take it for false"),
]  # fmt: skip


@pytest.mark.parametrize("case", AGREED)
def test_both_say_the_same(case: Case, tmp_path: Path) -> None:
    path = info(case.profile, *case.tags, **case.bag).build(tmp_path / "bag")
    assert (ours(path, case.profile), theirs(path, case.profile)) == (case.accepted, case.accepted)


@pytest.mark.parametrize("case", DISAGREED, ids=lambda case: case.why)
def test_where_they_differ_there_is_a_reason(case: Case, tmp_path: Path) -> None:
    path = info(case.profile, *case.tags, **case.bag).build(tmp_path / "bag")
    assert (ours(path, case.profile), theirs(path, case.profile)) == (case.accepted, case.theirs)


@pytest.mark.parametrize("name", sorted(set(SHAPES) - {"crate", "only_holes"}))  # of 1.4, which they do not know
@pytest.mark.parametrize("algorithms", [("md5", "sha256"), ("sha512",)])
@pytest.mark.parametrize("tag_file", ["trust-info.txt", "README.md"])
def test_both_say_the_same_of_shapes_in_wide_use(
    name: str, algorithms: tuple[str, ...], tag_file: str, tmp_path: Path
) -> None:
    profile = SHAPES[name]()
    profile["Bag-Info"] = {
        # where `values` is empty, they accept none: see above
        label: {key: value for key, value in rule.items() if value != []}
        for label, rule in profile["Bag-Info"].items()
    }
    tags = (("Source-Organization", "A"), ("Bagging-Date", "2026-01-05"), ("Bag-Size", "1 KB"))
    # without a version they fail with ValueError; the specification has it that a profile without one follows 1.1.0
    if not profile["BagIt-Profile-Info"].get("BagIt-Profile-Version"):
        profile = informed(profile, BagIt_Profile_Version="1.1.0")
    path = info(profile, *tags, algorithms=algorithms, tag_files={tag_file: NOTE}).build(tmp_path / "bag")
    assert ours(path, profile) is theirs(path, profile)


ALGORITHMS = st.lists(st.sampled_from(["md5", "sha256", "sha512"]), min_size=1, max_size=3, unique=True)
WORDS = st.sampled_from(["a", "b"])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_both_say_the_same_of_profiles_made_at_random(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Profiles without what the two are known to differ in."""
    allowed = data.draw(ALGORITHMS)
    rule: dict[str, Any] = {"required": data.draw(st.booleans()), "repeatable": data.draw(st.booleans())}
    values = data.draw(st.lists(WORDS, max_size=2))
    if values:
        rule["values"] = values
    profile = plain(
        Bag_Info={"Access": rule},
        Manifests_Required=data.draw(st.lists(st.sampled_from(allowed), max_size=2)),
        Manifests_Allowed=allowed,
        Tag_Files_Allowed=data.draw(st.lists(st.sampled_from(["*", "m/*", "a.*", "?.txt"]), max_size=2)),
        Allow_Fetch__txt=data.draw(st.booleans()),
        Accept_BagIt_Version=data.draw(st.lists(st.sampled_from(["0.97", "1.0"]), min_size=1, max_size=2)),
    )
    given_values = data.draw(st.lists(WORDS, max_size=1 if values else 2))
    files = data.draw(st.lists(st.sampled_from(["a.txt", "m/b.txt", "fetch.txt"]), max_size=2, unique=True))
    builder = info(
        profile,
        *(("Access", value) for value in given_values),
        algorithms=data.draw(ALGORITHMS),
        tag_files={name: b"" if name == "fetch.txt" else NOTE for name in files},
    )
    path = builder.build(tmp_path_factory.mktemp("bags") / "bag")
    assert ours(path, profile) is theirs(path, profile)


def test_the_referee_knows_the_shape_that_it_accepts(tmp_path: Path) -> None:
    """That the two agree on something accepted, and not only on what is refused."""
    tags = (("Source-Organization", "A"), ("Bagging-Date", "2026-01-05"), ("Bag-Size", "1 KB"))
    path = info(aptrust(), *tags, algorithms=["md5", "sha256"], tag_files={"trust-info.txt": NOTE}).build(
        tmp_path / "b"
    )
    assert ours(path, aptrust()) is theirs(path, aptrust()) is True
