// SPDX-License-Identifier: Apache-2.0
#include "host/runner.h"

#include <array>
#include <optional>
#include <sstream>

#include "host/collector.h"
#include "host/player.h"
#include "host/system_bus.h"

namespace nvdla::host {
namespace {

// Accesses that no memory holds: counted, and said once for each client as the component says it.
class RefusedAccesses {
 public:
  RefusedAccesses(const ReplayOptions& options, Collector& collector, SystemBus& bus)
      : options_(options), collector_(collector), bus_(bus) {}

  void add(const engine::Burst& burst) {
    ++count_;
    if (!first_) first_ = burst;
    if (options_.stop_on_dma_error) {
      bus_.stop();
      return;
    }
    if (++by_client_[static_cast<std::size_t>(burst.client)] > 1) return;
    std::ostringstream text;
    text << "DMA " << (burst.write ? "write" : "read") << " of client " << client_name(burst.client)
         << " at 0x" << std::hex << burst.address
         << ": TLM_ADDRESS_ERROR_RESPONSE (further errors of this client are only counted)";
    const Cycle at = bus_.system().accelerator().now();
    collector_.on_warning(text.str(), at);
    for (engine::Listener* listener : options_.listeners) listener->on_warning(text.str(), at);
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] const std::optional<engine::Burst>& first() const { return first_; }

 private:
  const ReplayOptions& options_;
  Collector& collector_;
  SystemBus& bus_;
  std::uint64_t count_ = 0;
  std::optional<engine::Burst> first_;
  std::array<std::uint64_t, kClients> by_client_{};
};

}  // namespace

ReplayResult run(const Program& program, const ReplayOptions& options) {
  check(options);
  ReplayResult result;
  SystemBus bus(options.hardware, accelerator_options(options), options.dbb, options.cvsram);
  engine::Accelerator& accelerator = bus.system().accelerator();
  Player player(program, bus, accelerator, {options.stop_on_mismatch, options.poll_limit});
  Collector collector(options, result);
  collector.watch([&player] { return player.line(); }, [&player] { return player.fraction(); });
  RefusedAccesses refused(options, collector, bus);
  bus.system().on_refused([&refused](const engine::Burst& burst) { refused.add(burst); });
  accelerator.add_listener(collector);
  accelerator.add_listener(player);
  for (engine::Listener* listener : options.listeners) accelerator.add_listener(*listener);

  try {
    if (player.play()) bus.drain();
  } catch (const ReplayError&) {
    if (options.stop_on_dma_error && refused.first()) throw ReplayError(player.refused(*refused.first()));
    throw;
  }
  if (options.stop_on_dma_error && refused.first()) throw ReplayError(player.refused(*refused.first()));
  if (player.fault()) std::rethrow_exception(player.fault());
  player.check_finished();
  result.end_of_trace = bus.now();
  result.read_mismatches = player.mismatches();
  result.register_writes = player.writes();
  result.register_reads = player.reads();
  result.dma_errors = refused.count();
  return result;
}

}  // namespace nvdla::host
