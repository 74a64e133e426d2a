// Fields of a CSV file as RFC 4180 has them, safe to open in a spreadsheet.
#pragma once

#include <QString>
#include <algorithm>

namespace vx11::ui {

/// Quoted where needed. What a spreadsheet would take for a formula gets an apostrophe before it.
[[nodiscard]] inline QString csvField(QString text) {
  if (!text.isEmpty() && QStringLiteral("=+-@\t\r").contains(text[0])) text.prepend(u'\'');
  const bool plain = std::none_of(text.begin(), text.end(), [](QChar c) {
    return c == u',' || c == u'"' || c == u'\n' || c == u'\r';
  });
  return plain ? text : u'"' + text.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

}  // namespace vx11::ui
