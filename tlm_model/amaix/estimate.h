// SPDX-License-Identifier: Apache-2.0
// What a sub-model answers in closed form: the cycles of one hardware operation, the bound that every
// resource sets and which one binds. Levels: `roofline` is the largest of the bounds; `refined` adds
// the phases that do not overlap (fill, drain, tail). No simulation, no SystemC.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
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
  Resource resource = Resource::kProgramming;
  double work = 0;
  double rate = 1;
  [[nodiscard]] double cycles() const { return work / rate; }
};

// A part of the operation's time, and what it goes to.
struct Phase {
  Resource resource = Resource::kProgramming;
  double cycles = 0;
};

struct Estimate {
  double cycles = 0;
  // What it adds when it follows another operation of its engine without a pause: the binding phase alone.
  double steady = 0;
  // Level refined, of a unit that reads memory: its read DMA and its core release their groups, in cycles
  // from the start; the next operation of the unit fetches from then on.
  double fetch_done = 0, released = 0;
  double first_write = 0;  // on the bus, not before
  std::vector<Bound> bounds;
  std::vector<Phase> phases;  // in order of time; their sum is `cycles`
  Traffic dbb;
  Traffic cvsram;

  // What most of its time goes to.
  [[nodiscard]] Resource bound_by() const;
  // The roofline: the binding one of `bounds` is the whole time.
  void take_roofline();
  // The refined level: the phases are the whole time.
  void take_phases(std::vector<Phase> parts);
};

// Builds phases by the time at which each ends.
class PhaseList {
 public:
  // The time from the end of the phase before to `until` goes to `resource`; nothing if that is not later.
  void until(Resource resource, double until) { add(resource, until - end_); }
  void add(Resource resource, double cycles) {
    if (cycles <= 0) return;
    end_ += cycles;
    phases_.push_back({resource, cycles});
  }
  // Room for so many phases.
  void reserve(std::size_t count) { phases_.reserve(count); }
  [[nodiscard]] double end() const { return end_; }
  [[nodiscard]] std::vector<Phase> take() { return std::move(phases_); }

 private:
  double end_ = 0;
  std::vector<Phase> phases_;
};

}  // namespace nvdla::amaix
