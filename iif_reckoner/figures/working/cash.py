"""When the money arrives, in whole pennies: twelve parts up front where aspiration is on, the balance after the year."""

from iif_reckoner.figures.working.spelling import figure
from iif_reckoner.plan import cash
from iif_reckoner.plan.split import NO_POUNDS
from iif_reckoner.scheme_year import MONTHS

_ON = '({aspiration}="On")'

BOOK = (
    figure(
        "cash_yearly", "book", "Yearly amount of which a part is paid up front", "pennies",
        'IF({aspiration_amount}="",IF(ISNUMBER({total_won}),ROUND(100*{total_won},0),""),'
        'IF(ISNUMBER({aspiration_amount}),IF({aspiration_amount}<0,"",ROUND(ROUND(100*{aspiration_amount},6),0)),""))',
    ),
    figure(
        "cash_part", "book", "Part that is paid up front; blank where it is none", "fraction",
        'IF(ISNUMBER({aspiration_part}),IF(({aspiration_part}<0)+({aspiration_part}>1)>0,"",{aspiration_part}),"")',
    ),
    figure(
        "cash_up_front", "book", "Paid up front in all", "pennies",
        f'IF({_ON}*1=0,0,IF(({{cash_yearly}}="")+({{cash_part}}="")>0,"",ROUND(ROUND({{cash_yearly}}*{{cash_part}},6),0)))',
    ),
    figure(
        "cash_balance", "book", "Paid after the year; below 0 it is paid back", "pounds",
        'IF(ISNUMBER({total_won}),IF({cash_up_front}="","",(ROUND(100*{total_won},0)-{cash_up_front})/100),"")',
    ),
    figure(
        "cash_note", "book", "What the last payment is, or why there is none", "text",
        f'IF({_ON}*({{aspiration_part}}="")>0,"{cash.NO_PART}",IF({_ON}*({{cash_part}}="")>0,"{cash.PART_WRONG}",'
        f'IF({_ON}*({{aspiration_amount}}<>"")*({{cash_yearly}}="")>0,"{cash.AMOUNT_WRONG}",'
        f'IF(ISNUMBER({{total_won}}),IF({_ON}*1=0,"{cash.AFTER_THE_YEAR}",IF({{cash_balance}}<0,"{cash.PAID_BACK}",'
        f'IF({{cash_balance}}=0,"{cash.NOTHING_LEFT}","{cash.TOPPED_UP}"))),'
        f'IF({{total_won}}="","{NO_POUNDS}",{{total_won}})))))',
    ),
    figure(
        "cash_in_all", "book", "Paid in all", "pounds",
        'IF({cash_balance}="","",{cash_balance}+{cash_up_front}/100)',
    ),
)  # fmt: skip

_TWELFTH = f"INT({{cash_up_front}}/{MONTHS})"

MONTHLY = (
    figure(
        "cash_month", "month", "Paid up front in the month", "pounds",
        f'IF({{cash_up_front}}="","",({_TWELFTH}+IF({{month_number}}<={{cash_up_front}}-{MONTHS}*{_TWELFTH},1,0))/100)',
    ),
    figure(
        "cash_so_far", "month", "Paid up to the end of the month", "pounds",
        'IF({cash_month}="","",ROUND(SUM({cash_month:through}),2))',
    ),
)  # fmt: skip
