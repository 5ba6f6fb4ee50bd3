"""Is the theory of modes one of autoencoders only? No: the modes of a supervised linear network of two layers move in
the same way.

Let the network map inputs X to targets Y. Then the correlation Y Xᵀ of target and input drives the learning, and the
second moment X Xᵀ of the input holds it back. Aligned weights move one mode at a time: the strength w = w1 w2 of a mode
obeys τw' = (w1² + w2²)(g - k·w), where g is what drives the mode and k what holds it back. The network of Saxe,
McClelland and Ganguli has whitened inputs, and so k = 1. The denoising autoencoder has g = λ and k = λ + ε.
"""

from typing import Any

from sympy import Integer, Rational, Trace, Tuple

from modeflow import Chapter, Rates, gradient_flow
from modeflow.language.matrices import DiagonalEntry, MatrixGradient, entries, squared_norm

from . import denoising
from .alphabet import (
    A1,
    A2,
    B1,
    B2,
    W1,
    W2,
    Lambda,
    Q,
    R,
    S,
    V,
    X,
    Y,
    alphabet,
    any_growth,
    any_pull,
    eps,
    gamma,
    growth,
    lam,
    pull,
    tau,
    w1,
    w2,
)
from .cases import Case
from .titles import TITLES

titles = {
    **TITLES,
    "flow": "Flow of the layers",
    "whitened_flow": "Flow on whitened inputs",
    "mode_flow": "Flow of a mode",
    "solution": "Balanced solution",
    "to_dae": "The denoising autoencoder as a case",
}
chapter = Chapter(
    "lin",
    "The supervised linear network",
    alphabet,
    source="saxe2014",
    text=__doc__,
    titles=titles,
)


def network_flow(W1: Any, W2: Any, correlation: Any, moment: Any) -> tuple[Any, Any]:
    """τ dW1/dt and τ dW2/dt."""
    error = correlation - W2 * W1 * moment
    return W2.T * error, error * W1.T


matrix_loss = Rational(1, 2) * squared_norm(Y - W2 * W1 * X)
chapter.claim(
    "flow",
    Tuple(-MatrixGradient(matrix_loss, W1), -MatrixGradient(matrix_loss, W2)),
    Tuple(*network_flow(W1, W2, Y * X.T, X * X.T)),
    rates=Rates((W1, W2), times=tau),
    says="The flow of the layers depends on the data only through Y Xᵀ and X Xᵀ.",
)

# Of the data the loss holds Y Xᵀ and X Xᵀ, and a constant: whitened inputs leave Y Xᵀ alone.
whitened_loss = Rational(1, 2) * squared_norm(W2 * W1) - Trace(W2 * W1 * X * Y.T)
chapter.claim(
    "whitened_flow",
    Tuple(-MatrixGradient(whitened_loss, W1), -MatrixGradient(whitened_loss, W2)),
    Tuple(W2.T * (Y * X.T - W2 * W1), (Y * X.T - W2 * W1) * W1.T),
    rates=Rates((W1, W2), times=tau),
    says="The loss for whitened inputs, X Xᵀ = I, is ½‖W2 W1‖² - tr(W2 W1 X Yᵀ) up to a constant; this is its flow.",
    follows_from=["lin.flow"],
)

# In the singular vectors: Y Xᵀ = Q S Vᵀ, X Xᵀ = V Λ Vᵀ, W1 = R W̄1 Vᵀ, W2 = Q W̄2 Rᵀ.
encoder, decoder = network_flow(R * B1 * V.T, Q * B2 * R.T, Q * S * V.T, V * Lambda * V.T)
chapter.claim(
    "decoupling",
    Tuple(R.T * encoder * V, Q.T * decoder * R),
    Tuple(*network_flow(B1, B2, S, Lambda)),
    rates=Rates((B1, B2), times=tau),
    says="Diagonal weights stay diagonal in the singular vectors of Y Xᵀ, if they are eigenvectors of X Xᵀ, too.",
    follows_from=["lin.flow"],
)
diagonal = entries([(A1, w1), (A2, w2), (S, growth), (Lambda, pull)])
chapter.claim(
    "mode_flow",
    Tuple(*(DiagonalEntry(rate, diagonal) for rate in network_flow(A1, A2, S, Lambda))),
    Tuple(w2 * (growth - pull * w1 * w2), w1 * (growth - pull * w1 * w2)),
    rates=Rates((w1, w2), times=tau),
    says="The rates of the two weights of a mode are diagonal entries of the rates of the layers, for aligned weights.",
    follows_from=["lin.decoupling"],
)

loss = pull / 2 * (w2 * w1) ** 2 - growth * w2 * w1
flow = gradient_flow(loss, [w1, w2], time_constant=tau)
hats: Any = {"before": denoising.chapter, "mark": r"\hat"}
case = Case(chapter, {any_growth: growth, any_pull: pull, gamma: Integer(0)}, flow, **hats)
case.claim("invariant", says="The imbalance of the two layers never changes.", follows_from=["lin.mode_flow"])
case.claim("product_rate", follows_from=["lin.mode_flow"])
solution = case.logistic(solution="solution", time="balanced_learning_time", ends="g/k")
case.hyperbola()
_, any_start = case.direct({"rho": [(">", 0), (">=", 2 * growth)]})  # the growth is not 0 here

curve = chapter.define("curve", "w_{gk}", solution.rhs, says="The balanced strength at the time t.")
chapter.claim(
    "to_dae",
    Tuple(curve, any_start.rhs).xreplace({growth: lam, pull: lam + eps}),
    Tuple(denoising.balanced.rhs, denoising.direct.rhs),
    says="With g = λ and k = λ + ε these are the solutions of the denoising autoencoder.",
    follows_from=["lin.solution", "lin.direct", "dae.balanced", "dae.direct"],
)
