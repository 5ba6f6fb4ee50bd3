"""The linear denoising autoencoder, one mode at a time.

Two prices pull on a mode: signal that is lost, noise that is kept. Without decay the imbalance c = w2² - w1² never
changes, so the two weights run along a hyperbola, and one quantity tells where on it they are. Three choices of that
quantity lead to three forms of the same solution: the strength itself for balanced weights, the hyperbolic angle
of the paper, and P = (w1 + w2)², whose Riccati equation gives a form for any weights that never divides by the
imbalance. That direct form was not found in the literature we searched.
"""

from sympy import Rational, Tuple, atanh, cosh, diff, exp, log, sinh, sqrt, tanh

from modeflow import Chapter, Equation, gradient_flow, rate
from modeflow.solve import linear_solution, riccati_solution

from .alphabet import (
    P,
    a,
    alphabet,
    b,
    c0,
    decoder,
    encoder,
    eps,
    half_angle,
    lam,
    learning_time,
    reciprocal,
    squared_sum,
    strength,
    t,
    tau,
    theta,
    theta0,
    u,
    v,
    w0,
    w1,
    w2,
    w_star,
    x,
    y,
)

chapter = Chapter("dae", "The denoising autoencoder", alphabet, source="pretorius2018, section 3.2", text=__doc__)

half = Rational(1, 2)
xi = lam + eps
loss = lam / 2 * (1 - w2 * w1) ** 2 + eps / 2 * (w2 * w1) ** 2
flow = gradient_flow(loss, [w1, w2], time_constant=tau)

# --- what does not change, and what the strength does ---------------------------------------------------

chapter.claim(
    "invariant",
    rate(w2**2 - w1**2, flow),
    0,
    says="The imbalance of the two layers never changes.",
    follows_from=["flow.mode_w1", "flow.mode_w2"],
)
chapter.claim(
    "product_rate",
    tau * rate(w1 * w2, flow),
    (w1**2 + w2**2) * (lam - xi * w1 * w2),
    says="The rate of the strength, from those of the two weights.",
    follows_from=["flow.mode_w1", "flow.mode_w2"],
)
chapter.claim(
    "fixed_point",
    w_star,
    lam / xi,
    satisfies=[Equation(lam - xi * w_star, 0, "rest")],
    says="The strength comes to rest at λ/(λ + ε): noise shrinks every mode.",
    follows_from=["dae.product_rate"],
)
origin = {w1: 0, w2: 0}
hessian = [[diff(loss, r, s).xreplace(origin) for s in (w1, w2)] for r in (w1, w2)]
chapter.claim(
    "saddle",
    Tuple(hessian[0][0] + hessian[0][1], hessian[1][0] + hessian[1][1],
          hessian[0][0] - hessian[0][1], hessian[1][0] - hessian[1][1]),
    Tuple(-lam, -lam, lam, -lam),
    says="The origin is a saddle: curvature -λ along (1, 1) and λ along (1, -1), whatever the noise.",
    follows_from=["flow.mode_loss"],
)  # fmt: skip

# --- balanced weights: the logistic curve ----------------------------------------------------------------

balanced_velocity = 2 * u * (lam - xi * u) / tau
chapter.claim(
    "balanced_rate",
    rate(w1 * w2, flow).xreplace({w1: sqrt(u), w2: sqrt(u)}),
    balanced_velocity,
    says="Balanced weights obey a logistic equation in their strength u.",
    follows_from=["dae.product_rate"],
)
reciprocal_velocity = (2 * xi - 2 * lam * v) / tau
chapter.claim(
    "reciprocal_rate",
    rate(1 / u, {u: balanced_velocity}),
    reciprocal_velocity.xreplace({v: 1 / u}),
    says="The reciprocal of the strength obeys a linear equation.",
    follows_from=["dae.balanced_rate"],
)
reciprocal_path = linear_solution(reciprocal_velocity, v, 1 / w0, t)
chapter.claim(
    "reciprocal_solution",
    reciprocal(t),
    reciprocal_path,
    satisfies=[
        Equation(reciprocal(t).diff(t), reciprocal_velocity.xreplace({v: reciprocal(t)}), "rate"),
        Equation(reciprocal(0), 1 / w0, "initial value"),
    ],
    says="The reciprocal relaxes exponentially to (λ + ε)/λ.",
    follows_from=["dae.reciprocal_rate"],
)
grown = exp(2 * lam * t / tau)
chapter.claim(
    "balanced",
    strength(t),
    lam * grown / (xi * (grown - 1) + lam / w0),
    satisfies=[
        Equation(strength(t) * reciprocal_path, 1, "back-substitution"),
        Equation(strength(t).diff(t), balanced_velocity.xreplace({u: strength(t)}), "rate"),
        Equation(strength(0), w0, "initial value"),
    ],
    says="The strength of a balanced mode is a sigmoid that ends at λ/(λ + ε).",
    follows_from=["dae.reciprocal_solution"],
)
chapter.claim(
    "balanced_learning_time",
    learning_time(x),
    tau / (2 * lam) * log(x * (lam - xi * w0) / (w0 * (lam - xi * x))),
    satisfies=[
        Equation(learning_time(x).diff(x), 1 / balanced_velocity.xreplace({u: x}), "inverse rate"),
        Equation(learning_time(w0), 0, "start"),
    ],
    says="The time at which the strength of a balanced mode passes x.",
    follows_from=["dae.balanced"],
)

