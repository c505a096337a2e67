"""Reference values of PGD, APGD and their losses, computed with PyTorch from the papers' formulas.

    pip install torch==2.13.0 numpy
    python test/reference/pgd.py > test/reference/pgd.json

The network and the images are those of attacks.json. The starts come from a generator written a
second time, so that the file also says where restart r of image i starts.
"""

import json
import math

import numpy as np
import torch

from net import CLASSES, N, X, cross_entropy, gradient, logits, plain, rows

STEPS, RESTARTS, SEED = 7, 2, 4
BALLS = {
    "linf": {"eps": 0.3, "alpha": 0.06},
    "l2": {"eps": 2.0, "alpha": 0.5},
    "l1": {"eps": 4.0, "alpha": 1.1},
}
KAPPA = 1.5
APGD_STEPS = 20
# Small enough that most images keep their class: from then on the DLR may be 1, with no gradient.
DLR_EPS = 0.02


# Starts


def stream(seed, image, restart):
    """sfc32, 15 rounds ahead; numbers in [0, 1)."""
    mask = 2**32 - 1
    a, b, c, counter = seed & mask, image & mask, restart & mask, 1
    drawn = 0
    while True:
        word = (a + b + counter) & mask
        counter = (counter + 1) & mask
        a = b ^ (b >> 9)
        b = (c + (c << 3)) & mask
        c = (((c << 21) | (c >> 11)) + word) & mask
        drawn += 1
        if drawn > 15:
            yield word / 2**32


def start(image, restart, norm, radius):
    """A point of the ball around x, cut to the box."""
    draws = stream(SEED, image, restart)
    d = X[image].size
    if norm == "linf":
        delta = [radius * (2 * next(draws) - 1) for _ in range(d)]
    elif norm == "l2":
        normal = []
        while len(normal) < d:
            length = math.sqrt(-2 * math.log(1 - next(draws)))
            angle = 2 * math.pi * next(draws)
            normal += [length * math.cos(angle), length * math.sin(angle)]
        normal = normal[:d]
        scale = radius * next(draws) ** (1 / d) / math.sqrt(sum(v * v for v in normal))
        delta = [v * scale for v in normal]
    else:
        slack = -math.log(1 - next(draws))
        delta = []
        for _ in range(d):
            size = -math.log(1 - next(draws))
            delta.append(-size if next(draws) < 0.5 else size)
        whole = slack + sum(abs(v) for v in delta)
        delta = [v * radius / whole for v in delta]
    return (X[image] + np.float32(delta).reshape(X[image].shape)).clip(0, 1)


def starts(restart, norm, eps):
    return torch.from_numpy(np.stack([start(i, restart, norm, eps) for i in range(N)]))


# Losses


def margin(z, y):
    """min(max_{j != y} Z_j - Z_y, kappa)"""
    wrong = z.scatter(1, y.unsqueeze(1), -math.inf).max(1).values
    return (wrong - z.gather(1, y.unsqueeze(1)).squeeze(1)).clamp(max=KAPPA)


def dlr(z, y):
    ranked = z.sort(1, descending=True).values
    wrong = z.scatter(1, y.unsqueeze(1), -math.inf).max(1).values
    own = z.gather(1, y.unsqueeze(1)).squeeze(1)
    return -(own - wrong) / (ranked[:, 0] - ranked[:, 2] + 1e-12)


def targeted_dlr(z, y, t):
    ranked = z.sort(1, descending=True).values
    own, other = (z.gather(1, k.unsqueeze(1)).squeeze(1) for k in (y, t))
    return -(own - other) / (ranked[:, 0] - (ranked[:, 2] + ranked[:, 3]) / 2 + 1e-12)


# Steps


def nearest_l1(v, eps):
    """Figure 1 of Duchi et al. 2008, with the signs put back; v: flat numbers."""
    if v.abs().sum() <= eps:
        return v
    u = v.abs().sort(descending=True).values
    total = u.cumsum(0)
    rho = max(j for j in range(len(u)) if u[j] - (total[j] - eps) / (j + 1) > 0)
    theta = (total[rho] - eps) / (rho + 1)
    return v.sign() * (v.abs() - theta).clamp(min=0)


def project(delta, norm, eps):
    if norm == "linf":
        return delta.clamp(-eps, eps)
    if norm == "l2":
        return delta * (eps / rows(delta, 2)).clamp(max=1)
    return torch.stack([nearest_l1(one.flatten(), eps).reshape(one.shape) for one in delta])


def fill(x, g, alpha):
    """The largest |g| first, each feature to the end of the box, until alpha is spent; one image."""
    step = torch.zeros_like(x)
    for k in g.abs().argsort(descending=True):
        room = 1 - x[k] if g[k] > 0 else x[k]
        size = min(float(room), alpha)
        step[k] = g[k].sign() * size
        alpha -= size
    return step


