// SPDX-License-Identifier: Apache-2.0
#include "platform/machine.h"

#include <string>
#include <utility>
#include <vector>

namespace nvdla::platform {
namespace {

NvdlaParameters device_parameters(const host::ReplayOptions& options) {
  NvdlaParameters parameters;
  parameters.hardware = options.hardware;
  parameters.options = host::accelerator_options(options);
  return parameters;
}

std::vector<Memory*> present(Memory* dbb, Memory* cvsram) {
  std::vector<Memory*> memories{dbb};
  if (cvsram != nullptr) memories.push_back(cvsram);
  return memories;
}

// Behind the names of a machine's modules: nothing for one that is alone.
std::string suffix(const SharedMemories* memories, std::uint32_t master) {
  return memories == nullptr ? "" : std::to_string(master);
}

std::unique_ptr<Memory> make_memory(const std::string& name, MemorySpace space,
                                    const host::MemoryOptions& options, const HardwareParameters& hardware,
                                    memory::SparseStore& contents, memory::SharedTiming* timing,
                                    std::uint32_t master) {
  const sc_core::sc_time period = NvdlaParameters().clock_period;
  const host::MemoryOptions memory = memory::of_bursts(options, hardware.burst_beats(space));
  if (timing == nullptr)
    return std::make_unique<Memory>(name.c_str(), memory, hardware.dbb_width_bytes, period, contents);
  return std::make_unique<Memory>(name.c_str(), memory, hardware.dbb_width_bytes, period, contents, *timing,
                                  master);
}

}  // namespace

SharedMemories::SharedMemories(const host::ReplayOptions& options, std::uint32_t machines)
    : dbb(memory::of_bursts(options.dbb, options.hardware.burst_beats(MemorySpace::kDbb)),
          options.hardware.dbb_width_bytes, machines) {
  if (options.cvsram)
    cvsram.emplace(memory::of_bursts(*options.cvsram, options.hardware.burst_beats(MemorySpace::kCvsram)),
                   options.hardware.dbb_width_bytes, machines);
}

Machine::Machine(const host::ReplayOptions& options, std::function<void()> program)
    : Machine(options, std::move(program), nullptr, 0) {}

Machine::Machine(const host::ReplayOptions& options, std::function<void()> program, SharedMemories& memories,
                 std::uint32_t master)
    : Machine(options, std::move(program), &memories, master) {}

Machine::Machine(const host::ReplayOptions& options, std::function<void()> program, SharedMemories* memories,
                 std::uint32_t master)
    : options_(options),
      program_(std::move(program)),
      own_(memories == nullptr ? std::make_optional<Simulation>() : std::nullopt),
      device_(("nvdla" + suffix(memories, master)).c_str(), device_parameters(options)),
      dbb_(make_memory("dbb" + suffix(memories, master), MemorySpace::kDbb, options.dbb, options.hardware,
                       contents_, memories == nullptr ? nullptr : &memories->dbb, master)),
      cvsram_(options.cvsram ? make_memory("cvsram" + suffix(memories, master), MemorySpace::kCvsram,
                                           *options.cvsram, options.hardware, contents_,
                                           memories == nullptr ? nullptr : &*memories->cvsram, master)
                             : nullptr),
      interrupt_(("interrupt" + suffix(memories, master)).c_str()),
      bus_(("player" + suffix(memories, master)).c_str(), device_, present(dbb_.get(), cvsram_.get()),
           [this] { run_program(); }) {
  contents_.set_pattern(options.pattern);
  bus_.csb.bind(device_.csb);
  device_.dbb.bind(dbb_->socket);
  if (cvsram_) device_.cvsram.bind(cvsram_->socket);
  device_.interrupt.bind(interrupt_);
  bus_.interrupt.bind(interrupt_);
  if (options.stop_on_dma_error) device_.add_listener(*this, false);
}

void Machine::run_program() {
  try {
    program_();
    finished_ = true;
  } catch (const sc_core::sc_unwind_exception&) {
    throw;  // the kernel ends this thread
  } catch (...) {
    error_ = std::current_exception();
    sc_core::sc_stop();
  }
}

void Machine::run() { sc_core::sc_start(); }

std::optional<engine::Burst> Machine::refused() const {
  return options_.stop_on_dma_error ? device_.first_dma_error() : std::nullopt;
}

// The component warns of the first error of each client.
void Machine::on_warning(const std::string& /*text*/, Cycle /*at*/) {
  if (device_.first_dma_error()) sc_core::sc_stop();
}

}  // namespace nvdla::platform
