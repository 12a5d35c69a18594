#!/usr/bin/python3
"""Writes full_batch.json: small networks trained by the optimizers that take all rows at once, in
double precision. L-BFGS is PyTorch's; Levenberg-Marquardt is written here with numpy after Hagan and
Menhaj 1994, its Jacobian by PyTorch's autograd, one row and output at a time.

The file has the form of training.json (see make_training.py), but each run is
  optimizer    {"text": as Sinapse writes it, "learning_rate"}
  losses       before each step; all together make 50 iterations, but for one that has converged
  final        parameters after the last one

Run with Debian's python3-torch:  /usr/bin/python3 tests/golden/make_full_batch.py
"""
import json
import pathlib

import numpy
import torch

import make_training as golden

ITERATIONS = 50


def lbfgs(text, rate, iterations=ITERATIONS, **settings):
    def run(network, evaluate):
        optimizer = torch.optim.LBFGS(network.parameters(), lr=rate, **settings)

        def closure():
            optimizer.zero_grad()
            loss = evaluate()
            loss.backward()
            return loss

        return [optimizer.step(closure).item()
                for _ in range(iterations // settings["max_iter"])]

    return {"text": text, "learning_rate": rate}, run


def flat(tensors):
    return torch.cat([tensor.flatten() for tensor in tensors]).detach().numpy()


def levenberg_marquardt(text, damping=0.001, increase=10.0, decrease=0.1, maximum=1e10):
    def run(network, evaluate):
        parameters = list(network.parameters())

        def put(weights):
            torch.nn.utils.vector_to_parameters(torch.from_numpy(weights), parameters)
            return evaluate().item()

        def jacobian():
            return numpy.stack([flat(torch.autograd.grad(error, parameters, retain_graph=True))
                                for error in evaluate.errors().flatten()])

        losses, mu, weights = [], damping, flat(parameters)
        for _ in range(ITERATIONS):
            loss = put(weights)
            losses.append(loss)
            errors = evaluate.errors().detach().numpy().flatten()
            j = jacobian() / numpy.sqrt(len(errors))
            e = errors / numpy.sqrt(len(errors))
            while True:
                mu = min(mu, maximum)
                trial = weights - numpy.linalg.solve(j.T @ j + mu * numpy.eye(len(weights)), j.T @ e)
                if put(trial) < loss:
                    weights, mu = trial, max(mu * decrease, 1e-20)
                    break
                if mu >= maximum:
                    break
                mu *= increase
        put(weights)
        return losses

    return {"text": text, "learning_rate": 1}, run


class Evaluate:
    def __init__(self, network, loss, inputs, targets):
        self.network, self.inputs, self.targets = network, inputs, targets
        self.loss = golden.make_loss(loss)

    def errors(self):
        return self.network(self.inputs) - self.targets

    def __call__(self):
        return self.loss(self.network(self.inputs), self.targets)


def make_case(name, layers, loss, runs, inputs):
    case = golden.make_case(name, layers, loss, [], inputs)
    x = torch.tensor(case["inputs"]["data"]).reshape(case["inputs"]["shape"])
    kind = torch.int64 if loss == "softmax_cross_entropy" else torch.float64
    targets = torch.tensor(case["targets"]["data"], dtype=kind).reshape(case["targets"]["shape"])
    for settings, run in runs:
        network = golden.Network(layers, inputs)
        golden.set_initial(network)
        losses = run(network, Evaluate(network, loss, x, targets))
        case["runs"].append({"optimizer": settings, "losses": losses, "final": golden.state(network)})
    return case


def cases():
    mlp = [golden.dense(5), {"type": "tanh"}, golden.dense(2)]
    wolfe = {"line_search_fn": "strong_wolfe", "max_iter": 1}
    regression = [
        lbfgs("lbfgs", 1, history_size=10, **wolfe),
        lbfgs("lbfgs(history=3)", 1, history_size=3, **wolfe),
        lbfgs("lbfgs(history=5,tolerance_gradient=0.01,tolerance_change=1e-06)", 0.5, history_size=5,
              tolerance_grad=0.01, tolerance_change=1e-6, **wolfe),
        lbfgs("lbfgs(line_search=none)", 0.1, history_size=10, max_iter=1),
        lbfgs("lbfgs(history=4,line_search=none,iterations=3)", 0.05, history_size=4, max_iter=3),
        lbfgs("lbfgs(iterations=4,evaluations=3)", 1, history_size=10, max_iter=4, max_eval=3,
              line_search_fn="strong_wolfe"),
        levenberg_marquardt("levenberg_marquardt"),
        levenberg_marquardt("levenberg_marquardt(damping=10,increase=3,decrease=0.5)", 10, 3, 0.5),
        levenberg_marquardt("levenberg_marquardt(max_damping=0.0001)", maximum=1e-4),
    ]
    yield make_case("regression", mlp, "mean_squared_error", regression, 3)
    # Near the minimum the direction depends on rounding, so this one ends before.
    classes = [lbfgs("lbfgs", 1, 20, history_size=10, **wolfe),
               lbfgs("lbfgs(line_search=none)", 0.1, history_size=10, max_iter=1)]
    yield make_case("classes", [golden.dense(3), {"type": "sigmoid"}, golden.dense(3)],
                    "softmax_cross_entropy", classes, 4)


def main():
    path = pathlib.Path(__file__).with_name("full_batch.json")
    networks = ",\n".join(json.dumps(case).replace('{"optimizer"', '\n{"optimizer"')
                          for case in cases())
    path.write_text('{"made_with": "PyTorch %s",\n"networks": [\n%s\n]}\n'
                    % (torch.__version__, networks))


if __name__ == "__main__":
    main()
