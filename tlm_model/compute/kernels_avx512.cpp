// SPDX-License-Identifier: Apache-2.0
// The inner loops for AVX-512 (F and BW). Only functions with the target attribute may use it: the rest of
// the program runs on machines without.
#if defined(__x86_64__)

#if defined(__GNUC__) && !defined(__clang__)
// g++ 12 warns of the undefined vectors in its own header.
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

#include <cstring>

#include "compute/kernels.h"
#include "compute/mac_cell.h"

#define NVDLA_TARGET __attribute__((target("avx512f,avx512bw")))
#define NVDLA_STEP 32
#define NVDLA_KERNELS 4

namespace nvdla::compute::detail {

namespace {

using Lanes = std::int16_t __attribute__((vector_size(64)));
using Words = std::int32_t __attribute__((vector_size(64)));
using Shorts = __m512i;
using Sums = __m512i;

NVDLA_TARGET inline __m512i raw(Lanes v) { return reinterpret_cast<__m512i>(v); }
NVDLA_TARGET inline __m512i raw(Words v) { return reinterpret_cast<__m512i>(v); }

NVDLA_TARGET inline Lanes high_product(Lanes a, Lanes b) {
  return reinterpret_cast<Lanes>(_mm512_mulhi_epi16(raw(a), raw(b)));
}
NVDLA_TARGET inline Words unpack_low(Lanes a, Lanes b) {
  return reinterpret_cast<Words>(_mm512_unpacklo_epi16(raw(a), raw(b)));
}
NVDLA_TARGET inline Words unpack_high(Lanes a, Lanes b) {
  return reinterpret_cast<Words>(_mm512_unpackhi_epi16(raw(a), raw(b)));
}
NVDLA_TARGET inline Words shift_right(Words v, Words s) {
  return reinterpret_cast<Words>(_mm512_srlv_epi32(raw(v), raw(s)));
}
NVDLA_TARGET inline Words shift_down(Words v, Words s) {
  return reinterpret_cast<Words>(_mm512_srav_epi32(raw(v), raw(s)));
}
NVDLA_TARGET inline bool any(Lanes v) { return _mm512_test_epi16_mask(raw(v), raw(v)) != 0; }

// The number is the truth table of the operation.
template <int table>
NVDLA_TARGET inline Lanes ternary(Lanes a, Lanes b, Lanes c) {
  return reinterpret_cast<Lanes>(_mm512_ternarylogic_epi32(raw(a), raw(b), raw(c), table));
}
NVDLA_TARGET inline Lanes xor3(Lanes a, Lanes b, Lanes c) { return ternary<0x96>(a, b, c); }
NVDLA_TARGET inline Lanes majority(Lanes a, Lanes b, Lanes c) { return ternary<0xe8>(a, b, c); }

NVDLA_TARGET inline Shorts load(const std::int16_t* p) { return _mm512_loadu_si512(p); }
NVDLA_TARGET inline Shorts load_tail(const std::int16_t* p) {
  return _mm512_zextsi256_si512(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
}
NVDLA_TARGET inline Sums zero() { return _mm512_setzero_si512(); }
NVDLA_TARGET inline Sums add(Sums a, Sums b) { return _mm512_add_epi32(a, b); }
NVDLA_TARGET inline Sums multiply_pairs(Shorts a, Shorts b) { return _mm512_madd_epi16(a, b); }
NVDLA_TARGET inline Shorts low_bytes(Shorts w) { return _mm512_and_si512(w, _mm512_set1_epi16(0xff)); }
NVDLA_TARGET inline Shorts high_bytes(Shorts w) { return _mm512_srai_epi16(w, 8); }
NVDLA_TARGET inline std::int64_t total(Sums v) {
  const __m512i low = _mm512_cvtepi32_epi64(_mm512_castsi512_si256(v));
  const __m512i high = _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64(v, 1));
  return _mm512_reduce_add_epi64(_mm512_add_epi64(low, high));
}

#include "compute/kernels_cells.inc"
#include "compute/kernels_dot.inc"

}  // namespace

const Kernels kAvx512Kernels = {"avx512", dot_narrow, dot_wide, cells};

}  // namespace nvdla::compute::detail

#endif
