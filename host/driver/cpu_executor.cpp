// SPDX-License-Identifier: Apache-2.0
#include "host/driver/cpu_executor.h"

#include <algorithm>
#include <cmath>

#include "host/driver/driver_error.h"
#include "host/driver/half.h"

namespace nvdla::host {

namespace {

constexpr std::uint64_t kMaxBufferBytes = std::uint64_t{64} << 20;

// A buffer of a CPU operation, copied out of the memory.
class Buffer {
 public:
  Buffer(const CpuBuffer& description, const std::vector<DeviceAddress>& addresses, DeviceAccess& device,
         const std::string& place)
      : b_(description),
        device_(device),
        base_(addresses[static_cast<std::size_t>(description.address)]),
        place_(place) {
    if (b_.format != CpuFormat::kHalf && b_.format != CpuFormat::kInt8 &&
        b_.format != CpuFormat::kInt8Atom8) {
      fail("format " + std::to_string(static_cast<unsigned>(b_.format)) +
           ", known are fp16 (3) and int8 (0, 1)");
    }
    if (b_.width == 0 || b_.height == 0 || b_.channel == 0) fail("cube without elements");
    // Whatever the strides say, every element has a place of its own.
    if (std::uint64_t{b_.width} * b_.height * b_.channel * element_bytes() >
        std::min(kMaxBufferBytes, base_.size)) {
      fail("cube of " + std::to_string(b_.width) + "x" + std::to_string(b_.height) + "x" +
           std::to_string(b_.channel) + " exceeds its memory of " + std::to_string(base_.size) + " bytes");
    }
  }
  void read(std::uint64_t bytes) {
    if (bytes > kMaxBufferBytes) fail("more than 64 MiB");
    if (b_.offset > base_.size || bytes > base_.size - b_.offset) {
      fail(std::to_string(bytes) + " bytes at offset " + std::to_string(b_.offset) +
           " exceed its memory of " + std::to_string(base_.size));
    }
    data_.resize(bytes);
    device_.read_memory(base_.space, base_.address + b_.offset, data_.data(), data_.size());
  }
  void write_back() {
    device_.write_memory(base_.space, base_.address + b_.offset, data_.data(), data_.size());
  }

  [[nodiscard]] bool half() const { return b_.format == CpuFormat::kHalf; }
  [[nodiscard]] std::uint64_t element_bytes() const { return half() ? 2 : 1; }
  // Atoms of 32 bytes, or of 8.
  [[nodiscard]] std::uint64_t offset(std::uint64_t w, std::uint64_t h, std::uint64_t c) const {
    const std::uint64_t atom = b_.format == CpuFormat::kInt8Atom8 ? 8 : 32, per_atom = atom / element_bytes();
    return c / per_atom * b_.surface_stride + h * b_.line_stride + w * atom + c % per_atom * element_bytes();
  }
  // Bytes up to the end of the last element. Within an atom later channels are later in memory, so the last
  // channel of the last full atom and the very last channel decide.
  [[nodiscard]] std::uint64_t extent() const {
    const std::uint64_t per_atom = (b_.format == CpuFormat::kInt8Atom8 ? 8 : 32) / element_bytes();
    const std::uint64_t full = b_.channel / per_atom * per_atom;
    std::uint64_t end = offset(b_.width - 1U, b_.height - 1U, b_.channel - 1U);
    if (full > 0) end = std::max(end, offset(b_.width - 1U, b_.height - 1U, full - 1));
    return end + element_bytes();
  }
  [[nodiscard]] float get(std::uint64_t at) const {
    if (!half()) return static_cast<float>(static_cast<std::int8_t>(data_[at]));
    return half_to_float(static_cast<std::uint16_t>(data_[at] | data_[at + 1] << 8));
  }
  void put(std::uint64_t at, float value) {
    if (half()) {
      const std::uint16_t bits = float_to_half(value);
      data_[at] = static_cast<unsigned char>(bits);
      data_[at + 1] = static_cast<unsigned char>(bits >> 8);
    } else {
      // Clipped, then cut off towards zero; what is not a number has no int8 and becomes the minimum.
      const float clipped = std::max(std::min(value, 127.0F), -128.0F);
      data_[at] =
          static_cast<unsigned char>(static_cast<std::int8_t>(std::isnan(clipped) ? -128.0F : clipped));
    }
  }
  [[nodiscard]] const CpuBuffer& description() const { return b_; }
  [[noreturn]] void fail(const std::string& what) const { throw DriverError(place_ + ": " + what); }

 private:
  const CpuBuffer& b_;
  DeviceAccess& device_;
  DeviceAddress base_;
  std::string place_;
  std::vector<unsigned char> data_;
};

void power(const CpuOperation& operation, Buffer& source, Buffer& destination) {
  source.read(source.extent());
  destination.read(destination.extent());
  const CpuBuffer& cube = source.description();
  for (std::uint32_t c = 0; c < cube.channel; ++c) {
    for (std::uint32_t h = 0; h < cube.height; ++h) {
      for (std::uint32_t w = 0; w < cube.width; ++w) {
        float x = source.get(source.offset(w, h, c));
        if (!source.half()) x *= operation.input_scale;
        float y = std::pow(operation.shift + operation.scale * x, operation.power);
        if (!source.half()) y /= operation.output_scale;
        destination.put(destination.offset(w, h, c), y);
      }
    }
  }
}

// Channels follow each other in memory: the cube has one pixel.
void softmax(const CpuOperation& operation, Buffer& source, Buffer& destination) {
  const std::uint32_t channels = source.description().channel;
  const std::uint64_t bytes = std::uint64_t{channels} * source.element_bytes();
  source.read(bytes);
  destination.read(bytes);
  std::vector<float> values(channels);
  float maximum = -INFINITY;
  for (std::uint32_t i = 0; i < channels; ++i) {
    values[i] = source.get(i * source.element_bytes());
    if (!source.half()) values[i] = half_to_float(float_to_half(values[i] * operation.input_scale));
    if (values[i] > maximum) maximum = values[i];
  }
  float sum = 0;
  for (const float value : values) sum += std::exp(value - maximum);
  for (std::uint32_t i = 0; i < channels; ++i) {
    float y = std::exp(values[i] - maximum) / sum;
    if (!source.half()) y = half_to_float(float_to_half(y)) / operation.output_scale;
    destination.put(i * source.element_bytes(), y);
  }
}

}  // namespace

void execute_cpu_task(const CpuTask& task, const std::vector<DeviceAddress>& addresses,
                      DeviceAccess& device) {
  for (std::size_t i = 0; i < task.operations.size(); ++i) {
    const CpuOperation& operation = task.operations[i];
    const std::string place = task.place + " operation " + std::to_string(i);
    Buffer source(operation.source, addresses, device, place + " source");
    Buffer destination(operation.destination, addresses, device, place + " destination");
    const CpuBuffer &from = operation.source, &to = operation.destination;
    if (from.format != to.format)
      source.fail("has another format than the destination, which the runtime does not compute");
    if (from.width != to.width || from.height != to.height || from.channel != to.channel) {
      source.fail("has other dimensions than the destination");
    }
    if (operation.type == CpuOperationType::kPower) {
      power(operation, source, destination);
    } else {
      softmax(operation, source, destination);
    }
    destination.write_back();
  }
}

}  // namespace nvdla::host
