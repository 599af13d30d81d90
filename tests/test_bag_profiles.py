"""Reading BagIt profiles: every key into its type, every fault at once and with its place."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from bag_profile_shapes import SHAPES, bdbag, dart_own, informed, plain
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archiver.bag_profiles import bag_profile_names, load_bag_profile, parse_bag_profile
from archiver.bag_profiles.files import LARGEST
from archiver.bag_profiles.strict_json import DEEPEST, Members, Number, parse_json, pointer
from archiver.errors import ArchiverError, ConfigurationError, UnreadableInput
from archiver.model.bag_profile import IDENTIFIER, INFO_KEYS, KEYS, TAG_KEYS, Allowed, BagProfile, Serialization
from archiver.model.report import Severity
from archiver.packaging import PROFILE
from archiver.resources import data_folder

ROOT = Path(__file__).resolve().parents[1]


def read(profile: Any) -> BagProfile:
    return parse_bag_profile(json.dumps(profile).encode(), "p.json")


def refused(profile: Any) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read(profile)
    assert "\n" not in caught.value.message
    assert caught.value.exit_status == 2
    return caught.value.message


def remarks(profile: BagProfile) -> dict[str, Severity]:
    return {remark.place: remark.severity for remark in profile.remarks}


def test_the_least_that_is_a_profile_has_the_defaults_of_the_specification() -> None:
    profile = read(plain())
    assert profile.identifier == "https://profiles.example.org/plain-1.json"
    assert profile.specification == (1, 4, 0) and profile.specification_label == "1.4.0"
    assert (profile.organisation, profile.description, profile.version) == ("The library", "Any bag.", "1")
    assert profile.allow_fetch and not profile.fetch_required and not profile.data_empty
    assert profile.serialization is Serialization.OPTIONAL
    assert profile.manifests_allowed is profile.tag_manifests_allowed is None
    assert profile.tag_files_allowed is profile.payload_files_allowed is None
    assert profile.manifests_required == profile.tags == profile.remarks == ()
    assert profile.accept_versions == ("1.0",)


def test_every_key_is_read_into_its_field() -> None:
    profile = read(
        plain(
            Bag_Info={
                "Contact-Name": {"required": True, "values": ["A", "B"], "repeatable": False, "description": "Who."},
                "Note": {"recommended": True},
            },
            Manifests_Required=["sha512"],
            Manifests_Allowed=["sha512", "md5"],
            Tag_Manifests_Required=["sha256"],
            Tag_Manifests_Allowed=["sha256"],
            Tag_Files_Required=["notes/a.txt"],
            Tag_Files_Allowed=["notes/*"],
            Payload_Files_Required=["data/a.txt", "data/images/"],
            Payload_Files_Allowed=["data/*"],
            Allow_Fetch__txt=True,
            Fetch__txt_Required=True,
            Data_Empty=False,
            Serialization="required",
            Accept_Serialization=["Application/ZIP"],
            Accept_BagIt_Version=["0.97", "1.0"],
        )
    )
    first, second = profile.tags
    assert (first.label, first.required, first.values, first.repeatable) == ("Contact-Name", True, ("A", "B"), False)
    assert first.description == "Who." and not first.recommended
    assert second.recommended and not second.required and second.repeatable
    assert profile.manifests_required == ("sha512",) and profile.manifests_allowed == ("sha512", "md5")
    assert profile.tag_manifests_required == profile.tag_manifests_allowed == ("sha256",)
    assert profile.tag_files_required == ("notes/a.txt",) and profile.tag_files_allowed == ("notes/*",)
    assert profile.payload_files_required == ("data/a.txt", "data/images/")
    assert profile.payload_files_allowed == ("data/*",)
    assert profile.fetch_required and profile.serialization is Serialization.REQUIRED
    assert profile.accept_serialization == ("application/zip",) and profile.accept_versions == ("0.97", "1.0")
    assert profile.remarks == ()


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_profiles_of_the_shapes_in_wide_use_are_read(name: str) -> None:
    profile = read(SHAPES[name]())
    assert profile.identifier.endswith(".json") and profile.accept_versions
    assert all(remark.severity is not Severity.ERROR for remark in profile.remarks)


def test_what_is_odd_about_profiles_in_wide_use_is_remarked() -> None:
    assert remarks(read(SHAPES["aptrust"]())) == {"/Other-Info": Severity.NOTICE}
    assert remarks(read(SHAPES["beyond_the_repository"]())) == {}
    assert remarks(read(bdbag())) == {}
    assert remarks(read(SHAPES["dart_export"]())) == {
        "/BagIt-Profile-Info/BagIt-Profile-Version": Severity.WARNING,
        "/BagIt-Profile-Info/External-Description": Severity.WARNING,
        "/BagIt-Profile-Info/Source-Organization": Severity.WARNING,
        "/BagIt-Profile-Info/Version": Severity.WARNING,
        "/Bag-Info/Bag-Size/defaultValue": Severity.NOTICE,
        "/Bag-Info/Bag-Size/help": Severity.NOTICE,
    }
    assert remarks(read(SHAPES["ocr_d"]())) == {
        "/BagIt-Profile-Info/Version": Severity.NOTICE,
        "/Bag-Info/Depth/default": Severity.NOTICE,
    }


def test_a_profile_in_the_form_of_dart_is_named_as_that() -> None:
    assert "form of DART" in refused(dart_own())


@pytest.mark.parametrize(
    ("changes", "place", "expected"),
    [
        ({"Bag_Info": []}, "/Bag-Info", "an object, found a list"),
        ({"Bag_Info": {"A": None}}, "/Bag-Info/A", "an object, found null"),
        ({"Bag_Info": {"A": {"required": 1}}}, "/Bag-Info/A/required", "true or false, found the number 1"),
        ({"Bag_Info": {"A": {"required": "yes"}}}, "/Bag-Info/A/required", 'true or false, found the text "yes"'),
        ({"Bag_Info": {"A": {"repeatable": None}}}, "/Bag-Info/A/repeatable", "true or false, found null"),
        ({"Bag_Info": {"A": {"recommended": []}}}, "/Bag-Info/A/recommended", "true or false, found a list"),
        ({"Bag_Info": {"A": {"values": "x"}}}, "/Bag-Info/A/values", 'a list of texts, found the text "x"'),
        ({"Bag_Info": {"A": {"values": [True]}}}, "/Bag-Info/A/values/0", "not empty, found true"),
        ({"Bag_Info": {"A": {"description": {}}}}, "/Bag-Info/A/description", "a text, found an object"),
        ({"Bag_Info": {" ": {}}}, "/Bag-Info/ ", "the label of a tag"),
        ({"Bag_Info": {"A:b": {}}}, "/Bag-Info/A:b", "the label of a tag"),
        ({"Bag_Info": {"A/~": 1}}, "/Bag-Info/A~1~0", "an object, found the number 1"),
        ({"Bag_Info": {"Note": {}, "NOTE": {}}}, "/Bag-Info/NOTE", "without case, and Note is there already"),
        ({"Manifests_Required": "md5"}, "/Manifests-Required", 'a list of texts, found the text "md5"'),
        ({"Manifests_Required": ["-"]}, "/Manifests-Required/0", "the name of an algorithm"),
        ({"Manifests_Allowed": {}}, "/Manifests-Allowed", "a list of texts, found an object"),
        ({"Tag_Manifests_Required": [[]]}, "/Tag-Manifests-Required/0", "not empty, found a list"),
        ({"Tag_Manifests_Allowed": [""]}, "/Tag-Manifests-Allowed/0", 'not empty, found the text ""'),
        ({"Tag_Files_Required": ["../a"]}, "/Tag-Files-Required/0", "relative to the bag"),
        ({"Tag_Files_Required": ["/a"]}, "/Tag-Files-Required/0", "relative to the bag"),
        ({"Tag_Files_Allowed": ["a/"]}, "/Tag-Files-Allowed/0", "not in a slash"),
        ({"Payload_Files_Required": ["a.txt"]}, "/Payload-Files-Required/0", "below data/"),
        ({"Payload_Files_Required": ["data/../../x"]}, "/Payload-Files-Required/0", "without empty, . and .. parts"),
        ({"Payload_Files_Required": ["data/" + "x" * 5000]}, "/Payload-Files-Required/0", "at most 4096"),
        ({"Payload_Files_Allowed": ["data/"]}, "/Payload-Files-Allowed/0", "not in a slash"),
        ({"Allow_Fetch__txt": "no"}, "/Allow-Fetch.txt", "true or false"),
        ({"Fetch__txt_Required": 0}, "/Fetch.txt-Required", "true or false, found the number 0"),
        ({"Data_Empty": []}, "/Data-Empty", "true or false, found a list"),
        ({"Serialization": "maybe"}, "/Serialization", "one of forbidden, required, optional"),
        ({"Serialization": ["optional"]}, "/Serialization", "one of forbidden, required, optional, found a list"),
        ({"Accept_Serialization": "application/zip"}, "/Accept-Serialization", "a list of texts"),
        ({"Accept_BagIt_Version": None}, "/Accept-BagIt-Version", "at least one version"),
        ({"Accept_BagIt_Version": []}, "/Accept-BagIt-Version", "at least one version"),
        ({"Accept_BagIt_Version": [1.0]}, "/Accept-BagIt-Version/0", "found the number 1.0"),
        ({"Accept_BagIt_Version": ["one"]}, "/Accept-BagIt-Version/0", 'a version such as "1.0"'),
        ({"BagIt_Profile_Info": "x"}, "/BagIt-Profile-Info", "an object"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_with_its_place(changes: dict[str, Any], place: str, expected: str) -> None:
    message = refused(plain(**changes))
    assert message.startswith("p.json: no BagIt profile that can be used: ")
    assert f"{place}: expected " in message
    assert expected in message


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"Manifests_Required": ["md5"], "Manifests_Allowed": ["sha256"]}, "md5 is required by Manifests-Required"),
        ({"Manifests_Allowed": []}, "every bag has a manifest"),
        ({"Tag_Manifests_Required": ["md5"], "Tag_Manifests_Allowed": []}, "md5 is required by Tag-Manifests-Required"),
        ({"Allow_Fetch__txt": False, "Fetch__txt_Required": True}, "Allow-Fetch.txt forbids it"),
        ({"Serialization": "required"}, "no form is accepted"),
        ({"Tag_Files_Required": ["a.txt"], "Tag_Files_Allowed": ["b/*"]}, "Tag-Files-Allowed does not allow it"),
        ({"Tag_Files_Required": ["data/a.txt"]}, "Payload-Files-Required is for it"),
        ({"Payload_Files_Required": ["data/a"], "Payload_Files_Allowed": ["data/b"]}, "does not allow it"),
        ({"Payload_Files_Required": ["data/a/"], "Payload_Files_Allowed": ["data/b/*"]}, "data/a/ is required"),
        ({"Data_Empty": True, "Payload_Files_Required": ["data/a", "data/b"]}, "has 2 entries"),
    ],
)
def test_a_profile_that_contradicts_itself_is_refused(changes: dict[str, Any], expected: str) -> None:
    assert expected in refused(plain(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"Tag_Files_Required": ["bag-info.txt", "manifest-md5.txt"], "Tag_Files_Allowed": []},
        {"Tag_Files_Required": ["meta/a/b"], "Tag_Files_Allowed": ["meta/*"]},
        {"Tag_Files_Required": ["a[1].txt"], "Tag_Files_Allowed": ["a[1].txt"]},
        {"Payload_Files_Required": ["data/a/"], "Payload_Files_Allowed": ["data/a/*"]},
        {"Payload_Files_Required": ["data/a/"], "Payload_Files_Allowed": ["data/a/b.txt"]},
        {"Payload_Files_Required": ["data/a/"], "Payload_Files_Allowed": ["*.txt"]},
        {"Data_Empty": True, "Payload_Files_Required": ["data/.keep"]},
    ],
)
def test_what_is_no_contradiction_is_not_taken_for_one(changes: dict[str, Any]) -> None:
    assert read(plain(**changes)).remarks == ()


@pytest.mark.parametrize("key", [IDENTIFIER, "Source-Organization", "External-Description", "Version"])
def test_a_required_key_of_the_information_may_not_be_missing(key: str) -> None:
    profile = plain()
    del profile["BagIt-Profile-Info"][key]
    assert f"/BagIt-Profile-Info/{key}: expected a text; it is missing" in refused(profile)
    profile["BagIt-Profile-Info"][key] = None
    assert f"/BagIt-Profile-Info/{key}: expected a text, found null" in refused(profile)


def test_all_faults_are_told_together() -> None:
    message = refused({"Bag-Info": {"A": {"required": 1}}, "Serialization": 3, "Accept-BagIt-Version": {}})
    for place in (
        *(f"/BagIt-Profile-Info/{key}" for key in INFO_KEYS[:4]),
        "/Bag-Info/A/required", "/Serialization", "/Accept-BagIt-Version",
    ):  # fmt: skip
        assert f"{place}: expected" in message
    many = refused(plain(Tag_Files_Required=[None] * 60))
    assert many.count("expected") == 50 and many.endswith("; and 10 more.")


def test_what_a_profile_says_cannot_break_the_sentence() -> None:
    message = refused(plain(Bag_Info={"a\nb": {}, "\x1b[31m": 3}, Serialization="\u202e"))
    assert not re.search("[\x00-\x1f\u202e]", message)


@pytest.mark.parametrize("content", [b"[]", b'"x"', b"3", b"null", b"true"])
def test_another_value_than_an_object_is_no_profile(content: bytes) -> None:
    with pytest.raises(ConfigurationError, match=r"p.json: no BagIt profile: expected an object, found "):
        parse_bag_profile(content, "p.json")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "p.json:1:1: not valid JSON"),
        (b'{"a": 1,}', "p.json:1:"),
        (b'{\n "a": x}', "p.json:2:7: not valid JSON"),
        (b'{"a": "\xff"}', "must be UTF-8; byte 7 is not"),
        ('{"a": 1}'.encode("utf-16"), "must be UTF-8"),
        (b'{"a": NaN}', "NaN is no number of JSON"),
        (b'{"a": -Infinity}', "-Infinity is no number"),
        (b"[" * 100_000, "p.json: not a profile: brackets stand too deep"),
        (b"[" * 100_000 + b"]" * 100_000, "p.json: not a profile: brackets stand too deep"),
        (b'{"a":' * (DEEPEST + 2) + b"1" + b"}" * (DEEPEST + 2), "values stand more than 32 deep"),
        (b'{"a": 1} {"b": 2}', "extra data"),
        (b'{"a": "' + b"x" * 100, "unterminated string"),
    ],
)
def test_what_is_no_json_is_told_with_line_and_column(content: bytes, expected: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_bag_profile(content, "p.json")
    assert expected in caught.value.message


def test_a_key_that_stands_twice_is_told_wherever_it_stands() -> None:
    text = json.dumps(plain(Bag_Info={"A": {"required": True}}))
    text = text.replace('"required": true', '"required": true, "required": false').replace("{", '{"x": 1, "x": 2, ', 1)
    with pytest.raises(ConfigurationError) as caught:
        parse_bag_profile(text.encode(), "p.json")
    assert "/x: the key stands there more than once" in caught.value.message
    assert "/Bag-Info/A/required: the key stands there more than once" in caught.value.message


def test_half_a_character_is_no_text() -> None:
    assert "half of a character" in refused(plain(Tag_Files_Required=["\ud800"]))
    assert "half of a character" in refused(plain(Bag_Info={"\udfff": {}}))
    refused(informed(plain(), Version="\ud83d")).encode("utf-8")


def test_numbers_without_end_are_read_as_they_are_written() -> None:
    text = json.dumps(plain()).replace('"1"', "1" * 6000)
    profile = parse_bag_profile(text.encode(), "p.json")
    assert profile.version == "1" * 6000
    assert max(len(remark.words) for remark in profile.remarks) < 200


def test_a_byte_order_mark_is_remarked() -> None:
    profile = parse_bag_profile(b"\xef\xbb\xbf" + json.dumps(plain()).encode(), "p.json")
    assert remarks(profile) == {"the profile": Severity.NOTICE}


@pytest.mark.parametrize(
    ("written", "specification", "severity"),
    [
        (None, (1, 1, 0), None),
        ("", (1, 1, 0), Severity.WARNING),
        ("1.0.0", (1, 1, 0), None),
        ("1.1.0", (1, 1, 0), None),
        ("1.2.0", (1, 2, 0), None),
        ("v1.3.0", (1, 3, 0), Severity.NOTICE),
        ("1.3", (1, 3, 0), Severity.NOTICE),
        ("1.4.0", (1, 4, 0), None),
        ("1.4.7", (1, 4, 0), None),
        ("1.5.0", (1, 4, 0), Severity.WARNING),
    ],
)  # fmt: skip
def test_the_version_decides_how_a_profile_is_read(
    written: str | None, specification: tuple[int, int, int], severity: Severity | None
) -> None:
    profile = read(informed(plain(), BagIt_Profile_Version=written))
    assert profile.specification == specification
    assert list(remarks(profile).values()) == ([severity] if severity else [])


@pytest.mark.parametrize("written", ["2.0.0", "0.9.0", "one", "1", "1.4.0.1", True, [], {}])
def test_a_version_that_is_none_is_refused(written: Any) -> None:
    assert "/BagIt-Profile-Info/BagIt-Profile-Version: expected a version" in refused(
        informed(plain(), BagIt_Profile_Version=written)
    )


@pytest.mark.parametrize("key", sorted(key for key in KEYS if KEYS[key] > (1, 1, 0)))
def test_a_key_of_a_later_version_is_not_applied_and_a_warning_says_so(key: str) -> None:
    value: Any = True if key in {"Fetch.txt-Required", "Data-Empty"} else ["data/x" if "Files" in key else "md5"]
    own = read({**plain(), key: value})
    assert own != read(plain()) and own.remarks == ()
    older = read({**informed(plain(), BagIt_Profile_Version="1.1.0"), key: value})
    assert remarks(older) == {f"/{key}": Severity.WARNING}
    assert older.remarks[0].words.startswith(f"the key came with {'.'.join(map(str, KEYS[key]))}")
    fields = ("manifests_allowed", "tag_manifests_allowed", "tag_files_allowed", "payload_files_allowed")
    assert all(getattr(older, name) is None for name in fields)
    assert not older.fetch_required and not older.data_empty and older.payload_files_required == ()


def test_names_of_algorithms_are_read_as_names_of_manifests_have_them() -> None:
    profile = read(plain(Manifests_Required=["SHA-256", "sha256", "md5"]))
    assert profile.manifests_required == ("sha256", "md5")
    assert remarks(profile) == {"/Manifests-Required/0": Severity.NOTICE}


def test_claims_in_quotation_marks_are_read_with_a_notice() -> None:
    profile = read(plain(Allow_Fetch__txt="false", Bag_Info={"A": {"required": "true"}}))
    assert not profile.allow_fetch and profile.tags[0].required
    assert set(remarks(profile)) == {"/Allow-Fetch.txt", "/Bag-Info/A/required"}


def test_other_oddities_are_remarked() -> None:
    assert remarks(read(plain(Bag_Info={"bagit-profile-identifier": {}}))) == {
        "/Bag-Info/bagit-profile-identifier": Severity.WARNING
    }
    assert remarks(read(plain(Serialization="optional"))) == {"/Accept-Serialization": Severity.WARNING}
    assert remarks(read(informed(plain(), BagIt_Profile_Identifier="no URI"))) == {
        f"/BagIt-Profile-Info/{IDENTIFIER}": Severity.WARNING
    }
    assert remarks(read(plain(X={}))) == {"/X": Severity.NOTICE}


@pytest.mark.parametrize(
    ("path", "entries", "fits"),
    [
        ("a.txt", ["*"], True),
        ("a/b/c.txt", ["*"], True),
        ("a/b/c.txt", ["a/*"], True),
        ("a/b/c.txt", ["b/*", "a/*.txt"], True),
        ("ab", ["a"], False),
        ("a", ["A"], False),
        ("a1", ["a[0-9]"], True),
        ("ax", ["a[!0-9]"], True),
        ("a[0-9]", ["a[0-9]"], True),
        ("a?", ["a?"], True),
        ("a\nb", ["a*"], True),
        ("a.txt", [], False),
        ("axtxt", ["a.txt"], False),
    ],
)
def test_patterns(path: str, entries: list[str], fits: bool) -> None:
    assert (path in Allowed(entries)) is fits


def test_patterns_full_of_asterisks_take_no_time() -> None:
    allowed = Allowed(["*a" * 200 + "b"] * 50)
    assert "a" * 4000 not in allowed


def test_profiles_are_found_by_name_and_as_files(tmp_path: Path) -> None:
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    for folder, version in ((own, "own"), (shipped, "shipped")):
        folder.mkdir()
        (folder / "deposit.bagit-profile.json").write_text(json.dumps(informed(plain(), Version=version)))
    (shipped / "other.bagit-profile.json").write_text(json.dumps(plain()))
    folders = [own, tmp_path / "absent", shipped]
    assert load_bag_profile("deposit", folders).version == "own"
    assert load_bag_profile("other", folders).version == "1"
    assert load_bag_profile(str(shipped / "deposit.bagit-profile.json")).version == "shipped"
    assert load_bag_profile(own / "deposit.bagit-profile.json").version == "own"
    assert bag_profile_names(folders) == ["deposit", "other"]
    with pytest.raises(ConfigurationError, match="There is no BagIt profile 'nothing'") as caught:
        load_bag_profile("nothing", folders)
    assert caught.value.remedy.startswith("Known are: deposit, other.")


def test_what_cannot_be_read_is_an_error_and_no_pipe_is_waited_for(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput):
        load_bag_profile(tmp_path / "nowhere.json")
    with pytest.raises(UnreadableInput):
        load_bag_profile(tmp_path)
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(UnreadableInput):
        load_bag_profile(tmp_path / "pipe.json")
    (tmp_path / "large.json").write_bytes(b" " * (LARGEST + 1))
    with pytest.raises(ConfigurationError, match="too large for a profile: more than 1,048,576 bytes"):
        load_bag_profile(tmp_path / "large.json")
    (tmp_path / "plain.json").write_text(json.dumps(plain()))
    (tmp_path / "link.json").symlink_to("plain.json")
    assert load_bag_profile(tmp_path / "link.json").version == "1"


def test_our_own_profile_has_nothing_to_remark() -> None:
    profile = load_bag_profile("newsletter-issue", [data_folder("profiles")])
    assert profile.remarks == () and profile.specification == (1, 4, 0)
    assert profile.identifier == PROFILE


def test_every_key_is_explained() -> None:
    text = (ROOT / "docs" / "bagit-profiles.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([^`\n]+)`", text))
    assert {*KEYS, *INFO_KEYS, *TAG_KEYS} - named == set()
    for key, since in KEYS.items():
        assert f"| `{key}` | {'.'.join(map(str, since))} |" in text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def flattened(value: object) -> object:
    """What was read, as Python's own reader has it."""
    if isinstance(value, Members):
        return {key: flattened(item) for key, item in value.items.items()}
    if isinstance(value, list):
        return [flattened(item) for item in value]
    return json.loads(value.written) if isinstance(value, Number) else value


