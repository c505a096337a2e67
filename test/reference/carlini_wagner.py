"""Distances of the L2 attack of Carlini and Wagner as two libraries find them, without targets.

    pip install torch==2.13.0 numpy foolbox==3.3.4
    pip install --no-deps adv-lib==0.2.8
    python test/reference/carlini_wagner.py > test/reference/carlini-wagner.json

The tests only read the JSON file.
"""

import json
import sys
from pathlib import Path

import torch
from foolbox import PyTorchModel
from foolbox.attacks import L2CarliniWagnerAttack
from torch import nn

from net import X, logits, plain

sys.path.append(str(Path(__file__).parents[2] / "bench"))
from adversarial_library import carlini_wagner_l2  # noqa: E402

SEARCHES, STEPS = 9, 1000


class Net(nn.Module):
    def forward(self, x):
        return logits(x)


def distances(x_adv):
    assert (logits(x_adv).argmax(1) != y).all()
    return plain((x_adv - x).flatten(1).norm(dim=1))


net, x = Net().eval(), torch.from_numpy(X)
y = logits(x).argmax(1)
foolbox = L2CarliniWagnerAttack(binary_search_steps=SEARCHES, steps=STEPS)
found = {
    "foolbox": foolbox(PyTorchModel(net, bounds=(0, 1)), x, y, epsilons=None)[1],
    "adversarialLibrary": carlini_wagner_l2(
        net, x, y, binary_search_steps=SEARCHES, max_iterations=STEPS
    ),
}
print(json.dumps({name: distances(x_adv) for name, x_adv in found.items()}))
