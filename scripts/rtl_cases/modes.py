# SPDX-License-Identifier: Apache-2.0
"""The modes: what each puts into a program. `both groups`: two operations, of which the second is programmed
into the other register group while the first runs."""

from . import convolution, movers, post


def twice(operation):
    def run(program, draw, precision):
        for name in ("a", "b"):
            operation(program, draw.scope(name), precision, second=name == "b")
    return run


def _conv(program, draw, precision, second=False):
    convolution.layer(program, draw, precision)


def _sdp(program, draw, precision, second=False):
    post.sdp(program, draw, precision)


def _pdp(program, draw, precision, second=False):
    post.pooling(program, draw, precision)


def _cdp(program, draw, precision, second=False):
    post.cdp(program, draw, precision, with_tables=not second)


def _weight_reuse(program, draw, precision):
    kept = convolution.layer(program, draw.scope("a"), precision, keep_weights=True)
    convolution.layer(program, draw.scope("b"), precision, reuse=kept)


def _mixed(program, draw, precision):
    """A convolution, then PDP and CDP of other data while it runs."""
    convolution.layer(program, draw.scope("conv"), precision)
    post.pooling(program, draw.scope("pdp"), precision)
    post.cdp(program, draw.scope("cdp"), precision)


# name: (what it makes, nv_full only, builder)
MODES = {
    "conv": ("direct convolution", False, _conv),
    "conv_dilated": ("direct convolution with dilation", False,
                     lambda p, d, t: convolution.layer(p, d, t, dilated=True)),
    "conv_two": ("two direct convolutions in both groups", False, twice(_conv)),
    "conv_reuse": ("two convolutions, the second with the weights that the first left", False, _weight_reuse),
    "conv_batch": ("fully batched direct convolution", True, lambda p, d, t: convolution.layer(p, d, t, batch=True)),
    "winograd": ("Winograd 3x3 convolution", True, lambda p, d, t: convolution.layer(p, d, t, "winograd")),
    "image": ("convolution of an image", False, lambda p, d, t: convolution.layer(p, d, t, "image")),
    "image_dilated": ("convolution of an image, lines dilated", False,
                      lambda p, d, t: convolution.layer(p, d, t, "image", dilated=True)),
    "image_y": ("convolution of an image with Y extension and several kernel groups", False,
                lambda p, d, t: convolution.layer(p, d, t, "image", y_extension=True)),
    "conv_pdp": ("convolution with PDP on the fly", False, lambda p, d, t: convolution.layer(p, d, t, pool=True)),
    "sdp": ("SDP from memory", False, _sdp),
    "sdp_two": ("two SDP operations in both groups", False, twice(_sdp)),
    "pdp": ("pooling from memory", False, _pdp),
    "pdp_split": ("pooling with split width", False, lambda p, d, t: post.pooling(p, d, t, split=True)),
    "pdp_two": ("two poolings in both groups", False, twice(_pdp)),
    "cdp": ("LRN", False, _cdp),
    "cdp_two": ("two LRN in both groups", False, twice(_cdp)),
    "mixed": ("convolution, pooling and LRN at the same time", False, _mixed),
    "bdma": ("copies by BDMA", True, lambda p, d, t: movers.bdma(p, d)),
    "bdma_two": ("copies by BDMA in both groups", True,
                 lambda p, d, t: [movers.bdma(p, d.scope(name)) for name in ("a", "b")]),
    "rubik": ("Rubik", True, lambda p, d, t: movers.rubik(p, d, t)),
    "rubik_two": ("two Rubik operations in both groups", True,
                  lambda p, d, t: [movers.rubik(p, d.scope(name), t) for name in ("a", "b")]),
}
