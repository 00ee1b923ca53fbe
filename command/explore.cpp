// SPDX-License-Identifier: Apache-2.0
#include "command/explore.h"

#include <unistd.h>

#include <chrono>
#include <iomanip>
#include <iostream>
#include <memory>
#include <set>

#include "command/explore_spec.h"
#include "command/front_report.h"
#include "command/html_report.h"
#include "command/layer_network.h"
#include "command/options.h"
#include "command/outputs.h"
#include "command/point_store.h"
#include "host/files/run_files.h"

namespace nvdla::command {

namespace po = boost::program_options;
using analysis::ExplorationPoint;

namespace {

using Clock = std::chrono::steady_clock;

Shard parse_shard(const std::string& text) {
  Shard shard;
  char* end = nullptr;
  shard.index = std::strtoull(text.c_str(), &end, 10);
  if (end != text.c_str() && *end == '/') {
    const char* const count = end + 1;
    shard.count = std::strtoull(count, &end, 10);
    if (end != count && *end == '\0' && text.find('-') == std::string::npos && shard.index < shard.count)
      return shard;
  }
  throw UsageError("--shard: '" + text + "' is not of the form I/N with I from 0 to N - 1");
}

// How far it is, on a terminal.
class Progress {
 public:
  explicit Progress(std::size_t all) : all_(all), begin_(Clock::now()), shown_(begin_) {}
  ~Progress() {
    if (lines_) std::cerr << '\n';
  }
  void add(std::size_t points) {
    done_ += points;
    const auto now = Clock::now();
    if (isatty(STDERR_FILENO) == 0 || now - shown_ < std::chrono::milliseconds(200)) return;
    shown_ = now;
    lines_ = true;
    std::cerr << '\r' << done_ << " of " << all_ << " points, " << std::fixed << std::setprecision(0)
              << rate() << " a second   " << std::flush;
  }
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(Clock::now() - begin_).count();
  }
  [[nodiscard]] double rate() const { return static_cast<double>(done_) / std::max(1e-9, seconds()); }

 private:
  std::size_t all_, done_ = 0;
  Clock::time_point begin_, shown_;
  bool lines_ = false;
};

void add_results(po::options_description& visible) {
  visible.add_options()("html", po::value<std::string>(),
                        "write a report to this file: one page, opens without network")(
      "output,o", po::value<std::string>(), "file of points (JSON lines)")(
      "csv", po::value<std::string>(), "write all points as CSV to this file (- is standard output)")(
      "quiet,q", "no text");
}

void write_results(bool text, Outputs& outputs, std::ostream& out, const FrontReport& report) {
  if (text) write_front(out, report);
  outputs.write("csv", [&](std::ostream& file) { write_points_csv(file, report); });
  outputs.write("html", [&](std::ostream& file) { write_front_html(file, drawn_json(report)); });
  outputs.write("json", [&](std::ostream& file) { file << front_json(report).dump(1) << '\n'; });
}

}  // namespace

