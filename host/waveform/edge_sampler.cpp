// SPDX-License-Identifier: Apache-2.0
#include "host/waveform/edge_sampler.h"

namespace nvdla::host {

EdgeSampler::EdgeSampler(VcdReader& reader, const PinBinding& binding)
    : reader_(reader), binding_(binding), parts_(reader.nets()) {
  std::array<std::uint64_t, kPins> covered{};
  for (const PinPart& part : binding.parts) {
    parts_[part.net].push_back(part);
    const std::uint64_t ones = part.width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << part.width) - 1;
    covered[part.pin] |= ones << part.lsb;
  }
  // Bits that no signal brings are 0 and known.
  for (Pin pin = 0; pin < kPins; ++pin) after_[pin].unknown = before_[pin].unknown = covered[pin];
}

// The value at hand to the pins of its net.
void EdgeSampler::apply() {
  const std::string_view bits = reader_.bits();
  for (const PinPart& part : parts_[reader_.net()]) {
    std::uint64_t value = 0, unknown = 0;
    for (std::uint32_t i = 0; i < part.width; ++i) {
      char bit = i < bits.size() ? bits[bits.size() - 1 - i] : bits.front();
      if (i >= bits.size() && bit == '1') bit = '0';
      if (bit == '1') value |= std::uint64_t{1} << i;
      if (bit != '1' && bit != '0') unknown |= std::uint64_t{1} << i;
    }
    const std::uint64_t ones = part.width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << part.width) - 1;
    if (part.inverted) value = ~value & ones & ~unknown;
    Value& pin = after_[part.pin];
    pin.value = (pin.value & ~(ones << part.lsb)) | value << part.lsb;
    pin.unknown = (pin.unknown & ~(ones << part.lsb)) | unknown << part.lsb;
  }
}

bool EdgeSampler::next(Edges& edges) {
  const bool two_clocks = binding_.present[kPinCsbClock];
  while (!ended_) {
    before_ = after_;
    VcdReader::Event event = reader_.next();
    for (; event == VcdReader::Event::kValue; event = reader_.next()) apply();
    ended_ = event == VcdReader::Event::kEnd;
    edge_time_ = time_;
    time_ = reader_.time();
    edges.core = rises(before_[kPinClock], after_[kPinClock]);
    edges.csb = two_clocks ? rises(before_[kPinCsbClock], after_[kPinCsbClock]) : edges.core;
    if (edges.core || edges.csb) return true;
  }
  return false;
}

}  // namespace nvdla::host
