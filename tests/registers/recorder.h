// SPDX-License-Identifier: Apache-2.0
// What a register file asked of the hardware.
#ifndef NVDLA_TESTS_REGISTERS_RECORDER_H_
#define NVDLA_TESTS_REGISTERS_RECORDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "registers/register_file.h"

namespace nvdla::registers {

struct Recorder : RegisterListener {
  void on_enable(Unit unit, std::uint32_t group, Cycle /*entered*/) override {
    events.push_back("enable " + std::string(unit_name(unit)) + " " + std::to_string(group));
  }
  void on_bdma_queued() override { events.emplace_back("queued"); }
  void on_written(Unit unit, std::uint32_t offset, std::uint32_t value) override {
    written_unit = unit;
    written_offset = offset;
    written_value = value;
  }
  std::vector<std::string> events;
  Unit written_unit = Unit::kGlb;
  std::uint32_t written_offset = 0, written_value = 0;
};

}  // namespace nvdla::registers

#endif  // NVDLA_TESTS_REGISTERS_RECORDER_H_
