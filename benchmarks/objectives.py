"""Which losses of a product of weights have which answer, at which depth.

Run: python benchmarks/objectives.py

Every answer is proved before it is printed; a loss without one is printed with the reason.
"""

from __future__ import annotations

from typing import Any

from sympy import Abs, Ei, Expr, Integral, LambertW, Symbol, cosh, exp, hyper, log, oo, symbols, tanh

from modeflow import EqualLayers, NoClosedForm, NoEvaluator, Objective

w = Symbol("w", real=True)
w1, w2, w3 = WEIGHTS = symbols("w1:4", real=True)
lam, eps, k, tau = symbols("lam eps k tau", positive=True)
TAUS = symbols("tau1:4", positive=True)
L = Symbol("L", positive=True)
t = Symbol("t", nonnegative=True)
DEPTHS: dict[str, Any] = {"1 layer": 1, "2": 2, "3": 3, "L": L, "∞": oo}
LOSSES: dict[str, Expr] = {
    "λ/2·(1 - w)²": lam / 2 * (1 - w) ** 2,
    "λ/2·(1 - w)² + ε/2·w²": lam / 2 * (1 - w) ** 2 + eps / 2 * w**2,
    "log(1 + exp(-w))": log(1 + exp(-w)),
    "exp(-w)": exp(-w),
    "(1 - tanh w)²/2": (1 - tanh(w)) ** 2 / 2,
    "(1 - w²)²/4": (1 - w**2) ** 2 / 4,
    "λ/2·(1 - w)² + k/4·w⁴": lam / 2 * (1 - w) ** 2 + k / 4 * w**4,
    "λ/2·(1 - w)² + k·\\|w\\|": lam / 2 * (1 - w) ** 2 + k * Abs(w),
    "log cosh(1 - w)": log(cosh(1 - w)),
}
FUNCTIONS = {LambertW: "W", Ei: "Ei", hyper: "₂F₁"}


def answer(objective: Any, start: Any = None) -> str:
    """What is given, by which functions, and whether there is an evaluator."""
    try:
        solution = objective.solve(start)
    except NoClosedForm as reason:
        return str(reason)
    found = next(iter(solution.values.values()))
    by = "".join(f" by {name}" for function, name in FUNCTIONS.items() if found.has(function))
    what = "w(t)" if solution.kind == "equal layers" else "t(w)"
    told = f"{what}, an integral" if found.has(Integral) else f"{what}{by}"
    try:
        solution.evaluator()
    except NoEvaluator:
        return f"{told}; no evaluator"
    return told


def row(name: str, loss: Expr) -> str:
    start = Symbol("w_0", positive=True) if loss.has(Abs) else None
    cells = [answer(EqualLayers(loss, w, depth, t, tau), start) for depth in DEPTHS.values()]
    unequal = Objective(loss.subs(w, w1 * w2 * w3), WEIGHTS, t, TAUS)
    return f"| {' | '.join((name, *cells, answer(unequal)))} |"


def main() -> None:
    heads = ["loss", *DEPTHS, "3 unequal, own τ"]
    print(f"| {' | '.join(heads)} |")
    print(f"|{'---|' * len(heads)}")
    for name, loss in LOSSES.items():
        print(row(name, loss), flush=True)


if __name__ == "__main__":
    main()
