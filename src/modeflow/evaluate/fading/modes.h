/* What anchors.c and points.c share: the operator of taylor.py, modes as modes.py has them, and the tail of paths.py.
 *
 * forth = D + G i and turn = E + F i are the operator; a mode is in units of its decay.
 */

#ifndef MODEFLOW_MODES_H
#define MODEFLOW_MODES_H

#include <math.h>
#include <stddef.h>

#define FARTHEST 1e300 /* delta of infinite times, as in modes.py */

typedef struct {
    double D, G, E, F;
} operator_;

typedef struct {
    double X, Y, alpha;
} state;

static inline operator_ inverse(operator_ o)
{
    const operator_ back = {o.D, -o.G, -o.E, -o.F};
    return back;
}

static inline state applied(operator_ o, state s)
{
    const state later = {
        (o.D + o.E) * s.X + (o.F + o.G) * s.Y,
        (o.F - o.G) * s.X + (o.D - o.E) * s.Y,
        (o.D - o.F) * s.alpha + (o.E + o.G) * (s.X + s.Y),
    };
    return later;
}

/* The number of anchors, or steps, from the start to delta, as a real number. */
static inline double number_of(double mu, double z0, double density, double spacing, double delta)
{
    return (z0 * -expm1(-delta) + (mu + density) * delta) / spacing;
}

/* e^y - 1 for |y| <= 0.15. */
static inline double expm1_near(double y)
{
    double sum = 1;
    for (int n = 12; n >= 2; n--) sum = 1 + y * (1.0 / n) * sum;
    return y * sum;
}

/* A mode as `modes.py` has it, from lam, noise, decay, w1, w2. */
typedef struct {
    double mu, nu, z0, decay, root, sign; /* root: of the imbalance */
    int swapped;
    state start;
} mode;

static inline mode read(double lam, double noise, double decay, double w1, double w2)
{
    const double one = fabs(w1), two = fabs(w2);
    const int swapped = one > two;
    const double b = swapped ? one : two, a = copysign(swapped ? two : one, copysign(1, w1) * copysign(1, w2));
    const mode read = {
        lam / (2 * decay), (lam - decay) / (2 * decay), (lam + noise) / (4 * decay) * (b + a) * (b - a), decay,
        sqrt(b + a) * sqrt(b - a), copysign(1, swapped ? w1 : w2), swapped, {b + a, b - a, 2 * a},
    };
    return read;
}

/* How far in delta a mode goes until z is `tail`; NaN or infinite where it has no finite units. */
static inline double before_tail(const mode *m, double tail)
{
    if (!isfinite(m->mu + m->nu + m->z0 + m->start.X + m->start.Y)) return HUGE_VAL;
    return m->z0 > tail ? log(m->z0 / tail) : 0;
}

/* The smaller and the larger weight a time `rest` after the state at delta, where z is `tail` or smaller: to first order in z, as paths.py. */
static inline void tail_weights(const mode *m, state s, double delta, double rest, double tail, double *small, double *large)
{
    const double mu = m->mu, z = m->z0 < tail ? m->z0 : tail, rate = 2 * fabs(m->nu);
    const double faded = exp(-2 * mu * rest), gone = -expm1(-2 * mu * rest), slow = exp(-rate * rest);
    const double share = z * s.Y / (2 * mu + 1), fed = rate == 0 ? rest : -expm1(-rate * rest) / rate;
    const int grown = m->nu >= 0;
    const double kept = (grown ? slow : 1) * s.Y + z * (s.X + share) * fed, scale = grown ? exp(-rest) : faded;
    const double back = -expm1(-(2 * mu + 1) * rest) / (2 * mu + 1), X = s.X + z * s.Y * back, Y = scale * kept;
    const double sum = s.alpha * (1 + faded - z * (back + scale * fed)) + (s.X + s.Y) * (gone + z * (back - scale * fed));
    const double root = m->root * exp(-(delta + (grown ? 0 : rate) * rest) / 2);
    const double half = m->sign * 0.5 * root / (sqrt(kept) * sqrt(X));
    *small = half * (2 * s.X < s.Y ? X - Y : sum / 2);
    *large = half * (X + Y);
}

/* As anchors.c and points.c say. */
void modeflow_curves(size_t count, const double *modes, size_t points, const double *s, size_t step, double density,
                    double spacing, double tail, size_t rows, double *table, double *out, unsigned char *left);
void modeflow_points(size_t points, const double *given, double tail, size_t most, size_t *order, size_t *first,
                     double *out, unsigned char *left);

#endif
