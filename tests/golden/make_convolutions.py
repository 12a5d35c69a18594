#!/usr/bin/python3
"""Convolutions and pooling in PyTorch, float64: outputs and gradients over a grid of shapes.

Writes convolutions.json and convolution_grid.json beside itself. Inputs are not stored: element i of a
tensor with that seed is sin(0.7 i + seed), here and in the test. Of the larger grid two sums of each result
are stored: of element i times sin(1.3 i + 1), and times sin(0.41 i + 2). Needs python3-torch (made with 1.13).
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


def sums(values):
    values = torch.tensor(values)
    places = torch.arange(len(values))
    return [float("%.11g" % (values * torch.sin(step * places + start)).sum())
            for step, start in ((1.3, 1), (0.41, 2))]


def fits(sizes, kernel, strides, dilations, pads, transposed=False):
    """Whether each window has a place; PyTorch 1.13 does not always notice that itself."""
    for n, k, s, d, p in zip(sizes, kernel, strides, dilations, pads):
        reach = d * (k - 1) + 1
        if ((n - 1) * s + reach - 2 * p if transposed else n + 2 * p - reach + 1) < 1:
            return False
    return True


def odd(pick, rank):
    return [pick.choice([1, 5, 7, 9] if rank < 3 else [3, 5, 7]) for _ in range(rank)]


def wide_window(pick, rank):
    """Kernels of 1 to 5, strides beyond them, padding beyond half of them and all of them."""
    kernel = [pick.choice([1, 2, 3, 5] if rank < 3 else [1, 2, 3]) for _ in range(rank)]
    strides = [pick.choice([1, 1, 2, 3, k + 1]) for k in kernel]
    dilations = [pick.choice([1, 1, 2, 3]) for _ in range(rank)]
    pads = [pick.choice([0, k // 2, k // 2 + 1, k + 1]) for k in kernel]
    return kernel, strides, dilations, pads


def wide_convolution(pick, rank, transposed):
    groups = pick.choice([1, 1, 2, 3, 4])
    inputs, outputs = groups * pick.choice([1, 2, 5]), groups * pick.choice([1, 3, 4])
    kernel, strides, dilations, pads = wide_window(pick, rank)
    sizes = odd(pick, rank)
    if not fits(sizes, kernel, strides, dilations, pads, transposed):
        return None
    x = tensor([pick.choice([1, 3]), inputs] + sizes, 1)
    weight_channels = [inputs, outputs // groups] if transposed else [outputs, inputs // groups]
    weight, bias = tensor(weight_channels + kernel, 2), tensor([outputs], 3)
    call = (TRANSPOSED if transposed else CONV)[rank]
    y = call(x, weight, bias, stride=strides, padding=pads, dilation=dilations, groups=groups)
    return dict(op="ConvTranspose" if transposed else "Conv", x=list(x.shape),
                weight=list(weight.shape), groups=groups, strides=strides, dilations=dilations,
                pads=pads), y, [x, weight, bias]


def wide_pool(pick, rank, largest):
    kernel = [pick.choice([1, 2, 3, 5]) for _ in range(rank)]
    strides = [pick.choice([1, 2, 3, k + 1]) for k in kernel]
    dilations = [pick.choice([1, 1, 2]) if largest else 1 for _ in range(rank)]
    pads = [pick.choice([0, k // 2]) for k in kernel]
    sizes = odd(pick, rank)
    if not fits(sizes, kernel, strides, dilations, pads):
        return None
    if not largest and any(k > n for k, n in zip(kernel, sizes)):  # which PyTorch refuses in 3-D
        return None
    x = tensor([pick.choice([1, 2]), 3] + sizes, 1)
    if largest:
        y = MAX_POOL[rank](x, kernel, strides, pads, dilations)
    else:
        y = AVERAGE_POOL[rank](x, kernel, strides, pads, count_include_pad=False)
    if not y.isfinite().all():  # a window of padding alone, whose gradient corrupts PyTorch's heap
        return None
    return dict(op="MaxPool" if largest else "AveragePool", x=list(x.shape), kernel=kernel,
                strides=strides, dilations=dilations, pads=pads), y, [x]


def wide_grid():
    pick, cases = random.Random(2), []
    makers = []
    for rank in (1, 2, 3):
        makers += [lambda r=rank: wide_convolution(pick, r, False)] * 80
        makers += [lambda r=rank: wide_convolution(pick, r, True)] * 40
        makers += [lambda r=rank: wide_pool(pick, r, True)] * 25
        makers += [lambda r=rank: wide_pool(pick, r, False)] * 25
    for make in makers:
        while True:
            made = make()
            if made is None:
                continue
            case, y, inputs = made
            weight = inputs[1][0].numel() if len(inputs) > 1 else 27
            if 0 < y.numel() <= 5000 and inputs[0].numel() <= 5000 and \
                    max(y.numel(), inputs[0].numel()) * weight <= 200_000:
                break
        cases.append(dict(case, sums=[sums(values) for values in results(y, inputs)]))
    return cases


def write(name, cases):
    path = pathlib.Path(__file__).with_name(name)
    path.write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")


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
    write("convolutions.json", cases)
    write("convolution_grid.json", wide_grid())


main()
