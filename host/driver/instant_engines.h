// SPDX-License-Identifier: Apache-2.0
// The accelerator without time: the model's register file with all its rules, whose enabled operations are
// completed one by one, as somebody else decides. On the fly, a unit completes after the one that it takes
// its data from. Nothing is computed.
#pragma once

#include <cstdint>
#include <vector>

#include "hardware/parameters.h"
#include "hardware/units.h"
#include "registers/register_file.h"

namespace nvdla::host {

class InstantEngines final : private registers::RegisterListener {
 public:
  explicit InstantEngines(const HardwareParameters& hardware);

  [[nodiscard]] registers::RegisterFile& registers() { return file_; }
  // Whose next operation could complete now, in the order of kAllEngines.
  [[nodiscard]] std::vector<Engine> candidates() const;
  // One of them does: its groups are free, its interrupts raised.
  void complete(Engine engine);

 private:
  void on_enable(Unit, std::uint32_t, Cycle) override {}
  void on_bdma_queued() override { ++bdma_queued_; }
  void on_written(Unit, std::uint32_t, std::uint32_t) override {}

  [[nodiscard]] bool armed(Unit unit) const;
  [[nodiscard]] std::uint32_t mode(Unit unit, const char* name, const char* field) const;
  [[nodiscard]] bool can_complete(Engine engine) const;
  void finish(Unit unit);

  registers::RegisterFile file_;
  std::uint32_t bdma_queued_ = 0;
  std::uint32_t convolved_ = 0;  // convolutions that SDP has not answered yet
  std::uint32_t delivered_ = 0;  // SDP operations that PDP has not answered yet
};

}  // namespace nvdla::host
