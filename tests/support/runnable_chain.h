// SPDX-License-Identifier: Apache-2.0
// A small network of random layers that the model can execute, the same for the same seed everywhere:
// convolutions with and without bias, with and without pooling on the fly, alternating with operations from
// memory, so that the groups of units and of their read DMAs part.
#pragma once

#include <random>
#include <vector>

#include "tools/compiler/chain_builder.h"

namespace nvdla::test {

inline std::vector<unsigned char> runnable_chain(const HardwareParameters& hardware, std::uint32_t seed) {
  std::mt19937 random(seed);
  const Precision precision = hardware.fp16 && random() % 2 == 0 ? Precision::kFp16 : Precision::kInt8;
  std::uint16_t width = 24;
  tools::ChainBuilder chain(hardware, precision, width, width, 16);
  const std::uint32_t layers = random() % 8 + 2;
  for (std::uint32_t i = 0; i < layers; ++i) {
    switch (random() % (hardware.bdma && hardware.rubik ? 8 : 6)) {
      case 0:
      case 1:
      case 2: {
        if (width < 4) break;
        const bool bias = random() % 2 == 0, relu = random() % 2 == 0;
        const bool pool = width >= 8 && random() % 2 == 0;
        chain.convolution(16, 3, bias, relu, pool);
        width = static_cast<std::uint16_t>(pool ? (width - 2) / 2 : width - 2);
        break;
      }
      case 3:
        if (width < 2) break;
        chain.pooling(2, 1, static_cast<std::uint8_t>(random() % 3));
        --width;
        break;
      case 4:
        chain.normalisation(static_cast<std::uint8_t>(3 + 2 * (random() % 4)));
        break;
      case 5:
        chain.elementwise(hardware.sdp_lut && random() % 2 == 0);
        break;
      case 6:
        chain.copy();
        break;
      default:
        chain.contraction();
    }
  }
  chain.elementwise(false);
  return chain.finish();
}

}  // namespace nvdla::test
