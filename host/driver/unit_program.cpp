// SPDX-License-Identifier: Apache-2.0
#include "host/driver/unit_program.h"

#include "host/driver/driver_error.h"

namespace nvdla::host {

void ProgramContext::fail(const std::string& what) const {
  throw DriverError(task.operation_place(operation.index) + " (" +
                    std::string(engine_name(kDlaEngines[operation.unit])) + "): " + what);
}

std::uint64_t ProgramContext::address(std::int16_t index, std::uint32_t offset,
                                      const std::string& what) const {
  if (index < 0 || static_cast<std::size_t>(index) >= addresses.size()) {
    fail(what + ": address " + std::to_string(index) + ", but the task has " +
         std::to_string(addresses.size()));
  }
  const DeviceAddress& base = addresses[static_cast<std::size_t>(index)];
  if (offset > base.size) {
    fail(what + ": offset " + std::to_string(offset) + " exceeds the " + std::to_string(base.size) +
         " bytes of address " + std::to_string(index));
  }
  return base.address + offset;
}

std::uint64_t ProgramContext::address(const DlaCube& cube, const std::string& what) const {
  return address(cube.address, cube.offset, what);
}

std::uint64_t ProgramContext::input_address(const DlaCube& cube) const {
  return cube.type == kDlaHardware ? 0 : address(cube, "source");
}

const DlaLut* ProgramContext::lut(std::int16_t index) const {
  if (index < 0) return nullptr;
  if (static_cast<std::size_t>(index) >= task.luts.size()) {
    fail("look-up table " + std::to_string(index) + ", but the task has " + std::to_string(task.luts.size()));
  }
  return &task.luts[static_cast<std::size_t>(index)];
}

void ProgramContext::check(std::uint32_t value, std::uint32_t limit, const std::string& what) const {
  if (value >= limit)
    fail(what + " is " + std::to_string(value) + ", must be below " + std::to_string(limit));
}

namespace {

bool reads_operand(const DlaSdpStage& stage) { return stage.enable != 0 && stage.mode != 0; }

}  // namespace

bool needs_rdma(const DlaOperation& operation) {
  switch (operation.unit) {
    case kDlaSdp: {
      const auto& sdp = std::get<DlaSdp>(operation.work);
      return sdp.source.type != kDlaHardware || reads_operand(sdp.x1) || reads_operand(sdp.x2) ||
             reads_operand(sdp.y);
    }
    case kDlaPdp:
      return std::get<DlaPdp>(operation.work).source.type != kDlaHardware;
    case kDlaCdp:
      return true;
    default:
      return false;
  }
}

void program_operation(const ProgramContext& context) {
  switch (context.operation.unit) {
    case kDlaBdma:
      program_bdma(context, std::get<DlaBdma>(context.operation.work));
      break;
    case kDlaConv:
      program_convolution(context, std::get<DlaConvolution>(context.operation.work));
      break;
    case kDlaSdp:
      program_sdp(context, std::get<DlaSdp>(context.operation.work));
      break;
    case kDlaPdp:
      program_pdp(context, std::get<DlaPdp>(context.operation.work));
      break;
    case kDlaCdp:
      program_cdp(context, std::get<DlaCdp>(context.operation.work));
      break;
    default:
      program_rubik(context, std::get<DlaRubik>(context.operation.work));
      break;
  }
}

void unmask_interrupts(RegisterWindow& registers, const std::string& name) {
  const std::uint32_t bits = registers.mask(Unit::kGlb, "S_INTR_MASK", name + "_DONE_MASK0") |
                             registers.mask(Unit::kGlb, "S_INTR_MASK", name + "_DONE_MASK1");
  const std::uint32_t mask = registers.read(Unit::kGlb, "S_INTR_MASK");
  registers.write(Unit::kGlb, "S_INTR_MASK", mask & ~bits);
}

void program_lut(RegisterWindow& registers, Unit unit, const DlaLut& lut, bool fp16) {
  registers.write(unit, "S_LUT_ACCESS_CFG", {{"LUT_TABLE_ID", 0}, {"LUT_ACCESS_TYPE", 1}});
  for (const std::int16_t value : lut.exponent_table) registers.write(unit, "S_LUT_ACCESS_DATA", value);
  registers.write(unit, "S_LUT_ACCESS_CFG", {{"LUT_TABLE_ID", 1}, {"LUT_ACCESS_TYPE", 1}});
  for (const std::int16_t value : lut.linear_table) registers.write(unit, "S_LUT_ACCESS_DATA", value);

  registers.write(unit, "S_LUT_CFG",
                  {{"LUT_LE_FUNCTION", lut.method},
                   {"LUT_HYBRID_PRIORITY", lut.hybrid_priority},
                   {"LUT_UFLOW_PRIORITY", lut.underflow_priority},
                   {"LUT_OFLOW_PRIORITY", lut.overflow_priority}});
  const bool exponent = lut.method == 0;
  registers.write(unit, "S_LUT_INFO",
                  {{exponent ? "LUT_LE_INDEX_OFFSET" : "LUT_LE_INDEX_SELECT", lut.exponent_offset, true},
                   {"LUT_LO_INDEX_SELECT", lut.linear_offset, true}});

  // CDP compares 38 bits, SDP 32.
  const auto bound = [&](const std::string& name, std::uint64_t value) {
    if (unit == Unit::kSdp) {
      registers.write(unit, name, low(value));
    } else {
      registers.write(unit, name + "_LOW", low(value));
      registers.write(unit, name + "_HIGH", high(value));
    }
  };
  bound("S_LUT_LE_START", lut.exponent_start);
  bound("S_LUT_LE_END", lut.exponent_end);
  bound("S_LUT_LO_START", lut.linear_start);
  bound("S_LUT_LO_END", lut.linear_end);

  const auto slopes = [&](const std::string& table, const DlaLut::Slope& under, const DlaLut::Slope& over) {
    registers.write(unit, "S_LUT_" + table + "_SLOPE_SCALE",
                    {{"LUT_" + table + "_SLOPE_UFLOW_SCALE", under.scale, true},
                     {"LUT_" + table + "_SLOPE_OFLOW_SCALE", over.scale, true}});
    if (fp16) return;
    registers.write(unit, "S_LUT_" + table + "_SLOPE_SHIFT",
                    {{"LUT_" + table + "_SLOPE_UFLOW_SHIFT", under.shift, true},
                     {"LUT_" + table + "_SLOPE_OFLOW_SHIFT", over.shift, true}});
  };
  slopes("LE", lut.exponent_underflow, lut.exponent_overflow);
  slopes("LO", lut.linear_underflow, lut.linear_overflow);
}

}  // namespace nvdla::host
