#!/usr/bin/python3
"""Writes training.json: small networks trained ten steps by PyTorch in double precision.

Nothing is random. Every number comes from wave(count, phase)[i] = sin(1.7 * i + phase), so that
another program can recompute inputs and initial weights, though the file stores them as well.
Run: /usr/bin/python3 tests/golden/make_training.py   (Debian's python3-torch 1.13)

The file is {"networks": [...]}, each with
  name        what the network shows
  layers      the network as a list, see build() below
  loss        "softmax_cross_entropy" | "mean_squared_error" | "sigmoid_cross_entropy"
              (cross-entropies average over rows, the squared error over all elements;
              targets are class numbers for softmax, else numbers shaped like the output)
  inputs, targets, initial   {"shape": [...], "data": [...]}; initial by parameter name
  runs        one an optimizer:
    optimizer    {"type": ..., its settings}
    losses       before each of the ten steps
    gradients    of the first step, by parameter name
    final        parameters after the ten steps, and a batch norm's running statistics
                 ("<layer>.running_mean", "<layer>.running_var", the variance unbiased)
    prediction   the network's output for the inputs after the ten steps, in inference mode

Batch norm: y = (x - mean) / sqrt(variance + 1e-5) * weight + bias; in training the batch's mean and
biased variance, running = 0.9 * running + 0.1 * batch's (unbiased variance), starting at 0 and 1.
Weight decay applies to all parameters, biases too: in SGD g += decay * w (L2), in AdamW the weight
shrinks before its step, w *= 1 - lr * decay.
Momentum: v = m*v + g from v = 0; w -= lr * v, or with Nesterov w -= lr * (g + m*v).
Adam: epsilon is added to the bias-corrected root, sqrt(v / (1 - beta2^t)) + epsilon.
"""
import json
import math
import pathlib

import torch

STEPS = 10
ROWS = 12

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

