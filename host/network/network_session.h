// SPDX-License-Identifier: Apache-2.0
// One run of a compiled network on a register bus, whoever simulates what is behind it: the driver, the
// listeners of the run, and what comes out. The runner without SystemC (host/network/network_runner.h) and
// the SystemC platform (platform/replay.h) differ in who lets time pass.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>

#include "engine/accelerator.h"
#include "host/collector.h"
#include "host/driver/driver.h"
#include "host/loadable/loadable.h"
#include "host/network/bus_device.h"
#include "host/register_bus.h"
#include "host/replay.h"
#include "host/told_bus.h"
#include "host/value_listeners.h"

namespace nvdla::host {

// What is done with the driver before it runs, to set inputs, and after, to take outputs. May throw what the
// driver throws.
struct NetworkHooks {
  std::function<void(Driver&)> before, after;
};

class NetworkSession final : private OperationListener, private engine::Listener {
 public:
  // All references outlive the session. Throws InputError (ValueListeners).
  NetworkSession(const Loadable& loadable, const ReplayOptions& options, const NetworkHooks& hooks,
                 RegisterBus& bus, ReplayResult& result);

  // Adds the listeners of the run, those of the options last. `device`: the accelerator, or the component
  // around it.
  template <typename Device>
  void listen(Device& device) {
    values_.listen(device);
    device.add_listener(collector_);
    device.add_listener(*this);
    for (engine::Listener* listener : options_.listeners) device.add_listener(*listener);
  }
  [[nodiscard]] Collector& collector() { return collector_; }

  // Runs the driver, in the thread of the CPU that it stands for. What it throws is for check().
  void drive();
  // Throws ReplayError when the run has not come to its end: because of `error`, which drive() threw, of a
  // descriptor that the hardware cannot execute, or of `refused`, an access that no memory holds.
  void check(const std::exception_ptr& error, const engine::Accelerator& accelerator,
             const std::optional<engine::Burst>& refused) const;
  // When nothing is pending any more: takes outputs and completes the result. Throws ReplayError.
  void finish(const engine::Accelerator& accelerator);

 private:
  void on_fault(const std::string& text, Cycle at) override;
  void on_done(const engine::OperationRecord& record) override;
  void on_programmed(const OperationEvent& event) override;
  [[noreturn]] void fail(const std::string& what, const engine::Accelerator& accelerator) const;

  const Loadable& loadable_;
  const ReplayOptions& options_;
  const NetworkHooks& hooks_;
  RegisterBus& bus_;
  ReplayResult& result_;
  RunFiles files_;
  Collector collector_;
  ValueListeners values_;
  std::optional<ToldBus> told_;
  BusDevice device_;
  std::optional<Driver> driver_;
  std::string fault_;
  std::array<std::array<std::string, 2>, kEngines> layers_;  // what each register group holds
  std::size_t done_ = 0, operations_ = 0;
};

}  // namespace nvdla::host
