"""The derivations, in the order of the argument: from the expected loss to closed forms."""

from . import autoencoder, denoising, flow, objective, weight_decay

CHAPTERS = (
    objective.chapter,
    flow.chapter,
    autoencoder.chapter,
    denoising.chapter,
    weight_decay.chapter,
)
