"""A mode with weight decay and weights of different size: its path, and the time it takes to a strength.

With s = t/tau, xi = lam + noise, mu = lam/(2·decay), nu = mu − 1/2, delta = 2·decay·s and
z = (xi·|w2² − w1²|/(4·decay))·e^(−delta), the ratio u = |w1 + w2|/|w2 − w1| obeys du/d(delta) = z + 2·mu·u − z·u²
(signs arranged so that w2 > |w1|), a Riccati equation. It is u = X/Y with the linear system

    dX/d(delta) = mu·X + z·Y,   dY/d(delta) = z·X − mu·Y,   alpha = X − Y,   X = w1 + w2, Y = w2 − w1 at the start,

two of whose solutions have the ratios kappa = K_{nu+1}(z)/K_nu(z) and −iota = −I_{nu+1}(z)/I_nu(z). Hence, an index 0
marking the start and E = I_nu(z)K_nu(z0)/(K_nu(z)I_nu(z0)), which falls from 1 to 0,

    Y     = u0·(1 − E) + iota0 + E·kappa0
    X     = u0·(kappa + E·iota) + kappa·iota0 − E·iota·kappa0
    alpha = (u0 − 1)·(kappa − 1 + E·(1 + iota)) + (kappa − 1)·(1 + iota0) − E·(kappa0 − 1)·(1 + iota).

Each difference is that of a falling quantity from its first value, so it cancels only where E is near 1, which is
left to other methods; what cancels in alpha for u0 < 1 is the true zero of the strength. Source: claim wae.solution,
rearranged.

=======  =========================================================  ===============================================
method   where                                                      what
=======  =========================================================  ===============================================
series   1 − e^(−delta) <= 1/4, and (mu + z0)·(1 − e^(−delta)) at   Taylor series in 1 − z/z0 of what takes X, Y,
         most 0.1 if the start is uniform, 1 if not                 alpha onwards, by a three-term recurrence
uniform  sqrt(nu² + z²) >= 25                                       kappa, iota, log(I/K) by the uniform (Debye)
                                                                    expansions of DLMF 10.41(ii); kappa − 1 by the
                                                                    integral if mu < 1/4
bessel   sqrt(nu² + z²) < 25, z >= 1e-10                            K_nu, K_{nu+1} by scipy.special.kve; by the
                                                                    integral DLMF 10.32.9 for 0.3 < z < 2.2 and for
                                                                    mu < 0.04·max(1, z); iota by its continued
                                                                    fraction, DLMF 10.33.1
small    as bessel, z0 <= 1, nu <= 1/2                              1 − E by the power series of I_nu and I_{−nu}
tail     z < 1e-10, reached or from the start                       X, Y, alpha on from z = 1e-10, or the start, to
                                                                    first order in z; the second is below rounding
anchors  modes with at least six times for each anchor; an          from anchor to anchor by the Taylor series about
         anchor every 0.7/(mu + z + 3.5) of delta                   them, or all of the above where there are more
                                                                    than 256; the same series in between
=======  =========================================================  ===============================================

z and z0 choose between uniform and bessel each on its own. benchmarks/unbalanced_decay.py prints the errors.

    modes → integrals, powers, taylor → debye → special_solutions → bessel → points → anchors → compiled → paths

and learning_times last. compiled is the path in C, built by modeflow.evaluate.native: modes whose many times are the
last axis by anchors (anchors.c), other points each by its own steps (points.c), which are series about their middles.
Both go on into the tail, and leave to NumPy what needs too many anchors or steps.
"""

from .learning_times import learning_time
from .paths import path

__all__ = ["learning_time", "path"]
