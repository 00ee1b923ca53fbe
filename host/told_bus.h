// SPDX-License-Identifier: Apache-2.0
// A register bus that tells a listener of every access and hands it on.
#pragma once

#include "host/register_bus.h"
#include "host/replay.h"

namespace nvdla::host {

class ToldBus final : public RegisterBus {
 private:
  template <class Access>
  auto told(AccessKind kind, Access access) {
    const Cycle from = bus_.now();
    auto result = access();
    if (bus_.now() > from) listener_.on_access(kind, from, bus_.now());
    return result;
  }

 public:
  // Both outlive the bus.
  ToldBus(RegisterBus& bus, AccessListener& listener) : bus_(bus), listener_(listener) {}

  registers::AccessStatus write(std::uint32_t offset, std::uint32_t value) override {
    listener_.on_write(offset, value);
    return told(AccessKind::kWrite, [&] { return bus_.write(offset, value); });
  }
  registers::AccessStatus read(std::uint32_t offset, std::uint32_t& value) override {
    const registers::AccessStatus status = told(AccessKind::kRead, [&] { return bus_.read(offset, value); });
    listener_.on_read(offset, value);
    return status;
  }
  PollOutcome poll(const PollRequest& request) override {
    listener_.on_poll(request.offset, request.mask, request.expected);
    return told(AccessKind::kRead, [&] { return bus_.poll(request); });
  }
  WaitEnd wait_for_interrupt(Cycle limit) override {
    listener_.on_wait();
    return told(AccessKind::kWait, [&] { return bus_.wait_for_interrupt(limit); });
  }
  void stop() override { bus_.stop(); }
  [[nodiscard]] bool idle() override { return bus_.idle(); }
  [[nodiscard]] Cycle now() const override { return bus_.now(); }
  [[nodiscard]] bool load_memory(std::uint64_t address, const unsigned char* data,
                                 std::size_t length) override {
    listener_.on_load(address, data, length);
    return bus_.load_memory(address, data, length);
  }
  [[nodiscard]] bool store_memory(std::uint64_t address, unsigned char* data, std::size_t length) override {
    return bus_.store_memory(address, data, length);
  }
  [[nodiscard]] bool holds(std::uint64_t address, std::uint64_t length) const override {
    return bus_.holds(address, length);
  }

 private:
  RegisterBus& bus_;
  AccessListener& listener_;
};

}  // namespace nvdla::host
