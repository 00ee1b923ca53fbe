// SPDX-License-Identifier: Apache-2.0
// A network's register program for another design: the writes that the driver would have made there.
//
// What follows the hardware in a driver's writes is the division of CBUF (analysis/buffer_split.h): entries
// of a line, banks of data and weights, and the lines that image mode takes at once (CSC D_POST_Y_EXTENSION).
// All else stays: order, sizes, addresses, splits by height, and how often the driver looks. Where the
// trace's own numbers are not those of the rule, they are scaled with the size of a bank. Limits: same
// generation and same memory_atom_bytes (the layout of features in memory); a larger CBUF does not undo a
// split by height, a smaller one does not make one: the design is then Infeasible.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/buffer_split.h"
#include "analysis/network.h"

namespace nvdla::analysis {

// What the weights of the network would be if they were compressed.
struct Compression {
  double zeros = 0;  // share of the weights that are zero, 0 to 1; 0: weights as they are
  std::vector<std::uint32_t> convolutions;  // their sequence numbers; empty: all
};

// Throws Infeasible, naming the layer.
[[nodiscard]] host::Program retarget(const Network& network, const HardwareParameters& hardware,
                                     const Compression& compression = {});

// The design needs other writes than the network's own.
[[nodiscard]] bool needs_retarget(const HardwareParameters& from, const HardwareParameters& to);

}  // namespace nvdla::analysis
