// SPDX-License-Identifier: Apache-2.0
#include "compute/pixel_layout.h"

namespace nvdla::compute {

namespace {

using Slots = std::array<std::uint8_t, 4>;

// Which slot of a pixel, from its low end, holds R/Y, G/U, B/V and A/X. The name of a format lists the slots
// from the high end.
constexpr Slots kAbgr = {0, 1, 2, 3}, kArgb = {2, 1, 0, 3}, kBgra = {1, 2, 3, 0}, kRgba = {3, 2, 1, 0};

PixelLayout four(const Slots& slots, std::uint8_t bits) {
  PixelLayout layout;
  layout.components = 4;
  for (std::uint32_t i = 0; i < 4; ++i) {
    layout.shift[i] = static_cast<std::uint8_t>(slots[i] * bits);
    layout.bits[i] = bits;
  }
  layout.two_bytes = bits == 16;
  return layout;
}

// Three fields of 10 bits and one of 2 for A, which lies above or below them.
PixelLayout packed(const Slots& slots) {
  const bool alpha_low = slots[3] == 0;
  PixelLayout layout;
  layout.components = 4;
  layout.two_bytes = layout.packed = true;
  for (std::uint32_t i = 0; i < 3; ++i) {
    layout.shift[i] = static_cast<std::uint8_t>(alpha_low ? 2 + (slots[i] - 1) * 10 : slots[i] * 10);
    layout.bits[i] = 10;
  }
  layout.shift[3] = alpha_low ? 0 : 30;
  layout.bits[3] = 2;
  return layout;
}

// Y in plane 0; plane 1 holds two components, of which the name lists the high one first.
PixelLayout two_planes(bool v_is_low, std::uint8_t bits) {
  PixelLayout layout;
  layout.components = 3;
  layout.bits = {bits, bits, bits, 0};
  layout.shift = {0, v_is_low ? bits : std::uint8_t{0}, v_is_low ? std::uint8_t{0} : bits, 0};
  layout.two_bytes = bits == 16;
  return layout;
}

}  // namespace

PixelLayout pixel_layout(std::uint32_t format) {
  switch (format) {
    case 0x00:  // R8
      return {};
    case 0x01:  // R10, R12, R16, R16_I, R16_F: a word
    case 0x02:
    case 0x03:
    case 0x04:
    case 0x05: {
      PixelLayout layout;
      layout.bits[0] = 16;
      layout.two_bytes = true;
      return layout;
    }
    case 0x06:  // A16B16G16R16, X16B16G16R16, A16B16G16R16_F
    case 0x07:
    case 0x08:
      return four(kAbgr, 16);
    case 0x09:  // A16Y16U16V16, A16Y16U16V16_F
    case 0x0b:
      return four(kArgb, 16);
    case 0x0a:  // V16U16Y16A16
      return four(kBgra, 16);
    case 0x0c:  // A8B8G8R8, X8B8G8R8
    case 0x10:
      return four(kAbgr, 8);
    case 0x0d:  // A8R8G8B8, X8R8G8B8, A8Y8U8V8
    case 0x11:
    case 0x1a:
      return four(kArgb, 8);
    case 0x0e:  // B8G8R8A8, B8G8R8X8, V8U8Y8A8
    case 0x12:
    case 0x1b:
      return four(kBgra, 8);
    case 0x0f:  // R8G8B8A8, R8G8B8X8
    case 0x13:
      return four(kRgba, 8);
    case 0x14:  // A2B10G10R10
      return packed(kAbgr);
    case 0x15:  // A2R10G10B10, A2Y10U10V10
    case 0x18:
      return packed(kArgb);
    case 0x16:  // B10G10R10A2, V10U10Y10A2
    case 0x19:
      return packed(kBgra);
    case 0x17:  // R10G10B10A2
      return packed(kRgba);
    default:  // Y8___U8V8, Y8___V8U8, then the same of 10, 12 and 16 bits in words
      return two_planes(format % 2 == 0, format < 0x1e ? 8 : 16);
  }
}

}  // namespace nvdla::compute
