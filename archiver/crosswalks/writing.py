"""One door to the crosswalks: issues in, the bytes of one document out. The same package gives the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.export import ExportForm, ExportTerms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.model.export import ExportedIssue


def write(form: ExportForm, issues: Sequence[ExportedIssue], terms: ExportTerms) -> bytes:
    """The document of a form. Only MARCXML and CSV hold any number of issues; the others exactly one."""
    if form is ExportForm.MARCXML:
        from archiver.crosswalks.marcxml import marcxml

        return marcxml(issues, terms)
    if form is ExportForm.CSV:
        from archiver.crosswalks.sheet import sheet

        return sheet(issues, terms)
    (issue,) = issues
    if form is ExportForm.DUBLIN_CORE:
        from archiver.crosswalks.dublin import dublin_core

        return dublin_core(issue, terms)
    if form is ExportForm.SCHEMA_ORG:
        from archiver.crosswalks.schema_org import schema_org

        return schema_org(issue, terms)
    from archiver.crosswalks.iiif import manifest

    return manifest(issue, terms)
