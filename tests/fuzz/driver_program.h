// SPDX-License-Identifier: Apache-2.0
// A random program of a driver: small legal operations of every unit, programmed and enabled as the firmware
// does it (consumers before producers, each unit's groups in turn, a group again when its operation is done),
// with pauses and resets in between. Same seed, same program.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hardware/parameters.h"
#include "hardware/units.h"

namespace nvdla::fuzz {

struct RegisterWrite {
  std::uint32_t offset = 0;
  std::uint32_t value = 0;
};

struct Step {
  enum class Kind : std::uint8_t { kOperation, kPause, kReset };
  Kind kind = Kind::kPause;
  std::string text;  // what it is, for messages
  std::vector<RegisterWrite> writes;
  std::uint32_t wait_before = 0;  // bits of GLB_S_INTR_STATUS that must have been seen since they were last
                                  // awaited: the operation that had the groups before
  std::uint32_t raises = 0;       // by the operation's end
  Cycle pause = 0;                // kPause; before the reset of kReset
};

struct DriverProgram {
  std::string configuration;
  std::vector<Step> steps;
  std::uint32_t operations = 0;
  bool has_reset = false;
};

// The steps, one a line.
[[nodiscard]] std::string text_of(const DriverProgram& program);

[[nodiscard]] DriverProgram random_program(std::uint64_t seed);

}  // namespace nvdla::fuzz
