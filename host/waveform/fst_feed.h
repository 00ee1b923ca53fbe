// SPDX-License-Identifier: Apache-2.0
// An FST file (GTKWave, Verilator, most emulators' converters) as the text of a value change dump.
//
// The library that reads FST trusts the file. It works in a process of its own, which writes the dump into a
// pipe: a damaged file ends that process, and is an error here. Only the wanted signals come through.
// A build without the library (docs/formats.md) refuses FST and says what to do.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace nvdla::host {

class FstFeed {
 public:
  // `wanted`: names without range. Throws InputError: no such file, not FST.
  FstFeed(const std::string& path, const std::function<bool(std::string_view name)>& wanted);
  ~FstFeed();
  FstFeed(const FstFeed&) = delete;
  FstFeed& operator=(const FstFeed&) = delete;

  // 0 at the end. Throws InputError when the file turns out to be damaged.
  std::size_t read(char* data, std::size_t size);

 private:
  std::string path_;
  int pipe_ = -1;
  int child_ = -1;
};

}  // namespace nvdla::host
