// SPDX-License-Identifier: Apache-2.0
#include "amaix/port_share.h"

#include <algorithm>
#include <numeric>

namespace nvdla::amaix {
namespace {

// What each gets of one port.
std::vector<double> given(const std::vector<PortUse>& uses, std::size_t port) {
  std::vector<std::size_t> order(uses.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // Who asks for least in relation to its turns is served first.
  std::sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    return uses[x].share[port] * uses[y].weight < uses[y].share[port] * uses[x].weight;
  });
  double left = 1, weights = 0;
  for (const PortUse& use : uses) weights += use.weight;
  std::vector<double> result(uses.size());
  for (const std::size_t i : order) {
    result[i] = std::min(uses[i].share[port], left * uses[i].weight / weights);
    left -= result[i];
    weights -= uses[i].weight;
  }
  return result;
}

}  // namespace

std::vector<double> speeds(const std::vector<PortUse>& uses) {
  std::vector<double> result(uses.size(), 1.0);
  for (std::size_t port = 0; port < kPorts; ++port) {
    double asked = 0;
    for (const PortUse& use : uses) asked += use.share[port];
    if (asked <= 1) continue;
    const std::vector<double> parts = given(uses, port);
    for (std::size_t i = 0; i < uses.size(); ++i)
      if (uses[i].share[port] > 0) result[i] = std::min(result[i], parts[i] / uses[i].share[port]);
  }
  return result;
}

}  // namespace nvdla::amaix
