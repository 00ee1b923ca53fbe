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

// The MAC cells of one fp16 atomic operation: of up to kCellKernels kernels at each of the positions. Slots
// that are not in use are zero. What comes of a NaN has no meaning: mac_cell.h has its rule.
inline constexpr std::uint32_t kCellKernels = 16;
struct CellTask {
  std::uint32_t slots = kCellSlots;       // in use, from 0 on
  const std::int16_t* weights = nullptr;  // [kernel * weight_pitch + slot], fp16 patterns
  std::size_t weight_pitch = 0;
  std::uint32_t kernels = 0;
  const std::int16_t* data = nullptr;  // slots of position p from data[positions_at[p]] on
  const std::uint32_t* positions_at = nullptr;
  std::uint32_t positions = 0;
  std::uint32_t parts = 1;            // 1, or 16 sums of 4 products each
  std::int32_t* exponents = nullptr;  // [kernel * pitch + position]
  std::int64_t* sums = nullptr;       // [(kernel * pitch + position) * parts + part]
  std::size_t pitch = 0;
};

struct Kernels {
  const char* name;
  // Precondition: no sum of |products| of a kernel at a position reaches 2^31.
  void (*dot_narrow)(const DotTask& task);
  // Precondition: it stays below 2^62.
  void (*dot_wide)(const DotTask& task);
  void (*cells)(const CellTask& task);
};

// Those that this machine runs, the slowest first: "plain", then "baseline", "avx2", "avx512".
[[nodiscard]] const std::vector<const Kernels*>& available_kernels();
[[nodiscard]] const Kernels& best_kernels();

namespace detail {
extern const Kernels kPlainKernels, kBaselineKernels, kAvx2Kernels, kAvx512Kernels;
}  // namespace detail

}  // namespace nvdla::compute
