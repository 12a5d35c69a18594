#!/usr/bin/python3
"""Operators on spatial axes and channels in PyTorch, float64: outputs and gradients.

Writes axes.json beside itself. Inputs are not stored: element i of a tensor with that seed is
sin(0.7 i + seed), here and in the test. Needs python3-torch (made with 1.13).
"""
import json
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}
AVERAGE = {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d, 3: F.adaptive_avg_pool3d}
MAX = {1: F.adaptive_max_pool1d, 2: F.adaptive_max_pool2d, 3: F.adaptive_max_pool3d}


def tensor(shape, seed):
    count = torch.Size(shape).numel()
    return torch.sin(0.7 * torch.arange(count) + seed).reshape(shape).requires_grad_()


def case(op, attributes, shapes, function):
    inputs = [tensor(shape, seed + 1) for seed, shape in enumerate(shapes)]
    y = function(*inputs)
    gradients = torch.autograd.grad(y, inputs, tensor(y.shape, 4).detach())
    results = [[round(v, 13) for v in t.flatten().tolist()] for t in (y, *gradients)]
    return {"op": op, "attributes": attributes, "shapes": shapes, "results": results}


def resizes():
    for sizes, to in (([5], [15]), ([3, 4], [6, 4]), ([2, 3, 2], [4, 9, 2])):
        x, rank = [2, 3] + sizes, len(sizes)
        yield case("Resize", {"mode": "nearest", "sizes": to}, [x],
                   lambda v: F.interpolate(v, size=to, mode="nearest"))
        yield case("Resize", {"mode": "linear", "sizes": to}, [x],
                   lambda v: F.interpolate(v, size=to, mode=LINEAR[rank], align_corners=False))
    for sizes, to in (([7], [3]), ([5, 7], [2, 3]), ([4, 5, 3], [3, 2, 2])):
        x, rank = [2, 2] + sizes, len(sizes)
        yield case("Resize", {"mode": "average", "sizes": to}, [x], lambda v: AVERAGE[rank](v, to))
        yield case("AdaptiveMaxPool", {"sizes": to}, [x], lambda v: MAX[rank](v, to))


def pads():
    yield case("Pad", {"pads": [1, 2, 0, 3]}, [[2, 2, 3, 4]], lambda v: F.pad(v, (2, 3, 1, 0)))
    yield case("Pad", {"pads": [-1, 2]}, [[2, 3, 5]], lambda v: F.pad(v, (-1, 2)))


def channels():
    for groups, sizes in ((2, [5]), (3, [2, 3]), (6, [3, 2]), (1, [2, 2, 2])):
        yield case("GroupNormalization", {"groups": groups, "epsilon": 1e-3}, [[2, 6] + sizes, [6], [6]],
                   lambda x, scale, bias: F.group_norm(x, groups, scale, bias, 1e-3))
    yield case("PRelu", {}, [[2, 3, 4, 2], [3]], F.prelu)


cases = [*resizes(), *pads(), *channels()]
path = pathlib.Path(__file__).with_name("axes.json")
path.write_text("[\n" + ",\n".join(json.dumps(one) for one in cases) + "\n]\n")
