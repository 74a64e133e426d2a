// A text's first sentence apart from the rest: the bold part of a bar or verdict.
#pragma once

#include <QString>
#include <utility>

namespace vx11::ui {

[[nodiscard]] inline std::pair<QString, QString> firstSentence(const QString& text) {
  const qsizetype end = text.indexOf(QStringLiteral(". "));
  return end < 0 ? std::pair(text, QString()) : std::pair(text.first(end + 1), text.sliced(end + 2));
}

}  // namespace vx11::ui