def step(xt, g, norm, alpha):
    if norm == "linf":
        return alpha * g.sign()
    if norm == "l2":
        return alpha * g / rows(g, 2)
    flat = zip(xt.flatten(1), g.flatten(1))
    return torch.stack([fill(one, slope, alpha) for one, slope in flat]).reshape(xt.shape)


def into(x, moved, norm, eps):
    return (x + project(moved - x, norm, eps)).clamp(0, 1)


def pgd(x, y, xt, norm, loss=cross_entropy, direction=1):
    eps, alpha = BALLS[norm]["eps"], BALLS[norm]["alpha"]
    for _ in range(STEPS):
        g = direction * gradient(xt, y, loss)
        xt = into(x, xt + step(xt, g, norm, alpha), norm, eps)
    return xt


def checkpoints(steps):
    p, found = [0, 22], []
    while p[-1] < 100:
        found.append(-(-p[-1] * steps // 100))
        p.append(p[-1] + max(p[-1] - p[-2] - 3, 6))
    return found


def apgd(x, y, xt, norm, eps, loss):
    """Algorithm 1 of the paper for one image [1, H, W, C]; the losses and the highest point."""

    def look(at):
        return float(loss(logits(at), y)), gradient(at, y, loss)

    eta, checks = 2 * eps, checkpoints(APGD_STEPS)
    f, g = look(xt)
    losses, before = [f], xt
    top, top_f, top_g = xt, f, g
    rises, old_top, halved, last_check = 0, None, False, 0
    for k in range(APGD_STEPS):
        z = into(x, xt + step(xt, g, norm, eta), norm, eps)
        alpha = 0.75 if k > 0 else 1
        moved = xt + alpha * (z - xt) + (1 - alpha) * (xt - before)
        before, xt = xt, into(x, moved, norm, eps)
        last_f = f
        f, g = look(xt)
        losses.append(f)
        rises += f > last_f
        if f > top_f:
            top, top_f, top_g = xt, f, g
        if k + 1 in checks:
            stalled = rises < 0.75 * (k + 1 - last_check)
            stalled = stalled or (not halved and top_f == old_top)
            if stalled:
                eta, xt, f, g = eta / 2, top, top_f, top_g
            rises, old_top, halved, last_check = 0, top_f, stalled, k + 1
    return losses, top


def climbed(x, y, norm, eps, loss):
    x0 = starts(0, norm, eps)
    done = [apgd(x[i : i + 1], y[i : i + 1], x0[i : i + 1], norm, eps, loss) for i in range(N)]
    return torch.tensor([losses for losses, _ in done]), torch.cat([top for _, top in done])


def main():
    x = torch.from_numpy(X)
    with torch.no_grad():
        y = logits(x).argmax(1)
    t = (y + 1) % CLASSES
    values = {
        "settings": {
            "steps": STEPS, "restarts": RESTARTS, "seed": SEED, "balls": BALLS, "kappa": KAPPA,
            "apgdSteps": APGD_STEPS, "dlrEps": DLR_EPS, "checkpoints": checkpoints(100),
        },
        "target": t,
    }
    for norm, ball in BALLS.items():
        x0 = [starts(r, norm, ball["eps"]) for r in range(RESTARTS)]
        values[norm] = {"starts": x0, "ends": [pgd(x, y, one, norm) for one in x0]}
    x0 = starts(0, "linf", BALLS["linf"]["eps"])
    values["towards"] = pgd(x, t, x0, "linf", direction=-1)
    values["cw"] = pgd(x, y, x0, "linf", margin)
    z = 3 * torch.from_numpy(np.random.default_rng(3).standard_normal((40, 6)).astype(np.float32))
    own, other = torch.arange(40) % 6, (torch.arange(40) + 2) % 6
    values["dlr"] = {"Z": z, "y": own, "t": other} | {
        name: with_gradient(loss, z) for name, loss in {
            "untargeted": lambda at: dlr(at, own),
            "targeted": lambda at: targeted_dlr(at, own, other),
            "margin": lambda at: margin(at, own),
        }.items()
    }
    for name, norm, eps, loss in [
        ("apgdCe", "linf", BALLS["linf"]["eps"], cross_entropy),
        ("apgdL2", "l2", BALLS["l2"]["eps"], cross_entropy),
        ("apgdDlr", "linf", DLR_EPS, dlr),
    ]:
        losses, top = climbed(x, y, norm, eps, loss)
        values[name] = {"loss": losses, "top": top}
    print(json.dumps(values, default=plain))


def with_gradient(loss, z):
    z = z.clone().requires_grad_(True)
    value = loss(z)
    value.sum().backward()
    return {"value": value, "gradient": z.grad}


main()
