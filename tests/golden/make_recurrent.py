#!/usr/bin/python3
"""Writes recurrent.json: RNN, LSTM and GRU cells with every option, in double precision. PyTorch's
own modules where they have the option; peepholes and a GRU whose reset gate works before the product
are written here after ONNX's formulas.

  cases        one a set of options:
    name, op     "RNN", "LSTM" or "GRU"
    attributes   of the operator
    inputs       by ONNX's names, {"shape", "data"}: X [batch, time, k], W [D G n, k], R [D G n, n],
                 B [D 2 G n], sequence_lens [batch, 1], initial_h, initial_c [batch, D n], P [D 3 n]
    outputs      Y [batch, time, D n], Y_h and Y_c [batch, D n]
    seeds        of each output: the loss is the sum of output times seed
    gradients    of the loss by input

Run with Debian's python3-torch:  /usr/bin/python3 tests/golden/make_recurrent.py
"""
import json
import pathlib

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

import make_training as golden

BATCH, TIME, INPUTS, UNITS = 3, 5, 2, 4
GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}
# Where ONNX's gates stand in PyTorch: i o f c of i f g o, z r h of r z n.
ORDER = {"RNN": [0], "LSTM": [0, 3, 1, 2], "GRU": [1, 0, 2]}


def reordered(op, rows):
    """[G n, ...] from ONNX's order of gates to PyTorch's."""
    parts = rows.chunk(GATES[op])
    back = [ORDER[op].index(gate) for gate in range(GATES[op])]
    return torch.cat([parts[gate] for gate in back])


