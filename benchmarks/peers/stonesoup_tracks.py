"""Smooth reports into tracks with Stone Soup's Kalman filter, and say how long each second took.

python stonesoup_tracks.py REPORTS.parquet ESTIMATES.parquet TIMES.json

The reports hold second, track (a number from 0), x, y (metres in the plane that touches the Earth
where the track was first seen) and are sorted by second. Whose each is, is given: there is nothing
to associate, which would cost more. Making the measurement objects is not timed.
"""

import json
import sys
import time
from datetime import datetime, timedelta
from importlib.metadata import version

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from stonesoup.models.measurement.linear import LinearGaussian
from stonesoup.models.transition.linear import (
    CombinedLinearGaussianTransitionModel,
    ConstantVelocity,
)
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.types.detection import Detection
from stonesoup.types.hypothesis import SingleHypothesis
from stonesoup.types.state import GaussianState
from stonesoup.updater.kalman import KalmanUpdater

WANDER = 6.0
ACCURACY = 50.0 / np.sqrt(-2.0 * np.log(0.05))
UNKNOWN = 300.0
NOON = datetime(2026, 7, 1, 12)  # it takes none with an offset


def main() -> None:
    reports, estimates, times = sys.argv[1:]
    table = pq.read_table(reports)
    second, track, x, y = (table[name].to_numpy() for name in ("second", "track", "x", "y"))
    model = CombinedLinearGaussianTransitionModel([ConstantVelocity(WANDER)] * 2)
    measured = LinearGaussian(4, (0, 2), np.diag([ACCURACY**2] * 2))
    predictor, updater = KalmanPredictor(model), KalmanUpdater(measured)
    states: list[GaussianState] = []
    seconds = []
    for now in np.unique(second):
        at = NOON + timedelta(seconds=float(now))
        detections = [
            (k, Detection(np.array([[a], [b]]), timestamp=at, measurement_model=measured))
            for k, a, b in zip(
                track[second == now].tolist(),
                x[second == now].tolist(),
                y[second == now].tolist(),
                strict=True,
            )
        ]
        start = time.perf_counter()
        for k, detection in detections:
            if k == len(states):
                a, b = detection.state_vector
                spread = [ACCURACY**2, UNKNOWN**2] * 2
                states.append(GaussianState([[a], [0.0], [b], [0.0]], np.diag(spread), at))
                continue
            predicted = predictor.predict(states[k], timestamp=at)
            states[k] = updater.update(SingleHypothesis(predicted, detection))
        seconds.append(time.perf_counter() - start)
    found = np.array([np.asarray(state.state_vector, float).ravel() for state in states])
    columns = {name: found[:, k] for k, name in enumerate(("x", "u", "y", "v"))}
    pq.write_table(pa.table(columns), estimates)
    with open(times, "w", encoding="utf-8") as out:  # noqa: PTH123
        json.dump({"peer": "stonesoup", "version": version("stonesoup"), "seconds": seconds}, out)


if __name__ == "__main__":
    main()
