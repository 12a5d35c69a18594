#include "features/column_keys.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <sinapse/error.h>

#include "data/nearest.h"
#include "features/date_feature.h"
#include "features/text_feature.h"
#include "features/token_feature.h"

namespace sinapse {

namespace {

constexpr int64_t kMostPlaces = 1 << 20;

[[noreturn]] void fail(const Column& column, const std::string& message) {
  throw Error(ErrorCode::usage, fmt::format("features.columns.{}: {}", column.name, message));
}

void require_choice(const Column& column, const char* key, const std::string& value,
                    const std::vector<std::string>& choices) {
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return;
  fail(column, fmt::format("there is no {} \"{}\".{}", key, value, did_you_mean(value, choices)));
}

void require_range(const Column& column, const char* key, int64_t value, int64_t least,
                   int64_t most) {
  if (value >= least && value <= most) return;
  fail(column, fmt::format("{} must be from {} to {}, but is {}.", key, least, most, value));
}

void check_values(const ColumnDeclaration& d, const Column& column) {
  require_range(column, "hash", d.hash, 0, kMostPlaces);
  require_range(column, "embedding", d.embedding, 0, 4096);
  require_range(column, "size", d.size, 0, kMostPlaces);
  require_range(column, "min_count", d.min_count, 1, kMostPlaces);
  require_choice(column, "tokens", d.tokens, {"words", "characters"});
  require_choice(column, "weights", d.weights, {"tf_idf", "count", "binary"});
  std::vector<std::string> parts;
  for (const DatePart& part : date_parts()) parts.push_back(part.name);
  for (const std::string& part : d.parts) require_choice(column, "part of a date", part, parts);
  if (std::set(d.ordered.begin(), d.ordered.end()).size() < d.ordered.size())
    fail(column, "ordered names a text twice.");
  if (!d.ordered.empty() && (d.hash > 0 || d.embedding > 0))
    fail(column, "an ordered column is one number; leave out hash and embedding.");
  if (d.ordered.size() == 1) fail(column, "ordered must name at least two texts.");
  require_range(column, "sequence", d.sequence, 0, kLongestText);
  if (d.sequence > 0 && (d.ngrams != std::vector<int64_t>{1} || d.weights != "tf_idf"))
    fail(column, "a sequence of tokens has no ngrams and weights: leave them out, or sequence.");
  if (d.ngrams.empty() || d.ngrams.size() > 2 || d.ngrams.front() < 1 ||
      d.ngrams.back() < d.ngrams.front() || d.ngrams.back() > kLongestNgram)
    fail(column, "ngrams must be one length or two, the first and the last, from 1 to 10.");
}

// A scale suits an ordered category, too.
bool suits(ColumnUse key, ColumnUse use, const ColumnDeclaration& declaration) {
  return key == ColumnUse::any || key == use ||
         (key == ColumnUse::number && use == ColumnUse::category && !declaration.ordered.empty());
}

ColumnUse use_by_name(const ColumnDeclaration& declaration, const Column& column) {
  std::vector<std::string> names = {"auto"};
  for (const ColumnUse use :
       {ColumnUse::number, ColumnUse::category, ColumnUse::date, ColumnUse::text}) {
    names.emplace_back(name_of(use));
    if (declaration.type == names.back()) return use;
  }
  require_choice(column, "type", declaration.type, names);
  return ColumnUse::any;
}

ColumnUse use_by_kind(const Column& column) {
  switch (column.kind) {
    case ColumnKind::number:
      return ColumnUse::number;
    case ColumnKind::date:
      return ColumnUse::date;
    default:
      return ColumnUse::category;
  }
}

}  // namespace

std::string_view name_of(ColumnUse use) {
  static constexpr std::string_view names[] = {"any", "number", "category", "date", "text"};
  return names[static_cast<size_t>(use)];
}

std::vector<std::string> column_keys() {
  std::vector<std::string> keys;
  visit_column_keys([&](const char* key, auto, ColumnUse, const char*) { keys.emplace_back(key); });
  return keys;
}

ColumnUse use_of(const ColumnDeclaration& declaration, const Column& column) {
  check_values(declaration, column);
  std::vector<std::pair<std::string, ColumnUse>> given;
  visit_column_keys([&](const char* key, auto member, ColumnUse of, const char*) {
    if (declaration.*member != ColumnDeclaration().*member) given.emplace_back(key, of);
  });
  ColumnUse use = use_by_name(declaration, column);
  // A scale says least: an ordered category has one, too.
  const auto follow = [&](bool scale_only) {
    for (const auto& [key, of] : given)
      if (use == ColumnUse::any && (of == ColumnUse::number) == scale_only) use = of;
  };
  follow(/*scale_only=*/false);
  follow(/*scale_only=*/true);
  if (use == ColumnUse::any) use = use_by_kind(column);
  for (const auto& [key, of] : given) {
    if (suits(of, use, declaration)) continue;
    fail(column, fmt::format("{} is for a column of kind {}, but this one is {}. Set its type, or "
                             "leave {} out.",
                             key, name_of(of), name_of(use), key));
  }
  return use;
}

}  // namespace sinapse
