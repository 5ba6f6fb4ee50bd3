r"""The grammar of equations: what each rule reads, as a tree, and what is refused, with the reason and the place."""

from __future__ import annotations

import unicodedata

import pytest

from modeflow.manuscript.read.formula_trees import Node
from modeflow.manuscript.read.grammar import expression, key, statement
from modeflow.manuscript.text.tokens import Macro, Unparsed, tokens

DECLARED = (
    r"a b c x y n t t_{0} s w( w(t) w(0) w(s) w(t_{0}) u u( u(t) A B V \lambda \lambda_{j} \eta x^{*} W^{21} M_{1}"
)
NAMES = frozenset([*DECLARED.split(), "time t", "time s"])


def told(node: Node) -> str:
    """A tree on one line."""
    if node.kind in ("number", "symbol"):
        return node.value
    return f"{node.kind}{node.value and f':{node.value}'}({', '.join(map(told, node.parts))})"


READ = [
    (r"a+b-c", r"add(a, b, minus(c))"),
    (r"-a b", r"minus(multiply(a, b))"),
    (r"a b/c", r"divide(multiply(a, b), c)"),
    (r"a\cdot b\times c", r"multiply(a, b, c)"),
    (r"2x", r"multiply(2, x)"),
    ("a·b − c×x", r"add(multiply(a, b), minus(multiply(c, x)))"),
    ("a ⋅ b/c", r"divide(multiply(a, b), c)"),
    (r"a/b", r"divide(a, b)"),
    (r"\frac{a}{b}c", r"multiply(divide(a, b), c)"),
    (r"\frac ab", r"divide(a, b)"),
    (r"\frac12", r"divide(1, 2)"),
    (r"{a \over b}+c", r"add(divide(a, b), c)"),
    (r"a^2", r"power(a, 2)"),
    (r"a^{b+1}", r"power(a, add(b, 1))"),
    (r"a^{-1}", r"power(a, minus(1))"),
    (r"a^\lambda", r"power(a, \lambda)"),
    (r"(a+b)^2", r"power(add(a, b), 2)"),
    (r"[a+b]c", r"multiply(add(a, b), c)"),
    (r"\left(a\right)b", r"multiply(a, b)"),
    (r"\sqrt{a}", r"root(a)"),
    (r"\sqrt[3]{a}", r"root(a, 3)"),
    (r"\sqrt a b", r"multiply(root(a), b)"),
    (r"|a|", r"absolute(a)"),
    (r"|a-b||c|", r"multiply(absolute(add(a, minus(b))), absolute(c))"),
    (r"|a||b|", r"multiply(absolute(a), absolute(b))"),
    (r"\left|a\right|^2", r"power(absolute(a), 2)"),
    (r"\lvert a\rvert b", r"multiply(absolute(a), b)"),
    (r"\tanh x", r"function:tanh(x)"),
    (r"\tanh 2x", r"function:tanh(multiply(2, x))"),
    (r"\tanh^2 x", r"power(function:tanh(x), 2)"),
    (r"\tanh^{-1}(x)", r"function:artanh(x)"),
    (r"\tanh^{-1} x", r"function:artanh(x)"),
    (r"\ln\cosh x", r"function:ln(function:cosh(x))"),
    (r"\sin x\cos y", r"multiply(function:sin(x), function:cos(y))"),
    (r"\sin(x)y", r"multiply(function:sin(x), y)"),
    (r"\sin x+y", r"add(function:sin(x), y)"),
    (r"\exp(-a)", r"function:exp(minus(a))"),
    (r"e^{-a x}", r"function:exp(minus(multiply(a, x)))"),
    (r"\mathrm{e}^x", r"function:exp(x)"),
    (r"\log\frac{a}{b}", r"function:ln(divide(a, b))"),
    (r"\sin\sqrt{x}", r"function:sin(root(x))"),
    (r"\sin|x|", r"function:sin(absolute(x))"),
    (r"\frac{dw}{dt}", r"derivative:t(w)"),
    (r"\frac{d}{dt}w", r"derivative:t(w)"),
    (r"\frac{d}{dt}(a w)", r"derivative:t(multiply(a, w))"),
    (r"\frac{d^2w}{dt^2}", r"derivative:t(derivative:t(w))"),
    (r"\frac{d^2}{dt^2}w", r"derivative:t(derivative:t(w))"),
    (r"\frac{\partial a}{\partial x}", r"derivative:x(a)"),
    (r"\frac{\partial^2 a}{\partial x\partial y}", r"derivative:x(derivative:y(a))"),
    (r"\frac{\mathrm{d}w}{\mathrm{d}t}", r"derivative:t(w)"),
    *(
        (rf"\frac{{{d}w}}{{{d}t}}", r"derivative:t(w)")
        for d in (
            r"\text d",
            r"\text{d}",
            r"\textrm{ d }\,",
            r"\mbox d",
            r"\operatorname{d}\!",
            r"\mathop{}\!\mathrm{d}",
        )
    ),
    (r"λ^2/η", r"divide(power(\lambda, 2), \eta)"),
    (r"{\rm e}^{λ_j}", r"function:exp(\lambda_{j})"),
    (r"dw/dt", r"derivative:t(w)"),
    (r"d(a w)/dt", r"derivative:t(multiply(a, w))"),
    (r"d/dt w", r"derivative:t(w)"),
    (r"\partial_t w", r"derivative:t(w)"),
    (r"\frac{d w^2}{dt}", r"derivative:t(power(w, 2))"),
    (r"\dot w", r"derivative:t(w)"),
    (r"\dot{w}", r"derivative:t(w)"),
    (r"\ddot w", r"derivative:t(derivative:t(w))"),
    (r"\dot w(t)", r"derivative:t(apply:w(t))"),
    (r"\dot w^2", r"power(derivative:t(w), 2)"),
    (r"w(t)", r"apply:w(t)"),
    (r"w({t})", r"apply:w(t)"),
    (r"w({t_0})", r"apply:w(t_{0})"),
    (r"W^{21{\top}}", r"transpose(W^{21})"),
    (r"W^{21\mathsf{T}}A", r"multiply(transpose(W^{21}), A)"),
    (r"A(B)^{\mathsf T}", r"multiply(A, transpose(B))"),
    (r"A(B)^\mathsf{T}", r"multiply(A, transpose(B))"),
    (r"\int_0^1 \frac{dw}{dt}\,dt", r"integral:t(derivative:t(w), 0, 1)"),
    (r"\int_0^1 \frac{d}{dt}w\,dt", r"integral:t(derivative:t(w), 0, 1)"),
    (r"\int_0^1 dw/dt\,dt", r"integral:t(derivative:t(w), 0, 1)"),
    (r"\int_0^1 (x+a)\,dx", r"integral:x(add(x, a), 0, 1)"),
    (r"\int_0^1 \frac{(1+x)dx}{x}", r"integral:x(divide(add(1, x), x), 0, 1)"),
    (r"\int_0^1 \frac{\mathrm{d}x}{x}", r"integral:x(divide(1, x), 0, 1)"),
    (r"\int_0^1 \mathrm dx", r"integral:x(1, 0, 1)"),
    (r"\int_0^1 \left(a+\int_0^x s\,ds\right)dx", r"integral:x(add(a, integral:s(s, 0, x)), 0, 1)"),
    (r"w(0)", r"apply:w(0)"),
    (r"w^2(t)", r"power(apply:w(t), 2)"),
    (r"w(t)^2", r"power(apply:w(t), 2)"),
    (r"w'", r"derivative:t(w)"),
    (r"w''", r"derivative:t(derivative:t(w))"),
    (r"w'(t)", r"derivative:t(apply:w(t))"),
    (r"a(b+c)", r"multiply(a, add(b, c))"),
    (r"w(a-w)", r"multiply(w, add(a, minus(w)))"),
    (r"\sum_i x", r"sum:i(x)"),
    (r"\sum_{i=1}^{n} i a", r"sum:i(multiply(i, a), 1, n)"),
    (r"\sum_{i,k=1}^n i k", r"sum:i(sum:k(multiply(i, k), 1, n), 1, n)"),
    (r"\sum_i \lambda_i + a", r"add(sum:i(\lambda_{i}), a)"),
    (r"\sum_i\sum_k i k", r"sum:i(sum:k(multiply(i, k)))"),
    (r"\int_0^1 x\,dx", r"integral:x(x, 0, 1)"),
    (r"\int_a^b \frac{dx}{x}", r"integral:x(divide(1, x), a, b)"),
    (r"\int_0^1\frac{x\,dx}{1+x}", r"integral:x(divide(x, add(1, x)), 0, 1)"),
    (r"\int_0^1 \int_0^x y\,dy\,dx", r"integral:x(integral:y(y, 0, x), 0, 1)"),
    (r"\int_0^t w(s)\,ds", r"integral:s(apply:w(s), 0, t)"),
    (r"2\int_0^1 dx", r"multiply(2, integral:x(1, 0, 1))"),
    (r"\tr(A B)", r"trace(multiply(A, B))"),
    (r"\tr A", r"trace(A)"),
    (r"\operatorname{tr}(A)", r"trace(A)"),
    (r"\|A\|^2", r"norm(A)"),
    (r"\|A-B\|_F^2", r"norm(add(A, minus(B)))"),
    (r"\lVert A\rVert^2", r"norm(A)"),
    (r"A^T", r"transpose(A)"),
    (r"A^\top", r"transpose(A)"),
    (r"A^{\mathsf T}", r"transpose(A)"),
    (r"(A B)^T", r"transpose(multiply(A, B))"),
    (r"A^\mathsf{T}B", r"multiply(transpose(A), B)"),
    (r"W^{21\top}", r"transpose(W^{21})"),
    (r"W^{21}", r"W^{21}"),
    (r"\mathbb{E}[x]", r"mean(x)"),
    (r"\mathbb E_\eta[x]", r"mean:\eta(x)"),
    (r"E[x]", r"mean(x)"),
    (r"E\|A\|^2", r"mean(norm(A))"),
    (r"\mathbb{E}\tr(A)", r"mean(trace(A))"),
    (r"\nabla_A(\tr(A))", r"gradient:A(trace(A))"),
    (r"\nabla_A a", r"gradient:A(a)"),
    (r"\langle A, B\rangle", r"trace(multiply(transpose(A), B))"),
    (r"\langle A,B\rangle_F", r"trace(multiply(transpose(A), B))"),
    (r"M_1", r"M_{1}"),
    (r"x^*", r"x^{*}"),
    (r"3.25", r"3.25"),
    (r"\lambda_j", r"\lambda_{j}"),
    (r"\frac{1}{2}a", r"multiply(divide(1, 2), a)"),
    (r"{da\over dt}", r"derivative:t(a)"),
    (r"{d\over dt}w+b", r"add(derivative:t(w), b)"),
    (r"{dw\over dt}a", r"multiply(derivative:t(w), a)"),
    (r"\partial^2 w/\partial a^2", r"derivative:a(derivative:a(w))"),
    (r"d^2w/dt^2", r"derivative:t(derivative:t(w))"),
    (r"\log_2 x", r"divide(function:ln(x), function:ln(2))"),
    (r"\log_{10}^2(x)", r"power(divide(function:ln(x), function:ln(10)), 2)"),
    (r"\prod_{k=1}^3 (k+x)", r"product:k(add(k, x), 1, 3)"),
    (r"\binom{n}{2}", r"divide(multiply(n, add(n, minus(1))), multiply(1, 2))"),
    (r"\|A\|_F", r"root(norm(A))"),
    (r"\left.x^2\right|_{x=0}", r"evaluation:x(power(x, 2), 0)"),
    (r"\left.\frac{dw}{da}\right|_{a=0}^{b}+c", r"add(evaluation:a(derivative:a(w), 0, b), c)"),
    (r"x^2|_{x=0}", r"evaluation:x(power(x, 2), 0)"),
    (r"x^2\Big|_{x=a}+c", r"add(evaluation:x(power(x, 2), a), c)"),
    (r"-x\bigr\rvert_{x=a}^{x=b}a", r"minus(multiply(evaluation:x(x, a, b), a))"),
    (r"(x+a)\mid_{x=0}", r"evaluation:x(add(x, a), 0)"),
    (r"\left.(x+a)\right|_{x=0}", r"evaluation:x(add(x, a), 0)"),
    (r"b+(x+a)|_{x=0}|c|", r"add(b, multiply(evaluation:x(add(x, a), 0), absolute(c)))"),
    (r"b+2c\frac{dw}{da}\biggr|_{a=0}", r"add(b, beside:a(2, c, evaluation:a(derivative:a(w), 0)))"),
    (r"\frac{dw}{da}|_{b=0}", r"evaluation:b(derivative:a(w), 0)"),
    (r"\frac{d}{da}w|_{a=0}", r"evaluation:a(derivative:a(w), 0)"),
    (r"\sqrt{x|_{x=a}+b}", r"root(add(evaluation:x(x, a), b))"),
    (r"|x|+\frac{dw}{da}|_{a=0}", r"add(absolute(x), evaluation:a(derivative:a(w), 0))"),
    (r"\frac{d}{dt}2w", r"derivative:t(multiply(2, w))"),
    (r"\frac{d}{dt}\frac{a}{w}", r"derivative:t(divide(a, w))"),
]


