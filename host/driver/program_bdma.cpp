// SPDX-License-Identifier: Apache-2.0
// BDMA: each transfer goes into its command queue; the launch of a group starts all of them.
#include "host/driver/unit_program.h"

namespace nvdla::host {

namespace {

void check_transfer(const ProgramContext& context, const DlaBdma::Transfer& t) {
  if (t.line_repeat > 8192 || t.surface_repeat > 8192)
    context.fail("a transfer repeats more than 8192 times");
  if (t.line_size % 32 != 0)
    context.fail("line of " + std::to_string(t.line_size) + " bytes, not a multiple of 32");
  if (t.source_line < t.line_size || t.destination_line < t.line_size) {
    context.fail("a line stride is smaller than the line");
  }
  if (t.source_surface < t.source_line * t.line_repeat ||
      t.destination_surface < t.destination_line * t.line_repeat) {
    context.fail("a surface stride is smaller than the surface");
  }
}

void program_transfer(const ProgramContext& context, const DlaBdma& b, const DlaBdma::Transfer& t) {
  RegisterWindow& r = context.registers;
  std::uint32_t polls = 0;
  while (r.read_field(Unit::kBdma, "STATUS", "FREE_SLOT") == 0) {
    if (++polls == DeviceAccess::kMaxPolls) context.fail("BDMA's command queue stays full");
  }
  const std::uint64_t source = context.address(t.source, 0, "source");
  const std::uint64_t destination = context.address(t.destination, 0, "destination");
  check_transfer(context, t);

  const Unit unit = Unit::kBdma;
  r.write(unit, "CFG_SRC_ADDR_LOW", low(source));
  r.write(unit, "CFG_SRC_ADDR_HIGH", high(source));
  r.write(unit, "CFG_DST_ADDR_LOW", low(destination));
  r.write(unit, "CFG_DST_ADDR_HIGH", high(destination));
  r.write(unit, "CFG_LINE", std::int64_t{t.line_size >> 5} - 1);
  r.write(unit, "CFG_CMD",
          {{"SRC_RAM_TYPE", ram_type(b.source_type)}, {"DST_RAM_TYPE", ram_type(b.destination_type)}});
  r.write(unit, "CFG_LINE_REPEAT", std::int64_t{t.line_repeat} - 1);
  r.write(unit, "CFG_SRC_LINE", t.source_line);
  r.write(unit, "CFG_DST_LINE", t.destination_line);
  r.write(unit, "CFG_SURF_REPEAT", std::int64_t{t.surface_repeat} - 1);
  r.write(unit, "CFG_SRC_SURF", t.source_surface);
  r.write(unit, "CFG_DST_SURF", t.destination_surface);
  r.write(unit, "CFG_OP", {{"EN", 1}});
}

}  // namespace

void program_bdma(const ProgramContext& context, const DlaBdma& b) {
  if (!context.hardware.bdma) context.fail("this configuration has no BDMA");
  if (b.count == 0) return;
  if (b.count > b.transfers.size())
    context.fail(std::to_string(b.count) + " transfers, at most 20 are possible");
  context.check(b.source_type, 2, "memory type of the source");
  context.check(b.destination_type, 2, "memory type of the destination");
  for (std::size_t i = 0; i < b.count; ++i) program_transfer(context, b, b.transfers[i]);
  unmask_interrupts(context.registers, "BDMA");
}

}  // namespace nvdla::host
