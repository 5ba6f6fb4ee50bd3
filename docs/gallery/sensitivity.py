"""Which parameter matters when

Derivatives of the strength in λ, ε and the weights at the start: the start matters while the mode rises, the
noise at rest. They are closed forms, proved to be the derivatives.
"""

import matplotlib.pyplot as plt
import numpy as np

import modeflow

t = np.linspace(0.0, 12.0, 300)
at = {"lam": 1.0, "noise": 0.3, "w1": 0.1, "w2": 0.2}
slopes = modeflow.strength_grad(t, **at, wrt=["lam", "noise", "w1", "w2"])
for name, slope in slopes.items():
    plt.plot(t, at[name] * slope, label=f"{name} · ∂w/∂{name}")
plt.xlabel("time, in units of τ")
plt.ylabel("change of the strength")
plt.legend()
