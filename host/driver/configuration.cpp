// SPDX-License-Identifier: Apache-2.0
#include "host/driver/configuration.h"

#include <algorithm>

#include "host/loadable/dla_task.h"

namespace nvdla::host {

namespace {

constexpr std::uint8_t kFeature = 36;

class Fit {
 public:
  explicit Fit(const HardwareParameters& hardware) : hw_(hardware) {}

  [[nodiscard]] bool operator()(const DlaBdma&) const { return hw_.bdma; }
  [[nodiscard]] bool operator()(const DlaRubik& r) const { return hw_.rubik && computes(r.precision); }
  [[nodiscard]] bool operator()(const DlaPdp& p) const {
    return computes(p.precision) && holds(p.source, p.precision) && holds(p.destination, p.precision);
  }
  [[nodiscard]] bool operator()(const DlaCdp& c) const {
    return computes(c.in_precision) && holds(c.source, c.in_precision) &&
           holds(c.destination, c.out_precision);
  }
  [[nodiscard]] bool operator()(const DlaSdp& s) const {
    return computes(s.source_precision) && computes(s.destination_precision) &&
           holds(s.source, s.source_precision) && holds(s.destination, s.destination_precision) &&
           (s.y.enable == 0 || hw_.sdp_ew_throughput > 0) && (s.lut < 0 || hw_.sdp_lut) &&
           (s.batch <= 1 || hw_.batch);
  }
  [[nodiscard]] bool operator()(const DlaConvolution& c) const {
    if (!computes(c.in_precision) || !computes(c.out_precision)) return false;
    if (c.mode == 1 && !hw_.winograd) return false;
    if (c.weight_format == 1 && !hw_.weight_compression) return false;
    if (c.batch > 1 && !hw_.batch) return false;
    if (std::uint32_t{c.data_bank} + c.weight_bank > hw_.cbuf_banks) return false;
    if (c.data_format != kFeature || c.mode == 1) return true;
    return holds(c.source, c.in_precision) && c.entries_per_slice == entries_per_slice(c);
  }

 private:
  [[nodiscard]] bool computes(std::uint8_t precision) const {
    switch (precision) {
      case 0:
        return hw_.int8;
      case 1:
        return hw_.int16;
      case 2:
        return hw_.fp16;
      default:
        return false;
    }
  }
  // The cube's size has room for its surfaces, and its lines for its pixels, with the atoms of this memory.
  [[nodiscard]] bool holds(const DlaCube& cube, std::uint8_t precision) const {
    if (cube.type == kDlaHardware || cube.size == 0) return true;
    const std::uint64_t atom = hw_.memory_atom_bytes, element = precision == 0 ? 1 : 2;
    const std::uint64_t surfaces = (cube.channel * element + atom - 1) / atom;
    return (cube.height <= 1 || cube.line_stride >= cube.width * atom) &&
           surfaces * cube.surface_stride <= cube.size;
  }
  // Entries that one line takes: whole ones for each pixel; what is left of the channels, rounded to a power
  // of two of atoms, is shared by the pixels that fit into one entry.
  [[nodiscard]] std::uint32_t entries_per_slice(const DlaConvolution& c) const {
    const std::uint32_t element = c.in_precision == 0 ? 1 : 2, atom = hw_.memory_atom_bytes;
    const std::uint32_t bytes = (c.source.channel * element + atom - 1) / atom * atom;
    const std::uint32_t rest = bytes % hw_.cbuf_entry_bytes;
    std::uint32_t share = atom;
    while (share < rest) share *= 2;
    const std::uint32_t pixels = hw_.cbuf_entry_bytes / std::min(share, hw_.cbuf_entry_bytes);
    return bytes / hw_.cbuf_entry_bytes * c.source.width +
           (rest == 0 ? 0 : (c.source.width + pixels - 1) / pixels);
  }

  const HardwareParameters& hw_;
};

}  // namespace

std::vector<std::string> possible_configurations(const Loadable& loadable) {
  std::vector<DlaTask> tasks;
  for (std::size_t i = 0; i < loadable.tasks.size(); ++i) {
    if (loadable.tasks[i].interface == TaskInterface::kDla) tasks.push_back(parse_dla_task(loadable, i));
  }
  std::vector<std::string> result;
  for (const HardwareParameters& hardware : presets()) {
    const bool fits = std::all_of(tasks.begin(), tasks.end(), [&](const DlaTask& task) {
      return std::all_of(task.list.begin(), task.list.end(), [&](const DlaOperation& operation) {
        return std::visit(Fit(hardware), operation.work);
      });
    });
    if (fits) result.push_back(hardware.name);
  }
  return result;
}

}  // namespace nvdla::host
