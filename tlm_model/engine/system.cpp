// SPDX-License-Identifier: Apache-2.0
#include "engine/system.h"

#include <algorithm>

namespace nvdla::engine {

PortMemory::PortMemory(const memory::PortDescription& description, std::uint32_t bus_bytes)
    : description_(description), bus_bytes_(bus_bytes), timing_(description, bus_bytes) {}

void PortMemory::issue(const Burst& burst) {
  if (!description_.contains(burst.address, std::uint64_t{burst.beats} * bus_bytes_))
    refused_.push_back(burst);
  timing_.submit(burst.id, burst.write, burst.beats, burst.issued);
  if (!responding_) consider();
}

std::optional<Burst> PortMemory::take_refused(std::uint64_t id) {
  const auto found =
      std::find_if(refused_.begin(), refused_.end(), [&](const Burst& burst) { return burst.id == id; });
  if (found == refused_.end()) return std::nullopt;
  const Burst burst = *found;
  refused_.erase(found);
  return burst;
}

void PortMemory::consider() { wanted_ = std::min(wanted_, timing_.next()); }

System::System(const HardwareParameters& hardware, const AcceleratorOptions& options,
               const memory::PortDescription& dbb, const std::optional<memory::PortDescription>& cvsram)
    : accelerator_(hardware, options), dbb_(dbb, hardware.dbb_width_bytes) {
  if (cvsram) cvsram_.emplace(*cvsram, hardware.dbb_width_bytes);
  accelerator_.bind_dbb(dbb_);
  if (cvsram_) accelerator_.bind_cvsram(*cvsram_);
}

Cycle System::next() {
  const Cycle first = std::min(accelerator_.next_event(), dbb_.next());
  return cvsram_ ? std::min(first, cvsram_->next()) : first;
}

void System::respond(MemorySpace space, PortMemory& memory, Cycle at) {
  memory.respond(at, [&](const memory::MemoryTiming::Completion& done, const Burst* refused) {
    if (refused != nullptr && refused_) refused_(*refused);
    accelerator_.complete(space, {done.id, at, done.span, done.held});
  });
  accelerator_.advance(at);
}

void System::run_cycle(Cycle at) {
  accelerator_.advance(at);
  // A memory without latency answers requests that follow from its answers in the same cycle.
  for (bool answered = true; answered;) {
    answered = false;
    if (dbb_.next() <= at) {
      respond(MemorySpace::kDbb, dbb_, at);
      answered = true;
    }
    if (cvsram_ && cvsram_->next() <= at) {
      respond(MemorySpace::kCvsram, *cvsram_, at);
      answered = true;
    }
  }
}

bool System::step(Cycle until) {
  const Cycle at = next();
  if (at > until || at == kNever) return false;
  run_cycle(std::max(at, accelerator_.now()));
  return true;
}

void System::advance_to_access(Cycle at) {
  while (step(at - 1)) {
  }
  accelerator_.advance(at);
}

void System::advance(Cycle at) {
  while (step(at)) {
  }
  accelerator_.advance(at);
}

}  // namespace nvdla::engine
