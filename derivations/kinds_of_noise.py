"""Other noise that leaves the modes apart.

Any covariance that commutes with the second moment gives each mode a noise of its own. Dropping hidden units of
aligned weights is a noise proportional to the eigenvalue. Masking inputs adds the diagonal of the second moment, which
keeps the modes apart where all inputs have the same second moment, as in stationary data.
"""

from typing import Any

from sympy import Add, Identity, Mul, Rational, Trace, Tuple

from modeflow import Chapter, Rates, gradient_flow, rate_of
from modeflow.language.matrices import DiagonalEntry, MatrixGradient, NoiseAverage, entries, squared_norm

from .alphabet import (
    A1,
    A2,
    B1,
    B2,
    W1,
    W2,
    C,
    D,
    Delta,
    Gamma,
    Lambda,
    N,
    R,
    Sigma,
    V,
    X,
    drop,
    entry,
    eps,
    eta,
    keep,
    lam,
    scale,
    tau,
    w1,
    w2,
)

half = Rational(1, 2)


def encoder_flow(W1: Any, W2: Any, Sigma: Any, C: Any) -> Any:
    """τ dW1/dt under noise of covariance C in each of N samples."""
    return W2.T * Sigma - W2.T * W2 * W1 * (Sigma + N * C)


def state(chapter: Chapter) -> None:
    """State the claims on these kinds of noise in a chapter."""
    error = Identity(D) - W2 * W1
    loss = half * Trace(error * Sigma * error.T) + N * half * Trace(W2 * W1 * C * W1.T * W2.T)
    chapter.claim(
        "commuting_flow",
        -MatrixGradient(loss, W1),
        encoder_flow(W1, W2, Sigma, C),
        rates=Rates((W1,), times=tau),
        says="Noise of covariance C adds N C to the second moment, in the term that holds the map back.",
        follows_from=["objective.noise_covariance"],
    )
    diagonal = entries([(A1, w1), (A2, w2), (Lambda, lam), (Gamma, eps / N)])
    chapter.claim(
        "commuting_noise",
        Tuple(
            R.T * encoder_flow(R * B1 * V.T, V * B2 * R.T, V * Lambda * V.T, V * Gamma * V.T) * V,
            DiagonalEntry(encoder_flow(A1, A2, Lambda, Gamma), diagonal),
        ),
        Tuple(encoder_flow(B1, B2, Lambda, Gamma), w2 * (lam - (lam + eps) * w1 * w2)),
        rates=Rates((B1, w1), times=tau),
        says="Noise whose covariance has the eigenvectors of the data gives each mode an ε of its own.",
        follows_from=["dae.commuting_flow", "flow.decoupling"],
    )

    kept = lam / 2 * (1 - w2 * w1 / keep) ** 2
    chapter.claim(
        "dropout",
        keep * kept + (1 - keep) * lam / 2,
        lam / 2 * (1 - w2 * w1) ** 2 + lam * (1 - keep) / keep / 2 * (w2 * w1) ** 2,
        says="Keeping a hidden unit with probability ϑ, scaled by 1/ϑ, acts on its mode as the noise ε = λ(1 - ϑ)/ϑ.",
        follows_from=["flow.mode_loss"],
    )

    never = Mul(drop, 0, evaluate=False)  # shown, so that the mean is seen to be one over both cases
    mean = chapter.define(
        "masked_mean",
        r"\bar{x}_{ij}",
        Add((1 - drop) * entry, never, evaluate=False),
        says="The mean of an input that is masked, and then 0, with probability ν.",
    )
    variance = chapter.define(
        "masked_variance",
        r"s_{ij}^2",
        (1 - drop) * (entry - mean) ** 2 + drop * mean**2,
        says="The variance of a masked input: the mean of the squared distance from its mean.",
    )
    chapter.claim(
        "masking_moments",
        Tuple(mean, variance),
        Tuple((1 - drop) * entry, drop * (1 - drop) * entry**2),
        says="A masked input has the mean 1 - ν times its value, and the variance ν(1 - ν) times its square.",
    )
    covariance = drop * (1 - drop) / N * Delta
    chapter.claim(
        "masking_loss",
        NoiseAverage(half * squared_norm(X - W2 * W1 * ((1 - drop) * X + eta)), eta, covariance),
        half * squared_norm(X - (1 - drop) * W2 * W1 * X)
        + drop * (1 - drop) * half * Trace(W2 * W1 * Delta * W1.T * W2.T),
        says="Masking shrinks the input and adds a penalty weighted by the diagonal Δ of the second moment.",
        follows_from=["dae.masking_moments", "objective.noise_covariance"],
    )
    masked = lam / 2 * (1 - (1 - drop) * w2 * w1) ** 2 + drop * (1 - drop) * scale / 2 * (w2 * w1) ** 2
    flow = gradient_flow(masked, [w1, w2], time_constant=tau)
    chapter.claim(
        "masking",
        tau * rate_of(w1 * w2, flow),
        (w1**2 + w2**2) * (1 - drop) * (lam - ((1 - drop) * lam + drop * scale) * w1 * w2),
        says="Where Δ = d·I the modes stay apart, with growth (1 - ν)λ and pull (1 - ν)((1 - ν)λ + νd).",
        follows_from=["dae.masking_loss"],
    )
