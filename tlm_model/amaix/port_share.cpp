// SPDX-License-Identifier: Apache-2.0
#include "amaix/port_share.h"

#include <algorithm>
#include <cmath>

namespace nvdla::amaix {
namespace {

constexpr int kRounds = 24;  // each halves what is left of the difference
constexpr double kSame = 1e-9, kClose = 1e-4;

struct Share {
  double asked = 0, weight = 1;
  double given = 0;
  bool content = false;  // has what it asked for
};

// By turns: who asks for less than its turns gets it, the others share the rest. What a weight of 1 gets of
// those; 1 if there are none.
template <typename Shares>
double give(Shares& shares, double capacity) {
  double weights = 0;
  for (Share& share : shares) {
    share.content = false;
    weights += share.weight;
  }
  for (bool some = true; some;) {
    some = false;
    const double turn = weights > 0 ? capacity / weights : 1;
    for (Share& share : shares) {
      if (share.content || share.asked > turn * share.weight) continue;
      share.content = true;
      share.given = share.asked;
      capacity -= share.asked;
      weights -= share.weight;
      some = true;
    }
  }
  double turn = 1;
  for (Share& share : shares) {
    if (share.content) continue;
    turn = std::max(0.0, capacity) / weights;
    share.given = turn * share.weight;
  }
  return turn;
}

bool enough(const std::vector<PortUse>& uses, const std::array<PortLimits, kPorts>& limits) {
  for (std::size_t port = 0; port < kPorts; ++port) {
    double asked = 0, read = 0;
    for (const PortUse& use : uses) {
      asked += use.read[port] + use.write[port];
      read += use.read[port];
    }
    if (asked > 1 + kSame || read * limits[port].latency / limits[port].beat > limits[port].open + kSame)
      return false;
  }
  return true;
}

// What a port lets reads and writes of each operation do, as parts of what they ask for alone.
class Port {
 public:
  Port(const std::vector<PortUse>& uses, std::size_t port, const PortLimits& limits)
      : uses_(uses),
        port_(port),
        limits_(limits),
        turn_(std::max(limits.latency, limits.open * limits.beat)),
        of_(uses.size()),
        written_(uses.size()),
        open_(uses.size()),
        returned_(uses.size()) {
    for (const PortUse& use : uses) {
      left_ = std::max(left_, use.left[port]);
      used_ = used_ || use.read[port] + use.write[port] > 0;
    }
  }

  [[nodiscard]] double speed(std::size_t i) const { return std::min(by_reads(i), of_[i].writes); }

  // All operations as fast as the other port lets them be; true if it changes little.
  bool settle(const Port& other) {
    if (!used_) return true;
    std::array<Share, 2> directions;
    for (std::size_t i = 0; i < uses_.size(); ++i) {
      const PortUse& use = uses_[i];
      const double elsewhere = other.speed(i);
      const double read = use.read[port_] * std::min(of_[i].writes, elsewhere);
      written_[i].asked = use.write[port_] * std::min(by_reads(i), elsewhere);
      directions[0].asked += read;
      directions[1].asked += written_[i].asked;
      open_[i] = {std::min(use.depth[port_], read * std::min(turn_, use.left[port_]) / limits_.beat),
                  std::max(1.0, use.clients[port_])};
    }
    give(directions, 1);
    const double turn = give(written_, directions[1].given);
    give(open_, limits_.open);
    double opened = 0;
    for (std::size_t i = 0; i < uses_.size(); ++i) {
      opened += open_[i].given;
      returned_[i] = {open_[i].given * limits_.beat / turn_, open_[i].weight};
    }
    give(returned_, directions[0].given);
    const double beside_writes = std::min(1.0, directions[0].given / std::min(1.0, directions[0].asked));
    moved_ = 0;
    for (std::size_t i = 0; i < uses_.size(); ++i) {
      const PortUse& use = uses_[i];
      const bool bound = open_[i].given < open_[i].asked - kSame || open_[i].asked >= use.depth[port_] ||
                         returned_[i].given < returned_[i].asked - kSame;
      const double read = returned_[i].given;
      const double reads = bound && read < use.read[port_] ? read / use.read[port_] : 1;
      approach(of_[i].reads, use.ahead ? std::min(reads, beside_writes) : reads);
      const double most = std::max(turn, written_[i].given);
      approach(of_[i].writes, most < use.write[port_] ? most / use.write[port_] : 1);
    }
    const double returns = directions[0].given / limits_.beat;
    double turn_next = limits_.latency;
    if (opened > 0 && returns < 1 - kSame) {
      const double grown = limits_.latency + (1 - returns) / returns * left_ / 2;
      turn_next = std::max(limits_.latency, std::min(grown, opened / returns));
    }
    approach(turn_, turn_next);
    return moved_ < kClose;
  }

 private:
  struct Parts {
    double reads = 1, writes = 1;
  };
  [[nodiscard]] double by_reads(std::size_t i) const {
    return std::min(1.0, of_[i].reads / uses_[i].needed[port_]);
  }
  void approach(double& value, double next) {
    moved_ = std::max(moved_, std::abs(next - value) / value);
    value = (value + next) / 2;
  }

  const std::vector<PortUse>& uses_;
  std::size_t port_;
  PortLimits limits_;
  bool used_ = false;
  double turn_, left_ = 0, moved_ = 0;
  std::vector<Parts> of_;
  std::vector<Share> written_, open_, returned_;
};

}  // namespace

std::vector<double> speeds(const std::vector<PortUse>& uses, const std::array<PortLimits, kPorts>& limits) {
  std::vector<double> result(uses.size(), 1.0);
  if (enough(uses, limits)) return result;
  std::array<Port, kPorts> ports = {Port(uses, 0, limits[0]), Port(uses, 1, limits[1])};
  for (int round = 0; round < kRounds; ++round) {
    const bool first = ports[0].settle(ports[1]);
    if (ports[1].settle(ports[0]) && first) break;
  }
  for (std::size_t i = 0; i < uses.size(); ++i) result[i] = std::min(ports[0].speed(i), ports[1].speed(i));
  return result;
}

}  // namespace nvdla::amaix