@pytest.mark.parametrize(("text", "tree"), READ)
def test_what_is_read(text: str, tree: str) -> None:
    assert told(expression(tokens(text), NAMES)) == tree


# Text, where it is refused, and what the reason says.
REFUSED = [
    (r"ϵ", 0, r"\epsilon is not declared"),
    (r"ε", 0, r"\varepsilon is not declared"),
    (r"a\tilde ε", 1, r"\tilde{\varepsilon} is not declared"),
    ("\N{GREEK SMALL LETTER LAMDA}\N{COMBINING TILDE}", 1, "\N{COMBINING TILDE} is not read here"),
    ("\N{GREEK SMALL LETTER EPSILON WITH TONOS}", 0, "έ is not read here"),
    (r"\frac{\text{dw}}{\text{d}t}", 0, r"dt under a fraction whose numerator does not begin with d"),
    (r"a/bc", 3, r"what stands under the / can be read in two ways: use"),
    (r"a/b/c", 3, r"what stands under the / can be read in two ways: use"),
    (r"a/b\cdot c", 3, r"what stands under the / can be read in two ways: use"),
    (r"\sin x y", 7, r"where the argument of the function ends is not clear:"),
    (r"\sin x/y", 6, r"where the argument of the function ends is not clear:"),
    (r"\sin x^2", 6, r"where the argument of the function ends is not clear:"),
    (r"\sin x\cdot y", 6, r"where the argument of the function ends is not clear:"),
    (r"\sin(x)^2", 7, r"a power behind the argument of a function can be read"),
    (r"\sin_2 x", 4, r"an index on a function is not read"),
    (r"\log_a x", 4, r"a base of a logarithm that is not a number above 1"),
    (r"\log_1 x", 4, r"a base of a logarithm that is not a number above 1"),
    (r"\log_2 x y", 9, r"where the argument of the function ends is not clear:"),
    (r"d^2w/dt", 0, r"d over two differentials"),
    (r"\prod_{k=1}^3 k x", 16, r"where the product ends is not clear: use parentheses"),
    (r"\prod_{k=1}^3 k/x", 15, r"where the product ends is not clear: use parentheses"),
    (r"\prod_k x", 0, r"a product without two limits is not read"),
    (r"\binom{n}{k}", 0, r"a binomial coefficient whose lower number is not"),
    (r"\binom{n}{0}", 0, r"a binomial coefficient whose lower number is not"),
    (r"\left.x^2\right|_0^1", 5, r"a value at a place that is not one letter with its"),
    (r"\left.x^2\right|_{x}", 5, r"a value at a place that is not one letter with its"),
    (r"\left.x\right|_{x=0}^{a=1}", 5, r"a value at a place that is not one letter with its"),
    (r"\left.x+a\right|_{x=0}", 5, r"of what the value is taken can be read in two ways"),
    (r"\left.a x\right|_{x=0}", 5, r"of what the value is taken can be read in two ways"),
    (r"a\left.x\right|_{x=0}", 6, r"of what the value is taken can be read in two ways"),
    (r"a\cdot\left.x\right|_{x=0}", 11, r"of what the value is taken can be read in two ways"),
    (r"\left.x\right)_{x=0}", 13, r"\left. is closed by another bracket"),
    (r"x|_0^1", 1, r"a value at a place that is not one letter with its"),
    (r"x|_{x}", 1, r"a value at a place that is not one letter with its"),
    (r"x|_{x=0,a=1}", 1, r"a value at a place that is not one letter with its"),
    (r"x|_{x=0}^2", 1, r"a number raised at a bar can be read in two ways"),
    (r"x|_{x=1}^{-1}", 1, r"a number raised at a bar can be read in two ways"),
    (r"\left.x\right|_{x=0}^{2}", 5, r"a number raised at a bar can be read in two ways"),
    (r"a+x|_{x=0}", 3, r"of what the value is taken can be read in two ways"),
    (r"x+(x+a)|_{x=0}", 7, r"of what the value is taken can be read in two ways"),
    (r"a+\frac{dw}{da}|_{a=0}", 15, r"of what the value is taken can be read in two ways"),
    (r"a-\frac{x}{a}|_{x=0}", 13, r"of what the value is taken can be read in two ways"),
    (r"\frac{d}{da}w|_{b=0}", 13, r"of what the value is taken can be read in two ways"),
    (r"\frac{d}{da}(w)|_{b=0}", 15, r"of what the value is taken can be read in two ways"),
    (r"\sum_j \lambda_j|_{a=0}", 16, r"of what the value is taken can be read in two ways"),
    (r"a/x|_{x=0}", 3, r"what stands under the / can be read in two ways"),
    (r"|x|_{x=0}", 3, r"an index at bars can be read in two ways"),
    (r"\lvert x\rvert_{x=0}", 14, r"an index at bars can be read in two ways"),
    (r"\left|x\right|_{x=0}", 14, r"an index at bars can be read in two ways"),
    (r"|a+x|_{x=0}-b|", 5, r"an index at bars can be read in two ways"),
    (r"|a|x|_{x=0}", 0, r"the bars can be paired in two ways"),
    (r"\sin x|_{x=0}", 6, r"where the argument of the function ends is not clear:"),
    (r"x\right|_{x=0}", 7, r"\rvert is not read here"),
    (r"\sin^a x", 4, r"only a number is read as the power of a function"),
    (r"\sin^{-2} x", 4, r"this power of a function can be read in two ways"),
    (r"\exp^{-1} x", 4, r"this power of a function can be read in two ways"),
    (r"\sin", 0, r"the argument of the function is not clear: use"),
    (r"\sin +x", 5, r"the argument of the function is not clear: use"),
    (r"a 2", 2, r"a number behind a factor can be read in two ways: write"),
    (r"2\frac12", 0, r"a number before a fraction of numbers can be read in"),
    (r"x^12", 3, r"TeX takes one digit, and 2 follows: use braces"),
    (r"a_12", 3, r"TeX takes one digit, and 2 follows: use braces"),
    (r"A^{[1]}", 2, r"what is raised in brackets may be an index: write a"),
    (r"x^\sin", 2, r"\sin as an exponent: use braces"),
    (r"x^\mathbf{a}", 2, r"\mathbf as an exponent: use braces"),
    (r"1 2", 2, r"a space inside a number"),
    (r"1.2.3", 3, r". is not read here"),
    (r"1234567890123456789012345678901", 0, r"a number of more than 30 digits"),
    (r"q", 0, r"q is not declared: give it a meaning under"),
    (r"q+1", 0, r"q is not declared: give it a meaning under"),
    (r"\foo", 0, r"\foo is not read here"),
    (r"(a", 0, r"( is not closed"),
    (r"(a]", 2, r"( is closed by another bracket"),
    (r"\left(a]", 7, r"( is closed by another bracket"),
    (r"(a+b", 0, r"( is not closed"),
    (r"|a", 0, r"| is not closed"),
    (r"|a|b|c|", 0, r"the bars can be paired in two ways: use \left| and"),
    (r"|a|b|", 0, r"the bars can be paired in two ways: use \left| and"),
    (r"|a+|-b||", 0, r"the bars can be paired in two ways: use"),
    (r"|a+|b||", 0, r"the bars can be paired in two ways: use \left| and"),
    (r"\frac{a}{}", 9, r"an empty group"),
    (r"\frac{}{a}", 9, r"an empty group"),
    (r"\frac{dw}{ds^3}", 12, r"a power of a differential other than dt^2 is not read"),
    (r"\frac{w}{dt}", 0, r"dt under a fraction whose numerator does not begin with"),
    (r"\frac{dw}{dt^2}", 0, r"d over two differentials"),
    (r"\frac{d^3w}{dt^2}", 0, r"d over two differentials"),
    (r"\frac{d a b}{dt}", 10, r"more than one factor behind d in a numerator can be"),
    (r"\frac{dw}{d(t)}", 10, r"a denominator that begins with d but is not dt"),
    (r"\frac{d}{dt}a\cdot b", 13, r"what is differentiated can be read in two ways: use"),
    (r"\frac{d}{dt}w/2", 13, r"what is differentiated can be read in two ways: use"),
    (r"\frac{dw}{dt}^2", 13, r"^ is not read here"),
    (r"\frac{d^2}{dt}w", 7, r"^ is not read here"),
    (r"\sin\frac{dw}{dt}", 4, r"a derivative as the argument of a function: use"),
    (r"d w", 0, r"d that is not part of d/dt is not declared"),
    (r"dw/t", 0, r"d that is not part of d/dt is not declared"),
    (r"dw/dt(a)", 5, r"what stands behind dt can be read in two ways"),
    (r"d/dt w a", 7, r"what is differentiated can be read in two ways: use"),
    (r"d/d", 2, r"d/d without the symbol in which is differentiated"),
    (r"dw/dt^2", 5, r"d/d without the symbol in which is differentiated"),
    (r"\partial_{a b} w", 0, r"\partial with an index that is not one symbol"),
    (r"\dot{a+b}", 0, r"a dot over more than one symbol"),
    (r"\dot{}", 0, r"a dot over nothing"),
    (r"\dot{a b}", 0, r"a dot over more than one symbol"),
    (r"\dot 2", 5, r"2 is not read here"),
    (r"a(b)", 1, r"a(b) can be read as a product or as a function"),
    (r"w(b)", 1, r"w(b) can be read as a product or as a function"),
    (r"a()", 1, r"empty brackets"),
    (r"a(b,c)", 1, r"a with several arguments is not read"),
    (r"w'(0)", 0, r"a derivative at a number is not read"),
    (r"a'", 0, r"a' is not declared: give it a meaning under"),
    (r"\sum x", 0, r"a sum without one letter as its index is not read"),
    (r"\sum_{12} x", 0, r"a sum without one letter as its index is not read"),
    (r"\sum_{i=1} x", 0, r"a sum with one limit alone is not read"),
    (r"\sum^n x", 0, r"a sum without one letter as its index is not read"),
    (r"\sum_{i\in n} x", 0, r"what stands under the sum is not read"),
    (r"\sum_t x", 0, r"the index t is the time: use another"),
    (r"\sum_s x", 0, r"the index s is the time: use another"),
    (r"\sum_w x", 0, r"the index w is bound already, or declared a function:"),
    (r"\sum_i\sum_i x", 6, r"the index i is bound already, or declared a function:"),
    (r"\sum_i x i + i", 11, r"where the sum over i ends is not clear: use parentheses"),
    (r"\sum_{i=1,k=2}^n i", 0, r"what stands under the sum is not read"),
    (r"\sum_{i=}^n i", 0, r"what stands under the sum is not read"),
    (r"\sum_a\sum_b\sum_c\sum_k\sum_l x", 24, r"sums nested more than 4 deep"),
    (r"\int_0 x\,dx", 0, r"an integral without two limits is not read"),
    (r"\int x\,dx", 0, r"an integral without two limits is not read"),
    (r"\int_0^1 x", 0, r"an integral without a differential, such as dx, is not"),
    (r"\int_0^1 x\,dx y", 15, r"what stands behind the differential can be read in two"),
    (r"\int_0^1 x\,dx/y", 14, r"what stands behind the differential can be read in two"),
    (r"\int_0^1 x\,dx^2", 14, r"what stands behind the differential can be read in two"),
    (r"\int_0^1 \int_0^1 x\,dx\,dx", 9, r"x is bound already: use another letter"),
    (r"\int_0^1\int_0^1\int_0^1 x\,dx\,dy\,da", 16, r"integrals nested more than 2 deep"),
    (r"\int_0^1 d", 9, r"d without the letter over which is integrated"),
    (r"\int_0^1 x\,d2", 12, r"d without the letter over which is integrated"),
    (r"\int_0^1_2 x\,dx", 0, r"the limits of the integral are not read"),
    (r"\tr A B", 6, r"where the argument of the trace ends is not clear: use"),
    (r"\tr A^2", 5, r"where the argument of the trace ends is not clear: use"),
    (r"\tr(A)^2", 6, r"a power behind a trace can be read in two ways"),
    (r"\tr", 0, r"the equation ends too early"),
    (r"\|A\|", 0, r"a norm that is not squared is not read"),
    (r"\|A\|_2^2", 0, r"a norm other than Frobenius is not read"),
    (r"\|A\|^3", 0, r"a norm that is not squared is not read"),
    (r"\|A", 0, r"\| is not closed"),
    (r"\langle A\rangle", 0, r"angles are read as the product of two matrices, \langle"),
    (r"\langle A,B,x\rangle", 0, r"angles are read as the product of two matrices, \langle"),
    (r"\langle A,B\rangle_2", 0, r"an inner product other than Frobenius's is not read"),
    (r"\langle A,B\rangle^2", 18, r"^ is not read here"),
    (r"\operatorname{foo}(a)", 0, r"\operatorname{foo} is not known"),
    (r"\mathbb{E}", 0, r"\mathbb{E} is not declared: give it a meaning under"),
    (r"\mathbb{E}[x]^2", 13, r"^ is not read here"),
    (r"\mathbb{E}\lvert x\rvert", 10, r"where the argument of the mean ends is not clear: use"),
    (r"\mathbb{E}_{a b}[x]", 10, r"an index that is not one symbol"),
    (r"\mathbb{E}\tr A B", 16, r"where the argument of the trace ends is not clear: use"),
    (r"\nabla a", 0, r"\nabla without the letter in which is differentiated"),
    (r"\nabla_A a b", 11, r"what is differentiated can be read in two ways: use"),
    (r"\nabla_A(a)^2", 11, r"^ is not read here"),
    (r"a,b", 1, r", is not read here: equations stand apart by \quad, and"),
    (r"a=", 1, r"= is not read here"),
    (r"a^", 1, r"^ lacks an argument"),
    (r"a+", 1, r"the equation ends too early"),
    (r"e", 0, r"e without an exponent is not declared"),
    (r"e+1", 1, r"e without an exponent is not declared"),
    (r"e^x_1", 0, r"e_{1} is not declared"),
    (r"{a\over b\over c}", 9, r"\over twice in one group"),
    (r"(a \over b)", 0, r"\over between brackets without \left: use \frac"),
    (r"\sqrt{}", 6, r"an empty group"),
    (r"\sqrt12", 6, r"TeX takes one digit, and 2 follows: use braces"),
    (r"\frac123", 7, r"TeX takes one digit, and 3 follows: use braces"),
    (r"a^b^c", 3, r"^ is not read here"),
    (r"2_1", 1, r"an index behind something that is not a symbol"),
    (r"(a)_1", 3, r"an index behind something that is not a symbol"),
    (r"a!", 1, r"! is not read here"),
    (r"a\%", 1, r"\% is not read here"),
]


