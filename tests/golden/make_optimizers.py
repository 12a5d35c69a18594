#!/usr/bin/python3
"""Writes optimizers.json: 50 steps of a small network by every optimizer with every option, in
double precision. Optimizers of PyTorch are PyTorch's; those that Debian's PyTorch 1.13 lacks are
written here after their papers. The file has the form of training.json (see make_training.py), but
`optimizer` is {"text": as Sinapse writes it, "learning_rate"}.

Run with Debian's python3-torch:  /usr/bin/python3 tests/golden/make_optimizers.py
"""
import json
import pathlib

import torch

import make_training as golden

golden.STEPS = 50
optim = torch.optim


class Rule:
    """An optimizer of our own: move(weight, gradient, memory, step) for each tensor."""

    def __init__(self, parameters, move):
        self.parameters = list(parameters)
        self.memories = [{} for _ in self.parameters]
        self.move, self.steps = move, 0

    def zero_grad(self):
        for parameter in self.parameters:
            parameter.grad = None

    @torch.no_grad()
    def step(self):
        self.steps += 1
        for parameter, memory in zip(self.parameters, self.memories):
            self.move(parameter, parameter.grad, memory, self.steps)


def lion(lr, beta1=0.9, beta2=0.99, weight_decay=0.0):
    """Algorithm 2 of Chen and others 2023, Symbolic Discovery of Optimization Algorithms."""

    def move(weight, gradient, memory, _):
        m = memory.get("m", torch.zeros_like(weight))
        update = torch.sign(beta1 * m + (1 - beta1) * gradient)
        memory["m"] = beta2 * m + (1 - beta2) * gradient
        weight.sub_(lr * (update + weight_decay * weight))

    return lambda parameters: Rule(parameters, move)


def nadam(lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0, momentum_decay=0.004,
          decoupled=False):
    """Algorithm 2 of Dozat 2016 with the schedule of mu of its section 2.2, as in PyTorch since 2.0.
    PyTorch 1.13 multiplies mu_t twice into the product of the next step, so it is no reference."""

    def move(weight, gradient, memory, step):
        if decoupled:
            weight.mul_(1 - lr * weight_decay)
        else:
            gradient = gradient + weight_decay * weight
        mu, mu_next = (betas[0] * (1 - 0.5 * 0.96 ** (t * momentum_decay))
                       for t in (step, step + 1))
        product = memory["product"] = memory.get("product", 1.0) * mu
        m = memory["m"] = betas[0] * memory.get("m", 0) + (1 - betas[0]) * gradient
        n = memory["n"] = betas[1] * memory.get("n", 0) + (1 - betas[1]) * gradient ** 2
        m_hat = mu_next * m / (1 - product * mu_next) + (1 - mu) * gradient / (1 - product)
        n_hat = n / (1 - betas[1] ** step)
        weight.sub_(lr * m_hat / (n_hat.sqrt() + eps))

    return lambda parameters: Rule(parameters, move)


class DecoupledRAdam(optim.RAdam):
    """PyTorch's, after weight decay as AdamW has it (an option since PyTorch 2.1)."""

    def __init__(self, parameters, decay, **settings):
        super().__init__(parameters, **settings)
        self.decay = decay

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter.mul_(1 - group["lr"] * self.decay)
        super().step()


def torch_optimizer(kind, **settings):
    return lambda parameters: kind(parameters, **settings)


