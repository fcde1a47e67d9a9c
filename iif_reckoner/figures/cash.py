"""The sheet Cash: when the money arrives."""

from collections.abc import Mapping

from iif_reckoner.figures.content import Content
from iif_reckoner.figures.records import Place
from iif_reckoner.figures.shown import banner
from iif_reckoner.layout.page import Page, Rule


def draw(page: Page, content: Content, known: Mapping[str, Place]) -> None:
    """Write the sheet."""
    page.title("Cash", "Achievement is paid in the summer after the year; no aspiration payment was ever seen.")
    banner(page)
    page.put(4, 1, "Aspiration payments", "text")
    page.put(4, 2, content.aspiration[0], "input_text")
    page.put(4, 3, "On shows a part paid up front by month, the rest after the year.", "note")
    page.put(5, 1, "Part paid up front", "text")
    page.put(5, 2, content.aspiration[1], "input_percent")
    page.put(7, 1, "Paid in the year, in twelve parts", "text")
    won = known["total_won"].area.absolute
    page.formula(7, 2, f'IF(ISNUMBER({won}),IF((B4="On")*(B5<>"")>0,ROUND({won}*B5,2),0),"")', "pence")
    page.put(8, 1, "Paid after the year", "text")
    page.formula(8, 2, f'IF(ISNUMBER({won}),{won}-B7,"")', "pence")
    page.rules.append(Rule(area=page.area(4, 2), kind="list", choices="Off,On", message="Choose from the list."))
    page.rules.append(
        Rule(area=page.area(5, 2), kind="decimal", least="0", most="1", message="Write a percentage from 0% to 100%.")
    )
    page.widths = {1: 34.0, 2: 18.0, 3: 48.0}
    for row, words in ((5, "Such as 70%."), (7, "0 while aspiration payments are off."), (8, "What is left.")):
        page.put(row, 3, words, "note")
    page.heights.update({4: 30, 5: 18, 7: 18, 8: 18})
    page.print_area = page.area(1, 1, 9, 3)
