// SPDX-License-Identifier: Apache-2.0
#include "compute/accumulators.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "operation/divide.h"

namespace nvdla::compute {

Accumulators make_accumulators(const ConvolutionSequence& sequence, const ConvolutionAccumulate& accumulate,
                               const HardwareParameters& hardware) {
  Accumulators result;
  result.floating = sequence.processing_precision == Precision::kFp16;
  result.batches = sequence.batches;
  result.destination = accumulate.destination;
  // Both are powers of two.
  const std::uint32_t unit = std::max(hardware.atomic_k_int8, hardware.memory_atom_bytes);
  result.channels = ceil_div(sequence.kernels, unit) * unit;
  result.height = sequence.output.height;
  result.width = sequence.output.width;
  // The largest that a descriptor can ask for does not fit any memory; no cube of a network comes near this.
  constexpr std::uint64_t kMost = std::uint64_t{1} << 30U;
  const std::uint64_t plane = std::uint64_t{result.height} * result.width;
  const std::uint64_t depth = std::uint64_t{result.batches} * result.channels;
  if (plane > kMost || depth > kMost || plane * depth > kMost) {
    throw std::length_error("convolution: an output of " + std::to_string(result.width) + " x " +
                            std::to_string(result.height) + " x " + std::to_string(sequence.kernels) +
                            " is too large to compute: check CSC.D_DATAOUT_SIZE");
  }
  result.values.resize(plane * depth);
  return result;
}

}  // namespace nvdla::compute
