"""Made-up years to try the forecast on, written from published shapes; they share nothing with what they try.

Each yields twelve pairs of numerator and denominator for a whole PCN, cumulative from April. None of it is real.

- Flu: by 4 October 2020 35% of those aged 65+ had their vaccine, a year before 29%; by 31 October 2015 58% of them, 33%
  of those at risk, 18% of two-year-olds (Public Health England, as Management in Practice and GPonline reported); at
  the end of 2023/24 78%, 41% and 44% (UK Health Security Agency). So people come in
  waves, early or late with the vaccine.
- A register: people join, leave, are recorded, or lose what was recorded, each month at random, with a campaign in
  some.
- Yearly checks (learning disability): practices see people by the month of their birthday, or put most of them off
  until the winter; NHS England's monthly publication has checks in each month from April on.
"""

from collections.abc import Callable, Iterator

import numpy as np

Year = list[tuple[int, int]]
Dice = np.random.Generator


def flu(dice: Dice) -> Year:
    """Each person who will have the vaccine has it on some day; supplies and the first clinic differ by year."""
    people = int(dice.integers(600, 12_000))
    willing = dice.binomial(people, dice.uniform(0.35, 0.88))
    first_clinic = dice.uniform(0, 33)
    prompt = dice.uniform(0.45, 0.9)
    quick = first_clinic + dice.gamma(2.0, dice.uniform(8, 16), willing)
    slow = first_clinic + dice.gamma(2.0, dice.uniform(25, 45), willing)
    days = np.where(dice.random(willing) < prompt, quick, slow)
    # Days from 1 September: 30 to the end of that month, 211 to the end of March.
    ends = [-1, -1, -1, -1, -1, 30, 61, 91, 122, 153, 181, 212]
    drift = np.cumsum(dice.normal(0, 0.0015, 12))
    found = [
        (int((days < end).sum()), max(people - 5, round(people * (1 + change))))
        for end, change in zip(ends, drift, strict=True)
    ]
    return [(min(done, of), of) for done, of in found]


def register(dice: Dice) -> Year:
    """What is recorded of a register whose people come and go."""
    recorded, not_recorded = _divided(int(dice.integers(300, 60_000)), dice.uniform(0.3, 0.97), dice)
    gain, loss, turnover = dice.uniform(0, 0.03), dice.uniform(0, 0.006), dice.uniform(0.003, 0.012)
    campaign = dice.integers(0, 12) if dice.random() < 0.5 else -1
    year = []
    for month in range(12):
        gained = dice.binomial(not_recorded, min(0.3, gain * (5 if month == campaign else 1)))
        lost = dice.binomial(recorded, loss)
        recorded, not_recorded = recorded + gained - lost, not_recorded - gained + lost
        left = dice.binomial(recorded, turnover), dice.binomial(not_recorded, turnover)
        joined = _divided(dice.poisson((recorded + not_recorded) * turnover), dice.uniform(0.4, 0.9), dice)
        recorded, not_recorded = recorded - left[0] + joined[0], not_recorded - left[1] + joined[1]
        year.append((int(recorded), int(recorded + not_recorded)))
    return year


def yearly_checks(dice: Dice) -> Year:
    """Practice by practice: by birthday, or put off until the winter."""
    total, people = np.zeros(12), 0
    for _ in range(dice.integers(2, 14)):
        own = int(dice.integers(12, 90))
        seen = dice.binomial(own, dice.uniform(0.5, 0.97))
        if dice.random() < 0.25:
            calendar = dice.dirichlet(np.full(12, 30.0))
        else:
            keen = dice.uniform(0.4, 0.75)
            winter = np.array([0, 0, 0, 0, 0, 0, 0, 0.1, 0.1, 0.8, 1.2, 1.5])
            early = np.array([0.6, 0.8, 1, 1, 0.8, 1, 1.2, 1.2, 0.7, 0, 0, 0])
            calendar = keen * dice.dirichlet(20 * winter + 1e-6) + (1 - keen) * dice.dirichlet(8 * early + 1e-6)
        total += dice.multinomial(seen, calendar / calendar.sum())
        people += own
    return [(int(done), people) for done in np.cumsum(total)]


def _divided(people: int, share: float, dice: Dice) -> tuple[int, int]:
    one = int(dice.binomial(people, share))
    return one, int(people - one)


def years(make: Callable[[Dice], Year], number: int, seed: int) -> Iterator[Year]:
    """Yield so many years, the same every time."""
    dice = np.random.default_rng(seed)
    return (make(dice) for _ in range(number))
