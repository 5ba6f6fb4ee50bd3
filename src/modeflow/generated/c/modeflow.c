/* Generated code: do not edit. Written by modeflow 0.1.0: modeflow generate --target c */

#include "modeflow.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

enum { T, LAM, NOISE, DECAY, W1, W2, TAU };
enum { MODEFLOW_BLOCK = 1024 };

/* exp and expm1 in plain arithmetic, so that loops over them are vectorised: x = k·ln 2 + r, |r| <= (ln 2)/2, and the
   Taylor polynomial of exp(r) - 1. Within 1 ulp (expm1: 1.5), down to the subnormal numbers; NaN in, NaN out. */

static inline double bits_f64(uint64_t whole)
{
    double value;
    memcpy(&value, &whole, sizeof value);
    return value;
}

/* 2 to the power of a whole k between the exponents of normal numbers. */
static inline double power_f64(double k)
{
    double shifted = k + (6755399441055744.0 + 1023.0);
    uint64_t whole;
    memcpy(&whole, &shifted, sizeof whole);
    return bits_f64(whole << 52);
}

static inline double clamped_f64(double x)
{
    x = x < -750.0 ? -750.0 : x;
    return x > 750.0 ? 750.0 : x;
}

/* exp(r) - 1, with k and r as above. */
static inline double reduced_f64(double x, double *k)
{
    double whole = (x * 1.4426950408889634 + 6755399441055744.0) - 6755399441055744.0;
    double r = (x - whole * 0.6931471803691238) - whole * 1.9082149292705877e-10;
    double p = (1.0 / 6227020800.0);
    p = p * r + (1.0 / 479001600.0);
    p = p * r + (1.0 / 39916800.0);
    p = p * r + (1.0 / 3628800.0);
    p = p * r + (1.0 / 362880.0);
    p = p * r + (1.0 / 40320.0);
    p = p * r + (1.0 / 5040.0);
    p = p * r + (1.0 / 720.0);
    p = p * r + (1.0 / 120.0);
    p = p * r + (1.0 / 24.0);
    p = p * r + (1.0 / 6.0);
    p = p * r + (1.0 / 2.0);
    *k = whole;
    return r + r * r * p;
}

static inline double exp_f64(double x)
{
    double k, p = reduced_f64(clamped_f64(x), &k);
    double half = (0.5 * k + 6755399441055744.0) - 6755399441055744.0;
    double value = ((p + 1.0) * power_f64(half)) * power_f64(k - half);
    return x == x ? value : x;
}

static inline double expm1_f64(double x)
{
    double k, p = reduced_f64(clamped_f64(x), &k);
    double half = (0.5 * k + 6755399441055744.0) - 6755399441055744.0;
    double one = power_f64(half), other = power_f64(k - half);
    double value = p * one * other + (one * other - 1.0);
    return x == x ? value : x;
}

/* The root of x*x + y*y, without overflow or underflow of the squares. */
static inline double hypot_f64(double x, double y)
{
    double large, ratio;
    x = x < 0 ? -x : x;
    y = y < 0 ? -y : y;
    large = x > y ? x : y;
    ratio = (x > y ? y : x) / (large > DBL_MIN ? large : DBL_MIN);
    return large * sqrt(1.0 + ratio * ratio);
}

/* Strength of a mode without decay, for weights a and b of different size, in any order; s = t/tau.
   Claims: eval.direct_strength_moving, eval.direct_strength_resting. 49 operations. */
static inline void direct_strength_f64(double s, double lam, double eps, double a, double b, double *w_out)
{
    const double A = 2.0*lam;
    const double xi = eps + lam;
    const double p = a + b;
    const double q = b - a;
    const double c = p*q;
    const double X = c*xi;
    const double rho = hypot_f64(A, X);
    const double safe = ((rho > 0.0) ? (rho) : (1.0));
    const double unit = (1.0 / ((safe)));
    const double half = lam*unit;
    const double top = 2.0*half + 1.0;
    const double share = ((p)*(p))/top;
    const double f = unit*xi;
    const double u = f*((q)*(q));
    const double n = (1.0 / 2.0)*top + (1.0 / 2.0)*u;
    const double g = n*share;
    const double m = f*g;
    const double x = -rho*s;
    const double E = exp_f64(x);
    const double M = -expm1_f64(x);
    const double start = a*b;
    const double rest = f*share*u;
    const double middle = half*((p)*(p)) + rest*start;
    const double settled = g*half*n;
    const double den = (E + M*m)*(E + M*n);
    *w_out = (E*(E*start + M*middle) + ((M)*(M))*settled)/den;
}

/* Encoder and decoder weight of a mode without decay, for b > |a|; s = t/tau.
   Claims: eval.direct_weights_rising, eval.direct_weights_crossing, eval.direct_weights_resting. 64 operations. */
static inline void direct_weights_f64(double s, double lam, double eps, double a, double b, double *w1_out, double *w2_out)
{
    const double A = 2.0*lam;
    const double xi = eps + lam;
    const double p = a + b;
    const double q = b - a;
    const double c = p*q;
    const double X = c*xi;
    const double rho = hypot_f64(A, X);
    const double safe = ((rho > 0.0) ? (rho) : (1.0));
    const double unit = (1.0 / ((safe)));
    const double half = lam*unit;
    const double top = 2.0*half + 1.0;
    const double share = ((p)*(p))/top;
    const double f = unit*xi;
    const double u = f*((q)*(q));
    const double n = (1.0 / 2.0)*top + (1.0 / 2.0)*u;
    const double g = n*share;
    const double m = f*g;
    const double x = -rho*s;
    const double E = exp_f64(x);
    const double M = -expm1_f64(x);
    const double beta = X*unit;
    const double up = ((0.0) > (a) ? (0.0) : (a));
    const double down = ((0.0) < (a) ? (0.0) : (a));
    const double turned = ((a < 0.0) ? (beta + top) : (beta + 1.0));
    const double s1 = half*(b + down + (2.0*half*up - (2.0*beta*down))/turned);
    const double rest = f*share*u;
    const double s2 = (1.0 / 2.0)*b*(beta + rest) + half*p;
    const double den = (E + M*m)*(E + M*n);
    const double root = (sqrt(den));
    *w1_out = (E*a + M*s1)/root;
    *w2_out = (E*b + M*s2)/root;
}

/* Loss of a mode without decay along its path, for weights a and b in any order; s = t/tau.
   Claims: eval.direct_loss_moving, eval.direct_loss_resting. 46 operations. */
static inline void direct_loss_f64(double s, double lam, double eps, double a, double b, double *loss_out)
{
    const double A = 2.0*lam;
    const double xi = eps + lam;
    const double p = a + b;
    const double q = b - a;
    const double c = p*q;
    const double X = c*xi;
    const double rho = hypot_f64(A, X);
    const double safe = ((rho > 0.0) ? (rho) : (1.0));
    const double unit = (1.0 / ((safe)));
    const double half = lam*unit;
    const double top = 2.0*half + 1.0;
    const double share = ((p)*(p))/top;
    const double f = unit*xi;
    const double u = f*((q)*(q));
    const double n = (1.0 / 2.0)*top + (1.0 / 2.0)*u;
    const double g = n*share;
    const double m = f*g;
    const double x = -rho*s;
    const double E = exp_f64(x);
    const double M = -expm1_f64(x);
    const double scale = ((rho > 0.0) ? (xi) : (1.0));
    const double den = (E + M*m)*(E + M*n);
    const double gap = E*(lam - (a*b*xi))/den;
    const double inverse = (1.0 / ((scale)));
    const double part = gap*inverse;
    *loss_out = (1.0 / 2.0)*eps*inverse*lam + (1.0 / 2.0)*gap*part;
}

/* Learning time, in units of tau, of a mode without decay, to a strength x on its way.
   Claims: eval.direct_time_positive, eval.direct_time_negative. 46 operations. */
static inline void direct_time_f64(double x, double lam, double eps, double a, double b, double *time_out)
{
    const double A = 2.0*lam;
    const double xi = eps + lam;
    const double p = a + b;
    const double q = b - a;
    const double c = p*q;
    const double rho = hypot_f64(A, c*xi);
    const double h = hypot_f64(c, 2.0*x);
    const double h0 = ((a)*(a)) + ((b)*(b));
    const double P = ((x >= 0.0) ? (h + 2.0*x) : (((c)*(c))/(h - (2.0*x))));
    const double P0 = ((p)*(p));
    const double low = ((c)*(c))*xi/(A + rho);
    const double way = (x - (a*b))/(lam - (x*xi));
    const double bend = (P + P0)/(h + h0);
    const double end = (h*xi + rho)/(A + P*xi + rho);
    const double y = 2.0*bend*end*rho*way/(P0 + low);
    *time_out = log1p(y)/rho;
}

