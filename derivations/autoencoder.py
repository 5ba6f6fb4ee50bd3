"""How does a mode learn when nothing holds it back? Along a sigmoid that ends at 1, the sooner the larger its
eigenvalue.

Without noise and decay the loss is signal that is lost, and nothing else. Balanced weights follow the logistic curve,
from any small strength to 1 (`ae.solution`): the mode is learned completely, in a time that is proportional to 1/λ
(`ae.learning_time`).
"""

from modeflow import Chapter, gradient_flow, rate_of

from . import logistic
from .alphabet import alphabet, lam, tau, w1, w2
from .titles import TITLES

titles = {
    **TITLES,
    "solution": "Balanced solution",
}
chapter = Chapter(
    "ae", "The autoencoder", alphabet, source="saxe2014; pretorius2018, section 3.1", text=__doc__, titles=titles
)

loss = lam / 2 * (1 - w2 * w1) ** 2
flow = gradient_flow(loss, [w1, w2], time_constant=tau)

chapter.claim(
    "product_rate",
    tau * rate_of(w1 * w2, flow),
    (w1**2 + w2**2) * lam * (1 - w1 * w2),
    says="The rate of the strength, from those of the two weights.",
    follows_from=["flow.mode_w1", "flow.mode_w2"],
)
logistic.state(chapter, flow, lam, lam, solution="solution", time="learning_time", ends="1")
