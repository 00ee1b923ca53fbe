// SPDX-License-Identifier: Apache-2.0
// What leaves the accelerator at a memory port: bursts, and when they were answered. Who owns the port (the
// runner's memory, the TLM component) implements BusPort.
#pragma once

#include <cstddef>
#include <cstdint>

#include "hardware/clients.h"
#include "hardware/types.h"
#include "operation/identity.h"

namespace nvdla::engine {

// One chunk on the bus. Beat i of it is requested in cycle `issued + i`.
struct Burst {
  MemorySpace space = MemorySpace::kDbb;
  bool write = false;
  Client client = Client::kBdma;
  OperationId operation;
  std::uint64_t address = 0;  // aligned to the bus width
  std::uint32_t beats = 0;
  std::uint64_t id = 0;
  Cycle issued = 0;
  // The bytes that the request asks for: `bytes` from `address + offset` on.
  std::uint32_t offset = 0, bytes = 0;
  // Of a run (engine/read_run.h): `issued` may lie ahead, and the port need not tell of its answer before
  // that of the run's last burst.
  bool in_run = false;
  // As many chunks of one beat, answered one by one with the same id.
  bool beat_by_beat = false;
  // Writes, where values are computed: beats * bus width bytes, of which those above count. Valid during
  // BusPort::issue().
  const unsigned char* data = nullptr;
  // Set by the port with the data: see BusCompletion.
  Cycle span = 0;
  Cycle held = 0;
};

// The outside of a port. The owner later calls MemoryInterface::complete() with the burst's id: for a
// read when its last beat is there, for a write when it is acknowledged.
class BusPort {
 public:
  virtual ~BusPort() = default;
  virtual void issue(const Burst& burst) = 0;
  // Runs (engine/read_run.h): the shortest time from the request of a beat to its answer; 0: bursts of runs
  // must not come.
  [[nodiscard]] virtual Cycle run_latency() const { return 0; }
  // The first cycle in which at most `ahead` beats of the writes issued so far wait to be taken: exact up to
  // `now`, a lower bound behind it. 0: there is room, nobody knows since when.
  [[nodiscard]] virtual Cycle write_room(std::uint32_t /*ahead*/, Cycle /*now*/) { return 0; }
  // Reads: while fewer bursts than this are open, one more is accepted when it comes.
  [[nodiscard]] virtual std::uint32_t open_reads() const { return kUnlimited; }
  // The first cycle, not before `from`, in which at most `ahead` bursts of the reads issued so far have not
  // been accepted; `from` is at most the present. A lower bound, exact when it is `from`.
  [[nodiscard]] virtual Cycle read_room(std::uint32_t /*ahead*/, Cycle from) { return from; }
  static constexpr std::uint32_t kUnlimited = 0xffffffff;
  // The first cycle, not before `from`, in which at most `ahead` beats of the reads issued so far have not
  // returned: as read_room(). kNever: nobody will know until the next reset.
  [[nodiscard]] virtual Cycle read_return(std::uint32_t /*ahead*/, Cycle /*from*/) { return kNever; }
  // Beats of a read come apart though nothing else is moved.
  [[nodiscard]] virtual bool spreads_beats() const { return false; }
  // The last burst of a run has been issued.
  virtual void end_run() {}
  // Asks for what is answered up to and including `until`, which lies in the past.
  virtual void settle(Cycle /*until*/) {}
  // From now on every answer is told when it comes, of runs that are under way too.
  virtual void tell_all() {}
  // Contents of the memory behind the port, outside of time: for the levels that move no data. False: the
  // memory does not show them.
  virtual bool peek(std::uint64_t /*address*/, unsigned char* /*data*/, std::size_t /*length*/) {
    return false;
  }
  virtual bool poke(std::uint64_t /*address*/, const unsigned char* /*data*/, std::size_t /*length*/) {
    return false;
  }
};

// When the port's owner saw a burst end.
struct BusCompletion {
  std::uint64_t id = 0;
  Cycle at = 0;    // the cycle of the last beat, or of the acknowledge
  Cycle span = 0;  // cycles from the first to the last read beat; 0: one beat a cycle
  Cycle held = 0;  // cycles that memory kept it waiting because too many were open, where memory says so
  // Reads: the data of all beats, needed where values are computed.
  const unsigned char* data = nullptr;
  // Of a burst that is answered beat by beat, this is the answer of beat_count beats; `at` and `held` are the
  // last one's. Beats that come one a cycle and were held as long make one row.
  struct Row {
    Cycle at = 0, held = 0;  // of its first beat
    std::uint32_t beats = 1;
    [[nodiscard]] Cycle last() const { return at + Cycle{beats} - 1; }
  };
  const Row* rows = nullptr;
  std::uint32_t row_count = 0, beat_count = 0;
  // The cycle of the beat that so many follow; less than beat_count.
  [[nodiscard]] Cycle followed_by(std::uint32_t beats) const {
    const Row* row = rows + row_count - 1;
    for (; beats >= row->beats; --row) beats -= row->beats;
    return row->last() - Cycle{beats};
  }
};

}  // namespace nvdla::engine
