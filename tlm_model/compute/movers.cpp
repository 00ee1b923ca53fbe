// SPDX-License-Identifier: Apache-2.0
#include "compute/movers.h"

#include <algorithm>

#include "operation/divide.h"

namespace nvdla::compute {

namespace {

std::uint64_t line_address(const Surface& where, std::uint32_t surface, std::uint32_t y) {
  return where.address + std::uint64_t{surface} * where.surface_stride + std::uint64_t{y} * where.line_stride;
}

class RubikLine {
 public:
  RubikLine(const RubikOperation& op, const HardwareParameters& hardware, const memory::ByteSource& source)
      : op_(op),
        source_(source),
        atom_(hardware.memory_atom_bytes),
        element_(bytes_per_element(op.precision)),
        lanes_(atom_ / element_) {}

  // Atom X of output line Y: column X / sx of input line Y / sy, of channel group (Y % sy) * sx + X % sx.
  void contract(std::uint32_t surface, std::uint32_t line, std::uint64_t first, std::size_t count,
                unsigned char* out) {
    const std::uint32_t sx = std::max(1U, op_.deconvolution_stride_x);
    const std::uint32_t sy = std::max(1U, op_.deconvolution_stride_y);
    const std::uint64_t from = line_address(op_.source, surface, line / sy);
    for (std::uint32_t i = 0; i < sx; ++i) {
      const std::uint64_t group = from + (std::uint64_t{line % sy} * sx + i) * op_.contract_stride_0;
      take(group, first / (std::uint64_t{atom_} * sx) * atom_,
           (first + count + std::uint64_t{atom_} * sx - 1) / (std::uint64_t{atom_} * sx) * atom_);
      for (std::size_t b = 0; b < count; ++b) {
        const std::uint64_t at = first + b;
        const std::uint64_t column = at / atom_;
        if (column % sx == i) out[b] = taken(column / sx * atom_ + at % atom_);
      }
    }
  }

  void split(std::uint32_t plane, std::uint32_t line, std::uint64_t first, std::size_t count,
             unsigned char* out) {
    const std::uint64_t from = line_address(op_.source, plane / lanes_, line);
    const std::uint64_t lane = std::uint64_t{plane % lanes_} * element_;
    const std::uint64_t width = std::uint64_t{op_.input.width};
    take(from, std::min(first / element_, width) * atom_,
         std::min((first + count + element_ - 1) / element_, width) * atom_);
    for (std::size_t b = 0; b < count; ++b) {
      const std::uint64_t column = (first + b) / element_;
      out[b] = column < width ? taken(column * atom_ + lane + (first + b) % element_) : 0;
    }
  }

  void merge(std::uint32_t surface, std::uint32_t line, std::uint64_t first, std::size_t count,
             unsigned char* out) {
    std::fill_n(out, count, 0);
    const std::uint32_t planes = std::min(lanes_, op_.input.channels - surface * lanes_);
    for (std::uint32_t lane = 0; lane < planes; ++lane) {
      const std::uint64_t from = op_.source.address +
                                 (std::uint64_t{surface} * lanes_ + lane) * op_.source_planar_stride +
                                 std::uint64_t{line} * op_.source.line_stride;
      // Planes are read in whole atoms.
      take(from, first / atom_ * element_ / atom_ * atom_,
           ceil_div((first + count + atom_ - 1) / atom_ * element_, std::uint64_t{atom_}) * atom_);
      for (std::size_t b = 0; b < count; ++b) {
        const std::uint64_t in_atom = (first + b) % atom_;
        if (in_atom / element_ == lane) out[b] = taken((first + b) / atom_ * element_ + in_atom % element_);
      }
    }
  }

 private:
  // Reads bytes [begin, end) of a line.
  void take(std::uint64_t line, std::uint64_t begin, std::uint64_t end) {
    begin_ = begin;
    bytes_.resize(end - begin);
    if (!bytes_.empty()) source_.read(op_.source.space, line + begin, bytes_.data(), bytes_.size());
  }
  [[nodiscard]] unsigned char taken(std::uint64_t at) const { return bytes_[at - begin_]; }

  const RubikOperation& op_;
  const memory::ByteSource& source_;
  std::uint32_t atom_, element_, lanes_;
  std::uint64_t begin_ = 0;
  std::vector<unsigned char> bytes_;
};

}  // namespace

void compute_bdma(const std::vector<BdmaTransfer>& transfers, const memory::ByteSource& source,
                  memory::ByteSink& sink) {
  std::vector<unsigned char> line;
  for (const BdmaTransfer& transfer : transfers) {
    line.resize(transfer.line_bytes);
    for (std::uint32_t s = 0; s < transfer.surfaces; ++s) {
      for (std::uint32_t y = 0; y < transfer.lines; ++y) {
        source.read(transfer.source.space, line_address(transfer.source, s, y), line.data(), line.size());
        sink.write(transfer.destination.space, line_address(transfer.destination, s, y), line.data(),
                   line.size());
      }
    }
  }
}

RubikOutput rubik_output(const RubikOperation& operation, const HardwareParameters& hardware) {
  const std::uint64_t atom = hardware.memory_atom_bytes;
  const std::uint32_t element = bytes_per_element(operation.precision);
  const auto lanes = static_cast<std::uint32_t>(atom / element);
  RubikOutput output;
  output.where = operation.destination;
  output.lines = operation.input.height;
  switch (operation.mode) {
    case RubikMode::kContract: {
      const std::uint32_t sx = std::max(1U, operation.deconvolution_stride_x);
      output.surfaces = ceil_div(operation.output_channels, lanes);
      output.lines *= std::max(1U, operation.deconvolution_stride_y);
      output.line_bytes = std::uint64_t{operation.input.width} * sx * atom;
      break;
    }
    case RubikMode::kSplit:
      output.surfaces = operation.input.channels;
      output.where.surface_stride = operation.destination_planar_stride;
      output.line_bytes =
          ceil_div<std::uint64_t>(std::uint64_t{operation.input.width} * element, atom) * atom;
      break;
    case RubikMode::kMerge:
      output.surfaces = ceil_div(operation.input.channels, lanes);
      output.line_bytes = operation.input.width * atom;
      break;
  }
  return output;
}

void compute_rubik_line(const RubikOperation& operation, const HardwareParameters& hardware,
                        std::uint32_t surface, std::uint32_t line, std::uint64_t first, std::size_t count,
                        const memory::ByteSource& source, unsigned char* out) {
  RubikLine rubik(operation, hardware, source);
  switch (operation.mode) {
    case RubikMode::kContract:
      rubik.contract(surface, line, first, count, out);
      break;
    case RubikMode::kSplit:
      rubik.split(surface, line, first, count, out);
      break;
    case RubikMode::kMerge:
      rubik.merge(surface, line, first, count, out);
      break;
  }
}

void compute_rubik(const RubikOperation& operation, const HardwareParameters& hardware,
                   const memory::ByteSource& source, memory::ByteSink& sink) {
  const RubikOutput output = rubik_output(operation, hardware);
  std::vector<unsigned char> bytes(output.line_bytes);
  for (std::uint32_t s = 0; s < output.surfaces; ++s) {
    for (std::uint32_t y = 0; y < output.lines; ++y) {
      compute_rubik_line(operation, hardware, s, y, 0, bytes.size(), source, bytes.data());
      sink.write(output.where.space, line_address(output.where, s, y), bytes.data(), bytes.size());
    }
  }
}

}  // namespace nvdla::compute
