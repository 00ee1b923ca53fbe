// SPDX-License-Identifier: Apache-2.0
// BDMA and Rubik in closed form, datum by datum: their reads, their stores' way to the bus
// (amaix/write_link.h; Rubik: amaix/rubik_file.h) and the memory ports, alone. A datum that the store has not
// taken keeps its place in the latency FIFO; a chunk is granted when its last beat is in front of the arbiter
// and no more than paths::kWriteAhead beats wait for memory. Operations in a row follow each other as on the
// device: the next one reads behind the last request of the one before, and its data queue behind the
// other's. Limits: of a long operation the first kMostBeats are followed, the others come at the pace of
// their second half (in a row there is none so long); MCIF's limit of open beats is left out.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "amaix/stream_plan.h"
#include "hardware/clients.h"
#include "hardware/parameters.h"
#include "memory/description.h"

namespace nvdla::amaix {

struct LinkedTimes {
  double done = 0;    // start of the (first) operation to its interrupt
  double read = 0;    // to its last datum's coming
  double last = 0;    // to the store's taking its last datum
  double steady = 0;  // what it adds when it follows another one without a pause
};

// `total_beats` are read in all. `file`: output goes through Rubik's register file.
[[nodiscard]] LinkedTimes walk_linked(StreamReads& reads, StreamCore& core, const StreamTiming& timing,
                                      Client client, double total_beats, bool file,
                                      const memory::MemorySystem& memory, const HardwareParameters& hardware);

// An operation that may stand in a row.
class LinkedLayer {
 public:
  static constexpr std::uint64_t kMostBeats = 4096;  // neither 1024 nor 16384 changes any of 993 recordings

  LinkedLayer(Client client, bool file) : client(client), file(file) {}
  virtual ~LinkedLayer() = default;
  [[nodiscard]] virtual std::unique_ptr<StreamReads> reads() const = 0;
  [[nodiscard]] virtual std::unique_ptr<StreamCore> core() const = 0;
  [[nodiscard]] virtual const StreamTiming& timing() const = 0;

  const Client client;
  const bool file;
};

template <class Plan, class Reads, class Core>
class PlannedLayer : public LinkedLayer {
 public:
  PlannedLayer(Plan plan, Client client, bool file) : LinkedLayer(client, file), plan_(std::move(plan)) {}
  [[nodiscard]] std::unique_ptr<StreamReads> reads() const override { return std::make_unique<Reads>(plan_); }
  [[nodiscard]] std::unique_ptr<StreamCore> core() const override { return std::make_unique<Core>(plan_); }
  [[nodiscard]] const StreamTiming& timing() const override { return plan_.timing; }

 private:
  const Plan plan_;
};

struct LinkedRowEntry {
  const LinkedLayer* layer = nullptr;
  double begin = 0;  // cycles from that of the first
};

// Of one client's operations, in order; empty: one of them is too long.
[[nodiscard]] std::vector<LinkedTimes> walk_linked_row(const std::vector<LinkedRowEntry>& row,
                                                       const memory::MemorySystem& memory,
                                                       const HardwareParameters& hardware);

}  // namespace nvdla::amaix
