/* Generated code: do not edit. Written by modeflow 0.1.0: modeflow generate --target c */

#include "modeflow.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* A loop is vectorised only if all that it calls is part of it, however large that is. */
#ifdef __GNUC__
#define INLINE static __inline__ __attribute__((always_inline))
#else
#define INLINE static inline
#endif

enum { T, LAM, NOISE, DECAY, W1, W2, TAU, S = T };

enum { MODEFLOW_MODES = 128, MODEFLOW_FAR = 65536 };

/* exp and expm1 in plain arithmetic, so that loops over them are vectorised: x = k·ln 2 + r, |r| <= (ln 2)/2, and a
   polynomial in place of (exp(r) - 1 - r)/r². No case is told from another: beyond the ends of its range x is an end,
   at which 2 to the power of k - 1 is 0, or twice the result is infinite. Within 1 ulp (expm1: 1.5); exp is 0 where it
   would be less than √2 times the least normal number; NaN in, NaN out. */

INLINE double real_f64(uint64_t whole)
{
    double value;
    memcpy(&value, &whole, sizeof value);
    return value;
}

INLINE uint64_t bits_f64(double value)
{
    uint64_t whole;
    memcpy(&whole, &value, sizeof whole);
    return whole;
}

/* The ends of what exp takes, and those of binade. A compiler that knew that they never change would compute what comes of
   each of them, and choose between that and all else, which takes longer. */
double modeflow_ends_f64[4] = {-708.39, 709.9, DBL_MIN, 0x1p1019};

INLINE double between_f64(double x, const double *ends)
{
    x = ends[0] > x ? ends[0] : x;
    return ends[1] < x ? ends[1] : x;
}

/* exp(r) - 1, with r as above, and 2 to the power of k - 1 + shift - 1022.0. */
INLINE double reduced_f64(double x, double shift, double *power)
{
    double whole, r, r2, r4, r8, p;
    whole = (x * 1.4426950408889634 + 6755399441055744.0) - 6755399441055744.0;
    r = (x - whole * 0.6931471803691238) - whole * 1.9082149292705877e-10;
    r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
    p = ((((0.5 + r * 0.16666666666666671) + r2 * (0.04166666666666667 + r * 0.0083333333333260845)) + r4 * ((0.0013888888888883712 + r * 0.00019841269874997538) + r2 * (2.4801587325674076e-5 + r * 2.7557255176003714e-6))) + r8 * ((2.7557273483005249e-7 + r * 2.5105310235689788e-8) + r2 * 2.0914753544959482e-9));
    (void)r8;
    *power = real_f64(bits_f64(whole + (6755399441055744.0 + shift)) << 52);
    return r + r2 * p;
}

INLINE double exp_f64(double x)
{
    double half, p = reduced_f64(between_f64(x, modeflow_ends_f64), 1022.0, &half);
    return 2 * (p * half + half);
}

INLINE double expm1_f64(double x)
{
    double half, p = reduced_f64(between_f64(x, modeflow_ends_f64), 1022.0, &half);
    return 2 * (p * half + (half - 1.0 / 2));
}

/* exp of x <= 0 down to the least number there is: computed 0x1p53 times as large, so that what is no normal number is
   rounded once, at its end. It is for kernels that multiply such results by large numbers: processors are slow at them. */
INLINE double exp_to_the_end_f64(double x)
{
    double raised, p = reduced_f64(-745.9 > x ? -745.9 : x, 1076.0, &raised);
    return (p * raised + raised) / 0x1p53;
}

/* The power of 2 next to the larger of |x| and |y|; its exponent is kept within that of numbers whose inverse is one. */
INLINE double binade_f64(double x, double y)
{
    const uint64_t exponent = bits_f64((double)INFINITY);
    x = fabs(x);
    y = fabs(y);
    return between_f64(real_f64(bits_f64(x > y ? x : y) & exponent), modeflow_ends_f64 + 2);
}

/* 1/x of such a power. */
INLINE double reciprocal_f64(double x)
{
    return real_f64(2 * bits_f64(1.0) - bits_f64(x));
}

/* The root of x*x + y*y, both scaled, which loses nothing. */
INLINE double hypot_f64(double x, double y)
{
    const double size = binade_f64(x, y), inverse = reciprocal_f64(size);
    x *= inverse;
    y *= inverse;
    return size * sqrt(x * x + y * y);
}

/* e^x - 1 - x. */
INLINE double expm2_f64(double x)
{
    const double near = ((fabs(x) < 1.0) ? (x) : (0.0));
    const double series = (((((1.0 + near * (1.0 / 3.0)) + (near*near) * ((1.0 / 12.0) + near * (1.0 / 60.0))) + ((near*near)*(near*near)) * (((1.0 / 360.0) + near * (1.0 / 2520.0)) + (near*near) * ((1.0 / 20160.0) + near * (1.0 / 181440.0)))) + (((near*near)*(near*near))*((near*near)*(near*near))) * ((((1.0 / 1814400.0) + near * (1.0 / 19958400.0)) + (near*near) * ((1.0 / 239500800.0) + near * (1.0 / 3113510400.0))) + ((near*near)*(near*near)) * (((1.0 / 43589145600.0) + near * (1.0 / 653837184000.0)) + (near*near) * ((1.0 / 10461394944000.0) + near * (1.0 / 177843714048000.0))))) + ((((near*near)*(near*near))*((near*near)*(near*near)))*(((near*near)*(near*near))*((near*near)*(near*near)))) * ((1.0 / 3201186852864000.0) + near * (1.0 / 60822550204416000.0)));
    const double lead = (1.0 / 2.0)*((near)*(near));
    return ((fabs(x) < 1.0) ? (lead*series) : (expm1_f64(x) - x));
}

/* 1 - (1 + x)e^(-x), for x >= 0. */
INLINE double fade2_f64(double x)
{
    const double near = ((1.0) < (x) ? (1.0) : (x));
    const double E = exp_f64(-x);
    return ((x < 1.0) ? (E*expm2_f64(near)) : (-(E*x) - expm1_f64(-x)));
}

/* 1 - e^(-2x) - 2x e^(-x), for x >= 0. */
INLINE double fade3_f64(double x)
{
    const double near = (((3.0 / 2.0)) < (x) ? ((3.0 / 2.0)) : (x));
    const double E = exp_f64(-x);
    const double square = ((near)*(near));
    const double series = ((((1.0 + square * (1.0 / 20.0)) + (square*square) * ((1.0 / 840.0) + square * (1.0 / 60480.0))) + ((square*square)*(square*square)) * (((1.0 / 6652800.0) + square * (1.0 / 1037836800.0)) + (square*square) * ((1.0 / 217945728000.0) + square * (1.0 / 59281238016000.0)))) + (((square*square)*(square*square))*((square*square)*(square*square))) * ((1.0 / 20274183401472000.0) + square * (1.0 / 8515157028618240000.0)));
    const double lead = near*square;
    const double faded = E*lead;
    const double total = faded*series;
    return ((x < (3.0 / 2.0)) ? (total/3.0) : (-(2.0*E*x) - expm1_f64(-2.0*x)));
}

/* x(1 + e^(-2x)) - (1 - e^(-2x)), for x >= 0. */
INLINE double fade4_f64(double x)
{
    const double near = (((3.0 / 2.0)) < (x) ? ((3.0 / 2.0)) : (x));
    const double E = exp_f64(-x);
    const double square = ((near)*(near));
    const double series = ((((1.0 + square * (1.0 / 10.0)) + (square*square) * ((1.0 / 280.0) + square * (1.0 / 15120.0))) + ((square*square)*(square*square)) * (((1.0 / 1330560.0) + square * (1.0 / 172972800.0)) + (square*square) * ((1.0 / 31135104000.0) + square * (1.0 / 7410154752000.0)))) + (((square*square)*(square*square))*((square*square)*(square*square))) * ((1.0 / 2252687044608000.0) + square * (1.0 / 851515702861824000.0)));
    const double lead = 2.0*near*square;
    const double faded = E*lead;
    const double total = faded*series;
    return ((x < (3.0 / 2.0)) ? (total/3.0) : (x*(((E)*(E)) + 1.0) + expm1_f64(-2.0*x)));
}

/* Strength of a mode without decay, for weights a and b of different size, in any order; s = t/tau.
   Claims: eval.direct_strength_moving, eval.direct_strength_resting. 55 operations. */
INLINE void direct_strength_f64(double s, double lam, double eps, double a, double b, double *w_out)
{
    const double A = 2.0*lam;
    const double total = eps + lam;
    const double p = a + b;
    const double q = b - a;
    const double c = p*q;
    const double X = c*total;
    const double size = binade_f64(A, X);
    const double unit = reciprocal_f64(size);
    const double L = lam*unit;
    const double xi = total*unit;
    const double Z = X*unit;
    const double root = (sqrt(4.0*((L)*(L)) + ((Z)*(Z))));
    const double R = ((root > 0.0) ? (root) : (1.0));
    const double T = 2.0*L + R;
    const double B = ((q)*(q))*xi;
    const double N = B + T;
    const double n = -(1.0 / 2.0)*N;
    const double P = ((p)*(p));
    const double f = P*xi;
    const double start = a*b;
    const double begun = T*start;
    const double u = B*xi;
    const double middle = P*(L*T + start*u);
    const double limit = L*P;
    const double rho = root*size;
    const double x = -rho*s;
    const double E = exp_f64(x);
    const double Y = E*R;
    const double F = expm1_f64(x);
    const double H = F*n;
    const double low = H*f;
    const double den = (H + Y)*(T*Y + low);
    const double late = H*limit;
    *w_out = (H*late + Y*(Y*begun - (F*middle)))/den;
}

/* Encoder and decoder weight of a mode without decay, for b > |a|; s = t/tau.
   Claims: eval.direct_weights_rising, eval.direct_weights_crossing, eval.direct_weights_resting. 65 operations. */
INLINE void direct_weights_f64(double s, double lam, double eps, double a, double b, double *w1_out, double *w2_out)
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
    const double f = unit*xi;
    const double half = lam*unit;
    const double top = 2.0*half + 1.0;
    const double P = ((p)*(p));
    const double u = f*((q)*(q));
    const double n = (1.0 / 2.0)*top + (1.0 / 2.0)*u;
    const double g = P*n;
    const double x = -rho*s;
    const double E = exp_f64(x);
    const double M = -expm1_f64(x);
    const double beta = X*unit;
    const double up = ((0.0) > (a) ? (0.0) : (a));
    const double down = ((0.0) < (a) ? (0.0) : (a));
    const double turned = ((a < 0.0) ? (beta + top) : (beta + 1.0));
    const double s1 = half*(b + down + (2.0*half*up - (2.0*beta*down))/turned);
    const double rest = P*f*u/top;
    const double s2 = (1.0 / 2.0)*b*(beta + rest) + half*p;
    const double m = f*g/top;
    const double den = (E + M*m)*(E + M*n);
    const double root = (sqrt(den));
    *w1_out = (E*a + M*s1)/root;
    *w2_out = (E*b + M*s2)/root;
}

/* Loss of a mode without decay along its path, for weights a and b in any order; s = t/tau.
   Claims: eval.direct_loss_moving, eval.direct_loss_resting. 46 operations. */
INLINE void direct_loss_f64(double s, double lam, double eps, double a, double b, double *loss_out)
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
    const double f = unit*xi;
    const double half = lam*unit;
    const double top = 2.0*half + 1.0;
    const double P = ((p)*(p));
    const double u = f*((q)*(q));
    const double n = (1.0 / 2.0)*top + (1.0 / 2.0)*u;
    const double g = P*n;
    const double x = -rho*s;
    const double E = exp_f64(x);
    const double M = -expm1_f64(x);
    const double scale = ((rho > 0.0) ? (xi) : (1.0));
    const double m = f*g/top;
    const double den = (E + M*m)*(E + M*n);
    const double gap = E*(lam - (a*b*xi))/den;
    const double inverse = (1.0 / ((scale)));
    const double part = gap*inverse;
    *loss_out = (1.0 / 2.0)*eps*inverse*lam + (1.0 / 2.0)*gap*part;
}

/* Learning time, in units of tau, of a mode without decay, to a strength x on its way.
   Claims: eval.direct_time_positive, eval.direct_time_negative. 46 operations. */
INLINE void direct_time_f64(double x, double lam, double eps, double a, double b, double *time_out)
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
INLINE void balanced_strength_f64(double s, double lam, double eps, double gamma, double r, double sigma, double *w_out)
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
INLINE void balanced_weights_f64(double s, double lam, double eps, double gamma, double r, double sigma, double *size_out)
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
INLINE void balanced_loss_f64(double s, double lam, double eps, double gamma, double r, double sigma, double *loss_out)
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
INLINE void balanced_time_f64(double x, double lam, double eps, double gamma, double r, double sigma, double *time_out)
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

/* Partial derivatives of the strength without decay, for b > |a|; s = t/tau.
   Claims: grad.direct_s_moving, grad.direct_lam_moving, grad.direct_eps_moving, grad.direct_a_rising,
   grad.direct_a_crossing, grad.direct_b_rising, grad.direct_b_crossing, grad.direct_lam_resting,
   grad.direct_eps_resting, grad.direct_rest. 131 operations. */
INLINE void gradient_direct_f64(double s, double lam, double eps, double a, double b, double *by_s_out, double *by_lam_out, double *by_eps_out, double *by_a_out, double *by_b_out)
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
    const double f = unit*xi;
    const double half = lam*unit;
    const double top = 2.0*half + 1.0;
    const double P = ((p)*(p));
    const double u = f*((q)*(q));
    const double n = (1.0 / 2.0)*top + (1.0 / 2.0)*u;
    const double g = P*n;
    const double x = -rho*s;
    const double E = exp_f64(x);
    const double M = -expm1_f64(x);
    const double beta = X*unit;
    const double up = ((0.0) > (a) ? (0.0) : (a));
    const double down = ((0.0) < (a) ? (0.0) : (a));
    const double turned = ((a < 0.0) ? (beta + top) : (beta + 1.0));
    const double s1 = half*(b + down + (2.0*half*up - (2.0*beta*down))/turned);
    const double rest = P*f*u/top;
    const double s2 = (1.0 / 2.0)*b*(beta + rest) + half*p;
    const double m = f*g/top;
    const double den = (E + M*m)*(E + M*n);
    const double h0 = ((a)*(a)) + ((b)*(b));
    const double w0 = a*b;
    const double H = g*n/top;
    const double twice = M*(E + 1.0);
    const double squares = ((E)*(E))*h0 + H*twice;
    const double g0 = lam - (w0*xi);
    const double y = rho*s;
    const double root = exp_f64(-(1.0 / 2.0)*y)/den;
    const double shrink = ((root)*(root));
    const double begun = s*shrink;
    const double Z = ((unit)*(unit))*(E*h0*expm2_f64(-y) + H*fade3_f64(y))/((den)*(den));
    const double late = M*fade4_f64((1.0 / 2.0)*y);
    const double bent = ((M)*(M)) + f*(2.0*H*late + h0*((1.0 / 2.0)*fade4_f64(y) - late));
    const double across = 2.0*bent*c*f*g0*unit;
    *by_s_out = g0*shrink*squares;
    *by_lam_out = squares*(Z*eps + begun*(1.0 - w0));
    *by_eps_out = -squares*(Z*lam + begun*w0);
    *by_a_out = shrink*(((E)*(E))*b + s2*twice - (a*across));
    *by_b_out = shrink*(((E)*(E))*a + across*b + s1*twice);
}

/* Partial derivatives of the strength with |w1| = |w2| = r, sigma the sign of w1 w2; s = t/tau.
   Claims: grad.balanced_s_growing, grad.balanced_lam_growing, grad.balanced_eps_growing,
   grad.balanced_gamma_growing, grad.balanced_product_growing, grad.balanced_s_fading, grad.balanced_lam_fading,
   grad.balanced_eps_fading, grad.balanced_gamma_fading, grad.balanced_product_fading, grad.balanced_s_opposite,
   grad.balanced_lam_opposite, grad.balanced_eps_opposite, grad.balanced_gamma_opposite,
   grad.balanced_product_opposite, grad.balanced_s_critical, grad.balanced_lam_critical,
   grad.balanced_eps_critical, grad.balanced_gamma_critical, grad.balanced_product_critical, grad.balanced_s_idle,
   grad.balanced_lam_idle, grad.balanced_eps_idle, grad.balanced_gamma_idle, grad.balanced_product_idle. 68
   operations. */
INLINE void gradient_balanced_f64(double s, double lam, double eps, double gamma, double r, double sigma, double *by_s_out, double *by_lam_out, double *by_eps_out, double *by_gamma_out, double *by_product_out)
{
    const double kappa = lam*sigma - gamma;
    const double k = fabs(kappa);
    const double xi = eps + lam;
    const double rate = 2.0*k;
    const double y = rate*s;
    const double E = exp_to_the_end_f64(-y);
    const double m = ((kappa != 0.0) ? (-expm1_f64(-y)/k) : (2.0*s));
    const double u0 = ((r)*(r));
    const double v = u0*xi;
    const double den = m*v + ((kappa > 0.0) ? (E) : (1.0));
    const double left = ((kappa > 0.0) ? (u0) : (E*u0));
    const double u = left/den;
    const double bent = ((kappa > 0.0) ? (fade2_f64(y)) : (E*expm2_f64(-y)));
    const double safe = ((kappa != 0.0) ? (k) : (1.0));
    const double X = ((kappa != 0.0) ? (bent/((safe)*(safe))) : (2.0*((s)*(s))));
    const double scale = u0/((den)*(den));
    const double early = 2.0*E*s;
    const double by_xi = -m*u*u0/den;
    const double by_kappa = scale*(X*v + early);
    const double together = scale*(X*u0*(eps + gamma) + early*(1.0 - u0));
    const double gap = ((kappa > 0.0) ? (E*(kappa - v)/den) : (-k - (u*xi)));
    *by_s_out = 2.0*gap*sigma*u;
    *by_lam_out = ((sigma > 0.0) ? (together) : (by_kappa - by_xi));
    *by_eps_out = by_xi*sigma;
    *by_gamma_out = -by_kappa*sigma;
    *by_product_out = E/((den)*(den));
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

void modeflow_gradient_direct_f64(double s, double lam, double eps, double a, double b, double *by_s_out, double *by_lam_out, double *by_eps_out, double *by_a_out, double *by_b_out)
{
    gradient_direct_f64(s, lam, eps, a, b, by_s_out, by_lam_out, by_eps_out, by_a_out, by_b_out);
}

void modeflow_gradient_balanced_f64(double s, double lam, double eps, double gamma, double r, double sigma, double *by_s_out, double *by_lam_out, double *by_eps_out, double *by_gamma_out, double *by_product_out)
{
    gradient_balanced_f64(s, lam, eps, gamma, r, sigma, by_s_out, by_lam_out, by_eps_out, by_gamma_out, by_product_out);
}

/* ---- whole paths: arguments as the Python evaluators take them, over a grid of rows x columns ---- */

/* |w1| = |w2| */
INLINE int is_equal_f64(double w1, double w2) { return fabs(w1) == fabs(w2); }

/* there is decay, and the weights differ in size */
INLINE int is_fading_f64(double decay) { return decay > 0.0; }

INLINE void strength_unequal_f64(double s, double lam, double noise, double decay, double w1, double w2, double out[1])
{
    double found_w;
    direct_strength_f64(s, decay + lam, noise, w1, w2, &found_w);
    out[0] = found_w;
}

INLINE void strength_equal_f64(double s, double lam, double noise, double decay, double w1, double w2, double out[1])
{
    const double r = fabs(w1);
    const double start = ((w1 == 0.0) ? (0.0) : (s));
    const double sigma = copysign(1.0, w1)*copysign(1.0, w2);
    double found_w;
    balanced_strength_f64(start, lam, noise, decay, r, sigma, &found_w);
    out[0] = found_w;
}

INLINE void weights_unequal_f64(double s, double lam, double noise, double decay, double w1, double w2, double out[2])
{
    const double one = fabs(w1);
    const double two = fabs(w2);
    const double small = copysign(1.0, w1*w2)*((one) < (two) ? (one) : (two));
    const double large = ((one) > (two) ? (one) : (two));
    double found_w1, found_w2;
    direct_weights_f64(s, decay + lam, noise, small, large, &found_w1, &found_w2);
    const double flip = copysign(1.0, ((one > two) ? (w1) : (w2)));
    out[0] = flip*((one > two) ? (found_w2) : (found_w1));
    out[1] = flip*((one > two) ? (found_w1) : (found_w2));
}

INLINE void weights_equal_f64(double s, double lam, double noise, double decay, double w1, double w2, double out[2])
{
    const double r = fabs(w1);
    const double start = ((w1 == 0.0) ? (0.0) : (s));
    const double sigma = copysign(1.0, w1)*copysign(1.0, w2);
    double found_size;
    balanced_weights_f64(start, lam, noise, decay, r, sigma, &found_size);
    out[0] = found_size*copysign(1.0, w1);
    out[1] = found_size*copysign(1.0, w2);
}

INLINE void loss_unequal_f64(double s, double lam, double noise, double decay, double w1, double w2, double out[1])
{
    double found_loss;
    direct_loss_f64(s, decay + lam, noise, w1, w2, &found_loss);
    out[0] = found_loss;
}

INLINE void loss_equal_f64(double s, double lam, double noise, double decay, double w1, double w2, double out[1])
{
    const double r = fabs(w1);
    const double start = ((w1 == 0.0) ? (0.0) : (s));
    const double sigma = copysign(1.0, w1)*copysign(1.0, w2);
    double found_loss;
    balanced_loss_f64(start, lam, noise, decay, r, sigma, &found_loss);
    out[0] = found_loss;
}

INLINE void slopes_unequal_f64(double s, double lam, double noise, double decay, double w1, double w2, double out[6])
{
    const double one = fabs(w1);
    const double two = fabs(w2);
    const double small = copysign(1.0, w1*w2)*((one) < (two) ? (one) : (two));
    const double large = ((one) > (two) ? (one) : (two));
    double found_by_s, found_by_lam, found_by_eps, found_by_a, found_by_b;
    gradient_direct_f64(s, lam, noise, small, large, &found_by_s, &found_by_lam, &found_by_eps, &found_by_a, &found_by_b);
    const double flip = copysign(1.0, ((one > two) ? (w1) : (w2)));
    out[0] = found_by_s;
    out[1] = found_by_lam;
    out[2] = found_by_eps;
    out[3] = NAN;
    out[4] = flip*((one > two) ? (found_by_b) : (found_by_a));
    out[5] = flip*((one > two) ? (found_by_a) : (found_by_b));
    (void)decay;
}

INLINE void slopes_equal_f64(double s, double lam, double noise, double decay, double w1, double w2, double out[6])
{
    const double r = fabs(w1);
    const double start = ((w1 == 0.0) ? (0.0) : (s));
    const double sigma = copysign(1.0, w1)*copysign(1.0, w2);
    double found_by_s, found_by_lam, found_by_eps, found_by_gamma, found_by_product;
    gradient_balanced_f64(start, lam, noise, decay, r, sigma, &found_by_s, &found_by_lam, &found_by_eps, &found_by_gamma, &found_by_product);
    out[0] = found_by_s;
    out[1] = found_by_lam;
    out[2] = found_by_eps;
    out[3] = found_by_gamma;
    out[4] = found_by_product*w2;
    out[5] = found_by_product*w1;
}

/* Rate in the kernel direct_strength. */
INLINE void direct_strength_rate_f64(double lam, double eps, double a, double b, double *rate_out)
{
    const double A = 2.0*lam;
    const double total = eps + lam;
    const double p = a + b;
    const double q = b - a;
    const double c = p*q;
    const double X = c*total;
    const double size = binade_f64(A, X);
    const double unit = reciprocal_f64(size);
    const double L = lam*unit;
    const double Z = X*unit;
    const double root = (sqrt(4.0*((L)*(L)) + ((Z)*(Z))));
    const double rho = root*size;
    *rate_out = -rho;
}

INLINE void strength_rate_unequal_f64(double s, double lam, double noise, double decay, double w1, double w2, double out[1])
{
    double found_rate;
    direct_strength_rate_f64(decay + lam, noise, w1, w2, &found_rate);
    out[0] = found_rate*s;
}

/* The kernel direct_strength with its exponentials known, as a quotient. */
INLINE void direct_strength_known_f64(double s, double exp_x, double expm1_x, double lam, double eps, double a, double b, double *w_out, double *divisor_out)
{
    const double A = 2.0*lam;
    const double total = eps + lam;
    const double p = a + b;
    const double q = b - a;
    const double c = p*q;
    const double X = c*total;
    const double size = binade_f64(A, X);
    const double unit = reciprocal_f64(size);
    const double L = lam*unit;
    const double xi = total*unit;
    const double Z = X*unit;
    const double root = (sqrt(4.0*((L)*(L)) + ((Z)*(Z))));
    const double R = ((root > 0.0) ? (root) : (1.0));
    const double T = 2.0*L + R;
    const double B = ((q)*(q))*xi;
    const double N = B + T;
    const double n = -(1.0 / 2.0)*N;
    const double P = ((p)*(p));
    const double f = P*xi;
    const double start = a*b;
    const double begun = T*start;
    const double u = B*xi;
    const double middle = P*(L*T + start*u);
    const double limit = L*P;
    const double E = exp_x;
    const double Y = E*R;
    const double F = expm1_x;
    const double H = F*n;
    const double low = H*f;
    const double den = (H + Y)*(T*Y + low);
    const double late = H*limit;
    *w_out = H*late + Y*(Y*begun - (F*middle));
    *divisor_out = den;
    (void)s;
}

INLINE void strength_known_unequal_f64(double s, double exp_x, double expm1_x, double lam, double noise, double decay, double w1, double w2, double out[2])
{
    double found_w, found_divisor;
    direct_strength_known_f64(s, exp_x, expm1_x, decay + lam, noise, w1, w2, &found_w, &found_divisor);
    out[0] = found_w;
    out[1] = found_divisor;
}

/* Rate in the kernel direct_loss. */
INLINE void direct_loss_rate_f64(double lam, double eps, double a, double b, double *rate_out)
{
    const double A = 2.0*lam;
    const double xi = eps + lam;
    const double p = a + b;
    const double q = b - a;
    const double c = p*q;
    const double X = c*xi;
    const double rho = hypot_f64(A, X);
    *rate_out = -rho;
}

INLINE void loss_rate_unequal_f64(double s, double lam, double noise, double decay, double w1, double w2, double out[1])
{
    double found_rate;
    direct_loss_rate_f64(decay + lam, noise, w1, w2, &found_rate);
    out[0] = found_rate*s;
}

/* The kernel direct_loss with its exponentials known, as a quotient. */
INLINE void direct_loss_known_f64(double s, double exp_x, double expm1_x, double lam, double eps, double a, double b, double *loss_out, double *divisor_out)
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
    const double f = unit*xi;
    const double half = lam*unit;
    const double top = 2.0*half + 1.0;
    const double P = ((p)*(p));
    const double u = f*((q)*(q));
    const double n = (1.0 / 2.0)*top + (1.0 / 2.0)*u;
    const double g = P*n;
    const double E = exp_x;
    const double M = -expm1_x;
    const double scale = ((rho > 0.0) ? (xi) : (1.0));
    const double m = f*g/top;
    const double den = (E + M*m)*(E + M*n);
    const double gap = E*(lam - (a*b*xi))/den;
    const double inverse = (1.0 / ((scale)));
    const double part = gap*inverse;
    *loss_out = (1.0 / 2.0)*eps*inverse*lam + (1.0 / 2.0)*gap*part;
    *divisor_out = 1.0;
    (void)s;
}

