"""Count the operations of the matrix products in a compiled program."""

from __future__ import annotations

import math
import re

_SHAPE = re.compile(r"(%?[\w.-]+) = \(?\w+\[([\d,]*)\]")
_DOT = re.compile(
    r"(%?[\w.-]+) = \w+\[([\d,]*)\]\S* dot\((?:\w+\[[\d,]*\]\S* )?(%?[\w.-]+),.*"
    r"lhs_contracting_dims=\{([\d,]*)\}"
)


def _sizes(text: str) -> list[int]:
    return [int(size) for size in text.split(",") if size]


def products(program: str) -> list[int]:
    """Return the operations of each matrix product of a program.

    Parameters
    ----------
    program : str
        Text in XLA's language HLO, as a TensorFlow function's ``experimental_get_compiler_ir``
        returns it with ``stage="hlo"``.

    Returns
    -------
    list of int
        2 m k n for a product of (m, k) and (k, n).

    Examples
    --------
    >>> text = '''a = f32[3,5]{1,0} parameter(0)
    ... b = f32[5,7]{1,0} parameter(1)
    ... c = f32[3,7]{1,0} dot(a, b), lhs_contracting_dims={1}, rhs_contracting_dims={0}'''
    >>> products(text), 2 * 3 * 5 * 7
    ([210], 210)
    """
    found: list[int] = []
    shapes: dict[str, list[int]] = {}
    for line in program.splitlines():
        if named := _SHAPE.search(line):
            shapes[named[1].lstrip("%")] = _sizes(named[2])
        if dot := _DOT.search(line):
            left = shapes[dot[3].lstrip("%")]
            summed = math.prod(left[axis] for axis in _sizes(dot[4]))
            found.append(2 * math.prod(_sizes(dot[2])) * summed)
    return found
