"""Closed forms against training

Gradient descent of both full matrices from small random weights, and the closed form of each mode. `modeflow
compare` does this with your data. The theory starts where the random weights of each mode start, and takes the
size of steps into account.
"""

import matplotlib.pyplot as plt
import numpy as np

import modeflow

lam, lr = np.array([4.0, 1.5, 0.6]), 0.02
run = modeflow.train(lam, hidden=3, lr=lr, epochs=1500, noise=0.4, std=0.02, seed=2)
tau = modeflow.time_constants(lam, lr=lr)
begin = 60  # by then the weights have turned towards the modes
t = np.arange(begin, 1501)
for j, eigenvalue in enumerate(lam):
    w = max(run.strength[begin, j], 1e-9) ** 0.5
    plt.plot(
        t, modeflow.strength(t - begin, eigenvalue, noise=0.4, w1=w, w2=w, tau=tau[j]), label=f"λ = {eigenvalue:g}"
    )
    plt.plot(run.epochs[begin::45], run.strength[begin::45, j], "o", color=f"C{j}", markersize=3)
plt.xlabel("epoch")
plt.ylabel("strength")
plt.legend()
