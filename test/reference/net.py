"""The small network on which the reference values are computed, and what all of them need."""

import numpy as np
import torch
import torch.nn.functional as F

N, SIDE, CLASSES = 12, 6, 5
DRAWS = np.random.default_rng(20150320)


def normal(*shape, scale=1.0):
    return (scale * DRAWS.standard_normal(shape)).astype(np.float32)


WEIGHTS = {
    "k": normal(3, 3, 1, 4, scale=0.5),
    "kb": normal(4, scale=0.1),
    "w1": normal(SIDE * SIDE * 4, 16, scale=0.15),
    "b1": normal(16, scale=0.1),
    "w2": normal(16, CLASSES, scale=0.5),
    "b2": normal(CLASSES, scale=0.1),
}
X = DRAWS.uniform(0.2, 0.8, (N, SIDE, SIDE, 1)).astype(np.float32)


def logits(x):
    """Convolution, ReLU, dense, ReLU, dense; x: [N, H, W, C]."""
    w = {name: torch.from_numpy(value) for name, value in WEIGHTS.items()}
    h = F.conv2d(x.permute(0, 3, 1, 2), w["k"].permute(3, 2, 0, 1), w["kb"], padding=1)
    h = torch.relu(h).permute(0, 2, 3, 1).reshape(x.shape[0], -1)
    return torch.relu(h @ w["w1"] + w["b1"]) @ w["w2"] + w["b2"]


def cross_entropy(z, y):
    return F.cross_entropy(z, y, reduction="none")


def gradient(x, y, loss=cross_entropy):
    x = x.clone().requires_grad_(True)
    loss(logits(x), y).sum().backward()
    return x.grad


def rows(x, norm):
    return x.flatten(1).norm(p=norm, dim=1).reshape(-1, 1, 1, 1)


def plain(value):
    """Tensors and arrays as {shape, values}; float32 survives nine digits."""
    array = value.detach().numpy() if isinstance(value, torch.Tensor) else value
    flat = [int(v) if array.dtype.kind == "i" else float(f"{v:.9g}") for v in array.ravel()]
    return {"shape": list(array.shape), "values": flat}
