/* Points each on a mode of its own: X, Y, alpha from the start by steps, by the Taylor series about the middle of each.
 *
 * Points are taken many at a time, in lanes whose loops are vectorised. No memory is allocated.
 */

#include "modes.h"

enum { LANES = 16, STEP_TERMS = 20 };
#define STEP 1.0          /* of a point's steps, in delta times mu + z + STEP_DENSITY */
#define STEP_DENSITY 3.5
#define LARGE 0x1p+332    /* X + Y above it are made smaller, which changes no weight */

typedef struct {
    double mu[LANES], z[LANES], way[LANES], rest[LANES], X[LANES], Y[LANES], alpha[LANES]; /* z: at the middle of a step */
} lanes;

/* The smaller and the larger weight from the state at delta, before the tail. */
static void weights(const mode *m, state s, double delta, double *small, double *large)
{
    const double half = m->sign * 0.5 * m->root * exp(-delta / 2) / (sqrt(s.X) * sqrt(s.Y));
    *small = half * s.alpha;
    *large = half * (s.X + s.Y);
}

/* X, Y, alpha of n lanes from z (1 + x) to z (1 - x): the inverse of the operator back there, then that onwards, whose
   series differ in the signs of the odd terms. */
static inline void step(const size_t n, lanes *p, const double *restrict x)
{
    double D[LANES], G[LANES], E[LANES], F[LANES], d[LANES], g[LANES], e[LANES], f[LANES]; /* a term, and that before */
    double sums[2][4][LANES]; /* of even and odd terms */
    for (size_t j = 0; j < n; j++) {
        D[j] = sums[0][0][j] = 1;
        G[j] = E[j] = F[j] = d[j] = g[j] = e[j] = f[j] = 0;
        sums[0][1][j] = sums[0][2][j] = sums[0][3][j] = 0;
        sums[1][0][j] = sums[1][1][j] = sums[1][2][j] = sums[1][3][j] = 0;
    }
    for (int k = 1; k < STEP_TERMS; k++) {
        const double share = 1.0 / k, fall = (k - 1) * share;
        double(*const sum)[LANES] = sums[k % 2];
        for (size_t j = 0; j < n; j++) {
            const double by_mu = share * (p->mu[j] * x[j]), by_z = share * (p->z[j] * x[j]), feed = by_z * x[j];
            const double falling = fall * x[j];
            const double nD = falling * D[j] - feed * f[j] + by_mu * E[j] + by_z * F[j];
            const double nG = falling * G[j] + feed * e[j] + by_mu * F[j] - by_z * E[j];
            const double nE = falling * E[j] + feed * g[j] + by_mu * D[j] - by_z * G[j];
            const double nF = falling * F[j] - feed * d[j] + by_mu * G[j] + by_z * D[j];
            d[j] = D[j], g[j] = G[j], e[j] = E[j], f[j] = F[j];
            D[j] = nD, G[j] = nG, E[j] = nE, F[j] = nF;
            sum[0][j] += nD, sum[1][j] += nG, sum[2][j] += nE, sum[3][j] += nF;
        }
    }
    for (size_t j = 0; j < n; j++) {
        const state now = {p->X[j], p->Y[j], p->alpha[j]};
        operator_ back, onwards;
        back.D = sums[0][0][j] - sums[1][0][j], onwards.D = sums[0][0][j] + sums[1][0][j];
        back.G = sums[0][1][j] - sums[1][1][j], onwards.G = sums[0][1][j] + sums[1][1][j];
        back.E = sums[0][2][j] - sums[1][2][j], onwards.E = sums[0][2][j] + sums[1][2][j];
        back.F = sums[0][3][j] - sums[1][3][j], onwards.F = sums[0][3][j] + sums[1][3][j];
        const state later = applied(onwards, applied(inverse(back), now));
        const double size = later.X + later.Y > LARGE ? 1 / LARGE : 1;
        p->X[j] = size * later.X, p->Y[j] = size * later.Y, p->alpha[j] = size * later.alpha;
    }
}

