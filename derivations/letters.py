"""The letters that single chapters have besides those of the alphabet, apart from them: a paper is read in all letters,
and needs no more than the chapters that it names.
"""

from sympy import Expr

from modeflow import Alphabet

from .alphabet import D, H, alphabet, t, x


def _besides() -> Alphabet:
    return Alphabet(dict(alphabet.quantities))


# Matrix flows in closed form.
of_matrices = _besides()
_matrix = of_matrices.matrix
W = _matrix("W", D, H, "W", "decoder whose transpose is the encoder")
both = _matrix("U", D, H, r"\mathbf{U}", "both layers: W1ᵀ, and W2 below it, D rows in all")
drive = _matrix(
    "F",
    D,
    D,
    r"\mathbf{F}",
    "growth of both layers: correlation of target and input, and difference of the layers",
    kind="symmetric",
)
growths = _matrix("G", D, D, r"\mathbf{G}", "growth of each eigenvector", kind="diagonal")
pulls = _matrix("B", D, D, r"\mathbf{B}", "pull of each eigenvector: second moment plus noise", kind="diagonal")
factors = _matrix("E", D, D, r"\mathbf{E}", "factors by which a small start has grown", kind="diagonal")
holds = _matrix("K", D, D, r"\mathbf{K}", "accumulated pull on each eigenvector", kind="diagonal")
Z = _matrix("Z", D, H, r"\mathbf{Z}", "start in the eigenvectors")
best = _matrix("S_star", D, D, r"S_{*}", "best linear map in the eigenvectors", kind="diagonal")
linear_map = _matrix("A", D, D, r"\mathbf{A}", "any linear map", kind="general")
variance = of_matrices.scalar("k_x", "k_x", "second moment of each input, where inputs are whitened", positive=True)
delta = of_matrices.scalar("delta_0", r"\delta_0", "W2ᵀ W2 - W1 W1ᵀ, where it is a multiple of I", real=True)
held = of_matrices.function("held", r"\varkappa", "accumulated pull on a mode", real=True)

# Finite steps.
of_steps = _besides()
step = of_steps.scalar("h", r"\mathsf{h}", "size of a step", positive=True)
excess = of_steps.scalar("zeta", r"\breve{\zeta}", "eigenvalue of a minibatch less that of all data", real=True)
error = of_steps.matrix("Delta_e", D, D, r"\mathcal{E}", "error that the layers descend")
travelled = of_steps.function(
    "A", r"\mathcal{A}", "integral of the squared error over time, up to a constant", of=x, real=True
)

# Computing forms.
of_computing = _besides()
of_computing.scalar("r", "r", "size of both weights at the start", positive=True)
of_computing.scalar("size", r"\varsigma", "any unit of eigenvalues; a power of 2 near ρ in computations", positive=True)

# Derivatives.
of_derivatives = _besides()
_scalar = of_derivatives.scalar
_scalar("r", "r", "size of both weights at the start", positive=True)
zeta = _scalar("zeta", r"\iota", "any parameter", real=True)


def _varied(name: str, tex: str, meaning: str, **signs: bool) -> Expr:
    """A quantity as a function of the parameter ι."""
    return of_derivatives.function(name, tex, f"{meaning}, as ι varies", of=zeta, **signs)(zeta)


grown = _varied("phat", r"\hat{p}", "sum of the two weights at the start", real=True)
shrunk = _varied("qhat", r"\hat{q}", "difference of the two weights at the start", real=True)
stretched = _varied("Rhat", r"\hat{R}", "squared stretching of the sum", positive=True)
one = _varied("what_1", r"\hat{w}_1", "encoder weight", real=True)
two = _varied("what_2", r"\hat{w}_2", "decoder weight", real=True)
now = _varied("what", r"\hat{w}", "strength", real=True)
slopes: dict[str, Expr] = {
    name: of_derivatives.function(symbol, tex, f"slope of the strength in {called}, over time", real=True)(t)
    for name, symbol, tex, called in (
        ("lam", "w_lambda", r"w_{\lambda}", "λ"),
        ("eps", "w_epsilon", r"w_{\varepsilon}", "ε"),
        ("gamma", "w_gamma", r"w_{\gamma}", "γ"),
        ("product", "w_start", "w_{w(0)}", "the strength at the start"),
    )
}
moved_by = _scalar(
    "I", "I", "derivative of the strength in a parameter, over the squared norm of the weights", real=True
)
forcing = _scalar("f", "M", "forcing in the linear equation of I", real=True)
left = _scalar("G_p", r"\alpha", "factor that I keeps of its value at the start where M is 0", real=True)
summed = _scalar("J", "J", "value of I that is 0 at the start and has the strength for M", real=True)
tilted = _scalar("B", "J_2", "value of I that is 0 at the start and has ωc²/h² for M, with the imbalance c", real=True)
at_start = _scalar("g0", r"\omega_0", "ω at the start", real=True)
slow = _scalar(
    "r0", "r_0", "τ times the rate of the strength at the start, over the squared norm of the weights there", real=True
)
