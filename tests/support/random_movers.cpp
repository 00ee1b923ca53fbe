// SPDX-License-Identifier: Apache-2.0
// Random operations of BDMA and Rubik.
#include <algorithm>

#include "operation/divide.h"
#include "random_program.h"

namespace nvdla::test {

void RandomProgram::bdma() {
  const std::uint32_t atom = hardware_.memory_atom_bytes;
  const std::uint32_t transfers = between(1, 3), to = destination();
  for (std::uint32_t i = 0; i < transfers; ++i) {
    const std::uint32_t units = between(1, 20), lines = between(1, 6), surfaces = between(1, 4);
    const Strides in = strides(units, lines), out = strides(units, lines);
    write(Unit::kBdma, "CFG_SRC_ADDR_LOW", source());
    write(Unit::kBdma, "CFG_SRC_ADDR_HIGH", 0);
    write(Unit::kBdma, "CFG_DST_ADDR_LOW", to + i * 32768);
    write(Unit::kBdma, "CFG_DST_ADDR_HIGH", 0);
    write(Unit::kBdma, "CFG_LINE", units * atom / 32 - 1);
    write(Unit::kBdma, "CFG_CMD", 3);
    write(Unit::kBdma, "CFG_LINE_REPEAT", lines - 1);
    write(Unit::kBdma, "CFG_SRC_LINE", in.line);
    write(Unit::kBdma, "CFG_DST_LINE", out.line);
    write(Unit::kBdma, "CFG_SURF_REPEAT", surfaces - 1);
    write(Unit::kBdma, "CFG_SRC_SURF", in.surface);
    write(Unit::kBdma, "CFG_DST_SURF", out.surface);
    write(Unit::kBdma, "CFG_OP", 1);
  }
  run({Unit::kBdma}, {Interrupt::kBdma});
}

void RandomProgram::rubik() {
  const std::uint32_t size = bytes_per_element(precision_), atom = hardware_.memory_atom_bytes;
  const std::uint32_t mode = below(3);
  Cube in = {between(1, 40), between(1, 6), between(1, 3 * lanes())};
  std::uint32_t out_channels = in.channels;
  set(Unit::kRubik, "D_MISC_CFG", "RUBIK_MODE", mode);
  set(Unit::kRubik, "D_MISC_CFG", "IN_PRECISION", static_cast<std::uint32_t>(precision_));
  set(Unit::kRubik, "D_DAIN_RAM_TYPE", 1);
  set(Unit::kRubik, "D_DAOUT_RAM_TYPE", 1);
  set(Unit::kRubik, "D_DAIN_ADDR_LOW", source());
  set(Unit::kRubik, "D_DAOUT_ADDR_LOW", destination());
  // A line of single elements, in whole units of the register.
  const auto planar_line = [&] { return (ceil_div(in.width * size, 32U) + (one_in(3) ? below(3) : 0)) * 32; };
  if (mode == 0) {
    const std::uint32_t stride_x = between(1, 4), stride_y = between(1, 4);
    in.width = between(1, 10);
    out_channels = between(1, 2 * lanes());
    const std::uint32_t surfaces = ceil_div(out_channels, lanes());
    in.channels = stride_x * stride_y * surfaces * lanes();
    const Strides from = strides(in.width, in.height);
    const Strides to = strides(in.width * stride_x, in.height * stride_y);
    set(Unit::kRubik, "D_DAIN_LINE_STRIDE", from.line);
    set(Unit::kRubik, "D_DAIN_SURF_STRIDE", from.surface);
    set(Unit::kRubik, "D_DAOUT_LINE_STRIDE", to.line);
    set(Unit::kRubik, "D_DAOUT_SURF_STRIDE", to.surface);
    set(Unit::kRubik, "D_CONTRACT_STRIDE_0", surfaces * from.surface);
    set(Unit::kRubik, "D_CONTRACT_STRIDE_1", stride_y * to.line);
    set(Unit::kRubik, "D_DECONV_STRIDE", (stride_x - 1) | (stride_y - 1) << 16U);
  } else {
    const Strides cube = strides(in.width, in.height);
    const std::uint32_t line = planar_line(), plane = line * in.height + (one_in(3) ? 32 * below(4) : 0);
    const char* feature = mode == 1 ? "D_DAIN" : "D_DAOUT";
    const char* planar = mode == 1 ? "D_DAOUT" : "D_DAIN";
    set(Unit::kRubik, std::string(feature) + "_LINE_STRIDE", cube.line);
    set(Unit::kRubik, std::string(feature) + "_SURF_STRIDE", cube.surface);
    set(Unit::kRubik, std::string(planar) + "_LINE_STRIDE", line);
    set(Unit::kRubik, std::string(planar) + "_PLANAR_STRIDE", plane);
  }
  static_cast<void>(atom);
  set(Unit::kRubik, "D_DATAIN_SIZE_0", (in.width - 1) | (in.height - 1) << 16U);
  set(Unit::kRubik, "D_DATAIN_SIZE_1", in.channels - 1);
  set(Unit::kRubik, "D_DATAOUT_SIZE_1", out_channels - 1);
  run({Unit::kRubik}, {Interrupt::kRubik});
}

}  // namespace nvdla::test
