// SPDX-License-Identifier: Apache-2.0
// Exploration of a space of designs: every point is a network on a design with a memory, evaluated on all
// cores. Networks are decoded once, a design's program is made once for points that follow each other.
//
// Axes: every hardware parameter (hardware/parameter_table.h; what depends on one follows it), dbb.latency,
// dbb.bandwidth, dbb.max_outstanding, the same of cvsram, and network, the index of one of the networks.
// Metrics, of which constraints and objectives are made, besides the axes' own keys and all parameters:
//   cycles, milliseconds, per_second      of one network
//   macs                                  atomic_c * atomic_k_int8
//   cbuf_bytes                            size of CBUF
//   dbb_bytes, cvsram_bytes               moved by one network
//   peak_gbytes                           10^9 bytes a second that the memories can move at most
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "analysis/evaluate.h"
#include "analysis/space.h"

namespace nvdla::analysis {

struct Constraint {
  std::string metric;
  enum class Relation : std::uint8_t { kAtMost, kAtLeast } relation = Relation::kAtMost;
  double bound = 0;
};
// "cbuf_bytes <= 524288". Throws std::invalid_argument.
[[nodiscard]] Constraint parse_constraint(const std::string& text);

struct ExplorationPoint {
  std::uint64_t number = 0;
  std::vector<double> values;  // of the axes
  enum class State : std::uint8_t {
    kEvaluated,
    kExcluded,    // breaks a constraint
    kInfeasible,  // parameters that contradict each other, or a network that the design cannot execute
  } state = State::kEvaluated;
  std::string reason;                     // of kExcluded and kInfeasible
  std::map<std::string, double> metrics;  // of kEvaluated, and of kExcluded by what was evaluated
};

struct ExplorationSpec {
  std::vector<Network> networks;
  HardwareParameters hardware;
  memory::MemorySystem memory;
  amaix::Level level = amaix::Level::kRefined;
  Space space{{}, Sampling::kGrid, 0, 0};
  std::vector<Constraint> constraints;
};

// Throws std::invalid_argument for an axis or a constraint that is not known.
void check(const ExplorationSpec& spec);

// Evaluates the points `numbers` of the space in `threads` threads (0: one a core). `done` is called with a
// few points at a time, by one thread at a time, in no particular order; what it throws ends the exploration.
void explore(const ExplorationSpec& spec, const std::vector<std::uint64_t>& numbers, unsigned threads,
             const std::function<void(const std::vector<ExplorationPoint>&)>& done);

// Smaller is better, but for per_second.
[[nodiscard]] bool larger_is_better(const std::string& metric);
[[nodiscard]] bool known_metric(const std::string& metric);

}  // namespace nvdla::analysis
