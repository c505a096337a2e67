"""The peer of `pgd-training.mjs steps`, in PyTorch: the recipe of robust-recipe.mjs.

    python pgd_training.py images.safetensors
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

from net import images_from, net

BATCH, RAMP, EPS, ALPHA, STEPS = 50, 600, 0.3, 0.1, 5
torch.manual_seed(1)


def attacked(model, x, y, grown):
    eps, alpha = EPS * grown, ALPHA * grown
    xt = (x + torch.empty_like(x).uniform_(-eps, eps)).clamp(0, 1)
    for _ in range(STEPS):
        xt.requires_grad_(True)
        (g,) = torch.autograd.grad(F.cross_entropy(model(xt), y, reduction="sum"), xt)
        moved = xt.detach() + alpha * g.sign()
        xt = (x + (moved - x).clamp(-eps, eps)).clamp(0, 1)
    return xt


def training(images, labels):
    model = net()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    batches = torch.randperm(len(images)).split(BATCH)
    for step, rows in enumerate(batches, 1):
        x, y = images[rows], labels[rows]
        x_adv = attacked(model, x, y, min(1, step / RAMP))
        optimizer.zero_grad()
        F.cross_entropy(model(x_adv), y).backward()
        optimizer.step()
    return len(batches)


images, labels = images_from(sys.argv[1])
training(images[: 5 * BATCH], labels[: 5 * BATCH])  # warm-up
started = time.perf_counter()
steps = training(images, labels)
print(json.dumps({"step": (time.perf_counter() - started) / steps * 1000}))