# --- the paper's form: the hyperbolic angle --------------------------------------------------------------

on_hyperbola = {w1: sqrt(c0) * sinh(theta0 / 2), w2: sqrt(c0) * cosh(theta0 / 2)}
chapter.claim(
    "theta_substitution",
    Tuple(w2**2 - w1**2, w1 * w2, w1**2 + w2**2).xreplace(on_hyperbola),
    Tuple(c0, c0 / 2 * sinh(theta0), c0 * cosh(theta0)),
    says="Weights of imbalance c0 > 0 are a point on a hyperbola, and an angle says which.",
    follows_from=["dae.invariant"],
)
beta = c0 * (1 + eps / lam)
angle = theta(t)
angle_velocity = lam * (2 - beta * sinh(angle)) / tau
chapter.claim(
    "theta_flow",
    angle.diff(t),
    angle_velocity,
    satisfies=[
        Equation(
            tau * (c0 / 2 * sinh(angle)).diff(t),
            c0 * cosh(angle) * (lam - xi * c0 / 2 * sinh(angle)),
            "product rate",
        )
    ],
    says="The angle obeys an equation of its own.",
    follows_from=["dae.product_rate", "dae.theta_substitution"],
)
half_angle_velocity = lam * (1 - y**2 - beta * y) / tau
chapter.claim(
    "half_angle_rate",
    half_angle_velocity.xreplace({y: tanh(theta0 / 2)}),
    rate(tanh(theta0 / 2), {theta0: angle_velocity.xreplace({angle: theta0})}),
    says="The half-angle y = tanh(θ/2) obeys a Riccati equation.",
    follows_from=["dae.theta_flow"],
)
zeta = sqrt(beta**2 + 4)
delta = tanh(theta0 / 2)
half_angle_path = riccati_solution(half_angle_velocity, y, delta, t, root=lam * zeta / tau)
chapter.claim(
    "half_angle_solution",
    half_angle(t),
    half_angle_path,
    satisfies=[
        Equation(half_angle(t).diff(t), half_angle_velocity.xreplace({y: half_angle(t)}), "rate"),
        Equation(half_angle(0), delta, "initial value"),
    ],
    says="The half-angle follows from its start by the solution of a Riccati equation.",
    follows_from=["dae.half_angle_rate"],
)
F = exp(zeta * lam * t / tau)
paper_half_angle = ((1 - F) * (zeta**2 - beta**2 - 2 * beta * delta) - 2 * (1 + F) * zeta * delta) / (
    (1 - F) * (2 * beta + 4 * delta) - 2 * (1 + F) * zeta
)
theta_solution = chapter.claim(
    "theta_solution",
    theta(t),
    2 * atanh(paper_half_angle),
    satisfies=[
        Equation(tanh(theta(t) / 2), half_angle_path, "back-substitution"),
        Equation(theta(t).diff(t), angle_velocity, "rate"),
        Equation(theta(0), theta0, "initial value"),
    ],
    says="The angle over time, in the form of the paper.",
    follows_from=["dae.half_angle_solution"],
)

# --- the direct form: any weights --------------------------------------------------------------------------

