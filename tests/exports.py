"""Packages for the tests of exports: the two specimens, and an issue of page images with zones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from workspaces import QINGHE, SALTMARSH, archiver, workspace

QINGHE_NAME = "qinghe-newsletter_2021-05-09_no00412"
SALTMARSH_NAME = "saltmarsh-courier_2019-05-04_v012-no0018"
_BLOCKS = (
    (("The Saltmarsh Weekly Courier", "Vol. XII, No. 18", "Saturday, 4 May 2019"), (10, 5, 40, 10)),
    (("## Lamp lit at the quay",), (5, 20, 25, 6)),
    (("By Jane Alder", "The lamp was lit, and the quay was bright."), (5, 27, 25, 50)),
    (("## Tide mill to grind again",), (31, 20, 26, 6)),
    (("The mill turns on Saturdays.",), (31, 27, 26, 50)),
)


def alto(blocks: tuple[tuple[tuple[str, ...], tuple[int, int, int, int]], ...], number: int) -> str:
    """An ALTO page of 60 by 80 pixels; a block that begins with ## is a heading by its tag."""
    rows = []
    for order, (lines, (x, y, width, height)) in enumerate(blocks, 1):
        place = f'HPOS="{x}" VPOS="{y}" WIDTH="{width}" HEIGHT="{height}"'
        text = "".join(
            f'<TextLine ID="p{number}b{order}l{line}" {place}><String CONTENT="{words}" {place}/></TextLine>'
            for line, words in enumerate(lines, 1)
        )
        rows.append(f'<TextBlock ID="p{number}b{order}" {place}>{text}</TextBlock>')
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description>'
        "<MeasurementUnit>pixel</MeasurementUnit></Description><Layout>"
        f'<Page ID="p{number}" PHYSICAL_IMG_NR="{number}" WIDTH="60" HEIGHT="80"><PrintSpace>'
        f"{''.join(rows)}</PrintSpace></Page></Layout></alto>"
    )


def text_desk(folder: Path) -> Path:
    """A workspace with the packages of both specimens."""
    desk = workspace(folder)
    assert archiver("accession", QINGHE, cwd=desk).status == 0
    assert archiver("accession", SALTMARSH, cwd=desk).status == 0
    return desk


def image_package(desk: Path, source: Path, save: Callable[[Path], None]) -> Path:
    """A package of two page images, 120 by 160 pixels, with ALTO of half that size; `save` makes an image."""
    source.mkdir()
    for number, blocks in ((1, _BLOCKS), (2, ((("Notices of the week.",), (5, 5, 50, 10)),))):
        save(source / f"000{number}.tif")
        (source / f"000{number}.xml").write_text(alto(blocks, number), encoding="utf-8")
    done = archiver("accession", source, "-p", "images", cwd=desk)
    assert done.status == 0, done.out
    return desk / "images" / SALTMARSH_NAME
