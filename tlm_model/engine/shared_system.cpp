// SPDX-License-Identifier: Apache-2.0
#include "engine/shared_system.h"

#include <algorithm>
#include <unordered_map>

namespace nvdla::engine {

// One accelerator's way to one memory.
class SharedSystem::Port final : public BusPort {
 public:
  Port(memory::SharedTiming& timing, std::uint32_t master, const memory::PortDescription& description,
       std::uint32_t bus_bytes, bool moves_bytes, memory::SparseStore& contents)
      : timing_(timing),
        master_(master),
        description_(description),
        bus_bytes_(bus_bytes),
        moves_bytes_(moves_bytes),
        contents_(contents) {}

  void issue(const Burst& burst) override {
    const std::size_t bytes = std::size_t{burst.beats} * bus_bytes_;
    const bool held = description_.contains(burst.address, bytes);
    if (moves_bytes_ && burst.write && held)
      contents_.write(burst.address + burst.offset, burst.data + burst.offset, burst.bytes);
    Open open{burst, held};
    open.burst.data = nullptr;  // valid in this call only
    open_[burst.id] = open;
    timing_.submit(master_, burst.id, burst.write, burst.beats, burst.issued);
  }
  Cycle write_room(std::uint32_t ahead, Cycle now) override {
    return timing_.write_room(master_, ahead, now);
  }
  [[nodiscard]] std::uint32_t open_reads() const override { return timing_.open_reads(); }
  Cycle read_room(std::uint32_t ahead, Cycle from) override {
    return timing_.read_room(master_, ahead, from);
  }
  bool peek(std::uint64_t address, unsigned char* data, std::size_t length) override {
    if (!description_.contains(address, length)) return false;
    contents_.read(address, data, length);
    return true;
  }
  bool poke(std::uint64_t address, const unsigned char* data, std::size_t length) override {
    if (!description_.contains(address, length)) return false;
    contents_.write(address, data, length);
    return true;
  }

  // Hands over what is complete. False: nothing was.
  bool respond(MemorySpace space, Accelerator& accelerator, const std::function<void(const Burst&)>& refused,
               Cycle at) {
    bool answered = false;
    for (memory::MemoryTiming::Completion done; timing_.pop(master_, done); answered = true) {
      if (!answered) accelerator.advance(at);
      const Open open = open_.at(done.id);
      open_.erase(done.id);
      if (!open.held && refused) refused(open.burst);
      const bool brings = moves_bytes_ && !open.burst.write;
      if (brings) data_.assign(std::size_t{open.burst.beats} * bus_bytes_, 0);
      if (brings && open.held) contents_.read(open.burst.address, data_.data(), data_.size());
      accelerator.complete(space, {done.id, at, done.span, done.held, brings ? data_.data() : nullptr});
    }
    return answered;
  }

 private:
  struct Open {
    Burst burst;
    bool held = true;  // by the memory's window
  };
  memory::SharedTiming& timing_;
  std::uint32_t master_;
  memory::PortDescription description_;
  std::uint32_t bus_bytes_;
  bool moves_bytes_;
  memory::SparseStore& contents_;
  std::unordered_map<std::uint64_t, Open> open_;
  std::vector<unsigned char> data_;
};

struct SharedSystem::Member {
  Member(const HardwareParameters& hardware, const AcceleratorOptions& options)
      : accelerator(hardware, options) {}
  memory::SparseStore contents;
  Accelerator accelerator;
  std::optional<Port> dbb, cvsram;
  std::function<void(const Burst&)> refused;
};

SharedSystem::SharedSystem(const HardwareParameters& hardware, const std::vector<AcceleratorOptions>& options,
                           const memory::PortDescription& dbb,
                           const std::optional<memory::PortDescription>& cvsram)
    : dbb_(memory::of_bursts(dbb, hardware.burst_beats(MemorySpace::kDbb)), hardware.dbb_width_bytes,
           static_cast<std::uint32_t>(options.size())) {
  if (cvsram)
    cvsram_.emplace(memory::of_bursts(*cvsram, hardware.burst_beats(MemorySpace::kCvsram)),
                    hardware.dbb_width_bytes, static_cast<std::uint32_t>(options.size()));
  for (const AcceleratorOptions& each : options) {
    const auto master = static_cast<std::uint32_t>(members_.size());
    members_.push_back(std::make_unique<Member>(hardware, each));
    Member& member = *members_.back();
    member.dbb.emplace(dbb_, master, dbb, hardware.dbb_width_bytes, each.tensors, member.contents);
    member.accelerator.bind_dbb(*member.dbb);
    if (!cvsram) continue;
    member.cvsram.emplace(*cvsram_, master, *cvsram, hardware.dbb_width_bytes, each.tensors, member.contents);
    member.accelerator.bind_cvsram(*member.cvsram);
  }
}

SharedSystem::~SharedSystem() = default;

Accelerator& SharedSystem::accelerator(std::size_t index) { return members_[index]->accelerator; }

memory::SparseStore& SharedSystem::contents(std::size_t index) { return members_[index]->contents; }

void SharedSystem::on_refused(std::size_t index, std::function<void(const Burst&)> listener) {
  members_[index]->refused = std::move(listener);
}

bool SharedSystem::idle(std::size_t index) {
  const auto master = static_cast<std::uint32_t>(index);
  return members_[index]->accelerator.next_event() == kNever && dbb_.idle(master) &&
         (!cvsram_ || cvsram_->idle(master));
}

Cycle SharedSystem::next() {
  Cycle next = dbb_.next();
  if (cvsram_) next = std::min(next, cvsram_->next());
  for (const auto& member : members_) next = std::min(next, member->accelerator.next_event());
  return next;
}

bool SharedSystem::respond(MemorySpace space, memory::SharedTiming& timing, Cycle at) {
  if (timing.next() > at) return false;
  timing.advance(at);
  for (const auto& member : members_) {
    Port& port = space == MemorySpace::kDbb ? *member->dbb : *member->cvsram;
    if (port.respond(space, member->accelerator, member->refused, at)) member->accelerator.advance(at);
  }
  return true;
}

void SharedSystem::run_cycle(Cycle at) {
  for (const auto& member : members_)
    if (member->accelerator.next_event() <= at) member->accelerator.advance(at);
  for (bool answered = true; answered;) {
    answered = respond(MemorySpace::kDbb, dbb_, at);
    if (cvsram_) answered = respond(MemorySpace::kCvsram, *cvsram_, at) || answered;
  }
}

}  // namespace nvdla::engine
