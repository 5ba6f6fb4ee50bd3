"""A loss of your own, solved, proved and integrated

The loss of a mode with weight decay. `Objective` derives the flow and solves it for equal weights; the solution
is put back and proved. The dots are SciPy's integration of the flow.
"""

import matplotlib.pyplot as plt
import numpy as np
from scipy.integrate import solve_ivp
from sympy import Rational, Symbol, lambdify, symbols

from modeflow import Objective

w1, w2 = symbols("w1 w2", real=True)
t = Symbol("t", nonnegative=True)
mine = Objective(2 * (1 - w1 * w2) ** 2 + (w1**2 + w2**2) / 4, (w1, w2), time=t)
solution = mine.solve(start=(Rational(1, 20), Rational(1, 20)))
print(solution.kind, "-", solution.verify().status)

times = np.linspace(0.0, 4.0, 200)
(strength,) = solution.values.values()
plt.plot(times, lambdify(t, strength)(times), label="solution")

flow = lambdify([(w1, w2)], [mine.flow()[w1], mine.flow()[w2]])
path = solve_ivp(lambda _, w: flow(w), (0.0, 4.0), [0.05, 0.05], t_eval=times[::10], rtol=1e-9)
plt.plot(path.t, path.y[0] * path.y[1], "o", markersize=4, label="integrated")
plt.xlabel("time")
plt.ylabel("strength")
plt.legend()