SGD = {"type": "sgd", "learning_rate": 0.1}
OPTIMIZERS = [
    SGD,
    {"type": "sgd", "learning_rate": 0.1, "momentum": 0.9},
    {"type": "sgd", "learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
    {"type": "sgd", "learning_rate": 0.1, "weight_decay": 0.01},
    {"type": "sgd", "learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.01},
    {"type": "adam", "learning_rate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    {"type": "adamw", "learning_rate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8,
     "weight_decay": 0.01},
]


def wave(shape, phase):
    count = math.prod(shape)
    return torch.tensor([math.sin(1.7 * i + phase) for i in range(count)]).reshape(shape)


def dense(units):
    return {"type": "dense", "units": units}


ACTIVATIONS = {
    "relu": torch.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "elu": torch.nn.functional.elu,  # alpha 1
    "gelu": torch.nn.functional.gelu,  # exact, with erf
}


class Network(torch.nn.Module):
    """Layers in a row. {"type": "add"|"concatenate", "from": n} joins the value so far with the
    output of layer n (counted from 0; -1 is the input): value + other, or [value, other]."""

    def __init__(self, layers, inputs):
        super().__init__()
        self.layers = layers
        self.steps = []
        counts, features = {}, [inputs]
        for layer in layers:
            module, width = self.make(layer, features)
            features.append(width)
            if isinstance(module, torch.nn.Module):
                counts[layer["type"]] = counts.get(layer["type"], 0) + 1
                self.add_module(layer["type"] + str(counts[layer["type"]]), module)
            self.steps.append(module)

    @staticmethod
    def make(layer, features):
        kind, width = layer["type"], features[-1]
        if kind == "dense":
            return torch.nn.Linear(width, layer["units"]), layer["units"]
        if kind == "batch_norm":
            return torch.nn.BatchNorm1d(width, eps=1e-5, momentum=0.1), width
        if kind == "layer_norm":
            return torch.nn.LayerNorm(width, eps=1e-5), width
        if kind == "prelu":
            return torch.nn.PReLU(width), width
        if kind == "add":
            return None, width
        if kind == "concatenate":
            return None, width + features[layer["from"] + 1]
        return ACTIVATIONS[kind], width

    def forward(self, x):
        values = [x]
        for layer, step in zip(self.layers, self.steps):
            value = values[-1]
            if layer["type"] == "add":
                value = value + values[layer["from"] + 1]
            elif layer["type"] == "concatenate":
                value = torch.cat([value, values[layer["from"] + 1]], dim=1)
            else:
                value = step(value)
            values.append(value)
        return values[-1]


def set_initial(network):
    """Weights 0.5 * wave, biases 0.1 * wave; a norm's scale and a PReLU's slope lie around their
    usual start so that they differ by channel."""
    for index, (name, parameter) in enumerate(network.named_parameters()):
        numbers = wave(parameter.shape, 0.3 + index)
        if name.startswith(("batch_norm", "layer_norm")) and name.endswith("weight"):
            numbers = 1 + 0.1 * numbers
        elif name.startswith("prelu"):
            numbers = 0.25 + 0.1 * numbers
        else:
            numbers = (0.1 if name.endswith("bias") else 0.5) * numbers
        parameter.data.copy_(numbers)


def make_loss(kind):
    return {"softmax_cross_entropy": torch.nn.functional.cross_entropy,
            "mean_squared_error": torch.nn.functional.mse_loss,
            "sigmoid_cross_entropy": torch.nn.functional.binary_cross_entropy_with_logits}[kind]


def make_optimizer(settings, parameters):
    decay = settings.get("weight_decay", 0.0)
    if settings["type"] == "sgd":
        return torch.optim.SGD(parameters, settings["learning_rate"],
                               momentum=settings.get("momentum", 0.0), weight_decay=decay,
                               nesterov=settings.get("nesterov", False))
    kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[settings["type"]]
    return kind(parameters, settings["learning_rate"], betas=(settings["beta1"], settings["beta2"]),
                eps=settings["epsilon"], weight_decay=decay)


def stored(tensor):
    return {"shape": list(tensor.shape), "data": tensor.detach().flatten().tolist()}


def state(network):
    return {name: stored(tensor) for name, tensor in network.state_dict().items()
            if not name.endswith("num_batches_tracked")}


def train(case, inputs, targets, settings):
    network = Network(case["layers"], inputs.shape[1])
    set_initial(network)
    loss_function = make_loss(case["loss"])
    optimizer = make_optimizer(settings, network.parameters())
    losses, gradients = [], None
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = loss_function(network(inputs), targets)
        loss.backward()
        losses.append(loss.item())
        if gradients is None:
            gradients = {name: stored(parameter.grad)
                         for name, parameter in network.named_parameters()}
        optimizer.step()
    network.eval()
    return {"optimizer": settings, "losses": losses, "gradients": gradients,
            "final": state(network), "prediction": stored(network(inputs))}


def make_case(name, layers, loss, optimizers, inputs=4):
    case = {"name": name, "layers": layers, "loss": loss}
    network = Network(layers, inputs)
    set_initial(network)
    x = 1.5 * wave((ROWS, inputs), 0.1)
    outputs = network(x).shape[1]
    if loss == "softmax_cross_entropy":
        targets = torch.tensor([(i * i + i // 3) % outputs for i in range(ROWS)])
    elif loss == "sigmoid_cross_entropy":
        targets = (wave((ROWS, outputs), 0.7) > 0).to(torch.float64)
    else:
        targets = wave((ROWS, outputs), 0.7)
    network = Network(layers, inputs)
    set_initial(network)
    case |= {"inputs": stored(x), "targets": stored(targets), "initial": state(network)}
    case["runs"] = [train(case, x, targets, settings) for settings in optimizers]
    return case


def simple(*names):
    return [{"type": name} for name in names]


def cases():
    mlp = [dense(8), *simple("tanh"), dense(5), *simple("tanh"), dense(3)]
    yield make_case("mlp_tanh", mlp, "softmax_cross_entropy", OPTIMIZERS)
    for activation in ("sigmoid", "relu", "elu", "gelu"):
        layers = [dense(7), *simple(activation), dense(1)]
        yield make_case("regression_" + activation, layers, "mean_squared_error", [SGD], inputs=3)
    yield make_case("regression_two_outputs", [dense(6), *simple("relu"), dense(2)],
                    "mean_squared_error", [SGD, OPTIMIZERS[5]], inputs=3)
    yield make_case("binary", [dense(8), *simple("relu"), dense(1)], "sigmoid_cross_entropy",
                    [SGD, OPTIMIZERS[5]], inputs=5)
    for norm in ("batch_norm", "layer_norm"):
        # tanh in front: a bias right before batch norm has no gradient but rounding errors.
        layers = [dense(6), *simple("tanh", norm, "relu"), dense(5), *simple("tanh", norm),
                  dense(3)]
        yield make_case(norm, layers, "softmax_cross_entropy", [SGD, OPTIMIZERS[5]])
    residual = [dense(6), *simple("relu"), dense(6), *simple("relu"), {"type": "add", "from": 1},
                {"type": "concatenate", "from": -1}, dense(3)]
    yield make_case("residual_concatenate", residual, "softmax_cross_entropy",
                    [SGD, OPTIMIZERS[2]])
    yield make_case("prelu", [dense(6), *simple("prelu"), dense(1)], "mean_squared_error",
                    [SGD, OPTIMIZERS[5]], inputs=3)


def main():
    path = pathlib.Path(__file__).with_name("training.json")
    networks = ",\n".join(json.dumps(case) for case in cases())
    # repr of a float, which json writes, is exact and at most 17 digits.
    path.write_text('{"made_with": "PyTorch %s",\n"networks": [\n%s\n]}\n'
                    % (torch.__version__, networks))


if __name__ == "__main__":
    main()
