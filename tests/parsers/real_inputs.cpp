// SPDX-License-Identifier: Apache-2.0
#include "tests/parsers/real_inputs.h"

#include "hardware/parameters.h"
#include "host/files/byte_source.h"
#include "tests/support/random_chain.h"

namespace nvdla::fuzz {
namespace {

std::string source(const std::string& name) {
  return host::read_file(NVDLA_SOURCE_DIR "/" + name, 1 << 26, host::Unpack::kGzip);
}

std::string head(const std::string& text, std::size_t lines) {
  std::size_t at = 0;
  for (; lines > 0 && at != std::string::npos; --lines) at = text.find('\n', at + 1);
  return at == std::string::npos ? text : text.substr(0, at + 1);
}

}  // namespace

std::vector<std::string> real_inputs(const std::string& target) {
  if (target == "trace" || target == "any_input")
    return {head(source("firmware_traces/u_pool_max2_nv_small_int8/input.txn.gz"), 40)};
  if (target == "dma_trace")
    return {head(source("validation/recordings/lenet_nv_full_fp16__L50_B64.dma_trace.csv.gz"), 30)};
  if (target == "recording_operations")
    return {source("validation/recordings/u_elt_64x28_nv_full_int8__L50_B64.ops.csv")};
  if (target == "bounds") return {source("validation/bounds.json")};
  if (target == "notes") return {source("validation/notes.json")};
  if (target == "layers") return {source("firmware_traces/u_elt_64x28_nv_full_int8/layers.json")};
  if (target == "loadable") {
    std::vector<std::string> chains;
    for (std::uint32_t seed = 1; seed <= 6; ++seed) {
      const auto bytes = test::random_chain(preset(seed % 2 == 0 ? "nv_full" : "nv_small"), 12, seed);
      chains.emplace_back(bytes.begin(), bytes.end());
    }
    return chains;
  }
  return {};
}

}  // namespace nvdla::fuzz
