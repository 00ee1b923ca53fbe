// SPDX-License-Identifier: Apache-2.0
// Bytes of a 64-bit address space in pages that exist once they are written. Unwritten bytes read as the
// pattern says, zero by default.
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
  using Page = std::array<unsigned char, kPageBytes>;

  void read(std::uint64_t address, unsigned char* data, std::size_t length) const;
  void write(std::uint64_t address, const unsigned char* data, std::size_t length);
  // Before anything is written.
  void set_pattern(const Pattern& pattern) { pattern_ = pattern; }
  // The page that holds `address`, made if it does not exist; stays where it is.
  Page& page(std::uint64_t address);
  [[nodiscard]] std::size_t pages() const { return pages_.size(); }

 private:
  Pattern pattern_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Page>> pages_;
};

}  // namespace nvdla::memory
