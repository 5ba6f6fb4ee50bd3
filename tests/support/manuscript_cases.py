"""Equations as they are written on paper, right and wrong, in four notations, each with the verdict it should get.

They stand in manuscript_corpus/NOTATION.txt, one on a line: verdict, claim, TeX.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

Case = tuple[str, str, str]  # claim, TeX, verdict

NOTATIONS: dict[str, dict[str, Any]] = {
    "pretorius2018": {"notation": "pretorius2018"},
    "saxe2014": {"notation": "saxe2014"},
    # Sums over an index: n and m terms, μ, r and α with one.
    "sums": {
        "notation": "pretorius2018",
        "symbols": {
            "n": {"positive": True, "integer": True},
            "m": {"positive": True, "integer": True},
            "k": {"nonnegative": True, "integer": True},
            r"\mu_k": {"positive": True},
            r"\eta": {"positive": True},
            r"\alpha_i": {"real": True},
            "r_j": {"real": True},
            "r_1": {"real": True},
            "r_2": {"real": True},
        },
    },
    "integrals": {"notation": "pretorius2018", "symbols": {"f": {"real": True}}},
    # A paper in which layers are raised, W^{(1)}, and names long.
    "layers": {
        "symbols": {
            "W^{(1)}": "W1",
            "W^{(2)}": "W2",
            r"\bm{\Sigma}_{xx}": "Sigma",
            r"\mathbb{I}": "identity",
            r"\sigma_\alpha": "lam",
            r"\sigma_{\mathrm{noise}}^2": "eps",
            r"\rho": "gamma",
            r"\tau": "tau",
            "t": "t",
            r"w_\infty": "w_star",
            r"\omega_{\text{enc}}": "w1",
            r"\omega_{\text{dec}}": "w2",
            r"u_\alpha(t)": "w",
            r"s_\alpha": "growth",
            r"\kappa_\alpha": "pull",
            r"u_\alpha^0": "w0",
            "x_1^{(2)}": {"real": True},
            "h^{(1)}(t)": {"real": True},
            r"\beta": {"positive": True},
            r"\delta": {"positive": True},
        }
    },
    # A paper of its own: σ for the eigenvalue, n for the noise, δ for decay, m(t) for the strength, η for τ.
    "custom": {
        "symbols": {
            r"\sigma_i": "lam",
            "n": "eps",
            r"\delta": "gamma",
            r"\eta": "tau",
            "t": "t",
            "m(t)": "w",
            "m_0": "w0",
            r"m_\infty": "w_star",
            "p": "w1",
            "q": "w2",
            "p_0": "a",
            "q_0": "b",
            r"\phi(t)": "theta",
            r"\kappa": "c0",
            "K(t)": "c",
            r"\mathbf{U}": "W1",
            r"\mathbf{V}": "W2",
            r"\mathbf{S}": "Sigma",
            r"\mathbf{I}": "identity",
            r"\mathbf{X}": "X",
            r"\mathbf{N}": "eta",
            "M": "N",
            r"\nu^2": "s2",
        }
    },
}


def cases(name: str) -> list[Case]:
    """The equations in one notation."""
    text = (Path(__file__).parent / "manuscript_corpus" / f"{name}.txt").read_text(encoding="utf-8")
    lines = [line.split(maxsplit=2) for line in text.splitlines() if line and not line.startswith("#")]
    return [(claim, tex, verdict) for verdict, claim, tex in lines]


CORPUS: dict[str, list[Case]] = {name: cases(name) for name in NOTATIONS}