int run_explore(const std::vector<std::string>& arguments, std::ostream& out) {
  using Strings = std::vector<std::string>;
  po::options_description visible = common_options();
  visible.add_options()("level,l", po::value<std::string>()->default_value("refined"),
                        "refined, roofline or dynamic")(
      "sweep", po::value<Strings>()->composing(),
      "an axis, KEY=VALUE,VALUE,...: a hardware parameter (nvdla-vp configs --schema), dbb.latency, "
      "dbb.bandwidth, dbb.max_outstanding, the same of cvsram; may be repeated")(
      "constraint", po::value<Strings>()->composing(), "\"METRIC <= NUMBER\" or >=; may be repeated")(
      "objective", po::value<Strings>()->composing(),
      "of the Pareto front: cycles, milliseconds, per_second, macs, cbuf_bytes, dbb_bytes, cvsram_bytes, "
      "peak_gbytes; may be repeated; default milliseconds, macs, cbuf_bytes")(
      "sampling", po::value<std::string>(), "grid (default), random or latin_hypercube")(
      "points", po::value<std::uint64_t>(), "of a sample")("seed", po::value<std::uint64_t>(), "of a sample")(
      "shard", po::value<std::string>()->default_value("0/1"),
      "I/N: only the points whose number is I modulo N; merge puts shards together")(
      "jobs,j", po::value<unsigned>()->default_value(0), "threads; 0: one a core");
  add_mapping_options(visible);
  add_results(visible);
  const po::variables_map values = parse(arguments, visible, "INPUT");
  if (values.count("help") != 0) {
    out << "nvdla-vp explore SPECIFICATION.json|TRACE|NETWORK.onnx|NETWORK.json|RECORDING [options]\n\n"
           "With --output an exploration that was interrupted goes on where it was: the same command "
           "again.\n\n"
        << visible;
    return kOk;
  }
  host::RunFiles files;
  files.input(input_of(values, "INPUT"), "the input");
  if (values.count("output") != 0) files.output(values["output"].as<std::string>(), "--output");
  Outputs outputs(files);
  outputs.open(values, {"csv", "html", "json"});
  const bool text = values.count("quiet") == 0 && !outputs.on_standard_output();
  const ExploreRequest request = explore_request(input_of(values, "INPUT"), values);
  const Shard shard = parse_shard(values["shard"].as<std::string>());
  std::unique_ptr<PointStore> store;
  std::vector<ExplorationPoint> points;
  if (values.count("output") != 0) {
    store = std::make_unique<PointStore>(values["output"].as<std::string>(), request.complete, shard);
    points = store->points();
  }
  std::set<std::uint64_t> known;
  for (const ExplorationPoint& point : points) known.insert(point.number);
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t i = shard.index; i < request.spec.space.size(); i += shard.count)
    if (known.count(i) == 0) numbers.push_back(i);
  double seconds = 0, rate = 0;
  {
    Progress progress(numbers.size());
    analysis::explore(request.spec, numbers, values["jobs"].as<unsigned>(),
                      [&](const std::vector<ExplorationPoint>& some) {
                        if (store) store->append(some);
                        points.insert(points.end(), some.begin(), some.end());
                        progress.add(some.size());
                      });
    seconds = progress.seconds();
    rate = progress.rate();
  }
  const FrontReport report = front_report(request.complete, std::move(points));
  if (text)
    out << numbers.size() << " points in " << std::fixed << std::setprecision(2) << seconds << " s, "
        << std::setprecision(0) << rate << " a second; " << known.size() << " were known\n"
        << std::defaultfloat;
  write_results(text, outputs, out, report);
  return kOk;
}

int run_merge(const std::vector<std::string>& arguments, std::ostream& out) {
  po::options_description visible("Options");
  visible.add_options()("help,h", "this text")("json", po::value<std::string>(),
                                               "write front and sensitivities as JSON to this file");
  add_results(visible);
  po::options_description all;
  all.add(visible).add_options()("POINTS", po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add("POINTS", -1);
  po::variables_map values;
  const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
  po::store(po::command_line_parser(arguments).options(all).positional(positional).style(style).run(),
            values);
  po::notify(values);
  if (values.count("help") != 0) {
    out << "nvdla-vp merge POINTS.jsonl... [options]\n\n"
           "Puts the shards of one exploration together, each point once.\n\n"
        << visible;
    return kOk;
  }
  if (values.count("POINTS") == 0) throw UsageError("merge needs files of points");
  const auto inputs = values["POINTS"].as<std::vector<std::string>>();
  host::RunFiles files;
  for (const std::string& path : inputs) files.input(path, "points");
  Outputs outputs(files);
  outputs.open(values, {"output", "csv", "html", "json"});
  nlohmann::ordered_json specification;
  std::map<std::uint64_t, ExplorationPoint> by_number;
  std::string first;
  for (const std::string& path : inputs) {
    StoredPoints stored = read_points(path);
    if (stored.whole == 0) throw host::InputError(path + ": is empty");
    if (first.empty()) {
      first = path;
      specification = stored.specification;
    }
    if (stored.specification != specification)
      throw host::InputError(path + ": is of another exploration than " + first);
    for (ExplorationPoint& point : stored.points) {
      const auto [known, added] = by_number.emplace(point.number, point);
      if (!added && point_line(known->second) != point_line(point))
        throw host::InputError(path + ": point " + std::to_string(point.number) +
                               " differs from the same point of another file");
    }
  }
  std::vector<ExplorationPoint> points;
  points.reserve(by_number.size());
  for (auto& [number, point] : by_number) points.push_back(std::move(point));
  outputs.write("output", [&](std::ostream& file) {
    file << header_line(specification, {});
    for (const ExplorationPoint& point : points) file << point_line(point);
  });
  write_results(values.count("quiet") == 0 && !outputs.on_standard_output(), outputs, out,
                front_report(specification, std::move(points)));
  return kOk;
}

}  // namespace nvdla::command
