// history.csv and its charts: whatever the text, an Error or a drawing.
#include <cstddef>
#include <cstdint>
#include <string>

#include <sinapse/error.h>

#include "figures/history_figure.h"
#include "figures/svg.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sinapse;
  try {
    const History history =
        parse_history(std::string(reinterpret_cast<const char*>(data), size), "history.csv");
    if (history.columns.size() > 20 || history.values[0].size() > 200) return 0;
    for (const Chart& chart : history_charts({without_twins(history)})) {
      const std::string svg = to_svg(draw(chart));
      for (const char* nowhere : {"=\"nan", "=\"inf", "=\"-inf", " nan,", ",nan", ",inf", ",-inf"})
        if (svg.find(nowhere) != std::string::npos) __builtin_trap();
    }
  } catch (const Error&) {
  }
  return 0;
}