/* Strength of a mode with |w1| = |w2| = r, sigma the sign of w1 w2; s = t/tau.
   Claims: eval.balanced_strength_growing, eval.balanced_strength_fading, eval.balanced_strength_opposite,
   eval.balanced_strength_critical, eval.balanced_strength_idle. 22 operations. */
static inline void balanced_strength_f64(double s, double lam, double eps, double gamma, double r, double sigma, double *w_out)
{
    const double kappa = lam*sigma - gamma;
    const double k = fabs(kappa);
    const double xi = eps + lam;
    const double rate = -2.0*k;
    const double x = rate*s;
    const double E = exp_f64(x);
    const double m = ((kappa != 0.0) ? (-expm1_f64(x)/k) : (2.0*s));
    const double u0 = ((r)*(r));
    const double v = u0*xi;
    const double den = m*v + ((kappa > 0.0) ? (E) : (1.0));
    const double u = u0*((kappa > 0.0) ? (1.0) : (E))/den;
    *w_out = sigma*u;
}

/* Size of both weights of a mode with |w1| = |w2| = r, sigma the sign of w1 w2; s = t/tau.
   Claims: eval.balanced_weights_growing, eval.balanced_weights_fading, eval.balanced_weights_opposite,
   eval.balanced_weights_critical, eval.balanced_weights_idle. 26 operations. */
static inline void balanced_weights_f64(double s, double lam, double eps, double gamma, double r, double sigma, double *size_out)
{
    const double kappa = lam*sigma - gamma;
    const double k = fabs(kappa);
    const double xi = eps + lam;
    const double rate = -2.0*k;
    const double x = rate*s;
    const double E = exp_f64(x);
    const double m = ((kappa != 0.0) ? (-expm1_f64(x)/k) : (2.0*s));
    const double u0 = ((r)*(r));
    const double v = u0*xi;
    const double den = m*v + ((kappa > 0.0) ? (E) : (1.0));
    const double half = ((kappa > 0.0) ? (1.0) : (exp_f64(-k*s)));
    const double root = (sqrt(den));
    *size_out = half*r/root;
}

/* Loss of a mode with |w1| = |w2| = r along its path, sigma the sign of w1 w2; s = t/tau.
   Claims: eval.balanced_loss_growing, eval.balanced_loss_fading, eval.balanced_loss_opposite,
   eval.balanced_loss_critical, eval.balanced_loss_idle. 41 operations. */
static inline void balanced_loss_f64(double s, double lam, double eps, double gamma, double r, double sigma, double *loss_out)
{
    const double kappa = lam*sigma - gamma;
    const double k = fabs(kappa);
    const double xi = eps + lam;
    const double rate = -2.0*k;
    const double x = rate*s;
    const double E = exp_f64(x);
    const double m = ((kappa != 0.0) ? (-expm1_f64(x)/k) : (2.0*s));
    const double u0 = ((r)*(r));
    const double v = u0*xi;
    const double den = m*v + ((kappa > 0.0) ? (E) : (1.0));
    const double u = u0*((kappa > 0.0) ? (1.0) : (E))/den;
    const double scale = ((kappa > 0.0) ? (xi) : (1.0));
    const double gap = E*(kappa - (u0*xi))/den;
    const double least = (eps*lam + gamma*(kappa + lam))/scale;
    const double share = gap/scale;
    const double total = ((kappa > 0.0) ? (gap*share + least) : (lam + u*(2.0*k + u*xi)));
    *loss_out = (1.0 / 2.0)*total;
}

/* Learning time, in units of tau, of a mode with |w1| = |w2| = r, to a strength x on its way.
   Claims: eval.balanced_time_growing, eval.balanced_time_fading, eval.balanced_time_opposite,
   eval.balanced_time_critical, eval.balanced_time_idle. 22 operations. */
static inline void balanced_time_f64(double x, double lam, double eps, double gamma, double r, double sigma, double *time_out)
{
    const double kappa = lam*sigma - gamma;
    const double k = fabs(kappa);
    const double xi = eps + lam;
    const double u0 = ((r)*(r));
    const double size = sigma*x;
    const double way = size - u0;
    const double z = ((kappa > 0.0) ? (way/(u0*(kappa - (size*xi)))) : (-way/(size*(k + u0*xi))));
    const double span = ((kappa != 0.0) ? (log1p(k*z)/k) : (z));
    *time_out = (1.0 / 2.0)*span;
}

void modeflow_direct_strength_f64(double s, double lam, double eps, double a, double b, double *w_out)
{
    direct_strength_f64(s, lam, eps, a, b, w_out);
}

void modeflow_direct_weights_f64(double s, double lam, double eps, double a, double b, double *w1_out, double *w2_out)
{
    direct_weights_f64(s, lam, eps, a, b, w1_out, w2_out);
}

void modeflow_direct_loss_f64(double s, double lam, double eps, double a, double b, double *loss_out)
{
    direct_loss_f64(s, lam, eps, a, b, loss_out);
}

void modeflow_direct_time_f64(double x, double lam, double eps, double a, double b, double *time_out)
{
    direct_time_f64(x, lam, eps, a, b, time_out);
}

void modeflow_balanced_strength_f64(double s, double lam, double eps, double gamma, double r, double sigma, double *w_out)
{
    balanced_strength_f64(s, lam, eps, gamma, r, sigma, w_out);
}

void modeflow_balanced_weights_f64(double s, double lam, double eps, double gamma, double r, double sigma, double *size_out)
{
    balanced_weights_f64(s, lam, eps, gamma, r, sigma, size_out);
}

void modeflow_balanced_loss_f64(double s, double lam, double eps, double gamma, double r, double sigma, double *loss_out)
{
    balanced_loss_f64(s, lam, eps, gamma, r, sigma, loss_out);
}

void modeflow_balanced_time_f64(double x, double lam, double eps, double gamma, double r, double sigma, double *time_out)
{
    balanced_time_f64(x, lam, eps, gamma, r, sigma, time_out);
}

/* ---- whole paths: arguments as the Python evaluators take them, over a grid of rows x columns ---- */

static inline double steps_f64(double t, double tau)
{
    /* At an infinite time every exponential has vanished; a huge finite one spares 0·inf in modes at rest. */
    double s = t / tau;
    return s < DBL_MAX / 8 ? s : DBL_MAX / 8;
}

static inline double sign_f64(double x) { return copysign(1.0, x); }

static inline void strength_unequal_f64(const double v[7], double out[2])
{
    double one = fabs(v[W1]), two = fabs(v[W2]);
    double a = copysign(one < two ? one : two, v[W1] * v[W2]), b = one < two ? two : one;
    direct_strength_f64(steps_f64(v[T], v[TAU]), v[LAM], v[NOISE], a, b, &out[0]);
}

static inline void strength_equal_f64(const double v[7], double out[2])
{
    double r = fabs(v[W1]), s = r == 0 ? 0 : steps_f64(v[T], v[TAU]);
    balanced_strength_f64(s, v[LAM], v[NOISE], v[DECAY], r, sign_f64(v[W1]) * sign_f64(v[W2]), &out[0]);
}

static inline void weights_unequal_f64(const double v[7], double out[2])
{
    double one = fabs(v[W1]), two = fabs(v[W2]), small, large, sign;
    double a = copysign(one < two ? one : two, v[W1] * v[W2]), b = one < two ? two : one;
    direct_weights_f64(steps_f64(v[T], v[TAU]), v[LAM], v[NOISE], a, b, &small, &large);
    sign = one > two ? sign_f64(v[W1]) : sign_f64(v[W2]);
    out[0] = sign * (one > two ? large : small);
    out[1] = sign * (one > two ? small : large);
}

static inline void weights_equal_f64(const double v[7], double out[2])
{
    double r = fabs(v[W1]), s = r == 0 ? 0 : steps_f64(v[T], v[TAU]), size;
    balanced_weights_f64(s, v[LAM], v[NOISE], v[DECAY], r, sign_f64(v[W1]) * sign_f64(v[W2]), &size);
    out[0] = copysign(size, v[W1]);
    out[1] = copysign(size, v[W2]);
}

static inline void loss_unequal_f64(const double v[7], double out[2])
{
    direct_loss_f64(steps_f64(v[T], v[TAU]), v[LAM], v[NOISE], v[W1], v[W2], &out[0]);
}

static inline void loss_equal_f64(const double v[7], double out[2])
{
    double r = fabs(v[W1]), s = r == 0 ? 0 : steps_f64(v[T], v[TAU]);
    balanced_loss_f64(s, v[LAM], v[NOISE], v[DECAY], r, sign_f64(v[W1]) * sign_f64(v[W2]), &out[0]);
}

