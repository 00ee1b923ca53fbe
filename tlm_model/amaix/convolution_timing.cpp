// SPDX-License-Identifier: Apache-2.0
#include "amaix/convolution_timing.h"

namespace nvdla::amaix {

ConvolutionTiming convolution_timing(const HardwareParameters& hardware) {
  ConvolutionTiming timing;
  if (hardware.generation == Generation::kV1) return timing;
  timing.kernels_per_cycle_int8 = 1;
  return timing;
}

}  // namespace nvdla::amaix
