"""When is half of a mode learned?

The learning time is a closed form too. From small weights it falls like 1/λ with the eigenvalue, and the
smaller the weights at the start, the longer it takes, but only by a logarithm.
"""

import matplotlib.pyplot as plt
import numpy as np

import modeflow

lam = np.logspace(-1, 2, 100)
half = modeflow.fixed_point(lam, noise=0.2) / 2
for start in (1e-1, 1e-2, 1e-4):
    plt.loglog(lam, modeflow.learning_time(half, lam, noise=0.2, w1=start, w2=start), label=f"weights of {start:g}")
plt.xlabel("eigenvalue λ")
plt.ylabel("time to half of the limit")
plt.legend()
