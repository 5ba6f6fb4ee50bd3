"""Examples of every command, as its --help shows them: what to type, and what that does."""

from __future__ import annotations

__all__ = ["EXAMPLES"]

EXAMPLES: dict[str, tuple[tuple[str, str], ...]] = {
    "check": (
        ("modeflow check paper.tex", "hold its marked equations against the claims"),
        ("modeflow check paper.tex --new", "propose a configuration to begin with"),
        ("modeflow check paper.tex --steps --output-format github", "from line to line, as annotations"),
    ),
    "compare": (
        ("modeflow compare", "on synthetic samples"),
        ("modeflow compare table.csv --label species --scale standard", "on a table, without its labels"),
        ("modeflow compare images.npz --noise 0.5 -o curves.png", "under noise, and drawn"),
    ),
    "derive": (
        ("modeflow derive dae", "a chapter, drawn for a terminal"),
        ("modeflow derive dae.direct --format latex -o direct.tex", "a claim, in LaTeX"),
    ),
    "explain": (
        ("modeflow explain", "the list of all reasons"),
        ("modeflow explain 'no claim named'", "what one means"),
    ),
    "explore": (
        ("modeflow explore -o modes.html", "a page of six modes"),
        ("modeflow explore table.csv --center -o modes.html", "of the modes of data"),
    ),
    "export": (
        ("modeflow export json dae.direct", "a claim as JSON"),
        ("modeflow export schema -o claims.schema.json", "what that JSON is"),
    ),
    "figures": (
        ("modeflow figures -o drawn", "those that need no data, 1 to 4"),
        ("modeflow figures 5 --data table.csv -o drawn", "on data of your own"),
    ),
    "generate": (
        ("modeflow generate --target c -o generated", "the evaluators in C"),
        ("modeflow generate --check", "whether those of the package are current"),
    ),
    "lsp": (("modeflow lsp", "wait for an editor on standard input"),),
    "new": (("modeflow new chapter mine", "write mine_chapter.py"),),
    "recommend": (
        ("modeflow recommend table.csv --keep 0.95", "levels that keep 95 % of the second moment"),
        ("modeflow recommend images.npy --dimension 20 --output-format json", "for other programs"),
    ),
    "spectrum": (
        ("modeflow spectrum table.csv --label species", "eigenvalues of all other columns"),
        ("modeflow spectrum pictures/ --center --modes 50", "of a folder of pictures"),
    ),
    "sweep": (("modeflow sweep grid.toml -o grid.zarr", "evaluate over the grid, or go on with it"),),
    "verify": (
        ("modeflow verify", "prove every claim that ships"),
        ("modeflow verify dae.direct --explain", "one, with its certificate"),
        ("modeflow verify mine_chapter.py --output-format json", "a chapter of your own, for other programs"),
    ),
}
