"""What noise costs in time against decay

Noise ε and the decay γ = λε/(λ + ε) leave the same strength of a mode. Under decay each strength on the way is
reached 1 + ε/λ times as late: the claim cmp.speedup.
"""

import matplotlib.pyplot as plt
import numpy as np

import modeflow

lam, noise = 1.0, 1.0
decay = lam * noise / (lam + noise)
t = np.linspace(0.0, 16.0, 300)
plt.plot(t, modeflow.strength(t, lam, noise=noise, w1=0.05, w2=0.05), label=f"noise ε = {noise:g}")
plt.plot(t, modeflow.strength(t, lam, decay=decay, w1=0.05, w2=0.05), label=f"decay γ = {decay:g}")
times = [modeflow.learning_time(0.25, lam, w1=0.05, w2=0.05, **cost) for cost in ({"noise": noise}, {"decay": decay})]
plt.plot(times, [0.25, 0.25], "ko", markersize=4)
print(f"decay takes {times[1] / times[0]:.6f} times as long; 1 + ε/λ = {1 + noise / lam:g}")
plt.xlabel("time, in units of τ")
plt.ylabel("strength")
plt.legend()
