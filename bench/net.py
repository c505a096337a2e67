"""madry-cnn in PyTorch, with the weights and images that the lab wrote."""

import torch
from safetensors.torch import load_file
from torch import nn


def net():
    return nn.Sequential(
        nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 1024), nn.ReLU(), nn.Linear(1024, 10),
    )  # fmt: skip


def net_from(path):
    """The net with weights of `saveClassifier`, which has outputs last, and counts the inputs of the
    dense layer after the convolutions by row, column and channel."""
    w = load_file(path)
    model = net()
    first, second, third, last = (layer for layer in model if hasattr(layer, "weight"))
    with torch.no_grad():
        first.weight.copy_(w["w1"].permute(3, 2, 0, 1))
        second.weight.copy_(w["w2"].permute(3, 2, 0, 1))
        third.weight.copy_(w["w3"].view(7, 7, 64, 1024).permute(3, 2, 0, 1).reshape(1024, 3136))
        last.weight.copy_(w["w4"].T)
        for layer, name in zip((first, second, third, last), ("b1", "b2", "b3", "b4")):
            layer.bias.copy_(w[name])
    return model.eval().requires_grad_(False)


def images_from(path):
    """Images [N, 1, 28, 28] and labels [N]."""
    data = load_file(path)
    return data["x"].permute(0, 3, 1, 2).contiguous(), data["y"].long()
