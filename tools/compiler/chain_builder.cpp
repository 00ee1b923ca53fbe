// SPDX-License-Identifier: Apache-2.0
#include "tools/compiler/chain_builder.h"

#include <algorithm>
#include <stdexcept>

#include "tools/compiler/weight_layout.h"

namespace nvdla::tools {

namespace {

constexpr std::uint64_t kLargestCube = std::uint64_t{1} << 30U;

std::uint32_t round_up(std::uint32_t value, std::uint32_t to) { return (value + to - 1) / to * to; }

std::vector<unsigned char> bytes_of(const std::vector<std::int16_t>& values, std::size_t size) {
  std::vector<unsigned char> result;
  for (const std::int16_t value : values) {
    result.push_back(static_cast<unsigned char>(value));
    result.push_back(static_cast<unsigned char>(static_cast<std::uint16_t>(value) >> 8U));
  }
  result.resize(size);
  return result;
}

}  // namespace

ChainBuilder::ChainBuilder(const HardwareParameters& hardware, Precision precision, std::uint16_t width,
                           std::uint16_t height, std::uint16_t channel, std::uint8_t minor)
    : hardware_(hardware), precision_(precision), builder_(minor), random_(1) {
  current_ = cube(width, height, channel);
  current_.address = builder_.input(tensor("data", current_));
}

host::DlaCube ChainBuilder::cube(std::uint16_t width, std::uint16_t height, std::uint16_t channel) const {
  host::DlaCube c;
  const std::uint32_t atom = hardware_.memory_atom_bytes;
  c.width = width;
  c.height = height;
  c.channel = channel;
  const std::uint64_t size = std::uint64_t{width} * height * round_up(channel * element(), atom);
  if (size > kLargestCube) throw std::invalid_argument("a cube of " + std::to_string(size) + " bytes");
  c.line_stride = width * atom;
  c.surface_stride = c.line_stride * height;
  c.size = static_cast<std::uint32_t>(size);
  return c;
}

std::int16_t ChainBuilder::random_contents(std::uint64_t bytes) {
  std::vector<unsigned char> data(bytes);
  for (unsigned char& byte : data) byte = static_cast<unsigned char>(random_() % 7);
  return builder_.contents(data);
}

host::LoadableTensor ChainBuilder::tensor(const char* name, const host::DlaCube& c) const {
  host::LoadableTensor t;
  t.name = name;
  t.size = c.size;
  t.type = precision_ == Precision::kFp16    ? host::TensorType::kHalf
           : precision_ == Precision::kInt16 ? host::TensorType::kInt16
                                             : host::TensorType::kInt8;
  t.data_format = 3;
  t.category = 2;
  t.pixel_format = hardware_.memory_atom_bytes == 8 ? host::kPixelFeature8 : host::kPixelFeature;
  t.c = c.channel;
  t.h = c.height;
  t.w = c.width;
  t.element_stride = element();
  t.line_stride = c.line_stride;
  t.surface_stride = c.surface_stride;
  return t;
}

void ChainBuilder::follow(std::size_t operation) {
  if (last_ >= 0) builder_.depend(operation, static_cast<std::size_t>(last_), host::DlaEvent::kCompleted);
}

host::DlaCube ChainBuilder::operand_of_kernels(std::uint16_t channel, const ConvolutionValues* values) {
  host::DlaCube c = cube(1, 1, channel);
  c.size = round_up(channel * 2U, 32);
  c.address = values == nullptr ? random_contents(c.size)
                                : builder_.contents(bytes_of(values->bias, c.size), values->name + ".bias");
  return c;
}

void ChainBuilder::convolution(std::uint16_t kernels, std::uint16_t size, bool bias, bool relu, bool pool) {
  convolution(kernels, size, bias, relu, pool, nullptr);
}

void ChainBuilder::convolution(std::uint16_t kernels, std::uint16_t size, bool relu, bool pool,
                               const ConvolutionValues& values) {
  if (precision_ != Precision::kInt8) throw std::invalid_argument("values are for int8");
  const std::size_t weights = std::size_t{kernels} * current_.channel * size * size;
  if (values.weights.size() != weights || values.bias.size() != kernels) {
    throw std::invalid_argument(values.name + ": needs " + std::to_string(weights) + " weights and " +
                                std::to_string(kernels) + " biases, not " +
                                std::to_string(values.weights.size()) + " and " +
                                std::to_string(values.bias.size()));
  }
  convolution(kernels, size, true, relu, pool, &values);
}

void ChainBuilder::convolution(std::uint16_t kernels, std::uint16_t size, bool bias, bool relu, bool pool,
                               const ConvolutionValues* values) {
  const std::uint32_t smallest = size + (pool ? 1U : 0U);
  if (current_.width < smallest || current_.height < smallest) {
    throw std::invalid_argument("a convolution of " + std::to_string(size) + "x" + std::to_string(size) +
                                (pool ? " with pooling" : "") + " on " + std::to_string(current_.width) +
                                "x" + std::to_string(current_.height) + " pixels");
  }
  const auto precision = static_cast<std::uint8_t>(precision_);
  host::DlaConvolution c;
  c.data_format = host::kPixelFeature;
  c.batch = c.stride_x = c.stride_y = c.dilation_x = c.dilation_y = 1;
  c.in_precision = c.out_precision = precision;
  c.out_converter.scale = 1;
  c.source = current_;
  const auto out_width = static_cast<std::uint16_t>(current_.width - size + 1);
  const auto out_height = static_cast<std::uint16_t>(current_.height - size + 1);
  c.csc_width = current_.width;
  c.csc_height = current_.height;
  c.csc_channel = c.kernel_channel = current_.channel;
  c.kernel_width = c.kernel_height = size;
  c.cmac_width = out_width;
  c.cmac_height = out_height;
  c.release = current_.height;
  c.fetch_grain = 1;
  c.bytes_per_kernel = current_.channel * size * size * element();

  // Entries of a line: whole ones for each pixel, and what is left shared by up to four pixels.
  const std::uint32_t bytes = round_up(current_.channel * element(), hardware_.memory_atom_bytes);
  const std::uint32_t entry = hardware_.cbuf_entry_bytes, rest = bytes % entry;
  const std::uint32_t pixels = rest == 0 ? 0 : entry / std::min(entry, [rest] {
                                                 std::uint32_t power = 1;
                                                 while (power < rest) power *= 2;
                                                 return power;
                                               }());
  c.entries_per_slice = static_cast<std::uint16_t>(
      bytes / entry * current_.width + (pixels == 0 ? 0 : (current_.width + pixels - 1) / pixels));
  const std::uint32_t bank = hardware_.cbuf_entries_per_bank;
  const std::uint64_t data_banks = (std::uint64_t{c.entries_per_slice} * current_.height + bank - 1) / bank;
  if (values != nullptr && data_banks >= hardware_.cbuf_banks) {
    throw std::invalid_argument("the input of a convolution takes " + std::to_string(data_banks) + " of " +
                                std::to_string(hardware_.cbuf_banks) +
                                " banks of CBUF, and weights need one");
  }
  c.data_bank = static_cast<std::uint8_t>(data_banks);
  c.weight_bank = static_cast<std::uint8_t>(hardware_.cbuf_banks - c.data_bank);
  // Whole entries of CBUF, and what D_WEIGHT_BYTES can say: V1's has no lower seven bits. With more, CDMA
  // fills entries that CSC does not release: the RTL reads the next layer's weights from the wrong place.
  c.weight.size =
      round_up(c.bytes_per_kernel * kernels,
               std::max(hardware_.cbuf_entry_bytes, hardware_.generation == Generation::kV1 ? 128U : 8U));
  if (values == nullptr) {
    c.weight.address = random_contents(c.weight.size);
  } else {
    const KernelShape shape{kernels, current_.channel, size};
    std::vector<unsigned char> packed = pack_weights(values->weights, shape, hardware_);
    packed.resize(c.weight.size);
    c.weight.address = builder_.contents(packed, values->name);
  }

  host::DlaCube result = cube(out_width, out_height, kernels);
  c.destination = result;
  c.destination.type = host::kDlaHardware;
  c.destination.address = -1;

  host::DlaSdp s;
  s.source_precision = s.destination_precision = precision;
  s.out_converter.scale = 1;
  s.batch = 1;
  s.source = c.destination;
  s.x1.mode = 1;
  s.x1.alu = 2;
  s.x1.precision = 1;
  s.x1.enable = bias || relu ? 1 : 0;
  s.x1.activation = relu ? 1 : 0;
  if (bias) {
    s.x1.type = 2;
    s.x1_data = operand_of_kernels(kernels, values);
  } else {
    s.x1.mode = 0;
  }
  s.x2.precision = s.y.precision = precision;
  s.destination = result;
  if (values != nullptr) {
    s.x1.shift = values->bias_shift;
    s.out_converter.scale = values->scale;
    s.out_converter.truncate = values->truncate;
  }

  const std::size_t conv = builder_.operation(c);
  follow(conv);
  if (pool) {
    s.destination.type = host::kDlaHardware;
    s.destination.address = -1;
    host::DlaPdp p;
    p.source = s.destination;
    p.kernel_width = p.kernel_height = 1;  // minus one
    p.stride_x = p.stride_y = 2;
    p.mode = 1;
    p.split = 1;
    p.precision = precision;
    result = cube(out_width / 2, out_height / 2, kernels);
    result.address = builder_.memory(result.size);
    p.destination = result;
    const std::size_t sdp = builder_.operation(s);
    const std::size_t pdp = builder_.operation(p);
    builder_.fuse(sdp, conv);
    builder_.fuse(pdp, sdp);
    last_ = static_cast<std::ptrdiff_t>(pdp);
  } else {
    result.address = builder_.memory(result.size);
    s.destination = result;
    const std::size_t sdp = builder_.operation(s);
    builder_.fuse(sdp, conv);
    last_ = static_cast<std::ptrdiff_t>(sdp);
  }
  current_ = result;
}

void ChainBuilder::pooling(std::uint8_t size, std::uint8_t stride, std::uint8_t mode) {
  host::DlaPdp p;
  p.source = current_;
  p.kernel_width = p.kernel_height = static_cast<std::uint8_t>(size - 1);
  p.stride_x = p.stride_y = stride;
  p.mode = mode;
  p.split = 1;
  p.precision = static_cast<std::uint8_t>(precision_);
  host::DlaCube result =
      cube(static_cast<std::uint16_t>((current_.width - size) / stride + 1),
           static_cast<std::uint16_t>((current_.height - size) / stride + 1), current_.channel);
  result.address = builder_.memory(result.size);
  p.destination = result;
  const std::size_t pdp = builder_.operation(p);
  follow(pdp);
  last_ = static_cast<std::ptrdiff_t>(pdp);
  current_ = result;
}

void ChainBuilder::normalisation(std::uint8_t local_size) {
  host::DlaCdp c;
  host::DlaLut table;
  for (std::size_t i = 0; i < table.linear_table.size(); ++i)
    table.linear_table[i] = static_cast<std::int16_t>(i);
  table.linear_end = std::uint64_t{1} << 37;
  table.exponent_underflow = {-3, 2};
  c.lut = builder_.lut(table);
  c.in_precision = c.out_precision = static_cast<std::uint8_t>(precision_);
  c.in_converter.scale = c.out_converter.scale = 1;
  c.local_size = local_size;
  c.source = current_;
  host::DlaCube result = cube(current_.width, current_.height, current_.channel);
  result.address = builder_.memory(result.size);
  c.destination = result;
  const std::size_t cdp = builder_.operation(c);
  follow(cdp);
  last_ = static_cast<std::ptrdiff_t>(cdp);
  current_ = result;
}

void ChainBuilder::elementwise(bool table) {
  const auto precision = static_cast<std::uint8_t>(precision_);
  host::DlaSdp s;
  s.source_precision = s.destination_precision = precision;
  s.out_converter.scale = 1;
  s.batch = 1;
  s.source = current_;
  s.x1.precision = s.x2.precision = s.y.precision = precision;
  if (table) {
    host::DlaLut lut;
    lut.method = 1;
    lut.exponent_offset = -2;
    for (std::size_t i = 0; i < lut.exponent_table.size(); ++i)
      lut.exponent_table[i] = static_cast<std::int16_t>(-i);
    s.lut = builder_.lut(lut);
    s.y.enable = 1;
    s.y.activation = 2;
  } else {
    s.x1.enable = 1;
    s.x1.mode = 1;
    s.x1.type = 2;
    s.x1.alu = 2;
    s.x1.precision = 1;
    s.x1_data = operand_of_kernels(current_.channel, nullptr);
  }
  host::DlaCube result = cube(current_.width, current_.height, current_.channel);
  result.address = builder_.memory(result.size);
  s.destination = result;
  const std::size_t sdp = builder_.operation(s);
  follow(sdp);
  last_ = static_cast<std::ptrdiff_t>(sdp);
  current_ = result;
}

void ChainBuilder::copy() {
  host::DlaCube result = current_;
  result.address = builder_.memory(result.size);
  host::DlaBdma b;
  b.count = 1;
  host::DlaBdma::Transfer& t = b.transfers[0];
  t.source = current_.address;
  t.destination = result.address;
  t.line_size = t.source_line = t.destination_line = current_.line_stride;
  t.line_repeat = current_.height;
  t.source_surface = t.destination_surface = current_.surface_stride;
  t.surface_repeat = current_.size / current_.surface_stride;
  const std::size_t bdma = builder_.operation(b);
  follow(bdma);
  last_ = static_cast<std::ptrdiff_t>(bdma);
  current_ = result;
}

void ChainBuilder::contraction() {
  host::DlaRubik r;
  r.precision = static_cast<std::uint8_t>(precision_);
  r.stride_x = r.stride_y = 1;
  r.source = current_;
  host::DlaCube result = current_;
  result.address = builder_.memory(result.size);
  r.destination = result;
  const std::size_t rubik = builder_.operation(r);
  follow(rubik);
  last_ = static_cast<std::ptrdiff_t>(rubik);
  current_ = result;
}

void ChainBuilder::softmax(float input_scale, float output_scale) {
  if (precision_ != Precision::kInt8 || current_.width != 1 || current_.height != 1)
    throw std::invalid_argument("softmax is for one pixel of int8");
  host::CpuBuffer buffer;
  buffer.address = current_.address;
  buffer.size = current_.size;
  buffer.format = hardware_.memory_atom_bytes == 8 ? host::CpuFormat::kInt8Atom8 : host::CpuFormat::kInt8;
  buffer.width = buffer.height = 1;
  buffer.channel = current_.channel;
  buffer.line_stride = current_.line_stride;
  buffer.surface_stride = current_.surface_stride;
  softmax_.emplace();
  softmax_->type = host::CpuOperationType::kSoftmax;
  softmax_->input_scale = input_scale;
  softmax_->output_scale = output_scale;
  softmax_->source = softmax_->destination = buffer;
}

std::vector<unsigned char> ChainBuilder::finish() {
  // The cube of the last layer: its destination becomes the bound memory.
  const std::int16_t output = builder_.output(tensor("prob", current_));
  if (softmax_) {
    softmax_->destination.address = output;
    builder_.cpu(*softmax_);
    return builder_.build();
  }
  host::DlaOperation& last = builder_.operations().at(static_cast<std::size_t>(last_));
  std::visit(
      [output](auto& work) {
        using Work = std::decay_t<decltype(work)>;
        if constexpr (std::is_same_v<Work, host::DlaBdma>) {
          work.transfers[0].destination = output;
        } else {
          work.destination.address = output;
        }
      },
      last.work);
  return builder_.build();
}

}  // namespace nvdla::tools
