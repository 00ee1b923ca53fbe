// SPDX-License-Identifier: Apache-2.0
// Hardware operations and their latency, by one definition for recordings and model.
//
// A hardware operation is a hardware layer (operation/layer_book.h): its head and what works on the fly
// behind it.
//   latency = interrupt of the chain's last engine - max(enable, previous interrupt of the chain's first)
// where CONV's enable is CDMA's and its interrupt CACC's. Which activations belong together follows from the
// registers, which a recording does not have: it takes the layers of the replay.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/events.h"

namespace nvdla::validation {

// An activation whose layer has no head among the activations.
class MatchingError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct HardwareOperation {
  Engine unit = Engine::kConv;  // first of the chain
  std::uint32_t sequence = 0;   // of that unit
  std::vector<Engine> chain;    // units, first to last
  Cycle begin = 0;
  Cycle end = 0;
  Resource bound_by = Resource::kProgramming;
  [[nodiscard]] Cycle latency() const { return end - begin; }
};

// Gives `recorded` the layers of `modelled`. Activations that only one side has are left out of the result
// and named in `missing`.
[[nodiscard]] std::vector<engine::OperationRecord> with_layers(
    const std::vector<engine::OperationRecord>& recorded,
    const std::vector<engine::OperationRecord>& modelled, std::vector<OperationId>& missing);

// In order of unit, then sequence of the head. Throws MatchingError.
[[nodiscard]] std::vector<HardwareOperation> hardware_operations(
    std::vector<engine::OperationRecord> activations);

// "CONV 3"
[[nodiscard]] std::string operation_name(Engine unit, std::uint32_t sequence);

// "CONV+SDP"
[[nodiscard]] std::string chain_name(const std::vector<Engine>& chain);

}  // namespace nvdla::validation
