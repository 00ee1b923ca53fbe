// SPDX-License-Identifier: Apache-2.0
// Polling a register over the CSB: one read behind the other until (value & mask) == expected.
//
//   read 0 is offered in cycle `offered`, read n + 1 when read n is finished (engine/csb_timing.h)
//
// Software polls GLB's interrupt status for nearly the whole time of a network. Between two changes of that
// register every read brings the same value: those reads are counted, not made, and the number of reads and
// all cycles are as if they had been. A read of the cycle in which the status changes sees the change; a read
// that could not be known to be one of those comes before the responses that memory gives in its cycle.
// Limits: only GLB.S_INTR_STATUS is known to change with an event that listeners hear of.
#pragma once

#include <cstdint>

#include "engine/csb_timing.h"
#include "registers/register_file.h"

namespace nvdla::engine {

struct PollRequest {
  std::uint32_t offset = 0;
  std::uint32_t mask = 0;
  std::uint32_t expected = 0;
  Cycle limit = kNever;  // a read that is sampled later than this after the first is offered is the last one
};

enum class PollEnd : std::uint8_t {
  kMet,
  kIdle,     // not met, and nothing is pending that could change the register
  kLimit,    // not met within the limit
  kStopped,  // the target was stopped while it waited
  kRefused   // the register cannot be read: `status` says why
};

struct PollOutcome {
  PollEnd end = PollEnd::kMet;
  registers::AccessStatus status = registers::AccessStatus::kOk;
  std::uint32_t value = 0;  // of the last read
  std::uint64_t reads = 0;
  Cycle finished = 0;  // the next access can be offered
};

// The accelerator as a poll needs it, whoever lets its time pass.
class PollTarget {
 public:
  virtual ~PollTarget() = default;
  // Lets time pass to cycle `at`, unless it is there, and reads.
  virtual registers::AccessStatus sample(std::uint32_t offset, std::uint32_t& value, Cycle at) = 0;
  // Nothing is pending: no register changes without a further write.
  [[nodiscard]] virtual bool idle() = 0;
  // Lets time pass until the interrupt status changes, nothing is pending any more, the target is stopped, or
  // `until` has come; returns that cycle.
  virtual Cycle wait_for_change(Cycle until) = 0;
  [[nodiscard]] virtual bool stopped() const = 0;
};

[[nodiscard]] PollOutcome poll(CsbTiming& timing, Generation generation, PollTarget& target,
                               const PollRequest& request, Cycle offered);

}  // namespace nvdla::engine
