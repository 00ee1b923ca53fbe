// SPDX-License-Identifier: Apache-2.0
#include "host/inputs/vp_log.h"

#include <cctype>
#include <charconv>

namespace nvdla::host {
namespace {

constexpr std::uint64_t kLongest = 1U << 20U;      // bytes of one access
constexpr std::uint64_t kWindow = 0x20000;         // of the registers
constexpr std::uint64_t kLongestOfRegisters = 64;  // bytes of one access: a bus that is wider is not known

bool space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

// The number behind `key`, hexadecimal with 0x; nothing: it is not there.
std::optional<std::uint64_t> number_after(std::string_view text, std::string_view key) {
  const std::size_t at = text.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + key.size());
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  const bool hexadecimal = text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  if (hexadecimal) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal ? 16 : 10);
  if (error != std::errc() || end == text.data()) return std::nullopt;
  return value;
}

}  // namespace

void VpLogReader::fail(const std::string& what) const {
  throw InputError(source_.at_line(what + ": " + line_.substr(0, 200)));
}

bool VpLogReader::next(VpAccess& access) {
  constexpr std::string_view kAdaptor = "_adaptor: GP:";
  constexpr std::string_view kMaster = "NV_NVDLA_csb_master.cpp:";
  while (source_.next(line_)) {
    const std::string_view line = line_;
    if (const std::size_t at = line.find(kAdaptor); at != std::string_view::npos) {
      std::size_t first = at;
      while (first > 0 && std::isalnum(static_cast<unsigned char>(line[first - 1])) != 0) --first;
      const std::string_view name = line.substr(first, at - first);
      if (name != "csb" && name != "dbb" && name != "sram") continue;
      access.port = name == "csb"   ? VpAccess::Port::kCsb
                    : name == "dbb" ? VpAccess::Port::kDbb
                                    : VpAccess::Port::kSram;
      access.line = source_.line_number();
      parse_adaptor(line.substr(at + kAdaptor.size()), access);
      return true;
    }
    if (const std::size_t at = line.find(kMaster); at != std::string_view::npos) {
      access.line = source_.line_number();
      if (parse_master(line.substr(at + kMaster.size()), access)) return true;
    }
  }
  return false;
}

void VpLogReader::parse_adaptor(std::string_view rest, VpAccess& access) const {
  const auto write = number_after(rest, "iswrite=");
  const auto address = number_after(rest, "addr=");
  const auto length = number_after(rest, "len=");
  if (!write || !address || !length) {
    fail(source_.cut() ? "the log ends in the middle of a line" : "no iswrite=, addr= or len=");
  }
  if (*length == 0 || *length > kLongest) fail("a length of " + std::to_string(*length) + " bytes");
  if (*address > UINT64_MAX - *length) fail("the address reaches beyond 64 bits");
  access.write = *write != 0;
  access.address = *address;
  access.length = *length;
  access.ok = rest.find("TLM_OK_RESPONSE") != std::string_view::npos;
  access.words.clear();

  const std::size_t data = rest.find("data=");
  if (data == std::string_view::npos) {
    if (access.write && access.port == VpAccess::Port::kCsb) fail("a write without data");
    return;
  }
  std::string_view words = rest.substr(data + 5, rest.find("resp=") - (data + 5));
  if (words.size() > 1 && words[0] == '0' && words[1] == 'x') words.remove_prefix(2);
  while (access.words.size() < (*length + 3) / 4) {
    while (!words.empty() && space(words.front())) words.remove_prefix(1);
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(words.data(), words.data() + words.size(), value, 16);
    if (error != std::errc() || end == words.data()) {
      fail(source_.cut() ? "the log ends in the middle of a line" : "fewer data than its length");
    }
    access.words.push_back(value);
    words.remove_prefix(static_cast<std::size_t>(end - words.data()));
  }
}

// Address, data and direction are told in lines of their own, in this order.
bool VpLogReader::parse_master(std::string_view rest, VpAccess& access) {
  if (const auto address = number_after(rest, "Addr:")) {
    master_address_ = address;
    master_data_.reset();
  } else if (const auto data = number_after(rest, "Data:")) {
    master_data_ = data;
  } else if (const auto write = number_after(rest, "Is write:")) {
    if (!master_address_) return false;
    access.port = VpAccess::Port::kCsbMaster;
    access.write = *write != 0;
    access.ok = true;
    access.address = *master_address_;
    access.length = 4;
    access.words.clear();
    // A read carries no data here.
    if (access.write && master_data_) access.words.push_back(static_cast<std::uint32_t>(*master_data_));
    master_address_.reset();
    if (access.write && access.words.empty()) fail("a write without data");
    return true;
  }
  return false;
}

Program vp_log_program(const std::string& path) {
  VpLogReader reader(path);
  Program of_adaptor = Program::of(path), of_master = Program::of(path);
  VpAccess access;
  while (reader.next(access)) {
    if (access.port != VpAccess::Port::kCsb && access.port != VpAccess::Port::kCsbMaster) continue;
    if (access.address >= kWindow || access.address % 4 != 0 || access.length % 4 != 0 ||
        access.length > kLongestOfRegisters) {
      throw InputError(
          path + ":" + std::to_string(access.line) +
          ": not an access of whole registers below 0x20000, 64 bytes at most: " + reader.text());
    }
    Program& program = access.port == VpAccess::Port::kCsb ? of_adaptor : of_master;
    for (std::uint64_t i = 0; i < access.length / 4; ++i) {
      Program::Command command;
      command.kind = access.write ? CommandKind::kWriteReg : CommandKind::kReadReg;
      command.offset = static_cast<std::uint32_t>(access.address + 4 * i);
      command.line = access.line;
      const bool told = i < access.words.size() && access.ok;
      command.mask = told && !access.write ? 0xffffffffU : 0;
      command.value = i < access.words.size() ? access.words[i] : 0;
      program.add(command, reader.text());
    }
  }
  return of_adaptor.commands().empty() ? of_master : of_adaptor;
}

}  // namespace nvdla::host
