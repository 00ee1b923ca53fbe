// SPDX-License-Identifier: Apache-2.0
#include "compute/element_converter.h"

#include "compute/number.h"

namespace nvdla::compute {

ElementConverter::ElementConverter(const ConvolutionFetch& fetch)
    : input_(fetch.input_precision),
      output_(fetch.processing_precision),
      convert_(fetch.convert && fetch.input_precision != Precision::kFp16),
      // Feature data are signed; pixels are unless PIXEL_SIGN_OVERRIDE says otherwise, whatever their format.
      signed_(fetch.input_format == InputFormat::kFeature || fetch.pixel_sign_override),
      nan_to_zero_(fetch.nan_to_zero && fetch.input_precision == Precision::kFp16),
      offset_{},
      scale_(static_cast<std::int16_t>(fetch.convert_scale)),
      truncate_(fetch.convert_truncate) {
  const bool means = fetch.input_format == InputFormat::kPixel && fetch.mean_per_pixel;
  for (std::uint32_t i = 0; i < 4; ++i) {
    offset_[i] = static_cast<std::int16_t>(means ? fetch.mean[i] : fetch.convert_offset);
  }
}

std::int16_t ElementConverter::operator()(std::uint16_t bits, std::uint32_t component) const {
  if (nan_to_zero_ && fp16_is_nan(bits)) bits = 0;
  if (!convert_) {
    return output_ == Precision::kInt8 ? static_cast<std::int8_t>(bits) : static_cast<std::int16_t>(bits);
  }
  std::int64_t x = bits;
  if (signed_) {
    x = input_ == Precision::kInt8 ? static_cast<std::int8_t>(bits) : static_cast<std::int16_t>(bits);
  }
  const std::int64_t t = saturate<17>(round_shift((x - offset_[component & 3U]) * scale_, truncate_ & 63U));
  if (output_ == Precision::kInt8) return static_cast<std::int16_t>(saturate<8>(t));
  if (output_ == Precision::kInt16) return static_cast<std::int16_t>(saturate<16>(t));
  return static_cast<std::int16_t>(fp32_to_fp16(bits_of(static_cast<float>(t))));
}

std::int16_t ElementConverter::padding(std::int32_t value) const {
  return output_ == Precision::kInt8 ? static_cast<std::int8_t>(value) : static_cast<std::int16_t>(value);
}

}  // namespace nvdla::compute
