// SPDX-License-Identifier: Apache-2.0
// A chain of layers with its values as a JSON file (schema nvdla-chain/1), for compiled networks of one's
// own:
//
//   {"schema": "nvdla-chain/1", "input": {"width": 28, "height": 28, "channels": 1},
//    "layers": [{"name": "conv1", "kernels": 6, "size": 5, "relu": true, "pool": true,
//                "weights": "conv1.npy", "bias": "bias1.npy", "bias_shift": 0, "scale": 27, "truncate": 14}],
//    "softmax": {"input_scale": 0.1, "output_scale": 0.0079}}
//
// Layers are convolutions (tools/compiler/chain_builder.h says what they compute), with a maximum of 2 x 2
// behind them where "pool" says so; a fully connected one has the size of its input. Arrays are NumPy's, of
// shape (kernels, channels, size * size) and (kernels), beside the file. "softmax" may be left out.
#pragma once

#include <string>
#include <vector>

#include "hardware/parameters.h"

namespace nvdla::tools {

// The bytes of the loadable. Throws host::InputError that names file, layer and key.
[[nodiscard]] std::vector<unsigned char> compile_chain(const std::string& path,
                                                       const HardwareParameters& hardware);

}  // namespace nvdla::tools
