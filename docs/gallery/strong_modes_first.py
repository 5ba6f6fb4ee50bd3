"""Strong modes are learned first

Balanced weights from 0.01. Each mode waits near the saddle at 0, rises within a few multiples of τ/λ, and comes
to rest where the noise stops it.
"""

import matplotlib.pyplot as plt
import numpy as np

import modeflow

t = np.logspace(-1, 3, 400)[:, None]
lam = np.array([8.0, 2.0, 0.5, 0.1])
plt.semilogx(t[:, 0], modeflow.strength(t, lam, noise=0.3, w1=0.01, w2=0.01), label=[f"λ = {x:g}" for x in lam])
plt.xlabel("time, in units of τ")
plt.ylabel("strength")
plt.legend()
