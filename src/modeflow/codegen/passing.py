"""Paths by the time at which each place is passed, in C and JavaScript: what `branch` and the two laws do in Python.

The zeros of a polynomial lie between those of its derivative, and are halved in. Between two zeros of the rate the time
is an integral in a coordinate in which neither is reached, by Gauss's rule on intervals that are halved until it agrees
with its halves, and Newton's method in a bracket turns it around.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from sympy import Expr, Symbol

from .orbit_law import OrbitLaw
from .tape import NoEvaluator
from .time_law import PathLaw, TimeLaw

MOST = 60  # zeros of a polynomial that are kept
NODES = 10  # of Gauss's rule, on either side

NAMES = frozenset(
    f"modeflow_{name}"
    for name in (
        "polynomial", "divide", "zeros", "fold", "place", "slowness", "panel", "between", "path", "nodes", "masses",
        "weight", "others", "strength", "begin", "place_of", "places", "rest", "grown", "steepness", "orbit",
    )
)  # fmt: skip

POLYNOMIAL = """{head}modeflow_polynomial({array}p, {whole}from, {whole}degree, {real}x){open}
  {let}sum = p[from];
  for ({int}k = 1; k <= degree; k++) sum = sum * x + p[from + k];
  return sum;
}

{procedure}modeflow_divide({array}p, {whole}from, {whole}degree, {real}zero){open}
  {let}carried = 0;
  for ({int}k = 0; k <= degree; k++) {
    {let}next = p[from + k] + zero * carried;
    p[from + k] = carried;
    carried = next;
  }
}
"""
ZEROS = """{counts}modeflow_zeros({array}p, {whole}from, {whole}degree, {array}found, {whole}count){open}
  {numbers near 64}
  {numbers here 64}
  {numbers q 64}
  {let}bound = 0;
  {int}known = 0;
  while (degree > 0 && p[from] == 0) {
    from++;
    degree--;
  }
  for ({int}k = 1; k <= degree; k++) bound = {m}{max}(bound, {m}pow({m}{abs}(p[from + k] / p[from]), 1.0 / k));
  bound = 2 * bound + 1e-300;
  for ({int}d = 1; d <= degree; d++) {
    {int}total = 0;
    {let}low = -bound;
    for ({int}k = 0; k <= d; k++) {
      q[k] = p[from + k];
      for ({int}j = d - k + 1; j <= degree - k; j++) q[k] *= j;
    }
    for ({int}i = 0; i <= known; i++) {
      {let}high = i < known ? near[i] : bound, size = {m}{abs}(q[0]);
      {let}left = modeflow_polynomial(q, 0, d, low), right = modeflow_polynomial(q, 0, d, high);
      if (left * right < 0 || (left != 0 && right != 0 && (left < 0) != (right < 0))) {
        {let}one = low, other = high, middle = (one + other) / 2;
        for ({int}k = 0; k < 2200 && middle > one && middle < other; k++) {
          if ((modeflow_polynomial(q, 0, d, middle) < 0) == (left < 0)) one = middle;
          else other = middle;
          middle = (one + other) / 2;
        }
        if (total < 62) here[total++] = middle;
      }
      for ({int}k = 1; k <= d; k++) size = size * {m}{abs}(high) + {m}{abs}(q[k]);
      if (i < known && {m}{abs}(right) <= 4e-15 * size && total < 62) here[total++] = high;
      low = high;
    }
    known = total;
    for ({int}i = 0; i < known; i++) near[i] = here[i];
  }
  for ({int}i = 0; i < known && count < 62; i++) found[count++] = near[i];
  return count;
}
"""
FOLD = """{counts}modeflow_fold({array}p, {whole}from, {whole}degree, {whole}at, {real}begun, {array}found,
                       {whole}count){open}
  if (!(p[at] > 0) || p[at + 1] * p[at + 1] != 4 * p[at] * p[at + 2]) return count;
  {let}zero = -p[at + 1] / (2 * p[at]), size = {m}sqrt(p[at]) * (begun >= zero ? 1 : -1);
  for ({int}k = 0; k <= degree; k++) p[from + k] = size * ((k < degree ? p[from + k + 1] : 0) - zero * p[from + k]);
  p[at] = p[at + 1] = 0;
  p[at + 2] = 1;
  found[count++] = zero;
  return count;
}
"""
PATH = """{head}modeflow_place({array}b, {real}z){open}
  {let}begun = b[0], ahead = b[1], behind = b[2];
  if (ahead == ahead && behind == behind) {
    {let}apart = ahead - behind;
    return {m}{abs}(behind) <= {m}{abs}(ahead) ? behind + apart / (1 + {m}exp(-z)) : ahead - apart / (1 + {m}exp(z));
  }
  if (z < 1 && ahead == ahead) return begun - (ahead - begun) * {m}expm1(-z);
  if (ahead == ahead) return ahead - (ahead - begun) * {m}exp(-z);
  if (z < 1 && behind == behind) return begun + (begun - behind) * {m}expm1(z);
  if (behind == behind) return behind + (begun - behind) * {m}exp(z);
  return begun + b[3] * {m}sinh(z);
}

