#!/usr/bin/env python3
"""Writes xgboost.json: trees of XGBoost 3.2.0 (numpy 2.4.6) on 80 rows with missing values.

    python crates/trees/tests/fixture.py > crates/trees/tests/xgboost.json
"""

import json

import numpy
import xgboost

random = numpy.random.default_rng(5)
features = random.integers(0, 40, size=(80, 4)).astype(numpy.float32)
features[random.random((80, 4)) < 0.2] = numpy.nan
features[:, 3] = numpy.where(random.random(80) < 0.8, 0.0, features[:, 3])
known = numpy.nan_to_num(features, nan=20.0)
smooth = 0.1 * known[:, 0] + numpy.sin(known[:, 1] / 5) - 0.05 * known[:, 2] * (known[:, 3] > 10)
labels = numpy.round(smooth + random.normal(0, 0.3, 80), 3)
classes = (labels > numpy.median(labels)).astype(float)


def trees(objective, target, **more):
    settings = {"objective": objective, "base_score": float(target.mean()), "eta": 0.3, "max_depth": 4, "tree_method": "exact", "min_child_weight": 2.0}
    settings |= {"lambda": 1.5, "nthread": 1} | more
    model = xgboost.train(settings, xgboost.DMatrix(features, target), 5)
    nodes = []
    for tree in model.get_dump(with_stats=True, dump_format="json"):
        found, queue = [], [json.loads(tree)]
        while queue:
            node = queue.pop()
            children = node.get("children", [])
            found.append([node["cover"], node.get("gain", 0.0), len(children), node.get("leaf", 0.0)])
            queue += children
        nodes.append(sorted(found))
    raw = model.predict(xgboost.DMatrix(features), output_margin=True)
    return {"nodes": nodes, "raw": [float(value) for value in raw]}


print(json.dumps({
    "features": [[None if numpy.isnan(value) else float(value) for value in row] for row in features],
    "labels": labels.tolist(),
    "classes": classes.tolist(),
    "squared": trees("reg:squarederror", labels),
    "logistic": trees("binary:logistic", classes),
    "monotone": trees("reg:squarederror", labels, monotone_constraints="(1,-1,0,0)"),
}))
