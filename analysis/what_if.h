// SPDX-License-Identifier: Apache-2.0
// What would be faster: the network, evaluated on designs that differ from this one in one thing each, and
// advice that says in one sentence what a change would bring and where.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/explain.h"

namespace nvdla::analysis {

struct Change {
  std::string key;   // "bandwidth", "latency", "atomic_c", ...
  std::string text;  // "128 bytes a cycle on DBB"
  HardwareParameters hardware;
  memory::MemorySystem memory;
  Compression compression;
  // A larger array may need a larger CBUF for one group of kernels, or one line: tried where `hardware`
  // cannot execute the network, and then said in the text.
  std::optional<HardwareParameters> roomier;
};

// Twice the bandwidth (with a wider bus where it is the limit), half the latency, twice the MACs in C or in
// K, twice the CBUF, twice the rate of SDP, PDP, CDP, and, where the hardware has that, compressed weights
// with half of them zero in the layers whose weights bind. A change that the parameters do not allow (an
// array at its largest) is left out.
[[nodiscard]] std::vector<Change> usual_changes(const Explanation& base);

struct WhatIf {
  Change change;
  bool feasible = true;
  std::string reason;  // why not
  Cycle cycles = 0;
  double saved = 0;  // share of the base's total, negative: slower
  // The layer (all operations of its name) that gains most, its cycles before, and what it gains.
  std::string layer;
  Cycle layer_cycles = 0, layer_saved = 0;
  std::string advice;  // one sentence
};

// By what they save, most first; infeasible ones last. Evaluated at the level of `base` by `threads` threads
// (0: one a core). Throws what evaluate() throws, except that Infeasible is an answer.
[[nodiscard]] std::vector<WhatIf> what_if(const Network& network, const Explanation& base,
                                          const std::vector<Change>& changes, unsigned threads = 0);

}  // namespace nvdla::analysis