def by_module(op, inputs, attributes):
    """One module for all directions; lengths by packing."""
    both = attributes.get("direction") == "bidirectional"
    kind = {"RNN": torch.nn.RNN, "LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU}[op]
    settings = {"nonlinearity": attributes["activation"]} if "activation" in attributes else {}
    module = kind(INPUTS, UNITS, batch_first=True, bidirectional=both, **settings)
    directions = 2 if both else 1
    weights, biases = {}, inputs["B"].chunk(2 * directions)
    for d in range(directions):
        suffix = "_l0" + ("_reverse" if d else "")
        weights["weight_ih" + suffix] = reordered(op, inputs["W"].chunk(directions)[d])
        weights["weight_hh" + suffix] = reordered(op, inputs["R"].chunk(directions)[d])
        weights["bias_ih" + suffix] = reordered(op, biases[2 * d])
        weights["bias_hh" + suffix] = reordered(op, biases[2 * d + 1])

    def states(name):
        given = inputs.get(name, torch.zeros(BATCH, directions * UNITS))
        return given.reshape(BATCH, directions, UNITS).transpose(0, 1)

    x = inputs["X"]
    lengths = inputs.get("sequence_lens")
    if lengths is not None:
        x = pack_padded_sequence(x, lengths.flatten().long(), batch_first=True, enforce_sorted=False)
    start = (states("initial_h"), states("initial_c")) if op == "LSTM" else states("initial_h")
    for name, weight in weights.items():
        getattr(module, name).data.copy_(weight.detach())
    y, last = module(x, start)
    if lengths is not None:
        y, _ = pad_packed_sequence(y, batch_first=True, total_length=TIME)
    last = last if op == "LSTM" else (last,)
    links = [(weight, getattr(module, name)) for name, weight in weights.items()]
    return [y] + [h.transpose(0, 1).reshape(BATCH, -1) for h in last], links


def by_formula(op, inputs, attributes):
    """One direction, all rows of full length."""
    w, r = inputs["W"].chunk(GATES[op]), inputs["R"].chunk(GATES[op])
    wb, rb = (b.chunk(GATES[op]) for b in inputs["B"].chunk(2))
    h = inputs.get("initial_h", torch.zeros(BATCH, UNITS))
    c = inputs.get("initial_c", torch.zeros(BATCH, UNITS))
    p = inputs["P"].chunk(3) if "P" in inputs else [0, 0, 0]
    times = range(TIME)
    reverse = attributes.get("direction") == "reverse"
    outputs = [None] * TIME
    for t in reversed(times) if reverse else times:
        x = inputs["X"][:, t]

        def total(gate, state):
            return x @ w[gate].T + state @ r[gate].T + wb[gate] + rb[gate]

        if op == "LSTM":
            i = torch.sigmoid(total(0, h) + p[0] * c)
            f = torch.sigmoid(total(2, h) + p[2] * c)
            c = f * c + i * torch.tanh(total(3, h))
            h = torch.sigmoid(total(1, h) + p[1] * c) * torch.tanh(c)
        elif op == "GRU":
            z, reset = torch.sigmoid(total(0, h)), torch.sigmoid(total(1, h))
            if attributes["linear_before_reset"]:
                candidate = torch.tanh(x @ w[2].T + wb[2] + reset * (h @ r[2].T + rb[2]))
            else:
                candidate = torch.tanh(total(2, reset * h))
            h = (1 - z) * candidate + z * h
        else:
            h = torch.tanh(total(0, h))
        outputs[t] = h
    return [torch.stack(outputs, dim=1), h] + ([c] if op == "LSTM" else []), []


def case(name, op, make, extras=(), **attributes):
    directions = 2 if attributes.get("direction") == "bidirectional" else 1
    rows = directions * GATES[op] * UNITS
    shapes = {"X": (BATCH, TIME, INPUTS), "W": (rows, INPUTS), "R": (rows, UNITS), "B": (2 * rows,),
              "initial_h": (BATCH, directions * UNITS), "initial_c": (BATCH, directions * UNITS),
              "P": (3 * directions * UNITS,)}
    inputs = {key: (0.7 * golden.wave(shape, 0.2 + index)).requires_grad_()
              for index, (key, shape) in enumerate(shapes.items())
              if key in ("X", "W", "R", "B") or key in extras}
    if "sequence_lens" in extras:
        inputs["sequence_lens"] = torch.tensor([[3.0], [5.0], [1.0]])
    outputs, links = make(op, inputs, attributes)
    seeds = [golden.wave(y.shape, 0.5 + index) for index, y in enumerate(outputs)]
    sum((y * seed).sum() for y, seed in zip(outputs, seeds)).backward()
    for weight, parameter in links:  # from the module's own copies back to the inputs
        weight.backward(parameter.grad, retain_graph=True)
    return {"name": name, "op": op, "attributes": {"hidden_size": UNITS, **attributes},
            "inputs": {key: golden.stored(value) for key, value in inputs.items()},
            "outputs": [golden.stored(y) for y in outputs],
            "seeds": [golden.stored(seed) for seed in seeds],
            "gradients": {key: golden.stored(value.grad) for key, value in inputs.items()
                          if value.grad is not None}}


def cases():
    for op in ("RNN", "LSTM", "GRU"):
        states = ["initial_h"] + (["initial_c"] if op == "LSTM" else [])
        yield case(f"{op} forward", op, by_module)
        yield case(f"{op} reverse", op, by_formula, states, direction="reverse",
                   **({"linear_before_reset": 1} if op == "GRU" else {}))
        yield case(f"{op} bidirectional", op, by_module, direction="bidirectional")
        yield case(f"{op} states", op, by_module, states)
        yield case(f"{op} everything", op, by_module, states + ["sequence_lens"],
                   direction="bidirectional")
    yield case("RNN relu", "RNN", by_module, activation="relu")
    yield case("LSTM peepholes", "LSTM", by_formula, ["P"])
    yield case("LSTM peepholes and states", "LSTM", by_formula, ["P", "initial_h", "initial_c"],
               direction="reverse")
    yield case("GRU reset before", "GRU", by_formula, linear_before_reset=0)
    yield case("GRU reset before, states", "GRU", by_formula, ["initial_h"], direction="reverse",
               linear_before_reset=0)


def main():
    path = pathlib.Path(__file__).with_name("recurrent.json")
    rows = ",\n".join(json.dumps(one) for one in cases())
    path.write_text('{"made_with": "PyTorch %s",\n"cases": [\n%s\n]}\n' % (torch.__version__, rows))


if __name__ == "__main__":
    main()
