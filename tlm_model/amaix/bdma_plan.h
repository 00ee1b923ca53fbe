// SPDX-License-Identifier: Apache-2.0
// BDMA, the bridge DMA: copies rectangles of lines and surfaces between memories. One activation runs all
// transfers queued before a launch.
//
// Model: a line is one read and one write request. The store side passes one beat of payload a cycle and
// needs one cycle for the command of each line, and the memory interface one for the command of each chunk:
//   core cycles = sum over lines of (1 + chunks of the line + beats of the line on the bus)
// The engine follows these slots item by item (amaix/write_link.h).
// A read client may have `read_latency_fifo_beats` beats open; a transfer whose source memory differs from
// the one before starts to read when the data of that one are taken.
// Sources: NV_NVDLA_BDMA_load (requests, switch of the memory), BDMA_store (command and data slots), BDMA_cq.
// WRITE_IG_bpt (slots of commands and chunks). Path lengths: hardware/paths/movers.h.
// Groups follow each other without a pause (engine/units/bdma/bdma_unit.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "amaix/stream_plan.h"
#include "hardware/parameters.h"
#include "hardware/types.h"
#include "operation/bdma.h"

namespace nvdla::amaix {

struct BdmaPlan {
  std::vector<BdmaTransfer> transfers;
  std::uint32_t beat_bytes = 64;
  std::uint32_t unit_bytes = 256;
  StreamTiming timing;
  std::vector<std::string> warnings;

  [[nodiscard]] std::uint64_t input_bytes() const;
  [[nodiscard]] std::uint64_t core_cycles() const;
};

[[nodiscard]] BdmaPlan plan_bdma(const std::vector<BdmaTransfer>& transfers,
                                 const HardwareParameters& hardware);

class BdmaReads : public StreamReads {
 public:
  explicit BdmaReads(const BdmaPlan& plan) : plan_(plan) {}
  bool next(StreamRequest& request) override;
  [[nodiscard]] bool last_command_begins() const override { return last_begins_; }

 private:
  const BdmaPlan plan_;
  std::size_t transfer_ = 0;
  std::uint32_t line_ = 0, surface_ = 0;
  bool last_begins_ = false;
};

class BdmaCore : public StreamCore {
 public:
  explicit BdmaCore(const BdmaPlan& plan) : plan_(plan), remaining_(plan.input_bytes()) {}
  void take(std::uint32_t bytes, StreamStep& step) override;
  [[nodiscard]] std::uint64_t remaining() const override { return remaining_; }

 private:
  const BdmaPlan plan_;
  std::uint64_t remaining_;
  std::size_t transfer_ = 0;
  std::uint32_t line_ = 0, surface_ = 0;
  std::uint32_t taken_ = 0;  // bytes of the line
};

}  // namespace nvdla::amaix
