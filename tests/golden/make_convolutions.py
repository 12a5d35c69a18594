#!/usr/bin/python3
"""Convolutions and pooling in PyTorch, float64: outputs and gradients over a grid of shapes.

Writes convolutions.json beside itself. Inputs are not stored: element i of a tensor with that seed is
sin(0.7 i + seed), here and in the test. Needs python3-torch (made with 1.13).
"""
import json
import pathlib
import random

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
TRANSPOSED = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}
MAX_POOL = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
AVERAGE_POOL = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}


def tensor(shape, seed):
    count = 1
    for size in shape:
        count *= size
    return torch.sin(0.7 * torch.arange(count) + seed).reshape(shape).requires_grad_()


def results(y, inputs):
    dy = tensor(y.shape, 4).detach()
    gradients = torch.autograd.grad(y, inputs, dy)
    return [[round(v, 13) for v in t.flatten().tolist()] for t in (y, *gradients)]


def window(pick, rank, transposed=False):
    kernel = [pick.choice([1, 2, 3]) for _ in range(rank)]
    strides = [pick.choice([1, 2, 4]) for _ in range(rank)]
    dilations = [pick.choice([1, 1, 2]) for _ in range(rank)]
    pads = [pick.choice([0, 1, 4 if not transposed else 0]) for _ in range(rank)]
    return kernel, strides, dilations, pads


def convolution(pick, transposed):
    rank = pick.choice([1, 2, 3])
    groups = pick.choice([1, 1, 2, 3])
    inputs, outputs = groups * pick.choice([1, 2]), groups * pick.choice([1, 2])
    kernel, strides, dilations, pads = window(pick, rank, transposed)
    x = tensor([pick.choice([1, 3]), inputs] + [pick.choice([3, 4, 5]) for _ in range(rank)], 1)
    weight_channels = [inputs, outputs // groups] if transposed else [outputs, inputs // groups]
    weight, bias = tensor(weight_channels + kernel, 2), tensor([outputs], 3)
    call = (TRANSPOSED if transposed else CONV)[rank]
    y = call(x, weight, bias, stride=strides, padding=pads, dilation=dilations, groups=groups)
    return dict(op="ConvTranspose" if transposed else "Conv", x=list(x.shape),
                weight=list(weight.shape), groups=groups, strides=strides, dilations=dilations,
                pads=pads, results=results(y, [x, weight, bias]))


def pool(pick, largest):
    rank = pick.choice([1, 2, 3])
    kernel = [pick.choice([2, 3]) for _ in range(rank)]
    strides = [pick.choice([1, 2, 4]) for _ in range(rank)]
    pads = [pick.choice([0, 1]) for _ in range(rank)]
    x = tensor([2, 2] + [pick.choice([3, 4, 5]) for _ in range(rank)], 1)
    if largest:
        y = MAX_POOL[rank](x, kernel, strides, pads)
    else:
        y = AVERAGE_POOL[rank](x, kernel, strides, pads, count_include_pad=False)
    return dict(op="MaxPool" if largest else "AveragePool", x=list(x.shape), kernel=kernel,
                strides=strides, dilations=[1] * rank, pads=pads, results=results(y, [x]))


def main():
    pick, cases = random.Random(1), []
    makers = [lambda p: convolution(p, False)] * 30 + [lambda p: convolution(p, True)] * 15
    makers += [lambda p: pool(p, True)] * 10 + [lambda p: pool(p, False)] * 10
    for make in makers:
        while True:
            try:
                case = make(pick)
            except RuntimeError:  # a window that does not fit
                continue
            if sum(map(len, case["results"])) < 700:
                break
        cases.append(case)
    path = pathlib.Path(__file__).with_name("convolutions.json")
    path.write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")


main()
