/* Many times on modes with weight decay and weights of different size, as anchors.py does it, one point after another:
 * X, Y, alpha from anchor to anchor by the Taylor series about them, and by the same series in between.
 *
 * x = 1 - z/z(anchor) is in units of the anchor's step. No memory is allocated: the caller brings the table of anchors.
 */

#include "modes.h"

enum { TERMS = 16, ROW = 2 + 3 * TERMS }; /* a row: delta and step of the anchor, the series of X, Y, alpha */

/* The Taylor coefficients of the operator about an anchor, times step^n. */
static void coefficients(double mu, double z, double step, operator_ out[TERMS])
{
    const double by_mu = mu * step, by_z = z * step, feed = by_z * step;
    operator_ before = {0, 0, 0, 0}, now = {1, 0, 0, 0};
    out[0] = now;
    for (int n = 0; n < TERMS - 1; n++) {
        const double fall = n * step, share = 1.0 / (n + 1);
        const operator_ next = {
            share * (fall * now.D - feed * before.F + by_mu * now.E + by_z * now.F),
            share * (fall * now.G + feed * before.E + by_mu * now.F - by_z * now.E),
            share * (fall * now.E + feed * before.G + by_mu * now.D - by_z * now.G),
            share * (fall * now.F - feed * before.D + by_mu * now.G + by_z * now.D),
        };
        before = now;
        out[n + 1] = now = next;
    }
}

static operator_ at(const operator_ series[TERMS], double x)
{
    operator_ sum = series[TERMS - 1];
    for (int n = TERMS - 2; n >= 0; n--) {
        sum.D = sum.D * x + series[n].D;
        sum.G = sum.G * x + series[n].G;
        sum.E = sum.E * x + series[n].E;
        sum.F = sum.F * x + series[n].F;
    }
    return sum;
}

/* The delta of an anchor, nearly: Newton's method, from the left, such as the anchor before, on a concave function. */
static double placed(double mu, double z0, double density, double spacing, double number, double delta)
{
    for (int i = 0; i < 30; i++) {
        const double z = z0 * exp(-delta), rest = number * spacing - (z0 * -expm1(-delta) + (mu + density) * delta);
        delta += rest / (mu + z + density);
        if (rest < 0.1 * spacing) break;
    }
    return delta;
}

/* The rows of one mode, from X, Y, alpha at the first anchor. */
static void chain(double mu, double z0, state start, ptrdiff_t count, double density, double spacing, double *rows)
{
    operator_ series[TERMS], before[TERMS];
    state now = start;
    for (ptrdiff_t i = 0; i < count; i++) {
        double *row = rows + i * ROW;
        const double left = i > 0 ? row[-ROW] + row[1 - ROW] : 0;
        const double delta = placed(mu, z0, density, spacing, (double)i, left), z = z0 * exp(-delta);
        const double step = spacing / (mu + z + density);
        row[0] = delta;
        row[1] = step;
        coefficients(mu, z, step, series);
        if (i > 0) { /* by way of the middle */
            const double half = (delta - row[-ROW]) / 2;
            now = applied(at(before, -expm1(-half) / row[1 - ROW]), now);
            now = applied(inverse(at(series, -expm1(half) / step)), now);
        }
        for (int n = 0; n < TERMS; n++) {
            const state term = applied(series[n], now);
            row[2 + 3 * n] = term.X;
            row[3 + 3 * n] = term.Y;
            row[4 + 3 * n] = term.alpha;
            before[n] = series[n];
        }
    }
}

/* X, Y, alpha at delta by the series about an anchor close by. */
static state near(const double *row, double delta)
{
    const double x = -expm1(row[0] - delta) / row[1], *term = row + ROW - 3;
    state s = {term[0], term[1], term[2]};
    for (term -= 3; term > row; term -= 3) {
        s.X = s.X * x + term[0];
        s.Y = s.Y * x + term[1];
        s.alpha = s.alpha * x + term[2];
    }
    return s;
}

/* X, Y, alpha at the points, into out. start: mu, z0, X, Y, alpha of each mode, 5 columns; offset: the first row of its
 * anchors, and one more at the end. of: the mode of each point, or NULL where there is one; it has its nearest anchor
 * at the number (z0 (1 - e^-delta) + (mu + density) delta)/spacing.
 */
void modeflow_anchored(size_t modes, const double *start, const ptrdiff_t *offset, double *table, double density,
                       double spacing, size_t points, const ptrdiff_t *of, const double *delta, double *out)
{
    double *const X = out, *const Y = out + points, *const alpha = out + 2 * points;
    for (size_t m = 0; m < modes; m++) {
        const double *one = start + 5 * m;
        const state first = {one[2], one[3], one[4]};
        chain(one[0], one[1], first, offset[m + 1] - offset[m], density, spacing, table + ROW * offset[m]);
    }
    for (size_t i = 0; i < points; i++) {
        const ptrdiff_t m = of ? of[i] : 0;
        const double mu = start[5 * m], z0 = start[5 * m + 1];
        const double number = number_of(mu, z0, density, spacing, delta[i]);
        const double last = (double)(offset[m + 1] - offset[m] - 1);
        const state s = near(table + ROW * (offset[m] + (ptrdiff_t)fmin(nearbyint(number), last)), delta[i]);
        X[i] = s.X;
        Y[i] = s.Y;
        alpha[i] = s.alpha;
    }
}

