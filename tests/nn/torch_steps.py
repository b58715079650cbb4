"""Layers that look at more than one batch or one step, beside PyTorch's: BatchNorm and SimpleRNN."""

import numpy as np

from coursekit import nn
from tests.nn.torch_cases import Case
from tests.nn.torch_layers import NORM, gradients, ready, set_parameters, their_gradients


def batch_norm(shape, steps=4, momentum=0.7, eps=1e-3):
    """Train for some steps, then predict with the running statistics.

    PyTorch's momentum weighs the new value, and its running variance is divided by n - 1; so its distance
    from the start is brought down by (n - 1) / n here.
    """
    channels, n = shape[1], int(np.prod(shape)) // shape[1]

    def inputs(rng):
        x, dy = rng.normal(2, 3, (steps, *shape)), rng.standard_normal(shape)
        return {"x": x, "dy": dy} | {name: rng.standard_normal(channels) for name in NORM}

    def run_ours(given):
        layer = ready(nn.BatchNorm(momentum=momentum, eps=eps), given["x"][0], given)
        for x in given["x"]:
            y = layer.forward(x, training=True)
        out = {"y": y, "dx": layer.backward(given["dy"])} | gradients(layer)
        out |= {name: array.copy() for name, array in layer.buffers.items()}
        out |= {"predicted y": layer.forward(given["x"][0]), "predicted dx": layer.backward(given["dy"])}
        return out | {f"predicted {name}": g for name, g in gradients(layer).items()}

    def run_theirs(given):
        import torch

        kind = torch.nn.BatchNorm1d if len(shape) == 2 else torch.nn.BatchNorm2d
        module = kind(channels, momentum=1 - momentum, eps=eps).double()
        set_parameters(module, NORM, given)

        def passed(x):
            tx = torch.tensor(x, requires_grad=True)
            ty = module(tx)
            module.zero_grad()
            ty.backward(torch.tensor(given["dy"]))
            out = {"y": ty.detach().numpy(), "dx": tx.grad.numpy()} | their_gradients(module, NORM)
            return {name: array.copy() for name, array in out.items()}

        for x in given["x"]:
            out = passed(x)
        start = momentum**steps
        var = start + (module.running_var.numpy() - start) * (n - 1) / n
        out |= {"mean": module.running_mean.numpy().copy(), "var": var}
        module.running_var[...] = torch.tensor(var)
        module.eval()
        return out | {f"predicted {name}": array for name, array in passed(given["x"][0]).items()}

    return Case(inputs, run_ours, run_theirs)


def simple_rnn(lengths):
    names = {"Wx": "weight_ih_l0.T", "Wh": "weight_hh_l0.T", "b": "bias_ih_l0"}
    shapes = {"x": (4, 5, 3), "dy": (4, 4), "Wx": (3, 4), "Wh": (4, 4), "b": (4,)}

    def run_ours(given):
        layer = ready(nn.SimpleRNN(4), given["x"], given)
        h = layer.forward(given["x"], training=True, lengths=lengths)
        return {"y": h, "dx": layer.backward(given["dy"])} | gradients(layer)

    def run_theirs(given):
        import torch

        module = torch.nn.RNN(3, 4, batch_first=True).double()
        set_parameters(module, names, given)
        module.bias_hh_l0.data.zero_()
        tx = torch.tensor(given["x"], requires_grad=True)
        pack = torch.nn.utils.rnn.pack_padded_sequence
        _, h = module(pack(tx, torch.tensor(lengths), batch_first=True, enforce_sorted=False))
        h[0].backward(torch.tensor(given["dy"]))
        return {"y": h[0].detach().numpy(), "dx": tx.grad.numpy()} | their_gradients(module, names)

    return Case(
        lambda rng: {k: rng.standard_normal(shape) for k, shape in shapes.items()}, run_ours, run_theirs
    )


CASES = {
    "batch norm": batch_norm((7, 5)),
    "batch norm on images": batch_norm((3, 2, 4, 3)),
    "batch norm, a batch of one image": batch_norm((1, 3, 1, 3)),
    "simple rnn": simple_rnn([5, 5, 5, 5]),
    "simple rnn, unequal lengths": simple_rnn([5, 1, 3, 3]),
}
