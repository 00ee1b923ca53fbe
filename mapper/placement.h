// SPDX-License-Identifier: Apache-2.0
// Where tensors, weights and operands lie: entries of an address list. A tensor that is part of another lies
// in that one's memory and has its strides.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "host/driver/unit_program.h"
#include "host/loadable/dla_task.h"
#include "mapper/graph.h"
#include "mapper/passes.h"

namespace nvdla::mapper {

class Placement {
 public:
  explicit Placement(const Target& target) : target_(target) {}

  // The cube of a tensor in memory. Throws analysis::Infeasible, with the node's name, when the address space
  // or the address list is full.
  [[nodiscard]] host::DlaCube cube(const Node& node, const Tensor& tensor);
  // The same on the fly, without an address.
  [[nodiscard]] host::DlaCube stream(const Tensor& tensor) const;
  // `bytes` of weights or operands of `owner`, in a place of their own; the parts of a split layer have one
  // owner.
  enum class Purpose : std::uint8_t { kTensor, kWeights, kX1, kX2 };
  [[nodiscard]] host::DlaCube data(const Node& node, const Node& owner, Purpose purpose, std::uint64_t bytes);

  [[nodiscard]] const std::vector<host::DeviceAddress>& addresses() const { return addresses_; }

 private:
  using Key = std::pair<const void*, Purpose>;
  [[nodiscard]] std::int16_t entry(const Node& node, const Key& key, std::uint64_t bytes);
  [[nodiscard]] host::DlaCube sized(const Tensor& tensor, const Tensor& root) const;

  const Target& target_;
  std::vector<host::DeviceAddress> addresses_;
  std::map<Key, std::int16_t> entries_;
  std::uint64_t next_ = 0x80000000;
};

}  // namespace nvdla::mapper
