// SPDX-License-Identifier: Apache-2.0
#include "host/memory_commands.h"

#include <algorithm>
#include <boost/crc.hpp>
#include <cstring>
#include <filesystem>
#include <random>

#include "host/memory_file.h"
#include "host/text.h"

namespace nvdla::host {
namespace {

constexpr std::uint64_t kPart = 65536;  // bytes at a time
constexpr std::uint64_t kLargestRegion = 1ULL << 32U;
constexpr std::uint64_t kLargestPattern = 1ULL << 30U;

// do_part(address, bytes) for [address, address + size), in parts.
template <typename DoPart>
void in_parts(std::uint64_t address, std::uint64_t size, DoPart do_part) {
  for (std::uint64_t done = 0; done < size;) {
    const std::uint64_t length = std::min(kPart, size - done);
    do_part(address + done, static_cast<std::size_t>(length));
    done += length;
  }
}

std::string region(std::uint64_t size, std::uint64_t address) {
  return std::to_string(size) + " bytes at " + hex(address);
}

class Pattern {
 public:
  // Random contents depend on the address alone, so that a run repeats.
  Pattern(FillPattern kind, std::uint64_t address)
      : kind_(kind), random_(static_cast<std::uint32_t>(address)) {}
  unsigned char at(std::uint64_t address) {
    switch (kind_) {
      case FillPattern::kZero:
        return 0;
      case FillPattern::kOnes:
        return 0xff;
      case FillPattern::kA5:
        return 0xa5;
      case FillPattern::k5A:
        return 0x5a;
      case FillPattern::kAddress:
        return static_cast<unsigned char>(address);
      case FillPattern::kRandom:
        return static_cast<unsigned char>(random_() >> 24U);
    }
    return 0;
  }

