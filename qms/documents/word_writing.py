"""A printed text as a Word file: margins and type of Nghị định 30/2020/NĐ-CP, Phụ lục I."""

import io
from datetime import datetime
from typing import Any, Final

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from qms.documents.exporting import Piece, Sheet, Words

FONT: Final = "Times New Roman"
_BLACK: Final = RGBColor(0, 0, 0)
_SIZES: Final = {1: 14, 2: 13, 3: 13, 4: 13, 5: 13, 6: 13}
_DEEPEST_STYLE: Final = 3
_INDENT: Final = Mm(8)
_LONGEST: Final = 255
"""Letters of a property that Word takes."""

_SIDES: Final = (Mm(210), Mm(297))


def docx_of(sheet: Sheet, at: datetime) -> bytes:
    """Return the Word file of a text; ``at`` is when the text was written."""
    made: Any = docx.Document()
    _page(made, wide=sheet.wide)
    _styles(made)
    _head(made, sheet)
    _foot(made, sheet)
    _opening(made, sheet)
    lists = _Lists(made)
    for piece in sheet.pieces:
        _add(made, piece, lists)
    properties = made.core_properties
    properties.title, properties.author = sheet.title[:_LONGEST], sheet.office[:_LONGEST]
    properties.subject = sheet.code
    properties.language, properties.comments = "vi-VN", sheet.mark
    properties.created = properties.modified = at.replace(tzinfo=None)
    properties.last_modified_by = sheet.office[:_LONGEST]
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _page(made: Any, *, wide: bool) -> None:  # noqa: ANN401 - python-docx has no types
    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = _SIDES[::-1] if wide else _SIDES
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(9)


def _styles(made: Any) -> None:  # noqa: ANN401
    normal = made.styles["Normal"]
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.15
    _set_font(normal, 13)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.get_or_add_rPr().append(language)
    for level, size in _SIZES.items():
        style = made.styles[f"Heading {level}"]
        _set_font(style, size)
        style.font.bold, style.font.italic = True, level > _DEEPEST_STYLE
        style.font.color.rgb = _BLACK
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(10), Pt(4)
        style.paragraph_format.keep_with_next = True
    for name in ("Header", "Footer"):
        _set_font(made.styles[name], 11)


def _set_font(style: Any, size: int) -> None:  # noqa: ANN401
    style.font.name, style.font.size = FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)


def _head(made: Any, sheet: Sheet) -> None:  # noqa: ANN401
    header = made.sections[0].header
    first = header.paragraphs[0]
    mark = first.add_run(sheet.mark)
    mark.bold = True
    first.alignment = WD_ALIGN_PARAGRAPH.CENTER
    facts = (
        f"{sheet.code}  ·  Lần ban hành: {sheet.issue}  ·  Lần sửa đổi: {sheet.amendment}"
        f"  ·  Ngày hiệu lực: {sheet.days}"
    )
    second = header.add_paragraph(facts)
    second.alignment = WD_ALIGN_PARAGRAPH.CENTER
    border = OxmlElement("w:pBdr")
    line = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "4"), ("space", "4"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    border.append(line)
    second.paragraph_format.element.get_or_add_pPr().append(border)


def _foot(made: Any, sheet: Sheet) -> None:  # noqa: ANN401
    foot = made.sections[0].footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run(f"{sheet.remark}  ·  Trang ")
    _field(foot, "PAGE")
    foot.add_run("/")
    _field(foot, "NUMPAGES")


def _field(paragraph: Any, instruction: str) -> None:  # noqa: ANN401
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - python-docx offers no fields


def _opening(made: Any, sheet: Sheet) -> None:  # noqa: ANN401
    for words, bold in ((sheet.above, False), (sheet.office, True)):
        if words:
            line = made.add_paragraph()
            line.paragraph_format.space_after = Pt(0)
            line.add_run(words.upper()).bold = bold
    title = made.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_before = Pt(14)
    title.paragraph_format.space_after = Pt(2)
    title.add_run(sheet.kind.upper()).bold = True
    name = made.add_paragraph()
    name.alignment = WD_ALIGN_PARAGRAPH.CENTER
    name.paragraph_format.space_after = Pt(12)
    run = name.add_run(sheet.title)
    run.bold, run.font.size = True, Pt(14)


def _add(made: Any, piece: Piece, lists: "_Lists") -> None:  # noqa: ANN401
    if piece.kind == "table":
        _table(made, piece)
    elif piece.kind == "heading":
        _write(made.add_heading("", level=min(piece.level, max(_SIZES))), piece.words)
    elif piece.kind == "item":
        _write(lists.item(piece), piece.words)
    else:
        paragraph = made.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.left_indent = _INDENT * piece.level
        _write(paragraph, piece.words)


class _Lists:
    """Real lists of Word; each numbered one begins with its own number."""

    def __init__(self, made: Any) -> None:  # noqa: ANN401
        self.made = made
        self.numbers: dict[int, Any] = {}

    def item(self, piece: Piece) -> Any:  # noqa: ANN401
        """Return the paragraph of an item."""
        depth = min(piece.level, _DEEPEST_STYLE)
        name = "List Bullet" if piece.number is None else "List Number"
        style = f"{name} {depth}" if depth > 1 else name
        paragraph = self.made.add_paragraph(style=style)
        if piece.number is not None:
            if piece.first or depth not in self.numbers:
                self.numbers[depth] = self._begun(style, piece.number)
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001
            properties.get_or_add_numId().val = self.numbers[depth]
        return paragraph

    def _begun(self, style: str, start: int) -> int:
        """Return the number of a new list in the manner of a style."""
        numbering = self.made.part.numbering_part.element
        own = self.made.styles[style].element.pPr.numPr.numId.val
        manner = numbering.num_having_numId(own).abstractNumId.val
        begun = numbering.add_num(manner)
        begun.add_lvlOverride(ilvl=0).add_startOverride(start)
        return int(begun.numId)


def _table(made: Any, piece: Piece) -> None:  # noqa: ANN401
    table = made.add_table(rows=0, cols=len(piece.widths), style="Table Grid")
    table.autofit = False
    section = made.sections[0]
    whole = section.page_width - section.left_margin - section.right_margin
    size = 12 if section.orientation == WD_ORIENT.PORTRAIT else 11
    for column, width in zip(table.columns, piece.widths, strict=True):
        column.width = whole * width // 100
    for place, row in enumerate(piece.rows):
        added = table.add_row()
        for cell, words, width in zip(added.cells, row, piece.widths, strict=False):
            cell.width = whole * width // 100
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(2)
            _write(paragraph, words, bold=not place, size=size)
        properties = added._tr.get_or_add_trPr()  # noqa: SLF001
        properties.append(OxmlElement("w:cantSplit"))
        if not place:
            properties.append(OxmlElement("w:tblHeader"))
    made.add_paragraph().paragraph_format.space_after = Pt(2)


def _write(paragraph: Any, words: Words, *, bold: bool = False, size: int = 0) -> None:  # noqa: ANN401
    for run in words:
        added = paragraph.add_run(run.text)
        added.bold, added.italic = (bold or run.bold) or None, run.slanted or None
        if size:
            added.font.size = Pt(size)