/* Not 0 where a value of argument k is out of its range; NaN is. */
static inline uint64_t outside_f64(int k, size_t n, const double *restrict x)
{
    const double low = k == W1 || k == W2 ? -DBL_MAX : k == TAU ? DBL_MIN * DBL_EPSILON : 0;
    const double high = k == T ? (double)INFINITY : DBL_MAX;
    uint64_t outside = 0;
    size_t i;
    for (i = 0; i < n; i++) outside |= (x[i] >= low) & (x[i] <= high) ? 0 : 1;
    return outside;
}

/* One block of points, all of one kind (equal or not): x[k][i * step[k]], step 0 or 1. */
static void strength_block_f64(int equal, size_t n, const double *const x[7], double *const out[2])
{
    const double *restrict t = x[T], *restrict lam = x[LAM], *restrict noise = x[NOISE], *restrict decay = x[DECAY];
    const double *restrict w1 = x[W1], *restrict w2 = x[W2], *restrict tau = x[TAU];
    double *restrict first = out[0];
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            double v[7] = {t[i], lam[i], noise[i], decay[i], w1[i], w2[i], tau[i]}, found[2];
            strength_equal_f64(v, found);
            first[i] = found[0];
        }
    else
        for (i = 0; i < n; i++) {
            double v[7] = {t[i], lam[i], noise[i], decay[i], w1[i], w2[i], tau[i]}, found[2];
            strength_unequal_f64(v, found);
            first[i] = found[0];
        }
}

/* The times of one mode: what depends on the mode alone is computed once. */
static void strength_mode_f64(int equal, size_t n, const double *restrict t, const double mode[7], double *const out[2])
{
    const double lam = mode[LAM], noise = mode[NOISE], decay = mode[DECAY], w1 = mode[W1], w2 = mode[W2], tau = mode[TAU];
    double *restrict first = out[0];
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            double v[7] = {t[i], lam, noise, decay, w1, w2, tau}, found[2];
            strength_equal_f64(v, found);
            first[i] = found[0];
        }
    else
        for (i = 0; i < n; i++) {
            double v[7] = {t[i], lam, noise, decay, w1, w2, tau}, found[2];
            strength_unequal_f64(v, found);
            first[i] = found[0];
        }
}

int modeflow_strength_f64(size_t rows, size_t columns, const double *const x[7], const ptrdiff_t outer[7],
    const ptrdiff_t inner[7], double *const out[2])
{
    double buffer[7][MODEFLOW_BLOCK], other[2][MODEFLOW_BLOCK];
    size_t row, start, i;
    int k, one_mode = 1;
    for (k = 0; k < 7; k++) one_mode &= k == T ? inner[k] != 0 : inner[k] == 0;
    for (row = 0; row < rows; row++)
        for (start = 0; start < columns; start += MODEFLOW_BLOCK) {
            size_t n = columns - start < MODEFLOW_BLOCK ? columns - start : MODEFLOW_BLOCK, equal = 0;
            const double *at[7];
            double *to[2], mode[7];
            uint64_t bad = 0; /* of the width of the numbers, so that the loops are vectorised */
            for (k = 0; k < 7; k++) {
                const double *from = x[k] + (ptrdiff_t)row * outer[k] + (ptrdiff_t)start * inner[k];
                at[k] = from;
                mode[k] = *from;
                if (inner[k] == 0) {
                    bad |= outside_f64(k, 1, from);
                    if (!one_mode) at[k] = buffer[k];
                    if (!one_mode && start == 0)
                        for (i = 0; i < n; i++) buffer[k][i] = mode[k];
                } else {
                    if (inner[k] != 1) {
                        for (i = 0; i < n; i++) buffer[k][i] = from[(ptrdiff_t)i * inner[k]];
                        at[k] = buffer[k];
                    }
                    bad |= outside_f64(k, n, at[k]);
                }
            }
            if (bad != 0) return MODEFLOW_UNUSUAL;
            to[0] = out[0] + row * columns + start;
            to[1] = 0 ? out[1] + row * columns + start : to[0];
            if (one_mode) {
                equal = mode[W1] == mode[W2] || mode[W1] == -mode[W2] ? n : 0;
                if (!equal && mode[DECAY] > 0) return MODEFLOW_UNUSUAL;
                strength_mode_f64(equal != 0, n, at[T], mode, to);
            } else {
                const double *restrict decay = at[DECAY], *restrict w1 = at[W1], *restrict w2 = at[W2];
                uint64_t same = 0;
                for (i = 0; i < n; i++) {
                    uint64_t alike = fabs(w1[i]) == fabs(w2[i]) ? 1 : 0;
                    bad |= decay[i] > 0 ? 1 - alike : 0;
                    same += alike;
                }
                if (bad != 0) return MODEFLOW_UNUSUAL;
                equal = (size_t)same;
                strength_block_f64(equal == n, n, at, to);
                if (equal != 0 && equal != n) {
                    double *const there[2] = {other[0], other[1]};
                    strength_block_f64(1, n, at, there);
                    for (i = 0; i < n; i++) {
                        int alike = fabs(at[W1][i]) == fabs(at[W2][i]);
                        to[0][i] = alike ? other[0][i] : to[0][i];
                    }
                }
            }
            for (i = 0; i < n; i++) bad |= (to[0][i] - to[0][i] == 0) & (to[1][i] - to[1][i] == 0) ? 0 : 1;
            if (bad != 0) return MODEFLOW_UNUSUAL;
        }
    return 0;
}

/* One block of points, all of one kind (equal or not): x[k][i * step[k]], step 0 or 1. */
static void weights_block_f64(int equal, size_t n, const double *const x[7], double *const out[2])
{
    const double *restrict t = x[T], *restrict lam = x[LAM], *restrict noise = x[NOISE], *restrict decay = x[DECAY];
    const double *restrict w1 = x[W1], *restrict w2 = x[W2], *restrict tau = x[TAU];
    double *restrict first = out[0];
    double *restrict second = out[1];
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            double v[7] = {t[i], lam[i], noise[i], decay[i], w1[i], w2[i], tau[i]}, found[2];
            weights_equal_f64(v, found);
            first[i] = found[0];
            second[i] = found[1];
        }
    else
        for (i = 0; i < n; i++) {
            double v[7] = {t[i], lam[i], noise[i], decay[i], w1[i], w2[i], tau[i]}, found[2];
            weights_unequal_f64(v, found);
            first[i] = found[0];
            second[i] = found[1];
        }
}

/* The times of one mode: what depends on the mode alone is computed once. */
static void weights_mode_f64(int equal, size_t n, const double *restrict t, const double mode[7], double *const out[2])
{
    const double lam = mode[LAM], noise = mode[NOISE], decay = mode[DECAY], w1 = mode[W1], w2 = mode[W2], tau = mode[TAU];
    double *restrict first = out[0];
    double *restrict second = out[1];
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            double v[7] = {t[i], lam, noise, decay, w1, w2, tau}, found[2];
            weights_equal_f64(v, found);
            first[i] = found[0];
            second[i] = found[1];
        }
    else
        for (i = 0; i < n; i++) {
            double v[7] = {t[i], lam, noise, decay, w1, w2, tau}, found[2];
            weights_unequal_f64(v, found);
            first[i] = found[0];
            second[i] = found[1];
        }
}

