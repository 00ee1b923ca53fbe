// SPDX-License-Identifier: Apache-2.0
#include "compute/accumulators.h"

#include <algorithm>

#include "operation/divide.h"

namespace nvdla::compute {

Accumulators make_accumulators(const ConvolutionSequence& sequence, const HardwareParameters& hardware) {
  Accumulators result;
  result.floating = sequence.processing_precision == Precision::kFp16;
  result.batches = sequence.batches;
  // Both are powers of two.
  const std::uint32_t unit = std::max(hardware.atomic_k_int8, hardware.memory_atom_bytes);
  result.channels = ceil_div(sequence.kernels, unit) * unit;
  result.height = sequence.output.height;
  result.width = sequence.output.width;
  result.values.resize(std::size_t{result.batches} * result.channels * result.height * result.width);
  return result;
}

}  // namespace nvdla::compute
