// SPDX-License-Identifier: Apache-2.0
// The inner loops of a convolution, in versions for several instruction sets that give the same bits. The
// fastest that the machine runs is chosen once; tests compare all with the plain one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nvdla::compute {

// Sums of products for `kernels` kernels at `positions` neighbouring outputs. The data of position p are the
// runs data[p * step + offset[i] ... + length[i]); the weights of a kernel are its runs one after the other.
// Lengths are multiples of kRunUnit: weights behind the end of a run are zero, and data may be read there.
inline constexpr std::uint32_t kRunUnit = 16;
struct DotTask {
  const std::int16_t* data = nullptr;
  std::ptrdiff_t step = 0;
  std::uint32_t positions = 0;
  const std::uint32_t* offsets = nullptr;
  const std::uint32_t* lengths = nullptr;
  std::size_t runs = 0;
  const std::int16_t* weights = nullptr;
  std::size_t weight_pitch = 0;  // between kernels
  std::uint32_t kernels = 0;
  std::int64_t* sums = nullptr;  // [kernel * sum_pitch + position]
  std::size_t sum_pitch = 0;
};

inline constexpr std::uint32_t kCellSlots = 64;
// Exponent groups are kept as multiples of 4; this one belongs to a zero, which takes no part.
inline constexpr std::int16_t kNoGroup = -4096;

// The weights of an fp16 atomic operation, as what makes Booth rows of the data (mac_cell.h). A row of digit
// i in its place is ((m & one) | (2 m & two)) << 2 (i % 4), exclusive or `flip`, exclusive or `sign` where
// the data are negative; the bit that completes the negative row before lies in the low bits of flip and
// sign. The fifth row of a half has that bit alone.
struct CellWeights {
  std::int32_t one[8][kCellSlots], two[8][kCellSlots];
  std::int32_t flip[10][kCellSlots],
      sign[10][kCellSlots];  // rows 0..4 of the low half, then of the high half
  std::int32_t group[kCellSlots];
  bool used[kCellSlots / 16];  // some of 16 weights is not zero
};

// Data of one atomic operation at `positions` neighbouring outputs, 64 slots each, `step` apart: significands
// m(h), sign masks (0 or -1) and exponent groups.
struct CellTask {
  const std::int16_t* magnitudes = nullptr;
  const std::int16_t* signs = nullptr;
  const std::int16_t* groups = nullptr;
  std::ptrdiff_t step = 0;
  std::uint32_t positions = 0;
  std::uint32_t parts = 1;            // 1, or 16 sums of 4 products each
  std::int32_t* exponents = nullptr;  // [position]
  std::int64_t* sums = nullptr;       // [position * parts + part]
};

struct Kernels {
  const char* name;
  // Precondition: no sum of |products| of a kernel at a position reaches 2^31.
  void (*dot_narrow)(const DotTask& task);
  // Precondition: it stays below 2^62.
  void (*dot_wide)(const DotTask& task);
  // 64 fp16 patterns, none of them a NaN; unused slots are zero.
  void (*prepare_weights)(const std::int16_t* weights, CellWeights& prepared);
  void (*cells)(const CellWeights& weights, const CellTask& task);
};

// Those that this machine runs, the slowest first: "plain", then "baseline", "avx2", "avx512".
[[nodiscard]] const std::vector<const Kernels*>& available_kernels();
[[nodiscard]] const Kernels& best_kernels();

namespace detail {
extern const Kernels kPlainKernels, kBaselineKernels, kAvx2Kernels, kAvx512Kernels;
}  // namespace detail

}  // namespace nvdla::compute
