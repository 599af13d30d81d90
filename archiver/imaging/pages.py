"""Folders of page images, arranged by names alone: which issue, which page, and what is missing.

Nothing is read here: `arrange` takes names and returns issues. Conventions are in docs/page-images.md.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from archiver.imaging.page_names import IMAGES, Named, read_name
from archiver.model.page_files import FoundIssue, FoundPage, PageNumber, PageProblem, PageTrouble, PageUse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

_RANKS = {"tif": 0, "tiff": 0, "jp2": 1, "jpx": 1, "jpf": 1, "j2k": 1, "j2c": 1, "jpc": 1, "png": 2}  # others: 3
_ORDER = tuple(PageUse)


class _Key(NamedTuple):
    """What files of one issue have in common."""

    folder: str
    date: date | None
    edition: str
    name: str


def arrange(names: Sequence[str]) -> tuple[FoundIssue, ...]:
    """The issues that file names make, in order of folder, date, edition and name.

    Names are relative paths with `/` between parts; their order does not matter, and a name given twice counts once.
    Every name is in exactly one issue: at a page, among its companions, or among its strays. Files below a folder
    without pages go to the issue of the nearest folder above that has some.
    """
    named = [read_name(name) for name in sorted(set(names))]
    groups: dict[_Key, list[Named]] = defaultdict(list)
    for one in named:
        if one.number is not None:
            groups[_key(one)].append(one)
    groups = _joined(groups)
    named = list(_single_sheets(named, groups))
    rest: dict[_Key, list[Named]] = defaultdict(list)
    for one in named:
        if one.number is None:
            rest[_home(one, groups)].append(one)
    keys = sorted({*groups, *rest}, key=lambda key: (key.folder, str(key.date or ""), key.edition, key.name))
    return tuple(_issue(key, groups.get(key, []), rest.get(key, [])) for key in keys)


def _single_sheets(named: Sequence[Named], groups: dict[_Key, list[Named]]) -> Iterator[Named]:
    """1923-04-05.tif where no page has a number: the first page of that issue, put into a group of its own."""
    numbered = {key._replace(name="") for key in groups}
    for one in named:
        if one.number is None and not one.is_companion and one.suffix in IMAGES and one.date is not None:
            sheet = one._replace(number=PageNumber("", 1, 1))
            key = _key(sheet)._replace(name="")
            if key not in numbered:
                groups.setdefault(key, []).append(sheet)
                yield sheet
                continue
        yield one


def _key(one: Named) -> _Key:
    day, edition = one.placed.date, one.placed.edition
    if day is None:
        day, edition = one.date, one.edition
    return _Key("/".join(one.placed.folder), day, edition or one.edition, one.name)


def _joined(groups: dict[_Key, list[Named]]) -> dict[_Key, list[Named]]:
    """Names before the page tell issues apart only where pages would collide: IMG_0001.tif goes with 0001.txt."""
    places: dict[_Key, list[_Key]] = defaultdict(list)
    for key in groups:
        places[key._replace(name="")].append(key)
    joined: dict[_Key, list[Named]] = {}
    for place, keys in places.items():
        taken = [{(one.number, _kind(one)) for one in groups[key]} for key in keys]
        if len(keys) > 1 and sum(map(len, taken)) == len(set().union(*taken)):
            names = {key.name for key in keys} - {""}
            joined[place._replace(name=min(names, default=""))] = [one for key in keys for one in groups[key]]
        else:
            joined.update({key: groups[key] for key in keys})
    return joined


def _kind(one: Named) -> tuple[str, PageUse | None]:
    return one.suffix, one.use


def _home(one: Named, groups: dict[_Key, list[Named]]) -> _Key:
    """The issue that a file of no page belongs to."""
    folder = list(one.placed.folder)
    while True:
        path = "/".join(folder)
        here = [key for key in groups if key.folder == path]
        same = [key for key in here if one.date is None or key.date == one.date]
        if len(same) == 1:
            return same[0]
        if here or not folder:
            break
        folder.pop()
    if len(groups) == 1:
        return next(iter(groups))
    return _Key("/".join(one.placed.folder), one.placed.date, one.placed.edition, "")


def _issue(key: _Key, files: list[Named], rest: list[Named]) -> FoundIssue:
    pages = _pages(files)
    strays = tuple(one.path for one in rest if not one.is_companion)
    problems = [*_dates(files), *_missing(pages), *_doubled(files, pages), *_unmatched(pages)]
    problems += [
        PageProblem(PageTrouble.STRAY, "its name fits no convention of page images", (path,)) for path in strays
    ]
    return FoundIssue(
        folder=key.folder,
        name=key.name,
        date=key.date,
        edition=key.edition,
        pages=pages,
        companions=tuple(one.path for one in rest if one.is_companion),
        strays=strays,
        problems=tuple(problems),
    )


def _pages(files: Iterable[Named]) -> tuple[FoundPage, ...]:
    by_page: dict[PageNumber, list[Named]] = defaultdict(list)
    for one in files:
        if one.number is not None:
            by_page[one.number].append(one)
    return tuple(FoundPage(number, _by_use(by_page[number])) for number in sorted(by_page))


def _by_use(files: list[Named]) -> tuple[tuple[PageUse, tuple[str, ...]], ...]:
    """Files of a page by use. Of images that nothing places, those of the best format are the masters."""
    found: dict[PageUse, list[str]] = defaultdict(list)
    unplaced = [one for one in files if one.use is None]
    best = min((_rank(one) for one in unplaced), default=0)
    has_master = any(one.use is PageUse.MASTER for one in files)
    for one in files:
        use = one.use
        if use is None:
            use = PageUse.MASTER if _rank(one) == best and not has_master else PageUse.SERVICE
        found[use].append(one.path)
    return tuple((use, tuple(sorted(found[use]))) for use in _ORDER if use in found)


def _rank(one: Named) -> int:
    return _RANKS.get(one.suffix, 3)


def _dates(files: Iterable[Named]) -> Iterator[PageProblem]:
    for one in files:
        if one.date is not None and one.placed.date is not None and one.date != one.placed.date:
            told = f"the folder says {one.placed.date}, the file {one.date}"
            yield PageProblem(PageTrouble.DATES_DIFFER, told, (one.path,))


def _missing(pages: Sequence[FoundPage]) -> Iterator[PageProblem]:
    """Numbers between the first and the last page of a section that no file has, and those before a low first."""
    for section in sorted({page.number.section for page in pages}):
        own = [page.number for page in pages if page.number.section == section]
        first = own[0].number
        if 1 < first <= 9:  # counters of cameras begin anywhere; pages begin at 0 or 1
            yield _gap(section, 1, first - 1)
        reached = own[0].last
        for _, later in pairwise(own):
            if later.number > reached + 1:
                yield _gap(section, reached + 1, later.number - 1)
            reached = max(reached, later.last)


def _gap(section: str, first: int, last: int) -> PageProblem:
    if first == last:
        return PageProblem(PageTrouble.MISSING, f"page {section}{first} is missing")
    told = f"pages {section}{first} to {section}{last} are missing ({last - first + 1} pages)"
    return PageProblem(PageTrouble.MISSING, told)


def _doubled(files: Iterable[Named], pages: Sequence[FoundPage]) -> Iterator[PageProblem]:
    """Two files of one format and use for one page: 0001.tif beside page-1.tif."""
    alike: dict[tuple[PageNumber, str, PageUse | None, str], list[str]] = defaultdict(list)
    groups: dict[str, str] = {}
    for one in files:
        if one.number is not None:
            group = "/".join(one.path.split("/")[:-1]).lower() if one.use is PageUse.SERVICE else ""
            alike[one.number, one.suffix, one.use, group].append(one.path)
            groups[one.path] = group
    for (number, *_), paths in sorted(alike.items(), key=lambda item: item[1]):
        if len(paths) > 1:
            told = f"page {number} is there {len(paths)} times: {', '.join(paths)}"
            yield PageProblem(PageTrouble.DOUBLED, told, tuple(paths))
    for earlier, later in pairwise(page.number for page in pages):
        if earlier.section == later.section and later.number <= earlier.last and earlier.last > earlier.number:
            told = f"page {later} is there twice: in the image of pages {earlier} as well"
            yield PageProblem(PageTrouble.DOUBLED, told)


def _unmatched(pages: Sequence[FoundPage]) -> Iterator[PageProblem]:
    """Pages with words and no image; pages without words where others have some."""
    worded = {page.number for page in pages if page.of(PageUse.OCR, PageUse.TEXT)}
    pictured = {page.number for page in pages if page.of(PageUse.MASTER, PageUse.SERVICE)}
    for page in pages:
        if page.number in worded and page.number not in pictured and pictured and not page.of(PageUse.DOCUMENT):
            told = f"page {page.number} has words and no image"
            yield PageProblem(PageTrouble.NO_IMAGE, told, page.of(PageUse.OCR, PageUse.TEXT))
        elif page.number in pictured and worded and page.number not in worded:
            told = f"page {page.number} has an image and no words, as other pages have"
            yield PageProblem(PageTrouble.NO_TEXT, told, page.of(PageUse.MASTER, PageUse.SERVICE))
