"""The self-test of the C target, a main that is built with -DMODEFLOW_SELF_TEST: every function against true values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..language.kernels import Kernel
from ..language.regimes import Form, Regime
from .self_test import BITS, Expected, Point, points_of, points_of_path, unit

_REALS = {"f64": "double", "f32": "float"}
_HEAD = """#ifdef MODEFLOW_SELF_TEST
#include <stdio.h>

static int passed = 0, failed = 0, untested = 0;

/* Whether a value is near enough to the true one, expected + rest; in units in the last place, 2 to the power unit. */
static inline void judge(const char *name, int done, double found, double expected, double rest, int unit, int allowed)
{
    const double error = ldexp(fabs((found - expected) - rest), -unit);
    const int fine = done && error <= allowed; /* NaN is not */
    printf("%s %s: ", fine ? "passed" : "FAILED", name);
    if (!done) printf("refused");
    else if (found != found) printf("not a number");
    else printf("%.9g, error %.2g ulp", found, error);
    printf(" (expected %.17g, allowed %d ulp)\\n", expected, allowed);
    passed += fine;
    failed += !fine;
}

int main(void)
{"""
_UNTESTED = """    printf("NOT TESTED {name}: no point is known at which its values are finite\\n");
    untested++;"""
_FOOT = """    printf("%d passed, %d failed, %d not tested\\n", passed, failed, untested);
    return failed != 0 || passed == 0;
}
#endif
"""


def self_test(kernels: Iterable[Kernel], paths: Iterable[str], regimes: Sequence[Regime], forms: Sequence[Form]) -> str:
    """The text of the self-test for these kernels and paths."""
    lines = [_HEAD]
    for kernel in kernels:
        points = points_of(kernel, forms)
        lines += [_of_kernel(kernel, point) for point in points] or [_UNTESTED.format(name=kernel.name)]
    for path in paths:
        chosen = [form for form in forms if form.path == path]
        lines += [_of_path(path, chosen, point) for point in points_of_path(chosen, regimes)]
    return "\n".join([*lines, _FOOT])


def _of_kernel(kernel: Kernel, point: Point) -> str:
    lines = ["    {"]
    for kind, real in _REALS.items():
        places = ", ".join(f"&{kind}[{n}]" for n, _ in enumerate(point.expected))
        lines += [f"        {real} {kind}[{len(point.expected)}];"]
        lines += [f"        modeflow_{kernel.name}_{kind}({_numbers(point, kind)}, {places});"]
    lines += _judged(kernel.name, [name for name, _ in kernel.outputs], point, "1")
    return "\n".join([*lines, "    }"])


def _of_path(path: str, forms: Sequence[Form], point: Point) -> str:
    names = max(([name for name, _ in form.results] for form in forms), key=len)
    form = next(form for form in forms if len(form.results) == len(point.expected))  # those of one length are alike
    places = [names.index(name) for name, _ in form.results]
    size = max(2, len(names))
    lines = ["    {", "        const ptrdiff_t step[7] = {0};"]
    for kind, real in _REALS.items():
        lines += [f"        const {real} at_{kind}[7] = {{{_numbers(point, kind)}, 1}};"]
        lines += [f"        const {real} *const x_{kind}[7] = {{{', '.join(f'at_{kind} + {n}' for n in range(7))}}};"]
        lines += [f"        {real} {kind}[{size}] = {{0}};"]
        lines += [f"        {real} *const out_{kind}[{size}] = {{{', '.join(f'{kind} + {n}' for n in range(size))}}};"]
        lines += [f"        const int done_{kind} = !modeflow_{path}_{kind}(1, 1, x_{kind}, step, step, out_{kind});"]
    return "\n".join([*lines, *_judged(path, [names[n] for n in places], point, "done_{kind}", places), "    }"])


def _judged(
    name: str, results: Sequence[str], point: Point, done: str, places: Sequence[int] | None = None
) -> Iterator[str]:
    """places: where each result lies, if not in their order."""
    at = ", ".join(f"{x:g}" for x in point.at)
    where = range(len(results)) if places is None else places
    for number, result, expected in zip(where, results, point.expected, strict=True):
        for kind in _REALS:
            yield f'        judge("{name}_{kind} {result}({at})", {done.format(kind=kind)}, {kind}[{number}],'
            yield f"            {_truth(expected, kind)});"


def _truth(expected: Expected, kind: str) -> str:
    return f"{expected.near!r}, {expected.rest!r}, {unit(expected.near, BITS[kind])}, {expected.allowed[kind]}"


def _numbers(point: Point, kind: str) -> str:
    return ", ".join(f"{x!r}{'f' if kind == 'f32' else ''}" for x in point.at)
