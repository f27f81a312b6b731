"""The exact phase with a time buffer: flights that pass one place too soon after one another.

With a buffer of b seconds two flights conflict where the position of one at time s and of the
other at time t are nearer than both minima for any |s - t| <= b. In the plane of (s, t) the
distance is a convex quadratic, and the legs' times, the buffer and the vertical minimum bound
a convex polygon of at most eight corners. What is sought (the least distance, and the first
and last mean time (s + t) / 2 at which it is below the minimum) lies at a stationary point, on
a side or at a corner: each in closed form (S. Boyd, L. Vandenberghe, "Convex Optimization",
Cambridge 2004, 4.2.3).
"""

import math
from typing import Any

import numpy as np
from numba import njit

from detente.detect.encounter import INSTANT, lifted, slack

__all__ = ["encounter_buffered"]


@njit(nogil=True, cache=True)
def _clip(P: Any, n: int, cs: float, ct: float, c: float) -> int:
    """Keep the part of the convex polygon where cs s + ct t <= c (Sutherland and Hodgman)."""
    if n == 0:
        return 0
    Q = np.empty((12, 2))
    m = 0
    for k in range(n):
        s0, t0 = P[k, 0], P[k, 1]
        s1, t1 = P[(k + 1) % n, 0], P[(k + 1) % n, 1]
        d0 = cs * s0 + ct * t0 - c
        d1 = cs * s1 + ct * t1 - c
        if d0 <= 0.0:
            Q[m, 0], Q[m, 1] = s0, t0
            m += 1
        if (d0 < 0.0 < d1) or (d1 < 0.0 < d0):
            u = d0 / (d0 - d1)
            Q[m, 0], Q[m, 1] = s0 + u * (s1 - s0), t0 + u * (t1 - t0)
            m += 1
    P[:m] = Q[:m]
    return m


@njit(nogil=True, cache=True)
def _inside(P: Any, n: int, s: float, t: float) -> bool:
    turn = 0.0
    for k in range(n):
        q = (k + 1) % n
        area = (P[q, 0] - P[k, 0]) * (t - P[k, 1]) - (P[q, 1] - P[k, 1]) * (s - P[k, 0])
        if area * turn < 0.0:
            return False
        if area != 0.0:
            turn = area
    return True


@njit(nogil=True, cache=True)
def _solve(
    F: Any, i: int, G: Any, j: int, P: Any, n: int, s0: float, t0: float, r: float, want: int
) -> Any:
    """Give (found, s, t, squared distance) of what is wanted, with motion straight about (s0, t0).

    ``want`` is 0 for the least distance, -1 or 1 for the first or last mean time below r.
    """
    here = lifted(F, i, s0)
    there = lifted(G, j, t0)
    # D = d + p (t - t0) - q (s - s0);  f = |D|^2
    dd = dp = dq = pp = qq = pq = 0.0
    for x in range(3):
        d = there[x] - here[x]
        p = there[3 + x]
        q = here[3 + x]
        dd += d * d
        dp += d * p
        dq += d * q
        pp += p * p
        qq += q * q
        pq += p * q
    best = 1e300
    bs, bt, bf = s0, t0, 1e300
    found = False
    det = pp * qq - pq * pq
    cs = ct = cf = 0.0
    centre = det > 1e-9 * (pp + qq) * (pp + qq)
    if centre:
        # grad = 0:  qq u - pq w = dq ;  -pq u + pp w = -dp   (u = s - s0, w = t - t0)
        u = (dq * pp - pq * dp) / det
        w = (pq * dq - qq * dp) / det
        cs, ct = s0 + u, t0 + w
        cf = dd + 2.0 * (dp * w - dq * u) + pp * w * w + qq * u * u - 2.0 * pq * u * w
        cf = max(cf, 0.0)
        if want == 0:
            if _inside(P, n, cs, ct):
                return True, cs, ct, cf
        elif cf < r * r:
            # the ellipse's first or last point along (1, 1)
            u = (pp + pq) / det
            w = (qq + pq) / det
            size = math.sqrt((r * r - cf) / (u + w))
            es, et = cs + want * size * u, ct + want * size * w
            if _inside(P, n, es, et):
                return True, es, et, r * r
    for k in range(n):
        a0, b0 = P[k, 0] - s0, P[k, 1] - t0
        da, db = P[(k + 1) % n, 0] - s0 - a0, P[(k + 1) % n, 1] - t0 - b0
        f0 = dd + 2.0 * (dp * b0 - dq * a0) + pp * b0 * b0 + qq * a0 * a0 - 2.0 * pq * a0 * b0
        fb = dp * db - dq * da + pp * b0 * db + qq * a0 * da - pq * (a0 * db + b0 * da)
        fa = pp * db * db + qq * da * da - 2.0 * pq * da * db
        if want == 0:
            e = min(max(-fb / fa, 0.0), 1.0) if fa > 0.0 else 0.0
            f = f0 + (2.0 * fb + fa * e) * e
            if f < best:
                found, best, bs, bt, bf = True, f, s0 + a0 + e * da, t0 + b0 + e * db, f
            continue
        lo, hi = 0.0, 1.0
        if fa > 0.0:
            root = fb * fb - fa * (f0 - r * r)
            if root <= 0.0:
                continue
            root = math.sqrt(root)
            lo = max(lo, (-fb - root) / fa)
            hi = min(hi, (-fb + root) / fa)
        elif f0 >= r * r:
            continue
        if hi < lo:
            continue
        for e in (lo, hi):
            mean = a0 + e * da + b0 + e * db
            if -want * mean < best:
                found, best = True, -want * mean
                bs, bt = s0 + a0 + e * da, t0 + b0 + e * db
                bf = f0 + (2.0 * fb + fa * e) * e
    return found, bs, bt, bf


