// The tables of the CSV contests as text: 100 MB of numbers, or of everything a table may hold.
#pragma once

#include <cmath>
#include <cstdint>
#include <fstream>
#include <string>

#include <fmt/format.h>

#include "data/philox.h"

namespace bench {

inline constexpr size_t kCsvBytes = 100'000'000;

/// Writes cell after cell; a cell's text is a function of its number alone.
class CsvWriter {
 public:
  std::string numbers() {
    begin_table(30);
    while (text_.size() < kCsvBytes) {
      for (int i = 0; i < 12; ++i) add("{:.4f}", normal() * 10);
      for (int i = 0; i < 8; ++i) add("{}", whole(1000));
      for (int i = 0; i < 4; ++i) add("{:.2f}", uniform() * 5000);
      for (int i = 0; i < 3; ++i) add("{:.6f}", uniform());
      for (int i = 0; i < 3; ++i) add("{}", normal());  // all 17 digits, as Python writes them
      end_row();
    }
    return std::move(text_);
  }

  std::string mixed() {
    static constexpr const char* kCities[] = {"Paris", "New York", "Tokyo", "São Paulo", "Kairo"};
    begin_table(12);
    while (text_.size() < kCsvBytes) {
      add("{}", 1'000'000 + row_);
      add("2024-{:02}-{:02}", 1 + whole(12), 1 + whole(28));
      add("{}", kCities[whole(5)]);
      add("\"{}, {}\"", kCities[whole(5)], whole(100));  // quoted, since it holds the delimiter
      add("\"level {}\"", whole(40));
      add("{}", whole(2) != 0 ? "yes" : "no");
      add("{:.2f}", uniform() * 5000);
      whole(20) != 0 ? add("{:.3f}", normal()) : add("");
      whole(20) != 0 ? add("{}", whole(100)) : add("NA");
      add("{}", normal());
      add("code{}", whole(5000));
      add("{}", whole(4));
      end_row();
    }
    return std::move(text_);
  }

 private:
  void begin_table(int columns) {
    for (int i = 0; i < columns; ++i) add("column_{}", i);
    end_row();
    row_ = 0;
  }

  template <class... Values>
  void add(fmt::format_string<Values...> format, Values... values) {
    fmt::format_to(std::back_inserter(text_), format, std::move(values)...);
    text_ += ',';
  }

  void end_row() {
    text_.back() = '\n';
    ++row_;
  }

  double uniform() { return random_.uniform(element_++); }
  double normal() { return random_.normal(element_++); }
  int64_t whole(int64_t end) { return static_cast<int64_t>(uniform() * static_cast<double>(end)); }

  const sinapse::RandomStream random_{1, sinapse::Purpose::resample, 0};
  std::string text_;
  int64_t element_ = 0, row_ = 0;
};

inline void write_csv(const std::string& workload, const std::string& path) {
  std::ofstream(path, std::ios::binary)
      << (workload == "CSV-numbers" ? CsvWriter().numbers() : CsvWriter().mixed());
}

}  // namespace bench
