// SPDX-License-Identifier: Apache-2.0
// Contents of a memory file: raw bytes, or nvdla/hw's surface text (.dat, .mem), whose lines are
// {offset:0x20, size:4, payload:0x01 0x02 0x03 0x04}
// (also 'offset': in quotes, and value: for payload:), or, on branch nvdlav1, header lines "key = value" and
// then all bytes in order of address. A .dat with a zero byte in its beginning is no text: raw bytes too.
//
// What is read takes memory for the bytes that the file has, whatever sizes and offsets it, or who asks for
// it, names.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nvdla::host {

struct MemoryImage {
  struct Segment {
    std::uint64_t offset = 0;
    std::vector<unsigned char> bytes;
  };
  std::vector<Segment> segments;  // in the order of the file: a later one covers an earlier one
  std::uint64_t end = 0;          // one behind the highest offset

  // [0, size) in one piece, 0 where the file says nothing.
  [[nodiscard]] std::vector<unsigned char> bytes(std::uint64_t size) const;
};

// What the file says of offsets [0, size). Throws InputError "file:line: what"; also for a file without
// offsets that has less than `size` bytes.
[[nodiscard]] MemoryImage read_memory_file(const std::string& path, std::uint64_t size);

// All of a text file of the forms above, whatever its name.
[[nodiscard]] MemoryImage read_surface_file(const std::string& path);

}  // namespace nvdla::host
