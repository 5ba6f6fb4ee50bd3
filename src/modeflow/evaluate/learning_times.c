/* Learning times of modes by the generated kernels, with the rules of approach.py: when a strength is reached, if ever. */

#include "generated/c/modeflow.h"

#include <math.h>
#include <stddef.h>

static int is_plain(double x)
{
    return x == 0 || (fabs(x) > 1e-75 && fabs(x) < 1e75);
}

/* tau times over which a mode reaches x; NaN where it needs a closer look. */
static double learning_time(double x, double lam, double noise, double decay, double w1, double w2, double tau)
{
    const int equal = fabs(w1) == fabs(w2), rests = (lam == 0 && noise == 0 && decay == 0) || (w1 == 0 && w2 == 0);
    const double start = w1 * w2, rest = lam > decay ? (lam - decay) / (lam + noise) : 0;
    const double limit = equal && start < 0 ? 0 : rest;
    double time;
    if (!(is_plain(x) && is_plain(lam) && is_plain(noise) && is_plain(decay))) return NAN;
    if (!(is_plain(w1) && is_plain(w2) && is_plain(tau))) return NAN;
    if (lam < 0 || noise < 0 || decay < 0 || tau <= 0 || (decay > 0 && !equal)) return NAN;
    if (x == start || (x < start && (rests || start <= limit))) return 0;
    if (rests || !((start < x && x < limit) || (limit < x && x < start))) return HUGE_VAL;
    if (equal)
        modeflow_balanced_time_f64(x, lam, noise, decay, fabs(w1), copysign(1, w1) * copysign(1, w2), &time);
    else
        modeflow_direct_time_f64(x, lam, noise, w1, w2, &time);
    if (!(time < HUGE_VAL)) return NAN;
    return time >= 0 ? time * tau : HUGE_VAL;
}

/* The times into out[0], of rows x columns points, as modeflow_strength_f64 takes its arguments, with the strength in
 * the place of t. Returns 1 where a point needs a closer look: out is not to be used.
 */
int modeflow_learning_time_f64(size_t rows, size_t columns, const double *const x[7], const ptrdiff_t outer[7],
                               const ptrdiff_t inner[7], double *const out[2])
{
    double *to = out[0];
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            double at[7];
            for (int k = 0; k < 7; k++) at[k] = x[k][(ptrdiff_t)i * outer[k] + (ptrdiff_t)j * inner[k]];
            *to = learning_time(at[0], at[1], at[2], at[3], at[4], at[5], at[6]);
            if (isnan(*to++)) return 1;
        }
    return 0;
}
