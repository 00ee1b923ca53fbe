// SPDX-License-Identifier: Apache-2.0
#include "hardware/parameters_file.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "hardware/strict_json.h"

namespace nvdla {

namespace {

using Json = nlohmann::json;
using Number = std::uint32_t HardwareParameters::*;
using Flag = bool HardwareParameters::*;

constexpr std::array<std::pair<std::string_view, Number>, 18> kNumbers = {
    {{"atomic_c", &HardwareParameters::atomic_c},
     {"atomic_k_int8", &HardwareParameters::atomic_k_int8},
     {"memory_atom_bytes", &HardwareParameters::memory_atom_bytes},
     {"cbuf_banks", &HardwareParameters::cbuf_banks},
     {"cbuf_entry_bytes", &HardwareParameters::cbuf_entry_bytes},
     {"cbuf_entries_per_bank", &HardwareParameters::cbuf_entries_per_bank},
     {"sdp_bs_throughput", &HardwareParameters::sdp_bs_throughput},
     {"sdp_bn_throughput", &HardwareParameters::sdp_bn_throughput},
     {"sdp_ew_throughput", &HardwareParameters::sdp_ew_throughput},
     {"sdp_throughput", &HardwareParameters::sdp_throughput},
     {"pdp_throughput", &HardwareParameters::pdp_throughput},
     {"cdp_throughput", &HardwareParameters::cdp_throughput},
     {"dbb_width_bytes", &HardwareParameters::dbb_width_bytes},
     {"mem_address_bits", &HardwareParameters::mem_address_bits},
     {"max_burst_beats", &HardwareParameters::max_burst_beats},
     {"mcif_chunk_beats", &HardwareParameters::mcif_chunk_beats},
     {"max_outstanding_beats", &HardwareParameters::max_outstanding_beats},
     {"mem_latency_primary", &HardwareParameters::mem_latency_primary}}};

constexpr std::array<std::pair<std::string_view, Flag>, 10> kFlags = {
    {{"int8", &HardwareParameters::int8},
     {"int16", &HardwareParameters::int16},
     {"fp16", &HardwareParameters::fp16},
     {"winograd", &HardwareParameters::winograd},
     {"weight_compression", &HardwareParameters::weight_compression},
     {"batch", &HardwareParameters::batch},
     {"sdp_lut", &HardwareParameters::sdp_lut},
     {"cvsram", &HardwareParameters::cvsram},
     {"bdma", &HardwareParameters::bdma},
     {"rubik", &HardwareParameters::rubik}}};

// What scalable_latency_fifos computes with.
constexpr std::array<std::string_view, 9> kFifoInputs = {
    "mem_latency_primary", "dbb_width_bytes",   "memory_atom_bytes", "sdp_throughput",   "pdp_throughput",
    "cdp_throughput",      "sdp_bs_throughput", "sdp_bn_throughput", "sdp_ew_throughput"};

constexpr std::string_view kFifoKey = "read_latency_fifo_beats";

class Loader {
 public:
  explicit Loader(const std::string& path) : path_(path) {}

  HardwareParameters load() {
    std::ifstream in(path_);
    if (!in) fail("cannot be opened");
    Json json;
    try {
      const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
      json = parse_strict_json(text, path_);
    } catch (const std::ios_base::failure&) {
      fail("cannot be read");
    }
    if (!json.is_object()) fail("must be a JSON object");
    if (!json.contains("base") || !json["base"].is_string()) fail("\"base\" must name a preset");
    try {
      result_ = preset(json["base"].get<std::string>());
    } catch (const std::invalid_argument& error) {
      fail(error.what());
    }
    result_.name = std::filesystem::path(path_).stem().string();
    for (const auto& [key, value] : json.items()) apply(key, value);
    set_fifos(json);
    try {
      check(result_);
    } catch (const std::invalid_argument& error) {
      fail(error.what());
    }
    return result_;
  }

 private:
  [[noreturn]] void fail(const std::string& text) const { throw std::runtime_error(path_ + ": " + text); }

  [[nodiscard]] std::uint32_t number(const std::string& key, const Json& value) const {
    if (!value.is_number_unsigned() ||
        value.get<std::uint64_t>() > std::numeric_limits<std::uint32_t>::max()) {
      fail("\"" + key + "\" must be a natural number of 32 bits, not " + value.dump());
    }
    return value.get<std::uint32_t>();
  }

  void apply(const std::string& key, const Json& value) {
    if (key == "base" || key == kFifoKey) return;
    if (key == "name") {
      if (!value.is_string()) fail("\"name\" must be a string");
      result_.name = value.get<std::string>();
      return;
    }
    for (const auto& [name, member] : kNumbers) {
      if (name != key) continue;
      result_.*member = number(key, value);
      return;
    }
    for (const auto& [name, member] : kFlags) {
      if (name != key) continue;
      if (!value.is_boolean()) fail("\"" + key + "\" must be true or false, not " + value.dump());
      result_.*member = value.get<bool>();
      return;
    }
    fail("unknown key \"" + key + "\"");
  }

  void set_fifos(const Json& json) {
    bool resized = false;
    for (const std::string_view key : kFifoInputs) resized = resized || json.contains(std::string(key));
    if (resized && result_.generation == Generation::kScalable) {
      result_.read_latency_fifo_beats = scalable_latency_fifos(result_);
    }
    const auto given = json.find(std::string(kFifoKey));
    if (given == json.end()) return;
    const std::string key(kFifoKey);
    if (!given->is_object()) fail("\"" + key + "\" must be an object of client names");
    for (const auto& [name, value] : given->items()) {
      std::size_t client = 0;
      while (client < kClients && client_name(static_cast<Client>(client)) != name) ++client;
      if (client == kClients) fail("\"" + key + "\": unknown client \"" + name + "\"");
      result_.read_latency_fifo_beats[client] = number(key + "." + name, value);
    }
  }

  const std::string& path_;
  HardwareParameters result_;
};

}  // namespace

HardwareParameters load_hardware(const std::string& path) { return Loader(path).load(); }

}  // namespace nvdla
