// SPDX-License-Identifier: Apache-2.0
#include "analysis/retarget.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "operation/divide.h"
#include "operation/weight_mask.h"
#include "registers/register_map.h"

namespace nvdla::analysis {

namespace {

using registers::RegisterMap;

struct Fields {
  std::uint32_t entries = 1, data_banks = 1, weight_banks = 1, post_y_extension = 1;
  std::uint64_t weight_bytes = 0, mask_bytes = 0;
  bool compressed = false;
};

// The most lines at once that the channels of an image leave room for.
std::uint32_t most_lines(const ConvolutionSequence& sequence, std::uint32_t atomic_c) {
  std::uint32_t lines = 4;
  while (lines > 1 && sequence.kernel_channels * lines > atomic_c) lines /= 2;
  return lines;
}

class Retargeter {
 public:
  Retargeter(const Network& network, const HardwareParameters& to, const Compression& compression)
      : network_(network), from_(network.hardware()), to_(to), compression_(compression) {}

  host::Program run() {
    if (from_.generation != to_.generation)
      throw Infeasible("the trace is of the generation of " + from_.name +
                       ", whose registers configuration " + to_.name + " does not have");
    if (from_.memory_atom_bytes != to_.memory_atom_bytes)
      throw Infeasible("the trace lays features out in atoms of " + std::to_string(from_.memory_atom_bytes) +
                       " bytes, configuration " + to_.name + " in atoms of " +
                       std::to_string(to_.memory_atom_bytes));
    const auto& convolutions = network_.operations().convolutions;
    for (std::size_t i = 0; i < convolutions.size(); ++i) {
      try {
        convolution(convolutions[i], is_compressed(static_cast<std::uint32_t>(i)));
      } catch (const Infeasible& error) {
        const OperationId id{Engine::kConv, static_cast<std::uint32_t>(i)};
        throw Infeasible("layer " + network_.name_of(id) + ": " + error.what());
      }
    }
    std::vector<host::Program::Change> changes;
    for (const auto& [command, value] : values_) changes.push_back({command, value});
    std::stable_sort(insertions_.begin(), insertions_.end(),
                     [](const auto& a, const auto& b) { return a.before < b.before; });
    return network_.program().changed(changes, insertions_);
  }

 private:
  [[nodiscard]] bool is_compressed(std::uint32_t sequence) const {
    const std::vector<std::uint32_t>& only = compression_.convolutions;
    return compression_.zeros > 0 &&
           (only.empty() || std::find(only.begin(), only.end(), sequence) != only.end());
  }

  [[nodiscard]] Fields fields(const ReadConvolution& c, bool compressed) const {
    Fields result;
    ConvolutionFetch fetch = c.fetch;
    result.weight_bytes = fetch.weight_bytes;
    result.mask_bytes = fetch.wmb_bytes;
    result.compressed = fetch.weight_compressed;
    if (compressed && !fetch.weight_compressed && fetch.weight_bytes > 0) compress(fetch, result);
    fetch.weight_bytes = result.weight_bytes;

    const double scale = static_cast<double>(from_.cbuf_entry_bytes) / to_.cbuf_entry_bytes;
    const auto rule = entries_of_line(fetch, from_);
    result.entries = rule == fetch.entries_per_slice
                         ? entries_of_line(fetch, to_).value_or(1)
                         : static_cast<std::uint32_t>(std::ceil(fetch.entries_per_slice * scale));
    result.data_banks = data_banks(fetch, result.entries, to_);
    if (fetch.data_banks > data_banks(fetch, fetch.entries_per_slice, from_)) {
      // Reserved for a larger part of the same layer.
      const double bytes =
          static_cast<double>(fetch.data_banks) * static_cast<double>(from_.cbuf_bytes()) / from_.cbuf_banks;
      const double bank = static_cast<double>(to_.cbuf_bytes()) / to_.cbuf_banks;
      result.data_banks = std::max(result.data_banks, static_cast<std::uint32_t>(std::ceil(bytes / bank)));
    }
    const std::uint32_t banks = to_.cbuf_banks - (result.compressed ? 1 : 0);
    if (result.data_banks >= banks)
      throw Infeasible("its input needs " + std::to_string(result.data_banks) + " banks of CBUF, there are " +
                       std::to_string(banks) + " and weights need one");
    result.weight_banks = weight_banks(fetch, banks - result.data_banks, to_);

    const ConvolutionSequence& sequence = c.sequence;
    result.post_y_extension = sequence.post_y_extension;
    if (sequence.input_format == InputFormat::kPixel &&
        (sequence.post_y_extension == most_lines(sequence, from_.atomic_c) ||
         sequence.post_y_extension > most_lines(sequence, to_.atomic_c)))
      result.post_y_extension = most_lines(sequence, to_.atomic_c);
    return result;
  }

