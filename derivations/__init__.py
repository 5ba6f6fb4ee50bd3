"""The derivations, in the order of the argument: from the expected loss to closed forms."""

from . import (
    autoencoder,
    comparison,
    denoising,
    evaluation,
    finite_steps,
    flow,
    gradients,
    linear_network,
    matrix_flow,
    mode,
    objective,
    regularised,
    weight_decay,
)

CHAPTERS = (
    objective.chapter,
    flow.chapter,
    mode.chapter,
    autoencoder.chapter,
    denoising.chapter,
    weight_decay.chapter,
    regularised.chapter,
    comparison.chapter,
    linear_network.chapter,
    matrix_flow.chapter,
    finite_steps.chapter,
    evaluation.chapter,
    gradients.chapter,
)
