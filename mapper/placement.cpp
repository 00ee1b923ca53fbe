// SPDX-License-Identifier: Apache-2.0
#include "mapper/placement.h"

#include <algorithm>
#include <limits>

#include "operation/divide.h"

namespace nvdla::mapper {

namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::uint32_t kPixelLine = 32;  // lines of pixels begin at multiples of it

const Tensor& root_of(const Tensor& tensor) {
  const Tensor* root = &tensor;
  while (root->whole != nullptr) root = root->whole;
  return *root;
}

}  // namespace

host::DlaCube Placement::sized(const Tensor& tensor, const Tensor& root) const {
  const std::uint32_t atom = target_.hardware.memory_atom_bytes;
  const std::uint32_t element = bytes_per_element(target_.precision);
  host::DlaCube cube;
  cube.width = static_cast<std::uint16_t>(tensor.shape.width);
  cube.height = static_cast<std::uint16_t>(tensor.shape.height);
  cube.channel = static_cast<std::uint16_t>(tensor.shape.channels);
  if (tensor.image) {
    cube.line_stride =
        ceil_div(tensor.shape.width * tensor.shape.channels * element, kPixelLine) * kPixelLine;
    cube.size = cube.line_stride * tensor.shape.height;
    return cube;
  }
  cube.line_stride = root.shape.width * atom;
  cube.surface_stride = cube.line_stride * root.shape.height;
  const std::uint64_t bytes =
      std::uint64_t{cube.line_stride} * tensor.shape.height * ceil_div(tensor.shape.channels * element, atom);
  cube.size = static_cast<std::uint32_t>(bytes);
  return cube;
}

std::int16_t Placement::entry(const Node& node, const Key& key, std::uint64_t bytes) {
  const auto found = entries_.find(key);
  if (found != entries_.end()) return found->second;
  const std::uint32_t bits = target_.hardware.mem_address_bits;
  if ((bits < 64 && next_ + bytes > (std::uint64_t{1} << bits)) || bytes > 0xffffffffU)
    infeasible(node, "tensors and weights do not fit the address space of " + std::to_string(bits) +
                         " bits from 0x80000000 on");
  if (addresses_.size() > static_cast<std::size_t>(std::numeric_limits<std::int16_t>::max()))
    infeasible(node, "the network has more tensors than an address list has entries");
  const auto index = static_cast<std::int16_t>(addresses_.size());
  addresses_.push_back({MemorySpace::kDbb, next_, bytes});
  next_ = ceil_div(next_ + bytes, kPage) * kPage;
  entries_[key] = index;
  return index;
}

host::DlaCube Placement::cube(const Node& node, const Tensor& tensor) {
  const Tensor& root = root_of(tensor);
  host::DlaCube cube = sized(tensor, root);
  const host::DlaCube whole = sized(root, root);
  const std::uint64_t surfaces = root.image
                                     ? 1
                                     : ceil_div(root.shape.channels * bytes_per_element(target_.precision),
                                                target_.hardware.memory_atom_bytes);
  // The parts of a concatenation fill whole surfaces each, so that it can be larger than its channels say.
  std::uint64_t bytes = root.image ? whole.size : std::uint64_t{whole.surface_stride} * surfaces;
  for (const Tensor* input : root.producer != nullptr ? root.producer->inputs : std::vector<Tensor*>{}) {
    if (input->whole != &root) continue;
    const host::DlaCube part = sized(*input, root);
    bytes = std::max(bytes, std::uint64_t{input->first_surface} * whole.surface_stride + part.size);
  }
  std::uint64_t offset = 0;
  for (const Tensor* part = &tensor; part->whole != nullptr; part = part->whole)
    offset += std::uint64_t{part->first_line} * cube.line_stride +
              std::uint64_t{part->first_surface} * cube.surface_stride;
  cube.type = host::kDlaMainMemory;
  cube.address = entry(node, {&root, Purpose::kTensor}, bytes);
  cube.offset = static_cast<std::uint32_t>(offset);
  return cube;
}

host::DlaCube Placement::stream(const Tensor& tensor) const {
  host::DlaCube cube = sized(tensor, tensor);
  cube.type = host::kDlaHardware;
  return cube;
}

host::DlaCube Placement::data(const Node& node, const Node& owner, Purpose purpose, std::uint64_t bytes) {
  host::DlaCube cube;
  cube.type = host::kDlaMainMemory;
  cube.address = entry(node, {&owner, purpose}, bytes);
  cube.size = static_cast<std::uint32_t>(bytes);
  return cube;
}

}  // namespace nvdla::mapper
