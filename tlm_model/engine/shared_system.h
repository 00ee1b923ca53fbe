// SPDX-License-Identifier: Apache-2.0
// Several accelerators on the same memories, advanced together. The order inside a cycle is that of
// engine/system.h: what the accelerators do; register accesses; the memories, which have seen the requests of
// all by then (memory/shared_timing.h), answer.
//
// Each accelerator has contents of its own: the addresses of a program are as if an MMU between accelerator
// and memory kept them apart.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/accelerator.h"
#include "memory/description.h"
#include "memory/shared_timing.h"
#include "memory/sparse_store.h"

namespace nvdla::engine {

class SharedSystem {
 public:
  // `options` of each; all have the same hardware. Throws std::invalid_argument when hardware or memories are
  // inconsistent.
  SharedSystem(const HardwareParameters& hardware, const std::vector<AcceleratorOptions>& options,
               const memory::PortDescription& dbb, const std::optional<memory::PortDescription>& cvsram);
  ~SharedSystem();
  SharedSystem(const SharedSystem&) = delete;
  SharedSystem& operator=(const SharedSystem&) = delete;

  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] Accelerator& accelerator(std::size_t index);
  [[nodiscard]] memory::SparseStore& contents(std::size_t index);
  void on_refused(std::size_t index, std::function<void(const Burst&)> listener);
  // Nothing of this one is pending.
  [[nodiscard]] bool idle(std::size_t index);

  // The next cycle in which something happens; kNever: nothing is pending.
  [[nodiscard]] Cycle next();
  // Runs this cycle as a whole.
  void run_cycle(Cycle at);

 private:
  class Port;
  struct Member;
  // Answers the masters of one memory; true if there was something to do.
  bool respond(MemorySpace space, memory::SharedTiming& timing, Cycle at);

  memory::SharedTiming dbb_;
  std::optional<memory::SharedTiming> cvsram_;
  std::vector<std::unique_ptr<Member>> members_;
};

}  // namespace nvdla::engine
