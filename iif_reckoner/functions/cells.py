"""What Excel hands over and takes back: blocks of cells, stretched over each other; a value or a problem in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from iif_reckoner.errors import shown
from iif_reckoner.exact import count, fraction

Cell = Any
"""A cell as it comes: number, text, True, a date, None, or a `Problem`."""

Block = list[list[Cell]]

BLANK = ""
"""What a function returns where there is nothing to say; a formula tests it with `=""`."""

Kind = Literal["#VALUE!", "#N/A"]


@dataclass(frozen=True, slots=True)
class Problem:
    """An error in one cell: which of Excel's error values it is, and why in words.

    >>> str(Problem("#N/A", "no indicator 'VI-9'"))
    "#N/A no indicator 'VI-9'"
    """

    kind: Kind
    text: str

    def __str__(self) -> str:
        """Return the error value and the reason."""
        return f"{self.kind} {self.text}"


class CellError(ValueError):
    """A cell that cannot be used; carries the problem to show in its place."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text)
        self.problem = problem


def block(value: object) -> Block:
    """Return an argument as rows of cells: one cell is a block of one, a flat list is a row.

    >>> block(3), block([1, 2]), block(((1,), (2,)))
    ([[3]], [[1, 2]], [[1], [2]])
    """
    if not isinstance(value, list | tuple):
        return [[value]]
    if all(isinstance(row, list | tuple) for row in value):
        return [list(row) for row in value]
    return [list(value)]


def spread(arguments: Sequence[object], work: Callable[..., Cell]) -> object:
    """Call `work` once per cell over arguments stretched to one shape, and give that shape back.

    Single cells, rows and columns are stretched as Excel's arithmetic does; where shapes do not fit the whole block is
    a problem. A `CellError` stays in its own cell.

    >>> spread([[[1], [2]], [10, 20]], lambda a, b: a * b)
    [[10, 20], [20, 40]]
    >>> str(spread([[[1], [2]], [[1], [2], [3]]], max)[0][0])
    '#VALUE! the ranges have different shapes: 2 x 1 and 3 x 1'
    """
    blocks = [block(argument) for argument in arguments]
    shapes = [(len(rows), len(rows[0]) if rows else 0) for rows in blocks]
    height, width = max(shape[0] for shape in shapes), max(shape[1] for shape in shapes)
    misfit = [
        shape
        for rows, shape in zip(blocks, shapes, strict=True)
        if shape[0] not in (1, height) or shape[1] not in (1, width) or any(len(row) != shape[1] for row in rows)
    ]
    if misfit:
        others = sorted({shape for shape in shapes if shape != (1, 1)})
        text = " and ".join(f"{rows} x {columns}" for rows, columns in others)
        result: Block = [[Problem("#VALUE!", f"the ranges have different shapes: {text}")] * width] * height
    else:
        columns = [
            [row * width if shape[1] == 1 else row for row in (rows * height if shape[0] == 1 else rows)]
            for rows, shape in zip(blocks, shapes, strict=True)
        ]
        result = [
            [_guarded(work, cells) for cells in zip(*row_of_each, strict=True)]
            for row_of_each in zip(*columns, strict=True)
        ]
    if any(isinstance(argument, list | tuple) and _is_block(argument) for argument in arguments):
        return result
    if any(isinstance(argument, list | tuple) for argument in arguments):
        return result[0] if result else []
    return result[0][0]


def _is_block(argument: Sequence[object]) -> bool:
    return bool(argument) and all(isinstance(row, list | tuple) for row in argument)


def _guarded(work: Callable[..., Cell], cells: Sequence[Cell]) -> Cell:
    try:
        return work(*cells)
    except CellError as error:
        return error.problem


def is_blank(cell: Cell) -> bool:
    """Tell an empty cell, one whose formula says nothing, and one with nothing but spaces.

    >>> is_blank(None), is_blank(" "), is_blank(0)
    (True, True, False)
    """
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text(cell: Cell, name: str) -> str:
    """Return the text of a cell.

    Raises:
        CellError: it holds a number, a date or an error.
    """
    if isinstance(cell, str) and not cell.startswith("#"):
        return cell.strip()
    raise CellError(Problem("#VALUE!", f"{name}: {shown(cell)} is not text"))


def whole(cell: Cell, name: str) -> int | None:
    """Return the count in a cell, None for blank. Text is refused even if it looks like a number: SUM would skip it.

    Raises:
        CellError: it holds text, a date, an error, a fraction or a number below 0.
    """
    if cell is None:
        return None
    try:
        if isinstance(cell, str):
            if is_blank(cell):
                return None
            raise ValueError("not a number but text")  # noqa: TRY301 (one place words every refusal)
        return count(cell)
    except ValueError as error:
        raise CellError(Problem("#VALUE!", f"{name}: {shown(cell)} is {error}")) from None


def factor(cell: Cell, name: str) -> Any:
    """Return the exact number above 0 in a cell, None for blank.

    Raises:
        CellError: it holds something else.
    """
    if is_blank(cell):
        return None
    try:
        if isinstance(cell, str):
            raise ValueError  # noqa: TRY301 (one place words every refusal)
        number = fraction(cell)
    except (ValueError, TypeError):
        number = None
    if number is None or number.numerator <= 0:
        raise CellError(Problem("#VALUE!", f"{name}: {shown(cell)} is not a number above 0"))
    return number
