// SPDX-License-Identifier: Apache-2.0
#include "command/explain_report.h"

#include <algorithm>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>

namespace nvdla::command {

using analysis::Cause;
using analysis::CauseAccount;
using analysis::ExplainedLayer;
using analysis::Explanation;
using analysis::kCauses;
using analysis::WhatIf;
using nlohmann::ordered_json;

namespace {

double percent(Cycle part, Cycle whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

// Causes with cycles, most first.
std::vector<Cause> by_size(const CauseAccount& account) {
  std::vector<Cause> causes;
  for (std::size_t i = 0; i < kCauses; ++i)
    if (account[i] != 0) causes.push_back(static_cast<Cause>(i));
  std::stable_sort(causes.begin(), causes.end(), [&](Cause a, Cause b) {
    return account[static_cast<std::size_t>(a)] > account[static_cast<std::size_t>(b)];
  });
  return causes;
}

ordered_json account_json(const CauseAccount& account) {
  ordered_json json = ordered_json::object();
  for (std::size_t i = 0; i < kCauses; ++i)
    if (account[i] != 0) json[std::string(analysis::cause_name(static_cast<Cause>(i)))] = account[i];
  return json;
}

ordered_json memory_json(const memory::MemoryDescription& memory) {
  return {{"latency", memory.latency},
          {"bytes_per_cycle", memory.bytes_per_cycle},
          {"max_outstanding", memory.max_outstanding}};
}

ordered_json utilisation_json(const analysis::Utilisation& used) {
  return {{"mac_array", used.mac_array}, {"dbb", used.dbb}, {"cvsram", used.cvsram}, {"cbuf", used.cbuf}};
}

ordered_json layer_json(const ExplainedLayer& layer) {
  ordered_json json;
  json["name"] = layer.name;
  json["unit"] = std::string(engine_name(layer.head.engine));
  json["sequence"] = layer.head.sequence;
  json["from"] = layer.from;
  json["to"] = layer.to;
  json["begin"] = layer.begin;
  json["causes"] = account_json(layer.causes);
  json["multiplications"] = layer.multiplications;
  json["dbb_bytes"] = layer.dbb.total();
  json["cvsram_bytes"] = layer.cvsram.total();
  json["weight_bytes"] = layer.weight_bytes;
  json["utilisation"] = utilisation_json(layer.utilisation);
  json["roofline"] = {{"work", layer.roofline.work},
                      {"unit", layer.roofline.multiplications ? "multiplications" : "elements"},
                      {"intensity", layer.roofline.intensity},
                      {"attained", layer.roofline.attained},
                      {"compute_roof", layer.roofline.compute_roof},
                      {"memory_roof", layer.roofline.memory_roof}};
  return json;
}

ordered_json operations_json(const Explanation& explanation) {
  ordered_json json = ordered_json::array();
  for (const engine::OperationRecord& operation : explanation.evaluation.operations) {
    const auto layer = std::find_if(explanation.layers.begin(), explanation.layers.end(),
                                    [&](const ExplainedLayer& each) { return each.head == operation.layer; });
    json.push_back({{"unit", std::string(engine_name(operation.id.engine))},
                    {"sequence", operation.id.sequence},
                    {"layer", layer == explanation.layers.end() ? std::string() : layer->name},
                    {"enable", operation.enable},
                    {"start", operation.start},
                    {"done", operation.done},
                    {"bound_by", std::string(resource_name(operation.bound_by))}});
  }
  return json;
}

ordered_json traffic_json(const analysis::TrafficOverTime& traffic) {
  using Series = analysis::TrafficOverTime;
  ordered_json json = {{"bucket_cycles", traffic.bucket_cycles()}};
  for (const auto& [name, series] :
       {std::pair{"dbb_read", Series::kDbbRead}, std::pair{"dbb_written", Series::kDbbWritten},
        std::pair{"cvsram_read", Series::kCvsramRead}, std::pair{"cvsram_written", Series::kCvsramWritten}}) {
    json[name] = ordered_json::array();
    for (const auto& bucket : traffic.buckets()) json[name].push_back(bucket[series]);
  }
  return json;
}

// Of a level: what it adds to the one before, by cause.
ordered_json levels_json(const Explanation& explanation) {
  ordered_json levels = ordered_json::array();
  const analysis::LevelTotal* before = nullptr;
  for (const analysis::LevelTotal& total : explanation.levels) {
    ordered_json level = {{"level", std::string(amaix::level_name(total.level))},
                          {"cycles", total.cycles},
                          {"causes", account_json(total.causes)}};
    if (explanation.recorded)
      level["error_percent"] = percent(total.cycles - *explanation.recorded, *explanation.recorded);
    CauseAccount added = total.causes;
    if (before != nullptr)
      for (std::size_t i = 0; i < kCauses; ++i) added[i] -= before->causes[i];
    level["added"] = account_json(added);
    levels.push_back(level);
    before = &total;
  }
  return levels;
}

void write_levels(std::ostream& out, const Explanation& explanation) {
  const Cycle reference = explanation.recorded.value_or(explanation.levels.back().cycles);
  out << "\nDivide and conquer, against "
      << (explanation.recorded ? "the recording"
                               : "level " + std::string(amaix::level_name(explanation.levels.back().level)))
      << " (" << reference << " cycles):\n";
  const analysis::LevelTotal* before = nullptr;
  for (const analysis::LevelTotal& total : explanation.levels) {
    out << "  " << std::left << std::setw(9) << amaix::level_name(total.level) << std::right << std::setw(12)
        << total.cycles << std::setw(9) << std::showpos << std::fixed << std::setprecision(2)
        << percent(total.cycles - reference, reference) << std::noshowpos << " %";
    if (before != nullptr) {
      CauseAccount added = total.causes;
      for (std::size_t i = 0; i < kCauses; ++i) added[i] -= before->causes[i];
      std::vector<Cause> causes = by_size(added);
      std::stable_sort(causes.begin(), causes.end(), [&](Cause a, Cause b) {
        return std::abs(added[static_cast<std::size_t>(a)]) > std::abs(added[static_cast<std::size_t>(b)]);
      });
      for (std::size_t i = 0; i < std::min<std::size_t>(5, causes.size()); ++i)
        out << (i == 0 ? "  " : ", ") << analysis::cause_text(causes[i]) << ' ' << std::showpos
            << added[static_cast<std::size_t>(causes[i])] << std::noshowpos;
    }
    out << '\n';
    before = &total;
  }
}

void write_layer(std::ostream& out, const ExplainedLayer& layer, Cycle total) {
  const Cycle cycles = layer.to - layer.from;
  out << std::left << std::setw(16) << layer.name << std::setw(6) << engine_name(layer.head.engine)
      << std::right << std::setw(11) << cycles << std::setw(7) << percent(cycles, total);
  const auto share = [&](double value, bool any) {
    if (any) {
      out << std::setw(7) << 100 * value;
    } else {
      out << std::setw(7) << '-';
    }
  };
  share(layer.utilisation.mac_array, layer.roofline.multiplications);
  share(layer.utilisation.dbb, true);
  share(layer.utilisation.cbuf, layer.roofline.multiplications);
  out << "  ";
  const std::vector<Cause> causes = by_size(layer.causes);
  for (std::size_t i = 0; i < std::min<std::size_t>(3, causes.size()); ++i)
    out << (i == 0 ? "" : ", ") << analysis::cause_text(causes[i]) << ' '
        << percent(layer.causes[static_cast<std::size_t>(causes[i])], cycles) << " %";
  out << '\n';
}

}  // namespace

void write_explanation(std::ostream& stream, const Explanation& explanation,
                       const std::vector<WhatIf>& what_if) {
  std::ostringstream out;  // leaves the format flags of `stream` alone
  const Cycle total = explanation.evaluation.cycles;
  out << std::fixed << std::setprecision(1);
  out << explanation.input << " on " << explanation.hardware.name << ", level "
      << amaix::level_name(explanation.level) << ", DBB latency " << explanation.memory.dbb.latency << ", "
      << number(explanation.memory.dbb.bytes_per_cycle) << " bytes a cycle\n"
      << std::fixed << std::setprecision(3) << total << " cycles, " << explanation.evaluation.milliseconds
      << " ms at " << number(explanation.hardware.clock_mhz) << " MHz, " << std::setprecision(1)
      << explanation.evaluation.per_second << " a second. MAC array "
      << 100 * explanation.utilisation.mac_array << " % used, DBB " << 100 * explanation.utilisation.dbb
      << " %";
  if (explanation.memory.cvsram) out << ", CVSRAM " << 100 * explanation.utilisation.cvsram << " %";
  out << ", CBUF at most " << 100 * explanation.utilisation.cbuf << " %\n\n";
  if (explanation.layers.empty()) out << "No operation was enabled: there is nothing to explain.\n\n";
  out << "Where the cycles go:\n";
  for (const Cause cause : by_size(explanation.causes))
    out << "  " << std::left << std::setw(40) << analysis::cause_text(cause) << std::right << std::setw(12)
        << explanation.causes[static_cast<std::size_t>(cause)] << std::setw(7)
        << percent(explanation.causes[static_cast<std::size_t>(cause)], total) << " %\n";
  out << "\nlayer           unit       cycles    % of   MAC %  DBB % CBUF %  main causes, % of the layer\n";
  for (const ExplainedLayer& layer : explanation.layers) write_layer(out, layer, total);
  write_levels(out, explanation);
  if (!what_if.empty()) {
    out << "\nWhat would be faster (evaluated at level " << amaix::level_name(explanation.level) << "):\n";
    for (const WhatIf& each : what_if) {
      if (each.feasible) {
        out << std::setw(12) << each.cycles << std::setw(8) << std::showpos << std::fixed
            << std::setprecision(1) << 0 - 100 * each.saved << std::noshowpos << " %  " << each.advice
            << '\n';
      } else {
        out << "                        " << each.advice << '\n';
      }
    }
  }
  for (const std::string& warning : explanation.evaluation.warnings) out << "warning: " << warning << '\n';
  stream << out.str();
}

ordered_json explanation_json(const Explanation& explanation, const std::vector<WhatIf>& what_if) {
  ordered_json json;
  json["schema"] = "nvdla-explain/1";
  json["input"] = explanation.input;
  json["config"] = explanation.hardware.name;
  json["clock_mhz"] = explanation.hardware.clock_mhz;
  json["level"] = std::string(amaix::level_name(explanation.level));
  json["memory"]["dbb"] = memory_json(explanation.memory.dbb);
  json["memory"]["cvsram"] =
      explanation.memory.cvsram ? memory_json(*explanation.memory.cvsram) : ordered_json(nullptr);
  json["total_cycles"] = explanation.evaluation.cycles;
  json["milliseconds"] = explanation.evaluation.milliseconds;
  json["per_second"] = explanation.evaluation.per_second;
  json["recorded_cycles"] =
      explanation.recorded ? ordered_json(*explanation.recorded) : ordered_json(nullptr);
  json["causes"] = account_json(explanation.causes);
  json["utilisation"] = utilisation_json(explanation.utilisation);
  json["layers"] = ordered_json::array();
  for (const ExplainedLayer& layer : explanation.layers) json["layers"].push_back(layer_json(layer));
  json["operations"] = operations_json(explanation);
  json["traffic"] = traffic_json(explanation.traffic);
  json["levels"] = levels_json(explanation);
  json["what_if"] = ordered_json::array();
  for (const WhatIf& each : what_if) {
    ordered_json entry = {
        {"key", each.change.key}, {"change", each.change.text}, {"feasible", each.feasible}};
    if (each.feasible) {
      entry["total_cycles"] = each.cycles;
      entry["saved"] = each.saved;
      entry["layer"] = each.layer;
      entry["layer_cycles"] = each.layer_cycles;
      entry["layer_saved"] = each.layer_saved;
    } else {
      entry["reason"] = each.reason;
    }
    entry["advice"] = each.advice;
    json["what_if"].push_back(entry);
  }
  json["cause_texts"] = ordered_json::object();
  for (std::size_t i = 0; i < kCauses; ++i)
    json["cause_texts"][std::string(analysis::cause_name(static_cast<Cause>(i)))] =
        std::string(analysis::cause_text(static_cast<Cause>(i)));
  json["warnings"] = explanation.evaluation.warnings;
  return json;
}

}  // namespace nvdla::command
