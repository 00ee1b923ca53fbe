// SPDX-License-Identifier: Apache-2.0
#include "mapper/map.h"

#include <array>

#include "analysis/buffer_split.h"
#include "host/driver/driver_error.h"
#include "host/driver/scheduler.h"
#include "host/text_source.h"
#include "mapper/emit.h"
#include "mapper/passes.h"
#include "mapper/program_writer.h"
#include "mapper/schedule.h"

namespace nvdla::mapper {

namespace {

// Layers of the CPU as such; those without a known time in `unknown`.
LayerNetwork with_cpu_layers(LayerNetwork network, const MapOptions& options) {
  std::map<std::string, double> left = options.cpu_microseconds;
  std::string unknown;
  for (Layer& layer : network.layers) {
    if (left.erase(layer.name) != 0) layer.kind = LayerKind::kCpu;
    if (layer.kind == LayerKind::kCpu && !layer.known_to_software &&
        options.cpu_microseconds.count(layer.name) == 0)
      unknown += "\n  layer '" + layer.name + "' (" + layer.type + ")";
  }
  if (!left.empty())
    throw host::InputError(network.path + ": there is no layer '" + left.begin()->first +
                           "' that the CPU could compute");
  if (!unknown.empty())
    throw host::InputError(network.path +
                           ": the accelerator cannot compute these layers; --cpu-layer NAME=MICROSECONDS "
                           "gives one to the CPU:" +
                           unknown);
  return network;
}

void check_precision(const HardwareParameters& hardware, Precision precision) {
  const bool has = precision == Precision::kInt8 ? hardware.int8 : hardware.fp16;
  if (precision == Precision::kInt16 || !has)
    throw analysis::Infeasible("configuration " + hardware.name + " does not compute in " +
                               (precision == Precision::kInt8   ? "int8"
                                : precision == Precision::kFp16 ? "fp16"
                                                                : "int16 (the mapper has int8 and fp16)"));
}

// The next operation of each engine.
class Names {
 public:
  void add(const EmittedTask& task, std::map<OperationId, std::string>& names) {
    for (std::size_t i = 0; i < task.nodes.size(); ++i) {
      const std::uint8_t unit = task.task.list[i].unit;
      names[{host::kDlaEngines[unit], next_[unit]++}] = task.nodes[i]->name;
    }
  }

 private:
  std::array<std::uint32_t, host::kDlaUnits> next_{};
};

}  // namespace

double MappedNetwork::cpu_microseconds() const {
  double sum = 0;
  for (const CpuLayer& layer : cpu_layers) sum += layer.microseconds.value_or(0);
  return sum;
}

MappedNetwork map(const LayerNetwork& given, const HardwareParameters& hardware, const MapOptions& options) {
  nvdla::check(hardware);
  check_precision(hardware, options.precision);
  const LayerNetwork network = with_cpu_layers(given, options);
  const Target target{hardware, options.precision, options.image};
  Graph graph = lower(network, target);
  merge(graph, target);
  fit(graph, target);
  pair(graph, target);
  const std::vector<Node*> order = schedule(graph);
  const EmittedNetwork emitted = emit(order, target, network.path);
  if (emitted.tasks.empty()) throw host::InputError(network.path + ": no layer is left for the accelerator");

  MappedNetwork mapped{host::Program::of(network.path), {}, {}};
  ProgramWriter device(hardware, network.path);
  host::Scheduler scheduler(hardware, device, nullptr);
  Names names;
  try {
    for (std::size_t i = 0; i < emitted.tasks.size(); ++i) {
      scheduler.run(emitted.tasks[i].task, i, emitted.addresses, false);
      names.add(emitted.tasks[i], mapped.names);
    }
  } catch (const host::DriverError& error) {
    throw analysis::Infeasible(error.what());
  }
  mapped.program = device.program();
  for (const Node* node : order) {
    if (node->kind != NodeKind::kCpu) continue;
    const Layer& layer = network.layers[node->layer];
    CpuLayer cpu{layer.name, layer.type, std::nullopt};
    const auto time = options.cpu_microseconds.find(layer.name);
    if (time != options.cpu_microseconds.end()) cpu.microseconds = time->second;
    mapped.cpu_layers.push_back(cpu);
  }
  return mapped;
}

}  // namespace nvdla::mapper
