// SPDX-License-Identifier: Apache-2.0
#include "command/report.h"

#include <algorithm>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>

namespace nvdla::command {

using nlohmann::ordered_json;

namespace {

ordered_json memory_json(const host::MemoryOptions& memory) {
  return {{"latency", memory.latency},
          {"bytes_per_cycle", memory.bytes_per_cycle},
          {"max_outstanding", memory.max_outstanding}};
}

ordered_json clients_json(const std::array<std::uint64_t, kClients>& bytes) {
  ordered_json json = ordered_json::object();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != 0) json[std::string(client_name(static_cast<Client>(i)))] = bytes[i];
  }
  return json;
}

ordered_json traffic_json(const Traffic& dbb, const Traffic& cvsram) {
  return {{"dbb", {{"read", clients_json(dbb.read)}, {"written", clients_json(dbb.written)}}},
          {"cvsram", {{"read", clients_json(cvsram.read)}, {"written", clients_json(cvsram.written)}}}};
}

const char* check_name(host::CheckResult result) {
  switch (result) {
    case host::CheckResult::kEqual:
      return "equal";
    case host::CheckResult::kDifferent:
      return "different";
    case host::CheckResult::kNotChecked:
      break;
  }
  return "not checked";
}

ordered_json checks_json(const std::vector<host::ContentCheck>& checks) {
  ordered_json json = ordered_json::array();
  for (const host::ContentCheck& check : checks) {
    json.push_back({{"where", check.where},
                    {"what", check.what},
                    {"expected", check.expected},
                    {"got", check.got},
                    {"result", check_name(check.result)}});
  }
  return json;
}

// One line for all that are equal or were not checked; those that differ are told as mismatches.
std::string checks_text(const std::vector<host::ContentCheck>& checks) {
  if (checks.empty()) return "";
  std::size_t equal = 0, skipped = 0;
  for (const host::ContentCheck& check : checks) {
    if (check.result == host::CheckResult::kEqual) ++equal;
    if (check.result == host::CheckResult::kNotChecked) ++skipped;
  }
  if (skipped == checks.size())
    return std::to_string(skipped) + " checks of contents not done: no tensors are computed\n";
  return std::to_string(equal) + " of " + std::to_string(checks.size()) + " checks of contents equal\n";
}

std::uint64_t sum(const std::array<std::uint64_t, kClients>& a,
                  const std::array<std::uint64_t, kClients>& b) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < a.size(); ++i) total += a[i] + b[i];
  return total;
}

void write_repetitions(std::ostream& text, const host::Repetitions& times) {
  text << "played " << times.count << " times" << (times.reset ? ", reset in between" : "") << ": "
       << times.first << " cycles the first time, " << times.last << " the last, " << times.fewest << " to "
       << times.most << "; the operations are those of the last time\n";
  text << "at group 1 stand: ";
  for (std::size_t i = 0; i < times.at_group_1.size(); ++i)
    text << (i == 0 ? "" : ", ") << times.at_group_1[i];
  text << (times.at_group_1.empty() ? "no pointers\n" : "\n");
}

// Empty if it has no name.
std::string layer_of(const host::ReplayResult& result, OperationId id) {
  const auto found = result.layers.find(id);
  return found == result.layers.end() ? std::string() : found->second;
}

}  // namespace

