"""What does noise on the inputs cost, on average? A penalty on the map that the network computes, weighted by the
covariance of the noise.

A denoising autoencoder sees X + η and must return X. The noise has mean zero, so the cross term vanishes on average.
The square leaves the covariance: the reconstruction loss gains a penalty on the whole map W2 W1
(`objective.noise_covariance`). Only mean and covariance of the noise matter, not its distribution.
"""

from sympy import Identity, Rational, Trace

from modeflow import Chapter
from modeflow.language.matrices import NoiseAverage, squared_norm

from .alphabet import W1, W2, C, D, N, X, alphabet, eta, s2

titles = {
    "noise": "Isotropic noise",
    "noise_covariance": "Noise of any covariance",
}
chapter = Chapter(
    "objective", "The expected loss", alphabet, source="pretorius2018, section 2", text=__doc__, titles=titles
)

half = Rational(1, 2)
clean = half * squared_norm(X - W2 * W1 * X)
noisy = half * squared_norm(X - W2 * W1 * (X + eta))

chapter.claim(
    "second_moment",
    clean,
    half * Trace((Identity(D) - W2 * W1) * X * X.T * (Identity(D) - W2 * W1).T),
    says="The clean loss depends on the data only through their second moment X Xᵀ.",
)

chapter.claim(
    "noise_covariance",
    NoiseAverage(noisy, eta, C),
    clean + N * half * Trace(W2 * W1 * C * W1.T * W2.T),
    says="Noise of covariance C adds a penalty on the map, weighted by C.",
)

chapter.claim(
    "noise",
    NoiseAverage(noisy, eta, s2 * Identity(D)),
    clean + N * s2 * half * Trace(W2 * W1 * W1.T * W2.T),
    says="Isotropic noise of variance s² adds (ε/2)·tr(W2 W1 W1ᵀ W2ᵀ) with ε = N s².",
    follows_from=["objective.noise_covariance"],
)
