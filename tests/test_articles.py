"""Sections, subheads, illustrations, advertisements and continuations: off without their keys, in place with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from metadata_specimens import AT, MARKDOWN, PLAIN, SOFTWARE, accession_of, document, measured
from transcripts import PROFILES, QINGHE, SALTMARSH, chinese, english, transcript
from transcripts import issue as described_without_keys

from archiver import profiles
from archiver.errors import ConfigurationError
from archiver.metadata import schemas
from archiver.metadata.mets_issue import issue_mets
from archiver.metadata.mods import article_mods, issue_mods
from archiver.metadata.reading import ARTICLES, ISSUE, MODS, PREMIS
from archiver.metadata.reading_mets import read_mets
from archiver.metadata.xml import NS, parse
from archiver.model.package import FileUse, IssueFiles, PayloadFile
from archiver.model.profile import SerialProfile
from archiver.model.serial import Article, ArticleKind, Issue, OddityKind
from archiver.model.taken import PageStart
from archiver.model.transcript import SourceIssue
from archiver.model.values import PackagePath
from archiver.serials.description import describe
from archiver.serials.reading_text import reading_text

OFFICIAL = Path(__file__).resolve().parents[2] / "shared" / "schemas"
EN_KEYS = {
    "section": r"(?:\*\*)?(?P<section>SPORTS|HARBOUR NEWS|NOTICES)(?:\*\*)?",
    "subhead": r"###\s+(?P<subhead>.+)",
    "caption": r"Photo: (?P<caption>.+?)(?: \(by (?P<credit>[^)]+)\))?",
    "illustration": r"\[Photo(?:: (?P<caption>[^]]+))?\]",
    "advertisement": r"ADVERTISEMENT(?:: (?P<headline>.+))?|NOTICES",
    "continuation-from": r"\(Continued from page (?P<page>\d+)(?:, (?P<headline>[^)]+))?\)",
}
ZH_KEYS = {
    "section": r"【(?P<section>[^】]{1,12})】",
    "subhead": r"[一二三四五六七八九十]+、(?P<subhead>.{1,30})",
    "illustration": r"[((]图[))]",
    "caption": r"(?P<caption>图为.+?)(?:\s+(?P<credit>\S+)\s*摄)?",
    "advertisement": r"(?:##\s*)?广\s*告",
    "continuation-from": r"[((]上接(?P<page>[一二三四五六七八九十]+|\d+)版(?:《(?P<headline>[^》]+)》)?[))]",
}


def with_keys(profile: SerialProfile, keys: Mapping[str, str], more: str = "") -> SerialProfile:
    """A profile with further keys of its table [articles], through the reader of profiles; `more` tables at the end."""
    added = "".join(f"{key} = '''{value}'''\n" for key, value in keys.items())
    text = profile.text.decode().replace("\n[articles]\n", f"\n[articles]\n{added}") + more
    return profiles.parse(text.encode(), "profile.toml")


EN, ZH = with_keys(SALTMARSH, EN_KEYS), with_keys(QINGHE, ZH_KEYS)


def issue(folder: Path, text: str, profile: SerialProfile = EN) -> Issue:
    found = describe(SourceIssue(transcript(folder, text)), {profile.identifier: profile})
    assert found.issue is not None, found.faults
    return found.issue


def read(found: Issue, profile: SerialProfile = EN) -> str:
    return reading_text(found, profile.articles).content.decode()


def words(article: Article) -> list[str]:
    return [paragraph.text for paragraph in article.paragraphs]


def by_headline(found: Issue) -> dict[str, Article]:
    return {article.headline: article for article in found.articles}


# Off without the keys -------------------------------------------------------------------------------------------------


def test_without_the_keys_everything_is_text(tmp_path: Path) -> None:
    text = english(
        "## One\n\nText.\n\nSPORTS\n\n### Sub\n\nPhoto: A lamp.\n\n[Photo]\n\nADVERTISEMENT\n\n"
        "Text goes on. (Continued on page 2)",
        "[Page 2]",
        "## One\n\n(Continued from page 1)\n\nmore.",
    )
    found = described_without_keys(tmp_path, text)
    assert [article.headline for article in found.articles] == ["One", "One"]
    for article in found.articles:
        assert article.kind is ArticleKind.ARTICLE and not article.section and article.further == ()
        assert article.subheads == article.illustrations == ()
        assert all(odd.resumed is None for odd in article.oddities)
    assert words(found.articles[1]) == ["(Continued from page 1)", "more."]
    assert "(Continued on page 2)" in reading_text(found, SALTMARSH.articles).content.decode()


@pytest.mark.parametrize("key", sorted(EN_KEYS))
def test_a_key_without_its_group_is_told(key: str) -> None:
    if key in {"illustration", "advertisement"}:
        assert getattr(with_keys(SALTMARSH, {key: "x"}).articles, key) is not None
        return
    with pytest.raises(ConfigurationError, match=rf"articles\.{key}: expected a pattern with the named group"):
        with_keys(SALTMARSH, {key: "x"})


# Sections -------------------------------------------------------------------------------------------------------------


def test_sections_last_until_the_next(tmp_path: Path) -> None:
    found = issue(
        tmp_path,
        english(
            "HARBOUR NEWS", "## A\n\nText.", "## B\n\nText.", "[Page 2]", "## C\n\nText.", "**SPORTS**\n\n## D\n\nT."
        ),
    )
    assert [(each.headline, each.section) for each in found.articles] == [
        ("A", "HARBOUR NEWS"), ("B", "HARBOUR NEWS"), ("C", "HARBOUR NEWS"), ("D", "SPORTS"),
    ]  # fmt: skip
    assert [words(each) for each in found.articles] == [["Text."], ["Text."], ["Text."], ["T."]]
    assert found.articles[0].section_line == 11


def test_a_section_heading_above_the_first_headline_is_no_masthead(tmp_path: Path) -> None:
    reading = describe(SourceIssue(transcript(tmp_path, chinese("【要闻】", "## 甲\n\n灯亮了。"))), {ZH.identifier: ZH})
    assert reading.faults == () and reading.issue is not None
    assert reading.issue.articles[0].section == "要闻"
    assert reading.issue.masthead.last_line == 23
    plain = describe(SourceIssue(transcript(tmp_path, chinese("【要闻】", "## 甲\n\n灯亮了。"))), PROFILES)
    assert [fault.line for fault in plain.faults] == [25]


def test_words_under_a_section_without_a_headline_are_an_article(tmp_path: Path) -> None:
    found = issue(
        tmp_path, english("## A\n\nText.", "SPORTS", "The cup stays here.\n\nThe lads came home.", "## B\n\nText.")
    )
    assert [each.headline for each in found.articles] == ["A", "SPORTS", "B"]
    assert words(found.articles[1]) == ["The cup stays here.", "The lads came home."]
    assert found.articles[1].span.first_line == found.articles[1].headline_line == 15
    assert [each.section for each in found.articles] == ["", "SPORTS", "SPORTS"]


def test_a_section_heading_with_nothing_below(tmp_path: Path) -> None:
    found = issue(tmp_path, english("## A\n\nText.", "SPORTS", "NOTICES", "HARBOUR NEWS"))
    assert [each.headline for each in found.articles] == ["A"]


# Subheads -------------------------------------------------------------------------------------------------------------


def test_subheads_part_the_text(tmp_path: Path) -> None:
    (article,) = issue(tmp_path, english("## A\n\nText.\n### Sub\nMore\nof it.\n\n### Other\n\nEnd.")).articles
    assert words(article) == ["Text.", "### Sub", "More of it.", "### Other", "End."]
    assert [(each.words, each.span.first_line) for each in article.subheads] == [("Sub", 14), ("Other", 18)]
    assert article.oddities == ()


def test_a_paragraph_that_breaks_off_above_a_subhead_has_lost_its_end(tmp_path: Path) -> None:
    long = "The ferry, which had been out since six in the morning, came to"
    found = issue(tmp_path, english(f"## A\n\n{long}\n\n### Sub\n\nMore of it."))
    (odd,) = found.articles[0].oddities
    assert (odd.kind, odd.lines) == (OddityKind.GAP, (13,))
    assert f"{long}\n\n[…]\n\n### Sub\n\nMore of it.\n" in read(found)


def test_chinese_subheads(tmp_path: Path) -> None:
    (article,) = issue(tmp_path, chinese("## 甲\n\n一、修灯\n\n灯亮了。\n\n二、修桥\n\n桥通了。"), ZH).articles
    assert [each.words for each in article.subheads] == ["修灯", "修桥"]


# Illustrations --------------------------------------------------------------------------------------------------------


def test_text_goes_on_behind_a_picture(tmp_path: Path) -> None:
    found = issue(
        tmp_path,
        english(
            "## A\n\nThe ferry, which had been out since six in the morning, came to a\n\n[Photo]\n\n"
            "Photo: The lamp at dusk\nand the pier (by Tom Reed, Ida Marsh)\n\nstop. All saw it."
        ),
    )
    (article,) = found.articles
    (picture,) = article.illustrations
    assert (picture.words, picture.credits) == ("The lamp at dusk and the pier", ("Tom Reed", "Ida Marsh"))
    assert (picture.span.first_line, picture.span.last_line) == (15, 18)
    (odd,) = article.oddities
    assert (odd.kind, odd.lines) == (OddityKind.COLUMN_BREAK, (13, 20))
    derived = read(found)
    assert "came to a stop. All saw it.\n\n[Photo] Photo: The lamp at dusk and the pier" in derived


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("[Photo]", [("", ())]),
        ("[Photo: the old lamp]", [("the old lamp", ())]),
        ("Photo: the old lamp", [("the old lamp", ())]),
        ("Photo: the old lamp (by Tom Reed)", [("the old lamp", ("Tom Reed",))]),
        ("[Photo]\n\n[Photo]\n\nPhoto: the lamp", [("", ()), ("the lamp", ())]),
        ("Photo: one\n\nPhoto: two", [("one", ()), ("two", ())]),
        ("[Photo: the lamp]\nwords of the text.", [("the lamp", ())]),
    ],
)
def test_illustrations(tmp_path: Path, lines: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    (article,) = issue(tmp_path, english(f"## A\n\nText.\n\n{lines}\n\nText.")).articles
    assert [(each.words, each.credits) for each in article.illustrations] == expected


def test_a_chinese_caption(tmp_path: Path) -> None:
    (article,) = issue(tmp_path, chinese("## 甲\n\n(图)\n图为新灯 柳听澜 摄\n\n灯亮了。"), ZH).articles
    (picture,) = article.illustrations
    assert (picture.words, picture.credits) == ("图为新灯", ("柳听澜",))
    assert words(article)[-1] == "灯亮了。"


# Advertisements -------------------------------------------------------------------------------------------------------


def test_advertisements(tmp_path: Path) -> None:
    found = issue(
        tmp_path,
        english(
            "## A\n\nText.",
            "ADVERTISEMENT\n\nMarsh & Sons\n\nRope, sails\n\nRope, sails, tar, whatever a boat may need, from",
            "ADVERTISEMENT\n\n## Best eels\n\nAt the quay",
            "## B\n\nText.",
            "ADVERTISEMENT: Nets",
            "[Page 2]",
            "NOTICES",
            "## Lost\n\nA hat",
            "## Found\n\nA cat",
            "SPORTS\n\n## C\n\nText.",
            "ADVERTISEMENT",
        ),
    )
    advert, article = ArticleKind.ADVERTISEMENT, ArticleKind.ARTICLE
    assert [(each.headline, each.kind, each.page, each.section) for each in found.articles] == [
        ("A", article, 1, ""), ("ADVERTISEMENT", advert, 1, ""), ("Best eels", advert, 1, ""), ("B", article, 1, ""),
        ("Nets", advert, 1, ""), ("Lost", advert, 2, "NOTICES"), ("Found", advert, 2, "NOTICES"),
        ("C", article, 2, "SPORTS"), ("ADVERTISEMENT", advert, 2, "SPORTS"),
    ]  # fmt: skip
    assert all(each.oddities == () for each in found.articles)
    assert len(found.articles[1].paragraphs) == 3


def test_a_chinese_advertisement_is_a_headline_too(tmp_path: Path) -> None:
    found = issue(tmp_path, chinese("## 广告\n\n新到鲜鱼\n\n渡口东侧", "## 甲\n\n灯亮了。"), ZH)
    assert [(each.headline, each.kind.value) for each in found.articles] == [
        ("广告", "advertisement"),
        ("甲", "article"),
    ]


# Continuations --------------------------------------------------------------------------------------------------------

FIRST = "## Lamp lit\n\nIt was taken down by the (Continued on page 2)"


def spans(article: Article) -> list[tuple[int, int]]:
    return [(span.first_line, span.last_line) for span in (article.span, *article.further)]


def test_a_continuation_is_joined(tmp_path: Path) -> None:
    found = issue(
        tmp_path,
        english(
            FIRST,
            "## B\n\nText.",
            "[Page 2]",
            "## Lamp\n\n(Continued from page 1)\n\ncouncil.\n\nBy Ann Hale",
            "## C\n\nT.",
        ),
    )
    assert [each.headline for each in found.articles] == ["Lamp lit", "B", "C"]
    article = found.articles[0]
    assert spans(article) == [(11, 13), (21, 27)]
    assert [(each.page, each.span.first_line, each.joins_previous) for each in article.paragraphs] == [
        (1, 13, False), (2, 25, True),
    ]  # fmt: skip
    assert [byline.names for byline in article.bylines] == [("Ann Hale",)]
    (odd,) = article.oddities
    assert (odd.kind, odd.lines, odd.page, odd.resumed) == (OddityKind.CONTINUATION, (13,), 2, 23)
    assert "It was taken down by the council.\n" in read(found)
    assert "Continued" not in read(found)
    assert all(page.received for page in found.pages)


def test_a_sentence_that_ends_before_the_pointer_is_not_joined(tmp_path: Path) -> None:
    found = issue(
        tmp_path, english("## Lamp\n\nDown. (Continued on page 2)", "[Page 2]", "(Continued from page 1)\n\nUp again.")
    )
    assert [each.joins_previous for each in found.articles[0].paragraphs] == [False, False]
    assert "Down.\n\nUp again.\n" in read(found)


def test_words_behind_the_mark_in_one_line(tmp_path: Path) -> None:
    text = chinese("## 甲\n\n灯亮了,人们都(下转二版)", "第2版", "## 乙\n\n水涨了。", "(上接一版)来看。\n\n完。")
    found = issue(tmp_path, text, ZH)
    assert [words(each) for each in found.articles] == [["灯亮了,人们都(下转二版)", "来看。", "完。"], ["水涨了。"]]
    assert "灯亮了,人们都来看。\n" in read(found, ZH)


@pytest.mark.parametrize(
    "part",
    [
        "(Continued from page 1, Bell)\n\nof iron.",
        "## Bell\n\n(Continued from page 1)\n\nof iron.",
        "## Bell (Continued from page 1)\n\nof iron.",
        "## BELL – (Continued from page 1)\n\nof iron.",
    ],
)
def test_the_headline_decides_between_two(tmp_path: Path, part: str) -> None:
    found = issue(
        tmp_path, english(FIRST, "## Bell rung\n\nIt is (Continued on page 2)", "[Page 2]", part, "## C\n\nText.")
    )
    assert [each.headline for each in found.articles] == ["Lamp lit", "Bell rung", "C"]
    assert words(found.articles[1])[1:] == ["of iron."] and found.articles[0].further == ()
    assert [odd.resumed is None for each in found.articles for odd in each.oddities] == [True, False]


def test_both_of_two_find_their_parts(tmp_path: Path) -> None:
    """The second part names nothing: it is what is left."""
    bell = "## Bell rung\n\nIt is (Continued on page 2)"
    parts = ("## Bell\n\n(Continued from page 1)\n\nof iron.", "## C\n\nText.", "(Continued from page 1)\n\ncouncil.")
    found = issue(tmp_path, english(FIRST, bell, "[Page 2]", *parts))
    assert {each.headline: words(each)[-1] for each in found.articles} == {
        "Lamp lit": "council.", "Bell rung": "of iron.", "C": "Text.",
    }  # fmt: skip


@pytest.mark.parametrize(
    "blocks",
    [
        (FIRST, "## Bell\n\nIt is (Continued on page 2)", "[Page 2]", "(Continued from page 1)\n\ncouncil."),  # whose?
        (FIRST, "[Page 2]", "(Continued from page 1)\n\none.", "## C\n\nText.", "(Continued from page 1)\n\ntwo."),
        (FIRST, "[Page 3]", "(Continued from page 1)\n\ncouncil."),  # another page
        (FIRST, "[Page 2]", "## C\n\nText.", "(Continued from page 4)\n\ncouncil."),  # from another page
        (FIRST, "[Page 2]", "## Lamp\n\n(Continued from page 1)"),  # no words
        ("## C\n\nText.", "[Page 2]", "(Continued from page 1)\n\ncouncil."),  # nothing sends the reader there
        (FIRST,),
    ],
)
def test_what_is_not_sure_stays_as_it_is_without_the_key(tmp_path: Path, blocks: tuple[str, ...]) -> None:
    text = english(*blocks)
    without = {key: value for key, value in EN_KEYS.items() if key != "continuation-from"}
    profile = with_keys(SALTMARSH, without)
    assert replace(issue(tmp_path, text), known_names=None) == issue(tmp_path, text, profile)


def test_a_part_that_goes_on_again(tmp_path: Path) -> None:
    found = issue(
        tmp_path,
        english(
            FIRST,
            "[Page 2]",
            "## Lamp lit\n\n(Continued from page 1)\n\ncouncil and (Continued on page 3)",
            "## B\n\nText.",
            "[Page 3]",
            "## C\n\nText.",
            "## Lamp lit\n\n(Continued from page 2)\n\nthe Reading Room. (Continued on page 9)",
        ),
    )
    article = by_headline(found)["Lamp lit"]
    assert [each.page for each in article.paragraphs] == [1, 2, 3] and len(article.further) == 2
    assert [(odd.page, odd.resumed is not None) for odd in article.oddities] == [(2, True), (3, True), (9, False)]
    assert "It was taken down by the council and the Reading Room. (Continued on page 9)\n" in read(found)
    assert [page.number for page in found.pages if not page.received] == [9]


def test_pages_that_layout_documents_know(tmp_path: Path) -> None:
    text = english(FIRST, "## B\n\nText.", "(Continued from page 1)\n\ncouncil.")
    read_as = transcript(tmp_path, text)
    start = next(line.number for line in read_as.lines if "Continued from" in line.text)
    source = SourceIssue(replace(read_as, page_starts=(PageStart(1, 1), PageStart(start, 2))))
    found = describe(source, {EN.identifier: EN}).issue
    assert found is not None
    assert [each.page for each in found.articles[0].paragraphs] == [1, 2]


# In the documents -----------------------------------------------------------------------------------------------------


def documents(found: Issue, content: bytes, profile: SerialProfile) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """MODS and METS of an issue with its transcript and reading text, and those two files by place."""
    text = reading_text(found, profile.articles)
    places = {
        "data/representations/original/data/issue.txt": (FileUse.ORIGINAL, content, PLAIN),
        f"data/representations/reading/data/{found.identifier}.md": (FileUse.READING, text.content, MARKDOWN),
    }
    files = [
        PayloadFile(PackagePath(place), use, place.rsplit("/", 1)[-1], measured(data), known)
        for place, (use, data, known) in places.items()
    ]
    accession = accession_of(found)
    made = {
        MODS: issue_mods(found, accession, AT, ["text/plain"]),
        ARTICLES: article_mods(found, accession, AT),
    }
    named = [document("DMD_ISSUE", MODS, "MODS", "", "3.8", made[MODS])]
    named += [document("DMD_ARTICLES", ARTICLES, "MODS", "", "3.8", made[ARTICLES])]
    named += [document("AMD_PREMIS", PREMIS, "PREMIS", "", "3.0", b"<premis/>")]
    issue_files = IssueFiles((("original", (files[0],)), ("reading", (files[1],))), files[0], files[1])
    made[ISSUE] = issue_mets(found, accession, SOFTWARE, AT, named, issue_files, text.spans)
    return made, {place: data for place, (_use, data, _known) in places.items()}


def texts(content: bytes, path: str) -> list[str]:
    return [" ".join((element.text or "").split()) for element in parse(content).iterfind(path, dict(NS))]


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> etree.XMLSchema | None:
    """The official schemas, where they are at hand."""
    if not OFFICIAL.is_dir():
        return None
    folder = tmp_path_factory.mktemp("official")
    schemas.install(folder, source=OFFICIAL)
    found: etree.XMLSchema = schemas.together(folder)
    return found


EVERYTHING = english(
    "HARBOUR NEWS",
    "## Lamp lit\n\nBy Jane Alder\n\nThe ferry, which had been out since six in the morning, came to a",
    "[Photo]\n\nPhoto: The lamp at dusk (by Tom Reed)",
    "stop. All saw it.\n\n### Who pays\n\nThe Reading Room paid (Continued on page 2)",
    "ADVERTISEMENT\n\nMarsh & Sons\n\nRope, sails",
    "[Page 2]",
    "## Lamp\n\n(Continued from page 1)\n\nhalf of it.\n\n[Photo]\n\nBy Ann Hale",
    "SPORTS\n\n## The cup\n\n### How it was\n\nIt stays here.",
)
EVERYTHING_CHINESE = chinese(
    "【要闻】",
    "## 渡口添灯\n\n灯亮了,人们都\n\n(图)\n\n图为新灯 柳听澜 摄\n\n来看。\n\n一、修灯\n\n水涨了(下转二版)",
    "## 广告\n\n新到鲜鱼",
    "第2版",
    "(上接一版《渡口添灯》)又退了。\n\n(记者 顾怀舟)",
)
CASES: dict[str, Callable[[], tuple[str, SerialProfile]]] = {
    "english": lambda: (EVERYTHING, EN),
    "chinese": lambda: (EVERYTHING_CHINESE, ZH),
}


@pytest.mark.parametrize("case", CASES)
def test_documents_are_valid_and_lead_to_the_words(tmp_path: Path, case: str, official: etree.XMLSchema | None) -> None:
    text, profile = CASES[case]()
    found = issue(tmp_path, text, profile)
    made, files = documents(found, text.encode(), profile)
    for path, kind in ((MODS, "mods"), (ARTICLES, "mods"), (ISSUE, "mets")):
        root = parse(made[path])
        grammar = schemas.grammar(kind)
        assert grammar.validate(root), grammar.error_log
        assert schemas.broken_rules(kind, root) == []
        if official is not None:
            official.assertValid(etree.fromstring(made[path]))
    facts = read_mets(parse(made[ISSUE]), ISSUE)
    paths = {each.identifier: each.path for each in facts.references}
    original = next(identifier for identifier, path in paths.items() if path.endswith("issue.txt"))
    cut: dict[str, list[str]] = {}
    for division in facts.divisions():
        for area in division.areas:
            if area.file == original and area.span is not None:
                slice_ = files[paths[area.file]][area.span.begin : area.span.end].decode()
                cut.setdefault(division.kind, []).append(slice_)
                assert division.kind in {"page", "article-part"} or slice_ == slice_.strip()
    within = [each for article in found.articles for each in (*article.subheads, *article.illustrations)]
    assert sorted([*cut["subhead"], *cut["illustration"]]) == sorted(
        text.encode()[each.span.begin : each.span.end].decode() for each in within
    )
    for article in found.articles:
        joined = "\n".join(cut["article-part"] + cut.get("article", []) + cut["advertisement"])
        assert all(each.text in joined for each in article.paragraphs if "\n" not in each.text and each.words == "")


def test_what_the_documents_say(tmp_path: Path) -> None:
    found = issue(tmp_path, EVERYTHING)
    made, _files = documents(found, EVERYTHING.encode(), EN)
    articles = made[ARTICLES]
    assert texts(articles, ".//mods:tableOfContents") == ["Who pays", "How it was"]
    assert texts(articles, "mods:mods/mods:genre") == ["article", "advertisement", "article"]
    assert texts(articles, ".//mods:detail[@type='section']/mods:title") == ["HARBOUR NEWS", "HARBOUR NEWS", "SPORTS"]
    pictures = ".//mods:relatedItem[@type='constituent']"
    assert texts(articles, f"{pictures}/mods:titleInfo/mods:title") == ["The lamp at dusk"]
    assert texts(articles, f"{pictures}/mods:name/mods:namePart") == ["Tom Reed"]
    assert texts(articles, f"{pictures}/mods:part/mods:extent/mods:start") == ["1", "2"]
    assert texts(articles, "mods:mods/mods:name/mods:namePart") == ["Jane Alder", "Ann Hale"]
    facts = read_mets(parse(made[ISSUE]), ISSUE)
    logical = facts.structure("LOGICAL")
    assert logical is not None
    lamp = logical.divisions[1]
    assert [(each.kind, each.label) for each in lamp.divisions] == [
        ("article-part", "Page 1"), ("article-part", "Page 2"),
        ("subhead", "Who pays"), ("illustration", "The lamp at dusk"), ("illustration", "[Photo]"),
    ]  # fmt: skip
    links = {link.begin: link.end for link in facts.links}
    assert [links[each.identifier] for each in lamp.divisions] == [f"PHYS_000{page}" for page in (1, 2, 1, 1, 2)]
    assert [each.kind for each in logical.divisions] == ["masthead", "article", "advertisement", "article"]


def test_parts_cover_an_article_on_every_page(tmp_path: Path) -> None:
    """The by-line at the foot of a part belongs to that part, and no part runs into another article."""
    found = issue(tmp_path, EVERYTHING)
    made, files = documents(found, EVERYTHING.encode(), EN)
    facts = read_mets(parse(made[ISSUE]), ISSUE)
    parts = [each for each in facts.divisions() if each.kind == "article-part"]
    content = next(iter(files.values()))
    cut = [content[part.areas[0].span.begin : part.areas[0].span.end].decode() for part in parts if part.areas[0].span]
    assert cut[0].startswith("## Lamp lit") and cut[0].endswith("(Continued on page 2)")
    assert cut[1].startswith("## Lamp\n") and cut[1].endswith("By Ann Hale")


# Whatever words come --------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "SPORTS", "NOTICES", "**HARBOUR NEWS**", "ADVERTISEMENT", "ADVERTISEMENT: Nets", "## A", "## B", "## A",
        "### Sub", "[Photo]", "[Photo: x]", "Photo: A lamp", "Photo: A lamp (by Tom Reed)", "[Page 2]", "[Page 3]",
        "[Page 1]", "(Continued from page 1)", "(Continued from page 1)", "(Continued from page 1, A)",
        "(Continued from page 2) and so on.",
        "## A (Continued from page 1)", "It is (Continued on page 2)", "It is so. (Continued on page 2)",
        "|", "|", "|", "It goes (Continued on page 3)", "The lamp was lit.", "The ferry, out since six, came to",
        "By Jane Alder", "", "", "- A bridge", "See page 3", "(Continued from page 99999999999)",
        "(Continued from page 0)",
    ]
)  # fmt: skip
BODIES = st.lists(PIECES | st.text(max_size=20), max_size=30).map(
    lambda pieces: english("## A\n\nIt is (Continued on page 2)", "\n\n".join(pieces).replace("\n\n|\n\n", "\n"))
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(BODIES)
def test_places_stay_in_order_and_within(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    content = text.encode("utf-8", "replace")
    text = content.decode()
    read_as = transcript(tmp_path_factory.mktemp("words"), content)
    found = describe(SourceIssue(read_as), {EN.identifier: EN}).issue
    if found is None:
        return
    count = len(read_as.lines)
    runs = [span for article in found.articles for span in (article.span, *article.further)]
    for span in runs:
        assert 1 <= span.first_line <= span.last_line <= count and 0 <= span.begin < span.end <= len(content)
    runs.sort(key=lambda span: span.begin)
    assert all(before.end <= after.begin and before.last_line < after.first_line for before, after in pairwise(runs))
    for article in found.articles:
        own = [article.span, *article.further]
        assert own == sorted(own, key=lambda span: span.begin) and article.headline_line == article.span.first_line
        begins = [each.span.begin for each in article.paragraphs]
        assert begins == sorted(set(begins))
        for each in article.paragraphs:
            assert any(run.begin <= each.span.begin < each.span.end <= run.end for run in own)
            page = next(page for page in found.pages if page.number == each.page)
            held = [page.span, *page.further]
            assert any(run and run.begin <= each.span.begin and each.span.end <= run.end for run in held)
        for odd in article.oddities:
            assert odd.resumed is None or any(run.first_line <= odd.resumed <= run.last_line for run in own[1:])
        assert sum(odd.resumed is not None for odd in article.oddities) == len(article.further)
    derived = reading_text(found, EN.articles)
    assert all(0 <= span.begin <= span.end <= len(derived.content) for span in derived.spans.values())
    check_documents(found, content)


def check_documents(found: Issue, content: bytes) -> None:
    """By our grammars, and every part of an article lies within it and on its page."""
    if not found.articles:
        return
    made, _files = documents(found, content, EN)
    for path, kind in ((ARTICLES, "mods"), (ISSUE, "mets")):
        root = parse(made[path])
        grammar = schemas.grammar(kind)
        assert grammar.validate(root), grammar.error_log
    facts = read_mets(parse(made[ISSUE]), ISSUE)
    taken: list[tuple[int, int]] = []
    for division in facts.divisions():
        if division.kind in {"article", "advertisement", "article-part"}:
            taken += [
                (area.span.begin, area.span.end) for area in division.areas if area.file == "FILE_0001" and area.span
            ]
    assert all(before[1] <= after[0] for before, after in pairwise(sorted(taken)))
