// SPDX-License-Identifier: Apache-2.0
#include "amaix/estimate.h"

#include <array>

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

}  // namespace nvdla::amaix
