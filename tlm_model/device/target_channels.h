// SPDX-License-Identifier: Apache-2.0
// What WREADY and ARREADY of AXI say, for transactions that carry all their beats at once: a target that
// takes write data later than they are sent, or accepts only so many reads, offers it
// (DmaExtension::channels), and the accelerator holds its next accesses back as its registers in front of the
// bus would. A target without it takes and accepts everything at once.
#pragma once

#include <cstdint>

#include "hardware/types.h"

namespace nvdla::device {

// Cycles are clock cycles, counted from time 0.
class TargetChannels {
 public:
  virtual ~TargetChannels() = default;
  // The first cycle in which at most `ahead` beats of the writes sent so far wait to be taken: exact up to
  // `now`, a lower bound behind it. 0: there is room, nobody knows since when.
  virtual Cycle write_room(std::uint32_t ahead, Cycle now) = 0;
  // While fewer read beats than this are open, one more is accepted when it comes.
  [[nodiscard]] virtual std::uint32_t open_reads() const = 0;
  // The first cycle, not before `from`, in which at most `ahead` beats of the reads sent so far have not been
  // accepted: a lower bound, exact when it is `from`, which is at most the present.
  virtual Cycle read_room(std::uint32_t ahead, Cycle from) = 0;
  // The first cycle, not before `from`, in which at most `ahead` beats of the reads sent so far have not
  // returned, for a target that returns them in the order of requests: the same. kNever, which is not asked
  // again until the next reset: nobody knows.
  virtual Cycle read_return(std::uint32_t /*ahead*/, Cycle /*from*/) { return kNever; }
  // Beats of a read come apart though nothing else is moved: the target moves less than one a clock period.
  // False, or read_return() does not know: what a read brings is used when all of it is there.
  [[nodiscard]] virtual bool spreads_beats() const { return false; }
};

}  // namespace nvdla::device
