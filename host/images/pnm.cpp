// SPDX-License-Identifier: Apache-2.0
// PGM and PPM, as text (P2, P3) and as bytes (P5, P6); more than 255 levels take two bytes, the high one
// first.
#include "host/images/image.h"
#include "host/text_source.h"

namespace nvdla::host {

namespace {

class PnmReader {
 public:
  PnmReader(const std::vector<std::uint8_t>& bytes, const std::string& path) : bytes_(bytes), path_(path) {}

  Image read() {
    const char kind = static_cast<char>(bytes_[1]);
    if (kind == '1' || kind == '4') fail("black-and-white PBM, take PGM");
    at_ = 2;
    Image image;
    image.channel = kind == '3' || kind == '6' ? 3 : 1;
    const std::uint32_t width = number("width"), height = number("height");
    check_size(width, height, path_);
    image.width = width;
    image.height = height;
    maximum_ = number("greatest value");
    if (maximum_ == 0 || maximum_ > 65535)
      fail("greatest value is " + std::to_string(maximum_) + ", must be 1 to 65535");
    const bool text = kind == '2' || kind == '3';
    if (!text) ++at_;  // one white space
    const std::uint64_t count = std::uint64_t{width} * height * image.channel;
    // The file must hold them all before memory is taken.
    const std::uint64_t least = text ? count * 2 - 1 : count * (maximum_ > 255 ? 2 : 1);
    if (at_ > bytes_.size() || bytes_.size() - at_ < least)
      fail("cut off: " + std::to_string(count) + " samples are announced");
    image.samples.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint32_t value = text ? number("sample") : sample();
      if (value > maximum_)
        fail("a sample is " + std::to_string(value) + ", the greatest is " + std::to_string(maximum_));
      image.samples.push_back(static_cast<std::uint8_t>((value * 255 + maximum_ / 2) / maximum_));
    }
    return image;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw InputError(path_ + ": " + what); }

  static bool space(std::uint8_t c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
  }

  std::uint32_t number(const char* what) {
    while (at_ < bytes_.size() && (space(bytes_[at_]) || bytes_[at_] == '#')) {
      if (bytes_[at_] == '#') {
        while (at_ < bytes_.size() && bytes_[at_] != '\n') ++at_;
      } else {
        ++at_;
      }
    }
    std::uint32_t value = 0;
    const std::size_t start = at_;
    for (; at_ < bytes_.size() && bytes_[at_] >= '0' && bytes_[at_] <= '9'; ++at_) {
      value = value * 10 + (bytes_[at_] - '0');
      if (value > 1'000'000) fail(std::string(what) + " is too large");
    }
    if (at_ == start) fail(std::string(what) + " is missing");
    return value;
  }
  std::uint32_t sample() {
    if (maximum_ <= 255) return bytes_[at_++];
    const std::uint32_t value = bytes_[at_] * 256U + bytes_[at_ + 1];
    at_ += 2;
    return value;
  }

  const std::vector<std::uint8_t>& bytes_;
  const std::string& path_;
  std::size_t at_ = 0;
  std::uint32_t maximum_ = 255;
};

}  // namespace

Image decode_pnm(const std::vector<std::uint8_t>& bytes, const std::string& path) {
  return PnmReader(bytes, path).read();
}

}  // namespace nvdla::host