INLINE void loss_known_unequal_f64(double s, double exp_x, double expm1_x, double lam, double noise, double decay, double w1, double w2, double out[2])
{
    double found_loss, found_divisor;
    direct_loss_known_f64(s, exp_x, expm1_x, decay + lam, noise, w1, w2, &found_loss, &found_divisor);
    out[0] = found_loss;
    out[1] = found_divisor;
}

/* Whether a value is infinite or NaN. */
INLINE int infinite_f64(size_t n, const double *restrict x)
{
    size_t i;
    uint64_t amiss = 0;
    for (i = 0; i < n; i++) amiss |= bits_f64(x[i] - x[i]);
    return amiss != 0;
}

/* Whether a value of argument k is out of its range; NaN is. Bits are gathered, which vectorises: x - x is 0 and not
   NaN for a finite x alone, and so is x*0, but with the sign of x. */
INLINE int outside_f64(int k, size_t n, const double *restrict x)
{
    size_t i;
    uint64_t amiss = 0;
    if (k == W1 || k == W2) return infinite_f64(n, x);
    if (k == T)
        for (i = 0; i < n; i++) amiss |= x[i] >= 0 ? 0 : 1;
    else
        for (i = 0; i < n; i++) amiss |= bits_f64((x[i] + 0) * 0);
    if (k == TAU)
        for (i = 0; i < n; i++) amiss |= x[i] == 0 ? 1 : 0;
    return amiss != 0;
}

/* Not 0 where one of a point's arguments is out of its range; decay and tau have been looked at. */
INLINE uint64_t amiss_f64(double s, double lam, double noise, double w1, double w2)
{
    const uint64_t early = s >= 0 ? 0 : ~(uint64_t)0, negative = bits_f64((lam + 0) * 0) | bits_f64((noise + 0) * 0);
    return early | negative | bits_f64(w1 - w1) | bits_f64(w2 - w2);
}

/* Not 0 where weights of two sizes decay. */
INLINE uint64_t some_fading_f64(size_t n, const double *restrict decay, const double *restrict w1,
    const double *restrict w2)
{
    uint64_t fading = 0;
    size_t i;
    for (i = 0; i < n; i++) fading |= is_fading_f64(decay[i]) & !is_equal_f64(w1[i], w2[i]) ? 1 : 0;
    return fading;
}

/* Has the values brought into the cache while others are computed with. */
INLINE void fetch_f64(size_t n, const double *x)
{
#ifdef __GNUC__
    size_t i;
    for (i = 0; i < n; i += 64 / sizeof *x) __builtin_prefetch(x + i);
#else
    (void)n, (void)x;
#endif
}

/* The values without gaps between them. */
INLINE const double *spread_f64(size_t n, const double *x, ptrdiff_t step, double *restrict to)
{
    size_t i;
    for (i = 0; i < n; i++) to[i] = x[(ptrdiff_t)i * step];
    return to;
}

/* At an infinite time every exponential has vanished; a huge finite one, the most, spares 0·inf in modes at rest. */
INLINE double spent_f64(double s, double most) { return s < most ? s : most; }

/* t/tau for n points, of one tau or of one each. */
static const double *pace_f64(size_t n, const double *restrict t, const double *restrict tau, int shared, double most,
    double *restrict s)
{
    size_t i;
    if (shared && tau[0] == 1)
        for (i = 0; i < n; i++) s[i] = spent_f64(t[i], most);
    else
        for (i = 0; i < n; i++) s[i] = spent_f64(t[i] / tau[shared ? 0 : i], most);
    return s;
}

/* How many of the times, from the first on, lie in rows: each a row's first time and the distances in the first row, but for
   two units in its last place. 0 where it would not pay. */
static size_t even_f64(size_t n, const double *restrict s)
{
    uint64_t uneven = 0;
    size_t i, row;
    n -= n % 64;
    for (row = 0; row < n; row += 64)
        for (i = 0; i < 64; i++) {
            const double at = s[row + i], far = s[i] - s[0];
            uneven |= (far >= 0) & (fabs(at - (s[row] + far)) <= 2 * DBL_EPSILON * at) ? 0 : 1;
        }
    return uneven != 0 || n < 4 * 64 ? 0 : n;
}

/* of[0]/of[1], where the inverse of the divisor is known but for rounding. */
INLINE double quotient_f64(const double of[2], double inverse)
{
    const double about = of[0] * inverse;
    return about + inverse * (of[0] - of[1] * about);
}

