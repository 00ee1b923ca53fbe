// SPDX-License-Identifier: Apache-2.0
#include "platform/tlm_bus.h"

#include <algorithm>

#include "host/repetitions.h"

namespace nvdla::platform {

using registers::AccessStatus;
using sc_core::sc_time;
using sc_core::sc_time_stamp;
using sc_core::SC_ZERO_TIME;

namespace {

AccessStatus status_of(const tlm::tlm_generic_payload& payload) {
  switch (payload.get_response_status()) {
    case tlm::TLM_OK_RESPONSE:
      return AccessStatus::kOk;
    case tlm::TLM_COMMAND_ERROR_RESPONSE:
      return payload.is_write() ? AccessStatus::kReadOnly : AccessStatus::kWriteOnly;
    default:
      return AccessStatus::kUnmapped;
  }
}

}  // namespace

TlmBus::TlmBus(sc_core::sc_module_name name, Nvdla& device, std::vector<Memory*> memories,
               std::function<void()> body)
    : sc_module(name),
      csb("csb"),
      interrupt("interrupt"),
      device_(device),
      rules_(registers::RegisterRules::of(device.accelerator().hardware().generation)),
      memories_(std::move(memories)),
      body_(std::move(body)) {
  payload_.set_data_length(4);
  payload_.set_streaming_width(4);
  SC_THREAD(run);
}

// The end of the simulation may have come during a poll: its extension is not the payload's to delete.
TlmBus::~TlmBus() { payload_.clear_extension<PollExtension>(); }

void TlmBus::run() {
  wait(device_.time_of(1) - sc_time_stamp());
  body_();
}

AccessStatus TlmBus::transfer(bool write, std::uint32_t offset, std::uint32_t& value,
                              PollExtension* extension, sc_time& delay) {
  payload_.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
  payload_.set_address(offset);
  payload_.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
  payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  payload_.set_extension(extension);
  csb->b_transport(payload_, delay);
  if (extension != nullptr) payload_.clear_extension(extension);
  return status_of(payload_);
}

AccessStatus TlmBus::access(bool write, std::uint32_t offset, std::uint32_t& value,
                            PollExtension* extension) {
  sc_time delay = SC_ZERO_TIME;
  const AccessStatus status = transfer(write, offset, value, extension, delay);
  if (delay > SC_ZERO_TIME) wait(delay);
  return status;
}

AccessStatus TlmBus::write(std::uint32_t offset, std::uint32_t value) {
  return access(true, offset, value, nullptr);
}

std::size_t TlmBus::store(const registers::RegisterWrite* writes, std::size_t count) {
  if (!device_.quiescent()) return 0;
  sc_time delay = SC_ZERO_TIME;
  std::size_t stored = 0;
  for (; stored < count; ++stored) {
    const auto& [offset, written] = writes[stored];
    if (rules_.storing(offset, written) == registers::RegisterMap::kNone) break;
    std::uint32_t value = written;
    if (transfer(true, offset, value, nullptr, delay) != AccessStatus::kOk) break;
  }
  if (delay > SC_ZERO_TIME) wait(delay);
  return stored;
}

AccessStatus TlmBus::read(std::uint32_t offset, std::uint32_t& value) {
  return access(false, offset, value, nullptr);
}

engine::PollOutcome TlmBus::poll(const engine::PollRequest& request) {
  PollExtension extension;
  extension.mask = request.mask;
  extension.expected = request.expected;
  extension.limit = request.limit;
  engine::PollOutcome outcome;
  outcome.status = access(false, request.offset, outcome.value, &extension);
  outcome.end = extension.end;
  outcome.reads = extension.reads;
  outcome.finished = now();
  return outcome;
}

host::WaitEnd TlmBus::wait_for_interrupt(Cycle limit) {
  const Cycle last = device_.cycle() + std::min(limit, kFarthest);
  while (!interrupt.read()) {
    // The line follows the status, but not before the next delta cycle.
    if (device_.quiescent() && !device_.accelerator().interrupt()) return host::WaitEnd::kIdle;
    if (device_.cycle() >= last) return host::WaitEnd::kLimit;
    wait(device_.time_of(last) - sc_time_stamp(), interrupt.posedge_event() | device_.changed_event());
  }
  return host::WaitEnd::kRaised;
}

void TlmBus::wait_until(Cycle cycle) { wait(device_.time_of(cycle) - sc_time_stamp()); }

void TlmBus::reset(Cycle settled) {
  Cycle look = host::quiet_step(now());
  // In the middle of a cycle, when all of its processes have run.
  const sc_time half = (device_.time_of(look + 1) - device_.time_of(look)) / 2;
  for (;; look += host::kQuietStep) {
    wait(device_.time_of(look) + half - sc_time_stamp());
    if (device_.quiescent()) break;
  }
  const Cycle at = look + host::kQuietStep;
  wait_until(at);
  device_.reset();
  wait_until(at + settled + 1);
}

Memory* TlmBus::memory_of(std::uint64_t address, std::uint64_t length) const {
  const auto found = std::find_if(memories_.begin(), memories_.end(),
                                  [&](const Memory* memory) { return memory->contains(address, length); });
  return found == memories_.end() ? nullptr : *found;
}

bool TlmBus::holds(std::uint64_t address, std::uint64_t length) const {
  return memory_of(address, length) != nullptr;
}

bool TlmBus::load_memory(std::uint64_t address, const unsigned char* data, std::size_t length) {
  Memory* const memory = memory_of(address, length);
  return memory != nullptr && memory->write_bytes(address, data, length);
}

bool TlmBus::store_memory(std::uint64_t address, unsigned char* data, std::size_t length) {
  const Memory* const memory = memory_of(address, length);
  return memory != nullptr && memory->read_bytes(address, data, length);
}

}  // namespace nvdla::platform