def runs():
    """(text, learning rate, maker of the optimizer)"""
    t = torch_optimizer
    sgd = optim.SGD
    yield "sgd", 0.1, t(sgd, lr=0.1)
    yield "sgd(weight_decay=0.01)", 0.1, t(sgd, lr=0.1, weight_decay=0.01)
    yield "momentum", 0.1, t(sgd, lr=0.1, momentum=0.9)
    yield ("momentum(momentum=0.7,dampening=0.3,weight_decay=0.02)", 0.1,
           t(sgd, lr=0.1, momentum=0.7, dampening=0.3, weight_decay=0.02))
    yield "nesterov", 0.1, t(sgd, lr=0.1, momentum=0.9, nesterov=True)
    yield ("nesterov(momentum=0.8,weight_decay=0.02)", 0.1,
           t(sgd, lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.02))
    yield "adagrad", 0.1, t(optim.Adagrad, lr=0.1)
    yield ("adagrad(lr_decay=0.05,initial_accumulator_value=0.3)", 0.1,
           t(optim.Adagrad, lr=0.1, lr_decay=0.05, initial_accumulator_value=0.3))
    yield ("adagrad(epsilon=0.01,weight_decay=0.02)", 0.1,
           t(optim.Adagrad, lr=0.1, eps=0.01, weight_decay=0.02))
    yield "adadelta", 1, t(optim.Adadelta, lr=1.0)
    yield ("adadelta(rho=0.8,epsilon=0.001,weight_decay=0.02)", 0.5,
           t(optim.Adadelta, lr=0.5, rho=0.8, eps=0.001, weight_decay=0.02))
    rms = optim.RMSprop
    yield "rmsprop", 0.01, t(rms, lr=0.01)
    yield "rmsprop(centered=true)", 0.01, t(rms, lr=0.01, centered=True)
    yield "rmsprop(momentum=0.9)", 0.01, t(rms, lr=0.01, momentum=0.9)
    yield ("rmsprop(centered=true,momentum=0.5)", 0.01, t(rms, lr=0.01, centered=True, momentum=0.5))
    yield ("rmsprop(alpha=0.9,epsilon=0.01,weight_decay=0.02)", 0.005,
           t(rms, lr=0.005, alpha=0.9, eps=0.01, weight_decay=0.02))
    for name, kind in ("adam", optim.Adam), ("adamw", optim.AdamW):
        plain = {"weight_decay": 0.01} if name == "adamw" else {}
        yield name, 0.02, t(kind, lr=0.02, **plain)
        yield f"{name}(amsgrad=true)", 0.05, t(kind, lr=0.05, amsgrad=True, **plain)
        yield (f"{name}(beta1=0.7,beta2=0.9,epsilon=0.001)", 0.05,
               t(kind, lr=0.05, betas=(0.7, 0.9), eps=0.001, **plain))
        yield f"{name}(weight_decay=0.05)", 0.02, t(kind, lr=0.02, weight_decay=0.05)
        yield (f"{name}(beta1=0,weight_decay=0.05,amsgrad=true)", 0.02,
               t(kind, lr=0.02, betas=(0, 0.999), weight_decay=0.05, amsgrad=True))
    yield "adamax", 0.02, t(optim.Adamax, lr=0.02)
    yield ("adamax(beta1=0.8,beta2=0.9,epsilon=0.01,weight_decay=0.02)", 0.02,
           t(optim.Adamax, lr=0.02, betas=(0.8, 0.9), eps=0.01, weight_decay=0.02))
    yield "nadam", 0.02, nadam(0.02)
    yield ("nadam(beta1=0.8,beta2=0.9,epsilon=0.01,weight_decay=0.02,momentum_decay=0.1)", 0.02,
           nadam(0.02, (0.8, 0.9), 0.01, 0.02, 0.1))
    yield ("nadam(weight_decay=0.1,decoupled_weight_decay=true)", 0.02,
           nadam(0.02, weight_decay=0.1, decoupled=True))
    yield "radam", 0.02, t(optim.RAdam, lr=0.02)
    yield ("radam(beta1=0.8,beta2=0.9,epsilon=0.01,weight_decay=0.02)", 0.02,
           t(optim.RAdam, lr=0.02, betas=(0.8, 0.9), eps=0.01, weight_decay=0.02))
    yield "radam(beta2=0.5)", 0.02, t(optim.RAdam, lr=0.02, betas=(0.9, 0.5))
    yield ("radam(weight_decay=0.1,decoupled_weight_decay=true)", 0.02,
           t(DecoupledRAdam, decay=0.1, lr=0.02))
    yield "lion", 0.01, lion(0.01)
    yield ("lion(beta1=0.8,beta2=0.95,weight_decay=0.1)", 0.01, lion(0.01, 0.8, 0.95, 0.1))
    yield "rprop", 0.01, t(optim.Rprop, lr=0.01)
    yield ("rprop(etaminus=0.3,etaplus=1.5,step_size_min=0.002,step_size_max=0.05)", 0.01,
           t(optim.Rprop, lr=0.01, etas=(0.3, 1.5), step_sizes=(0.002, 0.05)))


def main():
    golden.make_optimizer = lambda settings, parameters: settings["make"](parameters)
    layers = [golden.dense(5), {"type": "tanh"}, golden.dense(2)]
    settings = [{"text": text, "learning_rate": rate, "make": make} for text, rate, make in runs()]
    case = golden.make_case("mlp", layers, "mean_squared_error", settings, inputs=3)
    for run in case["runs"]:
        del run["optimizer"]["make"]
    path = pathlib.Path(__file__).with_name("optimizers.json")
    path.write_text('{"made_with": "PyTorch %s",\n"networks": [\n%s\n]}\n'
                    % (torch.__version__, json.dumps(case).replace('{"optimizer"', '\n{"optimizer"')))


if __name__ == "__main__":
    main()
