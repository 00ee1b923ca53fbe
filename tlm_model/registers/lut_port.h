// SPDX-License-Identifier: Apache-2.0
// Access port to the two look-up tables of SDP or CDP: S_LUT_ACCESS_CFG loads address, table and direction,
// S_LUT_ACCESS_DATA moves one entry and the address moves on by one.
//
// The two units differ (RTL: NV_NVDLA_SDP_reg.v, NV_NVDLA_CDP_reg.v): SDP's address advances with every data
// access and wraps in its 10 bits; CDP's advances only with an access of the direction set and stays at the
// table's last entry. CDP's configuration register reads back the current address, SDP's the one written.
// Limits: values are kept as written; nothing interpolates in them here.
#pragma once

#include <array>
#include <cstdint>

namespace nvdla::registers {

class LutPort {
 public:
  enum class Kind : std::uint8_t { kSdp, kCdp };
  static constexpr std::uint32_t kLeEntries = 65, kLoEntries = 257;

  explicit LutPort(Kind kind) : kind_(kind) {}

  void configure(std::uint32_t value) {
    address_ = value & kAddressMask;
    low_ = ((value >> 16) & 1U) != 0;
    writing_ = ((value >> 17) & 1U) != 0;
  }

  void write(std::uint32_t value) {
    if (writing_ && address_ < entries()) table()[address_] = static_cast<std::uint16_t>(value);
    advance(writing_);
  }

  // Entry `index` of table LO or LE. Precondition: the table has it.
  [[nodiscard]] std::uint16_t entry(bool lo, std::uint32_t index) const {
    return lo ? lo_[index] : le_[index];
  }

  [[nodiscard]] std::uint32_t peek() const { return address_ < entries() ? table()[address_] : 0; }

  std::uint32_t read() {
    const std::uint32_t value = peek();
    advance(!writing_);
    return value;
  }

  // S_LUT_ACCESS_CFG as software reads it.
  [[nodiscard]] std::uint32_t configuration(std::uint32_t written) const {
    return kind_ == Kind::kSdp ? written : (written & ~kAddressMask) | address_;
  }

 private:
  static constexpr std::uint32_t kAddressMask = 0x3ff;

  [[nodiscard]] std::uint32_t entries() const { return low_ ? kLoEntries : kLeEntries; }
  [[nodiscard]] const std::uint16_t* table() const { return low_ ? lo_.data() : le_.data(); }
  [[nodiscard]] std::uint16_t* table() { return low_ ? lo_.data() : le_.data(); }

  void advance(bool in_direction) {
    if (kind_ == Kind::kSdp) {
      address_ = (address_ + 1) & kAddressMask;
    } else if (in_direction && address_ != entries() - 1) {
      address_ = (address_ + 1) & kAddressMask;
    }
  }

  Kind kind_;
  std::uint32_t address_ = 0;
  bool low_ = false;  // table LO; else LE
  bool writing_ = false;
  std::array<std::uint16_t, kLeEntries> le_{};
  std::array<std::uint16_t, kLoEntries> lo_{};
};

}  // namespace nvdla::registers
