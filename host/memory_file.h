// SPDX-License-Identifier: Apache-2.0
// Contents of a load_mem file: raw bytes, or nvdla/hw's .dat text, whose lines are
// {offset:0x20, size:4, payload:0x01 0x02 0x03 0x04}
// (also 'offset': in quotes, and value: for payload:), or, on branch nvdlav1, header lines "key = value" and
// then all bytes in order of address.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace nvdla::host {

// At most `size` bytes; a shorter file is an InputError, bytes of a .dat that no line names are zero.
[[nodiscard]] std::vector<unsigned char> read_memory_file(const std::string& path, std::uint64_t size);

}  // namespace nvdla::host
