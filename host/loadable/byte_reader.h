// SPDX-License-Identifier: Apache-2.0
// Fields of a packed little-endian structure, one behind the other. The caller has made sure that the
// structure's bytes exist.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace nvdla::host {

class ByteReader {
 public:
  explicit ByteReader(const unsigned char* data) : data_(data) {}

  template <typename T>
  T get() {
    static_assert(std::is_integral_v<T>);
    std::make_unsigned_t<T> value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      value = static_cast<std::make_unsigned_t<T>>(
          value | (static_cast<std::make_unsigned_t<T>>(data_[i]) << (8 * i)));
    }
    data_ += sizeof(T);
    return static_cast<T>(value);
  }
  template <typename T>
  void get(T& value) {
    value = get<T>();
  }
  // One field after the other.
  template <typename... T>
  void all(T&... values) {
    (get(values), ...);
  }
  void skip(std::size_t bytes) { data_ += bytes; }

  float get_float() {
    const auto bits = get<std::uint32_t>();
    float value = 0;
    std::memcpy(&value, &bits, sizeof(value));
    return value;
  }

 private:
  const unsigned char* data_;
};

}  // namespace nvdla::host
