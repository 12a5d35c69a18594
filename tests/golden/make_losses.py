#!/usr/bin/python3
"""Writes losses.json: losses and their gradients in float64 by PyTorch.

Run: /usr/bin/python3 tests/golden/make_losses.py   (Debian's python3-torch 1.13)

A list of cases, each with
  loss      as parse_loss reads it
  name      which rows: plain, weighted, masked (weights 0), missing (some targets are null, and
            left out of the mean over their row) or one_class
  outputs   [row][output] of the network
  targets   [row][output], or [row][1], a class
  weights   [row]
  losses    [row], not weighted
  mean      sum weight loss / sum weight
  gradient  [row][output], of the mean
Where PyTorch has the loss, its own function is called; the others are written here from their
definitions and differentiated by PyTorch.
"""
import json
import pathlib

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
random = torch.Generator().manual_seed(20)


def normal(*shape):
    return torch.randn(*shape, generator=random)


def per_row(losses):
    return losses.mean(dim=1)


def pinball(q):
    return lambda p, t: per_row(torch.where(t > p, q * (t - p), (1 - q) * (p - t)))


def hinge(power):
    return lambda p, t: per_row(F.relu(1 - (2 * t - 1) * p) ** power)


def smoothed_bce(s):
    return lambda p, t: per_row(F.binary_cross_entropy_with_logits(
        p, (1 - s) * t + s / 2, reduction="none"))


def binary_focal(gamma, alpha):  # as Lin et al. 2017 define it
    def loss(p, t):
        probability = torch.sigmoid(p)
        of_truth = torch.where(t == 1, probability, 1 - probability)
        share = torch.where(t == 1, alpha, 1 - alpha)
        return per_row(-share * (1 - of_truth) ** gamma * torch.log(of_truth))
    return loss


def cross_entropy(s):
    return lambda p, t: F.cross_entropy(p, t[:, 0].long(), reduction="none", label_smoothing=s)


def focal(gamma, alpha):
    def loss(p, t):
        r = torch.softmax(p, dim=1).gather(1, t.long())[:, 0]
        return -alpha * (1 - r) ** gamma * torch.log(r)
    return loss


def elementwise(function, **settings):
    return lambda p, t: per_row(function(p, t, reduction="none", **settings))


def kl_divergence(p, t):
    return F.kl_div(torch.log_softmax(p, dim=1), t, reduction="none").sum(dim=1)


def cosine_distance(p, t):
    return 1 - F.cosine_similarity(p, t, dim=1, eps=1e-8)


def numbers(rows, width):
    return normal(rows, width)


def bits(rows, width):
    return (normal(rows, width) > 0).double()


def counts(rows, width):
    return torch.floor(3 * normal(rows, width).abs())


def not_zero(rows, width):
    t = normal(rows, width)
    return t + 0.2 * torch.sign(t)


def shares(rows, width):
    t = torch.softmax(2 * normal(rows, width), dim=1)
    t[0] = torch.eye(width)[0]  # some shares are 0
    return t


def labels(rows, width):
    return torch.randint(0, width, (rows, 1), generator=random).double()


# loss, function, targets, widths
LOSSES = [
    ("mean_squared_error", elementwise(F.mse_loss), numbers, (1, 3)),
    ("mean_absolute_error", elementwise(F.l1_loss), numbers, (1, 3)),
    ("huber", elementwise(F.huber_loss), numbers, (1, 3)),
    ("huber(delta=0.4)", elementwise(F.huber_loss, delta=0.4), numbers, (1,)),
    ("log_cosh", lambda p, t: per_row(torch.log(torch.cosh(p - t))), numbers, (1, 3)),
    ("mean_absolute_percentage_error", lambda p, t: per_row((p - t).abs() / t.abs()), not_zero,
     (1, 3)),
    ("mean_squared_logarithmic_error", elementwise(F.mse_loss), numbers, (1,)),
    ("poisson", elementwise(F.poisson_nll_loss, log_input=True, full=False), counts, (1, 3)),
    ("quantile", pinball(0.5), numbers, (1,)),
    ("quantile(q=0.9)", pinball(0.9), numbers, (1, 3)),
    ("binary_crossentropy", elementwise(F.binary_cross_entropy_with_logits), bits, (1, 3)),
    ("binary_crossentropy(label_smoothing=0.1)", smoothed_bce(0.1), bits, (1, 3)),
    ("binary_focal_crossentropy", binary_focal(2, 0.25), bits, (1, 3)),
    ("binary_focal_crossentropy(gamma=0.5,alpha=0.6)", binary_focal(0.5, 0.6), bits, (1,)),
    ("hinge", hinge(1), bits, (1, 3)),
    ("squared_hinge", hinge(2), bits, (1, 3)),
    ("cosine_similarity", cosine_distance, numbers, (2, 5)),
    ("kl_divergence", kl_divergence, shares, (2, 5)),
    ("categorical_crossentropy", cross_entropy(0.0), labels, (2, 5)),
    ("categorical_crossentropy(label_smoothing=0.2)", cross_entropy(0.2), labels, (2, 5)),
    ("categorical_focal_crossentropy", focal(2, 1), labels, (2, 5)),
    ("categorical_focal_crossentropy(gamma=0.5,alpha=0.25)", focal(0.5, 0.25), labels, (3,)),
]

