// SPDX-License-Identifier: Apache-2.0
// The inner loops for any machine: vectors of 16 bytes of the compiler (SSE2 on x86-64).
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "compute/kernels.h"
#include "compute/mac_cell.h"

#define NVDLA_TARGET
#define NVDLA_LANES 4
#define NVDLA_STEP 8
#define NVDLA_KERNELS 4

namespace nvdla::compute::detail {

namespace {

using Words = std::int32_t __attribute__((vector_size(16)));
using Unsigned = std::uint32_t __attribute__((vector_size(16)));
using Shorts = std::int16_t __attribute__((vector_size(16)));
using Sums = Words;

// No shift by lanes in SSE2: shifts by the bits of s one after the other; s is a multiple of 4.
inline Words shift_right(Words v, Words s) {
  auto u = reinterpret_cast<Unsigned>(v);
  for (int bit = 2; bit < 5; ++bit) {
    const auto mask = reinterpret_cast<Unsigned>(-((s >> bit) & 1));
    u = ((u >> (1 << bit)) & mask) | (u & ~mask);
  }
  return reinterpret_cast<Words>(u) & (s < 32);
}

inline Words widen(const std::int16_t* p) { return Words{p[0], p[1], p[2], p[3]}; }

inline Words xor3(Words a, Words b, Words c) { return a ^ b ^ c; }
inline Words majority(Words a, Words b, Words c) { return (a & b) | (c & (a ^ b)); }
inline Words or_and(Words a, Words b, Words c) { return a | (b & c); }
inline Words xor_and(Words a, Words b, Words c) { return a ^ (b & c); }

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

const Kernels kBaselineKernels = {"baseline", dot_narrow, dot_wide, prepare_weights, cells};

}  // namespace nvdla::compute::detail
