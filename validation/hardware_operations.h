// SPDX-License-Identifier: Apache-2.0
// Hardware operations and their latency, by one definition for recordings and model.
//
// A hardware operation is one activation of CONV with the SDP, and the PDP behind it, that work on the fly;
// or one activation of SDP from memory (with a PDP behind it), PDP, CDP, BDMA or RUBIK.
//   latency = interrupt of the chain's last unit - max(enable, previous interrupt of the chain's first unit)
// where CONV's enable is CDMA's and its interrupt CACC's.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/events.h"

namespace nvdla::validation {

// Activations that fit no chain: an SDP on the fly without its convolution, and the like.
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
  Resource bound_by = Resource::kOverhead;
  [[nodiscard]] Cycle latency() const { return end - begin; }
};

// In order of unit, then sequence. Throws MatchingError.
[[nodiscard]] std::vector<HardwareOperation> hardware_operations(
    std::vector<engine::OperationRecord> activations);

// "CONV 3"
[[nodiscard]] std::string operation_name(Engine unit, std::uint32_t sequence);

// "CONV+SDP"
[[nodiscard]] std::string chain_name(const std::vector<Engine>& chain);

}  // namespace nvdla::validation
