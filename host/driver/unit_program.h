// SPDX-License-Identifier: Apache-2.0
// Programs one operation of a DLA task into the registers of its unit: the writes, and their order, of the
// firmware of nvdla/sw (kmd/firmware: bdma.c, conv.c, sdp.c, pdp.c, cdp.c, rubik.c, common.c). The producer
// pointers have been set before. All throw DriverError for what the firmware refuses.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hardware/parameters.h"
#include "host/driver/register_window.h"
#include "host/loadable/dla_task.h"

namespace nvdla::host {

// Where the entries of a task's address list are for the accelerator.
struct DeviceAddress {
  MemorySpace space = MemorySpace::kDbb;
  std::uint64_t address = 0;
  std::uint64_t size = 0;  // bytes from there
};

struct ProgramContext {
  RegisterWindow& registers;
  const HardwareParameters& hardware;
  const std::vector<DeviceAddress>& addresses;
  const DlaTask& task;
  const DlaOperation& operation;
  std::uint32_t group = 0;
  bool needs_rdma = false;

  [[noreturn]] void fail(const std::string& what) const;
  // Address of a cube; `what` names it.
  [[nodiscard]] std::uint64_t address(const DlaCube& cube, const std::string& what) const;
  [[nodiscard]] std::uint64_t address(std::int16_t index, std::uint32_t offset,
                                      const std::string& what) const;
  // As the firmware reads an operation's main input: no address on the fly.
  [[nodiscard]] std::uint64_t input_address(const DlaCube& cube) const;
  // Table of the operation; -1 has none.
  [[nodiscard]] const DlaLut* lut(std::int16_t index) const;
  // An index into one of the interface's small tables.
  void check(std::uint32_t value, std::uint32_t limit, const std::string& what) const;
};

// The unit's own memory reader takes part (has a group of its own).
[[nodiscard]] bool needs_rdma(const DlaOperation& operation);

void program_operation(const ProgramContext& context);

void program_bdma(const ProgramContext& context, const DlaBdma& bdma);
void program_convolution(const ProgramContext& context, const DlaConvolution& convolution);
void program_sdp(const ProgramContext& context, const DlaSdp& sdp);
void program_pdp(const ProgramContext& context, const DlaPdp& pdp);
void program_cdp(const ProgramContext& context, const DlaCdp& cdp);
void program_rubik(const ProgramContext& context, const DlaRubik& rubik);

// Tables of SDP (Unit::kSdp) or CDP (Unit::kCdp).
void program_lut(RegisterWindow& registers, Unit unit, const DlaLut& lut, bool fp16);
// Unmasks the completion interrupts of both groups; `name` as in GLB.S_INTR_MASK: "SDP".
void unmask_interrupts(RegisterWindow& registers, const std::string& name);

[[nodiscard]] constexpr std::uint32_t low(std::uint64_t address) {
  return static_cast<std::uint32_t>(address);
}
[[nodiscard]] constexpr std::uint32_t high(std::uint64_t address) {
  return static_cast<std::uint32_t>(address >> 32);
}
// RAM_TYPE of the registers: 1 main memory, 0 CVSRAM.
[[nodiscard]] constexpr std::uint32_t ram_type(std::uint16_t cube_type) {
  return cube_type == kDlaMainMemory ? 1 : 0;
}

}  // namespace nvdla::host
