"""The sentence that tells a change: what stands in the program, what should, and what was wrong.

Of a change inside a line the widest stretch is quoted of which both texts are short; of a loop or a
condition its first line. Two changes of the same stretch are told together.
"""

import ast
from collections.abc import Sequence

from coursekit.exercises.repair.edits import Edit

WIDEST = 60  # letters of what is quoted
LINE = 100  # and of a whole line
FRAMES = (ast.FunctionDef, ast.ClassDef, ast.Module)


def quoted(node: ast.AST) -> str:
    """Return the first line of a piece, as code."""
    return f"`{_text(node)}`"


def told(tree: ast.AST, edits: Sequence[Edit]) -> str:
    """Say of each change what stands there, what should, and why."""
    around = [_around(tree, edit) for edit in edits]
    olds = [[_text(node) for node in nodes] for nodes in around]
    for edit in edits:
        edit.apply()
    news = [[_text(node) for node in nodes] for nodes in around]
    for edit in reversed(edits):
        edit.undo()
    whys: dict[str, list[str]] = {}
    for old, new, edit in zip(olds, news, edits, strict=True):
        whys.setdefault(_before_and_after(edit, old, new), []).append(edit.why)
    return " Also, ".join(f"{what}{', and '.join(dict.fromkeys(why))}." for what, why in whys.items())


def pointed(tree: ast.AST, edits: Sequence[Edit]) -> str:
    """Say in which lines a change would mend the program, and leave to the learner what should stand there.

    Where more than two lines would do, none of them is told: then nobody knows which was meant.
    """
    at = list(dict.fromkeys(filter(None, (_stretch(tree, edit) for edit in edits))))
    if not at:
        return ""
    return f"Look at {', or at '.join(at)}." if len(at) <= 2 else ""


def _stretch(tree, edit):
    """Return the statement in which a change is made, as code; of lines that move the first told."""
    if edit.moves:
        return f"`{_short(edit.why.split('`')[1])}`" if "`" in edit.why else ""
    statements = [node for node in _around(tree, edit) if isinstance(node, ast.stmt)]
    line = edit.old if isinstance(edit.old, ast.stmt) else statements[0] if statements else None
    return f"`{_short(_text(line))}`" if line else ""


def _short(text):
    return text if len(text) <= LINE else f"{text[:LINE]} …"


def _before_and_after(edit, olds, news):
    """Return the same stretch before and after: the widest of which both texts are short."""
    if edit.moves:
        return ""
    pairs = list(zip(olds, news, strict=True))
    if isinstance(edit.old, ast.stmt):
        pairs = [(_text(edit.old), _text(edit.new))]
    short = [pair for pair in pairs if max(map(len, pair)) <= WIDEST]
    old, new = short[-1] if short else pairs[0]
    return f"`{old}` should be `{new}`: "


def _around(tree, edit):
    """Return what stands round a change, from its own place to its statement."""
    parents = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    nodes = [edit.slot.parent]
    while not isinstance(nodes[-1], ast.stmt) and id(nodes[-1]) in parents:
        nodes.append(parents[id(nodes[-1])])
    return [node for node in nodes if not isinstance(node, FRAMES)]


def _text(node):
    """Return a piece as text: of a loop or condition its first line, and all on one line."""
    text = ast.unparse(node)
    if isinstance(node, ast.Return | ast.Assign) and isinstance(node.value, ast.Tuple):
        bracketed = ast.unparse(node.value)  # Python writes return (a, b)
        text = text.removesuffix(bracketed) + bracketed[1:-1]
    return " ".join((text.split("\n")[0] if isinstance(node, ast.stmt) else text).split())
