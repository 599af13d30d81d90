# ruff: noqa: E501
"""METS documents made by hand as each convention has them, with the files and layout documents they name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

METS = (
    'xmlns:mets="http://www.loc.gov/METS/" xmlns:mods="http://www.loc.gov/mods/v3"'
    ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mix="http://www.loc.gov/mix/v20"'
)


@dataclass(frozen=True)
class Specimen:
    """A METS with its path, the other files of the deposit by path, and the layout documents among them."""

    name: str
    content: bytes
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return [self.name, *self.files]

    def but(self, old: str, new: str, count: int = 1) -> Specimen:
        """The same with some words of the METS replaced; they have to be there."""
        text = self.content.decode()
        assert text.count(old) >= 1, old
        return Specimen(self.name, text.replace(old, new, count).encode(), self.files)


def alto(blocks: list[tuple[str, list[str]]]) -> bytes:
    """An ALTO page: identifiers of blocks with their lines."""
    body = ""
    for top, (name, lines) in enumerate(blocks):
        printed = "".join(
            f'<TextLine ID="{name}_L{number}" HPOS="10" VPOS="{100 * top + 20 * number}" WIDTH="300" HEIGHT="18">'
            + "<SP/>".join(
                f'<String CONTENT="{word}" HPOS="10" VPOS="{100 * top}" WIDTH="30" HEIGHT="18" WC="0.9"/>'
                for word in line.split()
            )
            + "</TextLine>"
            for number, line in enumerate(lines)
        )
        body += f'<TextBlock ID="{name}" HPOS="10" VPOS="{100 * top}" WIDTH="300" HEIGHT="90">{printed}</TextBlock>'
    return (
        '<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Description><MeasurementUnit>pixel'
        '</MeasurementUnit></Description><Layout><Page ID="P" PHYSICAL_IMG_NR="1" WIDTH="2000" HEIGHT="3000">'
        f"<PrintSpace>{body}</PrintSpace></Page></Layout></alto>"
    ).encode()


def page_xml(regions: list[tuple[str, str, str]]) -> bytes:
    """A PAGE document: identifier, type and text of regions."""
    body = "".join(
        f'<TextRegion id="{name}" type="{kind}"><Coords points="0,{n * 100} 900,{n * 100} 900,{n * 100 + 90} 0,{n * 100 + 90}"/>'
        f'<TextLine id="{name}_l"><Coords points="0,{n * 100} 900,{n * 100} 900,{n * 100 + 90} 0,{n * 100 + 90}"/>'
        f"<TextEquiv><Unicode>{text}</Unicode></TextEquiv></TextLine></TextRegion>"
        for n, (name, kind, text) in enumerate(regions)
    )
    return (
        '<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"><Metadata><Creator>x</Creator>'
        "<Created>2021-05-09T10:00:00</Created><LastChange>2021-05-09T10:00:00</LastChange></Metadata>"
        f'<Page imageFilename="0001.tif" imageWidth="2000" imageHeight="3000">{body}</Page></PcGts>'
    ).encode()


def _ndnp_page(number: int, label: str, section: str) -> str:
    return f"""<dmdSec ID="pageModsBib{number}"><mdWrap MDTYPE="MODS" LABEL="Page metadata"><xmlData><mods:mods>
