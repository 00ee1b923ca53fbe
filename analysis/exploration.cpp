// SPDX-License-Identifier: Apache-2.0
#include "analysis/exploration.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "analysis/parallel.h"
#include "hardware/parameter_table.h"

namespace nvdla::analysis {

namespace {

constexpr std::size_t kTogether = 8;  // points that a thread takes at once

const char* const kMemoryKeys[] = {"latency", "bandwidth", "max_outstanding"};
const char* const kResults[] = {"cycles", "milliseconds", "per_second", "dbb_bytes", "cvsram_bytes"};
const char* const kSizes[] = {"macs", "cbuf_bytes", "peak_gbytes"};

// "dbb.latency" -> the port; nothing for another key.
std::optional<std::pair<MemorySpace, std::string>> memory_key(const std::string& key) {
  for (const auto& [prefix, space] : {std::pair{std::string("dbb."), MemorySpace::kDbb},
                                      std::pair{std::string("cvsram."), MemorySpace::kCvsram}}) {
    if (key.rfind(prefix, 0) != 0) continue;
    const std::string rest = key.substr(prefix.size());
    if (std::find(std::begin(kMemoryKeys), std::end(kMemoryKeys), rest) != std::end(kMemoryKeys))
      return std::pair{space, rest};
  }
  return std::nullopt;
}

std::uint32_t natural(const std::string& key, double value) {
  if (!(value >= 0) || value != std::floor(value) || value > std::numeric_limits<std::uint32_t>::max())
    throw std::invalid_argument(key + " must be a natural number");
  return static_cast<std::uint32_t>(value);
}

void set_memory(memory::MemorySystem& memory, const std::string& key, MemorySpace space,
                const std::string& what, double value) {
  if (space == MemorySpace::kCvsram && !memory.cvsram) memory.cvsram = memory.dbb;
  memory::MemoryDescription& port = space == MemorySpace::kDbb ? memory.dbb : *memory.cvsram;
  if (what == "latency") {
    port.latency = natural(key, value);
  } else if (what == "bandwidth") {
    if (!(value > 0)) throw std::invalid_argument(key + " must be above 0");
    port.bytes_per_cycle = value;
  } else {
    port.max_outstanding = natural(key, value);
  }
}

// The designs of one exploration, shared by all threads: what one point has decoded and counted serves the
// others of its design.
class Designs {
 public:
  // Throws Infeasible, std::invalid_argument.
  std::shared_ptr<const Design> get(const ExplorationSpec& spec, std::size_t network,
                                    const HardwareParameters& hardware,
                                    const std::vector<ParameterSetting>& settings) {
    Key key{network, {}};
    for (const ParameterSetting& each : settings) key.second.push_back(each.value);
    {
      const std::lock_guard<std::mutex> lock(guard_);
      const auto found = made_.find(key);
      if (found != made_.end()) return found->second;
    }
    const auto made = std::make_shared<const Design>(spec.networks.at(network), hardware);
    const std::lock_guard<std::mutex> lock(guard_);
    if (made_.size() >= kMost) made_.clear();
    return made_.emplace(key, made).first->second;
  }

 private:
  static constexpr std::size_t kMost = 64;                  // kept at once
  using Key = std::pair<std::size_t, std::vector<double>>;  // network, values of the settings
  std::mutex guard_;
  std::map<Key, std::shared_ptr<const Design>> made_;
};

class Evaluator {
 public:
  Evaluator(const ExplorationSpec& spec, Designs& designs) : spec_(spec), designs_(designs) {}

  ExplorationPoint evaluate(std::uint64_t number) {
    ExplorationPoint point;
    point.number = number;
    point.values = spec_.space.point(number);
    try {
      run(point);
    } catch (const Infeasible& error) {
      infeasible(point, error.what());
    } catch (const std::invalid_argument& error) {
      infeasible(point, error.what());
    }
    return point;
  }

 private:
  static void infeasible(ExplorationPoint& point, const char* why) {
    point.state = ExplorationPoint::State::kInfeasible;
    point.reason = why;
    point.metrics.clear();
  }

  void run(ExplorationPoint& point) {
    std::vector<ParameterSetting> settings;
    memory::MemorySystem memory = spec_.memory;
    std::size_t network = 0;
    for (std::size_t i = 0; i < spec_.space.axes().size(); ++i) {
      const std::string& key = spec_.space.axes()[i].key;
      if (key == "network") {
        network = natural(key, point.values[i]);
      } else if (const auto port = memory_key(key)) {
        set_memory(memory, key, port->first, port->second, point.values[i]);
      } else {
        settings.push_back({key, point.values[i]});
      }
    }
    const HardwareParameters hardware = derived(base(network), settings);
    if (memory.cvsram && !hardware.cvsram)
      throw std::invalid_argument("configuration " + hardware.name + " has no second memory interface");
    point.metrics = sizes(hardware, memory);
    if (!allowed(point)) return;  // not worth its time
    const Evaluation evaluation =
        designs_.get(spec_, network, hardware, settings)->evaluate(memory, spec_.level);
    point.metrics["cycles"] = static_cast<double>(evaluation.cycles);
    point.metrics["milliseconds"] = evaluation.milliseconds;
    point.metrics["per_second"] = evaluation.per_second;
    point.metrics["dbb_bytes"] = static_cast<double>(evaluation.dbb.total());
    point.metrics["cvsram_bytes"] = static_cast<double>(evaluation.cvsram.total());
    (void)allowed(point);
  }