int modeflow_weights_f64(size_t rows, size_t columns, const double *const x[7], const ptrdiff_t outer[7],
    const ptrdiff_t inner[7], double *const out[2])
{
    double buffer[7][MODEFLOW_BLOCK], other[2][MODEFLOW_BLOCK];
    size_t row, start, i;
    int k, one_mode = 1;
    for (k = 0; k < 7; k++) one_mode &= k == T ? inner[k] != 0 : inner[k] == 0;
    for (row = 0; row < rows; row++)
        for (start = 0; start < columns; start += MODEFLOW_BLOCK) {
            size_t n = columns - start < MODEFLOW_BLOCK ? columns - start : MODEFLOW_BLOCK, equal = 0;
            const double *at[7];
            double *to[2], mode[7];
            uint64_t bad = 0; /* of the width of the numbers, so that the loops are vectorised */
            for (k = 0; k < 7; k++) {
                const double *from = x[k] + (ptrdiff_t)row * outer[k] + (ptrdiff_t)start * inner[k];
                at[k] = from;
                mode[k] = *from;
                if (inner[k] == 0) {
                    bad |= outside_f64(k, 1, from);
                    if (!one_mode) at[k] = buffer[k];
                    if (!one_mode && start == 0)
                        for (i = 0; i < n; i++) buffer[k][i] = mode[k];
                } else {
                    if (inner[k] != 1) {
                        for (i = 0; i < n; i++) buffer[k][i] = from[(ptrdiff_t)i * inner[k]];
                        at[k] = buffer[k];
                    }
                    bad |= outside_f64(k, n, at[k]);
                }
            }
            if (bad != 0) return MODEFLOW_UNUSUAL;
            to[0] = out[0] + row * columns + start;
            to[1] = 1 ? out[1] + row * columns + start : to[0];
            if (one_mode) {
                equal = mode[W1] == mode[W2] || mode[W1] == -mode[W2] ? n : 0;
                if (!equal && mode[DECAY] > 0) return MODEFLOW_UNUSUAL;
                weights_mode_f64(equal != 0, n, at[T], mode, to);
            } else {
                const double *restrict decay = at[DECAY], *restrict w1 = at[W1], *restrict w2 = at[W2];
                uint64_t same = 0;
                for (i = 0; i < n; i++) {
                    uint64_t alike = fabs(w1[i]) == fabs(w2[i]) ? 1 : 0;
                    bad |= decay[i] > 0 ? 1 - alike : 0;
                    same += alike;
                }
                if (bad != 0) return MODEFLOW_UNUSUAL;
                equal = (size_t)same;
                weights_block_f64(equal == n, n, at, to);
                if (equal != 0 && equal != n) {
                    double *const there[2] = {other[0], other[1]};
                    weights_block_f64(1, n, at, there);
                    for (i = 0; i < n; i++) {
                        int alike = fabs(at[W1][i]) == fabs(at[W2][i]);
                        to[0][i] = alike ? other[0][i] : to[0][i];
                        to[1][i] = alike ? other[1][i] : to[1][i];
                    }
                }
            }
            for (i = 0; i < n; i++) bad |= (to[0][i] - to[0][i] == 0) & (to[1][i] - to[1][i] == 0) ? 0 : 1;
            if (bad != 0) return MODEFLOW_UNUSUAL;
        }
    return 0;
}

/* One block of points, all of one kind (equal or not): x[k][i * step[k]], step 0 or 1. */
static void loss_block_f64(int equal, size_t n, const double *const x[7], double *const out[2])
{
    const double *restrict t = x[T], *restrict lam = x[LAM], *restrict noise = x[NOISE], *restrict decay = x[DECAY];
    const double *restrict w1 = x[W1], *restrict w2 = x[W2], *restrict tau = x[TAU];
    double *restrict first = out[0];
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            double v[7] = {t[i], lam[i], noise[i], decay[i], w1[i], w2[i], tau[i]}, found[2];
            loss_equal_f64(v, found);
            first[i] = found[0];
        }
    else
        for (i = 0; i < n; i++) {
            double v[7] = {t[i], lam[i], noise[i], decay[i], w1[i], w2[i], tau[i]}, found[2];
            loss_unequal_f64(v, found);
            first[i] = found[0];
        }
}

/* The times of one mode: what depends on the mode alone is computed once. */
static void loss_mode_f64(int equal, size_t n, const double *restrict t, const double mode[7], double *const out[2])
{
    const double lam = mode[LAM], noise = mode[NOISE], decay = mode[DECAY], w1 = mode[W1], w2 = mode[W2], tau = mode[TAU];
    double *restrict first = out[0];
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            double v[7] = {t[i], lam, noise, decay, w1, w2, tau}, found[2];
            loss_equal_f64(v, found);
            first[i] = found[0];
        }
    else
        for (i = 0; i < n; i++) {
            double v[7] = {t[i], lam, noise, decay, w1, w2, tau}, found[2];
            loss_unequal_f64(v, found);
            first[i] = found[0];
        }
}

int modeflow_loss_f64(size_t rows, size_t columns, const double *const x[7], const ptrdiff_t outer[7],
    const ptrdiff_t inner[7], double *const out[2])
{
    double buffer[7][MODEFLOW_BLOCK], other[2][MODEFLOW_BLOCK];
    size_t row, start, i;
    int k, one_mode = 1;
    for (k = 0; k < 7; k++) one_mode &= k == T ? inner[k] != 0 : inner[k] == 0;
    for (row = 0; row < rows; row++)
        for (start = 0; start < columns; start += MODEFLOW_BLOCK) {
            size_t n = columns - start < MODEFLOW_BLOCK ? columns - start : MODEFLOW_BLOCK, equal = 0;
            const double *at[7];
            double *to[2], mode[7];
            uint64_t bad = 0; /* of the width of the numbers, so that the loops are vectorised */
            for (k = 0; k < 7; k++) {
                const double *from = x[k] + (ptrdiff_t)row * outer[k] + (ptrdiff_t)start * inner[k];
                at[k] = from;
                mode[k] = *from;
                if (inner[k] == 0) {
                    bad |= outside_f64(k, 1, from);
                    if (!one_mode) at[k] = buffer[k];
                    if (!one_mode && start == 0)
                        for (i = 0; i < n; i++) buffer[k][i] = mode[k];
                } else {
                    if (inner[k] != 1) {
                        for (i = 0; i < n; i++) buffer[k][i] = from[(ptrdiff_t)i * inner[k]];
                        at[k] = buffer[k];
                    }
                    bad |= outside_f64(k, n, at[k]);
                }
            }
            if (bad != 0) return MODEFLOW_UNUSUAL;
            to[0] = out[0] + row * columns + start;
            to[1] = 0 ? out[1] + row * columns + start : to[0];
            if (one_mode) {
                equal = mode[W1] == mode[W2] || mode[W1] == -mode[W2] ? n : 0;
                if (!equal && mode[DECAY] > 0) return MODEFLOW_UNUSUAL;
                loss_mode_f64(equal != 0, n, at[T], mode, to);
            } else {
                const double *restrict decay = at[DECAY], *restrict w1 = at[W1], *restrict w2 = at[W2];
                uint64_t same = 0;
                for (i = 0; i < n; i++) {
                    uint64_t alike = fabs(w1[i]) == fabs(w2[i]) ? 1 : 0;
                    bad |= decay[i] > 0 ? 1 - alike : 0;
                    same += alike;
                }
                if (bad != 0) return MODEFLOW_UNUSUAL;
                equal = (size_t)same;
                loss_block_f64(equal == n, n, at, to);
                if (equal != 0 && equal != n) {
                    double *const there[2] = {other[0], other[1]};
                    loss_block_f64(1, n, at, there);
                    for (i = 0; i < n; i++) {
                        int alike = fabs(at[W1][i]) == fabs(at[W2][i]);
                        to[0][i] = alike ? other[0][i] : to[0][i];
                    }
                }
            }
            for (i = 0; i < n; i++) bad |= (to[0][i] - to[0][i] == 0) & (to[1][i] - to[1][i] == 0) ? 0 : 1;
            if (bad != 0) return MODEFLOW_UNUSUAL;
        }
    return 0;
}

/* exp and expm1 in plain arithmetic, so that loops over them are vectorised: x = k·ln 2 + r, |r| <= (ln 2)/2, and the
   Taylor polynomial of exp(r) - 1. Within 1 ulp (expm1: 1.5), down to the subnormal numbers; NaN in, NaN out. */

static inline float bits_f32(uint32_t whole)
{
    float value;
    memcpy(&value, &whole, sizeof value);
    return value;
}

/* 2 to the power of a whole k between the exponents of normal numbers. */
static inline float power_f32(float k)
{
    float shifted = k + (12582912.0f + 127.0f);
    uint32_t whole;
    memcpy(&whole, &shifted, sizeof whole);
    return bits_f32(whole << 23);
}

static inline float clamped_f32(float x)
{
    x = x < -105.0f ? -105.0f : x;
    return x > 105.0f ? 105.0f : x;
}

/* exp(r) - 1, with k and r as above. */
static inline float reduced_f32(float x, float *k)
{
    float whole = (x * 1.44269504f + 12582912.0f) - 12582912.0f;
    float r = (x - whole * 0.693359375f) - whole * -2.12194440e-4f;
    float p = (1.0f / 40320.0f);
    p = p * r + (1.0f / 5040.0f);
    p = p * r + (1.0f / 720.0f);
    p = p * r + (1.0f / 120.0f);
    p = p * r + (1.0f / 24.0f);
    p = p * r + (1.0f / 6.0f);
    p = p * r + (1.0f / 2.0f);
    *k = whole;
    return r + r * r * p;
}

static inline float exp_f32(float x)
{
    float k, p = reduced_f32(clamped_f32(x), &k);
    float half = (0.5f * k + 12582912.0f) - 12582912.0f;
    float value = ((p + 1.0f) * power_f32(half)) * power_f32(k - half);
    return x == x ? value : x;
}

static inline float expm1_f32(float x)
{
    float k, p = reduced_f32(clamped_f32(x), &k);
    float half = (0.5f * k + 12582912.0f) - 12582912.0f;
    float one = power_f32(half), other = power_f32(k - half);
    float value = p * one * other + (one * other - 1.0f);
    return x == x ? value : x;
}

