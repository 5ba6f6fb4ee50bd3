"""When does learning split into modes, each of which runs on its own? For aligned weights: a mode is then two weights
and two equations.

Gradient flow of the expected loss moves W1 and W2 together. In the eigenbasis of the second moment, Σ = V Λ Vᵀ, and up
to a rotation R of the hidden units, the flow has the same form with Λ for Σ. Weights that start diagonal there (aligned
weights) stay diagonal, because sums and products of diagonal matrices are diagonal: each mode then runs on its own
(`flow.mode_w1` and `flow.mode_w2`). This is exact for aligned weights only; weights that are not aligned follow the
matrix flow.
"""

from typing import Any

from sympy import Identity, Rational, Trace, Tuple, diff

from modeflow import Chapter, Rates, gradient_flow, rate_of
from modeflow.language.matrices import DiagonalEntry, MatrixGradient, entries, squared_norm

from .alphabet import A1, A2, B1, B2, W1, W2, D, Lambda, R, Sigma, V, alphabet, eps, gamma, lam, tau, w1, w2
from .titles import TITLES

titles = {
    **TITLES,
    "w1": "Flow of the encoder",
    "w2": "Flow of the decoder",
    "mode_w1": "Encoder weight of a mode",
    "mode_w2": "Decoder weight of a mode",
    "mode_loss": "Loss of a mode",
}
chapter = Chapter(
    "flow", "Gradient flow and its modes", alphabet, source="pretorius2018, section 3", text=__doc__, titles=titles
)

half = Rational(1, 2)
error = Identity(D) - W2 * W1
loss = (
    half * Trace(error * Sigma * error.T)
    + half * eps * Trace(W2 * W1 * W1.T * W2.T)
    + half * gamma * (squared_norm(W1) + squared_norm(W2))
)


def encoder_flow(W1: Any, W2: Any, Sigma: Any) -> Any:
    """τ dW1/dt."""
    return W2.T * Sigma - W2.T * W2 * W1 * (Sigma + eps * Identity(D)) - gamma * W1


def decoder_flow(W1: Any, W2: Any, Sigma: Any) -> Any:
    """τ dW2/dt."""
    return Sigma * W1.T - W2 * W1 * (Sigma + eps * Identity(D)) * W1.T - gamma * W2


chapter.claim(
    "w1",
    -MatrixGradient(loss, W1),
    encoder_flow(W1, W2, Sigma),
    rates=Rates((W1,), times=tau),
    says="Gradient flow of the encoder: τ dW1/dt is the negative gradient of the loss in W1.",
    follows_from=["objective.noise", "objective.second_moment"],
)
chapter.claim(
    "w2",
    -MatrixGradient(loss, W2),
    decoder_flow(W1, W2, Sigma),
    rates=Rates((W2,), times=tau),
    says="Gradient flow of the decoder: τ dW2/dt is the negative gradient of the loss in W2.",
    follows_from=["objective.noise", "objective.second_moment"],
)

# In the eigenbasis: W1 = R W̄1 Vᵀ, W2 = V W̄2 Rᵀ, Σ = V Λ Vᵀ.
rotated = (R * B1 * V.T, V * B2 * R.T, V * Lambda * V.T)

chapter.claim(
    "decoupling",
    Tuple(R.T * encoder_flow(*rotated) * V, V.T * decoder_flow(*rotated) * R),
    Tuple(encoder_flow(B1, B2, Lambda), decoder_flow(B1, B2, Lambda)),
    rates=Rates((B1, B2), times=tau),
    says="In the eigenbasis the flow has the same form with Λ for Σ, so that diagonal weights stay diagonal.",
    follows_from=["flow.w1", "flow.w2"],
)

# One mode: the j-th diagonal entries of aligned weights, and the loss that they descend.
mode_loss = lam / 2 * (1 - w2 * w1) ** 2 + eps / 2 * (w2 * w1) ** 2 + gamma / 2 * (w1**2 + w2**2)
L = chapter.define("loss", "L", mode_loss, says="The loss of one mode.")
mode_flow = gradient_flow(mode_loss, [w1, w2], time_constant=tau)
velocities = {
    w1: chapter.define("w1_rate", r"\dot{w}_1", mode_flow[w1], says="The rate of the encoder weight of a mode."),
    w2: chapter.define("w2_rate", r"\dot{w}_2", mode_flow[w2], says="The rate of the decoder weight of a mode."),
}
diagonal = entries([(A1, w1), (A2, w2), (Lambda, lam)])

chapter.claim(
    "mode_w1",
    DiagonalEntry(encoder_flow(A1, A2, Lambda), diagonal),
    w2 * (lam - (lam + eps) * w1 * w2) - gamma * w1,
    rates=Rates((w1,), times=tau),
    says="The rate of the encoder weight of a mode is a diagonal entry of the encoder's rate, for aligned weights.",
    follows_from=["flow.decoupling"],
)
chapter.claim(
    "mode_w2",
    DiagonalEntry(decoder_flow(A1, A2, Lambda), diagonal),
    w1 * (lam - (lam + eps) * w1 * w2) - gamma * w2,
    rates=Rates((w2,), times=tau),
    says="The rate of the decoder weight of a mode is a diagonal entry of the decoder's rate, for aligned weights.",
    follows_from=["flow.decoupling"],
)
chapter.claim(
    "mode_loss",
    Tuple(-diff(mode_loss, w1), -diff(mode_loss, w2)),
    Tuple(chapter.claims["flow.mode_w1"].rhs, chapter.claims["flow.mode_w2"].rhs),
    rates=Rates((w1, w2), times=tau),
    says="The mode equations are the gradient flow of a loss of one mode.",
    follows_from=["flow.mode_w1", "flow.mode_w2"],
)
chapter.claim(
    "loss_decreases",
    rate_of(L, mode_flow),
    -tau * (velocities[w1] ** 2 + velocities[w2] ** 2),
    says="The loss of a mode never rises: its rate is minus a sum of squares.",
    follows_from=["flow.mode_loss"],
)
