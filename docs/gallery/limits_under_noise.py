"""What noise leaves of each mode

Noise of variance ε stops mode λ at λ/(λ + ε): strong modes hardly notice it, weak ones are lost. The dot on
each curve is the eigenvalue at which half of the strength is left, λ = ε.
"""

import matplotlib.pyplot as plt
import numpy as np

import modeflow

lam = np.logspace(-2, 2, 200)
for noise in (0.1, 1.0, 10.0):
    (line,) = plt.semilogx(lam, modeflow.fixed_point(lam, noise=noise), label=f"ε = {noise:g}")
    plt.plot(noise, modeflow.fixed_point(noise, noise=noise), "o", color=line.get_color())
plt.xlabel("eigenvalue λ")
plt.ylabel("strength at rest")
plt.legend()
