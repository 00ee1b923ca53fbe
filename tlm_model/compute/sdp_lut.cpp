// SPDX-License-Identifier: Apache-2.0
#include "compute/sdp_lut.h"

#include "compute/float_rules.h"

namespace nvdla::compute {

namespace {

constexpr unsigned kFraction = 35;  // bits
constexpr std::uint32_t kLeLast = LutSettings::kLeEntries - 1, kLoLast = LutSettings::kLoEntries - 1;

// Where a value falls in one table.
struct Place {
  std::uint32_t index = 0;
  std::uint64_t fraction = 0;
  bool below = false, above = false;
  [[nodiscard]] bool hit() const { return !below && !above; }
};

Place below() {
  Place place;
  place.below = true;
  return place;
}

Place at(std::uint64_t index, std::uint64_t fraction, std::uint32_t last) {
  Place place;
  place.above = index >= last;
  place.index = place.above ? last : static_cast<std::uint32_t>(index);
  place.fraction = fraction;
  return place;
}

unsigned log2_floor(std::uint32_t d) { return 31U - static_cast<unsigned>(__builtin_clz(d)); }

Place exponential(std::int32_t x, const LutSettings& lut) {
  const auto start = static_cast<std::int32_t>(lut.le_start);
  if (x <= start) return below();
  const std::uint32_t d = static_cast<std::uint32_t>(x) - static_cast<std::uint32_t>(start);
  const unsigned p = log2_floor(d);
  const std::int32_t index = static_cast<std::int32_t>(p) - lut.le_index_offset;
  if (index < 0) return below();
  return at(static_cast<std::uint32_t>(index), std::uint64_t{d ^ 1U << p} << (kFraction - p), kLeLast);
}

Place linear(std::int32_t x, std::int64_t from, std::int32_t select, std::uint32_t last) {
  const auto start = static_cast<std::int32_t>(from);
  if (x <= start) return below();
  const std::uint64_t d = static_cast<std::uint32_t>(x) - static_cast<std::uint32_t>(start);
  if (select < 0) return at(select < -9 ? last : d << static_cast<unsigned>(-select), 0, last);
  const auto shift = static_cast<unsigned>(select);
  if (shift > kFraction) return at(0, shift - kFraction < 32 ? d >> (shift - kFraction) : 0, last);
  return at(d >> shift, (d & ((std::uint64_t{1} << shift) - 1)) << (kFraction - shift), last);
}

// d as fp32; its exponent and fraction, or its integer part and fraction in steps of 2^select.
Place exponential_fp(std::uint32_t x, const LutSettings& lut) {
  const std::uint32_t d = fp32_sub(x, static_cast<std::uint32_t>(lut.le_start));
  if ((d & kSignBit) != 0 || d == 0 || fp32_is_nan(d)) return below();
  const std::int32_t index = static_cast<std::int32_t>(d >> 23U) - 127 - lut.le_index_offset;
  if (index < 0) return below();
  return at(static_cast<std::uint32_t>(index), std::uint64_t{d & 0x7fffffU} << (kFraction - 23), kLeLast);
}

Place linear_fp(std::uint32_t x, std::int64_t from, std::int32_t select, std::uint32_t last) {
  const std::uint32_t d = fp32_sub(x, static_cast<std::uint32_t>(from));
  if ((d & kSignBit) != 0 || d == 0 || fp32_is_nan(d)) return below();
  const double position = fp32_value(d) * power_of_two(-select);
  if (position >= last) return at(last, 0, last);
  const auto index = static_cast<std::uint32_t>(position);
  return at(index, static_cast<std::uint64_t>((position - index) * static_cast<double>(1ULL << kFraction)),
            last);
}

// What the tables' rules decide: the table, and where in it.
struct Choice {
  Place place;
  bool lo = false;
};

Choice choose(const Place& le, const Place& lo, const LutSettings& lut, LutCounters& counters) {
  bool take_lo;
  if (le.below && lo.below) {
    take_lo = lut.underflow_lo;
  } else if (le.above && lo.above) {
    take_lo = lut.overflow_lo;
  } else if (le.hit() == lo.hit()) {
    take_lo = lut.hybrid_lo;
  } else {
    take_lo = lo.hit();
  }
  const Place& place = take_lo ? lo : le;
  counters.underflow += place.below ? 1U : 0U;
  counters.overflow += place.above ? 1U : 0U;
  counters.hybrid += place.hit() ? 1U : 0U;
  counters.le_hit += le.hit() ? 1U : 0U;
  counters.lo_hit += lo.hit() ? 1U : 0U;
  return {place, take_lo};
}

std::uint16_t entry(const LutSettings& lut, bool lo, std::uint32_t index) {
  return lo ? lut.lo[index] : lut.le[index];
}

std::int64_t bound(const LutSettings& lut, const Choice& choice) {
  if (choice.place.above) return choice.lo ? lut.lo_end : lut.le_end;
  return choice.lo ? lut.lo_start : lut.le_start;
}

bool biased(const LutSettings& lut, const Choice& choice) {
  return !choice.lo && lut.le_exponential && choice.place.below;
}

std::int32_t result(std::int32_t x, const LutSettings& lut, const Choice& choice) {
  const Place& place = choice.place;
  const std::int64_t y0 = static_cast<std::int16_t>(entry(lut, choice.lo, place.index));
  if (place.hit()) {
    const std::int64_t y1 = static_cast<std::int16_t>(entry(lut, choice.lo, place.index + 1));
    const std::int64_t one = std::int64_t{1} << kFraction, part = static_cast<std::int64_t>(place.fraction);
    return static_cast<std::int32_t>(round_shift(y0 * (one - part) + y1 * part, kFraction));
  }
  std::int64_t from = static_cast<std::int32_t>(bound(lut, choice));
  if (biased(lut, choice) && lut.le_index_offset >= 0 && lut.le_index_offset < 32) {
    from += std::int64_t{1} << lut.le_index_offset;
  }
  const LutSlope& slope = choice.lo ? lut.lo_slope : lut.le_slope;
  const std::int32_t scale = place.above ? slope.overflow_scale : slope.underflow_scale;
  const std::int32_t shift = place.above ? slope.overflow_shift : slope.underflow_shift;
  const std::int64_t product = (x - from) * scale;  // 50 bits; 16 more from a shift to the left do not fit
  const std::int64_t scaled = shift >= 0 ? round_shift(product, static_cast<unsigned>(shift))
                                         : saturate<40>(product) * (std::int64_t{1} << -shift);
  return static_cast<std::int32_t>(saturate<32>(y0 + saturate<32>(scaled)));
}

std::uint32_t result_fp(std::uint32_t x, const LutSettings& lut, const Choice& choice) {
  const Place& place = choice.place;
  const std::uint32_t y0 = fp16_to_fp17(entry(lut, choice.lo, place.index));
  if (place.hit()) {
    constexpr std::uint32_t kOne = 0x3f800000U;
    const std::uint64_t rest = (std::uint64_t{1} << kFraction) - place.fraction;
    const std::uint32_t a0 = place.fraction == 0 ? kOne : fraction_to_fp17(rest, kFraction);
    const std::uint32_t a1 = fraction_to_fp17(place.fraction, kFraction);
    const std::uint32_t y1 = fp16_to_fp17(entry(lut, choice.lo, place.index + 1));
    return fp17_add(fp17_mul(a0, y0), fp17_mul(a1, y1));
  }
  const std::uint32_t exponent = static_cast<std::uint32_t>(lut.le_index_offset + 127) & 0xffU;
  const std::uint32_t bias = biased(lut, choice) ? exponent << 23U : 0;
  const std::uint32_t from = fp32_add(static_cast<std::uint32_t>(bound(lut, choice)), bias);
  const LutSlope& slope = choice.lo ? lut.lo_slope : lut.le_slope;
  const auto scale = static_cast<std::uint16_t>(place.above ? slope.overflow_scale : slope.underflow_scale);
  return fp17_add(y0, fp17_mul(fp32_to_fp17(fp32_sub(x, from)), fp16_to_fp17(scale)));
}

}  // namespace

void sdp_look_up(const SdpLut& lut, bool floating, std::int32_t* x, std::size_t count,
                 LutCounters& counters) {
  for (std::size_t k = 0; k < count; ++k) {
    if (floating) {
      const auto value = static_cast<std::uint32_t>(x[k]);
      const Place le = lut.le_exponential ? exponential_fp(value, lut)
                                          : linear_fp(value, lut.le_start, lut.le_index_select, kLeLast);
      const Place lo = linear_fp(value, lut.lo_start, lut.lo_index_select, kLoLast);
      x[k] = static_cast<std::int32_t>(result_fp(value, lut, choose(le, lo, lut, counters)));
    } else {
      const Place le = lut.le_exponential ? exponential(x[k], lut)
                                          : linear(x[k], lut.le_start, lut.le_index_select, kLeLast);
      const Place lo = linear(x[k], lut.lo_start, lut.lo_index_select, kLoLast);
      x[k] = result(x[k], lut, choose(le, lo, lut, counters));
    }
  }
}

}  // namespace nvdla::compute
