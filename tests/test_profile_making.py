"""Profiles made from an example recognise that very issue; nothing is overwritten; every fault of a profile is told."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mastheads import EXAMPLES, Example
from transcripts import PROFILES, chinese, transcript

from archiver import inspection, profile_faults, profiles
from archiver.errors import DestinationTaken, UnreadableInput, UsageError
from archiver.model.transcript import Line, SourceIssue
from archiver.profile_making import MadeProfile, check_profiles, make_profile, write_new
from archiver.profile_text import profile_text
from archiver.serials.description import describe
from archiver.serials.identifiers import issn_check_digit, issn_trouble, lccn, read_identifiers
from archiver.serials.masthead_proposal import propose
from archiver.serials.tongues import tongue

ROOT = Path(__file__).resolve().parents[1]
SPECIMENS = sorted((ROOT / "accessions").glob("*/deposit/*.txt"))
SEEDS = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))
each_example = pytest.mark.parametrize("example", EXAMPLES.values(), ids=list(EXAMPLES))


def written(folder: Path, example: Example) -> Path:
    path = folder / "issue.txt"
    path.write_text(example.text, encoding="utf-8")
    return path


@pytest.mark.parametrize("path", [*SPECIMENS, *SEEDS], ids=lambda path: path.name[:12])
def test_every_specimen_is_described_as_by_its_own_profile(path: Path, tmp_path: Path) -> None:
    (own,) = inspection.inspect(path, PROFILES).readings
    assert own.issue is not None
    made = make_profile(path, own.issue.serial)
    write_new(tmp_path / "made.toml", made.text)
    (reading,) = inspection.inspect(path, profiles.load_all([tmp_path])).readings
    issue = reading.issue
    assert issue is not None and reading.faults == () and made.remarks == ()
    expected = own.issue
    assert (issue.identifier, issue.issued, issue.numbering) == (
        expected.identifier,
        expected.issued,
        expected.numbering,
    )
    assert (issue.title.text, issue.publisher, issue.language) == (
        expected.title.text,
        expected.publisher,
        expected.language,
    )
    assert (issue.script, [each.text for each in issue.parallel_titles]) == (
        expected.script,
        [each.text for each in expected.parallel_titles],
    )
    assert {(said.field, said.value) for said in issue.statements} == {
        (said.field, said.value) for said in expected.statements
    }
    assert [(each.headline, each.bylines) for each in issue.articles] == [
        (each.headline, each.bylines) for each in expected.articles
    ]
    assert issue.oddities == expected.oddities


@each_example
def test_a_masthead_of_each_language(example: Example, tmp_path: Path) -> None:
    made = make_profile(written(tmp_path, example))
    issue, profile = made.reading.issue, made.reading.profile
    assert issue is not None and profile is not None and made.reading.faults == ()
    assert (issue.title.text, issue.language, issue.script) == (example.title, example.language, example.script)
    assert (issue.issued, issue.publisher) == (example.issued, example.publisher)
    assert (issue.numbering.volume, issue.numbering.issue, issue.numbering.whole) == (
        example.volume,
        example.issue,
        example.whole,
    )
    assert [each.text for each in issue.parallel_titles] == ([example.parallel] if example.parallel else [])
    weekday = issue.statement("weekday")
    assert weekday is None or weekday.agreement.value == "agrees"
    assert len(issue.articles) == 1


@each_example
def test_every_value_says_the_line_it_was_read_from(example: Example, tmp_path: Path) -> None:
    text = make_profile(written(tmp_path, example)).text
    lines = example.text.split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith("## "))
    for number, line in enumerate(lines[:first], 1):
        if line.strip():
            assert f"# line {number}: {line.strip('# ')}" in text
    assert tomllib.loads(text)["serial"]["title"] == example.title


def test_the_next_issue_is_read_by_the_profile_of_the_one_before(tmp_path: Path) -> None:
    made = make_profile(written(tmp_path, EXAMPLES["german"]))
    text = EXAMPLES["german"].text.replace("Nr. 12–13", "Nr. 14").replace("28. März", "4. April").replace("812", "814")
    source = SourceIssue(transcript(tmp_path, text, "next.txt"))
    issue = describe(source, {"x": profiles.parse(made.text.encode(), "x.toml")}).issue
    assert issue is not None and (issue.issued.isoformat(), issue.numbering.issue, issue.numbering.whole) == (
        "1908-04-04",
        "14",
        814,
    )
    made = make_profile(written(tmp_path, EXAMPLES["french"]))
    text = EXAMPLES["french"].text.replace("Dimanche 1er mai", "Dimanche 8 mai").replace("N° 34", "N° 35-36")
    issue = describe(SourceIssue(transcript(tmp_path, text)), {"x": profiles.parse(made.text.encode(), "x.toml")}).issue
    assert issue is not None and (issue.issued.day, issue.numbering.issue) == (8, "35-36")
    made = make_profile(written(tmp_path, EXAMPLES["japanese"]))
    text = EXAMPLES["japanese"].text.replace("令和元年五月四日(土曜日)", "令和二年十月十日(土曜日)")
    issue = describe(SourceIssue(transcript(tmp_path, text)), {"x": profiles.parse(made.text.encode(), "x.toml")}).issue
    assert issue is not None and issue.issued.isoformat() == "2020-10-10"


def test_what_is_uncertain_is_commented_out_and_frequency_only_if_stated(tmp_path: Path) -> None:
    text = make_profile(written(tmp_path, EXAMPLES["simplified"])).text
    data = tomllib.loads(text)
    assert (
        "frequency" not in data["serial"]
        and "weekday" not in data["serial"]
        and data["serial"]["calendar"] == "chinese"
    )
    assert '# weekday = "saturday"' in text and "# frequency" in text
    stated = tomllib.loads(make_profile(written(tmp_path, EXAMPLES["german"])).text)["serial"]
    assert (stated["frequency"], stated["weekday"]) == ("weekly", "saturday")
    odd = EXAMPLES["english"].text.replace("Whole No.", "The Truth and Nothing Else\n\nWhole No.")
    (tmp_path / "odd.txt").write_text(odd)
    made = make_profile(tmp_path / "odd.txt")
    assert any("line 5" in remark for remark in made.remarks)
    assert "# lines = ['(?P<motto>The Truth and Nothing Else)']" in made.text
    assert [fault.line for fault in made.reading.faults] == [5]


def test_identifiers_with_a_wrong_check_digit_and_dates_that_disagree_are_told(tmp_path: Path) -> None:
    example = EXAMPLES["english"]
    wrong = example.text.replace("2049-3630", "2049-3631").replace("Tuesday", "Monday")
    (tmp_path / "wrong.txt").write_text(wrong)
    made = make_profile(tmp_path / "wrong.txt")
    assert any("check digit 1 should be 0" in remark for remark in made.remarks)
    assert any("another weekday" in remark for remark in made.remarks)
    assert "check digit 1 should be 0" in made.text
    lunar = make_profile_of(tmp_path, chinese(lunar="辛丑年三月廿九"))
    assert any("三月廿八" in remark for remark in lunar.remarks)


def make_profile_of(folder: Path, text: str) -> MadeProfile:
    (folder / "issue.txt").write_text(text, encoding="utf-8")
    return make_profile(folder / "issue.txt")


def test_figures_either_way_are_read_by_the_weekday(tmp_path: Path) -> None:
    text = "# The Cove Letter\n\nNo. 7\n\n5/4/2019\n\nSaturday\n\n## One lamp\n\nThe lamp was lit by the keeper.\n"
    issue = make_profile_of(tmp_path, text).reading.issue
    assert issue is not None and issue.issued.isoformat() == "2019-05-04"


def test_titles_without_marks_and_headlines_marked_like_the_title(tmp_path: Path) -> None:
    alike = EXAMPLES["english"].text.replace("## ", "# ")
    issue = make_profile_of(tmp_path, alike).reading.issue
    assert issue is not None and len(issue.articles) == 1 and issue.title.text == "Larkholm Mercury"
    plain = EXAMPLES["english"].text.replace("# Larkholm", "Larkholm")
    issue = make_profile_of(tmp_path, plain).reading.issue
    assert issue is not None and issue.title.text == "Larkholm Mercury"


def test_a_masthead_that_lacks_a_date_or_a_number_says_so(tmp_path: Path) -> None:
    undated = make_profile_of(tmp_path, "# The Cove Letter\n\nNo. 7\n\n## One lamp\n\nThe lamp was lit.\n")
    assert undated.reading.issue is None and "# No date was found" in undated.text
    assert any("does not yet describe" in remark for remark in undated.remarks)
    unnumbered = make_profile_of(tmp_path, "# The Cove Letter\n\n4 May 2019\n\n## One lamp\n\nThe lamp was lit.\n")
    assert unnumbered.reading.issue is None and "# No number was found" in unnumbered.text


def test_sources_without_a_masthead_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    with pytest.raises(UnreadableInput, match="empty"):
        make_profile(tmp_path / "empty.txt")
    with pytest.raises(UnreadableInput):
        make_profile(tmp_path / "absent.txt")
    (tmp_path / "numbers.txt").write_text("4 May 2019\n\nNo. 7\n")
    with pytest.raises(UsageError, match="title"):
        make_profile(tmp_path / "numbers.txt")
    with pytest.raises(UsageError, match="no serial ID"):
        make_profile(SPECIMENS[0], "Not An ID")


def test_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "issue.txt").write_bytes(EXAMPLES["simplified"].text.encode("gb18030"))
    assert make_profile(tmp_path / "issue.txt").reading.issue is not None


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "there.toml"
    path.write_text("mine")
    with pytest.raises(DestinationTaken):
        write_new(path, "yours")
    assert path.read_text() == "mine"


printable = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=60)


@settings(max_examples=60)
@given(
    st.lists(
        st.one_of(
            printable,
            st.sampled_from(
                [
                    "# '''\"\\",
                    "No. 7",
                    "4 May 2019",
                    "ISSN 1234-5679",
                    "第9期(总第636期)",
                    "2021年5月",
                    "9",
                    "Price '\" 2d.",
                ]
            ),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_whatever_stands_in_a_masthead_the_text_is_toml(texts: list[str]) -> None:
    lines = [Line(number, text, 0, 0) for number, text in enumerate(texts, 1)]
    proposal = propose(lines)
    if proposal.title is None:
        return
    text = profile_text(proposal, "x", "issue.txt")
    assert tomllib.loads(text)["serial"]["title"] == proposal.title.value
    wrong = profile_faults.faults_of(text.encode(), "x")
    assert [fault.message for fault in wrong if "named group" not in fault.message] == []


# Identifiers and languages


def test_identifiers() -> None:
    found = read_identifiers("ISSN 1234-5679 · LCCN sn 83-45120 · CN 11-0001/G0 · ISSN: 0317-847x")
    assert [(each.kind, each.value, each.trouble) for each in found] == [
        ("issn", "1234-5679", ""), ("lccn", "sn83045120", ""), ("cn", "11-0001/G0", ""),
        ("issn", "0317-847X", "the check digit X should be 1"),
    ]  # fmt: skip
    assert issn_trouble("1050-124X") == "" and issn_trouble("12") == "not eight signs"
    assert [lccn(each) for each in ("n 78-890351", "2001000002", "85-2 ")] == ["n78890351", "2001000002", "85000002"]


@given(st.from_regex(r"\A[0-9]{7}\Z"))
def test_the_check_digit_of_an_issn_makes_the_sum_a_multiple_of_eleven(digits: str) -> None:
    last = issn_check_digit(digits)
    signs = [int(digit) for digit in digits] + [10 if last == "X" else int(last)]
    assert sum(sign * weight for sign, weight in zip(signs, range(8, 0, -1), strict=True)) % 11 == 0


@each_example
def test_language_and_script_of_a_text(example: Example) -> None:
    found = tongue(example.text)
    assert (found.language, found.script) == (example.language, example.script)


# profile check


def test_every_fault_of_a_profile_is_told_with_its_line(tmp_path: Path) -> None:
    text = (ROOT / "profiles" / "saltmarsh-courier.toml").read_text()
    assert profile_faults.faults_of(text.encode(), "x") == []
    bad = (
        text.replace('language = "eng"', 'language = "en"')
        .replace("width = 4", "width = 44\nwide = 3")
        .replace("exact = true", "exact = 3")
        .replace("lines = ['Price (?P<price>.+)']", "lines = ['Price (']")
        .replace('"Correspondent" = "rpt"', '"Correspondent" = "reporter"')
    )
    found = [fault.message for fault in profile_faults.faults_of(bad.encode(), "bad.toml")]
    for words in ("en", "width = 44", "wide = 3", "exact = 3", "'Price ('", '"reporter"'):
        line = bad[: bad.index(f'"{words}"' if words == "en" else words)].count("\n") + 1
        assert any(message.startswith(f"bad.toml:{line}: ") for message in found), (words, found)
    assert len(found) == 6
    assert len(profile_faults.faults_of(b"[serial\n", "x")) == 1
    assert len(profile_faults.faults_of(b"", "x")) >= 4


def test_the_same_id_twice_is_a_fault(tmp_path: Path) -> None:
    one = ROOT / "profiles" / "saltmarsh-courier.toml"
    two = tmp_path / "two.toml"
    two.write_bytes(one.read_bytes())
    sound, faults = check_profiles([one, two])
    assert sound == ["saltmarsh-courier"] and len(faults) == 1 and "saltmarsh-courier.toml" in faults[0].message


@given(st.binary(max_size=200))
def test_no_bytes_break_the_check(content: bytes) -> None:
    assert profile_faults.faults_of(content, "x")


# The commands


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "archiver.cli", *words], cwd=cwd, env=environment, capture_output=True, check=False
    )


def test_from_an_issue_to_an_inspected_one(tmp_path: Path) -> None:
    source = written(tmp_path, EXAMPLES["english"])
    assert run("init", cwd=tmp_path).returncode == 0
    assert run("inspect", str(source), cwd=tmp_path).returncode == 1
    made = run("profile", "new", str(source), "-o", "profiles/mercury.toml", "--id", "larkholm-mercury", cwd=tmp_path)
    assert made.returncode == 0 and b"larkholm-mercury_1892-05-03_no01204" in made.stdout
    again = run("profile", "new", str(source), "-o", "profiles/mercury.toml", cwd=tmp_path)
    assert again.returncode == 2 and b"is there already" in again.stderr
    assert run("profile", "check", "profiles/mercury.toml", cwd=tmp_path).returncode == 0
    assert run("inspect", str(source), cwd=tmp_path).returncode == 0
    printed = run("profile", "new", str(source), "--id", "larkholm-mercury", cwd=tmp_path)
    assert printed.stdout == (tmp_path / "profiles" / "mercury.toml").read_bytes()
    (tmp_path / "bad.toml").write_bytes(printed.stdout.replace(b'"eng"', b'"en"').replace(b"width = 5", b"width = 0"))
    checked = run("profile", "check", "bad.toml", "profiles/mercury.toml", cwd=tmp_path)
    assert (
        checked.returncode == 2
        and checked.stdout.count(b"bad.toml:") == 2
        and b"Sound: larkholm-mercury" in checked.stdout
    )
    assert run("profile", "check", "absent.toml", cwd=tmp_path).returncode == 2
