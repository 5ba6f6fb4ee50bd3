r"""Steps in which not all is known: what holds whatever the names stand for is ok, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from modeflow.manuscript import Finding, check, configuration, first_configuration

PLAIN = configuration({"symbols": {"a": {"real": True}, "b": {"real": True}, "p": {"positive": True}}}, "test")
SHEAR = r"\begin{pmatrix} 1 & 2 \\ 0 & 1 \end{pmatrix}"
MATRICES = "Let $A$ be a matrix.\n\n"


def steps(tmp_path: Path, text: str) -> list[Finding]:
    path = tmp_path / "p.tex"
    path.write_text(text, encoding="utf-8")
    return [f for f in check([path], PLAIN, jobs=1, time_limit=3, steps=True) if f.claim == "steps"]


def verdict(tmp_path: Path, chain: str, before: str = MATRICES) -> str:
    (found,) = steps(tmp_path, f"{before}\\[ {chain} \\]\n")
    return found.verdict


NOT_OK = {
    "letters that may be matrices": r"P Q + R = Q P + R",
    "the square of a sum of matrices": r"(P + Q)^2 = P^2 + 2 P Q + Q^2",
    "a transpose in the wrong order": r"(P Q)^\top R = P^\top Q^\top R",
    "a function of a sum": r"h(x + y) - 1 = h(x) + h(y) - 1",
    "an operator on a product": r"D a b + 1 = a D b + 1",
    "an operator on a number": r"D a + 1 = a D + 1",
    "a dot between vectors": r"u \cdot v \, w + 1 = (u \cdot v) w + 1",
    "a cross between vectors": r"u \times v + 1 = v \times u + 1",
    "the variance of a multiple": r"1 + \Var 2 X = 1 + 2 \Var X",
    "a mean of a square": r"1 + \E[X^2] = 1 + \E[X]^2",
    "a letter of the index before the sum": r"1 + \sum_{k=1}^{m} k x_k = 1 + k \sum_{k=1}^{m} x_k",
    "a letter of the index behind the sum": r"\sum_{k=1}^{m} x_k + k = k + \sum_{k=1}^{m} x_k",
    "a supremum of which the end is not seen": r"\sup G + H = H + \sup G",
    "the letter of an integral before it": r"1 + \int_0^1 x g(x)\,dx = 1 + x \int_0^1 g(x)\,dx",
    "what stands behind a differential": r"\int_0^1 g(x)\,dx\, x + 1 = 1 + \int_0^1 x g(x)\,dx",
    "forms that anticommute": r"1 + \iint_S g\, dx \wedge dy = 1 + \iint_S g\, dy \wedge dx",
    "a sine of a product": r"1 + \sin x y = 1 + \sin y x",
    "a root of a square": r"1 + \sqrt{z^2} = 1 + z",
    "the logarithm of a product": r"1 + \ln(z u) = 1 + \ln z + \ln u",
    "dots": r"x_1 + \dots + x_m = \dots + x_1 + x_m",
    "infinity": r"\infty - \infty = 0",
    "two signs": r"1 \pm x = \pm x + 1",
    "bars in two ways": r"1 + |x|y|z| = 1 + |z|y|x|",
    "a condition between bars": r"P(1 + 2 | B) + 1 = P(1 + 2) + 1",
    "an unknown sign between letters": r"1 + \E[X + Z \given Y] = 1 + \E[X \given Y + Z]",
    "under a slash": r"1 + x/yz = 1 + xz/y",
    "an inverse of a sum": r"1 + (P + Q)^{-1} = 1 + P^{-1} + Q^{-1}",
    "powers of a product of matrices": r"1 + (P Q)^2 = 1 + P^2 Q^2",
    "the derivative of a product": r"1 + (g h)' = 1 + g' h'",
    "a factorial of a sum": r"1 + (m + 2)! = 1 + m! + 2!",
    "entries in another order": r"1 + (x, y) = 1 + (y, x)",
    "a number times a list": r"1 + 2 (x, y) = 1 + (2x, y)",
    "a convolution": r"1 + (g * h) u = 1 + g * (h u)",
    "a name raised as an inverse": r"1 + g^{-1}(x) = 1 + \frac{1}{g(x)}",
    "an equation": r"2 z = 4",
    "a primitive": r"\int x e^x\,dx = x e^x + e^x + C",
    "a letter that may depend on x": r"1 + \int y\,dx = x y + C + 1",
    "a constant without its integral": r"x^2 + C = x^2 + C_1",
    "no primitive": r"1 + \int 0\,dx = 2",
    "another integrand": r"1 + \int \frac{t^2}{1 + t^2}\,dt = 1 + \int (1 + \frac{1}{1 + t^2})\,dt",
    "sizes that do not fit": r"1 + \begin{pmatrix} 1 \\ 2 \end{pmatrix} = \begin{pmatrix} 2 \\ 3 \end{pmatrix}",
    "an entry": r"2 \begin{pmatrix} 1 & 2 \end{pmatrix} = \begin{pmatrix} 2 & 2 \end{pmatrix}",
    "a product of tables": r"\begin{pmatrix} a & 1 \end{pmatrix}\begin{pmatrix} 1 \\ b \end{pmatrix} = a - b",
    "a determinant": r"1 + \begin{vmatrix} a & b \\ 1 & 2 \end{vmatrix} = 1 + 2a + b",
    "an order in a table": r"1 \begin{pmatrix} P Q \end{pmatrix} = \begin{pmatrix} Q P \end{pmatrix}",
    "a trace of another order": r"1 + \tr(P Q R) = \tr(P R Q) + 1",
    "a mean of a product": r"1 + \E[X Y] = 1 + \E[X] \E[Y]",
    "a divisor": r"\gcd(12, 18) = 3",
    "a limit of a sum": r"1 + \lim_{m \to 0} (g(m) + h(m)) = \lim_{m \to 0} g(m) + \lim_{m \to 0} h(m) + 1",
    "words between members": r"0 \text{ and } x = 0",
    "words in one word": r"0 \mathrm{and} x = 0",
    "partial derivatives are no fractions": r"\frac{\partial x}{\partial y} \frac{\partial y}{\partial x} = 1",
    "nor in the author's commands": r"1 + \frac{\pl x}{\pl y} \frac{\pl y}{\pl x} = 2",
    "nor with a number": r"\frac{2 \partial x}{\partial y} \frac{\partial y}{\partial x} = 2",
    "nor in a line": r"1 + dy/dx \cdot dx/dt = 1 + dy/dt",
    "a derivative under an integral": r"1 + D \int_0^1 g(x)\,dx = 1 + \int_0^1 D g(x)\,dx",
    "a variation under an integral": r"1 + \delta \int_S g\,dx = 1 + \int_S \delta g\,dx",
    "rows of entries": r"\frac{1}{u v} [u v] = [v u] \frac{1}{u v}",
    "rows with signs": r"P [1 -1] + 1 = P [2 -2] + 1",
    "roots of matrices": r"1 + \sqrt{P} \sqrt{Q} = 1 + \sqrt{Q} \sqrt{P}",
    "a function that stands bare too": r"1 + g + g(x + y) = 1 + g + g x + g y",
    "a capital that stands bare too": r"1 + T + T(x + y) = 1 + T + T x + T y",
    "an inverse of a table": rf"{SHEAR}^{{-1}} = {SHEAR}",
    "a table without an inverse": r"\begin{pmatrix} 1 & 1 \\ 1 & 1 \end{pmatrix}^{-1} = 2",
    "remainders": r"o(x) - o(x) + y = y",
    "remainders of another order": r"1 + \mathcal{O}(x) - \mathcal{O}(x) = 1",
    "matrices over e": r"1 + e^{P + Q} = 1 + e^P e^Q",
}


@pytest.mark.parametrize("kind", NOT_OK)
def test_what_some_meaning_breaks_is_neither_ok_nor_wrong(tmp_path: Path, kind: str) -> None:
    assert verdict(tmp_path, NOT_OK[kind]) in ("undecided", "unparsed", "supported")


# Equal for numbers; but letters stand there that are no numbers, or no values.
NOT_EVEN_SUPPORTED = {
    "a transpose": r"1 + x^\top y = 1 + y x^\top",
    "a transpose by a letter": r"1 + x^T y = y x^T + 1",
    "an adjoint": r"1 + u^\dagger v = v u^\dagger + 1",
    "a cross": r"1 + u \times v = v \times u + 1",
    "orders of magnitude": r"o(1) - o(1) = 0",
    "their Greek letter": r"1 + \omicron(m) - \omicron(m) = 1",
    "the larger ones": r"1 + O(m) - O(m) = 1",
    "normal variables": r"\mathcal{N}(0, 1) + \mathcal{N}(0, 1) = 2 \mathcal{N}(0, 1)",
    "a double factorial": r"1 + m!! = 1 + (m!)!",
    "raised indices": r"F^{\mu\nu} + F^{\nu\mu} = 2F^{\mu\nu}",
    "a sum over raised indices": r"1 + \epsilon^{ij} a_i b_j = 1 + \epsilon^{ji} a_i b_j",
    "the first iterate": r"1 + \eta(x^1 - x^0) = 1 + \eta(x - 1)",
    "a coordinate": r"(x^0)^2 - (x^1)^2 = 1 - x^2",
    "a letter that may move": r"\int v x\,dt = v x t",
    "a density": r"\int_0^h \rho g\,dz = \rho g h",
    "a class of functions": r"\Theta(m) - \Theta(m) = 0",
    "a class with a tilde": r"\tilde{O}(m) - \tilde{O}(m) = 0",
    "terms in words": r"x + \text{h.o.t.} - \text{h.o.t.} = x",
    "a normal variable by its letter": r"N(0,1) + N(0,1) = 2N(0,1)",
    "a distribution by its name": r"\operatorname{Poisson}(\lambda) - \operatorname{Poisson}(\lambda) = 0",
    "a chi-square": r"\chi^2_k + \chi^2_k = 2\chi^2_k",
    "sets of numbers": r"\mathbb{Z} + \mathbb{Z} = 2\mathbb{Z}",
    "a function and its negative": r"1 + \theta(-x) = 1 - \theta x",
    "a wave": r"u(x - ct) + u(x + ct) = 2ux",
    "a bar between": r"1 + a \mid m = m \mid b + 1",
    "two powers": r"2^3^2 + 1 = 65",
}
# What holds for numbers, and not for what the paper says that it has.
OF_THE_PAPER = {
    "a fraction of matrices": (MATRICES, r"1 + \frac{P}{Q} R = \frac{P R}{Q} + 1"),
    "binomial coefficients": (
        "The binomial coefficients satisfy\n",
        r"\begin{pmatrix} a \\ b \end{pmatrix} + \begin{pmatrix} a \\ b + 1 \end{pmatrix}"
        r" = \begin{pmatrix} 2a \\ 2b + 1 \end{pmatrix}",
    ),
    "iterates": ("We count the iterates.\n", r"x^{k+1} - x^k = (x - 1) x^k"),
    "truth values": ("The gates combine signals by\n", r"s = 1 + 1 = 1"),
    "parity": ("The grading is by parity, so that\n", r"s = 1 + 1 = 0"),
    "whole parts": ("The integer part obeys\n", r"s = [7/2] + [5/2] = 5"),
    "whole division": ("In whole numbers\n", r"s = 7/2 = 3"),
}


@pytest.mark.parametrize("kind", OF_THE_PAPER)
def test_what_the_paper_speaks_of_is_neither_passed_nor_called_wrong(tmp_path: Path, kind: str) -> None:
    before, chain = OF_THE_PAPER[kind]
    assert {found.verdict for found in steps(tmp_path, f"{before}\\[ {chain} \\]\n")} <= {"undecided", "unparsed"}


def test_plain_numbers_are_still_called_wrong(tmp_path: Path) -> None:
    assert verdict(tmp_path, r"s = 3 + 4 = 8", "") == "wrong"


@pytest.mark.parametrize("kind", NOT_EVEN_SUPPORTED)
@pytest.mark.parametrize("before", ["", MATRICES])
def test_what_is_equal_for_numbers_alone_does_not_pass_where_others_stand(
    tmp_path: Path, kind: str, before: str
) -> None:
    assert verdict(tmp_path, NOT_EVEN_SUPPORTED[kind], before) in ("undecided", "unparsed")


OK = {
    "terms in another order": r"P Q + h(x) = h(x) + P Q",
    "brackets of matrices": r"(P + Q)(P - Q) = P^2 - P Q + Q P - Q^2",
    "a transpose": r"(P Q)^\top R = Q^\top P^\top R",
    "an inverse": r"P^{-1} P Q = Q",
    "an argument": r"1 + h((a + 1)^2) = h(a^2 + 2a + 1) + 1",
    "an unknown operator in brackets": r"\Foo[2X - 1 \mid Y] = \Foo[X + X - 1 \mid Y]",
    "a sum, term by term": r"\sum_{k=1}^{m} (a x_k + y_k) = a \sum_{k=1}^{m} x_k + \sum_{k=1}^{m} y_k",
    "an integral": r"\int_0^\infty (2 g(x) + u(x))\,dx = 2 \int_0^\infty g(x)\,dx + \int_0^\infty u(x)\,dx",
    "a factorial": r"\frac{(m+1)!}{m!} = m + 1",
    "a binomial coefficient": r"\binom{m}{2} = \frac{m(m-1)}{2}",
    "numbers below a fraction": r"\frac{z}{u} + \frac{u}{z} = \frac{z^2 + u^2}{z u}",
    "under a limit": r"\lim_{h \to 0} \frac{(z + h)^2 - z^2}{h} = \lim_{h \to 0} \frac{2 z h + h^2}{h}",
    "a norm": r"\|x - y + y - z\|_2 = \|x - z\|_2",
    "a primitive": r"\int x e^{2x}\,dx = \frac{x}{2} e^{2x} - \int \frac{1}{2} e^{2x}\,dx",
    "a primitive with a logarithm": r"\int \frac{a}{x}\,dx = a \ln|x| + C",
    "under an integral": r"\int \frac{t^2}{1 + t^2}\,dt = \int (1 - \frac{1}{1 + t^2})\,dt",
    "a table": r"\begin{pmatrix} 1 & a \\ 0 & 1 \end{pmatrix}^2 = \begin{pmatrix} 1 & 2a \\ 0 & 1 \end{pmatrix}",
    "a product of tables": r"\begin{pmatrix} a & 1 \end{pmatrix} \begin{pmatrix} 1 \\ b \end{pmatrix} = a + b",
    "a determinant": r"\begin{vmatrix} a & b \\ 1 & 2 \end{vmatrix} = 2a - b",
    "an inverse of a table": rf"{SHEAR}^{{-1}} = {SHEAR.replace('2', '-2')}",
    "a letter that stands bare too": r"(1 - k) x + k (x + y) = x + k y",
    "a probability times a number": r"\Pr(K) (-2) = -2 \Pr(K)",
    "a trace": r"\tr(P Q + Q P) = 2 \tr(Q P)",
    "a mean": r"\E[2X + 3] = 2 \E[X] + 3",
    "a divisor": r"\gcd(12, 18) = 6",
    "a number before a limit": r"\lim_{m \to 0} 3 g(m) = 3 \lim_{m \to 0} g(m)",
    "small letters over e": r"1 + e^{u + v} = 1 + e^u e^v",
    "a condition behind it": r"(P + Q) R = P R + Q R \text{ for all } R",
}


@pytest.mark.parametrize("kind", OK)
def test_what_holds_whatever_the_names_are_is_ok(tmp_path: Path, kind: str) -> None:
    assert verdict(tmp_path, OK[kind]) == "ok"


def test_letters_commute_only_where_the_paper_speaks_of_nothing_else(tmp_path: Path) -> None:
    chain = r"(x + y)^2 = x^2 + 2 x y + y^2"
    assert verdict(tmp_path, chain, "") == "ok"
    assert verdict(tmp_path, chain, "Let $x$ be an operator.\n\n") == "supported"
    assert verdict(tmp_path, chain, "For a vector $\\mathbf{v}$.\n\n") == "supported"
    capitals = r"(X + Y)^2 = X^2 + 2 X Y + Y^2"
    assert verdict(tmp_path, capitals, MATRICES) == "undecided"


def test_sets_that_are_added_are_no_numbers(tmp_path: Path) -> None:
    assert verdict(tmp_path, r"K - K + L = L", "") == "ok"
    assert verdict(tmp_path, r"K - K + L = L", "The Minkowski sum of sets.\n\n") == "unparsed"


def test_what_is_ok_says_what_it_took_as_it_is_written(tmp_path: Path) -> None:
    (found,) = steps(tmp_path, f"{MATRICES}\\[ P Q + h(x) = h(x) + P Q \\]\n")
    assert found.note == "as it is written, whatever P, Q, h(…) and the rest may be"


def test_what_is_not_declared_is_named_where_the_step_is_not_the_same(tmp_path: Path) -> None:
    (found,) = steps(tmp_path, f"{MATRICES}\\[ P Q + 1 = P + 1 \\]\n")
    assert found.reason.startswith("not the same as it is written; P is not declared")


def test_each_step_of_a_chain_has_its_own_verdict(tmp_path: Path) -> None:
    found = steps(tmp_path, f"{MATRICES}\\[ K = (Q + R) P - R P = Q P + R P - R P = Q P + 1 \\le 3 \\]\n")
    assert [f.verdict for f in found] == ["ok", "undecided", "undecided"]


def test_a_remainder_is_proposed_neither_as_a_number_nor_as_a_function(tmp_path: Path) -> None:
    path = tmp_path / "p.tex"
    path.write_text("\\[ y = o(x) - o(x) + x = x \\]\n\\[ o + o(x) = 1 \\]\n", encoding="utf-8")
    proposed = first_configuration([path], steps=True)
    assert not [line for line in proposed.splitlines() if line.startswith(('"o', "'o", "o"))]
