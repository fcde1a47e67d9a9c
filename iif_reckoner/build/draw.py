"""Pages turned into a workbook by openpyxl: everything but their cells; nothing here knows what a figure means."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)
from openpyxl.drawing.text import Font as ChartFont
from openpyxl.formatting.rule import Rule as FormattingRule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn
from openpyxl.worksheet.worksheet import Worksheet

from iif_reckoner import vba
from iif_reckoner.layout import look
from iif_reckoner.layout.look import STYLES, TINTS, Style
from iif_reckoner.layout.page import Area, Chart, Page, Rule, Table
from iif_reckoner.layout.sheets import LAYOUT
from iif_reckoner.package.address import column_letters as letters

_PAPER = {"A3": 8, "A4": 9}
_MARGIN = 0.4
_FOOTER, _WALL_FOOTER = 8, 13
_DASHES = ((look.DARK_GREY, "sysDash"), (look.BLACK, "dash"), (look.BLUE, "sysDot"))
"""Colour and dash of the lines over columns, one after the other."""


def frame(pages: Sequence[Page], *, title: str) -> tuple[bytes, dict[str, int]]:
    """Return a workbook with everything of these pages but their cells, and the number of each style in it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    # The widths of columns are in digits of this font; Arial has the same ones everywhere.
    book._fonts = IndexedList([Font(name=look.FONT, size=10)])  # type: ignore[attr-defined]  # noqa: SLF001
    normal = book._named_styles["Normal"]  # type: ignore[attr-defined]  # noqa: SLF001
    normal.font = Font(name=look.FONT, size=10)
    normal.bind(book)
    for style in STYLES.values():
        book.add_named_style(_named_style(style))
    book.code_name = vba.BOOK_CODE_NAME
    book.calculation = CalcProperties(fullCalcOnLoad=False)
    book.properties.title = title
    book.properties.language = "en-GB"
    book.properties.creator = "IIF Ready Reckoner"
    for number, page in enumerate(pages):
        sheet = book.create_sheet(page.sheet.title)
        sheet.sheet_properties.codeName = vba.SHEET_CODE_NAMES[number]
        _set_up(sheet, page)
        _restrict(sheet, page)
        for chart in page.charts:
            sheet.add_chart(_chart(chart), f"{letters(chart.at[1])}{chart.at[0]}")
        for name, area in page.names.items():
            book.defined_names[name] = DefinedName(name, attr_text=area.absolute)
    book.defined_names["IIF_LAYOUT"] = DefinedName("IIF_LAYOUT", attr_text=str(LAYOUT))
    numbers = _numbered(book.worksheets[0])
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue(), numbers


def _numbered(sheet: Worksheet) -> dict[str, int]:
    """Return the number of each style, which openpyxl gives a style once a cell wears it."""
    numbers = {}
    for column, (key, style) in enumerate(STYLES.items(), start=1):
        worn = sheet.cell(1, column)
        worn.style = style.name
        numbers[key] = worn.style_id
    return numbers


def _named_style(style: Style) -> NamedStyle:
    line = Side(style="thin", color="C5CED6")
    return NamedStyle(
        name=style.name,
        font=Font(name=look.FONT, size=style.size, bold=style.bold, color=style.colour),
        fill=PatternFill("solid", fgColor=style.fill) if style.fill else PatternFill(),
        border=Border(left=line, right=line, top=line, bottom=line) if style.border else Border(),
        alignment=Alignment(
            horizontal=style.align,
            vertical="center",
            wrap_text=style.wrap,
            indent=style.inset,
            text_rotation=90 if style.turned else 0,
        ),
        number_format=style.format,
        protection=Protection(locked=not style.unlocked),
    )


