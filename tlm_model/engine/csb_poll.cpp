// SPDX-License-Identifier: Apache-2.0
#include "engine/csb_poll.h"

namespace nvdla::engine {
namespace {

// GLB.S_INTR_STATUS: GLB comes first in the map of generation V1 and after GEC's page in the other.
constexpr std::uint32_t interrupt_status(Generation generation) {
  return generation == Generation::kV1 ? 0x000c : 0x100c;
}

// Accounts for the reads that are sampled before `change`, when the next one is offered in cycle `next`. A
// read behind a read finds the FIFO free, so they come at equal distances; and its entries are free again
// before the next access, so the FIFO needs not be told.
std::uint64_t skip_reads(const CsbTiming& timing, std::uint32_t offset, Cycle sample_after, Cycle change,
                         Cycle& next) {
  const Cycle quiet = change - (next + sample_after);
  if (quiet <= 0) return 0;
  const Cycle period = timing.poll_period(offset);
  const Cycle reads = (quiet + period - 1) / period;
  next += reads * period;
  return static_cast<std::uint64_t>(reads);
}

}  // namespace

PollOutcome poll(CsbTiming& timing, Generation generation, PollTarget& target, const PollRequest& request,
                 Cycle offered) {
  const bool quiet_between_changes = request.offset == interrupt_status(generation);
  const Cycle last = request.limit > kNever - 1 - offered ? kNever - 1 : offered + request.limit;
  PollOutcome outcome;
  outcome.finished = offered;
  for (;;) {
    const CsbTiming::Access access = timing.read(request.offset, outcome.finished);
    outcome.finished = access.finished;
    ++outcome.reads;
    outcome.status = target.sample(request.offset, outcome.value, access.effective);
    if (target.stopped()) {
      outcome.end = PollEnd::kStopped;
      return outcome;
    }
    if (outcome.status != registers::AccessStatus::kOk) {
      outcome.end = PollEnd::kRefused;
      return outcome;
    }
    if ((outcome.value & request.mask) == request.expected) return outcome;
    if (target.idle() || access.effective > last) {
      outcome.end = target.idle() ? PollEnd::kIdle : PollEnd::kLimit;
      return outcome;
    }
    if (!quiet_between_changes) continue;
    const Cycle change = target.wait_for_change(last + 1);
    if (target.stopped()) {
      outcome.end = PollEnd::kStopped;
      return outcome;
    }
    outcome.reads +=
        skip_reads(timing, request.offset, access.effective - access.entered, change, outcome.finished);
  }
}

}  // namespace nvdla::engine
