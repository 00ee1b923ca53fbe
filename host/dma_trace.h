// SPDX-License-Identifier: Apache-2.0
// DMA traces: one bus burst a row, in order of time.
//   cycle,port,access,client,address,beats
//   747,DBB,R,sdpb,80201000,1
// port DBB or CVSRAM, access R or W, address hexadecimal. Written plain, or gzip when the name ends in
// .gz; read either way.
#pragma once

#include <memory>
#include <ostream>
#include <string>

#include "host/replay.h"
#include "host/text_source.h"

namespace nvdla::host {

// A file to write, compressed when its name ends in .gz. Throws InputError when it cannot be opened.
[[nodiscard]] std::unique_ptr<std::ostream> open_output(const std::string& path);

class DmaTraceWriter {
 public:
  explicit DmaTraceWriter(const std::string& path);
  void write(const DmaBurst& burst);
  // Flushes; throws InputError when something could not be written.
  void close();

 private:
  std::string path_;
  std::unique_ptr<std::ostream> stream_;
  std::string row_;
};

// Bursts, in order of time, wherever they come from.
class DmaSource {
 public:
  virtual ~DmaSource() = default;
  // False at the end. Throws InputError "file:line: ...".
  virtual bool next(DmaBurst& burst) = 0;
  // Share that has been read.
  [[nodiscard]] virtual double fraction() = 0;
  [[nodiscard]] virtual std::string at_line(const std::string& text) const = 0;
};

class DmaTraceReader : public DmaSource {
 public:
  // Throws InputError: missing file, wrong header.
  explicit DmaTraceReader(const std::string& path);
  // False at the end. Throws InputError "file:line: ..." for a malformed row and for time that runs
  // backwards.
  bool next(DmaBurst& burst) override;
  [[nodiscard]] double fraction() override { return source_.fraction(); }
  [[nodiscard]] std::string at_line(const std::string& text) const override { return source_.at_line(text); }

 private:
  TextSource source_;
  std::string line_;
  Cycle last_cycle_ = 0;
};

}  // namespace nvdla::host
