// SPDX-License-Identifier: Apache-2.0
#include "command/simulation.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <utility>

#include "command/outputs.h"
#include "command/report.h"
#include "command/timeline.h"
#include "host/dma_trace.h"
#include "host/files/numbers.h"
#include "host/reset_state.h"

namespace nvdla::command {

namespace po = boost::program_options;

void print_warnings(const host::ReplayResult& result) {
  for (std::size_t i = 0; i < result.warnings.size(); ++i)
    std::cerr << "warning: " << result.warning_places[i] << result.warnings[i] << '\n';
  if (result.dma_errors > 0)
    std::cerr << "warning: " << result.dma_errors << " DMA bursts were answered with an error\n";
  if (result.untimely_reads > 0) {
    std::cerr << "note: " << result.untimely_reads
              << " reads differ from the trace in what depends on time (--strict compares it)\n";
  }
  for (const std::string& mismatch : result.read_mismatches) std::cerr << "mismatch: " << mismatch << '\n';
  for (const host::ContentCheck& check : result.checks) {
    if (check.result != host::CheckResult::kDifferent) continue;
    std::cerr << "mismatch: " << check.where << ": " << check.what << ": " << check.got << ", expected "
              << check.expected << '\n';
  }
}

void add_component_option(po::options_description& visible) {
  visible.add_options()(
      "systemc",
      "simulate with the SystemC component and TLM-2.0 transactions; the result is the same, it takes "
      "longer");
}

void add_comparison_options(po::options_description& visible) {
  visible.add_options()("keep-going", "list reads that do not match instead of stopping at the first")(
      "strict",
      "compare also what of a read depends on time (consumer pointers, status of groups, counters), and want "
      "interrupts set when the trace waits for them, not before");
}

void take_comparison(const po::variables_map& values, host::ReplayOptions& options) {
  options.stop_on_mismatch = values.count("keep-going") == 0;
  options.strict = values.count("strict") != 0;
}

void take_reset(const host::Program& program, host::ReplayOptions& options) {
  if (!host::begins_at_reset(program, options.hardware.generation)) return;
  options.settled_reset = 0;
  std::cerr << "note: " << program.path()
            << " begins right behind reset: it expects CBUF's flush under way\n";
}

bool matches(const host::ReplayResult& result) {
  return result.read_mismatches.empty() &&
         std::none_of(result.checks.begin(), result.checks.end(), [](const host::ContentCheck& check) {
           return check.result == host::CheckResult::kDifferent;
         });
}

void add_simulation_options(po::options_description& visible) {
  visible.add_options()("level,l", po::value<std::string>()->default_value("dynamic"),
                        "dynamic (simulates memory and contention), refined or roofline (closed form)")(
      "csv", po::value<std::string>(), "write the operations as CSV to this file (- is standard output)")(
      "timeline", po::value<std::string>(), "write a Chrome trace (ui.perfetto.dev) to this file")(
      "dma-trace", po::value<std::string>(), "write every bus burst to this file (gzip when it ends in .gz)")(
      "ignore-dma-errors", "go on when the memory answers with an error")(
      "poll-limit", po::value<std::string>()->default_value(std::to_string(host::kDefaultPollLimit)),
      "cycles that one poll may take")(
      "settled-reset", po::value<std::string>()->default_value(std::to_string(host::kRecordedSettledReset)),
      "cycles that reset had settled before cycle 0; 0: a driver that waits "
      "for CBUF's flush waits for all of it. A trace that expects the flush "
      "under way gets 0")("quiet,q", "no table");
}

host::ReplayOptions simulation_options(const po::variables_map& values, const std::string& configuration) {
  host::ReplayOptions options;
  CommonOptions common = common_of(values, configuration);
  options.hardware = std::move(common.hardware);
  options.dbb = common.dbb;
  options.cvsram = common.cvsram;
  options.level = level_of(values["level"].as<std::string>());
  options.stop_on_dma_error = values.count("ignore-dma-errors") == 0;
  options.poll_limit = host::parse_cycles("--poll-limit", values["poll-limit"].as<std::string>(), 1);
  options.settled_reset = host::parse_cycles("--settled-reset", values["settled-reset"].as<std::string>(), 0);
  return options;
}

bool names_layers(const po::variables_map& values) {
  return values.count("quiet") == 0 || values.count("json") != 0 || values.count("timeline") != 0;
}

host::ReplayResult simulate_and_report(
    const po::variables_map& values, const std::string& input, host::ReplayOptions options,
    const std::function<host::ReplayResult(host::ReplayOptions&)>& simulate,
    const std::function<void(std::ostream&)>& text) {
  options.files.input(input, "the input");
  Outputs outputs(options.files);
  outputs.open(values, {"json", "csv", "timeline"});
  Timeline timeline(options.hardware.dbb_width_bytes);
  if (values.count("timeline") != 0) options.listeners.push_back(&timeline);
  std::unique_ptr<host::DmaTraceWriter> dma_trace;
  if (values.count("dma-trace") != 0) {
    const std::string path = values["dma-trace"].as<std::string>();
    options.files.output(path, "--dma-trace");
    dma_trace = std::make_unique<host::DmaTraceWriter>(path);
    options.dma_trace = [&](const host::DmaBurst& burst) { dma_trace->write(burst); };
  }
  const bool free_output =
      !outputs.on_standard_output() && (!dma_trace || values["dma-trace"].as<std::string>() != "-");
  host::ReplayResult result = simulate(options);
  if (dma_trace) dma_trace->close();
  outputs.write("json", [&](std::ostream& out) { write_json(out, input, options, result); });
  outputs.write("csv", [&](std::ostream& out) { write_csv(out, result); });
  outputs.write("timeline", [&](std::ostream& out) { timeline.write(out, result.layers); });
  if (free_output && values.count("quiet") == 0) write_table(std::cout, input, options, result);
  if (free_output && text) text(std::cout);
  print_warnings(result);
  return result;
}

}  // namespace nvdla::command
