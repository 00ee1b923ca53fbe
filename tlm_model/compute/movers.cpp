// SPDX-License-Identifier: Apache-2.0
#include "compute/movers.h"

#include <algorithm>

#include "operation/divide.h"

namespace nvdla::compute {

namespace {

std::uint64_t line_address(const Surface& where, std::uint32_t surface, std::uint32_t y) {
  return where.address + std::uint64_t{surface} * where.surface_stride + std::uint64_t{y} * where.line_stride;
}

class Rubik {
 public:
  Rubik(const RubikOperation& op, const HardwareParameters& hardware, const memory::ByteSource& source,
        memory::ByteSink& sink)
      : op_(op),
        source_(source),
        sink_(sink),
        atom_(hardware.memory_atom_bytes),
        element_(bytes_per_element(op.precision)),
        lanes_(atom_ / element_),
        // A line of a plane, in whole atoms.
        plane_line_(std::size_t{ceil_div(op.input.width * element_, atom_)} * atom_) {}

  void contract() {
    const std::uint32_t sx = std::max(1U, op_.deconvolution_stride_x);
    const std::uint32_t sy = std::max(1U, op_.deconvolution_stride_y);
    const std::size_t width = op_.input.width;
    std::vector<unsigned char> in(width * atom_), out(width * sx * atom_);
    for (std::uint32_t s = 0; s < ceil_div(op_.output_channels, lanes_); ++s) {
      for (std::uint32_t y = 0; y < op_.input.height; ++y) {
        for (std::uint32_t j = 0; j < sy; ++j) {
          for (std::uint32_t i = 0; i < sx; ++i) {
            source_.read(op_.source.space,
                         line_address(op_.source, s, y) + (std::uint64_t{j} * sx + i) * op_.contract_stride_0,
                         in.data(), in.size());
            for (std::size_t x = 0; x < width; ++x)
              std::copy_n(in.data() + x * atom_, atom_, out.data() + (x * sx + i) * atom_);
          }
          const std::uint64_t line = std::uint64_t{y} * sy + j;
          sink_.write(op_.destination.space,
                      op_.destination.address + std::uint64_t{s} * op_.destination.surface_stride +
                          line * op_.destination.line_stride,
                      out.data(), out.size());
        }
      }
    }
  }

  void split() {
    std::vector<unsigned char> in(std::size_t{op_.input.width} * atom_), out(plane_line_);
    for (std::uint32_t s = 0; s < ceil_div(op_.input.channels, lanes_); ++s) {
      for (std::uint32_t y = 0; y < op_.input.height; ++y) {
        source_.read(op_.source.space, line_address(op_.source, s, y), in.data(), in.size());
        for (std::uint32_t lane = 0; lane < planes(s); ++lane) {
          for (std::size_t x = 0; x < op_.input.width; ++x)
            std::copy_n(in.data() + x * atom_ + lane * element_, element_, out.data() + x * element_);
          sink_.write(op_.destination.space,
                      op_.destination.address +
                          (std::uint64_t{s} * lanes_ + lane) * op_.destination_planar_stride +
                          std::uint64_t{y} * op_.destination.line_stride,
                      out.data(), out.size());
        }
      }
    }
  }

  void merge() {
    std::vector<unsigned char> in(plane_line_), out(std::size_t{op_.input.width} * atom_);
    for (std::uint32_t s = 0; s < ceil_div(op_.input.channels, lanes_); ++s) {
      for (std::uint32_t y = 0; y < op_.input.height; ++y) {
        std::fill(out.begin(), out.end(), 0);
        for (std::uint32_t lane = 0; lane < planes(s); ++lane) {
          source_.read(op_.source.space,
                       op_.source.address + (std::uint64_t{s} * lanes_ + lane) * op_.source_planar_stride +
                           std::uint64_t{y} * op_.source.line_stride,
                       in.data(), in.size());
          for (std::size_t x = 0; x < op_.input.width; ++x)
            std::copy_n(in.data() + x * element_, element_, out.data() + x * atom_ + lane * element_);
        }
        sink_.write(op_.destination.space, line_address(op_.destination, s, y), out.data(), out.size());
      }
    }
  }

 private:
  // Channels of a surface that exist.
  [[nodiscard]] std::uint32_t planes(std::uint32_t surface) const {
    return std::min(lanes_, op_.input.channels - surface * lanes_);
  }

  const RubikOperation& op_;
  const memory::ByteSource& source_;
  memory::ByteSink& sink_;
  std::uint32_t atom_, element_, lanes_;
  std::size_t plane_line_;
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

void compute_rubik(const RubikOperation& operation, const HardwareParameters& hardware,
                   const memory::ByteSource& source, memory::ByteSink& sink) {
  Rubik rubik(operation, hardware, source, sink);
  switch (operation.mode) {
    case RubikMode::kContract:
      rubik.contract();
      break;
    case RubikMode::kSplit:
      rubik.split();
      break;
    case RubikMode::kMerge:
      rubik.merge();
      break;
  }
}

}  // namespace nvdla::compute
