// SPDX-License-Identifier: Apache-2.0
// What one output element of a convolution multiplies, as a list of atomic operations in the order in which
// CSC issues them (nvdla/hw NV_NVDLA_CSC_sg.v, _dl.v, _wl.v, cmod/csc):
//   direct    for each block of atomic_c channels, kernel line, kernel column
//   image     for each block of atomic_c elements of a flattened kernel line, and each kernel line; with Y
//             extension n, n lines in one operation, line i in slots from i * atomic_c / n on
//   Winograd  for each four channels: 16 positions of the tile, slot (y * 4 + x) * 4 + c
// The weights of a kernel group lie in memory in the same order: operation, kernel, elements.
// Which products share an operation matters to fp16 (one exponent) and to saturation only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "compute/image_columns.h"
#include "compute/weight_set.h"
#include "hardware/parameters.h"
#include "operation/convolution.h"

namespace nvdla::compute {

// Consecutive elements of an input line that one operation takes.
struct Segment {
  std::uint32_t line = 0;    // from the first line of the window
  std::uint32_t offset = 0;  // element from the window's left end
  std::uint32_t length = 0;
  std::uint32_t slot = 0;
};

struct AtomicOperation {
  std::uint32_t first = 0, count = 0;  // segments
  std::uint32_t elements = 0;          // of all of them
};

struct ConvolutionProgram {
  std::uint32_t slots = 0;  // of an atomic operation
  bool winograd = false;
  std::vector<Segment> segments;
  std::vector<AtomicOperation> operations;
  std::uint32_t kernel_elements = 0;
  std::uint32_t group = 0;  // kernels that share the array
  // Elements of the input between neighbouring outputs, and the lines of a window.
  std::uint32_t step = 0, lines = 0, window = 0;
  ImageColumns columns;  // where they are not a step apart
};

[[nodiscard]] ConvolutionProgram make_program(const ConvolutionSequence& sequence,
                                              const HardwareParameters& hardware);

// Where unpack_kernel puts each segment: the slots of operation 0, 1, ... one after the other.
[[nodiscard]] std::vector<std::size_t> slot_places(const ConvolutionProgram& program);

// The weights of one kernel: those of segment i go to out[places[i]] and on. Nothing else is written.
void unpack_kernel(const ConvolutionProgram& program, const ConvolutionSequence& sequence,
                   const WeightSet& weights, std::uint32_t kernel, const std::vector<std::size_t>& places,
                   std::int16_t* out);

}  // namespace nvdla::compute
