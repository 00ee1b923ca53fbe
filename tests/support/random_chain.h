// SPDX-License-Identifier: Apache-2.0
// A network of random layers, the same for the same seed everywhere.
#pragma once

#include <random>
#include <vector>

#include "tools/compiler/chain_builder.h"

namespace nvdla::test {

// 2 to 13 layers; minor version of the DLA interface as in LoadableBuilder.
inline std::vector<unsigned char> random_chain(const HardwareParameters& hardware, std::uint8_t minor,
                                               std::uint32_t seed) {
  std::mt19937 random(seed);
  const bool full = hardware.generation == Generation::kV1;
  const auto precision = full ? static_cast<Precision>(random() % 3) : Precision::kInt8;
  tools::ChainBuilder chain(hardware, precision, 128, 128, 32, minor);
  const std::uint32_t layers = random() % 12 + 2;
  for (std::uint32_t i = 0; i < layers; ++i) {
    switch (random() % (full ? 7 : 5)) {
      case 0:
      case 1: {
        const bool bias = random() % 2 == 0, relu = random() % 2 == 0, pool = i < 3 && random() % 2 == 0;
        chain.convolution(32, 3, bias, relu, pool);
        break;
      }
      case 2:
        chain.pooling(3, 1, static_cast<std::uint8_t>(random() % 3));
        break;
      case 3:
        chain.normalisation(static_cast<std::uint8_t>(3 + 2 * (random() % 4)));
        break;
      case 4:
        chain.elementwise(full && random() % 2 == 0);
        break;
      case 5:
        chain.copy();
        break;
      default:
        chain.contraction();
    }
  }
  return chain.finish();
}

}  // namespace nvdla::test