@njit(nogil=True, cache=True)
def encounter_buffered(F: Any, i: int, G: Any, j: int, buffer: float) -> Any:
    """Give what :func:`detente.detect.encounter.encounter` gives, with a time buffer.

    Parameters
    ----------
    F, i, G, j : the legs.
    buffer : seconds, above 0.

    Returns
    -------
    As ``encounter``, but entry and exit are mean times of the two flights, and the closest
    approach has a time for each. The severity is that of the closest approach.
    """
    none = (False, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    if F[i] - G[j + 8] >= buffer or G[j] - F[i + 8] >= buffer:
        return none
    v = max(F[i + 6], G[j + 6])
    if min(F[i + 4], F[i + 12]) - max(G[j + 4], G[j + 12]) >= v:
        return none
    if min(G[j + 4], G[j + 12]) - max(F[i + 4], F[i + 12]) >= v:
        return none
    r = max(F[i + 5], G[j + 5])
    gap = own = other = 0.0
    for x in range(1, 4):
        gap += (G[j + x] + G[j + 8 + x] - F[i + x] - F[i + 8 + x]) ** 2
        own += (F[i + 8 + x] - F[i + x]) ** 2
        other += (G[j + 8 + x] - G[j + x]) ** 2
    if math.sqrt(gap) - math.sqrt(own) - math.sqrt(other) > 2.0 * math.sqrt(r * r + slack(r)):
        return none

    P = np.empty((12, 2))
    P[0, 0], P[0, 1] = F[i], G[j]
    P[1, 0], P[1, 1] = F[i + 8], G[j]
    P[2, 0], P[2, 1] = F[i + 8], G[j + 8]
    P[3, 0], P[3, 1] = F[i], G[j + 8]
    n = _clip(P, 4, 1.0, -1.0, buffer)
    n = _clip(P, n, -1.0, 1.0, buffer)
    # height of B at t above A at s: z + sb t - sa s
    sa = (F[i + 12] - F[i + 4]) * F[i + 7]
    sb = (G[j + 12] - G[j + 4]) * G[j + 7]
    z = (G[j + 4] - sb * G[j]) - (F[i + 4] - sa * F[i])
    if sa == 0.0 and sb == 0.0:
        z = G[j + 4] - F[i + 4]
        if abs(z) >= v:
            return none
    else:
        n = _clip(P, n, -sa, sb, v - z)
        n = _clip(P, n, sa, -sb, v + z)
    if n < 3:
        return none
    s, t = P[:n, 0].mean(), P[:n, 1].mean()
    dd = 0.0
    for _ in range(4):
        _, s, t, dd = _solve(F, i, G, j, P, n, s, t, r, 0)
    if dd >= r * r:
        return none
    times = np.empty(2)
    for k in range(2):
        es, et = s, t
        for _ in range(4):
            found, ns, nt, _f = _solve(F, i, G, j, P, n, es, et, r, 2 * k - 1)
            if not found:
                break
            es, et = ns, nt
        times[k] = 0.5 * (es + et)
    if times[1] - times[0] <= INSTANT:
        return none
    height = z + sb * t - sa * s
    severity = 1.0 - min(1.0, max(math.sqrt(dd) / r, abs(height) / v))
    return True, times[0], times[1], s, t, math.sqrt(dd), height, severity
