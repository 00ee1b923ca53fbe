// SPDX-License-Identifier: Apache-2.0
#include "engine/tensors/operation_image.h"

#include <algorithm>

namespace nvdla::engine {

void OperationImage::arrived(MemorySpace space, std::uint64_t address, const unsigned char* data,
                             std::size_t length) {
  Pages& pages = pages_[index(space)];
  while (length > 0) {
    const std::uint64_t offset = address % kPage;
    const std::size_t here = std::min<std::uint64_t>(length, kPage - offset);
    std::unique_ptr<Page>& page = pages[address / kPage];
    if (!page) page = std::make_unique<Page>();
    std::copy_n(data, here, page->bytes.data() + offset);
    for (std::uint64_t unit = offset / kUnit; unit <= (offset + here - 1) / kUnit; ++unit)
      page->come[unit / 64] |= std::uint64_t{1} << unit % 64;
    address += here;
    data += here;
    length -= here;
  }
}

bool OperationImage::Page::has(std::uint64_t first, std::uint64_t last) const {
  for (std::uint64_t unit = first / kUnit; unit <= last / kUnit;) {
    if (unit % 64 == 0 && unit + 63 <= last / kUnit) {
      if (~come[unit / 64] != 0) return false;
      unit += 64;
      continue;
    }
    if ((come[unit / 64] >> unit % 64 & 1U) == 0) return false;
    ++unit;
  }
  return true;
}

void OperationImage::read(MemorySpace space, std::uint64_t address, unsigned char* data,
                          std::size_t length) const {
  if (source_ != nullptr) {
    source_->read(space, address, data, length);
    return;
  }
  const Pages& pages = pages_[index(space)];
  while (length > 0) {
    const std::uint64_t offset = address % kPage;
    const std::size_t here = std::min<std::uint64_t>(length, kPage - offset);
    const auto found = pages.find(address / kPage);
    if (found == pages.end()) {
      std::fill_n(data, here, static_cast<unsigned char>(0));
      missing_ = true;
    } else {
      std::copy_n(found->second->bytes.data() + offset, here, data);
      missing_ = missing_ || !found->second->has(offset, offset + here - 1);
    }
    address += here;
    data += here;
    length -= here;
  }
}

void OperationImage::write(MemorySpace space, std::uint64_t address, const unsigned char* data,
                           std::size_t length) {
  if (sink_ != nullptr) {
    sink_->write(space, address, data, length);
  } else {
    computed_[index(space)].write(address, data, length);
  }
}

void OperationImage::release(MemorySpace space, std::uint64_t begin, std::uint64_t end) {
  for (std::uint64_t page = (begin + kPage - 1) / kPage; page < end / kPage; ++page)
    pages_[index(space)].erase(page);
}

}  // namespace nvdla::engine
