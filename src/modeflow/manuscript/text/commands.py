"""The commands that are read: letters, functions, accents, brackets, relations, and those that say nothing."""

from __future__ import annotations


def named(names: str) -> frozenset[str]:
    """The commands of these names, which spaces separate."""
    return frozenset("\\" + name for name in names.split())


_LETTERS = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho varrho sigma"
    " varsigma varpi varkappa tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi"
    " Omega ell"
)
GREEK = named(_LETTERS)
# The commands of letters that are typed as they look, as Unicode in LaTeX and MathJax have them; with micro and ohm.
TYPED_GREEK = {
    typed: f"\\{name}"
    for typed, name in [
        *zip("αβγδϵεζηθϑικλμνξπρϱσςϖϰτυϕφχψωΓΔΘΛΞΠΣΥΦΨΩℓ", _LETTERS.split(), strict=True),
        *(("\u00b5", "mu"), ("\u2126", "Omega")),
    ]
}
# Signs that are typed as they look, likewise.
TYPED_SIGNS = {"−": "-"} | {
    typed: f"\\{name}"
    for signs, names in (
        ("·⋅×÷±∓∂∇∫∑∏∞⊤", "cdot cdot times div pm mp partial nabla int sum prod infty top"),
        ("≤≥≠≈≡∼∝∈→⇒", "le ge neq approx equiv sim propto in to Rightarrow"),
    )
    for typed, name in zip(signs, names.split(), strict=True)
}
ACCENTS = named("tilde hat bar overline widehat widetilde vec check breve")
FONTS = named("mathbf boldsymbol bm mathcal mathsf mathrm mathit mathbb")
ALIKE = {"\\bm": "\\boldsymbol", "\\pmb": "\\boldsymbol"} | {  # set alike, so that they make one name
    f"\\{name.capitalize()}": f"\\{name}" for name in ("tilde", "hat", "bar", "vec", "dot", "ddot")
}
ALIKE_IN_INDICES = dict.fromkeys(("\\text", "\\textrm", "\\textnormal", "\\mbox"), "\\mathrm")
OLD_FONTS = {"\\rm": "\\mathrm", "\\bf": "\\mathbf", "\\it": "\\mathit", "\\sf": "\\mathsf", "\\cal": "\\mathcal"}

# A name, and what it is called in a tree. Those that LaTeX lacks are read as well: authors define them.
_NAMED = {
    "log": "ln",
    "arctanh": "artanh",
    "arcsinh": "arsinh",
    "arccosh": "arcosh",
    "atanh": "artanh",
    "asinh": "arsinh",
    "acosh": "arcosh",
    "acoth": "arcoth",
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
} | {
    name: name
    for name in [
        *("exp", "ln", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth", "sech", "csch"),
        *("arcsin", "arccos", "arctan", "arsinh", "arcosh", "artanh", "arcoth"),
    ]
}
FUNCTIONS = {"\\" + name: known for name, known in _NAMED.items()}
INVERSES = {
    "sin": "arcsin",
    "cos": "arccos",
    "tan": "arctan",
    "sinh": "arsinh",
    "cosh": "arcosh",
    "tanh": "artanh",
}
TRACES = named("tr Tr trace Trace")
TRANSPOSES = {"\\top", "\\intercal", "T"}  # the last where T is not declared
MEANS = frozenset(["E", "\\mathbb{E}", "\\mathrm{E}", "\\mathcal{E}", "\\mathsf{E}", "\\operatorname{E}"])
# Written \operatorname{artanh}, \mathrm{artanh} or \text{artanh}, they are the commands of these names.
OPERATORS = frozenset(name[1:] for name in (*FUNCTIONS, *TRACES))
UPRIGHT = named("operatorname operatorname* mathrm text textrm mathop mathsf")

SPACES = named(
    ", ; : ! displaystyle textstyle nonumber notag thinspace medspace thickspace negthinspace enspace enskip limits"
    " nolimits allowbreak nobreak scriptstyle scriptscriptstyle tiny scriptsize footnotesize small normalsize large"
) | {"~", "\\>", "\\ ", "\\\n", "\\\t", "\u200b", "\u200e", "\u200f", "\ufeff"}
SPACES_OF_LENGTH = named("hspace hspace* mspace vspace vspace*")
SIZES = frozenset("\\" + size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m"))
FRACTIONS = named("frac dfrac tfrac cfrac nicefrac sfrac")

_BARRED = {"\\lVert": "\\rVert", "\\lvert": "\\rvert", "\\left.": "\\rvert"}
PAIRS = {"(": ")", "[": "]", "\\{": "\\}", "\\lbrack": "\\rbrack", **_BARRED}
BRACKETS = PAIRS.keys() - _BARRED.keys()
CLOSERS = frozenset(PAIRS.values())
BRACES = {"\\lbrace": "\\{", "\\rbrace": "\\}"}
BARS = frozenset(["\\|", "\\Vert"])

APPROXIMATELY = "\\approx"  # read beside a decimal, which is rounded
RELATIONS = {
    **dict.fromkeys(("=", "\\equiv", "\\coloneqq", "\\coloneq", "\\triangleq"), "="),
    **dict.fromkeys(("<", "\\lt"), "<"),
    APPROXIMATELY: "=",
    **dict.fromkeys((">", "\\gt"), ">"),
    **dict.fromkeys(("\\ne", "\\neq"), "!="),
    **dict.fromkeys(("\\le", "\\leq", "\\leqslant"), "<="),
    **dict.fromkeys(("\\ge", "\\geq", "\\geqslant"), ">="),
}
# What is met often and not read, with the reason.
_NO_EQUATION = "cannot be checked: only =, ≠, <, >, ≤, ≥ and, beside a decimal, ≈ can"
UNREAD = {
    **dict.fromkeys(
        named(
            "sim simeq cong propto asymp doteq to rightarrow longrightarrow xrightarrow Rightarrow implies ll gg"
            " lesssim gtrsim not in mapsto"
        ),
        _NO_EQUATION,
    ),
    **dict.fromkeys(named("pm mp"), "stands for two equations: write each of them"),
    "\\begin": "inside a display cannot be checked: write each case, row or entry as an equation of its own",
    ",": "is not read here: equations stand apart by \\quad, and numbers are written without",
}
TIMES = frozenset(["\\cdot", "\\times", "*"])
STARS = {"*": "*", "\\ast": "*", "\\star": "*"}

# What a command of the author's own cannot mean before it is defined.
KNOWN = (
    GREEK | ACCENTS | FONTS | FRACTIONS | TRACES | SPACES | TIMES | FUNCTIONS.keys() | RELATIONS.keys() | PAIRS.keys()
) | named("sqrt dot ddot over left right partial nabla sum int operatorname top intercal prime ast star quad qquad")
