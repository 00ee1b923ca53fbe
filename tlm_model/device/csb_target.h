// SPDX-License-Identifier: Apache-2.0
// The register window as a TLM-2.0 target: protocol checks, time of accesses, polls, debug access. What users
// need to know of it is written in device/nvdla.h.
#pragma once

#include <cstdint>
#include <systemc>
#include <tlm>

#include "device/clock.h"
#include "device/timed_accelerator.h"
#include "engine/csb_poll.h"
#include "engine/csb_timing.h"

namespace nvdla::device {

struct CsbOptions {
  bool timing = true;       // accesses take the times of engine/csb_timing.h; polls always do
  bool synchronise = true;  // a read may wait until simulated time has come where it looks
};

class CsbTarget : private engine::PollTarget {
 public:
  CsbTarget(TimedAccelerator& accelerator, const Clock& clock, const CsbOptions& options);

  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  unsigned transport_dbg(tlm::tlm_generic_payload& payload);

  // The FIFO is empty; accesses are refused while reset lasts, and a poll under way ends.
  void reset();
  void hold_in_reset(bool held) { in_reset_ = held; }

 private:
  void poll(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
  registers::AccessStatus access(bool write, std::uint32_t offset, std::uint32_t& value,
                                 sc_core::sc_time& delay);
  void synchronise(sc_core::sc_time& delay);
  [[nodiscard]] sc_core::sc_time until(Cycle cycle) const;

  registers::AccessStatus sample(std::uint32_t offset, std::uint32_t& value, Cycle at) override;
  [[nodiscard]] bool idle() override { return accelerator_.quiescent(); }
  Cycle wait_for_change(Cycle until) override;
  [[nodiscard]] bool stopped() const override { return in_reset_ || resets_ != resets_at_poll_; }

  TimedAccelerator& accelerator_;
  const Clock& clock_;
  CsbOptions options_;
  engine::CsbTiming timing_;
  bool in_reset_ = false;
  std::uint64_t resets_ = 0, resets_at_poll_ = 0;
};

}  // namespace nvdla::device
