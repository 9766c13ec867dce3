"""Writes src/detection/samples/isolation-forest-scores.json: samples, and what scikit-learn's isolation forest scores them.

python3 -m venv v && v/bin/pip install scikit-learn && v/bin/python reasoning-service/test/isolation-forest-scores.py
"""

import json
import pathlib

import numpy
import sklearn
from sklearn.ensemble import IsolationForest

random = numpy.random.default_rng(11)
# Three dimensions, two clusters of different spread, and a few samples far apart.
samples = numpy.concatenate(
    [
        random.normal(0, 1, (390, 3)),
        random.normal([10, 0, 10], [3, 1, 3], (200, 3)),
        random.normal(0, 30, (10, 3)),
    ]
).round(3)
forest = IsolationForest(n_estimators=300, max_samples=256, random_state=1).fit(samples)
rows = [[*sample, round(-score, 5)] for sample, score in zip(samples.tolist(), forest.score_samples(samples).tolist())]
about = {"scikit_learn": sklearn.__version__, "trees": 300, "sample_size": 256}
lines = ",\n".join(json.dumps(row) for row in rows)
target = pathlib.Path(__file__).parents[1] / "src/detection/samples/isolation-forest-scores.json"
target.write_text(f'{json.dumps(about)[:-1]}, "rows": [\n{lines}\n]}}\n')
