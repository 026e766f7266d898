"""The statements of a workload, drawn with a seed."""

import random

SAMPLES = 4


class Query:
    """A statement of a workload: `samples` are executions with different constants, `weight` how often it runs."""

    def __init__(self, weight, samples):
        self.weight = weight
        self.samples = samples


class Statements(list):
    """Queries whose constants differ from sample to sample."""

    def __init__(self, seed):
        super().__init__()
        self.random = random.Random(seed)

    def add(self, weight, template, **values):
        """`values`: what gives the constants of the template's names."""
        samples = [template.format(**{name: make() for name, make in values.items()}) for _ in range(SAMPLES)]
        self.append(Query(weight, samples))

    def number(self, low, high):
        return lambda: self.random.randint(low, high)

    def skewed(self, n, power=2.0):
        """From 1 to n, the low ones more often, the higher the power."""
        return lambda: 1 + int(self.random.random() ** power * (n - 1))
