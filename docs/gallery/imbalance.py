"""Without decay the imbalance is kept, with decay it dies out

The path of the two weights. Without decay it is a hyperbola, w₂² − w₁² constant. Decay bends it towards w₁ =
w₂.
"""

import matplotlib.pyplot as plt
import numpy as np

import modeflow

t = np.linspace(0.0, 60.0, 600)
for decay, style in ((0.0, "-"), (0.2, "--")):
    for w1, w2 in ((0.0, 0.6), (-0.4, 0.9), (0.3, 1.3)):
        path = modeflow.weights(t, 1.0, decay=decay, w1=w1, w2=w2)
        plt.plot(*path, style, color="C0" if decay == 0 else "C1", label=f"γ = {decay:g}" if w1 == 0 else None)
        plt.plot(w1, w2, "k.")
plt.gca().set_aspect("equal")
plt.xlabel("encoder weight")
plt.ylabel("decoder weight")
plt.legend()
