"""Random TeX and Markdown against the reader of manuscripts: inputs per second, and whatever it does not take well.

python benchmarks/fuzz_manuscript.py [--seconds S] [--seed N] [--engine random|hypothesis|atheris]

Every input must be read or refused with a reason, within one second. An input is an equation (tokens, tree, SymPy) or
a document (a file with marks, displays and macros); nothing is proved here. `--large` tries 64 KiB inputs made to be
slow, and prints the longest time and the memory taken. Exit status 1 when something failed; the inputs are printed.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from itertools import groupby, pairwise
from pathlib import Path

from modeflow.manuscript import Configuration, Finding, configuration, first_configuration
from modeflow.manuscript.marked_equations import marked
from modeflow.manuscript.mean.matrix_shapes import alike
from modeflow.manuscript.mean.meaning import Reader
from modeflow.manuscript.mean.quantity_names import Names
from modeflow.manuscript.mean.subject import Subject
from modeflow.manuscript.mean.uninterpreted import Values, shown_numbers, variables
from modeflow.manuscript.read.grammar import statement
from modeflow.manuscript.read.not_compared import not_compared
from modeflow.manuscript.read.outline import outline
from modeflow.manuscript.read.uninterpreted import side
from modeflow.manuscript.text import sources
from modeflow.manuscript.text.commands import FUNCTIONS, GREEK, RELATIONS
from modeflow.manuscript.text.tokens import Macro, Unparsed, tokens
from modeflow.proof import limits
from modeflow.statements.catalogue import claims

SLOWEST = 1.0  # seconds for one input
SIZE = 64 * 1024  # bytes of a large input

SEEDS = [
    r"w^* = \frac{\lambda}{\lambda + \varepsilon}",
    r"\frac1{w^*} = 1 + \varepsilon/\lambda",
    r"\tau\frac{\mathrm{d}}{\mathrm{d}t}(w_1w_2) = (w_1^2+w_2^2)\left(\lambda-(\lambda+\varepsilon)w_1w_2\right)",
    r"\tau\,dw/dt = 2w(\lambda-(\lambda+\varepsilon)w)",
    r"w(t) = {\lambda\over\lambda+\varepsilon-(\lambda+\varepsilon-\lambda/w(0))\mathrm{e}^{-2\lambda t/\tau}}",
    r"T(x) = \frac{\tau}{2\lambda}\ln\frac{x(\lambda-(\lambda+\varepsilon)w_0)}{w_0(\lambda-(\lambda+\varepsilon)x)}",
    r"\tau\dot\theta = 2\lambda - c_0(\lambda+\varepsilon)\sinh\theta, \quad \tanh^{-1}(x) = \operatorname{artanh} x",
    r"\tau\dot W_1 = W_2^T\Sigma-W_2^\top W_2W_1(\Sigma+\varepsilon I)-\gamma W_1",
    r"\tfrac12\left\|X-W_2W_1X\right\|_F^2 = \operatorname{tr}\bigl[(I-W_2W_1)XX^T(I-W_2W_1)^T\bigr]",
    r"w_1^2+w_2^2 \ge 2w_1w_2 = \m{2}w_1\half w_2",
    r"\sum_{i=1}^{n}\left(\lambda_i-\frac1n\sum_{j=1}^n\lambda_j\right)^2 = \sum_i\lambda_i^2-n",
    r"\frac{\partial}{\partial\varepsilon}\sum_{j=0}^{3}\frac{j\lambda}{\lambda+\varepsilon} = |x||\varepsilon|",
    r"\frac{d}{dt}(W_2W_1) = \dot W_2W_1+W_2\dot W_1",
    r"t = \frac{\tau}{2}\int_{w_0}^w\frac{dx}{x(\lambda-x)} = \int_0^t\int_0^s|x|\mathrm{e}^{-(s-x)}\,dx\,\mathrm{d}s",
    r"\operatorname*{arg\,min}_{x\in X}\|x-w^*\|_1 \le \left.\frac{\partial F}{\partial x}\right|_{x=0}, \quad 1,\dots",
    r"|x|+2\lambda\frac{d(x^2)}{dx}\big|_{x=1} = (x+a)|_{x=0}|a| - F\Big|_{t=0}^{t=1}\mid \partial_xG\rvert_{x=w}",
    r"f(x,y) = \begin{cases} |x|^2 & \text{if } x \in [0,1) \\ \lim_{n\to\infty} a_n & \text{otherwise} \end{cases}",
    r"f(x+\varepsilon, g(x)) = f^2(x, -\frac{y}{2}) + \frac{\partial f(x,y)}{\partial x}g'(x) - p(x \mid y)\Delta t^2",
    r"|\psi\rangle\langle\psi| = \sum_i p(x|i)|i\rangle\langle i|, \quad \boxed{a \equiv b \pmod{n}, \quad e_1 = e}",
    r"\coth\frac{y}{\tanh\sqrt{\frac{(y^2+w-(\frac{w}{y})^2)(\lambda-y)}{w\cdot(2-(\frac{y}{\lambda^2+y})^3)^3}}} = w",
    r"\frac{d\,w^2}{dt} \overset{!}{=} 2|w|\dot w+\ln\cosh\left|x\right|",
]
COMMANDS = r"""
\frac \dfrac \over \sqrt \left \right \big \dot \ddot \mathrm \mathbf \text \operatorname \boxed{ \rm {} \partial \nabla
\| \lVert \rVert \top \le \ge \equiv := \quad \qquad \label{ \tag{ \operatorname{tr} \mathbb{E} \\ \m{ \m \half \loop
\none w^* W_1 {dt} (t) (0) ^T ^{-1} ^2 _1
\int \int_0^1 \int_{w_0}^{w} \,dx {dx} \mathrm{d}s ds
\sum \sum_i \sum_{i=1}^{n} \sum_{j=0}^{3} _i _j _{i} \overset{!}{=} \stackrel \mathbf{BA} \lvert \rvert \left| \right|
\min \max_x \lim_{n\to\infty} \in \sim \to \implies \pm \dots \infty
\left. \right. \left\{ \right\} \mid \text{if~} \binom \overset{d}{\to}
\begin{cases} \end{cases} \begin{pmatrix} \end{pmatrix} \begin{aligned} \end{aligned}
\prod_{k} \operatorname*{f} \langle \rangle \lfloor \rfloor \square
|a\rangle \langle{b}| f(x,y) g(x) g'(x) p(x|y) \Delta{} \Delta \pmod e_1 \delta{x} 学
"""
PARTS = [*sorted(GREEK), *FUNCTIONS, *"abcdetwxEITW0129+-*/^_={}()[]'&.,|<>!~$%#\\\n ", *COMMANDS.split()]
DISPLAY = "% modeflow: prove\n\\begin{{align}}\n{} \\\\\n& = 1 \\label{{a}}\\\\ % modeflow: prove\n{}\n\\end{{align}}"
TEX = [
    "\\newcommand{\\m}[1]{#1+#1}\n% modeflow: define \\xi = \\lambda\n% modeflow: prove\n\\[ w^* = \\m{1} \\]",
    *(DISPLAY.format(one, two) for one, two in pairwise(SEEDS)),
]
MARKDOWN = [f"Text `$x$`, <!-- modeflow: prove -->\n$$ {one} $$\n```\n$ {one} $\n```\n" for one in SEEDS]
AROUND = [
    *("% modeflow: prove\n", "% modeflow: dae.fixed_point\n", "% modeflow: define \\xi = ", "<!-- modeflow: prove -->"),
    *(
        "\\[",
        "\\]",
        "$",
        "$$",
        "\\begin{align}",
        "\\end{align}",
        "\\begin{equation}",
        "\\end{equation}",
        "\n\n",
        "%",
        "\\iffalse",
    ),
    *(
        "\\fi",
        "\\begin{verbatim}",
        "\\end{verbatim}",
        "```\n",
        "<!--",
        "-->",
        "`",
        "\\newcommand{\\m}[1]{",
        "\\def\\x{",
        "\\input{",
    ),
    *(
        "\\begin{split}",
        "\\end{split}",
        "\\verb|",
        "\\let\\a\\b",
        "\\DeclareMathOperator{\\tr}{tr}",
        "\\end{document}",
        "\\label{a}",
    ),
]
MACROS = {
    "\\m": Macro(1, "#1+#1"),
    "\\half": Macro(0, r"\frac12"),
    "\\loop": Macro(0, r"\loop\loop"),
    "\\none": Macro(0, ""),
}

HELD: dict[Path, str] = {}
sources._text = lambda path, largest=0: HELD.get(path, "")  # the reader is timed, not the disk

Try = Callable[[str], str]
MEANING = SLOWEST / 2  # for the meaning of one equation, to which `check` sets a limit too


def equation(chosen: Configuration) -> Try:
    """Reads an equation up to its meaning; the answer says what became of it."""
    names, subjects = chosen.notation.names(), [Subject(c) for c in claims().values()]
    swaps = [Names(subject).swaps() for subject in subjects]
    chance = random.Random(1)

    def read(text: str) -> str:
        number = chance.randrange(len(subjects))
        subject = subjects[number]
        reader = Reader(chosen.notation, subject.moving, swaps[number], {}, subject.covariance)
        try:
            with limits.within(MEANING):
                alike([reader.read(side) for side in statement(tokens(text, 0, MACROS), names).sides])
        except limits.OutOfTime:
            return "at the limit"
        except Unparsed as refused:
            if not str(refused) or not isinstance(refused.position, int):
                raise AssertionError("refused without a reason or a place") from refused
            return outlined(text)
        return "read"

    return read


def outlined(text: str) -> str:
    """Whether what is refused is read without its meaning."""
    as_written(text)
    try:
        never = not_compared(outline(tokens(text, 0, MACROS)))
    except Unparsed as refused:
        if not str(refused) or not isinstance(refused.position, int):
            raise AssertionError("refused without a reason or a place") from refused
        return "refused"
    return "not compared" if never else "of several readings"


def as_written(text: str) -> None:
    """Reads each side as it is written, and finds its value, as in a step with undeclared letters."""
    with suppress(Unparsed):
        for is_relation, found in groupby(tokens(text, 0, MACROS), lambda token: token.text in RELATIONS):
            with suppress(Unparsed):
                if not is_relation:
                    part = side(list(found), {})
                    Values({}, shown_numbers(part, True), variables(part)).value(part)


def document(folder: Path, chosen: Configuration, suffix: str) -> Try:
    """Reads a whole file: displays, marks, macros and trees, and the first configuration."""
    path, names = folder / f"paper{suffix}", chosen.notation.names()
    path.touch()

    def read(text: str) -> str:
        HELD[path] = text
        found, macros = sources.read(path)
        items = [item for source in found for item in marked(source, {"a": "prove"}, macros)]
        for item in items:
            if not isinstance(item, Finding):
                with suppress(Unparsed):
                    statement(tokens(item.piece.text, item.piece.position, macros), names)
        if len(text) % 16 == 0:
            first_configuration([path])
        return "with marks" if items else "without marks"

    return read


def changed(chance: random.Random, text: str, parts: list[str]) -> str:
    """The text with a few random changes, most of them of one token."""
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        found = re.findall(r"\\[A-Za-z]+|\s+|.", text, re.DOTALL) or [""]
        at, other = chance.randrange(len(found)), chance.randrange(len(found))
        how = chance.randrange(6)
        if how == 0:
            found[at] = ""
        elif how == 1:
            found[at], found[other] = found[other], found[at]
        elif how == 2:
            found[at] = found[other]
        elif how == 3:
            found.insert(at, "".join(found[other : other + 8]))
        elif how == 4 and len(text) < 400:
            found.insert(at, chance.choice(parts) * chance.choice((1, 1, 1, 2, 30)))
        else:
            found[at] = chance.choice(parts)
        text = "".join(found)
    return text


class Run:
    """Counts what became of inputs and keeps the failures."""

    def __init__(self) -> None:
        self.found: Counter[str] = Counter()
        self.failures: list[str] = []
        self.slowest, self.spent, self.inputs = 0.0, 0.0, 0

    def take(self, read: Try, text: str) -> str:
        """What became of the input; "failed" where that is kept as a failure."""
        start, became = time.process_time(), "failed"
        try:
            became = read(text)
            self.found[became] += 1
        except Exception:
            self.failures.append(f"{text[:300]!r}\n{traceback.format_exc(limit=-4)}")
        seconds = time.process_time() - start  # of this process: other programs do not count
        if seconds > SLOWEST:
            self.failures.append(f"{text[:300]!r} ({len(text)} characters) took {seconds:.1f} s")
        self.slowest, self.spent, self.inputs = max(self.slowest, seconds), self.spent + seconds, self.inputs + 1
        return became

    def report(self, name: str) -> None:
        rate = self.inputs / self.spent if self.spent else 0.0
        print(f"{name}: {self.inputs} inputs, {rate:.0f}/s, slowest {self.slowest:.3f} s, {dict(self.found)}")
        for failure in self.failures[:20]:
            print("FAILED", failure)


def at_random(read: Try, seeds: list[str], parts: list[str], seconds: float, seed: int, run: Run) -> None:
    chance, until = random.Random(seed), time.monotonic() + seconds
    pool = list(seeds)
    while time.monotonic() < until:
        text = changed(chance, chance.choice(pool), parts)
        became = run.take(read, text)
        # What was refused leads to what is refused: only the rest goes on, so that most inputs get beyond the grammar.
        if became != "refused" and len(text) < 300 and chance.random() < 0.02:
            pool = [*seeds, *pool[-300:], text]


def by_hypothesis(read: Try, seeds: list[str], parts: list[str], seconds: float, seed: int, run: Run) -> None:
    from hypothesis import HealthCheck, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    until = time.monotonic() + seconds
    piece = st.one_of(st.sampled_from(parts), st.sampled_from(seeds), st.text(max_size=3))

    while time.monotonic() < until:

        @seeded(seed)
        @settings(max_examples=2000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(piece, max_size=30))
        def once(drawn: list[str]) -> None:
            if time.monotonic() < until:
                run.take(read, "".join(drawn))

        once()
        seed += 1


def by_atheris(read: Try, seconds: float, seed: int, run: Run) -> None:
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is not installed")

    def one(data: bytes) -> None:
        run.take(read, data.decode("utf-8", errors="replace"))

    atheris.Setup([sys.argv[0], f"-max_total_time={seconds:.0f}", f"-seed={seed}"], one)
    atheris.Fuzz()


def large(chosen: Configuration, folder: Path, run: Run) -> None:
    """64 KiB of each part again and again, alone, closed, inside a display, and in pairs."""
    chance = random.Random(7)
    pairs = [chance.choice([*PARTS, *AROUND]) + chance.choice([*PARTS, *AROUND]) for _ in range(300)]
    one, tex, md = equation(chosen), document(folder, chosen, ".tex"), document(folder, chosen, ".md")
    for part in [*PARTS, *AROUND, *SEEDS, *pairs]:
        many = (part * (SIZE // len(part.encode()) + 1))[:SIZE]
        spread = ((part + " " * 60) * (SIZE // (len(part.encode()) + 60) + 1))[:SIZE]
        for text in (many, many[:30_000], many[:3_000], spread):
            run.take(one, f"w^* = {text}")
            run.take(tex, text)
            run.take(md, text)
            run.take(tex, f"% modeflow: prove\n\\begin{{align}}{text}\\end{{align}}")
        run.take(tex, part + " " * SIZE + "x" + part)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=20180605)
    parser.add_argument("--engine", choices=["random", "hypothesis", "atheris"], default="random")
    parser.add_argument("--large", action="store_true")
    given = parser.parse_args()
    keys = ["y", "e_1", r"\Delta t", "f(x, y)", "f(x)", "g(x)", "p(x | y)"]
    symbols = {"n": {"positive": True, "integer": True}, "e": "e", **{key: {"real": True} for key in keys}}
    chosen = configuration({"notation": "pretorius2018", "symbols": symbols}, "fuzz")
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.large:
            run = Run()
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            large(chosen, folder, run)
            run.report("64 KiB inputs")
            after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            print(f"memory: {after / 1024:.0f} MiB at most, {(after - before) / 1024:.0f} MiB of them for the inputs")
            return int(bool(run.failures))
        share = given.seconds / 3
        for label, read, seeds, parts in (
            ("equations", equation(chosen), SEEDS, PARTS),
            (".tex files", document(folder, chosen, ".tex"), TEX, [*PARTS, *AROUND, *AROUND]),
            (".md files", document(folder, chosen, ".md"), MARKDOWN, [*PARTS, *AROUND, *AROUND]),
        ):
            run = Run()
            if given.engine == "random":
                at_random(read, seeds, parts, share, given.seed, run)
            elif given.engine == "hypothesis":
                by_hypothesis(read, seeds, parts, share, given.seed, run)
            else:
                by_atheris(read, share, given.seed, run)
            run.report(label)
            failed = failed or bool(run.failures)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
