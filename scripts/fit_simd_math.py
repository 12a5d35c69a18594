#!/usr/bin/python3
"""Prints the minimax coefficients of src/cpu/simd_math.h, lowest power first.

P(v)/Q(v) is fitted to a function by linear least squares whose weights are raised where the error
is largest (Lawson 1961) and divided by Q of the step before. The coefficients of tanh were then
moved by single units in the last place to lessen the rounding error."""
import mpmath as mp
import numpy as np

mp.mp.dps = 40


def fit(function, low, high, numerator, denominator, weight, variable=lambda x: x):
    """The best (largest weighted error, P, Q), of the given degrees, with Q(0) = 1."""
    count = 400
    x = (low + high) / 2 + (high - low) / 2 * np.cos(np.pi * (np.arange(count) + 0.5) / count)
    f = np.array([float(function(mp.mpf(t))) for t in x])
    w = np.array([float(weight(mp.mpf(t))) for t in x])
    v = variable(x)
    scale = np.abs(v).max()
    u = v / scale
    importance, q_values, best = np.ones(count) / count, np.ones(count), None
    for _ in range(400):
        columns = [u**k for k in range(numerator + 1)]
        columns += [-f * u**k for k in range(1, denominator + 1)]
        rows = np.sqrt(importance) * w / np.abs(q_values)
        c = np.linalg.lstsq(np.stack(columns, 1) * rows[:, None], f * rows, rcond=1e-17)[0]
        p, q = c[:numerator + 1], np.concatenate([[1], c[numerator + 1:]])
        q_values = np.polyval(q[::-1], u)
        error = np.abs(np.polyval(p[::-1], u) / q_values - f) * w
        if best is None or error.max() < best[0]:
            best = error.max(), p / scale**np.arange(len(p)), q / scale**np.arange(len(q))
        importance *= error + 1e-3 * error.max()
        importance /= importance.sum()
    return best


def show(name, result):
    error, p, q = result
    print(f'{name}: relative error {error:.2g}')
    print('  P', ', '.join(f'{c:.9g}f' for c in p.astype(np.float32)))
    if len(q) > 1:
        print('  Q', ', '.join(f'{c:.9g}f' for c in q.astype(np.float32)))


def square(x):
    return x * x


def tail(z):
    return mp.erfc(z / mp.sqrt(2)) * mp.exp(z * z / 2) / 2


half_log2 = float(mp.log(2) / 2) * 1.001
low, high = float(mp.sqrt(0.5) - 1) * 1.001, float(mp.sqrt(2) - 1) * 1.001
show('e^r = 1 + r + r² P(r)',
     fit(lambda r: (mp.expm1(r) - r) / r**2, -half_log2, half_log2, 4, 0,
         lambda r: abs(r**2 / mp.expm1(r))))
show('log(1 + f) = f - f²/2 + f³ P(f)',
     fit(lambda f: (mp.log1p(f) - f + f * f / 2) / f**3, low, high, 7, 0,
         lambda f: abs(f**3 / mp.log1p(f))))
show('tanh x = x P(x²)/Q(x²)',
     fit(lambda x: mp.tanh(x) / x, 1e-3, 9.02, 4, 4, lambda x: x / mp.tanh(x), square))
show('erf x = x P(x²), |x| ≤ 0.85',
     fit(lambda x: mp.erf(x) / x, 1e-3, 0.85, 5, 0, lambda x: x / mp.erf(x), square))
quarter_turn = float(mp.pi / 4) * 1.001
show('sin r = r + r³ P(r²)',
     fit(lambda r: (mp.sin(r) - r) / r**3, 1e-3, quarter_turn, 3, 0,
         lambda r: abs(r**3 / mp.sin(r)), square))
show('cos r = 1 - r²/2 + r⁴ P(r²)',
     fit(lambda r: (mp.cos(r) - 1 + r * r / 2) / r**4, 1e-2, quarter_turn, 2, 0,
         lambda r: abs(r**4 / mp.cos(r)), square))
show('1 - Φ(z) = e^(-z²/2) P(z)/Q(z)', fit(tail, 0, 14.5, 4, 5, lambda z: 1 / tail(z)))
