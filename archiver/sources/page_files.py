"""The images and layout documents of planned pages: images examined, layout read with the image beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.imaging import examine
from archiver.layout.reading import LARGEST, read_layout
from archiver.listing import read_content
from archiver.model.gathered import FileKind
from archiver.model.imaging import ExaminedImage
from archiver.model.layout import PageLayout

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.model.gathered import GatheredPage, IssuePlan


def examine_images(plan: IssuePlan) -> tuple[ExaminedImage, ...]:
    """Every image of an issue, examined as far as the limits of images go. Raises what reading them raises."""
    images = (each.file for each in plan.files if each.kind is FileKind.IMAGE)
    return tuple(ExaminedImage(str(file.path), examine(file.path, name=file.name)) for file in images)


def read_layouts(
    plan: IssuePlan, pages: Sequence[GatheredPage], images: Sequence[ExaminedImage]
) -> Iterator[PageLayout]:
    """The layout document of each page that has one, in order of the pages. Raises what reading them raises."""
    sizes = {image.path: (image.facts.width, image.facts.height) for image in images}
    for page in pages:
        file = plan.file(page.layout) if page.layout else None
        if file is None:
            continue
        content = read_content(file.file, LARGEST) if file.file.stamp.size <= LARGEST else b"<" * (LARGEST + 1)
        image = plan.file(page.images[0]) if page.images else None
        size = sizes.get(str(image.file.path)) if image is not None else None
        yield PageLayout(
            read_layout(content, file.name),
            str(file.file.path),
            page.images[0] if page.images else "",
            size if size and all(size) else None,
        )