{head}modeflow_slowness({rate}, {array}p, {array}b, {real}z){open}
  {let}left = rate(modeflow_place(b, z), p), ahead = b[1], behind = b[2];
  if (ahead == ahead && behind == behind) return 1 / ((behind - ahead) * left);
  if (ahead == ahead) return -1 / left;
  return (behind == behind ? 1 : b[3] * {m}cosh(z)) / left;
}

{head}modeflow_panel({rate}, {array}p, {array}b, {real}one, {real}other){open}
  {let}middle = (one + other) / 2, half = (other - one) / 2, sum = 0;
  for ({int}k = 0; k < {nodes}; k++) {
    {let}apart = half * modeflow_nodes[k];
    {let}below = modeflow_slowness(rate, p, b, middle - apart), above = modeflow_slowness(rate, p, b, middle + apart);
    sum += modeflow_masses[k] * (below + above);
  }
  return half * sum;
}

{head}modeflow_between({rate}, {array}p, {array}b, {real}one, {real}other, {real}whole, {whole}depth){open}
  {let}middle = (one + other) / 2;
  {let}left = modeflow_panel(rate, p, b, one, middle), right = modeflow_panel(rate, p, b, middle, other);
  {let}sum = left + right, off = {m}{abs}(sum - whole);
  if (!({m}{abs}(sum) < {infinity}) || depth > 45 || off <= 1e-14 * {m}{abs}(sum) || off <= 2e-16 * b[5]) return sum;
  if (--b[4] < 0) return {nan};
  left = modeflow_between(rate, p, b, one, middle, left, depth + 1);
  return left + modeflow_between(rate, p, b, middle, other, right, depth + 1);
}

{head}modeflow_path({rate}, {rest}, {array}p, {whole}from, {whole}degree, {array}zeros, {whole}count, {real}begun,
                     {real}time){open}
  {let}speed = rate(begun, p), direction = speed < 0 ? -1 : 1, ahead = {nan}, behind = {nan};
  if (speed == 0 || time == 0) return begun;
  if (!({m}{abs}(speed) < {infinity})) return {nan};
  for ({int}k = 0; k < count; k++) {
    {let}side = (zeros[k] - begun) * direction;
    if (side > 0 && !({m}{abs}(ahead - begun) <= side)) ahead = zeros[k];
    if (side < 0 && !({m}{abs}(behind - begun) <= -side)) behind = zeros[k];
  }
  if (ahead == ahead) rest(p, from, degree, ahead);
  if (behind == behind) rest(p, from, degree, behind);
  {numbers b 6}
  b[0] = begun;
  b[1] = ahead;
  b[2] = behind;
  b[3] = direction;
  b[4] = 100000;
  b[5] = time;
  {let}high = 0, low = 0, passed = 0, more = 0;
  if (ahead == ahead && behind == behind) high = {m}log((begun - behind) / (ahead - begun));
  for (;;) {
    low = high;
    {let}here = modeflow_slowness(rate, p, b, high), step = here > 0 ? (time - passed) / here : 64;
    high = {m}{min}(high + {m}{min}({m}{max}(1, step), 64), 600);
    while (high - low > 1 && !(modeflow_slowness(rate, p, b, high) * (high - low) < 1e6 * (time - passed))) {
      high = (low + high) / 2;
    }
    more = modeflow_between(rate, p, b, low, high, modeflow_panel(rate, p, b, low, high), 0);
    if (modeflow_slowness(rate, p, b, high) == {infinity} || passed + more >= time) break;
    if (!(more == more) || !(here == here)) return {nan};
    passed += more;
    if (high >= 600) return ahead == ahead ? modeflow_place(b, high) : {nan};
  }
  {let}z = low, at = passed, nearer = low;
  for ({int}k = 0; k < 200; k++) {
    {let}wanted = z + (time - at) / modeflow_slowness(rate, p, b, z);
    nearer = low < wanted && wanted < high && !(at - time > time - passed) ? wanted : (low + high) / 2;
    {let}now = passed + modeflow_between(rate, p, b, low, nearer, modeflow_panel(rate, p, b, low, nearer), 0);
    if (b[4] < 0) return {nan};
    if (now < time) {
      low = nearer;
      passed = now;
    } else {
      high = nearer;
    }
    if ({m}{abs}(nearer - z) <= 4e-16 * (1 + {m}{abs}(nearer))) break;
    z = nearer;
    at = now;
  }
  return modeflow_place(b, nearer);
}
"""
# From o = from + degree + 1: begun, unit, power, order, scale, the number of weights, of zeros, two zeros, the weights.
ORBIT = """{head}modeflow_weight({array}p, {whole}at, {real}x){open}
  return p[at] * {m}sqrt(p[at + 1] + p[at + 2] * x * x);
}

