// SPDX-License-Identifier: Apache-2.0
// Cycles in which a client offers a read request that the interface does not take: what D_PERF_*_READ_STALL
// counts (*_stall_cnt_inc in NV_NVDLA_CDMA_dc.v, _CDMA_wt.v, _SDP_MRDMA_ig.v, _PDP_RDMA_ig.v, ...).
//   offered(i) = max(taken(i - 1) + 1, offered(i - 1) + apart(i))
//   taken(i)   = offered(i), or, when the pipes were full, max(left(i - places) + places, offered(i))
//   stall      = sum of (taken(i) - offered(i))
// in the arbiter's cycles: the way there is left out on both sides. A request leaves READ_IG_bpt with its
// last chunk, which waits in the client's pipe in front of the arbiter or in its skid register: when the
// chunk before those two is granted. Room passes a ready register for each two places.
// Limits: `apart` is what the client says, one cycle of those but CDMA's data.
#pragma once

#include <algorithm>
#include <cstdint>

#include "hardware/paths/memory_interface.h"
#include "hardware/types.h"

namespace nvdla::engine {

class ReadStalls {
 public:
  // There is room in the latency FIFO for the first chunk, which READ_IG_bpt holds back until then.
  void credited(Cycle at) { credit_ = at; }
  // `chunks`, one a cycle from `at` on, have been granted.
  void granted(Cycle at, std::uint32_t chunks) {
    const Cycle last = at + chunks - 1;
    const Cycle third = chunks > 2 ? last - 2 : chunks == 2 ? last_ : before_;
    left_ = std::min(last, std::max(third + paths::kReadClientPipe.cycles(), credit_));
    before_ = chunks > 1 ? last - 1 : last_;
    last_ = last;
  }
  // The chunk granted last was its request's last, and the client's pipes were full.
  void made_room(Cycle now) {
    room_at_ = now;
    room_ = left_;
  }
  // A request has come to the arbiter's queue, for `at`, that the client makes `apart` cycles behind the one
  // before, while that one waits.
  void pushed(Cycle at, Cycle apart, std::size_t places) {
    const bool waited = room_at_ != kNever && at <= room_at_ + 1;
    offered_ = std::max(taken_ + 1, waited ? offered_ + apart : at);
    taken_ = waited ? std::max(offered_, room_ + static_cast<Cycle>(places)) : offered_;
    stalled_ += static_cast<std::uint64_t>(taken_ - offered_);
    room_at_ = kNever;
    ++requests_;
  }
  [[nodiscard]] std::uint64_t stalled() const { return stalled_; }
  // The same up to cycle `now`; `another`: the next request is offered meanwhile.
  [[nodiscard]] std::uint64_t stalled_by(Cycle now, bool another) const {
    if (requests_ == 0) return stalled_;  // nobody has asked for them yet
    if (now < taken_) return stalled_ - static_cast<std::uint64_t>(taken_ - std::max(now, offered_));
    return stalled_ + (another ? static_cast<std::uint64_t>(now - taken_) : 0);
  }
  [[nodiscard]] std::uint64_t requests() const { return requests_; }

 private:
  Cycle last_ = -1;         // granted
  Cycle before_ = -1;       // and the one before
  Cycle credit_ = -1;       // of the chunk that was last held back
  Cycle left_ = -1;         // when the last chunk left READ_IG_bpt
  Cycle room_ = -1;         // when that made room
  Cycle room_at_ = kNever;  // when the client heard of it; kNever: not since the last request
  Cycle offered_ = -1;      // the last request
  Cycle taken_ = -1;
  std::uint64_t stalled_ = 0;
  std::uint64_t requests_ = 0;
};

}  // namespace nvdla::engine
