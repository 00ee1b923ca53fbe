// SPDX-License-Identifier: Apache-2.0
// Operands of X1, X2 and Y from memory, as BRDMA, NRDMA and ERDMA fetch them: per kernel one line over the
// channels, without gaps; per element a cube like the processed one, whose atom for a position holds the
// operands of all its lanes. With data use BOTH each element has its ALU operand, then its MUL operand; a
// one-byte operand is sign-extended. All batches share the operands. A cube of one position is read without
// gaps, whatever its strides.
// Source: cmod/sdp/NV_NVDLA_sdp.cpp, NV_NVDLA_SDP_BRDMA_ig.v (RDMA_ig of the scalable RTL).
#pragma once

#include <cstdint>
#include <vector>

#include "compute/sdp_stage.h"
#include "memory/contents.h"
#include "operation/sdp.h"

namespace nvdla::compute {

class OperandReader {
 public:
  // `cube`: what SDP processes; `lanes` of one group: the elements of an atom in processing precision. Reads
  // nothing when the operand is not enabled.
  OperandReader(const SdpOperand& operand, const Cube& cube, std::uint32_t lanes);

  // Operands of a group (surface) for columns [first, first + columns) of a line. For operands per kernel
  // every column has the same. Valid until the next call.
  [[nodiscard]] StageOperands line(const memory::ByteSource& source, std::uint32_t surface, std::uint32_t y,
                                   std::uint32_t first, std::uint32_t columns);
  // Memory may have changed: nothing that was read before is used again.
  void forget() { loaded_ = false; }

 private:
  void load(const memory::ByteSource& source, std::uint64_t address, std::uint32_t columns);
  void spread(std::uint32_t columns);

  const SdpOperand operand_;
  std::uint32_t lanes_;
  bool point_;
  std::uint32_t element_bytes_;
  bool loaded_ = false;
  std::uint32_t surface_ = 0, y_ = 0, first_ = 0, columns_ = 0;
  std::vector<unsigned char> bytes_;
  std::vector<std::int16_t> alu_, mul_;
};

}  // namespace nvdla::compute
