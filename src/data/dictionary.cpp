#include "data/dictionary.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <span>
#include <utility>

#include "data/huge_pages.h"
#include "data/row_blocks.h"

namespace sinapse {

namespace {

// Most texts are words of up to 16 bytes: two numbers, which may share bytes, are all of it.
struct ShortText {
  uint64_t first = 0, last = 0;

  explicit ShortText(std::string_view text) {
    const char *begin = text.data(), *end = begin + text.size();
    if (text.size() >= 8) {
      first = load<uint64_t>(begin), last = load<uint64_t>(end - 8);
    } else if (text.size() >= 4) {
      first = load<uint32_t>(begin), last = load<uint32_t>(end - 4);
    } else {
      for (const char c : text) first = first << 8 | static_cast<unsigned char>(c);
    }
  }

 private:
  template <typename Word>
  static Word load(const char* from) {
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
  }
};

constexpr size_t kShort = 16;

// Both halves of a product of 128 bits, folded (Wang Yi, wyhash, 2019).
uint32_t hash_of(std::string_view text) {
  if (text.size() > kShort) return static_cast<uint32_t>(std::hash<std::string_view>()(text));
  __extension__ using Wide = unsigned __int128;
  const ShortText words(text);
  const Wide product = Wide{words.first ^ 0xa0761d6478bd642fu} *
                       (words.last ^ 0xe7037ed1a0b428dbu ^ text.size() << 56);
  const auto folded = static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
  return static_cast<uint32_t>(folded ^ folded >> 32);
}

bool are_equal(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() > kShort) return a == b;
  const ShortText words_a(a), words_b(b);
  return words_a.first == words_b.first && words_a.last == words_b.last;
}

// The codes of texts, by open addressing: half of the slots stay free.
class TextCodes {
 public:
  /// The code of a text: its place in `texts`, where it is added if it is new.
  int32_t find_or_add(std::vector<std::string_view>& texts, std::string_view text) {
    const uint32_t hash = hash_of(text);
    int32_t& slot = slots_[find_slot(texts, text, hash)];
    if (slot != kFree) return slot;
    const auto code = slot = static_cast<int32_t>(texts.size());
    texts.push_back(text);
    hashes_.push_back(hash);
    if (2 * texts.size() > slots_.size()) grow();
    return code;
  }

 private:
  static constexpr int32_t kFree = -1;

  size_t find_slot(const std::vector<std::string_view>& texts, std::string_view text,
                   uint32_t hash) const {
    const size_t mask = slots_.size() - 1;
    size_t i = hash & mask;
    while (slots_[i] != kFree && (hashes_[slots_[i]] != hash || !are_equal(texts[slots_[i]], text)))
      i = (i + 1) & mask;
    return i;
  }

  void grow() {
    slots_.assign(4 * slots_.size(), kFree);
    const size_t mask = slots_.size() - 1;
    for (size_t code = 0; code < hashes_.size(); ++code) {
      size_t i = hashes_[code] & mask;
      while (slots_[i] != kFree) i = (i + 1) & mask;
      slots_[i] = static_cast<int32_t>(code);
    }
  }

  std::vector<uint32_t> hashes_;
  std::vector<int32_t> slots_ = std::vector<int32_t>(64, kFree);
};

// The first eight bytes of a text as a number that sorts like them.
uint64_t first_bytes(std::string_view text) {
  uint64_t key = 0;
  for (size_t i = 0; i < sizeof key; ++i)
    key = key << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
  return key;
}

// The codes in the order of their texts. Most comparisons see only the first bytes.
std::vector<int32_t> sorted_codes(const std::vector<std::string_view>& texts) {
  std::vector<std::pair<uint64_t, int32_t>> keys;
  keys.reserve(texts.size());
  for (const std::string_view text : texts)
    keys.emplace_back(first_bytes(text), static_cast<int32_t>(keys.size()));
  std::sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : texts[a.second] < texts[b.second];
  });
  std::vector<int32_t> codes;
  codes.reserve(keys.size());
  for (const auto& [_, code] : keys) codes.push_back(code);
  return codes;
}

template <typename T>
std::vector<T> reordered(const std::vector<T>& values, const std::vector<int32_t>& order) {
  std::vector<T> result;
  result.reserve(order.size());
  for (const int32_t i : order) result.push_back(values[i]);
  return result;
}

// Puts the texts in order and gives the new code of each.
std::vector<int32_t> sort_texts(Dictionary& dictionary) {
  const std::vector<int32_t> order = sorted_codes(dictionary.texts);
  std::vector<int32_t> new_code(order.size());
  for (size_t i = 0; i < order.size(); ++i) new_code[order[i]] = static_cast<int32_t>(i);
  dictionary.texts = reordered(dictionary.texts, order);
  dictionary.counts = reordered(dictionary.counts, order);
  dictionary.first_rows = reordered(dictionary.first_rows, order);
  return new_code;
}

