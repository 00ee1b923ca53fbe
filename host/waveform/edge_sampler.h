// SPDX-License-Identifier: Apache-2.0
// The values of pins as hardware takes them over: at a rising edge of a clock, those from before it. What
// changes in the same step of time as the clock changes because of it.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "host/waveform/pin_map.h"
#include "host/waveform/vcd_reader.h"

namespace nvdla::host {

class EdgeSampler {
 public:
  // Both outlive the sampler.
  EdgeSampler(VcdReader& reader, const PinBinding& binding);

  struct Edges {
    bool core = false;
    bool csb = false;  // the same as core where the waveform has one clock
  };
  // Goes to the next rising edge. False at the end of the waveform.
  bool next(Edges& edges);

  // Before the edge. Bits that are unknown (x, z) are 0.
  [[nodiscard]] std::uint64_t value(Pin pin) const { return before_[pin].value; }
  [[nodiscard]] bool high(Pin pin) const { return (before_[pin].value & 1U) != 0; }
  // No bit is x or z.
  [[nodiscard]] bool known(Pin pin) const { return before_[pin].unknown == 0; }
  [[nodiscard]] bool present(Pin pin) const { return binding_.present[pin]; }
  // Of the edge.
  [[nodiscard]] std::uint64_t time() const { return edge_time_; }

 private:
  struct Value {
    std::uint64_t value = 0;
    std::uint64_t unknown = ~std::uint64_t{0};
  };
  void apply();
  [[nodiscard]] static bool rises(const Value& from, const Value& to) {
    return (from.unknown & 1U) == 0 && (from.value & 1U) == 0 && (to.unknown & 1U) == 0 &&
           (to.value & 1U) != 0;
  }

  VcdReader& reader_;
  const PinBinding& binding_;
  std::vector<std::vector<PinPart>> parts_;  // by net
  std::array<Value, kPins> before_{}, after_{};
  std::uint64_t time_ = 0, edge_time_ = 0;
  bool ended_ = false;
};

}  // namespace nvdla::host
