// SPDX-License-Identifier: Apache-2.0
// DMA of the model against DMA of a recording: bytes by activation, port and client; and, where the
// recording has a DMA trace, the address of every beat in order, by port, direction and client. Bursts are
// compared beat by beat: how a port groups beats is its own matter.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "engine/events.h"
#include "host/replay.h"
#include "validation/recording.h"

namespace nvdla::validation {

// Bytes that one client moved for one activation, where model and recording differ. Reads are compared by
// port; writes over both ports, because a recording does not tell the port of a write.
struct ByteMismatch {
  Engine unit = Engine::kConv;
  std::uint32_t sequence = 0;
  std::string stream;  // "DBB read cdmadat", "write sdp"
  std::uint64_t recorded = 0;
  std::uint64_t modelled = 0;
};

struct ByteComparison {
  std::size_t compared = 0;  // streams with bytes on either side
  std::vector<ByteMismatch> mismatches;
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> totals;  // by stream: recorded, modelled
};

// Activations that only one side has are compared with nothing. A recording counts the first beat behind the
// interrupt of an operation for that operation: where the model, whose registers say so, writes nothing, it
// belongs to the unit's next one.
[[nodiscard]] ByteComparison compare_bytes(const std::vector<engine::OperationRecord>& recorded,
                                           const std::vector<engine::OperationRecord>& modelled);

// Addresses of beats by stream, in order.
class DmaStreams {
 public:
  struct Key {
    MemorySpace port = MemorySpace::kDbb;
    bool write = false;
    Client client = Client::kBdma;
    bool operator<(const Key& other) const {
      return std::tie(port, write, client) < std::tie(other.port, other.write, other.client);
    }
  };

  explicit DmaStreams(std::uint32_t bus_bytes) : bus_bytes_(bus_bytes) {}
  void add(const host::DmaBurst& burst);
  [[nodiscard]] const std::map<Key, std::vector<std::uint64_t>>& beats() const { return beats_; }

 private:
  std::uint32_t bus_bytes_;
  std::map<Key, std::vector<std::uint64_t>> beats_;
};

// Throws host::InputError, "file:line: what".
[[nodiscard]] DmaStreams load_dma_trace(const std::string& path, std::uint32_t bus_bytes);

struct StreamComparison {
  std::string stream;
  std::uint64_t recorded_beats = 0;
  std::uint64_t modelled_beats = 0;
  std::uint64_t in_order = 0;  // positions with equal addresses
  bool same_set = false;       // the same addresses, each as often, in whatever order
  // The first position where the addresses differ, or where one side has ended.
  std::optional<std::uint64_t> first_difference;
  std::optional<std::uint64_t> recorded_address, modelled_address;
};

[[nodiscard]] std::vector<StreamComparison> compare_streams(const DmaStreams& recorded,
                                                            const DmaStreams& modelled);

}  // namespace nvdla::validation
