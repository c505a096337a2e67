"""A network with weights from PyTorch, as a file that loadClassifier reads, and its logits.

    pip install torch==2.13.0 numpy safetensors
    python test/reference/weights.py test/reference

The network is cap-1, the smallest of Madry et al. 2018. It has all that differs between the two:
convolutions, a dense layer after a convolution, a dense layer after a dense layer. The tests only
read the two files, weights.safetensors and weights.json.
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(20180219)
NET = nn.Sequential(
    nn.Conv2d(1, 2, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(2, 4, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(4 * 7 * 7, 64), nn.ReLU(),
    nn.Linear(64, 10),
)  # fmt: skip
IMAGES = 3


def filters(weight):
    """[outputs, inputs, height, width] to [height, width, inputs, outputs]."""
    return weight.permute(2, 3, 1, 0).contiguous()


def dense(weight):
    """[outputs, inputs] to [inputs, outputs]."""
    return weight.T.contiguous()


def dense_after_convolution(weight, channels, height, width):
    """The same, with the inputs counted by row, column and channel."""
    outputs = weight.shape[0]
    images = weight.view(outputs, channels, height, width)
    return images.permute(2, 3, 1, 0).reshape(-1, outputs).contiguous()


def main(folder):
    first, second, third, last = (layer for layer in NET if hasattr(layer, "weight"))
    save_file(
        {
            "w1": filters(first.weight),
            "b1": first.bias,
            "w2": filters(second.weight),
            "b2": second.bias,
            "w3": dense_after_convolution(third.weight, 4, 7, 7),
            "b3": third.bias,
            "w4": dense(last.weight),
            "b4": last.bias,
        },
        folder / "weights.safetensors",
    )
    x = torch.rand(IMAGES, 1, 28, 28)
    with torch.no_grad():
        z = NET(x)
    values = {
        "x": [float(f"{v:.9g}") for v in x.permute(0, 2, 3, 1).flatten().tolist()],
        "logits": [float(f"{v:.9g}") for v in z.flatten().tolist()],
    }
    (folder / "weights.json").write_text(json.dumps(values))


main(Path(sys.argv[1]))