void write_json(std::ostream& out, const std::string& trace, const host::ReplayOptions& options,
                const host::ReplayResult& result) {
  ordered_json json;
  json["schema"] = "nvdla-replay/1";
  json["trace"] = trace;
  json["config"] = options.hardware.name;
  json["level"] = std::string(amaix::level_name(options.level));
  json["memory"]["dbb"] = memory_json(options.dbb);
  json["memory"]["cvsram"] = options.cvsram ? memory_json(*options.cvsram) : ordered_json(nullptr);
  json["total_cycles"] = result.total_cycles;
  json["end_of_trace"] = result.end_of_trace;
  json["operations"] = ordered_json::array();
  Traffic dbb;
  Traffic cvsram;
  for (const engine::OperationRecord& operation : result.operations) {
    json["operations"].push_back({{"unit", std::string(engine_name(operation.id.engine))},
                                  {"sequence", operation.id.sequence},
                                  {"group", operation.group},
                                  {"enable_cycle", operation.enable},
                                  {"start_cycle", operation.start},
                                  {"done_cycle", operation.done},
                                  {"on_the_fly", operation.links.takes},
                                  {"bound_by", std::string(resource_name(operation.bound_by))},
                                  {"dma", traffic_json(operation.dbb, operation.cvsram)}});
    if (const std::string layer = layer_of(result, operation.id); !layer.empty())
      json["operations"].back()["layer"] = layer;
    dbb += operation.dbb;
    cvsram += operation.cvsram;
    const auto sum = result.checksums.find(operation.id);
    if (sum != result.checksums.end()) json["operations"].back()["output_crc32"] = sum->second;
  }
  json["dma"] = traffic_json(dbb, cvsram);
  if (result.repetitions) {
    const host::Repetitions& times = *result.repetitions;
    json["repetitions"] = {{"count", times.count},          {"reset_between", times.reset},
                           {"first_cycles", times.first},   {"last_cycles", times.last},
                           {"fewest_cycles", times.fewest}, {"most_cycles", times.most},
                           {"at_group_1", times.at_group_1}};
  }
  json["register_writes"] = result.register_writes;
  json["register_reads"] = result.register_reads;
  json["untimely_reads"] = result.untimely_reads;
  json["bursts"] = result.bursts;
  json["dma_errors"] = result.dma_errors;
  json["read_mismatches"] = result.read_mismatches;
  json["checks"] = checks_json(result.checks);
  json["warnings"] = result.warnings;
  // A name that is not UTF-8 must not end the report.
  out << json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

void write_csv(std::ostream& out, const host::ReplayResult& result) {
  out << "unit,sequence,group,enable_cycle,start_cycle,done_cycle,on_the_fly,bound_by";
  for (const char* port : {"dbb", "cvsram"}) {
    for (const char* direction : {"read", "written"}) {
      for (std::size_t i = 0; i < kClients; ++i) {
        out << ',' << port << '_' << direction << '_' << client_name(static_cast<Client>(i));
      }
    }
  }
  out << '\n';
  for (const engine::OperationRecord& operation : result.operations) {
    out << engine_name(operation.id.engine) << ',' << operation.id.sequence << ',' << operation.group << ','
        << operation.enable << ',' << operation.start << ',' << operation.done << ','
        << (operation.links.takes ? 1 : 0) << ',' << resource_name(operation.bound_by);
    for (const auto* bytes :
         {&operation.dbb.read, &operation.dbb.written, &operation.cvsram.read, &operation.cvsram.written}) {
      for (const std::uint64_t value : *bytes) out << ',' << value;
    }
    out << '\n';
  }
}

void write_table(std::ostream& out, const std::string& trace, const host::ReplayOptions& options,
                 const host::ReplayResult& result) {
  std::vector<engine::OperationRecord> operations = result.operations;
  std::stable_sort(operations.begin(), operations.end(),
                   [](const auto& a, const auto& b) { return a.done < b.done; });
  std::ostringstream text;  // leaves the format flags of `out` alone
  text << std::left << std::setw(7) << "unit" << std::right << std::setw(4) << "seq" << std::setw(6)
       << "group" << std::setw(12) << "enable" << std::setw(12) << "start" << std::setw(12) << "done"
       << std::setw(14) << "bytes read" << std::setw(14) << "written"
       << "  bound by\n";
  for (const engine::OperationRecord& operation : operations) {
    text << std::left << std::setw(7) << engine_name(operation.id.engine) << std::right << std::setw(4)
         << operation.id.sequence << std::setw(6) << operation.group << std::setw(12) << operation.enable
         << std::setw(12) << operation.start << std::setw(12) << operation.done << std::setw(14)
         << sum(operation.dbb.read, operation.cvsram.read) << std::setw(14)
         << sum(operation.dbb.written, operation.cvsram.written) << "  " << resource_name(operation.bound_by)
         << (operation.links.takes ? ", on the fly" : "");
    if (const std::string layer = layer_of(result, operation.id); !layer.empty())
      text << "  [" << layer << ']';
    text << '\n';
  }
  text << '\n'
       << trace << ": " << result.total_cycles << " cycles to the last completion interrupt ("
       << options.hardware.name << ", level " << amaix::level_name(options.level) << ", DBB latency "
       << options.dbb.latency << " cycles, " << options.dbb.bytes_per_cycle << " bytes a cycle)\n"
       << checks_text(result.checks);
  if (result.repetitions) write_repetitions(text, *result.repetitions);
  out << text.str();
}

}  // namespace nvdla::command
