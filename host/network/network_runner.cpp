// SPDX-License-Identifier: Apache-2.0
#include "host/network/network_runner.h"

#include <exception>
#include <optional>

#include "host/refused_accesses.h"
#include "host/system_bus.h"

namespace nvdla::host {

ReplayResult run_network(const Loadable& loadable, const ReplayOptions& options, const NetworkHooks& hooks) {
  check(options);
  ReplayResult result;
  SystemBus bus(options.hardware, accelerator_options(options), options.dbb, options.cvsram);
  engine::Accelerator& accelerator = bus.system().accelerator();
  NetworkSession session(loadable, options, hooks, bus, result);
  const RefusedAccesses refused(options, session.collector(), bus);
  session.listen(accelerator);
  std::exception_ptr error;
  try {
    session.drive();
    bus.drain();
  } catch (...) {
    error = std::current_exception();
  }
  session.check(error, accelerator, options.stop_on_dma_error ? refused.first() : std::nullopt);
  session.finish(accelerator);
  result.dma_errors = refused.count();
  return result;
}

}  // namespace nvdla::host
