# SPDX-License-Identifier: Apache-2.0
"""Operations of BDMA and Rubik (nv_full)."""

from .hardware import CODE, SIZE
from .post import Cube

ATOM = 32


def bdma(program, draw):
    for i in range(draw.between("transfers", 1, 6)):
        here = draw.scope(f"transfer{i}")
        sizes = (here.between("units", 1, 40), here.between("lines", 1, 6), 1)
        surfaces = here.between("surfaces", 1, 4)
        source, out = (Cube(program, here, name, sizes, "int8") for name in ("input", "output"))
        from_sram, to_sram = here.one_in("from_cvsram", 4), here.one_in("to_cvsram", 4)
        program.write("BDMA", "CFG_SRC_ADDR_LOW", program.load(here.data("input", source.surface * surfaces, "int8"), from_sram))
        program.write("BDMA", "CFG_SRC_ADDR_HIGH", 0)
        program.write("BDMA", "CFG_DST_ADDR_LOW", program.result(out.surface * surfaces, to_sram))
        program.write("BDMA", "CFG_DST_ADDR_HIGH", 0)
        program.write("BDMA", "CFG_LINE", sizes[0] - 1)
        program.write("BDMA", "CFG_CMD", (0 if from_sram else 1) | (0 if to_sram else 2))
        program.write("BDMA", "CFG_LINE_REPEAT", sizes[1] - 1)
        program.write("BDMA", "CFG_SRC_LINE", source.line)
        program.write("BDMA", "CFG_DST_LINE", out.line)
        program.write("BDMA", "CFG_SURF_REPEAT", surfaces - 1)
        program.write("BDMA", "CFG_SRC_SURF", source.surface)
        program.write("BDMA", "CFG_DST_SURF", out.surface)
        program.write("BDMA", "CFG_OP", 1)
    program.run(("BDMA",), ["BDMA"])


def rubik(program, draw, precision):
    size, lanes = SIZE[precision], ATOM // SIZE[precision]
    mode = draw.of("rubik_mode", ["contract", "split", "merge"])
    width, height = draw.between("width", 1, 40 if mode != "contract" else 10), draw.between("height", 1, 6)
    channels = out_channels = draw.between("channels", 1, 3 * lanes)
    program.field("RBK", "D_MISC_CFG", "RUBIK_MODE", ("contract", "split", "merge").index(mode))
    program.field("RBK", "D_MISC_CFG", "IN_PRECISION", CODE[precision])
    for register in ("D_DAIN_RAM_TYPE", "D_DAOUT_RAM_TYPE"):
        program.set("RBK", register, 1)
    for register in ("D_DAIN_ADDR_HIGH", "D_DAOUT_ADDR_HIGH"):
        program.set("RBK", register, 0)
    if mode == "contract":
        stride_x, stride_y = draw.between("stride_x", 1, 4), draw.between("stride_y", 1, 4)
        out_channels = draw.between("output_channels", 1, 2 * lanes)
        surfaces = -(-out_channels // lanes)
        channels = stride_x * stride_y * surfaces * lanes
        source = Cube(program, draw, "input", (width, height, channels), precision)
        out = Cube(program, draw, "output", (width * stride_x, height * stride_y, out_channels), precision)
        loaded, written = source.bytes, out.bytes
        program.set("RBK", "D_CONTRACT_STRIDE_0", surfaces * source.surface)
        program.set("RBK", "D_CONTRACT_STRIDE_1", stride_y * out.line)
        program.set("RBK", "D_DECONV_STRIDE", stride_x - 1 | stride_y - 1 << 16)
        program.set("RBK", "D_DAIN_LINE_STRIDE", source.line)
        program.set("RBK", "D_DAIN_SURF_STRIDE", source.surface)
        program.set("RBK", "D_DAOUT_LINE_STRIDE", out.line)
        program.set("RBK", "D_DAOUT_SURF_STRIDE", out.surface)
    else:
        cube = Cube(program, draw, "cube", (width, height, channels), precision)
        line = (-(-width * size // 32) + draw.between("planar_gap", 0, 2)) * 32
        plane = line * height + 32 * draw.between("plane_gap", 0, 3)
        feature, planar = ("D_DAIN", "D_DAOUT") if mode == "split" else ("D_DAOUT", "D_DAIN")
        program.set("RBK", f"{feature}_LINE_STRIDE", cube.line)
        program.set("RBK", f"{feature}_SURF_STRIDE", cube.surface)
        program.set("RBK", f"{planar}_LINE_STRIDE", line)
        program.set("RBK", f"{planar}_PLANAR_STRIDE", plane)
        loaded, written = cube.bytes, plane * channels
        if mode == "merge":
            loaded, written = written, loaded
    program.set("RBK", "D_DAIN_ADDR_LOW", program.load(draw.data("input", loaded, precision)))
    program.set("RBK", "D_DAOUT_ADDR_LOW", program.result(written))
    program.set("RBK", "D_DATAIN_SIZE_0", width - 1 | height - 1 << 16)
    program.set("RBK", "D_DATAIN_SIZE_1", channels - 1)
    program.set("RBK", "D_DATAOUT_SIZE_1", out_channels - 1)
    program.run(("RBK",), ["RBK"])
