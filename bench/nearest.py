"""The peers of nearest.mjs: an attack of one library with the same weights, as JSON.

    python nearest.py library deep-fool|jsma|carlini-wagner weights.safetensors images.safetensors

with Foolbox, torchattacks, ART or adversarial-library.
"""

import json
import sys
import time

import torch

from net import images_from, net_from

STEPS, OVERSHOOT, CANDIDATES = 50, 0.02, 10
GAMMA = 0.1
SEARCHES, SEARCH_STEPS = 9, 1000


def foolbox(model, name):
    from foolbox import PyTorchModel
    from foolbox.attacks import L2CarliniWagnerAttack, L2DeepFoolAttack

    wrapped = PyTorchModel(model, bounds=(0, 1))

    def attack(x, y, is_warm_up):
        if name == "carlini-wagner":
            searches, steps = (1, 1) if is_warm_up else (SEARCHES, SEARCH_STEPS)
            method = L2CarliniWagnerAttack(binary_search_steps=searches, steps=steps)
        else:
            steps = 1 if is_warm_up else STEPS
            method = L2DeepFoolAttack(steps=steps, candidates=CANDIDATES, overshoot=OVERSHOOT)
        return method(wrapped, x, y, epsilons=None)[1]

    return attack


def torchattacks(model, _):
    from torchattacks import JSMA

    def attack(x, y, is_warm_up):
        return JSMA(model, theta=1.0, gamma=0.005 if is_warm_up else GAMMA)(x, y)

    return attack


def art(model, _):
    from art.attacks.evasion import DeepFool
    from art.estimators.classification import PyTorchClassifier

    loss = torch.nn.CrossEntropyLoss()
    wrapped = PyTorchClassifier(model, loss, (1, 28, 28), 10, clip_values=(0, 1))

    def attack(x, y, is_warm_up):
        deep_fool = DeepFool(
            wrapped, max_iter=1 if is_warm_up else STEPS, epsilon=OVERSHOOT, nb_grads=CANDIDATES,
            batch_size=100, verbose=False,
        )  # fmt: skip
        return torch.from_numpy(deep_fool.generate(x.numpy(), y.numpy()))

    return attack


def adversarial_library(model, name):
    from adversarial_library import carlini_wagner_l2, deep_fool

    def attack(x, y, is_warm_up):
        if name == "deep-fool":
            return deep_fool(model, x, y, steps=1 if is_warm_up else STEPS, overshoot=OVERSHOOT)
        searches, steps = (1, 10) if is_warm_up else (SEARCHES, SEARCH_STEPS)
        return carlini_wagner_l2(
            model, x, y, binary_search_steps=searches, max_iterations=steps
        )  # fmt: skip

    return attack


LIBRARIES = {
    "Foolbox": foolbox,
    "torchattacks": torchattacks,
    "ART": art,
    "adversarial-library": adversarial_library,
}

library, name, weights, images = sys.argv[1:]
model = net_from(weights)
x, y = images_from(images)
attack = LIBRARIES[library](model, name)

attack(x[:2], y[:2], True)
started = time.perf_counter()
x_adv = attack(x, y, False)
seconds = time.perf_counter() - started
predicted = model(x_adv).argmax(1)
fooled = predicted == (y + 1) % 10 if name == "jsma" else predicted != y
delta = (x_adv - x).flatten(1)
size = (delta != 0).sum(1).double() if name == "jsma" else delta.norm(dim=1).double()
figures = {
    "seconds": seconds,
    "success": fooled.double().mean().item(),
    "mean": size[fooled].mean().item(),
    "median": size[fooled].quantile(0.5).item(),
}
print(json.dumps(figures))
