// SPDX-License-Identifier: Apache-2.0
// The inner loops for any machine: vectors of 16 bytes of the compiler (SSE2 on x86-64).
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "compute/kernels.h"
#include "compute/mac_cell.h"

#define NVDLA_TARGET
#define NVDLA_STEP 8
#define NVDLA_KERNELS 4

namespace nvdla::compute::detail {

namespace {

using Lanes = std::int16_t __attribute__((vector_size(16)));
using Words = std::int32_t __attribute__((vector_size(16)));
using Unsigned = std::uint32_t __attribute__((vector_size(16)));
using Shorts = Lanes;
using Sums = Words;

#if defined(__SSE2__)
inline Lanes high_product(Lanes a, Lanes b) {
  return reinterpret_cast<Lanes>(_mm_mulhi_epi16(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
}
#else
inline Lanes high_product(Lanes a, Lanes b) {
  Lanes result;
  for (int i = 0; i < 8; ++i) result[i] = static_cast<std::int16_t>(std::int32_t{a[i]} * b[i] >> 16);
  return result;
}
#endif
inline Words unpack_low(Lanes a, Lanes b) {
  return reinterpret_cast<Words>(__builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11));
}
inline Words unpack_high(Lanes a, Lanes b) {
  return reinterpret_cast<Words>(__builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15));
}
// No shift by lanes in SSE2: shifts by the bits of s one after the other; s is a multiple of 4.
inline Words shift_right(Words v, Words s) {
  auto u = reinterpret_cast<Unsigned>(v);
  for (int bit = 2; bit < 4; ++bit) {
    const auto mask = reinterpret_cast<Unsigned>(-((s >> bit) & 1));
    u = ((u >> (1 << bit)) & mask) | (u & ~mask);
  }
  return reinterpret_cast<Words>(u);
}
inline Words shift_down(Words v, Words s) {
  for (int bit = 2; bit < 4; ++bit) {
    const Words mask = -((s >> bit) & 1);
    v = ((v >> (1 << bit)) & mask) | (v & ~mask);
  }
  return v;
}
inline bool any(Lanes v) {
  std::uint64_t halves[2];
  std::memcpy(halves, &v, sizeof halves);
  return (halves[0] | halves[1]) != 0;
}

inline Lanes xor3(Lanes a, Lanes b, Lanes c) { return a ^ b ^ c; }
inline Lanes majority(Lanes a, Lanes b, Lanes c) { return (a & b) | (c & (a ^ b)); }

inline Shorts load(const std::int16_t* p) {
  Shorts v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
inline Shorts load_tail(const std::int16_t* p) { return load(p); }
inline Sums zero() { return Sums{}; }
inline Sums add(Sums a, Sums b) { return a + b; }
inline std::int64_t total(Sums v) { return std::int64_t{v[0]} + v[1] + v[2] + v[3]; }
inline Shorts low_bytes(Shorts w) { return w & 0xff; }
inline Shorts high_bytes(Shorts w) { return w >> 8; }
#if defined(__SSE2__)
inline Sums multiply_pairs(Shorts a, Shorts b) {
  return reinterpret_cast<Sums>(_mm_madd_epi16(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
}
#else
inline Sums multiply_pairs(Shorts a, Shorts b) {
  Sums result;
  for (int i = 0; i < 4; ++i) {
    result[i] = std::int32_t{a[2 * i]} * b[2 * i] + std::int32_t{a[2 * i + 1]} * b[2 * i + 1];
  }
  return result;
}
#endif

#include "compute/kernels_cells.inc"
#include "compute/kernels_dot.inc"

}  // namespace

const Kernels kBaselineKernels = {"baseline", dot_narrow, dot_wide, cells};

}  // namespace nvdla::compute::detail