{head}modeflow_others({array}p, {whole}o, {real}x){open}
  {let}product = 1;
  for ({int}n = 0; n < p[o + 5]; n++) product *= {m}pow(modeflow_weight(p, o + 9 + 4 * n, x), p[o + 12 + 4 * n]);
  return product;
}

{head}modeflow_strength({array}p, {whole}o, {real}x){open}
  return p[o + 1] * {m}pow(x, p[o + 2]) * modeflow_others(p, o, x);
}

{procedure}modeflow_begin({array}p, {whole}o){open}
  {int}apart = 0;
  {let}begun = p[o];
  for ({int}n = 0; n < p[o + 5]; n++) {
    {let}a = p[o + 9 + 4 * n], k = p[o + 10 + 4 * n], m = p[o + 11 + 4 * n];
    {let}least = ({m}{abs}(a) - {m}sqrt(k) * {m}{abs}(begun)) * ({m}{abs}(a) + {m}sqrt(k) * {m}{abs}(begun));
    if (least <= 4e-16 * a * a) {
      {let}factor = {m}pow(a / begun, m);
      p[o + 1] *= factor;
      p[o + 4] *= factor;
      p[o + 2] += m;
      p[o + 3] += m;
    } else {
      p[o + 9 + 4 * apart] = a < 0 ? -1 : 1;
      p[o + 10 + 4 * apart] = least;
      p[o + 11 + 4 * apart] = k;
      p[o + 12 + 4 * apart] = m;
      apart++;
    }
  }
  p[o + 5] = apart;
}

{head}modeflow_place_of({array}p, {whole}o, {real}strength, {real}side){open}
  if (!(modeflow_strength(p, o, side) * strength > 0)) return {nan};
  {let}wanted = {m}log({m}{abs}(strength)) - {m}log({m}{abs}(p[o + 1])), low = -4096, high = 4096;
  for ({int}k = 0; k < 100; k++) {
    {let}y = (low + high) / 2, found = p[o + 2] * y + {m}log({m}{abs}(modeflow_others(p, o, side * {m}exp(y))));
    if (found > wanted) high = y;
    else low = y;
  }
  return side * {m}exp((low + high) / 2);
}

{counts}modeflow_places({array}p, {whole}o, {array}strengths, {whole}count, {array}found){open}
  {int}total = 0;
  if (p[o + 3] != 0) found[total++] = 0;
  for ({int}k = 0; k < count && total < 62; k++) {
    if (strengths[k] == 0) {
      found[total++] = 0;
      continue;
    }
    for ({int}side = 1; side > -2; side -= 2) {
      {let}x = p[o + 3] == 0 || side * p[o] > 0 ? modeflow_place_of(p, o, strengths[k], side) : {nan};
      if (x == x) found[total++] = x;
    }
  }
  return total;
}

{procedure}modeflow_rest({array}p, {whole}from, {whole}degree, {real}zero){open}
  {int}o = from + degree + 1;
  if (zero == 0 && p[o + 3] != 0) {
    p[o + 3] -= 1;
    return;
  }
  p[o + 7 + {cast}p[o + 6]] = zero;
  p[o + 6] += 1;
  modeflow_divide(p, from, degree, modeflow_strength(p, o, zero));
}

{head}modeflow_grown({real}x, {real}y, {real}power){open}
  if (power == 1 || x == 0) return power == 1 ? 1 : {m}pow(y, power - 1);
  if (y == 0) return {m}pow(x, power - 1);
  {let}apart = (x - y) / y;
  return {m}pow(y, power - 1) * (apart == 0 ? power : {m}expm1(power * {m}log1p(apart)) / apart);
}

