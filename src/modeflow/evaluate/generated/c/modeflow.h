/* How a mode of a linear autoencoder learns. Generated code: do not edit. Written by modeflow 0.1.0: modeflow generate --target c

   Units: s = t/tau is a number; lam (eigenvalue of the second moment), eps (input noise) and gamma (weight
   decay) are in one unit, summed over the samples; weights and strengths are numbers.
   `modeflow verify eval` proves the claims named. Compiled with -DMODEFLOW_SELF_TEST, modeflow.c is a
   program that holds every function against true values, says of each whether it passed and how many units
   in the last place it is off, and exits with 1 where one failed. */
#ifndef MODEFLOW_H
#define MODEFLOW_H

#include <stddef.h>

/* Strength of a mode without decay, for weights a and b of different size, in any order; s = t/tau.
   Claims: eval.direct_strength_moving, eval.direct_strength_resting. 55 operations. */
void modeflow_direct_strength_f64(double s, double lam, double eps, double a, double b, double *w_out);
void modeflow_direct_strength_f32(float s, float lam, float eps, float a, float b, float *w_out);
/* Encoder and decoder weight of a mode without decay, for b > |a|; s = t/tau.
   Claims: eval.direct_weights_rising, eval.direct_weights_crossing, eval.direct_weights_resting. 65 operations. */
void modeflow_direct_weights_f64(double s, double lam, double eps, double a, double b, double *w1_out, double *w2_out);
void modeflow_direct_weights_f32(float s, float lam, float eps, float a, float b, float *w1_out, float *w2_out);
/* Loss of a mode without decay along its path, for weights a and b in any order; s = t/tau.
   Claims: eval.direct_loss_moving, eval.direct_loss_resting. 46 operations. */
void modeflow_direct_loss_f64(double s, double lam, double eps, double a, double b, double *loss_out);
void modeflow_direct_loss_f32(float s, float lam, float eps, float a, float b, float *loss_out);
/* Learning time, in units of tau, of a mode without decay, to a strength x on its way.
   Claims: eval.direct_time_positive, eval.direct_time_negative. 46 operations. */
void modeflow_direct_time_f64(double x, double lam, double eps, double a, double b, double *time_out);
void modeflow_direct_time_f32(float x, float lam, float eps, float a, float b, float *time_out);
/* Strength of a mode with |w1| = |w2| = r, sigma the sign of w1 w2; s = t/tau.
   Claims: eval.balanced_strength_growing, eval.balanced_strength_fading, eval.balanced_strength_opposite,
   eval.balanced_strength_critical, eval.balanced_strength_idle. 22 operations. */
void modeflow_balanced_strength_f64(double s, double lam, double eps, double gamma, double r, double sigma, double *w_out);
void modeflow_balanced_strength_f32(float s, float lam, float eps, float gamma, float r, float sigma, float *w_out);
/* Size of both weights of a mode with |w1| = |w2| = r, sigma the sign of w1 w2; s = t/tau.
   Claims: eval.balanced_weights_growing, eval.balanced_weights_fading, eval.balanced_weights_opposite,
   eval.balanced_weights_critical, eval.balanced_weights_idle. 26 operations. */
void modeflow_balanced_weights_f64(double s, double lam, double eps, double gamma, double r, double sigma, double *size_out);
void modeflow_balanced_weights_f32(float s, float lam, float eps, float gamma, float r, float sigma, float *size_out);
/* Loss of a mode with |w1| = |w2| = r along its path, sigma the sign of w1 w2; s = t/tau.
   Claims: eval.balanced_loss_growing, eval.balanced_loss_fading, eval.balanced_loss_opposite,
   eval.balanced_loss_critical, eval.balanced_loss_idle. 41 operations. */
void modeflow_balanced_loss_f64(double s, double lam, double eps, double gamma, double r, double sigma, double *loss_out);
void modeflow_balanced_loss_f32(float s, float lam, float eps, float gamma, float r, float sigma, float *loss_out);
/* Learning time, in units of tau, of a mode with |w1| = |w2| = r, to a strength x on its way.
   Claims: eval.balanced_time_growing, eval.balanced_time_fading, eval.balanced_time_opposite,
   eval.balanced_time_critical, eval.balanced_time_idle. 22 operations. */
