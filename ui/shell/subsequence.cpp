#include "shell/subsequence.h"

namespace vx11::ui {

std::optional<int> subsequenceScore(const QString& letters, const QString& text) {
  int score = 0;
  qsizetype at = 0;
  qsizetype previous = -2;
  for (const QChar letter : letters) {
    if (letter.isSpace()) continue;
    const auto matches = [&](qsizetype i) { return text[i].toCaseFolded() == letter.toCaseFolded(); };
    const auto startsWord = [&](qsizetype i) { return i == 0 || !text[i - 1].isLetterOrNumber(); };
    // Next to the last one, else at the start of a word, else anywhere.
    qsizetype found = at < text.size() && at == previous + 1 && matches(at) ? at : -1;
    for (qsizetype i = at; found < 0 && i < text.size(); ++i)
      if (startsWord(i) && matches(i)) found = i;
    for (qsizetype i = at; found < 0 && i < text.size(); ++i)
      if (matches(i)) found = i;
    if (found < 0) return std::nullopt;
    score += startsWord(found) ? 8 : 1;
    if (found == previous + 1) score += 9;
    previous = found;
    at = found + 1;
  }
  return letters.isEmpty() ? 0 : score * 100 - static_cast<int>(text.size());
}

}  // namespace vx11::ui
