// SPDX-License-Identifier: Apache-2.0
// Reads the fields of one unit's register group for the decoder and turns a broken rule into a DecodeError
// that names unit, register (with offset), field, value and the rule.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "hardware/parameters.h"
#include "hardware/types.h"
#include "operation/cube.h"
#include "registers/register_file.h"

namespace nvdla::registers {

class DescriptorReader {
 public:
  DescriptorReader(const RegisterFile& file, const HardwareParameters& hardware, Unit unit,
                   std::uint32_t group)
      : file_(file), hardware_(hardware), unit_(unit), group_(group) {}

  [[nodiscard]] const HardwareParameters& hardware() const { return hardware_; }

  // Whole register: addresses, strides and byte counts, whose low bits hardware does not keep.
  [[nodiscard]] std::uint32_t value(std::string_view reg) const { return file_.value(unit_, reg, group_); }
  // A field; one with enumerated values must hold one of them.
  [[nodiscard]] std::uint32_t field(std::string_view reg, std::string_view field) const;
  [[nodiscard]] bool flag(std::string_view reg, std::string_view name) const { return field(reg, name) != 0; }
  // A field that holds "size - 1".
  [[nodiscard]] std::uint32_t size(std::string_view reg, std::string_view name) const {
    return field(reg, name) + 1;
  }
  // A field in two's complement.
  [[nodiscard]] std::int32_t signed_field(std::string_view reg, std::string_view name) const;

  // A precision that the configuration computes.
  [[nodiscard]] Precision precision(std::string_view reg, std::string_view name) const;
  // A memory port that the configuration has.
  [[nodiscard]] MemorySpace space(std::string_view reg, std::string_view name) const;
  // 64-bit address of a pair of registers, aligned to a memory atom and inside the address width.
  [[nodiscard]] std::uint64_t address(std::string_view high, std::string_view low) const;
  // A stride, aligned to a memory atom.
  [[nodiscard]] std::uint32_t stride(std::string_view reg) const;

  // A feature cube in memory: `line` and `surface` are the stride registers of `where`. A line must hold
  // `cube.width` atoms, a surface all lines; a stride that is never used may hold anything.
  void check_feature_strides(const Cube& cube, Precision precision, const Surface& where,
                             std::string_view line, std::string_view surface) const;

  void require(bool holds, std::string_view reg, std::string_view field, const std::string& rule) const {
    if (!holds) fail(reg, field, rule);
  }
  void require(bool holds, std::string_view reg, std::string_view field, const char* rule) const {
    if (!holds) fail(reg, field, rule);
  }
  // Field may be empty: the whole register.
  [[noreturn]] void fail(std::string_view reg, std::string_view field, const std::string& rule) const;

 private:
  const RegisterFile& file_;
  const HardwareParameters& hardware_;
  Unit unit_;
  std::uint32_t group_;
};

}  // namespace nvdla::registers
