"""Special functions that the libraries of C and JavaScript lack, for evaluators there: one text for both languages.

LambertW on its two real branches is within 4 units in the last place. Near -1/e it is a series in p = √(2(1 + ex)),
where x + 1/e keeps its digits by a second part of 1/e; else Fritsch, Shafer and Crowley's steps (1973) go from
Winitzki's estimate, or from log(-x) - log(-log(-x)). The exponential integrals are sums for small x, a continued
fraction (DLMF 6.9.1) or the asymptotic sum (DLMF 6.12.2). E1 and Ei of x < 0 are within 8 units in the last place, Ei
of x > 0 within 12 units of 2⁻⁵²·max(|Ei|, 1): near its zero, 0.3725, digits go.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from fractions import Fraction
from itertools import islice
from typing import Any

import sympy

from . import bessel, passing

_OURS = {
    "modeflow_lambert_w",
    "modeflow_series",
    "modeflow_e1",
    "modeflow_ei",
    "modeflow_grown_by",
    "modeflow_distance",
}
NAMES = _OURS | bessel.NAMES | passing.NAMES
_TERMS = 30  # of the series in p, which is used for |p| <= 0.4 and converges for |p| < √2

_LAMBERT = """{head}modeflow_lambert_w({real}x, {whole}lower){open}
  {let}p2 = 2 * 2.718281828459045 * ((x + 0.36787944117144233) + -1.2428753672788363e-17);
  if (!(p2 >= 0) || (lower && x > 0)) return {nan};
  if (x == 0) return lower ? -{infinity} : x;
  {let}p = lower ? -{m}sqrt(p2) : {m}sqrt(p2);
  if ({m}{abs}(p) <= 0.4) {
    {let}sum = 0;
    for ({int}k = {last}; k >= 0; k--) sum = sum * p + modeflow_series[k];
    return sum;
  }
  {let}near = {m}log1p(x), low = {m}log(-x);
  {let}w = lower ? low - {m}log(-low) : near * (1 - {m}log1p(near) / (2 + near));
  if (lower && low > -2) w = -1 + p - p2 / 3 + 11 * p * p2 / 72;
  for ({int}k = 0; k < 4; k++) {
    {let}z = lower ? (low - {m}log(-w)) - w : {m}log(x / w) - w;
    {let}q = 2 * (1 + w) * (1 + w + 2 * z / 3);
    w *= 1 + z / (1 + w) * (q - z) / (q - 2 * z);
  }
  return w;
}
"""
_E1 = """{head}modeflow_e1({real}x){open}
  if (!(x > 0)) return x == 0 ? {infinity} : {nan};
  if (x <= 0.6) {
    {let}term = 1, sum = 0;
    for ({int}k = 1; k < 25; k++) {
      term *= -x / k;
      sum -= term / k;
    }
    return sum - 0.5772156649015329 - {m}log(x);
  }
  if (x > 750) return 0;
  {let}tail = 0;
  for ({int}k = x < 4 ? 200 : 40; k >= 1; k--) tail = k * k / (x + 2 * k + 1 - tail);
  return {m}exp(-x) / (x + 1 - tail);
}
"""
_EI = """{head}modeflow_ei({real}x){open}
  if (x <= 0) return x == 0 ? -{infinity} : -modeflow_e1(-x);
  {let}term = 1, sum = 0;
  if (x <= 40) {
    for ({int}k = 1; k < 200; k++) {
      term *= x / k;
      sum += term / k;
    }
    return sum + 0.5772156649015329 + {m}log(x);
  }
  for ({int}k = 1; k <= 40; k++) {
    sum += term;
    term *= k / x;
  }
  return {m}exp(x - 40) / x * sum * 2.3538526683701998e17;
}
"""
_GROWN = """{head}modeflow_grown_by({real}x){open}
  return x == 0 ? 1 : {m}expm1(x) / x;
}
"""
_DISTANCE = """{head}modeflow_distance({real}a, {real}k, {real}b){open}
  {let}rest = {m}sqrt(k) * {m}{abs}(b), found = ({m}{abs}(a) - rest) * ({m}{abs}(a) + rest);
  return {m}{abs}(found) <= 4e-16 * a * a ? 0 : found;
}
"""
_C = {
    "head": "static double ", "real": "double ", "whole": "int ", "open": "\n{", "let": "double ", "int": "int ",
    "m": "", "abs": "fabs", "nan": "NAN", "infinity": "INFINITY", "procedure": "static void ", "array": "double *",
    "pair": "double pair[2] = {0, 0};", "four": "double four[4] = {0, 0, 0, 0};", "counts": "static int ",
    "rate": "double (*rate)(double, double *)", "rest": "void (*rest)(double *, int, int, double)", "cast": "(int)",
    "max": "fmax", "min": "fmin",
}  # fmt: skip
_JAVASCRIPT = {
    "head": "function ", "real": "", "whole": "", "open": " {", "let": "let ", "int": "let ", "m": "Math.",
    "abs": "abs", "nan": "NaN", "infinity": "Infinity", "procedure": "function ", "array": "",
    "pair": "const pair = [0, 0];", "four": "const four = [0, 0, 0, 0];", "counts": "function ", "rate": "rate",
    "rest": "rest", "cast": "", "max": "max", "min": "min",
}  # fmt: skip


def series() -> Iterable[Fraction]:
    """The coefficients of W = Σ μ_k·p^k at the branch point, by the recurrence of Corless et al. (1996)."""
    mu, alpha, k = [Fraction(-1), Fraction(1)], [Fraction(2), Fraction(-1)], 2
    yield from mu
    while True:
        alpha.append(sum((mu[j] * mu[k + 1 - j] for j in range(2, k)), Fraction(0)))
        new = Fraction(k - 1, k + 1) * (mu[k - 2] / 2 + alpha[k - 2] / 4) - alpha[k] / 2 - mu[k - 1] / (k + 1)
        mu.append(new)
        yield new
        k += 1


class Calls:
    """How a printer of SymPy writes them."""

    def _print_LambertW(self, expr: Any) -> str:
        x, branch = (*expr.args, sympy.S.Zero)[:2]
        if branch not in (0, -1):
            return str(self._print_not_supported(expr))  # type: ignore[attr-defined]
        return f"modeflow_lambert_w({self._print(x)}, {int(branch != 0)})"  # type: ignore[attr-defined]

    def _print_bessel(self, expr: Any) -> str:
        order, x = expr.args
        name = type(expr).__name__.replace("bessel", "bessel_")
        return f"modeflow_{name}({self._print(order)}, {self._print(x)})"  # type: ignore[attr-defined]

    _print_besseli = _print_besselk = _print_besselj = _print_bessely = _print_bessel

    def _print_Grown(self, expr: Any) -> str:
        return f"modeflow_grown_by({self._print(expr.args[0])})"  # type: ignore[attr-defined]

    def _print_Distance(self, expr: Any) -> str:
        return f"modeflow_distance({', '.join(map(self._print, expr.args))})"  # type: ignore[attr-defined]

    def _print_Ei(self, expr: Any) -> str:
        return f"modeflow_ei({self._print(expr.args[0])})"  # type: ignore[attr-defined]

    def _print_expint(self, expr: Any) -> str:
        if expr.args[0] != 1:
            return str(self._print_not_supported(expr))  # type: ignore[attr-defined]
        return f"modeflow_e1({self._print(expr.args[1])})"  # type: ignore[attr-defined]


def helpers(text: str, *, c: bool) -> str:
    """The functions that a text calls, in C or JavaScript."""
    found = ""
    if "modeflow_lambert_w(" in text:
        found += _list("modeflow_series", map(float, islice(series(), _TERMS)), c=c) + written(_LAMBERT, c=c)
    if "modeflow_e1(" in text or "modeflow_ei(" in text:
        found += written(_E1, c=c)
    if "modeflow_ei(" in text:
        found += written(_EI, c=c)
    if "modeflow_grown_by(" in text:
        found += written(_GROWN, c=c)
    if "modeflow_distance(" in text:
        found += written(_DISTANCE, c=c)
    called = [body for body, kinds in ((bessel.MODIFIED, "ik"), (bessel.WAVES, "jy")) if _calls_one(text, kinds)]
    if called:
        found += _list("modeflow_gamma", bessel.gamma_series(), c=c)
        found += "".join(written(body, c=c) for body in (bessel.SHARED, *called))
    if path := passing.helpers(text):
        places, masses = passing.nodes()
        found += _list("modeflow_nodes", places, c=c) + _list("modeflow_masses", masses, c=c) + written(path, c=c)
    return f"{found}\n" if found else ""


def _calls_one(text: str, kinds: str) -> bool:
    return any(f"modeflow_bessel_{kind}(" in text for kind in kinds)


def _list(name: str, values: Iterable[float], *, c: bool) -> str:
    numbers = ", ".join(map(repr, values))
    return f"static const double {name}[] = {{{numbers}}};\n" if c else f"const {name} = [{numbers}];\n"


def written(text: str, *, c: bool) -> str:
    """A text in the words of C or JavaScript."""
    sizes = {"last": str(_TERMS - 1), "gammas": str(bessel.TERMS - 1), "nodes": str(passing.NODES), "pi": repr(math.pi)}
    for name, word in {**(_C if c else _JAVASCRIPT), **sizes}.items():
        text = text.replace(f"{{{name}}}", word)
    empty = r"double \1[\2] = {0};" if c else r"const \1 = Array(\2).fill(0);"
    filled = r"double \1[] = {\2};" if c else r"const \1 = [\2];"
    text = re.sub(r"\{numbers (\w+) (\d+)\}", empty, text)
    return re.sub(r"\{filled (\w+)\}(.*?)\{/filled\}", filled, text)
