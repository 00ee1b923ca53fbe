# SPDX-License-Identifier: Apache-2.0
"""The modes: what each puts into a program. `both groups`: two operations, of which the second is programmed
into the other register group while the first runs."""

from . import convolution, movers, post


def twice(operation):
    def run(program, draw, precision):
        for name in ("a", "b"):
            operation(program, draw.scope(name), precision, second=name == "b")
    return run


def with_cvsram(operation):
    def run(program, draw, precision):
        program.second_port = True
        operation(program, draw, precision)
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


# name: (what it makes, what of the hardware it needs, builder)
MODES = {
    "conv": ("direct convolution", None, _conv),
    "conv_dilated": ("direct convolution with dilation", None,
                     lambda p, d, t: convolution.layer(p, d, t, dilated=True)),
    "conv_two": ("two direct convolutions in both groups", None, twice(_conv)),
    "conv_reuse": ("two convolutions, the second with the weights that the first left", None, _weight_reuse),
    "conv_batch": ("fully batched direct convolution", "full", lambda p, d, t: convolution.layer(p, d, t, batch=True)),
    "winograd": ("Winograd 3x3 convolution", "full", lambda p, d, t: convolution.layer(p, d, t, "winograd")),
    "image": ("convolution of an image", None, lambda p, d, t: convolution.layer(p, d, t, "image")),
    "image_dilated": ("convolution of an image, lines dilated", None,
                      lambda p, d, t: convolution.layer(p, d, t, "image", dilated=True)),
    "image_y": ("convolution of an image with Y extension and several kernel groups", None,
                lambda p, d, t: convolution.layer(p, d, t, "image", y_extension=True)),
    "conv_pdp": ("convolution with PDP on the fly", None, lambda p, d, t: convolution.layer(p, d, t, pool=True)),
    "sdp": ("SDP from memory", None, _sdp),
    "sdp_lut": ("SDP from memory with a look-up in Y", "y_unit", lambda p, d, t: post.sdp(p, d, t, lut=True)),
    "sdp_two": ("two SDP operations in both groups", None, twice(_sdp)),
    "sdp_pdp": ("SDP from memory with PDP on the fly", None, lambda p, d, t: post.sdp(p, d, t, pool=True)),
    "pdp": ("pooling from memory", None, _pdp),
    "pdp_split": ("pooling with split width", None, lambda p, d, t: post.pooling(p, d, t, split=True)),
    "pdp_two": ("two poolings in both groups", None, twice(_pdp)),
    "cdp": ("LRN", None, _cdp),
    "cdp_two": ("two LRN in both groups", None, twice(_cdp)),
    "mixed": ("convolution, pooling and LRN at the same time", None, _mixed),
    "conv_cvsram": ("direct convolution, cubes behind both ports", "cvsram", with_cvsram(_conv)),
    "sdp_cvsram": ("SDP from memory, cubes behind both ports", "cvsram", with_cvsram(_sdp)),
    "pdp_cvsram": ("pooling, cubes behind both ports", "cvsram", with_cvsram(_pdp)),
    "cdp_cvsram": ("LRN, cubes behind both ports", "cvsram", with_cvsram(_cdp)),
    "bdma": ("copies by BDMA", "full", lambda p, d, t: movers.bdma(p, d)),
    "bdma_two": ("copies by BDMA in both groups", "full",
                 lambda p, d, t: [movers.bdma(p, d.scope(name)) for name in ("a", "b")]),
    "rubik": ("Rubik", "full", lambda p, d, t: movers.rubik(p, d, t)),
    "rubik_two": ("two Rubik operations in both groups", "full",
                  lambda p, d, t: [movers.rubik(p, d.scope(name), t) for name in ("a", "b")]),
}
