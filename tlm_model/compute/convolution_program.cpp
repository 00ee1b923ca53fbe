// SPDX-License-Identifier: Apache-2.0
#include "compute/convolution_program.h"

#include <algorithm>

#include "operation/atomic_k.h"

namespace nvdla::compute {

namespace {

void direct_operations(const ConvolutionSequence& s, ConvolutionProgram& program) {
  for (std::uint32_t c = 0; c < s.kernel_channels; c += program.slots) {
    const std::uint32_t length = std::min(program.slots, s.kernel_channels - c);
    for (std::uint32_t r = 0; r < s.kernel_height; ++r) {
      for (std::uint32_t x = 0; x < s.kernel_width; ++x) {
        program.operations.push_back({static_cast<std::uint32_t>(program.segments.size()), 1, length});
        program.segments.push_back({r * s.dilation_y, x * s.dilation_x * s.input.channels + c, length, 0});
      }
    }
  }
}

void image_operations(const ConvolutionSequence& s, ConvolutionProgram& program) {
  const std::uint32_t lines = s.post_y_extension, room = program.slots / lines;
  // With an extension the decoder has made sure that one block holds the line.
  for (std::uint32_t c = 0; c < s.kernel_channels; c += room) {
    const std::uint32_t length = std::min(room, s.kernel_channels - c);
    for (std::uint32_t r = 0; r < s.kernel_height; r += lines) {
      const std::uint32_t count = std::min(lines, s.kernel_height - r);
      program.operations.push_back(
          {static_cast<std::uint32_t>(program.segments.size()), count, length * count});
      for (std::uint32_t i = 0; i < count; ++i) program.segments.push_back({r + i, c, length, i * room});
    }
  }
}

void winograd_operations(const ConvolutionSequence& s, ConvolutionProgram& program) {
  constexpr std::uint32_t kChannels = 4, kPositions = 16;
  for (std::uint32_t c = 0; c + kChannels <= s.kernel_channels; c += kChannels) {
    program.operations.push_back(
        {static_cast<std::uint32_t>(program.segments.size()), kPositions, kPositions * kChannels});
    for (std::uint32_t i = 0; i < kPositions; ++i) {
      program.segments.push_back({i / 4, i % 4 * s.input.channels + c, kChannels, i * kChannels});
    }
  }
}

}  // namespace

ConvolutionProgram make_program(const ConvolutionSequence& sequence, const HardwareParameters& hardware) {
  ConvolutionProgram program;
  program.slots = hardware.atomic_c;
  program.winograd = sequence.mode == ConvolutionMode::kWinograd;
  program.group = atomic_k(hardware, sequence.processing_precision);
  program.step = sequence.stride_x * sequence.input.channels;
  if (program.winograd) {
    program.slots = 64;  // sixteen positions of four channels
    winograd_operations(sequence, program);
  } else if (sequence.input_format == InputFormat::kPixel) {
    image_operations(sequence, program);
    if (hardware.generation == Generation::kScalable && columns_too_far(sequence, hardware))
      program.columns = ImageColumns(sequence, hardware);
  } else {
    direct_operations(sequence, program);
  }
  for (const Segment& segment : program.segments) {
    program.lines = std::max(program.lines, segment.line + 1);
    program.window = std::max(program.window, segment.offset + segment.length);
    program.kernel_elements += segment.length;
  }
  return program;
}

std::vector<std::size_t> slot_places(const ConvolutionProgram& program) {
  std::vector<std::size_t> places(program.segments.size());
  for (std::size_t i = 0; i < program.operations.size(); ++i) {
    const AtomicOperation& operation = program.operations[i];
    for (std::uint32_t s = operation.first; s < operation.first + operation.count; ++s) {
      places[s] = i * program.slots + program.segments[s].slot;
    }
  }
  return places;
}

void unpack_kernel(const ConvolutionProgram& program, const ConvolutionSequence& sequence,
                   const WeightSet& weights, std::uint32_t kernel, const std::vector<std::size_t>& places,
                   std::int16_t* out) {
  const std::uint32_t group = kernel / program.group * program.group;
  const std::uint32_t in_group = std::min(program.group, sequence.kernels - group);
  std::size_t at = std::size_t{group} * program.kernel_elements;
  for (const AtomicOperation& operation : program.operations) {
    std::size_t from = at + std::size_t{kernel - group} * operation.elements;
    for (std::uint32_t i = 0; i < operation.count; ++i) {
      const std::uint32_t segment = operation.first + i;
      weights.copy(from, program.segments[segment].length, out + places[segment]);
      from += program.segments[segment].length;
    }
    at += std::size_t{in_group} * operation.elements;
  }
}

}  // namespace nvdla::compute
