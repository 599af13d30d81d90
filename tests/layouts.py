"""Layout documents made by hand: one front page in every form and version."""

from __future__ import annotations

ALTO_BODY = """<{p}Description><{p}MeasurementUnit>{unit}</{p}MeasurementUnit>
<{p}sourceImageInformation><{p}fileName>master/0001.tif</{p}fileName></{p}sourceImageInformation>
<{p}OCRProcessing ID="O1"><{p}ocrProcessingStep><{p}processingDateTime>2021-05-09</{p}processingDateTime>
<{p}processingSoftware><{p}softwareCreator>A firm</{p}softwareCreator><{p}softwareName>Reader</{p}softwareName>
<{p}softwareVersion>3.1</{p}softwareVersion></{p}processingSoftware></{p}ocrProcessingStep></{p}OCRProcessing>
</{p}Description>
<{p}Layout><{p}Page ID="P1" PHYSICAL_IMG_NR="1" PRINTED_IMG_NR="7" WIDTH="1000" HEIGHT="800" PC="0.9">
<{p}PrintSpace ID="PS1" HPOS="0" VPOS="0" WIDTH="1000" HEIGHT="800">
<{p}TextBlock ID="TB1" HPOS="10" VPOS="20" WIDTH="400" HEIGHT="100" language="de" ROTATION="90">
<{p}TextLine ID="TL1" HPOS="10" VPOS="20" WIDTH="400" HEIGHT="40">
<{p}String ID="S1" CONTENT="Neue" HPOS="10" VPOS="20" WIDTH="90" HEIGHT="40" WC="0.75"/><{p}SP WIDTH="9"/>
<{p}String ID="S2" CONTENT="Zei" SUBS_TYPE="HypPart1" SUBS_CONTENT="Zeitung" WC="0.5"/>
<{p}HYP CONTENT="&#xAD;" WIDTH="5" HPOS="300" VPOS="30"/></{p}TextLine>
<{p}TextLine ID="TL2" HPOS="10" VPOS="60" WIDTH="400" HEIGHT="40">
<{p}String ID="S3" CONTENT="tung" SUBS_TYPE="HypPart2" SUBS_CONTENT="Zeitung" WC="1"/></{p}TextLine></{p}TextBlock>
<{p}ComposedBlock ID="CB1" TYPE="advertisement" HPOS="500" VPOS="20" WIDTH="400" HEIGHT="300">
<{p}TextBlock ID="TB2" HPOS="500" VPOS="20" WIDTH="400" HEIGHT="100"><{p}TextLine ID="TL3"
 HPOS="500" VPOS="20" WIDTH="400" HEIGHT="40"><{p}String CONTENT="Seife"/></{p}TextLine></{p}TextBlock>
<{p}Illustration ID="IL1" HPOS="500" VPOS="130" WIDTH="400" HEIGHT="190"/></{p}ComposedBlock>
<{p}GraphicalElement ID="GE1" HPOS="0" VPOS="400" WIDTH="1000" HEIGHT="4"/>
</{p}PrintSpace></{p}Page></{p}Layout>"""

ALTO_ROOTS = {
    "1": ('<alto xmlns="http://schema.ccs-gmbh.com/ALTO">', ""),
    "2": ('<alto xmlns="http://www.loc.gov/standards/alto/ns-v2#">', ""),
    "2.1": (
        '<a:alto xmlns:a="http://www.loc.gov/standards/alto/ns-v2#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:schemaLocation="http://www.loc.gov/standards/alto/ns-v2# http://www.loc.gov/standards/alto/alto-v2.1.xsd">',
        "a:",
    ),
    "3.1": ('<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#" SCHEMAVERSION="3.1">', ""),
    "4.2": ('<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#" SCHEMAVERSION="4.2">', ""),
    "1.4": (
        '<alto xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="alto-1-4.xsd">',
        "",
    ),
}


def alto(version: str = "3.1", unit: str = "pixel") -> bytes:
    """The front page as ALTO of one version."""
    opening, prefix = ALTO_ROOTS[version]
    body = ALTO_BODY.format(p=prefix, unit=unit)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by hand -->\n{opening}{body}</{prefix}alto>'.encode()


def alto_with(layout: str, before: str = "", root: str = "") -> bytes:
    """An ALTO 4 document with some blocks on a page of 1000 × 800 pixels; `before` stands before the layout."""
    return (
        f'<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#" {root}>'
        f"<Description><MeasurementUnit>pixel</MeasurementUnit></Description>{before}"
        f'<Layout><Page ID="P1" PHYSICAL_IMG_NR="1" WIDTH="1000" HEIGHT="800"><PrintSpace>{layout}</PrintSpace>'
        "</Page></Layout></alto>"
    ).encode()


