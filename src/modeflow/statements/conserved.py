"""Polynomials in the weights that a polynomial flow leaves alone or lets die out at a constant rate, by linear algebra.

On polynomials of bounded degree the rate along the flow is linear. The largest space of them that it maps into itself
is found by nullspaces; there the rate is a square matrix, whose eigenvectors are the quantities.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement

import sympy
from sympy import Add, Expr, Matrix, Mul, Poly, Symbol, cancel
from sympy.polys.monomials import itermonomials
from sympy.polys.orderings import monomial_key

from ..language.flow import Flow, rate
from ..proof.prove import prove
from .fixed_points import real_letters
from .product_loss import ProductLoss

Fading = tuple[Expr, Expr]  # a quantity q and f, with dq/dt = -f·q


def fading_quantities(flow: Flow, degree: int, known: Sequence[Fading] = ()) -> list[Fading]:
    """The quantities up to a degree, without those that are sums of products of others, or of the known ones."""
    found = list(known)
    for k in range(1, degree + 1):
        for quantity, fading in _eigenvectors(flow, k):
            if not _follows(quantity, fading, found, list(flow)):
                found.append((_normal(quantity, list(flow)), fading))
    return found[len(known) :]


def invariants_along(flow: Flow, time: Symbol, degree: int, known: Sequence[Fading] = ()) -> list[Fading]:
    """The same where the coefficients hold other parts than letters, such as exponentials; each is proved to fade."""
    letters = real_letters([*flow.values(), *(f for _, f in known)], list(flow))
    back = {letter: part for part, letter in letters.items()}
    in_letters = {letters[w]: sympy.together(v).subs(letters) for w, v in flow.items()}
    before = [(q.subs(letters), sympy.together(f).subs(letters)) for q, f in known]
    found = fading_quantities(in_letters, degree, before)
    told = [(q.xreplace(back), f.xreplace(back)) for q, f in found]
    return [(q, f) for q, f in told if not q.has(time) and _fades(flow, q, f)]


def _fades(flow: Flow, quantity: Expr, fading: Expr) -> bool:
    left = sympy.expand(rate(quantity, flow) + fading * quantity)
    return left == 0 or prove(left).status == "proved"


def conserved_squares(product: ProductLoss, taus: Sequence[Expr]) -> list[Expr]:
    """A basis of the quadratic quantities that any loss of a product conserves.

    wᵢwⱼ changes at the rate -h·f'(h)·(mⱼ wᵢ/(τⱼwⱼ) + mᵢ wⱼ/(τᵢwᵢ)), so that only squares may be combined, with
    coefficients in the nullspace of one row.
    """
    row = Matrix([[m / tau for m, tau in zip(product.multiplicities, taus, strict=True)]])
    squares = [w**2 for w in product.weights]
    found = [Add(*(c * q for c, q in zip(v, squares, strict=True))) for v in row.nullspace()]
    return [_normal(q, list(product.weights)) for q in found]


def _eigenvectors(flow: Flow, degree: int) -> Iterator[Fading]:
    weights = list(flow)
    monomials = sorted(itermonomials(weights, degree), key=monomial_key("grlex", weights))
    images = [Poly(rate(m, flow), *weights) for m in monomials]
    space, action = _invariant_space(monomials, images, weights)
    for value in _eigenvalues(action):
        for vector in _nullspace(action - value * sympy.eye(action.rows)):
            quantity = Add(*(c * m for c, m in zip(space * vector, monomials, strict=True)))
            if value == 0:
                quantity -= Poly(quantity, *weights).nth(*(0 for _ in weights))
            if sympy.expand(quantity) != 0:
                yield quantity, -value


def _invariant_space(monomials: list[Expr], images: list[Poly], weights: list[Symbol]) -> tuple[Matrix, Matrix]:
    """A basis of the largest space of polynomials that is mapped into itself, and the matrix of the map on it."""
    inside = [Poly(m, *weights).monoms()[0] for m in monomials]
    outside = sorted({m for image in images for m in image.monoms()} - set(inside))
    low, high = _coefficients(images, inside), _coefficients(images, outside)
    space = _columns(_nullspace(high)) if outside else sympy.eye(len(monomials))
    while space.cols:
        both = _nullspace(Matrix.hstack(low * space, -space))
        if len(both) == space.cols:
            return space, _columns([v[space.cols :, :] for v in _by_identity(both, space.cols)])
        space = space * _columns([v[: space.cols, :] for v in both])
    raise AssertionError("constants are mapped to zero")


def _coefficients(images: list[Poly], monomials: list[tuple[int, ...]]) -> Matrix:
    """Of these monomials in the images, a column for each image."""
    return Matrix([[image.coeff_monomial(m) for image in images] for m in monomials])


def _by_identity(vectors: list[Matrix], size: int) -> list[Matrix]:
    """The same space by vectors whose first entries are those of the identity."""
    together = _columns(vectors)
    inverse = together[:size, :].inv()
    changed = (together * inverse).applyfunc(cancel)
    return [changed[:, j] for j in range(size)]


def _columns(vectors: list[Matrix]) -> Matrix:
    return Matrix.hstack(*vectors)


def _nullspace(m: Matrix) -> list[Matrix]:
    if any(e.has(sympy.Pow) and not e.is_rational_function() for e in m):
        return [v.applyfunc(sympy.radsimp) for v in m.nullspace(simplify=sympy.radsimp)]
    rows = m.to_DM().to_field().nullspace(divide_last=True).to_Matrix()
    return [rows[i, :].T for i in range(rows.rows)]


def _eigenvalues(m: Matrix) -> list[Expr]:
    """Eigenvalues that are rational in the symbols; also square roots where the quantities are linear."""
    polynomial = m.charpoly()
    x = polynomial.gen
    factors = sympy.factor_list(polynomial.as_expr(), x)[1]
    degree = 2 if m.rows <= 3 else 1
    return [root for f, _ in factors if sympy.degree(f, x) <= degree for root in sympy.roots(f, x)]


def _follows(quantity: Expr, fading: Expr, found: list[Fading], weights: list[Symbol]) -> bool:
    """Whether a quantity is a sum of products of others that fade together as it does."""
    degree = Poly(quantity, *weights).total_degree()
    products = [sympy.Integer(1)] if fading == 0 else []
    for count in range(1, degree + 1):
        for chosen in combinations_with_replacement(found, count):
            if cancel(Add(*(f for _, f in chosen)) - fading) == 0:
                products.append(Mul(*(q for q, _ in chosen)))
    small = [p for p in (Poly(q, *weights) for q in products) if p.total_degree() <= degree]
    return _rank([*small, Poly(quantity, *weights)]) == _rank(small)


def _rank(polynomials: list[Poly]) -> int:
    monomials = sorted({m for p in polynomials for m in p.monoms()})
    rows = [[p.coeff_monomial(m) for m in monomials] for p in polynomials]
    return int(Matrix(rows).rank(simplify=True)) if rows else 0


def _normal(quantity: Expr, weights: list[Symbol]) -> Expr:
    """Without common factors; the first weight first where the degree is odd, the second where it is even."""
    p = Poly(sympy.numer(sympy.together(quantity)), *weights).primitive()[1]
    order = weights if p.total_degree() % 2 else weights[::-1]
    sign = -1 if Poly(p.as_expr(), *order).LC().could_extract_minus_sign() else 1
    return sympy.expand(sign * p.as_expr())
