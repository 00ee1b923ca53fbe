// SPDX-License-Identifier: Apache-2.0
// A layer in closed form while it runs. Its own time goes on by `speed` a cycle, and what it does is dated in
// it: cycles from its begin.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "engine/levels/port_profile.h"
#include "engine/units/unit.h"
#include "hardware/nearest_cycle.h"

namespace nvdla::engine {

// Rounding of sums of `speed`, in cycles.
inline constexpr double kSlack = 1e-6;

struct Lump {
  // What comes before its end.
  struct Due {
    enum class Kind : std::uint8_t { kInterrupt, kPart, kOperation };
    Cycle at = 0;
    Kind kind = Kind::kInterrupt;
    std::uint8_t index = 0;  // in the layer
  };

  ClosedLayer layer;
  Cycle begin = 0;
  double own = 0, speed = 1;  // of cycle `at`
  Cycle at = 0;
  Cycle length = 0;
  bool over = false;
  Cycle behind = 0;          // what is left of it when the layer of its engine before it ends
  Cycle first_phase = 0;     // when its phases begin
  std::array<Due, 13> dues;  // in order; of a layer 2 interrupts, 8 parts and 3 operations at most
  std::size_t due_count = 0, done = 0;
  // By how much it is late where it is walked with others, and which of those it is.
  std::optional<amaix::SharedDelay> delay;
  std::size_t shared = 0;
  std::optional<PortProfile> profile;  // once there is another layer
  std::size_t at_part = PortProfile::kNone;

  void set_dues() {
    const auto add = [&](double time, Due::Kind kind, std::size_t index) {
      const Cycle cycle = nearest_cycle(time);
      if (cycle >= length) return;
      // Of one cycle they stay in order.
      std::size_t place = due_count++;
      for (; place > 0 && dues[place - 1].at > cycle; --place) dues[place] = dues[place - 1];
      dues[place] = {cycle, kind, static_cast<std::uint8_t>(index)};
    };
    for (std::size_t i = 0; i < layer.other_interrupts.size(); ++i)
      if (layer.other_interrupts[i].at) add(*layer.other_interrupts[i].at, Due::Kind::kInterrupt, i);
    for (std::size_t i = 0; i < layer.early.size(); ++i) add(layer.early[i].second, Due::Kind::kPart, i);
    for (std::size_t i = 0; i < layer.operations.size(); ++i)
      if (layer.operations[i].done) add(*layer.operations[i].done, Due::Kind::kOperation, i);
  }
  // Of a convolution: the part of the port's time that SDP and PDP behind it need, a beat in `pace` cycles.
  [[nodiscard]] double behind_share(MemorySpace port, double pace, const HardwareParameters& hardware) const {
    std::uint64_t bytes = 0;
    for (std::size_t i = 1; i < layer.operations.size(); ++i)
      bytes += (port == MemorySpace::kDbb ? layer.operations[i].dbb : layer.operations[i].cvsram).total();
    const double cycles = static_cast<double>(length) - layer.first_write;
    return static_cast<double>(bytes) / hardware.dbb_width_bytes * pace / std::max(1.0, cycles);
  }
  [[nodiscard]] Engine engine() const { return layer.operations.front().engine; }
  [[nodiscard]] bool quiet() const { return layer.moves_until && own + 1 > *layer.moves_until; }
  [[nodiscard]] bool due(Cycle after) const { return own + kSlack >= static_cast<double>(after); }
  // Those that were due before the layer was complete come with the next.
  [[nodiscard]] Cycle next_due() const {
    for (std::size_t next = done; next < due_count; ++next)
      if (!due(dues[next].at)) return dues[next].at;
    return length;
  }
  void release(Unit part) { released_ |= 1U << static_cast<unsigned>(part); }
  [[nodiscard]] bool released(Unit part) const {
    return (released_ >> static_cast<unsigned>(part) & 1U) != 0;
  }

 private:
  std::uint32_t released_ = 0;
};

}  // namespace nvdla::engine
