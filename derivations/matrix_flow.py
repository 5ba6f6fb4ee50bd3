"""Does a closed form need weights that are aligned with the data? No: two flows of matrices are Riccati equations,
quadratic ones for a Gram matrix of the weights, and have closed forms from any start.

First, let only the decoder W learn, with its transpose Wᵀ for the encoder. This is Oja's flow, with input noise and
weight decay (`gram.oja`). The encoder's own flow differs from it by the commutator of W Wᵀ and Σ, the second moment of
the data, times W (`gram.oja_encoder`). What the network does to an input is W Wᵀ, and that has a quadratic equation of
its own (`gram.oja_rate`).

Second, take a network of two layers on whitened inputs. If the difference W2ᵀ W2 - W1 W1ᵀ of its layers is a multiple
of the identity, the Gram matrix of both layers has such an equation, too (`gram.whitened`, `gram.whitened_rate`). The
flow of the loss does not change that difference, whatever the data are, and weight decay wears it down
(`gram.conservation`).

Both equations are τP' = G P + P G - 2 P B P for the Gram matrix P, with symmetric G, its growth, and B, its pull, that
commute. In their common eigenvectors G and B are diagonal. So are E = exp(G t/τ) and K, which is 0 at the start and has
τK' = 2 B E². Let Z be the start of the weights in these eigenvectors. Then P = E Z (I + Zᵀ K Z)⁻¹ Zᵀ E solves the
equation (`gram.riccati`). At the start E = I and K = 0, and P is Z Zᵀ. As no entry of B is negative, none of K is, and
the inverse exists. The entries of K are known (`gram.held`), and for aligned weights those of P are the logistic curves
of the modes (`gram.aligned`).

Where should training end? Let C be the covariance of the noise, and N the number of samples. No linear map denoises
better than S = Σ(Σ + N C)⁻¹: the loss of any other is larger by a square (`gram.optimum`, `gram.optimum_loss`).
"""

from typing import Any

from sympy import Identity, Inverse, Rational, Trace, Tuple, exp

from modeflow import Chapter, Equation
from modeflow.language.matrix_rates import rate_of_matrix

from . import regularised
from .alphabet import W1, W2, D, H, Sigma, X, Y, eps, gamma, lam, t, tau, w0
from .flow import decoder_flow, encoder_flow
from .letters import (
    W,
    Z,
    best,
    both,
    delta,
    drive,
    factors,
    growths,
    held,
    holds,
    linear_map,
    pulls,
    variance,
)
from .letters import of_matrices as letters
from .linear_network import network_flow
from .titles import TITLES

RICCATI = "Yan, Helmke and Moore (1994) for Oja's flow; with noise and decay not found in the literature we searched"
WHITENED = "Fukumizu (1998); Braun, Dominé, Fitzgerald and Saxe (2022)"
titles = {
    **TITLES,
    "oja": "Oja's flow",
    "oja_encoder": "Oja's flow of the encoder",
    "oja_rate": "Gram matrix of Oja's flow",
    "conservation": "Difference of the layers",
    "whitened": "Flow of both layers",
    "whitened_rate": "Gram matrix of both layers",
    "riccati": "Solution of the matrix Riccati equation",
    "held": "Accumulated pull on a mode",
    "aligned": "Aligned starts",
    "optimum": "Best linear map",
    "optimum_loss": "Loss of the best map",
}
chapter = Chapter(
    "gram",
    "Matrix flows in closed form",
    letters,
    source=RICCATI,
    text=__doc__,
    titles=titles,
)

half = Rational(1, 2)
noisy = Sigma + eps * Identity(D)
oja = (Sigma - W * W.T * noisy) * W - gamma * W
chapter.claim(
    "oja",
    decoder_flow(W.T, W, Sigma),
    oja,
    says="With the decoder's transpose for the encoder, the flow of the decoder is Oja's, with noise and decay.",
    follows_from=["flow.w2"],
)
chapter.claim(
    "oja_encoder",
    encoder_flow(W.T, W, Sigma).T - decoder_flow(W.T, W, Sigma),
    (W * W.T * Sigma - Sigma * W * W.T) * W,
    says="The transposed flow of the encoder is Oja's as well where W Wᵀ commutes with the second moment.",
    follows_from=["flow.w1", "flow.w2"],
)
gram = W * W.T
chapter.claim(
    "oja_rate",
    tau * rate_of_matrix(gram, {W: oja / tau}),
    Sigma * gram + gram * Sigma - 2 * gamma * gram - 2 * gram * noisy * gram,
    says="Along Oja's flow the Gram matrix W Wᵀ has a quadratic equation of its own.",
    follows_from=["gram.oja"],
)

