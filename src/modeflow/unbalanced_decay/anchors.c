/* Many times on modes with weight decay and weights of different size, as anchors.py does it, one point after another:
 * X, Y, alpha from anchor to anchor by the Taylor series about them, and by the same series in between.
 *
 * forth = D + G i and turn = E + F i are the operator of taylor.py; a mode is in units of its decay, and
 * x = 1 - z/z(anchor) in units of the anchor's step. No memory is allocated: the caller brings the table of anchors.
 */

#include <math.h>
#include <stddef.h>

enum { TERMS = 16, ROW = 2 + 3 * TERMS }; /* a row: delta and step of the anchor, the series of X, Y, alpha */

typedef struct {
    double D, G, E, F;
} operator_;

typedef struct {
    double X, Y, alpha;
} state;

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

static operator_ inverse(operator_ o)
{
    const operator_ back = {o.D, -o.G, -o.E, -o.F};
    return back;
}

static state applied(operator_ o, state s)
{
    const state later = {
        (o.D + o.E) * s.X + (o.F + o.G) * s.Y,
        (o.F - o.G) * s.X + (o.D - o.E) * s.Y,
        (o.D - o.F) * s.alpha + (o.E + o.G) * (s.X + s.Y),
    };
    return later;
}

/* The rows of one mode: delta and step are there; the series are written. start: X, Y, alpha at the first anchor. */
static void chain(double mu, double z0, state start, ptrdiff_t count, double *rows)
{
    operator_ series[TERMS], before[TERMS];
    state now = start;
    for (ptrdiff_t i = 0; i < count; i++) {
        double *row = rows + i * ROW;
        const double step = row[1];
        coefficients(mu, z0 * exp(-row[0]), step, series);
        if (i > 0) { /* by way of the middle */
            const double half = (row[0] - row[-ROW]) / 2;
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
        chain(one[0], one[1], first, offset[m + 1] - offset[m], table + ROW * offset[m]);
    }
    for (size_t i = 0; i < points; i++) {
        const ptrdiff_t m = of ? of[i] : 0;
        const double mu = start[5 * m], z0 = start[5 * m + 1];
        const double number = (z0 * -expm1(-delta[i]) + (mu + density) * delta[i]) / spacing;
        const double last = (double)(offset[m + 1] - offset[m] - 1);
        const double *row = table + ROW * (offset[m] + (ptrdiff_t)fmin(nearbyint(number), last));
        const double x = -expm1(row[0] - delta[i]) / row[1];
        const double *term = row + ROW - 3;
        state s = {term[0], term[1], term[2]};
        for (term -= 3; term > row; term -= 3) {
            s.X = s.X * x + term[0];
            s.Y = s.Y * x + term[1];
            s.alpha = s.alpha * x + term[2];
        }
        X[i] = s.X;
        Y[i] = s.Y;
        alpha[i] = s.alpha;
    }
}
