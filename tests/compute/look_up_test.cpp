// SPDX-License-Identifier: Apache-2.0
// Proves the integer look-up of SDP and CDP against their rules written out directly, over random tables,
// starts, steps and slopes, with values on both sides of every bound; and the choice between the tables with
// its counters. The fp16 forms are proven by the golden cases over all inputs.
#include <gtest/gtest.h>

#include <random>

#include "compute/cdp_lut.h"
#include "compute/sdp_lut.h"

namespace nvdla::compute {
namespace {

__extension__ using Wide = __int128;

Wide clamp(Wide x, unsigned bits) {
  const Wide largest = (static_cast<Wide>(1) << (bits - 1)) - 1;
  return x > largest ? largest : (x < -largest - 1 ? -largest - 1 : x);
}

Wide divide(Wide x, int shift) {  // to nearest, ties away from zero; a negative shift multiplies
  if (shift <= 0) return x * (static_cast<Wide>(1) << -shift);
  const Wide magnitude = (x < 0 ? -x : x) + (static_cast<Wide>(1) << (shift - 1));
  return x < 0 ? -(magnitude >> shift) : magnitude >> shift;
}

// Where x falls: -1 below, 1 above, else index and fraction of `bits` bits, cut off.
struct Place {
  int side = 0;
  std::uint32_t index = 0;
  Wide fraction = 0;
};

Place place(Wide x, Wide start, bool exponential, int step, std::uint32_t last, unsigned bits) {
  if (x <= start) return {-1, 0, 0};
  const Wide d = x - start;
  Place result;
  Wide index;
  if (exponential) {
    int p = 0;
    while (d >> (p + 1) != 0) ++p;
    if (p < step) return {-1, 0, 0};
    index = p - step;
    result.fraction = (((d - (static_cast<Wide>(1) << p)) << bits) >> p);
  } else if (step < 0) {
    index = d << std::min(-step, 40);
  } else {
    index = d >> step;
    result.fraction = ((d - (index << step)) << bits) >> step;
  }
  if (index >= last) return {1, last, 0};
  result.index = static_cast<std::uint32_t>(index);
  return result;
}

// The rule of both units: `bits` of fraction, `width` of the result, of the slope's part first when `twice`.
std::int32_t expected(std::int64_t x, const LutSettings& lut, unsigned bits, unsigned width, bool sdp,
                      LutCounters& counters) {
  const Place le = place(x, lut.le_start, lut.le_exponential,
                         lut.le_exponential ? lut.le_index_offset : lut.le_index_select, 64, bits);
  const Place lo = place(x, lut.lo_start, false, lut.lo_index_select, 256, bits);
  bool take_lo;
  if (le.side < 0 && lo.side < 0) {
    take_lo = lut.underflow_lo;
    if (!sdp) ++counters.underflow;
  } else if (le.side > 0 && lo.side > 0) {
    take_lo = lut.overflow_lo;
    if (!sdp) ++counters.overflow;
  } else if ((le.side == 0) == (lo.side == 0)) {
    take_lo = lut.hybrid_lo;
    if (!sdp) ++counters.hybrid;
  } else {
    take_lo = lo.side == 0;
    if (!sdp) ++(take_lo ? counters.lo_hit : counters.le_hit);
  }
  const Place& at = take_lo ? lo : le;
  if (sdp) {
    counters.underflow += at.side < 0 ? 1U : 0U;
    counters.overflow += at.side > 0 ? 1U : 0U;
    counters.hybrid += at.side == 0 ? 1U : 0U;
    counters.le_hit += le.side == 0 ? 1U : 0U;
    counters.lo_hit += lo.side == 0 ? 1U : 0U;
  }
  const auto entry = [&](std::uint32_t i) {
    return static_cast<Wide>(static_cast<std::int16_t>(take_lo ? lut.lo[i] : lut.le[i]));
  };
  const Wide y0 = entry(at.side < 0 ? 0 : at.index);
  if (at.side == 0) {
    const Wide y1 = entry(at.index + 1);
    if (sdp) {
      const Wide one = static_cast<Wide>(1) << bits;
      return static_cast<std::int32_t>(
          clamp(divide(y0 * (one - at.fraction) + y1 * at.fraction, static_cast<int>(bits)), width));
    }
    return static_cast<std::int32_t>(
        clamp(y0 + divide((y1 - y0) * at.fraction, static_cast<int>(bits)), width));
  }
  const LutSlope& slope = take_lo ? lut.lo_slope : lut.le_slope;
  Wide from = at.side < 0 ? (take_lo ? lut.lo_start : lut.le_start) : (take_lo ? lut.lo_end : lut.le_end);
  if (at.side < 0 && !take_lo && lut.le_exponential && lut.le_index_offset >= 0)
    from += static_cast<Wide>(1) << lut.le_index_offset;
  Wide part = divide((x - from) * (at.side < 0 ? slope.underflow_scale : slope.overflow_scale),
                     at.side < 0 ? slope.underflow_shift : slope.overflow_shift);
  if (sdp) part = clamp(part, 32);
  return static_cast<std::int32_t>(clamp(y0 + part, width));
}

template <class Lut>
Lut random_tables(std::mt19937_64& random, unsigned value_bits) {
  Lut lut;
  lut.le_exponential = random() % 2 == 0;
  lut.underflow_lo = random() % 2 == 0;
  lut.overflow_lo = random() % 2 == 0;
  lut.hybrid_lo = random() % 2 == 0;
  lut.le_index_offset = static_cast<std::int32_t>(random() % 30) - 4;
  lut.le_index_select = static_cast<std::int32_t>(random() % 34) - 3;
  lut.lo_index_select = static_cast<std::int32_t>(random() % 34) - 3;
  const auto bound = [&] {
    return static_cast<std::int64_t>(random()) >> (64 - value_bits + random() % value_bits);
  };
  lut.le_start = bound();
  lut.le_end = bound();
  lut.lo_start = bound();
  lut.lo_end = bound();
  for (LutSlope* slope : {&lut.le_slope, &lut.lo_slope}) {
    slope->underflow_scale = static_cast<std::int16_t>(random());
    slope->overflow_scale = static_cast<std::int16_t>(random());
    slope->underflow_shift = static_cast<std::int32_t>(random() % 32) - 16;
    slope->overflow_shift = static_cast<std::int32_t>(random() % 32) - 16;
  }
  for (auto& entry : lut.le) entry = static_cast<std::uint16_t>(random());
  for (auto& entry : lut.lo) entry = static_cast<std::uint16_t>(random());
  return lut;
}

// A value anywhere, or close to the start or some steps behind it.
std::int64_t near(std::mt19937_64& random, const LutSettings& lut, unsigned value_bits) {
  const std::int64_t start = random() % 2 == 0 ? lut.le_start : lut.lo_start;
  const std::int64_t away = static_cast<std::int64_t>(random() % 5) - 2;
  std::int64_t x;
  switch (random() % 3) {
    case 0:
      x = start + away;
      break;
    case 1:
      x = start + (std::int64_t{1} << (random() % value_bits)) + away;
      break;
    default:
      x = static_cast<std::int64_t>(random()) >> (64 - value_bits + random() % value_bits);
      break;
  }
  return static_cast<std::int64_t>(clamp(x, value_bits));
}

void expect_equal(const LutCounters& a, const LutCounters& b) {
  EXPECT_EQ(a.underflow, b.underflow);
  EXPECT_EQ(a.overflow, b.overflow);
  EXPECT_EQ(a.hybrid, b.hybrid);
  EXPECT_EQ(a.le_hit, b.le_hit);
  EXPECT_EQ(a.lo_hit, b.lo_hit);
}

TEST(SdpLookUp, FollowsItsRules) {
  std::mt19937_64 random(6);
  LutCounters counters, reference;
  for (int round = 0; round < 3000; ++round) {
    const auto lut = random_tables<SdpLut>(random, 32);
    for (int i = 0; i < 20; ++i) {
      const auto in = static_cast<std::int32_t>(near(random, lut, 32));
      std::int32_t x = in;
      sdp_look_up(lut, false, &x, 1, counters);
      ASSERT_EQ(x, expected(in, lut, 35, 32, true, reference)) << in;
    }
  }
  expect_equal(counters, reference);
  EXPECT_GT(counters.underflow * counters.overflow * counters.hybrid, 0U);
}

TEST(CdpLookUp, FollowsItsRules) {
  std::mt19937_64 random(7);
  LutCounters counters, reference;
  for (int round = 0; round < 3000; ++round) {
    const auto lut = random_tables<CdpLut>(random, 38);
    const CdpLookUp look_up(lut, Precision::kInt16);
    for (int i = 0; i < 20; ++i) {
      const std::int64_t q = near(random, lut, 38);
      ASSERT_EQ(look_up.integer(q, counters), expected(q, lut, 16, 16, false, reference)) << q;
    }
  }
  expect_equal(counters, reference);
  EXPECT_GT(counters.underflow * counters.overflow * counters.hybrid * counters.le_hit * counters.lo_hit, 0U);
}

TEST(CdpLookUp, NarrowShiftersSeeTheLowBitsOfTheStep) {
  CdpLut lut;
  lut.le_exponential = false;
  lut.hybrid_lo = true;
  lut.lo_start = -1;
  lut.lo_index_select = 32 + 2;  // int8 has six bits: -30; int16 has seven: 34
  for (std::uint32_t i = 0; i < LutSettings::kLoEntries; ++i) lut.lo[i] = static_cast<std::uint16_t>(i);
  lut.le_start = std::int64_t{1} << 30;
  lut.overflow_lo = true;
  LutCounters counters;
  EXPECT_EQ(CdpLookUp(lut, Precision::kInt16).integer(5, counters), 0);
  EXPECT_EQ(counters.lo_hit, 1U);
  EXPECT_EQ(CdpLookUp(lut, Precision::kInt8).integer(5, counters), 256);  // one above, one below
  EXPECT_EQ(counters.hybrid, 1U);
}

}  // namespace
}  // namespace nvdla::compute
