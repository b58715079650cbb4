"""Record what PyTorch answers to the cases of tests/nn/torch_cases.py, for machines without it.

Run with ``python -m tools.record_torch`` where PyTorch is installed (its build for the CPU will do), and
commit tests/nn/torch_values.npz. It holds the inputs too, so that no test depends on NumPy's draws.
"""

from tests.nn import torch_cases


def main() -> None:
    """Write the file and say what is in it."""
    import torch

    torch.set_num_threads(1)
    values = {}
    for name, case in torch_cases.all_cases().items():
        given = case.draw(name)
        values[f"{name} in"], values[f"{name} out"] = given, case.theirs(given)
    torch_cases.save(torch_cases.RECORDED, values, torch.__version__)
    size = torch_cases.RECORDED.stat().st_size
    print(f"{len(values) // 2} cases, {size:,} bytes, PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
