"""The sums of the scheme as formulas that every Excel since 2016 knows; elementwise, so that they work over blocks too.

Thresholds are whole numbers on a scale, so that each quotient has one division and comparisons are exact. MIN, MAX, AND
and OR would swallow a whole block: IF and plain arithmetic stand in for them. In braces stand the names of figures.
"""

WRONG = '1*"more done than there are"'
"""An expression that is #VALUE! everywhere."""

NO_COUNT = "({num}<>ROUND(ABS({num}),0))+({den}<>ROUND(ABS({den}),0))>0"
"""Counts are whole numbers from 0 up: our functions refuse others, so formulas do."""

NO_COUNT_OF_BASELINE = (
    'IF({baseline}="yes",IF(({bn}="")+({bd}="")>0,FALSE,({bn}<>ROUND(ABS({bn}),0))+({bd}<>ROUND(ABS({bd}),0))>0),FALSE)'
)

MISSING = '({num}="")+({den}="")>0'
NO_BASELINE = '({bn}="")+({bd}="")+({bd}=0)>0'


def clipped(top: str, bottom: str) -> str:
    """Return the quotient held between 0 and 1."""
    quotient = f"({top})/({bottom})"
    return f"IF({quotient}<=0,0,IF({quotient}>=1,1,{quotient}))"


def positive(expression: str) -> str:
    """Return the expression, or 0 where it is negative."""
    return f"IF({expression}>0,{expression},0)"


LEVEL = clipped("{num}*{scale}-{lower}*{den}", "({upper}-{lower})*{den}")
CHANGE = clipped(
    'IF({better}="higher",1,-1)*({num}*{bd}-{bn}*{den})*{scale}-{lower}*{den}*{bd}', "({upper}-{lower})*{den}*{bd}"
)
REDUCTION = clipped("({bn}*{den}-{num}*{bd})*{scale}-{red_lower}*{den}*{bd}", "({red_upper}-{red_lower})*{den}*{bd}")

SHARE = (
    'IF({scoring}="sliding",' + LEVEL + ',IF({scoring}="binary",IF({num}>={den},1,0),IF({scoring}="single",'
    'IF({better}="higher",IF({num}*{scale}>={upper}*{den},1,0),IF({num}*{scale}<={upper}*{den},1,0)),'
    'IF({scoring}="improvement",' + CHANGE + ",IF(" + LEVEL + ">=" + REDUCTION + "," + LEVEL + "," + REDUCTION + ")))))"
)

IMPOSSIBLE = '({bounded}="yes")*({num}>{den})>0'
IMPOSSIBLE_BASELINE = '({bounded}="yes")*({baseline}="yes")*({bn}<>"")*({bd}<>"")*({bd}<>0)*({bn}>{bd})>0'


STATE = (
    f'IF({NO_COUNT_OF_BASELINE},"wrong",IF({IMPOSSIBLE_BASELINE},"wrong",IF({MISSING},"blank",IF({NO_COUNT},"wrong",'
    f'IF({{den}}=0,"nobody",IF({IMPOSSIBLE},"wrong","counted"))))))'
)
"""What there is to reckon with, which the other formulas look at first."""


def checked(blank: str, nobody: str, otherwise: str) -> str:
    """Return a formula that sees to blank counts, a denominator of 0 and impossible counts first."""
    return f'IF({{state}}="counted",{otherwise},IF({{state}}="blank",{blank},IF({{state}}="nobody",{nobody},{WRONG})))'


POINTS = checked(
    '""',
    'IF({scored}="","",0)',
    'IF({scored}="","",IF(({baseline}="yes")*(' + NO_BASELINE + '),"",{points_available}*' + SHARE + "))",
)

ACHIEVEMENT = checked('""', '""', "{num}/{den}")

PREVALENCE = (
    'IF({code}="","",IF({rule_prevalence}<>"denominator",1,IF(({rule_prevalence_patients}="")+({list_size}="")'
    '+({den}="")>0,1,IF({den}=0,1,{den}/{list_size}*{rule_prevalence_list}/{rule_prevalence_patients}))))'
)

VALUE = (
    'IF({points}="","",IF({point_value}="","",'
    "ROUND(ROUND({points}*{point_value}*{list_adjustment}*{prevalence},8),{rounding})))"
)

STATUS = (
    'IF({code}="","",'
    + checked(
        'IF({scored}="","Not scored","No data")',
        'IF({scored}="","Not scored","No patients")',
        'IF({scored}="","Not scored",IF({points}="","No data",IF({points}>={points_available},"Met",'
        'IF({points}>0,"Between","Below"))))',
    )
    + ")"
)


def _edge(threshold: str) -> str:
    edge = threshold + "*{den}/{scale}"
    up, down = f"ROUNDUP({edge},0)-{{num}}", f"{{num}}-ROUNDDOWN({edge},0)"
    return f'IF({{better}}="higher",{positive(up)},{positive(down)})'


def _edge_of_change(threshold: str) -> str:
    more = "({bn}*{scale}+" + threshold + "*{bd})*{den}/({bd}*{scale})"
    fewer = "({bn}*{scale}-" + threshold + "*{bd})*{den}/({bd}*{scale})"
    up, down = f"ROUNDUP({more},0)", f"ROUNDDOWN({fewer},0)"
    return (
        f'IF({{better}}="higher",IF(({{bounded}}="yes")*({up}>{{den}}),"",{positive(up + "-{num}")}),'
        f'IF({fewer}<0,"",{positive("{num}-" + down)}))'
    )


def _edge_of_two_routes(threshold: str, reduction: str) -> str:
    level = positive("{num}-ROUNDDOWN(" + threshold + "*{den}/{scale},0)")
    fewer = "({bn}*{scale}-" + reduction + "*{bd})*{den}/({bd}*{scale})"
    cut = positive(f"{{num}}-ROUNDDOWN({fewer},0)")
    return f"IF({fewer}<0,{level},IF({level}<={cut},{level},{cut}))"


def gap(target: str) -> str:
    """Return the formula of the patients still needed to the `lower` or the `upper` threshold."""
    plain, reduction = f"{{{target}}}", f"{{red_{target}}}"
    changed = (
        f'IF({NO_BASELINE},"",IF({{scoring}}="improvement",{_edge_of_change(plain)},'
        f'IF({reduction}="","",{_edge_of_two_routes(plain, reduction)})))'
    )
    return _gap(plain, changed)


def gap_of_practices(target: str) -> str:
    """Return the same for a practice alone; a change on a baseline is measured for the PCN only."""
    return _gap(f"{{{target}}}", '""')


def _gap(plain: str, changed: str) -> str:
    return checked(
        '""',
        'IF({scoring}="","",0)',
        'IF({scoring}="","",IF({scoring}="binary",{den}-{num},'
        f'IF({{scoring}}="single",IF({{upper}}="","",{_edge("{upper}")}),'
        f'IF({plain}="","",IF({{scoring}}="sliding",{_edge(plain)},{changed})))))',
    )
