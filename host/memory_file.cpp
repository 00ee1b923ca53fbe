// SPDX-License-Identifier: Apache-2.0
#include "host/memory_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include "host/text_source.h"

namespace nvdla::host {
namespace {

constexpr std::uint64_t kMax64 = std::numeric_limits<std::uint64_t>::max();

class SurfaceReader {
 public:
  explicit SurfaceReader(const std::string& path) : source_(path) {}

  MemoryImage read() {
    std::string line;
    while (source_.next(line)) {
      line.erase(std::remove(line.begin(), line.end(), '\''), line.end());
      const std::size_t first = line.find_first_not_of(" \t{},");
      if (first == std::string::npos || line[first] == '#') continue;
      with_offsets_ = with_offsets_ || line.find("offset") != std::string::npos;
      if (with_offsets_) {
        add_line_with_offset(line);
      } else {
        add_plain_bytes(line);
      }
    }
    return std::move(image_);
  }
  [[nodiscard]] bool with_offsets() const { return with_offsets_; }

 private:
  [[noreturn]] void fail(const std::string& what, const std::string& line) const {
    throw InputError(source_.at_line(what + ": " + line));
  }

  // The number after `key` in the line.
  [[nodiscard]] std::uint64_t field(const std::string& line, const char* key) const {
    const std::size_t at = line.find(key);
    if (at == std::string::npos) fail(std::string("no '") + key + "'", line);
    const char* first = line.c_str() + at + std::strlen(key);
    first += std::strspn(first, " \t");
    char* end = nullptr;
    errno = 0;
    const std::uint64_t value = std::strtoull(first, &end, 0);
    if (end == first || *first == '-') fail(std::string("no number after '") + key + "'", line);
    if (errno == ERANGE) fail(std::string("the number after '") + key + "' is too large", line);
    return value;
  }

  // A byte at `at`, which moves behind it; false: there is none.
  [[nodiscard]] static bool take_byte(const char*& at, unsigned char& byte) {
    char* end = nullptr;
    const unsigned long value = std::strtoul(at, &end, 16);
    if (end == at || value > 0xff) return false;
    byte = static_cast<unsigned char>(value);
    at = end;
    return true;
  }

  void add(std::uint64_t offset, unsigned char byte) {
    if (image_.segments.empty() ||
        image_.segments.back().offset + image_.segments.back().bytes.size() != offset) {
      image_.segments.push_back({offset, {}});
    }
    image_.segments.back().bytes.push_back(byte);
    image_.end = std::max(image_.end, offset + 1);
  }

  void add_line_with_offset(const std::string& line) {
    std::uint64_t offset = field(line, "offset:");
    std::uint64_t left = field(line, "size:");
    if (left > kMax64 - 1 - offset) fail("offset and size reach beyond 64 bits", line);
    std::size_t payload = line.find("payload:");
    if (payload == std::string::npos) payload = line.find("value:");
    if (payload == std::string::npos) fail("neither 'payload:' nor 'value:'", line);
    const char* at = line.c_str() + line.find(':', payload) + 1;
    for (; left > 0; --left, ++offset) {
      unsigned char byte = 0;
      if (!take_byte(at, byte)) fail("the payload is shorter than its size", line);
      add(offset, byte);
    }
  }

  // Header lines "key = value" or those of the trace player's dumps, then bytes in order of address.
  void add_plain_bytes(const std::string& line) {
    if (line.find('=') != std::string::npos || line.rfind("memory type:", 0) == 0 ||
        line.rfind("dump done", 0) == 0) {
      return;
    }
    const char* at = line.c_str();
    while (*(at += std::strspn(at, " \t")) != '\0' && *at != '#') {
      unsigned char byte = 0;
      if (!take_byte(at, byte)) fail("not a list of bytes", line);
      add(image_.end, byte);
    }
  }

  TextSource source_;
  MemoryImage image_;
  bool with_offsets_ = false;
};

InputError too_short(const std::string& path, std::uint64_t has, std::uint64_t size) {
  return InputError(path + ": has " + std::to_string(has) + " bytes, " + std::to_string(size) +
                    " are asked for");
}

MemoryImage read_raw(const std::string& path, std::uint64_t size) {
  std::error_code error;
  const std::uint64_t file_size = std::filesystem::file_size(path, error);
  if (error) throw InputError(path + ": " + error.message());
  if (file_size < size) throw too_short(path, file_size, size);
  std::vector<unsigned char> bytes(size);
  std::ifstream file(path, std::ios::binary);
  if (!file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size))) {
    throw InputError(path + ": " + std::strerror(errno));
  }
  MemoryImage image;
  image.end = size;
  image.segments.push_back({0, std::move(bytes)});
  return image;
}

void cut(MemoryImage& image, std::uint64_t size) {
  auto& segments = image.segments;
  segments.erase(std::remove_if(segments.begin(), segments.end(),
                                [&](const MemoryImage::Segment& segment) { return segment.offset >= size; }),
                 segments.end());
  for (MemoryImage::Segment& segment : segments) {
    segment.bytes.resize(std::min<std::uint64_t>(segment.bytes.size(), size - segment.offset));
  }
  image.end = std::min(image.end, size);
}

// A .dat with a zero byte in its beginning: no text, but what somebody has dumped under that name.
bool holds_raw_bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char head[256];
  file.read(head, sizeof head);
  return std::find(head, head + file.gcount(), '\0') != head + file.gcount();
}

}  // namespace

std::vector<unsigned char> MemoryImage::bytes(std::uint64_t size) const {
  std::vector<unsigned char> all(size);
  for (const Segment& segment : segments) {
    if (segment.offset >= size) continue;
    std::copy_n(segment.bytes.begin(), std::min<std::uint64_t>(segment.bytes.size(), size - segment.offset),
                all.begin() + static_cast<std::ptrdiff_t>(segment.offset));
  }
  return all;
}

MemoryImage read_surface_file(const std::string& path) { return SurfaceReader(path).read(); }

MemoryImage read_memory_file(const std::string& path, std::uint64_t size) {
  if (std::filesystem::path(path).extension() != ".dat" || holds_raw_bytes(path)) return read_raw(path, size);
  SurfaceReader reader(path);
  MemoryImage image = reader.read();
  if (!reader.with_offsets() && image.end < size) throw too_short(path, image.end, size);
  cut(image, size);
  return image;
}

}  // namespace nvdla::host