squared_sum_velocity = (2 * lam * P - xi / 2 * (P**2 - (b**2 - a**2) ** 2)) / tau
chapter.claim(
    "riccati",
    tau * rate((w1 + w2) ** 2, flow),
    2 * lam * (w1 + w2) ** 2 - xi / 2 * ((w1 + w2) ** 4 - (w2**2 - w1**2) ** 2),
    says="The squared sum of the weights obeys a Riccati equation with constant coefficients.",
    follows_from=["dae.invariant", "flow.mode_w1", "flow.mode_w2"],
)
rho = sqrt(4 * lam**2 + xi**2 * (b**2 - a**2) ** 2)
fading = exp(-rho * t / tau)
gone = 1 - fading
p0, q0, A = a + b, b - a, 2 * lam
squared_sum_path = riccati_solution(squared_sum_velocity, P, p0**2, t, root=rho / tau)
chapter.claim(
    "riccati_solution",
    squared_sum(t),
    squared_sum_path,
    satisfies=[
        Equation(squared_sum(t).diff(t), squared_sum_velocity.xreplace({P: squared_sum(t)}), "rate"),
        Equation(squared_sum(0), p0**2, "initial value"),
    ],
    says="The squared sum of the weights over time.",
    follows_from=["dae.riccati"],
)
numerator = rho * (1 + fading) + (A + xi * q0**2) * gone
denominator = rho * (1 + fading) - A * gone + xi * p0**2 * gone
first = a * (rho * (1 + fading) - xi * (b**2 - a**2) * gone) + A * b * gone
second = b * (rho * (1 + fading) + xi * (b**2 - a**2) * gone) + A * a * gone
chapter.claim(
    "squared_sum_ratio",
    squared_sum_path * denominator,
    p0**2 * numerator,
    says="The sum p = w1 + w2 is stretched by √(N/D): P = p0² N/D.",
    follows_from=["dae.riccati_solution"],
    source="not found in the literature we searched",
)
chapter.claim(
    "numerators",
    Tuple((p0 * numerator - q0 * denominator) / 2, (p0 * numerator + q0 * denominator) / 2),
    Tuple(first, second),
    says="As p q = c is kept, the difference q = w2 - w1 shrinks by √(D/N); half of p ∓ q are S1 and S2 over √(ND).",
    follows_from=["dae.squared_sum_ratio", "dae.invariant"],
    source="not found in the literature we searched",
)
root = sqrt(numerator * denominator)
moving = {w1: encoder(t), w2: decoder(t)}
weights = chapter.claim(
    "weights",
    Tuple(encoder(t), decoder(t)),
    Tuple(first / root, second / root),
    satisfies=[
        Equation(encoder(t).diff(t), flow[w1].xreplace(moving), "encoder rate"),
        Equation(decoder(t).diff(t), flow[w2].xreplace(moving), "decoder rate"),
        Equation(decoder(t) ** 2 - encoder(t) ** 2, b**2 - a**2, "imbalance"),
        Equation(encoder(0), a, "encoder at the start"),
        Equation(decoder(0), b, "decoder at the start"),
    ],
    says="Both weights over time, from any start: the direct form.",
    follows_from=["dae.numerators"],
    source="not found in the literature we searched",
)
direct = chapter.claim(
    "direct",
    strength(t),
    first * second / (numerator * denominator),
    satisfies=[
        Equation(strength(t), weights.rhs[0] * weights.rhs[1], "product of the weights"),
        Equation(
            tau * strength(t).diff(t),
            (weights.rhs[0] ** 2 + weights.rhs[1] ** 2) * (lam - xi * strength(t)),
            "rate",
        ),
        Equation(strength(0), a * b, "initial value"),
    ],
    says="The strength over time, from any weights: no division by the imbalance, no growing exponential.",
    follows_from=["dae.weights", "dae.product_rate"],
    source="not found in the literature we searched",
)
chapter.claim(
    "theta_is_direct",
    c0 / 2 * sinh(theta_solution.rhs),
    direct.rhs.xreplace({a: on_hyperbola[w1], b: on_hyperbola[w2]}),
    says="Where the paper's form is defined, the direct form is the same function.",
    follows_from=["dae.theta_solution", "dae.direct", "dae.theta_substitution"],
    source="not found in the literature we searched",
)


# --- learning time, any weights ----------------------------------------------------------------------------


def weight_of(s):  # type: ignore[no-untyped-def]
    """What multiplies 1/(λ - ξ s) under the logarithm of the learning time."""
    c = b**2 - a**2
    return 4 * lam * s + xi * c**2 + rho * sqrt(c**2 + 4 * s**2)


chapter.claim(
    "learning_time",
    learning_time(x),
    tau / rho * log(weight_of(x) * (lam - xi * a * b) / (weight_of(a * b) * (lam - xi * x))),
    satisfies=[
        Equation(
            learning_time(x).diff(x),
            tau / (sqrt((b**2 - a**2) ** 2 + 4 * x**2) * (lam - xi * x)),
            "inverse rate",
        ),
        Equation(learning_time(a * b), 0, "start"),
    ],
    says="The time at which the strength passes x on its way from a b to λ/(λ + ε), from any weights.",
    follows_from=["dae.product_rate", "dae.invariant"],
    source="not found in the literature we searched",
)
