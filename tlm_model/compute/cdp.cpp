// SPDX-License-Identifier: Apache-2.0
#include "compute/cdp.h"

#include <algorithm>
#include <array>
#include <vector>

#include "compute/feature_cube.h"
#include "compute/float_rules.h"

namespace nvdla::compute {

namespace {

constexpr std::uint32_t kReach = 4;  // channels on each side of the widest window

}  // namespace

class CdpComputation::Cdp {
 public:
  Cdp(const CdpOperation& op, const CdpLut& lut, const HardwareParameters& hardware)
      : op_(op),
        lut_(lut),
        atom_(hardware.memory_atom_bytes),
        v1_(hardware.generation == Generation::kV1),
        look_up_(lut_, op.precision),
        reach_(std::min(op.normalization_length / 2, kReach)),
        lanes_(hardware.memory_atom_bytes / bytes_per_element(op.precision)),
        surfaces_(surfaces_of(op.cube.channels, op.precision, hardware)),
        converted_(std::size_t{surfaces_} * lanes_ + 2 * kReach),
        squares_(converted_.size()),
        sums_(std::size_t{surfaces_} * lanes_) {
    if (op.precision != Precision::kInt8) return;
    for (std::size_t i = 0; i < bytes_.size(); ++i)
      bytes_[i] = static_cast<std::int32_t>(convert_input<9>(static_cast<std::int8_t>(i)));
  }

  void compute(const CdpPart& part, const memory::ByteSource& source, memory::ByteSink& sink,
               CdpCounters& counters) {
    begin_ = part.first_surface;
    end_ = std::min(part.first_surface + part.surfaces, surfaces_);
    // Without the sum nothing of the neighbours counts, which may not have come.
    const std::uint32_t beyond = op_.square_sum_bypass ? 0 : 1;
    seen_begin_ = begin_ - std::min(begin_, beyond);
    seen_end_ = std::min(end_ + beyond, surfaces_);
    Surface from = op_.source, to = op_.destination;
    from.address +=
        std::uint64_t{part.line} * from.line_stride + seen_begin_ * std::uint64_t{from.surface_stride};
    to.address += std::uint64_t{part.line} * to.line_stride + begin_ * std::uint64_t{to.surface_stride};
    const FeatureCube in =
        read_cube(source, from, part.first_column, part.columns, 1, seen_end_ - seen_begin_, atom_);
    FeatureCube out(part.columns, 1, end_ - begin_, atom_);
    line(in, out, counters);
    write_cube(sink, to, part.first_column, out);
  }

 private:
  // Normalizes surfaces [begin_, end_) of one line; `in` has those from seen_begin_ on, `out` from begin_ on.
  void line(const FeatureCube& in, FeatureCube& out, CdpCounters& counters) {
    for (std::uint32_t x = 0; x < in.width; ++x) {
      switch (op_.precision) {
        case Precision::kInt8:
          position<1>(in, x, out, counters);
          break;
        case Precision::kInt16:
          position<2>(in, x, out, counters);
          break;
        case Precision::kFp16:
          position_fp16(in, x, out, counters);
          break;
      }
    }
  }

  // to n bits: round(product / 2^shift).
  template <unsigned bits>
  static std::int32_t convert(std::int64_t product, unsigned shift) {
    return static_cast<std::int32_t>(saturate<bits>(round_shift(product, shift)));
  }

