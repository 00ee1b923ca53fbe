// SPDX-License-Identifier: Apache-2.0
#include "memory/sparse_store.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace nvdla::memory {

void SparseStore::read(std::uint64_t address, unsigned char* data, std::size_t length) const {
  if (pages_.empty()) {  // as where only time is of interest
    pattern_.fill(address, data, length);
    return;
  }
  while (length > 0) {
    const std::uint64_t offset = address % kPageBytes;
    const std::size_t part = std::min<std::uint64_t>(length, kPageBytes - offset);
    const auto found = pages_.find(address / kPageBytes);
    if (found == pages_.end()) {
      pattern_.fill(address, data, part);
    } else {
      std::memcpy(data, found->second->data() + offset, part);
    }
    address += part;
    data += part;
    length -= part;
  }
}

void SparseStore::write(std::uint64_t address, const unsigned char* data, std::size_t length) {
  while (length > 0) {
    const std::uint64_t offset = address % kPageBytes;
    const std::size_t part = std::min<std::uint64_t>(length, kPageBytes - offset);
    const bool same = pattern_.kind == Pattern::Kind::kZero &&
                      std::all_of(data, data + part, [](unsigned char byte) { return byte == 0; });
    if (!same || pages_.count(address / kPageBytes) != 0)
      std::memcpy(page(address).data() + offset, data, part);
    address += part;
    data += part;
    length -= part;
  }
}

SparseStore::Page& SparseStore::page(std::uint64_t address) {
  std::unique_ptr<Page>& slot = pages_[address / kPageBytes];
  if (slot) return *slot;
  if (pages_.size() > kMostBytes / kPageBytes) {
    pages_.erase(address / kPageBytes);
    throw std::length_error("the contents of a memory exceed 4 GiB");
  }
  slot = std::make_unique<Page>();
  pattern_.fill(address / kPageBytes * kPageBytes, slot->data(), kPageBytes);
  return *slot;
}

}  // namespace nvdla::memory
