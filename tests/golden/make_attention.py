#!/usr/bin/python3
"""Writes attention.json: sinusoidal positions, multi-head self-attention and a Transformer encoder
layer (normalisation first), in double precision, by PyTorch's own modules; the positions as in
PyTorch's tutorial "Language modeling with nn.Transformer".

  cases        one a layer:
    name
    layer        its type and fields
    shape        of x [batch, time, channels] = wave(0)
    lengths      how many steps of each row count, or null
    weights      names and shapes; number i is 0.5 wave(i + 1)
    y            the output
    gradients    of sum(y wave(0.5)) by x and then by the weights

wave(seed) is sin(0.7 i + seed) for element i in row-major order.

Run with Debian's python3-torch:  /usr/bin/python3 tests/golden/make_attention.py
"""
import json
import math
import pathlib

import torch

BATCH, TIME, CHANNELS, HEADS, INNER = 2, 5, 6, 2, 7


def wave(shape, seed):
    count = math.prod(shape)
    return torch.sin(0.7 * torch.arange(count, dtype=torch.float64) + seed).reshape(shape)


def projections():
    """Names of a self-attention's weights and where they stand in MultiheadAttention."""
    for index, name in enumerate(("query", "key", "value")):
        rows = slice(index * CHANNELS, (index + 1) * CHANNELS)
        yield f"{name}.weight", (CHANNELS, CHANNELS), "in_proj_weight", rows
        yield f"{name}.bias", (CHANNELS,), "in_proj_bias", rows
    yield "output.weight", (CHANNELS, CHANNELS), "out_proj.weight", slice(None)
    yield "output.bias", (CHANNELS,), "out_proj.bias", slice(None)


def norm(ours, theirs):
    return [(f"{ours}.{one}", (CHANNELS,), f"{theirs}.{one}", slice(None)) for one in ("weight", "bias")]


def encoder_weights():
    """In the order in which the layer makes them."""
    whole = slice(None)
    yield from norm("norm1", "norm1")
    for name, shape, place, rows in projections():
        yield name, shape, "self_attn." + place, rows
    yield from norm("norm2", "norm2")
    yield "inner.weight", (INNER, CHANNELS), "linear1.weight", whole
    yield "inner.bias", (INNER,), "linear1.bias", whole
    yield "outer.weight", (CHANNELS, INNER), "linear2.weight", whole
    yield "outer.bias", (CHANNELS,), "linear2.bias", whole


def fill(module, weights):
    parameters = dict(module.named_parameters())
    for index, (_, shape, place, rows) in enumerate(weights):
        parameters[place].data[rows] = 0.5 * wave(shape, index + 1)
    return parameters


def case(name, layer, run, weights=(), module=None, lengths=None):
    weights = list(weights)
    parameters = fill(module, weights) if module is not None else {}
    x = wave((BATCH, TIME, CHANNELS), 0).requires_grad_()
    padding = None
    if lengths is not None:
        padding = torch.arange(TIME)[None, :] >= torch.tensor(lengths)[:, None]
    y = run(x, padding)
    (y * wave(y.shape, 0.5)).sum().backward()
    gradients = [x.grad] + [parameters[place].grad[rows] for _, _, place, rows in weights]
    return {"name": name, "layer": layer, "shape": list(x.shape), "lengths": lengths,
            "weights": [[weight[0], list(weight[1])] for weight in weights],
            "y": y.detach().flatten().tolist(),
            "gradients": [gradient.flatten().tolist() for gradient in gradients]}


def positions(x, _):
    step = torch.arange(TIME, dtype=torch.float64)[:, None]
    frequency = torch.exp(torch.arange(0, CHANNELS, 2, dtype=torch.float64)
                          * (-math.log(10000.0) / CHANNELS))
    table = torch.zeros(TIME, CHANNELS)
    table[:, 0::2], table[:, 1::2] = torch.sin(step * frequency), torch.cos(step * frequency)
    return x + table


def cases():
    yield case("positions", {"type": "positional_encoding", "fields": {}}, positions)
    future = torch.triu(torch.ones(TIME, TIME, dtype=torch.bool), diagonal=1)
    for causal in (False, True):
        mask = future if causal else None
        for lengths in (None, [TIME, 2]):
            padded = ", padded" if lengths else ""
            attention = torch.nn.MultiheadAttention(CHANNELS, HEADS, batch_first=True)

            def attend(x, padding):
                return attention(x, x, x, attn_mask=mask, key_padding_mask=padding)[0]

            yield case("attention" + (", causal" if causal else "") + padded,
                       {"type": "multi_head_attention", "fields": {"heads": HEADS, "causal": causal}},
                       attend, projections(), attention, lengths)
            for activation in ("gelu", "relu"):
                encoder = torch.nn.TransformerEncoderLayer(CHANNELS, HEADS, INNER, dropout=0,
                                                           activation=activation, batch_first=True,
                                                           norm_first=True)

                def encode(x, padding):
                    return encoder(x, src_mask=mask, src_key_padding_mask=padding)

                yield case(f"encoder, {activation}" + (", causal" if causal else "") + padded,
                           {"type": "transformer_encoder",
                            "fields": {"heads": HEADS, "causal": causal, "feed_forward": INNER,
                                       "activation": activation, "dropout": 0.0}},
                           encode, encoder_weights(), encoder, lengths)


def main():
    torch.set_default_dtype(torch.float64)
    path = pathlib.Path(__file__).with_name("attention.json")
    rows = ",\n".join(json.dumps(one) for one in cases())
    path.write_text('{"made_with": "PyTorch %s",\n"cases": [\n%s\n]}\n' % (torch.__version__, rows))


if __name__ == "__main__":
    main()
