# SPDX-License-Identifier: Apache-2.0
"""Operations of SDP, PDP and CDP, from memory or behind a convolution."""

import struct

from .hardware import CODE, SIZE
from .program import ram_type

OPERAND_UNITS = {"BS": "BRDMA", "BN": "NRDMA", "EW": "ERDMA"}


def fp32(value):
    return struct.unpack("<I", struct.pack("<f", value))[0]


def fp17(value):
    """1 sign, 6 exponent, 10 fraction bits; cut, not rounded."""
    bits = fp32(value)
    exponent = (bits >> 23 & 0xFF) - 127 + 31
    return 0 if exponent <= 0 else (bits >> 31) << 16 | exponent << 10 | bits >> 13 & 0x3FF


def fp16(value):
    return struct.unpack("<H", struct.pack("<e", value))[0]


class Cube:
    """Strides of a cube in memory, sometimes with room between lines and surfaces; multiples of `unit` atoms."""

    def __init__(self, program, draw, name, sizes, precision, units=1, unit=1):
        atom = program.hardware.atom
        width, height, channels = sizes
        self.line = width * units * atom
        gap = draw.one_in(f"{name}_unpacked", 4) and width * height > 1
        if gap:
            self.line += atom * draw.between(f"{name}_line_gap", 0, 3)
        self.line += -self.line % (unit * atom)
        self.surface = self.line * height
        if gap:
            self.surface += atom * draw.between(f"{name}_surface_gap", 0, 4)
            self.surface += -self.surface % (unit * atom)
        lanes = atom // SIZE[precision]
        self.surfaces = -(-channels // lanes)
        self.bytes = self.surface * self.surfaces
        packed_line = self.line == width * units * atom
        self.packed = int(packed_line) | int(self.surface == self.line * height) << 16

    def contents(self, draw, name, precision):
        return draw.data(name, self.bytes, precision)


def set_cube(program, unit, cube):
    for register, size in zip(("WIDTH", "HEIGHT", "CHANNEL"), cube):
        program.set(unit, f"D_DATA_CUBE_{register}", size - 1)


def address(program, unit, register, value):
    program.set(unit, f"{register}_LOW", value)
    program.set(unit, f"{register}_HIGH", 0)


def stage(program, draw, precision, cube, name):
    """X1 (BS), X2 (BN) or Y (EW). True: it reads operands from memory."""
    y, reader, is_float = name == "EW", OPERAND_UNITS[name], precision == "fp16"
    draw = draw.scope(name.lower())

    def put(part, field, value):
        program.field("SDP", f"D_DP_{name}_{part}", f"{name}_{field}", int(value))

    put("CFG", "BYPASS", 1)
    program.field("SDP_RDMA", f"D_{reader}_CFG", f"{reader}_DISABLE", 1)
    if draw.one_in("off", 3):
        return False
    alu, mul = not draw.one_in("no_alu", 4), not draw.one_in("no_mul", 4)
    alu_memory, mul_memory = alu and draw.one_in("alu_memory", 2), mul and draw.one_in("mul_memory", 2)
    put("CFG", "BYPASS", 0)
    put("CFG", "ALU_BYPASS", not alu)
    put("CFG", "MUL_BYPASS", not mul)
    put("CFG", "ALU_ALGO", draw.between("alu_algorithm", 0, 2))
    put("CFG", "MUL_PRELU", mul and draw.one_in("prelu", 3))
    put("ALU_CFG", "ALU_SRC", alu_memory)
    put("MUL_CFG", "MUL_SRC", mul_memory)

    def operand(key):
        value = draw.between(key, -200, 200)
        if is_float:
            return (fp32 if y else fp16)(value / 64)
        return value & (0xFFFFFFFF if y else 0xFFFF)

    put("ALU_SRC_VALUE", "ALU_OPERAND", operand("alu_operand"))
    put("MUL_SRC_VALUE", "MUL_OPERAND", operand("mul_operand"))
    if y:
        put("CFG", "LUT_BYPASS", 1)
        program.set("SDP", "D_DP_EW_TRUNCATE_VALUE", draw.between("truncate", 0, 12) if mul else 0)
        for part in ("ALU", "MUL"):
            put(f"{part}_CFG", f"{part}_CVT_BYPASS", is_float or draw.one_in(f"{part.lower()}_plain", 2))
            program.set("SDP", f"D_DP_EW_{part}_CVT_OFFSET_VALUE", draw.between(f"{part.lower()}_offset", 0, 30))
            program.set("SDP", f"D_DP_EW_{part}_CVT_SCALE_VALUE", draw.between(f"{part.lower()}_scale", 1, 100))
            program.set("SDP", f"D_DP_EW_{part}_CVT_TRUNCATE_VALUE", draw.between(f"{part.lower()}_truncate", 0, 8))
    else:
        put("CFG", "RELU_BYPASS", draw.one_in("no_relu", 2))
        put("ALU_CFG", "ALU_SHIFT_VALUE", draw.between("alu_shift", 0, 8))
        put("MUL_CFG", "MUL_SHIFT_VALUE", draw.between("mul_shift", 0, 10))
    if not alu_memory and not mul_memory:
        return False
    both, per_element = alu_memory and mul_memory, draw.one_in("per_element", 2)
    two_bytes = precision != "int8" or draw.one_in("two_bytes", 2)
    units = (2 if both else 1) * (2 if precision == "int8" and two_bytes else 1)
    width, height, channels = cube
    sizes = (width, height, channels) if per_element else (1, 1, channels)
    where = Cube(program, draw, "operands", sizes, precision, units)
    operands = program.load(where.contents(draw, "operands", precision), program.in_cvsram(draw, "operands"))
    fields = (("DISABLE", 0), ("DATA_USE", 2 if both else 1 if alu_memory else 0), ("DATA_SIZE", int(two_bytes)),
              ("DATA_MODE", int(per_element)), ("RAM_TYPE", ram_type(operands)))
    for field, value in fields:
        program.field("SDP_RDMA", f"D_{reader}_CFG", f"{reader}_{field}", value)
    address(program, "SDP_RDMA", f"D_{name}_BASE_ADDR", operands)
    program.set("SDP_RDMA", f"D_{name}_LINE_STRIDE", where.line)
    program.set("SDP_RDMA", f"D_{name}_SURFACE_STRIDE", where.surface)
    return True


def stages(program, draw, precision, cube, names=("BS", "BN", "EW")):
    names = names if program.hardware.y_unit else ("BS", "BN")
    return any([stage(program, draw, precision, cube, name) for name in names])


def table_stage(program, draw, precision):
    """Y does nothing but look its tables up."""
    draw = draw.scope("ew")
    tables(program, draw, precision == "fp16", "SDP")
    for part in ("ALU", "MUL"):
        program.field("SDP", "D_DP_EW_CFG", f"EW_{part}_BYPASS", 1)
    program.field("SDP_RDMA", "D_ERDMA_CFG", "ERDMA_DISABLE", 1)


def sdp_output(program, draw, precision, cube, written, batches=1, to_memory=True):
    set_cube(program, "SDP", cube)
    program.field("SDP", "D_DATA_FORMAT", "PROC_PRECISION", CODE[precision])
    program.field("SDP", "D_DATA_FORMAT", "OUT_PRECISION", CODE[written])
    program.set("SDP", "D_CVT_OFFSET", 0 if precision == "fp16" else draw.between("output_offset", 0, 20))
    program.set("SDP", "D_CVT_SCALE", draw.between("output_scale", 1, 4))
    program.set("SDP", "D_CVT_SHIFT", 0 if precision == "fp16" else draw.between("output_shift", 0, 8))
    if batches > 1:
        program.field("SDP", "D_FEATURE_MODE_CFG", "BATCH_NUMBER", batches - 1)
    if to_memory:
        # Of several batches SDP writes pairs of columns.
        out = Cube(program, draw, "output", cube, written, unit=2 if batches > 1 else 1)
        where = program.result(out.bytes * batches, program.in_cvsram(draw, "output"))
        address(program, "SDP", "D_DST_BASE_ADDR", where)
        program.set("SDP", "D_DST_DMA_CFG", ram_type(where))
        program.set("SDP", "D_DST_LINE_STRIDE", out.line)
        program.set("SDP", "D_DST_SURFACE_STRIDE", out.surface)
        program.set("SDP", "D_DST_BATCH_STRIDE", out.bytes if batches > 1 else 0)
    else:
        program.field("SDP", "D_FEATURE_MODE_CFG", "OUTPUT_DST", 1)
        address(program, "SDP", "D_DST_BASE_ADDR", 0)
        program.set("SDP", "D_DST_DMA_CFG", 1)


def sdp_behind_convolution(program, draw, precision, cube, winograd, batches, pool):
    """Returns ("SDP_RDMA",) if operands come from memory, else ()."""
    for name in OPERAND_UNITS:
        program.set("SDP", f"D_DP_{name}_CFG", 1)
        program.set("SDP_RDMA", f"D_{OPERAND_UNITS[name]}_CFG", 1)
    reads = batches == 1 and draw.one_in("operands", 2) and stages(program, draw, precision, cube)
    program.field("SDP", "D_FEATURE_MODE_CFG", "FLYING_MODE", 1)
    program.field("SDP", "D_FEATURE_MODE_CFG", "WINOGRAD", winograd)
    sdp_output(program, draw, precision, cube, precision, batches, to_memory=not pool)
    if not reads:
        return ()
    set_cube(program, "SDP_RDMA", cube)
    code = CODE[precision]
    program.set("SDP_RDMA", "D_FEATURE_MODE_CFG", 1 | winograd << 1 | code << 2 | code << 4 | code << 6)
    return ("SDP_RDMA",)


def sdp(program, draw, precision, pool=False, lut=False):
    """SDP from memory; `pool` puts PDP behind it, `lut` a look-up into Y."""
    cube = (draw.between("width", 1, 30), draw.between("height", 1, 12), draw.between("channels", 1, 40))
    code = CODE[precision]
    if lut:
        stages(program, draw, precision, cube, ("BS", "BN"))
        table_stage(program, draw, precision)
    else:
        stages(program, draw, precision, cube)
    sdp_output(program, draw, precision, cube, precision, to_memory=not pool)
    set_cube(program, "SDP_RDMA", cube)
    source = Cube(program, draw, "input", cube, precision)
    where = program.load(source.contents(draw, "input", precision), program.in_cvsram(draw, "input"))
    address(program, "SDP_RDMA", "D_SRC_BASE_ADDR", where)
    program.set("SDP_RDMA", "D_SRC_LINE_STRIDE", source.line)
    program.set("SDP_RDMA", "D_SRC_SURFACE_STRIDE", source.surface)
    program.set("SDP_RDMA", "D_SRC_DMA_CFG", ram_type(where))
    program.set("SDP_RDMA", "D_FEATURE_MODE_CFG", code << 2 | code << 4 | code << 6)
    program.set("SDP", "D_FEATURE_MODE_CFG", 0)
    if not pool:
        program.run(("SDP_RDMA", "SDP"), ["SDP"])
        return
    program.field("SDP", "D_FEATURE_MODE_CFG", "OUTPUT_DST", 1)
    pooling(program, draw, precision, cube)
    program.run(("PDP", "SDP_RDMA", "SDP"), ["PDP"])


def columns(kernel, stride):
    """Output columns that PDP's line buffer holds: eight buffers of 16, shared by the lines in progress."""
    lines = -(-kernel // stride)
    return 16 * (8 if lines == 1 else 4 if lines == 2 else 2 if lines <= 4 else 1)


def pooling(program, draw, precision, cube=None, split=False):
    """PDP from memory, or on the fly behind an SDP whose output is `cube`."""
    draw = draw.scope("pool") if cube else draw
    is_float, flying = precision == "fp16", cube is not None
    readers = () if flying else ("PDP_RDMA",)
    if flying:
        width, height, channels = cube
        kernel_x, kernel_y = draw.between("kernel_width", 1, min(4, width)), draw.between("kernel_height", 1, min(4, height))
        stride_x, stride_y = draw.between("stride_x", 1, kernel_x), draw.between("stride_y", 1, kernel_y)
        left, top = draw.between("pad_left", 0, kernel_x - 1), draw.between("pad_top", 0, kernel_y - 1)

        def outputs(size, before, kernel, stride):
            """Whole windows, and the padding behind that the last one needs."""
            count = -(-max(0, size + before - kernel) // stride) + 1
            after = (count - 1) * stride + kernel - size - before
            if after > kernel - 1:
                count, after = count - 1, after - stride
            return count, max(0, after)

        (out_x, right), (out_y, bottom) = outputs(width, left, kernel_x, stride_x), outputs(height, top, kernel_y, stride_y)
    else:
        channels = draw.between("channels", 1, 24)
        kernel_x, kernel_y = draw.between("kernel_width", 1, 7 if is_float else 8), draw.between("kernel_height", 1, 8)
        stride_x = draw.between("stride_x", 1, kernel_x)
        stride_y = draw.between("stride_y", 1, kernel_y)
        left, top = draw.between("pad_left", 0, kernel_x - 1), draw.between("pad_top", 0, kernel_y - 1)
        most = max(4, min(24, columns(kernel_y, stride_y), 48 // stride_x))
        out_x = draw.between("output_width", 4 if split else 1, most)
        out_y = draw.between("output_height", 1, max(2, min(10, 24 // stride_y)))

        def covered(name, count, stride, kernel, before):
            whole = (count - 1) * stride + kernel
            after = 0 if count == 1 else draw.between(name, 0, min(kernel, 8, whole - before) - 1)
            return whole - before - after, after

        width, right = covered("pad_right", out_x, stride_x, kernel_x, left)
        height, bottom = covered("pad_bottom", out_y, stride_y, kernel_y, top)
    for unit in (*readers, "PDP"):
        for register, size in (("WIDTH", width), ("HEIGHT", height), ("CHANNEL", channels)):
            program.set(unit, f"D_DATA_CUBE_IN_{register}", size - 1)
        program.set(unit, "D_DATA_FORMAT", CODE[precision])
        program.set(unit, "D_OPERATION_MODE_CFG", 0)
        program.set(unit, "D_PARTIAL_WIDTH_IN", 0)
    program.set("PDP", "D_PARTIAL_WIDTH_OUT", 0)
    if split:
        parts = draw.between("parts", 2, 3)
        middle = 1 if parts == 3 else 0
        first_out = draw.between("first_output_width", max(1, -(-left // stride_x)), max(1, -(-left // stride_x), out_x // parts))
        first_in, middle_in = (first_out - 1) * stride_x + kernel_x - left, middle * stride_x

        def widths(first, mid, last):
            return first - 1 | last - 1 << 10 | (mid - 1 << 20 if mid else 0)

        last_in, last_out = width - first_in - middle_in, out_x - first_out - middle
        if last_in < 1 or last_out < 1 or first_in < kernel_x - stride_x:
            raise ValueError("the width cannot be split so")
        for unit in (*readers, "PDP"):
            program.field(unit, "D_OPERATION_MODE_CFG", "SPLIT_NUM", parts - 1)
            program.set(unit, "D_PARTIAL_WIDTH_IN", widths(first_in, middle_in, last_in))
        program.set("PDP", "D_PARTIAL_WIDTH_OUT", widths(first_out, middle, last_out))
    for register, size in (("WIDTH", out_x), ("HEIGHT", out_y), ("CHANNEL", channels)):
        program.set("PDP", f"D_DATA_CUBE_OUT_{register}", size - 1)
    program.field("PDP", "D_OPERATION_MODE_CFG", "POOLING_METHOD", draw.between("method", 0, 2))
    program.field("PDP", "D_OPERATION_MODE_CFG", "FLYING_MODE", 0 if flying else 1)
    program.set("PDP", "D_POOLING_KERNEL_CFG", kernel_x - 1 | kernel_y - 1 << 8 | stride_x - 1 << 16 | stride_y - 1 << 20)
    program.set("PDP", "D_POOLING_PADDING_CFG", left | top << 4 | right << 8 | bottom << 12)
    for register, kernel in (("WIDTH", kernel_x), ("HEIGHT", kernel_y)):
        value = fp17(1 / kernel) if is_float else (65536 + kernel // 2) // kernel
        program.set("PDP", f"D_RECIP_KERNEL_{register}", value)
    pad = draw.between("pad_value", -16, 16)
    for i in range(1, 8):
        value = fp17(pad * i / 16) if is_float else pad * i & 0x7FFFF
        program.set("PDP", f"D_POOLING_PADDING_VALUE_{i}_CFG", value)
    program.set("PDP", "D_NAN_FLUSH_TO_ZERO", 0)
    out = Cube(program, draw, "output", (out_x, out_y, channels), precision)
    where = program.result(out.bytes, program.in_cvsram(draw, "output"))
    address(program, "PDP", "D_DST_BASE_ADDR", where)
    program.set("PDP", "D_DST_LINE_STRIDE", out.line)
    program.set("PDP", "D_DST_SURFACE_STRIDE", out.surface)
    program.set("PDP", "D_DST_RAM_CFG", ram_type(where))
    if flying:
        address(program, "PDP", "D_SRC_BASE_ADDR", 0)
        return
    source = Cube(program, draw, "input", (width, height, channels), precision)
    where = program.load(source.contents(draw, "input", precision), program.in_cvsram(draw, "input"))
    for unit in ("PDP_RDMA", "PDP"):
        address(program, unit, "D_SRC_BASE_ADDR", where)
        program.set(unit, "D_SRC_LINE_STRIDE", source.line)
        program.set(unit, "D_SRC_SURFACE_STRIDE", source.surface)
    program.set("PDP_RDMA", "D_FLYING_MODE", 1)
    program.set("PDP_RDMA", "D_SRC_RAM_CFG", ram_type(where))
    program.set("PDP_RDMA", "D_POOLING_KERNEL_CFG", kernel_x - 1 | stride_x - 1 << 4)
    program.set("PDP_RDMA", "D_POOLING_PADDING_CFG", left)
    program.run(("PDP_RDMA", "PDP"), ["PDP"])


def tables(program, draw, is_float, unit):
    """Look-up tables of CDP or of SDP's Y: a wave, written through the access port."""
    for table, entries in ((0, 65), (1, 257)):
        program.write(unit, "S_LUT_ACCESS_CFG", 1 << 17 | table << 16)
        for i in range(entries):
            wave = (i * 37 % 128 - 64) / 64
            program.write(unit, "S_LUT_ACCESS_DATA", fp16(wave * 4) if is_float else int(wave * 30000) & 0xFFFF)
    program.write(unit, "S_LUT_CFG", 1 | draw.between("lut_priorities", 0, 7) << 4)
    select = draw.between("lut_select", 0, 6)
    program.write(unit, "S_LUT_INFO", select << 8 | select << 16)
    for table, entries in (("LE", 64), ("LO", 256)):
        end = float(entries << select) if is_float else entries << select
        for name, value in (("START", 0), ("END", end)):
            value = fp32(value) if is_float else value
            if unit == "CDP":
                program.write(unit, f"S_LUT_{table}_{name}_LOW", value)
                program.write(unit, f"S_LUT_{table}_{name}_HIGH", 0)
            else:
                program.write(unit, f"S_LUT_{table}_{name}", value)
        program.write(unit, f"S_LUT_{table}_SLOPE_SCALE", 0x3C003C00 if is_float else 0x00010001)
        program.write(unit, f"S_LUT_{table}_SLOPE_SHIFT", 0)


def cdp(program, draw, precision, with_tables=True):
    cube = (draw.between("width", 1, 24), draw.between("height", 1, 8), draw.between("channels", 1, 40))
    if with_tables:
        tables(program, draw, precision == "fp16", "CDP")
    set_cube(program, "CDP_RDMA", cube)
    for unit in ("CDP_RDMA", "CDP"):
        program.set(unit, "D_DATA_FORMAT", CODE[precision])
    program.set("CDP", "D_LRN_CFG", draw.between("window", 0, 3))
    program.set("CDP", "D_FUNC_BYPASS", draw.between("bypass", 0, 3) if draw.one_in("bypasses", 3) else 0)
    program.set("CDP", "D_NAN_FLUSH_TO_ZERO", 0)
    for register, value in (("DATIN_OFFSET", 0), ("DATIN_SCALE", 1), ("DATIN_SHIFTER", 0), ("DATOUT_OFFSET", 0),
                            ("DATOUT_SCALE", 1), ("DATOUT_SHIFTER", 0 if precision == "fp16" else draw.between("output_shift", 0, 16))):
        program.set("CDP", f"D_{register}", value)
    source, out = (Cube(program, draw, name, cube, precision) for name in ("input", "output"))
    read = program.load(source.contents(draw, "input", precision), program.in_cvsram(draw, "input"))
    written = program.result(out.bytes, program.in_cvsram(draw, "output"))
    for unit, name, layout, where in (("CDP_RDMA", "SRC", source, read), ("CDP", "DST", out, written)):
        address(program, unit, f"D_{name}_BASE_ADDR", where)
        program.set(unit, f"D_{name}_LINE_STRIDE", layout.line)
        program.set(unit, f"D_{name}_SURFACE_STRIDE", layout.surface)
        program.set(unit, f"D_{name}_DMA_CFG", ram_type(where))
    program.run(("CDP_RDMA", "CDP"), ["CDP"])
