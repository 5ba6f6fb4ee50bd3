/* A small call: points of weights of different size under decay, all of one mode or each of its own. */

#include "modes.h"

/* w1, w2 and w of n points, one after the other, into out. x: t, lam, noise, decay, w1, w2, tau, each `step` numbers
 * further on for the next point. Returns 1 where a point needs a closer look, and out is not to be used. work: place for
 * 8 numbers a point, the table of anchors (rows of `row` numbers) and most + 2 numbers.
 */
int modeflow_fading(size_t n, const double *const x[7], const ptrdiff_t step[7], size_t curve_from, double density,
                    double spacing, double tail, size_t rows, size_t row, size_t most, double *work, double *out)
{
    double *const given = work, *const table = given + 6 * n, mode[5];
    size_t *const order = (size_t *)(table + rows * row), *const first = order + n;
    unsigned char *const left = (unsigned char *)(first + most + 2);
    int shared = n >= curve_from;
    for (size_t i = 0; i < n; i++) {
        double at[7];
        for (int k = 0; k < 7; k++) at[k] = x[k][(ptrdiff_t)i * step[k]];
        if (!(at[0] >= 0 && at[1] >= 0 && at[2] >= 0 && at[3] > 0 && at[6] > 0 && at[6] < HUGE_VAL)) return 1;
        if (!(fabs(at[4]) < fabs(at[5]) || fabs(at[4]) > fabs(at[5]))) return 1;
        given[i] = at[0] / at[6];
        for (size_t k = 1; k < 6; k++) {
            given[k * n + i] = at[k];
            if (i == 0) mode[k - 1] = at[k];
            shared = shared && at[k] == mode[k - 1];
        }
    }
    if (shared)
        modeflow_curves(1, mode, n, given, 0, density, spacing, tail, rows, table, out, left);
    else
        modeflow_points(n, given, tail, most, order, first, out, left);
    for (size_t i = 0; i < (shared ? 1 : n); i++)
        if (left[i]) return 1;
    for (size_t i = 0; i < 3 * n; i++)
        if (!isfinite(out[i])) return 1;
    return 0;
}
