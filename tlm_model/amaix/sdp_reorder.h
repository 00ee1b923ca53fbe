// SPDX-License-Identifier: Apache-2.0
// What lies between a latency FIFO of SDP_RDMA and the datapath (scalable generation), item by item.
//
// Model: SDP_RDMA_unpack collects a pack of up to four atoms. All of it goes to the re-order FIFOs, one for
// each record of a pack (rod0 to rod3, pfifo0 to pfifo3; a record of several atoms has as many of them), in
// the first cycle in which those that it needs are ready; the next pack may enter unpack from that cycle on.
// The records go on in order through an output pipe to the pack in front of the datapath (SDP_RDMA_pack),
// which holds one until its last part is taken. An operand for each kernel goes on once for each position and
// stays in its FIFO until the last one. FIFOs and output pipe: amaix::SkidPipe.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "amaix/sdp_plan.h"
#include "amaix/skid_pipe.h"
#include "hardware/types.h"
#include "memory/ring_buffer.h"

namespace nvdla::amaix {

class SdpReorder {
 public:
  // Uses of a record that make a difference: the output pipe and the pack hold the last three, and the one
  // before them.
  static constexpr std::uint32_t kUses = 4;

  explicit SdpReorder(const SdpStream& stream)
      : uses_(static_cast<std::uint32_t>(std::min<std::uint64_t>(kUses, stream.record_atoms))) {}
  // Of each record.
  [[nodiscard]] std::uint32_t uses() const { return uses_; }

  // The next pack, of so many records, is whole in unpack from cycle `at` on. Precondition: the one before
  // has left it.
  void pack(std::uint32_t records, Cycle at);
  // The datapath has taken the last part of the next use of a record in cycle `at`. May come before the
  // record.
  void use(Cycle at);
  // The cycle in which the last pack has left unpack; none: it is there.
  [[nodiscard]] std::optional<Cycle> left() const { return left_; }

 private:
  void go_on();
  bool leave_unpack();
  bool enter_output();
  bool enter_pack();

  static constexpr std::uint32_t kFifos = 4;

  std::uint32_t uses_;
  std::optional<Cycle> left_ = 0;
  std::uint32_t whole_ = 0;  // records of the pack in unpack
  Cycle whole_at_ = 0;
  std::array<SkidPipe, kFifos> fifos_;
  memory::RingBuffer<std::uint32_t> packs_;  // in the FIFOs: their records
  std::uint32_t record_ = 0;                 // of the first of them, the next that goes on
  std::uint32_t used_ = 0;                   // times that it has gone on
  Cycle output_free_ = 0;                    // behind the last one that has
  SkidPipe output_;
  Cycle pack_free_ = 0;  // the last use of what the pack in front of the datapath had before
  bool in_pack_ = false;
  memory::RingBuffer<Cycle> taken_;  // uses, of what is not in that pack yet
};

}  // namespace nvdla::amaix
