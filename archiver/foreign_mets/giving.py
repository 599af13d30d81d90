"""What an issue read from METS gives to the description: the fields of its masthead, and its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.foreign_mets import Convention
from archiver.model.gathered import GatheredPage
from archiver.model.given import given
from archiver.model.page_files import PageUse

if TYPE_CHECKING:
    from archiver.model.foreign_mets import ForeignIssue, ForeignMets
    from archiver.model.given import Given


def given_by(issue: ForeignIssue) -> Given:
    """What METS says of an issue. The edition 1 that every NDNP issue has is a count, not an edition."""
    is_count = issue.convention is Convention.NDNP and issue.edition.lstrip("0") in {"", "1"}
    return given(
        f"the METS {issue.mets}",
        issued=issue.issued,
        title=issue.title,
        volume=issue.volume,
        issue_number=issue.number,
        whole_number=issue.whole_number,
        edition="" if is_count else issue.edition,
        publisher=issue.publisher,
        lccn=issue.identified("lccn"),
        issn=issue.identified("issn"),
    )


def gathered_pages(issue: ForeignIssue) -> tuple[GatheredPage, ...]:
    """The pages of an issue with their files in the deposit."""
    return tuple(
        GatheredPage(
            number=page.number,
            label=page.label,
            images=page.images,
            layout=page.layout,
            texts=page.of(PageUse.TEXT),
            documents=page.of(PageUse.DOCUMENT),
        )
        for page in issue.pages
    )


def losses(mets: ForeignMets) -> tuple[str, ...]:
    """What was lost in reading, as clauses: "techMD in NISOIMG: 4, as TECH_0001"."""
    return tuple(str(loss) for loss in mets.losses)