# --- two layers --------------------------------------------------------------------------------------------

flows = {W1: encoder_flow(W1, W2, Sigma) / tau, W2: decoder_flow(W1, W2, Sigma) / tau}
difference = W2.T * W2 - W1 * W1.T
chapter.claim(
    "conservation",
    tau * rate_of_matrix(difference, flows),
    -2 * gamma * difference,
    says="The loss does not move the difference of the layers, W2ᵀ W2 - W1 W1ᵀ; decay wears it down at the rate 2γ/τ.",
    follows_from=["flow.w1", "flow.w2"],
    source="Fukumizu (1998); Arora, Cohen and Hazan (2018)",
)
correlation, sizes = Y * X.T, W1 * W1.T + W2.T * W2
apart = difference - delta * Identity(H)
encoder, decoder = network_flow(W1, W2, correlation, variance * Identity(D))
chapter.claim(
    "whitened",
    Tuple(encoder, decoder),
    Tuple(
        W2.T * correlation - half * variance * (delta * W1 + sizes * W1 + apart * W1),
        correlation * W1.T + half * variance * (delta * W2 - W2 * sizes + W2 * apart),
    ),
    says="The flow on whitened inputs has linear and cubic terms, and one that is 0 where W2ᵀ W2 - W1 W1ᵀ = δ₀ I.",
    follows_from=["lin.flow"],
    source=WHITENED,
)
joint = both * both.T
chapter.claim(
    "whitened_rate",
    tau * rate_of_matrix(joint, {both: (drive * both - half * variance * joint * both - gamma * both) / tau}),
    drive * joint + joint * drive - 2 * gamma * joint - variance * joint * joint,
    says="With both layers in one matrix, W1ᵀ above W2, their Gram matrix has an equation of the same kind.",
    follows_from=["gram.whitened"],
    source=WHITENED,
)

# --- the solution, in the eigenvectors of G and B ------------------------------------------------------------

moving = {factors: growths * factors / tau, holds: 2 * pulls * factors**2 / tau}
solution = factors * Z * Inverse(Identity(H) + Z.T * holds * Z) * Z.T * factors
chapter.claim(
    "riccati",
    tau * rate_of_matrix(solution, moving),
    growths * solution + solution * growths - 2 * solution * pulls * solution,
    says="E Z (I + Zᵀ K Z)⁻¹ Zᵀ E solves the Riccati equation from any Z, where τE' = G E and τK' = 2 B E².",
    follows_from=["gram.oja_rate", "gram.whitened_rate"],
)
factor = exp((lam - gamma) * t / tau)
kept = (lam + eps) * (factor**2 - 1) / (lam - gamma)
chapter.claim(
    "held",
    held(t),
    kept,
    satisfies=[
        Equation(tau * held(t).diff(t), 2 * (lam + eps) * factor**2, "rate"),
        Equation(held(0), 0, "initial value"),
    ],
    says="The entry of K for a mode of growth λ - γ and pull λ + ε is the accumulated pull on it.",
    follows_from=["gram.riccati"],
)
chapter.claim(
    "aligned",
    w0 * factor**2 / (1 + w0 * kept),
    regularised.balanced.rhs,
    beside=regularised.balanced.beside,
    says="From a start that is diagonal as well, the entries of P are the strengths of balanced modes.",
    follows_from=["gram.riccati", "gram.held", "reg.balanced"],
)

# --- the best linear map ---------------------------------------------------------------------------------------


def denoising_loss(by: Any) -> Any:
    """The expected loss of a linear map in the eigenvectors: of the second moment S B and the noise (I - S) B."""
    moment, noise, error = best * pulls, (Identity(D) - best) * pulls, Identity(D) - by
    return half * Trace(error * moment * error.T) + half * Trace(by * noise * by.T)


least = half * Trace((Identity(D) - best) * best * pulls)
off = linear_map - best
chapter.claim(
    "optimum",
    denoising_loss(linear_map),
    least + half * Trace(off * pulls * off.T),
    says="The loss of any linear map A is that of S = Σ(Σ + N C)⁻¹ and a square, its distance from S; B = Σ + N C.",
    follows_from=["objective.noise"],
    source="Wiener (1949)",
)
share = lam / (lam + eps)
chapter.claim(
    "optimum_loss",
    half * share * (1 - share) * (lam + eps),
    half * lam * eps / (lam + eps),
    says="In each mode the best map keeps λ/(λ + ε), and its loss is half of λε/(λ + ε).",
    follows_from=["gram.optimum"],
    source="Wiener (1949)",
)
