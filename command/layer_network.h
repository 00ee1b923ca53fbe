// SPDX-License-Identifier: Apache-2.0
// Networks of layers on the command line: ONNX models, and JSON of the schema nvdla-network/1
// (docs/networks.md), mapped to the configuration that is asked for, and anew to every design that needs
// other registers.
#pragma once

#include <boost/program_options.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analysis/network.h"
#include "mapper/map.h"

namespace nvdla::command {

// By the name, and for JSON by the schema.
[[nodiscard]] bool is_layer_network(const std::string& path);

// --precision, --input-format, --cpu-layer.
void add_mapping_options(boost::program_options::options_description& visible);

// How to map; what is not said follows from the configuration.
struct MappingRequest {
  std::optional<Precision> precision;  // default: int8, fp16 where that is all there is
  mapper::MapOptions options;

  [[nodiscard]] mapper::MapOptions on(const HardwareParameters& hardware) const;
};
// Throws UsageError.
[[nodiscard]] MappingRequest mapping_of(const boost::program_options::variables_map& values);
// "int8", "fp16"; throws std::invalid_argument.
[[nodiscard]] Precision precision_from_name(const std::string& name);
// "image", "feature"; throws std::invalid_argument.
[[nodiscard]] bool image_from_name(const std::string& name);

struct LayerNetwork {
  analysis::Network network;
  std::vector<mapper::CpuLayer> cpu_layers;
};
// Throws host::ReplayError, with the file: a file that cannot be read, layers that cannot be mapped.
[[nodiscard]] LayerNetwork layer_network(const std::string& path, const MappingRequest& request,
                                         const HardwareParameters& hardware);

}  // namespace nvdla::command
