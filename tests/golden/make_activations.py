#!/usr/bin/python3
"""Writes activations.json: f(x) and f'(x) of every activation at telling points, in 50 digits
rounded to double, from the definitions alone (mpmath), independently of the library."""
import json
import pathlib

import mpmath as mp

mp.mp.dps = 50
half = mp.mpf(1) / 2


def sigma(x):
    return 1 / (1 + mp.e**-x)


def phi_cdf(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def clipped(x, low, high):
    return min(max(x, low), high)


def step(x, at, left, right):
    """The value of the left branch at the kink."""
    return left if x <= at else right


def inside(x, low, high, slope):
    return slope if low < x <= high else mp.mpf(0)


def rational_tanh(x):
    y = 2 * x / 3
    a = abs(y)
    return mp.mpf('1.7159') * mp.sign(y) * (1 - 1 / (1 + a + y**2 + mp.mpf('1.41645') * y**4))


def rational_tanh_slope(x):
    a = abs(2 * x / 3)
    c = mp.mpf('1.41645')
    return mp.mpf('1.7159') * 2 / 3 * (1 + 2 * a + 4 * c * a**3) / (1 + a + a**2 + c * a**4)**2


def elu(x, alpha, scale):
    return scale * (x if x > 0 else alpha * mp.expm1(x))


def elu_slope(x, alpha, scale):
    return scale * (mp.mpf(1) if x > 0 else alpha * mp.e**x)


def gate_slope(gate, gate_derivative):
    return lambda x: gate(x) + x * gate_derivative(x)


def mish(x):
    return x * mp.tanh(mp.log1p(mp.e**x))


def mish_slope(x):
    t = mp.tanh(mp.log1p(mp.e**x))
    return t + x * (1 - t**2) * sigma(x)


def inner(x):
    return 2 * mp.sqrt(2 / mp.pi) * (x + mp.mpf('0.044715') * x**3)


def inner_slope(x):
    return 2 * mp.sqrt(2 / mp.pi) * (1 + 3 * mp.mpf('0.044715') * x**2)


quick = mp.mpf('1.702')
selu = mp.mpf('1.6732632423543772848'), mp.mpf('1.0507009873554804934')
middle = (mp.mpf(1) / 8 + mp.mpf(1) / 3) / 2
fifth, sixth = mp.mpf(1) / 5, mp.mpf(1) / 6

# name: (f, f', limits at ±infinity as (f(-inf), f'(-inf), f(inf), f'(inf)), extra points)
inf = mp.inf
functions = {
    'cube': (lambda x: x**3, lambda x: 3 * x**2, (-inf, inf, inf, inf), []),
    'elu': (lambda x: elu(x, 1, 1), lambda x: elu_slope(x, 1, 1), (-1, 0, inf, 1), []),
    'elu(alpha=0.25)': (lambda x: elu(x, mp.mpf(.25), 1), lambda x: elu_slope(x, mp.mpf(.25), 1),
                        (-.25, 0, inf, 1), []),
    'hard_sigmoid': (lambda x: clipped(x / 5 + half, 0, 1), lambda x: inside(x, -2.5, 2.5, fifth),
                     (0, 0, 1, 0), [-2.5, 2.5]),
    'hard_tanh': (lambda x: clipped(x, -1, 1), lambda x: inside(x, -1, 1, mp.mpf(1)),
                  (-1, 0, 1, 0), []),
    'identity': (lambda x: x, lambda x: mp.mpf(1), (-inf, 1, inf, 1), []),
    'leaky_relu': (lambda x: x * step(x, 0, mp.mpf('.01'), 1),
                   lambda x: step(x, 0, mp.mpf('.01'), mp.mpf(1)), (-inf, .01, inf, 1), []),
    'leaky_relu(alpha=0.3)': (lambda x: x * step(x, 0, mp.mpf('.3'), 1),
                              lambda x: step(x, 0, mp.mpf('.3'), mp.mpf(1)),
                              (-inf, .3, inf, 1), []),
    'leaky_relu(alpha=-0.5)': (lambda x: x * step(x, 0, -half, 1),
                               lambda x: step(x, 0, -half, mp.mpf(1)), (inf, -.5, inf, 1), []),
    'rational_tanh': (rational_tanh, rational_tanh_slope, (-1.7159, 0, 1.7159, 0), [-2, 2]),
    'relu': (lambda x: max(x, mp.mpf(0)), lambda x: step(x, 0, mp.mpf(0), mp.mpf(1)),
             (0, 0, inf, 1), []),
    'rrelu': (lambda x: x * step(x, 0, middle, 1), lambda x: step(x, 0, middle, mp.mpf(1)),
              (-inf, middle, inf, 1), []),
    'sigmoid': (sigma, lambda x: sigma(x) * sigma(-x), (0, 0, 1, 0), []),
    'softplus': (lambda x: mp.log1p(mp.e**x), sigma, (0, 0, inf, 1), []),
    'softsign': (lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x))**2, (-1, 0, 1, 0), []),
    'tanh': (mp.tanh, lambda x: mp.sech(x)**2, (-1, 0, 1, 0), []),
    'rectified_tanh': (lambda x: max(mp.tanh(x), mp.mpf(0)),
                       lambda x: step(x, 0, mp.mpf(0), mp.sech(x)**2), (0, 0, 1, 0), []),
    'selu': (lambda x: elu(x, *selu), lambda x: elu_slope(x, *selu),
             (-selu[0] * selu[1], 0, inf, selu[1]), []),
    'relu6': (lambda x: clipped(x, 0, 6), lambda x: inside(x, 0, 6, mp.mpf(1)), (0, 0, 6, 0), [6]),
    'swish': (lambda x: x * sigma(x), gate_slope(sigma, lambda x: sigma(x) * sigma(-x)),
              (0, 0, inf, 1), [-45, 45]),
    'thresholded_relu': (lambda x: step(x, 1, mp.mpf(0), x),
                         lambda x: step(x, 1, mp.mpf(0), mp.mpf(1)), (0, 0, inf, 1), []),
    'thresholded_relu(theta=-0.5)': (lambda x: step(x, -half, mp.mpf(0), x),
                                     lambda x: step(x, -half, mp.mpf(0), mp.mpf(1)),
                                     (0, 0, inf, 1), [-.5, -.25]),
    'gelu': (lambda x: x * phi_cdf(x), gate_slope(phi_cdf, mp.npdf), (0, 0, inf, 1), []),
    'gelu_tanh': (lambda x: x * sigma(inner(x)),
                  gate_slope(lambda x: sigma(inner(x)),
                             lambda x: sigma(inner(x)) * sigma(-inner(x)) * inner_slope(x)),
                  (0, 0, inf, 1), []),
    'gelu_sigmoid': (lambda x: x * sigma(quick * x),
                     gate_slope(lambda x: sigma(quick * x),
                                lambda x: quick * sigma(quick * x) * sigma(-quick * x)),
                     (0, 0, inf, 1), []),
    'mish': (mish, mish_slope, (0, 0, inf, 1), [19, 21, 29, 31]),
    'sin': (mp.sin, mp.cos, (mp.nan, mp.nan, mp.nan, mp.nan), []),
    'cos': (mp.cos, lambda x: -mp.sin(x), (mp.nan, mp.nan, mp.nan, mp.nan), []),
    'hard_swish': (lambda x: x * clipped(x / 6 + half, 0, 1),
                   lambda x: mp.mpf(0) if x <= -3 else x / 3 + half if x <= 3 else mp.mpf(1),
                   (0, 0, inf, 1), [-3, 3]),
}

common = [0.0, 1e-20, 1e-6, 0.01, 0.1, 0.35, 0.5, 0.85, 1, 1.5, 2, 3, 4, 5, 7, 8.75, 9.5, 13, 20,
          30, 60, 88, 89, 104, 1000, 1e10, 1e30]


def number(value):
    value = float(value)
    if value in (float('inf'), -float('inf')):
        return 'inf' if value > 0 else '-inf'
    if value != value:
        return 'nan'
    return value


def rows(f, slope, limits, extra):
    points = sorted({-p for p in common if p} | set(common) | set(map(float, extra)))
    table = [[p, number(f(mp.mpf(p))), number(slope(mp.mpf(p)))] for p in points]
    return ([['-inf', number(limits[0]), number(limits[1])]] + table +
            [['inf', number(limits[2]), number(limits[3])]])


def main():
    table = {name: rows(*definition) for name, definition in functions.items()}
    lines = [f'"{name}": [\n' + ',\n'.join(json.dumps(row) for row in rows) + ']'
             for name, rows in table.items()]
    path = pathlib.Path(__file__).with_name('activations.json')
    path.write_text('{\n' + ',\n'.join(lines) + '\n}\n')


main()
