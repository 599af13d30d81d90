"""Any edits of tag files, then an update: both referees call the bag valid, the payload files are the same files."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import bagit
from bags import BagBuilder, codes
from hypothesis import given, settings
from hypothesis import strategies as st
from test_bag_update import WAYS, events, payload, seal, update

from archiver.model.report import Severity
from archiver.model.values import Algorithm
from archiver.packages.bag import Bag
from archiver.packages.bag.infofile import InfoFile
from archiver.updating import Revision

NAMES = st.sampled_from(["note.txt", "about/letter.txt", "about/deep/er.txt", "a%b.txt", "zwölf.txt", "x\ny.txt"])
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("write"), NAMES, st.binary(max_size=30)),
        st.tuples(st.just("remove"), NAMES, st.just(b"")),
    ),
    max_size=5,
)
LABELS = st.sampled_from(["Contact-Name", "contact-name", "Title", "Source-Organization"])
VALUES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
REVISIONS = st.builds(
    Revision,
    remove_info=st.lists(LABELS, max_size=2).map(tuple),
    set_info=st.lists(st.tuples(LABELS, VALUES), max_size=2).map(tuple),
    add_info=st.lists(st.tuples(LABELS, VALUES), max_size=2).map(tuple),
    add_algorithms=st.sets(st.sampled_from([Algorithm.SHA3_256, Algorithm.SHA384]), max_size=2).map(
        lambda found: tuple(sorted(found, key=lambda one: one.value))
    ),
    drop_algorithms=st.sampled_from([(), ("sha256",)]),
)


def edit(bag: Path, edits: list[tuple[str, str, bytes]]) -> None:
    for what, name, content in edits:
        place = bag / name
        if what == "write":
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        else:
            place.unlink(missing_ok=True)


@settings(max_examples=60, deadline=None)
@given(rounds=st.lists(st.tuples(EDITS, REVISIONS, st.sampled_from(sorted(WAYS))), min_size=1, max_size=3))
def test_any_edits_are_sealed(rounds: list[tuple[list[tuple[str, str, bytes]], Revision, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bag = BagBuilder(tag_files={"note.txt": b"a note"}).build(Path(folder) / "bag")
        before = payload(bag)
        for edits, revision, ways in rounds:
            edit(bag, edits)
            sealed, known = seal(bag), len(events(bag))
            report = update(bag, revision, ways=WAYS[ways])
            assert report.exit_status == 0, report
            assert payload(bag) == before
            assert codes(bag, Severity.WARNING) <= {"BAG-036"}
            # bagit-python compares tag files by the names that BagIt 0.97 writes, which has no %25.
            if not any("%" in str(path.relative_to(bag)) for path in bag.rglob("*")):
                assert bagit.Bag(str(bag)).is_valid()
            changed = report.packages[0].note == "updated"
            assert len(events(bag)) == known + changed
            assert (seal(bag) != sealed) is changed
            if changed:
                assert events(bag)[-1]["data"]["seal_before"] == sealed
            assert update(bag, revision, ways=WAYS[ways]).packages[0].note == "nothing to update" or _quarrels(revision)
            assert os.listdir(folder) == ["bag"]


def _quarrels(revision: Revision) -> bool:
    """Whether a revision undoes a part of itself, so that doing it again does something."""
    removed = {label.lower() for label in revision.remove_info}
    given_labels = [label.lower() for label, _value in (*revision.set_info, *revision.add_info)]
    return bool(removed & set(given_labels)) or len(set(given_labels)) < len(given_labels)


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.sampled_from("Aa:b \t\r\n\ufeff"), max_size=40), label=LABELS, value=VALUES)
def test_an_info_file_is_changed_in_its_elements_alone(text: str, label: str, value: str) -> None:
    info = InfoFile(text)
    assert info.text() == text
    before = info.text()
    info.add(label, value)
    assert info.text().startswith(before)
    assert value in info.values(label)
    info.set(label, value)
    assert info.values(label) == [value]
    assert info.remove(label)
    assert info.values(label) == []


def test_what_was_added_is_read_back(tmp_path: Path) -> None:
    bag = BagBuilder().build(tmp_path / "bag")
    update(bag, Revision(add_info=(("Title", "青河通讯: 第一期"),)))
    assert Bag.open(bag).info[-1] == ("Title", "青河通讯: 第一期")