<mods:part><mods:extent unit="pages"><mods:start>{number}</mods:start></mods:extent>
<mods:detail type="page number"><mods:number>{label}</mods:number></mods:detail>
<mods:detail type="section label"><mods:number>{section}</mods:number></mods:detail></mods:part>
<mods:relatedItem type="original"><mods:physicalDescription><mods:form type="microfilm"/></mods:physicalDescription>
<mods:identifier type="reel number">000411</mods:identifier>
<mods:location><mods:physicalLocation authority="marcorg">xyz</mods:physicalLocation></mods:location></mods:relatedItem>
<mods:note type="agencyResponsibleForReproduction" displayLabel="Example library">xyz</mods:note>
</mods:mods></xmlData></mdWrap></dmdSec>"""


def ndnp() -> Specimen:
    """An NDNP issue of two pages, each with TIFF, JPEG 2000, PDF and ALTO."""
    groups = divs = ""
    for n in (1, 2):
        uses = (("master", "tif"), ("service", "jp2"), ("derivative", "pdf"), ("ocr", "xml"))
        groups += f'<fileGrp ID="pageFileGrp{n}">' + "".join(
            f'<file ID="{use}File{n}" USE="{use}" ADMID="{use}Tech{n}"><FLocat LOCTYPE="OTHER" OTHERLOCTYPE="file"'
            f' xlink:href="000{n}.{ending}"/></file>'
            for use, ending in uses
        )
        groups += "</fileGrp>"
        divs += f'<div TYPE="np:page" DMDID="pageModsBib{n}">' + "".join(
            f'<fptr FILEID="{use}File{n}"/>' for use, _ending in uses
        )
        divs += "</div>"
    technical = "".join(
        f'<techMD ID="{use}Tech{n}"><mdWrap MDTYPE="NISOIMG"><xmlData><mix xmlns="http://www.loc.gov/mix/"/></xmlData></mdWrap></techMD>'
        for n in (1, 2)
        for use in ("master", "service", "derivative", "ocr")
    )
    content = f"""<?xml version="1.0" encoding="UTF-8"?>
<mets xmlns="http://www.loc.gov/METS/" xmlns:mods="http://www.loc.gov/mods/v3" xmlns:xlink="http://www.w3.org/1999/xlink"
 TYPE="urn:library-of-congress:ndnp:mets:newspaper:issue" PROFILE="urn:library-of-congress:mets:profiles:ndnp:issue:v1.5"
 LABEL="The harbour bell (Millport, Ohio), 1911-01-02">
<metsHdr CREATEDATE="2009-03-04T05:06:07"><agent ROLE="CREATOR" TYPE="ORGANIZATION"><name>Example library</name></agent>
</metsHdr>
<dmdSec ID="issueModsBib"><mdWrap MDTYPE="MODS" LABEL="Issue metadata"><xmlData><mods:mods>
<mods:relatedItem type="host"><mods:identifier type="lccn">sn99000001</mods:identifier><mods:part>
<mods:detail type="volume"><mods:number>12</mods:number></mods:detail>
<mods:detail type="issue"><mods:number>34</mods:number></mods:detail>
<mods:detail type="edition"><mods:number>1</mods:number></mods:detail></mods:part></mods:relatedItem>
<mods:originInfo><mods:dateIssued encoding="iso8601">1911-01-02</mods:dateIssued>
<mods:dateIssued encoding="iso8601" qualifier="questionable">1910-01-02</mods:dateIssued></mods:originInfo>
<mods:note type="noteAboutReproduction">present</mods:note></mods:mods></xmlData></mdWrap></dmdSec>
{_ndnp_page(1, "1", "")}{_ndnp_page(2, "2", "Women")}
<amdSec>{technical}</amdSec>
<fileSec>{groups}</fileSec>
<structMap><div TYPE="np:issue" DMDID="issueModsBib">{divs}</div></structMap></mets>"""
    folder = "sn99000001/00175042143/1911010201"
    files = {f"{folder}/000{n}.{ending}": b"" for n in (1, 2) for ending in ("tif", "jp2", "pdf")}
    files[f"{folder}/0001.xml"] = alto([("B1", ["THE HARBOUR BELL"]), ("B2", ["Ice closes the", "upper lake."])])
    files[f"{folder}/0002.xml"] = alto([("B1", ["Bread and how", "to keep it."])])
    return Specimen(f"{folder}/1911010201.xml", content.encode(), files)


def ndnp_batch() -> Specimen:
    """An NDNP batch of two issues and a reel."""
    content = """<?xml version="1.0" encoding="UTF-8"?>
<ndnp:batch xmlns:ndnp="http://www.loc.gov/ndnp" xmlns="http://www.loc.gov/ndnp" name="batch_xyz_alder_ver01"
 awardee="xyz" awardYear="2009">
