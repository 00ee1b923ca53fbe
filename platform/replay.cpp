// SPDX-License-Identifier: Apache-2.0
#include "platform/replay.h"

#include <optional>
#include <systemc>

#include "host/network/network_session.h"
#include "platform/machine.h"
#include "platform/program_run.h"

namespace nvdla::platform {
namespace {

// SystemC's own errors as those of the run.
template <typename Run>
host::ReplayResult reported(const std::string& path, Run run) {
  host::ReplayResult result;
  try {
    run(result);
  } catch (const sc_core::sc_report& report) {
    throw host::ReplayError(path + ": " + report.get_msg());
  }
  return result;
}

}  // namespace

host::ReplayResult replay(const host::Program& program, const host::ReplayOptions& options) {
  check(options);
  check_memories(program, options);
  return reported(program.path(), [&](host::ReplayResult& result) {
    ProgramRun run(program, options, result);
    Machine::run();
    run.check();
    run.finish();
  });
}

host::ReplayResult run_network(const host::Loadable& loadable, const host::ReplayOptions& options,
                               const host::NetworkHooks& hooks) {
  check(options);
  return reported(loadable.path, [&](host::ReplayResult& result) {
    std::optional<host::NetworkSession> driver;  // outlives the thread that it runs in
    Machine machine(options, [&driver] { driver->drive(); });
    host::NetworkSession& session = driver.emplace(loadable, options, hooks, machine.bus(), result);
    session.listen(machine.device());
    Machine::run();
    const engine::Accelerator& accelerator = machine.device().accelerator();
    session.check(machine.error(), accelerator, machine.refused());
    if (!machine.finished())
      throw host::ReplayError(loadable.path + ": the simulation ends while the driver waits");
    session.finish(accelerator);
    result.dma_errors = machine.device().dma_errors();
  });
}

}  // namespace nvdla::platform
