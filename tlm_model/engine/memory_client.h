// SPDX-License-Identifier: Apache-2.0
// What a memory interface tells the client of a request: data, acknowledges, room in its queue, and where the
// time of each went.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/bus_port.h"
#include "hardware/clients.h"
#include "hardware/resource.h"
#include "hardware/types.h"
#include "operation/identity.h"

namespace nvdla::engine {

// Where the time of a chunk went: from `asked` at the arbiter's input to `issued` it waited for what
// `held_by` says; then memory answered, not faster than `unloaded` cycles for anything so far.
struct BusTiming {
  Cycle asked = 0;
  Cycle issued = 0;
  Cycle unloaded = 0;
  Cycle held = 0;  // of BusCompletion
  Resource held_by = Resource::kArbitration;
  MemorySpace space = MemorySpace::kDbb;
};

// Read data of one chunk, handed to the client in the cycle of its last beat.
struct ReadReturn {
  Client client = Client::kBdma;
  OperationId operation;
  std::uint64_t tag = 0;      // of the request
  std::uint64_t address = 0;  // of the chunk, first byte asked for
  std::uint32_t bytes = 0;    // asked for in this chunk
  std::uint32_t beats = 0;
  Cycle first_beat = 0;  // the bus cycle of the first beat; the others follow evenly
  Cycle last_beat = 0;   // of the last beat
  bool last_of_request = false;
  std::uint32_t places = 0;  // that it takes in the latency FIFO; MemoryInterface::pack()
  BusTiming timing;
};

// All chunks of a write request are acknowledged by memory.
struct WriteReturn {
  Client client = Client::kBdma;
  OperationId operation;
  std::uint64_t tag = 0;
  Cycle at = 0;
  BusTiming timing;  // of the chunk that was acknowledged last
};

// Chunks of one beat that follow each other, asked for and granted one a cycle (Burst::beat_by_beat).
class BeatReturns {
 public:
  // `first`: the first of them, without the answer. `unloaded`: of the reads before; kept up to date.
  BeatReturns(const ReadReturn& first, std::uint64_t end, std::uint32_t bus_bytes,
              const BusCompletion& completion, Cycle& unloaded)
      : now_(first), end_(end), bus_bytes_(bus_bytes), completion_(completion), unloaded_(unloaded) {}

  // The next one; null: that was the last.
  const ReadReturn* next() {
    if (row_ == completion_.row_count) return nullptr;
    if (first_) {
      first_ = false;
      const std::uint64_t stop = now_.address / bus_bytes_ * bus_bytes_ + bus_bytes_;
      now_.bytes = static_cast<std::uint32_t>(std::min(end_, stop) - now_.address);
    } else {  // on a beat's boundary
      now_.address += now_.bytes;
      now_.bytes = static_cast<std::uint32_t>(std::min<std::uint64_t>(end_ - now_.address, bus_bytes_));
      now_.timing.asked = ++now_.timing.issued;
      now_.timing.held_by = bandwidth_of(now_.timing.space);
    }
    const BusCompletion::Row& row = completion_.rows[row_];
    now_.first_beat = now_.last_beat = row.at + Cycle{taken_};
    now_.timing.held = row.held;
    unloaded_ = std::min(unloaded_, now_.last_beat - now_.timing.issued - row.held);
    now_.timing.unloaded = unloaded_;
    if (++taken_ == row.beats) {
      ++row_;
      taken_ = 0;
    }
    return &now_;
  }

  // Behind the first: takes those that follow, as long as each was asked for before cycle `end` and has come
  // in the cycle behind what memory needs without load or later, so that nothing but the beats before it can
  // have held it back; `end` is the cycle of the last of them. What is true of the first of a row is true of
  // the others: they are asked for and come a cycle later each. Returns their bytes.
  std::uint64_t take_busy(Cycle& end) {
    if (first_) return 0;
    Cycle issued = now_.timing.issued + 1, unloaded = unloaded_;
    const Cycle before = issued;
    for (; row_ < completion_.row_count; ++row_) {
      const BusCompletion::Row& row = completion_.rows[row_];
      const Cycle at = row.at + Cycle{taken_};
      const Cycle shortest = std::min(unloaded, at - issued - row.held);
      if (issued >= end || at <= end || issued + row.held + shortest - 1 > end) break;
      unloaded = shortest;
      end = row.last();
      issued += Cycle{row.beats - taken_};
      taken_ = 0;
    }
    const auto beats = static_cast<std::uint64_t>(issued - before);
    if (beats == 0) return 0;
    const std::uint64_t begin = now_.address + now_.bytes, stop = std::min(end_, begin + beats * bus_bytes_);
    unloaded_ = unloaded;
    now_.address = begin + (beats - 1) * bus_bytes_;
    now_.bytes = static_cast<std::uint32_t>(stop - now_.address);
    now_.timing.asked = now_.timing.issued += static_cast<Cycle>(beats);
    return stop - begin;
  }

 private:
  ReadReturn now_;
  std::uint64_t end_;
  std::uint32_t bus_bytes_;
  const BusCompletion& completion_;
  Cycle& unloaded_;
  bool first_ = true;        // none has been taken
  std::uint32_t row_ = 0;    // of the next one
  std::uint32_t taken_ = 0;  // beats of that row
};

class MemoryClient {
 public:
  virtual ~MemoryClient() = default;
  virtual void on_read(const ReadReturn& data) = 0;
  // Such chunks come to who declares reads counted_below.
  virtual void on_beats(BeatReturns& /*beats*/) {}
  // Behind on_read(): the first cycle in which another beat may come when all but the last `left` beats of
  // the chunk have; -1: and one more. A later one than the next: the client takes its beats slower than the
  // bus brings them, and those behind wait, whoever they are for (RREADY). 0: it takes all.
  [[nodiscard]] virtual Cycle bus_free(std::int32_t /*left*/) const { return 0; }
  virtual void on_write_acknowledged(const WriteReturn& write) = 0;
  // The request queue, full before, has room again.
  virtual void on_room(Client client, Cycle at) = 0;
  // The same within a run (engine/read_run.h): `at` may lie ahead, up to then nothing happens but answers.
  // Who declares reads counted_below asks at once for what on_room() would have asked for then.
  virtual void on_room_in_run(Client /*client*/, Cycle /*at*/) {}
  // Who writes follows from now on what its write DMA hands over (engine/write_path.h): it is told in which
  // cycle each beat that is granted from now on has left the arbiter, some time later; `last`: that was the
  // last of its chunk.
  virtual void follow_writes() {}
  virtual void on_write_left(MemorySpace /*space*/, Cycle /*at*/, bool /*last*/) {}
  [[nodiscard]] virtual std::uint64_t write_stalls() const { return 0; }
};

}  // namespace nvdla::engine