def _set_up(sheet: Worksheet, page: Page) -> None:
    own = page.sheet
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 90
    sheet.sheet_properties.tabColor = own.tab
    if own.hidden:
        sheet.sheet_state = "hidden"
    for column, width in page.widths.items():
        sheet.column_dimensions[letters(column)].width = width
    for column, style in page.column_styles.items():
        # A column, unlike a cell, does not take a style by its name.
        named = sheet.parent._named_styles[STYLES[style].name]  # type: ignore[union-attr]  # noqa: SLF001
        sheet.column_dimensions[letters(column)]._style = named.as_tuple()  # type: ignore[attr-defined]  # noqa: SLF001
    for column in page.hidden_columns:
        sheet.column_dimensions[letters(column)].hidden = True
    if page.freeze:
        sheet.freeze_panes = f"{letters(page.freeze[1])}{page.freeze[0]}"
    for table in page.tables:
        sheet.add_table(_table(table))
    _set_up_print(sheet, page)


def _table(table: Table) -> ExcelTable:
    """Return a table; how its cells look is their own affair."""
    drawn = ExcelTable(displayName=table.name, ref=table.area.ref)
    drawn.tableColumns = [TableColumn(id=number, name=name) for number, name in enumerate(table.headings, start=1)]
    if table.filtered:
        drawn.autoFilter = AutoFilter(ref=table.area.ref)
    return drawn


def _set_up_print(sheet: Worksheet, page: Page) -> None:
    own = page.sheet
    sheet.page_setup.paperSize = _PAPER[own.paper]
    sheet.page_setup.orientation = "landscape" if own.landscape else "portrait"
    # Excel takes no notice of breaks where it fits a sheet to pages.
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=page.scale is None)
    if page.scale is None:
        sheet.page_setup.fitToWidth = page.pages_wide
        sheet.page_setup.fitToHeight = 1 if page.one_page else 0
    else:
        sheet.page_setup.scale = page.scale
    for row in page.breaks:
        sheet.row_breaks.append(Break(id=row - 1))
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = _MARGIN
    margins.bottom, margins.header, margins.footer = 0.55, 0.2, 0.25
    sheet.print_options.horizontalCentered = True
    # LibreOffice shrinks a footer with its page whatever it is told, so the wall's page has a larger one.
    size = _WALL_FOOTER if own.paper == "A3" else _FOOTER
    left, center, right = (
        _HeaderFooterPart(text, font="Arial,Regular", size=size) for text in ("IIF Ready Reckoner", "&A", "Page &P")
    )
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(left=left, center=center, right=right)
    if page.print_area:
        areas = [page.print_area] + ([page.also_printed] if page.also_printed else [])
        sheet.print_area = ",".join(area.ref for area in areas)
    if page.title_rows and not page.one_page:
        sheet.print_title_rows = f"{page.title_rows[0]}:{page.title_rows[1]}"
    if page.title_columns and page.pages_wide > 1:
        sheet.print_title_cols = ":".join(letters(column) for column in page.title_columns)


def _restrict(sheet: Worksheet, page: Page) -> None:
    for condition in page.conditions:
        tint = TINTS[condition.tint]
        look_so = DifferentialStyle(
            font=Font(color=tint.colour, bold=tint.bold) if tint.colour else None,
            fill=PatternFill(bgColor=tint.fill) if tint.fill else None,
        )
        formatting = FormattingRule(
            type="expression", dxf=look_so, formula=[condition.formula], stopIfTrue=condition.stop
        )
        sheet.conditional_formatting.add(condition.area.ref, formatting)
    for rule in page.rules:
        if rule.kind == "list":
            validation = DataValidation(type="list", formula1=_choices(rule), allow_blank=True)
        else:
            validation = DataValidation(
                type=rule.kind, operator="between", formula1=rule.least, formula2=rule.most, allow_blank=True
            )
        validation.error = validation.prompt = rule.message
        validation.errorTitle, validation.promptTitle = "Please look again", page.sheet.title
        validation.showErrorMessage = validation.showInputMessage = True
        validation.add(rule.area.ref)
        sheet.add_data_validation(validation)
    for (row, column), target in page.links.items():
        ref = f"{letters(column)}{row}"
        sheet.cell(row, column).hyperlink = Hyperlink(ref=ref, location=target)
    if page.protected:
        protection = sheet.protection
        protection.sheet = True
        # Without a password: a rail, not a lock. What does no harm stays possible.
        protection.formatCells = protection.formatColumns = protection.formatRows = False
        protection.sort = protection.autoFilter = protection.objects = False


