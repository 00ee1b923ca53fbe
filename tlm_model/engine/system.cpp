// SPDX-License-Identifier: Apache-2.0
#include "engine/system.h"

#include <algorithm>

namespace nvdla::engine {

PortMemory::PortMemory(const memory::PortDescription& description, std::uint32_t bus_bytes, bool moves_bytes,
                       memory::SparseStore& contents)
    : description_(description),
      bus_bytes_(bus_bytes),
      timing_(description, bus_bytes),
      moves_bytes_(moves_bytes),
      contents_(contents) {}

void PortMemory::issue(const Burst& burst) {
  const std::size_t bytes = std::size_t{burst.beats} * bus_bytes_;
  const bool held = description_.contains(burst.address, bytes);
  if (!held) refused_.push_back(burst);
  if (moves_bytes_ && burst.write && held)
    contents_.write(burst.address + burst.offset, burst.data + burst.offset, burst.bytes);
  if (moves_bytes_ && !burst.write) {
    const std::uint32_t slot = MemoryInterface::slot(burst.id);
    if (slot >= reads_.size()) reads_.resize(slot + 1);
    reads_[slot] = {burst.id, burst.address, bytes, burst.beat_by_beat ? bus_bytes_ : bytes};
  }
  if (burst.in_run) {
    told_ = false;
    timing_.submit_in_run(burst.id, burst.beats, burst.issued, burst.beat_by_beat);
    return;
  }
  const bool first = timing_.submit(burst.id, burst.write, burst.beats, burst.issued);
  if (first && !responding_) consider();
}

const unsigned char* PortMemory::data_of(std::uint64_t id, bool refused) {
  const std::uint32_t slot = MemoryInterface::slot(id);
  if (!moves_bytes_ || slot >= reads_.size() || reads_[slot].id != id || reads_[slot].bytes == 0)
    return nullptr;
  Read& read = reads_[slot];
  data_.assign(read.answer * beats_, 0);
  if (!refused) contents_.read(read.address, data_.data(), data_.size());
  read.address += data_.size();
  read.bytes -= data_.size();
  return data_.data();
}

bool PortMemory::peek(std::uint64_t address, unsigned char* data, std::size_t length) {
  if (!description_.contains(address, length)) return false;
  contents_.read(address, data, length);
  return true;
}

bool PortMemory::poke(std::uint64_t address, const unsigned char* data, std::size_t length) {
  if (!description_.contains(address, length)) return false;
  contents_.write(address, data, length);
  return true;
}

std::optional<Burst> PortMemory::take_refused(std::uint64_t id) {
  const auto found =
      std::find_if(refused_.begin(), refused_.end(), [&](const Burst& burst) { return burst.id == id; });
  if (found == refused_.end()) return std::nullopt;
  const Burst burst = *found;
  refused_.erase(found);
  return burst;
}

void PortMemory::end_run() {
  timing_.tell_last();
  if (!responding_) consider();
}

void PortMemory::tell_all() {
  if (told_) return;
  told_ = true;
  timing_.tell_all();
  if (!responding_) consider();
}

void PortMemory::consider() { wanted_ = std::min(wanted_, timing_.next()); }

System::System(const HardwareParameters& hardware, const AcceleratorOptions& options,
               const memory::PortDescription& dbb, const std::optional<memory::PortDescription>& cvsram)
    : accelerator_(hardware, options),
      dbb_(memory::of_bursts(dbb, hardware.burst_beats(MemorySpace::kDbb)), hardware.dbb_width_bytes,
           options.tensors, contents_) {
  if (cvsram)
    cvsram_.emplace(memory::of_bursts(*cvsram, hardware.burst_beats(MemorySpace::kCvsram)),
                    hardware.dbb_width_bytes, options.tensors, contents_);
  accelerator_.bind_dbb(dbb_);
  dbb_.on_settle([this](Cycle until) { answer(MemorySpace::kDbb, dbb_, until); });
  if (!cvsram_) return;
  accelerator_.bind_cvsram(*cvsram_);
  cvsram_->on_settle([this](Cycle until) { answer(MemorySpace::kCvsram, *cvsram_, until); });
}

Cycle System::next() {
  const Cycle first = std::min(accelerator_.next_event(), dbb_.next());
  return cvsram_ ? std::min(first, cvsram_->next()) : first;
}

void System::answer(MemorySpace space, PortMemory& memory, Cycle at) {
  memory.respond(at, [&](const memory::MemoryTiming::Completion& done, const Burst* refused) {
    if (refused != nullptr && refused_) refused_(*refused);
    const auto& rows = memory.rows();
    accelerator_.complete(
        space, {done.id, done.at, done.span, done.held, memory.data_of(done.id, refused != nullptr),
                rows.data(), static_cast<std::uint32_t>(rows.size()), memory.beats()});
  });
}

void System::run_cycle(Cycle at, Cycle outside) {
  accelerator_.advance(at, outside);
  // A memory without latency answers requests that follow from its answers in the same cycle.
  for (bool answered = true; answered;) {
    answered = false;
    if (dbb_.next() <= at) {
      answer(MemorySpace::kDbb, dbb_, at);
      accelerator_.advance(at, outside);
      answered = true;
    }
    if (cvsram_ && cvsram_->next() <= at) {
      answer(MemorySpace::kCvsram, *cvsram_, at);
      accelerator_.advance(at, outside);
      answered = true;
    }
  }
}

bool System::step(Cycle until) {
  const Cycle at = next();
  if (at > until || at == kNever) return false;
  run_cycle(std::max(at, accelerator_.now()), until);
  return true;
}

bool System::run_until(const std::function<bool()>& done, Cycle until) {
  while (!done())
    if (!step(until)) return false;
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
