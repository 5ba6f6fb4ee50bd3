"""How much noise keeps 90 %?

A spectrum that falls like 1/j², as that of images does roughly. The noise and the decay that keep 90 % of the
second moment, and what each leaves of every mode.
"""

import matplotlib.pyplot as plt
import numpy as np

import modeflow

lam = 10.0 / np.arange(1, 41) ** 2
found = modeflow.recommend(lam, keep=0.9)
print(f"noise {found.noise.noise:.3f} or decay {found.decay.decay:.3f}")
mode = np.arange(1, 41)
plt.plot(mode, found.noise.strengths, "o-", markersize=3, label="noise")
plt.plot(mode, found.decay.strengths, "s-", markersize=3, label="decay")
plt.xlabel("mode")
plt.ylabel("strength at rest")
plt.legend()
