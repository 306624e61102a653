"""Pieces of WordprocessingML that python-docx has no words for: faces, fields, links, rules, fixed bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shape import InlineShape
from docx.shared import Length, Pt
from docx.styles.style import CharacterStyle, ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
BODY = Pt(16)
CONTENT_TYPES = "[Content_Types].xml"


def element(tag: str, attributes: Mapping[str, str | int] | None = None) -> BaseOxmlElement:
    """A new element such as `w:tab` with attributes such as `w:val`."""
    made = OxmlElement(tag)
    for name, value in (attributes or {}).items():
        made.set(qn(name), str(value))
    return made


# The order in which the schema of ISO/IEC 29500-1 wants the children of some parents.
ORDER: Mapping[str, str] = {
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers "
        "pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct "
        "autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing "
        "mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl "
        "divId cnfStyle rPr sectPr pPrChange"
    ),
    "rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint "
        "noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u "
        "effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath"
    ),
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
        "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook"
    ),
    "tcPr": ("cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign"),
    "settings": (
        "writeProtection view zoom removePersonalInformation removeDateAndTime "
        "doNotDisplayPageBoundaries displayBackgroundShape printPostScriptOverText "
        "printFractionalCharacterWidth printFormsData embedTrueTypeFonts embedSystemFonts "
        "saveSubsetFonts saveFormsData mirrorMargins"
    ),
}


def put(parent: BaseOxmlElement, child: BaseOxmlElement) -> None:
    """Add a child where its kind belongs among the parent's children; Word refuses a file otherwise."""
    order = ORDER[etree.QName(parent).localname].split()
    own = order.index(etree.QName(child).localname)
    for position, other in enumerate(parent):
        name = etree.QName(other).localname
        if name not in order or order.index(name) > own:
            parent.insert(position, child)
            return
    parent.append(child)


def set_face(target: Run | CharacterStyle, face: str) -> None:
    """Use one face for Chinese and Latin characters alike, in place of any theme's."""
    target.font.name = face
    fonts = target._element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):
            del fonts.attrib[name]
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{slot}"), face)


def indent(paragraph: Paragraph | ParagraphStyle, characters: int) -> None:
    """Indent the first line by characters of the body's size (Word reads the first, others the second)."""
    layout = paragraph.paragraph_format
    layout.first_line_indent = BODY * characters
    properties = paragraph._element.get_or_add_pPr()
    properties.get_or_add_ind().set(qn("w:firstLineChars"), str(characters * 100))


def free(paragraph: Paragraph, pitch: Length | None = None) -> Paragraph:
    """Take a paragraph off the 29 pt lines and the indent of the body.

    Its lines then stand at exactly `pitch` or, without one, at what stands in them (pictures).
    """
    paragraph.paragraph_format.line_spacing = 1.0 if pitch is None else pitch
    indent(paragraph, 0)
    return paragraph


def add_run(paragraph: Paragraph, text: str, face: str, size: Length, *, bold: bool = False) -> Run:
    """Append words in a face and size of their own."""
    run = paragraph.add_run(text)
    set_face(run, face)
    run.font.size, run.font.bold = size, bold
    return run


def add_page_field(paragraph: Paragraph) -> Run:
    """Append the number of the page, as a field that Word keeps up to date."""
    run = paragraph.add_run()
    for kind in ("begin", "separate", "end"):
        run._r.append(element("w:fldChar", {"w:fldCharType": kind}))
        if kind == "begin":
            code = element("w:instrText", {"xml:space": "preserve"})
            code.text = " PAGE "
            run._r.append(code)
        elif kind == "separate":
            shown = element("w:t")
            shown.text = "1"
            run._r.append(shown)
    return run


def add_link(paragraph: Paragraph, text: str, *, href: str | None = None, anchor: str | None = None) -> Run:
    """Append words that lead to an address or to a bookmark of the same file."""
    link = element("w:hyperlink", {"w:history": "1"})
    if href is not None:
        link.set(qn("r:id"), paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    else:
        link.set(qn("w:anchor"), anchor or "")
    run = paragraph.add_run(text)
    link.append(run._r)
    paragraph._p.append(link)
    return run


def dot(run: Run, colour: str) -> None:
    """Underline with dots in the colour `#rrggbb`."""
    put(run._r.get_or_add_rPr(), element("w:u", {"w:val": "dotted", "w:color": colour.lstrip("#")}))


def add_bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Make the paragraph a place that links can lead to; `number` is unique within the file."""
    properties = paragraph._p.get_or_add_pPr()
    properties.addnext(element("w:bookmarkStart", {"w:id": number, "w:name": name}))
    paragraph._p.append(element("w:bookmarkEnd", {"w:id": number}))


def borders(tag: str, sides: Mapping[str, tuple[int, str]], *, space: int = 0) -> BaseOxmlElement:
    """Rules around a paragraph (`w:pBdr`), table (`w:tblBorders`) or cell (`w:tcBorders`).

    Each side has a width in eighths of a point and a colour `#rrggbb`. `space` is the
    distance from the text of a paragraph, in points.
    """
    box = element(tag)
    for side, (width, colour) in sides.items():
        rule: dict[str, str | int] = {"w:val": "single", "w:sz": width, "w:space": space}
        rule["w:color"] = colour.lstrip("#")
        box.append(element(f"w:{side}", rule))
    return box


def add_picture(paragraph: Paragraph, png: bytes, width: Length, *, height: Length | None = None) -> InlineShape:
    """Append a picture that keeps no distance from what stands around it."""
    shape = paragraph.add_run().add_picture(io.BytesIO(png), width=width, height=height)
    for side in ("distT", "distB", "distL", "distR"):
        shape._inline.set(side, "0")
    return shape


def set_substitutes(word: Document, substitutes: Mapping[str, str]) -> None:
    """Name, per face, the faces (separated by commas) that stand in where it is not installed."""
    table = element("w:fonts")
    for face, others in substitutes.items():
        font = element("w:font", {"w:name": face})
        font.append(element("w:altName", {"w:val": others}))
        font.append(element("w:charset", {"w:val": "86"}))
        font.append(element("w:family", {"w:val": "roman"}))
        font.append(element("w:pitch", {"w:val": "variable"}))
        table.append(font)
    blob = etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True)
    old = word.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    old._blob = blob


def fixed_bytes(saved: bytes) -> bytes:
    """The same package with its parts in order and without the time at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved)) as package, zipfile.ZipFile(out, "w") as fixed:
        for name in sorted(package.namelist(), key=lambda name: (name != CONTENT_TYPES, name)):
            info = zipfile.ZipInfo(name, FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            info.create_system = 3
            fixed.writestr(info, package.read(name))
    return out.getvalue()
