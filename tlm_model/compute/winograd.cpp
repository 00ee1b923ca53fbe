// SPDX-License-Identifier: Apache-2.0
#include "compute/winograd.h"

#include <cmath>

#include "compute/number.h"

namespace nvdla::compute {

namespace {

// An fp17 number. Sums of fp16 numbers are multiples of 2^-24 and far below fp17's largest, so that its
// limits matter to infinities only, which fp17 holds as its largest number. The sign of a zero is not kept:
// nothing behind PRA sees it.
struct Fp17 {
  double value = 0;
  std::uint16_t nan = 0;  // sign and fraction as an fp16 pattern, 0: a number
};

const double kLargest = std::ldexp(2047.0, 22);  // (2 - 2^-10) * 2^32

double round_to_11_bits(double x) {
  int exponent = 0;
  std::frexp(x, &exponent);
  // Adding and taking away 1.5 * 2^(exponent + 41) leaves 11 bits, to nearest even.
  const double big = std::ldexp(1.5, exponent + 41);
  const double rounded = (x + big) - big;
  return rounded > kLargest ? kLargest : (rounded < -kLargest ? -kLargest : rounded);
}

Fp17 widen(std::int16_t bits) {
  const auto h = static_cast<std::uint16_t>(bits);
  if (fp16_is_nan(h)) return {0, h};
  if ((h & 0x7fffU) == 0x7c00U) return {(h & 0x8000U) != 0 ? -kLargest : kLargest, 0};
  return {static_cast<double>(float_of(fp16_to_fp32(h))), 0};
}

Fp17 add(const Fp17& a, const Fp17& b) {
  if (a.nan != 0) return a;
  if (b.nan != 0) return b;
  return {round_to_11_bits(a.value + b.value), 0};
}

Fp17 negate(const Fp17& a) {
  return {-a.value, a.nan != 0 ? static_cast<std::uint16_t>(a.nan ^ 0x8000U) : std::uint16_t{0}};
}

Fp17 subtract(const Fp17& a, const Fp17& b) { return add(a, negate(b)); }

std::int64_t add(std::int64_t a, std::int64_t b) { return a + b; }
std::int64_t subtract(std::int64_t a, std::int64_t b) { return a - b; }

// One of the two passes on four elements that are `step` apart.
template <class T>
void transform(const T* d, T* m, int step) {
  m[0] = subtract(d[0], d[2 * step]);
  m[step] = add(d[step], d[2 * step]);
  m[2 * step] = subtract(d[2 * step], d[step]);
  m[3 * step] = subtract(d[step], d[3 * step]);
}

template <class T>
void transform_tile(const T* in, T* out) {
  T middle[kTile];
  for (int x = 0; x < 4; ++x) transform(in + x, middle + x, 4);
  for (int y = 0; y < 4; ++y) transform(middle + 4 * y, out + 4 * y, 1);
}

}  // namespace

void pre_add(const std::int16_t* tile, Precision precision, std::uint32_t truncate, std::int16_t* out) {
  if (precision == Precision::kFp16) {
    Fp17 wide[kTile], sums[kTile];
    for (std::uint32_t i = 0; i < kTile; ++i) wide[i] = widen(tile[i]);
    transform_tile(wide, sums);
    for (std::uint32_t i = 0; i < kTile; ++i) {
      out[i] = static_cast<std::int16_t>(
          sums[i].nan != 0 ? sums[i].nan : fp32_to_fp16(bits_of(static_cast<float>(sums[i].value))));
    }
    return;
  }
  std::int64_t wide[kTile], sums[kTile];
  for (std::uint32_t i = 0; i < kTile; ++i) wide[i] = tile[i];
  transform_tile(wide, sums);
  for (std::uint32_t i = 0; i < kTile; ++i) {
    const std::int64_t shifted = round_shift(sums[i], truncate & 3U);
    out[i] = static_cast<std::int16_t>(precision == Precision::kInt8 ? saturate<8>(shifted)
                                                                     : saturate<16>(shifted));
  }
}

void post_add(const std::int64_t* p, std::int64_t* out) {
  std::int64_t q[2][4];
  for (int x = 0; x < 4; ++x) {
    q[0][x] = p[x] + p[4 + x] + p[8 + x];
    q[1][x] = p[4 + x] - p[8 + x] - p[12 + x];
  }
  for (int y = 0; y < 2; ++y) {
    out[2 * y] = q[y][0] + q[y][1] + q[y][2];
    out[2 * y + 1] = q[y][1] - q[y][2] - q[y][3];
  }
}

}  // namespace nvdla::compute
