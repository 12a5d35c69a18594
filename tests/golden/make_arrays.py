#!/usr/bin/env python3
"""Makes the archives beside it with NumPy: python3 tests/golden/make_arrays.py."""
import pathlib

import numpy

folder = pathlib.Path(__file__).resolve().parent
arrays = {
    "x_train": numpy.arange(24, dtype="<f4").reshape(4, 3, 2),
    "y_train": numpy.array([[0], [2], [1], [2]], dtype="u1"),
    "x_test": numpy.ones((1, 3, 2), dtype="<f4"),
    "y_test": numpy.array([[1]], dtype="u1"),
}
numpy.savez(folder / "arrays_stored.npz", **arrays)
numpy.savez_compressed(folder / "arrays_deflated.npz", **arrays)
