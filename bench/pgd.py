"""The peers of pgd.mjs: PGD-40 of one library with the same weights, for each eps, as JSON.

    python pgd.py Foolbox|torchattacks|ART weights.safetensors images.safetensors eps...
"""

import json
import sys
import time

import torch

from net import images_from, net_from

ALPHA, STEPS = 0.01, 40
BATCH = 100  # PyTorch is faster so than with all images at once


def foolbox(model):
    from foolbox import PyTorchModel
    from foolbox.attacks import LinfPGD

    wrapped = PyTorchModel(model, bounds=(0, 1))

    def attack(x, y, eps, steps):
        pgd = LinfPGD(abs_stepsize=ALPHA, steps=steps, random_start=True)
        return pgd(wrapped, x, y, epsilons=eps)[1]

    return attack


def torchattacks(model):
    from torchattacks import PGD

    return lambda x, y, eps, steps: PGD(model, eps, ALPHA, steps, random_start=True)(x, y)


def art(model):
    from art.attacks.evasion import ProjectedGradientDescentPyTorch
    from art.estimators.classification import PyTorchClassifier

    loss = torch.nn.CrossEntropyLoss()
    wrapped = PyTorchClassifier(model, loss, (1, 28, 28), 10, clip_values=(0, 1))

    def attack(x, y, eps, steps):
        pgd = ProjectedGradientDescentPyTorch(
            wrapped, eps=eps, eps_step=ALPHA, max_iter=steps, num_random_init=1,
            batch_size=BATCH, verbose=False,
        )  # fmt: skip
        return torch.from_numpy(pgd.generate(x.numpy(), y.numpy()))

    return attack


library, weights, images, *radii = sys.argv[1:]
model = net_from(weights)
x, y = images_from(images)
attack = {"Foolbox": foolbox, "torchattacks": torchattacks, "ART": art}[library](model)


def attacked(eps, steps):
    batches = zip(x.split(BATCH), y.split(BATCH))
    return torch.cat([attack(*batch, eps, steps) for batch in batches])


attacked(0.3, 2)  # warm-up
figures = {}
for eps in radii:
    started = time.perf_counter()
    x_adv = attacked(float(eps), STEPS)
    seconds = time.perf_counter() - started
    success = (model(x_adv).argmax(1) != y).double().mean().item()
    figures[eps] = {"seconds": seconds, "success": success}
print(json.dumps(figures))
