"""Plain prose with Unicode mathematics in it, as LaTeX."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

_NAMES = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "varepsilon", "ϵ": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi",
    "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "varphi", "ϕ": "phi", "χ": "chi",
    "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi",
    "Π": "Pi", "Σ": "Sigma", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega", "ϑ": "vartheta", "ϱ": "varrho", "ς": "varsigma",
}  # fmt: skip
GREEK = {letter: "\\" + name for letter, name in _NAMES.items()}
_SIGNS = {
    "≥": r"\ge", "≤": r"\le", "≠": r"\neq", "≈": r"\approx", "∝": r"\propto", "∈": r"\in", "∞": r"\infty",
    "±": r"\pm", "∓": r"\mp", "×": r"\times", "·": r"\cdot", "−": "-", "→": r"\to", "↦": r"\mapsto",
    "⇒": r"\Rightarrow", "∂": r"\partial", "∇": r"\nabla", "√": r"\surd", "∑": r"\sum", "∫": r"\int",
    "‖": r"\|", "½": r"\tfrac12", "¼": r"\tfrac14", "ℝ": r"\mathbb{R}", "ℚ": r"\mathbb{Q}", "ℓ": r"\ell",
    "′": "'", "″": "''", "°": r"^{\circ}", "⟨": r"\langle", "⟩": r"\rangle", "⊤": r"\top", "≡": r"\equiv",
    "<": "<", ">": ">", "|": "|", "*": "^{*}", "≪": r"\ll", "≫": r"\gg", "∘": r"\circ", "⊥": r"\perp",
    "𝒜": r"\mathcal{A}", "𝒩": r"\mathcal{N}", "𝒟": r"\mathcal{D}", "𝒲": r"\mathcal{W}",
}  # fmt: skip
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀⁿᵗ", ["0", *"123456789+-", r"\top", "n", "t"], strict=True))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ₙᵢⱼₖₜ", [*"0123456789+-nijkt"], strict=True))
_ACCENTS = dict(zip("\u0300\u0301\u0302\u0303\u0304\u0308\u030c", "`'^~=\"v", strict=True))
OVER = {
    "\u0302": r"\hat",
    "\u0303": r"\tilde",
    "\u0304": r"\bar",
    "\u0305": r"\bar",
    "\u0307": r"\dot",
    "\u0306": r"\breve",
    "\u030c": r"\check",
}
_ESCAPES = {
    **{character: "\\" + character for character in "&%$#_{}"},
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", '"': "''",
    "“": "``", "”": "''", "‘": "`", "’": "'", "–": "--", "—": "---", "…": r"\dots{}", "\u00a0": "~",
    "ß": r"\ss{}", "ø": r"\o{}", "æ": r"\ae{}",
}  # fmt: skip

_PAIRS = [(">=", "≥"), ("<=", "≤"), ("!=", "≠"), ("->", "→")]
_INDEXED = re.compile(
    r"(\\ensuremath\{(?:[^{}^]|\{[^{}^]*\})+)\}\\ensuremath\{([\^_])"
)  # an index or power of what is before it
_CODE = re.compile(r"``(.+?)``|`(.+?)`", re.DOTALL)


def tex_prose(text: str, names: Mapping[str, str] | None = None) -> str:
    """Prose as LaTeX: specials escaped, Unicode mathematics translated, `code` in typewriter.

    names: words to be written as mathematics, such as w1 → w_1. A paragraph whose lines are indented by four
    or more is kept line by line.
    """
    paragraphs = re.split(r"\n\s*\n", text.strip("\n"))
    return "\n\n".join(_paragraph(paragraph, names or {}) for paragraph in paragraphs if paragraph.strip())


def _paragraph(text: str, names: Mapping[str, str]) -> str:
    lines = text.splitlines()
    if all(line.startswith("    ") for line in lines if line.strip()):
        kept = " \\\\\n".join(_line(line.strip(), names) for line in lines)
        return f"\\begin{{quote}}\n{kept}\n\\end{{quote}}"
    return _line(" ".join(line.strip() for line in lines), names)


def _line(text: str, names: Mapping[str, str]) -> str:
    parts: list[str] = []
    end = 0
    for code in _CODE.finditer(text):
        parts += [_words(text[end : code.start()], names), rf"\texttt{{{_characters(code[1] or code[2])}}}"]
        end = code.end()
    return _INDEXED.sub(r"\1\2", "".join([*parts, _words(text[end:], names)]))


def in_unicode(text: str, names: Mapping[str, str]) -> str:
    """Prose with its mathematics as Unicode has it: w₁² ≥ 0 for w1^2 >= 0, −λ for -λ; `code` is kept.

    names: words to be written otherwise, such as w1 → w₁.
    """
    parts = re.split(rf"({_CODE.pattern.replace('(.+?)', '.+?')})", text, flags=re.DOTALL)
    return "".join(part if n % 2 else _renamed(_signs(part), names, names.get) for n, part in enumerate(parts))


def _signs(text: str) -> str:
    for ascii_pair, sign in _PAIRS:
        text = text.replace(ascii_pair, sign)
    text = re.sub(r"(?<=\S )-(?= \S)|(?<!\S)-(?=\w)|(?<=\()-(?=\w)", "−", text)
    return re.sub(r"\^(\d)", lambda m: "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(m[1])], text)


def _words(text: str, names: Mapping[str, str]) -> str:
    text = re.sub(r" ([=<>≥≤≠]) ", "\u00a0\\1\u00a0", _signs(text))  # a relation does not end a line
    return _renamed(text, names, lambda name: rf"\ensuremath{{{names[name]}}}", _characters)


def _renamed(
    text: str, names: Iterable[str], write: Callable[[str], str | None], rest: Callable[[str], str] = str
) -> str:
    """The text with the words that are names written so, and the rest as `rest` does.

    "a" and "I" are English words, wherever they are letters of an alphabet too.
    """
    letters = sorted((name for name in names if name not in {"a", "A", "I"}), key=len, reverse=True)
    if not letters:
        return rest(text)
    found = rf"(?<![A-Za-z0-9_'])({'|'.join(map(re.escape, letters))})(?![A-Za-z0-9_])"
    pieces = re.split(found, text)
    return "".join((write(piece) or piece) if n % 2 else rest(piece) for n, piece in enumerate(pieces))


_MATHS = re.compile(
    rf"([{''.join(RAISED)}]+)|((?<![A-Za-z])[A-Za-z])?([{''.join(LOWERED)}]+)|(\w)([{''.join(OVER)}])|(.)", re.DOTALL
)


def _characters(text: str) -> str:
    """Each character in LaTeX that pdflatex sets without further packages than amssymb."""
    return "".join(_matched(m) for m in _MATHS.finditer(unicodedata.normalize("NFC", text)))


def _matched(m: re.Match[str]) -> str:
    if m[1]:
        return rf"\ensuremath{{^{{{''.join(RAISED[c] for c in m[1])}}}}}"
    if m[3]:
        return rf"\ensuremath{{{m[2] or ''}_{{{''.join(LOWERED[c] for c in m[3])}}}}}"
    if m[4]:
        return rf"\ensuremath{{{OVER[m[5]]}{{{GREEK.get(m[4], m[4])}}}}}"
    return _one(m[6])


def _one(character: str) -> str:
    if character in GREEK or character in _SIGNS:
        return rf"\ensuremath{{{(GREEK | _SIGNS)[character]}}}"
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isascii():
        return character
    base, *marks = list(unicodedata.normalize("NFD", character))
    if len(marks) == 1 and base.isascii() and marks[0] in _ACCENTS:
        return f"\\{_ACCENTS[marks[0]]}{{{base}}}"
    return f"[U+{ord(character):04X}]"
