#!/usr/bin/env python3
"""Golden numbers for penalties, clipping, constraints, gathering and averaging, by PyTorch in float64.

    python3 tests/golden/make_regularization.py > tests/golden/regularization.json

A network x[6, 4] -> dense 5, tanh -> dense 3, mean squared error, ten steps a case.
"""
import json

import torch
from torch.optim.swa_utils import AveragedModel

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(5)
STEPS, ROWS = 10, 6


def normal(*shape):
    return torch.randn(*shape, generator=generator)


INITIAL = {"dense1.weight": normal(5, 4), "dense1.bias": normal(5),
           "dense2.weight": normal(3, 5), "dense2.bias": normal(3)}
X, Y = normal(STEPS, ROWS, 4), normal(STEPS, ROWS, 3)


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.dense1, self.dense2 = torch.nn.Linear(4, 5), torch.nn.Linear(5, 3)
        self.load_state_dict(INITIAL)

    def forward(self, x):
        return self.dense2(torch.tanh(self.dense1(x)))


def penalty(network, l1, l2):
    matrices = [p for p in network.parameters() if p.dim() == 2]
    return sum(l1 * p.abs().sum() + l2 * (p * p).sum() for p in matrices)


def constrain(network, constraints):
    with torch.no_grad():
        for name, constraint in constraints.items():
            weight = getattr(network, name).weight
            if constraint.startswith("max_norm"):
                limit = float(constraint[len("max_norm("):-1])
                weight.copy_(torch.renorm(weight, 2, 0, limit))
            elif constraint == "non_negative":
                weight.clamp_(min=0)
            else:
                weight.div_(weight.norm(dim=1, keepdim=True) + 1e-7)


def run(name, optimizer, text, l1=0, l2=0, clip_norm=0, clip_value=0, parts=1, ema_decay=0,
        swa=False, constraints=None):
    network = Network()
    stepper = optimizer(network.parameters())
    average = None
    if ema_decay:
        average = AveragedModel(
            network, avg_fn=lambda a, p, n: ema_decay * a + (1 - ema_decay) * p)
    if swa:
        average = AveragedModel(network)
    for step in range(STEPS):
        stepper.zero_grad()
        loss = ((network(X[step]) - Y[step]) ** 2).mean() + penalty(network, l1, l2)
        loss.backward()
        if clip_value:
            torch.nn.utils.clip_grad_value_(network.parameters(), clip_value)
        if clip_norm:
            torch.nn.utils.clip_grad_norm_(network.parameters(), clip_norm)
        stepper.step()
        constrain(network, constraints or {})
        if average:
            average.update_parameters(network)
    result = {"name": name, "optimizer": text, "l1": l1, "l2": l2, "clip_norm": clip_norm,
              "clip_value": clip_value, "parts": parts, "ema_decay": ema_decay, "swa": swa,
              "constraints": constraints or {},
              "final": {k: v.flatten().tolist() for k, v in network.state_dict().items()}}
    if average:
        result["average"] = {k: v.flatten().tolist() for k, v in average.module.state_dict().items()}
    return result


def sgd(parameters):
    return torch.optim.SGD(parameters, lr=0.1, momentum=0.9)


def adamw(parameters):
    return torch.optim.AdamW(parameters, lr=0.1, weight_decay=0.02)


MOMENTUM, ADAMW = "momentum(momentum=0.9)", "adamw(weight_decay=0.02)"
CASES = [
    run("l1", sgd, MOMENTUM, l1=0.03),
    run("l2", sgd, MOMENTUM, l2=0.05),
    run("penalties_beside_decoupled_decay", adamw, ADAMW, l1=0.01, l2=0.02),
    run("clip_norm", sgd, MOMENTUM, clip_norm=0.2),
    run("clip_norm_that_is_never_reached", sgd, MOMENTUM, clip_norm=1000),
    run("clip_value", sgd, MOMENTUM, clip_value=0.04),
    run("clip_both_with_penalty", adamw, ADAMW, clip_value=0.1, clip_norm=0.2, l2=0.1),
    run("max_norm", sgd, MOMENTUM, constraints={"dense1": "max_norm(1.2)", "dense2": "max_norm(0.7)"}),
    run("non_negative", sgd, MOMENTUM, constraints={"dense1": "non_negative"}),
    run("unit_norm", adamw, ADAMW, constraints={"dense2": "unit_norm"}),
    run("accumulate", adamw, ADAMW, parts=3),
    run("accumulate_and_clip", adamw, ADAMW, parts=2, clip_norm=0.2, l1=0.01),
    run("ema", sgd, MOMENTUM, ema_decay=0.8),
    run("swa", sgd, MOMENTUM, swa=True),
    run("everything", adamw, ADAMW, l1=0.01, l2=0.01, clip_norm=0.3, parts=2, ema_decay=0.9,
        constraints={"dense1": "max_norm(1.5)"}),
]

print(json.dumps({"made_by": f"PyTorch {torch.__version__}", "rows": ROWS, "learning_rate": 0.1,
                  "initial": {k: v.flatten().tolist() for k, v in INITIAL.items()},
                  "x": X.flatten(1).tolist(), "y": Y.flatten(1).tolist(), "cases": CASES}))
