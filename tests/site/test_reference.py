"""The reference has every public name, with all that its docstring says."""

from __future__ import annotations

import reference

import modeflow


def test_every_public_name_is_on_a_page() -> None:
    shown = "".join(reference.pages().values())
    modules = [getattr(modeflow, name) for name in ("arrays", "data", "manuscript")]
    names = [f"modeflow.{n}" for n in modeflow.__all__ if callable(getattr(modeflow, n))]
    names += [f"{m.__name__}.{n}" for m in modules for n in m.__all__]
    places = {f"modeflow.{m}" for m in ("arrays", "data", "manuscript")}
    listed = {name for objects in reference.public().values() for name in objects}
    assert len(listed) == len(names)
    assert {name.rpartition(".")[2] for name in names} == {name.rpartition(".")[2] for name in listed}
    assert all(f"}} {name}" in shown for name in listed)
    assert {name.rpartition(".")[0] for name in listed} == {"modeflow", *places}


def test_what_public_functions_return_is_told_with_its_methods() -> None:
    found = reference.results()
    assert {"Solution", "Definition", "Invariant", "FixedPoint", "Training", "Recommendation", "Choice"} <= set(found)
    public = [one for objects in reference.public().values() for one in objects.values()]
    assert not set(found.values()) & {one for one in public if isinstance(one, type)}
    shown = reference.pages()["results.md"]
    for name, one in found.items():
        assert f"}} {name}\n" in shown
        assert one.__doc__
    assert "} Solution.evaluator(" in shown


def test_a_docstring_is_told_in_full() -> None:
    page = reference.pages()["evaluating.md"]
    shown = page[page.index("{py:function} modeflow.strength(") :]
    shown = shown[: shown.index("````")]
    for part in ("**Parameters**\n\n- `t`: ", "- `w1`, `w2`: ", "**Returns**: ", "**Raises**", "**Source**: ", ">>> "):
        assert part in shown, part


def test_prose_is_escaped_and_code_is_not() -> None:
    assert reference._words("w1*w2_x < `a*b_c`") == r"w1\*w2\_x \< `a*b_c`"
