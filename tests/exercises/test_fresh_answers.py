"""Wrong answers as students write them, by authors who had not seen the checkers: what each is told.

Each was once not named, or named wrongly. The search in the source has tests of its own, in repair/.
"""

# Students name things as they like.
# ruff: noqa: B007, N801, N802, RUF059

import numpy as np
import pytest

from coursekit import exercises, nn
from tests.exercises.answers import try_right, try_wrong


def co2_onestride(x, w, b, stride, padding):
    p, (kh, kw) = padding, w.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    oh, ow = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    y = np.zeros((len(x), len(w), oh, ow))
    for i in range(oh):
        for j in range(ow):
            window = x[:, :, stride * i : stride * i + kh, j : j + kw]
            y[:, :, i, j] = np.einsum("ncij,ocij->no", window, w) + b
    return y


def co3_last(x, w, b, stride, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    win = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.tensordot(win, w, axes=([1, 4, 5], [1, 2, 3])) + b


def co2_size(x, w, b, stride, padding):
    N, C, H, W = x.shape
    F, _, kh, kw = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh, ow = (H - kh) // stride + 1, (W - kw) // stride + 1
    y = np.zeros((N, F, oh, ow))
    for n in range(N):
        for f in range(F):
            for i in range(oh):
                for j in range(ow):
                    y[n, f, i, j] = (
                        xp[n, :, i * stride : i * stride + kh, j * stride : j * stride + kw] * w[f]
                    ).sum() + b[f]
    return y


def co_kh(x, w, b, stride, padding):
    k = w.shape[2]
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh = (x.shape[2] - k) // stride + 1
    ow = (x.shape[3] - k) // stride + 1
    y = np.zeros((len(x), len(w), oh, ow))
    for i in range(oh):
        for j in range(ow):
            piece = x[:, :, i * stride : i * stride + k, j * stride : j * stride + k]
            for o in range(len(w)):
                y[:, o, i, j] = (piece * w[o]).sum(axis=(1, 2, 3)) + b[o]
    return y


def mp2_start(x, size, stride):
    n, c, h, w = x.shape
    oh, ow = (h - size) // stride + 1, (w - size) // stride + 1
    y = np.zeros((n, c, oh, ow))
    for i in range(oh):
        for j in range(ow):
            y[:, :, i, j] = np.max(x[:, :, i : i + size, j : j + size], axis=(2, 3))
    return y


def mp2_arg(x, size, stride):
    n, c, h, w = x.shape
    oh, ow = (h - size) // stride + 1, (w - size) // stride + 1
    y = np.zeros((n, c, oh, ow))
    for a in range(n):
        for b in range(c):
            for i in range(oh):
                for j in range(ow):
                    y[a, b, i, j] = np.argmax(
                        x[a, b, i * stride : i * stride + size, j * stride : j * stride + size]
                    )
    return y


def mp3_swap(x, size, stride):
    seen = np.lib.stride_tricks.sliding_window_view(x, (stride, stride), (2, 3))
    return seen[:, :, ::size, ::size].max(axis=(4, 5))


def mp3_t(x, size, stride):
    n, c, h, w = x.shape
    oh, ow = (h - size) // stride + 1, (w - size) // stride + 1
    y = np.zeros((n, c, ow, oh))
    for i in range(oh):
        for j in range(ow):
            y[:, :, j, i] = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size].max(
                axis=(2, 3)
            )
    return y


def os_loop(n, k, s, p, d):
    span = d * (k - 1) + 1
    count, pos = 0, 0
    while pos + span < n + 2 * p:
        count += 1
        pos += s
    return count


def os2_range(n, k, s, p, d):
    last = n + 2 * p - (d * (k - 1) + 1)
    return len(range(0, last, s))


def os_inside(n, k, s, p, d):
    return (n + 2 * p - d * (k - 1) - 1 + 1) // s


def os2_kd(n, k, s, p, d):
    effective_kernel = k + d - 1
    return (n + 2 * p - effective_kernel) // s + 1


def rf2_mult(layers):
    r = 1
    for k, s in layers:
        r *= k
    return r


