// SPDX-License-Identifier: Apache-2.0
// What a simulator would dump of NVDLA's ports while the model plays a program: register accesses with the
// times of the CSB, the interrupt line, every burst's address handshake, every operation's last write
// acknowledge, and, if asked for, the done registers. Written as VCD.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/events.h"
#include "host/program.h"
#include "host/replay.h"

namespace nvdla::test {

struct PortWaveform {
  struct Change {
    std::string pin;
    std::uint64_t value = 0;
  };
  // What changes in the cycle before its closing edge, in order.
  std::map<Cycle, std::vector<Change>> changes;
  Cycle end = 0;

  // What the model did: the truth that an import is held against.
  std::vector<engine::OperationRecord> operations;
  std::vector<std::pair<OperationId, Cycle>> enables;
  std::vector<host::DmaBurst> bursts;
};

// Pins of the done registers too: `done`. Cycles are those of the replay.
[[nodiscard]] PortWaveform play_ports(const host::Program& program, const host::ReplayOptions& options,
                                      bool done);

struct VcdStyle {
  std::vector<std::string> scopes{"bench", "dut"};
  bool bits = false;                           // vectors bit by bit
  std::map<std::string, std::string> renamed;  // pins with other names
  std::vector<std::string> left_out;           // pins that are not dumped
  Cycle before = 5000;                         // cycles of reset and silence before cycle 0
};
// Half a period is 5 units of time; signals change with the rising edge, as registers do.
[[nodiscard]] std::string as_vcd(const PortWaveform& waveform, const VcdStyle& style);

// Width of a pin in bits, of the bus width of nv_small where it depends on it.
[[nodiscard]] std::uint32_t pin_width(const std::string& pin);
[[nodiscard]] std::vector<std::string> dumped_pins(const PortWaveform& waveform);

}  // namespace nvdla::test
