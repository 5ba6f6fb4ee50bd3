"""The names by which people speak of claims, where the words of an id are none."""

from collections.abc import Iterable, Mapping

TITLES = {
    "balanced": "Balanced solution",
    "balanced_critical": "Balanced solution at the threshold",
    "balanced_rate": "Rate of the balanced strength",
    "direct": "Direct form",
    "fading_solution": "Squared sum under decay",
    "fading_weights": "Weights under decay",
    "general": "Ratio of Bessel functions",
    "half_angle_rate": "Rate of the half-angle",
    "half_angle_solution": "Half-angle over time",
    "imbalance": "Imbalance over time",
    "imbalance_rate": "Rate of the imbalance",
    "invariant": "Conserved imbalance",
    "linear": "Bessel equation",
    "loss_decreases": "The loss falls",
    "norm_falls": "The norm falls",
    "numerators": "Numerators of the weights",
    "product_rate": "Rate of the strength",
    "reciprocal_rate": "Rate of the reciprocal",
    "reciprocal_solution": "Reciprocal over time",
    "riccati": "Riccati equation",
    "riccati_linear": "Linear form of the Riccati equation",
    "riccati_solution": "Solution of the Riccati equation",
    "solution": "Squared sum under decay",
    "squared_sum_ratio": "Ratio of squared sums",
    "start": "Constants from the start",
    "theta_flow": "Rate of the angle",
    "theta_solution": "Solution by the angle",
    "theta_substitution": "Substitution of the angle",
    "threshold": "Threshold of the decay",
    "weights": "Weights over time",
}

CASES = {
    "moving": "of a moving mode",
    "resting": "of a mode without signal and noise",
    "rising": "for a ≥ 0",
    "crossing": "for a < 0",
    "positive": "to x ≥ 0",
    "negative": "to x < 0",
    "growing": "of a growing balanced mode",
    "fading": "of a fading balanced mode",
    "opposite": "of a mode of opposite weights",
    "critical": "of a balanced mode at the threshold",
    "idle": "of an idle mode of opposite weights",
}
BALANCED = ("growing", "fading", "opposite", "critical", "idle")


def of_cases(path: str, subjects: Mapping[str, str], cases: Iterable[str]) -> dict[str, str]:
    """The titles of claims of which there is one for each case: what each is about, and then the case.

    subjects: the words for what a claim's id calls its subject, such as "Slope in λ" for lam.
    """
    return {
        f"{path}_{subject}_{case}": f"{words} {CASES[case]}" for subject, words in subjects.items() for case in cases
    }