@pytest.mark.parametrize(("text", "position", "reason"), REFUSED)
def test_what_is_refused(text: str, position: int, reason: str) -> None:
    with pytest.raises(Unparsed) as refused:
        expression(tokens(text), NAMES)
    assert reason in str(refused.value)
    assert refused.value.position == position


STATEMENTS = [
    (r"a=b", ("a", "b"), ("=",)), (r"a\le b<c", ("a", "b", "c"), ("<=", "<")), (r"a\approx 0.5", ("a", "0.5"), ("=",)),
    (r"a\neq b", ("a", "b"), ("!=",)), (r"\dot w = a.", ("derivative:t(w)", "a"), ("=",)),
    (r"a\ge b", ("a", "b"), (">=",)),
    (r"a\,du = b\,dt", ("multiply(a, derivative:t(u))", "b"), ("=",)),
    (r"(a-w)\,\mathrm{d}t = dw", ("derivative:t(w)", "add(a, minus(w))"), ("=",)),
    (r"\frac{a\,du}{b} = dt", ("multiply(divide(a, b), derivative:t(u))", "1"), ("=",)),
    (r"\frac{2}{a} dt = \frac{dw}{w}", ("multiply(divide(1, w), derivative:t(w))", "divide(2, a)"), ("=",)),
    (r"dw = dt", ("derivative:t(w)", "1"), ("=",)),
    (r"w^2=\const", ("derivative:t(power(w, 2))", "0"), ("=",)), (r"a=b\tag{1}", ("a", "b"), ("=",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sides", "relations"), STATEMENTS)
def test_a_statement_is_sides_with_relations(text: str, sides: tuple[str, ...], relations: tuple[str, ...]) -> None:
    said = statement(tokens(text), NAMES)
    assert tuple(map(told, said.sides)) == sides
    assert said.relations == relations


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a", "there is no equation here"),
        (r"a\approx b", "≈ is read beside a decimal"),
        (r"0.5=a\approx b", "≈ is read beside a decimal"),
        (r"a=b=\const", r"\const is not read here"),
        ("=a", "= is not read here"),
        ("a=b c)", ") is not read here"),
        ("dw = a dt + b dx", "d that is not part of d/dt is not declared"),
        ("dw = -a dt", "d that is not part of d/dt is not declared"),
        ("dx = dy", "d that is not part of d/dt is not declared"),
        ("dt = dt", "d that is not part of d/dt is not declared"),
        ("dw + a = b dt", "d that is not part of d/dt is not declared"),
        ("", "there is nothing to read"),
        ("a=b, c=a", ", is not read here"),
    ],
)
def test_what_is_no_statement(text: str, reason: str) -> None:
    with pytest.raises(Unparsed) as refused:
        statement(tokens(text), NAMES)
    assert reason in str(refused.value)


def test_constancy_is_in_time() -> None:
    with pytest.raises(Unparsed, match="in which something is constant"):
        statement(tokens(r"a=\const"), frozenset("a"))


KEYS = {
    "w(t)": "w(t)", r"\lambda_1": r"\lambda_{1}", "a_{12}": "a_{12}", "x^*": "x^{*}", r"\hat w_i": r"\hat{w}_{i}",
    r"\bar w'": r"\bar{w}'", "w( s )": "w(s)",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "command"), [("≤", r"\le"), ("≥", r"\ge"), ("≠", r"\neq"), ("−", "-")])
