// SPDX-License-Identifier: Apache-2.0
#include "recorded_convolutions.h"

#include <algorithm>
#include <boost/iostreams/filter/gzip.hpp>
#include <boost/iostreams/filtering_stream.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "registers/decoder.h"

namespace nvdla::engine::recorded {

namespace {

namespace fs = std::filesystem;

const fs::path kRecordings = fs::path(NVDLA_SOURCE_DIR) / "validation" / "recordings";
const fs::path kTraces = fs::path(NVDLA_SOURCE_DIR) / "firmware_traces";

// Every line of a plain file, or of the compressed one beside it.
template <class Function>
void each_line(const fs::path& path, const Function& function) {
  const bool plain = fs::exists(path);
  std::ifstream file(plain ? path : fs::path(path.string() + ".gz"), std::ios::binary);
  if (!file) throw std::runtime_error("cannot open " + path.string());
  boost::iostreams::filtering_istream in;
  if (!plain) in.push(boost::iostreams::gzip_decompressor());
  in.push(file);
  for (std::string line; std::getline(in, line);) function(line);
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == ',') {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

std::vector<Row> read_csv(const fs::path& path) {
  std::vector<std::string> columns;
  std::vector<Row> rows;
  each_line(path, [&](const std::string& line) {
    const std::vector<std::string> cells = split(line);
    if (columns.empty()) {
      columns = cells;
      return;
    }
    Row& row = rows.emplace_back();
    for (std::size_t i = 0; i < columns.size(); ++i) row[columns[i]] = i < cells.size() ? cells[i] : "";
  });
  return rows;
}

// Decodes at OP_ENABLE, as hardware may: the group cannot change any more.
class Decoder : public registers::RegisterListener {
 public:
  Decoder(const registers::RegisterFile& file, const HardwareParameters& hardware)
      : file_(file), hardware_(hardware) {}
  void on_enable(Unit unit, std::uint32_t group, Cycle /*entered*/) override {
    if (unit == Unit::kCdma) fetches.push_back(registers::decode_fetch(file_, group, hardware_));
    if (unit == Unit::kCsc) sequences.push_back(registers::decode_sequence(file_, group, hardware_));
    if (unit == Unit::kCacc) accumulates.push_back(registers::decode_accumulate(file_, group, hardware_));
  }
  void on_bdma_queued() override {}
  void on_written(Unit, std::uint32_t, std::uint32_t) override {}

  std::vector<ConvolutionFetch> fetches;
  std::vector<ConvolutionSequence> sequences;
  std::vector<ConvolutionAccumulate> accumulates;

 private:
  const registers::RegisterFile& file_;
  const HardwareParameters& hardware_;
};

constexpr Unit kGroupUnits[] = {Unit::kCdma, Unit::kCsc,     Unit::kCmacA, Unit::kCmacB,
                                Unit::kCacc, Unit::kSdpRdma, Unit::kSdp,   Unit::kPdpRdma,
                                Unit::kPdp,  Unit::kCdpRdma, Unit::kCdp};

}  // namespace

std::vector<Access> accesses(const std::string& trace) {
  std::vector<Access> result;
  each_line(kTraces / trace / "input.txn", [&](const std::string& line) {
    std::istringstream words(line);
    std::string command, address, value;
    if (!(words >> command >> address >> value) || command[0] == '#') return;
    Access access;
    access.kind = command == "write_reg"  ? Access::kWrite
                  : command == "read_reg" ? Access::kRead
                                          : Access::kUntil;
    access.offset = (static_cast<std::uint32_t>(std::stoul(address, nullptr, 0)) - 0xffff0000U) * 4;
    access.value = static_cast<std::uint32_t>(std::stoul(value, nullptr, 0));
    result.push_back(access);
  });
  return result;
}

std::vector<ConvolutionOperation> convolutions(const std::string& trace, const HardwareParameters& hardware) {
  registers::RegisterFile file(hardware);
  Decoder decoder(file, hardware);
  file.set_listener(&decoder);
  for (const Access& access : accesses(trace)) {
    if (access.kind != Access::kWrite) continue;
    if (file.write(access.offset, access.value) != registers::AccessStatus::kOk)
      throw std::runtime_error(trace + ": a write is refused");
    // A unit is done with its group at once: what it was asked for has been noted.
    for (const Unit unit : kGroupUnits) {
      if (!file.enabled(unit, file.consumer(unit))) continue;
      file.start(unit);
      file.complete(unit);
    }
  }
  if (decoder.fetches.size() != decoder.sequences.size() ||
      decoder.fetches.size() != decoder.accumulates.size())
    throw std::runtime_error(trace + ": CDMA, CSC and CACC are not enabled equally often");
  std::vector<ConvolutionOperation> result;
  for (std::size_t i = 0; i < decoder.fetches.size(); ++i)
    result.push_back({decoder.fetches[i], decoder.sequences[i], decoder.accumulates[i]});
  return result;
}

bool fetches_data(const std::vector<ConvolutionOperation>& operations, std::size_t index) {
  if (index == 0 || !operations[index].fetch.data_reuse) return true;
  const ConvolutionFetch& before = operations[index - 1].fetch;
  return !before.skip_data_release || before.data_banks != operations[index].fetch.data_banks;
}

bool fetches_weights(const std::vector<ConvolutionOperation>& operations, std::size_t index) {
  if (index == 0 || !operations[index].fetch.weight_reuse) return true;
  const ConvolutionFetch& before = operations[index - 1].fetch;
  return !before.skip_weight_release || before.data_banks != operations[index].fetch.data_banks ||
         before.weight_banks != operations[index].fetch.weight_banks;
}

const HardwareParameters& Recording::hardware() const {
  return preset(trace.find("nv_full") != std::string::npos ? "nv_full" : "nv_small");
}

std::vector<Row> Recording::of(const std::string& unit) const {
  std::vector<Row> rows;
  for (const Row& row : operations) {
    if (row.at("unit") == unit) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end(),
            [](const Row& a, const Row& b) { return number(a, "sequence") < number(b, "sequence"); });
  return rows;
}

std::vector<Row> Recording::reads() const { return read_csv(kRecordings / (name + ".dma.csv")); }

std::vector<Row> Recording::dma_trace() const {
  const fs::path path = kRecordings / (name + ".dma_trace.csv");
  if (!fs::exists(path.string() + ".gz")) return {};
  return read_csv(path);
}

std::int64_t number(const Row& row, const std::string& column) {
  const std::string& text = row.at(column);
  return text.empty() ? 0 : std::stoll(text);
}

Recording load(const std::string& name) {
  Recording recording;
  recording.name = name;
  const std::size_t end = name.find("__L");
  recording.trace = name.substr(0, end);
  const std::string memory = name.substr(end + 3);  // 50_B64
  recording.latency = static_cast<std::uint32_t>(std::stoul(memory));
  recording.bytes_per_cycle = static_cast<std::uint32_t>(std::stoul(memory.substr(memory.find('B') + 1)));
  recording.operations = read_csv(kRecordings / (name + ".ops.csv"));
  return recording;
}

std::vector<std::string> names(bool single) {
  std::vector<std::string> result;
  for (const auto& entry : fs::directory_iterator(kRecordings)) {
    if (entry.path().extension() != ".json") continue;
    const std::string name = entry.path().stem().string();
    if (single && name.rfind("u_", 0) != 0) continue;
    // Every test's process asks for all of them: no more is read than whether there is a convolution.
    bool convolves = false;
    each_line(kRecordings / (name + ".ops.csv"),
              [&convolves](const std::string& line) { convolves |= line.rfind("CDMA,", 0) == 0; });
    if (convolves) result.push_back(name);
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<std::string> names_with_dma_trace() {
  std::vector<std::string> result;
  for (const auto& entry : fs::directory_iterator(kRecordings)) {
    const std::string file = entry.path().filename().string();
    const std::size_t end = file.find(".dma_trace.csv.gz");
    if (end != std::string::npos) result.push_back(file.substr(0, end));
  }
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace nvdla::engine::recorded