enum { AT_ONCE = 64 }; /* points, whose loops are vectorised */

/* The smaller weight, the larger one and the strength at up to AT_ONCE times near one anchor; factor is half the root of
   the imbalance there. */
static void near_anchor(const double *row, double factor, size_t n, const double *delta, double *restrict small,
                        double *restrict large, double *restrict strength)
{
    const double delta0 = row[0], inverse = -1 / row[1];
    double e[AT_ONCE], x[AT_ONCE], X[AT_ONCE], Y[AT_ONCE], alpha[AT_ONCE];
    for (size_t j = 0; j < n; j++) {
        e[j] = expm1_near(delta0 - delta[j]);
        x[j] = e[j] * inverse;
        X[j] = Y[j] = alpha[j] = 0;
    }
    for (const double *term = row + ROW - 3; term > row; term -= 3)
        for (size_t j = 0; j < n; j++) {
            X[j] = X[j] * x[j] + term[0];
            Y[j] = Y[j] * x[j] + term[1];
            alpha[j] = alpha[j] * x[j] + term[2];
        }
    for (size_t j = 0; j < n; j++) {
        const double half = factor * sqrt((1 + e[j]) / (X[j] * Y[j]));
        small[j] = half * alpha[j];
        large[j] = half * (X[j] + Y[j]);
        strength[j] = small[j] * large[j];
    }
}

/* Halfway from an anchor to the next one. */
static double middle(const double *row)
{
    return (row[0] + row[ROW]) / 2;
}

/* The anchor next to delta, sought from the last one on. */
static const double *closest(const double *table, size_t count, double delta)
{
    const double *row = table + ROW * (count - 1);
    while (row > table && delta < middle(row - ROW)) row -= ROW;
    return row;
}

/* The times of one mode, as modeflow_curves. */
static int curve(const double *given, size_t points, const double *s, double density, double spacing, double tail,
                 size_t rows, double *table, double *w1, double *w2, double *w)
{
    const mode m = read(given[0], given[1], given[2], given[3], given[4]);
    const double early = before_tail(&m, tail);
    double longest = 0, *const small = m.swapped ? w2 : w1, *const large = m.swapped ? w1 : w2;
    size_t count, at = 0;
    state last;
    for (size_t j = 0; j < points; j++) {
        if (!(s[j] >= 0)) return 1;
        longest = s[j] > longest ? s[j] : longest;
    }
    longest = fmin(2 * m.decay * longest, early);
    {
        const double number = ceil(number_of(m.mu, m.z0, density, spacing, longest)) + 1;
        if (!(number <= (double)rows)) return 1;
        count = (size_t)number;
    }
    chain(m.mu, m.z0, m.start, (ptrdiff_t)count, density, spacing, table);
    last = near(closest(table, count, longest), longest);
    for (size_t first = 0, end; first < points; first = end) {
        const double here = 2 * m.decay * s[first], *row;
        double delta[AT_ONCE], low, high;
        if (here > early) {
            tail_weights(&m, last, early, fmin(here, FARTHEST) - early, tail, small + first, large + first);
            w[first] = small[first] * large[first];
            end = first + 1;
            continue;
        }
        while (at + 1 < count && here > middle(table + ROW * at)) at++;
        while (at > 0 && here < middle(table + ROW * (at - 1))) at--;
        row = table + ROW * at;
        low = at > 0 ? middle(row - ROW) : 0;
        high = at + 1 < count ? fmin(middle(row), early) : early;
        for (end = first; end < points && end - first < AT_ONCE; end++) {
            delta[end - first] = 2 * m.decay * s[end];
            if (delta[end - first] < low || delta[end - first] > high) break;
        }
        near_anchor(row, m.sign * 0.5 * m.root * exp(-row[0] / 2), end - first, delta, small + first, large + first,
                    w + first);
    }
    for (size_t j = 0; j < points; j++)
        if (s[j] == 0) w1[j] = given[3], w2[j] = given[4], w[j] = given[3] * given[4];
    return 0;
}

/* w1, w2 and w of modes at many times each, into out. modes: lam, noise, decay, w1, w2 of each; s: t/tau, the times of the
 * next mode `step` further on. table has place for `rows` anchors. left: 1 for a mode for which that is not enough, of
 * which a number is NaN or infinite, so that other methods are needed; 0 for all others.
 */
void modeflow_curves(size_t count, const double *modes, size_t points, const double *s, size_t step, double density,
                    double spacing, double tail, size_t rows, double *table, double *out, unsigned char *left)
{
    for (size_t m = 0; m < count; m++) {
        double *const w1 = out + m * points, *const w2 = w1 + count * points, *const w = w2 + count * points;
        left[m] = curve(modes + 5 * m, points, s + m * step, density, spacing, tail, rows, table, w1, w2, w) != 0;
    }
}
