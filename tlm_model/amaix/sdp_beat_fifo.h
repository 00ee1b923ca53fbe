// SPDX-License-Identifier: Apache-2.0
// The FIFOs in SDP's write DMA of generation V1, each of a quarter of a beat (SDP_WDMA_DAT_in, dfifo0 to
// dfifo3), as one FIFO of beats.
//
// Model: of four places three hold beats that are complete; transfers of the next one come in as long as the
// fourth is free. A beat outside lies in the fourth place or, with others, in the datapath.
//   in(n)    = max(complete(n), taken(n - 3) + 1)
//   shown(n) = max(complete(n), taken(n - 1)) + 1
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "amaix/dates.h"
#include "hardware/types.h"
#include "memory/ring_buffer.h"

namespace nvdla::amaix {

class SdpBeatFifo {
 public:
  // The last transfer of the next beat would come in cycle `at` if it found room.
  void offer(Cycle at) {
    complete_.push(at);
    waiting_.push(at);
    let_in();
  }
  // The next one has gone on in cycle `at`. Precondition: it has been offered.
  void take(Cycle at) {
    complete_.pop();
    taken_.add(at);
    leaves_.push(at);
    let_in();
  }
  // When the next of them shows at the output; none: there is none.
  [[nodiscard]] std::optional<Cycle> offers() const {
    if (complete_.empty()) return std::nullopt;
    return std::max(complete_.front(), taken_.last()) + 1;
  }
  // Beats that are not inside in cycle `at`, which never comes earlier than before.
  [[nodiscard]] std::uint64_t outside(Cycle at) {
    for (; !enters_.empty() && enters_.front() <= at; enters_.pop()) ++inside_;
    for (; !leaves_.empty() && leaves_.front() < at; leaves_.pop()) --inside_;
    return enters_.size() + waiting_.size();
  }
  // Places for others that are complete. Behind outside().
  [[nodiscard]] std::uint64_t room() const { return kPlaces - std::min(kPlaces, inside_); }
  // When the next of those outside comes in; none: that is not known. Behind outside().
  [[nodiscard]] std::optional<Cycle> next() const {
    if (enters_.empty()) return std::nullopt;
    return enters_.front();
  }
  void clear() { *this = {}; }

 private:
  static constexpr std::uint64_t kPlaces = 3;  // SDP_WDMA_DAT_in: dfifo, -d 3

  void let_in() {
    for (; !waiting_.empty(); waiting_.pop()) {
      const std::optional<Cycle> room = taken_.room(entered_, kPlaces, 1);
      if (!room) return;
      ++entered_;
      enters_.push(std::max(waiting_.front(), *room));
    }
  }

  memory::RingBuffer<Cycle> complete_;         // of those that have not been taken
  memory::RingBuffer<Cycle> waiting_;          // of those of which it is not known when they come in
  memory::RingBuffer<Cycle> enters_, leaves_;  // that outside() has not passed
  Dates taken_;
  std::uint64_t entered_ = 0, inside_ = 0;
};

}  // namespace nvdla::amaix
