"""The supervised linear network of two layers, of which the autoencoders are special cases.

With targets Y in the place of the inputs, the product of input and target drives the learning and the second moment
of the input holds it back. Aligned weights give one mode at a time, τw' = (w1² + w2²)(g - k·w). The whitened network of
Saxe, McClelland and Ganguli has k = 1; the denoising autoencoder has g = λ and k = λ + ε.
"""

from sympy import Rational, Tuple

from modeflow import Chapter, gradient_flow, rate_of
from modeflow.matrices import MatrixGradient, squared_norm

from . import denoising, direct, hyperbola, logistic
from .alphabet import W1, W2, X, Y, alphabet, eps, growth, lam, pull, tau, w1, w2

chapter = Chapter("lin", "The supervised linear network", alphabet, source="saxe2014", text=__doc__)

matrix_loss = Rational(1, 2) * squared_norm(Y - W2 * W1 * X)
chapter.claim(
    "flow",
    Tuple(-MatrixGradient(matrix_loss, W1), -MatrixGradient(matrix_loss, W2)),
    Tuple(W2.T * (Y * X.T - W2 * W1 * X * X.T), (Y * X.T - W2 * W1 * X * X.T) * W1.T),
    says="The flow of the matrices knows the data only through Y Xᵀ and X Xᵀ.",
)

loss = pull / 2 * (w2 * w1) ** 2 - growth * w2 * w1
flow = gradient_flow(loss, [w1, w2], time_constant=tau)
chapter.claim(
    "invariant",
    rate_of(w2**2 - w1**2, flow),
    0,
    says="The imbalance of the two layers never changes.",
    follows_from=["lin.flow"],
)
chapter.claim(
    "product_rate",
    tau * rate_of(w1 * w2, flow),
    (w1**2 + w2**2) * (growth - pull * w1 * w2),
    says="The rate of the strength, from those of the two weights.",
    follows_from=["lin.flow"],
)
solution = logistic.state(chapter, flow, growth, pull, solution="solution", time="balanced_learning_time", ends="g/k")
hyperbola.state(chapter, growth, pull, conserved="lin.invariant")
_, any_start = direct.state(chapter, flow, growth, pull, conserved="lin.invariant", time="learning_time")

chapter.claim(
    "to_dae",
    Tuple(solution.rhs, any_start.rhs).xreplace({growth: lam, pull: lam + eps}),
    Tuple(denoising.balanced.rhs, denoising.direct.rhs),
    says="With g = λ and k = λ + ε these are the solutions of the denoising autoencoder.",
    follows_from=["lin.solution", "lin.direct", "dae.balanced", "dae.direct"],
)
