"""Layout documents that tesseract makes of a page drawn here: one text from ALTO, from hOCR, and from what we write."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from test_layout_writing import alto_schema, parsed  # noqa: F401  the fixture is used by name

from archiver import plugs
from archiver.layout.reading import read_layout
from archiver.layout.text import areas, text_of
from archiver.layout.writing import write_alto
from archiver.model.layout import BlockKind, LayoutDocument, LayoutForm, PageLayout

FONTS = (
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
)
CHINESE = ["上街时报", "本报讯记者报道春天来了", "随着气温回升城市公园迎来游客"]
ENGLISH = ["The weekly courier number twelve", "goes on with a second line of words"]


def languages() -> set[str]:
    if shutil.which("tesseract") is None:
        pytest.skip("tesseract is not installed")
    done = subprocess.run(["tesseract", "--list-langs"], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def drawn(folder: Path, lines: list[str], font_file: str | None, height: int) -> Path:
    """A page of black letters on white, with a rule below them."""
    image_module = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    draw_module = pytest.importorskip("PIL.ImageDraw")
    font_module = pytest.importorskip("PIL.ImageFont")
    font = font_module.truetype(font_file, height) if font_file else font_module.load_default(size=height)
    image = image_module.new("L", (1200, 700), 255)
    draw = draw_module.Draw(image)
    for number, line in enumerate(lines):
        draw.text((80, 60 + number * 120), line, font=font, fill=0)
    draw.line((80, 640, 1120, 640), fill=0, width=4)
    path = folder / "0001.png"
    image.save(path, dpi=(300, 300))
    return path


def recognised(page: Path, language: str) -> dict[str, LayoutDocument]:
    command = ["tesseract", page.name, "out", "-l", language, "alto", "hocr"]
    subprocess.run(command, cwd=page.parent, check=True, capture_output=True)
    return {name: read_layout((page.parent / f"out.{name}").read_bytes(), name) for name in ("xml", "hocr")}


def printed(document: LayoutDocument) -> list[str]:
    return [placed.line.text for placed in text_of([document]).lines if placed.order]


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LayoutDocument]:
    if "eng" not in languages():
        pytest.skip("tesseract has no English model")
    return recognised(drawn(tmp_path_factory.mktemp("english"), ENGLISH, None, 44), "eng")


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LayoutDocument]:
    if "chi_sim" not in languages():
        pytest.skip("tesseract has no Chinese model")
    font = next((name for name in FONTS if Path(name).is_file()), None)
    if font is None:
        pytest.skip("no Chinese font is installed")
    return recognised(drawn(tmp_path_factory.mktemp("chinese"), CHINESE, font, 48), "chi_sim")


def test_what_it_says_of_itself(english: dict[str, LayoutDocument]) -> None:
    assert {name: document.form for name, document in english.items()} == {
        "xml": LayoutForm.ALTO,
        "hocr": LayoutForm.HOCR,
    }
    for document in english.values():
        assert document.problems == ()
        assert document.processing[0].software == "tesseract"
        assert document.processing[0].version[:1].isdigit()
        page = document.pages[0]
        assert (page.image, page.width, page.height) == ("0001.png", 1200, 700)
        assert (document.confidence().mean or 0) > 0.8


def test_english_text_is_the_same_in_both_forms(english: dict[str, LayoutDocument]) -> None:
    assert printed(english["xml"]) == ENGLISH
    assert printed(english["hocr"]) == ENGLISH


def test_chinese_text_is_the_same_in_both_forms_and_has_no_spaces_between_characters(
    chinese: dict[str, LayoutDocument],
) -> None:
    assert printed(chinese["xml"]) == printed(chinese["hocr"])
    assert printed(chinese["xml"]) == CHINESE


def test_the_blocks_are_the_same_in_both_forms(english: dict[str, LayoutDocument]) -> None:
    def shape(document: LayoutDocument) -> list[tuple[object, object, object]]:
        return [(block.kind, block.zone, block.parent) for block in document.pages[0].blocks]

    assert shape(english["xml"]) == shape(english["hocr"])
    assert {block.kind for block in english["xml"].pages[0].blocks} >= {BlockKind.GROUP, BlockKind.TEXT}


@pytest.mark.parametrize("form", ["xml", "hocr"])
def test_lines_go_back_to_their_blocks(english: dict[str, LayoutDocument], form: str) -> None:
    document = english[form]
    text = text_of([document])
    found = areas(text, 1, len(text.lines))
    blocks = {block.identifier: block for block in document.pages[0].blocks}
    for area in found:
        block, zone = blocks[area.block], area.zone
        assert block.zone is not None
        assert zone is not None
        assert block.zone.x <= zone.x <= zone.right <= block.zone.right
        assert block.zone.y <= zone.y <= zone.bottom <= block.zone.bottom


def test_no_rule_finds_a_fault(english: dict[str, LayoutDocument]) -> None:
    for document in english.values():
        subject = PageLayout(document, document.name, "0001.tif", (1200, 700))
        runs, findings = plugs.run_checks("layout", subject, subject=document.name)
        assert findings == ()
        assert {run.outcome.value for run in runs} == {"passed"}


@pytest.mark.xsd
@pytest.mark.parametrize("form", ["xml", "hocr"])
def test_written_as_alto_it_is_valid_and_the_same(
    english: dict[str, LayoutDocument],
    chinese: dict[str, LayoutDocument],
    form: str,
    alto_schema: object,  # noqa: F811
) -> None:
    for document in (english[form], chinese[form]):
        content = write_alto(document)
        alto_schema.assertValid(parsed(content))  # type: ignore[attr-defined]
        assert printed(read_layout(content, "x")) == printed(document)
