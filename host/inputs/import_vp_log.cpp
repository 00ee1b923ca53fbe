// SPDX-License-Identifier: Apache-2.0
#include "host/inputs/import_vp_log.h"

#include <array>
#include <bitset>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

#include "host/inputs/vp_log.h"
#include "host/text.h"

namespace nvdla::host {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kPage = 4096;

// What is known of memory, by page.
class Contents {
 public:
  // A read brought `bytes`; those that nobody has touched before were there from the beginning.
  void read(std::uint64_t address, const std::vector<unsigned char>& bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      Page& page = page_of(address + i);
      const std::size_t at = (address + i) % kPage;
      if (page.touched[at]) continue;
      page.touched.set(at);
      page.initial.set(at);
      page.bytes[at] = bytes[i];
    }
  }
  void written(std::uint64_t address, std::uint64_t length) {
    for (std::uint64_t i = 0; i < length; ++i) page_of(address + i).touched.set((address + i) % kPage);
  }

  // take(address, bytes) for each region: from its first initial byte to its last.
  template <typename Take>
  void regions(Take take) const {
    std::uint64_t first = 0;
    std::vector<unsigned char> bytes;
    for (const auto& [number, page] : pages_) {
      for (std::size_t at = 0; at < kPage; ++at) {
        if (!page->initial[at]) continue;
        const std::uint64_t address = number * kPage + at;
        if (!bytes.empty() && address - (first + bytes.size()) >= kPage) {
          take(first, bytes);
          bytes.clear();
        }
        if (bytes.empty()) first = address;
        bytes.resize(address - first + 1);
        bytes.back() = page->bytes[at];
      }
    }
    if (!bytes.empty()) take(first, bytes);
  }

 private:
  struct Page {
    std::bitset<kPage> touched, initial;
    std::array<unsigned char, kPage> bytes{};
  };
  Page& page_of(std::uint64_t address) {
    std::unique_ptr<Page>& slot = pages_[address / kPage];
    if (!slot) slot = std::make_unique<Page>();
    return *slot;
  }

  std::map<std::uint64_t, std::unique_ptr<Page>> pages_;
};

class Output {
 public:
  Output(const fs::path& directory, const std::string& name, ImportedLog& result)
      : path_((directory / name).string()), file_(path_, std::ios::binary) {
    if (!file_) throw InputError(path_ + ": cannot write: " + std::strerror(errno));
    result.files.push_back(path_);
  }
  std::ostream& stream() { return file_; }
  void close() {
    file_.close();
    if (!file_) throw InputError(path_ + ": cannot write");
  }

 private:
  std::string path_;
  std::ofstream file_;
};

std::vector<unsigned char> bytes_of(const VpAccess& access) {
  std::vector<unsigned char> bytes;
  for (const std::uint32_t word : access.words)
    for (std::uint32_t i = 0; i < 4; ++i) bytes.push_back(static_cast<unsigned char>(word >> 8 * i));
  bytes.resize(std::min<std::uint64_t>(bytes.size(), access.length));
  return bytes;
}

}  // namespace

ImportedLog import_vp_log(const std::string& log, const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) throw InputError(directory + ": " + error.message());
  ImportedLog result;
  Contents contents;
  std::unique_ptr<Output> lists[2];  // DBB, CVSRAM
  VpLogReader reader(log);
  VpAccess access;
  while (reader.next(access)) {
    if (access.port != VpAccess::Port::kDbb && access.port != VpAccess::Port::kSram) continue;
    ++result.memory_accesses;
    const bool sram = access.port == VpAccess::Port::kSram;
    auto& list = lists[sram ? 1 : 0];
    if (!list)
      list = std::make_unique<Output>(directory, sram ? "accesses_cvsram.txt" : "accesses.txt", result);
    list->stream() << (access.write ? "w " : "r ") << std::hex << access.address << '\n';
    if (access.write) {
      contents.written(access.address, access.length);
    } else if (access.ok) {
      contents.read(access.address, bytes_of(access));
    }
  }
  for (auto& list : lists)
    if (list) list->close();

  Output trace(directory, "input.txn", result);
  trace.stream() << "# from a log of the virtual platform\n";
  contents.regions([&](std::uint64_t address, const std::vector<unsigned char>& bytes) {
    const std::string name = "memory_" + hex(address).substr(2) + ".bin";
    Output memory(directory, name, result);
    memory.stream().write(reinterpret_cast<const char*>(bytes.data()),
                          static_cast<std::streamsize>(bytes.size()));
    memory.close();
    result.content_bytes += bytes.size();
    trace.stream() << "load_mem " << hex(address) << ' ' << hex(bytes.size(), 1) << ' ' << name << '\n';
  });
  const Program accesses = vp_log_program(log);
  for (const Program::Command& command : accesses.commands()) {
    ++result.register_accesses;
    const std::string address = hex(0xffff0000U + command.offset / 4);
    if (command.kind == CommandKind::kWriteReg) {
      trace.stream() << "write_reg " << address << ' ' << hex(command.value) << '\n';
    } else {
      trace.stream() << "read_reg " << address << ' ' << hex(command.mask) << ' ' << hex(command.value)
                     << '\n';
    }
  }
  trace.close();
  return result;
}

}  // namespace nvdla::host
