// SPDX-License-Identifier: Apache-2.0
#include "host/network/network_session.h"

#include <algorithm>

#include "host/driver/configuration.h"
#include "host/network/layer_name.h"
#include "host/refused_text.h"
#include "host/text_source.h"

namespace nvdla::host {
namespace {

void check_configuration(const Loadable& loadable, const HardwareParameters& hardware) {
  const std::vector<std::string> possible = possible_configurations(loadable);
  if (std::find(possible.begin(), possible.end(), hardware.name) != possible.end()) return;
  std::string text = loadable.path + ": is not compiled for " + hardware.name;
  if (possible.empty()) throw ReplayError(text + ", nor for any other configuration that is known");
  text += "; its descriptors fit ";
  for (std::size_t i = 0; i < possible.size(); ++i) text += (i == 0 ? "" : ", ") + possible[i];
  throw ReplayError(text + ": choose with --config");
}

DriverOptions driver_options(const ReplayOptions& options, OperationListener& listener) {
  DriverOptions result;
  result.listener = &listener;
  if (!options.dbb.contains(result.bases.dbb, 1)) result.bases.dbb = options.dbb.base;
  if (options.cvsram && !options.cvsram->contains(result.bases.cvsram, 1))
    result.bases.cvsram = options.cvsram->base;
  return result;
}

}  // namespace

NetworkSession::NetworkSession(const Loadable& loadable, const ReplayOptions& options,
                               const NetworkHooks& hooks, RegisterBus& bus, ReplayResult& result)
    : loadable_(loadable),
      options_(options),
      hooks_(hooks),
      bus_(bus),
      result_(result),
      files_(options.files),
      collector_(options, result),
      values_(options, bus, files_),
      told_(options.accesses == nullptr ? std::nullopt
                                        : std::optional<ToldBus>(std::in_place, bus, *options.accesses)),
      device_(told_ ? static_cast<RegisterBus&>(*told_) : bus, options.hardware.generation,
              options.poll_limit) {
  collector_.watch([] { return std::size_t{0}; },
                   [this] {
                     return operations_ == 0 ? 0
                                             : static_cast<double>(done_) / static_cast<double>(operations_);
                   });
}

void NetworkSession::drive() {
  check_configuration(loadable_, options_.hardware);
  driver_.emplace(loadable_, options_.hardware, device_, driver_options(options_, *this));
  for (const DlaTask& task : driver_->dla_tasks()) operations_ += task.list.size();
  if (hooks_.before) hooks_.before(*driver_);
  driver_->run();
  result_.end_of_trace = bus_.now();
}

void NetworkSession::check(const std::exception_ptr& error, const engine::Accelerator& accelerator,
                           const std::optional<engine::Burst>& refused) const {
  // What stopped the bus is the cause of what the driver then saw.
  if (!fault_.empty()) fail(fault_, accelerator);
  if (refused) fail(refused_text(*refused) + ": enlarge the memory or move its base", accelerator);
  if (!error) return;
  try {
    std::rethrow_exception(error);
  } catch (const DriverError& driver_error) {
    fail(driver_error.what(), accelerator);
  } catch (const InputError& input_error) {
    throw ReplayError(input_error.what());
  }
}

void NetworkSession::finish(const engine::Accelerator& accelerator) {
  try {
    if (hooks_.after) hooks_.after(*driver_);
  } catch (const DriverError& error) {
    fail(error.what(), accelerator);
  } catch (const InputError& error) {
    throw ReplayError(error.what());
  }
  collector_.finish();
  collector_.end(accelerator);
  result_.checksums = values_.checksums();
  result_.register_writes = device_.writes();
  result_.register_reads = device_.reads();
}

void NetworkSession::fail(const std::string& what, const engine::Accelerator& accelerator) const {
  std::string text = what.rfind(loadable_.path, 0) == 0 ? what : loadable_.path + ": " + what;
  for (const std::string& operation : accelerator.unfinished()) text += "\n  still running: " + operation;
  throw ReplayError(text);
}

void NetworkSession::on_fault(const std::string& text, Cycle /*at*/) {
  if (fault_.empty()) fault_ = text;
  bus_.stop();
}

void NetworkSession::on_programmed(const OperationEvent& event) {
  layers_[static_cast<std::size_t>(event.engine)][event.group] =
      layer_name(loadable_, event.task, driver_->dla_tasks()[event.task], event.operation);
}

void NetworkSession::on_done(const engine::OperationRecord& record) {
  ++done_;
  result_.layers[record.id] = layers_[static_cast<std::size_t>(record.id.engine)][record.group];
}

}  // namespace nvdla::host
