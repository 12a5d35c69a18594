#!/usr/bin/python3
"""Writes schedules.json: the factor of the learning rate in every step, by PyTorch's schedulers.

  cases       one a schedule:
    text             as Sinapse writes it
    steps_per_epoch
    losses           of each epoch; only reduce_on_plateau looks at them
    factors          one a step

Run with Debian's python3-torch:  /usr/bin/python3 tests/golden/make_schedules.py
"""
import json
import pathlib

import torch
from torch.optim import lr_scheduler as lr


def optimizer(rate):
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=rate)


def rates(make, steps, **settings):
    """The rate in each step, the scheduler being stepped after every one."""
    sgd = optimizer(1.0)
    scheduler = make(sgd, **settings)
    result = []
    for _ in range(steps):
        result.append(sgd.param_groups[0]["lr"])
        sgd.step()
        scheduler.step()
    return result


def case(text, factors, steps_per_epoch=1, losses=()):
    return {"text": text, "steps_per_epoch": steps_per_epoch, "losses": list(losses),
            "factors": factors}


def restarts(steps, steps_per_epoch, period, multiplier, final):
    sgd = optimizer(1.0)
    scheduler = lr.CosineAnnealingWarmRestarts(sgd, period, multiplier, eta_min=final)
    result = []
    for step in range(steps):
        scheduler.step(step / steps_per_epoch)
        result.append(sgd.param_groups[0]["lr"])
    return result


def plateau(losses, **settings):
    sgd = optimizer(1.0)
    scheduler = lr.ReduceLROnPlateau(sgd, eps=0, **settings)
    result = []
    for loss in losses:
        result.append(sgd.param_groups[0]["lr"])
        scheduler.step(loss)
    return result


LOSSES = [1, 0.8, 0.7, 0.71, 0.7, 0.69995, 0.72, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.49, 0.48,
          0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]


def cases():
    yield case("constant", [1.0] * 5)
    yield case("cosine", rates(lr.CosineAnnealingLR, 30, T_max=30))
    yield case("cosine(final=0.1)", rates(lr.CosineAnnealingLR, 30, T_max=30, eta_min=0.1))
    yield case("polynomial", rates(lr.PolynomialLR, 20, total_iters=20))
    yield case("polynomial(power=2.5)", rates(lr.PolynomialLR, 20, total_iters=20, power=2.5))
    yield case("polynomial(final=0.25)",
               rates(lr.LinearLR, 20, start_factor=1.0, end_factor=0.25, total_iters=20))
    yield case("exponential", rates(lr.ExponentialLR, 20, gamma=0.95))
    yield case("exponential(gamma=0.5)", rates(lr.ExponentialLR, 20, gamma=0.5))
    yield case("step", rates(lr.StepLR, 70, step_size=30))
    yield case("step(step_size=4,gamma=0.5)", rates(lr.StepLR, 20, step_size=4, gamma=0.5))
    yield case("multi_step", rates(lr.MultiStepLR, 100, milestones=[30, 60, 90]))
    yield case("multi_step(first=3,second=7,third=0,gamma=0.3)",
               rates(lr.MultiStepLR, 12, milestones=[3, 7], gamma=0.3))
    yield case("cosine_restarts", restarts(100, 4, 10, 1, 0), 4)
    yield case("cosine_restarts(period=3,multiplier=2,final=0.1)", restarts(150, 3, 3, 2, 0.1), 3)
    one_cycle = {"max_lr": 1.0, "total_steps": 40, "cycle_momentum": False}
    yield case("one_cycle", rates(lr.OneCycleLR, 40, **one_cycle))
    yield case("one_cycle(max_factor=3,pct_start=0.2,div_factor=10,final_div_factor=100)",
               rates(lr.OneCycleLR, 40, **(one_cycle | {"max_lr": 3.0}), pct_start=0.2,
                     div_factor=10, final_div_factor=100))
    yield case("one_cycle(linear=true)",
               rates(lr.OneCycleLR, 40, **one_cycle, anneal_strategy="linear"))
    yield case("one_cycle(three_phase=true)",
               rates(lr.OneCycleLR, 40, **one_cycle, three_phase=True))
    yield case("reduce_on_plateau(patience=2)", plateau(LOSSES, patience=2), 1, LOSSES)
    yield case("reduce_on_plateau(factor=0.5,patience=1,threshold=0.05,cooldown=2,final=0.1)",
               plateau(LOSSES, factor=0.5, patience=1, threshold=0.05, cooldown=2, min_lr=0.1), 1,
               LOSSES)
    yield case("reduce_on_plateau", plateau([1.0] * 30), 1, [1.0] * 30)


def main():
    path = pathlib.Path(__file__).with_name("schedules.json")
    lines = ",\n".join(json.dumps(one) for one in cases())
    path.write_text('{"made_with": "PyTorch %s",\n"cases": [\n%s\n]}\n' % (torch.__version__, lines))


if __name__ == "__main__":
    main()