def rf3_half(layers):
    r, j = 1, 1
    for k, s in layers:
        r += (k // 2) * j
        j *= s
    return r


def st2_cells(x, w, b, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    (n, channels, h, width), (filters, _, kh, kw) = x.shape, w.shape
    y = np.zeros((n, filters, h - kh + 1, width - kw + 1))
    for o, i, j in np.ndindex(y.shape[1:]):
        for c in range(channels):
            window = x[:, c, i : i + kh, j : j + kw]
            y[:, o, i, j] += (window * w[o, c]).sum(axis=(1, 2))
        y[:, o, i, j] += b[o]
    y = np.maximum(y, 0)
    oh, ow = y.shape[2] // 2, y.shape[3] // 2
    cells = y[:, :, : 2 * oh, : 2 * ow].reshape(n, filters, 2, oh, 2, ow)
    return cells.max(axis=(2, 4))


def st2_biaslate(x, w, b, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    (n, channels, h, width), (filters, _, kh, kw) = x.shape, w.shape
    y = np.zeros((n, filters, h - kh + 1, width - kw + 1))
    for o, i, j in np.ndindex(y.shape[1:]):
        for c in range(channels):
            window = x[:, c, i : i + kh, j : j + kw]
            y[:, o, i, j] += (window * w[o, c]).sum(axis=(1, 2))
    y = np.maximum(y, 0) + b.reshape(1, -1, 1, 1)
    oh, ow = y.shape[2] // 2, y.shape[3] // 2
    return y[:, :, : 2 * oh, : 2 * ow].reshape(n, filters, oh, 2, ow, 2).max(axis=(3, 5))


def wd2_dgrad(w, gradient, rate, decay):
    return w - rate * decay * (gradient + w)


def wd2_step(w, gradient, rate, decay):
    return rate * (gradient + decay * w)


def wd3_mult(w, gradient, rate, decay):
    return w * (1 - rate * (gradient + decay))


def wd_sign(w, gradient, rate, decay):
    step = gradient - decay * w
    return w - rate * step


def dr_two(x, p, mode, training, rng):
    if training:
        factor = (rng.random(x.shape) < p).astype(float)
        if mode == "upscale_in_train":
            factor = factor / (1 - p)
    else:
        factor = 1.0
    return x * factor, factor


def dr3_two(x, p, mode, training, rng):
    if not training:
        return (x, 1) if mode == "upscale_in_train" else (x * (1 - p), 1 - p)
    m = (rng.random(x.shape) < p).astype(x.dtype)
    return x * m, m


def dr2_one(x, p, mode, training, rng):
    factor = 1.0
    if training:
        keep = rng.random() >= p
        factor = keep * (1 / (1 - p) if mode == "upscale_in_train" else 1.0)
    elif mode == "downgrade_in_infer":
        factor = 1 - p
    return x * factor, factor


def dr2_order(x, p, mode, training, rng):
    if training:
        factor = (rng.random(x.shape) >= p) / (1 - p if mode == "upscale_in_train" else 1)
    else:
        factor = 1 if mode == "upscale_in_train" else 1 - p
    return factor, x * factor


def dr3_exact(x, p, mode, training, rng):
    if training:
        flat = np.ones(x.size)
        flat[rng.permutation(x.size)[: int(p * x.size)]] = 0
        factor = flat.reshape(x.shape)
        if mode == "upscale_in_train":
            factor = factor / (1 - p)
    else:
        factor = 1 if mode == "upscale_in_train" else 1 - p
    return x * factor, factor


def tr_two(x, labels, new, w, v, p, rate, decay, steps, rng):
    for _ in range(steps):
        h = np.maximum(x @ w, 0)
        mask = (rng.random(h.shape) < p) / p
        d = nn.softmax((h * mask) @ v)
        d[np.arange(len(x)), labels] -= 1
        d /= len(x)
        w = w - rate * x.T @ (d @ v.T * mask * (h > 0)) - rate * decay * w
        v = v - rate * (h * mask).T @ d - rate * decay * v
    h = np.maximum(new @ w, 0)
    return w, v, h @ v


def tr2_nolen(x, labels, new, w, v, p, rate, decay, steps, rng):
    for _ in range(steps):
        h = np.maximum(x @ w, 0)
        mask = (rng.random(h.shape) >= p) / (1 - p)
        d = nn.softmax((h * mask) @ v)
        d[np.arange(len(x)), labels] -= 1
        w = w - rate * x.T @ (d @ v.T * mask * (h > 0)) - rate * decay * w
        v = v - rate * (h * mask).T @ d
    return w, v, np.maximum(new @ w, 0) @ v


class Scale_nolearns(nn.Block):
    def forward(self, x, *, training=False):
        if not self.params:
            self.params["g"] = np.ones(x.shape[1], x.dtype)
            self.params["b"] = np.zeros(x.shape[1], x.dtype)
        self.x = x
        return self.params["g"] * x + self.params["b"]

    def backward(self, dy):
        self.grads["g"] = (dy * self.x).sum(axis=0)
        self.grads["b"] = dy.sum(axis=0)
        return dy * self.params["g"]


class Scale2_shape0(nn.Block):
    learns = True

    def forward(self, x, *, training=False):
        if not self.params:
            self.params["g"] = np.ones(x.shape[0], x.dtype)
            self.params["b"] = np.zeros(x.shape[0], x.dtype)
        self.x = x
        return self.params["g"] * x + self.params["b"]

    def backward(self, dy):
        self.grads["g"] = (dy * self.x).sum(axis=0)
        self.grads["b"] = dy.sum(axis=0)
        return dy * self.params["g"]


class Scale2_nokeep(nn.Block):
    learns = True

    def forward(self, x, *, training=False):
        if not self.params:
            self.params["g"] = np.ones(x.shape[1], x.dtype)
            self.params["b"] = np.zeros(x.shape[1], x.dtype)
        return self.params["g"] * x + self.params["b"]

    def backward(self, dy):
        self.grads["g"] = (dy * self.x).sum(axis=0)
        self.grads["b"] = dy.sum(axis=0)
        return dy * self.params["g"]


class Scale2_y(nn.Block):
    learns = True

    def forward(self, x, *, training=False):
        if not self.params:
            self.params["g"] = np.ones(x.shape[1], x.dtype)
            self.params["b"] = np.zeros(x.shape[1], x.dtype)
        self.y = self.params["g"] * x + self.params["b"]
        return self.y

    def backward(self, dy):
        self.grads["g"] = (dy * self.y).sum(axis=0)
        self.grads["b"] = dy.sum(axis=0)
        return dy * self.params["g"]


class Net_order(nn.Composite):
    def __init__(self, units, classes):
        self.hidden = nn.Dense(units)
        self.norm, self.relu = nn.BatchNorm(), nn.ReLU()
        self.out = nn.Dense(classes)

    def forward(self, x, *, training=False):
        h = self.hidden.forward(x - x.mean(axis=1, keepdims=True))
        h = self.norm.forward(self.relu.forward(h), training=training)
        return self.out.forward(h)

    def backward(self, dy):
        dh = self.norm.backward(self.out.backward(dy))
        dx = self.hidden.backward(self.relu.backward(dh))
        return dx - dx.mean(axis=1, keepdims=True)


class Net3_units(nn.Composite):
    def __init__(self, units, classes):
        self.hidden = nn.Dense(classes)
        self.norm, self.relu = nn.BatchNorm(), nn.ReLU()
        self.out = nn.Dense(units)

    def forward(self, x, *, training=False):
        h = self.hidden.forward(x - x.mean(axis=1, keepdims=True))
        h = self.relu.forward(self.norm.forward(h, training=training))
        return self.out.forward(h)

    def backward(self, dy):
        dh = self.relu.backward(self.out.backward(dy))
        dx = self.hidden.backward(self.norm.backward(dh))
        return dx - dx.mean(axis=1, keepdims=True)


def ef_confused(with_it, without, t):
    return with_it.mean(), without.mean()


def cm_perseed(train, rates, seeds):
    d = []
    for s in seeds:
        r1 = max(rates, key=lambda r: train(True, r, s)[0])
        r0 = max(rates, key=lambda r: train(False, r, s)[0])
        d.append(train(True, r1, s)[1] - train(False, r0, s)[1])
    return np.array(d)


def cm2_index(train, rates, seeds):
    def best(k):
        return int(np.argmax([np.mean([train(k, r, s)[0] for s in seeds]) for r in rates]))

    on, off = best(True), best(False)
    return np.array([train(True, on, s)[1] - train(False, off, s)[1] for s in seeds])


def fi2_W(d, W):
    u = d / np.linalg.norm(d, axis=0)
    return u * W


def cu3_xor(loss, theta, g, h):
    u = g / np.linalg.norm(g)
    return (loss(theta + h * u) - 2 * loss(theta) + loss(theta - h * u)) / (h ^ 2)


def ch2_count(x, gamma, beta, eps):
    N, C, H, W = x.shape
    y = np.zeros((N, C, H, W))
    for c in range(C):
        total = x[:, c, :, :].sum()
        m = total / (N * H)
        v = ((x[:, c] - m) ** 2).sum() / (N * H)
        y[:, c] = gamma[c] * (x[:, c] - m) / np.sqrt(v + eps) + beta[c]
    return y


def ch3_stale(x, gamma, beta, eps):
    means = []
    for c in range(x.shape[1]):
        means.append(x[:, c].mean())
        var = x[:, c].var()
    mean = np.array(means).reshape(1, -1, 1, 1)
    return gamma.reshape(1, -1, 1, 1) * (x - mean) / np.sqrt(var + eps) + beta.reshape(1, -1, 1, 1)


def la2_prec(x, gamma, beta, eps):
    m = x.mean(axis=1, keepdims=True)
    v = x.var(axis=1, keepdims=True)
    return gamma * x - m / np.sqrt(v + eps) + beta


def accuracy_4(scores, labels):
    return (np.argmax(scores) == labels).sum()


def training_step_5(W, b, x, labels, rate):
    p = nn.softmax(x @ W + b)
    p[np.arange(len(labels)), labels] -= 1
    gW = np.einsum("bi,bj->ij", x, p) / x.shape[1]
    gb = np.einsum("bj->j", p)
    return W - rate * gW, b - rate * gb


def mended_normalized_3(x_train, x_test):
    kept = (np.ptp(x_train, axis=0) > 0) & (np.ptp(x_test, axis=0) > 0)
    a, b = x_train[:, kept], x_test[:, kept]
    mean, spread = a.mean(axis=0), a.std(axis=0)
    return (a - mean) / spread, (b - mean) / spread


def cv2(x, w, b, stride, padding):
    x = np.pad(x, padding)
    kh, kw = w.shape[2:]
    oh = (x.shape[2] - kh) // stride + 1
    ow = (x.shape[3] - kw) // stride + 1
    y = np.empty((x.shape[0], w.shape[0], oh, ow))
    for i in range(oh):
        for j in range(ow):
            patch = x[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            y[:, :, i, j] = np.tensordot(patch, w, axes=([1, 2, 3], [1, 2, 3])) + b
    return y


def cv4(x, w, b, stride, padding):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    k = w.shape[2]
    windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    return np.einsum("nchwij,ocij->nohw", windows, w) + b[:, None, None]


def co2_end(x, w, b, stride, padding):
    p, (kh, kw) = padding, w.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    oh, ow = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    y = np.zeros((len(x), len(w), oh, ow))
    for i in range(oh):
        for j in range(ow):
            window = x[:, :, stride * i : i + kh, stride * j : j + kw]
            y[:, :, i, j] = np.einsum("ncij,ocij->no", window, w) + b
    return y


def mp2(x, size, stride):
    n, c, h, w = x.shape
    rows = list(range(0, h, stride))
    cols = list(range(0, w, stride))
    y = np.zeros((n, c, len(rows), len(cols)))
    for a, i in enumerate(rows):
        for b, j in enumerate(cols):
            y[:, :, a, b] = x[:, :, i : i + size, j : j + size].max(axis=(2, 3))
    return y


def bb7(dy, x, gamma, eps):
    m = x.mean()
    x_hat = (x - m) / (x.max(axis=0) - x.min(axis=0) + eps)
    dgamma = x_hat.sum(axis=0)
    dbeta = np.ones(x.shape[1])
    dx = dy * gamma * x_hat * (1 - x_hat)
    return dx, dgamma, dbeta


def ca4(loss, theta, g, h):
    direction = g / np.linalg.norm(g)
    theta += h * direction
    up = loss(theta)
    theta -= 2 * h * direction
    down = loss(theta)
    middle = loss(theta)
    return (up - 2 * middle + down) / h**2


def ef4(with_it, without, t):
    ratio = with_it.max() / without.max()
    width = np.corrcoef(with_it, without)[0, 1] * t
    return ratio - 1, width


def so_mean(z):
    z = z - z.mean(axis=1, keepdims=True)
    e = np.exp(z)
    return e / np.sum(e)


def sg_apart(w, b, x, targets, rate):
    grad_w, grad_b = np.zeros_like(w), 0.0
    for xi, ti in zip(x, targets, strict=True):
        error = np.dot(xi, w) + b - ti
        grad_w += error * xi
        grad_b += error / len(x)
    return w - rate * grad_w, b - grad_b


def sg_solved(w, b, x, targets, rate):
    beside = np.column_stack([x, np.ones(len(x))])
    solution = np.linalg.lstsq(beside, targets, rcond=None)[0]
    return rate * solution[:-1], rate * solution[-1]


def ch_range(x, gamma, beta, eps):
    low, high = x.min(axis=(0, 2, 3), keepdims=True), x.max(axis=(0, 2, 3), keepdims=True)
    scaled = (x - low) / (high - low + eps)
    return gamma[None, :, None, None] * scaled + beta[None, :, None, None]


class Net_anew(nn.Composite):
    def __init__(self, units, classes):
        self.hidden = nn.Dense(units)
        self.relu = nn.ReLU()
        self.out = nn.Dense(classes)

    def forward(self, x, *, training=False):
        row_mean = x.mean(axis=1, keepdims=True)
        h = self.hidden.forward(x - row_mean)
        self.norm = nn.BatchNorm()
        h = self.norm.forward(h, training=training)
        h = self.relu.forward(h)
        return self.out.forward(h)

    def backward(self, dy):
        dh = self.out.backward(dy)
        dh = self.relu.backward(dh)
        dh = self.norm.backward(dh)
        dx = self.hidden.backward(dh)
        dx = dx - dx.mean(axis=1, keepdims=True)
        return dx


def bb_times_s(dy, x, gamma, eps):
    N, D = dy.shape
    mu = 1.0 / N * np.sum(x, axis=0)
    xmu = x - mu
    sq = xmu**2
    var = 1.0 / N * np.sum(sq, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    dbeta = np.sum(dy, axis=0)
    dgamma = np.sum(dy * xhat, axis=0)
    dxhat = dy * gamma
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * ivar
    dsqrtvar = -1.0 / (sqrtvar**2) * divar
    dvar = 0.5 * sqrtvar * dsqrtvar
    dsq = 1.0 / N * np.ones((N, D)) * dvar
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    dx2 = 1.0 / N * np.ones((N, D)) * dmu
    return dx1 + dx2, dgamma, dbeta


def wd_both(w, gradient, rate, decay):
    g = gradient + decay * w
    return (1 - rate * decay) * w - rate * g


def dr_kept(x, p, mode, training, rng):
    scale = {"upscale_in_train": (1 / p, 1.0), "downgrade_in_infer": (1.0, 1 - p)}[mode]
    factor = np.where(rng.random(x.shape) < p, scale[0], 0.0) if training else scale[1]
    return x * factor, factor


def cm_lastseed(train, rates, seeds):
    results = {}
    for technique in (True, False):
        best, best_rate = -1.0, None
        for rate in rates:
            for seed in seeds:
                val, _ = train(technique, rate, seed)
            if val > best:
                best, best_rate = val, rate
        results[technique] = np.array([train(technique, best_rate, seed)[1] for seed in seeds])
    return results[True] - results[False]


def bb_of_dy(dy, x, gamma, eps):
    mu = dy.mean(axis=0)
    var = dy.var(axis=0)
    dy_norm = (dy - mu) / np.sqrt(var + eps)
    dx = gamma * dy_norm
    dgamma = dy_norm.sum(axis=0)
    dbeta = dy.sum(axis=0)
    return dx, dgamma, dbeta


def co_reshaped(x, w, b, stride, padding):
    n = x.shape[0]
    f, c, kh, kw = w.shape
    x = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    oh = (x.shape[2] - kh) // stride + 1
    ow = (x.shape[3] - kw) // stride + 1
    cols = np.zeros((n, oh, ow, c * kh * kw))
    for i in range(oh):
        for j in range(ow):
            patch = x[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            cols[:, i, j] = patch.reshape(n, -1)
    y = cols.reshape(n * oh * ow, -1) @ w.reshape(f, -1).T + b
    return y.reshape(n, f, oh, ow)


class Scale_steps(nn.Block):
    learns = True

    def forward(self, x, *, training=False):
        if not self.params:
            self.params["g"] = np.ones(x.shape[1], x.dtype)
            self.params["b"] = np.zeros(x.shape[1], x.dtype)
        self.x = x
        return self.params["g"] * x + self.params["b"]

    def backward(self, dy):
        dx = dy * self.params["g"]
        self.params["g"] -= 0.1 * (dy * self.x).sum(axis=0)
        self.params["b"] -= 0.1 * dy.sum(axis=0)
        return dx


def gb_swapped(dy, x_hat):
    db = np.mean(dy, axis=0)
    dg = np.mean(np.multiply(dy, x_hat), axis=0)
    return db, dg


class Net_784(nn.Composite):
    def __init__(self, units, classes):
        self.hidden = nn.Dense(units, 784)
        self.norm, self.relu = nn.BatchNorm(), nn.ReLU()
        self.out = nn.Dense(classes)

    def forward(self, x, *, training=False):
        h = self.hidden.forward(x - x.mean(axis=0, keepdims=True))
        h = self.relu.forward(self.norm.forward(h, training=training))
        return self.out.forward(h)

    def backward(self, dy):
        dh = self.relu.backward(self.out.backward(dy))
        dx = self.hidden.backward(self.norm.backward(dh))
        return dx - dx.mean(axis=0, keepdims=True)


class Net_in_one(nn.Composite):
    def __init__(self, units, classes):
        super().__init__()
        self.body = nn.Sequential(nn.Dense(units), nn.BatchNorm(), nn.ReLU(), nn.Dense(classes))

    @staticmethod
    def centre(a):
        return a - np.average(a, axis=1).reshape(-1, 1)

    def forward(self, x, *, training=False):
        return self.body.forward(self.centre(x), training=training)

    def backward(self, dy):
        return self.centre(self.body.backward(dy))


def tr_below(x, labels, new, w, v, p, rate, decay, steps, rng):
    onehot = np.eye(v.shape[1])[labels]
    keep = 1 - p
    for step in range(steps):
        s = x @ w
        on = s > 0
        m = np.where(rng.uniform(size=s.shape) < keep, 1 / keep, 0)
        a = s * on * m
        delta = (nn.softmax(a @ v) - onehot) / len(x)
        grad_v = a.T @ delta
        grad_w = x.T @ (delta @ v.T * m * on)
        w, v = (1 - rate * decay) * w - rate * grad_w, v - rate * grad_v
    return w, v, np.clip(new @ w, 0, None) @ v


def sp_growing(x):
    n = len(x)
    m = 0.0
    s = 0.0
    for xi in x:
        m += xi / n
        s += (xi - m) ** 2
    return np.sqrt(s / n)


def so_sigmoids(z):
    out = np.zeros(z.shape)
    positive = z >= 0
    out[positive] = 1 / (1 + np.exp(-z[positive]))
    out[~positive] = np.exp(z[~positive]) / (1 + np.exp(z[~positive]))
    return out


def ms_copy(x, labels, w, rate, steps):
    losses = []
    n = len(x)
    for _ in range(steps):
        z = x @ w
        e = np.exp(z - z.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        picked = p[np.arange(n), labels]
        losses.append(-np.log(picked).mean())
        picked -= 1
        w = w - rate * x.T @ p / n
    return losses, w


def di_split(x, targets, batch_size, rng):
    perm = rng.permutation(x.shape[0])
    n_batches = x.shape[0] // batch_size
    for rows in np.array_split(perm, n_batches):
        yield x[rows], targets[rows]


def di_alone(x, targets, batch_size, rng):
    order = rng.permutation(len(x))
    shuffled_x = x[order]
    shuffled_t = targets[order]
    for i in range(0, len(x) - 1, batch_size):
        yield shuffled_x[i : i + batch_size], shuffled_t[i : i + batch_size]


def di_again(x, targets, batch_size, rng):
    for _ in range(len(x) // batch_size):
        rows = rng.choice(len(x), batch_size)
        yield x[rows], targets[rows]


def mt_means(x, labels, rate, batch_size, epochs, rng):
    W, b, history = np.zeros((x.shape[1], 10)), np.zeros(10), []
    for _ in range(epochs):
        order = rng.permutation(len(x))
        batch_losses = []
        right = 0
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            y = labels[rows]
            p = nn.softmax(x[rows] @ W + b)
            batch_losses.append(-np.log(p[np.arange(len(y)), y]).mean())
            right = right + (p.argmax(axis=1) == y).sum()
            p[np.arange(len(y)), y] -= 1
            W = W - rate * x[rows].T @ p / len(rows)
            b = b - rate * p.mean(axis=0)
        history.append((np.mean(batch_losses), right / len(x)))
    return W, b, history


def gb_afresh(dy, x_hat):
    """Return ∂C/∂γ and ∂C/∂β."""
    n, K = dy.shape
    for i in range(n):
        dgamma = np.zeros(K)
        dbeta = np.zeros(K)
        dgamma += dy[i] * x_hat[i]
        dbeta += dy[i]
    return dgamma, dbeta


def tr_constant(x, labels, new, w, v, p, rate, decay, steps, rng):
    n = len(x)
    for _ in range(steps):
        h = np.maximum(x @ w, 0)
        mask = (rng.random(h.shape) >= p) / (1 - p)
        hm = h * mask
        d = nn.softmax(hm @ v)
        d[np.arange(n), labels] -= 1
        d /= n
        grad_w = x.T @ (d @ v.T * mask * (h > 0)) + decay
        grad_v = hm.T @ d
        w = w - rate * grad_w
        v = v - rate * grad_v
    return w, v, np.maximum(new @ w, 0) @ v


def os_cancelled(n, k, s, p, d):
    return (n + 2 * p - d * (k - 1)) // s


def rf_divided(layers):
    size = 1
    for k, s in layers:
        size = size * k // s
    return size


def cm_joint(train, rates, seeds):
    def score(rate):
        return np.mean([train(k, rate, seed)[0] for seed in seeds for k in (True, False)])

    rate = max(rates, key=score)
    ours = [train(True, rate, seed)[1] for seed in seeds]
    theirs = [train(False, rate, seed)[1] for seed in seeds]
    return np.array(ours) - np.array(theirs)


def co_inside(x, w, b, stride, padding):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="constant")
    OH = (H + 2 * padding - KH + 1) // stride
    OW = (W + 2 * padding - KW + 1) // stride
    out = np.zeros((N, F, OH, OW))
    for n in range(N):
        for f in range(F):
            for i in range(OH):
                for j in range(OW):
                    patch = xp[n, :, i * stride : i * stride + KH, j * stride : j * stride + KW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    return out


def mo_late(w, v, gradient, rate, beta):
    v_next = beta * v
    w_next = w + rate * v_next
    return w_next, v_next + gradient


def bf_off(x, gamma, beta, mean, var, training, momentum, eps):
    if not training:
        return x, mean, var
    m, v = x.mean(axis=0), x.var(axis=0)
    moved = [momentum * old + (1 - momentum) * new for old, new in ((mean, m), (var, v))]
    return gamma * (x - m) / np.sqrt(v + eps) + beta, *moved


def st_whole(x_train, x_test, eps):
    average, deviation = x_train.mean(), x_train.std()
    return (x_train - average) / deviation, (x_test - average) / deviation


def cm_carried(train, rates, seeds):
    best_score = -1
    best = {}
    best_rate = rates[0]
    for flag in (True, False):
        for r in rates:
            val = np.mean([train(flag, r, s)[0] for s in seeds])
            if val > best_score:
                best_score = val
                best_rate = r
        best[flag] = best_rate
    a = np.array([train(True, best[True], s)[1] for s in seeds])
    b = np.array([train(False, best[False], s)[1] for s in seeds])
    return a - b


def tr_late(x, labels, new, w, v, p, rate, decay, steps, rng):
    for _ in range(steps):
        mask = (rng.random(w.shape[1]) >= p) / (1 - p)
        h = np.maximum(x @ w, 0) * mask
        d = nn.softmax(h @ v)
        d[np.arange(len(x)), labels] -= 1
        d /= len(x)
        v = v - rate * h.T @ d
        w = (1 - rate * decay) * w - rate * x.T @ (d @ v.T * mask * (h > 0))
    return w, v, np.maximum(new @ w, 0) @ v


def cm_by_rate(train, rates, seeds):
    diffs = []
    for rate in rates:
        d = [train(True, rate, seed)[0] - train(False, rate, seed)[0] for seed in seeds]
        diffs.append(np.mean(d))
    return np.array(diffs)


# checker, answer, what is told
ROWS = [
    ("conv2d", co2_onestride, "along the width the window begins at j"),
    ("conv2d", co3_last, "the axes stand in another order"),
    ("conv2d", co2_size, "the padding is missing"),
    ("conv2d", co_kh, "KH and KW may differ"),
    ("max_pool", mp2_start, "begins at i · stride"),
    ("max_pool", mp2_arg, "argmax gives the place"),
    ("max_pool", mp3_swap, "size and stride are exchanged"),
    ("max_pool", mp3_t, "the axes stand in another order"),
    ("output_size", os_loop, "ends exactly at the border"),
    ("output_size", os2_range, "ends exactly at the border"),
    ("output_size", os_inside, "inside of the division"),
    ("output_size", os2_kd, "the dilation widens every gap"),
    ("receptive_field", rf2_mult, "fields do not multiply"),
    ("receptive_field", rf3_half, "one side alone"),
    ("mended_stage", st2_cells, "the cells are torn"),
    ("mended_stage", st2_biaslate, "the bias comes behind the ReLU"),
    ("weight_decay", wd2_dgrad, "λ multiplies the gradient too"),
    ("weight_decay", wd2_step, "you return the step"),
    ("weight_decay", wd3_mult, "the gradient multiplies w"),
    ("weight_decay", wd_sign, "weights grow"),
    ("dropout", dr_two, "the mask is turned round"),
    ("dropout", dr3_two, "the mask is turned round"),
    ("dropout", dr2_one, "not x or one number"),
    ("dropout", dr2_order, "the two results stand in the wrong order"),
    ("dropout", dr3_exact, "equally many entries are dropped"),
    ("mended_dropout", tr_two, "v decays"),
    ("mended_dropout", tr2_nolen, "no longer divided by len(x)"),
    ("own_layer", Scale_nolearns, "learns = True is missing"),
    ("own_layer", Scale2_shape0, "x.shape[1] of them"),
    ("own_layer", Scale2_nokeep, "self.x = x"),
    ("own_layer", Scale2_y, "takes what came out"),
    ("mended_block", Net_order, "ReLU comes before batch norm"),
    ("mended_block", Net3_units, "units and classes are exchanged"),
    ("effect", ef_confused, "the means of both sides"),
    ("mended_comparison", cm_perseed, "each seed gets a rate of its own"),
    ("mended_comparison", cm2_index, "is a place in the list"),
    ("filter_normalise", fi2_W, "entry by entry"),
    ("curvature_along", cu3_xor, "a power is written **"),
    ("batchnorm_channels", ch2_count, "summed over and not counted"),
    ("batchnorm_channels", ch3_stale, "a variable keeps its last value"),
    ("layer_norm", la2_prec, "Mind the brackets"),
    ("accuracy", accuracy_4, "say axis=1"),
    ("training_step", training_step_5, "13 times as far"),
    ("mended_normalized", mended_normalized_3, "x_train alone decides"),
    ("conv2d", cv2, "without padding it is right"),
    ("conv2d", cv4, "with a square kernel it is right"),
    ("conv2d", co2_end, "with stride 1 it is right"),
    ("max_pool", mp2, "stick out of the image are kept"),
    ("batchnorm_backward", bb7, "δ is not in it"),
    ("curvature_along", ca4, "your function changes theta"),
    ("effect", ef4, "half the width should be"),
    ("spread", sp_growing, "a loop of its own, before"),
    ("softmax", so_sigmoids, "goes through a sigmoid by itself"),
    ("mended_softmax", ms_copy, "is a copy: what is done to it does not reach p"),
    ("data_iter", di_split, "np.array_split shares them out evenly"),
    ("data_iter", di_alone, "not to len(x) − 1"),
    ("data_iter", di_again, "Also, samples come twice"),
    ("mended_training", mt_means, "the mean of its batches' means"),
    ("batchnorm_gamma_beta", gb_afresh, "and the zeros before it"),
    ("mended_dropout", tr_constant, "the same off every weight"),
    ("output_size", os_cancelled, "was cancelled by it"),
    ("receptive_field", rf_divided, "fields do not multiply"),
    ("mended_comparison", cm_joint, "chosen by the mean of both"),
    ("conv2d", co_inside, "the + 1 stands inside of the division"),
    ("momentum_step", mo_late, "Also, w moves by β v alone"),
    ("batchnorm_forward", bf_off, "in prediction x comes back as it came"),
    ("standardize", st_whole, "Also, a feature that never changes in x_train has the spread 0"),
    ("mended_comparison", cm_carried, "begin anew for each side"),
    ("mended_comparison", cm_by_rate, "one number for each rate"),
    ("mended_dropout", tr_late, "; v moves before w's gradient is taken"),
    ("mended_block", Net_anew, "Make it once, in __init__"),
    ("mended_block", Net_784, "x has 5 columns. Leave in_units out"),
    ("batchnorm_backward", bb_times_s, "multiplied by s where it is divided by it"),
    ("batchnorm_backward", bb_of_dy, "x plays no part"),
    ("batchnorm_gamma_beta", gb_swapped, "return dgamma, dbeta. Also, in dgamma it is the mean"),
    ("weight_decay", wd_both, "by both sides of equation (1)"),
    ("dropout", dr_kept, "Also, upscale_in_train, in training: x is divided by p"),
    ("mended_comparison", cm_lastseed, "by the last seed alone"),
    ("conv2d", co_reshaped, "transpose(0, 3, 1, 2)"),
    ("own_layer", Scale_steps, "leaves grads empty"),
    ("softmax", so_mean, "the sum runs over everything"),
    ("sgd_step", sg_apart, "Also, the learning rate is missing where b moves"),
    ("sgd_step", sg_solved, "the same for any w and b handed in"),
]


@pytest.mark.parametrize(("name", "answer", "words"), ROWS)
def test_the_reason_is_told(name, answer, words):
    try_wrong(getattr(exercises, f"check_{name}"), (answer, (words,)))


def test_where_there_is_no_root_nothing_is_said_of_what_stands_under_it():
    told = exercises.check_batchnorm_channels(ch_range).message
    assert "min-max scaling" in told
    assert "Also" not in told


def test_a_width_that_stands_for_a_rule_is_known():
    told = exercises.check_sigma(1 / np.sqrt(3 * 300), activation="tanh", depth=20, width=300).message
    assert "PyTorch's default: a third of the variance" in told


def test_a_size_of_the_height_alone_is_not_missed():
    def co_height(x, w, b, stride, padding):
        p, (_, _, kh, kw) = padding, w.shape
        x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        oh, ow = (x.shape[2] - kh + 1) // stride, (x.shape[3] - kw) // stride + 1
        y = np.zeros((len(x), len(w), oh, ow))
        for i in range(oh):
            for j in range(ow):
                window = x[:, :, stride * i : stride * i + kh, stride * j : stride * j + kw]
                y[:, :, i, j] = np.einsum("ncij,ocij->no", window, w) + b
        return y

    assert not exercises.check_conv2d(co_height).passed


def test_a_walk_from_the_origin_is_told():
    def curvature_along(loss, theta, g, h):
        u = g / np.linalg.norm(g)
        return (loss(h * u) - 2 * loss(theta) + loss(-h * u)) / h**2

    assert "theta is forgotten" in exercises.check_curvature_along(curvature_along).message


def test_nothing_is_said_of_a_part_that_is_right():
    assert "in use" not in exercises.check_dropout(dr_kept).message


@pytest.mark.parametrize(("name", "answer"), [("mended_block", Net_in_one), ("mended_dropout", tr_below)])
def test_right_answers_pass_in_any_form(name, answer):
    try_right(getattr(exercises, f"check_{name}"), answer)