// Texts that outlive the table they stood in, many in one piece of memory.
class TextStore {
 public:
  std::string_view keep(std::string_view text) {
    if (text.size() > free_.size()) {
      const size_t size = std::max(kPiece, text.size());
      pieces_.push_back(std::make_unique<char[]>(size));
      free_ = {pieces_.back().get(), size};
    }
    std::copy(text.begin(), text.end(), free_.begin());
    const std::string_view kept(free_.data(), text.size());
    free_ = free_.subspan(text.size());
    bytes_ += text.size();
    return kept;
  }
  size_t bytes() const { return bytes_; }

 private:
  static constexpr size_t kPiece = 4096;
  std::vector<std::unique_ptr<char[]>> pieces_;
  std::span<char> free_;
  size_t bytes_ = 0;
};

void count(Dictionary& dictionary, int32_t code, int64_t row) {
  if (static_cast<size_t>(code) == dictionary.counts.size()) {
    dictionary.counts.push_back(0);
    dictionary.first_rows.push_back(row);
  }
  ++dictionary.counts[code];
  ++dictionary.num_present;
}

// Makes the dictionary of a column row by row.
class Entry {
 public:
  Entry(const TextTable& table, int64_t column) : table_(table), column_(column) {
    reserve_in_huge_pages(dictionary_.codes, static_cast<size_t>(table.num_rows()));
  }

  void add_rows(int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) dictionary_.codes.push_back(code_of(row));
  }

  Dictionary take_sorted() {
    const std::vector<int32_t> new_code = sort_texts(dictionary_);
    for (int32_t& code : dictionary_.codes) code = code < 0 ? -1 : new_code[code];
    return std::move(dictionary_);
  }

 private:
  int32_t code_of(int64_t row) {
    const CellPosition cell = table_.position(row, column_);
    if (table_.is_missing(cell)) return -1;
    const int32_t code = codes_.find_or_add(dictionary_.texts, table_.text_of(cell));
    count(dictionary_, code, row);
    return code;
  }

  const TextTable& table_;
  const int64_t column_;
  Dictionary dictionary_;
  TextCodes codes_;
};

}  // namespace

Dictionary make_dictionary(const TextTable& table, int64_t column) {
  return std::move(make_dictionaries(table, std::array{column}).front());
}

std::vector<Dictionary> make_dictionaries(const TextTable& table,
                                          std::span<const int64_t> columns) {
  std::vector<Entry> entries;
  entries.reserve(columns.size());
  for (const int64_t column : columns) entries.emplace_back(table, column);
  for_each_row_block(table, [&](int64_t begin, int64_t end) {
    for (Entry& entry : entries) entry.add_rows(begin, end);
  });
  std::vector<Dictionary> dictionaries;
  for (Entry& entry : entries) dictionaries.push_back(entry.take_sorted());
  return dictionaries;
}

struct DictionaryOfParts::State {
  Dictionary dictionary;
  TextCodes codes;
  TextStore store;
};

DictionaryOfParts::DictionaryOfParts() : state_(std::make_unique<State>()) {}
DictionaryOfParts::~DictionaryOfParts() = default;
DictionaryOfParts::DictionaryOfParts(DictionaryOfParts&&) noexcept = default;
DictionaryOfParts& DictionaryOfParts::operator=(DictionaryOfParts&&) noexcept = default;

std::vector<int32_t> DictionaryOfParts::add(const TextTable& part, int64_t column,
                                            int64_t first_row) {
  Dictionary& dictionary = state_->dictionary;
  std::vector<int32_t> codes;
  codes.reserve(part.num_rows());
  for (int64_t row = 0; row < part.num_rows(); ++row) {
    const CellPosition cell = part.position(row, column);
    if (part.is_missing(cell)) {
      codes.push_back(-1);
      continue;
    }
    const size_t before = dictionary.texts.size();
    codes.push_back(state_->codes.find_or_add(dictionary.texts, part.text_of(cell)));
    if (dictionary.texts.size() > before)
      dictionary.texts.back() = state_->store.keep(dictionary.texts.back());
    count(dictionary, codes.back(), first_row + row);
  }
  return codes;
}

size_t DictionaryOfParts::bytes() const {
  constexpr size_t kBytesOfText = 56;  // view, count, first row, hash and slots
  return state_->dictionary.texts.size() * kBytesOfText + state_->store.bytes();
}

Dictionary DictionaryOfParts::sorted(std::vector<int32_t>& new_codes) const {
  Dictionary dictionary = state_->dictionary;
  new_codes = sort_texts(dictionary);
  return dictionary;
}

}  // namespace sinapse
