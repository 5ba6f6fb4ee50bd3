"""The loss of one mode, and three ways down

The origin is a saddle. Paths follow hyperbolas to a valley of minima, w₁w₂ = λ/(λ + ε).
"""

import matplotlib.pyplot as plt
import numpy as np

import modeflow

lam, noise = 1.0, 0.5
w1, w2 = np.meshgrid(np.linspace(-1.6, 1.6, 161), np.linspace(-1.6, 1.6, 161))
loss = lam / 2 * (1 - w1 * w2) ** 2 + noise / 2 * (w1 * w2) ** 2
plt.contour(w1, w2, loss, levels=np.geomspace(0.17, 6.0, 14), cmap="viridis", linewidths=0.8)
for start in ((-0.9, 1.1), (0.02, 0.05), (1.5, -1.2)):
    plt.plot(*modeflow.weights(np.linspace(0, 40, 500), lam, noise=noise, w1=start[0], w2=start[1]), "r", lw=2)
    plt.plot(*start, "ro")
plt.gca().set_aspect("equal")
plt.xlabel("encoder weight")
plt.ylabel("decoder weight")