 private:
  FillPattern kind_;
  std::mt19937 random_;
};

}  // namespace

bool MemoryCommands::is_one(CommandKind kind) {
  switch (kind) {
    case CommandKind::kWriteReg:
    case CommandKind::kReadReg:
    case CommandKind::kReadCheck:
    case CommandKind::kUntil:
    case CommandKind::kWait:
      return false;
    default:
      return true;
  }
}

std::optional<std::string> MemoryCommands::execute(const Program::Command& command) {
  switch (command.kind) {
    case CommandKind::kWriteMem:
      write(command);
      break;
    case CommandKind::kReadMem:
      return read(command);
    case CommandKind::kLoadMem:
      load(command);
      break;
    case CommandKind::kLoadSurface:
      load_surface(command);
      break;
    case CommandKind::kDumpMem:
      dump(command);
      break;
    case CommandKind::kFillMem:
      fill(command);
      break;
    case CommandKind::kCheckCrc:
      check_crc(command);
      break;
    case CommandKind::kCheckFile:
      check_file(command);
      break;
    default:
      break;
  }
  return std::nullopt;
}

void MemoryCommands::require(std::uint64_t address, std::uint64_t size) const {
  if (!bus_.holds(address, size)) throw CommandError("no memory holds " + region(size, address));
}

std::string MemoryCommands::path_of(const Program::Command& command) const {
  return (std::filesystem::path(program_.path()).parent_path() / program_.file(command)).string();
}

void MemoryCommands::write(const Program::Command& command) {
  require(command.address, 4);
  unsigned char bytes[4];
  std::memcpy(bytes, &command.value, sizeof bytes);
  (void)bus_.load_memory(command.address, bytes, sizeof bytes);
}

std::optional<std::string> MemoryCommands::read(const Program::Command& command) {
  require(command.address, 4);
  unsigned char bytes[4]{};
  (void)bus_.store_memory(command.address, bytes, sizeof bytes);
  std::uint32_t value = 0;
  std::memcpy(&value, bytes, sizeof bytes);
  if ((value & command.mask) == (command.value & command.mask)) return std::nullopt;
  return "memory at " + hex(command.address) + " is " + hex(value) + ", expected " + hex(command.value) +
         " under mask " + hex(command.mask);
}

// -- contents that the program brings ---------------------------------------------------------------------

// Bytes that are zero already are not written: memory then keeps no page for them.
void MemoryCommands::clear(std::uint64_t address, std::uint64_t size) {
  if (size > kLargestRegion) throw CommandError("more than 4 GiB: " + region(size, address));
  std::vector<unsigned char> part(kPart);
  const std::vector<unsigned char> zero(kPart);
  in_parts(address, size, [&](std::uint64_t at, std::size_t length) {
    (void)bus_.store_memory(at, part.data(), length);
    if (std::memcmp(part.data(), zero.data(), length) != 0) (void)bus_.load_memory(at, zero.data(), length);
  });
}

void MemoryCommands::load(const Program::Command& command) {
  require(command.address, command.size);
  if (const std::vector<unsigned char>* const held = program_.contents(command)) {
    (void)bus_.load_memory(command.address, held->data(), held->size());
    return;
  }
  const std::string file = path_of(command);
  // A file that this run has dumped may be loaded again.
  if (file_commands_.insert(&command).second && !options_.files.writes(file))
    options_.files.input(file, "load_mem in line " + std::to_string(command.line));
  const MemoryImage image = read_memory_file(file, command.size);
  const bool whole = image.segments.size() == 1 && image.segments[0].bytes.size() == command.size;
  if (!whole) clear(command.address, command.size);
  for (const MemoryImage::Segment& segment : image.segments)
    (void)bus_.load_memory(command.address + segment.offset, segment.bytes.data(), segment.bytes.size());
}

void MemoryCommands::load_surface(const Program::Command& command) {
  const MemoryImage image = read_surface_file(path_of(command));
  for (const MemoryImage::Segment& segment : image.segments) {
    if (command.address + segment.offset < command.address)
      throw CommandError("offset " + hex(segment.offset) + " reaches beyond 64 bits");
    require(command.address + segment.offset, segment.bytes.size());
    (void)bus_.load_memory(command.address + segment.offset, segment.bytes.data(), segment.bytes.size());
  }
}

void MemoryCommands::fill(const Program::Command& command) {
  require(command.address, command.size);
  if (command.pattern == FillPattern::kZero) {
    clear(command.address, command.size);
    return;
  }
  if (command.size > kLargestPattern)
    throw CommandError("more than 1 GiB: " + region(command.size, command.address));
  Pattern pattern(command.pattern, command.address);
  std::vector<unsigned char> part(kPart);
  in_parts(command.address, command.size, [&](std::uint64_t at, std::size_t length) {
    for (std::size_t i = 0; i < length; ++i) part[i] = pattern.at(at + i);
    (void)bus_.load_memory(at, part.data(), length);
  });
}

void MemoryCommands::dump(const Program::Command& command) {
  require(command.address, command.size);
  const bool first = file_commands_.insert(&command).second;
  if (!options_.golden.empty()) {
    const std::string golden =
        (std::filesystem::path(options_.golden) / std::string(program_.file(command))).string();
    if (first) options_.files.input(golden, "--golden");
    check_golden(command, golden);
  }
  if (!options_.dump.write) return;
  const std::string path = dump_path(options_.dump, std::string(program_.file(command)));
  if (first) options_.files.output(path, "dump_mem in line " + std::to_string(command.line));
  dump_memory(bus_, command.address, command.size, path);
}

// -- contents that the program expects --------------------------------------------------------------------

ContentCheck& MemoryCommands::add_check(const Program::Command& command, const std::string& what) {
  require(command.address, command.size);
  if (command.size > kLargestRegion)
    throw CommandError("more than 4 GiB: " + region(command.size, command.address));
  ContentCheck check;
  check.where = program_.path() + ":" + std::to_string(command.line);
  check.what = what + region(command.size, command.address);
  checks_.push_back(check);
  return checks_.back();
}

void MemoryCommands::check_crc(const Program::Command& command) {
  ContentCheck& check = add_check(command, "CRC-32 of ");
  check.expected = hex(command.value);
  if (!options_.computed) return;
  boost::crc_32_type crc;  // that of zlib
  std::vector<unsigned char> part(kPart);
  in_parts(command.address, command.size, [&](std::uint64_t at, std::size_t length) {
    (void)bus_.store_memory(at, part.data(), length);
    crc.process_bytes(part.data(), length);
  });
  check.got = hex(crc.checksum());
  check.result = crc.checksum() == command.value ? CheckResult::kEqual : CheckResult::kDifferent;
}

void MemoryCommands::compare(std::uint64_t address, const std::vector<unsigned char>& expected,
                             Difference& difference) const {
  std::vector<unsigned char> found(kPart);
  in_parts(address, expected.size(), [&](std::uint64_t at, std::size_t length) {
    (void)bus_.store_memory(at, found.data(), length);
    for (std::size_t i = 0; i < length; ++i) {
      const unsigned char wanted = expected[at - address + i];
      if (found[i] != wanted && difference.count++ == 0) difference = {1, at + i, found[i], wanted};
    }
  });
}

void MemoryCommands::conclude(const Difference& difference, ContentCheck& check) const {
  check.result = difference.count == 0 ? CheckResult::kEqual : CheckResult::kDifferent;
  if (difference.count == 0) return;
  const std::optional<std::string> writer = writer_ ? writer_(difference.address) : std::nullopt;
  check.got = std::to_string(difference.count) + " bytes differ, the first at " + hex(difference.address) +
              ": " + hex(difference.found, 2) + " instead of " + hex(difference.expected, 2) +
              (writer ? ", written by " + *writer : ", which no operation has written");
}

// Bytes that the file does not name are not compared.
void MemoryCommands::check_file(const Program::Command& command) {
  const MemoryImage image = read_surface_file(path_of(command));
  ContentCheck& check = add_check(command, "contents of ");
  check.expected = std::string(program_.file(command));
  if (!options_.computed) return;
  Difference difference;
  for (const MemoryImage::Segment& segment : image.segments) {
    if (segment.offset >= command.size) continue;
    std::vector<unsigned char> expected = segment.bytes;
    expected.resize(std::min<std::uint64_t>(expected.size(), command.size - segment.offset));
    compare(command.address + segment.offset, expected, difference);
  }
  conclude(difference, check);
}

void MemoryCommands::check_golden(const Program::Command& command, const std::string& golden) {
  const MemoryImage image = read_memory_file(golden, command.size);
  ContentCheck& check = add_check(command, "dump_mem of ");
  check.expected = golden;
  if (!options_.computed) return;
  Difference difference;
  for (const MemoryImage::Segment& segment : image.segments)
    compare(command.address + segment.offset, segment.bytes, difference);
  conclude(difference, check);
}

}  // namespace nvdla::host