def test_a_sign_typed_as_it_looks_is_its_command(typed: str, command: str) -> None:
    sign = tokens(f"a {typed} b")[1]
    assert (sign.text, sign.typed, sign.position) == (command, typed, 2)


def test_what_the_author_makes_of_a_sign_goes_first() -> None:
    assert [token.text for token in tokens("a·b", 0, {"·": Macro(0, "+")})] == ["a", "+", "b"]


@pytest.mark.parametrize("typed", [*"αβγδϵεζηθϑικλμνξπρϱσςϖϰτυϕφχψωΓΔΘΛΞΠΣΥΦΨΩℓ", "\u00b5", "\u2126"])
def test_a_letter_typed_as_it_looks_is_its_command(typed: str) -> None:
    """By its name in Unicode, and what TeX writes with var."""
    words = unicodedata.name(typed).removesuffix(" SIGN").removesuffix(" SYMBOL").split()
    name = {"LAMDA": "LAMBDA", "FINAL": "SIGMA", "SCRIPT": "ELL", "MICRO": "MU", "OHM": "OMEGA"}
    plain = next((name[word] for word in words if word in name), words[-1])
    is_capital = "CAPITAL" in words or typed == "\u2126"
    variants = set("εϑϱςϖϰφ")
    expected = plain.capitalize() if is_capital else "var" * (typed in variants) + plain.lower()
    assert key(typed) == f"\\{expected}"
    assert key(rf"w_{{{typed}}}^*") == key(rf"w_{{\{expected}}}^*")


@pytest.mark.parametrize("text", KEYS)
def test_the_key_of_a_symbol(text: str) -> None:
    assert key(text) == KEYS[text]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("w(0)", r"declare w(t); its value at 0"),
        ("w(t", "is not a function of symbols"),
        ("w(a b)", "is not a function of symbols"),
        ("a b", "is more than one symbol"),
        ("w(t) a", "is more than one symbol"),
        ("2", "is not a symbol"),
    ],
)
def test_what_is_no_key(text: str, reason: str) -> None:
    with pytest.raises(Unparsed) as refused:
        key(text)
    assert reason in str(refused.value)
