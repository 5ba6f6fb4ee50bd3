"""Decay kills weak modes, noise does not

Decay γ leaves 1 - γ/λ of a mode, and nothing of a mode with λ ≤ γ. Noise that takes as much from the mode λ = 1
keeps something of every mode.
"""

import matplotlib.pyplot as plt
import numpy as np

import modeflow

lam = np.logspace(-1.5, 1.5, 300)
noise = 0.5
decay = noise / (1 + noise)  # as much as the noise takes, at λ = 1
plt.semilogx(lam, modeflow.fixed_point(lam, noise=noise), label=f"noise ε = {noise:g}")
plt.semilogx(lam, modeflow.fixed_point(lam, decay=decay), label=f"decay γ = {decay:.3g}")
plt.axvline(1.0, linestyle=":", color="gray")
plt.xlabel("eigenvalue λ")
plt.ylabel("strength at rest")
plt.legend()