  // Networks of another configuration bring it along.
  [[nodiscard]] const HardwareParameters& base(std::size_t network) const {
    const HardwareParameters& own = spec_.networks.at(network).hardware();
    return own.generation == spec_.hardware.generation ? spec_.hardware : own;
  }

  static std::map<std::string, double> sizes(const HardwareParameters& hardware,
                                             const memory::MemorySystem& memory) {
    double bytes = std::min<double>(memory.dbb.bytes_per_cycle, hardware.dbb_width_bytes);
    if (memory.cvsram) bytes += std::min<double>(memory.cvsram->bytes_per_cycle, hardware.dbb_width_bytes);
    std::map<std::string, double> metrics = {
        {"macs", static_cast<double>(hardware.atomic_c) * hardware.atomic_k_int8},
        {"cbuf_bytes", static_cast<double>(hardware.cbuf_bytes())},
        {"peak_gbytes", bytes * hardware.clock_mhz * 1e-3}};
    return metrics;
  }

  // False, and the point is excluded, when it breaks a constraint whose metric is known.
  bool allowed(ExplorationPoint& point) const {
    for (const Constraint& constraint : spec_.constraints) {
      const std::optional<double> value = metric(point, constraint.metric);
      if (!value) continue;
      const bool most = constraint.relation == Constraint::Relation::kAtMost;
      if (most ? *value <= constraint.bound : *value >= constraint.bound) continue;
      point.state = ExplorationPoint::State::kExcluded;
      point.reason = constraint.metric + (most ? " is above its bound" : " is below its bound");
      return false;
    }
    return true;
  }

  [[nodiscard]] std::optional<double> metric(const ExplorationPoint& point, const std::string& name) const {
    const auto found = point.metrics.find(name);
    if (found != point.metrics.end()) return found->second;
    for (std::size_t i = 0; i < spec_.space.axes().size(); ++i)
      if (spec_.space.axes()[i].key == name) return point.values[i];
    return std::nullopt;
  }

  const ExplorationSpec& spec_;
  Designs& designs_;
};

}  // namespace

bool larger_is_better(const std::string& metric) { return metric == "per_second"; }

bool known_metric(const std::string& metric) {
  const auto in = [&](const auto& list) {
    return std::find(std::begin(list), std::end(list), metric) != std::end(list);
  };
  return in(kResults) || in(kSizes);
}

Constraint parse_constraint(const std::string& text) {
  const auto fail = [&] {
    throw std::invalid_argument("constraint \"" + text + "\" is not of the form METRIC <= NUMBER");
  };
  std::size_t at = text.find("<=");
  Constraint constraint;
  if (at == std::string::npos) {
    at = text.find(">=");
    constraint.relation = Constraint::Relation::kAtLeast;
  }
  if (at == std::string::npos) fail();
  const auto trimmed = [](std::string part) {
    part.erase(0, part.find_first_not_of(' '));
    part.erase(part.find_last_not_of(' ') + 1);
    return part;
  };
  constraint.metric = trimmed(text.substr(0, at));
  const std::string number = trimmed(text.substr(at + 2));
  char* end = nullptr;
  constraint.bound = std::strtod(number.c_str(), &end);
  if (constraint.metric.empty() || number.empty() || *end != '\0' || !std::isfinite(constraint.bound)) fail();
  return constraint;
}

void check(const ExplorationSpec& spec) {
  if (spec.networks.empty()) throw std::invalid_argument("an exploration needs a network");
  const auto axis = [&](const std::string& key) {
    return std::any_of(spec.space.axes().begin(), spec.space.axes().end(),
                       [&](const Axis& each) { return each.key == key; });
  };
  for (const Axis& each : spec.space.axes()) {
    if (each.key == "network") {
      for (const double value : each.values)
        if (!(value >= 0) || value >= static_cast<double>(spec.networks.size()))
          throw std::invalid_argument("\"network\": there is no network " + std::to_string(value));
    } else if (find_parameter(each.key) == nullptr && !memory_key(each.key)) {
      throw std::invalid_argument(
          "unknown axis \"" + each.key +
          "\" (known: hardware parameters, see nvdla-vp configs --schema; dbb.latency, "
          "dbb.bandwidth, dbb.max_outstanding, and the same of cvsram)");
    }
  }
  for (const Constraint& each : spec.constraints)
    if (!known_metric(each.metric) && !axis(each.metric))
      throw std::invalid_argument(
          "unknown metric \"" + each.metric +
          "\" in a constraint (known: cycles, milliseconds, per_second, macs, cbuf_bytes, "
          "dbb_bytes, cvsram_bytes, peak_gbytes, and the axes)");
  nvdla::check(spec.hardware);
}

void explore(const ExplorationSpec& spec, const std::vector<std::uint64_t>& numbers, unsigned threads,
             const std::function<void(const std::vector<ExplorationPoint>&)>& done) {
  check(spec);
  std::mutex guard;
  Designs designs;
  const std::size_t parts = (numbers.size() + kTogether - 1) / kTogether;
  parallel_for(parts, threads, [&](std::size_t part) {
    Evaluator evaluator(spec, designs);
    std::vector<ExplorationPoint> points;
    const std::size_t end = std::min(numbers.size(), (part + 1) * kTogether);
    for (std::size_t i = part * kTogether; i < end; ++i) points.push_back(evaluator.evaluate(numbers[i]));
    const std::lock_guard<std::mutex> lock(guard);
    done(points);
  });
}

}  // namespace nvdla::analysis
