"""Derivatives of the strength of unequal weights in its parameters, decay included, along the known path.

With s = t/tau, xi = lam + noise, c = w2² − w1², h = w1² + w2², g = lam − xi·w and a dash for d/ds, a mode obeys
w' = h·g − 2·decay·w, h² = c² + 4w², c' = −2·decay·c. A derivative v of w in a parameter solves the linear equation
that this gives by differentiation, and v = h·I turns it into

    I' = f − xi·h·I,

where f is 1 − w for lam, −w for noise, and −(tanh + 2s·sech²·g) for decay, with tanh = 2w/h and sech = c/h, all from
I = 0. With f = 0 and I = 1 at the start it is G; with f = sech²·g and I = 0, B. An index 0 marking the start and
w2 > |w1|, the derivatives in the weights at the start are

    h·(G·w2/h0 − 2·w1·B/c0)   in w1,       h·(G·w1/h0 + 2·w2·B/c0)   in w2.

Every f has one sign while a strength >= 0 grows, so that nothing is lost in the integrals. Two more quantities obey the
same equation, and are had from it where they would cancel: g, with f = 2·decay·xi·w, and w'/h, with
f = −2·decay·sech²·g. Source: claims grad.fading_*.

The path itself is that of `strength`: `fading` or, without decay, the direct form. The equation is solved
by collocation at the 16 Radau points of panels, which cover the times of a mode; they double in width from the start
and are halved until the path is smooth on each of them and I' = f − xi·h·I is either not stiff there
(xi·h·width <= 4) or so stiff (>= 40) that what remains from before the panel is exp(−∫xi·h) beside a smooth solution.
Between the points I is had by the polynomials of collocation. Many times of one mode cost little more than one.

    collocation → paths → panels → integrals → slopes
"""

from .slopes import slopes

__all__ = ["slopes"]