@given(JSON)
def test_json_is_read_as_python_reads_it(value: object) -> None:
    text = json.dumps(value)
    assert flattened(parse_json(text.encode(), "p.json")[0]) == json.loads(text)


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b'{"":{"":')
@example(b"\xef\xbb\xbf{}")
@example(b"-")
def test_any_bytes_are_a_profile_or_refused_in_one_sentence(content: bytes) -> None:
    try:
        parse_bag_profile(content, "p.json")
    except ArchiverError as error:
        assert error.exit_status == 2 and error.message.startswith("p.json") and "\n" not in error.message


@settings(max_examples=300)
@given(st.data())
def test_any_value_anywhere_is_read_or_told_with_its_place(data: st.DataObject) -> None:
    """One value of a right profile replaced by any other: read, or refused with the place of some fault."""
    profile = plain(
        Bag_Info={"A": {"required": True, "values": ["x"], "repeatable": False, "description": "y"}},
        Manifests_Required=["sha512"], Tag_Files_Allowed=["*"], Payload_Files_Required=["data/a"], Data_Empty=False,
        Serialization="optional", Accept_Serialization=["application/zip"], Allow_Fetch__txt=True,
    )  # fmt: skip
    place: Any = profile
    while True:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(JSON)
    try:
        read(profile)
    except ConfigurationError as error:
        assert re.search(r"(?:/|the profile)[^:]*: ", error.message)
        error.message.encode("utf-8")


@given(st.lists(st.text(max_size=8), max_size=4))
def test_pointers_lead_back_to_their_keys(keys: list[str]) -> None:
    written = pointer(*keys)
    parts = written.split("/")[1:] if keys else []
    assert [part.replace("~1", "/").replace("~0", "~") for part in parts] == keys
