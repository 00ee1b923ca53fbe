// SPDX-License-Identifier: Apache-2.0
// Bursts of the accelerator as rows of a DMA trace, in order of time. A burst of the model (a chunk of the
// memory interface) reaches the bus as bursts of at most HardwareParameters::burst_beats(), one beat of
// address a cycle: its later parts may lie behind the begin of the next burst on the other port or channel,
// so they wait here until time has passed them.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "engine/events.h"
#include "host/replay.h"

namespace nvdla::host {

class BurstRows {
 public:
  using Sink = std::function<void(const DmaBurst&)>;
  BurstRows(const HardwareParameters& hardware, Sink sink);

  // In order of Burst::issued.
  void add(const engine::Burst& burst);
  // What still waits; at the end.
  void finish();

 private:
  struct Waiting {
    DmaBurst row;
    std::uint64_t number = 0;  // rows of one cycle keep their order
  };
  struct Later {
    bool operator()(const Waiting& a, const Waiting& b) const {
      return a.row.cycle != b.row.cycle ? a.row.cycle > b.row.cycle : a.number > b.number;
    }
  };
  void emit_before(Cycle cycle);

  std::array<std::uint32_t, 2> longest_{};  // by port
  std::uint32_t beat_bytes_;
  Sink sink_;
  std::priority_queue<Waiting, std::vector<Waiting>, Later> waiting_;
  std::uint64_t next_ = 0;
};

}  // namespace nvdla::host
