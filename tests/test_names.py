"""Authority files and the index of names: what is read, what is told, and what is never guessed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from metadata_specimens import AT, accession_of
from test_articles import EN_KEYS, EVERYTHING, OFFICIAL, issue, with_keys
from transcripts import QINGHE, SALTMARSH, chinese, english
from workspaces import archiver, workspace

from archiver import inspection, profiles
from archiver.errors import ConfigurationError
from archiver.metadata import schemas
from archiver.metadata.mods import article_mods
from archiver.metadata.xml import NS, parse
from archiver.model.names_index import Authorities, IndexedName, KnownNames, NameType, folded
from archiver.model.profile import SerialProfile
from archiver.model.report import Outcome, Severity
from archiver.names import reading
from archiver.names.index import names_index
from archiver.render.json import as_data
from archiver.render.text import render
from archiver.serials.romanise import romanise

SHEET = """\
name,type,id,uri,VIAF,Wikidata,variants
Ida Marsh,personal,p-0001,,75121530,,I. Marsh; Miss Marsh
Tom Reed,personal,,,,Q4115189,
Tom Reed,personal,p-0003,,,,
Saltmarsh Press Agency,corporate,,https://names.example/spa,,,SPA
Gull's Cove,place,,,,Q15397819,The Cove
Ann Hale,,,,,,
"""


def authorities(text: str | bytes) -> Authorities:
    return reading.parse(text if isinstance(text, bytes) else text.encode(), "names.csv")


def problems(text: str | bytes) -> list[tuple[int, str]]:
    return [(each.row, each.column) for each in authorities(text).problems]


def known(text: str = SHEET, persons: Sequence[str] = (), places: Sequence[str] = ()) -> KnownNames:
    return KnownNames(tuple(persons), tuple(places), "names.csv", authorities(text))


def profile_with(names: KnownNames) -> SerialProfile:
    return replace(with_keys(SALTMARSH, EN_KEYS), known_names=names)


# Authority files ------------------------------------------------------------------------------------------------------


def test_an_authority_file() -> None:
    found = authorities(SHEET)
    assert found.problems == ()
    assert [
        (each.name, each.type.value, [one.value for one in each.identifiers], each.row) for each in found.records
    ] == [
        ("Ida Marsh", "personal", ["http://viaf.org/viaf/75121530", "p-0001"], 2),
        ("Tom Reed", "personal", ["http://www.wikidata.org/entity/Q4115189"], 3),
        ("Tom Reed", "personal", ["p-0003"], 4),
        ("Saltmarsh Press Agency", "corporate", ["https://names.example/spa"], 5),
        ("Gull's Cove", "place", ["http://www.wikidata.org/entity/Q15397819"], 6),
        ("Ann Hale", "personal", [], 7),
    ]
    assert found.records[0].variants == ("I. Marsh", "Miss Marsh")


@pytest.mark.parametrize(
    "content",
    [
        SHEET.encode("utf-8-sig"),
        SHEET.encode("utf-16"),
        SHEET.replace("; ", " | ").replace(",", ";").encode(),
        SHEET.replace(",", "\t").encode(),
        SHEET.replace("\n", "\r\n").encode(),
        SHEET.replace("name,type", "NAME, Type ").encode(),
        ("\n" + SHEET.replace("\n", "\n\n")).encode(),
    ],
    ids=["BOM", "UTF-16", "semicolon", "tab", "CRLF", "case", "blank rows"],
)
def test_the_same_file_written_otherwise(content: bytes) -> None:
    found = authorities(content)
    assert found.problems == ()
    assert [replace(each, row=0) for each in found.records] == [
        replace(each, row=0) for each in authorities(SHEET).records
    ]


def test_chinese_headings() -> None:
    found = authorities("\ufeff姓名,类型,编号,维基数据,别名\n柳听澜,人名,p-1,,听澜\n禾川,地名,,Q1,\n青禾社,团体,,,\n")
    assert found.problems == ()
    assert [each.type for each in found.records] == [NameType.PERSONAL, NameType.PLACE, NameType.CORPORATE]
    assert found.candidates("听澜", NameType.PERSONAL)[0].name == "柳听澜"


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", [(0, "")]),
        ("\n\n", [(0, "")]),
        ("type,id\npersonal,1\n", [(1, "")]),
        ("name,nmae\nA,B\n", [(1, "nmae")]),
        ("name,Name\nA,B\n", [(1, "Name")]),
        ("name,type\nA,persn\n", [(2, "type")]),
        ("name,VIAF\nA,Q42\n", [(2, "VIAF")]),
        ("name,VIAF\nA,https://viaf.org/viaf/1/x\n", [(2, "VIAF")]),
        ("name,Wikidata\nA,42\n", [(2, "Wikidata")]),
        ("name,uri\nA,names.example/1\n", [(2, "uri")]),
        ("name,uri\nA,javascript:x\n", [(2, "uri")]),
        ("name,uri\nA,https://x.example/a b\n", [(2, "uri")]),
        ("name,id\nA,a b\n", [(2, "id")]),
        ("name,id\nA,1\nB,2\nC,1\n", [(4, "id")]),
        ("name,id\n,1\n", [(2, "name")]),
        ("name,id\nReed, Tom,1\n", [(2, "")]),
        ("name\n\"A\nB\"\n", [(2, "name")]),
        ("name\n\"A\" B\n", [(2, "")]),
        (b"name\n\xff\xfeA\n", [(2, "")]),
        (b"name\nA\0\n", [(0, "")]),
        (f"name\n{'x' * 5000}\n", [(2, "name")]),
        (f"name\n{'x' * 200_000}\n", [(2, "")]),
    ],
)  # fmt: skip
def test_faults_say_row_and_column(text: str | bytes, places: list[tuple[int, str]]) -> None:
    assert problems(text) == places


def test_sound_rows_of_a_faulty_file_are_read() -> None:
    found = authorities("name,VIAF\nA,x\nB,7\n")
    assert [each.name for each in found.records] == ["B"] and len(found.problems) == 1


def test_limits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 3)
    assert [each.name for each in authorities("name\nA\nB\nC\n").records] == ["A", "B"]
    assert problems("name\nA\nB\nC\n") == [(4, "")]
    assert len(authorities("name,VIAF\n" + "A,x\n" * 2).problems) == 2
    monkeypatch.setattr(reading, "MOST_BYTES", 8)
    (tmp_path / "n.csv").write_text("name\nA\nB\nC\n", encoding="utf-8")
    assert reading.load(tmp_path, "n.csv").problems[0].detail.startswith("11 bytes")
    assert problems("name\nA\nB\nC\n") == [(0, "")]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "no such file" in reading.load(tmp_path, "names.csv").problems[0].detail
    (tmp_path / "folder").mkdir()
    assert "no such file" in reading.load(tmp_path, "folder").problems[0].detail


@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: ("name,VIAF,id\n" + text).encode("utf-8", "replace"))
)
def test_any_bytes_give_records_or_problems(content: bytes) -> None:
    found = authorities(content)
    assert (
        found.records
        or found.problems
        or content.strip().lower().startswith(b"name")
        or "name" in content.decode("utf-16", "ignore")
    )
    for record in found.records:
        assert record.name and record.row > 1
        assert all(" " not in each.value for each in record.identifiers)


NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)


@given(st.lists(st.tuples(NAMES, st.sampled_from(["personal", "corporate", "place"]), NAMES), max_size=8))
def test_what_a_writer_of_csv_writes_is_read(rows: list[tuple[str, str, str]]) -> None:
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow(["name", "type", "variants"])
    writer.writerows(rows)
    found = authorities(sheet.getvalue())
    assert found.problems == ()
    assert [(each.name, each.type.value, each.variants) for each in found.records] == [
        (name, kind, (variant,)) for name, kind, variant in rows
    ]
    for record in found.records:
        assert record in found.candidates(record.name, record.type)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ida  Marsh", "ida marsh"), ("Ｉｄａ", "ida"), ("玛丽•居里", "玛丽·居里"), (" 柳听澜", "柳听澜")],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


# The index ------------------------------------------------------------------------------------------------------------

TEXT = english(
    "## The pier at Gull's Cove\n\nBy Ida Marsh, Tom Reed\n\nAda Quill went down to the Cove.",
    "## B\n\nBy SPA\n\nAda Quillam is another. ADA  QUILL is not.\n\nPhoto: The Cove (by I. Marsh)",
    "[Page 2]",
    "## C\n\nBy Jane Alder\n\nGull's Cove sleeps.",
)


def index(folder: Path, names: KnownNames, text: str = TEXT) -> dict[str, IndexedName]:
    return {each.name: each for each in names_index(issue(folder, text, profile_with(names)))}


def test_the_index_of_an_issue(tmp_path: Path) -> None:
    found = index(tmp_path, known(persons=["Ada Quill"], places=["Gull's Cove"]))
    assert list(found) == ["Ida Marsh", "Tom Reed", "Gull's Cove", "Ada Quill", "Saltmarsh Press Agency", "Jane Alder"]
    ida, tom, cove, ada, agency, jane = found.values()
    assert ida.record is not None and ida.record.row == 2
    assert (ida.roles, ida.articles, ida.pages) == (("aut", "pht"), ("article-001", "article-002"), (1,))
    assert ida.printed == ("Ida Marsh", "I. Marsh")
    assert tom.record is None and [each.row for each in tom.candidates] == [3, 4]
    assert (cove.type, cove.pages, cove.roles) == (NameType.PLACE, (1, 2), ())
    assert cove.articles == ("article-001", "article-002", "article-003")
    assert (ada.articles, ada.record, ada.candidates) == (("article-001", "article-002"), None, ())
    assert agency.type is NameType.CORPORATE and agency.printed == ("SPA",)
    assert jane.pages == (2,)


def test_without_an_authority_file_nobody_has_a_record(tmp_path: Path) -> None:
    found = index(tmp_path, KnownNames(persons=("Ada Quill",)))
    assert list(found) == ["Ida Marsh", "Tom Reed", "Ada Quill", "SPA", "I. Marsh", "Jane Alder"]
    assert all(each.record is None and each.candidates == () for each in found.values())


def test_names_in_chinese_text_have_no_bounds(tmp_path: Path) -> None:
    profile = replace(QINGHE, known_names=KnownNames(("柳听澜",), ("长安", "长安街", "London")))
    text = chinese("## 甲\n\n记者柳听澜昨日在长安街报道。她去过London的桥,没去过Londonderry。")
    found = {each.name: each for each in names_index(issue(tmp_path, text, profile))}
    assert list(found) == ["柳听澜", "长安街", "London"]


def test_a_variant_of_two_is_not_looked_for(tmp_path: Path) -> None:
    sheet = "name,variants\nAda Quill,Miss Quill\nEva Quill,Miss Quill\n"
    found = index(tmp_path, known(sheet, ["Ada Quill"]), english("## A\n\nMiss Quill and ada quill came."))
    assert [len(each.mentions) for each in found.values()] == [1]


@given(st.lists(st.sampled_from(["Ada Quill", "Gull's Cove", "Ida Marsh", "Tom Reed", "and", "the"]), max_size=12))
def test_what_the_index_names_stands_there(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    text = english("## A\n\nBy Tom Reed\n\n" + " ".join(["The", *parts, "end."]))
    names = known(persons=["Ada Quill", "Ida Marsh"], places=["Gull's Cove"])
    found = issue(tmp_path_factory.mktemp("names"), text, profile_with(names))
    lines = text.split("\n")
    expected = [name for name in dict.fromkeys(["Tom Reed", *parts]) if name not in {"and", "the"}]
    assert sorted(each.name for each in names_index(found)) == sorted(expected)
    for each in names_index(found):
        for mention in each.mentions:
            assert each.name in "\n".join(lines[mention.lines[0] - 1 : mention.lines[-1]])


# In profiles, rules and MODS ------------------------------------------------------------------------------------------


def desk(folder: Path, sheet: str | None, names: str) -> dict[str, SerialProfile]:
    """Profiles of a folder, one of them with names and an authority file beside it."""
    (folder / "p").mkdir()
    text = SALTMARSH.text.decode() + f"\n[names]\n{names}\n"
    (folder / "p" / "saltmarsh.toml").write_text(text, encoding="utf-8")
    if sheet is not None:
        (folder / "p" / "names.csv").write_text(sheet, encoding="utf-8")
    return profiles.load_all([folder / "p"])


def findings(folder: Path, known_profiles: dict[str, SerialProfile]) -> list[tuple[str, int | None, Severity, str]]:
    path = folder / "issue.txt"
    path.write_text(TEXT, encoding="utf-8")
    found = inspection.inspect(path, known_profiles)
    runs = {run.code: run.outcome for run in found.checks}
    assert {runs[code] for code in ("NAM-001", "NAM-002", "NAM-003")} <= {Outcome.PASSED, Outcome.FAILED}
    return [(each.code, each.line, each.severity, each.message) for each in found.findings if each.code[:3] == "NAM"]


def test_ambiguous_and_unknown_names_are_told(tmp_path: Path) -> None:
    known_profiles = desk(tmp_path, SHEET, 'authorities = "names.csv"\npersons = ["Ada Quill"]')
    assert findings(tmp_path, known_profiles) == [
        (
            "NAM-001", 13, Severity.WARNING,
            "Tom Reed (line 13) is borne by 2 records of the authority file: "
            "Tom Reed <http://www.wikidata.org/entity/Q4115189>, Tom Reed <p-0003>",
        ),
        ("NAM-002", 15, Severity.NOTICE, "Ada Quill (line 15 and 1 more) is in no record of the authority file"),
        ("NAM-002", 29, Severity.NOTICE, "Jane Alder (line 29) is in no record of the authority file"),
    ]  # fmt: skip


@pytest.mark.parametrize("names", ["", 'persons = ["Ada Quill"]'])
def test_without_an_authority_file_nothing_is_told(tmp_path: Path, names: str) -> None:
    assert findings(tmp_path, desk(tmp_path, None, names)) == []


def test_a_broken_authority_file_is_an_error(tmp_path: Path) -> None:
    sheet = SHEET.replace("75121530", "Q42")
    (broken,) = [
        each for each in findings(tmp_path, desk(tmp_path, sheet, 'authorities = "names.csv"')) if each[0] == "NAM-003"
    ]
    assert broken[1:3] == (2, Severity.ERROR)
    assert broken[3].startswith("row 2, column VIAF: expected a number of VIAF")


def test_an_absent_authority_file_is_an_error(tmp_path: Path) -> None:
    (absent, *_unknown) = sorted(findings(tmp_path, desk(tmp_path, None, 'authorities = "names.csv"')), reverse=True)
    assert (absent[0], absent[2]) == ("NAM-003", Severity.ERROR) and "no such file" in absent[3]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ('authorities = "../names.csv"', "names.authorities: expected the name of a file beside the profile"),
        ('authorities = "/etc/passwd"', "names.authorities: expected the name of a file beside the profile"),
        ("authorities = 7", "names.authorities: expected a text"),
        ('persons = [""]', "names.persons: expected names that are not empty"),
        ('persons = ["A"]\nplaces = ["a"]', "names.places: expected names that are not among persons too"),
        ("people = []", "names.people: expected one of the keys authorities, persons, places"),
        ("[romanised]\nA = 7", "romanised.A: expected a romanised form"),
    ],
)
def test_a_wrong_table_of_names(names: str, expected: str) -> None:
    with pytest.raises(ConfigurationError, match=expected):
        profiles.parse((SALTMARSH.text.decode() + f"\n[names]\n{names}\n").encode(), "profile.toml")


def test_identifiers_in_mods(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    names = known(persons=["Ada Quill"], places=["Gull's Cove"])
    found = issue(tmp_path, TEXT, profile_with(names))
    content = article_mods(found, accession_of(found), AT)
    grammar = schemas.grammar("mods")
    assert grammar.validate(parse(content)), grammar.error_log
    if OFFICIAL.is_dir():
        folder = tmp_path_factory.mktemp("official")
        schemas.install(folder, source=OFFICIAL)
        schemas.together(folder).assertValid(etree.fromstring(content))
    attributes = ("type", "authority", "authorityURI", "valueURI")
    bearing = [
        (name.findtext("mods:namePart", "", dict(NS)), *(name.get(each, "") for each in attributes))
        for name in parse(content).iterfind(".//mods:name", dict(NS))
    ]
    viaf, ida = "http://viaf.org/viaf", "http://viaf.org/viaf/75121530"
    assert bearing == [
        ("Ida Marsh", "personal", "viaf", viaf, ida),
        ("Tom Reed", "personal", "", "", ""),
        ("Ada Quill", "personal", "", "", ""),
        ("SPA", "corporate", "", "", "https://names.example/spa"),
        ("Ada Quill", "personal", "", "", ""),
        ("I. Marsh", "personal", "viaf", viaf, ida),
        ("Jane Alder", "personal", "", "", ""),
    ]
    places = list(parse(content).iterfind(".//mods:subject/mods:geographic", dict(NS)))
    assert [(each.text, each.get("authority"), each.get("valueURI")) for each in places] == [
        ("Gull's Cove", "wikidata", "http://www.wikidata.org/entity/Q15397819")
    ] * 3
    further = parse(content).findall(".//mods:nameIdentifier", dict(NS))
    assert [(each.get("type"), each.text) for each in further] == [("local", "p-0001")] * 2


# Romanised words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("长安的灯", (), "Chang an de deng"),
        ("长安的灯", (("长安", "Chang'an"),), "Chang'an de deng"),
        ("长安街的灯", (("长安", "Chang'an"), ("长安街", "Chang'an Jie")), "Chang'an Jie de deng"),
        ("去重庆", (("重庆", "Chongqing"),), "Qu Chongqing"),
        ("甲", (("乙", "x"),), "Jia"),
    ],
)
def test_words_with_a_romanised_form_of_their_own(text: str, words: tuple[tuple[str, str], ...], expected: str) -> None:
    assert romanise(text, "chi", words) == expected
    assert romanise(text, "eng", words) == ""


def test_romanised_words_of_a_profile(tmp_path: Path) -> None:
    profile = with_keys(QINGHE, {}, '\n[romanised]\n"渡口" = "Dukou"\n')
    (article,) = issue(tmp_path, chinese("## 渡口添了一盏灯\n\n灯亮了。"), profile).articles
    assert article.romanised == "Dukou tian le yi zhan deng"


# The documents --------------------------------------------------------------------------------------------------------

DOCS = Path(__file__).resolve().parents[1] / "docs"


def blocks(page: str, kind: str) -> list[str]:
    """The fenced blocks of a page."""
    return [part.split("\n```", 1)[0] for part in (DOCS / page).read_text(encoding="utf-8").split(f"```{kind}\n")[1:]]


def test_the_worked_examples_are_what_happens(tmp_path: Path) -> None:
    (profile, *_forms), (masthead, *_rest) = blocks("profiles.md", "toml"), blocks("profiles.md", "text")
    keys, chinese_keys = blocks("articles.md", "toml")[:2]
    names, sheet = blocks("names.md", "toml")[0], blocks("names.md", "csv")[0]
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "gulls-cove-names.csv").write_text(sheet + "\n", encoding="utf-8")
    whole = profile.replace("\n[articles]\n", f"\n[articles]\n{keys}\n") + f"\n\n{names}\n"
    (tmp_path / "p" / "gulls-cove-letter.toml").write_text(whole, encoding="utf-8")
    known_profiles = profiles.load_all([tmp_path / "p"])
    text = masthead.split("## ", 1)[0] + blocks("articles.md", "text")[0] + "\n"
    found = issue(tmp_path, text, known_profiles["gulls-cove-letter"])
    lamp, advert = found.articles
    assert (lamp.headline, lamp.section, [each.words for each in lamp.subheads]) == (
        "New lamp for the pier", "HARBOUR NEWS", ["Who pays"],
    )  # fmt: skip
    assert [(each.words, each.credits) for each in lamp.illustrations] == [
        ("The old lamp on its way to the museum", ("Tom Reed",))
    ]
    assert [each.page for each in lamp.paragraphs] == [1, 1, 1, 1, 1, 2]
    assert [(odd.kind.value, odd.resumed is not None) for odd in lamp.oddities] == [
        ("column break", False), ("continuation", True),
    ]  # fmt: skip
    assert (advert.kind.value, advert.section) == ("advertisement", "HARBOUR NEWS")
    assert all(page.received for page in found.pages)
    (shown,) = [each.split("\n")[0].split(" ", 1)[1] for each in blocks("names.md", "xml")]
    content = article_mods(found, accession_of(found), AT).decode()
    assert " ".join(shown.split()) in content
    index_of = {each.name: each for each in names_index(found)}
    assert len(index_of["Tom Reed"].candidates) == 2 and index_of["Ida Marsh"].record is not None
    assert profiles.parse(
        QINGHE.text.decode().replace("\n[articles]\n", f"\n[articles]\n{chinese_keys}\n").encode(), "profile.toml"
    ).articles.section


def test_a_report_shows_the_names(tmp_path: Path) -> None:
    known_profiles = desk(tmp_path, SHEET, 'authorities = "names.csv"\nplaces = ["Gull\'s Cove"]')
    (tmp_path / "issue.txt").write_text(TEXT, encoding="utf-8")
    report = inspection.report([inspection.inspect(tmp_path / "issue.txt", known_profiles)])
    shown = render(report)
    assert "Names" in shown.split("\n")
    assert any(line.split() == ["Tom", "Reed", "aut", "1", "1", "2", "records"] for line in shown.split("\n"))
    assert any("Gull's Cove" in line and "mentioned" in line for line in shown.split("\n"))
    (data,) = as_data(report)["issues"]
    cove = next(each for each in data["names"] if each["name"] == "Gull's Cove")
    assert (cove["type"], cove["pages"]) == ("place", [1, 2])
    assert cove["identifiers"] == ["http://www.wikidata.org/entity/Q15397819"]


def test_an_accession_with_everything(tmp_path: Path) -> None:
    """The package of an issue with sections, pictures, advertisements, a continuation and names is valid."""
    room = workspace(tmp_path / "desk")
    added = "".join(f"{key} = '''{value}'''\n" for key, value in EN_KEYS.items())
    text = SALTMARSH.text.decode().replace("\n[articles]\n", f"\n[articles]\n{added}")
    text += '\n[names]\nauthorities = "names.csv"\nplaces = ["Gull\'s Cove"]\n'
    (room / "profiles").mkdir(exist_ok=True)
    (room / "profiles" / "saltmarsh-courier.toml").write_text(text, encoding="utf-8")
    (room / "profiles" / "names.csv").write_text(SHEET, encoding="utf-8")
    (tmp_path / "issue.txt").write_text(EVERYTHING + "\n## At Gull's Cove\n\nIt sleeps.\n", encoding="utf-8")
    done = archiver("accession", tmp_path / "issue.txt", cwd=room)
    assert done.status == 0, done.err
    (package,) = (room / "packages").iterdir()
    judged = archiver("validate", package, cwd=room)
    assert judged.status == 0, judged.err
    assert [each["code"] for each in judged.data["findings"] if each["severity"] == "error"] == []
    assert (package / "data/documentation/authorities.csv").read_text(encoding="utf-8") == SHEET
    articles = (package / "data/metadata/descriptive/mods-articles.xml").read_text(encoding="utf-8")
    assert 'valueURI="http://www.wikidata.org/entity/Q15397819"' in articles
    assert 'valueURI="http://www.wikidata.org/entity/Q4115189"' not in articles  # Tom Reed may be another
