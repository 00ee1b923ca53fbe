// SPDX-License-Identifier: Apache-2.0
#include "compute/sdp_operands.h"

#include <algorithm>

#include "compute/feature_cube.h"

namespace nvdla::compute {

OperandReader::OperandReader(const SdpOperand& operand, const Cube& cube, std::uint32_t lanes)
    : operand_(operand),
      lanes_(lanes),
      point_(cube.width == 1 && cube.height == 1),
      element_bytes_((operand.use == SdpDataUse::kBoth ? 2U : 1U) * (operand.two_bytes ? 2U : 1U)) {}

StageOperands OperandReader::line(const memory::ByteSource& source, std::uint32_t surface, std::uint32_t y,
                                  std::uint32_t first, std::uint32_t columns) {
  if (!operand_.enabled) return {};
  const std::uint64_t atom = std::uint64_t{lanes_} * element_bytes_;
  const bool same_place = !operand_.per_element || (y == y_ && first == first_);
  const bool same = loaded_ && surface == surface_ && columns == columns_ && same_place;
  if (!same) {
    if (!operand_.per_element || point_) {
      load(source, operand_.source.address + surface * atom, 1);
      spread(columns);
    } else {
      load(source,
           operand_.source.address + std::uint64_t{surface} * operand_.source.surface_stride +
               std::uint64_t{y} * operand_.source.line_stride + first * atom,
           columns);
    }
    loaded_ = true;
    surface_ = surface;
    y_ = y;
    first_ = first;
    columns_ = columns;
  }
  return {operand_.use != SdpDataUse::kMul ? alu_.data() : nullptr,
          operand_.use != SdpDataUse::kAlu ? mul_.data() : nullptr};
}

void OperandReader::load(const memory::ByteSource& source, std::uint64_t address, std::uint32_t columns) {
  const std::size_t count = std::size_t{columns} * lanes_;
  bytes_.resize(count * element_bytes_);
  source.read(operand_.source.space, address, bytes_.data(), bytes_.size());
  const unsigned char* in = bytes_.data();
  const auto take = [&](std::vector<std::int16_t>& out, std::size_t first, std::size_t step) {
    out.resize(count);
    if (operand_.two_bytes) {
      for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<std::int16_t>(load16(in + 2 * (first + i * step)));
    } else {
      for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<std::int16_t>(load8(in + first + i * step));
    }
  };
  const bool both = operand_.use == SdpDataUse::kBoth;
  if (operand_.use != SdpDataUse::kMul) take(alu_, 0, both ? 2 : 1);
  if (operand_.use != SdpDataUse::kAlu) take(mul_, both ? 1 : 0, both ? 2 : 1);
}

void OperandReader::spread(std::uint32_t columns) {
  for (std::vector<std::int16_t>* values : {&alu_, &mul_}) {
    if (values->empty()) continue;
    values->resize(std::size_t{columns} * lanes_);
    for (std::size_t i = lanes_; i < values->size(); ++i) (*values)[i] = (*values)[i - lanes_];
  }
}

}  // namespace nvdla::compute
