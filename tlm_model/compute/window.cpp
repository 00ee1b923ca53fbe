// SPDX-License-Identifier: Apache-2.0
#include "compute/window.h"

#include <algorithm>

#include "compute/winograd.h"

namespace nvdla::compute {

Window::Window(const ConvolutionSequence& sequence, const ConvolutionProgram& program, const InputCube& input)
    : sequence_(sequence),
      program_(program),
      input_(input),
      pad_top_(program.winograd ? 0 : static_cast<std::int32_t>(sequence.padding.top)),
      pad_left_(sequence.input_format == InputFormat::kPixel || program.winograd
                    ? 0
                    : static_cast<std::int32_t>(sequence.padding.left)),
      pad_(sequence.processing_precision == Precision::kInt8
               ? static_cast<std::int8_t>(sequence.padding.value)
               : static_cast<std::int16_t>(sequence.padding.value)),
      step_x_(program.winograd ? 2 : sequence.stride_x),
      step_y_(program.winograd ? 2 : sequence.stride_y) {}

void Window::copy(std::uint32_t batch, std::uint32_t y, std::uint32_t x, const Segment& segment,
                  std::int16_t* out) const {
  const std::int64_t line = std::int64_t{y} * step_y_ + segment.line - pad_top_;
  if (!program_.columns.empty()) {
    copy_column(line, x, segment.length, out);
    return;
  }
  // The registers of CSC name the channels; CBUF's own are the truth of what lies there.
  const std::int64_t channels = sequence_.input.channels;
  const std::int64_t end = std::int64_t{input_.width} * input_.channels;
  const std::int64_t first = (std::int64_t{x} * step_x_ - pad_left_) * channels + segment.offset;
  const bool image = sequence_.input_format == InputFormat::kPixel;
  if (line < 0 || line >= std::int64_t{input_.lines}) {
    std::fill_n(out, segment.length, pad_);
    return;
  }
  const std::int16_t* from = input_.line(static_cast<std::uint32_t>(line), batch % input_.batches);
  for (std::uint32_t i = 0; i < segment.length; ++i) {
    const std::int64_t at = first + i;
    out[i] = at >= 0 && at < end ? from[at] : (image ? std::int16_t{0} : pad_);
  }
}

void Window::copy_column(std::int64_t line, std::uint32_t x, std::uint32_t length, std::int16_t* out) const {
  const ImageColumns& columns = program_.columns;
  const bool padding = line < 0 || line >= std::int64_t{input_.lines};
  const std::uint32_t end = input_.width * input_.channels;
  for (std::uint32_t i = 0; i < length; ++i) {
    const std::uint32_t element = columns.element(x, i);
    out[i] = 0;
    if (padding) {
      if (columns.padded(x, i)) out[i] = pad_;
    } else if (element != ImageColumns::kZero) {
      const std::int64_t in_line = line + element / columns.line();
      const std::uint32_t at = element % columns.line();
      if (in_line < std::int64_t{input_.lines} && at < end)
        out[i] = input_.line(static_cast<std::uint32_t>(in_line), 0)[at];
    }
  }
}

void Window::gather(std::uint32_t batch, std::uint32_t y, std::uint32_t x, std::size_t index,
                    std::int16_t* slots) const {
  std::fill_n(slots, program_.slots, std::int16_t{0});
  const AtomicOperation& operation = program_.operations[index];
  for (std::uint32_t i = 0; i < operation.count; ++i) {
    const Segment& segment = program_.segments[operation.first + i];
    copy(batch, y, x, segment, slots + segment.slot);
  }
  if (!program_.winograd) return;
  for (std::uint32_t c = 0; c < 4; ++c) {
    std::int16_t tile[kTile], transformed[kTile];
    for (std::uint32_t i = 0; i < kTile; ++i) tile[i] = slots[i * 4 + c];
    pre_add(tile, sequence_.processing_precision, sequence_.pra_truncate, transformed);
    for (std::uint32_t i = 0; i < kTile; ++i) slots[i * 4 + c] = transformed[i];
  }
}

}  // namespace nvdla::compute
