"""The peer of madry-cnn.mjs, in PyTorch: the same net, batch and number of steps."""

import json
import statistics
import time

import torch
import torch.nn.functional as F

from net import net

BATCH, STEPS = 100, 30
torch.manual_seed(1)


def training(model, images, labels):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    order = torch.randperm(len(images))
    for rows in order.split(BATCH):
        optimizer.zero_grad()
        F.cross_entropy(model(images[rows]), labels[rows]).backward()
        optimizer.step()


def gradient(model, images, labels):
    x = images.clone().requires_grad_(True)
    F.cross_entropy(model(x), labels, reduction="sum").backward()
    return x.grad


images = torch.rand(BATCH * STEPS, 1, 28, 28)
labels = torch.randint(0, 10, (BATCH * STEPS,))
training(net(), images, labels)  # warm-up
model = net()
started = time.perf_counter()
training(model, images, labels)
step = (time.perf_counter() - started) / STEPS * 1000
for parameter in model.parameters():
    parameter.requires_grad_(False)
times = []
for i in range(STEPS):
    started = time.perf_counter()
    gradient(model, images[:BATCH], labels[:BATCH])
    if i >= 5:
        times.append((time.perf_counter() - started) * 1000)
print(json.dumps({"step": step, "gradient": statistics.median(times)}))