def block(identifier: str, text: str, more: str = "", place: str = "") -> str:
    """A TextBlock of one line of one word."""
    place = place or 'HPOS="1" VPOS="1" WIDTH="9" HEIGHT="9"'
    line = f'<TextLine><String CONTENT="{text}" WC="0.9"/></TextLine>'
    return f'<TextBlock ID="{identifier}" {place} {more}>{line}</TextBlock>'


PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/{version}" pcGtsId="page1">
<Metadata><Creator>OCR-D/core 2.40.0</Creator>
<Created>2021-05-09T10:00:00</Created><LastChange>2021-05-09T10:00:00</LastChange>
<MetadataItem type="processingStep" name="recognition/text-recognition" value="ocrd-tesserocr-recognize"/></Metadata>
<Page imageFilename="OCR-D-IMG/0001.png" imageWidth="1000" imageHeight="800" imageXResolution="300"
 imageResolutionUnit="PPI" primaryLanguage="German">
<ReadingOrder><OrderedGroup id="g0">
<RegionRefIndexed index="2" regionRef="r1"/><RegionRefIndexed index="0" regionRef="r2"/>
<UnorderedGroupIndexed id="g1" index="1"><RegionRef regionRef="r4"/><OrderedGroup id="g2">
<RegionRefIndexed index="1" regionRef="r3"/><RegionRefIndexed index="0" regionRef="r5"/></OrderedGroup>
</UnorderedGroupIndexed>
</OrderedGroup></ReadingOrder>
<TextRegion id="r1" type="paragraph" orientation="0.5"><Coords points="10,20 410,20 410,120 10,120"/>
<TextLine id="l1"><Coords points="10,20 410,20 410,60 10,60"/>
<Word id="w1"><Coords points="10,20 100,20 100,60 10,60"/>
<TextEquiv conf="0.75"><Unicode>Zwei</Unicode></TextEquiv></Word>
<Word id="w2"><Coords points="110,20 200,20 200,60 110,60"/>
<TextEquiv index="1" conf="0.1"><Unicode>Worle</Unicode></TextEquiv>
<TextEquiv index="0" conf="0.5"><Unicode>Worte</Unicode></TextEquiv></Word></TextLine></TextRegion>
<TextRegion id="r2" type="heading"><Coords points="10,200 410,200 410,260 10,260"/>
<TextLine id="l2"><Coords points="10,200 410,200 410,260 10,260"/>
<TextEquiv conf="0.9"><Unicode>Eine Überschrift</Unicode></TextEquiv></TextLine></TextRegion>
<TextRegion id="r3"><Coords points="10,300 410,300 410,360 10,360"/>
<TextEquiv><Unicode>Text des Blocks
in zwei Zeilen</Unicode></TextEquiv></TextRegion>
<ImageRegion id="r4"><Coords points="500,20 900,20 900,320 500,320"/></ImageRegion>
<AdvertRegion id="r5"><Coords points="500,400 900,400 900,700 500,700"/>
<TextRegion id="r6"><Coords points="510,410 890,410 890,450 510,450"/>
<TextEquiv><Unicode>Seife</Unicode></TextEquiv></TextRegion>
</AdvertRegion>
<SeparatorRegion id="r7"><Coords points="0,760 1000,760 1000,764 0,764"/></SeparatorRegion>
<MathsRegion id="r8"><Coords points="0,770 10,770 10,790 0,790"/></MathsRegion>
</Page></PcGts>"""


def page(version: str = "2019-07-15") -> bytes:
    """The front page as PAGE of one version."""
    return PAGE.format(version=version).encode()


HOCR = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>A page</title><meta name="ocr-system" content="ocrengine v2.1.0">
<body>
<div class="ocr_page" id="p1" title='image "a;b/0001.tif"; bbox 0 0 1000 800; ppageno 0; lpageno 7; scan_res 300 300'>
<div class='ocr_carea' id='c1' title='bbox 10 20 410 120'>
<p class='ocr_par' id='par1' lang='de' title='bbox 10 20 410 120; textangle 90'>
<span class='ocr_line' id='l1' title='bbox 10 20 410 60; baseline 0 -5'>
<span class='ocrx_word' id='w1' title='bbox 10 20 100 60; x_wconf 75'>Zwei</span>
<span class='ocrx_word' id='w2' title='bbox 110 20 200 60; x_wconf 50'><strong>Wor</strong>te<br></span></span>
<span class='ocr_header' id='l2' title='bbox 10 70 410 110'>Kopf &amp; Fuß</span>
</div>
<div class='ocr_separator' id='s1' title='bbox 0 400 1000 404'></div>
<div class='ocr_photo' id='i1' title='bbox 500 20 900 320'></div>
<div class='ocr_caption' id='cap' title='bbox 500 330 900 360'>Ein <i>Bild</i></div>
<span class='ocr_line' title='bbox 10 500 400 540'>Lose Zeile</span>
</div>"""


def hocr() -> bytes:
    """The front page as hOCR, in HTML that is no XML."""
    return HOCR.encode()
