// SPDX-License-Identifier: Apache-2.0
// Build-time generator: one register map (registers/data/*.json) to the constant tables of
// registers/register_map.h. It refuses a file whose masks, fields or offsets contradict each other, so
// that a slip in the data stops the build and not a simulation.
//
// Usage: generate_registers MAP.json OUTPUT.cpp
#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t kWindowBytes = 128 * 1024;

// Unit names of the data files and their enumerators in Unit.
constexpr std::array<std::array<const char*, 2>, 18> kUnits = {{{"CFGROM", "kCfgrom"},
                                                                {"GLB", "kGlb"},
                                                                {"GEC", "kGec"},
                                                                {"MCIF", "kMcif"},
                                                                {"CVIF", "kCvif"},
                                                                {"BDMA", "kBdma"},
                                                                {"CDMA", "kCdma"},
                                                                {"CSC", "kCsc"},
                                                                {"CMAC_A", "kCmacA"},
                                                                {"CMAC_B", "kCmacB"},
                                                                {"CACC", "kCacc"},
                                                                {"SDP_RDMA", "kSdpRdma"},
                                                                {"SDP", "kSdp"},
                                                                {"PDP_RDMA", "kPdpRdma"},
                                                                {"PDP", "kPdp"},
                                                                {"CDP_RDMA", "kCdpRdma"},
                                                                {"CDP", "kCdp"},
                                                                {"RBK", "kRubik"}}};

std::string enumerator(const std::string& unit) {
  for (const auto& entry : kUnits) {
    if (unit == entry[0]) return entry[1];
  }
  throw std::runtime_error("unknown unit \"" + unit + "\"");
}

std::uint32_t number(const Json& object, const char* key, const std::string& where) {
  const std::string text = object.at(key).get<std::string>();
  std::size_t used = 0;
  unsigned long long value = 0;
  try {
    value = std::stoull(text, &used, 0);
  } catch (const std::exception&) {
    used = 0;
  }
  if (used == 0 || used != text.size() || value > std::numeric_limits<std::uint32_t>::max()) {
    throw std::runtime_error(where + ": \"" + key + "\" is no 32-bit number: \"" + text + "\"");
  }
  return static_cast<std::uint32_t>(value);
}

std::string hex(std::uint32_t value) {
  std::ostringstream text;
  text << "0x" << std::hex << value << "U";
  return text.str();
}

// C++ text of one map: values and fields first, then the registers that point to them.
class Tables {
 public:
  void add_unit(const Json& unit) {
    const std::string name = unit.at("name");
    const std::string kind = enumerator(name);
    const std::uint32_t base = number(unit, "base", name);
    for (const Json& reg : unit.at("registers")) add_register(reg, name, kind, base);
  }

  void write(std::ostream& out, const std::string& map, const std::string& source) const {
    out << "// Generated from " << source << ": do not edit.\n"
        << "#include \"registers/register_map.h\"\n\n"
        << "namespace nvdla::registers::generated {\nnamespace {\n"
        << "constexpr EnumValue kValues[] = {\n"
        << values_.str() << "};\n"
        << "constexpr FieldInfo kFields[] = {\n"
        << fields_.str() << "};\n"
        << "constexpr RegisterInfo kRegisters[] = {\n"
        << registers_.str() << "};\n"
        << "constexpr RegisterTable kTable = {\"" << map << "\", kRegisters, " << register_count_ << "};\n"
        << "}  // namespace\n\nconst RegisterTable& " << map << "() { return kTable; }\n"
        << "}  // namespace nvdla::registers::generated\n";
  }

 private:
  void add_register(const Json& reg, const std::string& unit, const std::string& kind, std::uint32_t base) {
    const std::string name = reg.at("name");
    const std::string where = unit + "." + name;
    const std::uint32_t offset = base + number(reg, "offset", where);
    const std::uint32_t reset = number(reg, "reset", where);
    const std::uint32_t read = number(reg, "read", where);
    const std::uint32_t write = number(reg, "write", where);
    if (offset % 4 != 0 || offset >= kWindowBytes) throw std::runtime_error(where + ": bad offset");
    if (!offsets_.insert(offset).second) throw std::runtime_error(where + ": offset is already taken");
    if (!names_.insert(where).second) throw std::runtime_error(where + ": name is already taken");

    const std::size_t first_field = field_count_;
    std::uint32_t covered = 0;
    for (const Json& field : reg.at("fields")) covered |= add_field(field, where, covered);
    if (((read | write | reset) & ~covered) != 0) {
      throw std::runtime_error(where + ": masks or reset reach beyond the fields");
    }
    registers_ << "    {Unit::" << kind << ", \"" << name << "\", " << hex(offset) << ", " << hex(reset)
               << ", " << hex(read) << ", " << hex(write) << ", kFields + " << first_field << ", "
               << field_count_ - first_field << "},\n";
    ++register_count_;
  }

  // Returns the bits of the field.
  std::uint32_t add_field(const Json& field, const std::string& where, std::uint32_t covered) {
    const std::string name = field.at(0);
    const unsigned lsb = field.at(1);
    const unsigned width = field.at(2);
    if (width == 0 || lsb + width > 32) throw std::runtime_error(where + "." + name + ": bad position");
    const std::uint64_t limit = std::uint64_t{1} << width;
    const auto bits = static_cast<std::uint32_t>((limit - 1) << lsb);
    if ((covered & bits) != 0) throw std::runtime_error(where + "." + name + ": overlaps another field");

    std::string values = "nullptr";
    std::size_t count = 0;
    if (field.size() > 3) {
      values = "kValues + " + std::to_string(value_count_);
      for (const auto& [value_name, value] : field.at(3).items()) {
        if (value.get<std::uint64_t>() >= limit) {
          throw std::runtime_error(where + "." + name + ": value " + value_name + " does not fit");
        }
        values_ << "    {\"" << value_name << "\", " << value.get<std::uint32_t>() << "U},\n";
        ++value_count_;
        ++count;
      }
    }
    fields_ << "    {\"" << name << "\", " << lsb << ", " << width << ", " << values << ", " << count
            << "},\n";
    ++field_count_;
    return bits;
  }

  std::ostringstream values_, fields_, registers_;
  std::size_t value_count_ = 0, field_count_ = 0, register_count_ = 0;
  std::set<std::uint32_t> offsets_;
  std::set<std::string> names_;
};

void generate(const std::string& source, const std::string& target) {
  std::ifstream in(source);
  if (!in) throw std::runtime_error("cannot open");
  const Json map = Json::parse(in);
  const std::string schema = map.at("schema");
  if (schema != "nvdla-register-map/1") throw std::runtime_error("unknown schema \"" + schema + "\"");

  Tables tables;
  for (const Json& unit : map.at("units")) tables.add_unit(unit);
  std::ofstream out(target);
  const std::size_t slash = source.find_last_of('/');
  tables.write(out, map.at("map"), slash == std::string::npos ? source : source.substr(slash + 1));
  out.close();
  if (!out) throw std::runtime_error("cannot write " + target);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: generate_registers MAP.json OUTPUT.cpp\n";
    return 2;
  }
  try {
    generate(argv[1], argv[2]);
  } catch (const std::exception& error) {
    std::cerr << argv[1] << ": " << error.what() << "\n";
    return 1;
  }
  return 0;
}
