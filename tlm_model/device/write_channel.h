// SPDX-License-Identifier: Apache-2.0
// What WREADY of AXI says, for transactions that carry all their beats at once: a target that takes write
// data later than they are sent offers it (DmaExtension::write_channel), and the accelerator holds its next
// writes back as its registers in front of the bus would. A target without it takes data at once.
#pragma once

#include <cstdint>

#include "hardware/types.h"

namespace nvdla::device {

class WriteChannel {
 public:
  virtual ~WriteChannel() = default;
  // The first clock cycle, counted from time 0, in which at most `ahead` beats of the writes sent so far wait
  // to be taken: exact up to `now`, a lower bound behind it. 0: there is room, nobody knows since when.
  virtual Cycle room(std::uint32_t ahead, Cycle now) = 0;
};

}  // namespace nvdla::device
