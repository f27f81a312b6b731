"""The best choice, and the proof that it is: CP-SAT, one item of the value after the other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from detente.resolve.descent import descend
from detente.resolve.problem import Fairness, Problem, value, weights
from detente.resolve.pruning import (
    Kept,
    Neighbours,
    affordable,
    everything,
    neighbours,
    possible,
    undominated,
)

__all__ = ["Solution", "optimum"]


@dataclass(frozen=True, eq=False, slots=True)
class Solution:
    """A choice, what it is worth, and what is proven of it.

    Parameters
    ----------
    choice : (n,) int64, the option that each flight takes.
    value : what :func:`detente.resolve.problem.value` gives for it.
    proven : no choice has a smaller value.
    bound : no choice has a value below this; the value itself where that is proven.
    """

    choice: NDArray[np.int64]
    value: tuple[int, ...]
    proven: bool
    bound: tuple[int, ...]


def optimum(
    problem: Problem,
    *,
    fairness: Fairness = "proportional",
    seconds: float = 10.0,
    seed: int = 0,
) -> Solution:
    """Find the choice of the least value, and prove it.

    Why in stages: the value is compared item by item, so each item is made as small as can be
    and then held there (never as one sum with large factors, which would lose whole numbers).
    Before each stage, options that no best choice needs are left out; a stage whose bound is met
    by the choice in hand is not searched at all.

    Parameters
    ----------
    problem : what may be chosen.
    fairness : the measure of the last item.
    seconds : how much is searched at most, in CP-SAT's deterministic time, which is counted in
        operations and is about a second of one processor; so a limit gives the same answer on
        every machine.
    seed : of the search. The same arguments give the same choice.

    Raises
    ------
    OverflowError : sums of costs times shares that leave 63 bits.

    Examples
    --------
    >>> problem = Problem(
    ...     cost=[np.array([0, 300]), np.array([0, 100])], rank=np.array([0, 0], np.int16),
    ...     party=np.array([0, 1], np.int32),
    ...     clash={(0, 1): np.array([[True, True], [False, True]])},
    ...     blocked=[np.array([0, 0]), np.array([0, 0])])
    >>> found = optimum(problem)
    >>> found.choice.tolist(), found.value, found.proven
    ([1, 0], (0, 300, 600), True)

    See Also
    --------
    detente.resolve.problem.Problem : how options, classes and shares are given.
    """
    near = neighbours(problem)
    kept = everything(problem)
    best = descend(problem, near, kept, fairness=fairness, seed=seed)
    worth = value(problem, best, fairness)
    stages = len(worth)
    left = seconds
    for stage in range(stages):
        if stage == 0 and not worth[0]:
            continue
        kept = _narrowed(problem, near, kept, worth, stage)
        least = _least(problem, kept, worth, stage, fairness)
        if least < worth[stage]:
            model = _Model(problem, near, kept, worth, stage, fairness)
            found, bound, spent = model.solve(best, left, seed)
            least = max(least, bound)
            left -= spent
            if found is not None:
                found_worth = value(problem, found, fairness)
                if found_worth < worth:
                    best, worth = found, found_worth
        if least < worth[stage]:
            below = (*worth[:stage], least, *(0,) * (stages - stage - 1))
            return Solution(best, worth, False, below)
    return Solution(best, worth, True, worth)


def _narrowed(
    problem: Problem, near: Neighbours, kept: Kept, worth: tuple[int, ...], stage: int
) -> Kept:
    """Leave out what no choice needs that is as good as the one in hand up to this stage."""
    size = -1
    while size != (size := sum(map(len, kept))):
        if not worth[0]:
            kept = possible(problem, near, kept) or kept
        for rank in range(min(stage, problem.ranks)):
            kept = affordable(problem, kept, rank, worth[1 + rank])
        kept = undominated(problem, near, kept)
    return kept


def _least(
    problem: Problem, kept: Kept, worth: tuple[int, ...], stage: int, fairness: Fairness
) -> int:
    """Give a bound of one item that needs no search."""
    if stage == 0:
        return sum(int(problem.blocked[f][mine].min()) for f, mine in enumerate(kept))
    if stage <= problem.ranks:
        members = np.flatnonzero(problem.rank == stage - 1)
        return sum(int(problem.cost[f][kept[f]].min()) for f in members)
    if problem.parties and all(len(mine) == 1 for mine in kept):
        return worth[stage]
    if len(problem.share) <= 1:
        return worth[stage]
    if fairness == "max-min":
        share = [int(s) for s in problem.share]
        total = sum(worth[1:-1]) + int(problem.borne.sum())
        return -(-total * max(1, 2 * sum(share)) // sum(weights(share)))
    return 0


class _Model:
    """One stage as CP-SAT sees it: a truth for each option still in question."""

    def __init__(
        self,
        problem: Problem,
        near: Neighbours,
        kept: Kept,
        worth: tuple[int, ...],
        stage: int,
        fairness: Fairness,
    ) -> None:
        self.problem, self.kept = problem, kept
        self.cp = cp_model.CpModel()
        self.takes = [[self.cp.new_bool_var("") for _ in mine] for mine in kept]
        for mine in self.takes:
            self.cp.add_exactly_one(mine)
        left = self._clashes(near, soft=stage == 0 or worth[0] > 0)
        if stage == 0:
            self.cp.minimize(left)
            return
        if worth[0]:
            self.cp.add(left <= worth[0])
        paid = [self._paid(np.flatnonzero(problem.rank == rank)) for rank in range(problem.ranks)]
        for rank in range(min(stage - 1, problem.ranks)):
            self.cp.add(paid[rank] <= worth[1 + rank])
        if stage <= problem.ranks:
            self.cp.minimize(paid[stage - 1])
        else:
            self.cp.minimize(self._unfairness(sum(worth[1:-1]), worth[-1], fairness))

    def _clashes(self, near: Neighbours, *, soft: bool) -> cp_model.LinearExprT:
        """Forbid clashes; or count them.

        For each option of g, all that clash with it and all with which each of those clashes
        stand in one constraint: of such a block at most one may be taken. That is stronger than
        a constraint for each two options, and smaller.
        """
        left: list[cp_model.LinearExprT] = []
        if soft:
            for f, mine in enumerate(self.kept):
                blocked = self.problem.blocked[f][mine]
                left += [int(b) * x for b, x in zip(blocked, self.takes[f], strict=True) if b]
        for f, others in enumerate(near):
            for g, matrix in others:
                if g < f:
                    continue
                clash = matrix[np.ix_(self.kept[f], self.kept[g])]
                one, other = self.takes[f], self.takes[g]
                rows = np.unique(clash[clash.any(axis=1)], axis=0)
                columns = np.unique(clash.T[clash.any(axis=0)], axis=0)
                if len(columns) < len(rows):
                    clash, rows, one, other = clash.T, columns, other, one
                if not len(rows):
                    continue
                still = self.cp.new_bool_var("") if soft else None
                for row in rows:
                    block = [other[o] for o in np.flatnonzero(row)]
                    block += [one[o] for o in np.flatnonzero(clash[:, row].all(axis=1))]
                    if still is None:
                        self.cp.add_at_most_one(block)
                    else:
                        self.cp.add(cp_model.LinearExpr.sum(block) <= 1 + still)
                if still is not None:
                    left.append(still)
        return cp_model.LinearExpr.sum(left)

    def _paid(self, flights: NDArray[np.int64]) -> cp_model.LinearExprT:
        """Sum up what some flights pay."""
        takes = [x for f in flights for x in self.takes[f]]
        costs = [int(c) for f in flights for c in self.problem.cost[f][self.kept[f]]]
        return cp_model.LinearExpr.weighted_sum(takes, costs)

    def _unfairness(self, paid: int, most: int, fairness: Fairness) -> cp_model.LinearExprT:
        """State the measure; what all pay together is settled by now, so it is linear."""
        share = [int(s) for s in self.problem.share]
        borne = [int(b) for b in self.problem.borne]
        burden = [
            self._paid(np.flatnonzero(self.problem.party == p)) + borne[p]
            for p in range(len(share))
        ]
        if fairness == "max-min":
            largest = self.cp.new_int_var(0, most, "")
            for b, weight in zip(burden, weights(share), strict=True):
                self.cp.add(largest * weight >= b * max(1, 2 * sum(share)))
            return largest
        apart = []
        total, whole = paid + sum(borne), sum(share)
        for b, s in zip(burden, share, strict=True):
            apart.append(self.cp.new_int_var(0, most, ""))
            self.cp.add(apart[-1] >= b * whole - total * s)
            self.cp.add(apart[-1] >= total * s - b * whole)
        return cp_model.LinearExpr.sum(apart)

    def solve(
        self, hint: NDArray[np.int64], seconds: float, seed: int
    ) -> tuple[NDArray[np.int64] | None, int, float]:
        """Give the best choice found, the proven bound of this item, and the time taken."""
        for mine, takes, option in zip(self.kept, self.takes, hint, strict=True):
            for o, x in zip(mine, takes, strict=True):
                self.cp.add_hint(x, bool(o == option))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.max_deterministic_time = max(seconds, 0.0)
        # blocks are strong in the linear relaxation, and probing finds nothing that they lack
        solver.parameters.linearization_level = 2
        solver.parameters.cp_model_probing_level = 0
        status = solver.solve(self.cp)
        if status in (cp_model.INFEASIBLE, cp_model.MODEL_INVALID):
            # the choice in hand is always feasible: costs too large to add up are what is left
            raise OverflowError(f"the solver refuses this problem: {self.cp.validate()}")
        found = None
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            found = np.array(
                [
                    mine[[solver.boolean_value(x) for x in takes].index(True)]
                    for mine, takes in zip(self.kept, self.takes, strict=True)
                ],
                dtype=np.int64,
            )
        # a bound that was never raised is far below 0
        bound = max(0, int(solver.response_proto.inner_objective_lower_bound))
        return found, bound, float(solver.deterministic_time)
