"""Bessel functions of any real order up to 10,000 for C and JavaScript, which have at most those of whole orders.

An order ν is n + μ with |μ| <= 1/2. For small x, I and J are power series, K and Y of μ and μ + 1 Temme's series (1975,
1976), in which 1/Γ(1 ± μ) are sums. From 1 on, K is ∫exp(-x cosh s)cosh(μs)ds (DLMF 10.32.9) by the trapezoidal rule,
whose error falls faster than any power of its step. From 2 on, J and Y come from J by recurrence downwards, the
continued fraction of (J' + iY')/(J + iY), Steed's, and their Wronskian, and from 25 on from Hankel's expansion (DLMF
10.17.3). K and Y go up from μ to ν by recurrence. I, and J of an order above x, come from the ratio to their next and a
Wronskian (DLMF 10.28.2, 10.5.2). A negative order is reflected (DLMF 10.27.2, 10.4.5).

Of orders between -10 and 10, K and I are within 16 units in the last place, and J and Y within 16 units of
2⁻⁵²·√(J² + Y²). I of a negative broken order is a sum, and within 16 units of 2⁻⁵² of its terms.
"""

from __future__ import annotations

import mpmath

NAMES = frozenset(
    f"modeflow_{name}"
    for name in (
        "gamma",
        "sinpi",
        "temme",
        "powers",
        "waves",
        "hankel",
        "modified",
        "bessel",
        *(f"bessel_{k}" for k in "ijky"),
    )
)
TERMS = 28  # of 1/Γ(1 + μ), for |μ| <= 1/2