  template <unsigned bytes>
  void position(const FeatureCube& in, std::uint32_t x, FeatureCube& out, CdpCounters& counters) {
    constexpr bool kByte = bytes == 1;
    take<bytes>(in, x);
    const std::size_t first = std::size_t{begin_} * lanes_, count = std::size_t{end_ - begin_} * lanes_;
    const std::int64_t* converted = converted_.data() + kReach + first;
    if (op_.square_sum_bypass) {
      std::copy_n(converted, count, sums_.begin());
    } else {
      const std::int64_t* square = squares_.data() + kReach + first;
      for (std::size_t i = 0; i < count; ++i) {
        std::int64_t sum = square[i];
        for (std::ptrdiff_t k = 1; k <= static_cast<std::ptrdiff_t>(reach_); ++k)
          sum += square[static_cast<std::ptrdiff_t>(i) - k] + square[static_cast<std::ptrdiff_t>(i) + k];
        sums_[i] = sum;
      }
    }
    for (std::size_t i = 0; i < count; ++i) sums_[i] = look_up_.integer(sums_[i], counters.lut);
    if (!op_.multiply_bypass)
      for (std::size_t i = 0; i < count; ++i) sums_[i] *= converted[i];

    const std::int64_t offset = kByte ? low_bits25(op_.output_offset) : op_.output_offset;
    const std::int64_t scale = static_cast<std::int16_t>(op_.output_scale);
    const unsigned shift = op_.output_shift & 63U;
    for (std::uint32_t s = 0; s < end_ - begin_; ++s) {
      unsigned char* atom = out.line(s, 0) + std::size_t{x} * out.atom_bytes;
      for (std::uint32_t i = 0; i < lanes_; ++i) {
        const std::int64_t product = (sums_[std::size_t{s} * lanes_ + i] - offset) * scale;
        const std::int64_t unclamped = round_shift(product, shift);
        const auto result = static_cast<std::int32_t>(saturate < kByte ? 8 : 16 > (unclamped));
        // The edge too: the scalable generation counts a floor that rounds back into the range.
        if (unclamped != result || result == (kByte ? -128 : -32768))
          counters.out_saturation += saturates < kByte ? 8 : 16 > (product, shift, result) ? 1U : 0U;
        if (kByte) {
          atom[i] = static_cast<unsigned char>(result);
        } else {
          store16(atom + 2 * i, static_cast<std::uint32_t>(result));
        }
      }
    }
  }

  // Converts one position; what lies beyond the channels stays 0.
  template <unsigned bytes>
  void take(const FeatureCube& in, std::uint32_t x) {
    constexpr bool kByte = bytes == 1;
    for (std::uint32_t s = seen_begin_; s < seen_end_; ++s) {
      const unsigned char* atom = in.line(s - seen_begin_, 0) + std::size_t{x} * in.atom_bytes;
      const std::uint32_t present = std::min(lanes_, op_.cube.channels - s * lanes_);
      std::int64_t* c = converted_.data() + kReach + std::size_t{s} * lanes_;
      std::int64_t* square = squares_.data() + kReach + std::size_t{s} * lanes_;
      for (std::uint32_t i = 0; i < present; ++i) {
        c[i] = kByte ? bytes_[atom[i]] : convert_input<17>(static_cast<std::int16_t>(load16(atom + 2 * i)));
        square[i] = c[i] * c[i];
      }
    }
  }

  // The input converter, to n bits; it sees as many bits of its offset as the input has.
  template <unsigned bits>
  [[nodiscard]] std::int64_t convert_input(std::int64_t value) const {
    const std::int64_t offset =
        bits == 9 ? static_cast<std::int8_t>(op_.input_offset) : static_cast<std::int16_t>(op_.input_offset);
    return convert<bits>((value - offset) * static_cast<std::int16_t>(op_.input_scale),
                         op_.input_shift & 31U);
  }

