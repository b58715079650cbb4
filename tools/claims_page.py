"""Measure all claims and write the page that shows them: data/results/claims.json and docs/claims.md.

Run with ``python -m tools.claims_page``, which takes some minutes; name claims to measure only those anew.
With ``--keep`` only claims without a record are measured: enough after a change of words.
"""

import json
import sys
import time
from itertools import groupby
from pathlib import Path

import numpy as np

from coursekit import claims
from coursekit.claims import Claim, sweeps
from coursekit.claims.table import markdown_row, spread

RECORD = sweeps.FOLDER / "claims.json"
PAGE = Path(__file__).parents[1] / "docs" / "claims.md"
HEAD = """# All claims of the course

Every statement about behaviour that a lesson makes is measured. This page shows all of them; each lesson
ends with a table of the few that carry it (in **bold** here), measured on your machine. `make claims` made
this page with {made_with}; do not edit it by hand.

- **Verdicts.** *holds*; *holds only if …*; *folklore*: often said, and measured false; *not seen here*: the
  setting is too small or too short to show it; *contested*: sources, or settings, say different things.
- **Found**: the smallest and the largest number over the seeds (0 to 4 where nothing is said).
- **Band**: numbers within it support the verdict. Tests measure each claim again from other seeds. Claims
  on long sweeps are read from the seeds that `data/results` keeps; `make full` measures those sweeps anew.
"""
COLUMNS = ("what is said", "verdict", "measured", "found", "band", "setting", "source")


def words(claim: Claim) -> dict[str, object]:
    """Return all of a claim but its measurement, as the record and the page say it."""
    return {
        "name": claim.name,
        "lesson": claim.lesson,
        "carries": claim.carries,
        "statement": claim.statement,
        "verdict": claim.verdict,
        "quantity": claim.quantity,
        "band": claim.band,
        "setting": claim.setting,
        "source": claim.source,
        "seeds": claim.seeds,
        **({"reads": claim.reads} if claim.reads else {}),
    }


def measured(claim: Claim) -> dict[str, object]:
    """Measure a claim for each of its seeds; return the values, six digits, and the seconds for a seed."""
    start = time.process_time()
    values = [float(f"{claim.measure(seed):.6g}") for seed in range(claim.seeds)]
    return {"values": values, "seconds": float(f"{(time.process_time() - start) / claim.seeds:.2g}")}


def load() -> dict:
    """Return the record, or an empty one."""
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {"claims": []}


def page(record: dict) -> str:
    """Return the page that shows a record."""
    parts = [HEAD.format(made_with=record["made_with"])]
    for lesson, entries in groupby(record["claims"], key=lambda entry: entry["lesson"]):
        rows = [markdown_row(*COLUMNS), "|:--|:--|:--|--:|--:|:--|:--|", *map(_row, entries)]
        parts.append(f"\n## Lesson {lesson}\n\n" + "\n".join(rows) + "\n")
    return "".join(parts)


def _row(entry):
    said = f"**{entry['statement']}**" if entry["carries"] else entry["statement"]
    found = spread(tuple(entry["values"]))
    if entry["seeds"] != 5:
        found += f" ({entry['seeds']} seeds)"
    if "reads" in entry:
        found += f" (sweep {entry['reads']})"
    return markdown_row(
        f"{said}<br>`{entry['name']}`",
        entry["verdict"], entry["quantity"], found, entry["band"], entry["setting"], entry["source"],
    )  # fmt: skip


def write(kept: dict[str, dict]) -> None:
    """Write record and page from what is known of each claim so far, with the words of the code."""
    entries = [{**words(claim), **kept[claim.name]} for claim in claims.ALL if claim.name in kept]
    record = {"made_with": f"NumPy {np.__version__}, float32", "claims": entries}
    lines = (json.dumps(entry, ensure_ascii=False, allow_nan=False) for entry in entries)
    body = ",\n".join(lines)
    RECORD.write_text(
        f'{{"made_with": "{record["made_with"]}", "claims": [\n{body}\n]}}\n', encoding="utf-8"
    )
    PAGE.write_text(page(record), encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Measure the named claims, or those without a record, or all; write after each."""
    known = {entry["name"]: {k: entry[k] for k in ("values", "seconds")} for entry in load()["claims"]}
    if arguments == ["--keep"]:
        wanted = [
            claim
            for claim in claims.ALL
            if len(known.get(claim.name, {"values": ()})["values"]) != claim.seeds
        ]
    else:
        wanted = [claims.named(name) for name in arguments] or claims.ALL
    for claim in wanted:
        known[claim.name] = measured(claim)
        print(f"{claim.lesson} {claim.name}: {spread(tuple(known[claim.name]['values']))}", flush=True)
        write(known)
    write(known)


if __name__ == "__main__":
    main(sys.argv[1:])
