// SPDX-License-Identifier: Apache-2.0
// Which signals of a waveform are the pins of NVDLA. By default those of the pins' names, all below one
// scope, wherever it lies. A map file tells otherwise, one a line:
//
//   scope = bench.chip.nvdla0                 where the names are looked for that follow no line
//   csb2nvdla_valid = bench.chip.bridge.req   a pin, and the whole path of the signal ("." or "/")
//   dla_reset_rstn = !bench.chip.reset        inverted
//   # comment
//
// A signal may come whole or in parts with ranges: addr[15:8], addr[7:0], or bit by bit.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/waveform/pins.h"
#include "host/waveform/vcd_reader.h"

namespace nvdla::host {

class PinMap {
 public:
  PinMap() = default;
  // Throws InputError "file:line: what".
  explicit PinMap(const std::string& path);

  // A signal of this name, without range, may be one of a pin.
  [[nodiscard]] bool wants(std::string_view name) const;

  struct Named {
    std::string path;
    bool inverted = false;
  };
  [[nodiscard]] const std::map<Pin, Named>& named() const { return named_; }
  [[nodiscard]] const std::string& scope() const { return scope_; }
  // The map file; empty: none.
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  std::string file_, scope_;
  std::map<Pin, Named> named_;
  std::set<std::string, std::less<>> leaves_;
};

// One signal's share of a pin's value.
struct PinPart {
  Pin pin = 0;
  std::uint32_t net = 0;
  std::uint32_t lsb = 0;    // place in the pin's value
  std::uint32_t width = 1;  // bits
  bool inverted = false;
};

struct PinBinding {
  std::vector<PinPart> parts;
  std::vector<bool> present = std::vector<bool>(kPins, false);
  std::vector<std::uint32_t> width = std::vector<std::uint32_t>(kPins, 0);
  std::string scope;  // that was found; empty: all pins are named by the map
};

// Throws InputError that names the pins that are missing, and how to name them.
[[nodiscard]] PinBinding bind_pins(const std::vector<WaveSignal>& signals, const PinMap& map,
                                   const std::string& waveform);

}  // namespace nvdla::host