void modeflow_balanced_time_f64(double x, double lam, double eps, double gamma, double r, double sigma, double *time_out);
void modeflow_balanced_time_f32(float x, float lam, float eps, float gamma, float r, float sigma, float *time_out);
/* Partial derivatives of the strength without decay, for b > |a|; s = t/tau.
   Claims: grad.direct_s_moving, grad.direct_lam_moving, grad.direct_eps_moving, grad.direct_a_rising,
   grad.direct_a_crossing, grad.direct_b_rising, grad.direct_b_crossing, grad.direct_lam_resting,
   grad.direct_eps_resting, grad.direct_rest. 131 operations. */
void modeflow_gradient_direct_f64(double s, double lam, double eps, double a, double b, double *by_s_out, double *by_lam_out, double *by_eps_out, double *by_a_out, double *by_b_out);
void modeflow_gradient_direct_f32(float s, float lam, float eps, float a, float b, float *by_s_out, float *by_lam_out, float *by_eps_out, float *by_a_out, float *by_b_out);
/* Partial derivatives of the strength with |w1| = |w2| = r, sigma the sign of w1 w2; s = t/tau.
   Claims: grad.balanced_s_growing, grad.balanced_lam_growing, grad.balanced_eps_growing,
   grad.balanced_gamma_growing, grad.balanced_product_growing, grad.balanced_s_fading, grad.balanced_lam_fading,
   grad.balanced_eps_fading, grad.balanced_gamma_fading, grad.balanced_product_fading, grad.balanced_s_opposite,
   grad.balanced_lam_opposite, grad.balanced_eps_opposite, grad.balanced_gamma_opposite,
   grad.balanced_product_opposite, grad.balanced_s_critical, grad.balanced_lam_critical,
   grad.balanced_eps_critical, grad.balanced_gamma_critical, grad.balanced_product_critical, grad.balanced_s_idle,
   grad.balanced_lam_idle, grad.balanced_eps_idle, grad.balanced_gamma_idle, grad.balanced_product_idle. 68
   operations. */
void modeflow_gradient_balanced_f64(double s, double lam, double eps, double gamma, double r, double sigma, double *by_s_out, double *by_lam_out, double *by_eps_out, double *by_gamma_out, double *by_product_out);
void modeflow_gradient_balanced_f32(float s, float lam, float eps, float gamma, float r, float sigma, float *by_s_out, float *by_lam_out, float *by_eps_out, float *by_gamma_out, float *by_product_out);

/* Paths over rows x columns points: argument k (t, lam, noise, decay, w1, w2, tau) of the point (i, j) is
   x[k][i*outer[k] + j*inner[k]], the results go to out[.][i*columns + j]. 0, or MODEFLOW_UNUSUAL where an
   argument is out of its range or NaN, a result is not finite, or weights of two sizes decay. The slopes are
   those of the strength in s, lam, noise, decay, w1, w2; that in decay is NaN for weights of two sizes. A
   result whose out[.] is NULL is not kept. */
#define MODEFLOW_UNUSUAL 1
int modeflow_strength_f64(size_t rows, size_t columns, const double *const x[7],
    const ptrdiff_t outer[7], const ptrdiff_t inner[7], double *const out[2]);
int modeflow_strength_f32(size_t rows, size_t columns, const float *const x[7],
    const ptrdiff_t outer[7], const ptrdiff_t inner[7], float *const out[2]);
int modeflow_weights_f64(size_t rows, size_t columns, const double *const x[7],
    const ptrdiff_t outer[7], const ptrdiff_t inner[7], double *const out[2]);
int modeflow_weights_f32(size_t rows, size_t columns, const float *const x[7],
    const ptrdiff_t outer[7], const ptrdiff_t inner[7], float *const out[2]);
int modeflow_loss_f64(size_t rows, size_t columns, const double *const x[7],
    const ptrdiff_t outer[7], const ptrdiff_t inner[7], double *const out[2]);
int modeflow_loss_f32(size_t rows, size_t columns, const float *const x[7],
    const ptrdiff_t outer[7], const ptrdiff_t inner[7], float *const out[2]);
int modeflow_slopes_f64(size_t rows, size_t columns, const double *const x[7],
    const ptrdiff_t outer[7], const ptrdiff_t inner[7], double *const out[6]);
int modeflow_slopes_f32(size_t rows, size_t columns, const float *const x[7],
    const ptrdiff_t outer[7], const ptrdiff_t inner[7], float *const out[6]);

#endif
