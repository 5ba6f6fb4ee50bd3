"""The letters of the derivations: what each means, its sign, and how it is written."""

from modeflow import Alphabet

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

# One mode.
lam = _scalar("lam", r"\lambda", "eigenvalue of the second moment", nonnegative=True)
eps = _scalar("eps", r"\varepsilon", "noise: N times the variance of the input noise", nonnegative=True)
gamma = _scalar("gamma", r"\gamma", "weight decay", nonnegative=True)
kappa = _scalar("kappa", r"\kappa", "how far the decay exceeds the eigenvalue", nonnegative=True)
tau = _scalar("tau", r"\tau", "time constant: N over the learning rate", positive=True)
t = _scalar("t", "t", "time, in epochs", nonnegative=True)
w1 = _scalar("w1", "w_1", "encoder weight of the mode", real=True)
w2 = _scalar("w2", "w_2", "decoder weight of the mode", real=True)
a = _scalar("a", "a", "encoder weight at the start", real=True)
b = _scalar("b", "b", "decoder weight at the start", real=True)
c0 = _scalar("c0", "c_0", "imbalance at the start, with the larger weight in the decoder", positive=True)
theta0 = _scalar("theta0", r"\theta_0", "hyperbolic angle at the start", real=True)
w0 = _scalar("w0", "w_0", "strength at the start of balanced weights", positive=True)
w_star = _scalar("w_star", "w^{*}", "fixed point of the strength", real=True)
x = _scalar("x", "x", "a strength on the path", real=True)
y = _scalar("y", "y", "half-angle: hyperbolic tangent of half the angle", real=True)
u = _scalar("u", "u", "strength of balanced weights", positive=True)
v = _scalar("v", "v", "reciprocal of the strength", positive=True)
P = _scalar("P", "P", "squared sum of the two weights", nonnegative=True)

# Functions of time.
strength = _function("w", "w", "strength of a mode, encoder times decoder weight", real=True)
encoder = _function("w_1", "w_1", "encoder weight over time", real=True)
decoder = _function("w_2", "w_2", "decoder weight over time", real=True)
imbalance = _function("c", "c", "imbalance, squared decoder weight less squared encoder weight", real=True)
theta = _function("theta", r"\theta", "hyperbolic angle over time", real=True)
half_angle = _function("y_t", "y", "half-angle over time", real=True)
reciprocal = _function("v_t", "v", "reciprocal of the strength over time", real=True)
squared_sum = _function("P_t", "P", "squared sum of the weights over time", real=True)
learning_time = _function("T", "T", "learning time: when the strength passes a given value", real=True)