/* The root of x*x + y*y, without overflow or underflow of the squares. */
static inline float hypot_f32(float x, float y)
{
    float large, ratio;
    x = x < 0 ? -x : x;
    y = y < 0 ? -y : y;
    large = x > y ? x : y;
    ratio = (x > y ? y : x) / (large > FLT_MIN ? large : FLT_MIN);
    return large * sqrtf(1.0f + ratio * ratio);
}

/* Strength of a mode without decay, for weights a and b of different size, in any order; s = t/tau.
   Claims: eval.direct_strength_moving, eval.direct_strength_resting. 49 operations. */
static inline void direct_strength_f32(float s, float lam, float eps, float a, float b, float *w_out)
{
    const float A = 2.0f*lam;
    const float xi = eps + lam;
    const float p = a + b;
    const float q = b - a;
    const float c = p*q;
    const float X = c*xi;
    const float rho = hypot_f32(A, X);
    const float safe = ((rho > 0.0f) ? (rho) : (1.0f));
    const float unit = (1.0f / ((safe)));
    const float half = lam*unit;
    const float top = 2.0f*half + 1.0f;
    const float share = ((p)*(p))/top;
    const float f = unit*xi;
    const float u = f*((q)*(q));
    const float n = (1.0f / 2.0f)*top + (1.0f / 2.0f)*u;
    const float g = n*share;
    const float m = f*g;
    const float x = -rho*s;
    const float E = exp_f32(x);
    const float M = -expm1_f32(x);
    const float start = a*b;
    const float rest = f*share*u;
    const float middle = half*((p)*(p)) + rest*start;
    const float settled = g*half*n;
    const float den = (E + M*m)*(E + M*n);
    *w_out = (E*(E*start + M*middle) + ((M)*(M))*settled)/den;
}

/* Encoder and decoder weight of a mode without decay, for b > |a|; s = t/tau.
   Claims: eval.direct_weights_rising, eval.direct_weights_crossing, eval.direct_weights_resting. 64 operations. */
static inline void direct_weights_f32(float s, float lam, float eps, float a, float b, float *w1_out, float *w2_out)
{
    const float A = 2.0f*lam;
    const float xi = eps + lam;
    const float p = a + b;
    const float q = b - a;
    const float c = p*q;
    const float X = c*xi;
    const float rho = hypot_f32(A, X);
    const float safe = ((rho > 0.0f) ? (rho) : (1.0f));
    const float unit = (1.0f / ((safe)));
    const float half = lam*unit;
    const float top = 2.0f*half + 1.0f;
    const float share = ((p)*(p))/top;
    const float f = unit*xi;
    const float u = f*((q)*(q));
    const float n = (1.0f / 2.0f)*top + (1.0f / 2.0f)*u;
    const float g = n*share;
    const float m = f*g;
    const float x = -rho*s;
    const float E = exp_f32(x);
    const float M = -expm1_f32(x);
    const float beta = X*unit;
    const float up = ((0.0f) > (a) ? (0.0f) : (a));
    const float down = ((0.0f) < (a) ? (0.0f) : (a));
    const float turned = ((a < 0.0f) ? (beta + top) : (beta + 1.0f));
    const float s1 = half*(b + down + (2.0f*half*up - (2.0f*beta*down))/turned);
    const float rest = f*share*u;
    const float s2 = (1.0f / 2.0f)*b*(beta + rest) + half*p;
    const float den = (E + M*m)*(E + M*n);
    const float root = (sqrtf(den));
    *w1_out = (E*a + M*s1)/root;
    *w2_out = (E*b + M*s2)/root;
}

/* Loss of a mode without decay along its path, for weights a and b in any order; s = t/tau.
   Claims: eval.direct_loss_moving, eval.direct_loss_resting. 46 operations. */
static inline void direct_loss_f32(float s, float lam, float eps, float a, float b, float *loss_out)
{
    const float A = 2.0f*lam;
    const float xi = eps + lam;
    const float p = a + b;
    const float q = b - a;
    const float c = p*q;
    const float X = c*xi;
    const float rho = hypot_f32(A, X);
    const float safe = ((rho > 0.0f) ? (rho) : (1.0f));
    const float unit = (1.0f / ((safe)));
    const float half = lam*unit;
    const float top = 2.0f*half + 1.0f;
    const float share = ((p)*(p))/top;
    const float f = unit*xi;
    const float u = f*((q)*(q));
    const float n = (1.0f / 2.0f)*top + (1.0f / 2.0f)*u;
    const float g = n*share;
    const float m = f*g;
    const float x = -rho*s;
    const float E = exp_f32(x);
    const float M = -expm1_f32(x);
    const float scale = ((rho > 0.0f) ? (xi) : (1.0f));
    const float den = (E + M*m)*(E + M*n);
    const float gap = E*(lam - (a*b*xi))/den;
    const float inverse = (1.0f / ((scale)));
    const float part = gap*inverse;
    *loss_out = (1.0f / 2.0f)*eps*inverse*lam + (1.0f / 2.0f)*gap*part;
}

/* Learning time, in units of tau, of a mode without decay, to a strength x on its way.
   Claims: eval.direct_time_positive, eval.direct_time_negative. 46 operations. */
static inline void direct_time_f32(float x, float lam, float eps, float a, float b, float *time_out)
{
    const float A = 2.0f*lam;
    const float xi = eps + lam;
    const float p = a + b;
    const float q = b - a;
    const float c = p*q;
    const float rho = hypot_f32(A, c*xi);
    const float h = hypot_f32(c, 2.0f*x);
    const float h0 = ((a)*(a)) + ((b)*(b));
    const float P = ((x >= 0.0f) ? (h + 2.0f*x) : (((c)*(c))/(h - (2.0f*x))));
    const float P0 = ((p)*(p));
    const float low = ((c)*(c))*xi/(A + rho);
    const float way = (x - (a*b))/(lam - (x*xi));
    const float bend = (P + P0)/(h + h0);
    const float end = (h*xi + rho)/(A + P*xi + rho);
    const float y = 2.0f*bend*end*rho*way/(P0 + low);
    *time_out = log1pf(y)/rho;
}

/* Strength of a mode with |w1| = |w2| = r, sigma the sign of w1 w2; s = t/tau.
   Claims: eval.balanced_strength_growing, eval.balanced_strength_fading, eval.balanced_strength_opposite,
   eval.balanced_strength_critical, eval.balanced_strength_idle. 22 operations. */
static inline void balanced_strength_f32(float s, float lam, float eps, float gamma, float r, float sigma, float *w_out)
{
    const float kappa = lam*sigma - gamma;
    const float k = fabsf(kappa);
    const float xi = eps + lam;
    const float rate = -2.0f*k;
    const float x = rate*s;
    const float E = exp_f32(x);
    const float m = ((kappa != 0.0f) ? (-expm1_f32(x)/k) : (2.0f*s));
    const float u0 = ((r)*(r));
    const float v = u0*xi;
    const float den = m*v + ((kappa > 0.0f) ? (E) : (1.0f));
    const float u = u0*((kappa > 0.0f) ? (1.0f) : (E))/den;
    *w_out = sigma*u;
}

/* Size of both weights of a mode with |w1| = |w2| = r, sigma the sign of w1 w2; s = t/tau.
   Claims: eval.balanced_weights_growing, eval.balanced_weights_fading, eval.balanced_weights_opposite,
   eval.balanced_weights_critical, eval.balanced_weights_idle. 26 operations. */
static inline void balanced_weights_f32(float s, float lam, float eps, float gamma, float r, float sigma, float *size_out)
{
    const float kappa = lam*sigma - gamma;
    const float k = fabsf(kappa);
    const float xi = eps + lam;
    const float rate = -2.0f*k;
    const float x = rate*s;
    const float E = exp_f32(x);
    const float m = ((kappa != 0.0f) ? (-expm1_f32(x)/k) : (2.0f*s));
    const float u0 = ((r)*(r));
    const float v = u0*xi;
    const float den = m*v + ((kappa > 0.0f) ? (E) : (1.0f));
    const float half = ((kappa > 0.0f) ? (1.0f) : (exp_f32(-k*s)));
    const float root = (sqrtf(den));
    *size_out = half*r/root;
}

/* Loss of a mode with |w1| = |w2| = r along its path, sigma the sign of w1 w2; s = t/tau.
   Claims: eval.balanced_loss_growing, eval.balanced_loss_fading, eval.balanced_loss_opposite,
   eval.balanced_loss_critical, eval.balanced_loss_idle. 41 operations. */
