// SPDX-License-Identifier: Apache-2.0
#include "host/network/network_runner.h"

#include <algorithm>
#include <optional>

#include "host/collector.h"
#include "host/driver/configuration.h"
#include "host/driver/driver.h"
#include "host/network/bus_device.h"
#include "host/output_checksums.h"
#include "host/refused_accesses.h"
#include "host/refused_text.h"
#include "host/tensor_files.h"
#include "host/text_source.h"
#include "host/told_bus.h"

namespace nvdla::host {
namespace {

// A descriptor that the hardware cannot execute ends the run.
class FirstFault final : public engine::Listener {
 public:
  explicit FirstFault(SystemBus& bus) : bus_(bus) {}
  void on_fault(const std::string& text, Cycle /*at*/) override {
    if (text_.empty()) text_ = text;
    bus_.stop();
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  SystemBus& bus_;
  std::string text_;
};

void check_configuration(const Loadable& loadable, const HardwareParameters& hardware) {
  const std::vector<std::string> possible = possible_configurations(loadable);
  if (std::find(possible.begin(), possible.end(), hardware.name) != possible.end()) return;
  std::string text = loadable.path + ": is not compiled for " + hardware.name;
  if (possible.empty()) throw ReplayError(text + ", nor for any other configuration that is known");
  text += "; its descriptors fit ";
  for (std::size_t i = 0; i < possible.size(); ++i) text += (i == 0 ? "" : ", ") + possible[i];
  throw ReplayError(text + ": choose with --config");
}

MemoryBases bases_of(const ReplayOptions& options) {
  MemoryBases bases;
  if (!options.dbb.contains(bases.dbb, 1)) bases.dbb = options.dbb.base;
  if (options.cvsram && !options.cvsram->contains(bases.cvsram, 1)) bases.cvsram = options.cvsram->base;
  return bases;
}

}  // namespace

ReplayResult run_network(const Loadable& loadable, const ReplayOptions& options, const NetworkHooks& hooks) {
  check(options);
  ReplayResult result;
  SystemBus bus(options.hardware, accelerator_options(options), options.dbb, options.cvsram);
  engine::Accelerator& accelerator = bus.system().accelerator();
  Collector collector(options, result);
  const RefusedAccesses refused(options, collector, bus);
  FirstFault fault(bus);
  const ReadMemory read = [&bus](std::uint64_t address, unsigned char* data, std::size_t length) {
    return bus.store_memory(address, data, length);
  };
  OutputChecksums checksums(read);
  accelerator.add_listener(checksums);
  std::optional<TensorFiles> tensor_files;
  if (!options.save_tensors.empty())
    accelerator.add_listener(tensor_files.emplace(options.save_tensors, read));
  accelerator.add_listener(collector);
  accelerator.add_listener(fault);
  for (engine::Listener* listener : options.listeners) accelerator.add_listener(*listener);

  std::optional<ToldBus> told;
  if (options.accesses != nullptr) told.emplace(bus, *options.accesses);
  BusDevice device(told ? static_cast<RegisterBus&>(*told) : bus, options.hardware.generation,
                   options.poll_limit);
  const auto fail = [&](const std::string& what) {
    std::string text = what.rfind(loadable.path, 0) == 0 ? what : loadable.path + ": " + what;
    for (const std::string& operation : accelerator.unfinished()) text += "\n  still running: " + operation;
    throw ReplayError(text);
  };
  // What stopped the bus is the cause of what the driver then sees.
  const auto check_stopped = [&] {
    if (!fault.text().empty()) fail(fault.text());
    if (options.stop_on_dma_error && refused.first())
      fail(refused_text(*refused.first()) + ": enlarge the memory or move its base");
  };
  try {
    check_configuration(loadable, options.hardware);
    DriverOptions driver_options;
    driver_options.bases = bases_of(options);
    Driver driver(loadable, options.hardware, device, driver_options);
    if (hooks.before) hooks.before(driver);
    driver.run();
    bus.drain();
    if (hooks.after) hooks.after(driver);
  } catch (const DriverError& error) {
    check_stopped();
    fail(error.what());
  } catch (const InputError& error) {
    throw ReplayError(error.what());
  }
  check_stopped();
  collector.finish();
  collector.end(accelerator);
  result.checksums = checksums.values();
  result.end_of_trace = bus.now();
  result.register_writes = device.writes();
  result.register_reads = device.reads();
  result.dma_errors = refused.count();
  return result;
}

}  // namespace nvdla::host
