"""Noise and eigenvalue from a measured curve

A curve with measurement errors, and the closed form that fits it best, with standard errors.
"""

import matplotlib.pyplot as plt
import numpy as np

import modeflow

t = np.linspace(0.0, 10.0, 60)
errors = 0.02 * np.random.default_rng(0).normal(size=t.size)
measured = modeflow.strength(t, 1.0, noise=0.3, w1=0.1, w2=0.2) + errors
found = modeflow.fit(t, measured, estimate=["lam", "noise"], w1=0.1, w2=0.2)
for name in ("lam", "noise"):
    print(f"{name} = {found.estimates[name]:.3f} ± {found.standard_errors[name]:.3f}")
plt.plot(t, measured, "o", markersize=3, label="measured")
plt.plot(t, modeflow.strength(t, w1=0.1, w2=0.2, **found.estimates), label="fit")
plt.xlabel("time, in units of τ")
plt.ylabel("strength")
plt.legend()
