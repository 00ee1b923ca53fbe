// SPDX-License-Identifier: Apache-2.0
#include "mapper/onnx/onnx_node.h"

#include "host/files/byte_source.h"

namespace nvdla::mapper {

std::string OnnxNode::name() const {
  if (!node_.name().empty()) return node_.name();
  return node_.output_size() > 0 ? node_.output(0) : "";
}

const std::string& OnnxNode::input(int index) const {
  if (!has_input(index)) fail("lacks input " + std::to_string(index));
  return node_.input(index);
}
const std::string& OnnxNode::output(int index) const {
  if (!has_output(index)) fail("has no output");
  return node_.output(index);
}

const onnx::AttributeProto* OnnxNode::attribute(const char* name) const {
  for (const onnx::AttributeProto& each : node_.attribute())
    if (each.name() == name) return &each;
  return nullptr;
}
std::int64_t OnnxNode::integer(const char* name, std::int64_t otherwise) const {
  const onnx::AttributeProto* found = attribute(name);
  return found == nullptr ? otherwise : found->i();
}
float OnnxNode::real(const char* name, float otherwise) const {
  const onnx::AttributeProto* found = attribute(name);
  return found == nullptr ? otherwise : found->f();
}
std::vector<std::int64_t> OnnxNode::integers(const char* name) const {
  const onnx::AttributeProto* found = attribute(name);
  if (found == nullptr) return {};
  return {found->ints().begin(), found->ints().end()};
}
std::vector<std::uint32_t> OnnxNode::naturals(const char* name, int count) const {
  const onnx::AttributeProto* found = attribute(name);
  if (found == nullptr || found->ints_size() == 0) return {};
  if (found->ints_size() != count)
    fail(std::string(name) + " has " + std::to_string(found->ints_size()) + " numbers, must have " +
         std::to_string(count) + ": only height and width are supported");
  std::vector<std::uint32_t> result;
  for (const std::int64_t each : found->ints()) result.push_back(natural(each, name));
  return result;
}

std::uint32_t OnnxNode::natural(std::int64_t value, const std::string& what) const {
  constexpr std::int64_t kMost = std::int64_t{1} << 20U;
  if (value < 0 || value > kMost)
    fail(what + " is " + std::to_string(value) + ", must be 0 to " + std::to_string(kMost));
  return static_cast<std::uint32_t>(value);
}
void OnnxNode::fail(const std::string& what) const {
  throw host::InputError(path_ + ": node '" + name() + "' (" + type() + "): " + what);
}

}  // namespace nvdla::mapper
