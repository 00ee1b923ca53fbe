// SPDX-License-Identifier: Apache-2.0
#include "host/memory_file.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "host/text_source.h"

namespace nvdla::host {
namespace {

// The number after `key` in the line, and where it ends.
std::uint64_t field(const TextSource& source, const std::string& line, const char* key) {
  const std::size_t at = line.find(key);
  if (at == std::string::npos) throw InputError(source.at_line(std::string("no '") + key + "' in: " + line));
  const char* first = line.c_str() + at + std::strlen(key);
  char* end = nullptr;
  const std::uint64_t value = std::strtoull(first, &end, 0);
  if (end == first)
    throw InputError(source.at_line(std::string("no number after '") + key + "' in: " + line));
  return value;
}

// Header lines "key = value" or those of the trace player's dumps, then bytes in order of address.
void add_plain_bytes(const TextSource& source, const std::string& line, std::uint64_t& offset,
                     std::vector<unsigned char>& bytes) {
  if (line.find('=') != std::string::npos || line.rfind("memory type:", 0) == 0 ||
      line.rfind("dump done", 0) == 0) {
    return;
  }
  const char* at = line.c_str();
  while (*(at += std::strspn(at, " \t")) != '\0' && *at != '#') {
    char* end = nullptr;
    const unsigned long value = std::strtoul(at, &end, 16);
    if (end == at || value > 0xff) throw InputError(source.at_line("not a list of bytes: " + line));
    if (offset < bytes.size()) bytes[offset] = static_cast<unsigned char>(value);
    ++offset;
    at = end;
  }
}

std::vector<unsigned char> read_text(const std::string& path, std::uint64_t size) {
  std::vector<unsigned char> bytes(size);
  TextSource source(path);
  std::string line;
  std::uint64_t plain = 0;  // bytes of lines without offset
  bool with_offsets = false;
  while (source.next(line)) {
    if (line.find_first_not_of(" \t{},") == std::string::npos || line[0] == '#') continue;
    with_offsets = with_offsets || line.find("offset") != std::string::npos;
    if (!with_offsets) {
      add_plain_bytes(source, line, plain, bytes);
      continue;
    }
    line.erase(std::remove(line.begin(), line.end(), '\''), line.end());
    if (line.find_first_not_of(" \t") == std::string::npos || line[0] == '#') continue;
    std::uint64_t offset = field(source, line, "offset:");
    std::uint64_t left = field(source, line, "size:");
    std::size_t payload = line.find("payload:");
    if (payload == std::string::npos) payload = line.find("value:");
    if (payload == std::string::npos)
      throw InputError(source.at_line("neither 'payload:' nor 'value:' in: " + line));
    const char* at = line.c_str() + line.find(':', payload) + 1;
    for (; left > 0; --left, ++offset) {
      char* end = nullptr;
      const unsigned long value = std::strtoul(at, &end, 16);
      if (end == at || value > 0xff)
        throw InputError(source.at_line("the payload is shorter than its size: " + line));
      if (offset < size) bytes[offset] = static_cast<unsigned char>(value);
      at = end;
    }
  }
  if (!with_offsets && plain < size) {
    throw InputError(path + ": has " + std::to_string(plain) + " bytes, load_mem asks for " +
                     std::to_string(size));
  }
  return bytes;
}

}  // namespace

std::vector<unsigned char> read_memory_file(const std::string& path, std::uint64_t size) {
  std::error_code error;
  const std::uint64_t file_size = std::filesystem::file_size(path, error);
  if (error) throw InputError(path + ": " + error.message());
  if (std::filesystem::path(path).extension() == ".dat") {
    if (size > (1ULL << 32U)) throw InputError(path + ": load_mem of more than 4 GiB");
    return read_text(path, size);
  }
  if (file_size < size) {
    throw InputError(path + ": has " + std::to_string(file_size) + " bytes, load_mem asks for " +
                     std::to_string(size));
  }
  std::vector<unsigned char> bytes(size);
  std::ifstream file(path, std::ios::binary);
  if (!file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size))) {
    throw InputError(path + ": " + std::strerror(errno));
  }
  return bytes;
}

}  // namespace nvdla::host
