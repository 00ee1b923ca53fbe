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
  // `own` is where its output is. A convolution that has read all computes ahead of what the port takes, by
  // at most what its buffers hold; when the port is free again the output catches up.
  double lead = 0, most_lead = 0;
  double write = 1;  // the part of the port's time that output asks for when none waits

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
  // Of a convolution: the parts of the port's time, and of the reads that may be open, that SDP and PDP
  // behind it need.
  struct Share {
    double time = 0, open = 0;
    [[nodiscard]] double most() const { return std::max(time, open); }
  };
  [[nodiscard]] Share behind_share(MemorySpace port, const amaix::PortLimits& limits,
                                   const HardwareParameters& hardware) const {
    std::uint64_t read = 0, written = 0;
    for (std::size_t i = 1; i < layer.operations.size(); ++i) {
      const Traffic& traffic =
          port == MemorySpace::kDbb ? layer.operations[i].dbb : layer.operations[i].cvsram;
      for (const std::uint64_t bytes : traffic.read) read += bytes;
      for (const std::uint64_t bytes : traffic.written) written += bytes;
    }
    const double cycles = std::max(1.0, static_cast<double>(length) - layer.first_write);
    const double bus = hardware.dbb_width_bytes * cycles;
    return {static_cast<double>(read + written) * limits.beat / bus,
            static_cast<double>(read) * limits.pace() / bus};
  }
  // It reads operands while it works, round by round, which wait for all that others have asked for.
  [[nodiscard]] bool reads_on() const { return layer.late_operands[0] + layer.late_operands[1] > 0; }
  [[nodiscard]] Engine engine() const { return layer.operations.front().engine; }
  [[nodiscard]] bool quiet() const { return layer.moves_until && own + 1 > *layer.moves_until; }
  [[nodiscard]] bool due(Cycle after) const { return own + kSlack >= static_cast<double>(after); }
  [[nodiscard]] bool due(const Due& what) const { return cycles_to(what) <= kSlack; }
  // CSC and the MAC array have done it when it is computed, the others when its output is there.
  [[nodiscard]] double cycles_to(const Due& what) const {
    const auto at = static_cast<double>(what.at);
    if (speed == 1 && lead == 0) return at - own;
    const auto computed = [&] {
      const double left = at - own - lead;
      const double ahead = speed < 1 ? (most_lead - lead) / (1 - speed) : left;
      return left <= ahead ? left : ahead + (left - ahead) / speed;
    };
    const Unit part = what.kind == Due::Kind::kPart ? layer.early[what.index].first : Unit::kSdp;
    if (engine() != Engine::kConv || what.kind == Due::Kind::kInterrupt || part == Unit::kCdma)
      return (at - own) / speed;
    if (computes(part)) return computed();
    return std::max(computed(), (at - layer.taken_before - own) / speed);
  }
  void pass(Cycle now) {
    const auto passed = static_cast<double>(now - at);
    own = delay ? delay->own(static_cast<double>(now - begin)) : own + passed * speed;
    if (speed != 1) lead = std::clamp(lead + passed * (1 - speed), 0.0, most_lead);
    at = now;
  }
  // Those that were due before the layer was complete come with the next.
  [[nodiscard]] double cycles_to_next() const {
    for (std::size_t next = done; next < due_count; ++next)
      if (!due(dues[next])) return cycles_to(dues[next]);
    return (static_cast<double>(length) - own) / speed;
  }
  void release(Unit part) { released_ |= 1U << static_cast<unsigned>(part); }
  [[nodiscard]] bool released(Unit part) const {
    return (released_ >> static_cast<unsigned>(part) & 1U) != 0;
  }

 private:
  [[nodiscard]] static bool computes(Unit part) {
    return part == Unit::kCsc || part == Unit::kCmacA || part == Unit::kCmacB || part == Unit::kCacc;
  }
  std::uint32_t released_ = 0;
};

}  // namespace nvdla::engine
