// SPDX-License-Identifier: Apache-2.0
#include "amaix/convolution_timing.h"

namespace nvdla::amaix {

ConvolutionTiming convolution_timing(const HardwareParameters& hardware, Precision precision) {
  ConvolutionTiming timing;
  if (hardware.generation == Generation::kScalable) {
    timing.kernels_per_cycle_int8 = 1;
    return timing;
  }
  if (precision != Precision::kInt8) {
    timing.accumulate += 2;
    timing.accumulate_done += 2;
  }
  return timing;
}

}  // namespace nvdla::amaix