static inline void balanced_loss_f32(float s, float lam, float eps, float gamma, float r, float sigma, float *loss_out)
{
    const float kappa = lam*sigma - gamma;
    const float k = fabsf(kappa);
    const float xi = eps + lam;
    const float rate = -2.0f*k;
    const float x = rate*s;
    const float E = exp_f32(x);
    const float m = ((kappa != 0.0f) ? (-expm1_f32(x)/k) : (2.0f*s));
    const float u0 = ((r)*(r));
    const float v = u0*xi;
    const float den = m*v + ((kappa > 0.0f) ? (E) : (1.0f));
    const float u = u0*((kappa > 0.0f) ? (1.0f) : (E))/den;
    const float scale = ((kappa > 0.0f) ? (xi) : (1.0f));
    const float gap = E*(kappa - (u0*xi))/den;
    const float least = (eps*lam + gamma*(kappa + lam))/scale;
    const float share = gap/scale;
    const float total = ((kappa > 0.0f) ? (gap*share + least) : (lam + u*(2.0f*k + u*xi)));
    *loss_out = (1.0f / 2.0f)*total;
}

/* Learning time, in units of tau, of a mode with |w1| = |w2| = r, to a strength x on its way.
   Claims: eval.balanced_time_growing, eval.balanced_time_fading, eval.balanced_time_opposite,
   eval.balanced_time_critical, eval.balanced_time_idle. 22 operations. */
static inline void balanced_time_f32(float x, float lam, float eps, float gamma, float r, float sigma, float *time_out)
{
    const float kappa = lam*sigma - gamma;
    const float k = fabsf(kappa);
    const float xi = eps + lam;
    const float u0 = ((r)*(r));
    const float size = sigma*x;
    const float way = size - u0;
    const float z = ((kappa > 0.0f) ? (way/(u0*(kappa - (size*xi)))) : (-way/(size*(k + u0*xi))));
    const float span = ((kappa != 0.0f) ? (log1pf(k*z)/k) : (z));
    *time_out = (1.0f / 2.0f)*span;
}

void modeflow_direct_strength_f32(float s, float lam, float eps, float a, float b, float *w_out)
{
    direct_strength_f32(s, lam, eps, a, b, w_out);
}

void modeflow_direct_weights_f32(float s, float lam, float eps, float a, float b, float *w1_out, float *w2_out)
{
    direct_weights_f32(s, lam, eps, a, b, w1_out, w2_out);
}

void modeflow_direct_loss_f32(float s, float lam, float eps, float a, float b, float *loss_out)
{
    direct_loss_f32(s, lam, eps, a, b, loss_out);
}

void modeflow_direct_time_f32(float x, float lam, float eps, float a, float b, float *time_out)
{
    direct_time_f32(x, lam, eps, a, b, time_out);
}

void modeflow_balanced_strength_f32(float s, float lam, float eps, float gamma, float r, float sigma, float *w_out)
{
    balanced_strength_f32(s, lam, eps, gamma, r, sigma, w_out);
}

void modeflow_balanced_weights_f32(float s, float lam, float eps, float gamma, float r, float sigma, float *size_out)
{
    balanced_weights_f32(s, lam, eps, gamma, r, sigma, size_out);
}

void modeflow_balanced_loss_f32(float s, float lam, float eps, float gamma, float r, float sigma, float *loss_out)
{
    balanced_loss_f32(s, lam, eps, gamma, r, sigma, loss_out);
}

void modeflow_balanced_time_f32(float x, float lam, float eps, float gamma, float r, float sigma, float *time_out)
{
    balanced_time_f32(x, lam, eps, gamma, r, sigma, time_out);
}

/* ---- whole paths: arguments as the Python evaluators take them, over a grid of rows x columns ---- */

static inline float steps_f32(float t, float tau)
{
    /* At an infinite time every exponential has vanished; a huge finite one spares 0·inf in modes at rest. */
    float s = t / tau;
    return s < FLT_MAX / 8 ? s : FLT_MAX / 8;
}

static inline float sign_f32(float x) { return copysignf(1.0f, x); }

static inline void strength_unequal_f32(const float v[7], float out[2])
{
    float one = fabsf(v[W1]), two = fabsf(v[W2]);
    float a = copysignf(one < two ? one : two, v[W1] * v[W2]), b = one < two ? two : one;
    direct_strength_f32(steps_f32(v[T], v[TAU]), v[LAM], v[NOISE], a, b, &out[0]);
}

static inline void strength_equal_f32(const float v[7], float out[2])
{
    float r = fabsf(v[W1]), s = r == 0 ? 0 : steps_f32(v[T], v[TAU]);
    balanced_strength_f32(s, v[LAM], v[NOISE], v[DECAY], r, sign_f32(v[W1]) * sign_f32(v[W2]), &out[0]);
}

static inline void weights_unequal_f32(const float v[7], float out[2])
{
    float one = fabsf(v[W1]), two = fabsf(v[W2]), small, large, sign;
    float a = copysignf(one < two ? one : two, v[W1] * v[W2]), b = one < two ? two : one;
    direct_weights_f32(steps_f32(v[T], v[TAU]), v[LAM], v[NOISE], a, b, &small, &large);
    sign = one > two ? sign_f32(v[W1]) : sign_f32(v[W2]);
    out[0] = sign * (one > two ? large : small);
    out[1] = sign * (one > two ? small : large);
}

static inline void weights_equal_f32(const float v[7], float out[2])
{
    float r = fabsf(v[W1]), s = r == 0 ? 0 : steps_f32(v[T], v[TAU]), size;
    balanced_weights_f32(s, v[LAM], v[NOISE], v[DECAY], r, sign_f32(v[W1]) * sign_f32(v[W2]), &size);
    out[0] = copysignf(size, v[W1]);
    out[1] = copysignf(size, v[W2]);
}

static inline void loss_unequal_f32(const float v[7], float out[2])
{
    direct_loss_f32(steps_f32(v[T], v[TAU]), v[LAM], v[NOISE], v[W1], v[W2], &out[0]);
}

static inline void loss_equal_f32(const float v[7], float out[2])
{
    float r = fabsf(v[W1]), s = r == 0 ? 0 : steps_f32(v[T], v[TAU]);
    balanced_loss_f32(s, v[LAM], v[NOISE], v[DECAY], r, sign_f32(v[W1]) * sign_f32(v[W2]), &out[0]);
}

/* Not 0 where a value of argument k is out of its range; NaN is. */
static inline uint32_t outside_f32(int k, size_t n, const float *restrict x)
{
    const float low = k == W1 || k == W2 ? -FLT_MAX : k == TAU ? FLT_MIN * FLT_EPSILON : 0;
    const float high = k == T ? (float)INFINITY : FLT_MAX;
    uint32_t outside = 0;
    size_t i;
    for (i = 0; i < n; i++) outside |= (x[i] >= low) & (x[i] <= high) ? 0 : 1;
    return outside;
}

/* One block of points, all of one kind (equal or not): x[k][i * step[k]], step 0 or 1. */
static void strength_block_f32(int equal, size_t n, const float *const x[7], float *const out[2])
{
    const float *restrict t = x[T], *restrict lam = x[LAM], *restrict noise = x[NOISE], *restrict decay = x[DECAY];
    const float *restrict w1 = x[W1], *restrict w2 = x[W2], *restrict tau = x[TAU];
    float *restrict first = out[0];
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            float v[7] = {t[i], lam[i], noise[i], decay[i], w1[i], w2[i], tau[i]}, found[2];
            strength_equal_f32(v, found);
            first[i] = found[0];
        }
    else
        for (i = 0; i < n; i++) {
            float v[7] = {t[i], lam[i], noise[i], decay[i], w1[i], w2[i], tau[i]}, found[2];
            strength_unequal_f32(v, found);
            first[i] = found[0];
        }
}

/* The times of one mode: what depends on the mode alone is computed once. */
static void strength_mode_f32(int equal, size_t n, const float *restrict t, const float mode[7], float *const out[2])
{
    const float lam = mode[LAM], noise = mode[NOISE], decay = mode[DECAY], w1 = mode[W1], w2 = mode[W2], tau = mode[TAU];
    float *restrict first = out[0];
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            float v[7] = {t[i], lam, noise, decay, w1, w2, tau}, found[2];
            strength_equal_f32(v, found);
            first[i] = found[0];
        }
    else
        for (i = 0; i < n; i++) {
            float v[7] = {t[i], lam, noise, decay, w1, w2, tau}, found[2];
            strength_unequal_f32(v, found);
            first[i] = found[0];
        }
}

