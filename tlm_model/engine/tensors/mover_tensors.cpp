// SPDX-License-Identifier: Apache-2.0
#include "engine/tensors/mover_tensors.h"

#include <algorithm>

namespace nvdla::engine {

namespace {

std::uint64_t bytes_of(const BdmaTransfer& transfer) {
  return std::uint64_t{transfer.line_bytes} * transfer.lines * transfer.surfaces;
}

}  // namespace

BdmaTensors::BdmaTensors(OperationImage& image, std::vector<BdmaTransfer> transfers)
    : OperationTensors(image), transfers_(std::move(transfers)) {
  for (const BdmaTransfer& transfer : transfers_)
    searches_.emplace_back(transfer.destination, transfer.surfaces, transfer.lines, transfer.line_bytes);
}

// The transfers into one memory write one after the other, each byte once.
void BdmaTensors::produce(MemorySpace space, std::uint64_t address, std::uint32_t bytes) {
  std::vector<unsigned char> line;
  for (std::uint64_t at = address; at < address + bytes;) {
    Cursor& cursor = cursors_[static_cast<std::size_t>(space)];
    while (cursor.left == 0) {
      if (cursor.next == transfers_.size()) return;
      if (transfers_[cursor.next++].destination.space == space)
        cursor.left = bytes_of(transfers_[cursor.next - 1]);
    }
    const BdmaTransfer& transfer = transfers_[cursor.next - 1];
    const std::optional<LineSearch::Place> place = searches_[cursor.next - 1].find(at, address + bytes - at);
    if (!place) return;
    line.resize(std::min<std::uint64_t>(address + bytes - at, transfer.line_bytes - place->offset));
    image_.expect();
    image_.read(transfer.source.space,
                transfer.source.address + std::uint64_t{place->surface} * transfer.source.surface_stride +
                    std::uint64_t{place->line} * transfer.source.line_stride + place->offset,
                line.data(), line.size());
    if (image_.missing()) ++early_;
    image_.write(space, at, line.data(), line.size());
    at += line.size();
    cursor.left -= std::min<std::uint64_t>(cursor.left, line.size());
  }
}

void BdmaTensors::finish() {
  if (image_.attached()) compute::compute_bdma(transfers_, image_, image_);
}

// Bytes without a shape: lines and surfaces of the transfer.
std::vector<OutputTensor> BdmaTensors::outputs() const {
  std::vector<OutputTensor> result;
  for (const BdmaTransfer& transfer : transfers_)
    result.push_back({transfer.destination,
                      {transfer.line_bytes, transfer.lines, transfer.surfaces},
                      Precision::kInt8,
                      0,
                      1,
                      0});
  return result;
}

RubikTensors::RubikTensors(OperationImage& image, const RubikOperation& operation,
                           const HardwareParameters& hardware)
    : OperationTensors(image), operation_(operation), hardware_(hardware) {
  const compute::RubikOutput output = compute::rubik_output(operation, hardware);
  search_ = LineSearch(output.where, output.surfaces, output.lines, output.line_bytes);
}

void RubikTensors::produce(MemorySpace space, std::uint64_t address, std::uint32_t bytes) {
  std::vector<unsigned char> line;
  for (std::uint64_t at = address; at < address + bytes;) {
    const std::optional<LineSearch::Place> place = search_.find(at, address + bytes - at);
    if (!place) return;
    line.resize(std::min<std::uint64_t>(address + bytes - at, search_.line_bytes() - place->offset));
    image_.expect();
    compute::compute_rubik_line(operation_, hardware_, place->surface, place->line, place->offset,
                                line.size(), image_, line.data());
    if (image_.missing()) ++early_;
    image_.write(space, at, line.data(), line.size());
    at += line.size();
  }
}

void RubikTensors::finish() {
  if (image_.attached()) compute::compute_rubik(operation_, hardware_, image_, image_);
}

std::vector<OutputTensor> RubikTensors::outputs() const {
  const compute::RubikOutput output = compute::rubik_output(operation_, hardware_);
  const bool planar = operation_.mode == RubikMode::kSplit;
  const std::uint32_t wider =
      operation_.mode == RubikMode::kContract ? std::max(1U, operation_.deconvolution_stride_x) : 1;
  const std::uint32_t channels =
      operation_.mode == RubikMode::kContract ? operation_.output_channels : operation_.input.channels;
  return {{output.where,
           {operation_.input.width * wider, output.lines, channels},
           operation_.precision,
           planar ? 0 : hardware_.memory_atom_bytes,
           1,
           0}};
}

}  // namespace nvdla::engine
