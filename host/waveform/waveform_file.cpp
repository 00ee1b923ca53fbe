// SPDX-License-Identifier: Apache-2.0
#include "host/waveform/waveform_file.h"

#include <algorithm>
#include <array>
#include <utility>

#include "host/files/byte_source.h"
#include "host/inputs/input_kind.h"
#include "host/waveform/fst_feed.h"

namespace nvdla::host {
namespace {

// FST: blocks of a kind, a length of eight bytes (the highest first) and data. The first is the header, of
// 329 bytes, or, of a file that is compressed as a whole, a block of kind 254.
constexpr unsigned char kHeaderBlock = 0, kCompressedBlock = 254;
constexpr std::array<unsigned char, 8> kHeaderLength{0, 0, 0, 0, 0, 0, 1, 73};

bool is_fst(const std::string& start) {
  if (start.size() < 9) return false;
  const auto first = static_cast<unsigned char>(start[0]);
  if (first == kCompressedBlock) return true;
  return first == kHeaderBlock &&
         std::equal(kHeaderLength.begin(), kHeaderLength.end(), start.begin() + 1,
                    [](unsigned char a, char b) { return a == static_cast<unsigned char>(b); });
}

bool is_vcd(const std::string& start) {
  const std::size_t word = start.find_first_not_of(" \t\r\n");
  if (word == std::string::npos) return false;
  for (const char* key : {"$date", "$version", "$comment", "$timescale", "$scope", "$var", "$enddefinitions"})
    if (start.compare(word, std::char_traits<char>::length(key), key) == 0) return true;
  return false;
}

}  // namespace

std::optional<WaveformKind> waveform_kind(const std::string& path) {
  if (path == "-" || !can_be_read_twice(path)) return std::nullopt;
  std::string start(256, '\0');
  ByteSource source(path);
  start.resize(source.read(start.data(), start.size()));
  if (is_fst(start)) return WaveformKind::kFst;
  if (is_vcd(start)) return WaveformKind::kVcd;
  return std::nullopt;
}

std::unique_ptr<VcdReader> open_waveform(const std::string& path, const VcdReader::Wanted& wanted) {
  if (waveform_kind(path) == WaveformKind::kFst) {
    auto fst = std::make_shared<FstFeed>(path, wanted);
    return std::make_unique<VcdReader>(
        path, [fst](char* data, std::size_t size) { return fst->read(data, size); }, wanted);
  }
  auto source = std::make_shared<ByteSource>(path);
  return std::make_unique<VcdReader>(
      source->name(),
      [source](char* data, std::size_t size) {
        const std::size_t got = source->read(data, size);
        if (got == 0 && source->damaged()) throw InputError(source->name() + ": damaged gzip data");
        return got;
      },
      wanted);
}

}  // namespace nvdla::host
