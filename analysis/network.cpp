// SPDX-License-Identifier: Apache-2.0
#include "analysis/network.h"

#include <array>
#include <mutex>
#include <utility>

namespace nvdla::analysis {

namespace {

// What the writes of a mapped network depend on.
using Key = std::array<std::uint32_t, 11>;
Key key_of(const HardwareParameters& h) {
  return {static_cast<std::uint32_t>(h.generation),
          h.memory_atom_bytes,
          h.atomic_c,
          h.atomic_k_int8,
          h.cbuf_banks,
          h.cbuf_entry_bytes,
          h.cbuf_entries_per_bank,
          h.sdp_lut ? 1U : 0U,
          h.sdp_bn_throughput > 0 ? 1U : 0U,
          (h.int8 ? 1U : 0U) | (h.fp16 ? 2U : 0U),
          h.mem_address_bits};
}
constexpr std::size_t kMostMapped = 256;  // kept at once

}  // namespace

struct Network::Mapped {
  Mapping make;
  std::mutex guard;
  std::map<Key, std::shared_ptr<const Network>> networks;
};

Network::Network(const std::string& trace, const HardwareParameters& hardware)
    : Network(host::Program(trace), hardware) {}

Network::Network(const host::Program& program, const HardwareParameters& hardware)
    : program_(std::make_shared<const host::Program>(program)),
      hardware_(hardware),
      known_(std::make_shared<amaix::KnownWork>()) {
  check(hardware_);
  operations_ = std::make_shared<const ReadOperations>(read_operations(*program_, hardware_));
}

void Network::map_with(Mapping mapping) {
  mapped_ = std::make_shared<Mapped>();
  mapped_->make = std::move(mapping);
}

std::shared_ptr<const Network> Network::mapped(const HardwareParameters& hardware) const {
  const Key key = key_of(hardware);
  if (key == key_of(hardware_)) return nullptr;
  {
    const std::lock_guard<std::mutex> lock(mapped_->guard);
    const auto found = mapped_->networks.find(key);
    if (found != mapped_->networks.end()) return found->second;
  }
  const auto made = std::make_shared<const Network>(mapped_->make(hardware));
  const std::lock_guard<std::mutex> lock(mapped_->guard);
  if (mapped_->networks.size() >= kMostMapped) mapped_->networks.clear();
  return mapped_->networks.emplace(key, made).first->second;
}

std::string Network::name_of(OperationId operation) const {
  const auto found = names_.find(operation);
  if (found != names_.end() && !found->second.empty()) return found->second;
  return std::string(engine_name(operation.engine)) + " " + std::to_string(operation.sequence);
}

}  // namespace nvdla::analysis