ROWS = 7
WEIGHTS = {
    "plain": torch.ones(ROWS),
    "weighted": torch.tensor([0.5, 2, 1, 0.25, 3, 1, 0.1]),
    "masked": torch.tensor([1.0, 0, 1, 0, 0, 2, 1]),
}


def case(loss, name, function, outputs, targets, weights):
    outputs = outputs.clone().requires_grad_()
    losses = function(outputs, targets)
    mean = (weights * losses).sum() / weights.sum()
    mean.backward()
    return {"loss": loss, "name": name, "outputs": outputs.tolist(), "targets": targets.tolist(),
            "weights": weights.tolist(), "losses": losses.tolist(), "mean": mean.item(),
            "gradient": outputs.grad.tolist()}


MISSING = torch.tensor([[0, 1, 0], [0, 0, 0], [1, 1, 0], [0, 0, 1], [1, 0, 1], [0, 0, 0],
                        [1, 1, 1]]).bool()


def case_with_missing_targets(loss, function, outputs, targets):
    """Each column by itself, so that the mean over a row is over the columns that are known."""
    outputs = outputs.clone().requires_grad_()
    columns = [function(outputs[:, [k]], targets[:, [k]]) for k in range(3)]
    known = (~MISSING).double()
    losses = (torch.stack(columns, dim=1) * known).sum(dim=1) / known.sum(dim=1).clamp(min=1)
    weights = WEIGHTS["weighted"]
    mean = (weights * losses).sum() / weights.sum()
    mean.backward()
    rows = [[None if missing else t for t, missing in zip(*row)]
            for row in zip(targets.tolist(), MISSING.tolist())]
    return {"loss": loss, "name": "missing", "outputs": outputs.tolist(), "targets": rows,
            "weights": weights.tolist(), "losses": losses.tolist(), "mean": mean.item(),
            "gradient": outputs.grad.tolist()}


def class_weights_of_pytorch():
    """Class weights as PyTorch itself applies them: the row's weight is that of its class."""
    outputs, targets = normal(ROWS, 3).requires_grad_(), labels(ROWS, 3)
    by_class = torch.tensor([0.5, 2, 3])
    labels_of_rows = targets[:, 0].long()
    mean = F.cross_entropy(outputs, labels_of_rows, weight=by_class)
    mean.backward()
    return {"loss": "categorical_crossentropy", "name": "class_weights",
            "outputs": outputs.tolist(), "targets": targets.tolist(),
            "weights": by_class[labels_of_rows].tolist(),
            "losses": F.cross_entropy(outputs, labels_of_rows, reduction="none").tolist(),
            "mean": mean.item(), "gradient": outputs.grad.tolist()}


def main():
    cases = [class_weights_of_pytorch()]
    for loss, function, draw, widths in LOSSES:
        for width in widths:
            for name, weights in WEIGHTS.items():
                cases.append(case(loss, name, function, 2 * normal(ROWS, width),
                                  draw(ROWS, width), weights))
            if width == 3 and draw not in (labels, shares) and loss != "cosine_similarity":
                cases.append(case_with_missing_targets(loss, function, 2 * normal(ROWS, width),
                                                       draw(ROWS, width)))
            if draw in (bits, labels):
                targets = torch.ones_like(draw(ROWS, width))
                cases.append(case(loss, "one_class", function, 2 * normal(ROWS, width), targets,
                                  WEIGHTS["weighted"]))
    path = pathlib.Path(__file__).with_name("losses.json")
    path.write_text("[" + ",\n".join(json.dumps(c) for c in cases) + "]\n")


main()
