// SPDX-License-Identifier: Apache-2.0
// DMA traces: one bus burst a row, in order of time.
//   cycle,port,access,client,address,beats
//   747,DBB,R,sdpb,80201000,1
// port DBB or CVSRAM, access R or W, address hexadecimal. Written plain, or gzip when the name ends in
// .gz; read either way.
#pragma once

#include <string>

#include "host/files/output_file.h"
#include "host/replay.h"
#include "host/text_source.h"

namespace nvdla::host {

class DmaTraceWriter {
 public:
  // Throws InputError when the file cannot be made.
  explicit DmaTraceWriter(const std::string& path);
  // Throws OutputError when the file does not take any more.
  void write(const DmaBurst& burst);
  // Throws OutputError when something could not be written. Without it nothing is left of the file.
  void close() { file_.commit(); }

 private:
  OutputFile file_;
  std::string path_, row_;
};

class DmaTraceReader {
 public:
  // Throws InputError: missing file, wrong header.
  explicit DmaTraceReader(const std::string& path);
  // False at the end. Throws InputError "file:line: ..." for a malformed row, for time that runs backwards,
  // for a last row without newline (it may be cut) and for a trace without rows.
  bool next(DmaBurst& burst);
  [[nodiscard]] double fraction() const { return source_.fraction(); }
  [[nodiscard]] std::string at_line(const std::string& text) const { return source_.at_line(text); }

 private:
  TextSource source_;
  std::string line_;
  Cycle last_cycle_ = 0;
  bool empty_ = true;
};

}  // namespace nvdla::host
