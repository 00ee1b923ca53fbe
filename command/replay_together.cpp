// SPDX-License-Identifier: Apache-2.0
#include "command/replay_together.h"

#include <algorithm>
#include <iomanip>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "command/modules.h"
#include "command/options.h"
#include "command/outputs.h"
#include "command/program_input.h"
#include "command/simulation.h"
#include "command/value_options.h"
#include "host/files/numbers.h"
#include "host/together/together.h"

namespace nvdla::command {

namespace po = boost::program_options;
using nlohmann::ordered_json;

namespace {

// What one input is and what became of it.
struct Played {
  std::string input;
  std::optional<ProgramInput> program;
  host::TogetherRun run;
  host::ReplayResult alone, together;
};

// "INPUT=CYCLE" or "NUMBER=CYCLE", the first input is number 1.
void take_starts(const std::vector<std::string>& starts, std::vector<Played>& played) {
  for (const std::string& text : starts) {
    const std::size_t equal = text.rfind('=');
    if (equal == std::string::npos) throw UsageError("--start: expected INPUT=CYCLE: " + text);
    const std::string name = text.substr(0, equal);
    const Cycle start = host::parse_cycles("--start", text.substr(equal + 1), 0);
    const auto number = host::parse_whole(name, played.size());
    std::size_t found = 0;
    for (std::size_t i = 0; i < played.size(); ++i) {
      if (played[i].input != name && number != i + 1) continue;
      played[i].run.start = start;
      ++found;
    }
    if (found == 0) throw UsageError("--start: " + name + " is none of the inputs, nor the number of one");
    if (found > 1)
      throw UsageError("--start: " + name + " is several of the inputs: give the number of one (1 to " +
                       std::to_string(played.size()) + ")");
  }
}

double percent(Cycle more, Cycle of) {
  return of == 0 ? 0 : 100.0 * static_cast<double>(more) / static_cast<double>(of);
}

Cycle cycles(const host::ReplayResult& result, Cycle start) {
  return std::max<Cycle>(0, result.total_cycles - start);
}

std::string table(const std::vector<Played>& played) {
  std::ostringstream text;
  text << std::right << std::setw(3) << "no" << std::setw(13) << "start" << std::setw(13) << "alone"
       << std::setw(13) << "together" << std::setw(11) << "cost" << std::setw(9) << "cost %"
       << "  input\n";
  Cycle last = 0;
  for (std::size_t i = 0; i < played.size(); ++i) {
    const Played& each = played[i];
    const Cycle alone = cycles(each.alone, each.run.start), together = cycles(each.together, each.run.start);
    last = std::max(last, each.together.total_cycles);
    text << std::setw(3) << i + 1 << std::setw(13) << each.run.start << std::setw(13) << alone
         << std::setw(13) << together << std::setw(11) << together - alone << std::setw(9) << std::fixed
         << std::setprecision(2) << percent(together - alone, alone) << "  " << each.input << '\n';
  }
  text
      << "\nCycles from its start to its last interrupt, on the memories alone and together with the others. "
         "Last interrupt of all: cycle "
      << last << "\n";
  return text.str();
}

ordered_json operations(const Played& each) {
  std::map<OperationId, Cycle> alone;
  for (const engine::OperationRecord& operation : each.alone.operations)
    alone[operation.id] = operation.done - operation.start;
  ordered_json json = ordered_json::array();
  for (const engine::OperationRecord& operation : each.together.operations) {
    const auto found = alone.find(operation.id);
    json.push_back({{"unit", engine_name(operation.id.engine)},
                    {"sequence", operation.id.sequence},
                    {"start_cycle", operation.start},
                    {"done_cycle", operation.done},
                    {"cycles", operation.done - operation.start},
                    {"alone_cycles", found == alone.end() ? ordered_json() : ordered_json(found->second)},
                    {"bound_by", resource_name(operation.bound_by)}});
  }
  return json;
}

void write_json(std::ostream& out, const std::vector<Played>& played) {
  ordered_json json{{"schema", "nvdla-together/1"}, {"config", played.front().run.options.hardware.name}};
  for (const Played& each : played) {
    const Cycle alone = cycles(each.alone, each.run.start), together = cycles(each.together, each.run.start);
    json["inputs"].push_back({{"trace", each.input},
                              {"start_cycle", each.run.start},
                              {"alone_cycles", alone},
                              {"together_cycles", together},
                              {"cost_cycles", together - alone},
                              {"total_cycles", each.together.total_cycles},
                              {"bursts", each.together.bursts},
                              {"operations", operations(each)}});
  }
  out << json.dump(2) << '\n';
}

void refuse_options_of_one(const po::variables_map& values) {
  for (const char* const option : {"reset-between", "traffic", "csv", "timeline", "dma-trace", "save-tensors",
                                   "golden", "output-dir", "dump-anywhere"})
    if (values.count(option) != 0 && !values[option].defaulted())
      throw UsageError("--" + std::string(option) + " is for one input");
  if (!values["repeat"].defaulted()) throw UsageError("--repeat is for one input");
  if (level_of(values["level"].as<std::string>()) != amaix::Level::kDynamic)
    throw UsageError("several inputs need --level dynamic: the closed forms know no neighbours");
}

}  // namespace

void add_together_options(po::options_description& visible) {
  visible.add_options()(
      "start", po::value<std::vector<std::string>>()->composing(),
      "with several inputs: INPUT=CYCLE (or its number, 1=CYCLE), when it starts; default 0");
}

int replay_together(const po::variables_map& values, const std::vector<std::string>& inputs) {
  refuse_options_of_one(values);
  std::vector<Played> played(inputs.size());
  host::RunFiles files;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Played& each = played[i];
    each.input = inputs[i];
    files.input(each.input, "input " + std::to_string(i + 1));
    host::ReplayOptions& options = each.run.options;
    InputFile file(each.input);
    options = simulation_options(values, file.configuration(values));
    take_comparison(values, options);
    take_value_options(values, file.is_loadable(), options);
    each.program = file.read(options, false);
    take_value_options(values, has_contents(each.program->program), options);
    if (values["settled-reset"].defaulted()) take_reset(each.program->program, options);
  }
  if (values.count("start") != 0) take_starts(values["start"].as<std::vector<std::string>>(), played);
  Outputs outputs(files);
  outputs.open(values, {"json"});

  std::vector<host::TogetherRun> runs;
  for (Played& each : played) {
    each.run.program = &each.program->program;
    runs.push_back(each.run);
    // The same start: what a program waits for behind reset is over for one that begins late.
    each.alone = host::run_together({each.run}).front();
  }
  std::vector<host::ReplayResult> results =
      values.count("systemc") != 0 ? systemc_module().run_together(runs) : host::run_together(runs);
  bool equal = true;
  for (std::size_t i = 0; i < played.size(); ++i) {
    played[i].together = std::move(results[i]);
    equal = equal && matches(played[i].together);
  }
  outputs.write("json", [&](std::ostream& out) { write_json(out, played); });
  if (!outputs.on_standard_output() && values.count("quiet") == 0) std::cout << table(played);
  for (const Played& each : played) print_warnings(each.together);
  return equal ? kOk : kFailed;
}

}  // namespace nvdla::command