  // A mask bit for every weight, in lines of 1024 bits, and the weights that are not zero: hardware fetches
  // what D_WEIGHT_BYTES says, of either format (docs/rtl-defects.md).
  void compress(const ConvolutionFetch& fetch, Fields& result) const {
    if (!to_.weight_compression) throw Infeasible("configuration " + to_.name + " has no weight compression");
    if (!mask_fits(fetch, to_))
      throw Infeasible("the mask bits of a kernel group, " + std::to_string(mask_bytes_of_group(fetch, to_)) +
                       " bytes, are more than their bank of CBUF");
    constexpr std::uint64_t kLine = 128;
    const std::uint64_t elements =
        std::uint64_t{fetch.bytes_per_kernel} * fetch.kernels / bytes_per_element(fetch.processing_precision);
    const double bytes = static_cast<double>(fetch.bytes_per_kernel) * fetch.kernels;
    const auto left = static_cast<std::uint64_t>(std::ceil(bytes * (1 - compression_.zeros)));
    result.compressed = true;
    result.mask_bytes = ceil_div(elements, std::uint64_t{1024}) * kLine;
    result.weight_bytes = std::max(kLine, ceil_div(left, kLine) * kLine);
  }

  void convolution(const ReadConvolution& c, bool compressed) {
    const Fields now = fields(c, compressed);
    for (const Unit unit : {Unit::kCdma, Unit::kCsc}) {
      const Written& written = unit == Unit::kCdma ? c.cdma : c.csc;
      set(unit, written, "D_ENTRY_PER_SLICE", {{"ENTRIES", now.entries - 1}});
      set(unit, written, "D_BANK",
          {{"DATA_BANK", now.data_banks - 1}, {"WEIGHT_BANK", now.weight_banks - 1}});
      if (!now.compressed || c.fetch.weight_compressed) continue;
      set(unit, written, "D_WEIGHT_FORMAT", {{"WEIGHT_FORMAT", 1}});
      write(unit, written, "D_WEIGHT_BYTES", static_cast<std::uint32_t>(now.weight_bytes));
      write(unit, written, "D_WMB_BYTES", static_cast<std::uint32_t>(now.mask_bytes));
    }
    if (c.sequence.input_format == InputFormat::kPixel)
      set(Unit::kCsc, c.csc, "D_POST_Y_EXTENSION", {{"Y_EXTENSION", now.post_y_extension / 2}});
    if (!now.compressed || c.fetch.weight_compressed) return;
    // Mask and sizes lie behind the weights.
    const std::uint64_t mask = c.fetch.weight_address + now.weight_bytes;
    const std::uint64_t sizes = mask + now.mask_bytes;
    for (const auto& [low, high, address] : {std::tuple{"D_WMB_ADDR_LOW", "D_WMB_ADDR_HIGH", mask},
                                             std::tuple{"D_WGS_ADDR_LOW", "D_WGS_ADDR_HIGH", sizes}}) {
      write(Unit::kCdma, c.cdma, low, static_cast<std::uint32_t>(address));
      write(Unit::kCdma, c.cdma, high, static_cast<std::uint32_t>(address >> 32U));
    }
  }

  struct Field {
    std::string_view name;
    std::uint32_t value;
  };
  // Fields of a register; the others keep what was written.
  void set(Unit unit, const Written& written, std::string_view name, const std::vector<Field>& fields) {
    const RegisterMap& map = RegisterMap::of(to_.generation);
    const registers::RegisterInfo& info = map[map.find(unit, name)];
    const auto found = written.commands.find(info.offset);
    const std::uint32_t before =
        found == written.commands.end() ? info.reset : network_.program().commands()[found->second].value;
    std::uint32_t value = before;
    for (const Field& field : fields) {
      const registers::FieldInfo& place = *info.find(field.name);
      if (field.value > place.mask())
        throw Infeasible(info.full_name() + " cannot hold " + std::to_string(field.value));
      value = (value & ~(place.mask() << place.lsb)) | field.value << place.lsb;
    }
    if (value != before) write(unit, written, name, value);
  }

  void write(Unit unit, const Written& written, std::string_view name, std::uint32_t value) {
    const RegisterMap& map = RegisterMap::of(to_.generation);
    const registers::RegisterInfo& info = map[map.find(unit, name)];
    const auto found = written.commands.find(info.offset);
    if (found == written.commands.end()) {
      insertions_.push_back({written.enable, info.offset, value});
      return;
    }
    const auto [set, first] = values_.emplace(found->second, value);
    if (!first && set->second != value)
      throw Infeasible("it shares its write of " + info.full_name() + " (line " +
                       std::to_string(network_.program().commands()[found->second].line) +
                       ") with another layer that needs another value");
  }

  const Network& network_;
  const HardwareParameters& from_;
  const HardwareParameters& to_;
  const Compression& compression_;
  std::map<std::size_t, std::uint32_t> values_;
  std::vector<host::Program::Insertion> insertions_;
};

}  // namespace

host::Program retarget(const Network& network, const HardwareParameters& hardware,
                       const Compression& compression) {
  return Retargeter(network, hardware, compression).run();
}

bool needs_retarget(const HardwareParameters& from, const HardwareParameters& to) {
  return from.generation != to.generation || from.memory_atom_bytes != to.memory_atom_bytes ||
         from.atomic_c != to.atomic_c || from.atomic_k_int8 != to.atomic_k_int8 ||
         from.cbuf_banks != to.cbuf_banks || from.cbuf_entry_bytes != to.cbuf_entry_bytes ||
         from.cbuf_entries_per_bank != to.cbuf_entries_per_bank;
}

}  // namespace nvdla::analysis