SHARED = """{head}modeflow_sinpi({real}x){open}
  {let}turns = x - 2 * {m}round(x / 2);
  return {m}{abs}(turns) == 1 || turns == 0 ? 0 : {m}sin(turns * {pi});
}

{head}modeflow_powers({real}nu, {real}x, {real}sign){open}
  {let}n = {m}round(nu), mu = nu - n, first = 0, term = 1, sum = 1;
  for ({int}k = {gammas}; k >= 0; k--) first = first * mu + modeflow_gamma[k];
  first *= {m}pow(x / 2, nu);
  for ({int}k = 1; k <= n; k++) first /= mu + k;
  for ({int}k = 1; k < 20; k++) {
    term *= sign * x * x / (4 * k * (nu + k));
    sum += term;
  }
  return first * sum;
}

{procedure}modeflow_temme({real}x, {real}mu, {real}sign, {array}pair){open}
  {let}even = 0, odd = 0;
  for ({int}k = {gammas}; k >= 0; k -= 2) odd = odd * mu * mu - modeflow_gamma[k];
  for ({int}k = {gammas} - 1; k >= 0; k -= 2) even = even * mu * mu + modeflow_gamma[k];
  {let}l = {m}log(2 / x), sigma = mu * l, sine = modeflow_sinpi(mu), half = modeflow_sinpi(mu / 2);
  {let}up = {m}pow(x / 2, -mu), down = 1 / up, wide = {m}{abs}(sigma) < 1 ? {m}sinh(sigma) : (up - down) / 2;
  {let}f = (up + down) / 2 * odd + (sigma == 0 ? l : wide / mu) * even;
  if (mu != 0) f *= mu * {pi} / sine;
  {let}p = up / (even - mu * odd) / 2, q = down / (even + mu * odd) / 2;
  {let}turn = sign > 0 || mu == 0 ? 0 : 2 * half * half / mu, size = 1;
  pair[0] = f + turn * q;
  pair[1] = p;
  for ({int}k = 1; k < 30; k++) {
    f = (k * f + p + q) / ((k - mu) * (k + mu));
    p /= k - mu;
    q /= k + mu;
    size *= sign * x * x / (4 * k);
    pair[0] += size * (f + turn * q);
    pair[1] += size * (p - k * (f + turn * q));
  }
  pair[1] *= 2 / x;
}
"""
MODIFIED = """{procedure}modeflow_modified({real}nu, {real}x, {array}pair){open}
  {let}n = {m}round(nu), mu = nu - n;
  if (x < 1) {
    modeflow_temme(x, mu, 1, pair);
    pair[0] *= {m}exp(x);
    pair[1] *= {m}exp(x);
  } else {
    {let}step = 0.65 / {m}sqrt(x + 6), s = step, size = 1;
    pair[0] = pair[1] = 0.5;
    for (; size > 1e-19 * pair[0]; s += step) {
      {let}root = {m}sinh(s / 2);
      size = {m}exp(-2 * x * root * root);
      pair[0] += size * {m}cosh(mu * s);
      pair[1] += size * {m}cosh((mu + 1) * s);
    }
    pair[0] *= step;
    pair[1] *= step;
  }
  for ({int}k = 1; k <= n; k++) {
    {let}next = pair[0] + 2 * (mu + k) / x * pair[1];
    pair[0] = pair[1];
    pair[1] = next;
  }
}

{head}modeflow_bessel_k({real}nu, {real}x){open}
  nu = {m}{abs}(nu);
  if (!(x > 0) || !(nu <= 10000)) return x == 0 ? {infinity} : {nan};
  {pair}
  modeflow_modified(nu, x, pair);
  return pair[0] * {m}exp(-x);
}

{head}modeflow_bessel_i({real}nu, {real}x){open}
  {let}order = {m}{abs}(nu), whole = nu == {m}floor(nu);
  if (!(order <= 10000) || !(x == x) || (x < 0 && !whole)) return {nan};
  if (x == 0) return order == 0 ? 1 : nu > 0 || whole ? 0 : {nan};
  {let}size = {m}{abs}(x), ratio = 0;
  {pair}
  modeflow_modified(order, size, pair);
  for ({let}k = order + {m}ceil(60 + 8 * {m}sqrt(size)); k > order - 0.5; k--) ratio = 1 / (2 * (k + 1) / size + ratio);
  {let}found = {m}exp(size) / (size * (pair[1] + ratio * pair[0]));
  if (size < 2) found = modeflow_powers(order, size, 1);
  if (nu < 0 && !whole) found -= 2 / {pi} * modeflow_sinpi(nu) * pair[0] * {m}exp(-size);
  return x < 0 && {m}{abs}(modeflow_sinpi(nu / 2)) == 1 ? -found : found;
}
"""
WAVES = """{procedure}modeflow_hankel({real}nu, {real}x, {array}pair){open}
  {let}p = 0, q = 0, term = 1;
  for ({int}k = 1; k < 200 && {m}{abs}(term) > 1e-18; k += 2) {
    p += term;
    term *= (4 * nu * nu - (2 * k - 1) * (2 * k - 1)) / (k * 8 * x);
    q += term;
    term *= -(4 * nu * nu - (2 * k + 1) * (2 * k + 1)) / ((k + 1) * 8 * x);
  }
  {let}turned = nu / 2 + 0.25, c = modeflow_sinpi(turned + 0.5), s = modeflow_sinpi(turned);
  {let}cosine = {m}cos(x) * c + {m}sin(x) * s, sine = {m}sin(x) * c - {m}cos(x) * s, size = {m}sqrt(2 / ({pi} * x));
  pair[0] = size * (p * cosine - q * sine);
  pair[1] = size * (p * sine + q * cosine);
}

{procedure}modeflow_waves({real}mu, {real}x, {array}four){open}
  {let}next = 0, here = 1e-120;
  for ({int}k = 80; k > 0; k--) {
    {let}below = 2 * (mu + k) / x * here - next;
    next = here;
    here = below;
  }
  {let}real = 0, imaginary = 0;
  for ({int}k = 200; k > 0; k--) {
    {let}a = (k - 0.5) * (k - 0.5) - mu * mu, b = 2 * x + real, c = 2 * k + imaginary;
    real = a * b / (b * b + c * c);
    imaginary = -a * c / (b * b + c * c);
  }
  {let}p = -(0.5 + imaginary) / x, q = 1 + real / x, slope = mu / x * here - next;
  {let}other = (p * here - slope) / q, norm = {m}sqrt(2 / ({pi} * x * q) / (here * here + other * other));
  four[0] = norm * here;
  four[1] = norm * next;
  four[2] = norm * other;
  four[3] = mu / x * four[2] - q * four[0] - p * four[2];
}

{procedure}modeflow_bessel({real}nu, {real}x, {array}found){open}
  {let}n = {m}round(nu), mu = nu - n, ratio = 0;
  {four}
  if (x < 2) {
    {pair}
    modeflow_temme(x, mu, -1, pair);
    four[2] = -2 / {pi} * pair[0];
    four[3] = -2 / {pi} * pair[1];
  } else if (x < 25) {
    modeflow_waves(mu, x, four);
  } else {
    {pair}
    modeflow_hankel(mu, x, pair);
    four[0] = pair[0];
    four[2] = pair[1];
    modeflow_hankel(mu + 1, x, pair);
    four[1] = pair[0];
    four[3] = pair[1];
  }
  for ({int}k = 1; k <= n; k++) {
    for ({int}of = 0; of < 4; of += 2) {
      {let}next = 2 * (mu + k) / x * four[of + 1] - four[of];
      four[of] = four[of + 1];
      four[of + 1] = next;
    }
  }
  if (x < 2) {
    four[0] = modeflow_powers(nu, x, -1);
  } else if (nu > x) {
    for ({let}k = nu + {m}ceil(60 + 15 * {m}cbrt(x)); k > nu - 0.5; k--) ratio = 1 / (2 * (k + 1) / x - ratio);
    four[0] = 2 / ({pi} * x) / (ratio * four[2] - four[3]);
  }
  found[0] = four[0];
  found[1] = four[2];
}

{head}modeflow_bessel_j({real}nu, {real}x){open}
  {let}order = {m}{abs}(nu), whole = nu == {m}floor(nu), size = {m}{abs}(x);
  if (!(order <= 10000) || !(x == x) || (x < 0 && !whole)) return {nan};
  if (x == 0) return order == 0 ? 1 : nu > 0 || whole ? 0 : {nan};
  {pair}
  modeflow_bessel(order, size, pair);
  {let}odd = {m}{abs}(modeflow_sinpi(nu / 2)) == 1 ? -1 : 1;
  if (whole) return (nu < 0) != (x < 0) ? odd * pair[0] : pair[0];
  return nu < 0 ? modeflow_sinpi(order + 0.5) * pair[0] - modeflow_sinpi(order) * pair[1] : pair[0];
}

{head}modeflow_bessel_y({real}nu, {real}x){open}
  {let}order = {m}{abs}(nu), whole = nu == {m}floor(nu);
  if (!(x > 0) || !(order <= 10000)) return x == 0 ? -{infinity} : {nan};
  {pair}
  modeflow_bessel(order, x, pair);
  if (whole) return nu < 0 && {m}{abs}(modeflow_sinpi(nu / 2)) == 1 ? -pair[1] : pair[1];
  return nu < 0 ? modeflow_sinpi(order) * pair[0] + modeflow_sinpi(order + 0.5) * pair[1] : pair[1];
}
"""


def gamma_series() -> list[float]:
    """The coefficients of 1/Γ(1 + μ) in powers of μ, by the recurrence of DLMF 5.7.2."""
    with mpmath.workdps(40):
        logs = [mpmath.euler, *((-1) ** (k + 1) * mpmath.zeta(k) for k in range(2, TERMS))]
        found = [mpmath.mpf(1)]
        while len(found) < TERMS:
            found.append(mpmath.fsum(a * b for a, b in zip(logs, reversed(found), strict=False)) / len(found))
        return [float(c) for c in found]
