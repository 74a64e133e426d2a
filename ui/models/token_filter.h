// What the filter field asks for, prepared so that a row is judged without allocation. Every word must be found in the
// row: in its masked text, its issuer, an instance that caches it, or its state.
#pragma once

#include <QByteArray>
#include <QStringList>
#include <optional>
#include <vector>

#include "cluster/types.h"

namespace vx11::ui {

/// Case does not matter. A word of eight or more hex digits is also tried as the start of the id, and a whole pasted
/// token as the token itself.
class TokenFilter {
 public:
  TokenFilter() = default;
  TokenFilter(const QString& text, const QStringList& issuers, const QStringList& instances);
  [[nodiscard]] bool empty() const { return words_.empty(); }
  [[nodiscard]] bool matches(const cluster::TokenRow& row) const;

 private:
  struct Word {
    QByteArray text;                           ///< lower case
    std::vector<bool> issuers;                 ///< by issuer index + 1
    std::uint32_t cachedOn = 0;
    unsigned states = 0;                       ///< bit by TokenState
    QByteArray idStart;                        ///< hex digits, lower case; empty: not an id
    std::optional<cluster::TokenId> token;     ///< the id of a whole pasted token
  };
  [[nodiscard]] static bool found(const Word& word, const cluster::TokenRow& row);
  std::vector<Word> words_;
};

}  // namespace vx11::ui