int modeflow_strength_f32(size_t rows, size_t columns, const float *const x[7], const ptrdiff_t outer[7],
    const ptrdiff_t inner[7], float *const out[2])
{
    float buffer[7][MODEFLOW_BLOCK], other[2][MODEFLOW_BLOCK];
    size_t row, start, i;
    int k, one_mode = 1;
    for (k = 0; k < 7; k++) one_mode &= k == T ? inner[k] != 0 : inner[k] == 0;
    for (row = 0; row < rows; row++)
        for (start = 0; start < columns; start += MODEFLOW_BLOCK) {
            size_t n = columns - start < MODEFLOW_BLOCK ? columns - start : MODEFLOW_BLOCK, equal = 0;
            const float *at[7];
            float *to[2], mode[7];
            uint32_t bad = 0; /* of the width of the numbers, so that the loops are vectorised */
            for (k = 0; k < 7; k++) {
                const float *from = x[k] + (ptrdiff_t)row * outer[k] + (ptrdiff_t)start * inner[k];
                at[k] = from;
                mode[k] = *from;
                if (inner[k] == 0) {
                    bad |= outside_f32(k, 1, from);
                    if (!one_mode) at[k] = buffer[k];
                    if (!one_mode && start == 0)
                        for (i = 0; i < n; i++) buffer[k][i] = mode[k];
                } else {
                    if (inner[k] != 1) {
                        for (i = 0; i < n; i++) buffer[k][i] = from[(ptrdiff_t)i * inner[k]];
                        at[k] = buffer[k];
                    }
                    bad |= outside_f32(k, n, at[k]);
                }
            }
            if (bad != 0) return MODEFLOW_UNUSUAL;
            to[0] = out[0] + row * columns + start;
            to[1] = 0 ? out[1] + row * columns + start : to[0];
            if (one_mode) {
                equal = mode[W1] == mode[W2] || mode[W1] == -mode[W2] ? n : 0;
                if (!equal && mode[DECAY] > 0) return MODEFLOW_UNUSUAL;
                strength_mode_f32(equal != 0, n, at[T], mode, to);
            } else {
                const float *restrict decay = at[DECAY], *restrict w1 = at[W1], *restrict w2 = at[W2];
                uint32_t same = 0;
                for (i = 0; i < n; i++) {
                    uint32_t alike = fabsf(w1[i]) == fabsf(w2[i]) ? 1 : 0;
                    bad |= decay[i] > 0 ? 1 - alike : 0;
                    same += alike;
                }
                if (bad != 0) return MODEFLOW_UNUSUAL;
                equal = (size_t)same;
                strength_block_f32(equal == n, n, at, to);
                if (equal != 0 && equal != n) {
                    float *const there[2] = {other[0], other[1]};
                    strength_block_f32(1, n, at, there);
                    for (i = 0; i < n; i++) {
                        int alike = fabsf(at[W1][i]) == fabsf(at[W2][i]);
                        to[0][i] = alike ? other[0][i] : to[0][i];
                    }
                }
            }
            for (i = 0; i < n; i++) bad |= (to[0][i] - to[0][i] == 0) & (to[1][i] - to[1][i] == 0) ? 0 : 1;
            if (bad != 0) return MODEFLOW_UNUSUAL;
        }
    return 0;
}

/* One block of points, all of one kind (equal or not): x[k][i * step[k]], step 0 or 1. */
static void weights_block_f32(int equal, size_t n, const float *const x[7], float *const out[2])
{
    const float *restrict t = x[T], *restrict lam = x[LAM], *restrict noise = x[NOISE], *restrict decay = x[DECAY];
    const float *restrict w1 = x[W1], *restrict w2 = x[W2], *restrict tau = x[TAU];
    float *restrict first = out[0];
    float *restrict second = out[1];
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            float v[7] = {t[i], lam[i], noise[i], decay[i], w1[i], w2[i], tau[i]}, found[2];
            weights_equal_f32(v, found);
            first[i] = found[0];
            second[i] = found[1];
        }
    else
        for (i = 0; i < n; i++) {
            float v[7] = {t[i], lam[i], noise[i], decay[i], w1[i], w2[i], tau[i]}, found[2];
            weights_unequal_f32(v, found);
            first[i] = found[0];
            second[i] = found[1];
        }
}

/* The times of one mode: what depends on the mode alone is computed once. */
static void weights_mode_f32(int equal, size_t n, const float *restrict t, const float mode[7], float *const out[2])
{
    const float lam = mode[LAM], noise = mode[NOISE], decay = mode[DECAY], w1 = mode[W1], w2 = mode[W2], tau = mode[TAU];
    float *restrict first = out[0];
    float *restrict second = out[1];
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            float v[7] = {t[i], lam, noise, decay, w1, w2, tau}, found[2];
            weights_equal_f32(v, found);
            first[i] = found[0];
            second[i] = found[1];
        }
    else
        for (i = 0; i < n; i++) {
            float v[7] = {t[i], lam, noise, decay, w1, w2, tau}, found[2];
            weights_unequal_f32(v, found);
            first[i] = found[0];
            second[i] = found[1];
        }
}

int modeflow_weights_f32(size_t rows, size_t columns, const float *const x[7], const ptrdiff_t outer[7],
    const ptrdiff_t inner[7], float *const out[2])
{
    float buffer[7][MODEFLOW_BLOCK], other[2][MODEFLOW_BLOCK];
    size_t row, start, i;
    int k, one_mode = 1;
    for (k = 0; k < 7; k++) one_mode &= k == T ? inner[k] != 0 : inner[k] == 0;
    for (row = 0; row < rows; row++)
        for (start = 0; start < columns; start += MODEFLOW_BLOCK) {
            size_t n = columns - start < MODEFLOW_BLOCK ? columns - start : MODEFLOW_BLOCK, equal = 0;
            const float *at[7];
            float *to[2], mode[7];
            uint32_t bad = 0; /* of the width of the numbers, so that the loops are vectorised */
            for (k = 0; k < 7; k++) {
                const float *from = x[k] + (ptrdiff_t)row * outer[k] + (ptrdiff_t)start * inner[k];
                at[k] = from;
                mode[k] = *from;
                if (inner[k] == 0) {
                    bad |= outside_f32(k, 1, from);
                    if (!one_mode) at[k] = buffer[k];
                    if (!one_mode && start == 0)
                        for (i = 0; i < n; i++) buffer[k][i] = mode[k];
                } else {
                    if (inner[k] != 1) {
                        for (i = 0; i < n; i++) buffer[k][i] = from[(ptrdiff_t)i * inner[k]];
                        at[k] = buffer[k];
                    }
                    bad |= outside_f32(k, n, at[k]);
                }
            }
            if (bad != 0) return MODEFLOW_UNUSUAL;
            to[0] = out[0] + row * columns + start;
            to[1] = 1 ? out[1] + row * columns + start : to[0];
            if (one_mode) {
                equal = mode[W1] == mode[W2] || mode[W1] == -mode[W2] ? n : 0;
                if (!equal && mode[DECAY] > 0) return MODEFLOW_UNUSUAL;
                weights_mode_f32(equal != 0, n, at[T], mode, to);
            } else {
                const float *restrict decay = at[DECAY], *restrict w1 = at[W1], *restrict w2 = at[W2];
                uint32_t same = 0;
                for (i = 0; i < n; i++) {
                    uint32_t alike = fabsf(w1[i]) == fabsf(w2[i]) ? 1 : 0;
                    bad |= decay[i] > 0 ? 1 - alike : 0;
                    same += alike;
                }
                if (bad != 0) return MODEFLOW_UNUSUAL;
                equal = (size_t)same;
                weights_block_f32(equal == n, n, at, to);
                if (equal != 0 && equal != n) {
                    float *const there[2] = {other[0], other[1]};
                    weights_block_f32(1, n, at, there);
                    for (i = 0; i < n; i++) {
                        int alike = fabsf(at[W1][i]) == fabsf(at[W2][i]);
                        to[0][i] = alike ? other[0][i] : to[0][i];
                        to[1][i] = alike ? other[1][i] : to[1][i];
                    }
                }
            }
            for (i = 0; i < n; i++) bad |= (to[0][i] - to[0][i] == 0) & (to[1][i] - to[1][i] == 0) ? 0 : 1;
            if (bad != 0) return MODEFLOW_UNUSUAL;
        }
    return 0;
}

/* One block of points, all of one kind (equal or not): x[k][i * step[k]], step 0 or 1. */
static void loss_block_f32(int equal, size_t n, const float *const x[7], float *const out[2])
{
    const float *restrict t = x[T], *restrict lam = x[LAM], *restrict noise = x[NOISE], *restrict decay = x[DECAY];
    const float *restrict w1 = x[W1], *restrict w2 = x[W2], *restrict tau = x[TAU];
    float *restrict first = out[0];
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            float v[7] = {t[i], lam[i], noise[i], decay[i], w1[i], w2[i], tau[i]}, found[2];
            loss_equal_f32(v, found);
            first[i] = found[0];
        }
    else
        for (i = 0; i < n; i++) {
            float v[7] = {t[i], lam[i], noise[i], decay[i], w1[i], w2[i], tau[i]}, found[2];
            loss_unequal_f32(v, found);
            first[i] = found[0];
        }
}

