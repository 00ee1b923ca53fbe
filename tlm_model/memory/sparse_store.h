// SPDX-License-Identifier: Apache-2.0
// Bytes of a 64-bit address space in pages that exist once something other than what is there is written to
// them. Unwritten bytes read as the pattern says, zero by default.
// Limit: kMostBytes of pages, as much as nv_small addresses, so that a wrong size ends in an error and not
// with the machine out of memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>

#include "memory/pattern.h"

namespace nvdla::memory {

class SparseStore {
 public:
  static constexpr std::uint64_t kPageBytes = 4096;
  static constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 32;
  using Page = std::array<unsigned char, kPageBytes>;

  void read(std::uint64_t address, unsigned char* data, std::size_t length) const;
  // Throws std::length_error at the limit.
  void write(std::uint64_t address, const unsigned char* data, std::size_t length);
  // Before anything is written.
  void set_pattern(const Pattern& pattern) { pattern_ = pattern; }
  // The page that holds `address`, made if it does not exist; stays where it is. Throws std::length_error.
  Page& page(std::uint64_t address);
  [[nodiscard]] std::size_t pages() const { return pages_.size(); }

 private:
  Pattern pattern_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Page>> pages_;
};

}  // namespace nvdla::memory