def _choices(rule: Rule) -> str:
    return rule.choices.absolute if isinstance(rule.choices, Area) else f'"{rule.choices}"'


def _chart(chart: Chart) -> BarChart | LineChart:
    drawn: BarChart | LineChart = LineChart() if chart.kind == "line" else BarChart()
    over = drawn
    if isinstance(drawn, BarChart):
        # Over columns, what is dashed is a line on the same axes.
        over = LineChart()
        drawn.gapWidth = 60
        if chart.kind == "stacked bar":
            drawn.grouping, drawn.overlap = "stacked", 100
    drawn.title = _chart_title(chart.title, 12)
    drawn.width, drawn.height = chart.size  # type: ignore[assignment]
    drawn.y_axis.title = _chart_title(chart.y_title, 9, turned=True)
    drawn.y_axis.number_format = chart.y_format
    drawn.x_axis.tickLblPos = "low"
    for axis in (drawn.x_axis, drawn.y_axis):
        axis.delete, axis.txPr = False, _chart_text(9)
        axis.spPr = GraphicalProperties(ln=LineProperties(solidFill=look.MID_GREY))
    drawn.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill="D9E0E6", w=6_350)))
    drawn.legend = Legend(legendPos="b", overlay=False, txPr=_chart_text(9))
    drawn.graphical_properties = GraphicalProperties(solidFill=look.WHITE, ln=LineProperties(solidFill="D9E0E6"))
    for number, (name, area) in enumerate(chart.series):
        dashed = number in chart.dashed
        series = Series(_cells(area), title=name)
        series.cat = AxDataSource(strRef=StrRef(f=str(_cells(chart.labels))))
        _colour(series, number, dashed=dashed, line=dashed or isinstance(drawn, LineChart))
        (over if dashed else drawn).series.append(series)
    if over is not drawn and over.series:
        drawn += over
    return drawn


def _cells(area: Area) -> Reference:
    return Reference(range_string=area.absolute)


def _letters_of_chart(size: int, *, bold: bool = False) -> CharacterProperties:
    colour = look.DARK_BLUE if bold else look.BLACK
    return CharacterProperties(sz=size * 100, b=bold, solidFill=colour, latin=ChartFont(typeface=look.FONT))


def _chart_text(size: int) -> RichText:
    letters_so = _letters_of_chart(size)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=letters_so), endParaRPr=letters_so)])


def _chart_title(text: str, size: int, *, turned: bool = False) -> Title:
    letters_so = _letters_of_chart(size, bold=True)
    run = RegularTextRun(rPr=letters_so, t=text)
    words = Paragraph(pPr=ParagraphProperties(defRPr=letters_so), r=[run])
    body = RichTextProperties(rot=-5_400_000, vert="horz") if turned else RichTextProperties()
    return Title(tx=Text(rich=RichText(bodyPr=body, p=[words])), overlay=False)


def _colour(series: Any, number: int, *, dashed: bool, line: bool) -> None:
    """Give a series its colour; lines differ in dash and marker too."""
    colour = look.CHART_COLOURS[number % len(look.CHART_COLOURS)]
    if not line:
        series.graphicalProperties.solidFill = colour
        series.invertIfNegative = False
        return
    if dashed:
        colour, series.graphicalProperties.line.dashStyle = _DASHES[number - 1]
        series.marker = Marker(symbol="none")
    else:
        series.marker = Marker(symbol="circle", size=6, spPr=GraphicalProperties(solidFill=colour))
    series.graphicalProperties.line.solidFill, series.graphicalProperties.line.width = colour, 28_000
    series.smooth = False