/* The times of one mode: what depends on the mode alone is computed once. */
static void loss_mode_f32(int equal, size_t n, const float *restrict t, const float mode[7], float *const out[2])
{
    const float lam = mode[LAM], noise = mode[NOISE], decay = mode[DECAY], w1 = mode[W1], w2 = mode[W2], tau = mode[TAU];
    float *restrict first = out[0];
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            float v[7] = {t[i], lam, noise, decay, w1, w2, tau}, found[2];
            loss_equal_f32(v, found);
            first[i] = found[0];
        }
    else
        for (i = 0; i < n; i++) {
            float v[7] = {t[i], lam, noise, decay, w1, w2, tau}, found[2];
            loss_unequal_f32(v, found);
            first[i] = found[0];
        }
}

int modeflow_loss_f32(size_t rows, size_t columns, const float *const x[7], const ptrdiff_t outer[7],
    const ptrdiff_t inner[7], float *const out[2])
{
    float buffer[7][MODEFLOW_BLOCK], other[2][MODEFLOW_BLOCK];
    size_t row, start, i;
    int k, one_mode = 1;
    for (k = 0; k < 7; k++) one_mode &= k == T ? inner[k] != 0 : inner[k] == 0;
    for (row = 0; row < rows; row++)
        for (start = 0; start < columns; start += MODEFLOW_BLOCK) {
            size_t n = columns - start < MODEFLOW_BLOCK ? columns - start : MODEFLOW_BLOCK, equal = 0;
            const float *at[7];
            float *to[2], mode[7];
            uint32_t bad = 0; /* of the width of the numbers, so that the loops are vectorised */
            for (k = 0; k < 7; k++) {
                const float *from = x[k] + (ptrdiff_t)row * outer[k] + (ptrdiff_t)start * inner[k];
                at[k] = from;
                mode[k] = *from;
                if (inner[k] == 0) {
                    bad |= outside_f32(k, 1, from);
                    if (!one_mode) at[k] = buffer[k];
                    if (!one_mode && start == 0)
                        for (i = 0; i < n; i++) buffer[k][i] = mode[k];
                } else {
                    if (inner[k] != 1) {
                        for (i = 0; i < n; i++) buffer[k][i] = from[(ptrdiff_t)i * inner[k]];
                        at[k] = buffer[k];
                    }
                    bad |= outside_f32(k, n, at[k]);
                }
            }
            if (bad != 0) return MODEFLOW_UNUSUAL;
            to[0] = out[0] + row * columns + start;
            to[1] = 0 ? out[1] + row * columns + start : to[0];
            if (one_mode) {
                equal = mode[W1] == mode[W2] || mode[W1] == -mode[W2] ? n : 0;
                if (!equal && mode[DECAY] > 0) return MODEFLOW_UNUSUAL;
                loss_mode_f32(equal != 0, n, at[T], mode, to);
            } else {
                const float *restrict decay = at[DECAY], *restrict w1 = at[W1], *restrict w2 = at[W2];
                uint32_t same = 0;
                for (i = 0; i < n; i++) {
                    uint32_t alike = fabsf(w1[i]) == fabsf(w2[i]) ? 1 : 0;
                    bad |= decay[i] > 0 ? 1 - alike : 0;
                    same += alike;
                }
                if (bad != 0) return MODEFLOW_UNUSUAL;
                equal = (size_t)same;
                loss_block_f32(equal == n, n, at, to);
                if (equal != 0 && equal != n) {
                    float *const there[2] = {other[0], other[1]};
                    loss_block_f32(1, n, at, there);
                    for (i = 0; i < n; i++) {
                        int alike = fabsf(at[W1][i]) == fabsf(at[W2][i]);
                        to[0][i] = alike ? other[0][i] : to[0][i];
                    }
                }
            }
            for (i = 0; i < n; i++) bad |= (to[0][i] - to[0][i] == 0) & (to[1][i] - to[1][i] == 0) ? 0 : 1;
            if (bad != 0) return MODEFLOW_UNUSUAL;
        }
    return 0;
}

#ifdef MODEFLOW_SELF_TEST
#include <stdio.h>
int main(void)
{
    int failures = 0;
    double difference;
    {
        double x[1];
        float y[1];
        modeflow_direct_strength_f64(0.25, 0.375, 0.5, 0.625, 0.75, &x[0]);
        modeflow_direct_strength_f32(0.25f, 0.375f, 0.5f, 0.625f, 0.75f, &y[0]);
        printf("direct_strength w %.17g\n", x[0]);
        difference = fabs(x[0] - (double)y[0]);
        failures += difference > 1e-5 * fabs(x[0]);
    }
    {
        double x[2];
        float y[2];
        modeflow_direct_weights_f64(0.25, 0.375, 0.5, 0.625, 0.75, &x[0], &x[1]);
        modeflow_direct_weights_f32(0.25f, 0.375f, 0.5f, 0.625f, 0.75f, &y[0], &y[1]);
        printf("direct_weights w1 %.17g\n", x[0]);
        difference = fabs(x[0] - (double)y[0]);
        failures += difference > 1e-5 * fabs(x[0]);
    }
    {
        double x[2];
        float y[2];
        modeflow_direct_weights_f64(0.25, 0.375, 0.5, 0.625, 0.75, &x[0], &x[1]);
        modeflow_direct_weights_f32(0.25f, 0.375f, 0.5f, 0.625f, 0.75f, &y[0], &y[1]);
        printf("direct_weights w2 %.17g\n", x[1]);
        difference = fabs(x[1] - (double)y[1]);
        failures += difference > 1e-5 * fabs(x[1]);
    }
    {
        double x[1];
        float y[1];
        modeflow_direct_loss_f64(0.25, 0.375, 0.5, 0.625, 0.75, &x[0]);
        modeflow_direct_loss_f32(0.25f, 0.375f, 0.5f, 0.625f, 0.75f, &y[0]);
        printf("direct_loss loss %.17g\n", x[0]);
        difference = fabs(x[0] - (double)y[0]);
        failures += difference > 1e-5 * fabs(x[0]);
    }
    {
        double x[1];
        float y[1];
        modeflow_direct_time_f64(0.25, 0.375, 0.5, 0.625, 0.75, &x[0]);
        modeflow_direct_time_f32(0.25f, 0.375f, 0.5f, 0.625f, 0.75f, &y[0]);
        printf("direct_time time %.17g\n", x[0]);
        difference = fabs(x[0] - (double)y[0]);
        failures += difference > 1e-5 * fabs(x[0]);
    }
    {
        double x[1];
        float y[1];
        modeflow_balanced_strength_f64(0.25, 0.375, 0.5, 0.625, 0.75, 0.875, &x[0]);
        modeflow_balanced_strength_f32(0.25f, 0.375f, 0.5f, 0.625f, 0.75f, 0.875f, &y[0]);
        printf("balanced_strength w %.17g\n", x[0]);
        difference = fabs(x[0] - (double)y[0]);
        failures += difference > 1e-5 * fabs(x[0]);
    }
    {
        double x[1];
        float y[1];
        modeflow_balanced_weights_f64(0.25, 0.375, 0.5, 0.625, 0.75, 0.875, &x[0]);
        modeflow_balanced_weights_f32(0.25f, 0.375f, 0.5f, 0.625f, 0.75f, 0.875f, &y[0]);
        printf("balanced_weights size %.17g\n", x[0]);
        difference = fabs(x[0] - (double)y[0]);
        failures += difference > 1e-5 * fabs(x[0]);
    }
    {
        double x[1];
        float y[1];
        modeflow_balanced_loss_f64(0.25, 0.375, 0.5, 0.625, 0.75, 0.875, &x[0]);
        modeflow_balanced_loss_f32(0.25f, 0.375f, 0.5f, 0.625f, 0.75f, 0.875f, &y[0]);
        printf("balanced_loss loss %.17g\n", x[0]);
        difference = fabs(x[0] - (double)y[0]);
        failures += difference > 1e-5 * fabs(x[0]);
    }
    {
        double x[1];
        float y[1];
        modeflow_balanced_time_f64(0.25, 0.375, 0.5, 0.625, 0.75, 0.875, &x[0]);
        modeflow_balanced_time_f32(0.25f, 0.375f, 0.5f, 0.625f, 0.75f, 0.875f, &y[0]);
        printf("balanced_time time %.17g\n", x[0]);
        difference = fabs(x[0] - (double)y[0]);
        failures += difference > 1e-5 * fabs(x[0]);
    }
    return failures != 0;
}
#endif
