"""What is wrong with a learner's ∂C/∂x: the slips of the catalogue, tried on all problems at once."""

import numpy as np

from coursekit.exercises.asking import only_asked
from coursekit.exercises.slips.gradients import CLOSED_PARTS, closed_form
from coursekit.exercises.slips.paths import PATHS, TOLERANCE, factors, known_mistakes
from coursekit.exercises.slips.search import also, explain
from coursekit.exercises.slips.whole_gradients import wholes


def agree(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether two arrays agree to what float32 can hold of the largest entry of each column."""
    with np.errstate(invalid="ignore", over="ignore"):
        room = TOLERANCE * np.abs(b).max(axis=0, keepdims=True) + 1e-12
        return a.shape == b.shape and bool((np.abs(a - b) <= room).all())


def name_the_path(dxs: list[np.ndarray], problems: list) -> tuple[bool, str]:
    """Return whether a name fits the wrong `dxs`, one for each problem, and which node or path is wrong."""
    if only_asked():
        return False, ""
    found = [factors(dx, p.graph) for dx, p in zip(dxs, problems, strict=True)]
    sums = all(one is not None for one in found)
    said = (
        (sums and _by_factors(found, problems, 1))
        or _by_wholes(dxs, problems)
        or explain(CLOSED_PARTS, closed_form, problems, dxs, agree, [(1, False)])
        or (sums and _by_factors(found, problems, 2))
        or explain(CLOSED_PARTS, closed_form, problems, dxs, agree, [(2, False)])
    )
    if said:
        return True, said
    return False, (
        (sums and _by_path(found[0]))
        or (
            f"something has got in that is no sum of the three paths. Compare your stages with the "
            f"graph's, from y backward: print nn.batch_norm_graph(...).x_hat.gradient, and so on. "
            f"{_measured(dxs[0], problems[0])}"
        )
    )


def _by_wholes(dxs, problems):
    """Return the slip that gives the whole of every dx."""
    for slips in zip(*(wholes(p) for p in problems), strict=True):
        if all(agree(dx, wrong) for dx, (wrong, _) in zip(dxs, slips, strict=True)):
            return slips[0][1]
    return None


def _measured(dx, p):
    """Say what can be seen of a dx that fits nothing."""
    right = p.graph.x.gradient
    ratio = (np.linalg.norm(dx, axis=0) / np.linalg.norm(right, axis=0))[0]
    total = dx.sum(axis=0)[0]
    said = f"In feature 0 yours is {ratio:.3g} times as long as it should be"
    if abs(total) > TOLERANCE * np.abs(dx[:, 0]).sum():
        return (
            f"{said}, and sums to {total:.3g} over the samples where it "
            "should sum to 0: look at the node μ."
        )
    return f"{said}, and sums to 0 over the samples as it should: the node μ is right, look at v, s and r."


def _by_factors(found, problems, slips):
    """Return the slips, so many at once, whose factors multiply to those found on every problem."""
    known = [known_mistakes(p.graph, p.gamma, p) for p in problems]
    tables = [
        np.array([[np.broadcast_to(f, p.gamma.shape) for f in expected] for expected, _ in one])
        for one, p in zip(known, problems, strict=True)
    ]
    for chosen in _candidates(found[0], tables[0], slips):
        if all(
            _fits(one, table[list(chosen)].prod(axis=0)) for one, table in zip(found, tables, strict=True)
        ):
            return also(known[0][i][1] for i in chosen)
    return None


def _candidates(found, table, slips):
    """Return the slips, or pairs of them, whose product fits the first problem; all pairs at once."""
    room = 3 * TOLERANCE
    if slips == 1:
        off = np.abs(found - table) <= room * np.maximum(np.abs(table), 0.3)
        return [(i,) for i in np.flatnonzero(off.all(axis=(1, 2)))]
    pairs = []
    for i, one in enumerate(table):
        both = one * table[i + 1 :]
        off = np.abs(found - both) <= room * np.maximum(np.abs(both), 0.3)
        pairs += [(i, i + 1 + j) for j in np.flatnonzero(off.all(axis=(1, 2)))]
    return pairs


def _fits(found, wanted):
    return bool((np.abs(found - wanted) <= 3 * TOLERANCE * np.maximum(np.abs(wanted), 0.3)).all())


def _by_path(found):
    """Say of each path how much of it is there, where no known mistake fits."""
    wrong, right = [], []
    for (name, words), factor in zip(PATHS.items(), found, strict=True):
        off = np.abs(factor - 1)
        if off.max() < 3 * TOLERANCE:
            right.append(name)
            continue
        k = int(off.argmax())
        much = "missing" if abs(factor[k]) < TOLERANCE else f"{factor[k]:.3g} times what it should be"
        wrong.append(f"{words} is {much} in feature {k + 1}")
    return f"{'; '.join(wrong)}." + (f" Right: the {' and the '.join(right)} path." if right else "")
