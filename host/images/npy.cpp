// SPDX-License-Identifier: Apache-2.0
#include "host/images/npy.h"

#include <cstring>

#include "host/driver/half.h"
#include "host/files/byte_source.h"
#include "host/files/output_file.h"

namespace nvdla::host {

namespace {

constexpr std::uint64_t kMaxElements = std::uint64_t{1} << 28;
constexpr std::uint64_t kMaxBytes = 8 * kMaxElements + 65536;  // float64 and a header

class NpyReader {
 public:
  explicit NpyReader(const std::string& path) : path_(input_name(path)) {
    bytes_ = read_file(path, kMaxBytes);
  }

  TensorValues read() {
    if (bytes_.size() < 12 || std::memcmp(bytes_.data(), "\x93NUMPY", 6) != 0) fail("not a .npy file");
    const auto major = static_cast<unsigned char>(bytes_[6]);
    if (major < 1 || major > 3) fail("version " + std::to_string(major) + " of .npy, known are 1 to 3");
    const std::size_t length_bytes = major == 1 ? 2 : 4, start = 8 + length_bytes;
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < length_bytes; ++i) length |= std::uint64_t{byte(8 + i)} << (8 * i);
    if (length > bytes_.size() - start) fail("cut off in its header");
    header_.assign(bytes_.data() + start, length);
    at_ = start + length;

    const std::string type = quoted("descr");
    if (after("fortran_order").compare(0, 5, "False") != 0)
      fail("is in Fortran order, save it with order='C'");
    TensorValues result = shape();
    const std::uint64_t count = std::uint64_t{result.channel} * result.height * result.width;
    const std::size_t size = element_size(type);
    if (bytes_.size() - at_ < count * size)
      fail("cut off: " + std::to_string(count) + " numbers are announced");
    result.values.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i, at_ += size) result.values.push_back(element(type));
    return result;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw InputError(path_ + ": " + what); }
  [[nodiscard]] unsigned char byte(std::size_t at) const { return static_cast<unsigned char>(bytes_[at]); }

  // What follows 'key': in the header.
  [[nodiscard]] std::string after(const std::string& key) const {
    std::size_t at = header_.find("'" + key + "'");
    if (at == std::string::npos) fail("header without '" + key + "'");
    at = header_.find(':', at);
    if (at != std::string::npos) at = header_.find_first_not_of(' ', at + 1);
    if (at == std::string::npos) fail("header without a value of '" + key + "'");
    return header_.substr(at);
  }
  [[nodiscard]] std::string quoted(const std::string& key) const {
    const std::string value = after(key);
    const std::size_t end = value.find(value[0], 1);
    if ((value[0] != '\'' && value[0] != '"') || end == std::string::npos)
      fail("'" + key + "' is not a simple type");
    return value.substr(1, end - 1);
  }

  [[nodiscard]] TensorValues shape() const {
    const std::string text = after("shape");
    if (text[0] != '(') fail("header without a shape");
    std::vector<std::uint64_t> sides;
    for (std::size_t i = 1; i < text.size() && text[i] != ')';) {
      if (text[i] < '0' || text[i] > '9') {
        ++i;
        continue;
      }
      std::uint64_t side = 0;
      for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
        side = side * 10 + static_cast<std::uint64_t>(text[i] - '0');
        if (side > kMaxElements) fail("a side of the array is too large");
      }
      sides.push_back(side);
    }
    while (sides.size() > 3 && sides.front() == 1) sides.erase(sides.begin());
    if (sides.size() > 3)
      fail("has " + std::to_string(sides.size()) +
           " dimensions, at most 3 (channel, height, width) are known");
    if (sides.size() == 1) sides = {sides[0], 1, 1};  // a vector: one value for each channel
    while (sides.size() < 3) sides.insert(sides.begin(), 1);
    if (sides[0] * sides[1] > kMaxElements || sides[0] * sides[1] * sides[2] > kMaxElements)
      fail("array is too large");
    return {static_cast<std::uint32_t>(sides[0]),
            static_cast<std::uint32_t>(sides[1]),
            static_cast<std::uint32_t>(sides[2]),
            {}};
  }

  [[nodiscard]] std::size_t element_size(const std::string& type) const {
    for (const char* known : {"<f2", "<f4", "<f8", "|i1", "|u1", "<i2", "<i4"}) {
      if (type == known) return static_cast<std::size_t>(type[2] - '0');
    }
    fail("type '" + type + "', known are float16, float32, float64, int8, uint8, int16 and int32");
  }
  template <typename T>
  [[nodiscard]] T as() const {
    T value{};
    std::memcpy(&value, bytes_.data() + at_, sizeof(T));
    return value;
  }
  [[nodiscard]] float element(const std::string& type) const {
    if (type == "<f2") return half_to_float(as<std::uint16_t>());
    if (type == "<f4") return as<float>();
    if (type == "<f8") return static_cast<float>(as<double>());
    if (type == "|i1") return as<std::int8_t>();
    if (type == "|u1") return as<std::uint8_t>();
    if (type == "<i2") return as<std::int16_t>();
    return static_cast<float>(as<std::int32_t>());
  }

  std::string path_, header_, bytes_;
  std::size_t at_ = 0;
};

}  // namespace

TensorValues read_npy(const std::string& path) { return NpyReader(path).read(); }

void write_npy(const std::string& path, const TensorValues& values) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" +
                       std::to_string(values.channel) + ", " + std::to_string(values.height) + ", " +
                       std::to_string(values.width) + "), }";
  header.append(63 - (header.size() + 10) % 64, ' ');  // the data begin at a multiple of 64
  header += '\n';
  OutputFile output(path);
  std::ostream& file = output.stream();
  file.write("\x93NUMPY\x01\x00", 8);
  file.put(static_cast<char>(header.size() & 0xff)).put(static_cast<char>(header.size() >> 8));
  file << header;
  file.write(reinterpret_cast<const char*>(values.values.data()),
             static_cast<std::streamsize>(values.values.size() * sizeof(float)));
  output.commit();
}

}  // namespace nvdla::host
