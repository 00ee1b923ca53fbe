# SPDX-License-Identifier: Apache-2.0
"""Convolutions: direct, of images, Winograd; SDP behind them writes memory or hands on to PDP.

A layer draws its shape until it fits into the convolution buffer; every attempt has its own names, so that a
shape that does not fit is not in the record of the choices.
"""

from . import post
from .hardware import CODE, SIZE
from .program import CONVOLUTION, ram_type

# Bytes of a pixel in the first plane, elements of the first plane and of the second: by precision.
FORMATS = {
    "int8": {0x00: (1, 1, 0), 0x0C: (4, 4, 0), 0x0D: (4, 4, 0), 0x0E: (4, 4, 0), 0x0F: (4, 4, 0), 0x10: (4, 4, 0),
             0x11: (4, 4, 0), 0x12: (4, 4, 0), 0x13: (4, 4, 0), 0x1A: (4, 4, 0), 0x1B: (4, 4, 0), 0x1C: (1, 1, 2),
             0x1D: (1, 1, 2)},
    "int16": {0x03: (2, 1, 0), 0x04: (2, 1, 0), 0x06: (8, 4, 0), 0x07: (8, 4, 0), 0x22: (2, 1, 2), 0x23: (2, 1, 2)},
    "fp16": {0x05: (2, 1, 0), 0x08: (8, 4, 0), 0x0B: (8, 4, 0)},
}


