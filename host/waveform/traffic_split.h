// SPDX-License-Identifier: Apache-2.0
// Which operation a burst of the waveform belongs to. The bus does not tell: one client serves one operation
// behind the other. Where one ends and the next begins is taken from a run of the model on the imported
// trace: the first address, the range and the number of beats of each operation. What is counted is the
// waveform's.
//
// Rule, for each port, client and direction: a burst belongs to the operation of the burst before, unless all
// beats that the model expects of that one have passed, or the burst lies outside of its range and inside
// the next one's.
// Limits: an operation that moves other beats than the model says, next to one with the same addresses, may
// lose beats to it or gain some.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "hardware/clients.h"
#include "hardware/parameters.h"
#include "host/program.h"
#include "host/replay.h"

namespace nvdla::host {

class TrafficSplit {
 public:
  // Plays the program, as far as the model runs it.
  TrafficSplit(const Program& program, const ReplayOptions& options);
  // Why the model did not run all of it; empty: it did.
  [[nodiscard]] const std::string& failure() const { return failure_; }

  // In order of time.
  void add(const DmaBurst& burst);

  struct Share {
    OperationId operation;
    MemorySpace port = MemorySpace::kDbb;
    bool write = false;
    Client client = Client::kBdma;
    std::uint64_t beats = 0;  // of the waveform
  };
  // Those with beats, by engine and sequence.
  [[nodiscard]] std::vector<Share> shares() const;
  // Bursts of clients that the model does not expect at all.
  [[nodiscard]] std::uint64_t unexpected() const { return unexpected_; }

 private:
  struct Part {
    OperationId operation;
    std::uint64_t low = 0, high = 0;  // of the addresses
    std::uint64_t expected = 0;       // beats of the model
    std::uint64_t beats = 0;
  };
  struct Stream {
    std::vector<Part> parts;
    std::size_t current = 0;
  };
  using Key = std::tuple<MemorySpace, bool, Client>;
  class Expectation;

  std::map<Key, Stream> streams_;
  std::uint64_t unexpected_ = 0;
  std::string failure_;
};

}  // namespace nvdla::host
