// SPDX-License-Identifier: Apache-2.0
#include "engine/tensors/tensors.h"

#include <algorithm>
#include <stdexcept>

namespace nvdla::engine {

Tensors::Entry& Tensors::entry(OperationId id) {
  if (last_ < entries_.size() && entries_[last_]->id == id) return *entries_[last_];
  for (last_ = 0; last_ < entries_.size(); ++last_)
    if (entries_[last_]->id == id) return *entries_[last_];
  entries_.push_back(std::make_unique<Entry>());
  Entry& made = *entries_.back();
  made.id = id;
  if (source_ != nullptr) made.image.attach(*source_, *sink_);
  return made;
}

void Tensors::arrived(OperationId id, MemorySpace space, std::uint64_t address, const unsigned char* data,
                      std::size_t length) {
  if (id.sequence < ended_[static_cast<std::size_t>(id.engine)]) return;
  entry(id).image.arrived(space, address, data, length);
}

OperationTensors* Tensors::find(OperationId id) {
  Entry& found = entry(id);
  if (!found.made) {
    found.made = true;
    try {
      found.tensors = maker_(id, found.image);
    } catch (const std::length_error& error) {
      fail(found, error.what());
    }
  }
  return found.failed ? nullptr : found.tensors.get();
}

void Tensors::fail(Entry& entry, const std::string& reason) {
  if (!entry.failed) warn_(reason + "; the rest of this operation's output is left 0");
  entry.failed = true;
}

void Tensors::fill(OperationId id, MemorySpace space, std::uint64_t address, std::uint32_t length,
                   unsigned char* out) {
  OperationTensors* const tensors = find(id);
  Entry& own = entry(id);
  if (tensors != nullptr) {
    try {
      tensors->produce(space, address, length);
    } catch (const std::length_error& error) {
      fail(own, error.what());
    }
  }
  own.image.take(space, address, out, length);
}

std::optional<Tensors::Result> Tensors::finish(OperationId id, bool gives) {
  std::optional<Result> result;
  if (OperationTensors* const tensors = find(id)) {
    try {
      tensors->finish();
      result = Result{tensors->counters(), tensors->outputs()};
      early_ += tensors->early();
    } catch (const std::length_error& error) {
      fail(entry(id), error.what());
    }
  }
  ended_[static_cast<std::size_t>(id.engine)] = id.sequence + 1;
  if (!gives) erase(id);
  return result;
}

void Tensors::erase(OperationId id) {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const std::unique_ptr<Entry>& entry) { return entry->id == id; });
  if (found == entries_.end()) return;
  const std::optional<OperationId> source = (*found)->source;
  entries_.erase(found);
  if (source) erase(*source);
}

void Tensors::reset() {
  entries_.clear();
  cbuf_ = {};
}

}  // namespace nvdla::engine
