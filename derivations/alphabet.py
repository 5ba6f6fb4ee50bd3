"""The letters of the derivations: what each means, its sign, and how it is written."""

from sympy import atanh, cosh, sinh, sqrt, tanh

from modeflow import Alphabet, Course, Motion, Restated

alphabet = Alphabet()
_scalar, _matrix, _function = alphabet.scalar, alphabet.matrix, alphabet.function

# The matrix problem.
D = _scalar("D", "D", "number of inputs", integer=True, positive=True)
H = _scalar("H", "H", "number of hidden units, below, at or above D", integer=True, positive=True)
N = _scalar("N", "N", "number of samples", integer=True, positive=True)
X = _matrix("X", D, N, "X", "data, one sample in each column")
eta = _matrix("eta", D, N, r"\eta", "input noise, independent columns of mean 0")
C = _matrix("C", D, D, "C", "covariance of the input noise", kind="symmetric")
s2 = _scalar("s2", "s^2", "variance of isotropic input noise", nonnegative=True)
W1 = _matrix("W1", H, D, "W_1", "encoder")
W2 = _matrix("W2", D, H, "W_2", "decoder")
Sigma = _matrix("Sigma", D, D, r"\Sigma", "second moment of the data", kind="symmetric")
V = _matrix("V", D, D, "V", "eigenvectors of the second moment, in columns", kind="orthogonal")
R = _matrix("R", H, H, "R", "any rotation of the hidden units", kind="orthogonal")
Lambda = _matrix("Lambda", D, D, r"\Lambda", "eigenvalues of the second moment", kind="diagonal")
B1 = _matrix("B1", H, D, r"\overline{W}_1", "encoder in the eigenbasis")
B2 = _matrix("B2", D, H, r"\overline{W}_2", "decoder in the eigenbasis")
A1 = _matrix("A1", H, D, r"\widehat{W}_1", "encoder in the eigenbasis, aligned", kind="diagonal")
A2 = _matrix("A2", D, H, r"\widehat{W}_2", "decoder in the eigenbasis, aligned", kind="diagonal")

Y = _matrix("Y", D, N, "Y", "targets, one sample in each column")
Q = _matrix("Q", D, D, "Q", "left singular vectors of the correlation of target and input", kind="orthogonal")
S = _matrix("S", D, D, "S", "singular values of the correlation of target and input", kind="diagonal")
Gamma = _matrix("Gamma", D, D, r"\Gamma", "noise covariance in the eigenbasis", kind="diagonal")
Delta = _matrix("Delta", D, D, r"\Delta", "diagonal of the second moment", kind="diagonal")

# One mode.
growth = _scalar("growth", "g", "what drives a mode: correlation of input and target along it", positive=True)
pull = _scalar("pull", "k", "what holds a mode back: second moment of the input along it", nonnegative=True)
any_growth = _scalar("any_growth", r"\check{g}", "growth of a mode in general: what drives it", nonnegative=True)
any_pull = _scalar("any_pull", r"\check{k}", "pull of a mode in general: what holds it back", nonnegative=True)
lam = _scalar("lam", r"\lambda", "eigenvalue of the second moment", nonnegative=True)
eps = _scalar("eps", r"\varepsilon", "noise: N times the variance of the input noise", nonnegative=True)
gamma = _scalar("gamma", r"\gamma", "weight decay", nonnegative=True)
decay = _scalar("decay", r"\gamma_{+}", "weight decay, where there is some", narrows=gamma, positive=True)
signal = _scalar(
    "signal", r"\lambda_{+}", "eigenvalue of the second moment, where it is not zero", narrows=lam, positive=True
)
noise = _scalar("noise", r"\varepsilon_{+}", "noise, where there is some", narrows=eps, positive=True)
kappa = _scalar("kappa", r"\kappa", "distance between the decay and the eigenvalue", nonnegative=True)
tau = _scalar("tau", r"\tau", "time constant: N over the learning rate", positive=True)
w1 = _scalar("w1", "w_1", "encoder weight of the mode", real=True)
w2 = _scalar("w2", "w_2", "decoder weight of the mode", real=True)
a = _scalar("a", "a", "encoder weight at the start", real=True)
b = _scalar("b", "b", "decoder weight at the start", real=True)
c0 = _scalar("c0", "c_0", "imbalance at the start, with the larger weight in the decoder", positive=True)
theta0 = _scalar("theta0", r"\theta_0", "hyperbolic angle at the start", real=True)
w0 = _scalar("w0", "w_0", "strength at the start of balanced weights", positive=True)
w_star = _scalar("w_star", "w^{*}", "fixed point of the strength", real=True)
y = _scalar("y", "y", "half-angle: hyperbolic tangent of half the angle", real=True)
u = _scalar("u", "u", "strength of balanced weights", positive=True)
v = _scalar("v", "v", "reciprocal of the strength", positive=True)
P = _scalar("P", "P", "squared sum of the two weights", nonnegative=True)
x = _scalar("x", "x", "a strength on the path", real=True)
t = _scalar("t", "t", "time, in epochs", nonnegative=True)