def ceil_div(a, b):
    return -(-a // b)


def pair(low, high):
    return low - 1 | high - 1 << 16


class Shape:
    """Sizes in elements; `input` is what CSC sees, with channels that lines of kernels or tiles bring along."""

    kernels = kernel_w = kernel_h = kernel_c = stride_x = stride_y = dilation_x = dilation_y = batches = 1
    y_extension = truncate = pad_value = 0
    pad = (0, 0, 0, 0)  # left, right, top, bottom
    mode = "direct"

    def line_entries(self, hardware, size):
        width, _, channels = self.input
        if self.mode != "direct":
            return ceil_div(width * channels * size, hardware.entry)
        used = ceil_div(channels * size, hardware.atom) * hardware.atom
        whole, rest = divmod(used, hardware.entry)
        shared = 0
        if rest:  # up to four pixels share an entry
            power = 1
            while power < rest:
                power *= 2
            shared = ceil_div(width, max(1, hardware.entry // power))
        return whole * width + shared


def direct(draw, hardware, precision, limits):
    s = Shape()
    s.kernel_w, s.kernel_h = draw.between("kernel_width", 1, 5), draw.between("kernel_height", 1, 5)
    s.stride_x, s.stride_y = draw.between("stride_x", 1, 3), draw.between("stride_y", 1, 3)
    if limits.get("dilated"):
        s.dilation_x, s.dilation_y = draw.between("dilation_x", 1, 4), draw.between("dilation_y", 2, 4)
    s.kernel_c = draw.between("channels", 1, 64 if draw.one_in("deep", 3) else 24)
    s.kernels = draw.between("kernels", 1, 70 if draw.one_in("many_kernels", 4) else 24)
    left, top = draw.between("pad_left", 0, s.kernel_w - 1), draw.between("pad_top", 0, s.kernel_h - 1)
    s.pad_value = 0x3800 if precision == "fp16" else draw.bits("pad_value", SIZE[precision] * 8)
    if precision == "int8" and s.pad_value & 0x80:
        s.pad_value |= 0xFF00
    s.out = (draw.between("output_width", 1, 14), draw.between("output_height", 1, 10))

    def axis(name, out, stride, kernel, dilation, before):
        needed = (out - 1) * stride + (kernel - 1) * dilation + 1
        after = draw.between(name, 0, min(kernel - 1, max(0, needed - before - 1)))
        return max(1, needed - before - after), max(0, after)

    width, right = axis("pad_right", s.out[0], s.stride_x, s.kernel_w, s.dilation_x, left)
    height, bottom = axis("pad_bottom", s.out[1], s.stride_y, s.kernel_h, s.dilation_y, top)
    s.pad = (left, right, top, bottom)
    s.input = s.fetch = (width, height, s.kernel_c)
    if limits.get("batch"):
        s.batches = draw.between("batches", 2, 6)
        if s.out[1] > 1 and s.out[0] % 2:  # CACC's packed lines tear pairs apart (docs/rtl-defects.md)
            return None
    s.elements = s.kernel_c * s.kernel_w * s.kernel_h
    return s


def image(draw, hardware, precision, limits):
    s = Shape()
    s.mode = "image"
    s.format = draw.of("pixel_format", list(FORMATS[precision]))
    s.pixel_bytes, first, second = FORMATS[precision][s.format]
    s.planes, channels = 2 if second else 1, first + second
    kernel = draw.between("kernel_width", 1, 6)
    s.kernel_w, s.kernel_h = 1, draw.between("kernel_height", 1, 6)
    s.kernel_c = kernel * channels
    s.stride_x, s.stride_y = draw.between("stride_x", 1, 3), draw.between("stride_y", 1, 3)
    groups = limits.get("y_extension")  # several kernel groups
    s.kernels = draw.between("kernels", 33 if groups else 1, 70 if groups else 40)
    if groups:
        s.y_extension = draw.between("y_extension", 1, 2)
        if s.kernel_c << s.y_extension > hardware.atomic_c:
            return None
    s.out = (draw.between("output_width", 1, 16), draw.between("output_height", 1, 10))
    if limits.get("dilated"):
        s.dilation_y = draw.between("dilation_y", 2, 3)
    width = (s.out[0] - 1) * s.stride_x + kernel
    height = (s.out[1] - 1) * s.stride_y + (s.kernel_h - 1) * s.dilation_y + 1
    left = draw.between("pad_left", 0, min(kernel, width) - 1)
    right = draw.between("pad_right", 0, min(kernel, width - left) - 1)
    top = draw.between("pad_top", 0, min(s.kernel_h, height) - 1)
    bottom = draw.between("pad_bottom", 0, min(s.kernel_h, height - top) - 1)
    s.pad = (left, right, top, bottom)
    s.pad_value = 0x3C00 if precision == "fp16" else draw.bits("pad_value", SIZE[precision] * 8 - 1)
    s.fetch = (width - left - right, height - top - bottom, channels)
    s.input = (width, height - top - bottom, channels)
    s.x_offset = draw.between("x_offset", 0, max(1, hardware.atom // s.pixel_bytes) - 1)
    s.elements = s.kernel_c * s.kernel_h
    return s


def winograd(draw, hardware, precision, limits):
    s = Shape()
    s.mode = "winograd"
    s.kernel_w = s.kernel_h = 4  # as CSC sees them, after the transform
    s.out = (4 * draw.between("output_tiles_x", 1, 4), 4 * draw.between("output_tiles_y", 1, 3))
    s.pad = (draw.between("pad_left", 0, 1), draw.between("pad_right", 0, 2), draw.between("pad_top", 0, 1),
             draw.between("pad_bottom", 0, 2))
    s.pad_value = 0x3C00 if precision == "fp16" else draw.between("pad_value", 0, 40)
    atom = hardware.atom // SIZE[precision]
    channels = draw.between("channels", 1, 2 * atom)
    s.kernel_c = ceil_div(channels, atom) * atom
    s.kernels = draw.between("kernels", 1, 40)
    s.truncate = draw.between("pra_truncate", 0, 2)
    s.input = (s.out[0] + 4, s.out[1] + 4, s.kernel_c)
    s.fetch = (s.input[0] - s.pad[0] - s.pad[1], s.input[1] - s.pad[2] - s.pad[3], channels)
    s.elements = s.kernel_c * 16
    return s


SHAPES = {"direct": direct, "image": image, "winograd": winograd}


def fitting(draw, hardware, precision, kind, limits):
    """The first shape that the buffer holds: (shape, entries of a line, banks of data, banks of weights, bytes)."""
    size = SIZE[precision]
    for attempt in range(1000):
        trial = draw.scope(str(attempt)) if attempt else draw
        before = dict(draw.chosen)
        s = SHAPES[kind](trial, hardware, precision, limits)
        if s is not None:
            entries = s.line_entries(hardware, size)
            lines = s.input[1] * s.batches
            banks = ceil_div(entries * lines, hardware.bank_entries)
            weight_bytes = ceil_div(s.elements * size * s.kernels, hardware.entry) * hardware.entry
            weight_banks = ceil_div(weight_bytes, hardware.bank_entries * hardware.entry)
            if banks + weight_banks <= hardware.cbuf_banks:
                return s, entries, banks, weight_banks, weight_bytes
        for name in set(draw.chosen) - set(before):
            del draw.chosen[name]
    raise ValueError("no shape fits with what is given")


def layer(program, draw, precision, kind="direct", pool=False, reuse=None, **limits):
    """One convolution with its SDP; `pool` puts PDP behind it. `reuse`: what an earlier layer left in the
    buffer, to be used again. Returns what the next one may use again."""
    hardware, size = program.hardware, SIZE[precision]
    if reuse:
        s, entries, banks, weight_banks, weight_bytes, weights = reuse
    else:
        s, entries, banks, weight_banks, weight_bytes = fitting(draw, hardware, precision, kind, limits)
        data = draw.data("weights", s.elements * size * s.kernels, precision).ljust(weight_bytes, b"\0")
        weights = program.load(data, program.in_cvsram(draw, "weights"))
    code, mode = CODE[precision], 1 if s.mode == "winograd" else 0
    for unit in ("CMAC_A", "CMAC_B", "CACC"):
        program.set(unit, "D_MISC_CFG", mode | code << 12)
    for unit in ("CDMA", "CSC"):
        program.set(unit, "D_MISC_CFG", mode | code << 8 | code << 12)
        if limits.get("keep_weights"):
            program.field(unit, "D_MISC_CFG", "SKIP_WEIGHT_RLS", 1)
        if reuse:
            program.field(unit, "D_MISC_CFG", "WEIGHT_REUSE", 1)
        program.set(unit, "D_DATAIN_FORMAT", 1 if s.mode == "image" else 0)
        program.set(unit, "D_BATCH_NUMBER", s.batches - 1)
        program.set(unit, "D_WEIGHT_FORMAT", 0)
        program.set(unit, "D_ENTRY_PER_SLICE", entries - 1)
        program.set(unit, "D_BANK", pair(banks, weight_banks))
        program.set(unit, "D_WEIGHT_BYTES", weight_bytes)
        program.set(unit, "D_WMB_BYTES", 0)
    fetch(program, draw, s, precision)
    program.set("CDMA", "D_WEIGHT_SIZE_0", s.elements * size - 1)
    program.set("CDMA", "D_WEIGHT_SIZE_1", s.kernels - 1)
    program.set("CDMA", "D_WEIGHT_RAM_TYPE", ram_type(weights))
    program.set("CDMA", "D_WEIGHT_ADDR_HIGH", 0)
    program.set("CDMA", "D_WEIGHT_ADDR_LOW", weights)

    program.set("CSC", "D_DATAIN_SIZE_EXT_0", pair(s.input[0], s.input[1]))
    program.set("CSC", "D_DATAIN_SIZE_EXT_1", s.input[2] - 1)
    program.set("CSC", "D_POST_Y_EXTENSION", s.y_extension)
    program.set("CSC", "D_WEIGHT_SIZE_EXT_0", pair(s.kernel_w, s.kernel_h))
    program.set("CSC", "D_WEIGHT_SIZE_EXT_1", pair(s.kernel_c, s.kernels))
    program.set("CSC", "D_ATOMICS", s.out[0] * s.out[1] - 1)
    program.set("CSC", "D_RELEASE", s.input[1] - 1)
    program.set("CSC", "D_CONV_STRIDE_EXT", pair(s.stride_x, s.stride_y))
    program.set("CSC", "D_DILATION_EXT", pair(s.dilation_x, s.dilation_y))
    program.set("CSC", "D_ZERO_PADDING", 0 if mode else s.pad[0] | s.pad[2] << 16)
    program.set("CSC", "D_ZERO_PADDING_VALUE", s.pad_value & 0xFFFF)
    program.set("CSC", "D_PRA_CFG", s.truncate)
    for unit in ("CSC", "CACC"):
        program.set(unit, "D_DATAOUT_SIZE_0", pair(*s.out))
        program.set(unit, "D_DATAOUT_SIZE_1", s.kernels - 1)
    program.set("CACC", "D_BATCH_NUMBER", s.batches - 1)
    program.set("CACC", "D_DATAOUT_ADDR", 0)
    program.set("CACC", "D_LINE_STRIDE", s.out[0] * hardware.atom)
    program.set("CACC", "D_SURF_STRIDE", s.out[0] * s.out[1] * hardware.atom)
    program.set("CACC", "D_DATAOUT_MAP", 0)
    program.set("CACC", "D_CLIP_CFG", draw.between("clip_truncate", 0, 8))

    cube = (*s.out, s.kernels)
    readers = post.sdp_behind_convolution(program, draw, precision, cube, mode, s.batches, pool)
    units, interrupts = (*readers, "SDP", *CONVOLUTION), ["CACC", "CDMA_DAT", "CDMA_WT"]
    if pool:
        post.pooling(program, draw, precision, cube)
        program.run(("PDP", *units), interrupts + ["PDP"])
    else:
        program.run(units, interrupts + ["SDP"])
    return s, entries, banks, weight_banks, weight_bytes, weights


def fetch(program, draw, s, precision):
    """CDMA's registers for the data."""
    hardware, image_mode = program.hardware, s.mode == "image"
    size, (width, height, channels) = SIZE[precision], s.fetch
    program.set("CDMA", "D_DATAIN_SIZE_0", pair(width, height))
    program.set("CDMA", "D_DATAIN_SIZE_1", channels - 1)
    program.set("CDMA", "D_DATAIN_SIZE_EXT_0", pair(s.input[0], s.input[1]))
    in_cvsram = program.in_cvsram(draw, "data")
    program.set("CDMA", "D_DAIN_RAM_TYPE", int(not in_cvsram))
    program.set("CDMA", "D_DAIN_ADDR_HIGH_0", 0)
    program.set("CDMA", "D_DAIN_ADDR_HIGH_1", 0)
    program.set("CDMA", "D_FETCH_GRAIN", 0 if s.mode == "winograd" else draw.between("fetch_grain", 0, min(2, height - 1)))
    program.set("CDMA", "D_RESERVED_X_CFG", 0)
    program.set("CDMA", "D_RESERVED_Y_CFG", 0)
    program.set("CDMA", "D_MEAN_FORMAT", 0)
    program.set("CDMA", "D_CVT_CFG", 0)
    program.set("CDMA", "D_NAN_FLUSH_TO_ZERO", 0)
    if image_mode:
        def plane(name, pixel, offset):
            line = ceil_div((width + offset) * pixel, hardware.atom) * hardware.atom
            line += hardware.atom * draw.between(f"{name}_gap", 0, 2)
            return program.load(draw.data(name, line * height, precision), in_cvsram), line

        address, line = plane("pixels", s.pixel_bytes, s.x_offset)
        address_1, line_1 = plane("pixels_1", 2 * size, s.x_offset) if s.planes == 2 else (0, 0)
        program.field("CDMA", "D_DATAIN_FORMAT", "PIXEL_FORMAT", s.format)
        program.field("CDMA", "D_DATAIN_FORMAT", "PIXEL_SIGN_OVERRIDE", int(draw.one_in("sign_override", 2)))
        program.set("CDMA", "D_PIXEL_OFFSET", s.x_offset)
        program.set("CDMA", "D_DAIN_ADDR_LOW_0", address)
        program.set("CDMA", "D_DAIN_ADDR_LOW_1", address_1)
        program.set("CDMA", "D_LINE_STRIDE", line)
        program.set("CDMA", "D_LINE_UV_STRIDE", line_1)
        program.set("CDMA", "D_SURF_STRIDE", 0)
        program.set("CDMA", "D_DAIN_MAP", 0)
        if draw.one_in("mean", 2):
            program.set("CDMA", "D_MEAN_FORMAT", 1)
            for register, name in (("D_MEAN_GLOBAL_0", "mean_01"), ("D_MEAN_GLOBAL_1", "mean_23")):
                program.set("CDMA", register, draw.between(name, 0, 0x7F) | draw.between(name + "_high", 0, 0x7F) << 16)
    else:
        cube = post.Cube(program, draw, "data", (width, height, channels), precision)
        blob = b"".join(cube.contents(draw, f"data_{batch}" if batch else "data", precision) for batch in range(s.batches))
        program.set("CDMA", "D_DAIN_ADDR_LOW_0", program.load(blob, in_cvsram))
        program.set("CDMA", "D_LINE_STRIDE", cube.line)
        program.set("CDMA", "D_SURF_STRIDE", cube.surface)
        program.set("CDMA", "D_BATCH_STRIDE", cube.bytes if s.batches > 1 else 0)
        program.set("CDMA", "D_DAIN_MAP", cube.packed)
        program.set("CDMA", "D_PIXEL_OFFSET", 0)
    if s.mode == "winograd":
        program.set("CDMA", "D_CONV_STRIDE", 0)
    else:
        program.set("CDMA", "D_CONV_STRIDE", pair(s.stride_x, s.stride_y))
    left, right, top, bottom = s.pad
    program.set("CDMA", "D_ZERO_PADDING", left | right << 8 | top << 16 | bottom << 24)
    program.set("CDMA", "D_ZERO_PADDING_VALUE", s.pad_value & 0xFFFF)