<issue lccn="sn99000001" issueDate="1911-01-02" editionOrder="01">./sn99000001/00175042143/1911010201/1911010201.xml</issue>
<issue lccn="sn99000001" issueDate="1911-01-03" editionOrder="01">./sn99000001/00175042143/1911010301/1911010301.xml</issue>
<reel reelNumber="00175042143">./sn99000001/00175042143/00175042143.xml</reel>
</ndnp:batch>"""
    return Specimen(
        "batch.xml",
        content.encode(),
        {f"sn99000001/00175042143/1911010{day}01/1911010{day}01.xml": b"" for day in (2, 3)},
    )


def _mods(section: str, words: str) -> str:
    return (
        f'<mets:dmdSec ID="{section}"><mets:mdWrap MIMETYPE="text/xml" MDTYPE="MODS"><mets:xmlData><mods:mods>{words}'
        "</mods:mods></mets:xmlData></mets:mdWrap></mets:dmdSec>"
    )


def _area(page: int, block: str) -> str:
    return f'<mets:area BETYPE="IDREF" FILEID="ALTO0000{page}" BEGIN="{block}"/>'


def _div(kind: str, inner: str, more: str = "") -> str:
    return f'<mets:div TYPE="{kind}"{" " + more if more else ""}>{inner}</mets:div>'


def _at(page: int, *blocks: str) -> str:
    if len(blocks) == 1:
        return f"<mets:fptr>{_area(page, blocks[0])}</mets:fptr>"
    return "<mets:fptr><mets:seq>" + "".join(_area(page, block) for block in blocks) + "</mets:seq></mets:fptr>"


DOCWORKS_PAGES = {
    1: alto(
        [
            ("P1_TB1", ["Wochenblatt für Ahlen"]),
            ("P1_TB2", ["Der Deich", "ist gebrochen"]),
            ("P1_TB3", ["Von Karl Amsel"]),
            ("P1_TB4", ["In der Nacht stieg", "das Wasser."]),
            ("P1_TB5", ["Der Deich am Morgen"]),
            ("P1_TB6", ["Seife, das Stück", "zu 5 Pf."]),
            ("P1_TB7", ["Seite 1"]),
        ]
    ),
    2: alto([("P2_TB1", ["Am Abend sank es."]), ("P2_TB2", ["Der Markt"]), ("P2_TB3", ["Roggen fest."])]),
}


def docworks() -> Specimen:
    """A docWorks issue of two pages with articles, an advertisement and an illustration."""
    sections = (
        _mods("MODSMD_PRINT", "<mods:titleInfo><mods:title>Wochenblatt für Ahlen</mods:title></mods:titleInfo>"
              "<mods:language><mods:languageTerm type='code' authority='iso639-2b'>ger</mods:languageTerm></mods:language>"
              "<mods:identifier type='issn'>1234-5679</mods:identifier>"
              "<mods:originInfo><mods:place><mods:placeTerm type='text'>Ahlen</mods:placeTerm></mods:place>"
              "<mods:publisher>A. Amsel</mods:publisher></mods:originInfo>")
        + _mods("MODSMD_ISSUE1", "<mods:part><mods:detail type='volume'><mods:number>7</mods:number></mods:detail>"
                "<mods:detail type='issue'><mods:number>19</mods:number></mods:detail></mods:part>"
                "<mods:originInfo><mods:dateIssued encoding='iso8601'>1902-09-05</mods:dateIssued></mods:originInfo>"
                "<mods:genre>newspaper</mods:genre>")
        + _mods("MODSMD_ARTICLE1", "<mods:titleInfo><mods:title>Der Deich ist gebrochen</mods:title></mods:titleInfo>"
                "<mods:name type='personal'><mods:namePart>Karl Amsel</mods:namePart><mods:role>"
                "<mods:roleTerm type='code'>aut</mods:roleTerm></mods:role></mods:name>"
                "<mods:language><mods:languageTerm type='code'>ger</mods:languageTerm></mods:language>")
        + _mods("MODSMD_PICT1", "<mods:titleInfo><mods:title>Der Deich am Morgen</mods:title></mods:titleInfo>")
        + _mods("MODSMD_ARTICLE2", "<mods:titleInfo><mods:title>Der Markt</mods:title></mods:titleInfo>")
    )  # fmt: skip
    article = _div("ARTICLE", "".join((
        _div("HEADING", _div("TITLE", _at(1, "P1_TB2")) + _div("AUTHOR", _at(1, "P1_TB3"))),
        _div("BODY", _div("BODY_CONTENT", _div("PARAGRAPH", _div("TEXT", _at(1, "P1_TB4")) + _div("TEXT", _at(2, "P2_TB1"))))
             + _div("ILLUSTRATION", _div("IMAGE", '<mets:fptr><mets:area FILEID="IMG00001" SHAPE="RECT" '
                    'COORDS="100,200,500,700"/></mets:fptr>') + _div("CAPTION", _at(1, "P1_TB5")), 'DMDID="MODSMD_PICT1"')),
    )), 'ID="DTL5" DMDID="MODSMD_ARTICLE1" LABEL="Der Deich ist gebrochen"')  # fmt: skip
    advert = _div("ADVERTISEMENT", _div("BODY", _div("TEXT", _at(1, "P1_TB6"))), 'ID="DTL20"')
    market = _div(
        "ARTICLE",
        _div("HEADING", _div("TITLE", _at(2, "P2_TB2"))) + _div("BODY", _at(2, "P2_TB3")),
        'ID="DTL30" DMDID="MODSMD_ARTICLE2"',
    )
    content = _div("CONTENT", article + advert + _div("SECTION", market, 'LABEL="Handel"'))
    issue = _div("ISSUE", _div("TITLE_SECTION", _div("HEADLINE", _at(1, "P1_TB1"))) + content,
                 'ID="DTL3" DMDID="MODSMD_ISSUE1" LABEL="Wochenblatt"')  # fmt: skip
    logical = _div("Newspaper", _div("VOLUME", issue), 'ID="DTL1" DMDID="MODSMD_PRINT" LABEL="Wochenblatt für Ahlen"')
    pages = "".join(
        _div("PAGE", f'<mets:fptr><mets:par><mets:area FILEID="IMG0000{n}"/><mets:area FILEID="ALTO0000{n}"/></mets:par>'
             "</mets:fptr>", f'ID="DIVP{n + 1}" ORDER="{n}" ORDERLABEL="{n}"')
        for n in (1, 2)
    )  # fmt: skip
    files = {f"1902/img/0000{n}.tif": b"image %d" % n for n in (1, 2)}
    files |= {f"1902/alto/0000{n}.xml": DOCWORKS_PAGES[n] for n in (1, 2)}

    def entry(kind: str, n: int, path: str, mime: str) -> str:
        digest = hashlib.md5(files[f"1902/{path}"]).hexdigest()
        return (
            f'<mets:file ID="{kind}0000{n}" SEQ="{n}" GROUPID="{n}" MIMETYPE="{mime}" SIZE="{len(files[f"1902/{path}"])}"'
            f' CHECKSUM="{digest}" CHECKSUMTYPE="MD5"><mets:FLocat LOCTYPE="URL" xlink:href="file://./{path}"/></mets:file>'
        )

    images = "".join(entry("IMG", n, f"img/0000{n}.tif", "image/tiff") for n in (1, 2))
    texts = "".join(entry("ALTO", n, f"alto/0000{n}.xml", "text/xml") for n in (1, 2))
    whole = (
        f'<?xml version="1.0" encoding="UTF-8"?><mets:mets {METS} TYPE="Newspaper" LABEL="Wochenblatt für Ahlen">'
        '<mets:metsHdr CREATEDATE="2014-02-03T04:05:06"><mets:agent ROLE="CREATOR" TYPE="OTHER" OTHERTYPE="SOFTWARE">'
        "<mets:name>CCS docWORKS/METAe Version 7.1-0</mets:name></mets:agent></mets:metsHdr>"
        f'{sections}<mets:fileSec><mets:fileGrp ID="IMGGRP" USE="Images">{images}</mets:fileGrp>'
        f'<mets:fileGrp ID="ALTOGRP" USE="Text">{texts}</mets:fileGrp></mets:fileSec>'
        f'<mets:structMap LABEL="Physical Structure" TYPE="PHYSICAL">{_div("Newspaper", pages)}</mets:structMap>'
        f'<mets:structMap LABEL="Logical Structure" TYPE="LOGICAL">{logical}</mets:structMap></mets:mets>'
    )
    return Specimen("1902/1902-09-05-mets.xml", whole.encode(), files)


def dfg() -> Specimen:
    """An issue of a newspaper as Kitodo presents it: two pages, an article tied by structLink, files by group."""
    groups = "".join(
        f'<mets:fileGrp USE="{use}">'
        + "".join(
            f'<mets:file ID="FILE_{n:04}_{use}" MIMETYPE="{mime}"><mets:FLocat LOCTYPE="URL"'
            f' xlink:href="{folder}/{n:08}.{ending}"/></mets:file>'
            for n in (1, 2)
        )
        + "</mets:fileGrp>"
        for use, mime, folder, ending in (
            ("DEFAULT", "image/jpeg", "default", "jpg"),
            ("MAX", "image/tiff", "max", "tif"),
            ("FULLTEXT", "application/alto+xml", "fulltext", "xml"),
        )
    )
    sections = _mods(
        "DMDLOG_0001",
        "<mods:titleInfo><mods:title>Mittagsausgabe</mods:title></mods:titleInfo>"
        "<mods:originInfo><mods:dateIssued encoding='iso8601' keyDate='yes'>1915-03-04</mods:dateIssued></mods:originInfo>"
        "<mods:part order='19150304'><mods:detail type='issue'><mods:number>52</mods:number></mods:detail></mods:part>"
        "<mods:relatedItem type='host'><mods:titleInfo><mods:nonSort>Der</mods:nonSort><mods:title>Küstenbote</mods:title>"
        "</mods:titleInfo><mods:identifier type='zdb-id'>9999999-3</mods:identifier></mods:relatedItem>"
        "<mods:recordInfo><mods:recordIdentifier source='gbv-ppn'>PPN123</mods:recordIdentifier></mods:recordInfo>"
        "<mods:subject><mods:topic>Schifffahrt</mods:topic></mods:subject>",
    )
    rights = (
        '<mets:amdSec ID="AMD"><mets:rightsMD ID="RIGHTS"><mets:mdWrap MDTYPE="OTHER" OTHERMDTYPE="DVRIGHTS">'
        '<mets:xmlData><rights xmlns="http://dfg-viewer.de/"/></mets:xmlData></mets:mdWrap></mets:rightsMD></mets:amdSec>'
    )
    issue = _div(
        "issue",
        _div("article", "", 'ID="LOG_0005" LABEL="Eisgang"'),
        'ID="LOG_0004" DMDID="DMDLOG_0001" ADMID="AMD" LABEL="Nr. 52"',
    )
    day = _div(
        "month", _div("day", issue, 'ID="LOG_0003" ORDERLABEL="1915-03-04"'), 'ID="LOG_0002" ORDERLABEL="1915-03"'
    )
    anchor = '<mets:mptr LOCTYPE="URL" xlink:href="https://example.org/kuestenbote.xml"/>'
    logical = _div(
        "newspaper", anchor + _div("year", day, 'ID="LOG_0001" ORDERLABEL="1915"'), 'ID="LOG_0000" LABEL="KB"'
    )
    physical = _div(
        "physSequence",
        "".join(
            _div(
                "page",
                "".join(f'<mets:fptr FILEID="FILE_{n:04}_{use}"/>' for use in ("DEFAULT", "MAX", "FULLTEXT")),
                f'ID="PHYS_{n:04}" ORDER="{n}" ORDERLABEL="{label}"',
            )
            for n, label in ((1, " - "), (2, "2"))
        ),
        'ID="PHYS_0000"',
    )
    arcs = (("LOG_0000", "PHYS_0000"), ("LOG_0004", "PHYS_0001"), ("LOG_0004", "PHYS_0002"), ("LOG_0005", "PHYS_0002"))
    links = "".join(f'<mets:smLink xlink:from="{one}" xlink:to="{other}"/>' for one, other in arcs)
    whole = (
        f'<?xml version="1.0" encoding="UTF-8"?><mets:mets {METS}>{sections}{rights}<mets:fileSec>{groups}</mets:fileSec>'
        f'<mets:structMap TYPE="LOGICAL">{logical}</mets:structMap>'
        f'<mets:structMap TYPE="PHYSICAL">{physical}</mets:structMap><mets:structLink>{links}</mets:structLink></mets:mets>'
    )
    files = {f"{folder}/{n:08}.{end}": b"" for n in (1, 2) for folder, end in (("default", "jpg"), ("max", "tif"))}
    files["fulltext/00000001.xml"] = alto([("B1", ["Küstenbote"]), ("B2", ["Wind aus Nord."])])
    files["fulltext/00000002.xml"] = alto([("B1", ["Eisgang"]), ("B2", ["Die Elbe ist zu."])])
    return Specimen("meta.xml", whole.encode(), files)


def ocrd() -> Specimen:
    """An OCR-D workspace of two pages: images, binarised images, ground truth of the first, and recognised text."""
    groups = ""
    files: dict[str, bytes] = {}
    named: dict[int, list[str]] = {1: [], 2: []}
    for use, mime, ending, pages in (
        ("OCR-D-IMG", "image/tiff", "tif", (1, 2)),
        ("OCR-D-IMG-BIN", "image/png", "png", (1, 2)),
        ("OCR-D-GT-SEG-PAGE", "application/vnd.prima.page+xml", "xml", (1,)),
        ("OCR-D-SEG-LINE", "application/vnd.prima.page+xml", "xml", (1, 2)),
        ("OCR-D-OCR-TESS", "application/vnd.prima.page+xml", "xml", (1, 2)),
    ):
        groups += f'<mets:fileGrp USE="{use}">'
        for n in pages:
            path = f"{use}/{use}_{n:04}.{ending}"
            named[n].append(f"{use}_{n:04}")
            groups += (
                f'<mets:file MIMETYPE="{mime}" ID="{use}_{n:04}"><mets:FLocat LOCTYPE="OTHER" OTHERLOCTYPE="FILE"'
                f' xlink:href="{path}"/></mets:file>'
            )
            text = f"{use} Seite {n}"
            files[path] = (
                page_xml([("r1", "heading", "Nachrichten"), ("r2", "paragraph", text)]) if ending == "xml" else b""
            )
        groups += "</mets:fileGrp>"
    pages_ = "".join(
        _div("page", "".join(f'<mets:fptr FILEID="{name}"/>' for name in named[n]), f'ID="PHYS_{n:04}" ORDER="{n}"')
        for n in (1, 2)
    )
    sections = _mods(
        "DMDLOG",
        "<mods:titleInfo><mods:title>Abendblatt</mods:title></mods:titleInfo><mods:identifier type='unique'>"
        "abend-1921</mods:identifier><mods:originInfo><mods:dateIssued>5. Mai 1921</mods:dateIssued></mods:originInfo>",
    )
    whole = (
        f'<?xml version="1.0" encoding="UTF-8"?><mets:mets {METS}><mets:metsHdr CREATEDATE="2021-05-09T10:00:00">'
        '<mets:agent TYPE="OTHER" OTHERTYPE="SOFTWARE" ROLE="OTHER" OTHERROLE="layout/segmentation/line">'
        f"<mets:name>segment v0.1</mets:name></mets:agent></mets:metsHdr>{sections}<mets:fileSec>{groups}</mets:fileSec>"
        f'<mets:structMap TYPE="PHYSICAL">{_div("physSequence", pages_)}</mets:structMap></mets:mets>'
    )
    return Specimen("abend/mets.xml", whole.encode(), {f"abend/{name}": content for name, content in files.items()})


ALL = {"ndnp": ndnp, "ndnp batch": ndnp_batch, "docworks": docworks, "dfg": dfg, "ocrd": ocrd}