p = _scalar("p", "p", "sum of the two weights at the start", positive=True)
q = _scalar("q", "q", "difference of the two weights at the start, decoder less encoder", positive=True)
g = _scalar("g", "G", "growing factor of Θ, the solution of the linear equation", positive=True)
z = _scalar("z", "z", "argument of the Bessel functions, proportional to the imbalance", positive=True)
Y0 = _scalar("Y0", "U", "solution of the modified Bessel equation, at z", real=True)
Y1 = _scalar("Y1", "U'", "derivative of U in z", real=True)
Y2 = _scalar("Y2", "U''", "second derivative of U in z", real=True)
alpha = _scalar("alpha", "A", "coefficient of the growing Bessel function", real=True)
beta = _scalar("beta", "B", "coefficient of the decaying Bessel function", real=True)
faded = _scalar("faded", r"\varrho", "imbalance as a fraction of the imbalance at the start", positive=True)
lead_up = _scalar("lead_up", "A_{+}", "leading factor of the Bessel function of order μ at the start", positive=True)
lead_down = _scalar(
    "lead_down", "A_{-}", "leading factor of the Bessel function of order -μ at the start", nonzero=True
)
orders = {"μ": r"\mu", "μ + 1": r"\mu+1", "-μ": r"-\mu", "-μ - 1": r"-\mu-1"}
series_at_start = [
    _scalar(
        f"h{i}", rf"\bar{{h}}_{{{tex}}}", f"entire part of the Bessel function of order {order} at the start", real=True
    )
    for i, (order, tex) in enumerate(orders.items())
]
series_over_time = [
    _scalar(f"j{i}", rf"h_{{{tex}}}", f"entire part of the Bessel function of order {order} over time", real=True)
    for i, (order, tex) in enumerate(orders.items())
]
rival = _scalar("rival", "P_0", "squared sum of the weights on the limiting path", nonnegative=True)
most = _scalar("most", r"P_{\max}", "bound on P₀ from the start up to the time t", nonnegative=True)
lag = _function("lag_t", r"\ell", "bound on the distance of P from P₀, divided by q² or γ", real=True)

late = _scalar("late", r"\ell_t", "value of ℓ at the time t", nonnegative=True)
spare = _scalar("spare", "R_{+}", "distance of P₀ from its bound at the time t", nonnegative=True)
beyond = _scalar("beyond", "S_{+}", "value of σ - 1 + exp(-σ) at the time t", nonnegative=True)
push = _scalar("push", "f", "forcing of a linear equation at the time t", nonnegative=True)
driven = _function("delta_t", r"\delta", "solution of a linear equation with a forcing", real=True)
pace = _function("phi_t", r"\Phi", "integral over time of the coefficient in a linear equation", real=True)

keep = _scalar("keep", r"\vartheta", "probability that a hidden unit is kept", positive=True)
drop = _scalar("drop", r"\nu", "probability that an input is masked", nonnegative=True)
scale = _scalar("scale", "d", "second moment of each input, where all inputs have the same one", nonnegative=True)
entry = _scalar("entry", "x_{ij}", "input i of sample j", real=True)

# Functions of time.
strength = _function("w", "w", "strength of a mode, encoder times decoder weight", real=True)
encoder = _function("w_1", "w_1", "encoder weight over time", real=True)
decoder = _function("w_2", "w_2", "decoder weight over time", real=True)
imbalance = _function("c", "c", "imbalance, squared decoder weight less squared encoder weight", real=True)
theta = _function("theta", r"\theta", "hyperbolic angle over time", real=True)
half_angle = _function("y_t", "y", "half-angle over time", real=True)
reciprocal = _function("v_t", "v", "reciprocal of the strength over time", real=True)
squared_sum = _function("P_t", "P", "squared sum of the weights over time", real=True)
linear = _function("y_lin", r"\Theta", "solution of the linear equation behind a Riccati equation", positive=True)
learning_time = _function("T", "T", "learning time: when the strength passes a given value", of=x, real=True)

# How they move: papers say the same in other letters.
_w1, _w2, _angle = encoder(t), decoder(t), theta(t)
_growing, _falling, _half = strength(t), reciprocal(t), half_angle(t)
alphabet.motion = Motion(
    time=t,
    time_constant=tau,
    weights=(w1, w2),
    layers=((W1, W2), (B1, B2)),
    courses=(
        Course(w1, encoder, a, w1),
        Course(w2, decoder, b, w2),
        Course(u, of_weights=w1 * w2),
        Course(None, strength, w0, w1 * w2),
        Course(v, reciprocal, 1 / w0, 1 / (w1 * w2)),
        Course(P, squared_sum, of_weights=(w1 + w2) ** 2),
        Course(None, imbalance, c0, w2**2 - w1**2),
        Course(at_start=p, of_weights=w1 + w2),
        Course(at_start=q, of_weights=w2 - w1),
        Course(y, half_angle, tanh(theta0 / 2)),
        Course(theta0, theta, theta0),
        Course(x),
    ),
    kept={c0: w2**2 - w1**2, b: sqrt(a**2 + w2**2 - w1**2)},
    coordinates=(
        {a: (p - q) / 2, b: (p + q) / 2, c0: p * q, w0: (p**2 - q**2) / 4},
        {a: sqrt(c0) * sinh(theta0 / 2), b: sqrt(c0) * cosh(theta0 / 2), w0: c0 * sinh(theta0) / 2},
    ),
    restated=(
        Restated(learning_time(x), {_growing: x, t: learning_time(x)}),
        Restated(learning_time(x), {u: x}, needs=w0),
        Restated(_growing, {x: _growing}),
        Restated(_growing, {u: _growing}, needs=w0),
        Restated(_falling, {_growing: 1 / _falling, u: 1 / _falling}),
        Restated(_half, {_angle: 2 * atanh(_half)}),
        Restated(_angle, {_half: tanh(_angle / 2), y: tanh(_angle / 2)}),
        Restated(u, {_growing: u}),
        Restated(v, {u: 1 / v, _growing: 1 / v}),
        Restated(y, {_angle: 2 * atanh(y), theta0: 2 * atanh(y)}),
    ),
    free=(tau, gamma, decay, lam, signal, eps, noise),
    tied=(kappa, s2, growth, pull, any_growth, any_pull, drop, scale, keep, w_star),
    synonyms=({Sigma: X * X.T}, {Sigma: V * Lambda * V.T}, {Lambda: V.T * X * X.T * V}),
)
