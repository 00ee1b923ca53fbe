// SPDX-License-Identifier: Apache-2.0
// What PDP, CDP, BDMA and Rubik have in common: a read DMA, a core that takes the data in the order in which
// they were asked for, and a write DMA.
//
// Model: the core takes the stream in portions (what one chunk of read data, or one whole request, holds).
//   entry(n) = max(entry(n-1) + cycles(n-1) + gap(n), first beat + read, last beat + read - last_needed(n))
// A piece of output is complete `offset` cycles after the entry of the portion that finishes it, leaves the
// write DMA `depth` cycles later and is offered to the bus `write` cycles after that.
// Limits: all times in core clock cycles, all sizes in bytes; values of data do not influence time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "hardware/paths/movers.h"
#include "hardware/types.h"

namespace nvdla::amaix {

struct StreamRequest {
  MemorySpace space = MemorySpace::kDbb;
  std::uint64_t address = 0;
  std::uint32_t bytes = 0;
};

// A piece of output that the memory interface gets at once.
struct StreamOutput {
  StreamRequest request;
  std::uint32_t offset = 0;  // from the entry of its portion
  bool begins = false;       // it is the first of a write command
  // Cycles of the portion's gap that `offset` leaves out: it has left the core before.
  std::uint32_t before_gap = 0;
};

// What the write side of a unit without a datapath works on, beat by beat (amaix/write_link.h).
enum class StreamItemKind : std::uint8_t {
  kCommand,  // a write command; its data follow
  kDatum,    // a beat that has come in, as wide as the bus, from the first byte asked for on
  kOutput,   // a beat of the register file's output, of a group whose data have come in
};
struct StreamItem {
  StreamItemKind kind = StreamItemKind::kDatum;
  StreamRequest request;         // of a command
  std::uint32_t beat = 0;        // of a datum: the beat of the portion that completes it
  std::uint32_t read_beats = 0;  // places of the latency FIFO that it frees
  std::uint32_t atoms = 0;       // of an output
  bool last = false;             // output of its group
};

struct StreamStep {
  std::uint32_t gap = 0;          // idle cycles of the core before the portion
  std::uint32_t cycles = 0;       // until the core can take the next one
  std::uint32_t last_needed = 0;  // from the entry until the last beat of the portion is needed
  std::uint32_t kept = 0;         // cycles before those in which its beats leave one after the other
  std::uint32_t held = 0;         // of `cycles`, those in which nothing is taken
  std::uint32_t early = 0;        // so long before they end its last beat has left the read DMA
  std::vector<StreamOutput> outputs;
  std::vector<StreamItem> items;  // in place of outputs, of a plan that is `linked`
  // From the entry to the last datum that the unit's own done waits for; of the last portion.
  std::uint32_t release_offset = 0;
};

// Lengths of the paths around a core: sums of the tables in hardware/paths, set by the plan of each unit.
struct StreamTiming {
  std::uint32_t request = 0;      // start of the read DMA to its first request on the bus
  std::int32_t read = 0;          // a beat on the bus to its entry into the core; on the fly it may be
                                  // negative: the depths on both sides count what is not passed
  std::uint32_t start = 0;        // of it, what only an operation's first beat takes
  std::uint32_t depth = 0;        // the core, up to the output of the write DMA
  std::uint32_t write = 0;        // write DMA and memory interface, to the bus
  std::uint32_t fetch_done = 0;   // the last datum's entry to the done of the read DMA
  std::uint32_t credit_open = 0;  // a datum's entry to its latency FIFO entry being free at the arbiter,
                                  // where the FIFO behind the latency FIFO has room
  std::uint32_t credit = 0;       // a beat's last cycle in the core (`linked`: its entry) to the same, where
                                  // that FIFO is full
  std::uint32_t reorder_beats = 0;  // what it holds
  std::uint32_t queue = 0;          // requests whose data the core has not begun with; 0: no limit here
  std::uint32_t queue_turn = 0;     // a request's end in the core (its entry, of the first) to the address
                                    // that its successor's place in that queue lets pass
  std::uint32_t beat_cycles = 1;    // between the last cycles of two beats of a portion
  std::uint32_t acknowledge = 0;    // write acknowledge to interrupt
  std::uint32_t output_cycles = 1;  // of the core for a beat of output
  std::uint32_t row_cycles = 0;     // CDP: of them, for the first word of each atom
  bool held = false;                // CDP: a strip's output leaves when the core has begun with the next one
  // Beats of output that stand in the datapath when the core could begin with a portion of so many cycles:
  // its registers hold the last of the portion before, whose first have gone on.
  [[nodiscard]] std::uint32_t datapath(std::uint32_t cycles) const {
    return (depth - std::min(depth, cycles)) / output_cycles;
  }
  bool whole_requests = false;  // a portion is a request, not a chunk
  // The write side takes items; a datum is there `store` cycles after its entry.
  bool linked = false;
  std::uint32_t store = 0;
};

// Adds the data that `part` bytes of a request complete, of which `done` have come in portions before.
void add_data(const StreamRequest& request, std::uint32_t done, std::uint32_t part, std::uint32_t bus_bytes,
              std::vector<StreamItem>& items);

// The read DMA's requests, in order.
class StreamReads {
 public:
  virtual ~StreamReads() = default;
  // False: no more.
  virtual bool next(StreamRequest& request) = 0;
  // The request given last is the first of the last command.
  [[nodiscard]] virtual bool last_command_begins() const { return false; }
};

// The core and its write DMA.
class StreamCore {
 public:
  virtual ~StreamCore() = default;
  // Takes the next `bytes` of the stream; precondition: not finished, `step` is fresh.
  virtual void take(std::uint32_t bytes, StreamStep& step) = 0;
  // Bytes of the stream not taken yet.
  [[nodiscard]] virtual std::uint64_t remaining() const = 0;
  // Of a core that takes whole requests: output of the portion before leaves when so many bytes of the next
  // one have come in, which need not be there as a whole; 0: none does.
  [[nodiscard]] virtual std::uint32_t leaves_behind() const { return 0; }
  // That output; its offsets count from the entry of the portion whose first bytes these are.
  virtual void leave(StreamStep& /*step*/) {}
};

// Collects output in the order of addresses and cuts it at multiples of `unit_bytes`: whole chunks wait in
// NV_NVDLA_MCIF_WRITE_IG_spt of generation V1, single beats pass in the scalable one. V1 packs data as wide
// as the bus from a run's first byte on: where that begins inside a beat, the datum that ends a chunk has the
// first atom of the next one, and the chunk goes with that.
class OutputCollector {
 public:
  // `packed_bytes`: the bus on V1, 0 on others.
  OutputCollector(MemorySpace space, std::uint32_t unit_bytes, std::uint32_t packed_bytes)
      : space_(space), unit_bytes_(unit_bytes), packed_bytes_(packed_bytes) {}
  // A new run of addresses. Precondition: nothing is collected.
  void open(std::uint64_t address) {
    begin_ = end_ = address;
    begins_ = true;
    halved_ = packed_bytes_ != 0 && address % packed_bytes_ != 0;
  }
  // `bytes` more, the last of them `offset` cycles after the entry of the portion.
  void add(std::uint32_t bytes, std::uint32_t offset, std::vector<StreamOutput>& outputs);
  // The run ends: what is collected goes out.
  void close(std::uint32_t offset, std::vector<StreamOutput>& outputs);

 private:
  MemorySpace space_;
  std::uint32_t unit_bytes_;
  std::uint64_t begin_ = 0, end_ = 0;
  std::uint32_t packed_bytes_;
  bool begins_ = false;
  bool halved_ = false;
};

// Slots of WRITE_IG_bpt for [address, address + bytes) of a write command: a beat each, and one for the
// command of each chunk that begins there (at `address` if the command does, at every aligned chunk).
[[nodiscard]] std::uint32_t write_slots(std::uint64_t address, std::uint32_t bytes, bool begins,
                                        std::uint32_t unit_bytes, std::uint32_t bus_bytes);

// Totals of a stream of requests on a bus: the walk is run, nothing is estimated.
struct StreamTotals {
  std::uint64_t requests = 0;
  std::uint64_t bytes = 0;      // asked for
  std::uint64_t bus_bytes = 0;  // moved: beats times the bus width
};
void count(const StreamRequest& request, std::uint32_t bus_bytes, StreamTotals& totals);
// The same of a run that OutputCollector cuts at multiples of `unit_bytes`, a multiple of the bus width.
void count_cut(const StreamRequest& run, std::uint32_t unit_bytes, std::uint32_t bus_bytes,
               StreamTotals& totals);

}  // namespace nvdla::amaix
