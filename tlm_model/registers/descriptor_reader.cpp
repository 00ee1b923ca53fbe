// SPDX-License-Identifier: Apache-2.0
#include "registers/descriptor_reader.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "registers/decoder.h"

namespace nvdla::registers {

std::uint32_t DescriptorReader::field(std::string_view reg, std::string_view field) const {
  const std::uint32_t value = file_.field(unit_, reg, field, group_);
  const RegisterInfo& info = file_.map()[file_.map().find(unit_, reg)];
  const FieldInfo* layout = info.find(field);
  if (layout->values != nullptr) {
    const EnumValue* end = layout->values + layout->value_count;
    if (std::none_of(layout->values, end, [&](const EnumValue& v) { return v.value == value; })) {
      fail(reg, field, "no such value");
    }
  }
  return value;
}

std::int32_t DescriptorReader::signed_field(std::string_view reg, std::string_view name) const {
  const RegisterInfo& info = file_.map()[file_.map().find(unit_, reg)];
  const std::uint32_t unused = 32U - info.find(name)->width;
  return static_cast<std::int32_t>(field(reg, name) << unused) >> unused;
}

Precision DescriptorReader::precision(std::string_view reg, std::string_view name) const {
  const auto precision = static_cast<Precision>(field(reg, name));
  const std::array<bool, 3> built = {hardware_.int8, hardware_.int16, hardware_.fp16};
  const std::uint32_t index = static_cast<std::uint32_t>(precision);
  require(index < built.size() && built[index], reg, name,
          "configuration " + hardware_.name + " does not compute this precision");
  return precision;
}

MemorySpace DescriptorReader::space(std::string_view reg, std::string_view name) const {
  const auto space = static_cast<MemorySpace>(field(reg, name));
  require(space == MemorySpace::kDbb || hardware_.cvsram, reg, name,
          "configuration " + hardware_.name + " has no CVSRAM port");
  return space;
}

std::uint64_t DescriptorReader::address(std::string_view high, std::string_view low) const {
  const std::uint64_t upper = value(high);
  require(hardware_.mem_address_bits > 32 || upper == 0, high, "",
          "configuration " + hardware_.name + " has 32-bit addresses");
  const std::uint32_t lower = value(low);
  require(lower % hardware_.memory_atom_bytes == 0, low, "",
          "address must be a multiple of the memory atom, " + std::to_string(hardware_.memory_atom_bytes) +
              " bytes");
  return upper << 32 | lower;
}

std::uint32_t DescriptorReader::stride(std::string_view reg) const {
  const std::uint32_t stride = value(reg);
  require(stride % hardware_.memory_atom_bytes == 0, reg, "",
          "stride must be a multiple of the memory atom, " + std::to_string(hardware_.memory_atom_bytes) +
              " bytes");
  return stride;
}

void DescriptorReader::check_feature_strides(const Cube& cube, Precision precision, const Surface& where,
                                             std::string_view line, std::string_view surface) const {
  const std::uint64_t atom = hardware_.memory_atom_bytes;
  const std::uint64_t line_bytes = cube.width * atom;
  if (cube.height > 1 && where.line_stride < line_bytes)
    fail(line, "", "stride is smaller than a line of " + std::to_string(line_bytes) + " bytes");
  const std::uint64_t surfaces =
      (std::uint64_t{cube.channels} * bytes_per_element(precision) + atom - 1) / atom;
  const std::uint64_t surface_bytes = std::uint64_t{cube.height - 1} * where.line_stride + line_bytes;
  if (surfaces > 1 && where.surface_stride < surface_bytes)
    fail(surface, "", "stride is smaller than a surface of " + std::to_string(surface_bytes) + " bytes");
}

void DescriptorReader::fail(std::string_view reg, std::string_view field, const std::string& rule) const {
  const RegisterInfo& info = file_.map()[file_.map().find(unit_, reg)];
  const std::uint32_t raw = value(reg);
  std::array<char, 16> offset{}, hex{};
  std::snprintf(offset.data(), offset.size(), "0x%05x", info.offset);
  std::snprintf(hex.data(), hex.size(), "0x%x", field.empty() ? raw : info.find(field)->extract(raw));
  std::string text = info.full_name() + " (" + offset.data() + ", group " + std::to_string(group_) + ")";
  if (!field.empty()) text += " field " + std::string(field);
  throw DecodeError(text + " = " + hex.data() + ": " + rule);
}

}  // namespace nvdla::registers