  // 25 bits of the register in two's complement.
  static std::int64_t low_bits25(std::int32_t value) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(value) << 7U) >> 7;
  }

  template <unsigned bits>
  [[nodiscard]] bool saturates(std::int64_t product, unsigned shift, std::int64_t result) const {
    const std::int64_t floor = product >> shift;
    if (v1_) return floor < result - 1 || floor > result + 1;
    constexpr std::int64_t kLargest = (std::int64_t{1} << (bits - 1)) - 1;
    return floor < -kLargest - 1 || floor > kLargest || round_shift(product, shift) > kLargest;
  }

  void position_fp16(const FeatureCube& in, std::uint32_t x, FeatureCube& out, CdpCounters& counters) {
    for (std::uint32_t s = seen_begin_; s < seen_end_; ++s) {
      const unsigned char* atom = in.line(s - seen_begin_, 0) + std::size_t{x} * in.atom_bytes;
      const bool own = s >= begin_ && s < end_;
      for (std::uint32_t i = 0; i < lanes_; ++i) {
        const std::uint16_t h = load16(atom + 2 * i);
        counters.nan_input += own && fp16_is_nan(h) ? 1U : 0U;
        counters.inf_input += own && (h & 0x7fffU) == 0x7c00U ? 1U : 0U;
        if (s * lanes_ + i >= op_.cube.channels) continue;
        const std::uint32_t c = fp16_is_nan(h) && op_.nan_to_zero ? 0 : fp16_to_fp17(h);
        converted_[kReach + s * lanes_ + i] = c;
        squares_[kReach + s * lanes_ + i] = fp32_mul(c, c);
      }
    }
    for (std::uint32_t s = begin_; s < end_; ++s) {
      unsigned char* atom = out.line(s - begin_, 0) + std::size_t{x} * out.atom_bytes;
      for (std::uint32_t i = 0; i < lanes_; ++i) {
        const std::size_t at = kReach + std::size_t{s} * lanes_ + i;
        const auto c = static_cast<std::uint32_t>(converted_[at]);
        const std::uint32_t q = op_.square_sum_bypass ? c : square_sum(at);
        std::uint32_t y = look_up_.floating(q, counters.lut);
        if (!op_.multiply_bypass) {
          y = fp17_mul(c, y);
        } else if (fp32_is_nan(c)) {
          y = c;
        }
        const std::uint16_t h = fp17_to_fp16(y);
        counters.nan_output += fp16_is_nan(h) ? 1U : 0U;
        counters.out_saturation += (h & 0x7fffU) == 0x7bffU ? 1U : 0U;
        store16(atom + 2 * i, h);
      }
    }
  }

  // The order of fp_sum_block: the pair next to the middle, the middle, then the pairs outwards.
  [[nodiscard]] std::uint32_t square_sum(std::size_t at) const {
    const auto square = [&](std::size_t k) { return static_cast<std::uint32_t>(squares_[k]); };
    std::uint32_t sum = fp32_add(fp32_add(square(at - 1), square(at + 1)), square(at));
    for (std::uint32_t k = 2; k <= reach_; ++k) sum = fp32_add(sum, fp32_add(square(at - k), square(at + k)));
    return sum;
  }

  const CdpOperation op_;
  const CdpLut lut_;
  std::uint32_t atom_;
  bool v1_;
  CdpLookUp look_up_;
  std::uint32_t reach_, lanes_, surfaces_;
  std::uint32_t begin_ = 0, end_ = 0;            // surfaces that are written
  std::uint32_t seen_begin_ = 0, seen_end_ = 0;  // and read
  // Of one position, kReach zeros at both ends: integers, or patterns of fp17 and fp32.
  std::vector<std::int64_t> converted_, squares_;
  std::vector<std::int64_t> sums_;         // of one position: sums, then results
  std::array<std::int32_t, 256> bytes_{};  // the input converter of int8
};

CdpComputation::CdpComputation(const CdpOperation& operation, const CdpLut& lut,
                               const HardwareParameters& hardware)
    : cdp_(std::make_unique<Cdp>(operation, lut, hardware)) {}

CdpComputation::~CdpComputation() = default;

void CdpComputation::compute(const CdpPart& part, const memory::ByteSource& source, memory::ByteSink& sink,
                             CdpCounters& counters) {
  cdp_->compute(part, source, sink, counters);
}

CdpCounters compute_cdp(const CdpOperation& operation, const CdpLut& lut, const HardwareParameters& hardware,
                        const memory::ByteSource& source, memory::ByteSink& sink) {
  CdpCounters counters;
  CdpComputation cdp(operation, lut, hardware);
  const std::uint32_t surfaces = surfaces_of(operation.cube.channels, operation.precision, hardware);
  // Line by line over all surfaces, as the hardware walks: in place works.
  for (std::uint32_t y = 0; y < operation.cube.height; ++y)
    cdp.compute({y, 0, operation.cube.width, 0, surfaces}, source, sink, counters);
  return counters;
}

}  // namespace nvdla::compute
