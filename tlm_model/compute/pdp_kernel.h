// SPDX-License-Identifier: Apache-2.0
// The arithmetic of one pooling window, all lanes of an atom at a time; compute/pdp.h has the rules.
#pragma once

#include <cstdint>

#include "operation/pdp.h"

namespace nvdla::compute {

// Part of a window that lies inside the input: `rows` lines `line_bytes` apart of `columns` atoms each, from
// `first`. Either may be 0.
struct PoolingWindow {
  const unsigned char* first = nullptr;  // may be null where there is no row or no column
  std::size_t line_bytes = 0;
  std::uint32_t rows = 0, columns = 0;
};

class PoolingKernel {
 public:
  // `nan`: the input holds a NaN of fp16.
  PoolingKernel(const PdpOperation& operation, std::uint32_t atom_bytes, bool nan)
      : op_(operation), atom_(atom_bytes), nan_(nan) {}

  // Writes one atom.
  void operator()(const PoolingWindow& window, unsigned char* out) const;

 private:
  static constexpr std::uint32_t kMostLanes = 64;

  // `ordered`: fp16 without NaN, turned into integers of the same order and back.
  template <class T, bool ordered = false>
  void extreme(const PoolingWindow& window, unsigned char* out) const;
  void extreme_fp16(const PoolingWindow& window, unsigned char* out) const;
  template <class T>
  void average(const PoolingWindow& window, unsigned char* out) const;
  void average_fp16(const PoolingWindow& window, unsigned char* out) const;
  // PAD_VALUE for `missing` columns or lines, as the register holds it; 0 for none.
  [[nodiscard]] std::int32_t padding(std::uint32_t missing) const {
    return missing >= 1 && missing <= 7 ? op_.padding_values[missing - 1] : 0;
  }

  const PdpOperation& op_;
  std::uint32_t atom_;
  bool nan_;
};

}  // namespace nvdla::compute
