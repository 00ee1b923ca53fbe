#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the LeNet of this folder on digits that it draws itself, and quantises it to int8.

  examples/lenet/train.py [--measure NVDLA_VP NETWORK]

Writes lenet.json (layers, scales), weights/*.npy and digits/*.pgm, one drawing of each digit that was not
trained with. The same on every machine with the same NumPy (Debian's python3-numpy). --measure runs held-out
digits on the model instead, through `nvdla-vp run NETWORK`, and compares them with the integer network here.

Layers: LeCun's LeNet-5 on 28 x 28 pixels without borders: 6 kernels of 5 x 5, maximum of 2 x 2, 16 of 5 x 5,
maximum of 2 x 2, 120 of 4 x 4, 84, 10, softmax.
Quantisation: weights and values have one scale a layer, symmetrical; a layer is
  value = clip(round((sum + bias * 2^shift) * scale / 2^truncate))
which is what SDP computes; scales of values are those of the largest value that 500 training digits reach.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent
TRAINED, HELD_OUT, CALIBRATED = 12000, 2000, 500

# Strokes in a square of side 1, y downwards; an arc is (centre x, y, radius x, y, from, to in degrees).
ARC = "arc"
DIGITS = [
    [[(ARC, 0.5, 0.5, 0.24, 0.38, 0, 360)]],
    [[(0.36, 0.26), (0.52, 0.12), (0.52, 0.88)]],
    [[(ARC, 0.5, 0.32, 0.22, 0.2, 190, 400), (0.28, 0.86), (0.76, 0.86)]],
    [[(ARC, 0.47, 0.31, 0.22, 0.19, 200, 440), (ARC, 0.47, 0.68, 0.25, 0.2, -80, 160)]],
    [[(0.6, 0.12), (0.24, 0.62), (0.78, 0.62)], [(0.6, 0.36), (0.6, 0.9)]],
    [[(0.72, 0.13), (0.34, 0.13), (0.31, 0.46), (ARC, 0.48, 0.65, 0.24, 0.23, -110, 150)]],
    [[(0.64, 0.12), (0.4, 0.36), (ARC, 0.5, 0.66, 0.22, 0.22, 200, 560)]],
    [[(0.26, 0.14), (0.75, 0.14), (0.44, 0.88)]],
    [[(ARC, 0.5, 0.31, 0.19, 0.19, 90, 450)], [(ARC, 0.5, 0.69, 0.23, 0.2, -90, 270)]],
    [[(ARC, 0.5, 0.34, 0.21, 0.22, 0, 360), (0.7, 0.38), (0.58, 0.88)]],
]


def points_of(stroke):
    result = []
    for part in stroke:
        if part[0] == ARC:
            _, x, y, rx, ry, begin, end = part
            angle = np.radians(np.linspace(begin, end, 24))
            result += list(zip(x + rx * np.cos(angle), y + ry * np.sin(angle)))
        else:
            result.append(part)
    return np.array(result)


OUTLINES = [[points_of(stroke) for stroke in digit] for digit in DIGITS]
PIXELS = np.stack(np.meshgrid(np.arange(28) + 0.5, np.arange(28) + 0.5), axis=-1)


def draw(digit, random):
    """28 x 28 samples from 0 to 255: the strokes turned, sheared, scaled, bent, moved, and noise."""
    angle, shear = random.uniform(-0.25, 0.25), random.uniform(-0.25, 0.25)
    size = random.uniform(17, 25, 2)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    map_ = turn @ np.array([[1, shear], [0, 1]]) @ np.diag(size)
    centre = 14 + random.uniform(-2, 2, 2)
    bend, phase = random.uniform(-0.04, 0.04, 2), random.uniform(0, 6.28, 2)
    width = random.uniform(0.8, 1.7)
    distance = np.full((28, 28), 99.0)
    for outline in OUTLINES[digit]:
        bent = outline + bend * np.sin(6 * outline[:, ::-1] + phase)
        p = (bent - 0.5) @ map_.T + centre
        a, b = p[:-1], p[1:]
        d = b - a
        t = ((PIXELS[:, :, None] - a) * d).sum(-1) / np.maximum((d * d).sum(-1), 1e-9)
        nearest = a + np.clip(t, 0, 1)[..., None] * d
        distance = np.minimum(distance, np.sqrt(((PIXELS[:, :, None] - nearest) ** 2).sum(-1)).min(-1))
    ink = np.clip(width + 0.5 - distance, 0, 1) * random.uniform(0.7, 1)
    noise = random.uniform(-0.08, 0.08, (28, 28))
    return np.clip(np.round(255 * (ink + noise)), 0, 255).astype(np.uint8)


def drawings(count, seed):
    random = np.random.Generator(np.random.PCG64(seed))
    labels = np.arange(count) % 10
    return np.array([draw(label, random) for label in labels]), labels


def input_of(samples):
    """As the runtime of nvdla/sw brings a picture to int8: 0..255 to 0..127."""
    return np.floor(samples.astype(np.float64) * 127 / 255 + 0.5)[:, None]


# -- the network; values are [picture, channel, line, column] ----------------------------------------------

LAYERS = [("conv1", 6, 1, 5, True, True), ("conv2", 16, 6, 5, True, True), ("fc3", 120, 16, 4, True, False),
          ("fc4", 84, 120, 1, True, False), ("fc5", 10, 84, 1, False, False)]  # kernels, channels, size, relu, pool


def windows(x, size):
    """[picture, line, column, channel * size * size]"""
    view = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    n, c, h, w = view.shape[:4]
    return view.transpose(0, 2, 3, 1, 4, 5).reshape(n, h, w, c * size * size)


def pooled(x):
    n, c, h, w = x.shape
    return x.reshape(n, c, h // 2, 2, w // 2, 2).max((3, 5))


def forward(x, parameters, kept=None):
    for (name, _, _, size, relu, pool), (weights, bias) in zip(LAYERS, parameters):
        columns = windows(x, size)
        y = columns @ weights.reshape(len(weights), -1).T + bias
        y = y.transpose(0, 3, 1, 2)
        before = np.maximum(y, 0) if relu else y
        after = pooled(before) if pool else before
        if kept is not None:
            kept.append((x.shape, columns, before, after))
        x = after
    return x.reshape(len(x), -1)


def backward(gradient, parameters, kept):
    result = []
    for (_, _, _, size, relu, pool), (weights, _), (shape, columns, before, after) in reversed(
            list(zip(LAYERS, parameters, kept))):
        gradient = gradient.reshape(after.shape)
        if pool:
            large = gradient.repeat(2, 2).repeat(2, 3)
            gradient = large * (before == after.repeat(2, 2).repeat(2, 3))
        if relu:
            gradient = gradient * (before > 0)
        rows = gradient.transpose(0, 2, 3, 1)
        flat = rows.reshape(-1, rows.shape[-1])
        result.append(((flat.T @ columns.reshape(len(flat), -1)).reshape(weights.shape), flat.sum(0)))
        back = (rows @ weights.reshape(len(weights), -1)).reshape(*rows.shape[:3], shape[1], size, size)
        gradient = np.zeros(shape, np.float32)
        h, w = rows.shape[1:3]
        for i in range(size):
            for j in range(size):
                gradient[:, :, i:i + h, j:j + w] += back[:, :, :, :, i, j].transpose(0, 3, 1, 2)
    return result[::-1]


def train(x, labels):
    random = np.random.Generator(np.random.PCG64(3))
    parameters = [(random.normal(0, np.sqrt(2 / (c * s * s)), (k, c, s, s)).astype(np.float32),
                   np.zeros(k, np.float32)) for _, k, c, s, _, _ in LAYERS]
    speed = [(np.zeros_like(w), np.zeros_like(b)) for w, b in parameters]
    batch, epochs = 50, 6
    for epoch in range(epochs):
        order = random.permutation(len(x))
        rate = 0.01 * 0.5 ** epoch
        for first in range(0, len(x), batch):
            chosen = order[first:first + batch]
            kept = []
            logits = forward(x[chosen], parameters, kept)
            p = np.exp(logits - logits.max(1, keepdims=True))
            p /= p.sum(1, keepdims=True)
            p[np.arange(len(chosen)), labels[chosen]] -= 1
            gradients = backward((p / len(chosen)).astype(np.float32), parameters, kept)
            for i, (w, b) in enumerate(parameters):
                speed[i] = (0.9 * speed[i][0] - rate * (gradients[i][0] + 5e-4 * w),
                            0.9 * speed[i][1] - rate * gradients[i][1])
                parameters[i] = (w + speed[i][0], b + speed[i][1])
        print(f"epoch {epoch + 1}: {np.mean(forward(x[:2000], parameters).argmax(1) == labels[:2000]):.4f} "
              "of 2000 trained digits", flush=True)
    return parameters


# -- integers ----------------------------------------------------------------------------------------------


def quantised(parameters, x):
    """Layers as SDP computes them; `x`: integers 0..127 that the network is likely to meet."""
    layers, scale_in, values = [], 1.0 / 127, (x / 127).astype(np.float32)
    for layer, (weights, bias) in zip(LAYERS, parameters):
        name, kernels, channels, size, relu, pool = layer
        scale_w = np.abs(weights).max() / 127
        columns = windows(values, size)
        y = (columns @ weights.reshape(kernels, -1).T + bias).transpose(0, 3, 1, 2)
        y = np.maximum(y, 0) if relu else y
        scale_out = np.abs(y).max() / 127
        values = pooled(y) if pool else y
        whole_bias = np.round(bias / (scale_w * scale_in)).astype(np.int64)
        shift = 0
        while np.abs(whole_bias >> shift).max() > 32767:
            shift += 1
        factor, truncate = scale_w * scale_in / scale_out, 0
        while factor * 2 ** (truncate + 1) <= 32767 and truncate < 31:
            truncate += 1
        layers.append({"name": name, "kernels": kernels, "size": size, "relu": relu, "pool": pool,
                       "bias_shift": shift, "scale": int(round(factor * 2 ** truncate)),
                       "truncate": truncate, "weights": np.round(weights / scale_w).astype(np.int8),
                       "bias": (whole_bias >> shift).astype(np.int32)})
        scale_in = scale_out
    return layers, float(scale_in)


def integer_forward(x, layers):
    x = x.astype(np.int64)
    for layer in layers:
        weights = layer["weights"].astype(np.int64)
        sums = windows(x, layer["size"]) @ weights.reshape(len(weights), -1).T
        sums = (sums + (layer["bias"].astype(np.int64) << layer["bias_shift"])).transpose(0, 3, 1, 2)
        if layer["relu"]:
            sums = np.maximum(sums, 0)
        product = sums * layer["scale"]
        half = (1 << layer["truncate"]) >> 1
        rounded = np.sign(product) * ((np.abs(product) + half) >> layer["truncate"])
        x = np.clip(rounded, -128, 127)
        if layer["pool"]:
            x = pooled(x)
    return x.reshape(len(x), -1)


def write_pgm(path, samples):
    path.write_bytes(b"P5\n28 28\n255\n" + samples.tobytes())


def stored_layers():
    network = json.loads((FOLDER / "lenet.json").read_text())
    for layer in network["layers"]:
        for part in ("weights", "bias"):
            layer[part] = np.load(FOLDER / layer[part])
        layer["weights"] = layer["weights"].reshape(*layer["weights"].shape[:2], layer["size"], -1)
    return network["layers"]


def measure(command, network):
    samples, labels = drawings(HELD_OUT, seed=2)
    count = 200
    logits = integer_forward(input_of(samples), stored_layers())
    print(f"integer network: {np.mean(logits.argmax(1) == labels):.4f} of {HELD_OUT} held-out digits")
    right = same = 0
    with tempfile.TemporaryDirectory() as folder:
        for i in range(count):
            picture = pathlib.Path(folder) / "digit.pgm"
            write_pgm(picture, samples[i])
            text = subprocess.run([command, "run", network, "--input", picture, "--top", "1", "-q"], check=True,
                                  capture_output=True, text=True).stdout
            answer = int(re.search(r"greatest:\n +(\d+)", text).group(1))
            right += answer == labels[i]
            same += answer == logits[i].argmax()
    print(f"on the model: {right} of the first {count} right, {same} as the integer network")


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "--measure":
        return measure(sys.argv[2], sys.argv[3])
    if len(sys.argv) != 1:
        sys.exit(__doc__)
    samples, labels = drawings(TRAINED, seed=1)
    x = input_of(samples)
    parameters = train((x / 127).astype(np.float32), labels)
    held_out, held_labels = drawings(HELD_OUT, seed=2)
    y = input_of(held_out)
    layers, scale = quantised(parameters, x[:CALIBRATED])
    real = forward((y / 127).astype(np.float32), parameters).argmax(1)
    whole = integer_forward(y, layers).argmax(1)
    print(f"held-out digits right, of {HELD_OUT}: {np.mean(real == held_labels):.4f} in fp32, "
          f"{np.mean(whole == held_labels):.4f} in int8")
    (FOLDER / "weights").mkdir(exist_ok=True)
    for layer in layers:
        for part in ("weights", "bias"):
            kept = layer[part].reshape(*layer[part].shape[:2], -1) if part == "weights" else layer[part]
            np.save(FOLDER / f"weights/{layer['name']}_{part}.npy", kept)
            layer[part] = f"weights/{layer['name']}_{part}.npy"
    network = {"schema": "nvdla-chain/1", "input": {"width": 28, "height": 28, "channels": 1},
               "layers": layers, "softmax": {"input_scale": scale, "output_scale": 1 / 127}}
    (FOLDER / "lenet.json").write_text(json.dumps(network, indent=1) + "\n")
    (FOLDER / "digits").mkdir(exist_ok=True)
    for digit in range(10):
        write_pgm(FOLDER / f"digits/{digit}.pgm", held_out[digit])


if __name__ == "__main__":
    main()
