"""What stands around the cells of pages, drawn with openpyxl; nothing here knows what a figure means."""

from collections.abc import Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.legend import Legend
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.formatting.rule import Rule as FormattingRule
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from iif_reckoner import vba
from iif_reckoner.layout import look
from iif_reckoner.layout.look import STYLES, TINTS, Style
from iif_reckoner.layout.page import Chart, Page, letters
from iif_reckoner.layout.sheets import LAYOUT

_PAPER = {"A3": 8, "A4": 9}
_MARGIN = 0.4
_FOOTER, _WALL_FOOTER = 8, 13


def frame(pages: Sequence[Page], *, title: str) -> tuple[bytes, dict[str, int]]:
    """Return a workbook with everything of these pages but their cells, and the number of each style in it."""
    book = Workbook()
    book.remove(book.worksheets[0])
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
            sheet.add_chart(_chart(sheet, chart), f"{letters(chart.at[1])}{chart.at[0]}")
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
        alignment=Alignment(horizontal=style.align, vertical="center", wrap_text=style.wrap, indent=style.indent),
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
    for column in page.hidden_columns:
        sheet.column_dimensions[letters(column)].hidden = True
    if page.freeze:
        sheet.freeze_panes = f"{letters(page.freeze[1])}{page.freeze[0]}"
    if page.filter:
        sheet.auto_filter.ref = page.filter.ref
    _set_up_print(sheet, page)


def _set_up_print(sheet: Worksheet, page: Page) -> None:
    own = page.sheet
    sheet.page_setup.paperSize = _PAPER[own.paper]
    sheet.page_setup.orientation = "landscape" if own.landscape else "portrait"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 1 if page.one_page else 0
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = _MARGIN
    margins.bottom, margins.header, margins.footer = 0.55, 0.2, 0.25
    sheet.print_options.horizontalCentered = True
    # LibreOffice shrinks a footer with its page whatever it is told, so the wall's page has a larger one.
    size = _WALL_FOOTER if page.one_page else _FOOTER
    left, center, right = (
        _HeaderFooterPart(text, font="Arial,Regular", size=size) for text in ("IIF Ready Reckoner", "&A", "Page &P")
    )
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(left=left, center=center, right=right)
    if page.print_area:
        sheet.print_area = page.print_area.ref
    if page.title_rows and not page.one_page:
        sheet.print_title_rows = f"{page.title_rows[0]}:{page.title_rows[1]}"


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
            validation = DataValidation(type="list", formula1=f'"{rule.choices}"', allow_blank=True)
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


def _chart(sheet: Worksheet, chart: Chart) -> BarChart | LineChart:
    drawn: BarChart | LineChart = LineChart() if chart.kind == "line" else BarChart()
    if isinstance(drawn, BarChart):
        drawn.gapWidth = 60
        if chart.kind == "stacked bar":
            drawn.grouping, drawn.overlap = "stacked", 100
    drawn.title = chart.title
    drawn.width, drawn.height = chart.size  # type: ignore[assignment]
    drawn.y_axis.title, drawn.y_axis.number_format = chart.y_title, chart.y_format
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill="D9E0E6")))
    drawn.legend = Legend(legendPos="b")
    for number, (name, area) in enumerate(chart.series):
        values = Reference(
            sheet,
            min_col=area.column,
            min_row=area.row,
            max_col=area.column + area.width - 1,
            max_row=area.row + area.height - 1,
        )
        series = Series(values, title=name)
        colour = look.CHART_COLOURS[number % len(look.CHART_COLOURS)]
        if isinstance(drawn, LineChart):
            series.graphicalProperties.line.solidFill = colour
            series.graphicalProperties.line.width = 28_000
            if number in chart.dashed:
                series.graphicalProperties.line.dashStyle = "dash"
            series.smooth = False
        else:
            series.graphicalProperties.solidFill = colour
        drawn.series.append(series)
    labels = chart.labels
    drawn.set_categories(
        Reference(
            sheet,
            min_col=labels.column,
            min_row=labels.row,
            max_col=labels.column + labels.width - 1,
            max_row=labels.row + labels.height - 1,
        )
    )
    return drawn
