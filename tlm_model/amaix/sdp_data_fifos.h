// SPDX-License-Identifier: Apache-2.0
// The four pipes in SDP's write DMA for what its datapath gives (scalable generation: SDP_WDMA_DAT_in, dfifo0
// to dfifo3).
//
// Model: the beats of a write command go to the pipes in turn, the first of each to the first one: where
// commands are not of a multiple of four beats, two in a row want the same pipe, and the second keeps all
// that follow it in the datapath though the other pipes are empty. Each is an amaix::SkidPipe; the write DMA
// takes from them in order.
// Limit: atoms as wide as the bus.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "amaix/skid_pipe.h"
#include "hardware/types.h"
#include "memory/ring_buffer.h"

namespace nvdla::amaix {

class SdpDataFifos {
 public:
  // The next beat, number `number` of its command, leaves the datapath in cycle `at` if it finds room, and
  // `pace` cycles behind the one before at the earliest: its transfers become an atom one by one.
  void offer(std::uint32_t number, Cycle at, Cycle pace);
  // The next one out of them has gone on in cycle `at`. Precondition: it has been offered.
  void take(Cycle at);
  // When the next of them shows at its pipe's output; none: that is not known.
  [[nodiscard]] std::optional<Cycle> offers() const;
  // Beats that have not left the datapath by cycle `at`, which never comes earlier than before.
  [[nodiscard]] std::uint64_t outside(Cycle at);
  // When the next of them does; none: that is not known. Behind outside().
  [[nodiscard]] std::optional<Cycle> next() const;
  void clear() { *this = {}; }

 private:
  void let_in();

  struct Beat {
    std::size_t fifo;
    Cycle at, pace;
  };
  memory::RingBuffer<Beat> waiting_;        // it is not known when they leave the datapath
  memory::RingBuffer<Cycle> left_;          // it is, of these
  memory::RingBuffer<std::size_t> inside_;  // where the next out of them are
  std::array<SkidPipe, 4> fifos_;
  Cycle last_ = 0;  // the last one has left the datapath
};

}  // namespace nvdla::amaix
