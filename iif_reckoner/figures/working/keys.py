"""Which rows Counts still lacks: each practice has one for each indicator, written by hand where there are no commands.

Rows that stand there twice have a check of their own.
"""

from iif_reckoner.figures.working.spelling import figure

BOOK = (
    figure(
        "keys_each", "book", "Rows of Counts that each practice has", "rows",
        # Whether a blank differs from a word is not the same in all engines.
        'COUNTIFS({rule_code:all},"<>")-COUNTIFS({rule_level:all},"pcn")',
    ),
    figure("keys_missing", "book", "Rows that Counts lacks", "rows", "SUM({keys_missing_of:all})"),
    figure(
        "keys_practice", "book", "Practice of the row to write next", "code",
        'IF({keys_missing}=0,"",INDEX({practice:all},MATCH(MAX({keys_missing_of:all}),{keys_missing_of:all},0),1))',
    ),
    figure(
        "keys_indicator", "book", "Indicator of the row to write next", "code",
        'IF({keys_practice}="","",IFERROR(INDEX({code:all},MATCH(0,{keys_there:all},0),1),""))',
    ),
    figure(
        "keys_note", "book", "What Counts says of rows that it lacks", "text",
        'IF({keys_indicator}="","","Write "&{keys_practice}&" and "&{keys_indicator}&" into the next empty row: "'
        '&{keys_missing}&IF({keys_missing}=1," row is"," rows are")&" missing.")',
    ),
)  # fmt: skip

RULES = (
    figure(
        "keys_there", "indicator", "Rows that the practice to write next has of it", "rows",
        'IF(({code}="")+({keys_practice}="")+({rule_level}="pcn")>0,1,'
        "COUNTIFS({count_practice:all},{keys_practice},{count_indicator:all},{code}))",
    ),
)  # fmt: skip

PRACTICES = (
    figure(
        "keys_missing_of", "practice", "Rows of Counts that it lacks", "rows",
        'IF({practice}="",0,MAX(0,{keys_each}-COUNTIFS({count_practice:all},{practice},{row_stray:all},0)))',
    ),
)  # fmt: skip