/* One block of points, all of one kind (equal or not); not 0 where an argument or a result is amiss. */
static uint64_t strength_block_f64(int equal, size_t n, const double *restrict s, const double *restrict lam,
    const double *restrict noise, const double *restrict decay, const double *restrict w1, const double *restrict w2,
    double *restrict to_0)
{
    uint64_t amiss = 0;
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            double found[1];
            amiss |= amiss_f64(s[i], lam[i], noise[i], w1[i], w2[i]);
            strength_equal_f64(spent_f64(s[i], DBL_MAX / 8), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            to_0[i] = found[0]; amiss |= bits_f64(found[0] - found[0]);
        }
    else
        for (i = 0; i < n; i++) {
            double found[1];
            amiss |= amiss_f64(s[i], lam[i], noise[i], w1[i], w2[i]);
            strength_unequal_f64(spent_f64(s[i], DBL_MAX / 8), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            to_0[i] = found[0]; amiss |= bits_f64(found[0] - found[0]);
        }
    return amiss;
}

/* Times of a mode of unequal weights in rows, each as the first but for where it starts: e^(a + b) is a product, and
   e^(a + b) - 1 a sum of two numbers of one sign, so that few exponentials are computed. Two points share a division: two
   divisors have no product that overflows, as (w1 - w2)/(w1 + w2) is at most twice the inverse of a unit in the last place.
   Not 0 where a result is amiss, as where that product is 0. */
static uint64_t strength_rows_f64(size_t rows, const double *restrict s, double lam, double noise, double decay,
    double w1, double w2, double *restrict to)
{
    enum { HALF = 64 / 2, MOST = 2048 / 64 };
    double x[64], whole[64], less[64], rate[1];
    double end[MOST], power[MOST], part[MOST];
    uint64_t amiss = 0;
    size_t i, row;
    strength_rate_unequal_f64(1.0, lam, noise, decay, w1, w2, rate);
    for (i = 0; i < 64; i++) {
        x[i] = rate[0] * (s[i] - s[0]);
        whole[i] = exp_f64(x[i]);
        less[i] = expm1_f64(x[i]);
    }
    spread_f64(rows, s, 64, end);
    for (i = 0; i < rows; i++) {
        const double from = rate[0] * end[i];
        power[i] = exp_f64(from);
        part[i] = expm1_f64(from);
        end[i] = -708.39 - from; /* where the power would leave the normal numbers, at which processors are slow */
    }
    for (row = 0; row < rows; row++) {
        const double *restrict at = s + row * 64;
        double *restrict out = to + row * 64;
        for (i = 0; i < HALF; i++) {
            const size_t k = i + HALF;
            const double one = x[i] < end[row] ? 0 : power[row] * whole[i];
            const double two = x[k] < end[row] ? 0 : power[row] * whole[k];
            double first[2], second[2], inverse, sum;
            strength_known_unequal_f64(at[i], one, part[row] + power[row] * less[i], lam, noise, decay, w1, w2, first);
            strength_known_unequal_f64(at[k], two, part[row] + power[row] * less[k], lam, noise, decay, w1, w2, second);
            inverse = 1.0 / (first[1] * second[1]);
            out[i] = quotient_f64(first, inverse * second[1]);
            out[k] = quotient_f64(second, inverse * first[1]);
            sum = out[i] + out[k];
            amiss |= bits_f64(sum - sum);
        }
    }
    return amiss;
}

/* The times of one mode: what depends on the mode alone is computed once. even: how many of them, from the first on, lie in
   rows. Not 0 where a result is amiss. */
static uint64_t strength_mode_f64(int equal, size_t n, size_t even, const double *restrict s, double lam, double noise,
    double decay, double w1, double w2, double *restrict to_0)
{
    uint64_t amiss = 0;
    size_t i;
    if (equal || even == 0 || strength_rows_f64(even / 64, s, lam, noise, decay, w1, w2, to_0) != 0) even = 0;
    if (equal)
        for (i = 0; i < n; i++) {
            double found[1];
            strength_equal_f64(s[i], lam, noise, decay, w1, w2, found);
            to_0[i] = found[0]; amiss |= bits_f64(found[0] - found[0]);
        }
    else
        for (i = even; i < n; i++) {
            double found[1];
            strength_unequal_f64(s[i], lam, noise, decay, w1, w2, found);
            to_0[i] = found[0]; amiss |= bits_f64(found[0] - found[0]);
        }
    return amiss;
}

/* One block of modes that may be of both kinds; not 0 where an argument or a result is amiss. */
static uint64_t strength_mixed_f64(size_t n, const double *const x[6], double *const out[1])
{
    const double *restrict w1 = x[W1], *restrict w2 = x[W2];
    double equal[1][MODEFLOW_MODES];
    uint64_t same = 0, amiss; /* of the width of the numbers, so that the loops are vectorised */
    size_t i;
    int k;
    for (i = 0; i < n; i++) same += is_equal_f64(w1[i], w2[i]) ? 1 : 0;
    amiss = strength_block_f64(same == n, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, out[0]);
    if (same == 0 || same == n) return amiss;
    strength_block_f64(1, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, equal[0]);
    for (k = 0; k < 1; k++)
        for (i = 0; i < n; i++) out[k][i] = is_equal_f64(w1[i], w2[i]) ? equal[k][i] : out[k][i];
    for (amiss = 0, i = 0; i < n; i++) amiss |= amiss_f64(x[S][i], x[LAM][i], x[NOISE][i], w1[i], w2[i]);
    for (k = 0; k < 1; k++)
        if (k != -1) amiss |= infinite_f64(n, out[k]);
    return amiss;
}

int modeflow_strength_f64(size_t rows, size_t columns, const double *const x[7], const ptrdiff_t outer[7],
    const ptrdiff_t inner[7], double *const out[2])
{
    double buffer[7][MODEFLOW_MODES], times[2048], paced[2048], spare[1][2048];
    const double *at[7] = {0}, *s = NULL;
    uint64_t amiss;
    size_t row, start, block, even = 0;
    int k, one_mode = 1;
    for (k = 0; k < 7; k++) one_mode &= k == T ? inner[k] != 0 : inner[k] == 0;
    block = one_mode ? 2048 : MODEFLOW_MODES;
    for (start = 0; start < columns; start += block) {
        const size_t n = columns - start < block ? columns - start : block;
        const size_t rest = columns - start - n, next = columns < MODEFLOW_FAR ? 0 : rest < block ? rest : block;
        for (row = 0; row < rows; row++) {
            double *to[1];
            for (k = 0; k < 1; k++) to[k] = out[k] == NULL ? spare[k] : out[k] + row * columns + start;
            for (k = 0; k < 7; k++) {
                const double *const from = x[k] + (ptrdiff_t)row * outer[k] + (ptrdiff_t)start * inner[k];
                const int known = outer[k] == 0 && (row != 0 || (start != 0 && inner[k] == 0));
                if (known) continue;
                at[k] = from;
                if (next != 0 && inner[k] == 1) fetch_f64(next, from + n);
                if (inner[k] == 0 ? !(one_mode || k == TAU) : inner[k] != 1)
                    at[k] = spread_f64(inner[k] == 0 ? block : n, from, inner[k], one_mode ? times : buffer[k]);
                if ((inner[k] == 0 || one_mode || k == DECAY || k == TAU) && outside_f64(k, inner[k] == 0 ? 1 : n, at[k]))
                    return MODEFLOW_UNUSUAL;
            }
            if (!one_mode && inner[TAU] == 0 && *at[TAU] == 1) s = at[T];
            else if (row == 0 || outer[T] != 0 || outer[TAU] != 0) {
                s = pace_f64(n, at[T], at[TAU], inner[TAU] == 0, DBL_MAX / 8, paced);
                even = one_mode ? even_f64(n, s) : 0;
            }
            if (one_mode) {
                const double decay = *at[DECAY], w1 = *at[W1], w2 = *at[W2];
                const int equal = is_equal_f64(w1, w2);
                if (!equal && is_fading_f64(decay)) return MODEFLOW_UNUSUAL;
                amiss = strength_mode_f64(equal, n, even, s, *at[LAM], *at[NOISE], decay, w1, w2, to[0]);
            } else {
                const double *const v[6] = {s, at[LAM], at[NOISE], at[DECAY], at[W1], at[W2]};
                if ((inner[DECAY] != 0 || *at[DECAY] > 0) && some_fading_f64(n, at[DECAY], at[W1], at[W2]))
                    return MODEFLOW_UNUSUAL;
                amiss = strength_mixed_f64(n, v, to);
            }
            if (amiss != 0) return MODEFLOW_UNUSUAL;
        }
    }
    return 0;
}

/* One block of points, all of one kind (equal or not); not 0 where an argument or a result is amiss. */
static uint64_t weights_block_f64(int equal, size_t n, const double *restrict s, const double *restrict lam,
    const double *restrict noise, const double *restrict decay, const double *restrict w1, const double *restrict w2,
    double *restrict to_0, double *restrict to_1)
{
    uint64_t amiss = 0;
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            double found[2];
            amiss |= amiss_f64(s[i], lam[i], noise[i], w1[i], w2[i]);
            weights_equal_f64(spent_f64(s[i], DBL_MAX / 8), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            to_0[i] = found[0]; amiss |= bits_f64(found[0] - found[0]); to_1[i] = found[1]; amiss |= bits_f64(found[1] - found[1]);
        }
    else
        for (i = 0; i < n; i++) {
            double found[2];
            amiss |= amiss_f64(s[i], lam[i], noise[i], w1[i], w2[i]);
            weights_unequal_f64(spent_f64(s[i], DBL_MAX / 8), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            to_0[i] = found[0]; amiss |= bits_f64(found[0] - found[0]); to_1[i] = found[1]; amiss |= bits_f64(found[1] - found[1]);
        }
    return amiss;
}

/* The times of one mode, as points that have all else in common: gcc vectorises no loop with a choice that the mode alone
   decides. Not 0 where a result is amiss. */
static uint64_t weights_mode_f64(int equal, size_t n, size_t even, const double *restrict s, double lam, double noise,
    double decay, double w1, double w2, double *restrict to_0, double *restrict to_1)
{
    double mode[5] = {lam, noise, decay, w1, w2}, of[5][MODEFLOW_MODES];
    uint64_t amiss = 0;
    size_t start;
    int k;
    (void)even;
    for (k = 0; k < 5; k++) spread_f64(MODEFLOW_MODES, mode + k, 0, of[k]);
    for (start = 0; start < n; start += MODEFLOW_MODES) {
        const size_t rest = n - start, points = rest < MODEFLOW_MODES ? rest : MODEFLOW_MODES;
        amiss |= weights_block_f64(equal, points, s + start, of[0], of[1], of[2], of[3], of[4], to_0 + start, to_1 + start);
    }
    return amiss;
}

/* One block of modes that may be of both kinds; not 0 where an argument or a result is amiss. */
static uint64_t weights_mixed_f64(size_t n, const double *const x[6], double *const out[2])
{
    const double *restrict w1 = x[W1], *restrict w2 = x[W2];
    double equal[2][MODEFLOW_MODES];
    uint64_t same = 0, amiss; /* of the width of the numbers, so that the loops are vectorised */
    size_t i;
    int k;
    for (i = 0; i < n; i++) same += is_equal_f64(w1[i], w2[i]) ? 1 : 0;
    amiss = weights_block_f64(same == n, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, out[0], out[1]);
    if (same == 0 || same == n) return amiss;
    weights_block_f64(1, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, equal[0], equal[1]);
    for (k = 0; k < 2; k++)
        for (i = 0; i < n; i++) out[k][i] = is_equal_f64(w1[i], w2[i]) ? equal[k][i] : out[k][i];
    for (amiss = 0, i = 0; i < n; i++) amiss |= amiss_f64(x[S][i], x[LAM][i], x[NOISE][i], w1[i], w2[i]);
    for (k = 0; k < 2; k++)
        if (k != -1) amiss |= infinite_f64(n, out[k]);
    return amiss;
}

int modeflow_weights_f64(size_t rows, size_t columns, const double *const x[7], const ptrdiff_t outer[7],
    const ptrdiff_t inner[7], double *const out[2])
{
    double buffer[7][MODEFLOW_MODES], times[2048], paced[2048], spare[2][2048];
    const double *at[7] = {0}, *s = NULL;
    uint64_t amiss;
    size_t row, start, block, even = 0;
    int k, one_mode = 1;
    for (k = 0; k < 7; k++) one_mode &= k == T ? inner[k] != 0 : inner[k] == 0;
    block = one_mode ? 2048 : MODEFLOW_MODES;
    for (start = 0; start < columns; start += block) {
        const size_t n = columns - start < block ? columns - start : block;
        const size_t rest = columns - start - n, next = columns < MODEFLOW_FAR ? 0 : rest < block ? rest : block;
        for (row = 0; row < rows; row++) {
            double *to[2];
            for (k = 0; k < 2; k++) to[k] = out[k] == NULL ? spare[k] : out[k] + row * columns + start;
            for (k = 0; k < 7; k++) {
                const double *const from = x[k] + (ptrdiff_t)row * outer[k] + (ptrdiff_t)start * inner[k];
                const int known = outer[k] == 0 && (row != 0 || (start != 0 && inner[k] == 0));
                if (known) continue;
                at[k] = from;
                if (next != 0 && inner[k] == 1) fetch_f64(next, from + n);
                if (inner[k] == 0 ? !(one_mode || k == TAU) : inner[k] != 1)
                    at[k] = spread_f64(inner[k] == 0 ? block : n, from, inner[k], one_mode ? times : buffer[k]);
                if ((inner[k] == 0 || one_mode || k == DECAY || k == TAU) && outside_f64(k, inner[k] == 0 ? 1 : n, at[k]))
                    return MODEFLOW_UNUSUAL;
            }
            if (!one_mode && inner[TAU] == 0 && *at[TAU] == 1) s = at[T];
            else if (row == 0 || outer[T] != 0 || outer[TAU] != 0) {
                s = pace_f64(n, at[T], at[TAU], inner[TAU] == 0, DBL_MAX / 8, paced);
                even = one_mode ? even_f64(n, s) : 0;
            }
            if (one_mode) {
                const double decay = *at[DECAY], w1 = *at[W1], w2 = *at[W2];
                const int equal = is_equal_f64(w1, w2);
                if (!equal && is_fading_f64(decay)) return MODEFLOW_UNUSUAL;
                amiss = weights_mode_f64(equal, n, even, s, *at[LAM], *at[NOISE], decay, w1, w2, to[0], to[1]);
            } else {
                const double *const v[6] = {s, at[LAM], at[NOISE], at[DECAY], at[W1], at[W2]};
                if ((inner[DECAY] != 0 || *at[DECAY] > 0) && some_fading_f64(n, at[DECAY], at[W1], at[W2]))
                    return MODEFLOW_UNUSUAL;
                amiss = weights_mixed_f64(n, v, to);
            }
            if (amiss != 0) return MODEFLOW_UNUSUAL;
        }
    }
    return 0;
}

/* One block of points, all of one kind (equal or not); not 0 where an argument or a result is amiss. */
static uint64_t loss_block_f64(int equal, size_t n, const double *restrict s, const double *restrict lam,
    const double *restrict noise, const double *restrict decay, const double *restrict w1, const double *restrict w2,
    double *restrict to_0)
{
    uint64_t amiss = 0;
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            double found[1];
            amiss |= amiss_f64(s[i], lam[i], noise[i], w1[i], w2[i]);
            loss_equal_f64(spent_f64(s[i], DBL_MAX / 8), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            to_0[i] = found[0]; amiss |= bits_f64(found[0] - found[0]);
        }
    else
        for (i = 0; i < n; i++) {
            double found[1];
            amiss |= amiss_f64(s[i], lam[i], noise[i], w1[i], w2[i]);
            loss_unequal_f64(spent_f64(s[i], DBL_MAX / 8), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            to_0[i] = found[0]; amiss |= bits_f64(found[0] - found[0]);
        }
    return amiss;
}

/* Times of a mode of unequal weights in rows, each as the first but for where it starts: e^(a + b) is a product, and
   e^(a + b) - 1 a sum of two numbers of one sign, so that few exponentials are computed. Two points share a division: two
   divisors have no product that overflows, as (w1 - w2)/(w1 + w2) is at most twice the inverse of a unit in the last place.
   Not 0 where a result is amiss, as where that product is 0. */
static uint64_t loss_rows_f64(size_t rows, const double *restrict s, double lam, double noise, double decay,
    double w1, double w2, double *restrict to)
{
    enum { HALF = 64 / 2, MOST = 2048 / 64 };
    double x[64], whole[64], less[64], rate[1];
    double end[MOST], power[MOST], part[MOST];
    uint64_t amiss = 0;
    size_t i, row;
    loss_rate_unequal_f64(1.0, lam, noise, decay, w1, w2, rate);
    for (i = 0; i < 64; i++) {
        x[i] = rate[0] * (s[i] - s[0]);
        whole[i] = exp_f64(x[i]);
        less[i] = expm1_f64(x[i]);
    }
    spread_f64(rows, s, 64, end);
    for (i = 0; i < rows; i++) {
        const double from = rate[0] * end[i];
        power[i] = exp_f64(from);
        part[i] = expm1_f64(from);
        end[i] = -708.39 - from; /* where the power would leave the normal numbers, at which processors are slow */
    }
    for (row = 0; row < rows; row++) {
        const double *restrict at = s + row * 64;
        double *restrict out = to + row * 64;
        for (i = 0; i < HALF; i++) {
            const size_t k = i + HALF;
            const double one = x[i] < end[row] ? 0 : power[row] * whole[i];
            const double two = x[k] < end[row] ? 0 : power[row] * whole[k];
            double first[2], second[2], inverse, sum;
            loss_known_unequal_f64(at[i], one, part[row] + power[row] * less[i], lam, noise, decay, w1, w2, first);
            loss_known_unequal_f64(at[k], two, part[row] + power[row] * less[k], lam, noise, decay, w1, w2, second);
            inverse = 1.0 / (first[1] * second[1]);
            out[i] = quotient_f64(first, inverse * second[1]);
            out[k] = quotient_f64(second, inverse * first[1]);
            sum = out[i] + out[k];
            amiss |= bits_f64(sum - sum);
        }
    }
    return amiss;
}

/* The times of one mode: what depends on the mode alone is computed once. even: how many of them, from the first on, lie in
   rows. Not 0 where a result is amiss. */
static uint64_t loss_mode_f64(int equal, size_t n, size_t even, const double *restrict s, double lam, double noise,
    double decay, double w1, double w2, double *restrict to_0)
{
    uint64_t amiss = 0;
    size_t i;
    if (equal || even == 0 || loss_rows_f64(even / 64, s, lam, noise, decay, w1, w2, to_0) != 0) even = 0;
    if (equal)
        for (i = 0; i < n; i++) {
            double found[1];
            loss_equal_f64(s[i], lam, noise, decay, w1, w2, found);
            to_0[i] = found[0]; amiss |= bits_f64(found[0] - found[0]);
        }
    else
        for (i = even; i < n; i++) {
            double found[1];
            loss_unequal_f64(s[i], lam, noise, decay, w1, w2, found);
            to_0[i] = found[0]; amiss |= bits_f64(found[0] - found[0]);
        }
    return amiss;
}

/* One block of modes that may be of both kinds; not 0 where an argument or a result is amiss. */
static uint64_t loss_mixed_f64(size_t n, const double *const x[6], double *const out[1])
{
    const double *restrict w1 = x[W1], *restrict w2 = x[W2];
    double equal[1][MODEFLOW_MODES];
    uint64_t same = 0, amiss; /* of the width of the numbers, so that the loops are vectorised */
    size_t i;
    int k;
    for (i = 0; i < n; i++) same += is_equal_f64(w1[i], w2[i]) ? 1 : 0;
    amiss = loss_block_f64(same == n, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, out[0]);
    if (same == 0 || same == n) return amiss;
    loss_block_f64(1, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, equal[0]);
    for (k = 0; k < 1; k++)
        for (i = 0; i < n; i++) out[k][i] = is_equal_f64(w1[i], w2[i]) ? equal[k][i] : out[k][i];
    for (amiss = 0, i = 0; i < n; i++) amiss |= amiss_f64(x[S][i], x[LAM][i], x[NOISE][i], w1[i], w2[i]);
    for (k = 0; k < 1; k++)
        if (k != -1) amiss |= infinite_f64(n, out[k]);
    return amiss;
}

int modeflow_loss_f64(size_t rows, size_t columns, const double *const x[7], const ptrdiff_t outer[7],
    const ptrdiff_t inner[7], double *const out[2])
{
    double buffer[7][MODEFLOW_MODES], times[2048], paced[2048], spare[1][2048];
    const double *at[7] = {0}, *s = NULL;
    uint64_t amiss;
    size_t row, start, block, even = 0;
    int k, one_mode = 1;
    for (k = 0; k < 7; k++) one_mode &= k == T ? inner[k] != 0 : inner[k] == 0;
    block = one_mode ? 2048 : MODEFLOW_MODES;
    for (start = 0; start < columns; start += block) {
        const size_t n = columns - start < block ? columns - start : block;
        const size_t rest = columns - start - n, next = columns < MODEFLOW_FAR ? 0 : rest < block ? rest : block;
        for (row = 0; row < rows; row++) {
            double *to[1];
            for (k = 0; k < 1; k++) to[k] = out[k] == NULL ? spare[k] : out[k] + row * columns + start;
            for (k = 0; k < 7; k++) {
                const double *const from = x[k] + (ptrdiff_t)row * outer[k] + (ptrdiff_t)start * inner[k];
                const int known = outer[k] == 0 && (row != 0 || (start != 0 && inner[k] == 0));
                if (known) continue;
                at[k] = from;
                if (next != 0 && inner[k] == 1) fetch_f64(next, from + n);
                if (inner[k] == 0 ? !(one_mode || k == TAU) : inner[k] != 1)
                    at[k] = spread_f64(inner[k] == 0 ? block : n, from, inner[k], one_mode ? times : buffer[k]);
                if ((inner[k] == 0 || one_mode || k == DECAY || k == TAU) && outside_f64(k, inner[k] == 0 ? 1 : n, at[k]))
                    return MODEFLOW_UNUSUAL;
            }
            if (!one_mode && inner[TAU] == 0 && *at[TAU] == 1) s = at[T];
            else if (row == 0 || outer[T] != 0 || outer[TAU] != 0) {
                s = pace_f64(n, at[T], at[TAU], inner[TAU] == 0, DBL_MAX / 8, paced);
                even = one_mode ? even_f64(n, s) : 0;
            }
            if (one_mode) {
                const double decay = *at[DECAY], w1 = *at[W1], w2 = *at[W2];
                const int equal = is_equal_f64(w1, w2);
                if (!equal && is_fading_f64(decay)) return MODEFLOW_UNUSUAL;
                amiss = loss_mode_f64(equal, n, even, s, *at[LAM], *at[NOISE], decay, w1, w2, to[0]);
            } else {
                const double *const v[6] = {s, at[LAM], at[NOISE], at[DECAY], at[W1], at[W2]};
                if ((inner[DECAY] != 0 || *at[DECAY] > 0) && some_fading_f64(n, at[DECAY], at[W1], at[W2]))
                    return MODEFLOW_UNUSUAL;
                amiss = loss_mixed_f64(n, v, to);
            }
            if (amiss != 0) return MODEFLOW_UNUSUAL;
        }
    }
    return 0;
}

/* One block of points, all of one kind (equal or not); not 0 where an argument or a result is amiss. */
static uint64_t slopes_block_f64(int equal, size_t n, const double *restrict s, const double *restrict lam,
    const double *restrict noise, const double *restrict decay, const double *restrict w1, const double *restrict w2,
    double *restrict to_0, double *restrict to_1, double *restrict to_2, double *restrict to_3, double *restrict to_4, double *restrict to_5)
{
    uint64_t amiss = 0;
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            double found[6];
            amiss |= amiss_f64(s[i], lam[i], noise[i], w1[i], w2[i]);
            slopes_equal_f64(spent_f64(s[i], 1e150), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            to_0[i] = found[0]; amiss |= bits_f64(found[0] - found[0]); to_1[i] = found[1]; amiss |= bits_f64(found[1] - found[1]); to_2[i] = found[2]; amiss |= bits_f64(found[2] - found[2]); to_3[i] = found[3]; to_4[i] = found[4]; amiss |= bits_f64(found[4] - found[4]); to_5[i] = found[5]; amiss |= bits_f64(found[5] - found[5]);
        }
    else
        for (i = 0; i < n; i++) {
            double found[6];
            amiss |= amiss_f64(s[i], lam[i], noise[i], w1[i], w2[i]);
            slopes_unequal_f64(spent_f64(s[i], 1e150), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            to_0[i] = found[0]; amiss |= bits_f64(found[0] - found[0]); to_1[i] = found[1]; amiss |= bits_f64(found[1] - found[1]); to_2[i] = found[2]; amiss |= bits_f64(found[2] - found[2]); to_3[i] = found[3]; to_4[i] = found[4]; amiss |= bits_f64(found[4] - found[4]); to_5[i] = found[5]; amiss |= bits_f64(found[5] - found[5]);
        }
    return amiss;
}

/* The times of one mode, as points that have all else in common: gcc vectorises no loop with a choice that the mode alone
   decides. Not 0 where a result is amiss. */
static uint64_t slopes_mode_f64(int equal, size_t n, size_t even, const double *restrict s, double lam, double noise,
    double decay, double w1, double w2, double *restrict to_0, double *restrict to_1, double *restrict to_2, double *restrict to_3, double *restrict to_4, double *restrict to_5)
{
    double mode[5] = {lam, noise, decay, w1, w2}, of[5][MODEFLOW_MODES];
    uint64_t amiss = 0;
    size_t start;
    int k;
    (void)even;
    for (k = 0; k < 5; k++) spread_f64(MODEFLOW_MODES, mode + k, 0, of[k]);
    for (start = 0; start < n; start += MODEFLOW_MODES) {
        const size_t rest = n - start, points = rest < MODEFLOW_MODES ? rest : MODEFLOW_MODES;
        amiss |= slopes_block_f64(equal, points, s + start, of[0], of[1], of[2], of[3], of[4], to_0 + start, to_1 + start, to_2 + start, to_3 + start, to_4 + start, to_5 + start);
    }
    return amiss;
}

/* One block of modes that may be of both kinds; not 0 where an argument or a result is amiss. */
static uint64_t slopes_mixed_f64(size_t n, const double *const x[6], double *const out[6])
{
    const double *restrict w1 = x[W1], *restrict w2 = x[W2];
    double equal[6][MODEFLOW_MODES];
    uint64_t same = 0, amiss; /* of the width of the numbers, so that the loops are vectorised */
    size_t i;
    int k;
    for (i = 0; i < n; i++) same += is_equal_f64(w1[i], w2[i]) ? 1 : 0;
    amiss = slopes_block_f64(same == n, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, out[0], out[1], out[2], out[3], out[4], out[5]);
    if (same == 0 || same == n) return amiss;
    slopes_block_f64(1, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, equal[0], equal[1], equal[2], equal[3], equal[4], equal[5]);
    for (k = 0; k < 6; k++)
        for (i = 0; i < n; i++) out[k][i] = is_equal_f64(w1[i], w2[i]) ? equal[k][i] : out[k][i];
    for (amiss = 0, i = 0; i < n; i++) amiss |= amiss_f64(x[S][i], x[LAM][i], x[NOISE][i], w1[i], w2[i]);
    for (k = 0; k < 6; k++)
        if (k != 3) amiss |= infinite_f64(n, out[k]);
    return amiss;
}

int modeflow_slopes_f64(size_t rows, size_t columns, const double *const x[7], const ptrdiff_t outer[7],
    const ptrdiff_t inner[7], double *const out[6])
{
    double buffer[7][MODEFLOW_MODES], times[2048], paced[2048], spare[6][2048];
    const double *at[7] = {0}, *s = NULL;
    uint64_t amiss;
    size_t row, start, block, even = 0;
    int k, one_mode = 1;
    for (k = 0; k < 7; k++) one_mode &= k == T ? inner[k] != 0 : inner[k] == 0;
    block = one_mode ? 2048 : MODEFLOW_MODES;
    for (start = 0; start < columns; start += block) {
        const size_t n = columns - start < block ? columns - start : block;
        const size_t rest = columns - start - n, next = columns < MODEFLOW_FAR ? 0 : rest < block ? rest : block;
        for (row = 0; row < rows; row++) {
            double *to[6];
            for (k = 0; k < 6; k++) to[k] = out[k] == NULL ? spare[k] : out[k] + row * columns + start;
            for (k = 0; k < 7; k++) {
                const double *const from = x[k] + (ptrdiff_t)row * outer[k] + (ptrdiff_t)start * inner[k];
                const int known = outer[k] == 0 && (row != 0 || (start != 0 && inner[k] == 0));
                if (known) continue;
                at[k] = from;
                if (next != 0 && inner[k] == 1) fetch_f64(next, from + n);
                if (inner[k] == 0 ? !(one_mode || k == TAU) : inner[k] != 1)
                    at[k] = spread_f64(inner[k] == 0 ? block : n, from, inner[k], one_mode ? times : buffer[k]);
                if ((inner[k] == 0 || one_mode || k == DECAY || k == TAU) && outside_f64(k, inner[k] == 0 ? 1 : n, at[k]))
                    return MODEFLOW_UNUSUAL;
            }
            if (!one_mode && inner[TAU] == 0 && *at[TAU] == 1) s = at[T];
            else if (row == 0 || outer[T] != 0 || outer[TAU] != 0) {
                s = pace_f64(n, at[T], at[TAU], inner[TAU] == 0, 1e150, paced);
                even = one_mode ? even_f64(n, s) : 0;
            }
            if (one_mode) {
                const double decay = *at[DECAY], w1 = *at[W1], w2 = *at[W2];
                const int equal = is_equal_f64(w1, w2);
                if (!equal && is_fading_f64(decay)) return MODEFLOW_UNUSUAL;
                amiss = slopes_mode_f64(equal, n, even, s, *at[LAM], *at[NOISE], decay, w1, w2, to[0], to[1], to[2], to[3], to[4], to[5]);
            } else {
                const double *const v[6] = {s, at[LAM], at[NOISE], at[DECAY], at[W1], at[W2]};
                if ((inner[DECAY] != 0 || *at[DECAY] > 0) && some_fading_f64(n, at[DECAY], at[W1], at[W2]))
                    return MODEFLOW_UNUSUAL;
                amiss = slopes_mixed_f64(n, v, to);
            }
            if (amiss != 0) return MODEFLOW_UNUSUAL;
        }
    }
    return 0;
}

/* exp and expm1 in plain arithmetic, so that loops over them are vectorised: x = k·ln 2 + r, |r| <= (ln 2)/2, and a
   polynomial in place of (exp(r) - 1 - r)/r². No case is told from another: beyond the ends of its range x is an end,
   at which 2 to the power of k - 1 is 0, or twice the result is infinite. Within 1 ulp (expm1: 1.5); exp is 0 where it
   would be less than √2 times the least normal number; NaN in, NaN out. */

INLINE float real_f32(uint32_t whole)
{
    float value;
    memcpy(&value, &whole, sizeof value);
    return value;
}

INLINE uint32_t bits_f32(float value)
{
    uint32_t whole;
    memcpy(&whole, &value, sizeof whole);
    return whole;
}

/* The ends of what exp takes, and those of binade. A compiler that knew that they never change would compute what comes of
   each of them, and choose between that and all else, which takes longer. */
float modeflow_ends_f32[4] = {-87.33f, 88.9f, FLT_MIN, 0x1p123f};

INLINE float between_f32(float x, const float *ends)
{
    x = ends[0] > x ? ends[0] : x;
    return ends[1] < x ? ends[1] : x;
}

/* exp(r) - 1, with r as above, and 2 to the power of k - 1 + shift - 126.0f. */
INLINE float reduced_f32(float x, float shift, float *power)
{
    float whole, r, r2, r4, r8, p;
    whole = (x * 1.44269504f + 12582912.0f) - 12582912.0f;
    r = (x - whole * 0.693359375f) - whole * -2.12194440e-4f;
    r2 = r * r, r4 = r2 * r2, r8 = r4 * r4;
    p = (((0.500000001f + r * 0.166666667f) + r2 * (0.0416664642f + r * 0.00833331085f)) + r4 * (0.00139337286f + r * 0.000198910781f));
    (void)r8;
    *power = real_f32(bits_f32(whole + (12582912.0f + shift)) << 23);
    return r + r2 * p;
}

INLINE float exp_f32(float x)
{
    float half, p = reduced_f32(between_f32(x, modeflow_ends_f32), 126.0f, &half);
    return 2 * (p * half + half);
}

INLINE float expm1_f32(float x)
{
    float half, p = reduced_f32(between_f32(x, modeflow_ends_f32), 126.0f, &half);
    return 2 * (p * half + (half - 1.0f / 2));
}

/* exp of x <= 0 down to the least number there is: computed 0x1p24f times as large, so that what is no normal number is
   rounded once, at its end. It is for kernels that multiply such results by large numbers: processors are slow at them. */
INLINE float exp_to_the_end_f32(float x)
{
    float raised, p = reduced_f32(-104.7f > x ? -104.7f : x, 151.0f, &raised);
    return (p * raised + raised) / 0x1p24f;
}

/* The power of 2 next to the larger of |x| and |y|; its exponent is kept within that of numbers whose inverse is one. */
INLINE float binade_f32(float x, float y)
{
    const uint32_t exponent = bits_f32((float)INFINITY);
    x = fabsf(x);
    y = fabsf(y);
    return between_f32(real_f32(bits_f32(x > y ? x : y) & exponent), modeflow_ends_f32 + 2);
}

/* 1/x of such a power. */
INLINE float reciprocal_f32(float x)
{
    return real_f32(2 * bits_f32(1.0f) - bits_f32(x));
}

/* The root of x*x + y*y, both scaled, which loses nothing. */
INLINE float hypot_f32(float x, float y)
{
    const float size = binade_f32(x, y), inverse = reciprocal_f32(size);
    x *= inverse;
    y *= inverse;
    return size * sqrtf(x * x + y * y);
}

/* e^x - 1 - x. */
INLINE float expm2_f32(float x)
{
    const float near = ((fabsf(x) < 1.0f) ? (x) : (0.0f));
    const float series = (((((1.0f + near * (1.0f / 3.0f)) + (near*near) * ((1.0f / 12.0f) + near * (1.0f / 60.0f))) + ((near*near)*(near*near)) * (((1.0f / 360.0f) + near * (1.0f / 2520.0f)) + (near*near) * ((1.0f / 20160.0f) + near * (1.0f / 181440.0f)))) + (((near*near)*(near*near))*((near*near)*(near*near))) * ((((1.0f / 1814400.0f) + near * (1.0f / 19958400.0f)) + (near*near) * ((1.0f / 239500800.0f) + near * (1.0f / 3113510400.0f))) + ((near*near)*(near*near)) * (((1.0f / 43589145600.0f) + near * (1.0f / 653837184000.0f)) + (near*near) * ((1.0f / 10461394944000.0f) + near * (1.0f / 177843714048000.0f))))) + ((((near*near)*(near*near))*((near*near)*(near*near)))*(((near*near)*(near*near))*((near*near)*(near*near)))) * ((1.0f / 3201186852864000.0f) + near * (1.0f / 60822550204416000.0f)));
    const float lead = (1.0f / 2.0f)*((near)*(near));
    return ((fabsf(x) < 1.0f) ? (lead*series) : (expm1_f32(x) - x));
}

/* 1 - (1 + x)e^(-x), for x >= 0. */
INLINE float fade2_f32(float x)
{
    const float near = ((1.0f) < (x) ? (1.0f) : (x));
    const float E = exp_f32(-x);
    return ((x < 1.0f) ? (E*expm2_f32(near)) : (-(E*x) - expm1_f32(-x)));
}

/* 1 - e^(-2x) - 2x e^(-x), for x >= 0. */
INLINE float fade3_f32(float x)
{
    const float near = (((3.0f / 2.0f)) < (x) ? ((3.0f / 2.0f)) : (x));
    const float E = exp_f32(-x);
    const float square = ((near)*(near));
    const float series = ((((1.0f + square * (1.0f / 20.0f)) + (square*square) * ((1.0f / 840.0f) + square * (1.0f / 60480.0f))) + ((square*square)*(square*square)) * (((1.0f / 6652800.0f) + square * (1.0f / 1037836800.0f)) + (square*square) * ((1.0f / 217945728000.0f) + square * (1.0f / 59281238016000.0f)))) + (((square*square)*(square*square))*((square*square)*(square*square))) * ((1.0f / 20274183401472000.0f) + square * (1.0f / 8515157028618240000.0f)));
    const float lead = near*square;
    const float faded = E*lead;
    const float total = faded*series;
    return ((x < (3.0f / 2.0f)) ? (total/3.0f) : (-(2.0f*E*x) - expm1_f32(-2.0f*x)));
}

/* x(1 + e^(-2x)) - (1 - e^(-2x)), for x >= 0. */
INLINE float fade4_f32(float x)
{
    const float near = (((3.0f / 2.0f)) < (x) ? ((3.0f / 2.0f)) : (x));
    const float E = exp_f32(-x);
    const float square = ((near)*(near));
    const float series = ((((1.0f + square * (1.0f / 10.0f)) + (square*square) * ((1.0f / 280.0f) + square * (1.0f / 15120.0f))) + ((square*square)*(square*square)) * (((1.0f / 1330560.0f) + square * (1.0f / 172972800.0f)) + (square*square) * ((1.0f / 31135104000.0f) + square * (1.0f / 7410154752000.0f)))) + (((square*square)*(square*square))*((square*square)*(square*square))) * ((1.0f / 2252687044608000.0f) + square * (1.0f / 851515702861824000.0f)));
    const float lead = 2.0f*near*square;
    const float faded = E*lead;
    const float total = faded*series;
    return ((x < (3.0f / 2.0f)) ? (total/3.0f) : (x*(((E)*(E)) + 1.0f) + expm1_f32(-2.0f*x)));
}

/* Strength of a mode without decay, for weights a and b of different size, in any order; s = t/tau.
   Claims: eval.direct_strength_moving, eval.direct_strength_resting. 55 operations. */
INLINE void direct_strength_f32(float s, float lam, float eps, float a, float b, float *w_out)
{
    const float A = 2.0f*lam;
    const float total = eps + lam;
    const float p = a + b;
    const float q = b - a;
    const float c = p*q;
    const float X = c*total;
    const float size = binade_f32(A, X);
    const float unit = reciprocal_f32(size);
    const float L = lam*unit;
    const float xi = total*unit;
    const float Z = X*unit;
    const float root = (sqrtf(4.0f*((L)*(L)) + ((Z)*(Z))));
    const float R = ((root > 0.0f) ? (root) : (1.0f));
    const float T = 2.0f*L + R;
    const float B = ((q)*(q))*xi;
    const float N = B + T;
    const float n = -(1.0f / 2.0f)*N;
    const float P = ((p)*(p));
    const float f = P*xi;
    const float start = a*b;
    const float begun = T*start;
    const float u = B*xi;
    const float middle = P*(L*T + start*u);
    const float limit = L*P;
    const float rho = root*size;
    const float x = -rho*s;
    const float E = exp_f32(x);
    const float Y = E*R;
    const float F = expm1_f32(x);
    const float H = F*n;
    const float low = H*f;
    const float den = (H + Y)*(T*Y + low);
    const float late = H*limit;
    *w_out = (H*late + Y*(Y*begun - (F*middle)))/den;
}

/* Encoder and decoder weight of a mode without decay, for b > |a|; s = t/tau.
   Claims: eval.direct_weights_rising, eval.direct_weights_crossing, eval.direct_weights_resting. 65 operations. */
INLINE void direct_weights_f32(float s, float lam, float eps, float a, float b, float *w1_out, float *w2_out)
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
    const float f = unit*xi;
    const float half = lam*unit;
    const float top = 2.0f*half + 1.0f;
    const float P = ((p)*(p));
    const float u = f*((q)*(q));
    const float n = (1.0f / 2.0f)*top + (1.0f / 2.0f)*u;
    const float g = P*n;
    const float x = -rho*s;
    const float E = exp_f32(x);
    const float M = -expm1_f32(x);
    const float beta = X*unit;
    const float up = ((0.0f) > (a) ? (0.0f) : (a));
    const float down = ((0.0f) < (a) ? (0.0f) : (a));
    const float turned = ((a < 0.0f) ? (beta + top) : (beta + 1.0f));
    const float s1 = half*(b + down + (2.0f*half*up - (2.0f*beta*down))/turned);
    const float rest = P*f*u/top;
    const float s2 = (1.0f / 2.0f)*b*(beta + rest) + half*p;
    const float m = f*g/top;
    const float den = (E + M*m)*(E + M*n);
    const float root = (sqrtf(den));
    *w1_out = (E*a + M*s1)/root;
    *w2_out = (E*b + M*s2)/root;
}

/* Loss of a mode without decay along its path, for weights a and b in any order; s = t/tau.
   Claims: eval.direct_loss_moving, eval.direct_loss_resting. 46 operations. */
INLINE void direct_loss_f32(float s, float lam, float eps, float a, float b, float *loss_out)
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
    const float f = unit*xi;
    const float half = lam*unit;
    const float top = 2.0f*half + 1.0f;
    const float P = ((p)*(p));
    const float u = f*((q)*(q));
    const float n = (1.0f / 2.0f)*top + (1.0f / 2.0f)*u;
    const float g = P*n;
    const float x = -rho*s;
    const float E = exp_f32(x);
    const float M = -expm1_f32(x);
    const float scale = ((rho > 0.0f) ? (xi) : (1.0f));
    const float m = f*g/top;
    const float den = (E + M*m)*(E + M*n);
    const float gap = E*(lam - (a*b*xi))/den;
    const float inverse = (1.0f / ((scale)));
    const float part = gap*inverse;
    *loss_out = (1.0f / 2.0f)*eps*inverse*lam + (1.0f / 2.0f)*gap*part;
}

/* Learning time, in units of tau, of a mode without decay, to a strength x on its way.
   Claims: eval.direct_time_positive, eval.direct_time_negative. 46 operations. */
INLINE void direct_time_f32(float x, float lam, float eps, float a, float b, float *time_out)
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
INLINE void balanced_strength_f32(float s, float lam, float eps, float gamma, float r, float sigma, float *w_out)
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
INLINE void balanced_weights_f32(float s, float lam, float eps, float gamma, float r, float sigma, float *size_out)
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
INLINE void balanced_loss_f32(float s, float lam, float eps, float gamma, float r, float sigma, float *loss_out)
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
INLINE void balanced_time_f32(float x, float lam, float eps, float gamma, float r, float sigma, float *time_out)
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

/* Partial derivatives of the strength without decay, for b > |a|; s = t/tau.
   Claims: grad.direct_s_moving, grad.direct_lam_moving, grad.direct_eps_moving, grad.direct_a_rising,
   grad.direct_a_crossing, grad.direct_b_rising, grad.direct_b_crossing, grad.direct_lam_resting,
   grad.direct_eps_resting, grad.direct_rest. 131 operations. */
INLINE void gradient_direct_f32(float s, float lam, float eps, float a, float b, float *by_s_out, float *by_lam_out, float *by_eps_out, float *by_a_out, float *by_b_out)
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
    const float f = unit*xi;
    const float half = lam*unit;
    const float top = 2.0f*half + 1.0f;
    const float P = ((p)*(p));
    const float u = f*((q)*(q));
    const float n = (1.0f / 2.0f)*top + (1.0f / 2.0f)*u;
    const float g = P*n;
    const float x = -rho*s;
    const float E = exp_f32(x);
    const float M = -expm1_f32(x);
    const float beta = X*unit;
    const float up = ((0.0f) > (a) ? (0.0f) : (a));
    const float down = ((0.0f) < (a) ? (0.0f) : (a));
    const float turned = ((a < 0.0f) ? (beta + top) : (beta + 1.0f));
    const float s1 = half*(b + down + (2.0f*half*up - (2.0f*beta*down))/turned);
    const float rest = P*f*u/top;
    const float s2 = (1.0f / 2.0f)*b*(beta + rest) + half*p;
    const float m = f*g/top;
    const float den = (E + M*m)*(E + M*n);
    const float h0 = ((a)*(a)) + ((b)*(b));
    const float w0 = a*b;
    const float H = g*n/top;
    const float twice = M*(E + 1.0f);
    const float squares = ((E)*(E))*h0 + H*twice;
    const float g0 = lam - (w0*xi);
    const float y = rho*s;
    const float root = exp_f32(-(1.0f / 2.0f)*y)/den;
    const float shrink = ((root)*(root));
    const float begun = s*shrink;
    const float Z = ((unit)*(unit))*(E*h0*expm2_f32(-y) + H*fade3_f32(y))/((den)*(den));
    const float late = M*fade4_f32((1.0f / 2.0f)*y);
    const float bent = ((M)*(M)) + f*(2.0f*H*late + h0*((1.0f / 2.0f)*fade4_f32(y) - late));
    const float across = 2.0f*bent*c*f*g0*unit;
    *by_s_out = g0*shrink*squares;
    *by_lam_out = squares*(Z*eps + begun*(1.0f - w0));
    *by_eps_out = -squares*(Z*lam + begun*w0);
    *by_a_out = shrink*(((E)*(E))*b + s2*twice - (a*across));
    *by_b_out = shrink*(((E)*(E))*a + across*b + s1*twice);
}

/* Partial derivatives of the strength with |w1| = |w2| = r, sigma the sign of w1 w2; s = t/tau.
   Claims: grad.balanced_s_growing, grad.balanced_lam_growing, grad.balanced_eps_growing,
   grad.balanced_gamma_growing, grad.balanced_product_growing, grad.balanced_s_fading, grad.balanced_lam_fading,
   grad.balanced_eps_fading, grad.balanced_gamma_fading, grad.balanced_product_fading, grad.balanced_s_opposite,
   grad.balanced_lam_opposite, grad.balanced_eps_opposite, grad.balanced_gamma_opposite,
   grad.balanced_product_opposite, grad.balanced_s_critical, grad.balanced_lam_critical,
   grad.balanced_eps_critical, grad.balanced_gamma_critical, grad.balanced_product_critical, grad.balanced_s_idle,
   grad.balanced_lam_idle, grad.balanced_eps_idle, grad.balanced_gamma_idle, grad.balanced_product_idle. 68
   operations. */
INLINE void gradient_balanced_f32(float s, float lam, float eps, float gamma, float r, float sigma, float *by_s_out, float *by_lam_out, float *by_eps_out, float *by_gamma_out, float *by_product_out)
{
    const float kappa = lam*sigma - gamma;
    const float k = fabsf(kappa);
    const float xi = eps + lam;
    const float rate = 2.0f*k;
    const float y = rate*s;
    const float E = exp_to_the_end_f32(-y);
    const float m = ((kappa != 0.0f) ? (-expm1_f32(-y)/k) : (2.0f*s));
    const float u0 = ((r)*(r));
    const float v = u0*xi;
    const float den = m*v + ((kappa > 0.0f) ? (E) : (1.0f));
    const float left = ((kappa > 0.0f) ? (u0) : (E*u0));
    const float u = left/den;
    const float bent = ((kappa > 0.0f) ? (fade2_f32(y)) : (E*expm2_f32(-y)));
    const float safe = ((kappa != 0.0f) ? (k) : (1.0f));
    const float X = ((kappa != 0.0f) ? (bent/((safe)*(safe))) : (2.0f*((s)*(s))));
    const float scale = u0/((den)*(den));
    const float early = 2.0f*E*s;
    const float by_xi = -m*u*u0/den;
    const float by_kappa = scale*(X*v + early);
    const float together = scale*(X*u0*(eps + gamma) + early*(1.0f - u0));
    const float gap = ((kappa > 0.0f) ? (E*(kappa - v)/den) : (-k - (u*xi)));
    *by_s_out = 2.0f*gap*sigma*u;
    *by_lam_out = ((sigma > 0.0f) ? (together) : (by_kappa - by_xi));
    *by_eps_out = by_xi*sigma;
    *by_gamma_out = -by_kappa*sigma;
    *by_product_out = E/((den)*(den));
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

void modeflow_gradient_direct_f32(float s, float lam, float eps, float a, float b, float *by_s_out, float *by_lam_out, float *by_eps_out, float *by_a_out, float *by_b_out)
{
    gradient_direct_f32(s, lam, eps, a, b, by_s_out, by_lam_out, by_eps_out, by_a_out, by_b_out);
}

void modeflow_gradient_balanced_f32(float s, float lam, float eps, float gamma, float r, float sigma, float *by_s_out, float *by_lam_out, float *by_eps_out, float *by_gamma_out, float *by_product_out)
{
    gradient_balanced_f32(s, lam, eps, gamma, r, sigma, by_s_out, by_lam_out, by_eps_out, by_gamma_out, by_product_out);
}

/* ---- whole paths: arguments as the Python evaluators take them, over a grid of rows x columns ---- */

/* |w1| = |w2| */
INLINE int is_equal_f32(float w1, float w2) { return fabsf(w1) == fabsf(w2); }

/* there is decay, and the weights differ in size */
INLINE int is_fading_f32(float decay) { return decay > 0.0f; }

INLINE void strength_unequal_f32(float s, float lam, float noise, float decay, float w1, float w2, float out[1])
{
    float found_w;
    direct_strength_f32(s, decay + lam, noise, w1, w2, &found_w);
    out[0] = found_w;
}

INLINE void strength_equal_f32(float s, float lam, float noise, float decay, float w1, float w2, float out[1])
{
    const float r = fabsf(w1);
    const float start = ((w1 == 0.0f) ? (0.0f) : (s));
    const float sigma = copysignf(1.0f, w1)*copysignf(1.0f, w2);
    float found_w;
    balanced_strength_f32(start, lam, noise, decay, r, sigma, &found_w);
    out[0] = found_w;
}

INLINE void weights_unequal_f32(float s, float lam, float noise, float decay, float w1, float w2, float out[2])
{
    const float one = fabsf(w1);
    const float two = fabsf(w2);
    const float small = copysignf(1.0f, w1*w2)*((one) < (two) ? (one) : (two));
    const float large = ((one) > (two) ? (one) : (two));
    float found_w1, found_w2;
    direct_weights_f32(s, decay + lam, noise, small, large, &found_w1, &found_w2);
    const float flip = copysignf(1.0f, ((one > two) ? (w1) : (w2)));
    out[0] = flip*((one > two) ? (found_w2) : (found_w1));
    out[1] = flip*((one > two) ? (found_w1) : (found_w2));
}

INLINE void weights_equal_f32(float s, float lam, float noise, float decay, float w1, float w2, float out[2])
{
    const float r = fabsf(w1);
    const float start = ((w1 == 0.0f) ? (0.0f) : (s));
    const float sigma = copysignf(1.0f, w1)*copysignf(1.0f, w2);
    float found_size;
    balanced_weights_f32(start, lam, noise, decay, r, sigma, &found_size);
    out[0] = found_size*copysignf(1.0f, w1);
    out[1] = found_size*copysignf(1.0f, w2);
}

INLINE void loss_unequal_f32(float s, float lam, float noise, float decay, float w1, float w2, float out[1])
{
    float found_loss;
    direct_loss_f32(s, decay + lam, noise, w1, w2, &found_loss);
    out[0] = found_loss;
}

INLINE void loss_equal_f32(float s, float lam, float noise, float decay, float w1, float w2, float out[1])
{
    const float r = fabsf(w1);
    const float start = ((w1 == 0.0f) ? (0.0f) : (s));
    const float sigma = copysignf(1.0f, w1)*copysignf(1.0f, w2);
    float found_loss;
    balanced_loss_f32(start, lam, noise, decay, r, sigma, &found_loss);
    out[0] = found_loss;
}

INLINE void slopes_unequal_f32(float s, float lam, float noise, float decay, float w1, float w2, float out[6])
{
    const float one = fabsf(w1);
    const float two = fabsf(w2);
    const float small = copysignf(1.0f, w1*w2)*((one) < (two) ? (one) : (two));
    const float large = ((one) > (two) ? (one) : (two));
    float found_by_s, found_by_lam, found_by_eps, found_by_a, found_by_b;
    gradient_direct_f32(s, lam, noise, small, large, &found_by_s, &found_by_lam, &found_by_eps, &found_by_a, &found_by_b);
    const float flip = copysignf(1.0f, ((one > two) ? (w1) : (w2)));
    out[0] = found_by_s;
    out[1] = found_by_lam;
    out[2] = found_by_eps;
    out[3] = NAN;
    out[4] = flip*((one > two) ? (found_by_b) : (found_by_a));
    out[5] = flip*((one > two) ? (found_by_a) : (found_by_b));
    (void)decay;
}

INLINE void slopes_equal_f32(float s, float lam, float noise, float decay, float w1, float w2, float out[6])
{
    const float r = fabsf(w1);
    const float start = ((w1 == 0.0f) ? (0.0f) : (s));
    const float sigma = copysignf(1.0f, w1)*copysignf(1.0f, w2);
    float found_by_s, found_by_lam, found_by_eps, found_by_gamma, found_by_product;
    gradient_balanced_f32(start, lam, noise, decay, r, sigma, &found_by_s, &found_by_lam, &found_by_eps, &found_by_gamma, &found_by_product);
    out[0] = found_by_s;
    out[1] = found_by_lam;
    out[2] = found_by_eps;
    out[3] = found_by_gamma;
    out[4] = found_by_product*w2;
    out[5] = found_by_product*w1;
}

/* Rate in the kernel direct_strength. */
INLINE void direct_strength_rate_f32(float lam, float eps, float a, float b, float *rate_out)
{
    const float A = 2.0f*lam;
    const float total = eps + lam;
    const float p = a + b;
    const float q = b - a;
    const float c = p*q;
    const float X = c*total;
    const float size = binade_f32(A, X);
    const float unit = reciprocal_f32(size);
    const float L = lam*unit;
    const float Z = X*unit;
    const float root = (sqrtf(4.0f*((L)*(L)) + ((Z)*(Z))));
    const float rho = root*size;
    *rate_out = -rho;
}

INLINE void strength_rate_unequal_f32(float s, float lam, float noise, float decay, float w1, float w2, float out[1])
{
    float found_rate;
    direct_strength_rate_f32(decay + lam, noise, w1, w2, &found_rate);
    out[0] = found_rate*s;
}

/* The kernel direct_strength with its exponentials known, as a quotient. */
INLINE void direct_strength_known_f32(float s, float exp_x, float expm1_x, float lam, float eps, float a, float b, float *w_out, float *divisor_out)
{
    const float A = 2.0f*lam;
    const float total = eps + lam;
    const float p = a + b;
    const float q = b - a;
    const float c = p*q;
    const float X = c*total;
    const float size = binade_f32(A, X);
    const float unit = reciprocal_f32(size);
    const float L = lam*unit;
    const float xi = total*unit;
    const float Z = X*unit;
    const float root = (sqrtf(4.0f*((L)*(L)) + ((Z)*(Z))));
    const float R = ((root > 0.0f) ? (root) : (1.0f));
    const float T = 2.0f*L + R;
    const float B = ((q)*(q))*xi;
    const float N = B + T;
    const float n = -(1.0f / 2.0f)*N;
    const float P = ((p)*(p));
    const float f = P*xi;
    const float start = a*b;
    const float begun = T*start;
    const float u = B*xi;
    const float middle = P*(L*T + start*u);
    const float limit = L*P;
    const float E = exp_x;
    const float Y = E*R;
    const float F = expm1_x;
    const float H = F*n;
    const float low = H*f;
    const float den = (H + Y)*(T*Y + low);
    const float late = H*limit;
    *w_out = H*late + Y*(Y*begun - (F*middle));
    *divisor_out = den;
    (void)s;
}

INLINE void strength_known_unequal_f32(float s, float exp_x, float expm1_x, float lam, float noise, float decay, float w1, float w2, float out[2])
{
    float found_w, found_divisor;
    direct_strength_known_f32(s, exp_x, expm1_x, decay + lam, noise, w1, w2, &found_w, &found_divisor);
    out[0] = found_w;
    out[1] = found_divisor;
}

/* Rate in the kernel direct_loss. */
INLINE void direct_loss_rate_f32(float lam, float eps, float a, float b, float *rate_out)
{
    const float A = 2.0f*lam;
    const float xi = eps + lam;
    const float p = a + b;
    const float q = b - a;
    const float c = p*q;
    const float X = c*xi;
    const float rho = hypot_f32(A, X);
    *rate_out = -rho;
}

INLINE void loss_rate_unequal_f32(float s, float lam, float noise, float decay, float w1, float w2, float out[1])
{
    float found_rate;
    direct_loss_rate_f32(decay + lam, noise, w1, w2, &found_rate);
    out[0] = found_rate*s;
}

/* The kernel direct_loss with its exponentials known, as a quotient. */
INLINE void direct_loss_known_f32(float s, float exp_x, float expm1_x, float lam, float eps, float a, float b, float *loss_out, float *divisor_out)
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
    const float f = unit*xi;
    const float half = lam*unit;
    const float top = 2.0f*half + 1.0f;
    const float P = ((p)*(p));
    const float u = f*((q)*(q));
    const float n = (1.0f / 2.0f)*top + (1.0f / 2.0f)*u;
    const float g = P*n;
    const float E = exp_x;
    const float M = -expm1_x;
    const float scale = ((rho > 0.0f) ? (xi) : (1.0f));
    const float m = f*g/top;
    const float den = (E + M*m)*(E + M*n);
    const float gap = E*(lam - (a*b*xi))/den;
    const float inverse = (1.0f / ((scale)));
    const float part = gap*inverse;
    *loss_out = (1.0f / 2.0f)*eps*inverse*lam + (1.0f / 2.0f)*gap*part;
    *divisor_out = 1.0f;
    (void)s;
}

INLINE void loss_known_unequal_f32(float s, float exp_x, float expm1_x, float lam, float noise, float decay, float w1, float w2, float out[2])
{
    float found_loss, found_divisor;
    direct_loss_known_f32(s, exp_x, expm1_x, decay + lam, noise, w1, w2, &found_loss, &found_divisor);
    out[0] = found_loss;
    out[1] = found_divisor;
}

/* Whether a value is infinite or NaN. */
INLINE int infinite_f32(size_t n, const float *restrict x)
{
    size_t i;
    uint32_t amiss = 0;
    for (i = 0; i < n; i++) amiss |= bits_f32(x[i] - x[i]);
    return amiss != 0;
}

/* Whether a value of argument k is out of its range; NaN is. Bits are gathered, which vectorises: x - x is 0 and not
   NaN for a finite x alone, and so is x*0, but with the sign of x. */
INLINE int outside_f32(int k, size_t n, const float *restrict x)
{
    size_t i;
    uint32_t amiss = 0;
    if (k == W1 || k == W2) return infinite_f32(n, x);
    if (k == T)
        for (i = 0; i < n; i++) amiss |= x[i] >= 0 ? 0 : 1;
    else
        for (i = 0; i < n; i++) amiss |= bits_f32((x[i] + 0) * 0);
    if (k == TAU)
        for (i = 0; i < n; i++) amiss |= x[i] == 0 ? 1 : 0;
    return amiss != 0;
}

/* Not 0 where one of a point's arguments is out of its range; decay and tau have been looked at. */
INLINE uint32_t amiss_f32(float s, float lam, float noise, float w1, float w2)
{
    const uint32_t early = s >= 0 ? 0 : ~(uint32_t)0, negative = bits_f32((lam + 0) * 0) | bits_f32((noise + 0) * 0);
    return early | negative | bits_f32(w1 - w1) | bits_f32(w2 - w2);
}

/* Not 0 where weights of two sizes decay. */
INLINE uint32_t some_fading_f32(size_t n, const float *restrict decay, const float *restrict w1,
    const float *restrict w2)
{
    uint32_t fading = 0;
    size_t i;
    for (i = 0; i < n; i++) fading |= is_fading_f32(decay[i]) & !is_equal_f32(w1[i], w2[i]) ? 1 : 0;
    return fading;
}

/* Has the values brought into the cache while others are computed with. */
INLINE void fetch_f32(size_t n, const float *x)
{
#ifdef __GNUC__
    size_t i;
    for (i = 0; i < n; i += 64 / sizeof *x) __builtin_prefetch(x + i);
#else
    (void)n, (void)x;
#endif
}

/* The values without gaps between them. */
INLINE const float *spread_f32(size_t n, const float *x, ptrdiff_t step, float *restrict to)
{
    size_t i;
    for (i = 0; i < n; i++) to[i] = x[(ptrdiff_t)i * step];
    return to;
}

/* At an infinite time every exponential has vanished; a huge finite one, the most, spares 0·inf in modes at rest. */
INLINE float spent_f32(float s, float most) { return s < most ? s : most; }

/* t/tau for n points, of one tau or of one each. */
static const float *pace_f32(size_t n, const float *restrict t, const float *restrict tau, int shared, float most,
    float *restrict s)
{
    size_t i;
    if (shared && tau[0] == 1)
        for (i = 0; i < n; i++) s[i] = spent_f32(t[i], most);
    else
        for (i = 0; i < n; i++) s[i] = spent_f32(t[i] / tau[shared ? 0 : i], most);
    return s;
}

/* How many of the times, from the first on, lie in rows: each a row's first time and the distances in the first row, but for
   two units in its last place. 0 where it would not pay. */
static size_t even_f32(size_t n, const float *restrict s)
{
    uint32_t uneven = 0;
    size_t i, row;
    n -= n % 128;
    for (row = 0; row < n; row += 128)
        for (i = 0; i < 128; i++) {
            const float at = s[row + i], far = s[i] - s[0];
            uneven |= (far >= 0) & (fabsf(at - (s[row] + far)) <= 2 * FLT_EPSILON * at) ? 0 : 1;
        }
    return uneven != 0 || n < 4 * 128 ? 0 : n;
}

/* of[0]/of[1], where the inverse of the divisor is known but for rounding. */
INLINE float quotient_f32(const float of[2], float inverse)
{
    const float about = of[0] * inverse;
    return about + inverse * (of[0] - of[1] * about);
}

/* One block of points, all of one kind (equal or not); not 0 where an argument or a result is amiss. */
static uint32_t strength_block_f32(int equal, size_t n, const float *restrict s, const float *restrict lam,
    const float *restrict noise, const float *restrict decay, const float *restrict w1, const float *restrict w2,
    float *restrict to_0)
{
    uint32_t amiss = 0;
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            float found[1];
            amiss |= amiss_f32(s[i], lam[i], noise[i], w1[i], w2[i]);
            strength_equal_f32(spent_f32(s[i], FLT_MAX / 8), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            to_0[i] = found[0]; amiss |= bits_f32(found[0] - found[0]);
        }
    else
        for (i = 0; i < n; i++) {
            float found[1];
            amiss |= amiss_f32(s[i], lam[i], noise[i], w1[i], w2[i]);
            strength_unequal_f32(spent_f32(s[i], FLT_MAX / 8), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            to_0[i] = found[0]; amiss |= bits_f32(found[0] - found[0]);
        }
    return amiss;
}

/* Times of a mode of unequal weights in rows, each as the first but for where it starts: e^(a + b) is a product, and
   e^(a + b) - 1 a sum of two numbers of one sign, so that few exponentials are computed. Two points share a division: two
   divisors have no product that overflows, as (w1 - w2)/(w1 + w2) is at most twice the inverse of a unit in the last place.
   Not 0 where a result is amiss, as where that product is 0. */
static uint32_t strength_rows_f32(size_t rows, const float *restrict s, float lam, float noise, float decay,
    float w1, float w2, float *restrict to)
{
    enum { HALF = 128 / 2, MOST = 4096 / 128 };
    float x[128], whole[128], less[128], rate[1];
    float end[MOST], power[MOST], part[MOST];
    uint32_t amiss = 0;
    size_t i, row;
    strength_rate_unequal_f32(1.0f, lam, noise, decay, w1, w2, rate);
    for (i = 0; i < 128; i++) {
        x[i] = rate[0] * (s[i] - s[0]);
        whole[i] = exp_f32(x[i]);
        less[i] = expm1_f32(x[i]);
    }
    spread_f32(rows, s, 128, end);
    for (i = 0; i < rows; i++) {
        const float from = rate[0] * end[i];
        power[i] = exp_f32(from);
        part[i] = expm1_f32(from);
        end[i] = -87.33f - from; /* where the power would leave the normal numbers, at which processors are slow */
    }
    for (row = 0; row < rows; row++) {
        const float *restrict at = s + row * 128;
        float *restrict out = to + row * 128;
        for (i = 0; i < HALF; i++) {
            const size_t k = i + HALF;
            const float one = x[i] < end[row] ? 0 : power[row] * whole[i];
            const float two = x[k] < end[row] ? 0 : power[row] * whole[k];
            float first[2], second[2], inverse, sum;
            strength_known_unequal_f32(at[i], one, part[row] + power[row] * less[i], lam, noise, decay, w1, w2, first);
            strength_known_unequal_f32(at[k], two, part[row] + power[row] * less[k], lam, noise, decay, w1, w2, second);
            inverse = 1.0f / (first[1] * second[1]);
            out[i] = quotient_f32(first, inverse * second[1]);
            out[k] = quotient_f32(second, inverse * first[1]);
            sum = out[i] + out[k];
            amiss |= bits_f32(sum - sum);
        }
    }
    return amiss;
}

/* The times of one mode: what depends on the mode alone is computed once. even: how many of them, from the first on, lie in
   rows. Not 0 where a result is amiss. */
static uint32_t strength_mode_f32(int equal, size_t n, size_t even, const float *restrict s, float lam, float noise,
    float decay, float w1, float w2, float *restrict to_0)
{
    uint32_t amiss = 0;
    size_t i;
    if (equal || even == 0 || strength_rows_f32(even / 128, s, lam, noise, decay, w1, w2, to_0) != 0) even = 0;
    if (equal)
        for (i = 0; i < n; i++) {
            float found[1];
            strength_equal_f32(s[i], lam, noise, decay, w1, w2, found);
            to_0[i] = found[0]; amiss |= bits_f32(found[0] - found[0]);
        }
    else
        for (i = even; i < n; i++) {
            float found[1];
            strength_unequal_f32(s[i], lam, noise, decay, w1, w2, found);
            to_0[i] = found[0]; amiss |= bits_f32(found[0] - found[0]);
        }
    return amiss;
}

/* One block of modes that may be of both kinds; not 0 where an argument or a result is amiss. */
static uint32_t strength_mixed_f32(size_t n, const float *const x[6], float *const out[1])
{
    const float *restrict w1 = x[W1], *restrict w2 = x[W2];
    float equal[1][MODEFLOW_MODES];
    uint32_t same = 0, amiss; /* of the width of the numbers, so that the loops are vectorised */
    size_t i;
    int k;
    for (i = 0; i < n; i++) same += is_equal_f32(w1[i], w2[i]) ? 1 : 0;
    amiss = strength_block_f32(same == n, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, out[0]);
    if (same == 0 || same == n) return amiss;
    strength_block_f32(1, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, equal[0]);
    for (k = 0; k < 1; k++)
        for (i = 0; i < n; i++) out[k][i] = is_equal_f32(w1[i], w2[i]) ? equal[k][i] : out[k][i];
    for (amiss = 0, i = 0; i < n; i++) amiss |= amiss_f32(x[S][i], x[LAM][i], x[NOISE][i], w1[i], w2[i]);
    for (k = 0; k < 1; k++)
        if (k != -1) amiss |= infinite_f32(n, out[k]);
    return amiss;
}

int modeflow_strength_f32(size_t rows, size_t columns, const float *const x[7], const ptrdiff_t outer[7],
    const ptrdiff_t inner[7], float *const out[2])
{
    float buffer[7][MODEFLOW_MODES], times[4096], paced[4096], spare[1][4096];
    const float *at[7] = {0}, *s = NULL;
    uint32_t amiss;
    size_t row, start, block, even = 0;
    int k, one_mode = 1;
    for (k = 0; k < 7; k++) one_mode &= k == T ? inner[k] != 0 : inner[k] == 0;
    block = one_mode ? 4096 : MODEFLOW_MODES;
    for (start = 0; start < columns; start += block) {
        const size_t n = columns - start < block ? columns - start : block;
        const size_t rest = columns - start - n, next = columns < MODEFLOW_FAR ? 0 : rest < block ? rest : block;
        for (row = 0; row < rows; row++) {
            float *to[1];
            for (k = 0; k < 1; k++) to[k] = out[k] == NULL ? spare[k] : out[k] + row * columns + start;
            for (k = 0; k < 7; k++) {
                const float *const from = x[k] + (ptrdiff_t)row * outer[k] + (ptrdiff_t)start * inner[k];
                const int known = outer[k] == 0 && (row != 0 || (start != 0 && inner[k] == 0));
                if (known) continue;
                at[k] = from;
                if (next != 0 && inner[k] == 1) fetch_f32(next, from + n);
                if (inner[k] == 0 ? !(one_mode || k == TAU) : inner[k] != 1)
                    at[k] = spread_f32(inner[k] == 0 ? block : n, from, inner[k], one_mode ? times : buffer[k]);
                if ((inner[k] == 0 || one_mode || k == DECAY || k == TAU) && outside_f32(k, inner[k] == 0 ? 1 : n, at[k]))
                    return MODEFLOW_UNUSUAL;
            }
            if (!one_mode && inner[TAU] == 0 && *at[TAU] == 1) s = at[T];
            else if (row == 0 || outer[T] != 0 || outer[TAU] != 0) {
                s = pace_f32(n, at[T], at[TAU], inner[TAU] == 0, FLT_MAX / 8, paced);
                even = one_mode ? even_f32(n, s) : 0;
            }
            if (one_mode) {
                const float decay = *at[DECAY], w1 = *at[W1], w2 = *at[W2];
                const int equal = is_equal_f32(w1, w2);
                if (!equal && is_fading_f32(decay)) return MODEFLOW_UNUSUAL;
                amiss = strength_mode_f32(equal, n, even, s, *at[LAM], *at[NOISE], decay, w1, w2, to[0]);
            } else {
                const float *const v[6] = {s, at[LAM], at[NOISE], at[DECAY], at[W1], at[W2]};
                if ((inner[DECAY] != 0 || *at[DECAY] > 0) && some_fading_f32(n, at[DECAY], at[W1], at[W2]))
                    return MODEFLOW_UNUSUAL;
                amiss = strength_mixed_f32(n, v, to);
            }
            if (amiss != 0) return MODEFLOW_UNUSUAL;
        }
    }
    return 0;
}

/* One block of points, all of one kind (equal or not); not 0 where an argument or a result is amiss. */
static uint32_t weights_block_f32(int equal, size_t n, const float *restrict s, const float *restrict lam,
    const float *restrict noise, const float *restrict decay, const float *restrict w1, const float *restrict w2,
    float *restrict to_0, float *restrict to_1)
{
    uint32_t amiss = 0;
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            float found[2];
            amiss |= amiss_f32(s[i], lam[i], noise[i], w1[i], w2[i]);
            weights_equal_f32(spent_f32(s[i], FLT_MAX / 8), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            to_0[i] = found[0]; amiss |= bits_f32(found[0] - found[0]); to_1[i] = found[1]; amiss |= bits_f32(found[1] - found[1]);
        }
    else
        for (i = 0; i < n; i++) {
            float found[2];
            amiss |= amiss_f32(s[i], lam[i], noise[i], w1[i], w2[i]);
            weights_unequal_f32(spent_f32(s[i], FLT_MAX / 8), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            to_0[i] = found[0]; amiss |= bits_f32(found[0] - found[0]); to_1[i] = found[1]; amiss |= bits_f32(found[1] - found[1]);
        }
    return amiss;
}

/* The times of one mode, as points that have all else in common: gcc vectorises no loop with a choice that the mode alone
   decides. Not 0 where a result is amiss. */
static uint32_t weights_mode_f32(int equal, size_t n, size_t even, const float *restrict s, float lam, float noise,
    float decay, float w1, float w2, float *restrict to_0, float *restrict to_1)
{
    float mode[5] = {lam, noise, decay, w1, w2}, of[5][MODEFLOW_MODES];
    uint32_t amiss = 0;
    size_t start;
    int k;
    (void)even;
    for (k = 0; k < 5; k++) spread_f32(MODEFLOW_MODES, mode + k, 0, of[k]);
    for (start = 0; start < n; start += MODEFLOW_MODES) {
        const size_t rest = n - start, points = rest < MODEFLOW_MODES ? rest : MODEFLOW_MODES;
        amiss |= weights_block_f32(equal, points, s + start, of[0], of[1], of[2], of[3], of[4], to_0 + start, to_1 + start);
    }
    return amiss;
}

/* One block of modes that may be of both kinds; not 0 where an argument or a result is amiss. */
static uint32_t weights_mixed_f32(size_t n, const float *const x[6], float *const out[2])
{
    const float *restrict w1 = x[W1], *restrict w2 = x[W2];
    float equal[2][MODEFLOW_MODES];
    uint32_t same = 0, amiss; /* of the width of the numbers, so that the loops are vectorised */
    size_t i;
    int k;
    for (i = 0; i < n; i++) same += is_equal_f32(w1[i], w2[i]) ? 1 : 0;
    amiss = weights_block_f32(same == n, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, out[0], out[1]);
    if (same == 0 || same == n) return amiss;
    weights_block_f32(1, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, equal[0], equal[1]);
    for (k = 0; k < 2; k++)
        for (i = 0; i < n; i++) out[k][i] = is_equal_f32(w1[i], w2[i]) ? equal[k][i] : out[k][i];
    for (amiss = 0, i = 0; i < n; i++) amiss |= amiss_f32(x[S][i], x[LAM][i], x[NOISE][i], w1[i], w2[i]);
    for (k = 0; k < 2; k++)
        if (k != -1) amiss |= infinite_f32(n, out[k]);
    return amiss;
}

int modeflow_weights_f32(size_t rows, size_t columns, const float *const x[7], const ptrdiff_t outer[7],
    const ptrdiff_t inner[7], float *const out[2])
{
    float buffer[7][MODEFLOW_MODES], times[4096], paced[4096], spare[2][4096];
    const float *at[7] = {0}, *s = NULL;
    uint32_t amiss;
    size_t row, start, block, even = 0;
    int k, one_mode = 1;
    for (k = 0; k < 7; k++) one_mode &= k == T ? inner[k] != 0 : inner[k] == 0;
    block = one_mode ? 4096 : MODEFLOW_MODES;
    for (start = 0; start < columns; start += block) {
        const size_t n = columns - start < block ? columns - start : block;
        const size_t rest = columns - start - n, next = columns < MODEFLOW_FAR ? 0 : rest < block ? rest : block;
        for (row = 0; row < rows; row++) {
            float *to[2];
            for (k = 0; k < 2; k++) to[k] = out[k] == NULL ? spare[k] : out[k] + row * columns + start;
            for (k = 0; k < 7; k++) {
                const float *const from = x[k] + (ptrdiff_t)row * outer[k] + (ptrdiff_t)start * inner[k];
                const int known = outer[k] == 0 && (row != 0 || (start != 0 && inner[k] == 0));
                if (known) continue;
                at[k] = from;
                if (next != 0 && inner[k] == 1) fetch_f32(next, from + n);
                if (inner[k] == 0 ? !(one_mode || k == TAU) : inner[k] != 1)
                    at[k] = spread_f32(inner[k] == 0 ? block : n, from, inner[k], one_mode ? times : buffer[k]);
                if ((inner[k] == 0 || one_mode || k == DECAY || k == TAU) && outside_f32(k, inner[k] == 0 ? 1 : n, at[k]))
                    return MODEFLOW_UNUSUAL;
            }
            if (!one_mode && inner[TAU] == 0 && *at[TAU] == 1) s = at[T];
            else if (row == 0 || outer[T] != 0 || outer[TAU] != 0) {
                s = pace_f32(n, at[T], at[TAU], inner[TAU] == 0, FLT_MAX / 8, paced);
                even = one_mode ? even_f32(n, s) : 0;
            }
            if (one_mode) {
                const float decay = *at[DECAY], w1 = *at[W1], w2 = *at[W2];
                const int equal = is_equal_f32(w1, w2);
                if (!equal && is_fading_f32(decay)) return MODEFLOW_UNUSUAL;
                amiss = weights_mode_f32(equal, n, even, s, *at[LAM], *at[NOISE], decay, w1, w2, to[0], to[1]);
            } else {
                const float *const v[6] = {s, at[LAM], at[NOISE], at[DECAY], at[W1], at[W2]};
                if ((inner[DECAY] != 0 || *at[DECAY] > 0) && some_fading_f32(n, at[DECAY], at[W1], at[W2]))
                    return MODEFLOW_UNUSUAL;
                amiss = weights_mixed_f32(n, v, to);
            }
            if (amiss != 0) return MODEFLOW_UNUSUAL;
        }
    }
    return 0;
}

/* One block of points, all of one kind (equal or not); not 0 where an argument or a result is amiss. */
static uint32_t loss_block_f32(int equal, size_t n, const float *restrict s, const float *restrict lam,
    const float *restrict noise, const float *restrict decay, const float *restrict w1, const float *restrict w2,
    float *restrict to_0)
{
    uint32_t amiss = 0;
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            float found[1];
            amiss |= amiss_f32(s[i], lam[i], noise[i], w1[i], w2[i]);
            loss_equal_f32(spent_f32(s[i], FLT_MAX / 8), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            to_0[i] = found[0]; amiss |= bits_f32(found[0] - found[0]);
        }
    else
        for (i = 0; i < n; i++) {
            float found[1];
            amiss |= amiss_f32(s[i], lam[i], noise[i], w1[i], w2[i]);
            loss_unequal_f32(spent_f32(s[i], FLT_MAX / 8), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            to_0[i] = found[0]; amiss |= bits_f32(found[0] - found[0]);
        }
    return amiss;
}

/* Times of a mode of unequal weights in rows, each as the first but for where it starts: e^(a + b) is a product, and
   e^(a + b) - 1 a sum of two numbers of one sign, so that few exponentials are computed. Two points share a division: two
   divisors have no product that overflows, as (w1 - w2)/(w1 + w2) is at most twice the inverse of a unit in the last place.
   Not 0 where a result is amiss, as where that product is 0. */
static uint32_t loss_rows_f32(size_t rows, const float *restrict s, float lam, float noise, float decay,
    float w1, float w2, float *restrict to)
{
    enum { HALF = 128 / 2, MOST = 4096 / 128 };
    float x[128], whole[128], less[128], rate[1];
    float end[MOST], power[MOST], part[MOST];
    uint32_t amiss = 0;
    size_t i, row;
    loss_rate_unequal_f32(1.0f, lam, noise, decay, w1, w2, rate);
    for (i = 0; i < 128; i++) {
        x[i] = rate[0] * (s[i] - s[0]);
        whole[i] = exp_f32(x[i]);
        less[i] = expm1_f32(x[i]);
    }
    spread_f32(rows, s, 128, end);
    for (i = 0; i < rows; i++) {
        const float from = rate[0] * end[i];
        power[i] = exp_f32(from);
        part[i] = expm1_f32(from);
        end[i] = -87.33f - from; /* where the power would leave the normal numbers, at which processors are slow */
    }
    for (row = 0; row < rows; row++) {
        const float *restrict at = s + row * 128;
        float *restrict out = to + row * 128;
        for (i = 0; i < HALF; i++) {
            const size_t k = i + HALF;
            const float one = x[i] < end[row] ? 0 : power[row] * whole[i];
            const float two = x[k] < end[row] ? 0 : power[row] * whole[k];
            float first[2], second[2], inverse, sum;
            loss_known_unequal_f32(at[i], one, part[row] + power[row] * less[i], lam, noise, decay, w1, w2, first);
            loss_known_unequal_f32(at[k], two, part[row] + power[row] * less[k], lam, noise, decay, w1, w2, second);
            inverse = 1.0f / (first[1] * second[1]);
            out[i] = quotient_f32(first, inverse * second[1]);
            out[k] = quotient_f32(second, inverse * first[1]);
            sum = out[i] + out[k];
            amiss |= bits_f32(sum - sum);
        }
    }
    return amiss;
}

/* The times of one mode: what depends on the mode alone is computed once. even: how many of them, from the first on, lie in
   rows. Not 0 where a result is amiss. */
static uint32_t loss_mode_f32(int equal, size_t n, size_t even, const float *restrict s, float lam, float noise,
    float decay, float w1, float w2, float *restrict to_0)
{
    uint32_t amiss = 0;
    size_t i;
    if (equal || even == 0 || loss_rows_f32(even / 128, s, lam, noise, decay, w1, w2, to_0) != 0) even = 0;
    if (equal)
        for (i = 0; i < n; i++) {
            float found[1];
            loss_equal_f32(s[i], lam, noise, decay, w1, w2, found);
            to_0[i] = found[0]; amiss |= bits_f32(found[0] - found[0]);
        }
    else
        for (i = even; i < n; i++) {
            float found[1];
            loss_unequal_f32(s[i], lam, noise, decay, w1, w2, found);
            to_0[i] = found[0]; amiss |= bits_f32(found[0] - found[0]);
        }
    return amiss;
}

/* One block of modes that may be of both kinds; not 0 where an argument or a result is amiss. */
static uint32_t loss_mixed_f32(size_t n, const float *const x[6], float *const out[1])
{
    const float *restrict w1 = x[W1], *restrict w2 = x[W2];
    float equal[1][MODEFLOW_MODES];
    uint32_t same = 0, amiss; /* of the width of the numbers, so that the loops are vectorised */
    size_t i;
    int k;
    for (i = 0; i < n; i++) same += is_equal_f32(w1[i], w2[i]) ? 1 : 0;
    amiss = loss_block_f32(same == n, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, out[0]);
    if (same == 0 || same == n) return amiss;
    loss_block_f32(1, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, equal[0]);
    for (k = 0; k < 1; k++)
        for (i = 0; i < n; i++) out[k][i] = is_equal_f32(w1[i], w2[i]) ? equal[k][i] : out[k][i];
    for (amiss = 0, i = 0; i < n; i++) amiss |= amiss_f32(x[S][i], x[LAM][i], x[NOISE][i], w1[i], w2[i]);
    for (k = 0; k < 1; k++)
        if (k != -1) amiss |= infinite_f32(n, out[k]);
    return amiss;
}

int modeflow_loss_f32(size_t rows, size_t columns, const float *const x[7], const ptrdiff_t outer[7],
    const ptrdiff_t inner[7], float *const out[2])
{
    float buffer[7][MODEFLOW_MODES], times[4096], paced[4096], spare[1][4096];
    const float *at[7] = {0}, *s = NULL;
    uint32_t amiss;
    size_t row, start, block, even = 0;
    int k, one_mode = 1;
    for (k = 0; k < 7; k++) one_mode &= k == T ? inner[k] != 0 : inner[k] == 0;
    block = one_mode ? 4096 : MODEFLOW_MODES;
    for (start = 0; start < columns; start += block) {
        const size_t n = columns - start < block ? columns - start : block;
        const size_t rest = columns - start - n, next = columns < MODEFLOW_FAR ? 0 : rest < block ? rest : block;
        for (row = 0; row < rows; row++) {
            float *to[1];
            for (k = 0; k < 1; k++) to[k] = out[k] == NULL ? spare[k] : out[k] + row * columns + start;
            for (k = 0; k < 7; k++) {
                const float *const from = x[k] + (ptrdiff_t)row * outer[k] + (ptrdiff_t)start * inner[k];
                const int known = outer[k] == 0 && (row != 0 || (start != 0 && inner[k] == 0));
                if (known) continue;
                at[k] = from;
                if (next != 0 && inner[k] == 1) fetch_f32(next, from + n);
                if (inner[k] == 0 ? !(one_mode || k == TAU) : inner[k] != 1)
                    at[k] = spread_f32(inner[k] == 0 ? block : n, from, inner[k], one_mode ? times : buffer[k]);
                if ((inner[k] == 0 || one_mode || k == DECAY || k == TAU) && outside_f32(k, inner[k] == 0 ? 1 : n, at[k]))
                    return MODEFLOW_UNUSUAL;
            }
            if (!one_mode && inner[TAU] == 0 && *at[TAU] == 1) s = at[T];
            else if (row == 0 || outer[T] != 0 || outer[TAU] != 0) {
                s = pace_f32(n, at[T], at[TAU], inner[TAU] == 0, FLT_MAX / 8, paced);
                even = one_mode ? even_f32(n, s) : 0;
            }
            if (one_mode) {
                const float decay = *at[DECAY], w1 = *at[W1], w2 = *at[W2];
                const int equal = is_equal_f32(w1, w2);
                if (!equal && is_fading_f32(decay)) return MODEFLOW_UNUSUAL;
                amiss = loss_mode_f32(equal, n, even, s, *at[LAM], *at[NOISE], decay, w1, w2, to[0]);
            } else {
                const float *const v[6] = {s, at[LAM], at[NOISE], at[DECAY], at[W1], at[W2]};
                if ((inner[DECAY] != 0 || *at[DECAY] > 0) && some_fading_f32(n, at[DECAY], at[W1], at[W2]))
                    return MODEFLOW_UNUSUAL;
                amiss = loss_mixed_f32(n, v, to);
            }
            if (amiss != 0) return MODEFLOW_UNUSUAL;
        }
    }
    return 0;
}

/* One block of points, all of one kind (equal or not); not 0 where an argument or a result is amiss. */
static uint32_t slopes_block_f32(int equal, size_t n, const float *restrict s, const float *restrict lam,
    const float *restrict noise, const float *restrict decay, const float *restrict w1, const float *restrict w2,
    float *restrict to_0, float *restrict to_1, float *restrict to_2, float *restrict to_3, float *restrict to_4, float *restrict to_5)
{
    uint32_t amiss = 0;
    size_t i;
    if (equal)
        for (i = 0; i < n; i++) {
            float found[6];
            amiss |= amiss_f32(s[i], lam[i], noise[i], w1[i], w2[i]);
            slopes_equal_f32(spent_f32(s[i], 1e18f), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            to_0[i] = found[0]; amiss |= bits_f32(found[0] - found[0]); to_1[i] = found[1]; amiss |= bits_f32(found[1] - found[1]); to_2[i] = found[2]; amiss |= bits_f32(found[2] - found[2]); to_3[i] = found[3]; to_4[i] = found[4]; amiss |= bits_f32(found[4] - found[4]); to_5[i] = found[5]; amiss |= bits_f32(found[5] - found[5]);
        }
    else
        for (i = 0; i < n; i++) {
            float found[6];
            amiss |= amiss_f32(s[i], lam[i], noise[i], w1[i], w2[i]);
            slopes_unequal_f32(spent_f32(s[i], 1e18f), lam[i], noise[i], decay[i], w1[i], w2[i], found);
            to_0[i] = found[0]; amiss |= bits_f32(found[0] - found[0]); to_1[i] = found[1]; amiss |= bits_f32(found[1] - found[1]); to_2[i] = found[2]; amiss |= bits_f32(found[2] - found[2]); to_3[i] = found[3]; to_4[i] = found[4]; amiss |= bits_f32(found[4] - found[4]); to_5[i] = found[5]; amiss |= bits_f32(found[5] - found[5]);
        }
    return amiss;
}

/* The times of one mode, as points that have all else in common: gcc vectorises no loop with a choice that the mode alone
   decides. Not 0 where a result is amiss. */
static uint32_t slopes_mode_f32(int equal, size_t n, size_t even, const float *restrict s, float lam, float noise,
    float decay, float w1, float w2, float *restrict to_0, float *restrict to_1, float *restrict to_2, float *restrict to_3, float *restrict to_4, float *restrict to_5)
{
    float mode[5] = {lam, noise, decay, w1, w2}, of[5][MODEFLOW_MODES];
    uint32_t amiss = 0;
    size_t start;
    int k;
    (void)even;
    for (k = 0; k < 5; k++) spread_f32(MODEFLOW_MODES, mode + k, 0, of[k]);
    for (start = 0; start < n; start += MODEFLOW_MODES) {
        const size_t rest = n - start, points = rest < MODEFLOW_MODES ? rest : MODEFLOW_MODES;
        amiss |= slopes_block_f32(equal, points, s + start, of[0], of[1], of[2], of[3], of[4], to_0 + start, to_1 + start, to_2 + start, to_3 + start, to_4 + start, to_5 + start);
    }
    return amiss;
}

/* One block of modes that may be of both kinds; not 0 where an argument or a result is amiss. */
static uint32_t slopes_mixed_f32(size_t n, const float *const x[6], float *const out[6])
{
    const float *restrict w1 = x[W1], *restrict w2 = x[W2];
    float equal[6][MODEFLOW_MODES];
    uint32_t same = 0, amiss; /* of the width of the numbers, so that the loops are vectorised */
    size_t i;
    int k;
    for (i = 0; i < n; i++) same += is_equal_f32(w1[i], w2[i]) ? 1 : 0;
    amiss = slopes_block_f32(same == n, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, out[0], out[1], out[2], out[3], out[4], out[5]);
    if (same == 0 || same == n) return amiss;
    slopes_block_f32(1, n, x[S], x[LAM], x[NOISE], x[DECAY], w1, w2, equal[0], equal[1], equal[2], equal[3], equal[4], equal[5]);
    for (k = 0; k < 6; k++)
        for (i = 0; i < n; i++) out[k][i] = is_equal_f32(w1[i], w2[i]) ? equal[k][i] : out[k][i];
    for (amiss = 0, i = 0; i < n; i++) amiss |= amiss_f32(x[S][i], x[LAM][i], x[NOISE][i], w1[i], w2[i]);
    for (k = 0; k < 6; k++)
        if (k != 3) amiss |= infinite_f32(n, out[k]);
    return amiss;
}

int modeflow_slopes_f32(size_t rows, size_t columns, const float *const x[7], const ptrdiff_t outer[7],
    const ptrdiff_t inner[7], float *const out[6])
{
    float buffer[7][MODEFLOW_MODES], times[4096], paced[4096], spare[6][4096];
    const float *at[7] = {0}, *s = NULL;
    uint32_t amiss;
    size_t row, start, block, even = 0;
    int k, one_mode = 1;
    for (k = 0; k < 7; k++) one_mode &= k == T ? inner[k] != 0 : inner[k] == 0;
    block = one_mode ? 4096 : MODEFLOW_MODES;
    for (start = 0; start < columns; start += block) {
        const size_t n = columns - start < block ? columns - start : block;
        const size_t rest = columns - start - n, next = columns < MODEFLOW_FAR ? 0 : rest < block ? rest : block;
        for (row = 0; row < rows; row++) {
            float *to[6];
            for (k = 0; k < 6; k++) to[k] = out[k] == NULL ? spare[k] : out[k] + row * columns + start;
            for (k = 0; k < 7; k++) {
                const float *const from = x[k] + (ptrdiff_t)row * outer[k] + (ptrdiff_t)start * inner[k];
                const int known = outer[k] == 0 && (row != 0 || (start != 0 && inner[k] == 0));
                if (known) continue;
                at[k] = from;
                if (next != 0 && inner[k] == 1) fetch_f32(next, from + n);
                if (inner[k] == 0 ? !(one_mode || k == TAU) : inner[k] != 1)
                    at[k] = spread_f32(inner[k] == 0 ? block : n, from, inner[k], one_mode ? times : buffer[k]);
                if ((inner[k] == 0 || one_mode || k == DECAY || k == TAU) && outside_f32(k, inner[k] == 0 ? 1 : n, at[k]))
                    return MODEFLOW_UNUSUAL;
            }
            if (!one_mode && inner[TAU] == 0 && *at[TAU] == 1) s = at[T];
            else if (row == 0 || outer[T] != 0 || outer[TAU] != 0) {
                s = pace_f32(n, at[T], at[TAU], inner[TAU] == 0, 1e18f, paced);
                even = one_mode ? even_f32(n, s) : 0;
            }
            if (one_mode) {
                const float decay = *at[DECAY], w1 = *at[W1], w2 = *at[W2];
                const int equal = is_equal_f32(w1, w2);
                if (!equal && is_fading_f32(decay)) return MODEFLOW_UNUSUAL;
                amiss = slopes_mode_f32(equal, n, even, s, *at[LAM], *at[NOISE], decay, w1, w2, to[0], to[1], to[2], to[3], to[4], to[5]);
            } else {
                const float *const v[6] = {s, at[LAM], at[NOISE], at[DECAY], at[W1], at[W2]};
                if ((inner[DECAY] != 0 || *at[DECAY] > 0) && some_fading_f32(n, at[DECAY], at[W1], at[W2]))
                    return MODEFLOW_UNUSUAL;
                amiss = slopes_mixed_f32(n, v, to);
            }
            if (amiss != 0) return MODEFLOW_UNUSUAL;
        }
    }
    return 0;
}

#ifdef MODEFLOW_SELF_TEST
#include <stdio.h>

static int passed = 0, failed = 0, untested = 0;

/* Whether a value is near enough to the true one, expected + rest; in units in the last place, 2 to the power unit. */
static inline void judge(const char *name, int done, double found, double expected, double rest, int unit, int allowed)
{
    const double error = ldexp(fabs((found - expected) - rest), -unit);
    const int fine = done && error <= allowed; /* NaN is not */
    printf("%s %s: ", fine ? "passed" : "FAILED", name);
    if (!done) printf("refused");
    else if (found != found) printf("not a number");
    else printf("%.9g, error %.2g ulp", found, error);
    printf(" (expected %.17g, allowed %d ulp)\n", expected, allowed);
    passed += fine;
    failed += !fine;
}

int main(void)
{
    {
        double f64[1];
        modeflow_direct_strength_f64(0.75, 1.75, 0.375, 1.5, 1.0, &f64[0]);
        float f32[1];
        modeflow_direct_strength_f32(0.75f, 1.75f, 0.375f, 1.5f, 1.0f, &f32[0]);
        judge("direct_strength_f64 w(0.75, 1.75, 0.375, 1.5, 1)", 1, f64[0],
            0.8399429917369374, 1.7907392025836016e-17, -53, 8);
        judge("direct_strength_f32 w(0.75, 1.75, 0.375, 1.5, 1)", 1, f32[0],
            0.8399429917369374, 1.7907392025836016e-17, -24, 8);
    }
    {
        double f64[2];
        modeflow_direct_weights_f64(0.75, 1.75, 0.375, 1.0, 1.5, &f64[0], &f64[1]);
        float f32[2];
        modeflow_direct_weights_f32(0.75f, 1.75f, 0.375f, 1.0f, 1.5f, &f32[0], &f32[1]);
        judge("direct_weights_f64 w1(0.75, 1.75, 0.375, 1, 1.5)", 1, f64[0],
            0.6495859484696758, 4.442874368785017e-17, -53, 8);
        judge("direct_weights_f32 w1(0.75, 1.75, 0.375, 1, 1.5)", 1, f32[0],
            0.6495859484696758, 4.442874368785017e-17, -24, 8);
        judge("direct_weights_f64 w2(0.75, 1.75, 0.375, 1, 1.5)", 1, f64[1],
            1.2930436591427408, -2.7810209451022336e-17, -52, 12);
        judge("direct_weights_f32 w2(0.75, 1.75, 0.375, 1, 1.5)", 1, f32[1],
            1.2930436591427408, -2.7810209451022336e-17, -23, 8);
    }
    {
        double f64[2];
        modeflow_direct_weights_f64(1.0, 0.75, 1.5, -0.375, 1.0, &f64[0], &f64[1]);
        float f32[2];
        modeflow_direct_weights_f32(1.0f, 0.75f, 1.5f, -0.375f, 1.0f, &f32[0], &f32[1]);
        judge("direct_weights_f64 w1(1, 0.75, 1.5, -0.375, 1)", 1, f64[0],
            0.2544816714876511, -2.5553734853771356e-17, -54, 8);
        judge("direct_weights_f32 w1(1, 0.75, 1.5, -0.375, 1)", 1, f32[0],
            0.2544816714876511, -2.5553734853771356e-17, -25, 12);
        judge("direct_weights_f64 w2(1, 0.75, 1.5, -0.375, 1)", 1, f64[1],
            0.961319884909882, 3.434648860876581e-17, -53, 8);
        judge("direct_weights_f32 w2(1, 0.75, 1.5, -0.375, 1)", 1, f32[1],
            0.961319884909882, 3.434648860876581e-17, -24, 12);
    }
    {
        double f64[1];
        modeflow_direct_loss_f64(0.75, 1.75, 0.375, 1.5, 1.0, &f64[0]);
        float f32[1];
        modeflow_direct_loss_f32(0.75f, 1.75f, 0.375f, 1.5f, 1.0f, &f32[0]);
        judge("direct_loss_f64 loss(0.75, 1.75, 0.375, 1.5, 1)", 1, f64[0],
            0.15469800816385626, -1.326323980291748e-17, -55, 8);
        judge("direct_loss_f32 loss(0.75, 1.75, 0.375, 1.5, 1)", 1, f32[0],
            0.15469800816385626, -1.326323980291748e-17, -26, 8);
    }
    {
        double f64[1];
        modeflow_direct_time_f64(0.75, 1.0, 0.375, 1.5, 1.0, &f64[0]);
        float f32[1];
        modeflow_direct_time_f32(0.75f, 1.0f, 0.375f, 1.5f, 1.0f, &f32[0]);
        judge("direct_time_f64 time(0.75, 1, 0.375, 1.5, 1)", 1, f64[0],
            1.1534495417634174, 1.9473918758842467e-17, -52, 8);
        judge("direct_time_f32 time(0.75, 1, 0.375, 1.5, 1)", 1, f32[0],
            1.1534495417634174, 1.9473918758842467e-17, -23, 8);
    }
    {
        double f64[1];
        modeflow_balanced_strength_f64(0.75, 1.0, 0.375, 0.75, 1.5, 1.0, &f64[0]);
        float f32[1];
        modeflow_balanced_strength_f32(0.75f, 1.0f, 0.375f, 0.75f, 1.5f, 1.0f, &f32[0]);
        judge("balanced_strength_f64 w(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f64[0],
            0.49373673515029076, 7.459658708702015e-18, -54, 8);
        judge("balanced_strength_f32 w(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f32[0],
            0.49373673515029076, 7.459658708702015e-18, -25, 8);
    }
    {
        double f64[1];
        modeflow_balanced_strength_f64(1.0, 0.25, 1.5, 0.5, 0.375, -1.0, &f64[0]);
        float f32[1];
        modeflow_balanced_strength_f32(1.0f, 0.25f, 1.5f, 0.5f, 0.375f, -1.0f, &f32[0]);
        judge("balanced_strength_f64 w(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f64[0],
            -0.025003919296371305, -1.6089586781472804e-18, -58, 12);
        judge("balanced_strength_f32 w(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f32[0],
            -0.025003919296371305, -1.6089586781472804e-18, -29, 8);
    }
    {
        double f64[1];
        modeflow_balanced_strength_f64(1.0, 1.5, 1.0, 1.5, 0.125, 1.0, &f64[0]);
        float f32[1];
        modeflow_balanced_strength_f32(1.0f, 1.5f, 1.0f, 1.5f, 0.125f, 1.0f, &f32[0]);
        judge("balanced_strength_f64 w(1, 1.5, 1, 1.5, 0.125, 1)", 1, f64[0],
            0.014492753623188406, -1.7598643959185e-19, -59, 8);
        judge("balanced_strength_f32 w(1, 1.5, 1, 1.5, 0.125, 1)", 1, f32[0],
            0.014492753623188406, -1.7598643959185e-19, -30, 8);
    }
    {
        double f64[1];
        modeflow_balanced_weights_f64(0.75, 1.0, 0.375, 0.75, 1.5, 1.0, &f64[0]);
        float f32[1];
        modeflow_balanced_weights_f32(0.75f, 1.0f, 0.375f, 0.75f, 1.5f, 1.0f, &f32[0]);
        judge("balanced_weights_f64 size(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f64[0],
            0.7026640272208979, -1.8026212072747188e-17, -53, 8);
        judge("balanced_weights_f32 size(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f32[0],
            0.7026640272208979, -1.8026212072747188e-17, -24, 8);
    }
    {
        double f64[1];
        modeflow_balanced_weights_f64(1.0, 0.25, 1.5, 0.5, 0.375, -1.0, &f64[0]);
        float f32[1];
        modeflow_balanced_weights_f32(1.0f, 0.25f, 1.5f, 0.5f, 0.375f, -1.0f, &f32[0]);
        judge("balanced_weights_f64 size(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f64[0],
            0.1581262764260618, -9.254549079960472e-18, -55, 8);
        judge("balanced_weights_f32 size(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f32[0],
            0.1581262764260618, -9.254549079960472e-18, -26, 8);
    }
    {
        double f64[1];
        modeflow_balanced_weights_f64(1.0, 1.5, 1.0, 1.5, 0.125, 1.0, &f64[0]);
        float f32[1];
        modeflow_balanced_weights_f32(1.0f, 1.5f, 1.0f, 1.5f, 0.125f, 1.0f, &f32[0]);
        judge("balanced_weights_f64 size(1, 1.5, 1, 1.5, 0.125, 1)", 1, f64[0],
            0.1203858530857692, 2.461387810944266e-18, -56, 8);
        judge("balanced_weights_f32 size(1, 1.5, 1, 1.5, 0.125, 1)", 1, f32[0],
            0.1203858530857692, 2.461387810944266e-18, -27, 8);
    }
    {
        double f64[1];
        modeflow_balanced_loss_f64(0.75, 1.0, 0.375, 0.75, 1.5, 1.0, &f64[0]);
        float f32[1];
        modeflow_balanced_loss_f32(0.75f, 1.0f, 0.375f, 0.75f, 1.5f, 1.0f, &f32[0]);
        judge("balanced_loss_f64 loss(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f64[0],
            0.5441617912127743, 9.849457418641317e-18, -53, 8);
        judge("balanced_loss_f32 loss(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f32[0],
            0.5441617912127743, 9.849457418641317e-18, -24, 8);
    }
    {
        double f64[1];
        modeflow_balanced_loss_f64(1.0, 0.25, 1.5, 0.5, 0.375, -1.0, &f64[0]);
        float f32[1];
        modeflow_balanced_loss_f32(1.0f, 0.25f, 1.5f, 0.5f, 0.375f, -1.0f, &f32[0]);
        judge("balanced_loss_f64 loss(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f64[0],
            0.1442999859549355, -1.2784343649021922e-17, -55, 8);
        judge("balanced_loss_f32 loss(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f32[0],
            0.1442999859549355, -1.2784343649021922e-17, -26, 8);
    }
    {
        double f64[1];
        modeflow_balanced_loss_f64(1.0, 1.5, 1.0, 1.5, 0.125, 1.0, &f64[0]);
        float f32[1];
        modeflow_balanced_loss_f32(1.0f, 1.5f, 1.0f, 1.5f, 0.125f, 1.0f, &f32[0]);
        judge("balanced_loss_f64 loss(1, 1.5, 1, 1.5, 0.125, 1)", 1, f64[0],
            0.750262549884478, 3.6611009213642e-18, -53, 8);
        judge("balanced_loss_f32 loss(1, 1.5, 1, 1.5, 0.125, 1)", 1, f32[0],
            0.750262549884478, 3.6611009213642e-18, -24, 8);
    }
    {
        double f64[1];
        modeflow_balanced_time_f64(0.75, 1.0, 0.375, 0.75, 1.5, 1.0, &f64[0]);
        float f32[1];
        modeflow_balanced_time_f32(0.75f, 1.0f, 0.375f, 0.75f, 1.5f, 1.0f, &f32[0]);
        judge("balanced_time_f64 time(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f64[0],
            0.3867427859610792, 7.08935742650872e-18, -54, 8);
        judge("balanced_time_f32 time(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f32[0],
            0.3867427859610792, 7.08935742650872e-18, -25, 8);
    }
    {
        double f64[1];
        modeflow_balanced_time_f64(1.0, 0.25, 1.5, 0.5, 0.375, -1.0, &f64[0]);
        float f32[1];
        modeflow_balanced_time_f32(1.0f, 0.25f, 1.5f, 0.5f, 0.375f, -1.0f, &f32[0]);
        judge("balanced_time_f64 time(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f64[0],
            -1.3051630711348774, -3.475059108672338e-17, -52, 12);
        judge("balanced_time_f32 time(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f32[0],
            -1.3051630711348774, -3.475059108672338e-17, -23, 8);
    }
    {
        double f64[1];
        modeflow_balanced_time_f64(1.0, 1.5, 1.0, 1.5, 0.125, 1.0, &f64[0]);
        float f32[1];
        modeflow_balanced_time_f32(1.0f, 1.5f, 1.0f, 1.5f, 0.125f, 1.0f, &f32[0]);
        judge("balanced_time_f64 time(1, 1.5, 1, 1.5, 0.125, 1)", 1, f64[0],
            -12.6, -3.552713678800501e-16, -49, 8);
        judge("balanced_time_f32 time(1, 1.5, 1, 1.5, 0.125, 1)", 1, f32[0],
            -12.6, -3.552713678800501e-16, -20, 8);
    }
    {
        double f64[5];
        modeflow_gradient_direct_f64(0.75, 1.0, 0.375, 1.0, 1.5, &f64[0], &f64[1], &f64[2], &f64[3], &f64[4]);
        float f32[5];
        modeflow_gradient_direct_f32(0.75f, 1.0f, 0.375f, 1.0f, 1.5f, &f32[0], &f32[1], &f32[2], &f32[3], &f32[4]);
        judge("gradient_direct_f64 by_s(0.75, 1, 0.375, 1, 1.5)", 1, f64[0],
            -0.18977149648206965, 8.34920818563569e-18, -55, 8);
        judge("gradient_direct_f32 by_s(0.75, 1, 0.375, 1, 1.5)", 1, f32[0],
            -0.18977149648206965, 8.34920818563569e-18, -26, 12);
        judge("gradient_direct_f64 by_lam(0.75, 1, 0.375, 1, 1.5)", 1, f64[1],
            0.06361100708900581, 2.24309601601711e-18, -56, 20);
        judge("gradient_direct_f32 by_lam(0.75, 1, 0.375, 1, 1.5)", 1, f32[1],
            0.06361100708900581, 2.24309601601711e-18, -27, 8);
        judge("gradient_direct_f64 by_eps(0.75, 1, 0.375, 1, 1.5)", 1, f64[2],
            -0.5491723452014882, 4.772426114939764e-17, -53, 8);
        judge("gradient_direct_f32 by_eps(0.75, 1, 0.375, 1, 1.5)", 1, f32[2],
            -0.5491723452014882, 4.772426114939764e-17, -24, 12);
        judge("gradient_direct_f64 by_a(0.75, 1, 0.375, 1, 1.5)", 1, f64[3],
            0.1497312856970917, -3.0643210146348305e-18, -55, 12);
        judge("gradient_direct_f32 by_a(0.75, 1, 0.375, 1, 1.5)", 1, f32[3],
            0.1497312856970917, -3.0643210146348305e-18, -26, 8);
        judge("gradient_direct_f64 by_b(0.75, 1, 0.375, 1, 1.5)", 1, f64[4],
            -0.04598846126839555, 2.452786444571666e-18, -57, 8);
        judge("gradient_direct_f32 by_b(0.75, 1, 0.375, 1, 1.5)", 1, f32[4],
            -0.04598846126839555, 2.452786444571666e-18, -28, 20);
    }
    {
        double f64[5];
        modeflow_gradient_direct_f64(1.0, 0.25, 1.5, -0.375, 1.0, &f64[0], &f64[1], &f64[2], &f64[3], &f64[4]);
        float f32[5];
        modeflow_gradient_direct_f32(1.0f, 0.25f, 1.5f, -0.375f, 1.0f, &f32[0], &f32[1], &f32[2], &f32[3], &f32[4]);
        judge("gradient_direct_f64 by_s(1, 0.25, 1.5, -0.375, 1)", 1, f64[0],
            0.15862719388223398, 5.395782679087604e-18, -55, 8);
        judge("gradient_direct_f32 by_s(1, 0.25, 1.5, -0.375, 1)", 1, f32[0],
            0.15862719388223398, 5.395782679087604e-18, -26, 12);
        judge("gradient_direct_f64 by_lam(1, 0.25, 1.5, -0.375, 1)", 1, f64[1],
            0.47000102700285445, -3.907067241409261e-19, -54, 8);
        judge("gradient_direct_f32 by_lam(1, 0.25, 1.5, -0.375, 1)", 1, f32[1],
            0.47000102700285445, -3.907067241409261e-19, -25, 8);
        judge("gradient_direct_f64 by_eps(1, 0.25, 1.5, -0.375, 1)", 1, f64[2],
            0.027417958087680248, 1.9285928812827648e-19, -58, 24);
        judge("gradient_direct_f32 by_eps(1, 0.25, 1.5, -0.375, 1)", 1, f32[2],
            0.027417958087680248, 1.9285928812827648e-19, -29, 36);
        judge("gradient_direct_f64 by_a(1, 0.25, 1.5, -0.375, 1)", 1, f64[3],
            0.27853073836099246, -2.5223122740413458e-17, -54, 12);
        judge("gradient_direct_f32 by_a(1, 0.25, 1.5, -0.375, 1)", 1, f32[3],
            0.27853073836099246, -2.5223122740413458e-17, -25, 16);
        judge("gradient_direct_f64 by_b(1, 0.25, 1.5, -0.375, 1)", 1, f64[4],
            0.2759835593781419, -9.124037917200466e-18, -54, 12);
        judge("gradient_direct_f32 by_b(1, 0.25, 1.5, -0.375, 1)", 1, f32[4],
            0.2759835593781419, -9.124037917200466e-18, -25, 16);
    }
    {
        double f64[5];
        modeflow_gradient_direct_f64(0.25, 0.0, 0.125, -1.5, 1.5, &f64[0], &f64[1], &f64[2], &f64[3], &f64[4]);
        float f32[5];
        modeflow_gradient_direct_f32(0.25f, 0.0f, 0.125f, -1.5f, 1.5f, &f32[0], &f32[1], &f32[2], &f32[3], &f32[4]);
        judge("gradient_direct_f64 by_s(0.25, 0, 0.125, -1.5, 1.5)", 1, f64[0],
            1.265625, 0.0, -52, 4);
        judge("gradient_direct_f32 by_s(0.25, 0, 0.125, -1.5, 1.5)", 1, f32[0],
            1.265625, 0.0, -23, 4);
        judge("gradient_direct_f64 by_lam(0.25, 0, 0.125, -1.5, 1.5)", 1, f64[1],
            3.65625, 0.0, -51, 4);
        judge("gradient_direct_f32 by_lam(0.25, 0, 0.125, -1.5, 1.5)", 1, f32[1],
            3.65625, 0.0, -22, 4);
        judge("gradient_direct_f64 by_eps(0.25, 0, 0.125, -1.5, 1.5)", 1, f64[2],
            2.53125, 0.0, -51, 4);
        judge("gradient_direct_f32 by_eps(0.25, 0, 0.125, -1.5, 1.5)", 1, f32[2],
            2.53125, 0.0, -22, 4);
        judge("gradient_direct_f64 by_a(0.25, 0, 0.125, -1.5, 1.5)", 1, f64[3],
            1.5, 0.0, -52, 4);
        judge("gradient_direct_f32 by_a(0.25, 0, 0.125, -1.5, 1.5)", 1, f32[3],
            1.5, 0.0, -23, 4);
        judge("gradient_direct_f64 by_b(0.25, 0, 0.125, -1.5, 1.5)", 1, f64[4],
            -1.5, 0.0, -52, 4);
        judge("gradient_direct_f32 by_b(0.25, 0, 0.125, -1.5, 1.5)", 1, f32[4],
            -1.5, 0.0, -23, 4);
    }
    {
        double f64[5];
        modeflow_gradient_balanced_f64(0.75, 1.0, 0.375, 0.75, 1.5, 1.0, &f64[0], &f64[1], &f64[2], &f64[3], &f64[4]);
        float f32[5];
        modeflow_gradient_balanced_f32(0.75f, 1.0f, 0.375f, 0.75f, 1.5f, 1.0f, &f32[0], &f32[1], &f32[2], &f32[3], &f32[4]);
        judge("gradient_balanced_f64 by_s(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f64[0],
            -0.4235155324262426, -1.537208341328736e-17, -54, 8);
        judge("gradient_balanced_f32 by_s(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f32[0],
            -0.4235155324262426, -1.537208341328736e-17, -25, 12);
        judge("gradient_balanced_f64 by_lam(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f64[1],
            0.10161783596286729, -4.6643504188392405e-18, -56, 8);
        judge("gradient_balanced_f32 by_lam(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f32[1],
            0.10161783596286729, -4.6643504188392405e-18, -27, 16);
        judge("gradient_balanced_f64 by_eps(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f64[2],
            -0.3049254296092434, 2.4711948014430263e-17, -54, 8);
        judge("gradient_balanced_f32 by_eps(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f32[2],
            -0.3049254296092434, 2.4711948014430263e-17, -25, 8);
        judge("gradient_balanced_f64 by_gamma(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f64[3],
            -0.4065432655721107, 1.5498510625455046e-17, -54, 8);
        judge("gradient_balanced_f32 by_gamma(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f32[3],
            -0.4065432655721107, 1.5498510625455046e-17, -25, 8);
        judge("gradient_balanced_f64 by_product(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f64[4],
            0.033095230861147164, 2.226397436902522e-18, -57, 8);
        judge("gradient_balanced_f32 by_product(0.75, 1, 0.375, 0.75, 1.5, 1)", 1, f32[4],
            0.033095230861147164, 2.226397436902522e-18, -28, 8);
    }
    {
        double f64[5];
        modeflow_gradient_balanced_f64(1.0, 0.25, 1.5, 0.5, 0.375, -1.0, &f64[0], &f64[1], &f64[2], &f64[3], &f64[4]);
        float f32[5];
        modeflow_gradient_balanced_f32(1.0f, 0.25f, 1.5f, 0.5f, 0.375f, -1.0f, &f32[0], &f32[1], &f32[2], &f32[3], &f32[4]);
        judge("gradient_balanced_f64 by_s(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f64[0],
            0.03969406487518504, -3.2438318099812053e-18, -57, 12);
        judge("gradient_balanced_f32 by_s(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f32[0],
            0.03969406487518504, -3.2438318099812053e-18, -28, 8);
        judge("gradient_balanced_f64 by_lam(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f64[1],
            0.04905566336956212, -2.952182154933912e-18, -57, 8);
        judge("gradient_balanced_f32 by_lam(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f32[1],
            0.04905566336956212, -2.952182154933912e-18, -28, 8);
        judge("gradient_balanced_f64 by_eps(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f64[2],
            0.0029023173480134433, -1.623334557923675e-19, -61, 16);
        judge("gradient_balanced_f32 by_eps(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f32[2],
            0.0029023173480134433, -1.623334557923675e-19, -32, 12);
        judge("gradient_balanced_f64 by_gamma(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f64[3],
            0.04615334602154868, -1.877634851763339e-19, -57, 8);
        judge("gradient_balanced_f32 by_gamma(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f32[3],
            0.04615334602154868, -1.877634851763339e-19, -28, 8);
        judge("gradient_balanced_f64 by_product(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f64[4],
            0.1416879213322509, 2.6677986439411014e-18, -55, 8);
        judge("gradient_balanced_f32 by_product(1, 0.25, 1.5, 0.5, 0.375, -1)", 1, f32[4],
            0.1416879213322509, 2.6677986439411014e-18, -26, 8);
    }
    {
        double f64[5];
        modeflow_gradient_balanced_f64(1.0, 1.5, 1.0, 1.5, 0.125, 1.0, &f64[0], &f64[1], &f64[2], &f64[3], &f64[4]);
        float f32[5];
        modeflow_gradient_balanced_f32(1.0f, 1.5f, 1.0f, 1.5f, 0.125f, 1.0f, &f32[0], &f32[1], &f32[2], &f32[3], &f32[4]);
        judge("gradient_balanced_f64 by_s(1, 1.5, 1, 1.5, 0.125, 1)", 1, f64[0],
            -0.0010501995379122034, 1.0074586034605905e-19, -62, 8);
        judge("gradient_balanced_f32 by_s(1, 1.5, 1, 1.5, 0.125, 1)", 1, f32[0],
            -0.0010501995379122034, 1.0074586034605905e-19, -33, 8);
        judge("gradient_balanced_f64 by_lam(1, 1.5, 1, 1.5, 0.125, 1)", 1, f64[1],
            0.027515227893299726, 1.350322453679909e-18, -58, 8);
        judge("gradient_balanced_f32 by_lam(1, 1.5, 1, 1.5, 0.125, 1)", 1, f32[1],
            0.027515227893299726, 1.350322453679909e-18, -29, 8);
        judge("gradient_balanced_f64 by_eps(1, 1.5, 1, 1.5, 0.125, 1)", 1, f64[2],
            -0.0004200798151648813, -2.4753786210706644e-20, -64, 8);
        judge("gradient_balanced_f32 by_eps(1, 1.5, 1, 1.5, 0.125, 1)", 1, f32[2],
            -0.0004200798151648813, -2.4753786210706644e-20, -35, 8);
        judge("gradient_balanced_f64 by_gamma(1, 1.5, 1, 1.5, 0.125, 1)", 1, f64[3],
            -0.02793530770846461, 1.1185887568260445e-18, -58, 8);
        judge("gradient_balanced_f32 by_gamma(1, 1.5, 1, 1.5, 0.125, 1)", 1, f32[3],
            -0.02793530770846461, 1.1185887568260445e-18, -29, 8);
        judge("gradient_balanced_f64 by_product(1, 1.5, 1, 1.5, 0.125, 1)", 1, f64[4],
            0.8603234614576769, 5.069575415952721e-17, -53, 8);
        judge("gradient_balanced_f32 by_product(1, 1.5, 1, 1.5, 0.125, 1)", 1, f32[4],
            0.8603234614576769, 5.069575415952721e-17, -24, 8);
    }
    {
        double f64[5];
        modeflow_gradient_balanced_f64(0.125, 0.0, 1.5, 0.0, 0.25, -1.0, &f64[0], &f64[1], &f64[2], &f64[3], &f64[4]);
        float f32[5];
        modeflow_gradient_balanced_f32(0.125f, 0.0f, 1.5f, 0.0f, 0.25f, -1.0f, &f32[0], &f32[1], &f32[2], &f32[3], &f32[4]);
        judge("gradient_balanced_f64 by_s(0.125, 0, 1.5, 0, 0.25, -1)", 1, f64[0],
            0.011188159198181924, 5.293833018874505e-19, -59, 8);
        judge("gradient_balanced_f32 by_s(0.125, 0, 1.5, 0, 0.25, -1)", 1, f32[0],
            0.011188159198181924, 5.293833018874505e-19, -30, 8);
        judge("gradient_balanced_f64 by_lam(0.125, 0, 1.5, 0, 0.25, -1)", 1, f64[1],
            0.016024707184895987, -1.4734181799334502e-18, -58, 8);
        judge("gradient_balanced_f32 by_lam(0.125, 0, 1.5, 0, 0.25, -1)", 1, f32[1],
            0.016024707184895987, -1.4734181799334502e-18, -29, 8);
        judge("gradient_balanced_f64 by_eps(0.125, 0, 1.5, 0, 0.25, -1)", 1, f64[2],
            0.0009323465998484937, -2.8164869675079417e-20, -63, 8);
        judge("gradient_balanced_f32 by_eps(0.125, 0, 1.5, 0, 0.25, -1)", 1, f32[2],
            0.0009323465998484937, -2.8164869675079417e-20, -34, 8);
        judge("gradient_balanced_f64 by_gamma(0.125, 0, 1.5, 0, 0.25, -1)", 1, f64[3],
            0.015092360585047492, -7.947320067670682e-19, -59, 8);
        judge("gradient_balanced_f32 by_gamma(0.125, 0, 1.5, 0, 0.25, -1)", 1, f32[3],
            0.015092360585047492, -7.947320067670682e-19, -30, 8);
        judge("gradient_balanced_f64 by_product(0.125, 0, 1.5, 0, 0.25, -1)", 1, f64[4],
            0.9547229182448576, -2.884082654728132e-17, -53, 8);
        judge("gradient_balanced_f32 by_product(0.125, 0, 1.5, 0, 0.25, -1)", 1, f32[4],
            0.9547229182448576, -2.884082654728132e-17, -24, 8);
    }
    {
        double f64[5];
        modeflow_gradient_balanced_f64(1.5, 0.375, 0.5, 1.0, 0.75, 1.0, &f64[0], &f64[1], &f64[2], &f64[3], &f64[4]);
        float f32[5];
        modeflow_gradient_balanced_f32(1.5f, 0.375f, 0.5f, 1.0f, 0.75f, 1.0f, &f32[0], &f32[1], &f32[2], &f32[3], &f32[4]);
        judge("gradient_balanced_f64 by_s(1.5, 0.375, 0.5, 1, 0.75, 1)", 1, f64[0],
            -0.06938161221261091, 3.9042607261462025e-18, -56, 8);
        judge("gradient_balanced_f32 by_s(1.5, 0.375, 0.5, 1, 0.75, 1)", 1, f32[0],
            -0.06938161221261091, 3.9042607261462025e-18, -27, 8);
        judge("gradient_balanced_f64 by_lam(1.5, 0.375, 0.5, 1, 0.75, 1)", 1, f64[1],
            0.10972958664789649, -6.1873022021322025e-18, -56, 8);
        judge("gradient_balanced_f32 by_lam(1.5, 0.375, 0.5, 1, 0.75, 1)", 1, f32[1],
            0.10972958664789649, -6.1873022021322025e-18, -27, 8);
        judge("gradient_balanced_f64 by_eps(1.5, 0.375, 0.5, 1, 0.75, 1)", 1, f64[2],
            -0.023660951109320705, 1.6973582460658013e-19, -58, 12);
        judge("gradient_balanced_f32 by_eps(1.5, 0.375, 0.5, 1, 0.75, 1)", 1, f32[2],
            -0.023660951109320705, 1.6973582460658013e-19, -29, 12);
        judge("gradient_balanced_f64 by_gamma(1.5, 0.375, 0.5, 1, 0.75, 1)", 1, f64[3],
            -0.13339053775721718, -7.520749781075675e-18, -55, 8);
        judge("gradient_balanced_f32 by_gamma(1.5, 0.375, 0.5, 1, 0.75, 1)", 1, f32[3],
            -0.13339053775721718, -7.520749781075675e-18, -26, 8);
        judge("gradient_balanced_f64 by_product(1.5, 0.375, 0.5, 1, 0.75, 1)", 1, f64[4],
            0.05520339619713564, -3.375996642400212e-18, -57, 8);
        judge("gradient_balanced_f32 by_product(1.5, 0.375, 0.5, 1, 0.75, 1)", 1, f32[4],
            0.05520339619713564, -3.375996642400212e-18, -28, 8);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {1.0, 0.5, 1.5, 0.0, 1.0, -1.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[2] = {0};
        double *const out_f64[2] = {f64 + 0, f64 + 1};
        const int done_f64 = !modeflow_strength_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {1.0f, 0.5f, 1.5f, 0.0f, 1.0f, -1.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[2] = {0};
        float *const out_f32[2] = {f32 + 0, f32 + 1};
        const int done_f32 = !modeflow_strength_f32(1, 1, x_f32, step, step, out_f32);
        judge("strength_f64 w(1, 0.5, 1.5, 0, 1, -1)", done_f64, f64[0],
            -0.10425996693127197, -5.489123656232019e-18, -56, 8);
        judge("strength_f32 w(1, 0.5, 1.5, 0, 1, -1)", done_f32, f32[0],
            -0.10425996693127197, -5.489123656232019e-18, -27, 12);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.75, 1.5, 1.0, 0.25, 0.0, 0.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[2] = {0};
        double *const out_f64[2] = {f64 + 0, f64 + 1};
        const int done_f64 = !modeflow_strength_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.75f, 1.5f, 1.0f, 0.25f, 0.0f, 0.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[2] = {0};
        float *const out_f32[2] = {f32 + 0, f32 + 1};
        const int done_f32 = !modeflow_strength_f32(1, 1, x_f32, step, step, out_f32);
        judge("strength_f64 w(0.75, 1.5, 1, 0.25, 0, 0)", done_f64, f64[0],
            0.0, 0.0, -126, 4);
        judge("strength_f32 w(0.75, 1.5, 1, 0.25, 0, 0)", done_f32, f32[0],
            0.0, 0.0, -126, 4);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.125, 0.75, 0.125, 0.0, -1.5, -1.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[2] = {0};
        double *const out_f64[2] = {f64 + 0, f64 + 1};
        const int done_f64 = !modeflow_strength_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.125f, 0.75f, 0.125f, 0.0f, -1.5f, -1.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[2] = {0};
        float *const out_f32[2] = {f32 + 0, f32 + 1};
        const int done_f32 = !modeflow_strength_f32(1, 1, x_f32, step, step, out_f32);
        judge("strength_f64 w(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f64, f64[0],
            1.3166693347991734, 7.934586935515635e-17, -52, 8);
        judge("strength_f32 w(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f32, f32[0],
            1.3166693347991734, 7.934586935515635e-17, -23, 8);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.5, 0.25, 0.125, 0.125, 1.0, 1.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[2] = {0};
        double *const out_f64[2] = {f64 + 0, f64 + 1};
        const int done_f64 = !modeflow_strength_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.5f, 0.25f, 0.125f, 0.125f, 1.0f, 1.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[2] = {0};
        float *const out_f32[2] = {f32 + 0, f32 + 1};
        const int done_f32 = !modeflow_strength_f32(1, 1, x_f32, step, step, out_f32);
        judge("strength_f64 w(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f64, f64[0],
            0.8097125376257694, 4.769717958293012e-17, -53, 8);
        judge("strength_f32 w(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f32, f32[0],
            0.8097125376257694, 4.769717958293012e-17, -24, 8);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {1.0, 0.5, 1.5, 0.0, 1.0, -1.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[2] = {0};
        double *const out_f64[2] = {f64 + 0, f64 + 1};
        const int done_f64 = !modeflow_weights_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {1.0f, 0.5f, 1.5f, 0.0f, 1.0f, -1.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[2] = {0};
        float *const out_f32[2] = {f32 + 0, f32 + 1};
        const int done_f32 = !modeflow_weights_f32(1, 1, x_f32, step, step, out_f32);
        judge("weights_f64 first(1, 0.5, 1.5, 0, 1, -1)", done_f64, f64[0],
            0.32289311998132136, -2.5440956990928494e-17, -54, 8);
        judge("weights_f32 first(1, 0.5, 1.5, 0, 1, -1)", done_f32, f32[0],
            0.32289311998132136, -2.5440956990928494e-17, -25, 8);
        judge("weights_f64 second(1, 0.5, 1.5, 0, 1, -1)", done_f64, f64[1],
            -0.32289311998132136, 2.5440956990928494e-17, -54, 8);
        judge("weights_f32 second(1, 0.5, 1.5, 0, 1, -1)", done_f32, f32[1],
            -0.32289311998132136, 2.5440956990928494e-17, -25, 8);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.75, 1.5, 1.0, 0.25, 0.0, 0.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[2] = {0};
        double *const out_f64[2] = {f64 + 0, f64 + 1};
        const int done_f64 = !modeflow_weights_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.75f, 1.5f, 1.0f, 0.25f, 0.0f, 0.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[2] = {0};
        float *const out_f32[2] = {f32 + 0, f32 + 1};
        const int done_f32 = !modeflow_weights_f32(1, 1, x_f32, step, step, out_f32);
        judge("weights_f64 first(0.75, 1.5, 1, 0.25, 0, 0)", done_f64, f64[0],
            0.0, 0.0, -126, 4);
        judge("weights_f32 first(0.75, 1.5, 1, 0.25, 0, 0)", done_f32, f32[0],
            0.0, 0.0, -126, 4);
        judge("weights_f64 second(0.75, 1.5, 1, 0.25, 0, 0)", done_f64, f64[1],
            0.0, 0.0, -126, 4);
        judge("weights_f32 second(0.75, 1.5, 1, 0.25, 0, 0)", done_f32, f32[1],
            0.0, 0.0, -126, 4);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.125, 0.75, 0.125, 0.0, -1.5, -1.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[2] = {0};
        double *const out_f64[2] = {f64 + 0, f64 + 1};
        const int done_f64 = !modeflow_weights_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.125f, 0.75f, 0.125f, 0.0f, -1.5f, -1.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[2] = {0};
        float *const out_f32[2] = {f32 + 0, f32 + 1};
        const int done_f32 = !modeflow_weights_f32(1, 1, x_f32, step, step, out_f32);
        judge("weights_f64 first(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f64, f64[0],
            -1.4430794672480944, 4.0325927137149727e-17, -52, 8);
        judge("weights_f32 first(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f32, f32[0],
            -1.4430794672480944, 4.0325927137149727e-17, -23, 12);
        judge("weights_f64 second(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f64, f64[1],
            -0.9124025146792637, 3.0841266482587077e-17, -53, 8);
        judge("weights_f32 second(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f32, f32[1],
            -0.9124025146792637, 3.0841266482587077e-17, -24, 8);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.125, 0.0, 1.5, 0.0, 0.25, -0.125, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[2] = {0};
        double *const out_f64[2] = {f64 + 0, f64 + 1};
        const int done_f64 = !modeflow_weights_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.125f, 0.0f, 1.5f, 0.0f, 0.25f, -0.125f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[2] = {0};
        float *const out_f32[2] = {f32 + 0, f32 + 1};
        const int done_f32 = !modeflow_weights_f32(1, 1, x_f32, step, step, out_f32);
        judge("weights_f64 first(0.125, 0, 1.5, 0, 0.25, -0.125)", done_f64, f64[0],
            0.249277125291722, 1.2027054153292022e-17, -55, 8);
        judge("weights_f32 first(0.125, 0, 1.5, 0, 0.25, -0.125)", done_f32, f32[0],
            0.249277125291722, 1.2027054153292022e-17, -26, 8);
        judge("weights_f64 second(0.125, 0, 1.5, 0, 0.25, -0.125)", done_f64, f64[1],
            -0.12354790647236752, -2.6891144743612086e-19, -56, 12);
        judge("weights_f32 second(0.125, 0, 1.5, 0, 0.25, -0.125)", done_f32, f32[1],
            -0.12354790647236752, -2.6891144743612086e-19, -27, 8);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.375, 0.375, 0.25, 0.0, 0.5, 1.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[2] = {0};
        double *const out_f64[2] = {f64 + 0, f64 + 1};
        const int done_f64 = !modeflow_weights_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.375f, 0.375f, 0.25f, 0.0f, 0.5f, 1.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[2] = {0};
        float *const out_f32[2] = {f32 + 0, f32 + 1};
        const int done_f32 = !modeflow_weights_f32(1, 1, x_f32, step, step, out_f32);
        judge("weights_f64 first(0.375, 0.375, 0.25, 0, 0.5, 1)", done_f64, f64[0],
            0.5203881038332271, -4.724215213122182e-18, -53, 8);
        judge("weights_f32 first(0.375, 0.375, 0.25, 0, 0.5, 1)", done_f32, f32[0],
            0.5203881038332271, -4.724215213122182e-18, -24, 8);
        judge("weights_f64 second(0.375, 0.375, 0.25, 0, 0.5, 1)", done_f64, f64[1],
            1.0103483451815722, 4.331134251439315e-17, -52, 8);
        judge("weights_f32 second(0.375, 0.375, 0.25, 0, 0.5, 1)", done_f32, f32[1],
            1.0103483451815722, 4.331134251439315e-17, -23, 8);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.25, 0.25, 1.0, 0.0, 0.375, -1.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[2] = {0};
        double *const out_f64[2] = {f64 + 0, f64 + 1};
        const int done_f64 = !modeflow_weights_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.25f, 0.25f, 1.0f, 0.0f, 0.375f, -1.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[2] = {0};
        float *const out_f32[2] = {f32 + 0, f32 + 1};
        const int done_f32 = !modeflow_weights_f32(1, 1, x_f32, step, step, out_f32);
        judge("weights_f64 first(0.25, 0.25, 1, 0, 0.375, -1)", done_f64, f64[0],
            0.22604354526634593, -3.665142680479455e-18, -55, 8);
        judge("weights_f32 first(0.25, 0.25, 1, 0, 0.375, -1)", done_f32, f32[0],
            0.22604354526634593, -3.665142680479455e-18, -26, 8);
        judge("weights_f64 second(0.25, 0.25, 1, 0, 0.375, -1)", done_f64, f64[1],
            -0.9541858751609031, 2.8114998624130163e-17, -53, 8);
        judge("weights_f32 second(0.25, 0.25, 1, 0, 0.375, -1)", done_f32, f32[1],
            -0.9541858751609031, 2.8114998624130163e-17, -24, 8);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.5, 0.25, 0.125, 0.125, 1.0, 1.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[2] = {0};
        double *const out_f64[2] = {f64 + 0, f64 + 1};
        const int done_f64 = !modeflow_weights_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.5f, 0.25f, 0.125f, 0.125f, 1.0f, 1.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[2] = {0};
        float *const out_f32[2] = {f32 + 0, f32 + 1};
        const int done_f32 = !modeflow_weights_f32(1, 1, x_f32, step, step, out_f32);
        judge("weights_f64 first(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f64, f64[0],
            0.8998402845092953, -2.790043124551974e-17, -53, 8);
        judge("weights_f32 first(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f32, f32[0],
            0.8998402845092953, -2.790043124551974e-17, -24, 8);
        judge("weights_f64 second(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f64, f64[1],
            0.8998402845092953, -2.790043124551974e-17, -53, 8);
        judge("weights_f32 second(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f32, f32[1],
            0.8998402845092953, -2.790043124551974e-17, -24, 8);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {1.0, 0.5, 1.5, 0.0, 1.0, -1.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[2] = {0};
        double *const out_f64[2] = {f64 + 0, f64 + 1};
        const int done_f64 = !modeflow_loss_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {1.0f, 0.5f, 1.5f, 0.0f, 1.0f, -1.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[2] = {0};
        float *const out_f32[2] = {f32 + 0, f32 + 1};
        const int done_f32 = !modeflow_loss_f32(1, 1, x_f32, step, step, out_f32);
        judge("loss_f64 loss(1, 0.5, 1.5, 0, 1, -1)", done_f64, f64[0],
            0.3130001241701459, 2.6824609290087533e-17, -54, 8);
        judge("loss_f32 loss(1, 0.5, 1.5, 0, 1, -1)", done_f32, f32[0],
            0.3130001241701459, 2.6824609290087533e-17, -25, 8);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.75, 1.5, 1.0, 0.25, 0.0, 0.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[2] = {0};
        double *const out_f64[2] = {f64 + 0, f64 + 1};
        const int done_f64 = !modeflow_loss_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.75f, 1.5f, 1.0f, 0.25f, 0.0f, 0.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[2] = {0};
        float *const out_f32[2] = {f32 + 0, f32 + 1};
        const int done_f32 = !modeflow_loss_f32(1, 1, x_f32, step, step, out_f32);
        judge("loss_f64 loss(0.75, 1.5, 1, 0.25, 0, 0)", done_f64, f64[0],
            0.75, 0.0, -53, 4);
        judge("loss_f32 loss(0.75, 1.5, 1, 0.25, 0, 0)", done_f32, f32[0],
            0.75, 0.0, -24, 4);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.125, 0.75, 0.125, 0.0, -1.5, -1.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[2] = {0};
        double *const out_f64[2] = {f64 + 0, f64 + 1};
        const int done_f64 = !modeflow_loss_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.125f, 0.75f, 0.125f, 0.0f, -1.5f, -1.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[2] = {0};
        float *const out_f32[2] = {f32 + 0, f32 + 1};
        const int done_f32 = !modeflow_loss_f32(1, 1, x_f32, step, step, out_f32);
        judge("loss_f64 loss(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f64, f64[0],
            0.14595593392583775, -6.82178513280491e-18, -55, 12);
        judge("loss_f32 loss(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f32, f32[0],
            0.14595593392583775, -6.82178513280491e-18, -26, 12);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.5, 0.25, 0.125, 0.125, 1.0, 1.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[2] = {0};
        double *const out_f64[2] = {f64 + 0, f64 + 1};
        const int done_f64 = !modeflow_loss_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.5f, 0.25f, 0.125f, 0.125f, 1.0f, 1.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[2] = {0};
        float *const out_f32[2] = {f32 + 0, f32 + 1};
        const int done_f32 = !modeflow_loss_f32(1, 1, x_f32, step, step, out_f32);
        judge("loss_f64 loss(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f64, f64[0],
            0.1467173815945969, 1.8979211495580527e-18, -55, 8);
        judge("loss_f32 loss(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f32, f32[0],
            0.1467173815945969, 1.8979211495580527e-18, -26, 8);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {1.0, 0.5, 1.5, 0.0, 1.0, -1.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[6] = {0};
        double *const out_f64[6] = {f64 + 0, f64 + 1, f64 + 2, f64 + 3, f64 + 4, f64 + 5};
        const int done_f64 = !modeflow_slopes_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {1.0f, 0.5f, 1.5f, 0.0f, 1.0f, -1.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[6] = {0};
        float *const out_f32[6] = {f32 + 0, f32 + 1, f32 + 2, f32 + 3, f32 + 4, f32 + 5};
        const int done_f32 = !modeflow_slopes_f32(1, 1, x_f32, step, step, out_f32);
        judge("slopes_f64 by_s(1, 0.5, 1.5, 0, 1, -1)", done_f64, f64[0],
            0.14774052974931168, 4.664798849416915e-18, -55, 8);
        judge("slopes_f32 by_s(1, 0.5, 1.5, 0, 1, -1)", done_f32, f32[0],
            0.14774052974931168, 4.664798849416915e-18, -26, 8);
        judge("slopes_f64 by_lam(1, 0.5, 1.5, 0, 1, -1)", done_f64, f64[1],
            0.1834132680265089, 6.658688211655214e-18, -55, 8);
        judge("slopes_f32 by_lam(1, 0.5, 1.5, 0, 1, -1)", done_f32, f32[1],
            0.1834132680265089, 6.658688211655214e-18, -26, 8);
        judge("slopes_f64 by_noise(1, 0.5, 1.5, 0, 1, -1)", done_f64, f64[2],
            0.03735593049070482, 8.903031623928722e-19, -57, 8);
        judge("slopes_f32 by_noise(1, 0.5, 1.5, 0, 1, -1)", done_f32, f32[2],
            0.03735593049070482, 8.903031623928722e-19, -28, 8);
        judge("slopes_f64 by_decay(1, 0.5, 1.5, 0, 1, -1)", done_f64, f64[3],
            0.14605733753580408, 5.768385049262341e-18, -55, 8);
        judge("slopes_f32 by_decay(1, 0.5, 1.5, 0, 1, -1)", done_f32, f32[3],
            0.14605733753580408, 5.768385049262341e-18, -26, 8);
        judge("slopes_f64 by_w1(1, 0.5, 1.5, 0, 1, -1)", done_f64, f64[4],
            -0.029548105949862336, -2.3907037949266017e-19, -58, 8);
        judge("slopes_f32 by_w1(1, 0.5, 1.5, 0, 1, -1)", done_f32, f32[4],
            -0.029548105949862336, -2.3907037949266017e-19, -29, 12);
        judge("slopes_f64 by_w2(1, 0.5, 1.5, 0, 1, -1)", done_f64, f64[5],
            0.029548105949862336, 2.3907037949266017e-19, -58, 8);
        judge("slopes_f32 by_w2(1, 0.5, 1.5, 0, 1, -1)", done_f32, f32[5],
            0.029548105949862336, 2.3907037949266017e-19, -29, 12);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.75, 1.5, 1.0, 0.25, 0.0, 0.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[6] = {0};
        double *const out_f64[6] = {f64 + 0, f64 + 1, f64 + 2, f64 + 3, f64 + 4, f64 + 5};
        const int done_f64 = !modeflow_slopes_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.75f, 1.5f, 1.0f, 0.25f, 0.0f, 0.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[6] = {0};
        float *const out_f32[6] = {f32 + 0, f32 + 1, f32 + 2, f32 + 3, f32 + 4, f32 + 5};
        const int done_f32 = !modeflow_slopes_f32(1, 1, x_f32, step, step, out_f32);
        judge("slopes_f64 by_s(0.75, 1.5, 1, 0.25, 0, 0)", done_f64, f64[0],
            0.0, 0.0, -126, 4);
        judge("slopes_f32 by_s(0.75, 1.5, 1, 0.25, 0, 0)", done_f32, f32[0],
            0.0, 0.0, -126, 4);
        judge("slopes_f64 by_lam(0.75, 1.5, 1, 0.25, 0, 0)", done_f64, f64[1],
            0.0, 0.0, -126, 4);
        judge("slopes_f32 by_lam(0.75, 1.5, 1, 0.25, 0, 0)", done_f32, f32[1],
            0.0, 0.0, -126, 4);
        judge("slopes_f64 by_noise(0.75, 1.5, 1, 0.25, 0, 0)", done_f64, f64[2],
            0.0, 0.0, -126, 4);
        judge("slopes_f32 by_noise(0.75, 1.5, 1, 0.25, 0, 0)", done_f32, f32[2],
            0.0, 0.0, -126, 4);
        judge("slopes_f64 by_decay(0.75, 1.5, 1, 0.25, 0, 0)", done_f64, f64[3],
            0.0, 0.0, -126, 4);
        judge("slopes_f32 by_decay(0.75, 1.5, 1, 0.25, 0, 0)", done_f32, f32[3],
            0.0, 0.0, -126, 4);
        judge("slopes_f64 by_w1(0.75, 1.5, 1, 0.25, 0, 0)", done_f64, f64[4],
            0.0, 0.0, -126, 4);
        judge("slopes_f32 by_w1(0.75, 1.5, 1, 0.25, 0, 0)", done_f32, f32[4],
            0.0, 0.0, -126, 4);
        judge("slopes_f64 by_w2(0.75, 1.5, 1, 0.25, 0, 0)", done_f64, f64[5],
            0.0, 0.0, -126, 4);
        judge("slopes_f32 by_w2(0.75, 1.5, 1, 0.25, 0, 0)", done_f32, f32[5],
            0.0, 0.0, -126, 4);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.125, 0.75, 0.125, 0.0, -1.5, -1.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[6] = {0};
        double *const out_f64[6] = {f64 + 0, f64 + 1, f64 + 2, f64 + 3, f64 + 4, f64 + 5};
        const int done_f64 = !modeflow_slopes_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.125f, 0.75f, 0.125f, 0.0f, -1.5f, -1.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[6] = {0};
        float *const out_f32[6] = {f32 + 0, f32 + 1, f32 + 2, f32 + 3, f32 + 4, f32 + 5};
        const int done_f32 = !modeflow_slopes_f32(1, 1, x_f32, step, step, out_f32);
        judge("slopes_f64 by_s(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f64, f64[0],
            -1.1720623107921202, 9.762354589883508e-17, -52, 8);
        judge("slopes_f32 by_s(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f32, f32[0],
            -1.1720623107921202, 9.762354589883508e-17, -23, 12);
        judge("slopes_f64 by_lam(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f64, f64[1],
            -0.12308742955220596, 3.72422514034664e-18, -56, 8);
        judge("slopes_f32 by_lam(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f32, f32[1],
            -0.12308742955220596, 3.72422514034664e-18, -27, 8);
        judge("slopes_f64 by_noise(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f64, f64[2],
            -0.43353773347888436, -7.988531790131505e-18, -54, 16);
        judge("slopes_f32 by_noise(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f32, f32[2],
            -0.43353773347888436, -7.988531790131505e-18, -25, 8);
        judge("slopes_f64 by_w1(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f64, f64[4],
            -0.5826440989746772, -1.6340991875095913e-18, -53, 12);
        judge("slopes_f32 by_w1(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f32, f32[4],
            -0.5826440989746772, -1.6340991875095913e-18, -24, 12);
        judge("slopes_f64 by_w2(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f64, f64[5],
            -1.0006814875482835, -3.123835683380253e-17, -52, 8);
        judge("slopes_f32 by_w2(0.125, 0.75, 0.125, 0, -1.5, -1)", done_f32, f32[5],
            -1.0006814875482835, -3.123835683380253e-17, -23, 8);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.125, 0.0, 1.5, 0.0, 0.25, -0.125, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[6] = {0};
        double *const out_f64[6] = {f64 + 0, f64 + 1, f64 + 2, f64 + 3, f64 + 4, f64 + 5};
        const int done_f64 = !modeflow_slopes_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.125f, 0.0f, 1.5f, 0.0f, 0.25f, -0.125f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[6] = {0};
        float *const out_f32[6] = {f32 + 0, f32 + 1, f32 + 2, f32 + 3, f32 + 4, f32 + 5};
        const int done_f32 = !modeflow_slopes_f32(1, 1, x_f32, step, step, out_f32);
        judge("slopes_f64 by_s(0.125, 0, 1.5, 0, 0.25, -0.125)", done_f64, f64[0],
            0.0035757555950036075, -1.1944254172252045e-19, -61, 8);
        judge("slopes_f32 by_s(0.125, 0, 1.5, 0, 0.25, -0.125)", done_f32, f32[0],
            0.0035757555950036075, -1.1944254172252045e-19, -32, 24);
        judge("slopes_f64 by_lam(0.125, 0, 1.5, 0, 0.25, -0.125)", done_f64, f64[1],
            0.009903290076600528, -6.439216216481176e-20, -59, 8);
        judge("slopes_f32 by_lam(0.125, 0, 1.5, 0, 0.25, -0.125)", done_f32, f32[1],
            0.009903290076600528, -6.439216216481176e-20, -30, 16);
        judge("slopes_f64 by_noise(0.125, 0, 1.5, 0, 0.25, -0.125)", done_f64, f64[2],
            0.0002979796329169673, -9.95354514354337e-21, -64, 8);
        judge("slopes_f32 by_noise(0.125, 0, 1.5, 0, 0.25, -0.125)", done_f32, f32[2],
            0.0002979796329169673, -9.95354514354337e-21, -35, 16);
        judge("slopes_f64 by_w1(0.125, 0, 1.5, 0, 0.25, -0.125)", done_f64, f64[4],
            -0.12032001072193017, 1.2162464740843742e-18, -56, 8);
        judge("slopes_f32 by_w1(0.125, 0, 1.5, 0, 0.25, -0.125)", done_f32, f32[4],
            -0.12032001072193017, 1.2162464740843742e-18, -27, 20);
        judge("slopes_f64 by_w2(0.125, 0, 1.5, 0, 0.25, -0.125)", done_f64, f64[5],
            0.2449711387460094, 1.1232374721775461e-17, -55, 8);
        judge("slopes_f32 by_w2(0.125, 0, 1.5, 0, 0.25, -0.125)", done_f32, f32[5],
            0.2449711387460094, 1.1232374721775461e-17, -26, 20);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.375, 0.375, 0.25, 0.0, 0.5, 1.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[6] = {0};
        double *const out_f64[6] = {f64 + 0, f64 + 1, f64 + 2, f64 + 3, f64 + 4, f64 + 5};
        const int done_f64 = !modeflow_slopes_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.375f, 0.375f, 0.25f, 0.0f, 0.5f, 1.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[6] = {0};
        float *const out_f32[6] = {f32 + 0, f32 + 1, f32 + 2, f32 + 3, f32 + 4, f32 + 5};
        const int done_f32 = !modeflow_slopes_f32(1, 1, x_f32, step, step, out_f32);
        judge("slopes_f64 by_s(0.375, 0.375, 0.25, 0, 0.5, 1)", done_f64, f64[0],
            0.05991988681261322, -2.4267569503178482e-18, -57, 12);
        judge("slopes_f32 by_s(0.375, 0.375, 0.25, 0, 0.5, 1)", done_f32, f32[0],
            0.05991988681261322, -2.4267569503178482e-18, -28, 20);
        judge("slopes_f64 by_lam(0.375, 0.375, 0.25, 0, 0.5, 1)", done_f64, f64[1],
            0.20335235955413097, 8.877918277720756e-18, -55, 8);
        judge("slopes_f32 by_lam(0.375, 0.375, 0.25, 0, 0.5, 1)", done_f32, f32[1],
            0.20335235955413097, 8.877918277720756e-18, -26, 24);
        judge("slopes_f64 by_noise(0.375, 0.375, 0.25, 0, 0.5, 1)", done_f64, f64[2],
            -0.21514870911227665, 3.859668869663779e-18, -55, 12);
        judge("slopes_f32 by_noise(0.375, 0.375, 0.25, 0, 0.5, 1)", done_f32, f32[2],
            -0.21514870911227665, 3.859668869663779e-18, -26, 20);
        judge("slopes_f64 by_w1(0.375, 0.375, 0.25, 0, 0.5, 1)", done_f64, f64[4],
            0.7565504968492096, -5.4902431700690116e-17, -53, 8);
        judge("slopes_f32 by_w1(0.375, 0.375, 0.25, 0, 0.5, 1)", done_f32, f32[4],
            0.7565504968492096, -5.4902431700690116e-17, -24, 20);
        judge("slopes_f64 by_w2(0.375, 0.375, 0.25, 0, 0.5, 1)", done_f64, f64[5],
            0.4043353843052038, -2.336251024004873e-17, -54, 12);
        judge("slopes_f32 by_w2(0.375, 0.375, 0.25, 0, 0.5, 1)", done_f32, f32[5],
            0.4043353843052038, -2.336251024004873e-17, -25, 20);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.25, 0.25, 1.0, 0.0, 0.375, -1.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[6] = {0};
        double *const out_f64[6] = {f64 + 0, f64 + 1, f64 + 2, f64 + 3, f64 + 4, f64 + 5};
        const int done_f64 = !modeflow_slopes_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.25f, 0.25f, 1.0f, 0.0f, 0.375f, -1.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[6] = {0};
        float *const out_f32[6] = {f32 + 0, f32 + 1, f32 + 2, f32 + 3, f32 + 4, f32 + 5};
        const int done_f32 = !modeflow_slopes_f32(1, 1, x_f32, step, step, out_f32);
        judge("slopes_f64 by_s(0.25, 0.25, 1, 0, 0.375, -1)", done_f64, f64[0],
            0.49963896965908083, 2.471532742263064e-17, -54, 16);
        judge("slopes_f32 by_s(0.25, 0.25, 1, 0, 0.375, -1)", done_f32, f32[0],
            0.49963896965908083, 2.471532742263064e-17, -25, 16);
        judge("slopes_f64 by_lam(0.25, 0.25, 1, 0, 0.375, -1)", done_f64, f64[1],
            0.2649144577244328, -7.327100466851061e-18, -54, 12);
        judge("slopes_f32 by_lam(0.25, 0.25, 1, 0, 0.375, -1)", done_f32, f32[1],
            0.2649144577244328, -7.327100466851061e-18, -25, 12);
        judge("slopes_f64 by_noise(0.25, 0.25, 1, 0, 0.375, -1)", done_f64, f64[2],
            0.05868112798366202, 1.071713068463197e-18, -57, 20);
        judge("slopes_f32 by_noise(0.25, 0.25, 1, 0, 0.375, -1)", done_f32, f32[2],
            0.05868112798366202, 1.071713068463197e-18, -28, 16);
        judge("slopes_f64 by_w1(0.25, 0.25, 1, 0, 0.375, -1)", done_f64, f64[4],
            -0.6846810295463303, 6.9146353958385116e-18, -53, 16);
        judge("slopes_f32 by_w1(0.25, 0.25, 1, 0, 0.375, -1)", done_f32, f32[4],
            -0.6846810295463303, 6.9146353958385116e-18, -24, 8);
        judge("slopes_f64 by_w2(0.25, 0.25, 1, 0, 0.375, -1)", done_f64, f64[5],
            0.027916910089854117, 6.952688697490886e-20, -58, 12);
        judge("slopes_f32 by_w2(0.25, 0.25, 1, 0, 0.375, -1)", done_f32, f32[5],
            0.027916910089854117, 6.952688697490886e-20, -29, 32);
    }
    {
        const ptrdiff_t step[7] = {0};
        const double at_f64[7] = {0.5, 0.25, 0.125, 0.125, 1.0, 1.0, 1};
        const double *const x_f64[7] = {at_f64 + 0, at_f64 + 1, at_f64 + 2, at_f64 + 3, at_f64 + 4, at_f64 + 5, at_f64 + 6};
        double f64[6] = {0};
        double *const out_f64[6] = {f64 + 0, f64 + 1, f64 + 2, f64 + 3, f64 + 4, f64 + 5};
        const int done_f64 = !modeflow_slopes_f64(1, 1, x_f64, step, step, out_f64);
        const float at_f32[7] = {0.5f, 0.25f, 0.125f, 0.125f, 1.0f, 1.0f, 1};
        const float *const x_f32[7] = {at_f32 + 0, at_f32 + 1, at_f32 + 2, at_f32 + 3, at_f32 + 4, at_f32 + 5, at_f32 + 6};
        float f32[6] = {0};
        float *const out_f32[6] = {f32 + 0, f32 + 1, f32 + 2, f32 + 3, f32 + 4, f32 + 5};
        const int done_f32 = !modeflow_slopes_f32(1, 1, x_f32, step, step, out_f32);
        judge("slopes_f64 by_s(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f64, f64[0],
            -0.28929766078483, -1.9515979493964743e-17, -54, 8);
        judge("slopes_f32 by_s(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f32, f32[0],
            -0.28929766078483, -1.9515979493964743e-17, -25, 8);
        judge("slopes_f64 by_lam(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f64, f64[1],
            0.07543450915993048, 5.320967490448487e-19, -56, 12);
        judge("slopes_f32 by_lam(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f32, f32[1],
            0.07543450915993048, 5.320967490448487e-19, -27, 8);
        judge("slopes_f64 by_noise(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f64, f64[2],
            -0.6163125761496253, 5.090761338834206e-17, -53, 8);
        judge("slopes_f32 by_noise(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f32, f32[2],
            -0.6163125761496253, 5.090761338834206e-17, -24, 8);
        judge("slopes_f64 by_decay(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f64, f64[3],
            -0.6917470853095558, 8.742153215853843e-18, -53, 8);
        judge("slopes_f32 by_decay(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f32, f32[3],
            -0.6917470853095558, 8.742153215853843e-18, -24, 8);
        judge("slopes_f64 by_w1(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f64, f64[4],
            0.57859532156966, 3.9031958987929485e-17, -53, 8);
        judge("slopes_f32 by_w1(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f32, f32[4],
            0.57859532156966, 3.9031958987929485e-17, -24, 8);
        judge("slopes_f64 by_w2(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f64, f64[5],
            0.57859532156966, 3.9031958987929485e-17, -53, 8);
        judge("slopes_f32 by_w2(0.5, 0.25, 0.125, 0.125, 1, 1)", done_f32, f32[5],
            0.57859532156966, 3.9031958987929485e-17, -24, 8);
    }
    printf("%d passed, %d failed, %d not tested\n", passed, failed, untested);
    return failed != 0 || passed == 0;
}
#endif
