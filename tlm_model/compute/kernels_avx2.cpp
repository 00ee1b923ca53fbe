// SPDX-License-Identifier: Apache-2.0
// The inner loops for AVX2. Only functions with the target attribute may use it: the rest of the program runs
// on machines without.
#if defined(__x86_64__)

#include <immintrin.h>

#include <cstring>

#include "compute/kernels.h"
#include "compute/mac_cell.h"

#define NVDLA_TARGET __attribute__((target("avx2")))
#define NVDLA_STEP 16
#define NVDLA_KERNELS 4

namespace nvdla::compute::detail {

namespace {

using Lanes = std::int16_t __attribute__((vector_size(32)));
using Words = std::int32_t __attribute__((vector_size(32)));
using Shorts = __m256i;
using Sums = __m256i;

NVDLA_TARGET inline __m256i raw(Lanes v) { return reinterpret_cast<__m256i>(v); }
NVDLA_TARGET inline __m256i raw(Words v) { return reinterpret_cast<__m256i>(v); }

NVDLA_TARGET inline Lanes high_product(Lanes a, Lanes b) {
  return reinterpret_cast<Lanes>(_mm256_mulhi_epi16(raw(a), raw(b)));
}
NVDLA_TARGET inline Words unpack_low(Lanes a, Lanes b) {
  return reinterpret_cast<Words>(_mm256_unpacklo_epi16(raw(a), raw(b)));
}
NVDLA_TARGET inline Words unpack_high(Lanes a, Lanes b) {
  return reinterpret_cast<Words>(_mm256_unpackhi_epi16(raw(a), raw(b)));
}
NVDLA_TARGET inline Words shift_right(Words v, Words s) {
  return reinterpret_cast<Words>(_mm256_srlv_epi32(raw(v), raw(s)));
}
NVDLA_TARGET inline Words shift_down(Words v, Words s) {
  return reinterpret_cast<Words>(_mm256_srav_epi32(raw(v), raw(s)));
}
NVDLA_TARGET inline bool any(Lanes v) { return _mm256_testz_si256(raw(v), raw(v)) == 0; }

NVDLA_TARGET inline Lanes xor3(Lanes a, Lanes b, Lanes c) { return a ^ b ^ c; }
NVDLA_TARGET inline Lanes majority(Lanes a, Lanes b, Lanes c) { return (a & b) | (c & (a ^ b)); }

NVDLA_TARGET inline Shorts load(const std::int16_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
}
NVDLA_TARGET inline Shorts load_tail(const std::int16_t* p) { return load(p); }
NVDLA_TARGET inline Sums zero() { return _mm256_setzero_si256(); }
NVDLA_TARGET inline Sums add(Sums a, Sums b) { return _mm256_add_epi32(a, b); }
NVDLA_TARGET inline Sums multiply_pairs(Shorts a, Shorts b) { return _mm256_madd_epi16(a, b); }
NVDLA_TARGET inline Shorts low_bytes(Shorts w) { return _mm256_and_si256(w, _mm256_set1_epi16(0xff)); }
NVDLA_TARGET inline Shorts high_bytes(Shorts w) { return _mm256_srai_epi16(w, 8); }
NVDLA_TARGET inline std::int64_t total(Sums v) {
  const __m256i low = _mm256_cvtepi32_epi64(_mm256_castsi256_si128(v));
  const __m256i high = _mm256_cvtepi32_epi64(_mm256_extracti128_si256(v, 1));
  const __m256i four = _mm256_add_epi64(low, high);
  const __m128i two = _mm_add_epi64(_mm256_castsi256_si128(four), _mm256_extracti128_si256(four, 1));
  return _mm_cvtsi128_si64(_mm_add_epi64(two, _mm_unpackhi_epi64(two, two)));
}

#include "compute/kernels_cells.inc"
#include "compute/kernels_dot.inc"

}  // namespace

const Kernels kAvx2Kernels = {"avx2", dot_narrow, dot_wide, cells};

}  // namespace nvdla::compute::detail

#endif
