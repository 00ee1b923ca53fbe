// SPDX-License-Identifier: Apache-2.0
// When a unit takes a register group.
//
//   start = max(entry of the OP_ENABLE write into the CSB master + enable latency,
//               release of the previous group + switch latency)
// The enable latency is the way from the CSB master's FIFO to the unit (hardware/paths/csb.h): the register
// file and the unit's operation-enable pipeline, for CMAC and CACC of generation V1 a retiming stage; BDMA's
// launch has a shorter way. A group that waits is taken the switch latency after the release. BDMA has no
// register groups but a command FIFO: a launch that has reached it is taken whatever runs.
#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "engine/scheduler.h"
#include "hardware/paths/csb.h"
#include "registers/register_file.h"

namespace nvdla::engine {

[[nodiscard]] constexpr Cycle enable_latency(Unit unit, Generation generation) {
  const paths::CsbPaths& paths = paths::csb_paths(generation);
  if (unit == Unit::kBdma) return paths.to_unit.sum() + paths.launch.sum();
  const bool retimed = unit == Unit::kCmacA || unit == Unit::kCmacB || unit == Unit::kCacc;
  return paths.to_unit.sum() + (retimed ? paths.retiming.sum() : 0) + paths.register_write.sum() +
         paths.operation_enable.sum();
}

inline constexpr Cycle kSwitchLatency = paths::kCsbV1.group_switch.sum();

class UnitStarter : public Process {
 public:
  UnitStarter(Scheduler& scheduler, registers::RegisterFile& file, Unit unit, Generation generation,
              std::function<void(std::uint32_t activation, std::uint32_t group, Cycle at)> start)
      : Process(scheduler),
        file_(file),
        unit_(unit),
        overlaps_(unit == Unit::kBdma),
        latency_(enable_latency(unit, generation)),
        start_(std::move(start)) {}

  // Software has enabled the group and hardware can execute it; the OP_ENABLE write has entered the CSB
  // master in cycle `entered`. A group whose descriptor is illegal never gets here and stays enabled until
  // reset.
  void enabled(std::uint32_t group, Cycle entered) {
    legal_[group] = true;
    earliest_[group] = entered + latency_;
    consider();
  }
  // The unit releases the group that it runs. Returns that group.
  std::uint32_t release(Cycle at) {
    const std::uint32_t group = file_.consumer(unit_);
    file_.complete(unit_);
    if (!overlaps_) free_at_ = at + kSwitchLatency;
    consider();
    return group;
  }
  // The number of the group's next activation: groups are taken in turn.
  [[nodiscard]] std::uint32_t next_activation(std::uint32_t group) const {
    if (overlaps_) return taken_ + (legal_[1 - group] ? 1 : 0);
    const bool other_first = file_.consumer(unit_) != group;
    return taken_ + (!file_.running(unit_) && other_first ? 1 : 0);
  }
  [[nodiscard]] bool running() const { return file_.running(unit_); }
  [[nodiscard]] std::uint32_t group() const { return file_.consumer(unit_); }
  void reset() {
    taken_ = 0;
    legal_ = {false, false};
    earliest_ = {0, 0};
    free_at_ = 0;
  }

 protected:
  void run(Cycle now) override {
    const std::uint32_t group = next();
    if (!may_start(group)) return;
    const Cycle at = std::max(earliest_[group], free_at_);
    if (now < at) {
      wake(at);
      return;
    }
    legal_[group] = false;
    file_.start(unit_);
    start_(taken_++, group, now);
    consider();
  }

 private:
  // The group that is taken next.
  [[nodiscard]] std::uint32_t next() const {
    const std::uint32_t consumer = file_.consumer(unit_);
    return overlaps_ && !legal_[consumer] ? 1 - consumer : consumer;
  }
  [[nodiscard]] bool may_start(std::uint32_t group) const {
    return legal_[group] && (overlaps_ || !file_.running(unit_));
  }
  void consider() {
    const std::uint32_t group = next();
    if (may_start(group)) wake(std::max(earliest_[group], free_at_));
  }

  registers::RegisterFile& file_;
  Unit unit_;
  bool overlaps_;  // takes a group while another runs
  Cycle latency_;
  std::function<void(std::uint32_t, std::uint32_t, Cycle)> start_;
  std::uint32_t taken_ = 0;                  // groups since the last reset
  std::array<bool, 2> legal_{false, false};  // enabled and not yet taken
  std::array<Cycle, 2> earliest_{0, 0};
  Cycle free_at_ = 0;
};

}  // namespace nvdla::engine
