// SPDX-License-Identifier: Apache-2.0
#include "memory/sparse_store.h"

#include <algorithm>
#include <cstring>

namespace nvdla::memory {

void SparseStore::read(std::uint64_t address, unsigned char* data, std::size_t length) const {
  while (length > 0) {
    const std::uint64_t offset = address % kPageBytes;
    const std::size_t part = std::min<std::uint64_t>(length, kPageBytes - offset);
    const auto found = pages_.empty() ? pages_.end() : pages_.find(address / kPageBytes);
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
    std::memcpy(page(address).data() + offset, data, part);
    address += part;
    data += part;
    length -= part;
  }
}

SparseStore::Page& SparseStore::page(std::uint64_t address) {
  std::unique_ptr<Page>& slot = pages_[address / kPageBytes];
  if (!slot) {
    slot = std::make_unique<Page>();
    pattern_.fill(address / kPageBytes * kPageBytes, slot->data(), kPageBytes);
  }
  return *slot;
}

}  // namespace nvdla::memory
