"""Reference values of the attacks, computed with PyTorch from the papers' formulas.

    pip install torch==2.13.0 numpy
    python test/reference/attacks.py > test/reference/attacks.json

The tests only read the JSON file. Shapes are those of the project: images [N, H, W, C], kernels
[height, width, in, out], dense weights [in, out].
"""

import json

import torch

from net import CLASSES, N, WEIGHTS, X, gradient, logits, plain, rows

EPS, STEPS, MU = 0.1, 7, 0.9
ALPHA = 0.02
L2_EPS, L2_ALPHA = 0.8, 0.2


def fgsm(x, y):
    return (x + EPS * gradient(x, y).sign()).clamp(0, 1)


def fgm(x, y):
    g = gradient(x, y)
    return (x + L2_EPS * g / rows(g, 2)).clamp(0, 1)


def bim(x, y, direction=1):
    xt = x
    for _ in range(STEPS):
        xt = xt + direction * ALPHA * gradient(xt, y).sign()
        xt = (x + (xt - x).clamp(-EPS, EPS)).clamp(0, 1)
    return xt


def bim_l2(x, y):
    xt = x
    for _ in range(STEPS):
        g = gradient(xt, y)
        delta = xt + L2_ALPHA * g / rows(g, 2) - x
        xt = (x + delta * (L2_EPS / rows(delta, 2)).clamp(max=1)).clamp(0, 1)
    return xt


def mi_fgsm(x, y):
    xt, g = x, torch.zeros_like(x)
    for _ in range(STEPS):
        now = gradient(xt, y)
        g = MU * g + now / rows(now, 1)
        xt = (x + (xt + ALPHA * g.sign() - x).clamp(-EPS, EPS)).clamp(0, 1)
    return xt


def deep_fool(x, y, norm, overshoot=0.02, steps=50):
    """Algorithm 2 of the paper, with the authors' 1e-4 and overshoot; one image [1, H, W, C]."""
    total, xt = torch.zeros_like(x), x
    for _ in range(steps):
        xt = xt.detach().requires_grad_(True)
        z = logits(xt)[0]
        if int(z.argmax()) != y:
            break
        slopes = [torch.autograd.grad(z[k], xt, retain_graph=True)[0] for k in range(CLASSES)]
        best = None
        for k in range(CLASSES):
            if k == y:
                continue
            w = slopes[k] - slopes[y]
            size = w.norm() if norm == 2 else w.abs().sum()
            distance = ((z[k] - z[y]).abs() / size).item()
            if best is None or distance < best[0]:
                best = (distance, w)
        distance, w = best
        step = w / w.norm() if norm == 2 else w.sign()
        total = total + (distance + 1e-4) * step
        xt = x + (1 + overshoot) * total
    return xt.detach()


def main():
    x = torch.from_numpy(X)
    with torch.no_grad():
        clean = logits(x)
    y = clean.argmax(1)
    other = (y + 1) % CLASSES
    fooled = {
        norm: torch.cat([deep_fool(x[i : i + 1], int(y[i]), norm) for i in range(N)])
        for norm in (2, "inf")
    }
    values = {
        "settings": {
            "eps": EPS, "steps": STEPS, "alpha": ALPHA, "mu": MU, "l2Eps": L2_EPS, "l2Alpha": L2_ALPHA,
        },
        "weights": WEIGHTS,
        "x": X,
        "y": y,
        "target": other,
        "logits": clean,
        "gradient": gradient(x, y),
        "fgsm": fgsm(x, y),
        "fgm": fgm(x, y),
        "bim": bim(x, y),
        "bimTargeted": bim(x, other, direction=-1),
        "bimL2": bim_l2(x, y),
        "miFgsm": mi_fgsm(x, y),
        "deepFoolL2": (fooled[2] - x).flatten(1).norm(dim=1),
        "deepFoolLinf": (fooled["inf"] - x).flatten(1).abs().max(1).values,
    }
    print(json.dumps(values, default=plain))


main()
