// SPDX-License-Identifier: Apache-2.0
#include "compute/cdp_lut.h"

#include <algorithm>
#include <limits>

#include "compute/float_rules.h"

namespace nvdla::compute {

namespace {

constexpr unsigned kFraction = 16;  // bits
constexpr std::uint32_t kLeLast = LutSettings::kLeEntries - 1, kLoLast = LutSettings::kLoEntries - 1;

struct Place {
  std::uint32_t index = 0, fraction = 0;
  bool below = false, above = false;
  [[nodiscard]] bool hit() const { return !below && !above; }
};

Place below() {
  Place place;
  place.below = true;
  return place;
}

Place at(std::uint64_t index, std::uint32_t fraction, std::uint32_t last) {
  Place place;
  place.above = index >= last;
  place.index = place.above ? last : static_cast<std::uint32_t>(index);
  place.fraction = fraction;
  return place;
}

// The first q that a table hits, and the first above it. `last` steps of 2^select from behind the start.
std::int64_t linear_end(std::int64_t start, std::int32_t select, std::uint32_t last) {
  if (select > 50) return std::numeric_limits<std::int64_t>::max();  // no 38-bit value gets there
  if (select < -9) return start + 1;                                 // every step skips the table
  if (select < 0) return start + std::int64_t{(last - 1) >> static_cast<unsigned>(-select)} + 1;
  return start + (std::int64_t{last} << static_cast<unsigned>(select));
}

// 2^exponent above the start, as far as 38-bit values can tell.
std::int64_t exponential_bound(std::int64_t start, std::int32_t exponent) {
  if (exponent < 0) return start + 1;
  return exponent > 50 ? std::numeric_limits<std::int64_t>::max() : start + (std::int64_t{1} << exponent);
}

// Index and fraction of a hit; d = q - start > 0.
struct Position {
  std::uint32_t index, fraction;
};

Position exponential(std::uint64_t d, std::int32_t offset) {
  const unsigned p = 63U - static_cast<unsigned>(__builtin_clzll(d));
  const std::uint64_t rest = d ^ std::uint64_t{1} << p;
  return {static_cast<std::uint32_t>(static_cast<std::int32_t>(p) - offset),
          static_cast<std::uint32_t>(p > kFraction ? rest >> (p - kFraction) : rest << (kFraction - p))};
}

Position linear(std::uint64_t d, std::int32_t select) {
  if (select < 0) return {static_cast<std::uint32_t>(d << static_cast<unsigned>(-select)), 0};
  if (select > 62) return {0, 0};
  const auto shift = static_cast<unsigned>(select);
  const std::uint64_t rest = d & ((std::uint64_t{1} << shift) - 1);
  return {static_cast<std::uint32_t>(d >> shift),
          static_cast<std::uint32_t>(shift > kFraction ? rest >> (shift - kFraction)
                                                       : rest << (kFraction - shift))};
}

bool leaves_no_index(std::uint32_t d) { return (d & kSignBit) != 0 || d == 0 || fp32_is_nan(d); }

Place exponential_fp(std::uint32_t q, const CdpLut& lut) {
  const std::uint32_t d = fp32_sub(q, static_cast<std::uint32_t>(lut.le_start));
  if (leaves_no_index(d)) return below();
  const std::int32_t index = static_cast<std::int32_t>(d >> 23U) - 127 - lut.le_index_offset;
  if (index < 0) return below();
  return at(static_cast<std::uint32_t>(index), d >> 7U & 0xffffU, kLeLast);
}

Place linear_fp(std::uint32_t q, std::int64_t start, std::int32_t select, std::uint32_t last) {
  const std::uint32_t d = fp32_sub(q, static_cast<std::uint32_t>(start));
  if (leaves_no_index(d)) return below();
  const double position = fp32_value(d) * power_of_two(-select);
  if (position >= last) return at(last, 0, last);
  const auto index = static_cast<std::uint32_t>(position);
  return at(index, static_cast<std::uint32_t>((position - index) * 0x10000), last);
}

bool choose_lo(const Place& le, const Place& lo, const CdpLut& lut, LutCounters& counters) {
  if (le.below && lo.below) {
    ++counters.underflow;
    return lut.underflow_lo;
  }
  if (le.above && lo.above) {
    ++counters.overflow;
    return lut.overflow_lo;
  }
  if (le.hit() == lo.hit()) {
    ++counters.hybrid;
    return lut.hybrid_lo;
  }
  counters.le_hit += le.hit() ? 1U : 0U;
  counters.lo_hit += lo.hit() ? 1U : 0U;
  return lo.hit();
}

std::uint16_t entry(const CdpLut& lut, bool lo, std::uint32_t index) {
  return lo ? lut.lo[index] : lut.le[index];
}

std::int64_t bound(const CdpLut& lut, bool lo, const Place& place) {
  if (place.above) return lo ? lut.lo_end : lut.le_end;
  return lo ? lut.lo_start : lut.le_start;
}

// The product of a slope has at most 57 bits; a shift by 16 to the left saturates long before 64.
std::int64_t slope(std::int64_t distance, std::int32_t scale, std::int32_t shift) {
  const std::int64_t product = distance * scale;
  if (shift >= 0) return round_shift(product, static_cast<unsigned>(shift));
  return saturate<40>(product) * (std::int64_t{1} << -shift);
}

// Sign extension of the low bits of a SELECT register: the shifter of int8 looks at 6 of them, that of int16
// at 7.
std::int32_t low_bits(std::int32_t value, unsigned bits) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(value) << (32 - bits)) >> (32 - bits);
}