/* Takes n lanes to the end of their way, each by steps of its own. */
static inline void march(const size_t n, lanes *p)
{
    double end[LANES], low[LANES]; /* z after a step, and what was lost by rounding it: many steps may round alike */
    for (size_t j = 0; j < n; j++) end[j] = p->z[j], low[j] = 0;
    for (int open = 1; open;) {
        double x[LANES];
        open = 0;
        for (size_t j = 0; j < n; j++) {
            const double z = end[j], most = STEP / (p->mu[j] + z + STEP_DENSITY);
            /* A multiple of the last digit of the whole way, so that what is left of the way is exact. */
            const double now = p->rest[j] <= most ? p->rest[j] : (most + p->way[j]) - p->way[j];
            const double e = expm1_near(now / 2), both = e * (2 + e), half = z * both / (2 + 2 * both);
            const double fall = 2 * half + low[j];
            p->rest[j] -= now;
            x[j] = both / (both + 2); /* tanh(now/2) */
            p->z[j] = z - half;
            end[j] = z - fall;
            low[j] = fall - (z - end[j]);
            open |= p->rest[j] > 0;
        }
        step(n, p, x);
    }
}

/* The points whose numbers are in `chosen`, at most LANES of them. given: as modeflow_points. */
static void some_points(size_t points, const double *given, size_t n, const size_t *chosen, double tail, double *out)
{
    mode modes[LANES];
    lanes p = {{0}, {0}, {0}, {0}, {0}, {0}, {0}};
    double delta[LANES];
    for (size_t j = 0; j < n; j++) {
        const double *const at = given + chosen[j];
        const mode m = read(at[points], at[2 * points], at[3 * points], at[4 * points], at[5 * points]);
        modes[j] = m;
        delta[j] = fmin(2 * m.decay * at[0], FARTHEST);
        p.mu[j] = m.mu, p.z[j] = m.z0, p.X[j] = m.start.X, p.Y[j] = m.start.Y, p.alpha[j] = m.start.alpha;
        p.way[j] = p.rest[j] = fmin(delta[j], before_tail(&m, tail));
    }
    if (n > 2)
        march(LANES, &p);
    else
        for (size_t j = 0; j < n; j++) {
            lanes one = {{p.mu[j]}, {p.z[j]}, {p.way[j]}, {p.rest[j]}, {p.X[j]}, {p.Y[j]}, {p.alpha[j]}};
            march(1, &one);
            p.X[j] = one.X[0], p.Y[j] = one.Y[0], p.alpha[j] = one.alpha[0];
        }
    for (size_t j = 0; j < n; j++) {
        const state end = {p.X[j], p.Y[j], p.alpha[j]};
        const double rest = delta[j] - p.way[j], w1 = given[4 * points + chosen[j]], w2 = given[5 * points + chosen[j]];
        double *const w = out + chosen[j], small, large;
        if (rest > 0)
            tail_weights(&modes[j], end, p.way[j], rest, tail, &small, &large);
        else
            weights(&modes[j], end, delta[j], &small, &large);
        w[0] = modes[j].swapped ? large : small;
        w[points] = modes[j].swapped ? small : large;
        w[2 * points] = small * large;
        if (given[chosen[j]] == 0) w[0] = w1, w[points] = w2, w[2 * points] = w1 * w2;
    }
}

/* w1, w2 and w, into out, of points each from its own start. given: s, lam, noise, decay, w1, w2, one after the other.
 * left: 1 for a point that needs more than `most` steps, or of which a number is NaN or infinite; 0 for all others.
 * order and first have place for `points` and most + 2 numbers: points of as many steps go together.
 */
void modeflow_points(size_t points, const double *given, double tail, size_t most, size_t *order, size_t *first,
                     double *out, unsigned char *left)
{
    for (size_t k = 0; k < most + 2; k++) first[k] = 0;
    for (size_t i = 0; i < points; i++) {
        const double *const at = given + i, s = at[0];
        const mode m = read(at[points], at[2 * points], at[3 * points], at[4 * points], at[5 * points]);
        const double early = before_tail(&m, tail), delta = fmin(2 * m.decay * s, early);
        const double number = number_of(m.mu, m.z0, STEP_DENSITY, STEP, delta);
        left[i] = !(s >= 0 && early < HUGE_VAL && number < (double)most);
        out[i] = left[i] ? (double)most : number;
        first[(size_t)out[i] + 1]++;
    }
    for (size_t k = 0; k < most; k++) first[k + 1] += first[k];
    {
        const size_t done = first[most];
        for (size_t i = 0; i < points; i++)
            if (!left[i]) order[first[(size_t)out[i]]++] = i;
        for (size_t i = 0; i < done; i += LANES)
            some_points(points, given, done - i < LANES ? done - i : LANES, order + i, tail, out);
    }
}
