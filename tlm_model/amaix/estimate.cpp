// SPDX-License-Identifier: Apache-2.0
#include "amaix/estimate.h"

#include <algorithm>
#include <array>

#include "hardware/nearest_cycle.h"

namespace nvdla::amaix {

namespace {
constexpr std::array<std::string_view, 3> kLevels = {"roofline", "refined", "dynamic"};
}  // namespace

std::string_view level_name(Level level) { return kLevels[static_cast<std::size_t>(level)]; }

std::optional<Level> level_from_name(std::string_view name) {
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    if (kLevels[i] == name) return static_cast<Level>(i);
  }
  return std::nullopt;
}

void Estimate::take_roofline() {
  const auto binding = std::max_element(
      bounds.begin(), bounds.end(), [](const Bound& a, const Bound& b) { return a.cycles() < b.cycles(); });
  take_phases({{binding->resource, binding->cycles()}});
}

void Estimate::take_phases(std::vector<Phase> parts) {
  phases = std::move(parts);
  cycles = 0;
  for (const Phase& phase : phases) cycles += phase.cycles;
}

Resource Estimate::bound_by() const {
  Account account{};
  for (const Phase& phase : phases)
    account[static_cast<std::size_t>(phase.resource)] += nearest_cycle(phase.cycles);
  return nvdla::bound_by(account);
}

}  // namespace nvdla::amaix
