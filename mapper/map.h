// SPDX-License-Identifier: Apache-2.0
// From layers to the register program that NVIDIA's compiler, runtime and driver would give a configuration:
// what analysis::Network and the runner take.
//
// The mapper decides on operations as the open compiler does (mapper/passes.h, mapper/schedule.h) and has the
// driver program them (host/driver) on engines that take no time. Where the driver waits for an interrupt all
// that can finish without it has finished, as in the recorded traces.
// Limits: one image at a time; no Winograd, no compressed weights, no CVSRAM, no pooling on the fly (the
// compiler's default profiles do not use them); values are not computed.
//
// Safe to call from many threads at once, also with the same network.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hardware/parameters.h"
#include "host/program.h"
#include "mapper/layers.h"
#include "operation/identity.h"

namespace nvdla::mapper {

struct MapOptions {
  Precision precision = Precision::kInt8;
  // Inputs of up to four channels that only convolutions read are pixels of four channels; false: feature
  // cubes.
  bool image = true;
  // Layers that the CPU computes, and their time.
  std::map<std::string, double> cpu_microseconds;
};

struct CpuLayer {
  std::string name, type;
  std::optional<double> microseconds;  // nothing: not known, and not counted
};

struct MappedNetwork {
  host::Program program;
  std::map<OperationId, std::string> names;  // of the layers
  std::vector<CpuLayer> cpu_layers;
  [[nodiscard]] double cpu_microseconds() const;
};

// `network` as complete() leaves it. Throws host::InputError, which names file and layers, for layers that
// nobody can compute and for times of layers that do not exist; analysis::Infeasible, with the layer, for
// what the configuration cannot execute.
[[nodiscard]] MappedNetwork map(const LayerNetwork& network, const HardwareParameters& hardware,
                                const MapOptions& options);

}  // namespace nvdla::mapper
