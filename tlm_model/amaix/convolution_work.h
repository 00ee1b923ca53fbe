// SPDX-License-Identifier: Apache-2.0
// What CDMA's data side moves for one operation, and how long its own path needs, without any memory: from a
// walk over its requests (amaix/convolution_plan.h). It depends on operation and hardware alone, so that runs
// with other memories keep it (amaix/known_work.h).
//   images      a cycle for a beat of atoms that the line packer takes
//   Winograd    the shared buffer played with data that never wait (amaix/winograd_buffer.h): what it still
//               has to do when a beat is taken, padding and cubes behind it. Of data that come at an even
//               pace only the corners of the convex hull can be the ones that everything behind waits for.
//   direct      the shared buffer's cycles for each pair of surfaces
//   (engine/units/convolution/cdma_shared_buffer.h)
#pragma once

#include <vector>

#include "hardware/parameters.h"
#include "operation/convolution.h"

namespace nvdla::amaix {

struct ConvolutionDataWork {
  double beats = 0;
  double chunks = 0;
  double path = 0;      // cycles of the shared buffer or the line packer
  double requests = 0;  // cycles in which its requests leave when nothing keeps them
  // Winograd: from the taking of the beat with this number to the end.
  struct Behind {
    double beat = 0, cycles = 0;
  };
  std::vector<Behind> behind;  // in order
};
[[nodiscard]] ConvolutionDataWork convolution_data_work(const ConvolutionFetch& fetch,
                                                        const HardwareParameters& hardware);

}  // namespace nvdla::amaix
