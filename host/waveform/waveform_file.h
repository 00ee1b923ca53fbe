// SPDX-License-Identifier: Apache-2.0
// A waveform file of any format that is read, told apart by content: VCD, plain or gzip, and FST.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "host/waveform/vcd_reader.h"

namespace nvdla::host {

enum class WaveformKind : std::uint8_t { kVcd, kFst };

// Nothing: something else, or what cannot be read twice (a pipe). Throws InputError when it cannot be read.
[[nodiscard]] std::optional<WaveformKind> waveform_kind(const std::string& path);

// Pipes and standard input ("-") are VCD. Throws InputError.
[[nodiscard]] std::unique_ptr<VcdReader> open_waveform(const std::string& path,
                                                       const VcdReader::Wanted& wanted);

}  // namespace nvdla::host