{head}modeflow_steepness({array}p, {whole}o, {real}x, {real}y){open}
  if (x * y < 0) return (modeflow_strength(p, o, x) - modeflow_strength(p, o, y)) / (x - y);
  {let}total = modeflow_grown(x, y, p[o + 2]) * modeflow_others(p, o, x), done = 1;
  for ({int}n = 0; n < p[o + 5]; n++) {
    {int}at = o + 9 + 4 * n;
    {let}u = modeflow_weight(p, at, x), v = modeflow_weight(p, at, y), steps = 0, later = 1, m = p[at + 3];
    for ({int}j = 0; j < m; j++) steps += {m}pow(u, j) * {m}pow(v, m - 1 - j);
    for ({int}k = n + 1; k < p[o + 5]; k++) later *= {m}pow(modeflow_weight(p, o + 9 + 4 * k, x), p[o + 12 + 4 * k]);
    total += {m}pow(y, p[o + 2]) * done * steps * p[at + 2] * (x + y) / (u + v) * later;
    done *= {m}pow(v, m);
  }
  return p[o + 1] * total;
}

{head}modeflow_orbit({array}p, {whole}from, {whole}degree, {real}x){open}
  {int}o = from + degree + 1;
  {let}size = p[o + 4] * modeflow_others(p, o, x) * (p[o + 3] != 0 ? {m}pow(x, p[o + 3]) : 1);
  for ({int}k = 0; k < p[o + 6]; k++) size *= modeflow_steepness(p, o, x, p[o + 7 + k]);
  return size * modeflow_polynomial(p, from, degree, modeflow_strength(p, o, x));
}
"""


@dataclass(frozen=True)
class ScalarPath:
    """A law in the words of a language of numbers.

    Attributes:
        place: what the place is called.
        numbers: the letters, the coefficients of the polynomial, then what an orbit has besides.
        begins: where the coefficients begin.
        degree: of the polynomial.
        factors: the coefficients of each factor.
        begun: the place at t = 0.
        squares: where the coefficients begin of what a root is taken of, and its degree.
        besides: what an orbit's polynomial is multiplied by; its other form, if there is one; the letters they need.
        product: the letter of the product in it; empty where the law is of no orbit.
        walls: products at which the closed form ends.
    """

    place: str
    numbers: tuple[str, ...]
    begins: int
    degree: int
    factors: tuple[tuple[str, ...], ...]
    begun: str
    squares: tuple[tuple[int, int], ...]
    besides: tuple[str, str, tuple[tuple[str, int], ...]]
    product: str
    walls: tuple[str, ...]


def scalar_path(
    law: PathLaw, place: str, names: Mapping[Symbol, str], taken: Callable[[str], str], write: Callable[[Expr], str]
) -> ScalarPath:
    """A law in the names of its letters; NoEvaluator where it is none of those that are written.

    taken: gives a name that nothing else has. write: prints an expression in letters, which it puts into these names.
    """
    if not isinstance(law, TimeLaw | OrbitLaw):
        raise NoEvaluator("it is found from a law for the time that is solved in Python only")
    factors, polynomial, *_ = law._parts
    if polynomial.degree() > MOST:
        raise NoEvaluator(f"its rate is a polynomial of degree {polynomial.degree()}, of more than {MOST}")
    letters = [s for s in names if s in law_letters(law)]
    numbers, squares, degree = [names[s] for s in letters], list[tuple[int, int]](), polynomial.degree()
    product = ""
    rest: tuple[str, str, tuple[tuple[str, int], ...]] = ("1", "", ())
    if isinstance(law, OrbitLaw):
        product = taken("product")
        numbers += [write(c) for c in polynomial.all_coeffs()] + _of_orbit(law, write)
        rest = _rest(law, names, letters, Symbol(product, real=True), write)
    else:
        degree += len(law.squares)  # of which each may be a square
        numbers += ["0"] * len(law.squares) + [write(c) for c in polynomial.all_coeffs()]
        for one in law.squares:
            squares.append((len(numbers), one.degree()))
            numbers += [write(c) for c in one.all_coeffs()]
    return ScalarPath(
        place,
        tuple(numbers),
        len(letters),
        degree,
        tuple(tuple(write(c) for c in one.all_coeffs()) for one in factors if one.degree() > 0),
        write(law.begun),
        tuple(squares),
        rest,
        product,
        tuple(write(wall) for wall in law.walls) if isinstance(law, OrbitLaw) else (),
    )


def _of_orbit(law: OrbitLaw, write: Callable[[Expr], str]) -> list[str]:
    start = (law.begun, law.unit, law.power, law.order, law.scale)
    weights = [text for a, k, m in law.others for text in (write(a), write(k), str(m), "0")]
    return [*(write(e) for e in start), str(len(law.others)), "0", "0", "0", *weights]


def _rest(
    law: OrbitLaw, names: Mapping[Symbol, str], letters: list[Symbol], product: Symbol, write: Callable[[Expr], str]
) -> tuple[str, str, tuple[tuple[str, int], ...]]:
    """What is never 0, in two forms where there are two, and which letters it holds."""
    besides = law._parts[2]
    forms = [besides] if law._other == besides else [besides, law._other]
    first, *others = [write(form.xreplace({law.product: product})) for form in forms]
    used = tuple((names[s], n) for n, s in enumerate(letters) if besides.has(s))
    return first, others[0] if others else "", used


def law_letters(law: PathLaw) -> set[Symbol]:
    """The letters of a law besides the place."""
    return set().union(*(e.free_symbols for e in law.expressions)) - {law.moving}


def rate_name(name: str) -> str:
    return f"modeflow_rate_of_{name}"


def rate_text(name: str, path: ScalarPath, written: Callable[[str], str]) -> str:
    """The function of the rate of a path, over its distances from the zeros next to it."""
    first, other, used = path.besides
    at = f"p, {path.begins}, {path.degree}, {path.place}"
    lines = [f"{{head}}{rate_name(name)}({{real}}{path.place}, {{array}}p){{open}}"]
    lines += [f"  {{let}}{letter} = p[{n}];" for letter, n in used]
    if path.product and re.search(rf"\b{path.product}\b", first + other):
        o = path.begins + path.degree + 1
        lines.append(f"  {{let}}{path.product} = modeflow_strength(p, {o}, {path.place});")
    if other:
        lines.append(f"  {{let}}first = {first};")
        first = f"first == first ? first : {other}"
    sizes = [f"{{m}}sqrt(modeflow_polynomial(p, {n}, {degree}, {path.place}))" for n, degree in path.squares]
    size = " * ".join([f"({first})", *sizes])
    lines.append(f"  return {size} * {'modeflow_orbit' if path.product else 'modeflow_polynomial'}({at});")
    return written("\n".join([*lines, "}", ""]))


def path_lines(name: str, path: ScalarPath, time: str, local: Callable[[str], str]) -> list[str]:
    """The steps that find the place, in the words of a template. local: gives a name that nothing else has."""
    p, zeros, count, o = local("numbers"), local("zeros"), local("count"), path.begins + path.degree + 1
    lines = [f"{{filled {p}}}{', '.join(path.numbers)}{{/filled}}", f"{{numbers {zeros} 64}}", f"{{int}}{count} = 0;"]
    for coefficients in path.factors:
        factor = local("factor")
        lines.append(f"{{filled {factor}}}{', '.join(coefficients)}{{/filled}}")
        lines.append(f"{count} = modeflow_zeros({factor}, 0, {len(coefficients) - 1}, {zeros}, {count});")
    rest = "modeflow_divide"
    for begins, degree in path.squares:
        if degree == 2:
            at = f"{p}, {path.begins}, {path.degree}, {begins}, {path.begun}, {zeros}, {count}"
            lines.append(f"{count} = modeflow_fold({at});")
    if path.product:
        places, rest = local("places"), "modeflow_rest"
        lines += [f"modeflow_begin({p}, {o});", f"{{numbers {places} 64}}"]
        lines.append(f"{count} = modeflow_places({p}, {o}, {zeros}, {count}, {places});")
        zeros = places
    at = f"{p}, {path.begins}, {path.degree}, {zeros}, {count}, {path.begun}, {time}"
    lines.append(f"{{let}}{path.place} = modeflow_path({rate_name(name)}, {rest}, {at});")
    for wall in path.walls:
        ends = [f"(modeflow_strength({p}, {o}, {x}) - ({wall}))" for x in (path.place, path.begun)]
        lines.append(f"if ({ends[0]} * {ends[1]} <= 0) {path.place} = {{nan}};")
    return lines


def nodes() -> tuple[list[float], list[float]]:
    """Those of Gauss's rule that are > 0, and what their values are weighed by."""
    places, masses = np.polynomial.legendre.leggauss(2 * NODES)
    return places[NODES:].tolist(), masses[NODES:].tolist()


def helpers(text: str) -> str:
    """The functions that a text calls, in the words of a template; empty where it finds no path."""
    if "modeflow_path(" not in text:
        return ""
    parts = {"modeflow_zeros(": ZEROS, "modeflow_fold(": FOLD, "modeflow_path(": PATH, "modeflow_orbit(": ORBIT}
    return POLYNOMIAL + "".join(f"\n{part}" for call, part in parts.items() if call in text)
