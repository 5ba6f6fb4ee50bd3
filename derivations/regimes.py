"""Which closed form serves which weights and decay, for every path that the evaluators compute.

Weights of one size have the balanced forms, with or without decay. Weights of different size have the direct forms
without decay; under decay their forms are those of chapter `wae`, in Bessel functions, which are computed in Python
alone. A swap of the weights, and a flip of both signs, leave the strength as it is (claims eval.swap and eval.flip), so
that forms for b >= |a| serve all pairs.
"""

from sympy import Abs, Eq, Expr, Max, Min, Piecewise, Symbol, true

from modeflow.language.kernels import Kernel, Steps
from modeflow.language.primitives import signum
from modeflow.language.regimes import Form, Regime, output_symbol

from . import evaluation, gradients

s, lam, noise, decay, target = (Symbol(n, nonnegative=True) for n in ("s", "lam", "noise", "decay", "target"))
w1, w2 = Symbol("w1", real=True), Symbol("w2", real=True)
small, large = Symbol("small", real=True), Symbol("large", real=True)
MODE = (lam, noise, decay, w1, w2)

REGIMES = (
    Regime("equal", Eq(Abs(w1), Abs(w2)), "|w1| = |w2|"),
    Regime("fading", decay > 0, "there is decay, and the weights differ in size"),
    Regime("unequal", true, "the weights differ in size, and there is no decay"),
)
_KERNELS = {kernel.name: kernel for kernel in (*evaluation.KERNELS, *gradients.KERNELS)}


def _ordered(steps: Steps) -> tuple[Symbol, Symbol]:
    """(a, b) with b >= |a|: the weights after a swap and a flip of both signs."""
    one, two = steps.let("one", Abs(w1)), steps.let("two", Abs(w2))
    return steps.let("small", Min(one, two) * signum(w1 * w2)), steps.let("large", Max(one, two))


def _unordered(steps: Steps, sizes: tuple[Expr, Expr], of_small: Expr, of_large: Expr) -> tuple[Expr, Expr]:
    """What was computed for a and b, swapped and flipped back to w1 and w2, whose sizes are given."""
    swapped = sizes[0] > sizes[1]
    flip = steps.let("flip", signum(Piecewise((w1, swapped), (w2, True))))
    return (
        flip * Piecewise((of_large, swapped), (of_small, True)),
        flip * Piecewise((of_small, swapped), (of_large, True)),
    )


def _pairs() -> tuple[Kernel, Kernel]:
    """Both as kernels."""
    steps, back = Steps(), Steps()
    ordered = _ordered(steps)
    first, second = _unordered(back, (back.let("one", Abs(w1)), back.let("two", Abs(w2))), small, large)
    return (
        Kernel(
            "pairs_ordered",
            "A pair of weights as the forms for b > |a| take it: swapped, and both signs flipped, where need be.",
            (w1, w2),
            tuple(steps.taken),
            (("a", ordered[0]), ("b", ordered[1])),
            ("eval.swap", "eval.flip"),
        ),
        Kernel(
            "pairs_unordered",
            "What was computed for a pair so ordered, back in the order and with the signs of w1 and w2.",
            (w1, w2, small, large),
            tuple(back.taken),
            (("first", first), ("second", second)),
            ("eval.swap", "eval.flip"),
        ),
    )


Results = tuple[tuple[str, Expr], ...]


def _of(kernel: str) -> dict[str, Symbol]:
    """The outputs of a kernel by name, as the results of a form name them."""
    return {name: output_symbol(name) for name, _ in _KERNELS[kernel].outputs}


def _equal(path: str, kernel: str, time: Symbol, results: Results) -> Form:
    """|w1| = |w2| = r, sigma the sign of w1·w2. Weights of 0 stay there, however fast the mode would grow."""
    steps = Steps()
    r = steps.let("r", Abs(w1))
    start = steps.let("start", Piecewise((0, Eq(w1, 0)), (time, True))) if time is s else time
    sigma = steps.let("sigma", signum(w1) * signum(w2))
    arguments = (start, lam, noise, decay, r, sigma)
    return Form(path, "equal", (time, *MODE), tuple(steps.taken), _KERNELS[kernel], arguments, results)


def _unequal(path: str, kernel: str, time: Symbol, growth: Expr, results: Results) -> Form:
    """The kernel takes the weights in any order."""
    return Form(path, "unequal", (time, *MODE), (), _KERNELS[kernel], (time, growth, noise, w1, w2), results)


def _in_order(path: str, kernel: str, growth: Expr, names: str) -> Form:
    """The kernel takes b > |a|, and its last two outputs are of a and of b; names: of the results, in a string."""
    steps, back = Steps(), Steps()
    arguments = (s, growth, noise, *_ordered(steps))
    sizes = (steps.taken[0][0], steps.taken[1][0])
    *others, of_small, of_large = _of(kernel).values()
    results = tuple(zip(names.split(), (*others, *_unordered(back, sizes, of_small, of_large)), strict=True))
    taken = tuple(steps.taken), tuple(back.taken)
    return Form(path, "unequal", (s, *MODE), taken[0], _KERNELS[kernel], arguments, results, taken[1])


def _one(kernel: str) -> Results:
    return tuple(_of(kernel).items())


def _equal_weights() -> Results:
    size = _of("balanced_weights")["size"]
    return (("first", size * signum(w1)), ("second", size * signum(w2)))


def _equal_slopes() -> Results:
    """By s, lam, noise, decay, w1 and w2."""
    *rates, by_product = _of("gradient_balanced").values()
    weights = (("by_w1", w2 * by_product), ("by_w2", w1 * by_product))
    return (*zip(("by_s", "by_lam", "by_noise", "by_decay"), rates, strict=True), *weights)


KERNELS = _pairs()
# A decay that is no number reaches the result in the place of 0.
_GROWTH = lam + decay
FORMS = (
    _unequal("strength", "direct_strength", s, _GROWTH, _one("direct_strength")),
    _equal("strength", "balanced_strength", s, _one("balanced_strength")),
    _in_order("weights", "direct_weights", _GROWTH, "first second"),
    _equal("weights", "balanced_weights", s, _equal_weights()),
    _unequal("loss", "direct_loss", s, _GROWTH, _one("direct_loss")),
    _equal("loss", "balanced_loss", s, _one("balanced_loss")),
    _unequal("time", "direct_time", target, lam, _one("direct_time")),
    _equal("time", "balanced_time", target, _one("balanced_time")),
    _in_order("slopes", "gradient_direct", lam, "by_s by_lam by_noise by_w1 by_w2"),  # it knows no decay
    _equal("slopes", "gradient_balanced", s, _equal_slopes()),
)
