// SPDX-License-Identifier: Apache-2.0
#include "platform/machine.h"

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

std::vector<Memory*> present(Memory& dbb, Memory* cvsram) {
  std::vector<Memory*> memories{&dbb};
  if (cvsram != nullptr) memories.push_back(cvsram);
  return memories;
}

}  // namespace

Machine::QuietReports::QuietReports() {
  sc_core::sc_report_handler::set_actions("nvdla", sc_core::SC_WARNING, sc_core::SC_DO_NOTHING);
  sc_core::sc_report_handler::set_actions("/OSCI/SystemC",
                                          sc_core::SC_DO_NOTHING);  // "simulation stopped by user"
}

Machine::QuietReports::~QuietReports() {
  sc_core::sc_report_handler::set_actions("nvdla", sc_core::SC_WARNING, sc_core::SC_UNSPECIFIED);
  sc_core::sc_report_handler::set_actions("/OSCI/SystemC", sc_core::SC_UNSPECIFIED);
}

Machine::Machine(const host::ReplayOptions& options, std::function<void()> program)
    : options_(options),
      program_(std::move(program)),
      device_("nvdla", device_parameters(options)),
      dbb_("dbb", options.dbb, options.hardware.dbb_width_bytes, NvdlaParameters().clock_period, contents_),
      cvsram_(options.cvsram
                  ? std::make_unique<Memory>("cvsram", *options.cvsram, options.hardware.dbb_width_bytes,
                                             NvdlaParameters().clock_period, contents_)
                  : nullptr),
      bus_("player", device_, present(dbb_, cvsram_.get()), [this] { run_program(); }) {
  contents_.set_pattern(options.pattern);
  bus_.csb.bind(device_.csb);
  device_.dbb.bind(dbb_.socket);
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

bool Machine::run() {
  sc_core::sc_start();
  return finished_;
}

std::optional<engine::Burst> Machine::refused() const {
  return options_.stop_on_dma_error ? device_.first_dma_error() : std::nullopt;
}

// The component warns of the first error of each client.
void Machine::on_warning(const std::string& /*text*/, Cycle /*at*/) {
  if (device_.first_dma_error()) sc_core::sc_stop();
}

}  // namespace nvdla::platform
