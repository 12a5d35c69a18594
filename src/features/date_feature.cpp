#include "features/date_feature.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <unordered_set>

#include "data/date.h"
#include "features/number_feature.h"

namespace sinapse {

namespace {

constexpr std::array<CycleInfo, kNumCycles> kCycles = {{
    {"month", 12, 2, &CalendarParts::month, "From January to December."},
    {"day of month", 31, 0, &CalendarParts::day_of_month, "From the first on."},
    {"weekday", 7, 0, &CalendarParts::weekday, "From Monday to Sunday."},
    {"day of year", 366, 60, &CalendarParts::day_of_year, "The season; 29 February has its own."},
    {"time of day", 1440, 0, &CalendarParts::minute_of_day, "Minutes from midnight on."},
    {"hour", 24, 0, &CalendarParts::hour, "Full hours from midnight on; only where it is named."},
}};

using Tables = std::array<std::vector<float>, kNumCycles>;

Tables circle(double (*coordinate)(double)) {
  Tables tables;
  for (int c = 0; c < kNumCycles; ++c) {
    const auto& [name, length, shift, part, doc] = kCycles[c];
    for (int64_t place = 0; place < length; ++place) {
      const double turn = static_cast<double>(place + shift) / static_cast<double>(length);
      tables[c].push_back(static_cast<float>(coordinate(2 * std::numbers::pi * turn)));
    }
  }
  return tables;
}

double sine(double x) {
  return std::sin(x);
}
double cosine(double x) {
  return std::cos(x);
}

bool format_has_time(const std::string& format) {
  for (size_t i = 0; i + 1 < format.size(); ++i)
    if (format[i] == '%' && std::string("HIMSTRpXcrszZ").find(format[i + 1]) != std::string::npos)
      return true;
  return false;
}

std::optional<Standardiser> standardiser(const Moments& moments) {
  if (!moments.varies()) return std::nullopt;
  return Standardiser{moments.mean(), 1 / moments.deviation()};
}

int64_t day_of(double seconds) {
  return static_cast<int64_t>(std::floor(seconds / kSecondsPerDay));
}

// The training range and room around it; two-digit years mean 1969 to 2068, as strptime reads them.
void choose_dictionary(DateFeature& feature, const Moments& seconds) {
  const int64_t first = day_of(seconds.smallest()), last = day_of(seconds.largest());
  const bool two_digits = feature.format.find("%y") != std::string::npos;
  const int64_t earliest = days_since_epoch(two_digits ? 1969 : 1900, 1, 1);
  const int64_t latest = days_since_epoch(two_digits ? 2068 : 2100, 12, 31);
  feature.first_day = std::min(first, std::max(earliest, first - 3653));
  feature.last_day = std::max(last, std::min(latest, last + 10958));
}

// From 0 for January, the first, Monday, ...
int64_t counted_part(const CycleInfo& cycle, const CalendarParts& parts) {
  return (parts.*cycle.part + cycle.shift) % cycle.length;
}

std::string declared_name(std::string name) {
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

// The hour is only told on request: the time of day says it better.
bool is_wanted(const ColumnDeclaration& declaration, const std::string& part) {
  const auto& parts = declaration.parts;
  if (parts.empty()) return part != kCycles[static_cast<size_t>(Cycle::hour)].name;
  return std::find(parts.begin(), parts.end(), declared_name(part)) != parts.end();
}

// More days than this would make the model file large; such a column takes seconds instead.
constexpr int64_t kMaxDictionaryDays = 150000;

}  // namespace

std::vector<DatePart> date_parts() {
  std::vector<DatePart> parts = {{"elapsed", "Seconds, standardised: what comes later."},
                                 {"year", "The year, standardised."}};
  for (const CycleInfo& cycle : kCycles) parts.push_back({declared_name(cycle.name), cycle.doc});
  return parts;
}

const CycleInfo& info_of(Cycle cycle) {
  return kCycles[static_cast<size_t>(cycle)];
}

const std::vector<float>& sines_of(Cycle cycle) {
  static const Tables tables = circle(sine);
  return tables[static_cast<size_t>(cycle)];
}

const std::vector<float>& cosines_of(Cycle cycle) {
  static const Tables tables = circle(cosine);
  return tables[static_cast<size_t>(cycle)];
}

bool DateFeature::is_known(double seconds) const {
  if (!(std::abs(seconds) < kMaxSeconds)) return false;
  return has_time || (day_of(seconds) >= first_day && day_of(seconds) <= last_day);
}

int64_t DateFeature::width() const {
  const auto num_cycles = std::count(cycles.begin(), cycles.end(), true);
  const auto num_counted = std::count_if(counted.begin(), counted.end(),
                                         [](const auto& part) { return part.has_value(); });
  return int64_t{elapsed.has_value()} + year.has_value() + 2 * num_cycles + num_counted +
         marks_missing;
}

std::vector<std::string> DateFeature::names() const {
  std::vector<std::string> names;
  if (elapsed) names.push_back(column + ": elapsed time");
  if (year) names.push_back(column + ": year");
  for (int c = 0; c < kNumCycles; ++c) {
    if (counted[c]) names.push_back(column + ": " + kCycles[c].name);
    if (!cycles[c]) continue;
    names.push_back(column + ": " + kCycles[c].name + " sine");
    names.push_back(column + ": " + kCycles[c].name + " cosine");
  }
  if (marks_missing) names.push_back(column + " is missing");
  return names;
}

void DateFeature::encode(double seconds, float* out) const {
  if (!is_known(seconds)) {
    std::fill_n(out, width(), 0.0f);
    if (marks_missing) out[width() - 1] = 1;
    return;
  }
  const CalendarParts parts = calendar_parts(seconds);
  if (elapsed) *out++ = (*elapsed)(seconds);
  if (year) *out++ = (*year)(static_cast<double>(parts.year));
  for (int c = 0; c < kNumCycles; ++c) {
    const int64_t place = parts.*kCycles[c].part;
    if (counted[c]) *out++ = (*counted[c])(static_cast<double>(counted_part(kCycles[c], parts)));
    if (!cycles[c]) continue;
    *out++ = sines_of(static_cast<Cycle>(c))[place];
    *out++ = cosines_of(static_cast<Cycle>(c))[place];
  }
  if (marks_missing) *out = 0;
}

// A text that does not name the whole day ("2020-01") stands for the day that the reader takes.
std::vector<std::pair<std::string, float>> DateFeature::days_by_text() const {
  std::vector<std::pair<std::string, float>> days;
  std::unordered_set<std::string> seen;
  for (const bool padded : {true, false})
    for (int64_t day = first_day; day <= last_day; ++day) {
      std::string text = format_day(day, format, padded);
      const bool is_read_so = parse_date(text, format) == static_cast<double>(day * kSecondsPerDay);
      if (is_read_so && seen.insert(text).second)
        days.emplace_back(std::move(text), static_cast<float>(day));
    }
  return days;
}

std::optional<DateFeature> fit_date(const ColumnCells& column, const Rows& rows,
                                    const ColumnDeclaration& declaration, std::string& remark) {
  DateFeature feature;
  feature.column = column->name;
  if (!column->date_format.empty()) feature.format = column->date_format;
  feature.has_time = format_has_time(feature.format);
  Moments moments, years;
  std::array<Moments, kNumCycles> cycles;
  for (const int64_t row : rows) {
    const double seconds = column.number(row);
    if (!(std::abs(seconds) < kMaxSeconds)) continue;
    const CalendarParts parts = calendar_parts(seconds);
    moments.add(seconds);
    years.add(static_cast<double>(parts.year));
    for (int c = 0; c < kNumCycles; ++c)
      cycles[c].add(static_cast<double>(counted_part(kCycles[c], parts)));
    feature.has_time |= std::fmod(seconds, kSecondsPerDay) != 0;
  }
  if (moments.count() == 0) {
    remark = "every training row lacks it";
    return std::nullopt;
  }
  if (is_wanted(declaration, "elapsed")) feature.elapsed = standardiser(moments);
  if (is_wanted(declaration, "year")) feature.year = standardiser(years);
  for (int c = 0; c < kNumCycles; ++c) {
    if (!is_wanted(declaration, kCycles[c].name)) continue;
    feature.cycles[c] = declaration.cyclic && cycles[c].varies();
    if (!declaration.cyclic) feature.counted[c] = standardiser(cycles[c]);
  }
  feature.marks_missing = moments.count() < rows.size();
  if (feature.width() == 0) {
    remark = declaration.parts.empty() ? "every training row has the same date"
                                       : "none of its declared parts varies in the training rows";
    return std::nullopt;
  }
  if (!feature.has_time) choose_dictionary(feature, moments);
  if (feature.last_day - feature.first_day > kMaxDictionaryDays) feature.has_time = true;
  return feature;
}

}  // namespace sinapse
