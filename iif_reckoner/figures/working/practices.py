"""Each practice alone: an indicator in each column."""

from iif_reckoner.figures.working import native
from iif_reckoner.figures.working.spelling import COUNTS, copied, figure

ACROSS = tuple(
    figure(f"across_{name}", "indicator across", words, "", copied(name))
    for name, words in (
        ("code", "Indicator"),
        ("scoring", "Way of scoring"),
        ("better", "Which direction is better"),
        ("scale", "Scale"),
        ("bounded", "Whether the numerator is part of the denominator"),
        ("lower", "Lower threshold"),
        ("upper", "Upper threshold"),
    )
)

_OWN = "{count_practice:all},{practice},{count_indicator:all},{across_code}"

PRACTICES = (
    figure("practice", "practice", "Practice", "code", copied("practice_code")),
    figure(
        "practice_num", "practice indicator", "Numerator", "patients",
        f'IF(({{practice}}="")+({{across_code}}="")>0,"",'
        f'IF(COUNTIFS({_OWN},{{row_num:all}},">-1E+99")=0,"",SUMIFS({{row_num:all}},{_OWN})))',
    ),
    figure(
        "practice_den", "practice indicator", "Denominator", "patients",
        f'IF({{practice_num}}="","",SUMIFS({{row_den:all}},{_OWN}))',
    ),
    figure("practice_state", "practice indicator", "What there is to reckon with", "word", native.STATE),
    figure(
        "practice_achievement", "practice indicator", "Achievement", "fraction", native.ACHIEVEMENT,
        f"IIF_ACHIEVEMENT({COUNTS},{{rules}})",
    ),
    figure(
        "practice_gap", "practice indicator", "Patients to the upper threshold", "patients",
        native.gap_of_practices("upper"), f'IIF_GAP({COUNTS},"upper",{{rules}})',
    ),
)  # fmt: skip
