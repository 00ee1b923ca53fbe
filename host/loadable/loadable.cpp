// SPDX-License-Identifier: Apache-2.0
#include "host/loadable/loadable.h"

#include <algorithm>

namespace nvdla::host {

namespace {

std::vector<std::size_t> bound(const Loadable& loadable, bool (LoadableMemory::*which)() const) {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < loadable.memories.size(); ++i) {
    if ((loadable.memories[i].*which)()) result.push_back(i);
  }
  std::stable_sort(result.begin(), result.end(), [&loadable](std::size_t a, std::size_t b) {
    return loadable.memories[a].bind_id < loadable.memories[b].bind_id;
  });
  return result;
}

}  // namespace

const unsigned char* Loadable::initial_bytes(std::size_t memory, std::uint64_t offset, std::uint64_t length,
                                             std::size_t* blob) const {
  const LoadableMemory& entry = memories.at(memory);
  // What is written last stands.
  for (auto content = entry.contents.rbegin(); content != entry.contents.rend(); ++content) {
    const std::vector<unsigned char>& bytes = blobs[content->blob].data;
    if (offset < content->offset) continue;
    const std::uint64_t start = offset - content->offset;
    if (start > bytes.size() || length > bytes.size() - start) continue;
    if (blob != nullptr) *blob = content->blob;
    return bytes.data() + start;
  }
  return nullptr;
}

std::vector<std::size_t> Loadable::inputs() const { return bound(*this, &LoadableMemory::input); }
std::vector<std::size_t> Loadable::outputs() const { return bound(*this, &LoadableMemory::output); }

}  // namespace nvdla::host