std::int32_t select_of(std::int32_t value, Precision precision) {
  if (precision == Precision::kFp16) return value;
  return low_bits(value, precision == Precision::kInt8 ? 6 : 7);
}

}  // namespace

CdpLookUp::CdpLookUp(const CdpLut& lut, Precision precision)
    : lut_(lut),
      le_select_(select_of(lut.le_index_select, precision)),
      lo_select_(select_of(lut.lo_index_select, precision)) {
  if (lut.le_exponential) {
    // d has 39 bits at most: an offset below 0 shifts the first entries out of reach.
    le_ = {exponential_bound(lut.le_start, lut.le_index_offset),
           exponential_bound(lut.le_start, lut.le_index_offset + static_cast<std::int32_t>(kLeLast))};
  } else {
    le_ = {lut.le_start + 1, linear_end(lut.le_start, le_select_, kLeLast)};
  }
  lo_ = {lut.lo_start + 1, linear_end(lut.lo_start, lo_select_, kLoLast)};
}

std::int32_t CdpLookUp::integer(std::int64_t q, LutCounters& counters) const {
  Place le, lo;
  le.below = q < le_.first;
  le.above = !le.below && q >= le_.end;
  lo.below = q < lo_.first;
  lo.above = !lo.below && q >= lo_.end;
  const bool take_lo = choose_lo(le, lo, lut_, counters);
  const Place& place = take_lo ? lo : le;
  if (!place.hit()) return miss(q, take_lo, place.above);
  const auto d = static_cast<std::uint64_t>(q - (take_lo ? lut_.lo_start : lut_.le_start));
  const Position at = take_lo               ? linear(d, lo_select_)
                      : lut_.le_exponential ? exponential(d, lut_.le_index_offset)
                                            : linear(d, le_select_);
  const std::int64_t y0 = static_cast<std::int16_t>(entry(lut_, take_lo, at.index));
  const std::int64_t y1 = static_cast<std::int16_t>(entry(lut_, take_lo, at.index + 1));
  return static_cast<std::int32_t>(
      saturate<16>(y0 + round_shift((y1 - y0) * std::int64_t{at.fraction}, kFraction)));
}

std::int32_t CdpLookUp::miss(std::int64_t q, bool lo, bool above) const {
  const std::uint32_t last = lo ? kLoLast : kLeLast;
  const std::int64_t y0 = static_cast<std::int16_t>(entry(lut_, lo, above ? last : 0));
  Place place;
  place.above = above;
  std::int64_t from = bound(lut_, lo, place);
  if (!lo && lut_.le_exponential && !above && lut_.le_index_offset >= 0)
    from += std::int64_t{1} << std::min(lut_.le_index_offset, 40);
  const LutSlope& s = lo ? lut_.lo_slope : lut_.le_slope;
  const std::int64_t correction = above ? slope(q - from, s.overflow_scale, s.overflow_shift)
                                        : slope(q - from, s.underflow_scale, s.underflow_shift);
  return static_cast<std::int32_t>(saturate<16>(y0 + correction));
}

std::uint32_t CdpLookUp::floating(std::uint32_t q, LutCounters& counters) const {
  const Place le =
      lut_.le_exponential ? exponential_fp(q, lut_) : linear_fp(q, lut_.le_start, le_select_, kLeLast);
  const Place lo = linear_fp(q, lut_.lo_start, lo_select_, kLoLast);
  const bool take_lo = choose_lo(le, lo, lut_, counters);
  const Place& place = take_lo ? lo : le;
  const std::uint16_t first = entry(lut_, take_lo, place.index);
  const std::uint32_t y0 = fp16_to_fp17(first);
  if (place.hit()) {
    const std::uint32_t y1 = fp16_to_fp32(entry(lut_, take_lo, place.index + 1));
    const std::uint32_t step = fp32_to_fp17(fp32_sub(y1, fp16_to_fp32(first)));
    return fp17_add(fp17_mul(step, fraction_to_fp17(place.fraction, kFraction)), y0);
  }
  auto from = static_cast<std::uint32_t>(bound(lut_, take_lo, place));
  if (!take_lo && lut_.le_exponential && place.below) {
    // 2^offset as fp32; the two smallest offsets have no normal pattern and add nothing.
    const std::int32_t exponent = lut_.le_index_offset + 127;
    from = fp32_add(from, exponent > 0 ? static_cast<std::uint32_t>(exponent) << 23U : 0);
  }
  const LutSlope& s = take_lo ? lut_.lo_slope : lut_.le_slope;
  const auto scale = static_cast<std::uint16_t>(place.above ? s.overflow_scale : s.underflow_scale);
  return fp17_add(fp17_mul(fp32_to_fp17(fp32_sub(q, from)), fp16_to_fp17(scale)), y0);
}

}  // namespace nvdla::compute
