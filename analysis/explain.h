// SPDX-License-Identifier: Apache-2.0
// The answer to "why does this network take that long on this design": causes by layer, utilisations,
// roofline points, and what each level of the model adds (divide and conquer).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/causes.h"
#include "analysis/evaluate.h"

namespace nvdla::analysis {

// Where a layer stands under the roofs of the design. Work: multiplications of a convolution, elements of
// every other layer.
struct RooflinePoint {
  bool multiplications = false;
  std::uint64_t work = 0;
  double intensity = 0;     // work a byte on DBB and CVSRAM
  double attained = 0;      // work a cycle, from begin to end of the layer
  double compute_roof = 0;  // work a cycle of the engine that does it
  double memory_roof = 0;   // intensity times the bandwidth of the memories
};

// Shares of what the design could do in the time, 0 to 1.
struct Utilisation {
  double mac_array = 0;
  double dbb = 0, cvsram = 0;
  double cbuf = 0;  // bytes that the layer keeps there at most; of a network: the most
};

struct ExplainedLayer : LayerCauses {
  std::string name;
  std::uint64_t multiplications = 0;
  Traffic dbb, cvsram;
  std::uint64_t weight_bytes = 0;  // read from memory
  bool compressible = false;       // the mask bits of its weights fit their bank (operation/weight_mask.h)
  Utilisation utilisation;
  RooflinePoint roofline;
  // The cause with most of its cycles, and those.
  [[nodiscard]] Cause main_cause() const;
};

// The network at one level, for divide and conquer: what a level adds to the one before, by cause.
struct LevelTotal {
  amaix::Level level = amaix::Level::kRoofline;
  Cycle cycles = 0;
  CauseAccount causes{};
};

struct Explanation {
  std::string input;
  HardwareParameters hardware;
  memory::MemorySystem memory;
  amaix::Level level = amaix::Level::kDynamic;
  Evaluation evaluation;
  std::vector<ExplainedLayer> layers;  // in the order in which they end
  CauseAccount causes{};               // of all; their sum is evaluation.cycles
  Utilisation utilisation;
  TrafficOverTime traffic{1};      // of `level`
  std::vector<LevelTotal> levels;  // rising, up to `level`
  std::optional<Cycle> recorded;   // of the same network and memory on the RTL
};

// Throws what evaluate() throws. Levels above `level` are not evaluated.
[[nodiscard]] Explanation explain(const Network& network, const Design& design,
                                  const memory::MemorySystem& memory, amaix::Level level);

}  // namespace nvdla::analysis
