"""Weights of opposite signs first unlearn

If the weights start with opposite signs, the strength is negative. It rises to 0, where it may wait for long
near the saddle, and only then is the mode learned. Exactly opposite weights (dotted) never get past the saddle.
"""

import matplotlib.pyplot as plt
import numpy as np

import modeflow

t = np.linspace(0.0, 20.0, 400)
for w1 in (-0.2, -0.7, -0.79, -0.7999):
    plt.plot(t, modeflow.strength(t, 1.0, noise=0.25, w1=w1, w2=0.8), label=f"encoder weight {w1:g}")
plt.plot(t, modeflow.strength(t, 1.0, noise=0.25, w1=-0.8, w2=0.8), "k:", label="encoder weight -0.8")
plt.xlabel("time, in units of τ")
plt.ylabel("strength")
plt.legend()
