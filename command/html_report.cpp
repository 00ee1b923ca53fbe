// SPDX-License-Identifier: Apache-2.0
#include "command/html_report.h"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

namespace nvdla::command {

namespace embedded {
// Made by cmake/EmbedFile.cmake.
extern const unsigned char d3[], report_html[], report_js[], front_html[], front_js[], style_css[];
extern const std::size_t d3_size, report_html_size, report_js_size, front_html_size, front_js_size,
    style_css_size;
}  // namespace embedded

namespace {

std::string text(const unsigned char* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

// Inside <script> nothing may look like the end of it.
std::string script(std::string source) {
  for (std::size_t at = source.find("</"); at != std::string::npos; at = source.find("</", at + 3))
    source.replace(at, 2, "<\\/");
  return source;
}

void fill(std::string& page, const std::string& place, const std::string& with) {
  page.replace(page.find(place), place.size(), with);
}

void write_page(std::ostream& out, std::string page, const std::string& drawing,
                const nlohmann::ordered_json& data) {
  fill(page, "/*REPORT*/", script(drawing));
  fill(page, "/*DATA*/", script(data.dump()));
  fill(page, "/*D3*/", script(text(embedded::d3, embedded::d3_size)));
  fill(page, "/*STYLE*/", text(embedded::style_css, embedded::style_css_size));
  out << page;
}

}  // namespace

void write_html(std::ostream& out, const nlohmann::ordered_json& explanation) {
  write_page(out, text(embedded::report_html, embedded::report_html_size),
             text(embedded::report_js, embedded::report_js_size), explanation);
}

void write_front_html(std::ostream& out, const nlohmann::ordered_json& front) {
  write_page(out, text(embedded::front_html, embedded::front_html_size),
             text(embedded::front_js, embedded::front_js_size), front);
}

}  // namespace nvdla::command
