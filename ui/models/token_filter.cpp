#include "models/token_filter.h"

#include <QCryptographicHash>
#include <algorithm>
#include <string_view>

#include "models/token_words.h"

namespace vx11::ui {
namespace {

constexpr qsizetype shortestToken = 36, shortestIdStart = 8;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool isHex(const QByteArray& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool startsWith(const cluster::TokenId& id, const QByteArray& hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (qsizetype i = 0; i < hex.size(); ++i) {
    const auto at = static_cast<std::size_t>(i / 2);
    if (at >= id.bytes.size()) return false;
    if ((i % 2 == 0 ? id.bytes[at] >> 4 : id.bytes[at] & 15) != digit(hex[i])) return false;
  }
  return true;
}

bool contains(const std::array<char, 20>& masked, const QByteArray& word) {
  const auto end = std::find(masked.begin(), masked.end(), '\0');
  return std::search(masked.begin(), end, word.begin(), word.end(), [](char a, char b) { return lower(a) == b; }) !=
         end;
}

cluster::TokenId idOf(const QByteArray& token) {
  const QByteArray hash = QCryptographicHash::hash(token, QCryptographicHash::Sha256);
  cluster::TokenId id;
  std::copy_n(hash.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

}  // namespace

TokenFilter::TokenFilter(const QString& text, const QStringList& issuers, const QStringList& instances) {
  const QStringList parts = text.simplified().split(u' ', Qt::SkipEmptyParts);
  for (const QString& part : parts) {
    Word word;
    word.text = part.toLower().toUtf8();
    const auto hit = [&part](const QString& name) { return name.contains(part, Qt::CaseInsensitive); };
    word.issuers.push_back(hit(words::unknownIssuer()));
    for (const QString& issuer : issuers) word.issuers.push_back(hit(issuer));
    for (qsizetype i = 0; i < instances.size() && i < 32; ++i) {
      if (hit(instances[i])) word.cachedOn |= 1U << i;
    }
    for (unsigned state = 0; state < 4; ++state) {
      if (hit(words::state(static_cast<cluster::TokenState>(state)))) word.states |= 1U << state;
    }
    if (word.text.size() >= shortestIdStart && isHex(word.text)) word.idStart = word.text;
    if (part.size() >= shortestToken) word.token = idOf(part.toUtf8());
    words_.push_back(std::move(word));
  }
}

bool TokenFilter::found(const Word& word, const cluster::TokenRow& row) {
  if (contains(row.maskedUtf8, word.text)) return true;
  const auto issuer = static_cast<std::size_t>(row.issuer + 1);
  if (issuer < word.issuers.size() && word.issuers[issuer]) return true;
  if (row.cachedKnown && (row.cachedOn & word.cachedOn) != 0) return true;
  if ((word.states >> static_cast<unsigned>(row.state) & 1U) != 0) return true;
  if (!word.idStart.isEmpty() && startsWith(row.id, word.idStart)) return true;
  return word.token && *word.token == row.id;
}

bool TokenFilter::matches(const cluster::TokenRow& row) const {
  return std::all_of(words_.begin(), words_.end(), [&row](const Word& word) { return found(word, row); });
}

}  // namespace vx11::ui
