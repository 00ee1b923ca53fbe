// SPDX-License-Identifier: Apache-2.0
// What a sub-model answers in closed form: the cycles of one hardware operation, the bound that every
// resource sets and which one binds. Levels: `roofline` is the largest of the bounds; `refined` adds
// the phases that do not overlap (fill, drain, tail). No simulation, no SystemC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hardware/clients.h"
#include "hardware/resource.h"
#include "memory/description.h"

namespace nvdla::amaix {

enum class Level : std::uint8_t { kRoofline, kRefined, kDynamic };

[[nodiscard]] std::string_view level_name(Level level);
[[nodiscard]] std::optional<Level> level_from_name(std::string_view name);

// cycles = work / rate of one resource. Units of work: atomic operations, transfers, bytes.
struct Bound {
  Resource resource = Resource::kOverhead;
  double work = 0;
  double rate = 1;
  [[nodiscard]] double cycles() const { return work / rate; }
};

struct Phase {
  std::string name;  // "fill", "steady", "tail", ...
  double cycles = 0;
};

struct Estimate {
  double cycles = 0;
  Resource bound_by = Resource::kOverhead;
  std::vector<Bound> bounds;
  std::vector<Phase> phases;  // refined only; their sum is `cycles`
  Traffic dbb;
  Traffic cvsram;
};

}  // namespace nvdla::amaix
