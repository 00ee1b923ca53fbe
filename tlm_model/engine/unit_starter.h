// SPDX-License-Identifier: Apache-2.0
// When a unit takes a register group.
//
//   start = max(OP_ENABLE + enable latency, release of the previous group + switch latency)
// The enable latency is the way of the OP_ENABLE write from the CSB to the unit (CSB master FIFO and
// synchroniser, register pipeline): 13 cycles, three more for CMAC and CACC behind their retiming stage, five
// more for units whose OP_ENABLE passes the clock gating of a DMA engine (CDMA and the RDMAs). A group that
// waits is taken four cycles after the release.
#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "engine/scheduler.h"
#include "registers/register_file.h"

namespace nvdla::engine {

[[nodiscard]] constexpr Cycle enable_latency(registers::Unit unit) {
  switch (unit) {
    case registers::Unit::kCdma:
    case registers::Unit::kSdpRdma:
    case registers::Unit::kPdpRdma:
    case registers::Unit::kCdpRdma:
      return 18;
    case registers::Unit::kCmacA:
    case registers::Unit::kCmacB:
    case registers::Unit::kCacc:
      return 16;
    default:
      return 13;
  }
}

inline constexpr Cycle kSwitchLatency = 4;

class UnitStarter : public Process {
 public:
  UnitStarter(Scheduler& scheduler, registers::RegisterFile& file, registers::Unit unit,
              std::function<void(std::uint32_t group, Cycle at)> start)
      : Process(scheduler), file_(file), unit_(unit), start_(std::move(start)) {}

  void enabled(std::uint32_t group, Cycle at) {
    earliest_[group] = at + enable_latency(unit_);
    consider();
  }
  // The unit releases the group that it runs. Returns that group.
  std::uint32_t release(Cycle at) {
    const std::uint32_t group = file_.consumer(unit_);
    file_.complete(unit_);
    free_at_ = at + kSwitchLatency;
    consider();
    return group;
  }
  [[nodiscard]] bool running() const { return file_.running(unit_); }
  [[nodiscard]] std::uint32_t group() const { return file_.consumer(unit_); }
  void reset() {
    earliest_ = {0, 0};
    free_at_ = 0;
  }

 protected:
  void run(Cycle now) override {
    if (file_.running(unit_)) return;
    const std::uint32_t group = file_.consumer(unit_);
    if (!file_.enabled(unit_, group)) return;
    const Cycle at = std::max(earliest_[group], free_at_);
    if (now < at) {
      wake(at);
      return;
    }
    file_.start(unit_);
    start_(group, now);
  }

 private:
  void consider() {
    if (file_.running(unit_)) return;
    const std::uint32_t group = file_.consumer(unit_);
    if (file_.enabled(unit_, group)) wake(std::max(earliest_[group], free_at_));
  }

  registers::RegisterFile& file_;
  registers::Unit unit_;
  std::function<void(std::uint32_t, Cycle)> start_;
  std::array<Cycle, 2> earliest_{0, 0};
  Cycle free_at_ = 0;
};

}  // namespace nvdla::engine
